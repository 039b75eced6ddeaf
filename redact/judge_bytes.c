/* judge_bytes.c: the file as bytes: earlier revisions whose pages say more, and bytes that belong to no object. */
#include "base/mem.h"
#include "base/text.h"
#include "redact/judge_private.h"
#include "redact/pdf_lex.h"

#include <glib-object.h>
#include <leptonica/allheaders.h>
#include <poppler.h>
#include <stdlib.h>
#include <string.h>

#define REVISIONS_MOST 32
#define STRAY_LEAST 8 /* letters and digits that belong to nothing */

static const uint8_t *find(struct view in, const char *what) {
    return in.len ? memmem(in.data, in.len, what, strlen(what)) : NULL;
}

/* ---- earlier revisions */

static bool words_unseen(const struct judge_file *file, const char *text) {
    size_t unseen = 0;
    for (const char *at = text; *at && unseen < 3;) {
        at += strspn(at, " \t\r\n\f");
        size_t len = strcspn(at, " \t\r\n\f");
        char *word = mem_text_part(at, len), *key = text_key(word);
        if (strlen(key) >= 3 && !strstr(file->visible, key))
            unseen += strlen(key);
        free(word);
        free(key);
        at += len;
    }
    return unseen >= 3;
}

static bool revision_says_more(struct judge_file *file, struct view bytes) {
    GBytes *held = g_bytes_new_static(bytes.data, bytes.len);
    PopplerDocument *document = poppler_document_new_from_bytes(held, NULL, NULL);
    g_bytes_unref(held);
    bool more = false;
    int pages = document ? poppler_document_get_n_pages(document) : 0;
    if (pages > (int)file->prover.pages)
        more = true;
    for (int i = 0; i < pages && !more; i++) {
        PopplerPage *leaf = poppler_document_get_page(document, i);
        char *text = leaf ? poppler_page_get_text(leaf) : NULL;
        more = text && words_unseen(file, text);
        if (!more && leaf && i < (int)file->prover.pages) { /* pictures may have been changed, and no text */
            PIX *old = judge_draw(leaf), *now = NULL;
            PopplerPage *same = poppler_document_get_page(file->copies[COPY_AS_IT_IS].document, i);
            now = same ? judge_draw(same) : NULL;
            if (old && now) {
                size_t before = file->prover.found->count;
                struct judge_cells cells = {now, old, 0, 0, 3, false, true};
                judge_cells(file, (uint32_t)i + 1, &cells, "earlier revisions (13)", "an earlier revision in the file shows what the page no longer does");
                more = file->prover.found->count > before;
            }
            pixDestroy(&old);
            pixDestroy(&now);
            if (same)
                g_object_unref(same);
        }
        g_free(text);
        if (leaf)
            g_object_unref(leaf);
    }
    if (document)
        g_object_unref(document);
    return more;
}

static void revisions_judge(struct judge_file *file, struct view pdf) {
    struct view rest = pdf;
    const uint8_t *end;
    for (int i = 0; i < REVISIONS_MOST && (end = find(rest, "%%EOF")); i++) {
        size_t to = (size_t)(end - pdf.data) + 5;
        rest = view_of(pdf.data + to, pdf.len - to);
        if (!find(rest, "%%EOF"))
            break; /* the last */
        if (revision_says_more(file, view_of(pdf.data, to))) {
            judge_add(file, 0, PROVE_AREA_NONE, "earlier revisions (13)", "an earlier revision in the file holds what the last one no longer shows");
            break;
        }
    }
}

/* ---- bytes that belong to nothing */

static size_t letters_in(struct view bytes) {
    size_t n = 0;
    for (size_t i = 0; i < bytes.len; i++)
        n += (bytes.data[i] >= 'a' && bytes.data[i] <= 'z') || (bytes.data[i] >= 'A' && bytes.data[i] <= 'Z') || (bytes.data[i] >= '0' && bytes.data[i] <= '9');
    return n;
}

struct raw {
    struct judge_file *file;
    struct view pdf;
    size_t at, stray_from; /* stray_from: the first byte that is not accounted for */
    bool stray;
};

/* What lies between what is known: spaces, line ends and comments that name nobody do not count. */
static void stray_judge(struct raw *raw, size_t to) {
    size_t n = 0;
    for (size_t i = raw->stray_from; i < to; i++) {
        if (raw->pdf.data[i] == '%') {
            size_t from = i;
            while (i < to && raw->pdf.data[i] != '\n' && raw->pdf.data[i] != '\r')
                i++;
            raw->stray = raw->stray || judge_names_unseen(raw->file, view_of(raw->pdf.data + from, i - from));
            continue;
        }
        n += letters_in(view_of(raw->pdf.data + i, 1));
    }
    raw->stray = raw->stray || n >= STRAY_LEAST;
}

static bool is_digit(uint8_t c) {
    return c >= '0' && c <= '9';
}

/* "12 0 obj" at that place: its number, or 0. */
static long object_at(struct view pdf, size_t at, size_t *ret_after) {
    size_t i = at;
    long number = 0;
    if (at && is_digit(pdf.data[at - 1]))
        return 0;
    while (i < pdf.len && is_digit(pdf.data[i]) && i < at + 10)
        number = number * 10 + (pdf.data[i++] - '0');
    if (i == at || i >= pdf.len || pdf.data[i] != ' ')
        return 0;
    size_t j = ++i;
    while (i < pdf.len && is_digit(pdf.data[i]) && i < j + 6)
        i++;
    if (i == j || i + 4 > pdf.len || memcmp(pdf.data + i, " obj", 4) != 0)
        return 0;
    *ret_after = i + 4;
    return number;
}

