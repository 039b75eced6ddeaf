/* What is seen of an office file before the converter gets it, and the converter's private folder. */
#include "base/err.h"
#include "base/mem.h"
#include "ingest/office.h"
#include "ingest/office_folder.h"
#include "ingest/office_package.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define COMPOUND "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"

static void put(struct buf *out, uint32_t value, int bytes) {
    for (int i = 0; i < bytes; i++)
        buf_add_byte(out, (uint8_t)((uint64_t)value >> (i < 4 ? 8 * i : 32)));
}

/* A zip of stored members: name, body, name, body, NULL. */
static struct buf zip_of(const char *const *members, uint32_t options) {
    struct buf zip = {0}, list = {0};
    uint32_t count = 0;
    for (; *members; members += 2, count++) {
        uint32_t start = (uint32_t)zip.len, len = (uint32_t)strlen(members[1]), name = (uint32_t)strlen(members[0]);
        buf_add(&list, "PK\1\2", 4), put(&list, 20, 4), put(&list, options, 2), put(&list, 0, 10);
        put(&list, len, 4), put(&list, len, 4), put(&list, name, 2), put(&list, 0, 12), put(&list, start, 4);
        buf_add_text(&list, members[0]);
        buf_add(&zip, "PK\3\4", 4), put(&zip, 20, 2), put(&zip, options, 2), put(&zip, 0, 10);
        put(&zip, len, 4), put(&zip, len, 4), put(&zip, name, 2), put(&zip, 0, 2);
        buf_add_text(&zip, members[0]);
        buf_add_text(&zip, members[1]);
    }
    uint32_t start = (uint32_t)zip.len, len = (uint32_t)list.len;
    buf_add(&zip, list.data, list.len);
    buf_add(&zip, "PK\5\6", 4), put(&zip, 0, 4), put(&zip, count, 2), put(&zip, count, 2), put(&zip, len, 4), put(&zip, start, 4);
    put(&zip, 0, 2);
    buf_drop(&list);
    return zip;
}

static int way_err(const char *ending, struct buf bytes, struct office_way *way) {
    int err = office_way_of(ending, buf_view(&bytes), way);
    buf_drop(&bytes);
    return err;
}

static struct buf compound(const char *at_sector, size_t len, const char *stream) {
    struct buf bytes = {0};
    buf_add(&bytes, COMPOUND, 8);
    memset(buf_room(&bytes, 2040), 0, 2040);
    if (len)
        memcpy(bytes.data + 512, at_sector, len);
    for (size_t i = 0; stream && stream[i]; i++)
        bytes.data[1100 + 2 * i] = (uint8_t)stream[i];
    return bytes;
}

static void packages(void **state) {
    (void)state;
    static const char *const word[] = {"[Content_Types].xml", "..wordprocessingml.document.main..", "word/document.xml", "<w/>", NULL};
    static const char *const other[] = {"a.txt", "hello", NULL};
    struct office_way way = {0};
    assert_int_equal(way_err("docx", zip_of(word, 0), &way), 0);
    assert_string_equal(way.import, "MS Word 2007 XML");
    assert_non_null(strstr(way.export, "pdf:writer_pdf_Export:{"));
    assert_int_equal(way_err("xlsx", zip_of(word, 0), &way), ERR_DAMAGED);
    assert_int_equal(way_err("docx", zip_of(other, 0), &way), ERR_DAMAGED);
    assert_int_equal(way_err("docx", zip_of(word, 1), &way), ERR_LOCKED);
    assert_int_equal(way_err("docx", compound("", 0, "EncryptedPackage"), &way), ERR_LOCKED);
    assert_int_equal(way_err("docx", compound("", 0, "EncryptedPackages"), &way), ERR_DAMAGED);
    assert_int_equal(office_way_of("docx", view_text(""), &way), ERR_DAMAGED);
    assert_int_equal(office_way_of("com", view_text("MZ"), &way), ERR_UNKNOWN_KIND);
}

static void open_documents(void **state) {
    (void)state;
    static const char *const calc[] = {"mimetype", "application/vnd.oasis.opendocument.spreadsheet", "META-INF/manifest.xml", "<m/>", NULL};
    static const char *const sealed[] = {"mimetype", "application/vnd.oasis.opendocument.text", "META-INF/manifest.xml",
                                         "<manifest:encryption-data/>", NULL};
    struct office_way way = {0};
    assert_int_equal(way_err("ods", zip_of(calc, 0), &way), 0);
    assert_string_equal(way.import, "calc8");
    assert_int_equal(way_err("odt", zip_of(calc, 0), &way), ERR_DAMAGED);
    assert_int_equal(way_err("odt", zip_of(sealed, 0), &way), ERR_LOCKED);
}

