/* Mails taken apart: body, attachments, character sets, and what is broken on purpose. */
#include "base/err.h"
#include "base/mem.h"
#include "ingest/mail.h"
#include "ingest/mail_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

struct caught {
    struct buf heading, body;
    int bodies, attachments;
    struct buf names, types, bytes[8];
    bool is_inline[8];
    int stop_with;
};
static struct caught caught;

static int catch_body(void *state, const char *heading, const char *body) {
    struct caught *c = state;
    c->bodies++;
    assert_int_equal(c->attachments, 0);
    buf_add_text(&c->heading, heading);
    buf_add_text(&c->body, body);
    return 0;
}

static int catch_attachment(void *state, const char *name, const char *type, bool is_inline,
                            struct view bytes) {
    struct caught *c = state;
    assert_true(c->attachments < 8);
    buf_print(&c->names, "%s|", name);
    buf_print(&c->types, "%s|", type);
    c->is_inline[c->attachments] = is_inline;
    buf_add(&c->bytes[c->attachments++], bytes.data, bytes.len);
    return c->stop_with;
}

static void forget(void) {
    buf_drop(&caught.heading);
    buf_drop(&caught.body);
    buf_drop(&caught.names);
    buf_drop(&caught.types);
    for (int i = 0; i < 8; i++)
        buf_drop(&caught.bytes[i]);
    memset(&caught, 0, sizeof caught);
}

static int open_mail(const char *bytes, size_t len) {
    forget();
    struct mail_sink sink = {catch_body, catch_attachment, &caught};
    return mail_open(view_of(bytes, len), &sink);
}

#define OPEN(bytes) open_mail(bytes, sizeof bytes - 1)
#define TOP "From: Pat Tester <pat@ribbleshire.gov.example>\r\nTo: intake@ribbleshire.gov.example\r\n"
#define MIXED                                                                                                \
    TOP "Subject: papers\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"b1\"\r\n\r\n"

static void a_plain_mail(void **state) {
    (void)state;
    assert_int_equal(OPEN(TOP
                          "Cc: Zo\xc3\xab <z@x.example>\r\nDate: Tue, 12 Mar 2019 09:14:00 +0000\r\nSubject: "
                          "=?utf-8?Q?Zo=C3=AB?= seen\r\n\r\nFirst line  \r\n\r\nlast\r\n"),
                     0);
    assert_string_equal(buf_text(&caught.heading),
                        "From: Pat Tester <pat@ribbleshire.gov.example>\nTo: intake@ribbleshire.gov.example\n"
                        "Cc: Zoë <z@x.example>\nDate: Tue, 12 Mar 2019 09:14:00 +0000\nSubject: Zoë seen\n");
    assert_string_equal(buf_text(&caught.body), "First line  \n\nlast\n");
    assert_int_equal(caught.bodies, 1);
    assert_int_equal(caught.attachments, 0);
}

static void attachments_in_order(void **state) {
    (void)state;
    assert_int_equal(
        OPEN(MIXED "--b1\r\nContent-Type: text/plain\r\n\r\nsee attached\r\n"
                   "--b1\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; "
                   "filename*=utf-8''l%C3%A9tter.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERi0x\r\n"
                   "--b1\r\nContent-Type: image/png\r\nContent-Disposition: inline\r\n\r\npng\r\n"
                   "--b1\r\nContent-Type: text/plain\r\n\r\na footer\r\n--b1--\r\n"),
        0);
    assert_string_equal(buf_text(&caught.body), "see attached");
    assert_string_equal(buf_text(&caught.names), "létter.pdf|||");
    assert_string_equal(buf_text(&caught.types), "application/pdf|image/png|text/plain|");
    assert_string_equal(buf_text(&caught.bytes[0]), "%PDF-1");
    assert_string_equal(buf_text(&caught.bytes[2]), "a footer");
    assert_false(caught.is_inline[0]);
    assert_true(caught.is_inline[1]);
    assert_non_null(
        strstr(buf_text(&caught.heading), "Attachment: létter.pdf\nAttachment: (without a name)\n"));
}

