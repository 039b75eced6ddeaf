/* The watched folder: what is taken in, what is left alone, and what happens when a file cannot be read or let go. */
#include "ingest/scan_folder.h"
#include "tests/unit/store_fixture.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/wait.h>

struct scans {
    struct place place;
    char *path;
    struct scan_order order;
    struct scan_folder *folder;
};

static int scans_new(void **state) {
    struct scans *s = mem_new(sizeof *s);
    snprintf(s->place.folder, sizeof s->place.folder, "/tmp/casefile-test-XXXXXX");
    if (!mkdtemp(s->place.folder) || store_open(s->place.folder, &s->place.store))
        return -1;
    s->path = mem_print("%s/scans/of the office", s->place.folder);
    s->order = (struct scan_order){s->place.store, s->path, 30, 0, 1000};
    *state = s;
    return scan_folder_new(&s->order, &s->folder);
}

static int scans_drop(void **state) {
    struct scans *s = *state;
    scan_folder_drop(&s->folder);
    store_close(&s->place.store);
    folder_remove(s->place.folder);
    free(s->path);
    free(s);
    return 0;
}

static char *below(const struct scans *s, const char *name) {
    return mem_print("%s/%s", s->path, name);
}

static void put(const struct scans *s, const char *name, const char *text) {
    char *path = below(s, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    free(path);
}

static void make_old(const struct scans *s, const char *name) {
    char *path = below(s, name);
    const struct timespec long_ago[2] = {{1600000000, 0}, {1600000000, 0}};
    assert_int_equal(utimensat(AT_FDCWD, path, long_ago, 0), 0);
    free(path);
}

static int is_there(const struct scans *s, const char *name) {
    struct stat st;
    char *path = below(s, name);
    int there = lstat(path, &st) == 0;
    free(path);
    return there;
}

static int look(struct scans *s, size_t unsettled) {
    size_t seen = 99;
    int n = scan_folder_look(s->folder, &seen);
    assert_int_equal(seen, unsettled);
    return n;
}

/* Looks until everything has settled. */
static int take_all(struct scans *s) {
    size_t unsettled = 1;
    int taken = 0;
    for (int i = 0; i < 100 && unsettled; i++, usleep(15000)) {
        int n = scan_folder_look(s->folder, &unsettled);
        assert_true(n >= 0);
        taken += n;
    }
    return taken;
}

static void what_lay_there_before_is_taken_at_once(void **state) {
    struct scans *s = *state;
    put(s, "b.pdf", "two");
    put(s, "a.pdf", "one");
    make_old(s, "a.pdf");
    make_old(s, "b.pdf");
    assert_int_equal(look(s, 0), 2);
    assert_false(is_there(s, "a.pdf"));
    assert_true(is_there(s, "done/R000001-a.pdf")); /* in the order of their names */
    assert_true(is_there(s, "done/R000002-b.pdf"));
    assert_int_equal(number(s->place.store, "SELECT count(*) FROM job WHERE kind = 'open'"), 2);
    assert_int_equal(look(s, 0), 0);
}

static void what_is_still_written_is_waited_for(void **state) {
    struct scans *s = *state;
    put(s, "a.pdf", "one");
    assert_int_equal(look(s, 1), 0);
    usleep(40000);
    put(s, "a.pdf", "one and more");
    assert_int_equal(look(s, 1), 0); /* it has grown: the wait begins anew */
    assert_int_equal(look(s, 1), 0);
    usleep(40000);
    assert_int_equal(look(s, 0), 1);
    assert_int_equal(number(s->place.store, "SELECT bytes FROM part"), 12);
}

static void a_new_file_wakes_the_watch(void **state) {
    struct scans *s = *state;
    struct pollfd p = {.fd = scan_folder_fd(s->folder), .events = POLLIN};
    if (p.fd < 0)
        skip();
    assert_int_equal(poll(&p, 1, 0), 0);
    put(s, "a.pdf", "one");
    assert_int_equal(poll(&p, 1, 2000), 1);
    look(s, 1);
    assert_int_equal(poll(&p, 1, 0), 0); /* read away, so that it does not wake for ever */
}

static void names_that_are_none_of_ours(void **state) {
    static const char *const names[] = {".hidden", "a.pdf~", "b.part", "c.tmp", "d.lock", "e.filepart", "f.crdownload"};
    struct scans *s = *state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        put(s, names[i], "x");
        make_old(s, names[i]);
    }
    assert_int_equal(look(s, 0), 0);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        assert_true(is_there(s, names[i]));
    put(s, "partial.pdf", "a name that only looks like one");
    put(s, "tmp", "y");
    assert_int_equal(take_all(s), 2);
}

