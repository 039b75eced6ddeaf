/* Cutting: at sheets, within batches, with backs behind their fronts; what asks, and what a person says; a page taken back. */
#include "ingest/batch.h"
#include "ingest/cut.h"
#include "store/people_rows.h"
#include "tests/unit/store_fixture.h"

#define CHILDREN                                                                                                                          \
    "council_id,nhs_number,upn,forenames,surname,also_known_as,date_of_birth,sex,ethnicity,first_language,house,street,town,postcode,"   \
    "previous_addresses,school,status,legal_status,allocated_team,opened,closed,family_id\n"                                             \
    "20177342,,,Ada,Quill,,2012-03-04,F,,,1,High Street,Fylderton,PX1 1AA,,,CIN,,,,,F1\n"                                                \
    "20177343,,,Ben,Quill,,2014-03-04,M,,,1,High Street,Fylderton,PX1 1AA,,,CIN,,,,,F1\n"
#define PEOPLE                                                                                                                            \
    "council_id,person_id,relation,role,title,forenames,surname,also_known_as,date_of_birth,sex,phone,address,email,organisation,"       \
    "in_household,parental_responsibility,consent_to_share,confidential,sibling_council_id\n"

static struct store *store_of(void **state) {
    return ((struct place *)*state)->store;
}

static int house_new(void **state) {
    struct people *people = NULL;
    char *where = NULL;
    struct register_change change;
    if (place_new(state) || people_from_csv(CHILDREN, PEOPLE, &people, &where))
        return -1;
    struct store *store = store_of(state);
    int err = db_begin(store->db);
    if (!err)
        err = db_end(store->db, people_save(store, people, &(struct people_save_order){.with_people = true}, &change));
    people_drop(&people);
    return err;
}

static int64_t child_of(struct store *store, const char *council_id) {
    int64_t id = 0;
    assert_int_equal(people_child_id(store, council_id, &id), 0);
    return id;
}

static void payload_for(struct store *store, char letter, int64_t batch, char out[SHEET_PAYLOAD_MOST]) {
    struct sheet sheet = {.kind = letter == 'c' || letter == 'd' ? SHEET_COVER : letter == 'h' ? SHEET_BATCH : SHEET_SEPARATOR, .batch = batch};
    strcpy(sheet.council_id, letter == 'd' ? "20177343" : letter == 'u' ? "99999999" : "20177342");
    strcpy(sheet.document_kind, letter == 'c' ? "visit_record" : "");
    if (letter == 'u')
        sheet.kind = SHEET_COVER; /* a child who is not on the register */
    sheet_payload(store, &sheet, out);
    if (letter == 'x')
        strcpy(out, "CF1-C-20177342-00000000"); /* a tag that somebody made up */
    if (letter == 'o')
        strcpy(out, "SEP*01*02");
}

/* One letter for each page: p page, b blank, s separator, o another maker's, c and d cover sheets of two children, x one that is forged, u one of an
 * unknown child, h the batch's header. The part's state and reading jobs are as opening leaves them. */
static int64_t scan(struct store *store, const char *pages, int64_t batch) {
    int64_t part = part_make(store);
    assert_int_equal(db_run(store->db, "UPDATE part SET page_count = ?, state = 'waiting' WHERE id = ?", "ii", (int64_t)strlen(pages), part), 0);
    for (size_t i = 0; pages[i]; i++) {
        char payload[SHEET_PAYLOAD_MOST] = "";
        const char *role = pages[i] == 'p' ? "page" : pages[i] == 'b' ? "blank" : "separator";
        if (role[0] == 's')
            payload_for(store, pages[i], batch, payload);
        assert_int_equal(db_run(store->db,
                                "INSERT INTO page(part_id, number, width_pt, height_pt, role, state, picture_id, picture_format, picture_dpi,"
                                " picture_turn, source, payload) VALUES(?, ?, 595, 842, ?, ?, (SELECT object_id FROM part WHERE id = ?1), 2, 200, 0,"
                                " 0, ?)",
                                "iittt", part, (int64_t)(i + 1), role, role[0] == 'p' ? "waiting" : "read", payload), 0);
    }
    return part;
}

