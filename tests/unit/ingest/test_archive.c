/* Archives: written here with libarchive, or by hand where they lie. */
#include "base/err.h"
#include "base/mem.h"
#include "ingest/archive.h"

#include "tests/unit/ingest/caught.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdbool.h>
#include <stdlib.h>

enum { ROOM = 8 << 20 };

static int (*const zip)(struct archive *) = archive_write_set_format_zip;
static int (*const tar)(struct archive *) = archive_write_set_format_pax_restricted;

struct writing {
    struct archive *archive;
    uint8_t *memory;
    size_t used;
};

static struct writing begin(int (*format)(struct archive *), int (*filter)(struct archive *),
                            const char *options) {
    struct writing w = {archive_write_new(), mem_new(ROOM), 0};
    assert_int_equal(format(w.archive), ARCHIVE_OK);
    if (filter)
        assert_int_equal(filter(w.archive), ARCHIVE_OK);
    if (options) {
        assert_int_equal(archive_write_set_options(w.archive, options), ARCHIVE_OK);
        archive_write_set_passphrase(w.archive, "open sesame");
    }
    archive_write_set_bytes_in_last_block(w.archive, 1);
    return w;
}

static void start(struct writing *w) {
    assert_int_equal(archive_write_open_memory(w->archive, w->memory, ROOM, &w->used), ARCHIVE_OK);
}

static void add(struct writing *w, const char *name, const char *bytes, size_t len) {
    struct archive_entry *e = archive_entry_new();
    archive_entry_set_pathname(e, name);
    archive_entry_set_filetype(e, AE_IFREG);
    archive_entry_set_perm(e, 0644);
    archive_entry_set_size(e, (la_int64_t)len);
    assert_int_equal(archive_write_header(w->archive, e), ARCHIVE_OK);
    if (len)
        assert_int_equal(archive_write_data(w->archive, bytes, len), (la_ssize_t)len);
    archive_entry_free(e);
}

static struct view finish(struct writing *w) {
    archive_write_close(w->archive);
    archive_write_free(w->archive);
    return view_of(w->memory, w->used);
}

static int run(struct view bytes) {
    uint8_t *exact = malloc(bytes.len ? bytes.len : 1); /* so that a sanitizer sees one byte too many */
    memcpy(exact, bytes.data, bytes.len);
    forget();
    int err = archive_open(view_of(exact, bytes.len), &catch_sink.parts);
    free(exact);
    return err;
}

static void every_kind(void **state) {
    (void)state;
    const struct {
        int (*format)(struct archive *), (*filter)(struct archive *);
    } kinds[] = {
        {zip, NULL},
        {archive_write_set_format_7zip, NULL},
        {tar, NULL},
        {tar, archive_write_add_filter_gzip},
        {tar, archive_write_add_filter_bzip2},
        {tar, archive_write_add_filter_xz},
        {tar, archive_write_add_filter_zstd},
        {tar, archive_write_add_filter_lzma},
        {tar, archive_write_add_filter_compress},
        {archive_write_set_format_cpio_newc, NULL},
        {archive_write_set_format_ustar, NULL},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct writing w = begin(kinds[i].format, kinds[i].filter, NULL);
        start(&w);
        add(&w, "../../letter.pdf", "%PDF-1", 6);
        add(&w, "b/second.txt", "two", 3);
        add(&w, "empty", "", 0);
        assert_int_equal(run(finish(&w)), 0);
        assert_string_equal(buf_text(&caught.names), "../../letter.pdf|b/second.txt|empty|");
        assert_string_equal(buf_text(&caught.attached), "member|member|member|");
        assert_string_equal(buf_text(&caught.bytes[0]), "%PDF-1");
        assert_string_equal(buf_text(&caught.bytes[1]), "two");
        mem_free(&w.memory);
    }
}

