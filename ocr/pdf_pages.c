#include "ocr/pdf_pages.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/pix.h"
#include "ocr/pdf_render.h"
#include "ocr/pdf_scan.h"
#include "ocr/pdf_text.h"
#include "ocr/raw_picture.h"

#include <glib.h>
#include <leptonica/allheaders.h>
#include <poppler.h>

#define DPI_LAYER 200.0f     /* enough to look at and to print again */
#define DPI_RECOGNISE 300.0f /* what Tesseract's models are made for */
enum { INK_THRESHOLD = 170 };

struct pdf {
    PopplerDocument *document;
    struct pdf_scan *scan; /* NULL: render every page */
    const struct page_sink *sink;
    struct buf bytes; /* of the page's picture */
};

static void message_ignore(const char *domain, GLogLevelFlags level, const char *message, void *data) {
    (void)domain, (void)level, (void)message, (void)data;
}

/* GLib and Poppler print what they make of hostile bytes, and what they print may hold words of a page. */
static void messages_silence(void) {
    g_log_set_default_handler(message_ignore, NULL);
    pix_silence();
}

static int pdf_load(struct view bytes, PopplerDocument **ret) {
    GError *error = NULL;
    GBytes *data = g_bytes_new_static(bytes.data, bytes.len);
    PopplerDocument *document = poppler_document_new_from_bytes(data, NULL, &error);
    g_bytes_unref(data);
    if (document) {
        *ret = document;
        return 0;
    }
    int err = error && error->domain == POPPLER_ERROR && error->code == POPPLER_ERROR_ENCRYPTED ? ERR_LOCKED
                                                                                                : ERR_DAMAGED;
    g_clear_error(&error);
    return err;
}

/* Fills in the picture from pixels; false when it cannot be written. */
static bool picture_from_pix(struct pdf *pdf, PIX *pix, float dpi, struct picture *ret) {
    struct picture picture = {.dpi = dpi};
    buf_reset(&pdf->bytes);
    if (raw_picture_encode_best(pix, &pdf->bytes, &picture.format) || pdf->bytes.len > PAGE_PICTURE_BYTES)
        return false;
    picture.bytes = buf_view(&pdf->bytes);
    *ret = picture;
    return true;
}

/* Renders for the layer; true when the layer holds what the page shows. */
static bool page_by_layer(struct pdf *pdf, PopplerPage *page, struct opened_page *ret) {
    struct words words;
    if (!pdf_text_words(page, &words))
        return false;
    float dpi = DPI_LAYER;
    bool doubtful = pdf_text_lies_on_picture(page, &words) || pdf_text_lacks_notes(page);
    PIX *pix = doubtful ? NULL : pdf_render(page, &dpi);
    PIX *ink = pix ? pixConvertTo1(pix, INK_THRESHOLD) : NULL;
    bool fits = ink && pdf_text_fits_ink(&words, ink, dpi) && picture_from_pix(pdf, pix, dpi, &ret->picture);
    pixDestroy(&ink);
    pixDestroy(&pix);
    if (!fits) {
        words_drop(&words);
        return false;
    }
    ret->words = words;
    ret->source = WORDS_LAYER;
    return true;
}

static bool page_by_rendering(struct pdf *pdf, PopplerPage *page, struct opened_page *ret) {
    float dpi = DPI_RECOGNISE;
    PIX *pix = pdf_render(page, &dpi);
    bool fine = pix && picture_from_pix(pdf, pix, dpi, &ret->picture);
    pixDestroy(&pix);
    return fine;
}

static void page_fill(struct pdf *pdf, PopplerPage *page, struct opened_page *ret) {
    double width, height;
    poppler_page_get_size(page, &width, &height);
    ret->width_pt = (float)width;
    ret->height_pt = (float)height;
    const float size_pt[2] = {ret->width_pt, ret->height_pt};
    if (pdf->scan && pdf_scan_take(pdf->scan, ret->number - 1, size_pt, &pdf->bytes, &ret->picture))
        return;
    if (page_by_layer(pdf, page, ret) || page_by_rendering(pdf, page, ret))
        return;
    ret->trouble = "this page of the PDF is damaged and cannot be shown";
}

static int page_give(struct pdf *pdf, uint32_t number) {
    struct opened_page opened = {.number = number, .role = PAGE_TEXT, .payload = "", .trouble = ""};
    PopplerPage *page = poppler_document_get_page(pdf->document, (int)number - 1);
    if (page)
        page_fill(pdf, page, &opened);
    else
        opened.trouble = "this page of the PDF is missing or damaged";
    int err = pdf->sink->page(pdf->sink->state, &opened);
    words_drop(&opened.words);
    g_clear_object(&page);
    return err;
}

int pdf_pages_open(struct view bytes, const struct page_sink *sink) {
    messages_silence();
    struct pdf pdf = {.sink = sink};
    int err = bytes.len ? pdf_load(bytes, &pdf.document) : ERR_DAMAGED;
    if (err)
        return err;
    int pages = poppler_document_get_n_pages(pdf.document);
    if (pages < 1)
        err = ERR_DAMAGED;
    else if ((uint32_t)pages > PDF_PAGES_MOST)
        err = ERR_TOO_LARGE;
    if (!err)
        err = sink->count(sink->state, (uint32_t)pages);
    if (!err)
        pdf.scan = pdf_scan_open(bytes, (uint32_t)pages);
    for (uint32_t n = 1; !err && n <= (uint32_t)pages; n++)
        err = page_give(&pdf, n);
    pdf_scan_drop(&pdf.scan);
    buf_drop(&pdf.bytes);
    g_object_unref(pdf.document);
    return err;
}
