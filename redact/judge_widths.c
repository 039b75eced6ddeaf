/* judge_widths.c: a gap that is just as wide as a withheld name in the type round it gives the name away (failure 15). Only with withheld
 * texts: without, every gap fits somebody. How wide a name is in a font of the file, a page says on which it is written in that font. */
#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "redact/judge_private.h"

#include <glib-object.h>
#include <math.h>
#include <poppler.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GAP_SPACES 1.8  /* a gap is wider than so many spaces */
#define FIT_PT 0.4      /* how near is just as wide, and this part of a point for each letter's rounding */
#define FONTS_MOST 12   /* of a page */
#define WITHHELD_MOST 100
#define PROBE_SIZE 100.0

/* One withheld text in one font, at 100 points. */
struct probe {
    double width, space, height;
    size_t text;
};

struct probes {
    struct probe *list;
    size_t count;
};

/* ---- how wide it would be */

static void string_put(struct buf *out, const char *text) {
    buf_add_byte(out, '(');
    for (const char *at = text; *at;) {
        uint32_t c = text_next(&at);
        if (c == '(' || c == ')' || c == '\\')
            buf_add_byte(out, '\\');
        buf_add_byte(out, (uint8_t)(c < 256 ? c : '?'));
    }
    buf_add_byte(out, ')');
}

static qpdf_oh page_fonts(qpdf_data pdf, qpdf_oh page) {
    qpdf_oh resources = qpdf_oh_get_key(pdf, page, "/Resources"), parent = page;
    for (int i = 0; i < 20 && !qpdf_oh_is_dictionary(pdf, resources); i++) {
        parent = qpdf_oh_get_key(pdf, parent, "/Parent");
        if (!qpdf_oh_is_dictionary(pdf, parent))
            break;
        resources = qpdf_oh_get_key(pdf, parent, "/Resources");
    }
    return qpdf_oh_get_key_if_dict(pdf, resources, "/Font");
}

/* The page's content becomes one line for each text and font: text, then a bar, so that spaces count. Returns the lines. */
static size_t probe_content(const struct judge_file *file, qpdf_data pdf, qpdf_oh fonts, struct buf *out) {
    char *names[FONTS_MOST];
    size_t count = 0, lines = 0;
    qpdf_oh_begin_dict_key_iter(pdf, fonts);
    while (qpdf_oh_dict_more_keys(pdf) && count < FONTS_MOST)
        names[count++] = mem_text(qpdf_oh_dict_next_key(pdf));
    for (size_t i = 0; i < count; i++) {
        qpdf_oh font = qpdf_oh_get_key(pdf, fonts, names[i]);
        bool simple = !qpdf_oh_is_name_and_equals(pdf, qpdf_oh_get_key(pdf, font, "/Subtype"), "/Type0") &&
                      !qpdf_oh_is_name_and_equals(pdf, qpdf_oh_get_key(pdf, font, "/Subtype"), "/Type3");
        for (size_t t = 0; simple && t < file->order.withheld_count && t < WITHHELD_MOST; t++) {
            buf_print(out, "BT %s %.0f Tf 1 0 0 1 100 %.0f Tm ", names[i], PROBE_SIZE, 200.0 + 200.0 * (double)lines++);
            string_put(out, file->order.withheld[t]);
            buf_add_text(out, " Tj ET\n");
        }
        free(names[i]);
    }
    return lines;
}

static int probe_make(const struct judge_file *file, uint32_t page, struct buf *out) {
    qpdf_data pdf = qpdf_init();
    struct buf content = {0};
    char box[64];
    qpdf_silence_errors(pdf);
    qpdf_set_suppress_warnings(pdf, 1);
    int err = qpdf_read_memory(pdf, "file", (const char *)file->order.pdf.data, file->order.pdf.len, NULL) & QPDF_ERRORS ? ERR_DAMAGED : 0;
    qpdf_oh leaf = err ? 0 : qpdf_get_page_n(pdf, page - 1), fonts = err ? 0 : page_fonts(pdf, leaf);
    size_t lines = !err && qpdf_oh_is_dictionary(pdf, fonts) ? probe_content(file, pdf, fonts, &content) : 0;
    err = err || lines ? err : ERR_NOT_FOUND;
    if (!err) {
        snprintf(box, sizeof box, "[0 0 10000 %.0f]", 400.0 + 200.0 * (double)lines);
        qpdf_oh stream = qpdf_oh_new_stream(pdf);
        qpdf_oh_replace_stream_data(pdf, stream, content.data, content.len, qpdf_oh_new_null(pdf), qpdf_oh_new_null(pdf));
        qpdf_oh_replace_key(pdf, leaf, "/Contents", stream);
        qpdf_oh_replace_key(pdf, leaf, "/MediaBox", qpdf_oh_parse(pdf, box));
        qpdf_oh_remove_key(pdf, leaf, "/CropBox");
        qpdf_oh_remove_key(pdf, leaf, "/Rotate");
        qpdf_oh_remove_key(pdf, leaf, "/Annots");
        err = qpdf_init_write_memory(pdf) ? ERR_DAMAGED : 0;
        qpdf_set_object_stream_mode(pdf, qpdf_o_disable);
        if (!err && !(qpdf_write(pdf) & QPDF_ERRORS))
            buf_add(out, qpdf_get_buffer(pdf), qpdf_get_buffer_length(pdf));
    }
    buf_drop(&content);
    prover_close(&pdf);
    return err;
}

