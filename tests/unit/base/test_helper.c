/* Helper processes: this very program, started again with a word that says how to behave. */
#include "base/clock.h"
#include "base/err.h"
#include "base/helper.h"
#include "base/mem.h"
#include "base/wire.h"

#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* ---- the helper's side ---- */

static int act_echo(void) {
    uint32_t type;
    struct buf bytes = {0};
    while (helper_read_record(STDIN_FILENO, &type, &bytes) == 0) {
        helper_write_record(STDOUT_FILENO, HELPER_SIGN, view_text("at it"));
        helper_write_record(STDOUT_FILENO, HELPER_RESULT, buf_view(&bytes));
        helper_write_record(STDOUT_FILENO, HELPER_END, view_of("\0\0\0\0", 4));
        buf_reset(&bytes);
    }
    buf_drop(&bytes);
    return 0;
}

static int act_as(const char *how) {
    if (strcmp(how, "echo") == 0)
        return act_echo();
    if (strcmp(how, "half") == 0) /* a record that says more than comes */
        return write(STDOUT_FILENO, "\20\0\0\0\100\0\0\0only this", 17) == 17 ? 0 : 1;
    if (strcmp(how, "lie") == 0)
        return write(STDOUT_FILENO, "\20\0\0\0\377\377\377\377", 8) == 8 ? (int)pause() : 1;
    if (strcmp(how, "flood") == 0) {
        static char zeros[65536];
        for (int i = 0; i < 8; i++)
            zeros[i] = "\20\0\0\0\0\0\0\100"[i]; /* a record of a gigabyte, and never a pause */
        while (write(STDOUT_FILENO, zeros, sizeof zeros) > 0)
            ;
        return 0;
    }
    if (strcmp(how, "environment") == 0) {
        const char *threads = getenv("OMP_THREAD_LIMIT"), *locale = getenv("LC_ALL"), *kept = getenv("CASEFILE_TEST_KEPT");
        char *text = mem_print("%s %s %s", threads, locale, kept);
        helper_write_record(STDOUT_FILENO, HELPER_RESULT, view_text(text));
        free(text);
        return act_echo();
    }
    if (strcmp(how, "descriptors") == 0) {
        int open_ones = 0;
        for (int fd = 3; fd < 256; fd++)
            open_ones += lseek(fd, 0, SEEK_CUR) >= 0 || poll(&(struct pollfd){.fd = fd}, 1, 0) == 0;
        char *text = mem_print("%d", open_ones);
        helper_write_record(STDOUT_FILENO, HELPER_RESULT, view_text(text));
        free(text);
        return act_echo();
    }
    return 1;
}

/* ---- the worker's side ---- */

static struct helper *start(const char *how) {
    struct helper *helper = NULL;
    char *argv[] = {(char[]){"test_helper"}, (char[]){"--act"}, mem_text(how), NULL};
    assert_int_equal(helper_start("/proc/self/exe", argv, &helper), 0);
    free(argv[2]);
    return helper;
}

/* The next record, or the error. */
static int next(struct helper *helper, uint32_t *type, struct view *bytes) {
    for (int64_t until = clock_steady() + 10000; clock_steady() < until;) {
        int n = helper_next(helper, type, bytes);
        if (n)
            return n;
        struct pollfd fds[2] = {{.fd = helper_out_fd(helper), .events = POLLIN}, {.fd = helper_in_fd(helper), .events = POLLOUT}};
        poll(fds, 2, 1000);
        int err = helper_pump(helper);
        if (err)
            return err;
    }
    return ERR_TIME;
}

static void records_go_there_and_back(void **state) {
    (void)state;
    struct helper *helper = start("echo");
    static const size_t sizes[] = {0, 1, 65528, 65536, 3000000};
    uint32_t type;
    struct view bytes;
    assert_int_equal(helper_in_fd(helper), -1);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct buf big = {0};
        memset(buf_room(&big, sizes[i]), 'a' + (int)i, sizes[i]);
        helper_send(helper, 32, buf_view(&big));
        assert_true(helper_in_fd(helper) >= 0);
        assert_int_equal(next(helper, &type, &bytes), 1);
        assert_int_equal(type, HELPER_SIGN);
        assert_true(view_equal(bytes, view_text("at it")));
        assert_int_equal(next(helper, &type, &bytes), 1);
        assert_int_equal(type, HELPER_RESULT);
        assert_true(view_equal(bytes, buf_view(&big)));
        assert_int_equal(next(helper, &type, &bytes), 1);
        assert_int_equal(type, HELPER_END);
        buf_drop(&big);
    }
    assert_int_equal(helper_next(helper, &type, &bytes), 0);
    pid_t pid = helper_pid(helper);
    helper_drop(&helper);
    assert_null(helper);
    assert_int_equal(kill(pid, 0), -1); /* it has gone, and was waited for */
    helper_drop(&helper);
}

