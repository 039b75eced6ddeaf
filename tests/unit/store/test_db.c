/* The database: arguments of every kind, transactions, two connections, a database that is locked, full or not there. */
#include "store/schema.h"
#include "tests/unit/store_fixture.h"

#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/wait.h>

static void every_kind_of_argument(void **state) {
    struct db *db = ((struct place *)*state)->store->db;
    assert_int_equal(db_script(db, "CREATE TABLE t(i INTEGER, f REAL, t TEXT, b BLOB, n TEXT, e BLOB)"), 0);
    assert_int_equal(db_run(db, "INSERT INTO t VALUES(?, ?, ?, ?, ?, ?)", "iftbtb", (int64_t)-5, 2.5, "Zoë", view_of("a\0b", 3),
                            (char *)NULL, (struct view){0}), 0);
    assert_int_equal(db_changed(db), 1);
    struct rows *rows = db_query(db, "SELECT * FROM t", "");
    assert_int_equal(rows_next(rows), 1);
    assert_int_equal(rows_int(rows, 0), -5);
    assert_true(rows_real(rows, 1) == 2.5);
    assert_string_equal(rows_text(rows, 2), "Zoë");
    assert_true(view_equal(rows_bytes(rows, 3), view_of("a\0b", 3)));
    assert_true(rows_null(rows, 4) && rows_null(rows, 5) && !rows_null(rows, 0));
    assert_string_equal(rows_text(rows, 4), "");
    assert_int_equal(rows_next(rows), 0);
    assert_int_equal(rows_end(&rows), 0);
    assert_null(rows);
}

static void rollback_leaves_nothing(void **state) {
    struct store *store = ((struct place *)*state)->store;
    struct db *db = store->db;
    run(store, "CREATE TABLE t(i INTEGER UNIQUE)");
    assert_int_equal(db_begin(db), 0);
    assert_int_equal(db_begin(db), ERR_DATABASE); /* not nested */
    assert_int_equal(db_run(db, "INSERT INTO t VALUES(1)", ""), 0);
    assert_int_equal(db_run(db, "INSERT INTO t VALUES(1)", ""), ERR_EXISTS);
    assert_int_equal(db_end(db, ERR_INPUT), ERR_INPUT);
    assert_int_equal(number(store, "SELECT count(*) FROM t"), 0);
    assert_int_equal(db_begin(db), 0);
    assert_int_equal(db_run(db, "INSERT INTO t VALUES(2)", ""), 0);
    assert_int_equal(db_end(db, 0), 0);
    assert_int_equal(number(store, "SELECT i FROM t"), 2);
    db_rollback(db); /* nothing to roll back: harmless */
}

static void the_same_query_inside_itself(void **state) {
    struct store *store = ((struct place *)*state)->store;
    static const char sql[] = "SELECT i FROM t WHERE i > ? ORDER BY i";
    run(store, "CREATE TABLE t(i INTEGER); INSERT INTO t VALUES(1), (2), (3)");
    int64_t pairs = 0;
    struct rows *outer = db_query(store->db, sql, "i", (int64_t)0);
    while (rows_next(outer) > 0) {
        struct rows *inner = db_query(store->db, sql, "i", rows_int(outer, 0));
        while (rows_next(inner) > 0)
            pairs += 10 * rows_int(outer, 0) + rows_int(inner, 0);
        assert_int_equal(rows_end(&inner), 0);
    }
    assert_int_equal(rows_end(&outer), 0);
    assert_int_equal(pairs, 12 + 13 + 23);
}

static void wrong_statements_come_back(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t value = 77;
    struct rows *rows = db_query(store->db, "SELECT nothing FROM nowhere", "");
    assert_int_equal(rows_next(rows), ERR_DATABASE);
    assert_int_equal(rows_end(&rows), ERR_DATABASE);
    assert_int_equal(db_run(store->db, "INSERT INTO nowhere VALUES(1)", ""), ERR_DATABASE);
    assert_int_equal(db_int(store->db, &value, "SELECT 1 WHERE 0", ""), ERR_NOT_FOUND);
    assert_int_equal(value, 77);
    assert_int_equal(db_int(store->db, &value, "SELECT 8", ""), 0);
    assert_int_equal(value, 8);
}

static void another_connection_is_seen(void **state) {
    struct place *place = *state;
    struct store *other = NULL;
    assert_int_equal(store_open(place->folder, &other), 0);
    int64_t before = db_version(place->store->db);
    run(place->store, "CREATE TABLE own(i)");
    assert_int_equal(db_version(place->store->db), before); /* its own commits do not count */
    run(other, "CREATE TABLE t(i); INSERT INTO t VALUES(4)");
    assert_true(db_version(place->store->db) != before);
    assert_int_equal(number(place->store, "SELECT i FROM t"), 4);
    store_close(&other);
}

