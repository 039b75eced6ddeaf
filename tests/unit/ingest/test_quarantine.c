/* What a person decides about a part in quarantine: it begins its way again, or somebody looks after it; always audited. */
#include "ingest/custody.h"
#include "ingest/open_job.h"
#include "ingest/open_order.h"
#include "ingest/quarantine.h"
#include "ingest/receive.h"
#include "tests/unit/store_fixture.h"

static int64_t quarantined(struct store *store) {
    struct receive_order order = {.channel = "command", .name = "locked.pdf", .who = "machine", .bytes = view_text("%PDF-1.4 locked")};
    struct receipt receipt;
    struct job job = {.id = 1, .attempt = 1};
    assert_int_equal(receive(store, &order, &receipt), 0);
    job.subject = receipt.part_id;
    run(store, "UPDATE job SET state = 'failed', attempt = 3, failures = 3");
    run(store, "INSERT INTO page(part_id, number, width_pt, height_pt, role, state, picture_format, picture_dpi, picture_turn, source, trouble)"
               " VALUES(1, 1, 0, 0, 'page', 'unreadable', 0, 0, 0, 0, 'damaged')");
    run(store, "INSERT INTO page_trouble VALUES(1, 2, 2, 'hangs')");
    assert_int_equal(open_job_kind.given_up(store, &job, "it is locked or needs a password"), 0);
    return receipt.part_id;
}

static struct open_order order_of(struct store *store, int64_t part, struct buf *bytes) {
    struct open_order order;
    assert_int_equal(open_job_kind.order(store, part, bytes), 0);
    assert_int_equal(open_order_decode(buf_view(bytes), &order), 0);
    return order;
}

static void retry_begins_again(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t part = quarantined(store);
    assert_int_equal(quarantine_retry(store, part, "amina"), 0);
    assert_row_text(store, "SELECT state || reason || how FROM part", "waiting");
    assert_row_text(store, "SELECT state || ' ' || attempt || ' ' || failures FROM job WHERE kind = 'open'", "waiting 0 0");
    assert_int_equal(number(store, "SELECT count(*) FROM page"), 0);
    assert_int_equal(number(store, "SELECT count(*) FROM page_trouble"), 0);
    assert_row_text(store, "SELECT who || ': ' || action || ' ' || what FROM audit_leaf ORDER BY number DESC LIMIT 1", "amina: asked to be tried again part 1");
    assert_int_equal(quarantine_retry(store, part, "amina"), ERR_STATE); /* it is there no more */
}

static void pages_in_documents_stay(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t part = quarantined(store);
    run(store, "INSERT INTO document(part_id, ordinal, first_page, last_page, state) VALUES(1, 1, 1, 1, 'ready'); UPDATE page SET document_id = 1");
    assert_int_equal(quarantine_retry(store, part, "amina"), 0);
    assert_int_equal(number(store, "SELECT count(*) FROM page"), 1);
}

static void as_picture_is_in_the_order(void **state) {
    struct store *store = ((struct place *)*state)->store;
    struct buf bytes = {0};
    int64_t part = quarantined(store);
    assert_int_equal(quarantine_as_picture(store, part, "amina"), 0);
    struct open_order order = order_of(store, part, &bytes);
    assert_int_equal(order.as_picture, 1);
    open_order_drop(&order);
    buf_drop(&bytes);
}

static void the_password_is_sealed_and_goes_with_the_order(void **state) {
    struct store *store = ((struct place *)*state)->store;
    struct buf bytes = {0};
    int64_t part = quarantined(store);
    assert_int_equal(quarantine_unlock(store, part, "open sesame", "amina"), 0);
    assert_int_equal(number(store, "SELECT instr(sealed_password, 'sesame') FROM part"), 0);
    assert_int_equal(number(store, "SELECT count(*) FROM audit_leaf WHERE why LIKE '%sesame%' OR action LIKE '%sesame%'"), 0);
    struct open_order order = order_of(store, part, &bytes);
    assert_string_equal(order.password, "open sesame");
    open_order_drop(&order);
    struct job job = {.id = 1, .subject = part, .attempt = 1};
    run(store, "INSERT INTO page(part_id, number, width_pt, height_pt, role, state, picture_format, picture_dpi, picture_turn, source)"
               " VALUES(1, 1, 0, 0, 'blank', 'read', 0, 0, 0, 0)");
    assert_int_equal(open_job_kind.done(store, &job, (struct view){0}), 0);
    assert_int_equal(number(store, "SELECT sealed_password IS NULL FROM part"), 1); /* it has done its work */
    buf_drop(&bytes);
}

static void a_wrong_password_says_so(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t part = quarantined(store);
    struct job job = {.id = 1, .subject = part, .attempt = 1};
    assert_int_equal(quarantine_unlock(store, part, "wrong", "amina"), 0);
    assert_int_equal(open_job_kind.given_up(store, &job, "it is locked or needs a password"), 0);
    assert_row_text(store, "SELECT reason FROM part", "the password that was given does not open it");
    assert_int_equal(number(store, "SELECT sealed_password IS NULL FROM part"), 1);
    assert_int_equal(quarantine_unlock(store, part, "right", "amina"), 0); /* may be tried again */
    run(store, "UPDATE part SET state = 'quarantined', reason = 'the data is damaged'");
    assert_int_equal(quarantine_unlock(store, part, "any", "amina"), ERR_REFUSED); /* no password would help */
}

/* It leaves the list, and is counted as before; it can be opened again. */
static void a_closed_part_is_settled(void **state) {
    struct store *store = ((struct place *)*state)->store;
    struct custody before, after;
    int64_t part = quarantined(store);
    assert_int_equal(custody_load(store, &before), 0);
    assert_int_equal(quarantine_close(store, part, "scanned again", "amina"), 0);
    assert_row_text(store, "SELECT state FROM part", "closed");
    assert_row_text(store, "SELECT who || ': ' || action || ' ' || what || ' ' || why FROM audit_leaf ORDER BY number DESC LIMIT 1",
                    "amina: closed part 1 scanned again");
    assert_int_equal(custody_load(store, &after), 0);
    assert_true(before.quarantined == after.quarantined && after.sum == after.received && after.quarantined > 0);
    assert_int_equal(quarantine_retry(store, part, "amina"), 0);
    assert_row_text(store, "SELECT state FROM part", "waiting");
}

static void somebody_looks_after_it(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t part = quarantined(store);
    assert_int_equal(quarantine_give(store, part, "Business Support", "amina"), 0);
    assert_row_text(store, "SELECT state || ' ' || given_to FROM part", "quarantined Business Support");
    assert_int_equal(quarantine_give(store, part, "", "amina"), 0);
    assert_row_text(store, "SELECT given_to FROM part", "");
    assert_int_equal(quarantine_give(store, 99, "x", "amina"), ERR_STATE);
}

#define T(f) cmocka_unit_test_setup_teardown(f, place_new, place_drop)
int main(void) {
    const struct CMUnitTest tests[] = {T(retry_begins_again), T(pages_in_documents_stay), T(as_picture_is_in_the_order),
                                       T(the_password_is_sealed_and_goes_with_the_order), T(a_wrong_password_says_so), T(a_closed_part_is_settled), T(somebody_looks_after_it)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
