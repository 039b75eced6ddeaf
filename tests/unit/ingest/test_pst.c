/* An Outlook mailbox file with one mail and one attachment, made here ([MS-PST], the 64-bit form), and read
 * as the helper reads it: without a file system, without files that may grow. */
#include "base/confine.h"
#include "base/err.h"
#include "ingest/mailbox_file.h"

#include "tests/unit/ingest/caught.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void put(struct buf *out, uint64_t value, int bytes) {
    for (int i = 0; i < bytes; i++)
        buf_add_byte(out, (uint8_t)(value >> 8 * i));
}

static void set(struct buf *out, size_t at, uint64_t value, int bytes) {
    for (int i = 0; i < bytes; i++)
        out->data[at + (size_t)i] = (uint8_t)(value >> 8 * i);
}

/* ---- a heap on a node (2.3.1)
 * ------------------------------------------------------------------------------ */

struct heap {
    struct buf bytes;
    size_t at[32];
    unsigned count;
};

static uint32_t heap_add(struct heap *h, struct view bytes) { /* returns its number, as others name it */
    h->at[h->count++] = h->bytes.len;
    if (bytes.len)
        buf_add(&h->bytes, bytes.data, bytes.len);
    return h->count << 5;
}

static struct heap heap_begin(unsigned kind) {
    struct heap h = {0};
    put(&h.bytes, 0, 2), put(&h.bytes, 0xEC, 1), put(&h.bytes, kind, 1), put(&h.bytes, 0x20, 4),
        put(&h.bytes, 0, 4);
    return h;
}

static void heap_end(struct heap *h) {
    size_t end = h->bytes.len;
    set(&h->bytes, 0, end, 2);
    put(&h->bytes, h->count, 2), put(&h->bytes, 0, 2);
    for (unsigned i = 0; i < h->count; i++)
        put(&h->bytes, h->at[i], 2);
    put(&h->bytes, end, 2);
}

/* ---- properties (2.3.3)
 * ---------------------------------------------------------------------------------------- */

struct property {
    uint32_t tag;
    const char *text; /* NULL: value */
    uint32_t value;
};

static void properties_make(const struct property *list, size_t count, struct heap *h) {
    struct buf records = {0}, block = {0};
    *h = heap_begin(0xBC);
    put(&block, 0xB5, 1), put(&block, 2, 1), put(&block, 6, 1), put(&block, 0, 1), put(&block, 0x40, 4);
    heap_add(h, buf_view(&block));
    unsigned next = 3;
    for (size_t i = 0; i < count; i++) {
        put(&records, list[i].tag >> 16, 2), put(&records, list[i].tag & 0xFFFF, 2);
        put(&records, list[i].text ? next++ << 5 : list[i].value, 4);
    }
    heap_add(h, buf_view(&records));
    for (size_t i = 0; i < count; i++) {
        buf_reset(&block);
        for (const char *p = list[i].text; p && *p; p++)
            put(&block, (uint8_t)*p, (list[i].tag & 0xFFFF) == 0x1F ? 2 : 1);
        if (list[i].text)
            heap_add(h, buf_view(&block));
    }
    heap_end(h);
    buf_drop(&records);
    buf_drop(&block);
}

/* The table of attachments with one row (2.3.4). */
static void table_make(uint32_t row_id, struct heap *h) {
    struct buf block = {0};
    *h = heap_begin(0x7C);
    put(&block, 0x7C, 1), put(&block, 2, 1), put(&block, 8, 2), put(&block, 8, 2), put(&block, 8, 2),
        put(&block, 9, 2);
    put(&block, 0x40, 4), put(&block, 0x80, 4), put(&block, 0, 4);
    put(&block, 0x37050003, 4), put(&block, 4, 2), put(&block, 4, 1), put(&block, 1, 1);
    put(&block, 0x67F20003, 4), put(&block, 0, 2), put(&block, 4, 1), put(&block, 0, 1);
    heap_add(h, buf_view(&block));
    buf_reset(&block);
    put(&block, 0xB5, 1), put(&block, 4, 1), put(&block, 4, 1), put(&block, 0, 1), put(&block, 0x60, 4);
    heap_add(h, buf_view(&block));
    buf_reset(&block);
    put(&block, row_id, 4), put(&block, 0, 4);
    heap_add(h, buf_view(&block));
    buf_reset(&block);
    put(&block, row_id, 4), put(&block, 1, 4), put(&block, 0xC0, 1);
    heap_add(h, buf_view(&block));
    heap_end(h);
    buf_drop(&block);
}

