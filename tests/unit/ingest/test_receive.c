/* Custody begins: a receipt, a sealed original and a job, or nothing at all. */
#include "ingest/receive.h"
#include "queue/job.h"
#include "store/audit.h"
#include "store/page_rows.h"
#include "tests/unit/store_fixture.h"

#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

static struct receive_order order_of(const char *name, const char *source, const char *bytes) {
    return (struct receive_order){.channel = "scan folder", .name = name, .who = "machine", .source = source, .bytes = view_text(bytes)};
}

static int64_t object_of(struct store *store, int64_t part) {
    int64_t object = 0;
    assert_int_equal(db_int(store->db, &object, "SELECT object_id FROM part WHERE id = ?", "i", part), 0);
    return object;
}

static void bytes_become_a_receipt(void **state) {
    struct store *store = ((struct place *)*state)->store;
    struct receive_order order = order_of("Letter Tidswell.pdf", "inode 7", "%PDF-1.4 x");
    struct receipt receipt;
    struct buf out = {0};
    char *name = NULL;
    assert_int_equal(receive(store, &order, &receipt), 0);
    assert_int_equal(receipt.number, 1);
    assert_int_equal(receipt.again, 0);
    assert_int_equal(receipt.same_as, 0);
    assert_int_equal(strlen(receipt.hash), 16);
    assert_int_equal(original_open(store, object_of(store, receipt.part_id), &out), 0);
    assert_string_equal(buf_text(&out), "%PDF-1.4 x");
    assert_int_equal(part_name_load(store, receipt.part_id, &name), 0);
    assert_string_equal(name, "Letter Tidswell.pdf");
    assert_row_text(store, "SELECT kind || ' ' || state FROM job", "open waiting");
    assert_row_text(store, "SELECT state FROM part", "waiting");
    assert_row_text(store, "SELECT who || ' ' || action || ' ' || what || ' ' || place || why FROM audit_leaf",
                    "machine received receipt R000001 scan folder");
    assert_int_equal(number(store, "SELECT count(*) FROM part WHERE instr(sealed_name, CAST('Tidswell' AS BLOB))"), 0);
    free(name);
    buf_drop(&out);
}

static void the_same_bytes_are_linked(void **state) {
    struct store *store = ((struct place *)*state)->store;
    struct receive_order first = order_of("a.pdf", "inode 1", "same"), second = order_of("b.pdf", "inode 2", "same");
    struct receipt a, b;
    char *name = NULL;
    assert_int_equal(receive(store, &first, &a), 0);
    assert_int_equal(receive(store, &second, &b), 0);
    assert_int_equal(b.number, 2); /* somebody handed it in: that is said, and it has a receipt of its own */
    assert_int_equal(b.same_as, a.part_id);
    assert_string_equal(a.hash, b.hash);
    assert_int_equal(number(store, "SELECT count(*) FROM object"), 1);
    assert_int_equal(number(store, "SELECT count(*) FROM job"), 1);
    assert_row_text(store, "SELECT state FROM part WHERE id = 2", "duplicate");
    assert_row_text(store, "SELECT why FROM audit_leaf WHERE number = 1", "same bytes as part 1");
    assert_int_equal(part_name_load(store, b.part_id, &name), 0); /* sealed under the key of the one that it equals */
    assert_string_equal(name, "b.pdf");
    free(name);
    /* A third one equals the first, not the second. */
    struct receive_order third = order_of("c.pdf", NULL, "same");
    assert_int_equal(receive(store, &third, &b), 0);
    assert_int_equal(b.same_as, a.part_id);
}

static void a_copy_of_what_could_not_be_opened_is_tried(void **state) {
    struct store *store = ((struct place *)*state)->store;
    struct receive_order order = order_of("a.pdf", NULL, "same");
    struct receipt a, b;
    assert_int_equal(receive(store, &order, &a), 0);
    run(store, "UPDATE part SET state = 'quarantined'");
    assert_int_equal(receive(store, &order, &b), 0);
    assert_int_equal(b.same_as, 0);
    assert_int_equal(number(store, "SELECT count(*) FROM job"), 2);
}