static void cut(struct store *store, int64_t part) {
    assert_int_equal(db_begin(store->db), 0);
    int err = part_cut(store, part);
    if (!err)
        err = db_run(store->db, "UPDATE part SET state = 'opened' WHERE id = ? AND state = 'waiting'", "i", part);
    assert_int_equal(db_end(store->db, err), 0);
}

static int64_t scanned(struct store *store, const char *pages, int64_t batch) {
    int64_t part = scan(store, pages, batch);
    cut(store, part);
    return part;
}

/* "1-3: 1 3" is a document from page 1 to 3 that pages 1 and 3 are in; a page of another part has a ' behind it. In the order of place. */
#define DOCUMENTS                                                                                                                         \
    "SELECT ifnull(group_concat(t, ', '), '') FROM (SELECT d.first_page || '-' || d.last_page || ':' || (SELECT group_concat(n, ' ') FROM" \
    " (SELECT number || CASE part_id WHEN d.part_id THEN '' ELSE '''' END AS n FROM page WHERE document_id = d.id ORDER BY place)) AS t"  \
    " FROM document d ORDER BY d.id)"

static void assert_cut(void **state, const char *pages, const char *wanted) {
    scanned(store_of(state), pages, 0);
    assert_row_text(store_of(state), DOCUMENTS, wanted);
    assert_int_equal(number(store_of(state), "SELECT count(*) FROM page WHERE place != number OR place = 0"), 0);
    assert_row_text(store_of(state), "SELECT state FROM part", "opened");
}

static void one_document(void **state) { assert_cut(state, "ppp", "1-3:1 2 3"); }
static void separators_cut(void **state) { assert_cut(state, "ppspoppp", "1-2:1 2, 4-4:4, 6-8:6 7 8"); }
static void blanks_stay_out(void **state) { assert_cut(state, "pbpbsbpb", "1-3:1 3, 7-7:7"); }
static void separators_on_one_another(void **state) { assert_cut(state, "sspssbsps", "3-3:3, 8-8:8"); }
static void blanks_alone_are_no_document(void **state) { assert_cut(state, "sbbs", ""); }

static void a_second_time_changes_nothing(void **state) {
    struct store *store = store_of(state);
    int64_t part = scanned(store, "pspp", 0);
    cut(store, part);
    assert_row_text(store, DOCUMENTS, "1-1:1, 3-4:3 4");
}

static void a_document_whose_pages_are_read_goes_on(void **state) {
    struct store *store = store_of(state);
    int64_t part = scan(store, "psp", 0);
    run(store, "UPDATE page SET state = 'read' WHERE number = 3");
    cut(store, part);
    assert_row_text(store, "SELECT group_concat(state) FROM (SELECT state FROM document ORDER BY id)", "reading,filing");
    assert_int_equal(number(store, "SELECT count(*) FROM job WHERE kind = 'file' AND subject = 2"), 1);
}

/* ---- cover sheets --------------------------------------------------------------------------------------------------- */

#define SAID                                                                                                                              \
    "SELECT group_concat(t, ' ') FROM (SELECT ifnull((SELECT d.child_id - min(id) + 1 FROM child), '-') || ':' || kind AS t FROM document d ORDER BY id)"

static void assert_said(void **state, const char *pages, const char *wanted, const char *notes) {
    struct store *store = store_of(state);
    scanned(store, pages, 0);
    assert_row_text(store, SAID, wanted);
    assert_row_text(store, "SELECT notes FROM part", notes);
}

