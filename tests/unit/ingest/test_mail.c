/* Mails taken apart: body, attachments, character sets, and what is broken on purpose. */
#include "base/err.h"
#include "ingest/mail.h"
#include "ingest/mail_text.h"

#include "tests/unit/ingest/caught.h"

#include <stdbool.h>

static int open_mail(const char *bytes, size_t len) {
    forget();
    return mail_open(view_of(bytes, len), &catch_sink);
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
    assert_int_equal(caught.parts, 0);
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
    assert_string_equal(buf_text(&caught.attached), "attachment|inline|attachment|");
    assert_non_null(
        strstr(buf_text(&caught.heading), "Attachment: létter.pdf\nAttachment: (without a name)\n"));
}

static void plain_is_preferred_to_html(void **state) {
    (void)state;
    assert_int_equal(OPEN(TOP "MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b1\r\n\r\n"
                              "--b1\r\nContent-Type: text/html\r\n\r\n<p>same words</p>\r\n"
                              "--b1\r\nContent-Type: text/plain\r\n\r\nsame words\r\n--b1--\r\n"),
                     0);
    assert_string_equal(buf_text(&caught.body), "same words");
    assert_int_equal(caught.parts, 0);
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
    assert_int_equal(caught.parts, 1);
    assert_string_equal(buf_text(&caught.attached), "inline|");
}

static void a_forwarded_mail_comes_whole(void **state) {
    (void)state;
    assert_int_equal(
        OPEN(MIXED
             "--b1\r\nContent-Type: text/plain\r\n\r\nfyi\r\n--b1\r\nContent-Type: message/rfc822\r\n\r\n"
             "From: old@mail.example\r\nSubject: inner\r\n\r\nthe inner body\r\n\r\n--b1--\r\n"),
        0);
    assert_string_equal(buf_text(&caught.types), "message/rfc822|");
    assert_string_equal(buf_text(&caught.attached), "mail|");
    struct buf inner = caught.bytes[0];
    caught.bytes[0] = (struct buf){0};
    forget();
    assert_int_equal(mail_open(buf_view(&inner), &catch_sink), 0);
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
    assert_int_equal(OPEN(""), ERR_EMPTY);
    assert_int_equal(OPEN(" \r\n\t\r\n"), ERR_EMPTY);
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
    assert_int_equal(open_mail(buf_text(&mail), mail.len), ERR_TOO_MANY);
    buf_reset(&mail);
    buf_add_text(&mail, TOP);
    for (int i = 0; i < 30; i++)
        buf_print(&mail, "Content-Type: multipart/mixed; boundary=n%d\r\n\r\n--n%d\r\n", i, i);
    buf_add_text(&mail, "\r\nbottom\r\n");
    assert_int_equal(open_mail(buf_text(&mail), mail.len), ERR_TOO_DEEP);
    buf_reset(&mail);
    buf_add_text(&mail, "From: a@mail.example\r\n");
    for (int i = 0; i < 100000; i++)
        buf_print(&mail, "Content-Type: message/rfc822\r\n\r\n");
    assert_int_equal(open_mail(buf_text(&mail), mail.len), ERR_TOO_DEEP);
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
    assert_int_equal(mail_open(view_of(mail, sizeof mail - 1), &catch_sink), ERR_NO_SPACE);
    assert_int_equal(caught.parts, 1);
}

/* ---- what stands beside the body --------------------------------------------------------------------------
 */

#define ALTERNATIVE TOP "MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b1\r\n\r\n"

