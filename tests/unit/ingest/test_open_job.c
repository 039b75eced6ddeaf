/* Opening, on the broker's side: what a helper tells becomes pages, documents and further parts; a second attempt gives
 * the same rows; pages that are missing are told. */
#include "ingest/open_job.h"
#include "ingest/open_order.h"
#include "ingest/open_record.h"
#include "ingest/receive.h"
#include "store/page_rows.h"
#include "tests/unit/store_fixture.h"

static int64_t received(struct store *store) {
    struct receive_order order = {.channel = "command", .name = "batch.tif", .who = "machine", .bytes = view_text("II*")};
    struct receipt receipt;
    assert_int_equal(receive(store, &order, &receipt), 0);
    return receipt.part_id;
}

static struct open_record page_record(uint32_t n, enum page_role role) {
    return (struct open_record){.type = OPEN_PAGE,
                                .page = {.number = n, .width_pt = 595, .height_pt = 842, .role = role,
                                         .payload = role == PAGE_SEPARATOR ? "SEP*9" : "", .trouble = "",
                                         .picture = {PICTURE_PNG, view_text("a picture"), 200, 90}}};
}

/* As the broker gives it: in a transaction; rolled back on error. */
static int give(struct store *store, int64_t part, const struct open_record *record) {
    struct job job = {.id = 1, .subject = part, .attempt = 1};
    struct buf bytes = {0};
    open_record_encode(record, &bytes);
    assert_int_equal(db_begin(store->db), 0);
    int err = db_end(store->db, open_job_kind.result(store, &job, buf_view(&bytes)));
    buf_drop(&bytes);
    return err;
}

static int done(struct store *store, int64_t part) {
    struct job job = {.id = 1, .subject = part, .attempt = 1};
    assert_int_equal(db_begin(store->db), 0);
    return db_end(store->db, open_job_kind.done(store, &job, (struct view){0}));
}

static int give_count(struct store *store, int64_t part, uint32_t count) {
    return give(store, part, &(struct open_record){.type = OPEN_COUNT, .count = count});
}

/* One letter for each page: p page, b blank, s separator. */
static int64_t opened(struct store *store, const char *roles) {
    int64_t part = received(store);
    assert_int_equal(give_count(store, part, (uint32_t)strlen(roles)), 0);
    for (uint32_t i = 0; roles[i]; i++) {
        struct open_record record = page_record(i + 1, roles[i] == 's' ? PAGE_SEPARATOR : roles[i] == 'b' ? PAGE_BLANK : PAGE_TEXT);
        assert_int_equal(give(store, part, &record), 0);
    }
    assert_int_equal(done(store, part), 0);
    return part;
}

static void assert_cut(void **state, const char *roles, const char *wanted) {
    struct store *store = ((struct place *)*state)->store;
    opened(store, roles);
    /* "1-3: 1 3" is a document from page 1 to 3 that pages 1 and 3 are in. */
    assert_row_text(store,
                    "SELECT ifnull(group_concat(t, ', '), '') FROM (SELECT d.first_page || '-' || d.last_page || ':' || (SELECT"
                    " group_concat(n, ' ') FROM (SELECT number AS n FROM page WHERE document_id = d.id ORDER BY number)) AS t"
                    " FROM document d ORDER BY d.ordinal)", wanted);
    assert_row_text(store, "SELECT state FROM part", "opened");
}

static void one_document(void **state) { assert_cut(state, "ppp", "1-3:1 2 3"); }
static void separators_cut(void **state) { assert_cut(state, "ppspsppp", "1-2:1 2, 4-4:4, 6-8:6 7 8"); }
static void blanks_stay_out(void **state) { assert_cut(state, "pbpbsbpb", "1-3:1 3, 7-7:7"); }
static void separators_at_both_ends(void **state) { assert_cut(state, "sspss", "3-3:3"); }
static void blank_pages_alone_are_no_document(void **state) { assert_cut(state, "bb", ""); }
static void nothing_between_separators(void **state) { assert_cut(state, "psbsp", "1-1:1, 5-5:5"); }