/* ---- the file
 * ------------------------------------------------------------------------------------------------ */

enum { BLOCKS = 0x400, NODES = 0x600, DATA = 0x800, PAGE = 512 };

static void block_add(struct buf *file, uint64_t id, struct view bytes) {
    size_t entry = BLOCKS + 24u * file->data[BLOCKS + 488]++;
    set(file, entry, id, 8), set(file, entry + 8, file->len, 8), set(file, entry + 16, bytes.len, 2),
        set(file, entry + 18, 2, 2);
    buf_add(file, bytes.data, bytes.len);
    while (file->len % 64)
        buf_add_byte(file, 0);
}

static void node_add(struct buf *file, uint64_t id, uint64_t data, uint64_t sub, uint32_t parent) {
    size_t entry = NODES + 32u * file->data[NODES + 488]++;
    set(file, entry, id, 8), set(file, entry + 8, data, 8), set(file, entry + 16, sub, 8),
        set(file, entry + 24, parent, 4);
}

static void page_end(struct buf *file, size_t page, unsigned kind, unsigned unit, uint64_t id) {
    set(file, page + 489, 488 / unit, 1), set(file, page + 490, unit, 1), set(file, page + 496, kind, 1),
        set(file, page + 497, kind, 1);
    set(file, page + 504, id, 8);
}

static void file_make(struct buf *file) {
    static const struct property store[] = {{0x3001001F, "Mailbox", 0}};
    static const struct property mail[] = {
        {0x001A001F, "IPM.Note", 0},          {0x0037001F, "Papers for Zo\xeb", 0},
        {0x0042001F, "Pat Tester", 0},        {0x0064001F, "SMTP", 0},
        {0x0065001F, "pat@mail.example", 0},  {0x0E04001F, "Intake; Example, Lorna", 0},
        {0x1000001F, "See attached.\r\n", 0},
    };
    static const struct property attachment[] = {
        {0x37010102, "%PDF-1", 0},          {0x3704001F, "LETTER~1.PDF", 0},    {0x37050003, NULL, 1},
        {0x3707001F, "letter home.pdf", 0}, {0x370E001F, "application/pdf", 0},
    };
    struct heap h;
    struct buf sub = {0};
    memset(buf_room(file, DATA), 0, DATA);
    memcpy(file->data, "!BDN", 4);
    set(file, 8, 0x4D53, 2), set(file, 0x0A, 23, 2), set(file, 0x0C, 19, 2);
    set(file, 0xD8, 0x11, 8), set(file, 0xE0, NODES, 8), set(file, 0xE8, 0x12, 8), set(file, 0xF0, BLOCKS, 8);
    properties_make(store, 1, &h);
    block_add(file, 4, buf_view(&h.bytes));
    buf_drop(&h.bytes);
    properties_make(mail, sizeof mail / sizeof *mail, &h);
    block_add(file, 8, buf_view(&h.bytes));
    buf_drop(&h.bytes);
    table_make(0x8025, &h);
    block_add(file, 12, buf_view(&h.bytes));
    buf_drop(&h.bytes);
    properties_make(attachment, sizeof attachment / sizeof *attachment, &h);
    block_add(file, 16, buf_view(&h.bytes));
    buf_drop(&h.bytes);
    put(&sub, 2, 1), put(&sub, 0, 1), put(&sub, 2, 2), put(&sub, 0, 4);
    put(&sub, 0x671, 8), put(&sub, 12, 8), put(&sub, 0, 8), put(&sub, 0x8025, 8), put(&sub, 16, 8),
        put(&sub, 0, 8);
    block_add(file, 18, buf_view(&sub));
    buf_drop(&sub);
    node_add(file, 0x21, 4, 0, 0);
    node_add(file, 0x122, 4, 0, 0x122);
    node_add(file, 0x200024, 8, 18, 0x122);
    page_end(file, BLOCKS, 0x80, 24, 0x12);
    page_end(file, NODES, 0x81, 32, 0x11);
    set(file, 0xB8, file->len, 8);
}