static void alternatives_that_differ(void **state) {
    (void)state;
    assert_int_equal(OPEN(ALTERNATIVE
                          "--b1\r\nContent-Type: text/plain\r\n\r\nAbout Jamie Example\r\n"
                          "--b1\r\nContent-Type: text/html\r\n\r\n<p>About Robin Example</p>\r\n--b1--\r\n"),
                     0);
    assert_string_equal(buf_text(&caught.body), "About Jamie Example");
    assert_string_equal(buf_text(&caught.types), "text/html|");
    assert_string_equal(buf_text(&caught.attached), "attachment|");
    assert_string_equal(buf_text(&caught.note_texts), "the plain text and the HTML of this mail differ|");
    assert_int_equal(
        OPEN(ALTERNATIVE
             "--b1\r\nContent-Type: text/plain\r\n\r\nAbout *Jamie* Example: see <https://x.example/1>\r\n"
             "--b1\r\nContent-Type: multipart/related; boundary=b2\r\n\r\n"
             "--b2\r\nContent-Type: text/html\r\n\r\n<p>About <b>Jamie</b>&nbsp;Example:<br> <a "
             "href=x>see</a></p>\r\n"
             "--b2\r\nContent-Type: image/png\r\nContent-ID: <1@x>\r\n\r\npng\r\n--b2--\r\n--b1--\r\n"),
        0);
    assert_string_equal(buf_text(&caught.types), "image/png|");
    assert_string_equal(buf_text(&caught.attached), "inline|");
    assert_int_equal(caught.notes, 0);
}

static void an_empty_plain_text_gives_way(void **state) {
    (void)state;
    assert_int_equal(OPEN(ALTERNATIVE
                          "--b1\r\nContent-Type: text/plain\r\n\r\n \r\n\r\n"
                          "--b1\r\nContent-Type: text/html\r\n\r\n<p>seen at home</p>\r\n--b1--\r\n"),
                     0);
    assert_string_equal(buf_text(&caught.body), "seen at home\n");
    assert_int_equal(caught.parts, 0);
}

static void an_invitation_has_a_name(void **state) {
    (void)state;
    assert_int_equal(
        OPEN(ALTERNATIVE
             "--b1\r\nContent-Type: text/plain\r\n\r\ncome\r\n"
             "--b1\r\nContent-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR\r\n--b1--\r\n"),
        0);
    assert_string_equal(buf_text(&caught.names), "invite.ics|");
    assert_string_equal(buf_text(&caught.attached), "attachment|");
    assert_non_null(strstr(buf_text(&caught.heading), "Attachment: invite.ics\n"));
}

#define SIGNED TOP "MIME-Version: 1.0\r\nContent-Type: multipart/signed; boundary=b1\r\n\r\n"

static void a_signed_mail(void **state) {
    (void)state;
    assert_int_equal(
        OPEN(SIGNED
             "--b1\r\nContent-Type: text/plain\r\n\r\nthe body\r\n"
             "--b1\r\nContent-Type: application/pgp-signature; name=signature.asc\r\n\r\nPGP\r\n--b1--\r\n"),
        0);
    assert_string_equal(buf_text(&caught.body), "the body");
    assert_string_equal(buf_text(&caught.attached), "signature|");
    assert_null(strstr(buf_text(&caught.heading), "Attachment"));
}

/* SignedData by hand: 1.2.840.113549.1.7.2 { 1, {}, { 1.2.840.113549.1.7.1, [0] octets } }, the octets in two
 * pieces, indefinite lengths. */
/* Whatever stands beside the text of a signed mail is a document, unless it is a signature by its type. */
static void a_letter_in_a_signed_mail(void **state) {
    (void)state;
    static const char mail[] = TOP "MIME-Version: 1.0\r\nContent-Type: multipart/signed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nhello\r\n"
                               "--b\r\nContent-Type: application/pdf; name=letter.pdf\r\nContent-Disposition: attachment\r\n\r\n%PDF\r\n"
                               "--b\r\nContent-Type: application/pgp-signature\r\n\r\n-----BEGIN PGP SIGNATURE-----\r\n--b--\r\n";
    assert_int_equal(open_mail(mail, sizeof mail - 1), 0);
    assert_string_equal(buf_text(&caught.attached), "attachment|signature|");
}

