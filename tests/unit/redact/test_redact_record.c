/* The orders to cover a page and to prove a pack: there and back, cut anywhere, counts that lie. */
#include "base/wire.h"
#include "redact/redact_record.h"
#include "tests/unit/store_fixture.h"

static const struct box boxes[] = {{1, 2, 3, 4}, {50.5f, 60, 70, 80.25f}};

static struct cover_order cover_make(void) {
    return (struct cover_order){.picture = {PICTURE_JPEG, view_of("\xff\xd8\0", 3), 150, 90}, .width_pt = 595, .height_pt = 842, .turn = 270,
                                .skew_deg = 0.5f, .boxes = boxes, .box_count = 2, .whole_page = 1};
}

static void an_order_to_cover_comes_back(void **state) {
    (void)state;
    struct cover_order order = cover_make(), back;
    struct buf out = {0}, again = {0};
    cover_order_encode(&order, &out);
    assert_int_equal(cover_order_decode(buf_view(&out), &back), 0);
    assert_int_equal(back.box_count, 2);
    assert_memory_equal(back.boxes, boxes, sizeof boxes);
    assert_int_equal(back.turn, 270);
    assert_int_equal(back.picture.turn, 90);
    assert_int_equal(back.whole_page, 1);
    assert_true(back.skew_deg == 0.5f);
    assert_true(view_equal(back.picture.bytes, view_of("\xff\xd8\0", 3)));
    cover_order_encode(&back, &again);
    assert_true(view_equal(buf_view(&out), buf_view(&again)));
    cover_order_drop(&back);
    assert_null(back.boxes);
    for (size_t len = 0; len < out.len; len++)
        assert_int_equal(cover_order_decode(view_of(out.data, len), &back), ERR_PROTOCOL); /* above all: not with one box less */
    buf_add_byte(&out, 0);
    assert_int_equal(cover_order_decode(buf_view(&out), &back), ERR_PROTOCOL);
    buf_drop(&out);
    buf_drop(&again);
}

static void orders_to_cover_out_of_range(void **state) {
    (void)state;
    struct cover_order wrong[5], back;
    for (int i = 0; i < 5; i++)
        wrong[i] = cover_make();
    wrong[0].turn = 1;
    wrong[1].picture.turn = 360;
    wrong[2].picture.format = (enum picture_format)200;
    wrong[3].whole_page = 2;
    wrong[4].skew_deg = (float)__builtin_inf();
    for (int i = 0; i < 5; i++) {
        struct buf out = {0};
        cover_order_encode(&wrong[i], &out);
        assert_int_equal(cover_order_decode(buf_view(&out), &back), ERR_PROTOCOL);
        buf_drop(&out);
    }
    struct cover_order none = cover_make();
    struct buf out = {0};
    none.box_count = 0;
    cover_order_encode(&none, &out);
    assert_int_equal(cover_order_decode(buf_view(&out), &back), 0); /* a page with nothing to cover */
    assert_int_equal(back.box_count, 0);
    cover_order_drop(&back);
    memcpy(out.data + out.len - 4, "\xff\xff\xff\x7f", 4); /* two thousand million boxes, it says */
    assert_int_equal(cover_order_decode(buf_view(&out), &back), ERR_PROTOCOL);
    buf_drop(&out);
}

static void an_order_to_prove_comes_back(void **state) {
    (void)state;
    char *withheld[] = {(char[]){"Ada Harker"}, (char[]){"Zoë"}}, *allowed[] = {(char[]){""}};
    struct prove_order order = {.pdf = view_text("%PDF-1.7"), .withheld = withheld, .withheld_count = 2, .allowed = allowed, .allowed_count = 1,
                                .first_page = 5, .last_page = 8}, back;
    struct buf out = {0}, again = {0};
    order.areas = mem_new(2 * sizeof *order.areas);
    order.area_count = 2;
    order.areas[0].page = 6;
    order.areas[0].box = boxes[0];
    order.areas[1].page = 7;
    order.areas[1].box = boxes[1];
    prove_order_encode(&order, &out);
    free(order.areas);
    assert_int_equal(prove_order_decode(buf_view(&out), &back), 0);
    assert_int_equal(back.withheld_count, 2);
    assert_string_equal(back.withheld[1], "Zoë");
    assert_string_equal(back.allowed[0], "");
    assert_int_equal(back.first_page, 5);
    assert_int_equal(back.last_page, 8);
    assert_string_equal(back.areas[1].label.text, "");
    assert_int_equal(back.areas[1].page, 7);
    assert_memory_equal(&back.areas[1].box, &boxes[1], sizeof boxes[1]);
    assert_true(view_equal(back.pdf, view_text("%PDF-1.7")));
    prove_order_encode(&back, &again);
    assert_true(view_equal(buf_view(&out), buf_view(&again)));
    prove_order_drop(&back);
    for (size_t len = 0; len < out.len; len++)
        assert_int_equal(prove_order_decode(view_of(out.data, len), &back), ERR_PROTOCOL); /* not with one text less */
    buf_add_byte(&out, 0);
    assert_int_equal(prove_order_decode(buf_view(&out), &back), ERR_PROTOCOL);
    buf_drop(&out);
    buf_drop(&again);
}

static void counts_that_lie(void **state) {
    (void)state;
    struct prove_order back;
    struct buf out = {0};
    wire_put_bytes(&out, view_text("%PDF"));
    wire_put_u32(&out, 100000); /* so many texts in no bytes */
    assert_int_equal(prove_order_decode(buf_view(&out), &back), ERR_PROTOCOL);
    wire_put_u32(&out, 0xffffffff);
    assert_int_equal(prove_order_decode(buf_view(&out), &back), ERR_PROTOCOL);
    buf_drop(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(an_order_to_cover_comes_back), cmocka_unit_test(orders_to_cover_out_of_range),
                                       cmocka_unit_test(an_order_to_prove_comes_back), cmocka_unit_test(counts_that_lie)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