static void pages_keep_what_was_said(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t part = opened(store, "ps");
    struct buf out = {0};
    struct page_row row;
    int64_t page = number(store, "SELECT id FROM page WHERE number = 1");
    assert_int_equal(page_row_load(store, page, &row), 0);
    assert_int_equal(row.part_id, part);
    assert_int_equal(row.format, PICTURE_PNG);
    assert_int_equal(row.picture_turn, 90);
    assert_true(row.dpi == 200 && row.width_pt == 595 && row.height_pt == 842);
    assert_int_equal(row.read, 0);
    assert_int_equal(page_picture_open(store, row.picture_id, &out), 0);
    assert_string_equal(buf_text(&out), "a picture");
    assert_row_text(store, "SELECT payload || ' ' || state FROM page WHERE number = 2", "SEP*9 read");
    assert_int_equal(number(store, "SELECT count(*) FROM job WHERE kind = 'read'"), 1); /* the sheet is not read */
    assert_row_text(store, "SELECT state FROM document", "reading");
    buf_drop(&out);
}

/* A mail that was laid out, or a text layer: the words come with the page, and the document goes on at once. */
static void pages_with_words_need_no_reading(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t part = received(store);
    struct open_record record = page_record(1, PAGE_TEXT);
    struct words words;
    record.page.source = WORDS_LAID_OUT;
    record.page.words = words_make("Dear Zoë");
    assert_int_equal(give(store, part, &record), 0);
    words_drop(&record.page.words);
    assert_int_equal(done(store, part), 0);
    assert_int_equal(number(store, "SELECT count(*) FROM job WHERE kind = 'read'"), 0);
    assert_int_equal(number(store, "SELECT count(*) FROM job WHERE kind = 'file'"), 1);
    assert_row_text(store, "SELECT state || ' ' || quality FROM page", "read 100");
    assert_int_equal(page_words_load(store, number(store, "SELECT id FROM page"), &words), 0);
    assert_int_equal(words.count, 2);
    assert_string_equal(words.list[1].text, "Zoë");
    words_drop(&words);
}

static void a_page_that_cannot_be_shown_is_a_state(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t part = received(store);
    struct open_record good = page_record(1, PAGE_TEXT), bad = page_record(2, PAGE_TEXT), odd = page_record(3, PAGE_TEXT);
    bad.page.picture = (struct picture){0};
    bad.page.trouble = "this page is damaged";
    odd.page.picture = (struct picture){0}; /* words that nobody could check against anything */
    odd.page.source = WORDS_LAYER;
    odd.page.words = words_make("unseen");
    assert_int_equal(give(store, part, &good), 0);
    assert_int_equal(give(store, part, &bad), 0);
    assert_int_equal(give(store, part, &odd), 0);
    words_drop(&odd.page.words);
    assert_int_equal(done(store, part), 0);
    assert_row_text(store, "SELECT state || ': ' || trouble FROM page WHERE number = 2", "unreadable: this page is damaged");
    assert_row_text(store, "SELECT state FROM page WHERE number = 3", "unreadable");
    assert_int_equal(number(store, "SELECT count(*) FROM page WHERE document_id = 1"), 3);
    assert_int_equal(number(store, "SELECT count(*) FROM job WHERE kind = 'read'"), 1);
}

static void a_second_attempt_gives_the_same_rows(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t part = received(store);
    for (int attempt = 0; attempt < 2; attempt++) {
        assert_int_equal(give(store, part, &(struct open_record){.type = OPEN_KIND, .kind = (char[]){"tiff"}, .description = (char[]){"TIFF image data"}}), 0);
        assert_int_equal(give_count(store, part, 2), 0);
        for (uint32_t n = 1; n <= 2; n++) {
            struct open_record record = page_record(n, PAGE_TEXT);
            assert_int_equal(give(store, part, &record), 0);
        }
        if (attempt == 0)
            assert_int_equal(number(store, "SELECT count(*) FROM document"), 0); /* killed before it was done */
    }
    assert_int_equal(done(store, part), 0);
    assert_int_equal(done(store, part), 0);
    assert_int_equal(number(store, "SELECT count(*) FROM page"), 2);
    assert_int_equal(number(store, "SELECT count(*) FROM object WHERE kind = 'picture'"), 2);
    assert_int_equal(number(store, "SELECT count(*) FROM document"), 1);
    assert_int_equal(number(store, "SELECT count(*) FROM job WHERE kind = 'read'"), 2);
    assert_row_text(store, "SELECT kind || ' ' || page_count FROM part", "tiff 2");
}