/* A table of many pages that grows until the database may not have more. */
static void a_full_database_says_so(void **state) {
    struct store *store = ((struct place *)*state)->store;
    char sql[64];
    run(store, "CREATE TABLE t(b BLOB)");
    snprintf(sql, sizeof sql, "PRAGMA max_page_count = %lld", (long long)number(store, "PRAGMA page_count") + 4);
    run(store, sql);
    assert_int_equal(db_begin(store->db), 0);
    int err = 0;
    for (int i = 0; i < 100 && !err; i++)
        err = db_run(store->db, "INSERT INTO t VALUES(zeroblob(4000))", "");
    assert_int_equal(err, ERR_NO_SPACE);
    assert_int_equal(db_end(store->db, err), ERR_NO_SPACE);
    assert_int_equal(number(store, "SELECT count(*) FROM t"), 0);
    run(store, "PRAGMA max_page_count = 100000");
    assert_int_equal(db_run(store->db, "INSERT INTO t VALUES(zeroblob(4000))", ""), 0);
}

/* The disk refuses the write: nothing half-done stays, and the next try works. In a process of its own for the limit. */
static void a_refused_write_leaves_nothing(void **state) {
    struct place *place = *state;
    run(place->store, "CREATE TABLE t(b BLOB)");
    pid_t pid = fork();
    if (pid == 0) {
        struct store *store = NULL;
        struct rlimit limit = {.rlim_max = RLIM_INFINITY}, none = {RLIM_INFINITY, RLIM_INFINITY};
        signal(SIGXFSZ, SIG_IGN);
        if (store_open(place->folder, &store))
            _exit(1);
        limit.rlim_cur = 200000;
        setrlimit(RLIMIT_FSIZE, &limit);
        if (db_begin(store->db))
            _exit(2);
        int err = 0;
        for (int i = 0; i < 20 && !err; i++)
            err = db_run(store->db, "INSERT INTO t VALUES(randomblob(40000))", "");
        if (!db_end(store->db, err))
            _exit(3);
        setrlimit(RLIMIT_FSIZE, &none);
        if (number(store, "SELECT count(*) FROM t") != 0)
            _exit(4);
        if (db_run(store->db, "INSERT INTO t VALUES(x'01')", ""))
            _exit(5);
        _exit(0);
    }
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    assert_int_equal(number(place->store, "SELECT count(*) FROM t"), 1);
}

