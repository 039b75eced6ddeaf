/* The watched folder: what is taken in, what is left alone, and what becomes of things that are no files. */
#include "tests/unit/ingest/scan_fixture.h"

#include "base/clock.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <time.h>

static void what_lies_there_is_taken_in_order(void **state) {
    struct scans *s = *state;
    put(s, "b.pdf", "two");
    put(s, "a.pdf", "one");
    assert_int_equal(take_all(s), 2);
    assert_false(is_there(s, "a.pdf"));
    assert_true(is_there(s, "done/R000001-a.pdf"));
    assert_true(is_there(s, "done/R000002-b.pdf"));
    assert_int_equal(number(s->place.store, "SELECT count(*) FROM job WHERE kind = 'open'"), 2);
    assert_row_text(s->place.store, "SELECT channel || '|' || profile || '|' || scanner || '|' || kind || '|' || priority FROM receipt",
                    "scan folder|front|fi-7160|visit_record|20");
    assert_int_equal(look(s), 0);
    assert_string_equal(s->look.trouble, "");
}

static void without_a_scanner_the_profile_is_one(void **state) {
    struct scans *s = *state;
    s->profile.scanner = s->profile.kind = (char *)(uintptr_t) "";
    put(s, "a.pdf", "one");
    assert_int_equal(take_all(s), 1);
    assert_row_text(s->place.store, "SELECT scanner || '|' || kind FROM receipt", "front|");
}

static void what_is_still_written_is_waited_for(void **state) {
    struct scans *s = *state;
    s->profile.settle_seconds = 1;
    put(s, "a.pdf", "one");
    assert_int_equal(look(s), 0);
    usleep(700000);
    put(s, "a.pdf", "one and more"); /* the wait begins anew */
    assert_int_equal(look(s), 0);
    usleep(700000);
    assert_int_equal(look(s), 0);
    assert_int_equal(s->look.waiting, 1);
    move(s, "a.pdf", "b.pdf"); /* and when it is renamed */
    assert_int_equal(look(s), 0);
    usleep(700000);
    assert_int_equal(look(s), 0);
    usleep(400000);
    assert_int_equal(look(s), 1);
    assert_int_equal(number(s->place.store, "SELECT bytes FROM part"), 12);
    assert_true(is_there(s, "done/R000001-b.pdf"));
}

/* A scanner that holds its file open and thinks for a while between two sheets. */
static void what_is_open_for_writing_is_waited_for(void **state) {
    struct scans *s = *state;
    char *path = below(s, "a.pdf");
    int fd = open(path, O_WRONLY | O_CREAT, 0600);
    assert_int_equal(write(fd, "sheet 1 ", 8), 8);
    int probe = open(path, O_RDONLY);
    int leases = fcntl(probe, F_SETLEASE, F_RDLCK) && errno == EAGAIN;
    close(probe);
    free(path);
    if (!leases) {
        close(fd);
        print_message("no leases here: not tested\n");
        skip();
    }
    for (int i = 0; i < 5; i++)
        assert_int_equal(look(s), 0);
    assert_int_equal(s->look.waiting, 1);
    assert_int_equal(write(fd, "sheet 2", 7), 7);
    close(fd);
    assert_int_equal(take_all(s), 1);
    assert_int_equal(number(s->place.store, "SELECT bytes FROM part"), 15);
}

static void clocks_that_jump_do_no_harm(void **state) {
    struct scans *s = *state;
    put(s, "future.pdf", "1");
    put(s, "past.pdf", "2");
    put(s, "before.pdf", "3");
    put_time(s, "future.pdf", time(NULL) + 400 * 86400);
    put_time(s, "past.pdf", 0);
    put_time(s, "before.pdf", -86400);
    put(s, ".hidden-1980.pdf", "the time that copying programs give to what is not finished");
    put_time(s, ".hidden-1980.pdf", 315532800);
    put(s, ".hidden-future.pdf", "x");
    put_time(s, ".hidden-future.pdf", time(NULL) + 86400);
    assert_int_equal(take_all(s), 3);
    s->profile.stale_seconds = 0;
    assert_int_equal(take_all(s), 2);
}

static void a_new_file_wakes_the_watch(void **state) {
    struct scans *s = *state;
    struct pollfd p = {.fd = s->channel->fd(s->channel), .events = POLLIN};
    if (p.fd < 0)
        skip();
    make_folder(s, "box");
    look(s);
    look(s);
    assert_int_equal(poll(&p, 1, 0), 0); /* read away, so that it does not wake for ever */
    put(s, "a.pdf", "one");
    assert_int_equal(poll(&p, 1, 2000), 1);
    take_all(s);
    look(s);
    assert_int_equal(poll(&p, 1, 0), 0);
    put(s, "box/b.pdf", "two"); /* in a sub-folder too */
    assert_int_equal(poll(&p, 1, 2000), 1);
    assert_int_equal(take_all(s), 1);
}