static void one_packed_file(void **state) {
    (void)state;
    struct writing w = begin(archive_write_set_format_raw, archive_write_add_filter_gzip, NULL);
    start(&w);
    add(&w, "x", "%PDF-1.4 and more", 17);
    assert_int_equal(run(finish(&w)), 0);
    assert_string_equal(buf_text(&caught.names), "|");
    assert_string_equal(buf_text(&caught.bytes[0]), "%PDF-1.4 and more");
    mem_free(&w.memory);
}

static void links_are_noted(void **state) {
    (void)state;
    struct writing w = begin(tar, NULL, NULL);
    start(&w);
    for (int i = 0; i < 2; i++) {
        struct archive_entry *e = archive_entry_new();
        archive_entry_set_pathname(e, "link");
        archive_entry_set_filetype(e, AE_IFLNK);
        archive_entry_set_symlink(e, "/etc/hostname");
        assert_int_equal(archive_write_header(w.archive, e), ARCHIVE_OK);
        archive_entry_clear(e);
        archive_entry_set_pathname(e, "folder/");
        archive_entry_set_filetype(e, AE_IFDIR);
        assert_int_equal(archive_write_header(w.archive, e), ARCHIVE_OK);
        archive_entry_free(e);
    }
    add(&w, "file", "x", 1);
    assert_int_equal(run(finish(&w)), 0);
    assert_string_equal(buf_text(&caught.names), "file|");
    assert_string_equal(buf_text(&caught.note_texts),
                        "this archive holds links or devices; they were left out|");
    mem_free(&w.memory);
}

static void locked_members(void **state) {
    (void)state;
    static const char *const options[] = {"zip:encryption=traditional", "zip:encryption=aes256"};
    for (int i = 0; i < 2; i++) {
        struct writing w = begin(zip, NULL, options[i]);
        start(&w);
        add(&w, "secret.txt", "hello", 5);
        struct view bytes = finish(&w);
        assert_int_equal(run(bytes), ERR_LOCKED);
        assert_int_equal(caught.parts, 0);
        assert_int_equal(archive_open_with(bytes, "wrong", &catch_sink.parts), ERR_LOCKED);
        assert_int_equal(caught.parts, 0);
        assert_int_equal(archive_open_with(bytes, "open sesame", &catch_sink.parts), 0);
        assert_string_equal(buf_text(&caught.bytes[0]), "hello");
        mem_free(&w.memory);
    }
}

/* 50 MB of zeros, packed to some kB. */
static void a_bomb(void **state) {
    (void)state;
    static char zeros[1 << 20];
    const struct {
        int (*format)(struct archive *), (*filter)(struct archive *);
    } kinds[] = {{zip, NULL}, {tar, archive_write_add_filter_xz}};
    for (size_t i = 0; i < 2; i++) {
        struct writing w = begin(kinds[i].format, kinds[i].filter, NULL);
        start(&w);
        struct archive_entry *e = archive_entry_new();
        archive_entry_set_pathname(e, "zeros");
        archive_entry_set_filetype(e, AE_IFREG);
        archive_entry_set_size(e, 50 << 20);
        archive_write_header(w.archive, e);
        for (int k = 0; k < 50; k++)
            archive_write_data(w.archive, zeros, sizeof zeros);
        archive_entry_free(e);
        assert_int_equal(run(finish(&w)), ERR_TOO_LARGE);
        assert_int_equal(caught.parts, 0);
        mem_free(&w.memory);
    }
}

static void too_many_members(void **state) {
    (void)state;
    for (int format = 0; format < 2; format++) {
        struct writing w = begin(format ? tar : zip, NULL, NULL);
        start(&w);
        for (int i = 0; i <= ARCHIVE_MEMBERS_MOST; i++)
            add(&w, "same name", "x", 1);
        assert_int_equal(run(finish(&w)), ERR_TOO_MANY);
        assert_int_equal(caught.parts, ARCHIVE_MEMBERS_MOST);
        mem_free(&w.memory);
    }
}

