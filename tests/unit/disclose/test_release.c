/* The last step: only what was proved and is approved goes out, byte for byte, and the log says so; or nothing happens. */
#include "base/clock.h"
#include "base/file.h"
#include "disclose/approve.h"
#include "disclose/consult.h"
#include "disclose/disclosure_log.h"
#include "disclose/pack.h"
#include "store/audit.h"
#include "store/seal.h"
#include "tests/unit/store_fixture.h"
#include "tests/unit/rules_fixture.h"

#include <sodium.h>

static const char pdf[] = "%PDF-1.7 a bound pack";

/* A request of child 7 with one filed document, approved, and its pack: bound and proved. */
static struct request proved(struct store *store) {
    struct request_order order = {7, "Florian Tidswell", "subject", "anna", date_from(2026, 1, 30), .identity = "passport seen"};
    struct request request;
    struct sealed_file file;
    unsigned char hash[32];
    char hex[65], name[32];
    int64_t object, pack;
    int64_t document = document_make(store, 1);
    assert_int_equal(db_run(store->db, "INSERT INTO filing(document_id, outcome, made_at, made_by) VALUES(?, 'filed', 0, 'machine')", "i", document), 0);
    run(store, "INSERT INTO filing_child VALUES(1, 7, 0, 1, 0.9)");
    assert_int_equal(request_open(store, rules, &order, &request), 0);
    char *why = NULL;
    assert_int_equal(request_approve(store, rules, &request, "berta", &why), 0);
    snprintf(name, sizeof name, "%s", request.name);
    request_drop(&request);
    assert_int_equal(request_load(store, rules, name, &request), 0);
    assert_int_equal(pack_ask(store, rules, &request, "anna", &pack), 0);
    assert_int_equal(vault_write(store, view_text(pdf), &file), 0);
    assert_int_equal(vault_add(store, &file, VAULT_COVERED, "request", request.id, &object), 0);
    crypto_hash_sha256(hash, (const unsigned char *)pdf, strlen(pdf));
    sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
    assert_int_equal(db_run(store->db, "UPDATE pack SET state = 'proved', object_id = ?, content_hash = ?, page_count = 4", "it", object, hex), 0);
    assert_int_equal(db_run(store->db, "INSERT INTO pack_volume VALUES(?, 1, ?, ?, 2, 1, 1, 4)", "iit", pack, object, hex), 0);
    return request;
}

static int release(struct place *place, const struct request *request, const struct pack_state *pack) {
    char *out = mem_print("%s/out/%s", place->folder, request->name);
    struct release_order order = {"anna", "Florian Tidswell, 4 Mill Lane", "post", out, "UK GDPR Art 15"};
    struct release done = {0};
    int err = pack_release(place->store, request, pack, &order, &done);
    release_drop(&done);
    free(out);
    return err;
}

static int written(struct place *place) {
    char *find = mem_print("test -n \"$(find %s/out -type f)\"", place->folder);
    int there = system(find) == 0;
    free(find);
    return there;
}

static void assert_nothing_went_out(struct place *place) {
    assert_int_equal(number(place->store, "SELECT count(*) FROM disclosure"), 0);
    assert_int_equal(number(place->store, "SELECT count(*) FROM audit_leaf WHERE action = 'released'"), 0);
    assert_int_equal(number(place->store, "SELECT count(*) FROM request WHERE state = 'released'"), 0);
    assert_int_equal(number(place->store, "SELECT count(*) FROM pack WHERE state = 'released'"), 0);
}

