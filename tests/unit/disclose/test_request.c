/* A request from receipt to approval: its clock, its documents, decisions that supersede, and the second person. */
#include "base/clock.h"
#include "disclose/pack.h"
#include "disclose/request.h"
#include "store/audit.h"
#include "store/page_rows.h"
#include "store/seal.h"
#include "tests/unit/flag_fixture.h"
#include "tests/unit/rules_fixture.h"

static void file_to(struct store *store, int64_t document, int64_t child) {
    assert_int_equal(db_run(store->db, "INSERT INTO filing(document_id, outcome, made_at, made_by) VALUES(?, 'filed', 0, 'machine')", "i", document), 0);
    int64_t filing = db_last_id(store->db);
    assert_int_equal(db_run(store->db, "UPDATE filing SET superseded_by = ? WHERE document_id = ? AND id != ? AND superseded_by IS NULL", "iii", filing, document, filing), 0);
    assert_int_equal(db_run(store->db, "INSERT INTO filing_child VALUES(?, ?, 0, 1, 0.9)", "ii", filing, child), 0);
}

/* A ready document of child 7 with two pages, words on both, and three flags: Ada (cover), Dr Boyle (release), Ada (cover). */
static int64_t record_make(struct store *store) {
    int64_t document = document_make(store, 2);
    struct flags flags = {0};
    for (uint32_t n = 1; n <= 2; n++) {
        struct words words = words_make("Ada Harker met Dr Boyle on Tuesday . Ada Harker's sister");
        struct page_row row;
        assert_int_equal(page_row_load(store, page_of(store, document, n), &row), 0);
        assert_int_equal(page_words_save(store, &row, &words), 0);
        words_drop(&words);
    }
    flag_on(&flags, 1, 0, "Ada", "3P-UNREASONABLE", 1);
    flag_on(&flags, 1, 3, "Dr Boyle", "PROF", 0);
    flag_on(&flags, 2, 0, "Ada", "3P-UNREASONABLE", 1);
    assert_int_equal(flags_put(store, document, 7, &flags), 0);
    flags_drop(&flags);
    file_to(store, document, 7);
    return document;
}

static struct request request_make(struct store *store) {
    struct request_order order = {7, "Florian Tidswell", "subject", "anna", date_from(2026, 1, 30)};
    struct request request;
    assert_int_equal(request_open(store, rules, &order, &request), 0);
    return request;
}

static void reload(struct store *store, struct request *request) {
    char *name = mem_text(request->name);
    request_drop(request);
    assert_int_equal(request_load(store, rules, name, request), 0);
    free(name);
}

static int decide(struct store *store, const struct request *request, int64_t flag, int cover, const char *code, const char *who) {
    struct decision decision = {flag, cover, code, who, ""};
    return request_decide(store, rules, request, &decision);
}

static int approve(struct store *store, const struct request *request, const char *who, const char *words) {
    char *why = NULL;
    int err = request_approve(store, rules, request, who, &why);
    if (words) {
        assert_non_null(why);
        assert_non_null(strstr(why, words));
    } else {
        assert_null(why);
    }
    free(why);
    return err;
}

static void accept_all(struct store *store, const struct request *request, int64_t wanted) {
    int64_t count = -1;
    assert_int_equal(request_accept_all(store, rules, request, "anna", &count), 0);
    assert_int_equal(count, wanted);
}

static void opening_chooses_what_is_in_the_record(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t own = record_make(store), other = document_make(store, 1), unready = document_make(store, 1);
    file_to(store, other, 8);
    file_to(store, unready, 7);
    run(store, "UPDATE document SET state = 'flagging' WHERE id = 3");
    struct request r = request_make(store);
    assert_string_equal(r.name, "SAR-2026-0001");
    assert_string_equal(r.requester, "Florian Tidswell");
    assert_string_equal(r.state, "open");
    assert_string_equal(r.approved_by, "");
    assert_int_equal(number(store, "SELECT count(*) FROM request_document"), 1);
    assert_int_equal(number(store, "SELECT document_id FROM request_document WHERE included = 1"), own);
    assert_int_equal(number(store, "SELECT count(*) FROM request WHERE instr(sealed_requester, CAST('Tidswell' AS BLOB))"), 0);
    assert_row_text(store, "SELECT who || ' ' || action || ' ' || what FROM audit_leaf WHERE place = 'disclosure'", "anna opened request SAR-2026-0001");
    request_drop(&r);
    r = request_make(store);
    assert_string_equal(r.name, "SAR-2026-0002");
    request_drop(&r);
    assert_int_equal(request_load(store, rules, "sar-2026-0001", &r), 0); /* as people write it */
    request_drop(&r);
    assert_int_equal(request_load(store, rules, "SAR-2026-0009", &r), ERR_NOT_FOUND);
}