static void links_pipes_and_folders_are_left_alone(void **state) {
    struct scans *s = *state;
    char *link_path = below(s, "link.pdf"), *dangling = below(s, "dangling.pdf"), *fifo = below(s, "pipe.pdf"), *folder = below(s, "folder.pdf");
    put(s, "target.doc.tmp", "secret of somebody else");
    char *target = below(s, "target.doc.tmp");
    assert_int_equal(symlink(target, link_path), 0);
    assert_int_equal(symlink("/nonexistent", dangling), 0);
    assert_int_equal(mkfifo(fifo, 0600), 0);
    assert_int_equal(mkdir(folder, 0700), 0);
    for (int i = 0; i < 3; i++, usleep(35000))
        assert_int_equal(look(s, 0), 0); /* and it does not hang on the pipe */
    assert_true(is_there(s, "link.pdf") && is_there(s, "pipe.pdf") && is_there(s, "folder.pdf") && is_there(s, "dangling.pdf"));
    assert_int_equal(number(s->place.store, "SELECT count(*) FROM receipt"), 0);
    free(link_path);
    free(dangling);
    free(fifo);
    free(folder);
    free(target);
}

static void too_large_stays_and_the_others_go_on(void **state) {
    struct scans *s = *state;
    char big[1102];
    memset(big, 'x', 1101);
    big[1101] = 0;
    put(s, "a.pdf", big);
    big[1000] = 0;
    put(s, "b.pdf", big); /* just as large as may be */
    make_old(s, "a.pdf");
    make_old(s, "b.pdf");
    assert_int_equal(look(s, 0), 1);
    assert_true(is_there(s, "a.pdf"));
    assert_false(is_there(s, "b.pdf"));
}

static void removed_when_so_set(void **state) {
    struct scans *s = *state;
    s->order.remove_after = 1;
    scan_folder_drop(&s->folder);
    assert_int_equal(scan_folder_new(&s->order, &s->folder), 0);
    put(s, "a.pdf", "one");
    assert_int_equal(take_all(s), 1);
    assert_false(is_there(s, "a.pdf") || is_there(s, "done/R000001-a.pdf"));
    assert_int_equal(number(s->place.store, "SELECT count(*) FROM receipt"), 1);
}

/* Killed after the commit and before the file was moved: found again, known again, moved. */
static void a_file_that_was_received_before_is_only_let_go(void **state) {
    struct scans *s = *state;
    char *from = below(s, "done/R000001-a.pdf"), *to = below(s, "a.pdf");
    put(s, "a.pdf", "one");
    assert_int_equal(take_all(s), 1);
    assert_int_equal(rename(from, to), 0);
    assert_int_equal(take_all(s), 1);
    assert_int_equal(number(s->place.store, "SELECT count(*) FROM receipt"), 1);
    assert_true(is_there(s, "done/R000001-a.pdf"));
    put(s, "a.pdf", "one"); /* the same name and bytes, but another file */
    assert_int_equal(take_all(s), 1);
    assert_int_equal(number(s->place.store, "SELECT count(*) FROM receipt"), 2);
    assert_true(is_there(s, "done/R000002-a.pdf"));
    free(from);
    free(to);
}

static void odd_names_do_no_harm(void **state) {
    struct scans *s = *state;
    char longest[256];
    memset(longest, 'n', 255);
    longest[255] = 0;
    put(s, longest, "1");
    put(s, "\xff\xfe broken \x01.pdf", "2");
    put(s, "-rf *.pdf", "3");
    put(s, "Zoë's %s letter.pdf", "4");
    assert_int_equal(take_all(s), 4);
    assert_int_equal(number(s->place.store, "SELECT count(*) FROM receipt"), 4);
}

static void a_store_that_refuses_keeps_the_files(void **state) {
    struct scans *s = *state;
    size_t unsettled;
    put(s, "a.pdf", "one");
    make_old(s, "a.pdf");
    run(s->place.store, "CREATE TRIGGER refuse BEFORE INSERT ON receipt BEGIN SELECT RAISE(FAIL, 'no'); END");
    assert_true(scan_folder_look(s->folder, &unsettled) < 0);
    assert_true(is_there(s, "a.pdf"));
    assert_int_equal(number(s->place.store, "SELECT count(*) FROM receipt"), 0);
    run(s->place.store, "DROP TRIGGER refuse");
    assert_int_equal(take_all(s), 1);
}

static void a_folder_that_has_gone_says_so(void **state) {
    struct scans *s = *state;
    size_t unsettled;
    char *away = mem_print("%s/away", s->place.folder);
    assert_int_equal(rename(s->path, away), 0);
    assert_int_equal(scan_folder_look(s->folder, &unsettled), ERR_NOT_FOUND);
    assert_int_equal(rename(away, s->path), 0);
    put(s, "a.pdf", "one");
    assert_int_equal(take_all(s), 1);
    free(away);
    struct scan_order no = s->order;
    struct scan_folder *none = NULL;
    no.path = "/proc/nothing/here";
    assert_true(scan_folder_new(&no, &none) < 0);
    assert_null(none);
}

