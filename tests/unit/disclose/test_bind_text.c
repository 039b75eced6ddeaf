/* The words behind a covered page: none lies in a covered area, wherever its line puts it. */
#include "disclose/bind_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Where a word was put, and how high and wide it is, from "BT 3 Tr W Tz 1 0 0 1 X Y Tm /V0 SIZE Tf". */
static int places_of(const char *content, struct box *ret, int most) {
    int count = 0;
    for (const char *at = content; (at = strstr(at, "BT 3 Tr ")) && count < most; at++) {
        float stretch, x, y, size;
        unsigned font;
        assert_int_equal(sscanf(at, "BT 3 Tr %f Tz 1 0 0 1 %f %f Tm /V%u %f Tf", &stretch, &x, &y, &font, &size), 5);
        float top = 800 - (y + 0.8f * size), bottom = 800 - (y - 0.2f * size);
        const char *open = strstr(at, "Tf <") + 4;
        float letters = (float)(strcspn(open, ">") / 2 - 1); /* without the space behind it */
        ret[count++] = (struct box){x, top, x + letters * 0.5f * size * stretch / 100, bottom};
    }
    return count;
}

static int put(struct covered_page *page, struct box *ret, int most) {
    static struct words_pdf_fonts fonts;
    struct buf out = {0};
    words_pdf_start(&fonts);
    struct bind_tags tags = {0};
    bind_text(&fonts, page, 0, &out, &tags);
    free(tags.list);
    int count = places_of(buf_text(&out), ret, most);
    buf_drop(&out);
    return count;
}

/* A high bracket beside a covered name: by itself its middle lies above the area, in its line beside it. */
static void a_word_is_judged_where_its_line_puts_it(void **state) {
    (void)state;
    struct box area = {100, 105, 160, 120}, places[4];
    struct covered_page page = {.width_pt = 600, .height_pt = 800, .covered = &area, .covered_count = 1};
    words_add(&page.words, (struct box){20, 96, 90, 120}, 0, 0, 90, "Kenyon");
    words_add(&page.words, (struct box){120, 95, 121, 106}, 0, 0, 90, "|"); /* the area's upper edge, taken for a letter */
    int count = put(&page, places, 4);
    assert_int_equal(count, 1);
    assert_true(places[0].x1 < area.x0);
    words_drop(&page.words);
}

static void a_word_that_runs_into_an_area_ends_before_it(void **state) {
    (void)state;
    struct box area = {100, 105, 160, 120}, places[4];
    struct covered_page page = {.width_pt = 600, .height_pt = 800, .covered = &area, .covered_count = 1};
    words_add(&page.words, (struct box){20, 106, 104, 119}, 0, 0, 90, "beside");
    words_add(&page.words, (struct box){158, 106, 240, 119}, 0, 0, 90, "behind");
    words_add(&page.words, (struct box){110, 106, 150, 119}, 0, 0, 90, "under");
    words_add(&page.words, (struct box){20, 140, 140, 153}, 1, 0, 90, "below");
    assert_int_equal(put(&page, places, 4), 3);
    assert_true(places[0].x1 <= area.x0 + 0.1f);
    assert_true(places[1].x0 >= area.x1 - 0.1f);
    words_drop(&page.words);
}

/* A covered area stands where it is read: between the words before it and those behind. */
static void areas_stand_in_reading_order(void **state) {
    (void)state;
    static struct words_pdf_fonts fonts;
    struct box areas[] = {{100, 100, 160, 113}, {20, 200, 80, 213}};
    struct covered_page page = {.width_pt = 600, .height_pt = 800, .covered = areas, .covered_count = 2};
    struct bind_tags tags = {0};
    struct buf out = {0};
    words_add(&page.words, (struct box){20, 100, 90, 112}, 0, 0, 90, "before");
    words_add(&page.words, (struct box){170, 100, 240, 112}, 0, 0, 90, "behind");
    words_add(&page.words, (struct box){20, 140, 90, 152}, 1, 0, 90, "below");
    words_pdf_start(&fonts);
    bind_text(&fonts, &page, 0, &out, &tags);
    assert_int_equal(tags.count, 4);
    assert_false(tags.list[0].withheld); /* before */
    assert_true(tags.list[1].withheld && tags.list[1].area == 0);
    assert_false(tags.list[2].withheld); /* behind, below */
    assert_true(tags.list[3].withheld && tags.list[3].area == 1);
    size_t begun = 0, ended = 0;
    for (const char *at = buf_text(&out); (at = strstr(at, "BDC")); at++)
        begun++;
    for (const char *at = buf_text(&out); (at = strstr(at, "EMC")); at++)
        ended++;
    assert_int_equal(begun, 4);
    assert_int_equal(ended, 4);
    free(tags.list);
    buf_drop(&out);
    words_drop(&page.words);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(areas_stand_in_reading_order), 
        cmocka_unit_test(a_word_is_judged_where_its_line_puts_it),
        cmocka_unit_test(a_word_that_runs_into_an_area_ends_before_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