static void pages_that_did_not_come_are_told(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t part = received(store);
    struct open_record first = page_record(1, PAGE_TEXT), second = page_record(2, PAGE_TEXT);
    assert_int_equal(give_count(store, part, 2), 0);
    assert_int_equal(give(store, part, &first), 0);
    assert_int_equal(done(store, part), ERR_PROTOCOL);
    assert_int_equal(number(store, "SELECT count(*) FROM document"), 0);
    assert_int_equal(give(store, part, &second), 0);
    assert_int_equal(done(store, part), 0);
}

static struct buf order_bytes;

/* The order of a part, decoded; it borrows its bytes until the next. */
static struct open_order order_of(struct store *store, int64_t part) {
    struct open_order order;
    buf_reset(&order_bytes);
    assert_int_equal(open_job_kind.order(store, part, &order_bytes), 0);
    assert_int_equal(open_order_decode(buf_view(&order_bytes), &order), 0);
    return order;
}

static int failed_at(struct store *store, int64_t part, uint32_t page) {
    struct job job = {.id = 1, .subject = part, .attempt = 1};
    int again = -1;
    assert_int_equal(open_job_kind.failed_at(store, &job, page, "it took longer than the limit", &again), 0);
    return again;
}

/* A page that ends the helper is tried once more, then left out; pages that are there are not asked for again. */
static void a_page_that_hangs_is_left_out(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t part = received(store);
    struct open_record record = page_record(1, PAGE_TEXT);
    assert_int_equal(give(store, part, &record), 0);
    assert_int_equal(failed_at(store, part, 2), 1);
    struct open_order order = order_of(store, part);
    assert_int_equal(order.first, 2);
    assert_int_equal(order.skip_count, 0);
    open_order_drop(&order);
    assert_int_equal(failed_at(store, part, 2), 1);
    order = order_of(store, part);
    assert_int_equal(order.skip_count, 1);
    assert_true(open_order_skips(&order, 2) && !open_order_skips(&order, 1));
    open_order_drop(&order);
    int again = 1;
    for (uint32_t page = 3; page <= 40 && again; page++)
        for (int i = 0; i < 2; i++)
            again = failed_at(store, part, page);
    assert_int_equal(again, 0); /* too many: the rest is a person's */
    assert_int_equal(number(store, "SELECT sum(failures) FROM page_trouble"), 42);
    run(store, "DELETE FROM page_trouble");
    for (uint32_t page = 1; page <= 40; page++) /* a captured helper names another page each time: that ends too */
        assert_int_equal(failed_at(store, part, page * 1000), 1);
    assert_int_equal(failed_at(store, part, 7), 0);
}

/* None of its pages can be shown: the whole is quarantined, for the reason of the first. */
static void a_part_without_a_page_to_show_is_quarantined(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t part = received(store);
    for (uint32_t n = 1; n <= 2; n++) {
        struct open_record bad = page_record(n, PAGE_TEXT);
        bad.page.picture = (struct picture){0};
        bad.page.trouble = n == 1 ? "the page is too large" : "another thing";
        assert_int_equal(give(store, part, &bad), 0);
    }
    assert_int_equal(done(store, part), 0);
    assert_row_text(store, "SELECT state || ': ' || reason FROM part", "quarantined: the page is too large");
    assert_int_equal(number(store, "SELECT count(*) FROM document"), 0);
    assert_row_text(store, "SELECT defect FROM page WHERE number = 2", "cannot be shown");
}