static void a_cover_says_whose_it_is(void **state) { assert_said(state, "pcppsp", "-: 1:visit_record -:", ""); }
static void covers_follow_covers(void **state) { assert_said(state, "cpdp", "1:visit_record 2:", ""); }
static void a_cover_scanned_twice(void **state) { assert_said(state, "ccpcbcp", "1:visit_record 1:visit_record", ""); }
static void a_forged_cover_only_cuts(void **state) { assert_said(state, "pxpxp", "-: -: -:", "a cover sheet that is not of this store"); }
static void an_unknown_child(void **state) { assert_said(state, "up", "-:", "a cover sheet for a child who is not on the register"); }
static void a_separator_ends_a_cover(void **state) { assert_said(state, "csp", "-:", "a cover sheet with nothing behind it"); }
static void a_cover_at_the_end(void **state) { assert_said(state, "pc", "-:", "a cover sheet with nothing behind it"); }
static void two_children_on_one_another(void **state) {
    assert_said(state, "cdpdp", "-: 2:", "two cover sheets on one another: neither was followed");
}
static void nor_a_third(void **state) {
    assert_said(state, "cdcpsp", "-: -:", "two cover sheets on one another: neither was followed");
}

static void the_receipt_says_it_else(void **state) {
    struct store *store = store_of(state);
    int64_t part = scan(store, "pdpsp", 0);
    assert_int_equal(db_run(store->db, "UPDATE receipt SET child_id = ?, kind = 'case_notes'", "i", child_of(store, "20177342")), 0);
    cut(store, part);
    assert_row_text(store, SAID, "1:case_notes 2:case_notes 1:case_notes");
}

/* ---- batches -------------------------------------------------------------------------------------------------------- */

static int64_t batch_of(struct store *store, int64_t sheets, int64_t separators, enum duplex duplex) {
    struct batch batch = {.operator = "Op", .scanner = "fi-7160", .box = "", .sheets = sheets, .separators = separators, .duplex = duplex};
    assert_int_equal(batch_make(store, &batch, "Op"), 0);
    assert_string_equal(batch.state, "printed");
    return batch.number;
}

static void assert_batch(struct store *store, const char *wanted) {
    assert_row_text(store, "SELECT state || CASE reason WHEN '' THEN '' ELSE ': ' || reason END FROM batch ORDER BY id DESC LIMIT 1", wanted);
}

static void counts(void **state, enum duplex duplex, const char *pages, const char *wanted) {
    struct store *store = store_of(state);
    int64_t batch = batch_of(store, 3, 2, duplex), part = scanned(store, pages, batch);
    assert_batch(store, wanted);
    assert_int_equal(number(store, "SELECT batch_id FROM part"), batch);
    int asks = strncmp(wanted, "asks", 4) == 0;
    assert_row_text(store, "SELECT state FROM part", asks ? "asks" : "opened");
    assert_int_equal(number(store, "SELECT count(*) FROM document") == 0, asks);
    cut(store, part); /* a second attempt */
    assert_batch(store, wanted);
}

static void what_was_expected(void **state) { counts(state, DUPLEX_SIMPLEX, "hpspcp", "complete"); }
static void a_separator_twice_is_no_harm(void **state) { counts(state, DUPLEX_SIMPLEX, "hpspoop", "complete"); }
static void a_sheet_is_missing(void **state) { counts(state, DUPLEX_SIMPLEX, "hpspc", "asks: 2 sheets came, 3 were expected"); }
static void a_separator_is_missing(void **state) { counts(state, DUPLEX_SIMPLEX, "hppsp", "asks: 1 separator came, 2 were expected"); }
static void both_are_missing(void **state) {
    counts(state, DUPLEX_SIMPLEX, "hpsp", "asks: 2 sheets came, 3 were expected; 1 separator came, 2 were expected");
}
static void a_blank_sheet_is_a_sheet(void **state) { counts(state, DUPLEX_SIMPLEX, "hpsbcp", "complete"); }
static void two_sides(void **state) { counts(state, DUPLEX_DUPLEX, "hbppsbpbcbpp", "complete"); }
static void two_sides_and_a_sheet_too_few(void **state) { counts(state, DUPLEX_DUPLEX, "hbppsbpbcb", "asks: 2 sheets came, 3 were expected"); }
static void an_odd_number_of_sides(void **state) {
    counts(state, DUPLEX_DUPLEX, "hbppsbpbcbp", "asks: 11 pages came: an odd number, though every sheet has two sides");
}