static void a_mail_in_a_signed_envelope(void **state) {
    (void)state;
    static const char content[] =
        "Content-Type: multipart/mixed; boundary=i\r\n\r\n--i\r\n\r\ninside\r\n--i\r\n"
        "Content-Type: application/pdf\r\n\r\n%PDF\r\n--i--\r\n";
    struct buf der = {0}, mail = {0};
    buf_add(&der, "\x30\x80\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x02\xA0\x80\x30\x80\x02\x01\x01\x31\x00",
            22);
    buf_add(&der, "\x30\x80\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x01\xA0\x80\x24\x80", 17);
    buf_add(&der, "\x04\x0A", 2);
    buf_add(&der, content, 10);
    buf_add(&der, "\x04\x81", 2);
    buf_add_byte(&der, (uint8_t)(sizeof content - 1 - 10));
    buf_add(&der, content + 10, sizeof content - 1 - 10);
    buf_add(&der, "\0\0\0\0\0\0\0\0\0\0\0\0", 12);
    buf_add_text(&mail, TOP "MIME-Version: 1.0\r\nContent-Type: application/pkcs7-mime; "
                            "smime-type=signed-data; name=smime.p7m\r\n"
                            "Content-Transfer-Encoding: binary\r\n\r\n");
    buf_add(&mail, der.data, der.len);
    assert_int_equal(open_mail((const char *)mail.data, mail.len), 0);
    assert_string_equal(buf_text(&caught.body), "inside");
    assert_string_equal(buf_text(&caught.names), "|smime.p7m|");
    assert_string_equal(buf_text(&caught.attached), "attachment|envelope|");
    assert_string_equal(buf_text(&caught.bytes[0]), "%PDF");
    assert_true(view_equal(buf_view(&caught.bytes[1]), buf_view(&der)));
    for (size_t cut = mail.len - der.len; cut < mail.len - 14; cut++) /* never half of it */
        assert_int_not_equal(open_mail((const char *)mail.data, cut), 0);
    buf_drop(&der);
    buf_drop(&mail);
}

static void what_is_locked(void **state) {
    (void)state;
    assert_int_equal(OPEN(TOP "MIME-Version: 1.0\r\nContent-Type: application/pkcs7-mime; "
                              "smime-type=enveloped-data\r\n\r\nabc"),
                     ERR_LOCKED);
    assert_int_equal(
        OPEN(TOP "MIME-Version: 1.0\r\nContent-Type: application/x-pkcs7-mime; smime-type=signed-data\r\n\r\n"
                 "\x30\x0B\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x03"),
        ERR_LOCKED);
    assert_int_equal(OPEN(TOP
                          "MIME-Version: 1.0\r\nContent-Type: multipart/encrypted; boundary=b1\r\n\r\n"
                          "--b1\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n--b1--\r\n"),
                     ERR_LOCKED);
    assert_int_equal(
        OPEN(TOP "\r\nHello\r\n-----BEGIN PGP MESSAGE-----\r\nabc\r\n-----END PGP MESSAGE-----\r\n"),
        ERR_LOCKED);
    assert_int_equal(caught.bodies, 0);
}

static void a_piece_of_a_mail(void **state) {
    (void)state;
    assert_int_equal(
        OPEN(TOP
             "MIME-Version: 1.0\r\nContent-Type: message/partial; id=x; number=1; total=3\r\n\r\nhalf\r\n"),
        ERR_UNKNOWN_KIND);
    assert_int_equal(caught.bodies, 0);
}

static void what_lies_elsewhere_is_not_fetched(void **state) {
    (void)state;
    assert_int_equal(
        OPEN(MIXED "--b1\r\n\r\nsee\r\n--b1\r\nContent-Type: message/external-body; access-type=local-file; "
                   "name=\"/etc/hostname\"\r\n\r\nContent-Type: text/plain\r\n\r\n--b1--\r\n"),
        0);
    assert_int_equal(caught.parts, 0);
    assert_string_equal(buf_text(&caught.note_texts),
                        "a part of this mail is kept elsewhere; it was not fetched|");
}

static void a_file_in_the_text(void **state) {
    (void)state;
    assert_int_equal(OPEN(TOP "\r\nBefore\r\nbegin 644 note.txt\r\n#0V%T\r\n`\r\nend\r\nafter\r\n"), 0);
    assert_string_equal(buf_text(&caught.body), "Before\n[file: note.txt]\nafter\n");
    assert_string_equal(buf_text(&caught.names), "note.txt|");
    assert_string_equal(buf_text(&caught.bytes[0]), "Cat");
    assert_non_null(strstr(buf_text(&caught.heading), "Attachment: note.txt\n"));
}