/* ---- tests
 * ----------------------------------------------------------------------------------------------------- */

static int run(struct view bytes) {
    uint8_t *exact = malloc(bytes.len ? bytes.len : 1);
    memcpy(exact, bytes.data, bytes.len);
    forget();
    int err = pst_mails_open(view_of(exact, bytes.len), &catch_sink.parts);
    free(exact);
    return err;
}

static void a_mail_with_an_attachment(void **state) {
    (void)state;
    struct buf file = {0}, mail = {0};
    file_make(&file);
    assert_int_equal(run(buf_view(&file)), 0);
    assert_string_equal(buf_text(&caught.attached), "mail|");
    buf_add(&mail, caught.bytes[0].data, caught.bytes[0].len);
    forget();
    assert_int_equal(mail_open(buf_view(&mail), &catch_sink), 0);
    assert_non_null(strstr(buf_text(&caught.heading), "From: Pat Tester <pat@mail.example>\n"));
    assert_non_null(strstr(buf_text(&caught.heading), "Lorna"));
    assert_non_null(
        strstr(buf_text(&caught.heading), "Subject: Papers for Zo\xc3\xab\nAttachment: letter home.pdf\n"));
    assert_string_equal(buf_text(&caught.body), "See attached.\n");
    assert_string_equal(buf_text(&caught.bytes[0]), "%PDF-1");
    assert_string_equal(buf_text(&caught.types), "application/pdf|");
    buf_drop(&file);
    buf_drop(&mail);
}

static void what_is_no_mailbox_file(void **state) {
    (void)state;
    struct buf file = {0};
    file_make(&file);
    assert_int_equal(run(view_text("")), ERR_DAMAGED);
    assert_int_equal(run(view_text("!BDN and nothing behind it")), ERR_DAMAGED);
    assert_int_equal(run(view_of(file.data, 0x300)), ERR_DAMAGED);
    assert_int_equal(run(view_of(file.data, DATA)), ERR_DAMAGED);
    file.data[0x0A] = 99;
    assert_int_equal(run(buf_view(&file)), ERR_DAMAGED);
    file.data[0x0A] = 23;
    file.data[0x201] = 0x10;
    assert_int_equal(run(buf_view(&file)), ERR_LOCKED);
    buf_drop(&file);
}

/* In a process that has given up everything a helper gives up. */
static void under_confinement(void **state) {
    (void)state;
    static const char *const readable[] = {"/usr", "/lib", NULL};
    struct buf file = {0};
    int status;
    file_make(&file);
    pid_t pid = fork();
    if (pid == 0) {
        int err = confine_files(readable);
        if (err && err != ERR_NOT_FOUND) /* a kernel without Landlock */
            _exit(10);
        if (confine_limits(3ul << 30, 20) || confine_calls(0))
            _exit(11);
        forget();
        err = pst_mails_open(buf_view(&file), &catch_sink.parts);
        _exit(err ? 12 : caught.parts == 1 ? 0 : 13);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    buf_drop(&file);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mail_with_an_attachment),
        cmocka_unit_test(what_is_no_mailbox_file),
        cmocka_unit_test(under_confinement),
    };
    mail_library_start();
    return cmocka_run_group_tests(tests, NULL, forget_all);
}