static void sub_folders_are_walked(void **state) {
    struct scans *s = *state;
    make_folder(s, "box 3");
    make_folder(s, "box 3/\xff inner");
    put(s, "box 3/scan 7.pdf", "one");
    put(s, "box 3/\xff inner/a\nb.pdf", "two");
    make_folder(s, "folder.pdf");
    make_folder(s, "box 3/done"); /* only those at the top are ours */
    put(s, "box 3/done/c.pdf", "three");
    assert_int_equal(take_all(s), 3);
    assert_true(is_there(s, "done/R000002-box 3 scan 7.pdf"));
    assert_true(is_there(s, "done/R000001-box 3 done c.pdf"));
    assert_true(is_there(s, "done/R000003-box 3 \xff inner a\nb.pdf"));
    assert_true(is_there(s, "box 3/\xff inner") && is_there(s, "folder.pdf")); /* emptied, and there */
    put(s, "failed/of ours.pdf", "x");
    put(s, "done/of ours.pdf", "x");
    assert_int_equal(take_all(s), 0);
}

static void folders_may_be_64_deep(void **state) {
    struct scans *s = *state;
    char path[400] = "";
    for (int i = 1; i <= 65; i++) {
        snprintf(path + strlen(path), sizeof path - strlen(path), "%sd%02d", i > 1 ? "/" : "", i);
        make_folder(s, path);
        if (i >= 64) {
            char *file = mem_print("%s/deep.pdf", path);
            put(s, file, i == 64 ? "one" : "two");
            free(file);
        }
    }
    assert_int_equal(take_all(s), 1);
    assert_int_equal(s->look.left, 1);
    assert_string_equal(s->look.trouble, "1 folder is nested too deep");
}

static void a_link_to_a_folder_is_not_walked(void **state) {
    struct scans *s = *state;
    char *outside = mem_print("%s/outside", s->place.folder), *at = below(s, "door"), *loop = below(s, "loop");
    char *secret = mem_print("%s/secret.pdf", outside);
    assert_int_equal(mkdir(outside, 0755), 0);
    assert_int_equal(close(open(secret, O_CREAT | O_WRONLY, 0600)), 0);
    assert_int_equal(symlink(outside, at), 0);
    assert_int_equal(symlink(".", loop), 0);
    assert_int_equal(take_all(s), 0);
    assert_int_equal(access(secret, F_OK), 0);
    assert_true(is_there(s, "failed/door") && is_there(s, "failed/loop"));
    assert_int_equal(receipts(s), 0);
    free(outside);
    free(secret);
    free(at);
    free(loop);
}

static void names_that_say_not_finished(void **state) {
    static const char *const names[] = {"a.pdf~", "b.part", "c.tmp", "d.lock", "e.filepart", "f.crdownload"};
    struct scans *s = *state;
    for (size_t i = 0; i < 6; i++)
        put(s, names[i], "x");
    make_folder(s, "box.part");
    put(s, "box.part/whole.pdf", "the folder itself is not finished");
    put(s, "~", "a name like any other");
    assert_int_equal(take_all(s), 1);
    assert_int_equal(s->look.left, 0);
    s->profile.stale_seconds = 0;
    assert_int_equal(look(s), 0);
    assert_int_equal(s->look.left, 7);
    assert_string_equal(s->look.trouble, "7 items are named as not finished, but change no more");
    for (size_t i = 0; i < 6; i++)
        assert_true(is_there(s, names[i]));
    move(s, "b.part", "b.pdf");
    assert_int_equal(take_all(s), 1);
    assert_int_equal(s->look.left, 6);
    s->profile.stale_seconds = 1000;
    put_time(s, "c.tmp", time(NULL) - 1100); /* its own time tells it too */
    look(s);
    look(s);
    assert_int_equal(s->look.left, 1);
}

static void hidden_names_wait_longer(void **state) {
    static const char *const noise[] = {".~lock.a.odt#", ".nfs0001", ".DS_Store", ".goutputstream-X", "Thumbs.db", "desktop.ini"};
    struct scans *s = *state;
    for (size_t i = 0; i < 6; i++)
        put(s, noise[i], "x");
    put(s, ".hidden.pdf", "one");
    put(s, ".old.pdf", "two");
    put_time(s, ".old.pdf", time(NULL) - 2000);
    assert_int_equal(take_all(s), 1);
    assert_true(is_there(s, ".hidden.pdf"));
    assert_true(is_there(s, "done/R000001-.old.pdf"));
    s->profile.stale_seconds = 0;
    assert_int_equal(take_all(s), 1);
    assert_false(is_there(s, ".hidden.pdf"));
    assert_int_equal(s->look.left, 0);
    for (size_t i = 0; i < 6; i++)
        assert_true(is_there(s, noise[i]));
}