static void notes_are_kept_once(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t part = received(store);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(give(store, part, &(struct open_record){.type = OPEN_NOTE, .description = (char[]){"JavaScript in it was not run"}}), 0);
        assert_int_equal(give(store, part, &(struct open_record){.type = OPEN_NOTE, .description = (char[]){"Java"}}), 0);
    }
    assert_row_text(store, "SELECT notes FROM part", "JavaScript in it was not run; Java");
    assert_int_equal(give(store, part, &(struct open_record){.type = OPEN_SCANNED, .kind = (char[]){"clean"}}), 0);
    assert_row_text(store, "SELECT scanned FROM part", "clean");
}

static void a_logo_is_kept_aside(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t part = received(store);
    assert_int_equal(give(store, part, &(struct open_record){.type = OPEN_ASIDE, .description = (char[]){"a logo"}}), 0);
    assert_int_equal(done(store, part), 0);
    assert_row_text(store, "SELECT state || ': ' || reason FROM part", "aside: a logo");
}

/* An office file waits for the office program; what comes is a part of it. */
static void office_files_are_converted(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t part = received(store);
    struct job job = {.id = 2, .subject = part, .attempt = 1};
    assert_int_equal(give(store, part, &(struct open_record){.type = OPEN_CONVERT, .kind = (char[]){"docx"}}), 0);
    assert_int_equal(done(store, part), 0);
    assert_row_text(store, "SELECT state || ' ' || kind FROM part", "waiting docx");
    buf_reset(&order_bytes);
    struct open_order order;
    assert_int_equal(convert_job_kind.order(store, part, &order_bytes), 0);
    assert_int_equal(open_order_decode(buf_view(&order_bytes), &order), 0);
    assert_string_equal(order.name, "docx");
    assert_int_equal(order.bytes.len, 3);
    open_order_drop(&order);
    struct open_record pdf = {.type = OPEN_PART, .ordinal = 1, .name = (char[]){"converted.pdf"}, .kind = (char[]){"application/pdf"},
                              .attached = (char[]){"rendition"}, .bytes = view_text("%PDF")};
    struct buf bytes = {0};
    assert_int_equal(convert_job_kind.done(store, &job, buf_view(&bytes)), ERR_PROTOCOL); /* nothing came */
    open_record_encode(&pdf, &bytes);
    assert_int_equal(db_begin(store->db), 0);
    assert_int_equal(db_end(store->db, convert_job_kind.done(store, &job, buf_view(&bytes))), 0);
    buf_drop(&bytes);
    assert_row_text(store, "SELECT group_concat(state || ' ' || attached, ', ') FROM (SELECT * FROM part ORDER BY id)", "opened , waiting rendition");
}

/* What was opened before the trouble goes on; the rest is told. */
static void pages_before_the_trouble_go_on(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t part = received(store);
    struct job job = {.id = 1, .subject = part, .attempt = 3};
    struct open_record record = page_record(1, PAGE_TEXT);
    assert_int_equal(give_count(store, part, 6), 0);
    assert_int_equal(give(store, part, &record), 0);
    assert_int_equal(open_job_kind.given_up(store, &job, "the data is damaged"), 0);
    assert_row_text(store, "SELECT state FROM part", "quarantined");
    assert_int_equal(number(store, "SELECT count(*) FROM document WHERE first_page = 1 AND last_page = 1"), 1);
}

