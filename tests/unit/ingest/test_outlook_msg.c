/* Saved Outlook messages, written here with libgsf. */
#include "base/err.h"
#include "ingest/outlook.h"

#include "tests/unit/ingest/caught.h"

#include <gsf/gsf.h>
#include <stdlib.h>

static void put(struct buf *out, uint64_t value, int bytes) {
    for (int i = 0; i < bytes; i++)
        buf_add_byte(out, (uint8_t)(value >> 8 * i));
}

static void stream(GsfOutfile *in, const char *name, struct view bytes) {
    GsfOutput *out = gsf_outfile_new_child(in, name, FALSE);
    if (bytes.len)
        assert_true(gsf_output_write(out, bytes.len, bytes.data));
    gsf_output_close(out);
    g_object_unref(out);
}

static void wide(GsfOutfile *in, const char *name, const char *text) {
    struct buf bytes = {0};
    for (; *text; text++)
        put(&bytes, (uint8_t)*text, 2);
    stream(in, name, buf_view(&bytes));
    buf_drop(&bytes);
}

static void entry(struct buf *out, uint32_t tag, uint64_t value) {
    put(out, tag, 4), put(out, 6, 4), put(out, value, 8);
}

static GsfOutfile *folder(GsfOutfile *in, const char *name) {
    return GSF_OUTFILE(gsf_outfile_new_child(in, name, TRUE));
}

static void leave(GsfOutfile *f) {
    gsf_output_close(GSF_OUTPUT(f));
    g_object_unref(f);
}

static void attachment_make(GsfOutfile *top) {
    struct buf head = {0};
    GsfOutfile *f = folder(top, "__attach_version1.0_#00000000");
    put(&head, 0, 8);
    entry(&head, 0x37050003, 1);
    stream(f, "__properties_version1.0", buf_view(&head));
    wide(f, "__substg1.0_3704001F", "LETTER~1.PDF");
    wide(f, "__substg1.0_3707001F", "letter home.pdf");
    wide(f, "__substg1.0_370E001F", "application/pdf");
    stream(f, "__substg1.0_37010102", view_text("%PDF-1"));
    leave(f);
    buf_drop(&head);
}

static void inner_make(GsfOutfile *top) {
    struct buf head = {0};
    GsfOutfile *f = folder(top, "__attach_version1.0_#00000001");
    put(&head, 0, 8);
    entry(&head, 0x37050003, 5);
    stream(f, "__properties_version1.0", buf_view(&head));
    GsfOutfile *inner = folder(f, "__substg1.0_3701000D");
    buf_reset(&head);
    put(&head, 0, 8), put(&head, 0, 8), put(&head, 0, 8);
    entry(&head, 0x00390040, 131968556400000000ull);
    stream(inner, "__properties_version1.0", buf_view(&head));
    wide(inner, "__substg1.0_0037001F", "inner");
    wide(inner, "__substg1.0_1000001F", "the inner body");
    attachment_make(inner);
    leave(inner);
    leave(f);
    buf_drop(&head);
}

static void link_make(GsfOutfile *top) {
    struct buf head = {0};
    GsfOutfile *f = folder(top, "__attach_version1.0_#00000002");
    put(&head, 0, 8);
    entry(&head, 0x37050003, 7);
    stream(f, "__properties_version1.0", buf_view(&head));
    leave(f);
    buf_drop(&head);
}

enum make { MAKE_PLAIN = 1, MAKE_HTML = 2, MAKE_RTF = 4, MAKE_PARTS = 8 };

static void message_make(struct buf *out, int what) {
    GsfOutput *memory = gsf_output_memory_new();
    GsfOutfile *top = gsf_outfile_msole_new(memory);
    struct buf head = {0};
    put(&head, 0, 8), put(&head, 0, 8), put(&head, 0, 8), put(&head, 0, 8);
    entry(&head, 0x00390040, 131968556400000000ull);
    entry(&head, 0x3FFD0003, 1252);
    entry(&head, 0x3FDE0003, 65001);
    stream(top, "__properties_version1.0", buf_view(&head));
    wide(top, "__substg1.0_0037001F", "Papers for Zo\xeb");
    stream(top, "__substg1.0_0C1A001E", view_text("Pat \xc9xample"));
    wide(top, "__substg1.0_0C1F001F", "/O=RIBBLESHIRE/CN=PAT");
    wide(top, "__substg1.0_5D01001F", "pat@mail.example");
    wide(top, "__substg1.0_0E04001F", "Intake; Other");
    if (what & MAKE_PLAIN)
        wide(top, "__substg1.0_1000001F", "See attached.\r\n");
    if (what & MAKE_HTML)
        stream(top, "__substg1.0_10130102", view_text("<p>Robin \xc3\xa9 only</p>"));
    if (what & MAKE_RTF)
        stream(top, "__substg1.0_10090102",
               view_of("\x20\0\0\0\x10\0\0\0MELA\0\0\0\0{\\rtf1 Hello\\'e9}", 33));
    if (what & MAKE_PARTS) {
        attachment_make(top);
        inner_make(top);
        link_make(top);
    }
    gsf_output_close(GSF_OUTPUT(top));
    buf_add(out, gsf_output_memory_get_bytes(GSF_OUTPUT_MEMORY(memory)), (size_t)gsf_output_size(memory));
    g_object_unref(top);
    g_object_unref(memory);
    buf_drop(&head);
}