static void the_same_source_is_taken_once(void **state) {
    struct store *store = ((struct place *)*state)->store;
    struct receive_order order = order_of("a.pdf", "inode 1 at noon", "bytes");
    struct receipt first, again;
    assert_int_equal(receive(store, &order, &first), 0);
    assert_int_equal(receive(store, &order, &again), 0); /* the program was killed before it let the file go */
    assert_int_equal(again.again, 1);
    assert_int_equal(again.number, first.number);
    assert_int_equal(number(store, "SELECT count(*) FROM receipt"), 1);
    assert_int_equal(number(store, "SELECT count(*) FROM part"), 1);
    assert_int_equal(number(store, "SELECT count(*) FROM audit_leaf"), 1);
    order.source = NULL; /* a channel that cannot give the same item twice */
    assert_int_equal(receive(store, &order, &again), 0);
    assert_int_equal(again.again, 0);
    assert_int_equal(receive(store, &order, &again), 0);
    assert_int_equal(number(store, "SELECT count(*) FROM receipt"), 3);
}

static void an_empty_file_has_a_receipt_too(void **state) {
    struct store *store = ((struct place *)*state)->store;
    struct receive_order order = {.channel = "command", .name = "empty", .who = "officer"};
    struct receipt receipt;
    struct buf out = {0};
    assert_int_equal(receive(store, &order, &receipt), 0);
    assert_int_equal(original_open(store, object_of(store, receipt.part_id), &out), 0);
    assert_int_equal(out.len, 0);
    buf_drop(&out);
}

static void attachments_hang_under_their_mail(void **state) {
    struct store *store = ((struct place *)*state)->store;
    struct receive_order order = order_of("mail.eml", NULL, "From: x");
    struct receipt mail;
    assert_int_equal(receive(store, &order, &mail), 0);
    for (int attempt = 0; attempt < 2; attempt++) { /* a second attempt at opening the mail gives the same rows */
        assert_int_equal(db_begin(store->db), 0);
        assert_int_equal(receive_inner(store, &(struct inner_part){mail.part_id, 1, "a.pdf", "attachment", view_text("one")}), 0);
        assert_int_equal(receive_inner(store, &(struct inner_part){mail.part_id, 2, "b.pdf", "attachment", view_text("one")}), 0);
        assert_int_equal(receive_inner(store, &(struct inner_part){mail.part_id, 3, "c.pdf", "attachment", view_text("three")}), 0);
        assert_int_equal(db_commit(store->db), 0);
    }
    assert_int_equal(number(store, "SELECT count(*) FROM part WHERE parent_id = 1 AND receipt_id = 1"), 3);
    assert_int_equal(number(store, "SELECT count(*) FROM part WHERE state = 'duplicate' AND same_as = 2"), 1);
    assert_int_equal(number(store, "SELECT count(*) FROM job WHERE kind = 'open'"), 3);
    assert_int_equal(number(store, "SELECT count(*) FROM receipt"), 1);
    assert_int_equal(db_begin(store->db), 0);
    assert_int_equal(db_end(store->db, receive_inner(store, &(struct inner_part){999, 1, "x", "attachment", view_text("y")})), ERR_NOT_FOUND);
}

/* What is known of an item goes with it: its profile and scanner, the child and kind that were said, and how urgent it is, on its whole way. */
static void what_the_channel_knows_is_kept(void **state) {
    struct store *store = ((struct place *)*state)->store;
    struct receive_order order = {.channel = "scan folder", .name = "a.pdf", .who = "machine", .bytes = view_text("%PDF"), .profile = "front",
                                  .scanner = "fi-1", .kind = "visit_record", .dpi = 240, .priority = JOB_REQUEST};
    struct receipt receipt;
    run(store, "INSERT INTO child(id, token, sealed) VALUES(7, x'01', x'02')");
    order.child = 7;
    assert_int_equal(receive(store, &order, &receipt), 0);
    assert_row_text(store, "SELECT profile || ' ' || scanner || ' ' || kind || ' ' || child_id || ' ' || priority || ' ' || dpi FROM receipt",
                    "front fi-1 visit_record 7 20 240");
    assert_row_text(store, "SELECT kind || ' ' || priority FROM job", "open 20");
    assert_int_equal(db_begin(store->db), 0);
    assert_int_equal(receive_inner(store, &(struct inner_part){receipt.part_id, 1, "b", "embedded", view_text("inner")}), 0);
    assert_int_equal(db_commit(store->db), 0);
    assert_row_text(store, "SELECT p.attached || ' ' || j.priority FROM part p JOIN job j ON j.subject = p.id WHERE p.parent_id IS NOT NULL",
                    "embedded 20");
}