static void what_was_proved_goes_out(void **state) {
    struct place *place = *state;
    struct request request = proved(place->store);
    struct pack_state pack;
    struct buf out = {0};
    assert_int_equal(pack_state_last(place->store, &request, &pack), 0);
    assert_string_equal(pack.state, "proved");
    assert_int_equal(release(place, &request, &pack), 0);
    char *path = mem_print("%s/out/SAR-2026-0001/pack.pdf", place->folder), *manifest = mem_print("%s/out/SAR-2026-0001/manifest.json", place->folder);
    assert_int_equal(file_read(path, 1000, &out), 0);
    assert_string_equal(buf_text(&out), pdf);
    buf_reset(&out);
    assert_int_equal(file_read(manifest, 10000, &out), 0);
    assert_non_null(strstr(buf_text(&out), "\"approved_by\": \"berta\""));
    assert_null(strstr(buf_text(&out), "Tidswell"));
    struct buf signature = {0}, certificate = {0};
    char *beside = mem_print("%s.sig", manifest), *certified = mem_print("%s/out/SAR-2026-0001/certificate.txt", place->folder);
    assert_int_equal(file_read(beside, 1000, &signature), 0);
    assert_true(manifest_is_signed(place->store, buf_view(&out), buf_text(&signature)));
    out.data[5] ^= 1;
    assert_false(manifest_is_signed(place->store, buf_view(&out), buf_text(&signature)));
    assert_false(manifest_is_signed(place->store, buf_view(&out), "not a signature"));
    assert_int_equal(file_read(certified, 10000, &certificate), 0);
    assert_non_null(strstr(buf_text(&certificate), pack.hash));
    assert_null(strstr(buf_text(&certificate), "Tidswell"));
    buf_drop(&signature);
    buf_drop(&certificate);
    free(beside);
    free(certified);
    assert_row_text(place->store, "SELECT how || ' ' || released_by || ' ' || approved_by FROM disclosure", "post anna berta");
    assert_int_equal(number(place->store, "SELECT count(*) FROM disclosure WHERE instr(sealed_recipient, CAST('Mill' AS BLOB))"), 0);
    assert_row_text(place->store, "SELECT state FROM request", "released");
    assert_int_equal(number(place->store, "SELECT d.leaf = l.number FROM disclosure d, audit_leaf l WHERE l.action = 'released'"), 1);
    assert_int_equal(release(place, &request, &pack), ERR_STATE); /* what the caller still holds says "proved" */
    assert_int_equal(number(place->store, "SELECT count(*) FROM disclosure"), 1);
    uint64_t leaves;
    char *why = NULL;
    assert_int_equal(audit_verify(place->store, NULL, &leaves, &why), 0);
    pack_state_drop(&pack);
    request_drop(&request);
    buf_drop(&out);
    free(path);
    free(manifest);
}

static int count_one(void *state, const struct disclosure *one) {
    ++*(int *)state;
    assert_string_equal(one->recipient, "Florian Tidswell, 4 Mill Lane");
    assert_string_equal(one->basis, "UK GDPR Art 15");
    return 0;
}

/* What the log says is held against the audit log and the vault; a change of any of them is told. */
static void the_log_is_verified(void **state) {
    static const char *const changes[] = {
        "UPDATE disclosure SET released_by = 'somebody'",
        "UPDATE disclosure SET content_hash = 'other'",
        "UPDATE disclosure SET leaf = leaf - 1",
        "UPDATE disclosure SET head = '1:0000000000000000000000000000000000000000000000000000000000000000'",
        "UPDATE pack_volume SET object_id = (SELECT picture_id FROM page)",
        "UPDATE audit_leaf SET why = 'other' WHERE action = 'released'",
        "DELETE FROM audit_leaf WHERE number = (SELECT max(number) FROM audit_leaf)",
    };
    struct place *place = *state;
    struct request request = proved(place->store);
    struct pack_state pack;
    int64_t count = 0, id = 0;
    int shown = 0;
    char *why = NULL;
    assert_int_equal(pack_state_last(place->store, &request, &pack), 0);
    assert_int_equal(release(place, &request, &pack), 0);
    assert_int_equal(disclosures_verify(place->store, &count, &why), 0);
    assert_int_equal(count, 1);
    assert_int_equal(disclosure_of_hash(place->store, pack.hash, &id), 0);
    assert_int_equal(disclosure_of_hash(place->store, "0000", &id), ERR_NOT_FOUND);
    assert_int_equal(disclosures_each(place->store, NULL, count_one, &shown), 0);
    assert_int_equal(disclosures_each(place->store, "tidswell", count_one, &shown), 0);
    assert_int_equal(disclosures_each(place->store, "Harker", count_one, &shown), 0);
    assert_int_equal(shown, 2);
    pack_state_drop(&pack);
    request_drop(&request);
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        void *other = NULL;
        assert_int_equal(place_new(&other), 0);
        struct store *store = ((struct place *)other)->store;
        request = proved(store);
        assert_int_equal(pack_state_last(store, &request, &pack), 0);
        assert_int_equal(release(other, &request, &pack), 0);
        run(store, changes[i]);
        assert_int_equal(disclosures_verify(store, &count, &why), ERR_DAMAGED);
        assert_non_null(why);
        free(why);
        pack_state_drop(&pack);
        request_drop(&request);
        place_drop(&other);
    }
}

