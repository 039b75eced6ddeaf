/* What channels say of themselves: written when something changed, and not more often than that. */
#include "ingest/channel_rows.h"

#include "base/clock.h"
#include "tests/unit/store_fixture.h"

static int64_t writes(struct store *store) {
    return number(store, "SELECT count(*) FROM written");
}

/* Counts every write of a row. */
static void count_writes(struct store *store) {
    run(store, "CREATE TABLE written(n INTEGER);"
               "CREATE TRIGGER w1 AFTER INSERT ON channel BEGIN INSERT INTO written VALUES(1); END;"
               "CREATE TRIGGER w2 AFTER UPDATE ON channel BEGIN INSERT INTO written VALUES(1); END;");
}

static void age(struct channel_row *row, int64_t ms) {
    row->written_ms -= ms;
}

static void a_row_is_written_when_something_changed(void **state) {
    struct store *store = ((struct place *)*state)->store;
    struct channel channel = {.name = (char *)(uintptr_t) "front", .kind = "scan folder"};
    struct channel_row row = {0};
    struct channel_look look = {.waiting = 3, .left = 1};
    count_writes(store);
    channel_row_note(&row, &look);
    assert_int_equal(channel_row_write(store, &channel, &row), 0);
    assert_row_text(store, "SELECT name || '|' || kind || '|' || waiting || '|' || left_alone || '|' || trouble || '|' || (last_item_at IS NULL) FROM channel",
                    "front|scan folder|3|1||1");
    assert_in_range(number(store, "SELECT seen_at FROM channel"), clock_now() - 5000, clock_now());
    for (int i = 0; i < 10; i++) {
        channel_row_note(&row, &look);
        assert_int_equal(channel_row_write(store, &channel, &row), 0);
    }
    assert_int_equal(writes(store), 1); /* nothing new */
    look.waiting = 2;
    look.taken = 1;
    channel_row_note(&row, &look);
    assert_int_equal(channel_row_write(store, &channel, &row), 0);
    assert_int_equal(writes(store), 1); /* too soon for mere counts */
    age(&row, CHANNEL_ROW_COUNT_MS);
    assert_int_equal(channel_row_write(store, &channel, &row), 0);
    assert_int_equal(writes(store), 2); /* and yet it is not forgotten */
    assert_int_equal(number(store, "SELECT waiting FROM channel"), 2);
    assert_in_range(number(store, "SELECT last_item_at FROM channel"), clock_now() - 5000, clock_now());
}

static void words_are_written_sooner_and_a_quiet_channel_now_and_then(void **state) {
    struct store *store = ((struct place *)*state)->store;
    struct channel channel = {.name = (char *)(uintptr_t) "front", .kind = "scan folder"};
    struct channel_row row = {0};
    struct channel_look look = {0};
    count_writes(store);
    channel_row_note(&row, &look);
    assert_int_equal(channel_row_write(store, &channel, &row), 0);
    channel_row_note_trouble(&row, "its folder is not there");
    age(&row, CHANNEL_ROW_WORDS_MS);
    assert_int_equal(channel_row_write(store, &channel, &row), 0);
    assert_int_equal(writes(store), 2);
    assert_row_text(store, "SELECT trouble FROM channel", "its folder is not there");
    channel_row_note(&row, &look); /* all is well again */
    age(&row, CHANNEL_ROW_WORDS_MS);
    assert_int_equal(channel_row_write(store, &channel, &row), 0);
    assert_row_text(store, "SELECT '[' || trouble || ']' FROM channel", "[]");
    age(&row, CHANNEL_ROW_MS - 2000);
    assert_int_equal(channel_row_write(store, &channel, &row), 0);
    assert_int_equal(writes(store), 3);
    age(&row, 2000);
    assert_int_equal(channel_row_write(store, &channel, &row), 0);
    assert_int_equal(writes(store), 4);
}

static void the_last_item_is_remembered_over_a_restart(void **state) {
    struct store *store = ((struct place *)*state)->store;
    struct channel channel = {.name = (char *)(uintptr_t) "front", .kind = "scan folder"};
    struct channel_row row = {0}, after_restart = {0};
    struct channel_look look = {.taken = 1};
    channel_row_note(&row, &look);
    assert_int_equal(channel_row_write(store, &channel, &row), 0);
    int64_t then = number(store, "SELECT last_item_at FROM channel");
    assert_true(then > 0);
    look.taken = 0;
    channel_row_note(&after_restart, &look);
    assert_int_equal(channel_row_write(store, &channel, &after_restart), 0);
    assert_int_equal(number(store, "SELECT last_item_at FROM channel"), then);
}

static void rows_of_channels_that_have_gone_are_taken_away(void **state) {
    struct store *store = ((struct place *)*state)->store;
    struct channel front = {.name = (char *)(uintptr_t) "front", .kind = "scan folder"}, *channels[] = {&front};
    run(store, "INSERT INTO channel VALUES('front', 'scan folder', 1, NULL, 0, 0, ''), ('old', 'maildir', 1, NULL, 0, 0, ''), ('older', 'imap', 1, NULL, 0, 0, '')");
    assert_int_equal(channel_rows_keep(store, channels, 1), 0);
    assert_row_text(store, "SELECT group_concat(name) FROM channel", "front");
}

static void a_store_that_refuses_is_not_asked_all_the_time(void **state) {
    struct store *store = ((struct place *)*state)->store;
    struct channel channel = {.name = (char *)(uintptr_t) "front", .kind = "scan folder"};
    struct channel_row row = {0};
    struct channel_look look = {.waiting = 1};
    run(store, "CREATE TRIGGER refuse BEFORE INSERT ON channel BEGIN SELECT RAISE(FAIL, 'no'); END");
    channel_row_note(&row, &look);
    assert_true(channel_row_write(store, &channel, &row) < 0);
    assert_int_equal(channel_row_write(store, &channel, &row), 0); /* not due */
    run(store, "DROP TRIGGER refuse");
    age(&row, CHANNEL_ROW_MS);
    assert_int_equal(channel_row_write(store, &channel, &row), 0);
    assert_int_equal(number(store, "SELECT waiting FROM channel"), 1);
}

#define T(f) cmocka_unit_test_setup_teardown(f, place_new, place_drop)
int main(void) {
    const struct CMUnitTest tests[] = {
        T(a_row_is_written_when_something_changed), T(words_are_written_sooner_and_a_quiet_channel_now_and_then),
        T(the_last_item_is_remembered_over_a_restart), T(rows_of_channels_that_have_gone_are_taken_away),
        T(a_store_that_refuses_is_not_asked_all_the_time)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
