/* A request from receipt to approval: its clock, its documents, decisions that supersede, and the second person. */
#include "base/clock.h"
#include "disclose/approve.h"
#include "disclose/choose_documents.h"
#include "disclose/consistency.h"
#include "disclose/consult.h"
#include "disclose/cover_words.h"
#include "disclose/pack.h"
#include "disclose/rectify.h"
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
    struct request_order order = {7, "Florian Tidswell", "subject", "anna", date_from(2026, 1, 30), .identity = NULL};
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

/* What the codes of these tests demand. */
static const struct act_field fields[] = {
    {"information", "a name"}, {"confidentiality", "none is known"}, {"consent_steps", "a letter, no answer"}, {"capacity", "yes"}, {"refusal", "no"},
    {"asked_by", "anna"}, {"asked_on", "2026-02-01"}, {"manager", "Mr Vale"}, {"advised_on", "2026-02-02"}, {"legal_officer", "Ms Court"},
};
#define FIELDS (sizeof fields / sizeof fields[0])
static const struct act anna = {.who = "anna", .fields = fields, .field_count = FIELDS};

static int decide(struct store *store, const struct request *request, int64_t flag, int cover, const char *code, const char *who) {
    const struct act act = {.who = who, .fields = fields, .field_count = FIELDS};
    return request_decide(store, rules, request, &act, flag, &(struct decision){cover, code});
}

static int approve(struct store *store, const struct request *request, const char *who, const char *words) {
    char *why = NULL;
    int err = request_approve(store, rules, request, who, &why);
    if (words) {
        assert_non_null(why);
        if (!strstr(why, words))
            fail_msg("not \"%s\": %s", words, why);
    } else {
        assert_null(why);
    }
    free(why);
    return err;
}

