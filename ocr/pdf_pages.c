#include "ocr/pdf_pages.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/pix.h"
#include "ocr/pdf_bits.h"
#include "ocr/pdf_file.h"
#include "ocr/pdf_photographs.h"
#include "ocr/pdf_render.h"
#include "ocr/pdf_scan.h"
#include "ocr/pdf_shapes.h"
#include "ocr/pdf_size.h"
#include "ocr/pdf_text.h"
#include "ocr/pdf_trouble.h"
#include "ocr/raw_picture.h"

#include <gio/gio.h>
#include <leptonica/allheaders.h>
#include <math.h>
#include <poppler.h>

#define DPI_LAYER 200.0f     /* enough to look at and to print again */
#define DPI_RECOGNISE 300.0f /* what Tesseract's models are made for */
enum { INK_THRESHOLD = 170, FAINT_THRESHOLD = 225 };

#define TROUBLE_MISSING "this page of the PDF is missing or damaged"
#define TROUBLE_SHOWN "this page of the PDF is damaged and cannot be shown"

struct pdf {
    const struct pdf_order *order;
    PopplerDocument *document;
    struct pdf_file *file;       /* NULL: only Poppler can read it */
    struct pdf_trouble *trouble; /* NULL: qpdf and Poppler do not see the same pages */
    const struct page_sink *sink;
    struct pdf_bits *bits;
    struct buf bytes; /* of the page's picture */
    struct Pix *pix;  /* the same, where it was rendered */
    bool lost;        /* a page that the file speaks of is not there */
    float unit;       /* points to the unit of the page that is being opened */
};

static void message_ignore(const char *domain, GLogLevelFlags level, const char *message, void *data) {
    (void)domain, (void)level, (void)message, (void)data;
}

/* GLib and Poppler print what they make of hostile bytes, and what they print may hold words of a page. */
static void messages_silence(void) {
    g_log_set_default_handler(message_ignore, NULL);
    pix_silence();
}

/* Poppler tries a password in two encodings; on the way from bytes (22.12) the second try ends in a null
 * pointer, so that with a password the slower way from a stream is gone. */
static PopplerDocument *pdf_load_from(struct view bytes, const char *password, GError **error) {
    GBytes *data = g_bytes_new_static(bytes.data, bytes.len);
    PopplerDocument *document = NULL;
    if (password) {
        GInputStream *stream = g_memory_input_stream_new_from_bytes(data);
        document = poppler_document_new_from_stream(stream, (goffset)bytes.len, password, NULL, error);
        g_object_unref(stream);
    } else {
        document = poppler_document_new_from_bytes(data, NULL, error);
    }
    g_bytes_unref(data);
    return document;
}

static int pdf_load(const struct pdf_order *order, PopplerDocument **ret) {
    GError *error = NULL;
    const char *password = order->password && order->password[0] ? order->password : NULL;
    PopplerDocument *document = pdf_load_from(order->bytes, password, &error);
    if (document) {
        *ret = document;
        return 0;
    }
    bool locked = error && error->domain == POPPLER_ERROR && error->code == POPPLER_ERROR_ENCRYPTED;
    g_clear_error(&error);
    return locked ? ERR_LOCKED : ERR_DAMAGED;
}

/* Fills in the picture from pixels, which are kept until the page has been given; false when it cannot be written. */
static bool picture_from_pix(struct pdf *pdf, PIX *pix, float dpi, struct opened_page *ret) {
    struct picture picture = {.dpi = dpi};
    buf_reset(&pdf->bytes);
    if (raw_picture_encode_best(pix, &pdf->bytes, &picture.format) || pdf->bytes.len > PAGE_PICTURE_BYTES)
        return false;
    picture.bytes = buf_view(&pdf->bytes);
    ret->picture = picture;
    pixDestroy(&pdf->pix);
    ret->pix = pdf->pix = pixClone(pix);
    return true;
}

static void note_give(struct pdf *pdf, const char *note) {
    if (note && pdf->sink->note)
        pdf->sink->note(pdf->sink->state, note);
}

/* A page as it is looked at beside its layer: its picture, and what of it is ink. */
struct shown {
    PIX *pix, *ink;
    float dpi;
};

