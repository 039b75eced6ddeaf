/* What a file is, by its content. */
#include "base/mem.h"
#include "ingest/sniff.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define KIND(bytes) sniff_kind(view_of(bytes, sizeof bytes - 1))

static void kinds_by_content(void **state) {
    (void)state;
    assert_int_equal(KIND(""), CONTENT_EMPTY);
    assert_int_equal(KIND(" \r\n\r\n\t"), CONTENT_EMPTY);
    assert_int_equal(KIND("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), CONTENT_PDF);
    assert_int_equal(KIND("\n\n some rubbish\n%PDF-1.4\n\x01\x02"), CONTENT_PDF);
    assert_int_equal(KIND("II*\0\x08\0\0\0"), CONTENT_TIFF);
    assert_int_equal(KIND("MM\0*\0\0\0\x08"), CONTENT_TIFF);
    assert_int_equal(KIND("\xFF\xD8\xFF\xE0\0\x10JFIF"), CONTENT_JPEG);
    assert_int_equal(KIND("\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), CONTENT_PNG);
    assert_int_equal(KIND("Visit to Jamie.\nAll well.\n"), CONTENT_TEXT);
    assert_int_equal(KIND("PK\x03\x04\x14\0\x06\0\x08\0"), CONTENT_OTHER);
    assert_int_equal(KIND("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), CONTENT_OTHER);
    assert_int_equal(KIND("MZ\x90\0 only a stub"), CONTENT_OTHER);
    assert_int_equal(KIND("<html><body>hello</body></html>"), CONTENT_OTHER);
}

static void mails(void **state) {
    (void)state;
    assert_int_equal(KIND("From: a@mail.example\r\nSubject: hello\r\n\r\nbody"), CONTENT_MAIL);
    assert_int_equal(KIND("Received: from x\r\n by y;\r\n\tMon\r\nFrom: a@mail.example\n\nx"), CONTENT_MAIL);
    assert_int_equal(KIND("From pat@mail.example Tue Mar 12 09:14:00 2019\nFrom: a@b\nTo: c@d\n\nx"),
                     CONTENT_MAIL);
    assert_int_equal(KIND("X-Test-Data: invented\nfrom: a@b\nsubject: y\n\nx %PDF-1.4 is mentioned"),
                     CONTENT_MAIL);
    assert_int_equal(KIND("\r\nJust a body about Jamie Example.\r\n"), CONTENT_TEXT);
    assert_int_equal(KIND("Note: call back\nTime: 3pm\nplain words follow\n"), CONTENT_TEXT);
    assert_int_equal(KIND("From: a\nthis line is no header\nTo: b\n"), CONTENT_TEXT);
}

static void words_for_people(void **state) {
    (void)state;
    char *text = sniff_describe(view_of("%PDF-1.7\n", 9));
    assert_non_null(strstr(text, "PDF document"));
    mem_free(&text);
    text = sniff_describe(view_of("", 0));
    assert_string_equal(text, "empty");
    mem_free(&text);
    text = sniff_describe(view_of("\x01\x02\x03\xff\xfe", 5));
    for (char *at = text; *at; at++)
        assert_true(*at >= 0x20 && *at < 0x7F);
    assert_true(strlen(text) <= 100);
    mem_free(&text);
    assert_string_equal(content_kind_text(CONTENT_MAIL), "mail");
    assert_string_equal(content_kind_text(CONTENT_OTHER), "other");
}

int main(void) {
    sniff_load();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kinds_by_content),
        cmocka_unit_test(mails),
        cmocka_unit_test(words_for_people),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
