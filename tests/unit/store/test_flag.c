#include "base/err.h"
#include "base/mem.h"
#include "store/flag.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct flag *example(struct flags *flags) {
    struct flag *flag = flags_add(flags);
    flag->page = 3;
    flag->type = FLAG_EMAIL;
    flag->role = ROLE_THIRD_PARTY;
    flag->person_id = mem_text("P00000042");
    flag->code = mem_text("3P-UNREASONABLE");
    flag->cover = 1;
    flag->confidence = 88;
    flag->finder = mem_text("pattern");
    flag->why = mem_text("third party without consent");
    flag->text = mem_text("s\xC3\xA9"
                          "bastien@mail.example");
    flag->run_count = 2;
    flag->runs = mem_new(2 * sizeof *flag->runs);
    flag->runs[0] = (struct word_run){4, 5};
    flag->runs[1] = (struct word_run){9, 9};
    flag->box_count = 1;
    flag->boxes = mem_new(sizeof *flag->boxes);
    flag->boxes[0] = (struct box){1.5f, 2, 30.25f, 14};
    return flag;
}

static void test_types(void **state) {
    (void)state;
    enum flag_type type;
    for (int i = FLAG_PERSON; i <= FLAG_PASSAGE; i++) {
        assert_int_equal(flag_type_from_text(flag_type_text((enum flag_type)i), &type), 0);
        assert_int_equal((int)type, i);
    }
    assert_string_equal(flag_type_text(FLAG_NINO), "NINO");
    type = FLAG_UPN;
    assert_int_equal(flag_type_from_text("person", &type), ERR_INPUT);
    assert_int_equal((int)type, FLAG_UPN);
}

static void test_there_and_back(void **state) {
    (void)state;
    struct flags flags = {0};
    struct buf out = {0};
    flag_encode(example(&flags), &out);
    struct flag back;
    assert_int_equal(flag_decode(buf_view(&out), &back), 0);
    assert_int_equal(back.page, 3);
    assert_int_equal((int)back.type, FLAG_EMAIL);
    assert_int_equal((int)back.role, ROLE_THIRD_PARTY);
    assert_string_equal(back.person_id, "P00000042");
    assert_string_equal(back.code, "3P-UNREASONABLE");
    assert_int_equal(back.cover, 1);
    assert_int_equal(back.confidence, 88);
    assert_string_equal(back.finder, "pattern");
    assert_string_equal(back.why, "third party without consent");
    assert_string_equal(back.text, flags.list[0].text);
    assert_int_equal(back.run_count, 2);
    assert_int_equal(back.runs[1].first, 9);
    assert_int_equal(back.box_count, 1);
    assert_true(back.boxes[0].x1 == 30.25f);
    flag_drop(&back);
    flags_drop(&flags);
    assert_null(flags.list);
    buf_drop(&out);
}

/* Every shorter piece and every longer one is refused, and none leaks. */
static void test_cut_and_trailing(void **state) {
    (void)state;
    struct flags flags = {0};
    struct buf out = {0};
    flag_encode(example(&flags), &out);
    struct flag back;
    for (size_t len = 0; len < out.len; len++) {
        assert_int_equal(flag_decode(view_of(out.data, len), &back), ERR_PROTOCOL);
        flag_drop(&back);
    }
    buf_add_byte(&out, 0);
    assert_int_equal(flag_decode(buf_view(&out), &back), ERR_PROTOCOL);
    flag_drop(&back);
    flags_drop(&flags);
    buf_drop(&out);
}

static int decode_with(size_t at, uint8_t byte) {
    struct flags flags = {0};
    struct buf out = {0};
    flag_encode(example(&flags), &out);
    out.data[at] = byte;
    struct flag back;
    int err = flag_decode(buf_view(&out), &back);
    flag_drop(&back);
    flags_drop(&flags);
    buf_drop(&out);
    return err;
}

static void test_values_out_of_range(void **state) {
    (void)state;
    assert_int_equal(decode_with(4, FLAG_OTHER), 0);
    assert_int_equal(decode_with(4, FLAG_OTHER + 1), ERR_PROTOCOL);
    assert_int_equal(decode_with(5, ROLE_UNKNOWN), 0);
    assert_int_equal(decode_with(5, ROLE_UNKNOWN + 1), ERR_PROTOCOL);
    assert_int_equal(decode_with(6, 4), ERR_PROTOCOL);
    assert_int_equal(decode_with(7, 101), ERR_PROTOCOL);
}

static void test_run_backwards(void **state) {
    (void)state;
    struct flags flags = {0};
    struct buf out = {0};
    example(&flags)->runs[0] = (struct word_run){5, 4};
    flag_encode(&flags.list[0], &out);
    struct flag back;
    assert_int_equal(flag_decode(buf_view(&out), &back), ERR_PROTOCOL);
    flag_drop(&back);
    flags_drop(&flags);
    buf_drop(&out);
}

static void test_many(void **state) {
    (void)state;
    struct flags flags = {0};
    for (int i = 0; i < 100; i++)
        flags_add(&flags)->page = (uint32_t)i;
    assert_int_equal(flags.count, 100);
    assert_int_equal(flags.list[77].page, 77);
    assert_null(flags.list[77].text);
    flags_drop(&flags);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_types),
        cmocka_unit_test(test_there_and_back),
        cmocka_unit_test(test_cut_and_trailing),
        cmocka_unit_test(test_values_out_of_range),
        cmocka_unit_test(test_run_backwards),
        cmocka_unit_test(test_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