/* Opened in part, given up, tried again: the pages that come then belong to the last document, until a separator. */
static void pages_of_a_later_attempt_go_on(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t part = received(store);
    struct job job = {.id = 1, .subject = part, .attempt = 3};
    struct open_record first = page_record(1, PAGE_TEXT), second = page_record(2, PAGE_TEXT), sheet = page_record(3, PAGE_SEPARATOR),
                       last = page_record(4, PAGE_TEXT);
    assert_int_equal(give_count(store, part, 4), 0);
    assert_int_equal(give(store, part, &first), 0);
    assert_int_equal(open_job_kind.given_up(store, &job, "the data is damaged"), 0);
    run(store, "UPDATE page SET state = 'read'; UPDATE document SET state = 'ready'; UPDATE part SET state = 'waiting', reason = ''");
    assert_int_equal(give(store, part, &second), 0);
    assert_int_equal(give(store, part, &sheet), 0);
    assert_int_equal(give(store, part, &last), 0);
    assert_int_equal(done(store, part), 0);
    assert_row_text(store, "SELECT group_concat(first_page || '-' || last_page || ' ' || ordinal || ' ' || state, ', ') FROM document",
                    "1-2 1 reading, 4-4 2 reading");
    assert_row_text(store, "SELECT group_concat(number || ':' || ifnull(document_id, '-'), ' ') FROM page", "1:1 2:1 3:- 4:2");
    assert_row_text(store, "SELECT state FROM part", "opened");
    assert_int_equal(done(store, part), 0); /* nothing more to do */
    assert_int_equal(number(store, "SELECT count(*) FROM document"), 2);
}

/* A child's cover sheet names the child: its code is sealed. */
static void the_code_of_a_cover_sheet_is_sealed(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t part = received(store);
    struct open_record record = page_record(1, PAGE_SEPARATOR);
    record.page.payload = "CF1-C-11559573-ABCDEFGH";
    assert_int_equal(give(store, part, &record), 0);
    assert_row_text(store, "SELECT payload FROM page", "");
    assert_int_equal(number(store, "SELECT length(sealed_payload) > 23 AND instr(sealed_payload, '11559573') = 0 FROM page"), 1);
}

static void attachments_become_parts(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t mail = received(store);
    struct open_record part = {.type = OPEN_PART, .ordinal = 1, .name = (char[]){"form.pdf"}, .kind = (char[]){"application/pdf"},
                               .attached = (char[]){"inline"}, .bytes = view_text("%PDF")};
    char *name = NULL;
    assert_int_equal(give(store, mail, &part), 0);
    assert_int_equal(give(store, mail, &part), 0);
    assert_int_equal(number(store, "SELECT count(*) FROM part WHERE parent_id = 1"), 1);
    assert_int_equal(part_name_load(store, 2, &name), 0);
    assert_string_equal(name, "form.pdf");
    assert_int_equal(number(store, "SELECT count(*) FROM job WHERE kind = 'open' AND subject = 2"), 1);
    assert_row_text(store, "SELECT attached FROM part WHERE id = 2", "inline");
    struct open_order order = order_of(store, 2);
    assert_string_equal(order.name, "form.pdf");
    assert_string_equal(order.attached, "inline");
    assert_int_equal(order.depth, 1);
    assert_int_equal(order.is_scan, 0); /* in a mail a bar code is only a bar code */
    open_order_drop(&order);
    free(name);
}

static void the_last_piece_may_come_with_the_end(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t part = received(store);
    struct open_record record = page_record(1, PAGE_TEXT);
    struct job job = {.id = 1, .subject = part, .attempt = 1};
    struct buf bytes = {0};
    open_record_encode(&record, &bytes);
    assert_int_equal(db_begin(store->db), 0);
    assert_int_equal(db_end(store->db, open_job_kind.done(store, &job, buf_view(&bytes))), 0);
    assert_int_equal(number(store, "SELECT count(*) FROM page WHERE document_id = 1"), 1);
    buf_drop(&bytes);
}

