#include "redact/judge.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "redact/judge_private.h"

#include <glib-object.h>
#include <leptonica/allheaders.h>
#include <poppler.h>
#include <stdlib.h>
#include <string.h>

/* One finding of a kind on a page is enough. */
void judge_add(struct judge_file *file, uint32_t page, struct box box, const char *check, const char *what) {
    const struct findings *found = file->prover.found;
    for (size_t i = 0; i < found->count; i++)
        if (found->list[i].page == page && strcmp(found->list[i].check, check) == 0 && strcmp(found->list[i].what, what) == 0)
            return;
    prover_add(&file->prover, page, box, check, what);
}

static PopplerDocument *document_open(struct view pdf) {
    GBytes *bytes = g_bytes_new_static(pdf.data, pdf.len);
    PopplerDocument *document = poppler_document_new_from_bytes(bytes, NULL, NULL);
    g_bytes_unref(bytes);
    return document;
}

static int file_open(struct judge_file *file, const struct judge_order *order, size_t i) {
    file->order = (struct prove_order){.pdf = order->pdfs[i], .withheld = order->withheld, .withheld_count = order->withheld_count};
    struct prover *prover = &file->prover;
    file->asked = order;
    prover->order = &file->order;
    prover->needles = needles_new(&file->order);
    prover->hits = mem_new(order->withheld_count + 1);
    prover->found = mem_new(sizeof *prover->found);
    prover->pdf = qpdf_init();
    qpdf_silence_errors(prover->pdf);
    qpdf_set_suppress_warnings(prover->pdf, 1);
    if (qpdf_read_memory(prover->pdf, "file", (const char *)order->pdfs[i].data, order->pdfs[i].len, NULL) & QPDF_ERRORS)
        return qpdf_is_encrypted(prover->pdf) ? ERR_LOCKED : ERR_DAMAGED;
    file->copies[COPY_AS_IT_IS].document = document_open(order->pdfs[i]);
    int pages = qpdf_get_num_pages(prover->pdf);
    if (pages <= 0 || !file->copies[COPY_AS_IT_IS].document)
        return ERR_DAMAGED;
    prover->pages = (uint32_t)pages;
    file->pages = mem_new((size_t)(pages + 1) * sizeof *file->pages);
    file->recognise = mem_new((size_t)pages + 1);
    file->has_layers = qpdf_oh_is_dictionary(prover->pdf, qpdf_oh_get_key(prover->pdf, qpdf_get_root(prover->pdf), "/OCProperties"));
    return 0;
}

static int copies_make(struct judge_file *file) {
    int err = 0;
    for (int copy = COPY_AS_IT_IS + 1; copy < COPIES && !err; copy++) {
        struct judge_copy_file *c = &file->copies[copy];
        if (copy == COPY_ALL_LAYERS && !file->has_layers)
            continue;
        err = judge_copy_make(file->order.pdf, (enum judge_copy)copy, &c->bytes);
        if (!err)
            c->document = document_open(buf_view(&c->bytes));
    }
    return err;
}

/* All text of the file in its comparing form. */
static void visible_make(struct judge_file *file) {
    struct buf all = {0};
    for (uint32_t page = 1; page <= file->prover.pages; page++) {
        PopplerPage *leaf = poppler_document_get_page(file->copies[COPY_AS_IT_IS].document, (int)page - 1);
        char *text = leaf ? poppler_page_get_text(leaf) : NULL, *key = text_key(text ? text : "");
        buf_add_text(&all, key);
        g_free(text);
        free(key);
        if (leaf)
            g_object_unref(leaf);
    }
    file->visible = mem_text(buf_text(&all));
    buf_drop(&all);
}

/* ---- withheld texts on the pages */

