/* mbox files. */
#include "base/err.h"
#include "ingest/mailbox_file.h"

#include "tests/unit/ingest/caught.h"

static int run(const char *text) {
    forget();
    return mbox_open(view_text(text), &catch_sink.parts);
}

static void two_mails(void **state) {
    (void)state;
    assert_int_equal(run("From a@mail.example Tue Mar 12 09:14:00 2019\nFrom: a@mail.example\nSubject: "
                         "one\n\nFirst\n>From here on\n>>From there\n"
                         "> From a quote\n\nFrom b@mail.example Wed Mar 13 09:14:00 2019\nFrom: "
                         "b@mail.example\n\nSecond\n"),
                     0);
    assert_int_equal(caught.parts, 2);
    assert_string_equal(buf_text(&caught.attached), "mail|mail|");
    assert_string_equal(buf_text(&caught.types), "message/rfc822|message/rfc822|");
    assert_string_equal(
        buf_text(&caught.bytes[0]),
        "From: a@mail.example\nSubject: one\n\nFirst\nFrom here on\n>From there\n> From a quote\n");
    assert_string_equal(buf_text(&caught.bytes[1]), "From: b@mail.example\n\nSecond\n");
}

static void a_sentence_parts_nothing(void **state) {
    (void)state;
    assert_int_equal(run("From a Tue\r\nSubject: one\r\n\r\nHello\r\n\r\nFrom Monday on he "
                         "stays.\r\nmore\r\n\r\nFrom b Wed\r\nSubject: two\r\n\r\nx\r\n"),
                     0);
    assert_int_equal(caught.parts, 2);
    assert_string_equal(buf_text(&caught.bytes[0]),
                        "Subject: one\r\n\r\nHello\r\n\r\nFrom Monday on he stays.\r\nmore\r\n");
}

static void what_is_no_mailbox(void **state) {
    (void)state;
    assert_int_equal(run(""), ERR_DAMAGED);
    assert_int_equal(run("\n\n"), ERR_DAMAGED);
    assert_int_equal(run("From: a@mail.example\nSubject: one mail\n\nx\n"), ERR_DAMAGED);
    assert_int_equal(run("From the desk of nobody\nhello\n"), ERR_DAMAGED);
    assert_int_equal(caught.parts, 0);
}

static void limits(void **state) {
    (void)state;
    struct buf box = {0};
    for (int i = 0; i <= MAILBOX_MAILS_MOST; i++)
        buf_add_text(&box, "From a\nS:x\n\n\n");
    assert_int_equal(run(buf_text(&box)), ERR_TOO_MANY);
    assert_int_equal(caught.parts, MAILBOX_MAILS_MOST);
    buf_drop(&box);
    forget();
    caught.stop_with = ERR_NO_SPACE;
    assert_int_equal(mbox_open(view_text("From a\nS:x\n\n1\n\nFrom a\nS:x\n\n2\n"), &catch_sink.parts),
                     ERR_NO_SPACE);
    assert_int_equal(caught.parts, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_mails),
        cmocka_unit_test(a_sentence_parts_nothing),
        cmocka_unit_test(what_is_no_mailbox),
        cmocka_unit_test(limits),
    };
    return cmocka_run_group_tests(tests, NULL, forget_all);
}