static void plain_is_preferred_to_html(void **state) {
    (void)state;
    assert_int_equal(OPEN(TOP "MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b1\r\n\r\n"
                              "--b1\r\nContent-Type: text/html\r\n\r\n<p>rich</p>\r\n"
                              "--b1\r\nContent-Type: text/plain\r\n\r\npoor\r\n--b1--\r\n"),
                     0);
    assert_string_equal(buf_text(&caught.body), "poor");
    assert_int_equal(caught.attachments, 0);
    assert_int_equal(OPEN(TOP
                          "MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>only &amp; "
                          "rich</p><script>x</script>\r\n"),
                     0);
    assert_string_equal(buf_text(&caught.body), "only & rich\n");
}

static void related_pictures_are_attachments(void **state) {
    (void)state;
    assert_int_equal(
        OPEN(MIXED
             "--b1\r\nContent-Type: multipart/related; boundary=b2\r\n\r\n"
             "--b2\r\nContent-Type: text/html\r\n\r\n<b>hi</b>\r\n"
             "--b2\r\nContent-Type: image/jpeg\r\nContent-ID: <1@x>\r\n\r\njpeg\r\n--b2--\r\n--b1--\r\n"),
        0);
    assert_string_equal(buf_text(&caught.body), "hi\n");
    assert_int_equal(caught.attachments, 1);
    assert_true(caught.is_inline[0]);
}

static void a_forwarded_mail_comes_whole(void **state) {
    (void)state;
    assert_int_equal(
        OPEN(MIXED
             "--b1\r\nContent-Type: text/plain\r\n\r\nfyi\r\n--b1\r\nContent-Type: message/rfc822\r\n\r\n"
             "From: old@mail.example\r\nSubject: inner\r\n\r\nthe inner body\r\n\r\n--b1--\r\n"),
        0);
    assert_string_equal(buf_text(&caught.types), "message/rfc822|");
    struct buf inner = caught.bytes[0];
    caught.bytes[0] = (struct buf){0};
    struct mail_sink sink = {catch_body, catch_attachment, &caught};
    forget();
    assert_int_equal(mail_open(buf_view(&inner), &sink), 0);
    assert_non_null(strstr(buf_text(&caught.heading), "Subject: inner\n"));
    assert_non_null(strstr(buf_text(&caught.body), "the inner body"));
    buf_drop(&inner);
}

static void character_sets(void **state) {
    (void)state;
    assert_int_equal(OPEN(TOP "Content-Type: text/plain; charset=iso-8859-1\r\n\r\nZo\xeb"), 0);
    assert_string_equal(buf_text(&caught.body), "Zoë");
    assert_int_equal(OPEN(TOP "Content-Type: text/plain; charset=x-unknown-9\r\n\r\nJamie \xe9"), 0);
    assert_string_equal(buf_text(&caught.body), "Jamie é");
    assert_int_equal(OPEN(TOP "Content-Type: text/plain; charset=us-ascii\r\n\r\n\xc2\xa3"
                              "20"),
                     0);
    assert_string_equal(buf_text(&caught.body), "£20");
    assert_int_equal(OPEN(TOP "Content-Type: text/plain; charset=utf-8\r\n\r\nZo\xeb \x80 ok"), 0);
    assert_string_equal(buf_text(&caught.body), "Zoë € ok");
    assert_int_equal(OPEN(TOP "Content-Type: text/plain; charset=utf-16\r\nContent-Transfer-Encoding: "
                              "base64\r\n\r\n//5KAGEAbQBpAGUA\r\n"),
                     0);
    assert_string_equal(buf_text(&caught.body), "Jamie");
    assert_int_equal(OPEN(TOP "\r\nJamie\0Example"), 0);
    assert_string_equal(buf_text(&caught.body), "Jamie Example");
}

static void a_heading_stays_on_its_lines(void **state) {
    (void)state;
    assert_int_equal(OPEN(TOP "Subject: =?utf-8?Q?hello=0D=0ABcc:_x@collect.example?=\r\n\r\nbody"), 0);
    assert_null(strstr(buf_text(&caught.heading), "\nBcc"));
    assert_non_null(strstr(buf_text(&caught.heading), "Subject: hello"));
}

static void an_mbox_line_is_no_header(void **state) {
    (void)state;
    assert_int_equal(OPEN("From pat@mail.example Tue Mar 12 09:14:00 2019\n" TOP "Subject: s\n\nbody\n"), 0);
    assert_string_equal(buf_text(&caught.body), "body\n");
    assert_non_null(strstr(buf_text(&caught.heading), "Subject: s\n"));
}

