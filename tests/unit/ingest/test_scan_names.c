/* What names say, and the names that are given. */
#include "ingest/scan_names.h"

#include "base/mem.h"
#include "base/text.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static void what_names_say(void **state) {
    static const struct {
        const char *name;
        enum scan_name kind;
    } table[] = {
        {"scan.pdf", SCAN_NAME_PLAIN}, {"~", SCAN_NAME_PLAIN}, {"tmp", SCAN_NAME_PLAIN}, {"part", SCAN_NAME_PLAIN}, {"partial.pdf", SCAN_NAME_PLAIN},
        {"-rf.pdf", SCAN_NAME_PLAIN}, {"\xff\xfe.pdf", SCAN_NAME_PLAIN}, {"CON.pdf", SCAN_NAME_PLAIN}, {" a ", SCAN_NAME_PLAIN}, {"a.pdf.", SCAN_NAME_PLAIN},
        {"a.part", SCAN_NAME_UNFINISHED}, {"a.PART", SCAN_NAME_UNFINISHED}, {"a.tmp", SCAN_NAME_UNFINISHED}, {"a.filepart", SCAN_NAME_UNFINISHED},
        {"a.crdownload", SCAN_NAME_UNFINISHED}, {"a.lock", SCAN_NAME_UNFINISHED}, {".a.lock", SCAN_NAME_UNFINISHED}, {"a.pdf~", SCAN_NAME_UNFINISHED},
        {"~~", SCAN_NAME_UNFINISHED}, {"~$letter.docx", SCAN_NAME_UNFINISHED}, {".hidden.pdf", SCAN_NAME_HIDDEN}, {".a.pdf.Xy12Ab", SCAN_NAME_HIDDEN},
        {".~lock.a.odt#", SCAN_NAME_NOISE}, {".nfs0000a1", SCAN_NAME_NOISE}, {".DS_Store", SCAN_NAME_NOISE}, {".goutputstream-AB12", SCAN_NAME_NOISE},
        {"Thumbs.db", SCAN_NAME_NOISE}, {"thumbs.DB", SCAN_NAME_NOISE}, {"desktop.ini", SCAN_NAME_NOISE}};
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        if (scan_name_kind(table[i].name) != table[i].kind)
            print_message("%s\n", table[i].name);
        assert_int_equal(scan_name_kind(table[i].name), table[i].kind);
    }
    assert_int_equal(scan_name_folder_kind("box 3"), SCAN_NAME_PLAIN);
    assert_int_equal(scan_name_folder_kind(".Trash-1000"), SCAN_NAME_NOISE);
    assert_int_equal(scan_name_folder_kind(".sync"), SCAN_NAME_HIDDEN);
    assert_int_equal(scan_name_folder_kind("box.part"), SCAN_NAME_UNFINISHED);
}

static void locks_of_every_manner(void **state) {
    static const char *const names[] = {"a.pdf", "a.pdf.lock", "b.pdf", ".b.pdf.lock", "c.odt", ".~lock.c.odt#", "d.doc", "~$d.doc", "evidence.docx",
                                        "~$idence.docx", "free.pdf", "a"};
    char folder[] = "/tmp/casefile-test-XXXXXX";
    struct scan_names list;
    (void)state;
    assert_non_null(mkdtemp(folder));
    int fd = open(folder, O_RDONLY | O_DIRECTORY);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        close(openat(fd, names[i], O_CREAT | O_WRONLY, 0600));
    assert_int_equal(scan_names_load(fd, &list), 0);
    assert_true(scan_name_locked(&list, "a.pdf"));
    assert_true(scan_name_locked(&list, "b.pdf"));
    assert_true(scan_name_locked(&list, "c.odt"));
    assert_true(scan_name_locked(&list, "d.doc"));
    assert_true(scan_name_locked(&list, "evidence.docx"));
    assert_false(scan_name_locked(&list, "free.pdf"));
    assert_false(scan_name_locked(&list, "a"));
    scan_names_drop(&list);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        unlinkat(fd, names[i], 0);
    close(fd);
    rmdir(folder);
}