static void put(struct buf *out, uint64_t value, int bytes) {
    for (int i = 0; i < bytes; i++)
        buf_add_byte(out, (uint8_t)(value >> 8 * i));
}

/* A stored member "a" of five bytes, and names that all point at it. */
static void overlapping(struct buf *out, unsigned names) {
    const uint32_t crc = 0x3610A686; /* of "hello" */
    put(out, 0x04034b50, 4), put(out, 20, 2), put(out, 0, 4), put(out, 0, 4), put(out, crc, 4),
        put(out, 5, 4), put(out, 5, 4), put(out, 1, 2), put(out, 0, 2);
    buf_add_text(out, "ahello");
    size_t at = out->len;
    for (unsigned i = 0; i < names; i++) {
        put(out, 0x02014b50, 4), put(out, 20, 2), put(out, 20, 2), put(out, 0, 4), put(out, 0, 4),
            put(out, crc, 4), put(out, 5, 4), put(out, 5, 4), put(out, 1, 2), put(out, 0, 8), put(out, 0, 8);
        buf_add_text(out, "a");
    }
    size_t size = out->len - at;
    put(out, 0x06054b50, 4), put(out, 0, 4), put(out, names, 2), put(out, names, 2), put(out, size, 4),
        put(out, at, 4), put(out, 0, 2);
}

static void names_that_share_their_bytes(void **state) {
    (void)state;
    struct buf out = {0};
    overlapping(&out, 1);
    assert_int_equal(run(buf_view(&out)), 0);
    assert_string_equal(buf_text(&caught.bytes[0]), "hello");
    buf_reset(&out);
    overlapping(&out, 3); /* two of them would be lost */
    assert_int_equal(run(buf_view(&out)), ERR_DAMAGED);
    buf_reset(&out);
    overlapping(&out, 5000);
    assert_int_equal(run(buf_view(&out)), ERR_TOO_MANY);
    assert_int_equal(caught.parts, 0);
    buf_drop(&out);
}

static void what_is_no_archive(void **state) {
    (void)state;
    assert_int_equal(run(view_text("")), ERR_DAMAGED);
    assert_int_equal(run(view_text("just some text, long enough to be looked at by every format")),
                     ERR_DAMAGED);
    assert_int_equal(run(view_text("#mtree\n./x type=file contents=/etc/hostname size=10\n")), ERR_DAMAGED);
    assert_int_equal(caught.parts, 0);
    struct writing w = begin(tar, archive_write_add_filter_gzip, NULL);
    start(&w);
    for (int i = 0; i < 20; i++)
        add(&w, "letter", "some bytes that go on", 21);
    struct view bytes = finish(&w);
    for (size_t cut = 1; cut < bytes.len; cut += 7)
        assert_int_equal(run(view_of(bytes.data, cut)), ERR_DAMAGED);
    mem_free(&w.memory);
}

static void the_sink_can_stop(void **state) {
    (void)state;
    struct writing w = begin(zip, NULL, NULL);
    start(&w);
    add(&w, "1", "x", 1);
    add(&w, "2", "x", 1);
    struct view bytes = finish(&w);
    forget();
    caught.stop_with = ERR_NO_SPACE;
    assert_int_equal(archive_open(bytes, &catch_sink.parts), ERR_NO_SPACE);
    assert_int_equal(caught.parts, 1);
    mem_free(&w.memory);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind),
        cmocka_unit_test(one_packed_file),
        cmocka_unit_test(links_are_noted),
        cmocka_unit_test(locked_members),
        cmocka_unit_test(a_bomb),
        cmocka_unit_test(too_many_members),
        cmocka_unit_test(what_is_no_archive),
        cmocka_unit_test(names_that_share_their_bytes),
        cmocka_unit_test(the_sink_can_stop),
    };
    return cmocka_run_group_tests(tests, NULL, forget_all);
}
