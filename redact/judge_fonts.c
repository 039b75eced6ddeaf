/* judge_fonts.c: letters that a subset of a font still has and no text uses any more; text in fonts whose characters have no known meaning. */
#include "base/mem.h"
#include "base/text.h"
#include "redact/judge_private.h"
#include "redact/pdf_lex.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEPTH_MOST 30
#define WHOLE_ALPHABET 48 /* letters: a font that has so many says nothing of a name */
#define LEFT_MOST 26

struct used_font {
    struct pdf_font font;
    bool subset, standard; /* standard: its codes are known without a table */
    uint8_t *codes;        /* used; 65,536 */
    qpdf_oh object;
};

struct scan {
    struct judge_file *file;
    qpdf_data pdf;
    struct used_font **fonts;
    size_t count;
    uint32_t page;
    bool says_nothing; /* the page has text that no reader can read */
};

static bool is_subset_name(const char *name) {
    for (int i = 1; i <= 6; i++)
        if (name[0] != '/' || name[i] < 'A' || name[i] > 'Z')
            return false;
    return name[7] == '+';
}

static struct used_font *font_of(struct scan *scan, qpdf_oh font) {
    int number = qpdf_oh_get_object_id(scan->pdf, font);
    for (size_t i = 0; i < scan->count; i++)
        if (number && scan->fonts[i]->font.object == number)
            return scan->fonts[i];
    struct used_font *used = mem_new(sizeof *used);
    pdf_font_load(scan->pdf, font, &used->font);
    qpdf_oh base = qpdf_oh_get_key(scan->pdf, font, "/BaseFont"), encoding = qpdf_oh_get_key(scan->pdf, font, "/Encoding");
    used->subset = qpdf_oh_is_name(scan->pdf, base) && is_subset_name(qpdf_oh_get_name(scan->pdf, base));
    bool type3 = qpdf_oh_is_name_and_equals(scan->pdf, qpdf_oh_get_key(scan->pdf, font, "/Subtype"), "/Type3");
    used->standard = !type3 && used->font.code_bytes == 1 && (!used->subset || qpdf_oh_is_name(scan->pdf, encoding) || qpdf_oh_is_dictionary(scan->pdf, encoding));
    used->codes = mem_new(65536);
    used->object = font;
    scan->fonts = mem_grow(scan->fonts, scan->count + 1, sizeof *scan->fonts);
    return scan->fonts[scan->count++] = used;
}

static void show(struct scan *scan, struct used_font *font, struct view bytes) {
    unsigned step = font->font.code_bytes;
    for (size_t i = 0; i + step <= bytes.len; i += step) {
        uint32_t code = step == 1 ? bytes.data[i] : (uint32_t)bytes.data[i] << 8 | bytes.data[i + 1];
        font->codes[code & 0xFFFF] = 1;
        const char *meaning = pdf_font_meaning(&font->font, code), *at = meaning;
        uint32_t c = meaning && *meaning ? text_next(&at) : 0;
        if ((!c && !font->standard) || c == 0xFFFD || (c >= 0xE000 && c < 0xF900))
            scan->says_nothing = true;
    }
}

static void content_scan(struct scan *scan, struct view content, qpdf_oh resources, int depth) {
    struct pdf_lex lex = {.left = content};
    enum pdf_token token;
    struct used_font *font = NULL;
    char name[80] = "";
    qpdf_oh fonts = qpdf_oh_get_key_if_dict(scan->pdf, resources, "/Font"), objects = qpdf_oh_get_key_if_dict(scan->pdf, resources, "/XObject");
    while ((token = pdf_lex_next(&lex)) != PDF_END) {
        if (token == PDF_NAME)
            snprintf(name, sizeof name, "/%.70s", buf_text(&lex.text));
        else if (token == PDF_STRING && font)
            show(scan, font, buf_view(&lex.text));
        if (token != PDF_OPERATOR)
            continue;
        const char *word = buf_text(&lex.text);
        if (strcmp(word, "Tf") == 0 && qpdf_oh_is_dictionary(scan->pdf, fonts) && qpdf_oh_has_key(scan->pdf, fonts, name)) {
            font = font_of(scan, qpdf_oh_get_key(scan->pdf, fonts, name));
        } else if (strcmp(word, "Do") == 0 && depth < DEPTH_MOST && qpdf_oh_is_dictionary(scan->pdf, objects)) {
            qpdf_oh form = qpdf_oh_get_key(scan->pdf, objects, name);
            unsigned char *bytes = NULL;
            size_t len = 0;
            if (!qpdf_oh_is_stream(scan->pdf, form))
                continue;
            qpdf_oh keys = qpdf_oh_get_dict(scan->pdf, form), own = qpdf_oh_get_key_if_dict(scan->pdf, keys, "/Resources");
            if (qpdf_oh_is_name_and_equals(scan->pdf, qpdf_oh_get_key(scan->pdf, keys, "/Subtype"), "/Form") &&
                !(qpdf_oh_get_stream_data(scan->pdf, form, qpdf_dl_generalized, NULL, &bytes, &len) & QPDF_ERRORS))
                content_scan(scan, view_of(bytes, len), qpdf_oh_is_dictionary(scan->pdf, own) ? own : resources, depth + 1);
            free(bytes);
        }
    }
    pdf_lex_drop(&lex);
}