static void the_clock_is_counted_from_the_events(void **state) {
    struct store *store = ((struct place *)*state)->store;
    struct request r = request_make(store);
    char due[DATE_TEXT];
    assert_int_equal(r.received, date_from(2026, 1, 30));
    date_text(r.due, due);
    assert_string_equal(due, "2026-03-02"); /* 28 February is a Saturday */
    assert_int_equal(r.extended, 0);
    assert_int_equal(request_event(store, &r, "note", date_from(2026, 2, 2), "anna", "Zoë rang"), 0);
    reload(store, &r);
    date_text(r.due, due);
    assert_string_equal(due, "2026-03-02");
    assert_int_equal(request_event(store, &r, "extended", date_from(2026, 2, 20), "anna", "many files"), 0);
    reload(store, &r);
    date_text(r.due, due);
    assert_string_equal(due, "2026-04-30");
    assert_int_equal(r.extended, 1);
    assert_int_equal(number(store, "SELECT count(*) FROM audit_leaf WHERE why != ''"), 0); /* what was noted may name people */
    assert_int_equal(number(store, "SELECT count(*) FROM request_event"), 3);
    request_drop(&r);
}

static void a_decision_supersedes(void **state) {
    struct store *store = ((struct place *)*state)->store;
    struct decided_flag *flags;
    size_t count;
    record_make(store);
    struct request r = request_make(store);
    assert_int_equal(request_flags(store, &r, &flags, &count), 0);
    assert_int_equal(count, 3);
    assert_int_equal(flags[0].decided, 0);
    assert_int_equal(flags[0].cover, 1);
    assert_string_equal(flags[0].code, "3P-UNREASONABLE");
    assert_string_equal(flags[1].code, "PROF");
    assert_int_equal(flags[2].page_number, 2);
    int64_t id = flags[0].flag_id;
    free(flags);
    assert_int_equal(decide(store, &r, id, 1, "3P-REFUSED", "anna"), 0);
    assert_int_equal(decide(store, &r, id, 0, "CONSENT", "berta"), 0);
    assert_int_equal(request_flags(store, &r, &flags, &count), 0);
    assert_int_equal(count, 3);
    assert_int_equal(flags[0].decided, 1);
    assert_int_equal(flags[0].cover, 0);
    assert_string_equal(flags[0].code, "CONSENT");
    assert_string_equal(flags[0].who, "berta");
    free(flags);
    assert_int_equal(number(store, "SELECT count(*) FROM decision"), 2); /* nothing is overwritten */
    assert_int_equal(number(store, "SELECT count(*) FROM decision WHERE superseded_by IS NULL"), 1);
    accept_all(store, &r, 2);
    accept_all(store, &r, 0);
    assert_int_equal(request_flags(store, &r, &flags, &count), 0);
    assert_string_equal(flags[0].code, "CONSENT"); /* accepting leaves what was decided */
    free(flags);
    request_drop(&r);
}

static void what_makes_no_sense_is_refused(void **state) {
    struct store *store = ((struct place *)*state)->store;
    record_make(store);
    struct request r = request_make(store);
    int64_t id = number(store, "SELECT min(id) FROM flag");
    assert_int_equal(decide(store, &r, id, 1, "NO-SUCH-CODE", "anna"), ERR_INPUT);
    assert_int_equal(decide(store, &r, id, 1, "CONSENT", "anna"), ERR_INPUT); /* a release code cannot cover */
    assert_int_equal(decide(store, &r, id, 0, "3P-REFUSED", "anna"), ERR_INPUT);
    assert_int_equal(decide(store, &r, 999, 1, "3P-REFUSED", "anna"), ERR_NOT_FOUND);
    run(store, "UPDATE flag SET child_id = 8 WHERE id = 1");
    assert_int_equal(decide(store, &r, 1, 1, "3P-REFUSED", "anna"), ERR_NOT_FOUND); /* a flag in another child's matter */
    assert_int_equal(number(store, "SELECT count(*) FROM decision"), 0);
    request_drop(&r);
}

