/* Files that stand in a text. */
#include "base/err.h"
#include "base/mem.h"
#include "ingest/uuencode.h"

#include "tests/unit/ingest/caught.h"

static int take(void *state, const char *name, struct buf *bytes) {
    const struct found_part part = {name, "", "", buf_view(bytes)};
    return catch_part(state, &part);
}

static int run(const char *text, struct buf *out) {
    forget();
    buf_reset(out);
    return uuencode_take(text, take, &caught, out);
}

static void a_file_between_lines(void **state) {
    (void)state;
    struct buf out = {0};
    assert_int_equal(run("Hello\nbegin 644 a file.txt\n#0V%T\n`\nend\nbye\nbegin 600 b\n!00``\n \nend", &out),
                     0);
    assert_string_equal(buf_text(&out), "Hello\n[file: a file.txt]\nbye\n[file: b]\n");
    assert_string_equal(buf_text(&caught.names), "a file.txt|b|");
    assert_string_equal(buf_text(&caught.bytes[0]), "Cat");
    assert_string_equal(buf_text(&caught.bytes[1]), "A");
    buf_drop(&out);
}

static void long_lines_and_lost_spaces(void **state) {
    (void)state;
    struct buf out = {0};
    /* 45 zero bytes with spaces for zero, which a mail program took off the end */
    assert_int_equal(run("begin 644 zeros\nM\n#0V%T\n\nend\n", &out), 0);
    assert_int_equal(caught.parts, 0); /* an empty line is no last line */
    assert_int_equal(run("begin 644 zeros\nM\n#0V%T\n`\nend\n", &out), 0);
    assert_int_equal(caught.bytes[0].len, 48);
    assert_memory_equal(caught.bytes[0].data + 45, "Cat", 3);
    buf_drop(&out);
}

static void base64_between_lines(void **state) {
    (void)state;
    struct buf out = {0};
    assert_int_equal(run("begin-base64 644 c.bin\nQ2F0cw==\n====\nx\n", &out), 0);
    assert_string_equal(buf_text(&out), "[file: c.bin]\nx\n");
    assert_string_equal(buf_text(&caught.bytes[0]), "Cats");
    buf_drop(&out);
}

static void words_that_only_look_like_it(void **state) {
    (void)state;
    static const char *const texts[] = {"begin 644 times and\nthen stop.\nMore follows.\n",
                                        "We begin\nbegin 12 x\nend\n",
                                        "begin 644 \n#0V%T\n`\nend\n",
                                        "begin 644 x",
                                        "begin 999 x\n#0V%T\n`\nend\n",
                                        "begin-base64 644 x\nno base64 here\nand more\n"};
    struct buf out = {0};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_int_equal(run(texts[i], &out), 0);
        assert_string_equal(buf_text(&out), texts[i]);
        assert_int_equal(caught.parts, 0);
    }
    buf_drop(&out);
}

static void a_file_that_is_cut(void **state) {
    (void)state;
    struct buf out = {0};
    assert_int_equal(run("begin 644 x\n#0V%T\n", &out), ERR_DAMAGED);
    assert_int_equal(run("begin 644 x\n#0V%T\n`\n", &out), ERR_DAMAGED);
    assert_int_equal(run("begin-base64 644 x\nQ2F0\nQ2", &out), ERR_DAMAGED);
    assert_int_equal(caught.parts, 0);
    buf_drop(&out);
}

static void the_taker_can_stop(void **state) {
    (void)state;
    struct buf out = {0};
    forget();
    caught.stop_with = ERR_TOO_MANY;
    assert_int_equal(
        uuencode_take("begin 644 x\n#0V%T\n`\nend\nbegin 644 y\n#0V%T\n`\nend\n", take, &caught, &out),
        ERR_TOO_MANY);
    assert_int_equal(caught.parts, 1);
    buf_drop(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_between_lines), cmocka_unit_test(long_lines_and_lost_spaces),
        cmocka_unit_test(base64_between_lines), cmocka_unit_test(words_that_only_look_like_it),
        cmocka_unit_test(a_file_that_is_cut),   cmocka_unit_test(the_taker_can_stop),
    };
    (void)catch_sink;
    return cmocka_run_group_tests(tests, NULL, forget_all);
}