static PIX *ink_of_tones(PIX *pix, float dpi, const struct words *words) {
    PIX *ink = pixConvertTo1(pix, INK_THRESHOLD), *faint = pixConvertTo1(pix, FAINT_THRESHOLD);
    if (ink && faint)
        pdf_text_add_faint(words, ink, faint, dpi);
    pixDestroy(&faint);
    return ink;
}

/* Black letters on white as 1-bit, fine enough to be read again; what has greys or colours keeps them. */
static bool shown_make(struct pdf *pdf, PopplerPage *page, const struct words *words, struct shown *ret) {
    *ret = (struct shown){.dpi = DPI_RECOGNISE, .pix = pdf_bits_render(pdf->bits, page, DPI_RECOGNISE)};
    ret->ink = ret->pix ? pixClone(ret->pix) : NULL;
    if (ret->pix)
        return true;
    ret->dpi = DPI_LAYER;
    ret->pix = pdf_render(page, &ret->dpi);
    ret->ink = ret->pix ? ink_of_tones(ret->pix, ret->dpi, words) : NULL;
    return ret->ink != NULL;
}

static void shown_drop(struct shown *shown) {
    pixDestroy(&shown->ink);
    pixDestroy(&shown->pix);
}

/* Whether the layer says what the page shows: then words is without what nobody can see, and *ret_hidden tells how many
 * there were of these. */
static bool layer_is_believed(PopplerPage *page, const struct shown *shown, struct words *words, size_t *ret_hidden) {
    return pdf_shapes_agree(page, shown->ink, shown->dpi) && pdf_text_fits_ink(words, shown->ink, shown->dpi, ret_hidden);
}

/* Renders for the layer; true when the layer holds what the page shows. */
static bool page_by_layer(struct pdf *pdf, PopplerPage *page, struct opened_page *ret) {
    struct shown shown = {0};
    size_t hidden = 0;
    if (pdf_text_lies_on_picture(page, &ret->claimed) || pdf_text_lacks_notes(page))
        return false;
    bool fits = shown_make(pdf, page, &ret->claimed, &shown) && layer_is_believed(page, &shown, &ret->claimed, &hidden) &&
                picture_from_pix(pdf, shown.pix, shown.dpi, ret);
    if (fits) {
        ret->words = ret->claimed;
        ret->claimed = (struct words){0};
        ret->source = WORDS_LAYER;
        pdf_photographs_find(page, shown.pix, shown.dpi, &ret->regions);
    }
    if (fits && hidden) {
        char *note = mem_print("page %u: the file holds text that is not seen on the page", ret->number);
        note_give(pdf, note);
        mem_free(&note);
    }
    shown_drop(&shown);
    return fits;
}

static bool page_by_rendering(struct pdf *pdf, PopplerPage *page, struct opened_page *ret) {
    float dpi = pdf->trouble ? pdf_size_dpi(pdf->file, ret->number - 1, DPI_RECOGNISE) : DPI_RECOGNISE;
    float wanted = dpi;
    PIX *pix = pdf_render_unit(page, pdf->unit, &dpi);
    char *note = pix ? pdf_render_note(ret->number, wanted, dpi) : NULL;
    note_give(pdf, note);
    mem_free(&note);
    bool fine = pix && picture_from_pix(pdf, pix, dpi, ret);
    pixDestroy(&pix);
    return fine;
}

/* Nothing of the layer is believed where nobody could look at the fonts, or where they lie. */
static bool page_layer_may_be_believed(struct pdf *pdf, uint32_t page) {
    return pdf->trouble && !pdf_trouble_layer_lies(pdf->trouble, page);
}

