/* Any words of a page, put in order: the same words come out, none lost, none twice, and the list can be encoded and grown. */
#include "base/mem.h"
#include "ocr/table_order.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int word_order(const void *a, const void *b) {
    const struct word *p = a, *q = b;
    return p->text < q->text ? -1 : p->text > q->text;
}

/* The words in an order of their own: by the address of their text. */
static struct word *words_sorted(const struct words *words) {
    struct word *list = mem_new((words->count + 1) * sizeof *list);
    for (size_t i = 0; i < words->count; i++)
        list[i] = words->list[i];
    qsort(list, words->count, sizeof *list, word_order);
    return list;
}

static void expect_same(const struct word *before, const struct word *after, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (before[i].text != after[i].text || memcmp(&before[i].box, &after[i].box, sizeof before[i].box) ||
            before[i].confidence != after[i].confidence)
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct words words, again;
    struct buf bytes = {0};
    if (size > 60000 || words_decode(view_of(data, size), &words) != 0)
        return 0;
    size_t count = words.count;
    struct word *before = words_sorted(&words);
    table_order(&words);
    if (words.count != count || words.room < count)
        abort();
    struct word *after = words_sorted(&words);
    expect_same(before, after, count);
    words_encode(&words, &bytes);
    if (words_decode(buf_view(&bytes), &again) != 0)
        abort();
    for (int i = 0; i < 3; i++)
        words_add(&words, (struct box){0, 0, 1, 1}, 0, 0, 1, "more");
    free(before);
    free(after);
    words_drop(&words);
    words_drop(&again);
    buf_drop(&bytes);
    return 0;
}
