/* Durable files: whole or not there at all; reading with a limit; folders. */
#include "base/file.h"
#include "tests/unit/store_fixture.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

static char folder[64];

static int folder_new(void **state) {
    (void)state;
    strcpy(folder, "/tmp/casefile-test-XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int folder_drop(void **state) {
    (void)state;
    folder_remove(folder);
    return 0;
}

static const char *at(const char *name) {
    static char path[300];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static int entries(void) {
    DIR *dir = opendir(folder);
    int n = 0;
    for (struct dirent *e; (e = readdir(dir));)
        n += e->d_name[0] != '.' || strlen(e->d_name) > 2;
    closedir(dir);
    return n;
}

static void written_whole_and_read_again(void **state) {
    (void)state;
    struct buf out = {0};
    struct stat st;
    buf_add_text(&out, "kept ");
    assert_int_equal(file_write_durable(at("a"), view_text("first"), 0600), 0);
    assert_int_equal(file_write_durable(at("a"), view_text("second"), 0600), 0);
    assert_int_equal(file_read(at("a"), 6, &out), 0);
    assert_string_equal(buf_text(&out), "kept second");
    assert_int_equal(stat(at("a"), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(entries(), 1); /* no temporary file stays */
    buf_drop(&out);
}

static void limits_and_what_is_no_file(void **state) {
    (void)state;
    struct buf out = {0};
    assert_int_equal(file_write_durable(at("a"), view_text("seven .."), 0600), 0);
    assert_int_equal(file_read(at("a"), 7, &out), ERR_TOO_LARGE);
    assert_int_equal(file_read(at("a"), 8, &out), 0);
    assert_int_equal(file_read(at("none"), 8, &out), ERR_NOT_FOUND);
    assert_int_equal(file_read(folder, 8, &out), ERR_INPUT);
    assert_int_equal(mkfifo(at("pipe"), 0600), 0);
    assert_int_equal(file_read(at("pipe"), 8, &out), ERR_INPUT); /* and does not hang */
    buf_reset(&out);
    int fd = open("/dev/zero", O_RDONLY);
    assert_int_equal(file_read_fd(fd, 100000, &out), ERR_TOO_LARGE); /* a size that nobody tells beforehand */
    close(fd);
    assert_true(out.len < 300000);
    buf_drop(&out);
}

static void where_it_cannot_be_written(void **state) {
    (void)state;
    assert_int_equal(file_write_durable("/nonexistent/folder/a", view_text("x"), 0600), ERR_NOT_FOUND);
    assert_int_equal(mkdir(at("taken"), 0700), 0);
    assert_true(file_write_durable(at("taken"), view_text("x"), 0600) < 0); /* a folder of that name */
    assert_int_equal(entries(), 1);
}

/* The disk takes no more: the old file stays as it was. */
static void a_full_disk_leaves_the_old_one(void **state) {
    (void)state;
    assert_int_equal(file_write_durable(at("a"), view_text("old"), 0600), 0);
    pid_t pid = fork();
    if (pid == 0) {
        struct rlimit limit = {1000, RLIM_INFINITY}, none = {RLIM_INFINITY, RLIM_INFINITY};
        struct buf big = {0};
        memset(buf_room(&big, 5000), 'x', 5000);
        signal(SIGXFSZ, SIG_IGN);
        setrlimit(RLIMIT_FSIZE, &limit);
        if (file_write_durable(at("a"), buf_view(&big), 0600) != ERR_TOO_LARGE)
            _exit(1);
        setrlimit(RLIMIT_FSIZE, &none);
        _exit(0);
    }
    int status;
    struct buf out = {0};
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    assert_int_equal(file_read(at("a"), 100, &out), 0);
    assert_string_equal(buf_text(&out), "old");
    assert_int_equal(entries(), 1);
    buf_drop(&out);
    int fd = open("/dev/full", O_WRONLY);
    if (fd >= 0) {
        assert_int_equal(file_write_all(fd, "x", 1), ERR_NO_SPACE);
        close(fd);
    }
}

static void folders_with_their_parents(void **state) {
    (void)state;
    struct stat st;
    assert_int_equal(file_make_folder(at("a/b/c")), 0);
    assert_int_equal(file_make_folder(at("a/b/c")), 0);
    assert_int_equal(file_make_folder(at("a/b/d/")), 0);
    assert_int_equal(stat(at("a/b"), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    assert_int_equal(file_write_durable(at("file"), view_text("x"), 0600), 0);
    assert_int_equal(file_make_folder(at("file")), ERR_EXISTS);
    assert_true(file_make_folder(at("file/below")) < 0);
    assert_true(file_make_folder("/proc/nothing/here") < 0);
    assert_int_equal(file_sync_folder(at("nowhere")), ERR_NOT_FOUND);
}

#define T(f) cmocka_unit_test_setup_teardown(f, folder_new, folder_drop)
int main(void) {
    const struct CMUnitTest tests[] = {T(written_whole_and_read_again), T(limits_and_what_is_no_file), T(where_it_cannot_be_written),
                                       T(a_full_disk_leaves_the_old_one), T(folders_with_their_parents)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
