/* RTF: unpacked and read. The packed text is the example of [MS-OXRTFCP] 4.1.1. */
#include "base/err.h"
#include "ingest/rtf_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct buf out;

static const uint8_t packed[] = {0x2d, 0x00, 0x00, 0x00, 0x2b, 0x00, 0x00, 0x00, 0x4c, 0x5a, 0x46, 0x75, 0xf1,
                                 0xc5, 0xc7, 0xa7, 0x03, 0x00, 0x0a, 0x00, 0x72, 0x63, 0x70, 0x67, 0x31, 0x32,
                                 0x35, 0x42, 0x32, 0x0a, 0xf3, 0x20, 0x68, 0x65, 0x6c, 0x09, 0x00, 0x20, 0x62,
                                 0x77, 0x05, 0xb0, 0x6c, 0x64, 0x7d, 0x0a, 0x80, 0x0f, 0xa0};

static void unpacks(void **state) {
    (void)state;
    buf_drop(&out);
    assert_int_equal(rtf_unpack(view_of(packed, sizeof packed), &out), 0);
    assert_string_equal(buf_text(&out), "{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n");
    for (size_t cut = 0; cut < sizeof packed - 1; cut++) {
        buf_drop(&out);
        assert_int_equal(rtf_unpack(view_of(packed, cut), &out), ERR_DAMAGED);
    }
    buf_drop(&out);
    assert_int_equal(rtf_unpack(view_of("\x10\0\0\0\x05\0\0\0MELA\0\0\0\0{\\x}", 21), &out), 0);
    assert_string_equal(buf_text(&out), "{\\x}");
    buf_drop(&out);
    assert_int_equal(rtf_unpack(view_of("\x10\0\0\0\xff\xff\xff\xffLZFu\0\0\0\0aaaaa", 21), &out),
                     ERR_TOO_LARGE);
    assert_int_equal(rtf_unpack(view_of("\x10\0\0\0\5\0\0\0ABCD\0\0\0\0aaaaa", 21), &out), ERR_DAMAGED);
}

static const char *text(const char *rtf) {
    buf_drop(&out);
    rtf_text(view_text(rtf), &out);
    return buf_text(&out);
}

static void reads(void **state) {
    (void)state;
    assert_string_equal(text("{\\rtf1\\ansi{\\fonttbl{\\f0 Arial;}}{\\colortbl;\\red0;}\\f0 Dear {\\b "
                             "Pat},\\par\r\nJamie\\~was \\'e9 \\u8364?20\\tab x\\par}"),
                        "Dear Pat,\nJamie was \xc3\xa9 \xe2\x82\xac"
                        "20\tx\n");
    assert_string_equal(
        text("{\\rtf1{\\*\\generator Some;}{\\info{\\author Nobody}}{\\pict\\bin4 }{}}}z\\{\\}\\\\}"),
        "z{}\\");
    assert_string_equal(text("{\\rtf1\\uc2\\u-10179\\'5f\\'5f\\u-8704\\'5f\\'5f!}"), "\xf0\x9f\x98\x80!");
    assert_string_equal(text("{\\rtf1\\fromhtml1 {\\*\\htmltag64 <p>}\\htmlrtf {\\htmlrtf0 "
                             "Hello\\htmlrtf\\par}\\htmlrtf0\\line there}"),
                        "Hello\nthere");
}

static void survives(void **state) {
    (void)state;
    assert_string_equal(text("{{{{"), "");
    assert_string_equal(text("}}}}a\\"), "a");
    assert_string_equal(text("\\'4"), "4");
    assert_string_equal(text("\\bin999999999999 abc"), "");
    struct buf deep = {0};
    for (int i = 0; i < 5000; i++)
        buf_add_text(&deep, "{\\b ");
    buf_add_text(&deep, "x");
    assert_string_equal(text(buf_text(&deep)), "x");
    buf_drop(&deep);
}

static int end(void **state) {
    (void)state;
    buf_drop(&out);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unpacks),
        cmocka_unit_test(reads),
        cmocka_unit_test(survives),
    };
    return cmocka_run_group_tests(tests, NULL, end);
}