static void locked_files_are_left_alone(void **state) {
    static const char *const locks[] = {"a.pdf.lock", ".a.pdf.lock", ".~lock.a.pdf#", "~$a.pdf"};
    struct scans *s = *state;
    for (int i = 0; i < 4; i++) {
        put(s, "a.pdf", "one");
        put(s, locks[i], "");
        assert_int_equal(take_all(s), 0);
        assert_true(is_there(s, "a.pdf"));
        take_away(s, locks[i]);
        assert_int_equal(take_all(s), 1);
    }
    put(s, "b.pdf", "two");
    put(s, ".~lock.b.pdf#", "");
    s->profile.stale_seconds = 0;
    assert_int_equal(take_all(s), 0);
    assert_string_equal(s->look.trouble, "1 item has a lock file beside it");
}

static void make_special(const struct scans *s) {
    char *at[5] = {below(s, "link.pdf"), below(s, "dangling.pdf"), below(s, "pipe.pdf"), below(s, "socket"), below(s, "device")};
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    char *target = mem_print("%s/target", s->place.folder);
    assert_int_equal(close(open(target, O_CREAT | O_WRONLY, 0600)), 0);
    assert_int_equal(symlink(target, at[0]), 0);
    assert_int_equal(symlink("/nonexistent", at[1]), 0);
    assert_int_equal(mkfifo(at[2], 0600), 0);
    snprintf(address.sun_path, sizeof address.sun_path, "%s", at[3]);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    close(fd);
    if (geteuid() || mknod(at[4], S_IFCHR | 0600, makedev(1, 3)))
        assert_int_equal(mkfifo(at[4], 0600), 0);
    for (int i = 0; i < 5; i++)
        free(at[i]);
    free(target);
}

static void what_is_no_file_goes_to_failed(void **state) {
    struct scans *s = *state;
    char *target = mem_print("%s/target", s->place.folder), *link_path = below(s, "failed/link.pdf");
    struct stat st;
    make_special(s);
    put(s, "good.pdf", "one");
    assert_int_equal(take_all(s), 1);
    assert_false(is_there(s, "link.pdf") || is_there(s, "dangling.pdf") || is_there(s, "pipe.pdf") || is_there(s, "socket") || is_there(s, "device"));
    assert_true(lstat(link_path, &st) == 0 && S_ISLNK(st.st_mode)); /* the link itself */
    assert_int_equal(access(target, F_OK), 0);
    assert_true(is_there(s, "failed/dangling.pdf"));
    assert_says(s, "failed/link.pdf.txt", "a link to another place");
    assert_says(s, "failed/link.pdf.txt", "Its name:     link.pdf");
    assert_says(s, "failed/dangling.pdf.txt", "What to do:   Copy the file that it points to");
    assert_says(s, "failed/pipe.pdf.txt", "a pipe between two programs");
    assert_says(s, "failed/socket.txt", "a socket of a program");
    assert_says(s, "failed/device.txt", geteuid() ? "What it is:" : "a device");
    assert_int_equal(receipts(s), 1);
    assert_int_equal(s->look.left, 0);
    assert_int_equal(take_all(s), 0);
    free(target);
    free(link_path);
}

static void a_second_one_of_the_same_name_does_not_overwrite(void **state) {
    struct scans *s = *state;
    make_folder(s, "a");
    make_folder(s, "failed/a b.pdf"); /* whatever is there already */
    char *one = below(s, "a/b.pdf"), *two = below(s, "a b.pdf");
    assert_int_equal(symlink("/one", one), 0);
    assert_int_equal(symlink("/two", two), 0);
    take_all(s);
    assert_true(is_there(s, "failed/a b (2).pdf") && is_there(s, "failed/a b (3).pdf"));
    assert_says(s, "failed/a b (2).pdf.txt", "Its name:     a/b.pdf");
    put(s, "done/R000001-c.pdf", "somebody's own");
    put(s, "c.pdf", "one");
    assert_int_equal(take_all(s), 1);
    assert_says(s, "done/R000001-c.pdf", "somebody's own");
    assert_says(s, "done/R000001-c (2).pdf", "one");
    free(one);
    free(two);
}