static void what_is_no_mail(void **state) {
    (void)state;
    assert_int_equal(OPEN(""), ERR_DAMAGED);
    assert_int_equal(OPEN("\r\nJust a body about Jamie Example.\r\n"), ERR_DAMAGED);
    assert_int_equal(OPEN("PK\x03\x04 nothing like a message \0\0\0\0"), ERR_DAMAGED);
    assert_int_equal(caught.bodies, 0);
}

static void parts_that_cannot_be_told_apart(void **state) {
    (void)state;
    assert_int_equal(OPEN(MIXED "--other\r\nContent-Type: text/plain\r\n\r\nlost\r\n--other--\r\n"),
                     ERR_DAMAGED);
    assert_int_equal(caught.bodies, 0);
}

static void half_an_attachment_is_not_a_whole_one(void **state) {
    (void)state;
    assert_int_equal(
        OPEN(MIXED
             "--b1\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERi0"),
        ERR_DAMAGED);
    /* the closing line alone is missing: nothing is lost */
    assert_int_equal(OPEN(MIXED "--b1\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: "
                                "base64\r\n\r\nJVBERi0x\r\n--b1"),
                     0);
    assert_string_equal(buf_text(&caught.bytes[0]), "%PDF-1");
}

static void limits(void **state) {
    (void)state;
    struct buf mail = {0};
    buf_add_text(&mail, MIXED);
    for (int i = 0; i < MAIL_PARTS_MOST + 1; i++)
        buf_add_text(&mail, "--b1\r\nContent-Type: image/png\r\n\r\nx\r\n");
    buf_add_text(&mail, "--b1--\r\n");
    assert_int_equal(open_mail(buf_text(&mail), mail.len), ERR_TOO_LARGE);
    buf_reset(&mail);
    buf_add_text(&mail, TOP);
    for (int i = 0; i < 30; i++)
        buf_print(&mail, "Content-Type: multipart/mixed; boundary=n%d\r\n\r\n--n%d\r\n", i, i);
    buf_add_text(&mail, "\r\nbottom\r\n");
    assert_int_equal(open_mail(buf_text(&mail), mail.len), ERR_TOO_LARGE);
    buf_reset(&mail);
    buf_add_text(&mail, "From: a@mail.example\r\n");
    for (int i = 0; i < 100000; i++)
        buf_print(&mail, "Content-Type: message/rfc822\r\n\r\n");
    assert_int_equal(open_mail(buf_text(&mail), mail.len), ERR_TOO_LARGE);
    buf_reset(&mail);
    buf_add_text(&mail, TOP "Subject: ");
    for (int i = 0; i < (1 << 20); i++)
        buf_add_byte(&mail, 'A');
    buf_add_text(&mail, "\r\n\r\nbody");
    assert_int_equal(open_mail(buf_text(&mail), mail.len), ERR_TOO_LARGE);
    assert_int_equal(caught.bodies, 0);
    buf_drop(&mail);
}

static void the_sink_can_stop(void **state) {
    (void)state;
    forget();
    static const char mail[] = MIXED
        "--b1\r\nContent-Type: image/png\r\n\r\nx\r\n--b1\r\nContent-Type: image/png\r\n\r\ny\r\n--b1--\r\n";
    caught.stop_with = ERR_NO_SPACE;
    struct mail_sink sink = {catch_body, catch_attachment, &caught};
    assert_int_equal(mail_open(view_of(mail, sizeof mail - 1), &sink), ERR_NO_SPACE);
    assert_int_equal(caught.attachments, 1);
}

static int end(void **state) {
    (void)state;
    forget();
    return 0;
}

int main(void) {
    mail_library_start();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plain_mail),
        cmocka_unit_test(attachments_in_order),
        cmocka_unit_test(plain_is_preferred_to_html),
        cmocka_unit_test(related_pictures_are_attachments),
        cmocka_unit_test(a_forwarded_mail_comes_whole),
        cmocka_unit_test(character_sets),
        cmocka_unit_test(a_heading_stays_on_its_lines),
        cmocka_unit_test(an_mbox_line_is_no_header),
        cmocka_unit_test(what_is_no_mail),
        cmocka_unit_test(parts_that_cannot_be_told_apart),
        cmocka_unit_test(half_an_attachment_is_not_a_whole_one),
        cmocka_unit_test(limits),
        cmocka_unit_test(the_sink_can_stop),
    };
    return cmocka_run_group_tests(tests, NULL, end);
}
