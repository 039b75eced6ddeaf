/* Reading, on the broker's side: what the helper gives is committed; a hidden layer is held against it; a page that was given up is marked. */
#include "ocr/read_job.h"
#include "ocr/read_record.h"
#include "store/page_rows.h"
#include "tests/unit/store_fixture.h"

/* A document of so many pages that wait for their words. */
static int64_t waiting_make(struct store *store, uint32_t pages) {
    int64_t document = document_make(store, pages);
    run(store, "UPDATE page SET state = 'waiting'; UPDATE document SET state = 'reading'");
    return document;
}

static void claim(struct store *store, int64_t page, const char *text) {
    struct words words = words_make(text);
    struct page_row row;
    assert_int_equal(page_row_load(store, page, &row), 0);
    assert_int_equal(page_claimed_save(store, &row, &words), 0);
    words_drop(&words);
}

static struct page_reading reading_make(const char *text, uint8_t quality) {
    struct page_reading reading = {.turn = 90, .skew_deg = 1.5f, .quality = quality, .words = words_make(text)};
    reading.language = mem_text("pol+eng");
    reading.trouble = mem_text("");
    return reading;
}

/* As the broker gives it: in a transaction; rolled back on error. Drops the reading. */
static int give(struct store *store, int64_t page, struct page_reading *reading) {
    struct job job = {.id = 1, .subject = page, .attempt = 1};
    struct buf bytes = {0};
    page_reading_encode(reading, &bytes);
    assert_int_equal(db_begin(store->db), 0);
    int err = db_end(store->db, read_job_kind.done(store, &job, buf_view(&bytes)));
    buf_drop(&bytes);
    page_reading_drop(reading);
    return err;
}

static int give_text(struct store *store, int64_t page, const char *text, uint8_t quality) {
    struct page_reading reading = reading_make(text, quality);
    return give(store, page, &reading);
}

static void the_order_holds_the_picture(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t page = page_of(store, waiting_make(store, 1), 1);
    struct buf out = {0};
    struct read_order order;
    run(store, "UPDATE page SET picture_turn = 90");
    assert_int_equal(read_job_kind.order(store, page, &out), 0);
    assert_int_equal(read_order_decode(buf_view(&out), &order), 0);
    assert_true(view_equal(order.picture.bytes, view_text("a picture")));
    assert_true(order.width_pt == 600 && order.height_pt == 800 && order.picture.dpi == 200);
    assert_int_equal(order.picture.turn, 90);
    buf_drop(&out);
    assert_int_equal(read_job_kind.order(store, 999, &out), ERR_NOT_FOUND);
    buf_drop(&out);
}

static void a_reading_is_committed_whole(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t document = waiting_make(store, 2), page = page_of(store, document, 1);
    struct page_reading reading = reading_make("one two three", 91);
    struct words words;
    struct regions regions;
    regions_add(&reading.regions, (struct box){1, 2, 3, 4}, REGION_FAINT);
    assert_int_equal(give(store, page, &reading), 0);
    assert_row_text(store, "SELECT state || turn || skew || quality || language || trouble || source FROM page WHERE number = 1",
                    "read901.591pol+eng2");
    assert_int_equal(page_words_load(store, page, &words), 0);
    assert_int_equal(words.count, 3);
    assert_int_equal(page_regions_load(store, page, &regions), 0);
    assert_int_equal(regions.count, 1);
    assert_row_text(store, "SELECT notes || state FROM part", "opened");
    assert_row_text(store, "SELECT state FROM document", "reading"); /* page 2 waits */
    assert_int_equal(number(store, "SELECT count(*) FROM job"), 0);
    assert_int_equal(give_text(store, page_of(store, document, 2), "four five", 88), 0);
    assert_row_text(store, "SELECT state FROM document", "filing");
    assert_int_equal(number(store, "SELECT count(*) FROM job WHERE kind IN ('file', 'compare')"), 2);
    words_drop(&words);
    regions_drop(&regions);
}

static void a_page_without_words_is_unreadable(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t page = page_of(store, waiting_make(store, 1), 1);
    assert_int_equal(give_text(store, page, "", 0), 0);
    assert_row_text(store, "SELECT state || defect FROM page", "unreadable"); /* perhaps a photograph: not to be scanned again for that */
}

static void a_poor_reading_goes_to_the_rescan_list(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t document = waiting_make(store, 4);
    run(store, "UPDATE page SET defect = 'cut' WHERE number = 4");
    assert_int_equal(give_text(store, page_of(store, document, 1), "a b c d e", 44), 0);
    assert_int_equal(give_text(store, page_of(store, document, 2), "a b c d e", 45), 0);
    assert_int_equal(give_text(store, page_of(store, document, 3), "a b c d", 10), 0);
    assert_int_equal(give_text(store, page_of(store, document, 4), "a b c d e", 10), 0);
    assert_row_text(store, "SELECT group_concat(defect) FROM (SELECT defect FROM page ORDER BY number)", "hardly readable,,,cut");
}