static void text_outside_the_parts_is_kept(void **state) {
    (void)state;
    assert_int_equal(OPEN(MIXED "This is a multi-part message in MIME "
                                "format.\r\n--b1\r\n\r\nsee\r\n--b1--\r\nJamie was not there.\r\n"),
                     0);
    assert_string_equal(buf_text(&caught.body), "see");
    assert_int_equal(caught.parts, 1);
    assert_non_null(strstr(buf_text(&caught.bytes[0]), "Jamie was not there."));
    assert_string_equal(buf_text(&caught.note_texts), "text stands after the end of this mail|");
}

static void an_inner_multipart_without_parts(void **state) {
    (void)state;
    assert_int_equal(OPEN(MIXED
                          "--b1\r\n\r\nsee\r\n--b1\r\nContent-Type: multipart/mixed; boundary=b2\r\n\r\n"
                          "--b3\r\nContent-Type: application/pdf\r\n\r\nlost\r\n--b3--\r\n--b1--\r\n"),
                     ERR_DAMAGED);
    assert_int_equal(caught.bodies, 0);
}

static void many_forwarded_side_by_side(void **state) {
    (void)state;
    struct buf mail = {0};
    buf_add_text(&mail, MIXED "--b1\r\n\r\nall of them\r\n");
    for (int i = 0; i < 30; i++)
        buf_print(
            &mail,
            "--b1\r\nContent-Type: message/rfc822\r\n\r\nFrom: a@mail.example\r\nSubject: %d\r\n\r\nx\r\n",
            i);
    buf_add_text(&mail, "--b1--\r\n");
    assert_int_equal(open_mail(buf_text(&mail), mail.len), 0);
    assert_int_equal(caught.parts, 30);
    buf_reset(&mail);
    for (int i = 0; i < MAIL_DEPTH_MOST + 2; i++)
        buf_add_text(&mail,
                     "From: a@mail.example\r\nMIME-Version: 1.0\r\nContent-Type: message/rfc822\r\n\r\n");
    buf_add_text(&mail, "From: b@mail.example\r\n\r\nbottom\r\n");
    assert_int_equal(open_mail(buf_text(&mail), mail.len), ERR_TOO_DEEP);
    buf_drop(&mail);
}

static void what_is_no_base64(void **state) {
    (void)state;
    assert_int_equal(OPEN(MIXED "--b1\r\n\r\nsee\r\n--b1\r\nContent-Type: "
                                "application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
                                "!!!not*base64***\r\n--b1--\r\n"),
                     ERR_DAMAGED);
}

static void a_mail_cut_at_a_full_line(void **state) {
    (void)state;
    static const char line[] =
        "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB\r\n";
    struct buf mail = {0};
    buf_add_text(&mail,
                 MIXED "--b1\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n");
    buf_print(&mail, "%s%s", line, line);
    assert_int_equal(open_mail(buf_text(&mail), mail.len), ERR_DAMAGED);
    buf_add_text(&mail, "QQ==\r\n");
    assert_int_equal(open_mail(buf_text(&mail), mail.len), 0);
    assert_string_equal(buf_text(&caught.note_texts),
                        "the closing line of this mail is missing: its end may be lost|");
    buf_drop(&mail);
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
        cmocka_unit_test(alternatives_that_differ),
        cmocka_unit_test(an_empty_plain_text_gives_way),
        cmocka_unit_test(an_invitation_has_a_name),
        cmocka_unit_test(a_signed_mail),
        cmocka_unit_test(a_letter_in_a_signed_mail), cmocka_unit_test(a_mail_in_a_signed_envelope),
        cmocka_unit_test(what_is_locked),
        cmocka_unit_test(a_piece_of_a_mail),
        cmocka_unit_test(what_lies_elsewhere_is_not_fetched),
        cmocka_unit_test(a_file_in_the_text),
        cmocka_unit_test(text_outside_the_parts_is_kept),
        cmocka_unit_test(an_inner_multipart_without_parts),
        cmocka_unit_test(many_forwarded_side_by_side),
        cmocka_unit_test(what_is_no_base64),
        cmocka_unit_test(a_mail_cut_at_a_full_line),
    };
    return cmocka_run_group_tests(tests, NULL, forget_all);
}