static void old_kinds(void **state) {
    (void)state;
    struct office_way way = {0};
    assert_int_equal(way_err("doc", compound("\xEC\xA5\xC1\0\0\0\0\0\0\0\0\0", 12, "WordDocument"), &way), 0);
    assert_string_equal(way.import, "MS Word 97");
    assert_int_equal(way_err("doc", compound("\xEC\xA5\xC1\0\0\0\0\0\0\0\0\1", 12, "WordDocument"), &way), ERR_LOCKED);
    assert_int_equal(way_err("doc", compound("\xDC\xA5\x68\0\0\0\0\0\0\0\0\0", 12, "WordDocument"), &way), 0);
    assert_string_equal(way.import, "MS Word 95");
    assert_int_equal(way_err("doc", compound("\xDC\xA5\x65\0\0\0\0\0\0\0\0\0", 12, "WordDocument"), &way), 0);
    assert_string_equal(way.import, "MS WinWord 6");
    assert_int_equal(way_err("xls", compound("\x09\x08\x04\0\1\2\3\4\x2F\0\4\0", 12, "Workbook"), &way), ERR_LOCKED);
    assert_int_equal(way_err("xls", compound("\x09\x08\x04\0\1\2\3\4\x86\0\0\0\x2F\0\4\0", 16, "Workbook"), &way), ERR_LOCKED);
    assert_int_equal(way_err("xls", compound("\x09\x08\x04\0\1\2\3\4\xE1\0\0\0\x2F\0\4\0", 16, "Workbook"), &way), 0);
    assert_string_equal(way.import, "MS Excel 97");
    assert_int_equal(way_err("xls", compound("\x09\x08\x08\0", 4, "Book"), &way), 0);
    assert_string_equal(way.import, "MS Excel 5.0/95");
    assert_int_equal(way_err("ppt", compound("", 0, "EncryptedSummary"), &way), ERR_LOCKED);
    assert_int_equal(office_way_of("doc", view_text("plain words"), &way), ERR_DAMAGED);
    assert_int_equal(office_way_of("rtf", view_text("{\\rtf1 hello}"), &way), 0);
    assert_int_equal(office_way_of("rtf", view_text("hello"), &way), ERR_DAMAGED);
}

static void commas(void **state) {
    (void)state;
    struct office_way way = {0};
    assert_int_equal(office_way_of("csv", view_text("a;b;c\n1,2;3;4\n"), &way), 0);
    assert_non_null(strstr(way.import, ":59,34,76,1,1/2/"));
    assert_int_equal(office_way_of("csv", view_text("Zo\xEB,2"), &way), 0);
    assert_non_null(strstr(way.import, ":44,34,1,1,"));
    assert_int_equal(office_way_of("csv", view_text("a\tb,c\td"), &way), 0);
    assert_non_null(strstr(way.import, ":9,34,76,"));
    assert_int_equal(office_way_of("csv", view_of("a,\0b", 4), &way), ERR_DAMAGED);
}

static void unseen(void **state) {
    (void)state;
    static const char *const book[] = {"xl/workbook.xml", "<s state=\"hidden\"/><s state=\"veryHidden\"/><s/>", "xl/comments1.xml", "", NULL};
    static const char *const word[] = {"word/document.xml", "<w:instrText> DATE \\@ x</w:instrText>", "word/comments.xml", "<w:comments/>", NULL};
    struct buf bytes = zip_of(book, 0);
    char *text = office_unseen("xlsx", buf_view(&bytes));
    assert_string_equal(text, "2 sheets of it are hidden and not shown; its comments are not on the pages");
    free(text);
    buf_drop(&bytes);
    bytes = zip_of(word, 0);
    text = office_unseen("docx", buf_view(&bytes));
    assert_string_equal(text, "a date in it is filled in by itself: the page shows today's, not the one it was sent with");
    free(text);
    text = office_unseen("docx", view_of(bytes.data, bytes.len / 2));
    assert_string_equal(text, "");
    free(text);
    buf_drop(&bytes);
}