static void nothing_expected(void **state) {
    struct store *store = store_of(state);
    scanned(store, "hpppsp", batch_of(store, -1, -1, DUPLEX_SIMPLEX));
    assert_batch(store, "complete");
    assert_row_text(store, DOCUMENTS, "2-4:2 3 4, 6-6:6");
}

static void accepted(void **state) {
    struct store *store = store_of(state);
    int64_t batch = batch_of(store, 9, -1, DUPLEX_SIMPLEX);
    scanned(store, "hpsp", batch);
    assert_batch(store, "asks: 2 sheets came, 9 were expected");
    assert_int_equal(batch_accept(store, batch, "Op"), 0);
    assert_batch(store, "complete");
    assert_row_text(store, DOCUMENTS, "2-2:2, 4-4:4");
    assert_row_text(store, "SELECT state || reason FROM part", "opened");
    assert_row_text(store, "SELECT who || ' ' || action || ' ' || what FROM audit_leaf ORDER BY number DESC LIMIT 1", "Op batch accepted batch 1");
    assert_int_equal(batch_accept(store, batch, "Op"), ERR_STATE);
    assert_int_equal(batch_rescan(store, batch, "Op"), ERR_STATE);
    assert_int_equal(batch_accept(store, 99, "Op"), ERR_NOT_FOUND);
}

/* Opened in part, then tried again: the pages that come then are in the batch's documents too. */
static void pages_that_come_later_in_a_batch(void **state) {
    struct store *store = store_of(state);
    int64_t batch = batch_of(store, -1, -1, DUPLEX_SIMPLEX), part = scanned(store, "hp", batch);
    assert_batch(store, "complete");
    for (int n = 3; n <= 4; n++)
        assert_int_equal(db_run(store->db,
                                "INSERT INTO page(part_id, number, width_pt, height_pt, role, state, picture_format, picture_dpi, picture_turn, source)"
                                " VALUES(?, ?, 595, 842, 'page', 'waiting', 2, 200, 0, 0)", "ii", part, (int64_t)n), 0);
    cut(store, part);
    assert_row_text(store, DOCUMENTS, "2-4:2 3 4");
    assert_row_text(store, "SELECT state FROM document", "reading");
}

static void scanned_again(void **state) {
    struct store *store = store_of(state);
    int64_t batch = batch_of(store, 2, -1, DUPLEX_SIMPLEX);
    scanned(store, "hp", batch);
    assert_int_equal(batch_rescan(store, batch, "Op"), 0);
    assert_batch(store, "printed");
    assert_row_text(store, "SELECT state FROM part", "rescanned");
    assert_int_equal(number(store, "SELECT count(*) FROM page"), 2);
    scanned(store, "hpp", batch);
    assert_batch(store, "complete");
    assert_row_text(store, DOCUMENTS, "2-3:2 3");
    assert_row_text(store, "SELECT group_concat(state) FROM (SELECT state FROM part ORDER BY id)", "rescanned,opened");
}

static void the_same_header_once_more(void **state) {
    struct store *store = store_of(state);
    int64_t batch = batch_of(store, -1, -1, DUPLEX_SIMPLEX);
    scanned(store, "hp", batch);
    scanned(store, "hpp", batch);
    assert_batch(store, "asks: another scan with the same header sheet came");
    assert_row_text(store, DOCUMENTS, "2-2:2");
    assert_int_equal(batch_rescan(store, batch, "Op"), 0);
    assert_batch(store, "complete");
    scanned(store, "hppp", batch);
    assert_int_equal(batch_accept(store, batch, "Op"), 0);
    assert_row_text(store, DOCUMENTS, "2-2:2, 2-4:2 3 4");
}

