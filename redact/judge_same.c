/* judge_same.c: where one copy has a box another has words: the words on both sides of the box stand elsewhere with something between them. */
#include "base/mem.h"
#include "redact/judge_private.h"

#include <stdlib.h>
#include <string.h>

#define SIDE_WORDS 3   /* that have to be the same on one side */
#define BETWEEN_MOST 8 /* words that the box may have covered */

/* The words that end left of the box on its line, and those that begin right of it. */
struct around {
    const struct word_place *left[SIDE_WORDS], *right[SIDE_WORDS];
    size_t left_count, right_count;
};

static bool on_line(struct box box, struct box word) {
    float middle = (word.y0 + word.y1) / 2;
    return middle > box.y0 - 2 && middle < box.y1 + 2;
}

static struct around around_of(const struct judge_page *page, struct box box) {
    struct around a = {.left_count = 0};
    for (size_t i = 0; i < page->word_count; i++) {
        const struct word_place *w = &page->words[i];
        if (!on_line(box, w->box))
            continue;
        if (w->box.x1 <= box.x0 + 3) { /* the nearest come last in reading order */
            memmove(a.left, a.left + 1, sizeof a.left - sizeof *a.left);
            a.left[SIDE_WORDS - 1] = w;
            a.left_count += a.left_count < SIDE_WORDS;
        } else if (w->box.x0 >= box.x1 - 3 && a.right_count < SIDE_WORDS) {
            a.right[a.right_count++] = w;
        }
    }
    return a;
}

static bool follows(const struct judge_page *page, size_t at, const struct word_place *const *words, size_t count) {
    if (at + count > page->word_count)
        return false;
    for (size_t i = 0; i < count; i++)
        if (strcmp(page->words[at + i].key, words[i]->key) != 0)
            return false;
    return true;
}

/* What recognition makes of a box is no word. */
static bool is_on_box(const struct judge_page *page, struct box word) {
    float x = (word.x0 + word.x1) / 2, y = (word.y0 + word.y1) / 2;
    for (size_t i = 0; i < page->box_count; i++) {
        struct box b = page->boxes[i];
        if (x > b.x0 - 6 && x < b.x1 + 6 && y > b.y0 - 4 && y < b.y1 + 4)
            return true;
    }
    return false;
}

static size_t words_between(const struct judge_page *page, size_t from, size_t to) {
    size_t n = 0;
    for (size_t i = from; i < to; i++)
        n += !is_on_box(page, page->words[i].box);
    return n;
}

/* Left words, something, right words: what the box covers. */
static bool stands_open(const struct judge_page *page, const struct around *a) {
    const struct word_place *const *left = a->left + SIDE_WORDS - a->left_count;
    for (size_t i = 0; i < page->word_count; i++) {
        if (!follows(page, i, left, a->left_count) || &page->words[i] == left[0]) /* not the box's own words */
            continue;
        for (size_t k = 1; k <= BETWEEN_MOST; k++)
            if (follows(page, i + a->left_count + k, (const struct word_place *const *)a->right, a->right_count) &&
                words_between(page, i + a->left_count, i + a->left_count + k))
                return true;
    }
    return false;
}

static bool file_stands_open(const struct judge_file *file, const struct around *a) {
    for (uint32_t page = 1; page <= file->prover.pages; page++)
        if (stands_open(&file->pages[page], a))
            return true;
    return false;
}

static void box_judge(struct judge_file *files, size_t count, size_t own, uint32_t number, struct box box) {
    struct around a = around_of(&files[own].pages[number], box);
    if (!a.left_count || !a.right_count || a.left_count + a.right_count < 4)
        return;
    for (size_t i = 0; i < count; i++)
        if (file_stands_open(&files[i], &a)) {
            judge_add(&files[own], number, box, "another copy (20)", "the same words stand elsewhere with what this box covers left open");
            return;
        }
}

/* Copies of a scan can be compared by what their pixels say. */
static void scans_read(struct judge_file *files, size_t count) {
    size_t scans = 0, boxes = 0;
    for (size_t i = 0; i < count; i++)
        for (uint32_t page = 1; page <= files[i].prover.pages; page++) {
            scans += !files[i].pages[page].word_count && files[i].recognise[page];
            boxes += files[i].pages[page].box_count;
        }
    for (size_t i = 0; i < count && boxes && scans; i++)
        for (uint32_t page = 1; page <= files[i].prover.pages; page++)
            if (!files[i].pages[page].word_count && files[i].recognise[page])
                judge_read_words(&files[i], page);
}

void judge_same(struct judge_file *files, size_t count) {
    size_t pages = 0;
    for (size_t i = 0; i < count; i++)
        pages += files[i].prover.pages;
    if (pages > 1)
        scans_read(files, count);
    for (size_t i = 0; i < count; i++)
        for (uint32_t page = 1; page <= files[i].prover.pages; page++)
            for (size_t b = 0; b < files[i].pages[page].box_count; b++)
                box_judge(files, count, i, page, files[i].pages[page].boxes[b]);
}
