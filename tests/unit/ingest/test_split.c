/* Documents parted and joined by a person: pages, what was decided, and what is to be done anew. */
#include "ingest/split.h"
#include "tests/unit/store_fixture.h"

#define PAGES "SELECT group_concat(number || ':' || document_id) FROM (SELECT * FROM page ORDER BY number)"
#define DOCUMENTS "SELECT group_concat(id || ' ' || first_page || '-' || last_page || ' ' || state, ', ') FROM document"
#define JOBS "SELECT group_concat(kind || ' ' || subject || ' ' || state, ', ') FROM (SELECT * FROM job ORDER BY kind, subject)"

/* Four pages of one file, read and flagged, filed to child 3. */
static int64_t document_ready(struct store *store) {
    int64_t document = document_make(store, 4);
    run(store, "UPDATE page SET place = number, state = 'read'");
    run(store, "UPDATE document SET state = 'ready'");
    run(store, "INSERT INTO filing(document_id, outcome, made_at, made_by) VALUES(1, 'filed', 1, 'machine')");
    run(store, "INSERT INTO flag(document_id, child_id, page_id, type, role, code, cover, finder, sealed) SELECT 1, 3, id, 'PERSON', 'family', 'X', 1,"
               " CASE number WHEN 1 THEN 'machine' ELSE 'officer' END, x'00' FROM page WHERE number IN (1, 4)");
    return document;
}

static void a_document_is_parted(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t document = document_ready(store), new_id = 0;
    assert_int_equal(document_split(store, document, 3, "officer", &new_id), 0);
    assert_int_equal(new_id, 2);
    assert_row_text(store, PAGES, "1:1,2:1,3:2,4:2");
    assert_row_text(store, DOCUMENTS, "1 1-2 filing, 2 3-4 filing");
    assert_row_text(store, JOBS, "compare 1 waiting, compare 2 waiting, file 1 waiting, file 2 waiting");
    assert_row_text(store, "SELECT group_concat(document_id) FROM flag", "1,2"); /* the officer's mark goes with its page */
    assert_row_text(store, "SELECT who || ' ' || action FROM audit_leaf", "officer split");
}

static void what_cannot_be_parted(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t document = document_ready(store), new_id;
    assert_int_equal(document_split(store, document, 1, "officer", &new_id), ERR_INPUT);
    assert_int_equal(document_split(store, document, 9, "officer", &new_id), ERR_NOT_FOUND);
    assert_int_equal(document_split(store, 77, 2, "officer", &new_id), ERR_NOT_FOUND);
    run(store, "INSERT INTO job(kind, subject, state, made_at) VALUES('flag', 1, 'lent', 1)");
    assert_int_equal(document_split(store, document, 2, "officer", &new_id), ERR_STATE);
    run(store, "UPDATE job SET kind = 'read', subject = (SELECT id FROM page WHERE number = 4)");
    assert_int_equal(document_split(store, document, 2, "officer", &new_id), ERR_STATE);
    assert_row_text(store, DOCUMENTS, "1 1-4 ready");
    assert_row_text(store, PAGES, "1:1,2:1,3:1,4:1");
}

static void documents_are_joined_again(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t document = document_ready(store), new_id = 0;
    assert_int_equal(document_split(store, document, 3, "officer", &new_id), 0);
    assert_int_equal(document_join(store, document, new_id, "officer"), ERR_STATE); /* they wait to be filed */
    run(store, "UPDATE job SET state = 'done'");
    run(store, "INSERT INTO filing(document_id, outcome, made_at, made_by) VALUES(2, 'filed', 2, 'machine')");
    assert_int_equal(document_join(store, new_id, document, "officer"), ERR_INPUT); /* the wrong way round */
    assert_int_equal(document_join(store, document, document, "officer"), ERR_INPUT);
    assert_int_equal(document_join(store, document, new_id, "officer"), 0);
    assert_row_text(store, PAGES, "1:1,2:1,3:1,4:1");
    assert_row_text(store, "SELECT group_concat(id || ' ' || state, ', ') FROM document", "1 filing, 2 joined");
    assert_int_equal(number(store, "SELECT count(*) FROM filing WHERE document_id = 2 AND superseded_by IS NULL"), 0);
    assert_row_text(store, "SELECT first_page || '-' || last_page FROM document WHERE id = 1", "1-4");
    run(store, "UPDATE job SET state = 'done'");
    assert_int_equal(document_join(store, document, new_id, "officer"), ERR_NOT_FOUND); /* it is none any more */
}

#define T(f) cmocka_unit_test_setup_teardown(f, place_new, place_drop)
int main(void) {
    const struct CMUnitTest tests[] = {T(a_document_is_parted), T(what_cannot_be_parted), T(documents_are_joined_again)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
