/* Training on a handful of texts: what was learnt is found again, and the same texts give the same bytes. */
#include "redact/tag_train.h"

#include "base/err.h"
#include "base/file.h"
#include "redact/tagger.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <unistd.h>

static const char gazetteer[] = "anna\t257\nbela\t1\ncarr\t514\nhouse\t4\nrang\t4\nsaid\t4\n";

static struct tag_example example(const char *text, const char *name) {
    struct tag_example e = {.text = strdup(text), .bytes = strlen(text), .gold = calloc(1, sizeof *e.gold), .gold_count = name != NULL};
    if (name) {
        uint32_t at = (uint32_t)(strstr(text, name) - text);
        e.gold[0] = (struct tag_gold){at, at + (uint32_t)strlen(name), TAG_PERSON};
    }
    return e;
}

static size_t epochs_told;

static void told(void *state, int epoch, double loss) {
    double *last = state;
    assert_true(epoch == 1 || loss < *last);
    *last = loss;
    epochs_told++;
}

static int train(uint32_t word_slots, struct buf *out) {
    struct tag_example list[] = {example("Anna Carr rang.", "Anna Carr"), example("We saw Bela Carr at home.", "Bela Carr"),
                                 example("the house was cold", NULL), example("Then Zita Korda said no.", "Zita Korda"), example("the boiler was broken", NULL)};
    double loss = 0;
    struct tag_train_order order = {.examples = list, .example_count = 5, .gazetteer = gazetteer, .row_count = 1u << 12, .word_slots = word_slots,
                                    .epochs = 8, .rate = 0.1f, .word_dropout = 0, .gazetteer_dropout = 0, .told = told, .state = &loss};
    int err = tag_train(&order, out);
    for (size_t i = 0; i < 5; i++) {
        free(list[i].text);
        free(list[i].gold);
    }
    return err;
}

static void learns_and_gives_the_same_bytes(void **state) {
    (void)state;
    struct buf first = {0}, second = {0};
    epochs_told = 0;
    assert_int_equal(train(64, &first), 0);
    assert_int_equal(epochs_told, 8);
    assert_int_equal(train(64, &second), 0);
    assert_true(view_equal(buf_view(&first), buf_view(&second)));
    char path[] = "/tmp/casefile-model-XXXXXX";
    int fd = mkstemp(path);
    assert_int_equal(file_write_all(fd, first.data, first.len), 0);
    close(fd);
    struct tag_model *model = NULL;
    assert_int_equal(tag_model_open(path, &model), 0);
    unlink(path);
    struct tagger *tagger = tagger_new(&(struct tagger_order){model, 0, 0});
    const struct tag_span *spans;
    static const char text[] = "Then Anna Korda rang.";
    assert_int_equal(tagger_find(tagger, text, strlen(text), &spans), 1);
    assert_int_equal(spans[0].begin, 5);
    assert_int_equal(spans[0].end, 15);
    assert_int_equal(spans[0].kind, TAG_PERSON);
    tagger_drop(&tagger);
    tag_model_drop(&model);
    buf_drop(&first);
    buf_drop(&second);
}

static void a_gazetteer_that_does_not_fit(void **state) {
    (void)state;
    struct buf out = {0};
    assert_int_equal(train(4, &out), ERR_INPUT);
    assert_int_equal(out.len, 0);
    buf_drop(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(learns_and_gives_the_same_bytes), cmocka_unit_test(a_gazetteer_that_does_not_fit)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
