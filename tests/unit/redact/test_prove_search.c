/* What counts as the same text, and what does not. */
#include "redact/prove.h"
#include "redact/prove_search.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static char *withheld[] = {"Karen Hill", "Marek", "07700 900123", "Łukasz Nowak", "Jo"};

static void test_prove_text_holds(void **state) {
    (void)state;
    static const struct {
        const char *text;
        int which;
    } cases[] = {
        {"SAR-2025-0001 Karen Hill.pdf", 0},
        {"karenhill.pdf", 0},
        {"KAREN-HILL", 0},
        {"MrsKarenHill", 0},
        {"a Marek b", 1},
        {"remarek", -1},
        {"marek", -1},
        {"MAREK", 1},
        {"0 7 7 0 0-900.123", 2},
        {"077009001234", 2},
        {"lukasz nowak", 3},
        {"Jo", -1},
        {"", -1},
        {"Ka\xCC\x81ren Hill", 0},
        {"Kar\xC2\xAD"
         "en Hill",
         0},
    };
    struct prove_order order = {.withheld = withheld, .withheld_count = 5};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t which = 99;
        int holds = prove_text_holds(cases[i].text, &order, &which);
        if (holds != (cases[i].which >= 0))
            fail_msg("case %zu", i);
        assert_int_equal(which, cases[i].which >= 0 ? cases[i].which : 99);
    }
    assert_true(prove_text_holds("Marek", &order, NULL));
}

/* A text inside an allowed one is not looked for, but only where it stands there as a word. */
static void test_prove_text_allowed(void **state) {
    (void)state;
    char *texts[] = {"Hill", "Anna"}, *allowed[] = {"Mrs Karen Hill", "Hannah"};
    struct prove_order order = {
        .withheld = texts, .withheld_count = 2, .allowed = allowed, .allowed_count = 2};
    assert_false(prove_text_holds("the Hill family", &order, NULL));
    assert_true(prove_text_holds("with Anna", &order, NULL));
    assert_false(prove_text_holds("with Hannah", &order, NULL));
}

/* Bytes in which a name stands in another encoding, at odd places too. */
static void test_prove_bytes_hold(void **state) {
    (void)state;
    static const struct {
        const char *bytes;
        size_t len, which;
    } cases[] = {
        {"xxK\0a\0r\0e\0n\0 \0H\0i\0l\0l\0", 22, 0},
        {"x\0K\0A\0R\0E\0N\0H\0I\0L\0L", 19, 0},
        {"--\x01\x41\0u\0k\0a\0s\0z\0 \0N\0o\0w\0a\0k", 26, 3},
        {"-\x41\x01u\0k\0a\0s\0z\0 \0N\0o\0w\0a\0k\0", 25, 3},
        {"(07700)\r\n900-123", 16, 2},
    };
    struct prove_order order = {.withheld = withheld, .withheld_count = 5};
    struct needles *needles = needles_new(&order);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint8_t hits[5] = {0};
        if (!needles_search_bytes(needles, view_of(cases[i].bytes, cases[i].len), SEARCH_BINARY, hits))
            fail_msg("case %zu", i);
        assert_int_equal(hits[cases[i].which], 1);
    }
    uint8_t none[5] = {0};
    assert_false(
        needles_search_bytes(needles, view_text("Marek"), SEARCH_BINARY, none)); /* too short in binary */
    assert_true(needles_search_bytes(needles, view_text("Marek"), SEARCH_SHORT, none));
    needles_drop(&needles);
    assert_null(needles);
}

/* A large file is searched in parts: a name over the seam is found. */
static void test_prove_bytes_over_a_seam(void **state) {
    (void)state;
    struct prove_order order = {.withheld = withheld, .withheld_count = 5};
    struct needles *needles = needles_new(&order);
    struct buf bytes = {0};
    memset(buf_room(&bytes, 3u << 20), '.', 3u << 20);
    memcpy(bytes.data + (1u << 20) - 5, "Karen Hill", 10);
    uint8_t hits[5] = {0};
    assert_true(needles_search_bytes(needles, buf_view(&bytes), SEARCH_BINARY, hits));
    assert_int_equal(hits[0], 1);
    buf_drop(&bytes);
    needles_drop(&needles);
}

/* "Karen Hillcrest" in hexadecimal, base64 at each of its places, over line ends, and backwards. */
static void in_other_letters(void **state) {
    static const char *const there[] = {
        "x 4B6172656E2048696C6C6372657374 y", "4b6172656e20486\n96c6c6372657374", "04B6172656E2048696C6C6372657374",
        "S2FyZW4gSGlsbGNyZXN0", "AEthcmVuIEhpbGxjcmVzdA==", "AABLYXJlbiBIaWxsY3Jlc3Q=", "S2FyZW4g\r\nSGlsbGNyZXN0", "Note: tserclliH neraK",
        "AEsAYQByAGUAbgAgAEgAaQBsAGwAYwByAGUAcwB0", /* UTF-16 within base64 */
    };
    static const char *const not_there[] = {"4B6172656E204869", "S2FyZW4gSGls", "internationalisation", "deadbeefdeadbeefdeadbeef", "neraK"};
    char *texts[] = {"Karen Hillcrest"};
    struct prove_order order = {.withheld = texts, .withheld_count = 1};
    struct needles *needles = needles_new(&order);
    (void)state;
    for (size_t i = 0; i < sizeof there / sizeof *there; i++) {
        uint8_t hits[1] = {0};
        if (!needles_search_disguised(needles, view_text(there[i]), hits))
            fail_msg("not found: %s", there[i]);
    }
    for (size_t i = 0; i < sizeof not_there / sizeof *not_there; i++) {
        uint8_t hits[1] = {0};
        assert_false(needles_search_disguised(needles, view_text(not_there[i]), hits));
    }
    needles_drop(&needles);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(in_other_letters),
        cmocka_unit_test(test_prove_text_holds),
        cmocka_unit_test(test_prove_text_allowed),
        cmocka_unit_test(test_prove_bytes_hold),
        cmocka_unit_test(test_prove_bytes_over_a_seam),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