static int run(struct view bytes) {
    uint8_t *exact = malloc(bytes.len ? bytes.len : 1);
    memcpy(exact, bytes.data, bytes.len);
    forget();
    int err = outlook_msg_open(view_of(exact, bytes.len), &catch_sink);
    free(exact);
    return err;
}

static void a_message(void **state) {
    (void)state;
    struct buf msg = {0};
    message_make(&msg, MAKE_PLAIN | MAKE_PARTS);
    assert_int_equal(run(buf_view(&msg)), 0);
    assert_string_equal(buf_text(&caught.heading),
                        "From: Pat \xc3\x89xample <pat@mail.example>\nTo: Intake; Other\nDate: Tue, 12 Mar "
                        "2019 09:14:00 +0000\n"
                        "Subject: Papers for Zo\xc3\xab\nAttachment: letter home.pdf\nAttachment: (without a "
                        "name)\nAttachment: (without a name)\n");
    assert_string_equal(buf_text(&caught.body), "See attached.\n");
    assert_string_equal(buf_text(&caught.names), "letter home.pdf||");
    assert_string_equal(buf_text(&caught.types), "application/pdf||");
    assert_string_equal(buf_text(&caught.attached), "attachment|mail|");
    assert_string_equal(buf_text(&caught.bytes[0]), "%PDF-1");
    assert_string_equal(buf_text(&caught.note_texts),
                        "an attachment of this message is only a link; it was not fetched|");
    buf_drop(&msg);
}

static void a_message_in_a_message(void **state) {
    (void)state;
    struct buf msg = {0}, inner = {0};
    message_make(&msg, MAKE_PLAIN | MAKE_PARTS);
    assert_int_equal(run(buf_view(&msg)), 0);
    buf_add(&inner, caught.bytes[1].data, caught.bytes[1].len);
    assert_int_equal(run(buf_view(&inner)), 0);
    assert_string_equal(
        buf_text(&caught.heading),
        "Date: Tue, 12 Mar 2019 09:14:00 +0000\nSubject: inner\nAttachment: letter home.pdf\n");
    assert_string_equal(buf_text(&caught.body), "the inner body");
    assert_string_equal(buf_text(&caught.bytes[0]), "%PDF-1");
    buf_drop(&msg);
    buf_drop(&inner);
}

static void which_body(void **state) {
    (void)state;
    struct buf msg = {0};
    message_make(&msg, MAKE_HTML);
    assert_int_equal(run(buf_view(&msg)), 0);
    assert_string_equal(buf_text(&caught.body), "Robin \xc3\xa9 only\n");
    assert_int_equal(caught.parts, 0);
    buf_reset(&msg);
    message_make(&msg, MAKE_RTF);
    assert_int_equal(run(buf_view(&msg)), 0);
    assert_string_equal(buf_text(&caught.body), "Hello\xc3\xa9");
    buf_reset(&msg);
    message_make(&msg, MAKE_PLAIN | MAKE_HTML);
    assert_int_equal(run(buf_view(&msg)), 0);
    assert_string_equal(buf_text(&caught.body), "See attached.\n");
    assert_string_equal(buf_text(&caught.types), "text/html|");
    assert_string_equal(buf_text(&caught.note_texts), "the plain text and the HTML of this mail differ|");
    buf_drop(&msg);
}

static void what_is_no_message(void **state) {
    (void)state;
    static uint8_t head_only[1024] = {0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1};
    assert_int_equal(run(view_text("")), ERR_DAMAGED);
    assert_int_equal(run(view_text("not one at all")), ERR_DAMAGED);
    assert_int_equal(run(view_of(head_only, sizeof head_only)), ERR_DAMAGED);
    struct buf msg = {0};
    message_make(&msg, MAKE_PLAIN | MAKE_PARTS);
    for (size_t cut = 0; cut + 512 < msg.len; cut += 512)
        assert_int_not_equal(run(view_of(msg.data, cut)), 0);
    for (size_t i = 0; i < msg.len; i += 5) {
        msg.data[i] ^= 0x55;
        run(buf_view(&msg)); /* whatever it is, the process goes on */
        msg.data[i] ^= 0x55;
    }
    buf_drop(&msg);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message),
        cmocka_unit_test(a_message_in_a_message),
        cmocka_unit_test(which_body),
        cmocka_unit_test(what_is_no_message),
    };
    mail_library_start();
    return cmocka_run_group_tests(tests, NULL, forget_all);
}
