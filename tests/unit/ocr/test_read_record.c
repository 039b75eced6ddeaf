/* The order to read a page and what comes back: there and back, cut anywhere, and out of range. */
#include "ocr/read_record.h"
#include "tests/unit/store_fixture.h"

static void an_order_comes_back(void **state) {
    (void)state;
    struct read_order order = {{PICTURE_TIFF, view_of("II*\0x", 5), 204, 270}, 595.5f, 842}, back;
    struct buf out = {0};
    read_order_encode(&order, &out);
    assert_int_equal(read_order_decode(buf_view(&out), &back), 0);
    assert_int_equal(back.picture.format, PICTURE_TIFF);
    assert_int_equal(back.picture.turn, 270);
    assert_true(back.picture.dpi == 204 && back.width_pt == 595.5f && back.height_pt == 842);
    assert_true(view_equal(back.picture.bytes, view_of("II*\0x", 5)));
    for (size_t len = 0; len < out.len; len++)
        assert_int_equal(read_order_decode(view_of(out.data, len), &back), ERR_PROTOCOL);
    buf_add_byte(&out, 1);
    assert_int_equal(read_order_decode(buf_view(&out), &back), ERR_PROTOCOL);
    buf_drop(&out);
}

static void orders_out_of_range(void **state) {
    (void)state;
    struct read_order good = {{PICTURE_PNG, view_text("x"), 200, 90}, 100, 100}, wrong[3], back;
    for (int i = 0; i < 3; i++)
        wrong[i] = good;
    wrong[0].picture.turn = 91;
    wrong[1].picture.turn = 360;
    wrong[2].picture.format = (enum picture_format)7;
    for (int i = 0; i < 3; i++) {
        struct buf out = {0};
        read_order_encode(&wrong[i], &out);
        assert_int_equal(read_order_decode(buf_view(&out), &back), ERR_PROTOCOL);
        buf_drop(&out);
    }
    struct buf out = {0};
    read_order_encode(&good, &out);
    out.data[7] = 1; /* the turn's third byte: 65536 + 90 is no 90 */
    assert_int_equal(read_order_decode(buf_view(&out), &back), ERR_PROTOCOL);
    buf_drop(&out);
}

static struct page_reading reading_make(void) {
    return (struct page_reading){.turn = 180, .skew_deg = -1.25f, .quality = 87, .words = words_make("Dear Zoë"), .trouble = mem_text("too faint")};
}

static void a_reading_comes_back(void **state) {
    (void)state;
    struct page_reading reading = reading_make(), back;
    struct buf out = {0}, again = {0};
    page_reading_encode(&reading, &out);
    assert_int_equal(page_reading_decode(buf_view(&out), &back), 0);
    assert_int_equal(back.turn, 180);
    assert_int_equal(back.quality, 87);
    assert_string_equal(back.trouble, "too faint");
    assert_string_equal(back.words.list[1].text, "Zoë");
    page_reading_encode(&back, &again);
    assert_true(view_equal(buf_view(&out), buf_view(&again)));
    page_reading_drop(&back);
    for (size_t len = 0; len < out.len; len++)
        assert_int_equal(page_reading_decode(view_of(out.data, len), &back), ERR_PROTOCOL);
    buf_add_byte(&out, 0);
    assert_int_equal(page_reading_decode(buf_view(&out), &back), ERR_PROTOCOL);
    page_reading_drop(&reading);
    buf_drop(&out);
    buf_drop(&again);
}

static void readings_out_of_range(void **state) {
    (void)state;
    static const struct {
        uint16_t turn;
        uint8_t quality;
    } cases[] = {{45, 50}, {360, 50}, {90, 101}};
    struct page_reading back;
    for (size_t i = 0; i < 3; i++) {
        struct page_reading reading = reading_make();
        struct buf out = {0};
        reading.turn = cases[i].turn;
        reading.quality = cases[i].quality;
        page_reading_encode(&reading, &out);
        assert_int_equal(page_reading_decode(buf_view(&out), &back), ERR_PROTOCOL);
        page_reading_drop(&reading);
        buf_drop(&out);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(an_order_comes_back), cmocka_unit_test(orders_out_of_range),
                                       cmocka_unit_test(a_reading_comes_back), cmocka_unit_test(readings_out_of_range)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