/* Behind the object that begins there; 0: it has no end. */
static size_t object_end(struct raw *raw, size_t after) {
    struct pdf_lex lex = {.left = view_of(raw->pdf.data + after, raw->pdf.len - after)};
    enum pdf_token token;
    size_t end = 0;
    qpdf_data pdf = raw->file->prover.pdf;
    long long len = 0;
    int since = 9; /* tokens since "/Length" */
    while (!end && (token = pdf_lex_next(&lex)) != PDF_END) {
        since++;
        if (token == PDF_NAME && strcmp(buf_text(&lex.text), "Length") == 0)
            since = 0;
        if (token == PDF_NUMBER && since == 1)
            len = (long long)lex.number;
        if (token != PDF_OPERATOR)
            continue;
        if (since == 3 && strcmp(buf_text(&lex.text), "R") == 0) {
            len = qpdf_oh_get_int_value(pdf, qpdf_get_object_by_id(pdf, (int)len, 0));
            continue;
        }
        size_t at = raw->pdf.len - lex.left.len;
        if (strcmp(buf_text(&lex.text), "endobj") == 0) {
            end = at;
        } else if (strcmp(buf_text(&lex.text), "stream") == 0) {
            at += at < raw->pdf.len && raw->pdf.data[at] == '\r';
            at += at < raw->pdf.len && raw->pdf.data[at] == '\n';
            if (len > 0 && (size_t)len < raw->pdf.len - at)
                at += (size_t)len;
            const uint8_t *ends = find(view_of(raw->pdf.data + at, raw->pdf.len - at), "endstream");
            if (!ends)
                break;
            if (letters_in(view_of(raw->pdf.data + at, (size_t)(ends - raw->pdf.data) - at)) >= STRAY_LEAST)
                raw->stray = raw->stray || len > 0;
            const uint8_t *tail = find(view_of(ends, raw->pdf.len - (size_t)(ends - raw->pdf.data)), "endobj");
            if (tail && judge_names_unseen(raw->file, view_of(ends + 9, (size_t)(tail - ends) - 9)))
                raw->stray = true; /* a comment behind the stream */
            lex.left = view_of(ends + 9, raw->pdf.len - (size_t)(ends - raw->pdf.data) - 9);
        }
    }
    pdf_lex_drop(&lex);
    return end;
}

/* Behind a cross-reference table and trailer, or a startxref. */
static size_t frame_end(struct view pdf, size_t at) {
    if (at + 9 < pdf.len && memcmp(pdf.data + at, "startxref", 9) == 0) {
        size_t i = at + 9;
        while (i < pdf.len && (pdf.data[i] <= ' ' || is_digit(pdf.data[i])))
            i++;
        return i;
    }
    if (at + 4 < pdf.len && memcmp(pdf.data + at, "xref", 4) == 0) {
        const uint8_t *trailer = find(view_of(pdf.data + at, pdf.len - at), "trailer"), *start = trailer ? find(view_of(trailer, pdf.len - (size_t)(trailer - pdf.data)), "startxref") : NULL;
        return start ? (size_t)(start - pdf.data) : 0;
    }
    return 0;
}

/* An object that the cross references do not know any more. */
static bool object_is_lost(const struct raw *raw, long number) {
    qpdf_data pdf = raw->file->prover.pdf;
    return qpdf_oh_is_null(pdf, qpdf_get_object_by_id(pdf, (int)number, 0));
}

static void raw_walk(struct raw *raw) {
    while (raw->at < raw->pdf.len) {
        size_t after = 0, end = 0;
        long number = object_at(raw->pdf, raw->at, &after);
        if (number)
            end = object_end(raw, after);
        else if (raw->pdf.data[raw->at] == 'x' || raw->pdf.data[raw->at] == 's')
            end = frame_end(raw->pdf, raw->at);
        if (!end) {
            raw->at++;
            continue;
        }
        stray_judge(raw, raw->at);
        if (number && object_is_lost(raw, number) && letters_in(view_of(raw->pdf.data + after, end - after)) > 40)
            raw->stray = true;
        raw->at = raw->stray_from = end;
    }
    stray_judge(raw, raw->pdf.len);
}

void judge_bytes(struct judge_file *file) {
    struct view pdf = file->order.pdf;
    struct raw raw = {.file = file, .pdf = pdf};
    if (needles_count(file->prover.needles))
        prover_search_bytes(&file->prover, pdf, " in the file's bytes", SEARCH_BINARY);
    revisions_judge(file, pdf);
    if (pdf.len < 8 || memcmp(pdf.data, "%PDF-", 5) != 0)
        judge_add(file, 0, PROVE_AREA_NONE, "earlier revisions (13)", "bytes stand before the file's beginning");
    raw_walk(&raw);
    if (raw.stray)
        judge_add(file, 0, PROVE_AREA_NONE, "earlier revisions (13)", "bytes that belong to no object of the file say something");
}
