#include "redact/pdf_fonts.h"

#include "base/mem.h"
#include "base/text.h"
#include "redact/pdf_lex.h"

#include <stdlib.h>
#include <string.h>

#define MEANINGS_MOST 70000

void pdf_font_drop(struct pdf_font *font) {
    free(font->meanings);
    *font = (struct pdf_font){0};
}

static uint32_t code_of(const struct buf *text) {
    uint32_t code = 0;
    for (size_t i = 0; i < text->len && i < 4; i++)
        code = code << 8 | text->data[i];
    return code;
}

/* UTF-16BE to UTF-8; a last code unit may be raised (bfrange counts up). */
static void meaning_from_utf16(const struct buf *utf16, uint32_t raise, char out[PDF_MEANING_BYTES]) {
    struct buf utf8 = {0};
    for (size_t i = 0; i + 1 < utf16->len; i += 2) {
        uint32_t c = (uint32_t)utf16->data[i] << 8 | utf16->data[i + 1];
        if (c >= 0xD800 && c < 0xDC00 && i + 3 < utf16->len) {
            uint32_t low = (uint32_t)utf16->data[i + 2] << 8 | utf16->data[i + 3];
            c = 0x10000 + ((c - 0xD800) << 10) + ((low - 0xDC00) & 0x3FF);
            i += 2;
        }
        if (i + 3 >= utf16->len)
            c += raise;
        text_put(&utf8, c ? c : 0xFFFD);
    }
    const char *text = buf_text(&utf8);
    size_t len = strlen(text) < PDF_MEANING_BYTES ? strlen(text) : PDF_MEANING_BYTES - 1;
    memcpy(out, text, len);
    out[len] = 0;
    buf_drop(&utf8);
}

static void font_add(struct pdf_font *font, uint32_t code, const struct buf *utf16, uint32_t raise) {
    if (font->count >= MEANINGS_MOST)
        return;
    if (font->count == font->room) {
        font->room = font->room ? font->room * 2 : 256;
        font->meanings = mem_grow(font->meanings, font->room, sizeof *font->meanings);
    }
    struct pdf_meaning *meaning = &font->meanings[font->count++];
    meaning->code = code;
    meaning_from_utf16(utf16, raise, meaning->text);
}

static void map_char(struct pdf_font *font, struct pdf_lex *lex) {
    uint32_t code = code_of(&lex->text);
    if (pdf_lex_next(lex) == PDF_STRING)
        font_add(font, code, &lex->text, 0);
}

/* <from> <to> <first meaning>, or <from> <to> [<meaning> <meaning> ...]. */
static void map_range(struct pdf_font *font, struct pdf_lex *lex) {
    uint32_t from = code_of(&lex->text), to;
    if (pdf_lex_next(lex) != PDF_STRING)
        return;
    to = code_of(&lex->text);
    enum pdf_token token = pdf_lex_next(lex);
    if (to < from || to - from > 0xFFFF)
        return;
    if (token == PDF_STRING)
        for (uint32_t c = from; c <= to && font->count < MEANINGS_MOST; c++)
            font_add(font, c, &lex->text, c - from);
    else if (token == PDF_ARRAY_BEGIN)
        for (uint32_t c = from; pdf_lex_next(lex) == PDF_STRING; c++)
            if (c <= to)
                font_add(font, c, &lex->text, 0);
}

static int meaning_compare(const void *a, const void *b) {
    uint32_t x = ((const struct pdf_meaning *)a)->code, y = ((const struct pdf_meaning *)b)->code;
    return (x > y) - (x < y);
}

void pdf_font_read_map(struct pdf_font *font, struct view cmap) {
    struct pdf_lex lex = {.left = cmap};
    enum { OUTSIDE, CHARS, RANGES } where = OUTSIDE;
    for (enum pdf_token token; (token = pdf_lex_next(&lex)) != PDF_END;) {
        if (token == PDF_OPERATOR) {
            const char *word = buf_text(&lex.text);
            where = strcmp(word, "beginbfchar") == 0    ? CHARS
                    : strcmp(word, "beginbfrange") == 0 ? RANGES
                                                        : OUTSIDE;
        } else if (token == PDF_STRING && where == CHARS) {
            map_char(font, &lex);
        } else if (token == PDF_STRING && where == RANGES) {
            map_range(font, &lex);
        }
    }
    pdf_lex_drop(&lex);
    if (font->count)
        qsort(font->meanings, font->count, sizeof *font->meanings, meaning_compare);
}

const char *pdf_font_meaning(const struct pdf_font *font, uint32_t code) {
    struct pdf_meaning key = {.code = code};
    if (!font->count)
        return NULL;
    const struct pdf_meaning *found = bsearch(&key, font->meanings, font->count, sizeof key, meaning_compare);
    return found ? found->text : NULL;
}

static double number_or(qpdf_data pdf, qpdf_oh object, double otherwise) {
    double value;
    return qpdf_oh_get_value_as_number(pdf, object, &value) ? value : otherwise;
}

/* Widths are in thousandths, but a Type 3 font has its own measure. */
static double font_unit(qpdf_data pdf, qpdf_oh font) {
    qpdf_oh matrix = qpdf_oh_get_key(pdf, font, "/FontMatrix");
    if (!qpdf_oh_is_array(pdf, matrix))
        return 0.001;
    return number_or(pdf, qpdf_oh_get_array_item(pdf, matrix, 0), 0.001);
}

static void font_widths(qpdf_data pdf, qpdf_oh font, struct pdf_font *ret) {
    qpdf_oh widths = qpdf_oh_get_key(pdf, font, "/Widths");
    int first = (int)number_or(pdf, qpdf_oh_get_key(pdf, font, "/FirstChar"), 0);
    double unit = font_unit(pdf, font);
    for (int i = 0; i < 256; i++)
        ret->widths[i] = ret->width;
    if (!qpdf_oh_is_array(pdf, widths) || first < 0 || first > 255)
        return;
    int count = qpdf_oh_get_array_n_items(pdf, widths);
    for (int i = 0; i < count && first + i < 256; i++)
        ret->widths[first + i] = number_or(pdf, qpdf_oh_get_array_item(pdf, widths, i), 500) * unit;
}

void pdf_font_load(qpdf_data pdf, qpdf_oh font, struct pdf_font *ret) {
    *ret = (struct pdf_font){.object = qpdf_oh_get_object_id(pdf, font), .code_bytes = 1, .width = 0.5};
    if (!qpdf_oh_is_dictionary(pdf, font))
        return;
    if (qpdf_oh_is_name_and_equals(pdf, qpdf_oh_get_key(pdf, font, "/Subtype"), "/Type0"))
        ret->code_bytes = 2;
    font_widths(pdf, font, ret);
    qpdf_oh map = qpdf_oh_get_key(pdf, font, "/ToUnicode");
    unsigned char *bytes = NULL;
    size_t len = 0;
    if (!qpdf_oh_is_stream(pdf, map))
        return;
    if (!(qpdf_oh_get_stream_data(pdf, map, qpdf_dl_generalized, NULL, &bytes, &len) & QPDF_ERRORS)) {
        pdf_font_read_map(ret, view_of(bytes, len));
        ret->readable = ret->count > 0;
    }
    free(bytes);
}