/* ---- what a hidden layer claims */

#define SEEN "The children stayed with their grandmother until the summer holidays ended"
#define CLAIMED_OTHER "The father paid forty thousand pounds every month for silence and perjury"

static int64_t claimed_left(struct store *store) {
    return number(store, "SELECT count(*) FROM page WHERE sealed_claimed IS NOT NULL");
}

static void a_layer_that_says_something_else_is_told(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t document = waiting_make(store, 2), page = page_of(store, document, 2);
    claim(store, page, CLAIMED_OTHER);
    assert_int_equal(give_text(store, page, SEEN, 60), 0);
    assert_row_text(store, "SELECT notes FROM part",
                    "page 2: the file's hidden text differs from what the page shows (11 of its 12 words are not seen)");
    assert_int_equal(claimed_left(store), 0);
    struct words words;
    assert_int_equal(page_words_load(store, page, &words), 0); /* what is seen counts */
    assert_string_equal(words.list[1].text, "children");
    words_drop(&words);
}

static void a_layer_that_says_the_same_is_not(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t page = page_of(store, waiting_make(store, 1), 1);
    claim(store, page, "The chi1dren stayed with their grandmother until the surnmer holidays ended.");
    assert_int_equal(give_text(store, page, SEEN, 90), 0);
    assert_row_text(store, "SELECT notes FROM part", "");
    assert_int_equal(claimed_left(store), 0);
}

/* What came out poorly says nothing against the layer. The layer stays, so that a better reading can be held against it. */
static void a_poor_reading_is_not_compared(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t page = page_of(store, waiting_make(store, 1), 1);
    claim(store, page, CLAIMED_OTHER);
    assert_int_equal(give_text(store, page, SEEN, 59), 0);
    assert_row_text(store, "SELECT notes FROM part", "");
    assert_int_equal(claimed_left(store), 1);
    assert_int_equal(give_text(store, page, SEEN, 80), 0);
    assert_int_equal(number(store, "SELECT length(notes) > 20 FROM part"), 1);
    assert_int_equal(claimed_left(store), 0);
}

/* A layer that cannot be opened any more is an error, and nothing of the reading stays. */
static void a_damaged_layer_rolls_all_back(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t page = page_of(store, waiting_make(store, 1), 1);
    run(store, "UPDATE page SET sealed_claimed = zeroblob(60)");
    assert_int_equal(give_text(store, page, SEEN, 90), ERR_SEAL);
    assert_row_text(store, "SELECT state FROM page", "waiting");
    assert_int_equal(number(store, "SELECT count(*) FROM page WHERE sealed_words IS NULL"), 1);
}

/* ---- what is no reading */

static void bytes_that_are_no_reading_change_nothing(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t page = page_of(store, waiting_make(store, 1), 1);
    struct job job = {.id = 1, .subject = page, .attempt = 1};
    assert_int_equal(db_begin(store->db), 0);
    assert_int_equal(db_end(store->db, read_job_kind.done(store, &job, view_text("no reading"))), ERR_PROTOCOL);
    assert_row_text(store, "SELECT state FROM page", "waiting");
    assert_int_equal(give_text(store, 999, SEEN, 90), ERR_NOT_FOUND);
}

static void a_page_that_is_given_up_lets_the_others_go_on(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t document = waiting_make(store, 2);
    struct job job = {.id = 1, .subject = page_of(store, document, 1), .attempt = 3};
    assert_int_equal(give_text(store, page_of(store, document, 2), SEEN, 90), 0);
    assert_int_equal(db_begin(store->db), 0);
    assert_int_equal(db_end(store->db, read_job_kind.given_up(store, &job, "took too long")), 0);
    assert_row_text(store, "SELECT state || ': ' || trouble FROM page WHERE number = 1", "unreadable: took too long");
    assert_row_text(store, "SELECT state FROM document", "filing");
}

#define T(f) cmocka_unit_test_setup_teardown(f, place_new, place_drop)
int main(void) {
    const struct CMUnitTest tests[] = {T(the_order_holds_the_picture), T(a_reading_is_committed_whole), T(a_page_without_words_is_unreadable),
                                       T(a_poor_reading_goes_to_the_rescan_list), T(a_layer_that_says_something_else_is_told),
                                       T(a_layer_that_says_the_same_is_not), T(a_poor_reading_is_not_compared), T(a_damaged_layer_rolls_all_back),
                                       T(bytes_that_are_no_reading_change_nothing), T(a_page_that_is_given_up_lets_the_others_go_on)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