static void two_headers_in_one_scan(void **state) {
    struct store *store = store_of(state);
    int64_t first = batch_of(store, 1, -1, DUPLEX_SIMPLEX), second = batch_of(store, 1, -1, DUPLEX_SIMPLEX), part = scan(store, "hphp", first);
    char payload[SHEET_PAYLOAD_MOST];
    payload_for(store, 'h', second, payload);
    assert_int_equal(db_run(store->db, "UPDATE page SET payload = ? WHERE number = 3", "t", payload), 0);
    cut(store, part);
    assert_row_text(store, "SELECT state || ': ' || reason FROM batch WHERE id = 1", "asks: the header sheets of two batches are in one scan");
    assert_int_equal(batch_accept(store, first, "Op"), 0);
    assert_row_text(store, DOCUMENTS, "2-2:2, 4-4:4");
}

static void headers_that_nobody_knows(void **state) {
    struct store *store = store_of(state);
    int64_t part = scan(store, "hphp", 77);
    run(store, "UPDATE page SET payload = 'CF1-B-1-00000000' WHERE number = 3");
    cut(store, part);
    assert_row_text(store, DOCUMENTS, "2-2:2, 4-4:4");
    assert_row_text(store, "SELECT notes FROM part",
                    "the header sheet of a batch that this store does not know; a batch header sheet that is not of this store");
    assert_int_equal(number(store, "SELECT batch_id IS NULL FROM part"), 1);
}

/* ---- two passes ----------------------------------------------------------------------------------------------------- */

static void backs_behind_their_fronts(void **state) {
    struct store *store = store_of(state);
    int64_t batch = batch_of(store, 3, 1, DUPLEX_TWO_PASS);
    scanned(store, "hppsp", batch); /* sheets 1, 2, a separator, 3 */
    assert_batch(store, "waiting");
    assert_row_text(store, DOCUMENTS, "");
    scanned(store, "hpbbp", batch); /* back of 3, of the separator, of 2 (blank), of 1 */
    assert_batch(store, "complete");
    assert_row_text(store, DOCUMENTS, "2-3:2 5' 3, 5-5:5 2'");
    assert_row_text(store, "SELECT group_concat(place) FROM (SELECT place FROM page WHERE document_id = 1 ORDER BY id)", "3,5,4");
    assert_int_equal(number(store, "SELECT count(*) FROM page WHERE place = 0"), 0);
    assert_row_text(store, "SELECT group_concat(state) FROM (SELECT state FROM part ORDER BY id)", "opened,opened");
}

static void a_copy_of_the_header_for_each_pass(void **state) {
    struct store *store = store_of(state);
    int64_t batch = batch_of(store, 2, -1, DUPLEX_TWO_PASS);
    scanned(store, "hpp", batch);
    scanned(store, "hppb", batch); /* the first header's back is the last */
    assert_row_text(store, DOCUMENTS, "2-3:2 3' 3 2'");
}

static void both_passes_in_one_scan(void **state) {
    struct store *store = store_of(state);
    scanned(store, "hppsphpbpp", batch_of(store, 3, 1, DUPLEX_TWO_PASS));
    assert_batch(store, "complete");
    assert_row_text(store, DOCUMENTS, "2-3:2 10 3 9, 5-5:5 7");
}

static void backs_are_missing(void **state) {
    struct store *store = store_of(state);
    int64_t batch = batch_of(store, 3, -1, DUPLEX_TWO_PASS);
    scanned(store, "hppp", batch);
    scanned(store, "hpp", batch);
    assert_batch(store, "asks: 3 fronts and 2 backs came");
    assert_row_text(store, DOCUMENTS, "");
    assert_int_equal(batch_accept(store, batch, "Op"), 0);
    assert_batch(store, "complete");
    assert_row_text(store, DOCUMENTS, "2-4:2 3 4, 2-3:2 3");
}

static void fronts_twice(void **state) {
    struct store *store = store_of(state);
    int64_t batch = batch_of(store, -1, -1, DUPLEX_TWO_PASS);
    scanned(store, "hpspp", batch);
    scanned(store, "hpspp", batch);
    assert_batch(store, "asks: the fronts came twice, the backs did not");
    assert_int_equal(batch_rescan(store, batch, "Op"), 0);
    assert_batch(store, "printed");
    assert_row_text(store, "SELECT group_concat(state) FROM (SELECT state FROM part ORDER BY id)", "rescanned,rescanned");
}

