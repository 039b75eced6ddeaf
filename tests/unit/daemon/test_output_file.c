/* A file that a person asked for: whole, or nothing of it. */
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "daemon/output_file.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[] = "/tmp/casefile-output-XXXXXX";

static char *in_folder(const char *name) {
    return mem_print("%s/%s", folder, name);
}

static int names_in_folder(void) {
    int n = 0;
    DIR *dir = opendir(folder);
    while (readdir(dir))
        n++;
    closedir(dir);
    return n - 2; /* . and .. */
}

static void has(const char *path, const char *text) {
    struct buf bytes = {0};
    assert_int_equal(file_read(path, 1000, &bytes), 0);
    assert_string_equal(buf_text(&bytes), text);
    buf_drop(&bytes);
}

static void nothing_is_seen_before_the_end(void **state) {
    (void)state;
    char *path = in_folder("a");
    struct output_file *file = NULL;
    struct stat st;
    assert_int_equal(output_file_make(path, false, &file), 0);
    assert_int_equal(output_file_write(file, view_text("one ")), 0);
    assert_int_equal(access(path, F_OK), -1);
    assert_int_equal(output_file_write(file, view_text("two")), 0);
    assert_int_equal(output_file_finish(&file), 0);
    assert_null(file);
    has(path, "one two");
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(names_in_folder(), 1);
    free(path);
}

static void what_is_dropped_leaves_nothing(void **state) {
    (void)state;
    char *path = in_folder("b");
    struct output_file *file = NULL;
    assert_int_equal(output_file_make(path, false, &file), 0);
    assert_int_equal(output_file_write(file, view_text("half")), 0);
    output_file_drop(&file);
    assert_int_equal(names_in_folder(), 1); /* a, from before */
    free(path);
}

static void nothing_is_replaced_unless_told(void **state) {
    (void)state;
    char *path = in_folder("a"), *other = in_folder("c");
    struct output_file *file = NULL, *second = NULL;
    assert_int_equal(output_file_make(path, false, &file), ERR_EXISTS);
    assert_null(file);
    has(path, "one two");
    assert_int_equal(output_file_make(path, true, &file), 0);
    assert_int_equal(output_file_write(file, view_text("new")), 0);
    has(path, "one two");
    assert_int_equal(output_file_finish(&file), 0);
    has(path, "new");
    /* Made by somebody else meanwhile. */
    assert_int_equal(output_file_make(other, false, &file), 0);
    assert_int_equal(output_file_make(other, false, &second), 0);
    assert_int_equal(output_file_write(second, view_text("second")), 0);
    assert_int_equal(output_file_finish(&second), 0);
    assert_int_equal(output_file_finish(&file), ERR_EXISTS);
    has(other, "second");
    assert_int_equal(names_in_folder(), 2);
    free(path);
    free(other);
}

static void a_folder_or_link_is_never_replaced(void **state) {
    (void)state;
    char *link = in_folder("link"), *missing = in_folder("none/x");
    struct output_file *file = NULL;
    assert_int_equal(symlink("a", link), 0);
    assert_int_equal(output_file_make(link, true, &file), ERR_EXISTS);
    assert_int_equal(output_file_make(folder, true, &file), ERR_EXISTS);
    assert_int_equal(output_file_make(missing, true, &file), ERR_NOT_FOUND);
    unlink(link);
    free(link);
    free(missing);
}

static int folder_make(void **state) {
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int folder_remove(void **state) {
    (void)state;
    char *command = mem_print("rm -rf %s", folder);
    int status = system(command);
    free(command);
    return status;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_seen_before_the_end),
        cmocka_unit_test(what_is_dropped_leaves_nothing),
        cmocka_unit_test(nothing_is_replaced_unless_told),
        cmocka_unit_test(a_folder_or_link_is_never_replaced),
    };
    return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