/* All words of a name of several stand on the page, apart from each other: in columns, one above the other. */
static void words_apart(struct judge_file *file, uint32_t page) {
    const struct judge_page *p = &file->pages[page];
    for (size_t i = 0; i < file->order.withheld_count; i++) {
        size_t words = 0, there = 0;
        char *copy = mem_text(file->order.withheld[i]), *rest = NULL;
        for (char *word = strtok_r(copy, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
            char *key = text_key(word);
            bool found = false;
            for (size_t k = 0; k < p->word_count && !found; k++)
                found = strcmp(p->words[k].key, key) == 0;
            words += strlen(key) >= SEARCH_SHORT;
            there += found && strlen(key) >= SEARCH_SHORT;
            free(key);
        }
        free(copy);
        if (words >= 2 && there == words) {
            char *what = mem_print("withheld text %zu can be read, its words apart from each other", i + 1);
            judge_add(file, page, PROVE_AREA_NONE, "page text (18, 19)", what);
            free(what);
        }
    }
}

static void pages_search(struct judge_file *file) {
    struct buf all = {0};
    for (uint32_t page = 1; page <= file->prover.pages; page++) {
        const char *text = file->pages[page].text ? file->pages[page].text : "";
        prover_search(&file->prover, view_text(text), page, "page text (18, 19)", "", SEARCH_SHORT);
        buf_print(&all, "%s\n", text);
        words_apart(file, page);
    }
    size_t before = file->prover.found->count;
    if (!before) /* over the end of a page */
        prover_search(&file->prover, buf_view(&all), 0, "page text (18, 19)", " over the end of a page", SEARCH_SHORT);
    buf_drop(&all);
}

bool judge_page_read(struct judge_file *file, uint32_t page, struct words *ret) {
    double width = 0, height = 0;
    PopplerPage *leaf = poppler_document_get_page(file->copies[COPY_AS_IT_IS].document, (int)page - 1);
    PIX *seen = leaf ? judge_draw(leaf) : NULL, *large = seen ? pixScale(seen, 2, 2) : NULL;
    if (leaf)
        poppler_page_get_size(leaf, &width, &height);
    int err = large ? file->asked->recognise(file->asked->state, large, (float)width, (float)height, ret) : ERR_MEMORY;
    pixDestroy(&seen);
    pixDestroy(&large);
    if (leaf)
        g_object_unref(leaf);
    return !err;
}

static void page_recognise(struct judge_file *file, uint32_t page) {
    struct words words = {0};
    struct buf text = {0};
    if (judge_page_read(file, page, &words)) {
        words_text(&words, &text);
        prover_search(&file->prover, buf_view(&text), page, "recognition (7, 18)", "", SEARCH_SHORT);
    } else {
        judge_add(file, page, PROVE_AREA_NONE, "cannot be judged", "the page could not be recognised");
    }
    words_drop(&words);
    buf_drop(&text);
}

void judge_read_words(struct judge_file *file, uint32_t page) {
    struct judge_page *p = &file->pages[page];
    struct words words = {0};
    if (!file->asked->recognise || !judge_page_read(file, page, &words))
        return;
    free(p->words);
    p->words = mem_new((words.count + 1) * sizeof *p->words);
    for (size_t i = 0; i < words.count; i++) {
        char *key = text_key(words.list[i].text);
        if (*key)
            p->words[p->word_count++] = (struct word_place){key, words.list[i].box};
        else
            free(key);
    }
    words_drop(&words);
}

/* "Oxterbury, Gideon" is the same person's: each word of a withheld text for itself. */
static void name_search(struct judge_file *file, const char *name) {
    char *key = text_key(name);
    for (size_t i = 0; i < file->order.withheld_count; i++) {
        size_t words = 0, there = 0;
        char *copy = mem_text(file->order.withheld[i]), *rest = NULL;
        for (char *word = strtok_r(copy, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
            char *part = text_key(word);
            words += strlen(part) >= SEARCH_SHORT;
            there += strlen(part) >= SEARCH_SHORT && strstr(key, part);
            free(part);
        }
        free(copy);
        if (words && there == words) {
            char *what = mem_print("the file's name holds withheld text %zu", i + 1);
            judge_add(file, 0, PROVE_AREA_NONE, "file name (17)", what);
            free(what);
        }
    }
    free(key);
}

static void file_search(struct judge_file *file, const struct judge_order *order, size_t i) {
    if (!order->withheld_count)
        return;
    pages_search(file);
    name_search(file, order->names[i]);
    judge_widths(file);
    for (uint32_t page = 1; page <= file->prover.pages && order->recognise; page++)
        if (order->recognise_all || file->recognise[page])
            page_recognise(file, page);
}

/* ---- one file, and all */

static int file_judge(struct judge_file *file, const struct judge_order *order, size_t i) {
    int err = file_open(file, order, i);
    if (!err)
        err = copies_make(file);
    if (err)
        return err;
    visible_make(file);
    judge_fonts(file);
    for (uint32_t page = 1; page <= file->prover.pages; page++)
        judge_seen(file, page);
    judge_objects(file);
    judge_bytes(file);
    file_search(file, order, i);
    return 0;
}

static void file_drop(struct judge_file *file) {
    for (int copy = 0; copy < COPIES; copy++) {
        if (file->copies[copy].document)
            g_object_unref(file->copies[copy].document);
        buf_drop(&file->copies[copy].bytes);
    }
    for (uint32_t page = 1; file->pages && page <= file->prover.pages; page++) {
        struct judge_page *p = &file->pages[page];
        for (size_t i = 0; i < p->word_count; i++)
            free(p->words[i].key);
        free(p->words);
        free(p->boxes);
        free(p->text);
    }
    free(file->pages);
    free(file->recognise);
    free(file->visible);
    if (file->prover.pdf)
        prover_close(&file->prover.pdf);
    needles_drop(&file->prover.needles);
    free(file->prover.hits);
    if (file->prover.found)
        findings_drop(file->prover.found);
    free(file->prover.found);
}

static void findings_take(const struct judge_order *order, const struct judge_file *file, size_t i, struct findings *ret) {
    for (size_t k = 0; k < file->prover.found->count; k++) {
        const struct finding *f = &file->prover.found->list[k];
        char *what = order->file_count > 1 ? mem_print("%s: %s", order->names[i], f->what) : mem_text(f->what);
        findings_add(ret, f->page, f->box, f->check, what);
        free(what);
    }
}

int judge_pdfs(const struct judge_order *order, struct findings *ret, uint32_t *ret_pages) {
    struct judge_file *files = mem_new((order->file_count + 1) * sizeof *files);
    int err = order->file_count && order->file_count <= JUDGE_FILES_MOST ? 0 : ERR_INPUT;
    *ret = (struct findings){0};
    *ret_pages = 0;
    for (size_t i = 0; i < order->file_count && !err; i++)
        err = file_judge(&files[i], order, i);
    if (!err)
        judge_same(files, order->file_count);
    for (size_t i = 0; i < order->file_count && i < JUDGE_FILES_MOST; i++) {
        if (!err) {
            findings_take(order, &files[i], i, ret);
            *ret_pages += files[i].prover.pages;
        }
        file_drop(&files[i]);
    }
    free(files);
    return err;
}