/* The lines as Poppler places them. What has not all of its letters says nothing. */
static void probes_read(const struct judge_file *file, PopplerPage *leaf, struct probes *ret) {
    char *text = poppler_page_get_text(leaf);
    PopplerRectangle *places = NULL;
    guint count = 0, i = 0;
    if (!text || !poppler_page_get_text_layout(leaf, &places, &count)) {
        g_free(text);
        return;
    }
    for (char *line = text; *line;) {
        size_t len = strcspn(line, "\n");
        glong chars = g_utf8_strlen(line, (gssize)len);
        char *own = mem_text_part(line, len);
        for (size_t t = 0; t < file->order.withheld_count && chars > 1 && i + (guint)chars <= count; t++)
            if (strcmp(own, file->order.withheld[t]) == 0) {
                double space = 0;
                const char *gap = strchr(own, ' ');
                if (gap)
                    space = places[i + (guint)(gap - own)].x2 - places[i + (guint)(gap - own)].x1;
                struct probe probe = {places[i + (guint)chars - 1].x2 - places[i].x1, space, fabs(places[i].y2 - places[i].y1), t};
                ret->list = mem_grow(ret->list, ret->count + 1, sizeof *ret->list);
                ret->list[ret->count++] = probe;
            }
        free(own);
        i += (guint)chars + (line[len] == '\n');
        line += len + (line[len] == '\n');
    }
    g_free(places);
    g_free(text);
}

static void probes_make(const struct judge_file *file, uint32_t page, struct probes *ret) {
    struct buf bytes = {0};
    *ret = (struct probes){0};
    if (!probe_make(file, page, &bytes)) {
        GBytes *held = g_bytes_new_static(bytes.data, bytes.len);
        PopplerDocument *document = poppler_document_new_from_bytes(held, NULL, NULL);
        PopplerPage *leaf = document ? poppler_document_get_page(document, (int)page - 1) : NULL;
        if (leaf) {
            probes_read(file, leaf, ret);
            g_object_unref(leaf);
        }
        if (document)
            g_object_unref(document);
        g_bytes_unref(held);
    }
    buf_drop(&bytes);
}

/* ---- places */

static bool on_one_line(struct box a, struct box b) {
    return fabsf((a.y0 + a.y1) - (b.y0 + b.y1)) < 4 && b.x0 > a.x1;
}

/* Whether the place is as wide as the text in type of that height, with none, one or both of the spaces beside it. */
static bool fits(const struct probe *probe, double wide, double height) {
    double scale = height / probe->height, slack = FIT_PT;
    for (int spaces = 0; spaces <= 2; spaces++)
        if (fabs(wide - (probe->width + spaces * probe->space) * scale) < slack)
            return true;
    return false;
}

static bool place_judge(struct judge_file *file, uint32_t number, const struct probes *probes, struct box place, double height) {
    for (size_t i = 0; i < probes->count; i++)
        if (probes->list[i].height > 0 && fits(&probes->list[i], (double)(place.x1 - place.x0), height)) {
            char *what = mem_print("the gap is just as wide as withheld text %zu in the type round it", probes->list[i].text + 1);
            judge_add(file, number, place, "widths (15)", what);
            free(what);
            return true;
        }
    return false;
}

static void page_judge(struct judge_file *file, uint32_t number, const struct probes *probes) {
    const struct judge_page *page = &file->pages[number];
    for (size_t i = 0; i + 1 < page->word_count; i++) {
        struct box a = page->words[i].box, b = page->words[i + 1].box;
        double height = (double)(a.y1 - a.y0);
        if (on_one_line(a, b) && (double)(b.x0 - a.x1) > GAP_SPACES * 0.3 * height &&
            place_judge(file, number, probes, (struct box){a.x1, a.y0, b.x0, a.y1}, height))
            return;
    }
}

void judge_widths(struct judge_file *file) {
    for (uint32_t number = 1; number <= file->prover.pages && file->order.withheld_count; number++) {
        struct probes probes;
        if (!file->pages[number].word_count)
            continue;
        probes_make(file, number, &probes);
        page_judge(file, number, &probes);
        free(probes.list);
    }
}