static void accept_all(struct store *store, const struct request *request, int64_t wanted) {
    int64_t count = -1;
    assert_int_equal(request_accept_all(store, rules, request, &anna, &count), 0);
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

static int event(struct store *store, const struct request *request, enum event_kind kind, int32_t day, const char *note) {
    const char *why = NULL;
    return request_event(store, rules, request, &(struct request_event){kind, day, "anna", note}, &why);
}

static int event_keep(void *state, const struct request_event *one) {
    char **all = state;
    char *more = mem_print("%s%s: %s; ", *all, event_text(one->kind), one->note);
    free(*all);
    *all = more;
    return 0;
}

static void the_clock_is_counted_from_the_events(void **state) {
    struct store *store = ((struct place *)*state)->store;
    struct request r = request_make(store);
    char due[DATE_TEXT];
    assert_int_equal(r.clock.received, date_from(2026, 1, 30));
    date_text(r.clock.due, due);
    assert_string_equal(due, "2026-03-02"); /* 28 February is a Saturday */
    assert_int_equal((int)r.clock.extended, 0);
    assert_int_equal(event(store, &r, EVENT_NOTE, date_from(2026, 2, 2), "Zoë rang"), 0);
    reload(store, &r);
    date_text(r.clock.due, due);
    assert_string_equal(due, "2026-03-02");
    assert_int_equal(event(store, &r, EVENT_EXTENDED, date_from(2026, 2, 20), "many files"), 0);
    reload(store, &r);
    date_text(r.clock.due, due);
    assert_string_equal(due, "2026-04-30");
    assert_int_equal((int)r.clock.extended, 1);
    assert_int_equal(number(store, "SELECT count(*) FROM audit_leaf WHERE why != ''"), 0); /* what was noted may name people */
    assert_int_equal(number(store, "SELECT count(*) FROM request_event"), 3);
    assert_int_equal(number(store, "SELECT count(*) FROM request_event WHERE note != '' OR instr(ifnull(sealed_note, x''), CAST('Zo' AS BLOB))"), 0);
    char *all = mem_text("");
    assert_int_equal(request_events(store, &r, event_keep, &all), 0);
    assert_string_equal(all, "received: ; note: Zoë rang; extended: many files; ");
    free(all);
    assert_int_equal(event(store, &r, EVENT_EXTENDED, date_from(2026, 2, 21), "again"), ERR_STATE);
    assert_int_equal(event(store, &r, EVENT_WITHDRAWN, date_from(2026, 2, 21), "they rang"), 0);
    assert_row_text(store, "SELECT state FROM request", "withdrawn");
    assert_int_equal(event(store, &r, EVENT_REOPENED, date_from(2026, 2, 25), ""), 0);
    assert_row_text(store, "SELECT state FROM request", "open");
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
    assert_int_equal(pack_ask(store, rules, &r, "anna", &pack), ERR_STATE);
    assert_int_equal(approve(store, &r, "berta", NULL), 0);
    reload(store, &r);
    assert_string_equal(r.state, "approved");
    assert_string_equal(r.approved_by, "berta");
    assert_int_equal(pack_ask(store, rules, &r, "anna", &pack), 0);
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
    assert_int_equal(decide(store, &r, 1, 1, "LOCAL-8A+3P-CHILD", "anna"), 0); /* with a code of the law beside it */
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
        assert_int_equal(pack_ask(store, rules, &r, "anna", &pack), 0);
        assert_int_equal(db_run(store->db, "UPDATE pack SET state = ? WHERE id = ?", "ti", states[i], pack), 0);
        assert_int_equal(decide(store, &r, 1, 1, "3P-SOURCE", "anna"), 0);
        assert_row_text(store, "SELECT state FROM request", "open");
        assert_row_text(store, "SELECT state || ': ' || reason FROM pack ORDER BY id DESC LIMIT 1", "failed: a decision was taken after this pack was asked for");
        assert_int_equal(pack_ask(store, rules, &r, "anna", &pack), ERR_STATE); /* although r still says "approved" */
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
    assert_int_equal(pack_ask(store, rules, &r, "anna", &pack), ERR_STATE);
    assert_int_equal(number(store, "SELECT count(*) FROM pack"), 0);
    file_to(store, first, 7);
    run(store, "UPDATE document SET state = 'flagging' WHERE id = 1");
    assert_int_equal(pack_ask(store, rules, &r, "anna", &pack), ERR_STATE);
    assert_int_equal(approve(store, &r, "berta", "being worked on"), ERR_STATE);
    run(store, "UPDATE document SET state = 'ready'");
    assert_int_equal(pack_ask(store, rules, &r, "anna", &pack), 0);
    request_drop(&r);
}

static int cover(struct store *store, const struct request *request, struct cover_words order, int64_t *ret) {
    order.code = order.code ? order.code : "3P-UNREASONABLE";
    return request_cover_words(store, rules, request, &anna, &order, ret);
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
    assert_int_equal(number(store, "SELECT count(*) FROM decision d JOIN act a ON a.id = d.act_id WHERE d.cover = 1 AND a.who = 'anna'"), 1);
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

static size_t flags_of(struct store *store, const struct request *request, const char *finder) {
    struct decided_flag *flags;
    size_t count, n = 0;
    assert_int_equal(request_flags(store, request, &flags, &count), 0);
    for (size_t i = 0; i < count; i++)
        n += !*finder || strcmp(flags[i].finder, finder) == 0;
    free(flags);
    return n;
}

/* What an officer covers for one request does not show in one that was open already; a later one of the same kind has it proposed, with a mark. */
static void an_officers_flag_counts_in_its_own_request(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t places;
    record_make(store);
    struct request first = request_make(store), second = request_make(store);
    size_t before = flags_of(store, &second, "");
    assert_int_equal(cover(store, &first, (struct cover_words){.text = "Dr Boyle"}, &places), 0);
    assert_true(places > 0);
    assert_int_equal(flags_of(store, &first, ""), before + (size_t)places);
    assert_int_equal(flags_of(store, &second, ""), before);
    struct request_order parent = {7, "Florian's mother", "parent", "anna", date_from(2026, 1, 30), .identity = NULL};
    struct request other;
    assert_int_equal(request_open(store, rules, &parent, &other), 0);
    assert_int_equal(flags_of(store, &other, "earlier"), 0); /* who asks is somebody else: nothing is taken over */
    assert_int_equal(cover(store, &second, (struct cover_words){.text = "Tuesday"}, &places), 0);
    struct request third = request_make(store);
    assert_int_equal(flags_of(store, &third, "earlier"), (size_t)places); /* of the last one */
    request_drop(&first);
    request_drop(&second);
    request_drop(&other);
    request_drop(&third);
}

static void earlier_decisions_are_proposed_again(void **state) {
    struct store *store = ((struct place *)*state)->store;
    struct decided_flag *flags;
    size_t count;
    record_make(store);
    struct request first = request_make(store);
    accept_all(store, &first, 3);
    assert_int_equal(decide(store, &first, 1, 0, "KNOWN", "anna"), 0);
    struct request second = request_make(store);
    assert_int_equal(request_flags(store, &second, &flags, &count), 0);
    assert_int_equal(flags[0].decided, 0);
    assert_int_equal(flags[0].cover, 0);
    assert_string_equal(flags[0].code, "KNOWN");
    assert_string_equal(flags[0].earlier, first.name);
    free(flags);
    accept_all(store, &second, 3);
    assert_int_equal(number(store, "SELECT count(*) FROM decision WHERE request_id = 2 AND code = 'KNOWN'"), 1);
    request_drop(&first);
    request_drop(&second);
}

static int count_act(void *state, const struct act_row *act) {
    char **all = state;
    char *more = mem_print("%s%s by %s%s%s; ", *all, act->kind, act->who, *act->code ? " " : "", act->code);
    free(*all);
    *all = more;
    return 0;
}

static void an_act_is_taken_back(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t count = 0, places = 0;
    struct decided_flag *flags;
    size_t n;
    record_make(store);
    struct request r = request_make(store);
    accept_all(store, &r, 3);
    assert_int_equal(decide(store, &r, 1, 0, "KNOWN", "anna"), 0);
    assert_int_equal(request_undo(store, &r, "berta", &count), 0);
    assert_int_equal(count, 1);
    assert_int_equal(request_flags(store, &r, &flags, &n), 0);
    assert_string_equal(flags[0].code, "3P-UNREASONABLE"); /* as it was accepted */
    assert_int_equal(flags[0].decided, 1);
    free(flags);
    assert_int_equal(request_undo(store, &r, "berta", &count), 0); /* the accepting */
    assert_int_equal(request_flags(store, &r, &flags, &n), 0);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(flags[i].decided, 0);
    free(flags);
    assert_int_equal(cover(store, &r, (struct cover_words){.text = "Dr Boyle"}, &places), 0);
    size_t with = flags_of(store, &r, "officer");
    assert_int_equal(with, (size_t)places);
    assert_int_equal(request_undo(store, &r, "berta", &count), 0);
    assert_int_equal(flags_of(store, &r, "officer"), 0); /* the boxes go with the decision that drew them */
    char *history = mem_text("");
    assert_int_equal(request_history(store, &r, 1, count_act, &history), 0);
    assert_string_equal(history, "accepted as proposed by anna 3P-UNREASONABLE; decided to release by anna KNOWN; undone by berta 3P-UNREASONABLE; undone by berta; ");
    free(history);
    uint64_t leaves;
    char *why = NULL;
    assert_int_equal(audit_verify(store, NULL, &leaves, &why), 0);
    request_drop(&r);
}

/* One act after the other, back to the beginning. */
static void acts_are_taken_back_in_turn(void **state) {
    static const char *const codes[] = {"3P-CHILD", "3P-SOURCE", "3P-REFUSED"};
    struct store *store = ((struct place *)*state)->store;
    struct decided_flag *flags;
    size_t n;
    int64_t count;
    record_make(store);
    struct request r = request_make(store);
    for (int i = 0; i < 3; i++)
        assert_int_equal(decide(store, &r, 1, 1, codes[i], "anna"), 0);
    for (int i = 1; i >= -1; i--) {
        assert_int_equal(request_undo(store, &r, "anna", &count), 0);
        assert_int_equal(request_flags(store, &r, &flags, &n), 0);
        assert_int_equal(flags[0].decided, i >= 0);
        if (i >= 0)
            assert_string_equal(flags[0].code, codes[i]);
        free(flags);
    }
    assert_int_equal(request_undo(store, &r, "anna", &count), ERR_NOT_FOUND);
    assert_int_equal(decide(store, &r, 1, 1, "3P-CHILD", "anna"), 0); /* and on again */
    assert_int_equal(request_undo(store, &r, "anna", &count), 0);
    assert_int_equal(request_undo(store, &r, "anna", &count), ERR_NOT_FOUND);
    request_drop(&r);
}

/* What is put back says what it said, and counts as decided by who decided it and by who put it back. */
static void what_is_put_back_is_complete(void **state) {
    struct store *store = ((struct place *)*state)->store;
    struct decided_flag *flags;
    size_t n;
    int64_t count;
    record_make(store);
    struct request r = request_make(store);
    accept_all(store, &r, 3);
    const struct act bare = {.who = "anna"};
    assert_int_equal(request_decide(store, rules, &r, &bare, 1, &(struct decision){1, "3P-CHILD"}), 0);
    assert_int_equal(approve(store, &r, "berta", "it is not said yet"), ERR_STATE);
    assert_int_equal(request_undo(store, &r, "carl", &count), 0);
    assert_int_equal(request_flags(store, &r, &flags, &n), 0);
    assert_string_equal(flags[0].who, "anna");
    free(flags);
    assert_int_equal(approve(store, &r, "anna", "second person"), ERR_REFUSED);
    assert_int_equal(approve(store, &r, "carl", "second person"), ERR_REFUSED);
    assert_int_equal(approve(store, &r, "berta", NULL), 0);
    request_drop(&r);
}

static void nothing_to_take_back(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t count = 7;
    record_make(store);
    struct request r = request_make(store);
    assert_int_equal(request_undo(store, &r, "anna", &count), ERR_NOT_FOUND);
    assert_int_equal(count, 7);
    assert_int_equal(number(store, "SELECT count(*) FROM act"), 0);
    request_drop(&r);
}

/* Without the five factors, one by one, nobody can approve. */
static void what_codes_demand_is_asked_for(void **state) {
    struct store *store = ((struct place *)*state)->store;
    const struct act bare = {.who = "anna"};
    int64_t count;
    char **lacks;
    size_t n;
    record_make(store);
    struct request r = request_make(store);
    assert_int_equal(request_accept_all(store, rules, &r, &bare, &count), 0);
    assert_int_equal(request_lacks(store, rules, &r, &lacks, &n), 0);
    assert_int_equal(n, 5);
    assert_string_equal(lacks[0], "3P-UNREASONABLE: What type of information is it? (information), on 2 flags");
    for (size_t i = 0; i < n; i++)
        free(lacks[i]);
    free(lacks);
    assert_int_equal(approve(store, &r, "berta", "What type of information"), ERR_STATE);
    assert_int_equal(request_complete(store, rules, &r, &anna, "3P-UNREASONABLE", &count), 0);
    assert_int_equal(count, 2);
    assert_int_equal(approve(store, &r, "berta", NULL), 0);
    assert_int_equal(number(store, "SELECT count(*) FROM act WHERE instr(ifnull(sealed_detail, x''), CAST('letter' AS BLOB))"), 0);
    request_drop(&r);
}

static void fields_are_checked(void **state) {
    static const struct {
        struct act_field field;
        const char *why;
    } wrong[] = {{{"colour", "blue"}, "no code demands"}, {{"information", ""}, "says nothing"}, {{"asked_on", "yesterday"}, "a day that has been"},
                 {{"asked_on", "2999-01-01"}, "a day that has been"}, {{"opinion_on", "2020-01-01"}, "longer ago than 6 months"}};
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        char *why = NULL;
        const struct act act = {.who = "anna", .fields = &wrong[i].field, .field_count = 1};
        assert_int_equal(act_check(rules, &act, &why), ERR_INPUT);
        assert_non_null(strstr(why, wrong[i].why));
        free(why);
    }
    char *why = NULL;
    assert_int_equal(act_check(rules, &anna, &why), 0);
    assert_null(why);
}

static void all_equal_texts_at_once(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t count = 0;
    record_make(store);
    record_make(store);
    struct request r = request_make(store);
    assert_int_equal(request_decide_text(store, rules, &r, &anna, 1, &(struct decision){0, "KNOWN"}, &count), 0);
    assert_int_equal(count, 4); /* "Ada", twice in each document */
    assert_int_equal(number(store, "SELECT count(*) FROM decision WHERE code = 'KNOWN'"), 4);
    assert_int_equal(number(store, "SELECT count(*) FROM act"), 1);
    assert_int_equal(request_decide_text(store, rules, &r, &anna, 999, &(struct decision){0, "KNOWN"}, &count), ERR_NOT_FOUND);
    request_drop(&r);
}

static void whole_pages_and_documents(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t document = record_make(store), pages = 0;
    struct request r = request_make(store);
    struct cover_box order = {.document_id = document, .page = 2, .whole = true, .code = "3P-CHILD"};
    assert_int_equal(request_cover_box(store, rules, &r, &anna, &order, &pages), 0);
    assert_int_equal(pages, 1);
    order.page = 0;
    assert_int_equal(request_cover_box(store, rules, &r, &anna, &order, &pages), 0);
    assert_int_equal(pages, 2);
    struct flag flag;
    assert_int_equal(flag_load(store, number(store, "SELECT max(id) FROM flag"), &flag), 0);
    assert_true(flag.boxes[0].x1 == 600 && flag.boxes[0].y1 == 800);
    flag_drop(&flag);
    order.document_id = 99;
    assert_int_equal(request_cover_box(store, rules, &r, &anna, &order, &pages), ERR_NOT_FOUND);
    order = (struct cover_box){.document_id = document, .page = 1, .box = {50, 50, 40, 60}, .code = "3P-CHILD"};
    assert_int_equal(request_cover_box(store, rules, &r, &anna, &order, &pages), ERR_INPUT);
    request_drop(&r);
}

static void an_open_consultation_blocks(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t id = 0;
    record_make(store);
    struct request r = request_make(store);
    accept_all(store, &r, 3);
    struct consultation asked = {.kind = "originator", .whom = "Dr Boyle, St Anne's surgery", .asked = date_from(2026, 2, 2), .asked_by = "anna"};
    assert_int_equal(consultation_ask(store, &r, &asked, &id), 0);
    assert_int_equal(number(store, "SELECT count(*) FROM consultation WHERE instr(sealed_whom, CAST('Boyle' AS BLOB))"), 0);
    assert_int_equal(approve(store, &r, "berta", "consultation 1"), ERR_STATE);
    struct consultation answer = {.id = id, .state = "no reply", .views = "", .closed = date_from(2026, 2, 20), .closed_by = "anna"};
    assert_int_equal(consultation_close(store, &r, &answer), ERR_INPUT); /* why is it enough to have waited? */
    answer.state = "perhaps";
    assert_int_equal(consultation_close(store, &r, &answer), ERR_INPUT);
    answer.state = "no objection";
    assert_int_equal(consultation_close(store, &r, &answer), 0);
    assert_int_equal(consultation_close(store, &r, &answer), ERR_STATE);
    assert_int_equal(approve(store, &r, "berta", NULL), 0);
    reload(store, &r);
    assert_int_equal(consultation_ask(store, &r, &asked, &id), 0); /* another one: the approval goes */
    assert_row_text(store, "SELECT state FROM request", "open");
    asked.kind = "gossip";
    assert_int_equal(consultation_ask(store, &r, &asked, &id), ERR_INPUT);
    request_drop(&r);
}

static int differences_count(void *state, const struct difference *one) {
    int *counts = state;
    counts[one->covered_here ? 0 : 1] += !one->stands;
    return 0;
}

/* What went out covered before must not go out open now, nor the other way round, unless somebody says why. */
static void the_same_passage_as_before(void **state) {
    struct store *store = ((struct place *)*state)->store;
    record_make(store);
    struct request first = request_make(store);
    accept_all(store, &first, 3);
    run(store, "INSERT INTO pack(request_id, version, state, made_at, made_by) VALUES(1, 1, 'released', 1, 'anna')");
    run(store, "INSERT INTO disclosure(request_id, pack_id, released_at, released_by, approved_by, how, sealed_recipient, content_hash, basis, leaf)"
               " VALUES(1, 1, 1, 'anna', 'berta', 'post', x'', '', '', 1)");
    struct request second = request_make(store);
    accept_all(store, &second, 3);
    int counts[2] = {0, 0};
    assert_int_equal(consistency_each(store, &second, differences_count, counts), 0);
    assert_int_equal(counts[0] + counts[1], 0);
    assert_int_equal(decide(store, &second, 1, 0, "KNOWN", "anna"), 0); /* "Ada" open on page 1 */
    assert_int_equal(decide(store, &second, 2, 1, "3P-SOURCE", "anna"), 0); /* "Dr Boyle" covered, and open before */
    assert_int_equal(consistency_each(store, &second, differences_count, counts), 0);
    assert_int_equal(counts[0], 1);
    assert_int_equal(counts[1], 1);
    assert_int_equal(approve(store, &second, "berta", "covered here and went out open before"), ERR_STATE);
    assert_int_equal(consistency_let_stand(store, &second, 2, first.name, "anna", ""), ERR_INPUT);
    assert_int_equal(consistency_let_stand(store, &second, 3, first.name, "anna", "they are grown up now"), ERR_NOT_FOUND);
    assert_int_equal(consistency_let_stand(store, &second, 2, first.name, "anna", "they asked for it since"), 0);
    assert_int_equal(consistency_let_stand(store, &second, 1, first.name, "anna", "the family has told them"), 0);
    assert_int_equal(approve(store, &second, "berta", "stood open in"), ERR_STATE); /* "Dr Boyle" elsewhere */
    request_drop(&first);
    request_drop(&second);
}

static int choose(struct store *store, const struct request *request, int64_t document, bool included, const char *code, const char *who) {
    struct document_choice choice = {document, included, code, who, "because of what she told us"};
    return request_choose(store, rules, request, &choice);
}

static void documents_go_in_and_out_by_hand(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t own = record_make(store), foreign = document_make(store, 1);
    struct request r = request_make(store);
    accept_all(store, &r, 3);
    file_to(store, foreign, 8);
    assert_int_equal(choose(store, &r, own, false, "PROF", "anna"), ERR_INPUT); /* that releases */
    assert_int_equal(choose(store, &r, own, false, "OOS", "anna"), 0);
    assert_int_equal(number(store, "SELECT count(*) FROM request_document WHERE included = 1"), 0);
    assert_int_equal(choose(store, &r, own, true, "", "anna"), 0);
    assert_int_equal(choose(store, &r, foreign, true, "", "anna"), 0);
    assert_row_text(store, "SELECT origin FROM request_document WHERE document_id = 2", "hand");
    assert_int_equal(number(store, "SELECT count(*) FROM job WHERE kind = 'flag' AND subject = 2"), 1); /* nobody has flagged it for this child yet */
    assert_int_equal(choose(store, &r, 99, true, "", "anna"), ERR_NOT_FOUND);
    run(store, "UPDATE document SET state = 'ready'");
    assert_int_equal(approve(store, &r, "anna", "second person"), ERR_REFUSED);
    assert_int_equal(approve(store, &r, "berta", NULL), 0);
    assert_int_equal(number(store, "SELECT count(*) FROM request_event WHERE instr(ifnull(sealed_note, x''), CAST('told us' AS BLOB)) OR instr(note, 'told us')"), 0);
    assert_int_equal(choose(store, &r, foreign, false, "ADOPT", "anna"), 0);
    assert_int_equal(approve(store, &r, "berta", "blocks"), ERR_STATE);
    request_drop(&r);
}

static void documents_stand_in_the_order_of_their_days(void **state) {
    struct store *store = ((struct place *)*state)->store;
    record_make(store);
    record_make(store);
    record_make(store);
    run(store, "UPDATE document SET event_day = 300 WHERE id = 1");
    run(store, "UPDATE document SET event_day = 100 WHERE id = 2");
    run(store, "UPDATE document SET written_day = 200 WHERE id = 3");
    struct request r = request_make(store);
    assert_row_text(store, "SELECT group_concat(document_id) FROM (SELECT document_id FROM request_document ORDER BY ordinal)", "2,3,1");
    request_drop(&r);
    struct request_order scoped = {7, "Florian Tidswell", "subject", "anna", date_from(2026, 1, 30), .scope_from = 150, .scope_until = 250};
    assert_int_equal(request_open(store, rules, &scoped, &r), 0);
    assert_row_text(store, "SELECT group_concat(document_id) FROM request_document WHERE request_id = 2", "3");
    request_drop(&r);
}

static void copies_are_left_out(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t longer = record_make(store), count = 0;
    int64_t copy = document_make(store, 1);
    file_to(store, copy, 7);
    run(store, "INSERT INTO near_duplicate(document_id, other_id, likeness, basis, state, made_at) VALUES(1, 2, 0.9, 'text', 'proposed', 1)");
    struct request r = request_make(store);
    assert_int_equal(documents_reduce(store, &r, "anna", &count), 0);
    assert_int_equal(count, 0); /* nobody has said that they are the same */
    run(store, "UPDATE near_duplicate SET state = 'same'");
    assert_int_equal(documents_reduce(store, &r, "anna", &count), 0);
    assert_int_equal(count, 1);
    assert_int_equal(number(store, "SELECT document_id FROM request_document WHERE included = 1"), longer);
    assert_row_text(store, "SELECT code || ' ' || reason FROM request_document WHERE included = 0", "DUP the same paper as document 1");
    assert_int_equal(documents_reduce(store, &r, "anna", &count), 0);
    assert_int_equal(count, 0);
    request_drop(&r);
}

static int annotation_keep(void *state, const struct annotation *one, int64_t at) {
    char **last = state;
    (void)at;
    free(*last);
    *last = mem_print("%s: %s", one->who, one->text);
    return 0;
}

static void something_is_put_right(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t document = record_make(store), foreign = document_make(store, 1);
    struct request_order order = {7, "Florian Tidswell", "subject", "anna", date_from(2026, 3, 2), .kind = "rectification"};
    struct request r, access = request_make(store);
    assert_int_equal(request_open(store, rules, &order, &r), 0);
    assert_string_equal(r.name, "RECT-2026-0001");
    assert_int_equal(r.clock.due, date_from(2026, 4, 2)); /* CLK-8 */
    assert_int_equal(number(store, "SELECT count(*) FROM request_document WHERE request_id = 2"), 0);
    struct annotation annotation = {document, 1, "He was not there that day: he was in hospital.", "anna"};
    char *last = NULL;
    assert_int_equal(rectify_annotate(store, &access, &annotation), ERR_STATE);
    assert_int_equal(rectify_annotate(store, &r, &annotation), 0);
    assert_int_equal(number(store, "SELECT count(*) FROM annotation WHERE instr(sealed_text, CAST('hospital' AS BLOB))"), 0);
    assert_int_equal(annotations_each(store, document, annotation_keep, &last), 0);
    assert_string_equal(last, "anna: He was not there that day: he was in hospital.");
    annotation.document_id = foreign;
    assert_int_equal(rectify_annotate(store, &r, &annotation), ERR_NOT_FOUND);
    annotation.text = "";
    assert_int_equal(rectify_annotate(store, &r, &annotation), ERR_INPUT);
    assert_int_equal(event(store, &r, EVENT_ANSWERED, date_from(2026, 3, 9), "done"), 0);
    reload(store, &r);
    assert_string_equal(r.state, "answered");
    free(last);
    request_drop(&r);
    request_drop(&access);
}

static int64_t mail_with(struct store *store, const char *text) {
    struct words words = words_make(text);
    int64_t document = document_make(store, 1);
    struct page_row row;
    assert_int_equal(page_row_load(store, page_of(store, document, 1), &row), 0);
    assert_int_equal(page_words_save(store, &row, &words), 0);
    words_drop(&words);
    file_to(store, document, 7);
    run(store, "UPDATE part SET kind = 'mail'");
    return document;
}

static void quoted_mails_are_left_out(void **state) {
    static const char first[] = "From Ann To Bob Subject visit I saw the family on Tuesday and all of them were well and the kitchen was clean and the boy had his own bed";
    static const char second[] = "From Bob To Ann Thank you that is good to hear Ann wrote I saw the family on Tuesday and all of them were well and the kitchen was clean"
                                 " and the boy had his own bed";
    static const char third[] = "From Bob To Carl I saw the family on Tuesday and all of them were well and the kitchen was dirty and the boy had no bed of his own at all";
    struct store *store = ((struct place *)*state)->store;
    int64_t count = 0, quoted = mail_with(store, first), whole = mail_with(store, second);
    mail_with(store, third);
    struct request r = request_make(store);
    assert_int_equal(documents_reduce(store, &r, "anna", &count), 0);
    assert_int_equal(count, 1);
    assert_int_equal(number(store, "SELECT document_id FROM request_document WHERE included = 0"), quoted);
    char *wanted = mem_print("its whole text is quoted in document %lld", (long long)whole);
    assert_row_text(store, "SELECT reason FROM request_document WHERE included = 0", wanted);
    free(wanted);
    request_drop(&r);
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
        assert_true(request_accept_all(store, rules, &r, &anna, &count) < 0);
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
        T(an_officers_flag_counts_in_its_own_request), T(earlier_decisions_are_proposed_again), T(an_act_is_taken_back), T(acts_are_taken_back_in_turn), T(what_is_put_back_is_complete), T(nothing_to_take_back), T(what_codes_demand_is_asked_for), T(fields_are_checked),
        T(all_equal_texts_at_once), T(whole_pages_and_documents), T(an_open_consultation_blocks), T(the_same_passage_as_before), T(documents_go_in_and_out_by_hand),
        T(documents_stand_in_the_order_of_their_days), T(copies_are_left_out), T(quoted_mails_are_left_out), T(something_is_put_right),
        T(a_released_request_stays_as_it_was_sent),
        T(gathering_ends_the_packs), T(covering_takes_the_approval_away), T(what_is_refused_changes_nothing), T(a_destroyed_request_is_told)};
    return cmocka_run_group_tests(tests, group_begin, group_end);
}
