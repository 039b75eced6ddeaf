/* Sealed files: what is put in comes out, and only by its kind, its owner's key and its unchanged bytes. */
#include "store/seal.h"
#include "tests/unit/store_fixture.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

static int64_t put(struct store *store, struct view bytes, const char *kind, const char *owner_kind, int64_t owner) {
    struct sealed_file file;
    int64_t object = 0;
    assert_int_equal(vault_write(store, bytes, &file), 0);
    assert_int_equal(db_begin(store->db), 0);
    assert_int_equal(vault_add(store, &file, kind, owner_kind, owner, &object), 0);
    assert_int_equal(db_commit(store->db), 0);
    return object;
}

static void sizes_round_the_pieces(void **state) {
    static const size_t sizes[] = {0, 1, 65535, 65536, 65537, 131072, 200001};
    struct store *store = ((struct place *)*state)->store;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct buf bytes = {0}, out = {0};
        uint8_t *at = buf_room(&bytes, sizes[i]);
        for (size_t k = 0; k < sizes[i]; k++)
            at[k] = (uint8_t)(k * 7 + i);
        int64_t object = put(store, buf_view(&bytes), VAULT_ORIGINAL, "intake", 0);
        assert_int_equal(original_open(store, object, &out), 0);
        assert_true(view_equal(buf_view(&bytes), buf_view(&out)));
        buf_drop(&bytes);
        buf_drop(&out);
    }
}

static void opening_is_by_kind(void **state) {
    struct store *store = ((struct place *)*state)->store;
    struct buf out = {0};
    int64_t original = put(store, view_text("o"), VAULT_ORIGINAL, "intake", 0);
    int64_t picture = put(store, view_text("p"), VAULT_PICTURE, "intake", 0);
    int64_t covered = put(store, view_text("c"), VAULT_COVERED, "request", 1);
    assert_int_equal(covered_open(store, original, &out), ERR_REFUSED);
    assert_int_equal(covered_open(store, picture, &out), ERR_REFUSED);
    assert_int_equal(original_open(store, covered, &out), ERR_REFUSED);
    assert_int_equal(page_picture_open(store, original, &out), ERR_REFUSED);
    assert_int_equal(original_open(store, 999, &out), ERR_NOT_FOUND);
    assert_int_equal(out.len, 0);
    assert_int_equal(covered_open(store, covered, &out), 0);
    assert_int_equal(page_picture_open(store, picture, &out), 0);
    assert_string_equal(buf_text(&out), "cp");
    buf_drop(&out);
}

static char *file_of(struct place *place, int64_t object) {
    char sql[64];
    snprintf(sql, sizeof sql, "SELECT name FROM object WHERE id = %lld", (long long)object);
    char *name = words_in(place->store, sql);
    char *path = mem_print("%s/vault/%.2s/%s", place->folder, name, name);
    free(name);
    return path;
}

static void nothing_of_the_content_is_on_the_disk(void **state) {
    struct place *place = *state;
    int64_t object = put(place->store, view_text("Florian Tidswell, 4 Mill Lane"), VAULT_ORIGINAL, "intake", 0);
    char *path = file_of(place, object), bytes[512];
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    int fd = open(path, O_RDONLY);
    ssize_t n = read(fd, bytes, sizeof bytes);
    close(fd);
    assert_true(n > 29);
    assert_null(memmem(bytes, (size_t)n, "Tidswell", 8));
    free(path);
}

static void cut_changed_and_lost_files_do_not_open(void **state) {
    struct place *place = *state;
    struct buf big = {0}, out = {0};
    memset(buf_room(&big, 150000), 'x', 150000);
    int64_t object = put(place->store, buf_view(&big), VAULT_ORIGINAL, "intake", 0);
    char *path = file_of(place, object);
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    int fd = open(path, O_RDWR);
    char c;
    assert_int_equal(pread(fd, &c, 1, 70000), 1);
    c ^= 1;
    assert_int_equal(pwrite(fd, &c, 1, 70000), 1);
    assert_int_equal(original_open(place->store, object, &out), ERR_SEAL);
    assert_int_equal(out.len, 0); /* the pieces before the changed one are not given either */
    c ^= 1;
    assert_int_equal(pwrite(fd, &c, 1, 70000), 1);
    assert_int_equal(original_open(place->store, object, &out), 0);
    buf_reset(&out);
    /* Cut just between two pieces: what is left is a whole beginning, but not the whole. */
    assert_int_equal(ftruncate(fd, 24 + 65536 + 17), 0);
    close(fd);
    assert_int_equal(original_open(place->store, object, &out), ERR_SEAL);
    assert_int_equal(truncate(path, 10), 0);
    assert_int_equal(original_open(place->store, object, &out), ERR_SEAL);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(original_open(place->store, object, &out), ERR_NOT_FOUND);
    assert_int_equal(out.len, 0);
    free(path);
    buf_drop(&big);
    buf_drop(&out);
}

static void a_destroyed_owner_takes_it_along(void **state) {
    struct store *store = ((struct place *)*state)->store;
    struct buf out = {0};
    uint8_t key[STORE_KEY_BYTES];
    int64_t object = put(store, view_text("a letter about two children"), VAULT_PICTURE, "intake", 0);
    assert_int_equal(vault_share(store, object, "child", 1), 0);
    assert_int_equal(vault_share(store, object, "child", 2), 0);
    assert_int_equal(vault_share(store, object, "child", 2), 0); /* twice is once */
    assert_int_equal(vault_take_from(store, object, "intake", 0), 0);
    assert_int_equal(number(store, "SELECT count(*) FROM object_key"), 2);
    assert_int_equal(seal_key_destroy(store, "child", 1), 0);
    assert_int_equal(page_picture_open(store, object, &out), 0); /* the other child's record still needs it */
    assert_int_equal(vault_column_key(store, object, key), 0);
    buf_reset(&out);
    assert_int_equal(seal_key_destroy(store, "child", 2), 0);
    assert_int_equal(page_picture_open(store, object, &out), ERR_KEY);
    assert_int_equal(vault_column_key(store, object, key), ERR_KEY);
    assert_int_equal(vault_share(store, object, "child", 3), ERR_KEY);
    assert_int_equal(out.len, 0);
    buf_drop(&out);
}

