/* The watched folder in trouble: kills, refusing stores, full disks, folders and files that may not be touched. Nothing is lost, nothing is
 * taken in twice, and it goes on by itself. */
#include "tests/unit/ingest/scan_fixture.h"

#include <poll.h>
#include <pthread.h>
#include <sys/mount.h>
#include <sys/wait.h>

static void removed_when_so_set(void **state) {
    struct scans *s = *state;
    s->profile.after = (char *)(uintptr_t) "remove";
    put(s, "a.pdf", "one");
    assert_int_equal(take_all(s), 1);
    assert_false(is_there(s, "a.pdf") || is_there(s, "done/R000001-a.pdf"));
    assert_int_equal(receipts(s), 1);
}

/* Killed after the commit and before the file was moved: found again, known again, moved. */
static void a_file_that_was_received_before_is_only_let_go(void **state) {
    struct scans *s = *state;
    put(s, "a.pdf", "one");
    assert_int_equal(take_all(s), 1);
    move(s, "done/R000001-a.pdf", "a.pdf");
    scans_again(s);
    assert_int_equal(take_all(s), 0);
    assert_int_equal(receipts(s), 1);
    assert_true(is_there(s, "done/R000001-a.pdf") && !is_there(s, "a.pdf"));
    put(s, "a.pdf", "one"); /* the same name and bytes, but another file */
    assert_int_equal(take_all(s), 1);
    assert_int_equal(receipts(s), 2);
    assert_true(is_there(s, "done/R000002-a.pdf"));
}

/* A scanner without a clock that uses one name over and over: the same path, inode and time, and quite another letter. */
static void another_letter_is_another_item(void **state) {
    struct scans *s = *state;
    put(s, "scan.pdf", "one");
    put_time(s, "scan.pdf", 0);
    assert_int_equal(take_all(s), 1);
    move(s, "done/R000001-scan.pdf", "scan.pdf");
    char *path = below(s, "scan.pdf");
    int fd = open(path, O_WRONLY | O_TRUNC);
    assert_int_equal(write(fd, "two", 3), 3);
    close(fd);
    free(path);
    put_time(s, "scan.pdf", 0);
    assert_int_equal(take_all(s), 1);
    assert_int_equal(number(s->place.store, "SELECT count(*) FROM part WHERE same_as IS NULL"), 2);
}

static void a_store_that_refuses_keeps_the_files(void **state) {
    struct scans *s = *state;
    put(s, "a.pdf", "one");
    put(s, "b.pdf", "two");
    run(s->place.store, "CREATE TRIGGER refuse BEFORE INSERT ON receipt BEGIN SELECT RAISE(FAIL, 'no'); END");
    look(s);
    assert_int_equal(look(s), 0);
    assert_true(s->look.err < 0 && s->look.store_err == 1);
    assert_int_equal(s->look.waiting, 2);
    assert_non_null(strstr(s->look.trouble, "taking in has stopped: "));
    assert_true(is_there(s, "a.pdf") && is_there(s, "b.pdf"));
    assert_int_equal(receipts(s), 0);
    run(s->place.store, "DROP TRIGGER refuse");
    assert_int_equal(take_all(s), 2);
    assert_string_equal(s->look.trouble, "");
}

static void a_folder_that_has_gone_says_so(void **state) {
    struct scans *s = *state;
    char *away = mem_print("%s/away", s->place.folder);
    assert_int_equal(rename(s->path, away), 0);
    look(s);
    assert_int_equal(s->look.err, ERR_NOT_FOUND);
    assert_int_equal(s->look.store_err, 0);
    assert_string_equal(s->look.trouble, "its folder is not there");
    assert_false(access(s->path, F_OK) == 0); /* not made anew: a share that is away comes back */
    assert_int_equal(s->channel->tidy(s->channel), 0);
    assert_int_equal(rename(away, s->path), 0);
    put(s, "a.pdf", "one");
    assert_int_equal(take_all(s), 1);
    free(away);
}

static void a_folder_that_cannot_be_had_is_tried_again(void **state) {
    struct scans *s = *state;
    char *file = mem_print("%s/in the way", s->place.folder), *folder = mem_print("%s/scans", file);
    assert_int_equal(close(open(file, O_CREAT | O_WRONLY, 0600)), 0);
    s->profile.folder = folder;
    scans_again(s);
    look(s);
    assert_true(s->look.err < 0);
    assert_non_null(strstr(s->look.trouble, "its folder "));
    assert_int_equal(s->channel->tidy(s->channel), 0);
    assert_int_equal(unlink(file), 0);
    look(s);
    assert_int_equal(s->look.err, 0);
    s->profile.folder = (char *)(uintptr_t) "";
    scans_again(s);
    look(s);
    assert_string_equal(s->look.trouble, "no folder is set for it");
    s->profile.folder = s->path;
    free(file);
    free(folder);
}