static void orders_and_giving_up(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t part = received(store);
    struct buf out = {0};
    struct job job = {.id = 1, .subject = part, .attempt = 3};
    struct open_record record = page_record(1, PAGE_TEXT);
    struct open_order order = order_of(store, part);
    assert_int_equal(order.bytes.len, 3);
    assert_memory_equal(order.bytes.data, "II*", 3);
    assert_string_equal(order.name, "batch.tif");
    assert_true(order.is_scan == 1 && order.depth == 0 && order.first == 1 && !order.as_picture && !*order.password);
    open_order_drop(&order);
    assert_int_equal(open_job_kind.order(store, 999, &out), ERR_NOT_FOUND);
    assert_int_equal(give(store, part, &record), 0);
    assert_int_equal(open_job_kind.given_up(store, &job, "the helper ended unexpectedly"), 0);
    assert_row_text(store, "SELECT state || ': ' || reason FROM part", "quarantined: the helper ended unexpectedly");
    assert_int_equal(number(store, "SELECT count(*) FROM page"), 1);
    buf_reset(&out);
    assert_int_equal(original_open(store, number(store, "SELECT object_id FROM part"), &out), 0); /* the original is kept */
    buf_drop(&out);
}

static void a_page_that_is_refused_leaves_nothing(void **state) {
    static const char *const tables[] = {"object", "object_key", "page", "job"};
    struct store *store = ((struct place *)*state)->store;
    int64_t part = received(store);
    struct open_record record = page_record(1, PAGE_TEXT);
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        char sql[160];
        snprintf(sql, sizeof sql, "CREATE TRIGGER refuse BEFORE INSERT ON %s BEGIN SELECT RAISE(FAIL, 'no'); END", tables[i]);
        run(store, sql);
        assert_true(give(store, part, &record) < 0);
        run(store, "DROP TRIGGER refuse");
        assert_int_equal(number(store, "SELECT count(*) FROM page"), 0);
        assert_int_equal(number(store, "SELECT count(*) FROM object WHERE kind = 'picture'"), 0);
    }
    assert_int_equal(give(store, part, &record), 0);
    assert_int_equal(number(store, "SELECT count(*) FROM page"), 1);
}

static void rubbish_is_refused(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t part = received(store);
    struct job job = {.id = 1, .subject = part, .attempt = 1};
    struct open_record good = page_record(1, PAGE_TEXT);
    struct buf bytes = {0};
    open_record_encode(&good, &bytes);
    for (size_t len = 0; len < bytes.len; len++)
        assert_int_equal(open_job_kind.result(store, &job, view_of(bytes.data, len)), ERR_PROTOCOL);
    buf_drop(&bytes);
    struct open_record wrong[6];
    for (int i = 0; i < 6; i++)
        wrong[i] = page_record(1, PAGE_TEXT);
    wrong[0].page.number = 0;
    wrong[1].page.picture.turn = 45;
    wrong[2].page.picture.turn = 360;
    wrong[3].page.width_pt = -1;
    wrong[4].page.role = (enum page_role)9;
    wrong[5].page.picture.dpi = -200;
    for (int i = 0; i < 6; i++)
        assert_int_equal(give(store, part, &wrong[i]), ERR_PROTOCOL);
    assert_int_equal(number(store, "SELECT count(*) FROM page"), 0);
}

#define T(f) cmocka_unit_test_setup_teardown(f, place_new, place_drop)
static int drop_order(void **state) {
    (void)state;
    buf_drop(&order_bytes);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        T(one_document), T(a_page_that_hangs_is_left_out), T(a_part_without_a_page_to_show_is_quarantined), T(notes_are_kept_once),
        T(a_logo_is_kept_aside), T(office_files_are_converted), T(pages_before_the_trouble_go_on), T(pages_of_a_later_attempt_go_on), T(the_code_of_a_cover_sheet_is_sealed), T(separators_cut), T(blanks_stay_out), T(separators_at_both_ends), T(blank_pages_alone_are_no_document),
        T(nothing_between_separators), T(pages_keep_what_was_said), T(pages_with_words_need_no_reading),
        T(a_page_that_cannot_be_shown_is_a_state), T(a_second_attempt_gives_the_same_rows), T(pages_that_did_not_come_are_told),
        T(attachments_become_parts), T(the_last_piece_may_come_with_the_end), T(orders_and_giving_up),
        T(a_page_that_is_refused_leaves_nothing), T(rubbish_is_refused)};
    return cmocka_run_group_tests(tests, NULL, drop_order);
}