static void the_last_owner_stays(void **state) {
    struct store *store = ((struct place *)*state)->store;
    struct buf out = {0};
    int64_t object = put(store, view_text("x"), VAULT_PICTURE, "intake", 0);
    assert_int_equal(vault_take_from(store, object, "intake", 0), 0);
    assert_int_equal(page_picture_open(store, object, &out), 0);
    buf_drop(&out);
}

static void orphans_are_swept_and_nothing_else(void **state) {
    struct place *place = *state;
    struct sealed_file young, old;
    int64_t object = put(place->store, view_text("kept"), VAULT_ORIGINAL, "intake", 0);
    assert_int_equal(vault_write(place->store, view_text("young"), &young), 0);
    assert_int_equal(vault_write(place->store, view_text("old"), &old), 0);
    char *kept_path = file_of(place, object), *old_path = mem_print("%s/vault/%.2s/%s", place->folder, old.name, old.name);
    struct timespec long_ago[2] = {{1600000000, 0}, {1600000000, 0}};
    assert_int_equal(utimensat(AT_FDCWD, old_path, long_ago, 0), 0);
    assert_int_equal(utimensat(AT_FDCWD, kept_path, long_ago, 0), 0);
    assert_int_equal(vault_sweep(place->store), 1);
    assert_int_equal(access(old_path, F_OK), -1);
    assert_int_equal(access(kept_path, F_OK), 0);
    assert_int_equal(vault_sweep(place->store), 0);
    free(kept_path);
    free(old_path);
}

/* The disk takes no more: an error, no row, no file that is half there; and when there is room again it works. */
static void a_full_disk_says_so(void **state) {
    struct place *place = *state;
    pid_t pid = fork();
    if (pid == 0) {
        struct rlimit limit = {100000, RLIM_INFINITY}, none = {RLIM_INFINITY, RLIM_INFINITY};
        struct sealed_file file = {.name = "untouched"};
        struct buf big = {0};
        memset(buf_room(&big, 300000), 'x', 300000);
        signal(SIGXFSZ, SIG_IGN);
        setrlimit(RLIMIT_FSIZE, &limit);
        int err = vault_write(place->store, buf_view(&big), &file);
        setrlimit(RLIMIT_FSIZE, &none);
        if (err >= 0 || strcmp(file.name, "untouched"))
            _exit(1);
        char *find = mem_print("test -z \"$(find %s/vault -type f)\"", place->folder);
        if (system(find))
            _exit(2);
        free(find);
        if (vault_write(place->store, buf_view(&big), &file))
            _exit(3);
        _exit(0);
    }
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static void a_vault_that_is_not_there_says_so(void **state) {
    struct place *place = *state;
    struct sealed_file file;
    char *vault = mem_print("%s/vault", place->folder), *away = mem_print("%s/away", place->folder);
    assert_int_equal(rename(vault, away), 0);
    FILE *blocker = fopen(vault, "w"); /* a file where the folder should be */
    fclose(blocker);
    assert_true(vault_write(place->store, view_text("x"), &file) < 0);
    assert_int_equal(unlink(vault), 0);
    assert_int_equal(rename(away, vault), 0);
    assert_int_equal(vault_write(place->store, view_text("x"), &file), 0);
    free(vault);
    free(away);
}

static void a_row_that_fails_leaves_no_object(void **state) {
    struct store *store = ((struct place *)*state)->store;
    struct sealed_file file;
    int64_t object = 55;
    uint8_t key[STORE_KEY_BYTES];
    assert_int_equal(vault_write(store, view_text("x"), &file), 0);
    assert_int_equal(seal_key_of(store, "child", 8, &object, key), 0);
    assert_int_equal(seal_key_destroy(store, "child", 8), 0);
    object = 55;
    assert_int_equal(db_begin(store->db), 0);
    int err = vault_add(store, &file, VAULT_PICTURE, "child", 8, &object);
    assert_int_equal(err, ERR_KEY);
    assert_int_equal(db_end(store->db, err), ERR_KEY);
    assert_int_equal(object, 55);
    assert_int_equal(number(store, "SELECT count(*) FROM object"), 0);
    assert_int_equal(number(store, "SELECT count(*) FROM object_key"), 0);
    static const uint8_t zeros[STORE_KEY_BYTES];
    assert_memory_equal(file.key, zeros, sizeof zeros); /* wiped in any case */
}

#define T(f) cmocka_unit_test_setup_teardown(f, place_new, place_drop)
int main(void) {
    const struct CMUnitTest tests[] = {T(sizes_round_the_pieces), T(opening_is_by_kind), T(nothing_of_the_content_is_on_the_disk),
                                       T(cut_changed_and_lost_files_do_not_open), T(a_destroyed_owner_takes_it_along),
                                       T(the_last_owner_stays), T(orphans_are_swept_and_nothing_else), T(a_full_disk_says_so),
                                       T(a_vault_that_is_not_there_says_so), T(a_row_that_fails_leaves_no_object)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