static void fronts_are_missing_and_accepted(void **state) {
    struct store *store = store_of(state);
    int64_t batch = batch_of(store, 3, -1, DUPLEX_TWO_PASS);
    scanned(store, "hpp", batch);
    assert_batch(store, "asks: 2 sheets came, 3 were expected");
    assert_int_equal(batch_accept(store, batch, "Op"), 0);
    assert_batch(store, "waiting");
    scanned(store, "hpp", batch);
    assert_row_text(store, DOCUMENTS, "2-3:2 3' 3 2'");
}

static void there_are_no_backs(void **state) {
    struct store *store = store_of(state);
    int64_t batch = batch_of(store, -1, -1, DUPLEX_TWO_PASS);
    scanned(store, "hpp", batch);
    assert_batch(store, "waiting");
    assert_int_equal(batch_accept(store, batch, "Op"), 0);
    assert_batch(store, "complete");
    assert_row_text(store, DOCUMENTS, "2-3:2 3");
}

/* A back that has words, of a front that has none: the document's numbers are the front's. */
static void only_the_back_has_words(void **state) {
    struct store *store = store_of(state);
    int64_t batch = batch_of(store, -1, -1, DUPLEX_TWO_PASS);
    scanned(store, "hbsp", batch);
    scanned(store, "hbbp", batch);
    assert_row_text(store, DOCUMENTS, "2-2:4', 4-4:4");
}

/* ---- a page taken back ---------------------------------------------------------------------------------------------- */

static int64_t page_id(struct store *store, int64_t part, int64_t n) {
    int64_t id = 0;
    assert_int_equal(db_int(store->db, &id, "SELECT id FROM page WHERE part_id = ? AND number = ?", "ii", part, n), 0);
    return id;
}

static void taken_back(void **state, const char *pages, int64_t n, const char *wanted) {
    struct store *store = store_of(state);
    int64_t part = scanned(store, pages, 0), id = page_id(store, part, n);
    run(store, "UPDATE page SET state = 'read'; UPDATE document SET state = 'ready'");
    assert_int_equal(page_take_back(store, id, "Op"), 0);
    assert_row_text(store, DOCUMENTS, wanted);
    assert_int_equal(number(store, "SELECT count(*) FROM document WHERE state = 'reading'"), 1);
    assert_row_text(store, "SELECT group_concat(role || number) FROM page WHERE state = 'waiting'", n == 2 ? "page2" : n == 3 ? "page3" : "page1");
    int64_t job = 0;
    assert_int_equal(db_int(store->db, &job, "SELECT count(*) FROM job WHERE kind = 'read' AND state = 'waiting' AND subject = ?", "i", id), 0);
    assert_int_equal(job, 1);
    assert_row_text(store, "SELECT who || ' ' || action FROM audit_leaf ORDER BY number DESC LIMIT 1", "Op page taken back");
    assert_int_equal(page_take_back(store, id, "Op"), ERR_STATE); /* it is one of the document's now */
}

static void into_the_document_before(void **state) { taken_back(state, "pbsp", 2, "1-2:1 2, 4-4:4"); }
static void into_the_one_behind_when_a_sheet_is_before(void **state) { taken_back(state, "psbp", 3, "1-1:1, 3-4:3 4"); }
static void into_the_one_behind_when_it_is_the_first(void **state) { taken_back(state, "bpsp", 1, "1-2:1 2, 4-4:4"); }
static void alone_between_sheets(void **state) { taken_back(state, "psbsp", 3, "1-3:1 3, 5-5:5"); }
static void a_document_by_itself(void **state) { taken_back(state, "sb", 2, "2-2:2"); }

