/* read_pdf.c: a searchable PDF: on each page its picture and, unseen, its words. Written as a stream; what is held is one number for
 * each object and the fonts' codes. Plain PDF 1.5 (ISO 32000-1): one cross-reference table, no metadata, no times.
 *
 * The page is as it was shown before; one that stands sideways or upside down gets /Rotate, and its words run the way that it is read. */
#include "base/mem.h"
#include "ocr/read_form.h"
#include "store/words_pdf.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define CATALOG 1u
#define PAGES 2u
#define OBJECTS_FIRST 3u
#define SIDE_LEAST_PT 3.0f      /* ISO 32000-1, annex C: a page's sides in points */
#define SIDE_MOST_PT 14400.0f
#define WORD_WIDTH_LEAST_PT 0.5f

struct pdf_state {
    uint64_t *places; /* of objects, by number; 0: not written yet */
    size_t place_room;
    uint32_t next;    /* free object number */
    uint32_t *leaves; /* object numbers of the pages */
    struct words_pdf_fonts fonts;
    uint32_t font_objects[WORDS_PDF_FONTS_MOST];
    size_t fonts_known;
    char language[8]; /* of the first page that has one */
    uint64_t hash[2]; /* of every byte so far, for the ID */
};

/* FNV-1a, twice from different starts: an ID only tells one file from another. */
static void state_hash(struct pdf_state *state, struct view bytes) {
    for (size_t i = 0; i < bytes.len; i++) {
        state->hash[0] = (state->hash[0] ^ bytes.data[i]) * 0x100000001b3u;
        state->hash[1] = (state->hash[1] ^ bytes.data[i]) * 0x100000001b3u + 0x9e37;
    }
}

static void pdf_flush(struct read_output *output) {
    state_hash(output->state, buf_view(&output->out));
    read_output_flush(output);
}

static uint32_t pdf_number(struct read_output *output) {
    struct pdf_state *state = output->state;
    if (state->next >= state->place_room) {
        state->place_room = state->place_room ? 2 * state->place_room : 256;
        state->places = mem_grow(state->places, state->place_room, sizeof *state->places);
    }
    state->places[state->next] = 0;
    return state->next++;
}

static void pdf_open(struct read_output *output, uint32_t number) {
    struct pdf_state *state = output->state;
    state->places[number] = output->written + output->out.len;
    buf_print(&output->out, "%u 0 obj\n", number);
}

static void pdf_close(struct read_output *output) {
    buf_add_text(&output->out, "\nendobj\n");
    pdf_flush(output);
}

/* keys: of the stream's dictionary but for its length. */
static void pdf_stream(struct read_output *output, uint32_t number, const char *keys, struct view bytes) {
    pdf_open(output, number);
    buf_print(&output->out, "<< %s /Length %zu >>\nstream\n", keys, bytes.len);
    pdf_flush(output);
    state_hash(output->state, bytes);
    read_output_pass(output, bytes);
    buf_add_text(&output->out, "\nendstream");
    pdf_close(output);
}

static void pdf_stream_deflated(struct read_output *output, uint32_t number, const char *keys, struct view bytes) {
    uLongf len = compressBound(bytes.len);
    struct buf packed = {0};
    if (compress2(buf_room(&packed, len), &len, bytes.data, bytes.len, 6) != Z_OK) {
        pdf_stream(output, number, keys, bytes);
    } else {
        char *all = mem_print("%s /Filter /FlateDecode", keys);
        pdf_stream(output, number, all, view_of(packed.data, len));
        free(all);
    }
    buf_drop(&packed);
}

static void pdf_begin(struct read_output *output) {
    struct pdf_state *state = mem_new(sizeof *state);
    output->state = state;
    state->next = CATALOG;
    state->hash[0] = 0xcbf29ce484222325u;
    state->hash[1] = 0x84222325cbf29ce4u;
    words_pdf_start(&state->fonts);
    while (state->next < OBJECTS_FIRST)
        pdf_number(output);
    buf_add_text(&output->out, "%PDF-1.5\n%\xE2\xE3\xCF\xD3\n");
    pdf_flush(output);
}