static void done_and_failed_have_the_folders_mode(void **state) {
    struct scans *s = *state;
    struct stat st;
    char *done = below(s, "done"), *failed = below(s, "failed"), *at = below(s, "link");
    assert_int_equal(rmdir(done) | rmdir(failed), 0);
    assert_int_equal(chmod(s->path, 02770), 0);
    assert_int_equal(symlink("nowhere", at), 0);
    take_all(s);
    assert_int_equal(stat(done, &st), 0);
    assert_int_equal(st.st_mode & 07777, 02770);
    char *notice = below(s, "failed/link.txt");
    assert_int_equal(stat(notice, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0660);
    free(notice);
    free(done);
    free(failed);
    free(at);
}

/* done/ that leads elsewhere is no place to put anything. */
static void a_link_in_place_of_done_is_not_followed(void **state) {
    struct scans *s = *state;
    char *done = below(s, "done"), *elsewhere = mem_print("%s/elsewhere", s->place.folder);
    assert_int_equal(rmdir(done), 0);
    assert_int_equal(mkdir(elsewhere, 0700), 0);
    assert_int_equal(symlink(elsewhere, done), 0);
    put(s, "a.pdf", "one");
    assert_int_equal(take_all(s), 1);
    assert_true(is_there(s, "a.pdf"));
    assert_string_equal(s->look.trouble, "1 item was taken in but cannot be moved to done/ or removed");
    assert_int_equal(rmdir(elsewhere), 0); /* empty */
    assert_int_equal(unlink(done), 0);
    assert_int_equal(take_all(s), 0);
    assert_true(is_there(s, "done/R000001-a.pdf"));
    assert_int_equal(receipts(s), 1);
    free(done);
    free(elsewhere);
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
    s->profile.after = (char *)(uintptr_t) "remove";
    put(s, "a.pdf", "one");
    look(s);
    assert_int_equal(store_open(s->place.folder, &swap.store), 0);
    assert_int_equal(db_begin(swap.store->db), 0); /* taking in waits for this one */
    assert_int_equal(pthread_create(&thread, NULL, swap_run, &swap), 0);
    look(s);
    pthread_join(thread, NULL);
    store_close(&swap.store);
    assert_int_equal(s->look.waiting, 1);
    assert_true(is_there(s, "a.pdf"));
    assert_int_equal(take_all(s), 1);
    assert_int_equal(number(s->place.store, "SELECT count(*) FROM part WHERE same_as IS NULL"), 2);
    assert_int_equal(number(s->place.store, "SELECT bytes FROM part WHERE id = 2"), 20);
    assert_false(is_there(s, "a.pdf"));
}

/* As somebody who may not do everything. Each number is the line that failed. */
#define MUST(x)                                                                                                        \
    do {                                                                                                               \
        if (!(x))                                                                                                      \
            return __LINE__;                                                                                           \
    } while (0)

static int mode(const struct scans *s, const char *name, mode_t mode) {
    char *path = below(s, name);
    int err = chmod(path, mode);
    free(path);
    return err;
}

static int unreadable_as_nobody(struct scans *s) {
    put(s, "a.pdf", "one");
    put(s, "b.pdf", "two");
    make_folder(s, "closed");
    MUST(mode(s, "a.pdf", 0) == 0 && mode(s, "closed", 0) == 0);
    MUST(take_all(s) == 1); /* no reason to leave b.pdf */
    MUST(is_there(s, "a.pdf") && !is_there(s, "b.pdf"));
    MUST(s->look.left == 2 && strcmp(s->look.trouble, "2 items may not be read: permission denied") == 0);
    MUST(mode(s, "a.pdf", 0600) == 0 && mode(s, "closed", 0700) == 0); /* a person mends it */
    MUST(take_all(s) == 1 && s->look.left == 0 && s->look.trouble[0] == 0);
    return 0;
}

static int unmovable_as_nobody(struct scans *s) {
    char *link_path = below(s, "link");
    put(s, "c.pdf", "three");
    put(s, "d.pdf", "four");
    MUST(symlink("nowhere", link_path) == 0);
    free(link_path);
    look(s);
    MUST(chmod(s->path, 0555) == 0);
    MUST(take_all(s) == 2);
    for (int i = 0; i < 3; i++)
        MUST(take_all(s) == 0); /* each is received once, however often it is found */
    MUST(receipts(s) == 2 && is_there(s, "c.pdf") && is_there(s, "d.pdf") && is_there(s, "link"));
    MUST(s->look.left == 3);
    MUST(strcmp(s->look.trouble, "2 items were taken in but cannot be moved to done/ or removed; 1 item cannot be moved to failed/") == 0);
    scans_again(s);
    MUST(take_all(s) == 0 && receipts(s) == 2 && s->look.left == 3); /* known by its source */
    MUST(chmod(s->path, 0755) == 0);
    MUST(take_all(s) == 0 && !is_there(s, "c.pdf") && !is_there(s, "link") && receipts(s) == 2);
    MUST(is_there(s, "done/R000001-c.pdf") && is_there(s, "done/R000002-d.pdf") && is_there(s, "failed/link"));
    return 0;
}

static void as_nobody(struct scans *s, int (*what)(struct scans *s)) {
    int status;
    char *own = mem_print("chown -R nobody %s", s->place.folder);
    /* A connection never crosses a fork. */
    s->channel->drop(s->channel);
    store_close(&s->place.store);
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        if (geteuid() == 0 && (system(own) || setuid(65534)))
            _exit(90);
        if (store_open(s->place.folder, &s->place.store))
            _exit(91);
        scans_open(s);
        int line = what(s);
        if (line)
            print_message("line %d: %s\n", line, s->look.trouble);
        fflush(NULL);
        _exit(line ? 1 : 0);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(store_open(s->place.folder, &s->place.store), 0);
    scans_open(s);
    free(own);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static void what_may_not_be_read_stays_until_it_may(void **state) {
    as_nobody(*state, unreadable_as_nobody);
}

static void what_cannot_be_moved_is_not_received_again(void **state) {
    as_nobody(*state, unmovable_as_nobody);
}

/* A store on a disk of 2 MB that is filled up. */
static void a_full_disk_stops_and_goes_on(void **state) {
    struct scans *s = *state;
    char *disk = mem_print("%s/disk", s->place.folder), *inner = mem_print("%s/store", disk), *filler = mem_print("%s/filler", disk);
    struct store *store = NULL, *before = s->place.store;
    assert_int_equal(mkdir(disk, 0700), 0);
    if (geteuid() || mount("none", disk, "tmpfs", 0, "size=2m")) {
        print_message("no disk can be mounted here: not tested\n");
        free(disk);
        free(inner);
        free(filler);
        skip();
    }
    assert_int_equal(store_open(inner, &store), 0);
    s->place.store = store;
    scans_again(s);
    int fd = open(filler, O_CREAT | O_WRONLY, 0600);
    char block[4096] = {0};
    while (write(fd, block, sizeof block) > 0)
        ;
    put(s, "a.pdf", "one");
    put(s, "b.pdf", "two");
    look(s);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(look(s), 0);
        assert_int_equal(s->look.store_err, 1);
        assert_int_equal(s->look.err, ERR_NO_SPACE);
        assert_int_equal(s->look.waiting, 2);
        assert_non_null(strstr(s->look.trouble, "no space left on the disk"));
    }
    assert_true(is_there(s, "a.pdf") && is_there(s, "b.pdf"));
    assert_int_equal(ftruncate(fd, 0), 0);
    close(fd);
    int taken = take_all(s);
    int64_t there = receipts(s);
    s->place.store = before;
    scans_again(s);
    store_close(&store);
    assert_int_equal(umount(disk), 0);
    assert_int_equal(taken, 2);
    assert_int_equal(there, 2);
    assert_true(is_there(s, "done/R000001-a.pdf") && is_there(s, "done/R000002-b.pdf"));
    free(disk);
    free(inner);
    free(filler);
}

/* A sub-folder that is another disk: the file cannot be moved, it is copied. */
static void a_sub_folder_on_another_disk(void **state) {
    struct scans *s = *state;
    char *disk = below(s, "scanner 2");
    make_folder(s, "scanner 2");
    if (geteuid() || mount("none", disk, "tmpfs", 0, "size=1m")) {
        print_message("no disk can be mounted here: not tested\n");
        free(disk);
        skip();
    }
    put(s, "scanner 2/a.pdf", "one");
    int taken = take_all(s);
    int stayed = is_there(s, "scanner 2/a.pdf");
    assert_int_equal(umount(disk), 0);
    assert_int_equal(taken, 1);
    assert_false(stayed);
    assert_says(s, "done/R000001-scanner 2 a.pdf", "one");
    assert_string_equal(s->look.trouble, "");
    free(disk);
}

#define T(f) cmocka_unit_test_setup_teardown(f, scans_new, scans_drop)
int main(void) {
    const struct CMUnitTest tests[] = {
        T(removed_when_so_set), T(a_file_that_was_received_before_is_only_let_go), T(another_letter_is_another_item),
        T(a_store_that_refuses_keeps_the_files), T(a_folder_that_has_gone_says_so), T(a_folder_that_cannot_be_had_is_tried_again),
        T(done_and_failed_have_the_folders_mode), T(a_link_in_place_of_done_is_not_followed), T(a_file_put_in_its_place_is_not_lost),
        T(what_may_not_be_read_stays_until_it_may), T(what_cannot_be_moved_is_not_received_again), T(a_full_disk_stops_and_goes_on),
        T(a_sub_folder_on_another_disk)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
