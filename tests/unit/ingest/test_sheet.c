/* Payloads of sheets: what is printed reads back; a changed one is not believed; anything else is a plain separator. */
#include "ingest/sheet.h"
#include "tests/unit/store_fixture.h"

static struct sheet read_back(void **state, const char *payload) {
    struct sheet sheet;
    memset(&sheet, 0x55, sizeof sheet);
    sheet_read(((struct place *)*state)->store, payload, &sheet);
    return sheet;
}

static void payload_of(void **state, const struct sheet *sheet, char out[SHEET_PAYLOAD_MOST]) {
    sheet_payload(((struct place *)*state)->store, sheet, out);
}

static void a_separator_says_nothing(void **state) {
    char payload[SHEET_PAYLOAD_MOST];
    payload_of(state, &(struct sheet){.kind = SHEET_SEPARATOR}, payload);
    assert_string_equal(payload, "CF1-S");
    struct sheet sheet = read_back(state, payload);
    assert_int_equal(sheet.kind, SHEET_SEPARATOR);
    assert_true(sheet.believed);
    assert_string_equal(sheet.council_id, "");
}

static void a_cover_sheet_reads_back(void **state) {
    char payload[SHEET_PAYLOAD_MOST];
    payload_of(state, &(struct sheet){.kind = SHEET_COVER, .council_id = "20177342"}, payload);
    assert_memory_equal(payload, "CF1-C-20177342-", 15);
    assert_int_equal(strlen(payload), 15 + 8);
    struct sheet sheet = read_back(state, payload);
    assert_int_equal(sheet.kind, SHEET_COVER);
    assert_true(sheet.believed);
    assert_string_equal(sheet.council_id, "20177342");
    assert_string_equal(sheet.document_kind, "");
}

static void a_kind_is_part_of_it(void **state) {
    char payload[SHEET_PAYLOAD_MOST];
    payload_of(state, &(struct sheet){.kind = SHEET_COVER, .council_id = "7654321", .document_kind = "visit_record"}, payload);
    assert_non_null(strstr(payload, "CF1-C-7654321-Kvisit_record-"));
    struct sheet sheet = read_back(state, payload);
    assert_true(sheet.believed);
    assert_string_equal(sheet.document_kind, "visit_record");
}

static void a_header_reads_back(void **state) {
    char payload[SHEET_PAYLOAD_MOST];
    payload_of(state, &(struct sheet){.kind = SHEET_BATCH, .batch = 4711}, payload);
    assert_memory_equal(payload, "CF1-B-4711-", 11);
    struct sheet sheet = read_back(state, payload);
    assert_int_equal(sheet.kind, SHEET_BATCH);
    assert_int_equal(sheet.batch, 4711);
    assert_true(sheet.believed);
}

/* Every changed character takes the belief away, or makes it another kind of sheet. */
static void a_changed_one_is_not_believed(void **state) {
    char payload[SHEET_PAYLOAD_MOST];
    payload_of(state, &(struct sheet){.kind = SHEET_COVER, .council_id = "20177342", .document_kind = "lac_review"}, payload);
    for (size_t i = 0; payload[i]; i++) {
        char was = payload[i];
        for (int c = '!'; c <= '~'; c++) {
            payload[i] = (char)c;
            struct sheet sheet = read_back(state, payload);
            assert_int_equal(sheet.kind == SHEET_COVER && sheet.believed, c == was);
        }
        payload[i] = was;
    }
}

static void another_store_is_not_believed(void **state) {
    struct place *place = *state;
    char payload[SHEET_PAYLOAD_MOST];
    payload_of(state, &(struct sheet){.kind = SHEET_BATCH, .batch = 1}, payload);
    place->store->master[0] ^= 1;
    struct sheet sheet = read_back(state, payload);
    place->store->master[0] ^= 1;
    assert_int_equal(sheet.kind, SHEET_BATCH);
    assert_int_equal(sheet.batch, 1);
    assert_false(sheet.believed);
}

static void tags_are_typable(void **state) {
    for (int64_t n = 1; n <= 200; n++) {
        char payload[SHEET_PAYLOAD_MOST];
        payload_of(state, &(struct sheet){.kind = SHEET_BATCH, .batch = n}, payload);
        const char *tag = strrchr(payload, '-') + 1;
        assert_int_equal(strlen(tag), 8);
        assert_int_equal(strspn(tag, "0123456789ABCDEFGHJKMNPQRSTVWXYZ"), 8);
    }
}

static void anything_else_is_a_plain_separator(void **state) {
    static const char *const others[] = {
        "", "SEP*01*02", "PATCH-T", "CF1-", "CF1-C", "CF1-C-", "CF1-C-12345678", "CF1-C--ABCDEFGH", "CF1-C-12345678-Xvisit-ABCDEFGH",
        "CF1-C-12345678-K-ABCDEFGH", "CF1-C-12345678-KVisit-ABCDEFGH", "CF1-C-1234567890123456-ABCDEFGH", "CF1-C-12/45678-ABCDEFGH",
        "CF1-B-0-ABCDEFGH", "CF1-B-012-ABCDEFGH", "CF1-B--ABCDEFGH", "CF1-B-12-34-ABCDEFGH", "CF1-B-9999999999999-ABCDEFGH", "CF1-B-1x-ABCDEFGH",
        "CF1-Q-1-ABCDEFGH", "CF1-CC-12345678-ABCDEFGH", "cf1-S", "CF2-C-12345678-ABCDEFGH", "CF1-C-12345678-Kk-ABCDEFGH-more", "CF1-C-1234\xC3\xA9-ABCDEFGH"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        struct sheet sheet = read_back(state, others[i]);
        assert_int_equal(sheet.kind, SHEET_SEPARATOR);
        assert_string_equal(sheet.council_id, "");
        assert_int_equal(sheet.batch, 0);
        assert_false(sheet.believed);
    }
}

static void the_longest_fits(void **state) {
    char payload[SHEET_PAYLOAD_MOST];
    struct sheet longest = {.kind = SHEET_COVER};
    memset(longest.council_id, '7', sizeof longest.council_id - 1);
    memset(longest.document_kind, 'k', sizeof longest.document_kind - 1);
    payload_of(state, &longest, payload);
    struct sheet sheet = read_back(state, payload);
    assert_true(sheet.believed);
    assert_string_equal(sheet.council_id, longest.council_id);
    assert_string_equal(sheet.document_kind, longest.document_kind);
    char endless[4096];
    memset(endless, '9', sizeof endless);
    memcpy(endless, "CF1-C-", 6);
    endless[sizeof endless - 1] = 0;
    assert_int_equal(read_back(state, endless).kind, SHEET_SEPARATOR);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_separator_says_nothing),
        cmocka_unit_test(a_cover_sheet_reads_back),
        cmocka_unit_test(a_kind_is_part_of_it),
        cmocka_unit_test(a_header_reads_back),
        cmocka_unit_test(a_changed_one_is_not_believed),
        cmocka_unit_test(another_store_is_not_believed),
        cmocka_unit_test(tags_are_typable),
        cmocka_unit_test(anything_else_is_a_plain_separator),
        cmocka_unit_test(the_longest_fits),
    };
    return cmocka_run_group_tests(tests, place_new, place_drop);
}