/* Archives in archives must end: a receipt may not become fifty times as large as it was. */
static void what_comes_out_of_a_receipt_is_bounded(void **state) {
    struct store *store = ((struct place *)*state)->store;
    struct receive_order order = order_of("bomb.zip", NULL, "PK");
    struct receipt receipt;
    assert_int_equal(receive(store, &order, &receipt), 0);
    run(store, "UPDATE receipt SET part_bytes = 3000000000");
    assert_int_equal(receive_inner(store, &(struct inner_part){receipt.part_id, 1, "b", "member", view_text("inner")}), ERR_TOO_LARGE);
    run(store, "UPDATE part SET bytes = 100000000 WHERE parent_id IS NULL");
    assert_int_equal(receive_inner(store, &(struct inner_part){receipt.part_id, 1, "b", "member", view_text("inner")}), 0);
}

static int inner(struct store *store, int64_t parent, uint32_t ordinal, const char *text) {
    assert_int_equal(db_begin(store->db), 0);
    return db_end(store->db, receive_inner(store, &(struct inner_part){parent, ordinal, "m", "member", view_text(text)}));
}

/* Locked members are given when the password is there: what came before keeps its place, nothing is taken for another. */
static void members_that_come_later_are_not_lost(void **state) {
    struct store *store = ((struct place *)*state)->store;
    struct receive_order order = order_of("box.zip", NULL, "PK");
    struct receipt receipt;
    assert_int_equal(receive(store, &order, &receipt), 0);
    assert_int_equal(inner(store, receipt.part_id, 1, "B plain"), 0);
    assert_int_equal(inner(store, receipt.part_id, 1, "A locked"), 0); /* with the password they come in their true order */
    assert_int_equal(inner(store, receipt.part_id, 2, "B plain"), 0);
    assert_int_equal(inner(store, receipt.part_id, 3, "C locked"), 0);
    assert_int_equal(number(store, "SELECT count(*) FROM part WHERE parent_id IS NOT NULL AND same_as IS NULL"), 3);
    assert_int_equal(number(store, "SELECT count(DISTINCT content_hash) FROM part WHERE parent_id IS NOT NULL"), 3);
    assert_int_equal(number(store, "SELECT part_count FROM receipt"), 4);
    assert_int_equal(inner(store, receipt.part_id, 4, "C locked"), 0); /* the same member twice in the archive: both are accounted for */
    assert_int_equal(number(store, "SELECT count(*) FROM part WHERE parent_id IS NOT NULL"), 4);
}

/* Equal bytes stand for each other only when the first are in a record, and in the right one. */
static void what_equals_what(void **state) {
    static const char *const states[] = {"quarantined", "rescanned", "aside", "opened"};
    struct store *store = ((struct place *)*state)->store;
    struct receipt first, again;
    struct receive_order order = order_of("a.pdf", NULL, "%PDF same");
    assert_int_equal(receive(store, &order, &first), 0);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(db_run(store->db, "DELETE FROM part WHERE id != ?", "i", first.part_id), 0);
        assert_int_equal(db_run(store->db, "UPDATE part SET state = ?", "t", states[i]), 0);
        assert_int_equal(receive(store, &order, &again), 0);
        assert_int_equal(again.same_as, i == 3 ? first.part_id : 0);
    }
    run(store, "INSERT INTO child(id, token, sealed) VALUES(7, x'01', x'02'), (8, x'03', x'04')");
    order.child = 7;
    assert_int_equal(receive(store, &order, &again), 0);
    assert_int_equal(again.same_as, 0); /* said to be about a child: taken in for that child */
    assert_int_equal(receive(store, &order, &again), 0);
    assert_true(again.same_as != 0);
    order.child = 8;
    assert_int_equal(receive(store, &order, &again), 0);
    assert_int_equal(again.same_as, 0);
}