static void one_that_dies_is_noticed(void **state) {
    (void)state;
    uint32_t type;
    struct view bytes;
    struct helper *helper = start("echo");
    assert_int_equal(kill(helper_pid(helper), SIGKILL), 0);
    assert_int_equal(next(helper, &type, &bytes), ERR_CRASHED);
    helper_drop(&helper);
    helper = start("half"); /* what is cut off is no record */
    assert_int_equal(next(helper, &type, &bytes), ERR_CRASHED);
    helper_drop(&helper);
    helper = start("lie");
    assert_int_equal(next(helper, &type, &bytes), ERR_PROTOCOL);
    helper_drop(&helper);
    assert_int_equal(helper_start("/nonexistent/program", (char *[]){NULL}, &helper), ERR_NOT_FOUND);
    assert_null(helper);
}

/* Its worker still comes to look at the clock. */
static void one_that_never_stops_talking_does_not_hold_its_worker(void **state) {
    (void)state;
    struct helper *helper = start("flood");
    int64_t before = clock_steady();
    for (int i = 0; i < 3; i++)
        helper_pump(helper);
    assert_true(clock_steady() - before < 5000);
    helper_drop(&helper);
}

static void what_it_gets_from_outside(void **state) {
    (void)state;
    uint32_t type;
    struct view bytes;
    setenv("OMP_THREAD_LIMIT", "8", 1); /* what the administrator's shell says does not count */
    setenv("LC_ALL", "C", 1);
    setenv("CASEFILE_TEST_KEPT", "kept", 1);
    struct helper *helper = start("environment");
    assert_int_equal(next(helper, &type, &bytes), 1);
    assert_true(view_equal(bytes, view_text("1 C.UTF-8 kept")));
    helper_drop(&helper);
    int fd = dup(0);
    helper = start("descriptors");
    assert_int_equal(next(helper, &type, &bytes), 1);
    assert_true(view_equal(bytes, view_text("0")));
    helper_drop(&helper);
    close(fd);
}

static void records_on_a_pipe(void **state) {
    (void)state;
    int ends[2];
    uint32_t type = 99;
    struct buf out = {0};
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(helper_write_record(ends[1], 17, view_text("abc")), 0);
    assert_int_equal(helper_read_record(ends[0], &type, &out), 0);
    assert_int_equal(type, 17);
    assert_string_equal(buf_text(&out), "abc");
    buf_reset(&out);
    assert_int_equal(write(ends[1], "\20\0\0\0\377\377\377\377", 8), 8);
    assert_int_equal(helper_read_record(ends[0], &type, &out), ERR_PROTOCOL); /* more than may be asked for */
    assert_int_equal(write(ends[1], "\20\0\0\0\5\0\0\0ab", 10), 10);
    close(ends[1]);
    assert_int_equal(helper_read_record(ends[0], &type, &out), ERR_PROTOCOL);
    assert_int_equal(helper_read_record(ends[0], &type, &out), ERR_NOT_FOUND);
    assert_int_equal(type, 17);
    close(ends[0]);
    assert_true(helper_write_record(ends[1], 1, view_text("x")) < 0);
    buf_drop(&out);
}

int main(int argc, char **argv) {
    if (argc == 3 && strcmp(argv[1], "--act") == 0)
        return act_as(argv[2]);
    signal(SIGPIPE, SIG_IGN);
    const struct CMUnitTest tests[] = {cmocka_unit_test(records_go_there_and_back), cmocka_unit_test(one_that_dies_is_noticed),
                                       cmocka_unit_test(one_that_never_stops_talking_does_not_hold_its_worker),
                                       cmocka_unit_test(what_it_gets_from_outside), cmocka_unit_test(records_on_a_pipe)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
