#include "base/err.h"
#include "base/mem.h"
#include "store/covered.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void page_make(struct covered_page *page) {
    *page = (struct covered_page){COVERED_JPEG_GREY, 1654, 2339, 595.28f, 841.89f, {0}, {0}, NULL, 0};
    buf_add(&page->bytes, "\xFF\xD8 picture \0 bytes", 19);
    words_add(&page->words, (struct box){10, 20, 30, 40}, 0, 0, 91, "Siân");
    words_add(&page->words, (struct box){35, 20, 50, 40}, 0, 0, 80, "went");
    page->covered_count = 2;
    page->covered = mem_grow(NULL, 2, sizeof *page->covered);
    page->covered[0] = (struct box){1, 2, 13, 14};
    page->covered[1] = (struct box){100.5f, 200.25f, 124.5f, 212.25f};
}

static void test_covered_page_comes_back(void **state) {
    (void)state;
    struct covered_page page, back;
    struct buf bytes = {0};
    page_make(&page);
    covered_page_encode(&page, &bytes);
    assert_int_equal(covered_page_decode(buf_view(&bytes), &back), 0);
    assert_int_equal(back.format, COVERED_JPEG_GREY);
    assert_int_equal(back.width_px, 1654);
    assert_int_equal(back.height_px, 2339);
    assert_true(back.width_pt == 595.28f && back.height_pt == 841.89f);
    assert_true(view_equal(buf_view(&back.bytes), buf_view(&page.bytes)));
    assert_int_equal(back.words.count, 2);
    assert_string_equal(back.words.list[0].text, "Siân");
    assert_int_equal(back.covered_count, 2);
    assert_memory_equal(back.covered, page.covered, 2 * sizeof(struct box));
    covered_page_drop(&page);
    covered_page_drop(&back);
    assert_null(back.covered);
    buf_drop(&bytes);
}

static void test_covered_page_cut_short_is_refused(void **state) {
    (void)state;
    struct covered_page page, back;
    struct buf bytes = {0};
    page_make(&page);
    covered_page_encode(&page, &bytes);
    for (size_t len = 0; len < bytes.len; len++)
        assert_int_equal(covered_page_decode(view_of(bytes.data, len), &back), ERR_PROTOCOL);
    buf_add_byte(&bytes, 0);
    assert_int_equal(covered_page_decode(buf_view(&bytes), &back), ERR_PROTOCOL);
    covered_page_drop(&page);
    buf_drop(&bytes);
}

static void page_refused(const struct covered_page *page) {
    struct covered_page back;
    struct buf bytes = {0};
    covered_page_encode(page, &bytes);
    assert_int_equal(covered_page_decode(buf_view(&bytes), &back), ERR_PROTOCOL);
    buf_drop(&bytes);
}

static void test_covered_page_with_wrong_values_is_refused(void **state) {
    (void)state;
    struct covered_page page;
    page_make(&page);
    page.format = (enum covered_format)3;
    page_refused(&page);
    page.format = COVERED_G4;
    page.width_px = 0;
    page_refused(&page);
    page.width_px = 4000000000u;
    page_refused(&page);
    page.width_px = 100;
    page.height_pt = -1;
    page_refused(&page);
    page.height_pt = 800;
    page.covered[1].x1 = 0; /* left of x0 */
    page_refused(&page);
    covered_page_drop(&page);
}

static void test_findings_come_back(void **state) {
    (void)state;
    struct findings findings = {0}, back;
    struct buf bytes = {0};
    findings_add(&findings, 3, (struct box){1, 2, 3, 4}, "structure", "unknown construct: /Annots");
    findings_add(&findings, 0, (struct box){0, 0, 0, 0}, "bytes", "withheld text 2 can be read");
    findings_encode(&findings, &bytes);
    assert_int_equal(findings_decode(buf_view(&bytes), &back), 0);
    assert_int_equal(back.count, 2);
    assert_int_equal(back.list[0].page, 3);
    assert_string_equal(back.list[0].check, "structure");
    assert_string_equal(back.list[1].what, "withheld text 2 can be read");
    assert_true(back.list[0].box.x1 == 3);
    findings_drop(&back);
    for (size_t len = 0; len < bytes.len; len++)
        assert_int_equal(findings_decode(view_of(bytes.data, len), &back), ERR_PROTOCOL);
    findings_drop(&findings);
    buf_drop(&bytes);
}

/* A count that the bytes cannot hold must not be believed. */
static void test_findings_count_is_checked(void **state) {
    (void)state;
    struct findings back;
    assert_int_equal(findings_decode(view_of("\xFF\xFF\xFF\xFF", 4), &back), ERR_PROTOCOL);
    assert_int_equal(findings_decode(view_of("\0\0\0\0", 4), &back), 0);
    assert_int_equal(back.count, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_covered_page_comes_back),
        cmocka_unit_test(test_covered_page_cut_short_is_refused),
        cmocka_unit_test(test_covered_page_with_wrong_values_is_refused),
        cmocka_unit_test(test_findings_come_back),
        cmocka_unit_test(test_findings_count_is_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