/* What lies in another thing is filed by what it came with, unless it says itself whose it is. */
static void attachments_equal_what_is_filed(void **state) {
    struct store *store = ((struct place *)*state)->store;
    struct receipt a, b;
    struct receive_order one = order_of("a.eml", NULL, "From: a"), two = order_of("b.eml", NULL, "From: b");
    assert_int_equal(receive(store, &one, &a), 0);
    assert_int_equal(receive(store, &two, &b), 0);
    assert_int_equal(inner(store, a.part_id, 1, "photo"), 0);
    assert_int_equal(inner(store, b.part_id, 1, "photo"), 0);
    assert_int_equal(number(store, "SELECT count(*) FROM part WHERE same_as IS NOT NULL"), 0);
    run(store, "INSERT INTO document(id, part_id, ordinal, first_page, last_page, state) SELECT 1, id, 1, 1, 1, 'ready' FROM part WHERE parent_id = 1;"
               "INSERT INTO filing(document_id, outcome, made_at, made_by) VALUES(1, 'filed', 1, 'machine')");
    assert_int_equal(inner(store, b.part_id, 2, "photo"), 0);
    assert_int_equal(number(store, "SELECT count(*) FROM part WHERE same_as IS NOT NULL"), 1);
}

static void nothing_half_done(struct store *store) {
    assert_int_equal(number(store, "SELECT (SELECT count(*) FROM receipt) + (SELECT count(*) FROM part) + (SELECT count(*) FROM job)"
                                   " + (SELECT count(*) FROM object) + (SELECT count(*) FROM audit_leaf)"), 0);
}

static void without_a_vault_nothing_is_received(void **state) {
    struct place *place = *state;
    struct receive_order order = order_of("a.pdf", "s", "bytes");
    struct receipt receipt = {.number = 77};
    char *vault = mem_print("%s/vault", place->folder), *away = mem_print("%s/away", place->folder);
    assert_int_equal(rename(vault, away), 0);
    fclose(fopen(vault, "w"));
    assert_true(receive(place->store, &order, &receipt) < 0);
    assert_int_equal(receipt.number, 77);
    nothing_half_done(place->store);
    unlink(vault);
    assert_int_equal(rename(away, vault), 0);
    assert_int_equal(receive(place->store, &order, &receipt), 0);
    assert_int_equal(receipt.number, 1);
    free(vault);
    free(away);
}

/* Each statement of the transaction refused in turn. */
static void when_a_row_is_refused_all_are(void **state) {
    static const char *const tables[] = {"seal_key", "object", "object_key", "receipt", "part", "job", "audit_leaf"};
    struct store *store = ((struct place *)*state)->store;
    struct receive_order order = order_of("a.pdf", "s", "bytes");
    struct receipt receipt = {.number = 77};
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        char sql[160];
        snprintf(sql, sizeof sql, "CREATE TRIGGER refuse BEFORE INSERT ON %s BEGIN SELECT RAISE(FAIL, 'no'); END", tables[i]);
        run(store, sql);
        assert_true(receive(store, &order, &receipt) < 0);
        assert_int_equal(receipt.number, 77);
        run(store, "DROP TRIGGER refuse");
        nothing_half_done(store);
        assert_int_equal(number(store, "SELECT size FROM audit_tree"), 0);
    }
    assert_int_equal(receive(store, &order, &receipt), 0);
    uint64_t leaves;
    char *why = NULL;
    assert_int_equal(audit_verify(store, NULL, &leaves, &why), 0);
    assert_int_equal(leaves, 1);
}