/* Somebody puts another file in the place of the one that is just being taken in. */
struct swap {
    struct scans *s;
    struct store *store;
};

static void *swap_run(void *state) {
    struct swap *swap = state;
    char *fresh = mem_print("%s/fresh", swap->s->place.folder), *place = below(swap->s, "a.pdf");
    usleep(200000);
    FILE *file = fopen(fresh, "w");
    fputs("quite another letter", file);
    fclose(file);
    rename(fresh, place);
    db_commit(swap->store->db);
    free(fresh);
    free(place);
    return NULL;
}

static void a_file_put_in_its_place_is_not_lost(void **state) {
    struct scans *s = *state;
    struct swap swap = {s, NULL};
    pthread_t thread;
    s->order.remove_after = 1;
    scan_folder_drop(&s->folder);
    assert_int_equal(scan_folder_new(&s->order, &s->folder), 0);
    put(s, "a.pdf", "one");
    make_old(s, "a.pdf");
    assert_int_equal(store_open(s->place.folder, &swap.store), 0);
    assert_int_equal(db_begin(swap.store->db), 0); /* taking in waits for this one */
    assert_int_equal(pthread_create(&thread, NULL, swap_run, &swap), 0);
    size_t unsettled = 0;
    int n = scan_folder_look(s->folder, &unsettled);
    pthread_join(thread, NULL);
    store_close(&swap.store);
    assert_int_equal(n, 0);
    assert_int_equal(unsettled, 1);
    assert_true(is_there(s, "a.pdf"));
    assert_int_equal(take_all(s), 1);
    assert_int_equal(number(s->place.store, "SELECT count(*) FROM part WHERE same_as IS NULL"), 2);
    assert_int_equal(number(s->place.store, "SELECT bytes FROM part WHERE id = 2"), 20);
    assert_false(is_there(s, "a.pdf"));
}

/* As somebody who may not do everything: a file that may not be read, and a folder that may not be changed. */
static int as_nobody(struct scans *s) {
    struct store *store = NULL;
    struct scan_folder *folder = NULL;
    size_t unsettled;
    if (store_open(s->place.folder, &store))
        return 1;
    struct scan_order order = s->order;
    order.store = store;
    if (scan_folder_new(&order, &folder))
        return 2;
    make_old(s, "a.pdf");
    make_old(s, "b.pdf");
    if (scan_folder_look(folder, &unsettled) != ERR_SYSTEM) /* a.pdf may not be read: said, but no reason to leave b.pdf */
        return 3;
    if (number(store, "SELECT count(*) FROM receipt") != 1 || is_there(s, "b.pdf"))
        return 4;
    char *a = below(s, "a.pdf");
    unlink(a);
    free(a);
    put(s, "c.pdf", "three");
    put(s, "d.pdf", "four");
    make_old(s, "c.pdf");
    make_old(s, "d.pdf");
    chmod(s->path, 0555);
    for (int i = 0; i < 3; i++, usleep(40000)) /* each is received once, however often it is found */
        if (scan_folder_look(folder, &unsettled) != ERR_SYSTEM)
            return 5;
    if (number(store, "SELECT count(*) FROM receipt") != 3 || !is_there(s, "c.pdf") || !is_there(s, "d.pdf"))
        return 6;
    chmod(s->path, 0755);
    if (scan_folder_look(folder, &unsettled) != 2 || is_there(s, "c.pdf") || number(store, "SELECT count(*) FROM receipt") != 3)
        return 7;
    scan_folder_drop(&folder);
    store_close(&store);
    return 0;
}

static void what_may_not_be_read_or_changed(void **state) {
    struct scans *s = *state;
    put(s, "a.pdf", "one");
    put(s, "b.pdf", "two");
    char *a = below(s, "a.pdf");
    assert_int_equal(chmod(a, 0), 0);
    free(a);
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        char *own = mem_print("chown -R nobody %s", s->place.folder);
        if (geteuid() == 0 && (system(own) || setuid(65534)))
            _exit(90);
        free(own);
        _exit(as_nobody(s));
    }
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

#define T(f) cmocka_unit_test_setup_teardown(f, scans_new, scans_drop)
int main(void) {
    const struct CMUnitTest tests[] = {
        T(what_lay_there_before_is_taken_at_once), T(what_is_still_written_is_waited_for), T(a_new_file_wakes_the_watch),
        T(names_that_are_none_of_ours), T(links_pipes_and_folders_are_left_alone), T(too_large_stays_and_the_others_go_on),
        T(removed_when_so_set), T(a_file_that_was_received_before_is_only_let_go), T(odd_names_do_no_harm),
        T(a_store_that_refuses_keeps_the_files), T(a_folder_that_has_gone_says_so), T(a_file_put_in_its_place_is_not_lost),
        T(what_may_not_be_read_or_changed)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