static void a_release_is_recalled(void **state) {
    struct place *place = *state;
    struct request request = proved(place->store);
    struct pack_state pack;
    struct recall_facts facts;
    int64_t leaf = 0;
    assert_int_equal(pack_state_last(place->store, &request, &pack), 0);
    assert_int_equal(disclosure_recall(place->store, rules, 1, "anna", "wrong envelope", &leaf), ERR_NOT_FOUND);
    assert_int_equal(release(place, &request, &pack), 0);
    assert_int_equal(disclosure_recall(place->store, rules, 1, "anna", "", &leaf), ERR_INPUT);
    assert_int_equal(disclosure_recall(place->store, rules, 1, "anna", "wrong envelope", &leaf), 0);
    assert_int_equal(disclosure_recall(place->store, rules, 1, "anna", "again", &leaf), ERR_STATE);
    assert_int_equal(number(place->store, "SELECT count(*) FROM audit_leaf WHERE action = 'recalled' AND why = ''"), 1);
    assert_int_equal(number(place->store, "SELECT count(*) FROM request_event WHERE kind = 'recalled'"), 1);
    assert_int_equal(number(place->store, "SELECT count(*) FROM disclosure"), 1); /* the row stays as it was */
    assert_int_equal(recall_facts(place->store, 1, &facts), 0);
    assert_int_equal(facts.pages, 1);
    assert_int_equal(recall_facts(place->store, 9, &facts), ERR_NOT_FOUND);
    pack_state_drop(&pack);
    request_drop(&request);
}

/* Approved and proved, and still something is in the way. */
static void obstacles_are_named(void **state) {
    struct place *place = *state;
    struct request request = proved(place->store);
    struct pack_state pack;
    struct release_order order = {"anna", "Florian Tidswell", "post", place->folder, "UK GDPR Art 15"};
    struct release done = {0};
    assert_int_equal(pack_state_last(place->store, &request, &pack), 0);
    run(place->store, "UPDATE request_event SET kind = 'note' WHERE kind = 'identity confirmed'");
    assert_int_equal(pack_release(place->store, &request, &pack, &order, &done), ERR_STATE);
    assert_non_null(strstr(done.why, "who asks"));
    release_drop(&done);
    run(place->store, "UPDATE request_event SET kind = 'identity confirmed' WHERE kind = 'note'");
    run(place->store, "INSERT INTO consultation(request_id, kind, sealed_whom, asked_day, asked_by, state) VALUES(1, 'consent', x'', 20500, 'anna', 'asked')");
    assert_int_equal(pack_release(place->store, &request, &pack, &order, &done), ERR_STATE);
    assert_non_null(strstr(done.why, "consultation 1"));
    release_drop(&done);
    assert_nothing_went_out(place);
    pack_state_drop(&pack);
    request_drop(&request);
}