static void a_full_disk_receives_nothing(void **state) {
    struct place *place = *state;
    pid_t pid = fork();
    if (pid == 0) {
        struct rlimit limit = {50000, RLIM_INFINITY}, none = {RLIM_INFINITY, RLIM_INFINITY};
        struct store *store = NULL;
        struct receipt receipt;
        struct buf big = {0};
        memset(buf_room(&big, 200000), 'x', 200000);
        struct receive_order order = {.channel = "command", .name = "a", .who = "machine", .source = "s", .bytes = buf_view(&big)};
        signal(SIGXFSZ, SIG_IGN);
        if (store_open(place->folder, &store) || setrlimit(RLIMIT_FSIZE, &limit))
            _exit(1);
        if (receive(store, &order, &receipt) >= 0)
            _exit(2);
        setrlimit(RLIMIT_FSIZE, &none);
        if (number(store, "SELECT count(*) FROM receipt"))
            _exit(3);
        _exit(receive(store, &order, &receipt) ? 4 : 0);
    }
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    assert_int_equal(number(place->store, "SELECT count(*) FROM receipt"), 1);
}

struct race {
    const char *folder;
    int number, err;
};

static void *race_run(void *state) {
    struct race *r = state;
    struct store *store = NULL;
    r->err = store_open(r->folder, &store);
    for (int i = 0; i < 10 && !r->err; i++) {
        char bytes[32], source[32];
        struct receipt receipt;
        snprintf(bytes, sizeof bytes, "the same %d", i);
        snprintf(source, sizeof source, "%d of %d", i, r->number);
        struct receive_order order = order_of("x", source, bytes);
        r->err = receive(store, &order, &receipt);
    }
    store_close(&store);
    return NULL;
}

static void two_at_once_keep_one_copy(void **state) {
    struct place *place = *state;
    struct race races[2] = {{place->folder, 1, 0}, {place->folder, 2, 0}};
    pthread_t threads[2];
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, race_run, &races[i]), 0);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(races[0].err, 0);
    assert_int_equal(races[1].err, 0);
    assert_int_equal(number(place->store, "SELECT count(*) FROM receipt"), 20);
    assert_int_equal(number(place->store, "SELECT count(*) FROM part WHERE same_as IS NULL"), 10);
    assert_int_equal(number(place->store, "SELECT count(DISTINCT content_hash) FROM part WHERE same_as IS NULL"), 10);
    assert_int_equal(number(place->store, "SELECT count(*) FROM job"), 10);
}

static void receipt_numbers_as_people_write_them(void **state) {
    (void)state;
    static const char *const wrong[] = {"", "R", "r-5", "R 5", "+5", "0", "R0", "5x", "0x10", "99999999999999999999", "S000001"};
    char text[RECEIPT_TEXT];
    int64_t n = 0;
    receipt_text(123, text);
    assert_string_equal(text, "R000123");
    assert_int_equal(receipt_number("R000123", &n), 0);
    assert_int_equal(n, 123);
    assert_int_equal(receipt_number("r7", &n), 0);
    assert_int_equal(n, 7);
    assert_int_equal(receipt_number("1000001", &n), 0);
    assert_int_equal(n, 1000001);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_int_equal(receipt_number(wrong[i], &n), ERR_INPUT);
    assert_int_equal(n, 1000001);
}

#define T(f) cmocka_unit_test_setup_teardown(f, place_new, place_drop)
int main(void) {
    const struct CMUnitTest tests[] = {
        T(bytes_become_a_receipt), T(the_same_bytes_are_linked), T(a_copy_of_what_could_not_be_opened_is_tried),
        T(the_same_source_is_taken_once), T(an_empty_file_has_a_receipt_too), T(attachments_hang_under_their_mail), T(what_the_channel_knows_is_kept), T(what_comes_out_of_a_receipt_is_bounded), T(members_that_come_later_are_not_lost),
        T(what_equals_what), T(attachments_equal_what_is_filed),
        T(without_a_vault_nothing_is_received), T(when_a_row_is_refused_all_are), T(a_full_disk_receives_nothing),
        T(two_at_once_keep_one_copy), T(receipt_numbers_as_people_write_them)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