/* ---- one page */

struct pdf_sheet {
    float width, height; /* points as shown */
    uint16_t turn;
};

/* What makes content of the upright page content of the page as shown (x to the right, y upwards). */
static void put_turn(struct buf *out, const struct pdf_sheet *sheet) {
    double w = (double)sheet->width, h = (double)sheet->height;
    if (sheet->turn == 90)
        buf_print(out, "0 1 -1 0 %.2f 0 cm\n", w);
    else if (sheet->turn == 180)
        buf_print(out, "-1 0 0 -1 %.2f %.2f cm\n", w, h);
    else if (sheet->turn == 270)
        buf_print(out, "0 -1 1 0 0 %.2f cm\n", h);
}

/* The image's unit square onto the page as shown, turned clockwise by image_turn. */
static void put_image(struct buf *out, const struct pdf_sheet *sheet, uint16_t image_turn) {
    double w = (double)sheet->width, h = (double)sheet->height;
    if (image_turn == 90)
        buf_print(out, "q 0 %.2f %.2f 0 0 %.2f cm", -h, w, h);
    else if (image_turn == 180)
        buf_print(out, "q %.2f 0 0 %.2f %.2f %.2f cm", -w, -h, w, h);
    else if (image_turn == 270)
        buf_print(out, "q 0 %.2f %.2f 0 %.2f 0 cm", h, -w, w);
    else
        buf_print(out, "q %.2f 0 0 %.2f 0 0 cm", w, h);
    buf_add_text(out, " /P Do Q\n");
}

static bool word_keep(struct box *box, const void *state) {
    (void)state;
    box->x1 = fmaxf(box->x1, box->x0 + WORD_WIDTH_LEAST_PT);
    return true;
}

/* Marks multiply: what is below stays readable. */
static void put_marks(struct buf *out, const struct page_marks *marks, const struct pdf_sheet *sheet) {
    buf_add_text(out, "q /M gs 1.2 w\n");
    for (size_t i = 0; i < marks->count; i++) {
        const struct page_mark *m = &marks->list[i];
        bool framed = m->style == MARK_FRAMED;
        buf_print(out, "%.2f %.2f %.2f %s %.2f %.2f %.2f %.2f re %s\n", (double)m->red, (double)m->green, (double)m->blue, framed ? "RG" : "rg",
                  (double)m->box.x0, (double)(sheet->height - m->box.y1), (double)(m->box.x1 - m->box.x0), (double)(m->box.y1 - m->box.y0),
                  framed ? "S" : "f");
    }
    buf_add_text(out, "Q\n");
}

/* From corner to corner, over everything, and what is below can be read. */
static void put_watermark(struct buf *out, const char *text, const struct pdf_sheet *sheet) {
    double w = (double)sheet->width, h = (double)sheet->height, across = sqrt(w * w + h * h);
    double size = 0.8 * across / (0.6 * (double)strlen(text)), cosine = w / across, sine = h / across;
    double from = 0.1 * across;
    buf_print(out, "q /M gs 1 0.72 0.72 rg BT /W %.1f Tf %.4f %.4f %.4f %.4f %.1f %.1f Tm (%s) Tj ET Q\n", size, cosine, sine, -sine, cosine, from * cosine, from * sine, text);
}

/* Returns one bit for each font used. */
static uint32_t put_words(struct pdf_state *state, const struct read_page *page, const struct pdf_sheet *sheet, struct buf *out) {
    struct words upright = {mem_grow(NULL, page->words->count + 1, sizeof(struct word)), page->words->count, 0};
    for (size_t i = 0; i < upright.count; i++) { /* the texts stay the page's */
        upright.list[i] = page->words->list[i];
        upright.list[i].box = box_turn(upright.list[i].box, sheet->turn, sheet->width, sheet->height);
    }
    struct words_pdf_order order = {.words = &upright, .keep = word_keep, .any_script = true};
    order.top = sheet->turn % 180 ? sheet->width : sheet->height;
    buf_add_text(out, "q\n");
    put_turn(out, sheet);
    uint32_t used = words_pdf_put(&state->fonts, &order, out);
    buf_add_text(out, "Q\n");
    free(upright.list);
    return used;
}