static const char *page_fill(struct pdf *pdf, PopplerPage *page, struct opened_page *ret) {
    double width, height;
    uint32_t at = ret->number - 1;
    const char *trouble = pdf->trouble ? pdf_trouble_of_page(pdf->trouble, at) : "";
    if (trouble[0])
        return trouble;
    poppler_page_get_size(page, &width, &height);
    pdf->unit = pdf->trouble ? pdf_size_unit_of(pdf->file, at) : 1;
    width *= pdf->unit;
    height *= pdf->unit;
    if (fmax(width, height) > PDF_PAGE_POINTS_MOST)
        return "this page of the PDF is larger than the limit";
    if (!(width >= 1 && height >= 1 && isfinite(width) && isfinite(height)))
        return TROUBLE_SHOWN;
    ret->width_pt = (float)width;
    ret->height_pt = (float)height;
    const float size_pt[2] = {ret->width_pt, ret->height_pt};
    bool taken = pdf->trouble && pdf_scan_take(pdf->file, at, size_pt, &pdf->bytes, &ret->picture);
    trouble = pdf->trouble && !taken ? pdf_trouble_of_drawn(pdf->trouble, at) : "";
    if (trouble[0])
        return trouble;
    /* What the layer claims is compared with what will be recognised, wherever it is not believed. Poppler paints the page for that: not
     * before it is known that this will end. */
    bool layer = !pdf->order->as_picture && pdf_text_words(page, &ret->claimed);
    if (taken)
        return "";
    if (layer && pdf->unit == 1 && page_layer_may_be_believed(pdf, at) && page_by_layer(pdf, page, ret))
        return "";
    if (page_by_rendering(pdf, page, ret))
        return "";
    return TROUBLE_SHOWN;
}

static int page_give(struct pdf *pdf, uint32_t number) {
    struct opened_page opened = {
        .number = number, .role = PAGE_TEXT, .payload = "", .trouble = TROUBLE_MISSING};
    PopplerPage *page = poppler_document_get_page(pdf->document, (int)number - 1);
    if (page)
        opened.trouble = page_fill(pdf, page, &opened);
    else
        pdf->lost = true;
    int err = pdf->sink->page(pdf->sink->state, &opened);
    words_drop(&opened.words);
    words_drop(&opened.claimed);
    regions_drop(&opened.regions);
    pixDestroy(&pdf->pix);
    g_clear_object(&page);
    return err;
}

/* The tree of pages is measured before Poppler, which walks it by calling itself, sees the file. */
static int pdf_open(struct pdf *pdf, int *ret_pages) {
    int err = pdf_file_open(pdf->order, &pdf->file);
    if (err == ERR_TOO_DEEP || err == ERR_TOO_MANY || err == ERR_NO_PAGES)
        return err;
    err = pdf_load(pdf->order, &pdf->document);
    if (err)
        return err;
    int pages = poppler_document_get_n_pages(pdf->document);
    if (pages < 1)
        return pdf->file && pdf->file->pages ? ERR_DAMAGED : ERR_NO_PAGES;
    if ((uint32_t)pages > PDF_PAGES_MOST)
        return ERR_TOO_MANY;
    *ret_pages = pages;
    return 0;
}

/* Whether the file speaks of more pages than can be given, or had to be repaired and holds pages that are in
 * no tree. */
static bool pdf_has_lost_pages(struct pdf *pdf, uint32_t pages) {
    const struct pdf_file *file = pdf->file;
    if (file && (file->pages != pages || file->gaps))
        return true;
    return (!file || file->repaired) && pdf_file_lost_pages(pdf->file, pdf->order->bytes, pages);
}

int pdf_pages_open(const struct pdf_order *order, const struct page_sink *sink) {
    messages_silence();
    struct pdf pdf = {.order = order, .sink = sink, .bits = pdf_bits_new()};
    int pages = 0;
    int err = order->bytes.len ? pdf_open(&pdf, &pages) : ERR_DAMAGED;
    if (!err)
        err = sink->count(sink->state, (uint32_t)pages);
    if (!err && pdf.file && pdf.file->usable && pdf.file->pages == (uint32_t)pages)
        pdf.trouble = pdf_trouble_new(pdf.file);
    for (uint32_t n = 1; !err && n <= (uint32_t)pages; n++)
        if (page_sink_wants(sink, n))
            err = page_give(&pdf, n);
    if (!err && (pdf.lost || pdf_has_lost_pages(&pdf, (uint32_t)pages)))
        err = ERR_DAMAGED;
    pdf_trouble_drop(&pdf.trouble);
    pdf_file_drop(&pdf.file);
    pdf_bits_drop(&pdf.bits);
    buf_drop(&pdf.bytes);
    if (pdf.document)
        g_object_unref(pdf.document);
    return err;
}