static void a_second_person_approves(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t pack;
    record_make(store);
    struct request r = request_make(store);
    assert_int_equal(approve(store, &r, "berta", "not decided"), ERR_STATE);
    accept_all(store, &r, 3);
    assert_int_equal(approve(store, &r, "anna", "second person"), ERR_REFUSED);
    assert_row_text(store, "SELECT state FROM request", "open");
    assert_int_equal(pack_ask(store, &r, "anna", &pack), ERR_STATE);
    assert_int_equal(approve(store, &r, "berta", NULL), 0);
    reload(store, &r);
    assert_string_equal(r.state, "approved");
    assert_string_equal(r.approved_by, "berta");
    assert_int_equal(pack_ask(store, &r, "anna", &pack), 0);
    assert_int_equal(number(store, "SELECT count(*) FROM job WHERE kind = 'cover'"), 2);
    request_drop(&r);
}

static void codes_that_block(void **state) {
    static const char *const codes[][2] = {{"ADOPT", "blocks"}, {"COURT-HOLD", "blocks"}, {"LOCAL-8A", "policy creates no exemption"}};
    struct store *store = ((struct place *)*state)->store;
    record_make(store);
    struct request r = request_make(store);
    accept_all(store, &r, 3);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(decide(store, &r, 1, 1, codes[i][0], "anna"), 0);
        assert_int_equal(approve(store, &r, "berta", codes[i][1]), ERR_STATE);
    }
    assert_int_equal(decide(store, &r, 1, 1, "3P-CHILD", "anna"), 0);
    assert_int_equal(approve(store, &r, "berta", NULL), 0);
    request_drop(&r);
}

/* Approved and asked for; then somebody decides otherwise: neither the approval nor the pack counts any more. */
static void a_later_decision_undoes_approval_and_pack(void **state) {
    struct store *store = ((struct place *)*state)->store;
    static const char *const states[] = {"covering", "binding", "bound", "proving", "proved", "refused"};
    int64_t pack;
    record_make(store);
    struct request r = request_make(store);
    accept_all(store, &r, 3);
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        assert_int_equal(approve(store, &r, "berta", NULL), 0);
        reload(store, &r);
        assert_int_equal(pack_ask(store, &r, "anna", &pack), 0);
        assert_int_equal(db_run(store->db, "UPDATE pack SET state = ? WHERE id = ?", "ti", states[i], pack), 0);
        assert_int_equal(decide(store, &r, 2, 1, "3P-SOURCE", "anna"), 0);
        assert_row_text(store, "SELECT state FROM request", "open");
        assert_row_text(store, "SELECT state || ': ' || reason FROM pack ORDER BY id DESC LIMIT 1", "failed: a decision was taken after this pack was asked for");
        assert_int_equal(pack_ask(store, &r, "anna", &pack), ERR_STATE); /* although r still says "approved" */
        assert_int_equal(pack_ask_proof(store, &r, pack, "anna"), ERR_STATE);
    }
    assert_int_equal(number(store, "SELECT count(*) FROM pack WHERE state != 'failed'"), 0);
    request_drop(&r);
}

/* The document turns out to be another child's, after the request was opened: its flags say nothing of that. */
static void what_was_filed_to_others_is_left_out(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t pack, first = record_make(store), second = record_make(store);
    struct request r = request_make(store);
    accept_all(store, &r, 6);
    file_to(store, second, 8);
    assert_int_equal(approve(store, &r, "berta", "were left out"), ERR_STATE);
    assert_int_equal(number(store, "SELECT document_id FROM request_document WHERE included = 1"), first);
    assert_int_equal(approve(store, &r, "berta", NULL), 0);
    reload(store, &r);
    file_to(store, first, 8); /* between approval and pack */
    assert_int_equal(pack_ask(store, &r, "anna", &pack), ERR_STATE);
    assert_int_equal(number(store, "SELECT count(*) FROM pack"), 0);
    file_to(store, first, 7);
    run(store, "UPDATE document SET state = 'flagging' WHERE id = 1");
    assert_int_equal(pack_ask(store, &r, "anna", &pack), ERR_STATE);
    assert_int_equal(approve(store, &r, "berta", "being worked on"), ERR_STATE);
    run(store, "UPDATE document SET state = 'ready'");
    assert_int_equal(pack_ask(store, &r, "anna", &pack), 0);
    request_drop(&r);
}