static void pdf_put_image(struct read_output *output, uint32_t number, const struct page_image *image) {
    char *filter = NULL;
    if (image->format == IMAGE_G4)
        filter = mem_print("/BitsPerComponent 1 /Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns %u /Rows %u >>", image->width_px,
                           image->height_px);
    else if (image->format == IMAGE_JPEG)
        filter = mem_text("/BitsPerComponent 8 /Filter /DCTDecode");
    else
        filter = mem_print("/BitsPerComponent 8 /Filter /FlateDecode /DecodeParms << /Predictor 15 /Colors %u /BitsPerComponent 8 /Columns %u >>",
                           image->channels, image->width_px);
    char *keys = mem_print("/Type /XObject /Subtype /Image /Width %u /Height %u /ColorSpace /%s %s", image->width_px, image->height_px,
                           image->channels == 3 ? "DeviceRGB" : "DeviceGray", filter);
    pdf_stream(output, number, keys, buf_view(&image->bytes));
    free(keys);
    free(filter);
}

/* What a page's content uses. */
struct pdf_used {
    uint32_t fonts; /* one bit for each */
    uint32_t image; /* object, or 0 */
    bool marks, watermark;
};

static void put_resources(struct read_output *output, const struct pdf_used *used) {
    struct pdf_state *state = output->state;
    while (state->fonts_known < state->fonts.count)
        state->font_objects[state->fonts_known++] = pdf_number(output);
    buf_add_text(&output->out, "/Resources <<");
    if (used->image)
        buf_print(&output->out, " /XObject << /P %u 0 R >>", used->image);
    if (used->fonts || used->watermark)
        buf_add_text(&output->out, " /Font <<");
    if (used->watermark)
        buf_add_text(&output->out, " /W << /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold >>");
    for (size_t i = 0; i < state->fonts_known; i++)
        if (used->fonts & 1u << i)
            buf_print(&output->out, " /V%zu %u 0 R", i, state->font_objects[i]);
    buf_add_text(&output->out, used->fonts || used->watermark ? " >>" : "");
    if (used->marks || used->watermark)
        buf_add_text(&output->out, " /ExtGState << /M << /Type /ExtGState /BM /Multiply >> >>");
    buf_add_text(&output->out, " >>");
}

/* Its content is the object before it. */
static void pdf_put_leaf(struct read_output *output, const struct pdf_sheet *sheet, const struct pdf_used *used) {
    struct pdf_state *state = output->state;
    uint32_t leaf = pdf_number(output), content = leaf - 1;
    state->leaves = mem_grow(state->leaves, output->pages + 1, sizeof *state->leaves);
    state->leaves[output->pages] = leaf;
    pdf_open(output, leaf);
    buf_print(&output->out, "<< /Type /Page /Parent %u 0 R /MediaBox [0 0 %.2f %.2f] /Contents %u 0 R ", PAGES, (double)sheet->width,
              (double)sheet->height, content);
    if (sheet->turn)
        buf_print(&output->out, "/Rotate %u ", sheet->turn);
    put_resources(output, used);
    buf_add_text(&output->out, " >>");
    pdf_close(output);
}

static float side_possible(float points) {
    return fminf(fmaxf(points, SIDE_LEAST_PT), SIDE_MOST_PT);
}