static void into_its_sheet_in_two_passes(void **state) {
    struct store *store = store_of(state);
    int64_t batch = batch_of(store, -1, -1, DUPLEX_TWO_PASS);
    scanned(store, "hpsp", batch);
    int64_t backs = scanned(store, "hbbb", batch);
    assert_row_text(store, DOCUMENTS, "2-2:2, 4-4:4");
    assert_int_equal(page_take_back(store, page_id(store, backs, 4), "Op"), 0); /* the last is the back of the first */
    assert_row_text(store, DOCUMENTS, "2-2:2 4', 4-4:4");
    assert_int_equal(page_take_back(store, page_id(store, backs, 2), "Op"), 0);
    assert_row_text(store, DOCUMENTS, "2-2:2 4', 4-4:4 2'");
}

static void what_cannot_be_taken_back(void **state) {
    struct store *store = store_of(state);
    int64_t part = scanned(store, "hpb", batch_of(store, 9, -1, DUPLEX_SIMPLEX));
    assert_int_equal(page_take_back(store, page_id(store, part, 2), "Op"), ERR_STATE);
    assert_int_equal(page_take_back(store, page_id(store, part, 3), "Op"), ERR_STATE); /* the batch asks */
    assert_int_equal(page_take_back(store, 12345, "Op"), ERR_NOT_FOUND);
    assert_int_equal(number(store, "SELECT count(*) FROM audit_leaf WHERE action = 'page taken back'"), 0);
}

/* ---- nothing by halves ---------------------------------------------------------------------------------------------- */

static void a_refused_row_leaves_nothing(void **state) {
    struct store *store = store_of(state);
    int64_t batch = batch_of(store, 1, -1, DUPLEX_SIMPLEX);
    scanned(store, "hpsp", batch);
    run(store, "CREATE TRIGGER refuse BEFORE INSERT ON document WHEN NEW.ordinal = 2 BEGIN SELECT RAISE(FAIL, 'no'); END");
    assert_true(batch_accept(store, batch, "Op") < 0);
    assert_batch(store, "asks: 2 sheets came, 1 was expected");
    assert_row_text(store, DOCUMENTS, "");
    run(store, "DROP TRIGGER refuse");
    assert_int_equal(batch_accept(store, batch, "Op"), 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, house_new, place_drop)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(one_document), TEST(separators_cut), TEST(blanks_stay_out), TEST(separators_on_one_another), TEST(blanks_alone_are_no_document),
        TEST(a_second_time_changes_nothing), TEST(a_document_whose_pages_are_read_goes_on),
        TEST(a_cover_says_whose_it_is), TEST(covers_follow_covers), TEST(a_cover_scanned_twice), TEST(a_forged_cover_only_cuts),
        TEST(an_unknown_child), TEST(a_separator_ends_a_cover), TEST(a_cover_at_the_end), TEST(two_children_on_one_another), TEST(nor_a_third),
        TEST(the_receipt_says_it_else),
        TEST(what_was_expected), TEST(a_separator_twice_is_no_harm), TEST(a_sheet_is_missing), TEST(a_separator_is_missing), TEST(both_are_missing),
        TEST(a_blank_sheet_is_a_sheet), TEST(two_sides), TEST(two_sides_and_a_sheet_too_few), TEST(an_odd_number_of_sides), TEST(nothing_expected),
        TEST(accepted), TEST(pages_that_come_later_in_a_batch), TEST(scanned_again), TEST(the_same_header_once_more), TEST(two_headers_in_one_scan), TEST(headers_that_nobody_knows),
        TEST(backs_behind_their_fronts), TEST(a_copy_of_the_header_for_each_pass), TEST(both_passes_in_one_scan), TEST(backs_are_missing),
        TEST(fronts_twice), TEST(fronts_are_missing_and_accepted), TEST(there_are_no_backs), TEST(only_the_back_has_words),
        TEST(into_the_document_before), TEST(into_the_one_behind_when_a_sheet_is_before), TEST(into_the_one_behind_when_it_is_the_first),
        TEST(alone_between_sheets), TEST(a_document_by_itself), TEST(into_its_sheet_in_two_passes), TEST(what_cannot_be_taken_back),
        TEST(a_refused_row_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