static int cover(struct store *store, const struct request *request, struct cover_words order, int64_t *ret) {
    order.code = order.code ? order.code : "3P-UNREASONABLE";
    order.who = "anna";
    return request_cover_words(store, rules, request, &order, ret);
}

static void words_are_covered_wherever_they_stand(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t places = -1, document = record_make(store);
    record_make(store);
    struct request r = request_make(store);
    struct flag flag;
    assert_int_equal(cover(store, &r, (struct cover_words){.text = "dr. BOYLE", .document_id = document, .page = 2}, &places), 0);
    assert_int_equal(places, 1);
    int64_t id = number(store, "SELECT max(id) FROM flag");
    assert_int_equal(flag_load(store, id, &flag), 0);
    assert_string_equal(flag.text, "Dr Boyle");
    assert_int_equal(flag.page, 2);
    assert_int_equal(flag.box_count, 2);
    assert_int_equal(flag.runs[0].first, 3);
    assert_int_equal(flag.runs[0].last, 4);
    flag_drop(&flag);
    assert_int_equal(number(store, "SELECT count(*) FROM decision WHERE cover = 1 AND who = 'anna'"), 1);
    assert_int_equal(cover(store, &r, (struct cover_words){.text = "Dr Boyle"}, &places), 0);
    assert_int_equal(places, 3); /* both documents, both pages, without the one that is covered */
    int64_t before = -1;
    assert_int_equal(cover(store, &r, (struct cover_words){.text = "Dr Boyle", .ret_before = &before}, &places), 0);
    assert_int_equal(places, 0);
    assert_int_equal(before, 4);
    assert_int_equal(cover(store, &r, (struct cover_words){.text = "Tuesday Ada"}, &places), 0);
    assert_int_equal(places, 4); /* over a sign that is no word */
    assert_int_equal(cover(store, &r, (struct cover_words){.text = "Harkers"}, &places), 0);
    assert_int_equal(places, 4);
    assert_int_equal(cover(store, &r, (struct cover_words){.text = "nobody"}, &places), 0);
    assert_int_equal(places, 0);
    places = 77;
    assert_int_equal(cover(store, &r, (struct cover_words){.text = " .. "}, &places), ERR_INPUT);
    assert_int_equal(cover(store, &r, (struct cover_words){.text = "Ada", .code = "CONSENT"}, &places), ERR_INPUT);
    assert_int_equal(cover(store, &r, (struct cover_words){.text = "Ada", .code = "NONE"}, &places), ERR_INPUT);
    assert_int_equal(places, 77);
    request_drop(&r);
}

/* What an officer covers for one request is not proposed, unseen, in another. */
static void an_officers_flag_counts_in_its_own_request(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t places;
    record_make(store);
    struct request first = request_make(store), second = request_make(store);
    struct decided_flag *flags;
    size_t mine, others, before;
    assert_int_equal(request_flags(store, &second, &flags, &before), 0);
    free(flags);
    assert_int_equal(cover(store, &first, (struct cover_words){.text = "Dr Boyle"}, &places), 0);
    assert_true(places > 0);
    assert_int_equal(request_flags(store, &first, &flags, &mine), 0);
    free(flags);
    assert_int_equal(request_flags(store, &second, &flags, &others), 0);
    free(flags);
    assert_int_equal(mine, before + (size_t)places);
    assert_int_equal(others, before);
    request_drop(&first);
    request_drop(&second);
}

static void a_released_request_stays_as_it_was_sent(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t places;
    record_make(store);
    struct request r = request_make(store);
    run(store, "UPDATE request SET state = 'released'");
    assert_int_equal(cover(store, &r, (struct cover_words){.text = "Dr Boyle"}, &places), ERR_REFUSED);
    assert_int_equal(number(store, "SELECT count(*) FROM decision"), 0);
    assert_row_text(store, "SELECT state FROM request", "released");
    request_drop(&r);
}