/* Between looking and releasing somebody decides, files the document to another child, or changes the bytes. */
static void what_changed_since_does_not_go_out(void **state) {
    static const char *const changes[] = {
        "UPDATE request SET state = 'open'",
        "UPDATE pack SET state = 'failed'",
        "UPDATE filing_child SET child_id = 8",
        "UPDATE filing SET outcome = 'proposed'",
        "UPDATE pack SET content_hash = 'changed'",
        "UPDATE pack_volume SET object_id = (SELECT picture_id FROM page)",
    };
    static const int wanted[] = {ERR_STATE, ERR_STATE, ERR_STATE, ERR_STATE, ERR_DAMAGED, ERR_REFUSED};
    struct place *place = *state;
    struct request request = proved(place->store);
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        struct pack_state pack;
        assert_int_equal(pack_state_last(place->store, &request, &pack), 0);
        run(place->store, "CREATE TEMP TABLE was AS SELECT r.state AS r, k.state AS k, c.child_id AS c, f.outcome AS f, k.content_hash AS h, v.object_id AS o"
                          " FROM request r, pack k, filing_child c, filing f, pack_volume v");
        run(place->store, changes[i]);
        if (i == 4) {
            pack_state_drop(&pack);
            assert_int_equal(pack_state_last(place->store, &request, &pack), 0);
        }
        assert_int_equal(release(place, &request, &pack), wanted[i]);
        assert_nothing_went_out(place);
        assert_false(written(place));
        run(place->store, "UPDATE request SET state = (SELECT r FROM was); UPDATE filing_child SET child_id = (SELECT c FROM was);"
                          "UPDATE filing SET outcome = (SELECT f FROM was); UPDATE pack SET state = (SELECT k FROM was),"
                          " content_hash = (SELECT h FROM was); UPDATE pack_volume SET object_id = (SELECT o FROM was); DROP TABLE was");
        pack_state_drop(&pack);
    }
    struct pack_state pack;
    assert_int_equal(pack_state_last(place->store, &request, &pack), 0);
    assert_int_equal(release(place, &request, &pack), 0);
    pack_state_drop(&pack);
    request_drop(&request);
}

static void only_proved_and_approved(void **state) {
    static const char *const states[] = {"covering", "binding", "bound", "proving", "refused", "failed", "released"};
    struct place *place = *state;
    struct request request = proved(place->store);
    struct pack_state pack;
    assert_int_equal(pack_state_last(place->store, &request, &pack), 0);
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        snprintf(pack.state, sizeof pack.state, "%s", states[i]);
        assert_int_equal(release(place, &request, &pack), ERR_STATE);
    }
    snprintf(pack.state, sizeof pack.state, "proved");
    free(request.state);
    request.state = mem_text("open");
    assert_int_equal(release(place, &request, &pack), ERR_STATE);
    assert_nothing_went_out(place);
    pack_state_drop(&pack);
    request_drop(&request);
}

static void a_folder_that_cannot_be_written_releases_nothing(void **state) {
    struct place *place = *state;
    struct request request = proved(place->store);
    struct pack_state pack;
    char *blocker = mem_print("%s/out/SAR-2026-0001", place->folder);
    fclose(fopen(blocker, "w")); /* a file where the folder should be */
    assert_int_equal(pack_state_last(place->store, &request, &pack), 0);
    assert_int_equal(release(place, &request, &pack), ERR_EXISTS);
    assert_nothing_went_out(place);
    unlink(blocker);
    run(place->store, "CREATE TRIGGER refuse BEFORE INSERT ON disclosure BEGIN SELECT RAISE(FAIL, 'no'); END");
    assert_true(release(place, &request, &pack) < 0);
    assert_nothing_went_out(place);
    assert_false(written(place)); /* no row, no file */
    run(place->store, "DROP TRIGGER refuse");
    assert_int_equal(release(place, &request, &pack), 0);
    pack_state_drop(&pack);
    request_drop(&request);
    free(blocker);
}

#define T(f) cmocka_unit_test_setup_teardown(f, place_new, place_drop)
int main(void) {
    const struct CMUnitTest tests[] = {T(what_was_proved_goes_out), T(obstacles_are_named), T(the_log_is_verified), T(a_release_is_recalled), T(what_changed_since_does_not_go_out), T(only_proved_and_approved),
                                       T(a_folder_that_cannot_be_written_releases_nothing)};
    return cmocka_run_group_tests(tests, group_begin, group_end);
}