static void pdf_page(struct read_output *output, const struct read_page *page) {
    struct pdf_state *state = output->state;
    struct pdf_sheet sheet = {.turn = page->turn};
    struct buf content = {0};
    read_page_size(page, &sheet.width, &sheet.height);
    sheet.width = side_possible(sheet.width);
    sheet.height = side_possible(sheet.height);
    if (page->image)
        put_image(&content, &sheet, page->image_turn);
    struct pdf_used used = {.marks = page->marks && page->marks->count, .watermark = page->watermark && *page->watermark};
    if (used.marks)
        put_marks(&content, page->marks, &sheet);
    if (used.watermark)
        put_watermark(&content, page->watermark, &sheet);
    used.fonts = page->words->count ? put_words(state, page, &sheet, &content) : 0;
    used.image = page->image ? pdf_number(output) : 0;
    if (used.image)
        pdf_put_image(output, used.image, page->image);
    pdf_stream_deflated(output, pdf_number(output), "", buf_view(&content));
    pdf_put_leaf(output, &sheet, &used);
    buf_drop(&content);
    if (!state->language[0])
        strncpy(state->language, read_language_code(page->language), sizeof state->language - 1);
}

/* ---- the end: what is known only now */

static void pdf_put_fonts(struct read_output *output) {
    struct pdf_state *state = output->state;
    if (!state->fonts_known)
        return;
    uint32_t glyph = pdf_number(output);
    pdf_stream(output, glyph, "", view_text(WORDS_PDF_GLYPH));
    for (size_t i = 0; i < state->fonts_known; i++) {
        struct buf map = {0};
        uint32_t unicode = pdf_number(output);
        words_pdf_map(&state->fonts, i, &map);
        pdf_stream_deflated(output, unicode, "", buf_view(&map));
        buf_drop(&map);
        pdf_open(output, state->font_objects[i]);
        buf_print(&output->out,
                  "<< /Type /Font /Subtype /Type3 /FontBBox " WORDS_PDF_FONT_BOX " /FontMatrix " WORDS_PDF_FONT_MATRIX
                  " /FirstChar 0 /LastChar 255 /Resources << >> /CharProcs << /g %u 0 R >> /ToUnicode %u 0 R\n/Encoding ",
                  glyph, unicode);
        words_pdf_encoding(&state->fonts, i, &output->out);
        buf_add_text(&output->out, "\n/Widths ");
        words_pdf_widths(&output->out);
        buf_add_text(&output->out, " >>");
        pdf_close(output);
    }
}

static void pdf_put_tree(struct read_output *output) {
    struct pdf_state *state = output->state;
    pdf_open(output, PAGES);
    buf_print(&output->out, "<< /Type /Pages /Count %u /Kids [", output->pages);
    for (uint32_t i = 0; i < output->pages; i++)
        buf_print(&output->out, "%s%u 0 R", i % 10 ? " " : "\n", state->leaves[i]);
    buf_add_text(&output->out, "] >>");
    pdf_close(output);
    pdf_open(output, CATALOG);
    buf_print(&output->out, "<< /Type /Catalog /Pages %u 0 R", PAGES);
    if (state->language[0])
        buf_print(&output->out, " /Lang (%s)", state->language);
    buf_add_text(&output->out, " >>");
    pdf_close(output);
}

static void pdf_end(struct read_output *output) {
    struct pdf_state *state = output->state;
    pdf_put_fonts(output);
    pdf_put_tree(output);
    uint64_t place = output->written;
    buf_print(&output->out, "xref\n0 %u\n0000000000 65535 f \n", state->next);
    for (uint32_t i = CATALOG; i < state->next; i++)
        buf_print(&output->out, "%010llu 00000 n \n", (unsigned long long)state->places[i]);
    char *id = mem_print("<%016llx%016llx>", (unsigned long long)state->hash[0], (unsigned long long)state->hash[1]);
    buf_print(&output->out, "trailer\n<< /Size %u /Root %u 0 R /ID [%s %s] >>\nstartxref\n%llu\n%%%%EOF\n", state->next, CATALOG, id, id,
              (unsigned long long)place);
    free(id);
}

static void pdf_drop(struct read_output *output) {
    struct pdf_state *state = output->state;
    free(state->places);
    free(state->leaves);
    free(state);
    output->state = NULL;
}

const struct read_form read_form_pdf = {pdf_begin, pdf_page, pdf_end, pdf_drop};