static void too_large_goes_to_failed(void **state) {
    struct scans *s = *state;
    char big[1102];
    memset(big, 'x', 1101);
    big[1101] = 0;
    put(s, "a.pdf", big);
    big[1000] = 0;
    put(s, "b.pdf", big); /* just as large as may be */
    put(s, "empty.pdf", "");
    assert_int_equal(take_all(s), 2);
    assert_false(is_there(s, "a.pdf") || is_there(s, "b.pdf"));
    assert_true(is_there(s, "failed/a.pdf"));
    assert_says(s, "failed/a.pdf.txt", "larger than the limit");
    assert_int_equal(number(s->place.store, "SELECT count(*) FROM part WHERE bytes = 0"), 1);
}

static void odd_names_do_no_harm(void **state) {
    static const char *const names[] = {"\xff\xfe broken \x01.pdf", "-rf *.pdf", "Zo\xc3\xab's %s%n letter.pdf", "new\nline.pdf", "escape\x1b[2J.pdf",
                                        "visit\xe2\x80\xaexfdp.exe", "$(touch x).pdf", "a;b|c&d.pdf", "quote'\"`.pdf", " leading and trailing .pdf ",
                                        "trailing dot.pdf.", "CON.pdf", "~", "=HYPERLINK(1).pdf", "UPPER.PDF", "upper.pdf"};
    struct scans *s = *state;
    char longest[256];
    memset(longest, 'n', 255);
    longest[255] = 0;
    put(s, longest, "longest");
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        put(s, names[i], names[i]);
    assert_int_equal(take_all(s), 17);
    assert_int_equal(number(s->place.store, "SELECT count(*) FROM part WHERE same_as IS NULL"), 17);
    assert_int_equal(s->look.left, 0);
}

static void the_folder_of_another_is_left_out(void **state) {
    struct scans *s = *state;
    char *other = below(s, "archive");
    make_folder(s, "archive");
    put(s, "archive/a.pdf", "the other profile's");
    put(s, "b.pdf", "ours");
    scan_folder_keep_out(s->channel, other);
    assert_int_equal(take_all(s), 1);
    assert_true(is_there(s, "archive/a.pdf"));
    scan_folder_keep_out(s->channel, s->path);
    look(s);
    assert_int_equal(s->look.err, ERR_SETTING);
    assert_string_equal(s->look.trouble, "its folder is also that of another channel, or the store's");
    free(other);
}

static void the_store_itself_is_never_taken_in(void **state) {
    struct scans *s = *state;
    char *outer = mem_print("%s/around", s->place.folder), *inner = mem_print("%s/store", outer);
    struct store *store = NULL;
    struct channel *channel = NULL;
    struct channel_look look = {0};
    assert_int_equal(store_open(inner, &store), 0);
    struct scan_profile profile = s->profile;
    profile.folder = outer;
    assert_int_equal(scan_folder_channel(store, &profile, 1 << 20, &channel), 0);
    for (int i = 0; i < 3; i++)
        channel->look(channel, &look);
    assert_int_equal(look.waiting, 0);
    assert_int_equal(number(store, "SELECT count(*) FROM receipt"), 0);
    channel->drop(channel);
    store_close(&store);
    free(outer);
    free(inner);
}

static void a_long_queue_is_taken_in_pieces(void **state) {
    struct scans *s = *state;
    char name[32];
    for (int i = 0; i < 300; i++) {
        snprintf(name, sizeof name, "%03d.pdf", i);
        put(s, name, name);
    }
    look(s);
    assert_int_equal(s->look.waiting, 300);
    int64_t began = clock_steady();
    int n = look(s);
    assert_true(clock_steady() - began < SCAN_LOOK_MS + 2000);
    assert_int_equal(n + (int)s->look.waiting, 300);
    assert_int_equal(n + take_all(s), 300);
}

#define T(f) cmocka_unit_test_setup_teardown(f, scans_new, scans_drop)
int main(void) {
    const struct CMUnitTest tests[] = {
        T(what_lies_there_is_taken_in_order), T(without_a_scanner_the_profile_is_one), T(what_is_still_written_is_waited_for),
        T(what_is_open_for_writing_is_waited_for), T(clocks_that_jump_do_no_harm), T(a_new_file_wakes_the_watch), T(sub_folders_are_walked),
        T(folders_may_be_64_deep), T(a_link_to_a_folder_is_not_walked), T(names_that_say_not_finished), T(hidden_names_wait_longer),
        T(locked_files_are_left_alone), T(what_is_no_file_goes_to_failed), T(a_second_one_of_the_same_name_does_not_overwrite),
        T(too_large_goes_to_failed), T(odd_names_do_no_harm), T(the_folder_of_another_is_left_out), T(the_store_itself_is_never_taken_in),
        T(a_long_queue_is_taken_in_pieces)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