static void check(char *got, const char *wanted) {
    assert_string_equal(got, wanted);
    free(got);
}

static void names_that_are_given(void **state) {
    (void)state;
    check(scan_name_in_done(123, "scan 7.pdf"), "R000123-scan 7.pdf");
    check(scan_name_in_done(123, "box 3/scan 7.pdf"), "R000123-box 3 scan 7.pdf");
    check(scan_name_in_done(1234567, "\xff.pdf"), "R1234567-\xff.pdf");
    check(scan_name_in_failed("box 3/link.pdf"), "box 3 link.pdf");
    check(scan_name_in_failed("R000123-scan.pdf"), "item R000123-scan.pdf"); /* not to be taken for a receipt's */
    check(scan_name_in_failed(".link"), "item .link");                       /* not to be overlooked */
    check(scan_name_other("scan.pdf", 2), "scan (2).pdf");
    check(scan_name_other("scan", 3), "scan (3)");
    check(scan_name_other(".scan", 2), ".scan (2)");
}

/* At a character's border, with its ending; of a deep path the end. */
static void long_names_are_cut(void **state) {
    struct buf name = {0}, path = {0};
    (void)state;
    for (int i = 0; i < 125; i++)
        buf_add_text(&name, "\xc3\xa9"); /* 250 bytes */
    buf_add_text(&name, ".pdf");
    char *got = scan_name_in_done(5, buf_text(&name));
    assert_int_equal(strlen(got), 8 + SCAN_NAME_BYTES);
    assert_true(text_is_utf8(view_text(got)));
    assert_string_equal(got + strlen(got) - 6, "\xc3\xa9.pdf");
    free(got);
    buf_reset(&name);
    buf_add_text(&name, "x");
    for (int i = 0; i < 125; i++)
        buf_add_text(&name, "\xc3\xa9");
    got = scan_name_in_done(5, buf_text(&name));
    assert_int_equal(strlen(got), 8 + SCAN_NAME_BYTES - 1); /* one byte less than half a character more */
    assert_true(text_is_utf8(view_text(got)));
    free(got);
    for (int i = 0; i < 60; i++)
        buf_print(&path, "d\xc3\xa9%02d/", i);
    buf_add_text(&path, "deep.pdf");
    got = scan_name_in_done(5, buf_text(&path));
    assert_in_range(strlen(got), 8 + SCAN_NAME_BYTES - 3, 8 + SCAN_NAME_BYTES);
    assert_string_equal(got + strlen(got) - 12, "\xa9" "59 deep.pdf");
    assert_true(text_is_utf8(view_text(got)));
    assert_null(strchr(got, '/'));
    free(got);
    buf_reset(&name);
    for (int i = 0; i < 255; i++)
        buf_add_byte(&name, 0x80 + (i & 63)); /* no UTF-8 at all */
    got = scan_name_in_done(5, buf_text(&name));
    assert_in_range(strlen(got), 9, 8 + SCAN_NAME_BYTES);
    free(got);
    buf_drop(&name);
    buf_drop(&path);
}

static void receipts_in_names(void **state) {
    (void)state;
    assert_int_equal(scan_name_receipt("R000123-scan.pdf"), 123);
    assert_int_equal(scan_name_receipt("R000123.txt"), 123);
    assert_int_equal(scan_name_receipt("R1234567-a"), 1234567);
    assert_int_equal(scan_name_receipt("R123-scan.pdf"), 0);
    assert_int_equal(scan_name_receipt("R000123.pdf"), 0);
    assert_int_equal(scan_name_receipt("R000123"), 0);
    assert_int_equal(scan_name_receipt("R000000-a"), 0);
    assert_int_equal(scan_name_receipt("000123-scan.pdf"), 0);
    assert_int_equal(scan_name_receipt("R99999999999999999999999-a"), 0);
    assert_int_equal(scan_name_receipt(""), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_names_say), cmocka_unit_test(locks_of_every_manner), cmocka_unit_test(names_that_are_given),
                                       cmocka_unit_test(long_names_are_cut), cmocka_unit_test(receipts_in_names)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
