/* Messages: each one of the table encoded and decoded again; whatever is none of the table is refused. */
#include "base/err.h"
#include "base/mem.h"
#include "base/wire.h"
#include "queue/message.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Every field is set: what a message does not have must not travel. */
static void every_message_comes_back(void **state) {
    (void)state;
    for (int type = MESSAGE_READY; type <= MESSAGE_NUDGE; type++) {
        struct message m = {.type = (enum message_type)type, .job = 0x1122334455667788u, .subject = 7, .attempt = 3, .pid = 4711,
                            .final = 1, .name = mem_text("worker-1"), .kinds = mem_text("open,read"), .kind = mem_text("open"),
                            .doing = mem_text("page 3"), .reason = mem_text("too long"), .bytes = view_of("a\0b", 3)};
        struct message back = {0};
        struct buf out = {0}, again = {0};
        message_encode(&m, &out);
        assert_int_equal(message_decode(buf_view(&out), &back), 0);
        assert_int_equal(back.type, type);
        message_encode(&back, &again);
        assert_true(view_equal(buf_view(&out), buf_view(&again)));
        message_drop(&back);
        message_drop(&m);
        buf_drop(&out);
        buf_drop(&again);
    }
}

static void fields_are_what_they_were(void **state) {
    (void)state;
    struct message m = {.type = MESSAGE_FAIL, .job = 12, .attempt = 2, .final = 1, .page = 70000, .reason = (char[]){"damaged"}}, back = {0};
    struct buf out = {0};
    message_encode(&m, &out);
    assert_int_equal(message_decode(buf_view(&out), &back), 0);
    assert_int_equal(back.job, 12);
    assert_int_equal(back.attempt, 2);
    assert_int_equal(back.final, 1);
    assert_int_equal(back.page, 70000);
    assert_string_equal(back.reason, "damaged");
    assert_null(back.name);
    message_drop(&back);
    assert_null(back.reason);
    buf_drop(&out);
}

static void a_field_of_another_message_does_not_travel(void **state) {
    (void)state;
    struct message nudge = {.type = MESSAGE_NUDGE, .job = 5, .reason = (char[]){"secret"}};
    struct buf out = {0};
    message_encode(&nudge, &out);
    assert_int_equal(out.len, 4 + 8);
    buf_drop(&out);
}

static void cut_anywhere_it_is_refused(void **state) {
    (void)state;
    for (int type = MESSAGE_READY; type <= MESSAGE_NUDGE; type++) {
        struct message m = {.type = (enum message_type)type, .name = (char[]){"w"}, .kinds = (char[]){"k"}, .kind = (char[]){"k"},
                            .doing = (char[]){"d"}, .reason = (char[]){"r"}, .bytes = view_of("xyz", 3)};
        struct message back = {.job = 99};
        struct buf out = {0};
        message_encode(&m, &out);
        for (size_t len = 0; len < out.len; len++) {
            uint8_t *cut = malloc(len ? len : 1); /* exactly so long, so that reading past the end is seen */
            memcpy(cut, out.data, len);
            assert_int_equal(message_decode(view_of(cut, len), &back), ERR_PROTOCOL);
            free(cut);
        }
        buf_add_byte(&out, 0);
        assert_int_equal(message_decode(buf_view(&out), &back), ERR_PROTOCOL); /* a trailing byte */
        assert_int_equal(back.job, 99);
        buf_drop(&out);
    }
}

static void strangers_are_refused(void **state) {
    (void)state;
    static const uint8_t head[][4] = {{'X', 'F', 9, 1}, {'C', 'X', 9, 1}, {'C', 'F', 0, 1}, {'C', 'F', 10, 1}, {'C', 'F', 9, 2}, {'C', 'F', 255, 1}};
    struct message back;
    for (size_t i = 0; i < sizeof head / sizeof head[0]; i++) {
        uint8_t frame[12] = {0};
        memcpy(frame, head[i], 4);
        assert_int_equal(message_decode(view_of(frame, sizeof frame), &back), ERR_PROTOCOL);
    }
    assert_int_equal(message_decode((struct view){0}, &back), ERR_PROTOCOL);
}

static void texts_have_their_limits(void **state) {
    (void)state;
    char name[66];
    memset(name, 'n', sizeof name);
    struct message back = {0}, bye = {.type = MESSAGE_BYE, .name = name};
    for (int len = 64; len <= 65; len++) {
        struct buf out = {0};
        name[len] = 0;
        message_encode(&bye, &out);
        assert_int_equal(message_decode(buf_view(&out), &back), len == 64 ? 0 : ERR_PROTOCOL);
        message_drop(&back);
        name[len] = 'n';
        buf_drop(&out);
    }
    struct buf zero = {0};
    buf_add(&zero, "CF\7\1", 4);
    wire_put_bytes(&zero, view_of("a\0b", 3)); /* a text with a 0 inside */
    assert_int_equal(message_decode(buf_view(&zero), &back), ERR_PROTOCOL);
    buf_reset(&zero);
    buf_add(&zero, "CF\4\1", 4);
    wire_put_u64(&zero, 1);
    wire_put_u32(&zero, 1);
    wire_put_u32(&zero, 0xffffffff); /* four thousand million bytes, it says */
    assert_int_equal(message_decode(buf_view(&zero), &back), ERR_PROTOCOL);
    buf_drop(&zero);
}

static void names_and_the_reference(void **state) {
    (void)state;
    char *text = NULL;
    size_t len = 0;
    assert_string_equal(message_name(MESSAGE_READY), "READY");
    assert_string_equal(message_name((enum message_type)99), "?");
    FILE *out = open_memstream(&text, &len);
    message_write_reference(out);
    fclose(out);
    assert_non_null(strstr(text, "| 2 | JOB | 1 | broker | u64 job, u32 attempt, text kind, u64 subject, bytes bytes |"));
    assert_non_null(strstr(text, "| 9 | NUDGE |"));
    free(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_message_comes_back), cmocka_unit_test(fields_are_what_they_were),
        cmocka_unit_test(a_field_of_another_message_does_not_travel), cmocka_unit_test(cut_anywhere_it_is_refused),
        cmocka_unit_test(strangers_are_refused), cmocka_unit_test(texts_have_their_limits), cmocka_unit_test(names_and_the_reference)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
