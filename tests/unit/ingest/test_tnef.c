/* winmail.dat, made here byte by byte. */
#include "base/err.h"
#include "ingest/outlook.h"

#include "tests/unit/ingest/caught.h"

#include <stdlib.h>

static void put(struct buf *out, uint64_t value, int bytes) {
    for (int i = 0; i < bytes; i++)
        buf_add_byte(out, (uint8_t)(value >> 8 * i));
}

static void put_wide(struct buf *out, const char *text) { /* with its end */
    do
        put(out, (uint8_t)*text, 2);
    while (*text++);
}

static void attribute(struct buf *out, int level, uint32_t id, struct view bytes) {
    unsigned sum = 0;
    for (size_t i = 0; i < bytes.len; i++)
        sum += bytes.data[i];
    put(out, (unsigned)level, 1), put(out, id, 4), put(out, bytes.len, 4);
    buf_add(out, bytes.data, bytes.len);
    put(out, sum & 0xFFFF, 2);
}

static void sized(struct buf *out, uint32_t tag, struct view value) {
    put(out, tag & 0xFFFF, 2), put(out, tag >> 16, 2), put(out, 1, 4), put(out, value.len, 4);
    buf_add(out, value.data, value.len);
    while (out->len % 4)
        buf_add_byte(out, 0);
}

static void wide(struct buf *out, uint32_t tag, const char *text) {
    struct buf value = {0};
    put_wide(&value, text);
    sized(out, tag, buf_view(&value));
    buf_drop(&value);
}

static void message_make(struct buf *out) {
    struct buf block = {0};
    put(out, 0x223E9F78, 4), put(out, 1, 2);
    put(&block, 1252, 4), put(&block, 0, 4);
    attribute(out, 1, 0x00069007, buf_view(&block));
    attribute(out, 1, 0x00018004, view_of("Old subject\0", 12));
    buf_reset(&block);
    put(&block, 5, 4);
    wide(&block, 0x0037001F, "Papers for Zo\xeb"); /* U+00EB */
    wide(&block, 0x0C1A001F, "Pat Tester");
    sized(&block, 0x5D01001E, view_text("pat@mail.example"));
    put(&block, 0x0040, 2), put(&block, 0x0039, 2),
        put(&block, 131968556400000000ull, 8); /* 12 March 2019 09:14 */
    put(&block, 0x001F, 2), put(&block, 0x8001, 2), put(&block, 0, 8), put(&block, 0, 8), put(&block, 1, 4),
        put(&block, 6, 4);
    put_wide(&block, "ab"), put(&block, 0, 2), put(&block, 1, 4), put(&block, 4, 4), put_wide(&block, "z");
    attribute(out, 1, 0x00069003, buf_view(&block));
    attribute(out, 1, 0x0002800C, view_of("See attached, \xe9\r\n\0", 18));
    attribute(out, 2, 0x00069002, view_of("\1\0\0\0\0\0\0\0\0\0\0\0\0\0", 14));
    attribute(out, 2, 0x00018010, view_of("LETTER~1.PDF\0", 13));
    attribute(out, 2, 0x0006800F, view_text("%PDF-1"));
    buf_reset(&block);
    put(&block, 1, 4);
    wide(&block, 0x3707001F, "letter home.pdf");
    attribute(out, 2, 0x00069005, buf_view(&block));
    attribute(out, 2, 0x00069002, view_of("\1\0\0\0\0\0\0\0\0\0\0\0\0\0", 14));
    buf_reset(&block);
    put(&block, 1, 4);
    sized(&block, 0x3701000D, view_of("\x07\x03\x02\0\0\0\0\0\xC0\0\0\0\0\0\0\x46\x78\x9f\x3e\x22inner", 25));
    attribute(out, 2, 0x00069005, buf_view(&block));
    buf_drop(&block);
}

static int run(struct view bytes) {
    uint8_t *exact = malloc(bytes.len ? bytes.len : 1);
    memcpy(exact, bytes.data, bytes.len);
    forget();
    int err = tnef_open(view_of(exact, bytes.len), &catch_sink);
    free(exact);
    return err;
}

static void a_message(void **state) {
    (void)state;
    struct buf tnef = {0};
    message_make(&tnef);
    assert_int_equal(run(buf_view(&tnef)), 0);
    assert_string_equal(
        buf_text(&caught.heading),
        "From: Pat Tester <pat@mail.example>\nDate: Tue, 12 Mar 2019 09:14:00 +0000\n"
        "Subject: Papers for Zo\xc3\xab\nAttachment: letter home.pdf\nAttachment: (without a name)\n");
    assert_string_equal(buf_text(&caught.body), "See attached, \xc3\xa9\n");
    assert_string_equal(buf_text(&caught.names), "letter home.pdf||");
    assert_string_equal(buf_text(&caught.attached), "attachment|mail|");
    assert_string_equal(buf_text(&caught.bytes[0]), "%PDF-1");
    assert_memory_equal(caught.bytes[1].data, "\x78\x9f\x3e\x22inner", 9);
    buf_drop(&tnef);
}

static void dates_without_properties(void **state) {
    (void)state;
    struct buf tnef = {0}, date = {0};
    put(&tnef, 0x223E9F78, 4), put(&tnef, 1, 2);
    put(&date, 2020, 2), put(&date, 2, 2), put(&date, 29, 2), put(&date, 23, 2), put(&date, 59, 2),
        put(&date, 1, 2), put(&date, 6, 2);
    attribute(&tnef, 1, 0x00038005, buf_view(&date));
    assert_int_equal(run(buf_view(&tnef)), 0);
    assert_string_equal(buf_text(&caught.heading), "Date: Sat, 29 Feb 2020 23:59:01 +0000\n");
    buf_drop(&tnef);
    buf_drop(&date);
}

static void cut_or_changed(void **state) {
    (void)state;
    struct buf tnef = {0};
    message_make(&tnef);
    size_t whole = 0;
    for (size_t cut = 0; cut < tnef.len; cut++)
        whole += run(view_of(tnef.data, cut)) == 0;
    assert_int_equal(whole, 9); /* after each attribute but the last: nothing tells that more should come */
    for (size_t i = 0; i < tnef.len; i++) {
        tnef.data[i] ^= 0x55;
        run(buf_view(&tnef)); /* whatever it is, the process goes on */
        tnef.data[i] ^= 0x55;
    }
    assert_int_equal(run(view_text("x\x9f\x3e\x22")), ERR_DAMAGED);
    assert_int_equal(run(view_text("")), ERR_DAMAGED);
    buf_drop(&tnef);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message),
        cmocka_unit_test(dates_without_properties),
        cmocka_unit_test(cut_or_changed),
    };
    mail_library_start();
    return cmocka_run_group_tests(tests, NULL, forget_all);
}