/* Fonts that no text uses any more are there all the same. */
static void fonts_note(struct scan *scan, qpdf_oh resources) {
    qpdf_oh fonts = qpdf_oh_get_key_if_dict(scan->pdf, resources, "/Font");
    char *names[256];
    size_t count = 0;
    if (!qpdf_oh_is_dictionary(scan->pdf, fonts))
        return;
    qpdf_oh_begin_dict_key_iter(scan->pdf, fonts);
    while (qpdf_oh_dict_more_keys(scan->pdf) && count < 256)
        names[count++] = mem_text(qpdf_oh_dict_next_key(scan->pdf));
    for (size_t i = 0; i < count; i++) {
        qpdf_oh font = qpdf_oh_get_key(scan->pdf, fonts, names[i]);
        if (qpdf_oh_is_dictionary(scan->pdf, font))
            font_of(scan, font);
        free(names[i]);
    }
}

static void pages_scan(struct scan *scan) {
    for (scan->page = 1; scan->page <= scan->file->prover.pages; scan->page++) {
        unsigned char *bytes = NULL;
        size_t len = 0;
        qpdf_oh page = qpdf_get_page_n(scan->pdf, scan->page - 1), resources = qpdf_oh_get_key(scan->pdf, page, "/Resources"), parent = page;
        for (int i = 0; i < DEPTH_MOST && !qpdf_oh_is_dictionary(scan->pdf, resources); i++) {
            parent = qpdf_oh_get_key(scan->pdf, parent, "/Parent");
            if (!qpdf_oh_is_dictionary(scan->pdf, parent))
                break;
            resources = qpdf_oh_get_key(scan->pdf, parent, "/Resources");
        }
        scan->says_nothing = false;
        if (qpdf_oh_is_dictionary(scan->pdf, resources))
            fonts_note(scan, resources);
        if (qpdf_oh_is_dictionary(scan->pdf, resources) && !(qpdf_oh_get_page_content_data(scan->pdf, page, &bytes, &len) & QPDF_ERRORS))
            content_scan(scan, view_of(bytes, len), resources, 0);
        free(bytes);
        if (scan->says_nothing)
            scan->file->recognise[scan->page] = true;
    }
}

/* The letter that a code of the font stands for, or 0. */
static uint32_t letter_of(const struct used_font *font, uint32_t code) {
    const char *meaning = pdf_font_meaning(&font->font, code);
    if (!meaning && !font->font.readable && font->font.code_bytes == 1)
        return isalnum((int)code) && code < 128 ? code : 0;
    if (!meaning)
        return 0;
    const char *at = meaning;
    uint32_t c = text_next(&at);
    return (text_is_letter(c) || text_is_digit(c)) && !*at ? c : 0;
}

/* A simple font has what has a width; without a map of its own, by its table of widths. */
static bool font_has(const struct scan *scan, const struct used_font *font, uint32_t code) {
    if (font->font.readable)
        return pdf_font_meaning(&font->font, code) != NULL;
    qpdf_oh widths = qpdf_oh_get_key(scan->pdf, font->object, "/Widths");
    long long first = qpdf_oh_get_int_value(scan->pdf, qpdf_oh_get_key(scan->pdf, font->object, "/FirstChar"));
    if (!qpdf_oh_is_array(scan->pdf, widths) || (long long)code < first || (long long)code - first >= qpdf_oh_get_array_n_items(scan->pdf, widths))
        return false;
    double width = 0;
    qpdf_oh_get_value_as_number(scan->pdf, qpdf_oh_get_array_item(scan->pdf, widths, (int)((long long)code - first)), &width);
    return width > 0;
}

/* "/CharSet" names its letters: those that no text of the font uses. */
static size_t charset_left(const struct scan *scan, const struct used_font *font) {
    qpdf_oh descriptor = qpdf_oh_get_key_if_dict(scan->pdf, font->object, "/FontDescriptor");
    if (!qpdf_oh_is_dictionary(scan->pdf, descriptor) || !qpdf_oh_is_string(scan->pdf, qpdf_oh_get_key(scan->pdf, descriptor, "/CharSet")))
        return 0;
    char *set = mem_text(qpdf_oh_get_utf8_value(scan->pdf, qpdf_oh_get_key(scan->pdf, descriptor, "/CharSet")));
    size_t left = 0, all = 0;
    for (const char *at = strchr(set, '/'); at; at = strchr(at + 1, '/'))
        if (isalpha((unsigned char)at[1]) && (at[2] == '/' || !at[2] || at[2] == ' ')) {
            bool used = false;
            all++;
            for (uint32_t code = 0; code < 256 && !used; code++)
                used = font->codes[code] && letter_of(font, code) == (uint32_t)(unsigned char)at[1];
            left += !used;
        }
    free(set);
    return all >= WHOLE_ALPHABET ? 0 : left;
}

static void font_judge(const struct scan *scan, const struct used_font *font) {
    size_t left = 0, letters = 0, last = font->font.code_bytes == 1 ? 256 : 65536;
    for (uint32_t code = 0; code < last && (font->font.readable || font->font.code_bytes == 1); code++) {
        uint32_t letter = letter_of(font, code);
        if (!letter || !font_has(scan, font, code))
            continue;
        letters++;
        left += !font->codes[code];
    }
    bool tells = letters < WHOLE_ALPHABET && left >= 1 && left <= LEFT_MOST;
    if ((font->subset && tells) || charset_left(scan, font))
        judge_add(scan->file, 0, PROVE_AREA_NONE, "fonts (14)", "a font holds letters that no text of the file uses: those of what was taken out");
}

void judge_fonts(struct judge_file *file) {
    struct scan scan = {.file = file, .pdf = file->prover.pdf};
    pages_scan(&scan);
    for (size_t i = 0; i < scan.count; i++) {
        font_judge(&scan, scan.fonts[i]);
        pdf_font_drop(&scan.fonts[i]->font);
        free(scan.fonts[i]->codes);
        free(scan.fonts[i]);
    }
    free(scan.fonts);
    qpdf_oh_release_all(file->prover.pdf);
}