/* A pack that was made before a document came must not go out after the next approval. */
static void gathering_ends_the_packs(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t added = -1;
    record_make(store);
    struct request r = request_make(store);
    run(store, "INSERT INTO pack(request_id, version, state, made_at, made_by) VALUES(1, 1, 'proved', 1, 'anna')");
    run(store, "UPDATE request SET state = 'approved', approved_by = 'berta'");
    assert_int_equal(request_gather(store, &r, "anna", &added), 0);
    assert_int_equal(added, 0);
    assert_row_text(store, "SELECT state FROM pack", "proved");
    record_make(store);
    assert_int_equal(request_gather(store, &r, "anna", &added), 0);
    assert_int_equal(added, 1);
    assert_row_text(store, "SELECT state FROM pack", "failed");
    assert_row_text(store, "SELECT state FROM request", "open");
    request_drop(&r);
}

static void covering_takes_the_approval_away(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t places;
    record_make(store);
    struct request r = request_make(store);
    accept_all(store, &r, 3);
    assert_int_equal(approve(store, &r, "berta", NULL), 0);
    assert_int_equal(cover(store, &r, (struct cover_words){.text = "nobody"}, &places), 0);
    assert_row_text(store, "SELECT state FROM request", "approved"); /* nothing was covered */
    assert_int_equal(cover(store, &r, (struct cover_words){.text = "sister"}, &places), 0);
    assert_row_text(store, "SELECT state FROM request", "open");
    request_drop(&r);
}

static void what_is_refused_changes_nothing(void **state) {
    static const char *const tables[] = {"audit_leaf", "decision"};
    struct store *store = ((struct place *)*state)->store;
    int64_t count = 77;
    record_make(store);
    struct request r = request_make(store);
    for (size_t i = 0; i < 2; i++) {
        char sql[160];
        snprintf(sql, sizeof sql, "CREATE TRIGGER refuse BEFORE INSERT ON %s WHEN (SELECT count(*) FROM decision) >= 1 BEGIN SELECT RAISE(FAIL, 'no'); END", tables[i]);
        run(store, sql); /* the second decision of several fails */
        assert_true(request_accept_all(store, rules, &r, "anna", &count) < 0);
        assert_true(cover(store, &r, (struct cover_words){.text = "Ada"}, &count) < 0);
        run(store, "DROP TRIGGER refuse");
        assert_int_equal(count, 77);
        assert_int_equal(number(store, "SELECT count(*) FROM decision"), 0);
        assert_int_equal(number(store, "SELECT count(*) FROM flag WHERE finder = 'officer'"), 0);
    }
    uint64_t leaves;
    char *why = NULL;
    assert_int_equal(audit_verify(store, NULL, &leaves, &why), 0);
    accept_all(store, &r, 3);
    request_drop(&r);
}

static void a_destroyed_request_is_told(void **state) {
    struct store *store = ((struct place *)*state)->store;
    struct request r = request_make(store), back;
    assert_int_equal(seal_key_destroy(store, "request", r.id), 0);
    assert_int_equal(request_load(store, rules, r.name, &back), ERR_KEY);
    request_drop(&r);
}

#define T(f) cmocka_unit_test_setup_teardown(f, place_new, place_drop)
int main(void) {
    const struct CMUnitTest tests[] = {
        T(opening_chooses_what_is_in_the_record), T(the_clock_is_counted_from_the_events), T(a_decision_supersedes),
        T(what_makes_no_sense_is_refused), T(a_second_person_approves), T(codes_that_block),
        T(a_later_decision_undoes_approval_and_pack), T(what_was_filed_to_others_is_left_out), T(words_are_covered_wherever_they_stand),
        T(an_officers_flag_counts_in_its_own_request), T(a_released_request_stays_as_it_was_sent),
        T(gathering_ends_the_packs), T(covering_takes_the_approval_away), T(what_is_refused_changes_nothing), T(a_destroyed_request_is_told)};
    return cmocka_run_group_tests(tests, group_begin, group_end);
}