static void members_are_bounded(void **state) {
    (void)state;
    static const char *const members[] = {"a", "0123456789", "b", "more", NULL};
    struct buf zip = zip_of(members, 0), out = {0};
    assert_int_equal(office_package_read(buf_view(&zip), "a", 10, &out), 0);
    assert_true(view_equal(buf_view(&out), view_text("0123456789")));
    assert_int_equal(office_package_read(buf_view(&zip), "a", 9, &out), ERR_TOO_LARGE);
    assert_int_equal(office_package_read(buf_view(&zip), "c", 9, &out), ERR_NOT_FOUND);
    assert_int_equal(out.len, 10);
    /* Every byte changed in turn, every length: an answer, never more. */
    for (size_t i = 0; i < zip.len; i++) {
        out.len = 0;
        zip.data[i] ^= 0xFF;
        office_package_read(buf_view(&zip), "b", 100, &out);
        assert_true(out.len <= 100);
        zip.data[i] ^= 0xFF;
        office_package_read(view_of(zip.data, i), "b", 100, &out);
    }
    buf_drop(&zip);
    buf_drop(&out);
}

static void folder_lives_and_goes(void **state) {
    (void)state;
    char base[] = "/tmp/test-office-XXXXXX";
    struct office_folder folder = {0}, second = {0};
    struct stat facts;
    assert_non_null(mkdtemp(base));
    assert_int_equal(office_folder_make(base, &folder), 0);
    assert_int_equal(stat(folder.path, &facts), 0);
    assert_int_equal(facts.st_mode & 0777, 0700);
    assert_int_equal(office_folder_write(&folder, "a/b/c.txt", view_text("words")), 0);
    assert_int_equal(office_folder_write(&folder, "a/b/c.txt", view_text("again")), ERR_EXISTS);
    assert_true(office_folder_bytes(&folder) > 0);
    /* A link out of the folder is removed; what it points to is not touched. */
    char *outside = mem_print("%s/outside", base), *link_path = mem_print("%s/link", folder.path);
    FILE *f = fopen(outside, "w");
    assert_non_null(f);
    fputs("keep me", f);
    fclose(f);
    assert_int_equal(symlink(outside, link_path), 0);
    assert_int_equal(office_folder_sweep(base), 0); /* it lives */
    office_folder_empty(&folder);
    assert_int_equal(office_folder_bytes(&folder), 0);
    assert_int_equal(lstat(link_path, &facts), -1);
    assert_int_equal(stat(outside, &facts), 0);
    assert_int_equal(facts.st_size, 7);
    assert_int_equal(office_folder_make(base, &second), 0);
    assert_string_not_equal(folder.path, second.path);
    char *path = mem_text(folder.path);
    office_folder_drop(&folder);
    assert_int_equal(stat(path, &facts), -1);
    office_folder_drop(&folder);
    office_folder_drop(&second);
    unlink(outside);
    assert_int_equal(rmdir(base), 0);
    free(outside);
    free(link_path);
    free(path);
}

static void the_dead_are_swept(void **state) {
    (void)state;
    char base[] = "/tmp/test-office-XXXXXX";
    assert_non_null(mkdtemp(base));
    pid_t pid = fork();
    if (pid == 0) { /* a process that is killed: no time to tidy up */
        struct office_folder folder = {0};
        int err = office_folder_make(base, &folder);
        if (!err)
            err = office_folder_write(&folder, "1.docx", view_text("words of a child's record"));
        _exit(err ? 1 : 0);
    }
    int status = 0;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    assert_int_equal(rmdir(base), -1);
    assert_int_equal(office_folder_sweep(base), 1);
    assert_int_equal(office_folder_sweep(base), 0);
    assert_int_equal(rmdir(base), 0);
}

static void profile_says_no(void **state) {
    (void)state;
    assert_non_null(strstr(office_profile, "\"DisableMacrosExecution\" oor:op=\"fuse\"><value>true<"));
    assert_non_null(strstr(office_profile, "\"MacroSecurityLevel\" oor:op=\"fuse\"><value>3<"));
    assert_non_null(strstr(office_profile, "\"BlockUntrustedRefererLinks\" oor:op=\"fuse\"><value>true<"));
    assert_non_null(strstr(office_java, ">false</enabled>"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(packages),       cmocka_unit_test(open_documents),        cmocka_unit_test(old_kinds),
        cmocka_unit_test(commas),         cmocka_unit_test(unseen),                cmocka_unit_test(members_are_bounded),
        cmocka_unit_test(profile_says_no), cmocka_unit_test(folder_lives_and_goes), cmocka_unit_test(the_dead_are_swept)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