static void copies_are_whole_or_refused(void **state) {
    struct place *place = *state;
    char path[128];
    struct db *copy = NULL;
    int64_t value = 0;
    sqlite3 *locker = NULL;
    run(place->store, "CREATE TABLE t(i); INSERT INTO t VALUES(9)");
    snprintf(path, sizeof path, "%s/copy.db", place->folder);
    assert_int_equal(db_copy(place->store->db, path), 0);
    assert_int_equal(db_open(path, &copy), 0);
    assert_int_equal(db_int(copy, &value, "SELECT i FROM t", ""), 0);
    assert_int_equal(value, 9);
    db_close(&copy);
    /* A target that somebody has locked: not the old copy with a success. */
    run(place->store, "UPDATE t SET i = 10");
    assert_int_equal(sqlite3_open(path, &locker), SQLITE_OK);
    assert_int_equal(sqlite3_exec(locker, "PRAGMA journal_mode=DELETE; BEGIN EXCLUSIVE", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(db_copy(place->store->db, path), ERR_BUSY);
    sqlite3_close(locker);
    assert_int_equal(db_copy(place->store->db, path), 0);
    assert_true(db_copy(place->store->db, "/nonexistent/copy.db") < 0);
}

static void what_is_no_database_is_refused(void **state) {
    struct place *place = *state;
    char path[128];
    struct db *db = NULL;
    snprintf(path, sizeof path, "%s/letter.txt", place->folder);
    FILE *file = fopen(path, "w");
    for (int i = 0; i < 200; i++)
        fputs("This is a letter and no database at all. ", file);
    fclose(file);
    assert_true(db_open(path, &db) < 0);
    assert_null(db);
    assert_int_equal(db_open("/nonexistent/folder/x.db", &db), ERR_DATABASE);
    assert_null(db);
    db_close(&db);
}

static void a_store_needs_its_own_key(void **state) {
    struct place *place = *state;
    char key[128], away[128];
    struct store *store = NULL;
    store_close(&place->store);
    snprintf(key, sizeof key, "%s/keys/master.key", place->folder);
    snprintf(away, sizeof away, "%s/keys/away", place->folder);
    assert_int_equal(chmod(key, 0644), 0);
    assert_int_equal(store_open(place->folder, &store), ERR_KEY); /* others can read it */
    assert_int_equal(chmod(key, 0600), 0);
    assert_int_equal(rename(key, away), 0);
    assert_int_equal(store_open(place->folder, &store), ERR_KEY); /* a database without its key: no new one is made */
    assert_int_equal(access(key, F_OK), -1);
    assert_int_equal(rename(away, key), 0);
    assert_int_equal(truncate(key, 31), 0);
    assert_int_equal(store_open(place->folder, &store), ERR_KEY);
    assert_null(store);
}

static void another_schema_is_refused(void **state) {
    struct place *place = *state;
    struct store *store = NULL;
    int64_t value = 77;
    assert_int_equal(store_meta(place->store, "schema", &value), 0);
    assert_int_equal(value, SCHEMA_VERSION);
    assert_int_equal(store_meta(place->store, "unknown", &value), 0);
    assert_int_equal(value, 0);
    assert_int_equal(store_meta_set(place->store, "schema", 99), 0);
    assert_int_equal(store_open(place->folder, &store), ERR_STATE);
    assert_null(store);
}

/* A store of version 1, with rows, opened by this version: nothing is lost, and the second opening finds nothing to do. */
static void an_older_store_is_brought_up(void **state) {
    char folder[] = "/tmp/casefile-test-XXXXXX";
    struct db *db;
    struct store *store;
    (void)state;
    assert_non_null(mkdtemp(folder));
    assert_int_equal(store_open(folder, &store), 0); /* makes the keys */
    char *path = store_path(store, "casefile.db");
    store_close(&store);
    assert_int_equal(remove(path), 0);
    assert_int_equal(db_open(path, &db), 0);
    assert_int_equal(db_script(db, schema_steps[0]), 0);
    assert_int_equal(db_script(db, "INSERT INTO receipt(channel, received_at, received_by) VALUES('test', 5, 'machine');"
                                   "INSERT INTO part(receipt_id, ordinal, kind, sealed_name, content_hash, bytes, state)"
                                   " VALUES(1, 0, 'pdf', x'00', x'00', 20, 'opened');"
                                   "INSERT INTO page(part_id, number, width_pt, height_pt, role, state, picture_format, picture_dpi, picture_turn,"
                                   " source) VALUES(1, 7, 600, 800, 'page', 'read', 2, 200, 0, 2);"), 0);
    db_close(&db);
    for (int i = 0; i < 2; i++) {
        int64_t version = 0;
        assert_int_equal(store_open(folder, &store), 0);
        assert_int_equal(store_meta(store, "schema", &version), 0);
        assert_int_equal(version, SCHEMA_VERSION);
        assert_int_equal(number(store, "SELECT place FROM page WHERE number = 7"), 7);
        assert_int_equal(number(store, "SELECT priority FROM receipt"), 10);
        assert_row_text(store, "SELECT state || notes || how FROM part", "opened");
        store_close(&store);
    }
    free(path);
    folder_remove(folder);
}

static void derived_keys_differ_by_purpose(void **state) {
    struct store *store = ((struct place *)*state)->store;
    uint8_t a[STORE_KEY_BYTES], b[STORE_KEY_BYTES], c[STORE_KEY_BYTES];
    store_derive(store, "casehash", a);
    store_derive(store, "casetokn", b);
    store_derive(store, "casehash", c);
    assert_memory_not_equal(a, b, sizeof a);
    assert_memory_equal(a, c, sizeof a);
    assert_memory_not_equal(a, store->master, sizeof a);
    store_content_hash(store, view_text("same"), a);
    store_token(store, "same", b);
    assert_memory_not_equal(a, b, sizeof a);
}

#define T(f) cmocka_unit_test_setup_teardown(f, place_new, place_drop)
int main(void) {
    const struct CMUnitTest tests[] = {T(every_kind_of_argument), T(rollback_leaves_nothing), T(the_same_query_inside_itself),
                                       T(wrong_statements_come_back), T(another_connection_is_seen), T(a_full_database_says_so),
                                       T(a_refused_write_leaves_nothing), T(copies_are_whole_or_refused),
                                       T(what_is_no_database_is_refused), T(a_store_needs_its_own_key),
                                       T(another_schema_is_refused), T(an_older_store_is_brought_up), T(derived_keys_differ_by_purpose)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
