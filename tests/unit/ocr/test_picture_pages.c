/* Pictures as pages: resolution, orientation, many pages in a TIFF, bad ones among good ones. */
#include "base/err.h"
#include "base/pix.h"
#include "ocr/picture_facts.h"
#include "ocr/picture_pages.h"
#include "ocr/raw_picture.h"
#include "tests/unit/ocr/caught_pages.h"

#include <gif_lib.h>
#include <leptonica/allheaders.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <webp/encode.h>
#include <webp/mux.h>

#include <cmocka.h>

static struct caught caught;

static int open_caught(struct view bytes) {
    struct page_sink sink = caught_sink(&caught);
    struct picture_order order = {.bytes = bytes};
    return picture_pages_open(&order, &sink);
}

static struct buf jpeg_of(int w, int h, int dpi) {
    struct buf out = {0};
    PIX *pix = pixCreate(w, h, 8);
    pixSetAll(pix);
    pixSetResolution(pix, dpi, dpi);
    assert_int_equal(pix_encode_jpeg(pix, 80, &out), 0);
    pixDestroy(&pix);
    return out;
}

static void a_jpeg_comes_as_its_own_bytes(void **state) {
    (void)state;
    struct buf jpeg = jpeg_of(600, 300, 150);
    assert_int_equal(open_caught(buf_view(&jpeg)), 0);
    const struct opened_page *page = &caught.pages[0].page;
    assert_int_equal(caught.said, 1);
    assert_int_equal(page->number, 1);
    assert_int_equal(page->picture.format, PICTURE_JPEG);
    assert_true(view_equal(page->picture.bytes, buf_view(&jpeg)));
    assert_true(page->picture.dpi == 150);
    assert_true(page->width_pt == 288 && page->height_pt == 144);
    assert_int_equal(page->source, WORDS_NONE);
    caught_drop(&caught);
    buf_drop(&jpeg);
}

static void a_resolution_that_cannot_be_is_a4(void **state) {
    (void)state;
    struct buf jpeg = jpeg_of(400, 1169, 5000);
    assert_int_equal(open_caught(buf_view(&jpeg)), 0);
    assert_true(caught.pages[0].page.picture.dpi > 99.9f && caught.pages[0].page.picture.dpi < 100.1f);
    caught_drop(&caught);
    buf_drop(&jpeg);
    assert_true(picture_facts_sane_dpi(49, 0, 1169, 10) > 99.9f);
    assert_true(picture_facts_sane_dpi(50, 0, 1169, 10) == 50);
    assert_true(picture_facts_sane_dpi(1200, 0, 1169, 10) == 1200);
    assert_true(picture_facts_sane_dpi(1201, 0, 1169, 10) < 101);
    assert_true(picture_facts_sane_dpi(0, 300, 1169, 10) == 300);
    assert_true(picture_facts_sane_dpi(200, 300, 1169, 10) == 200);
    assert_true(picture_facts_sane_dpi(0, 20, 1169, 10) > 99.9f);
    assert_true(picture_facts_sane_dpi(72, 0, 842, 595) == 72);
    assert_true(picture_facts_sane_dpi(72, 0, 4000, 3000) > 342); /* a telephone's: a page of 55 inches */
}

/* The JPEG with an EXIF segment that says how it was held. */
static struct buf with_orientation(struct buf jpeg, uint8_t orientation) {
    uint8_t exif[] = "\xFF\xE1\0\x22"
                     "Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x01\0\0\0\0\0\0\0";
    struct buf out = {0};
    exif[4 + 6 + 8 + 2 + 8] = orientation;
    buf_add(&out, jpeg.data, 2);
    buf_add(&out, exif, 4 + 32);
    buf_add(&out, jpeg.data + 2, jpeg.len - 2);
    buf_drop(&jpeg);
    return out;
}

static void exif_orientation_becomes_the_turn(void **state) {
    (void)state;
    static const struct {
        uint8_t orientation;
        uint16_t turn;
    } ways[] = {{1, 0}, {2, 0}, {3, 180}, {4, 180}, {5, 270}, {6, 90}, {7, 90}, {8, 270}, {77, 0}};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        struct buf jpeg = with_orientation(jpeg_of(600, 300, 150), ways[i].orientation);
        assert_int_equal(open_caught(buf_view(&jpeg)), 0);
        const struct opened_page *page = &caught.pages[0].page;
        assert_int_equal(page->picture.turn, ways[i].turn);
        assert_true(page->width_pt == (ways[i].turn % 180 ? 144 : 288));
        caught_drop(&caught);
        buf_drop(&jpeg);
    }
}

static void exif_that_points_nowhere_is_harmless(void **state) {
    (void)state;
    struct buf jpeg = with_orientation(jpeg_of(60, 30, 150), 6);
    uint8_t *directory = memmem(jpeg.data, jpeg.len, "II*\0", 4);
    memset(directory + 4, 0xFF, 4);
    assert_int_equal(picture_facts_jpeg(buf_view(&jpeg)).turn, 0);
    for (size_t len = 0; len < jpeg.len; len += 3) {
        uint8_t *copy = mem_new(len);
        memcpy(copy, jpeg.data, len);
        picture_facts_jpeg(view_of(copy, len));
        mem_free(&copy);
    }
    buf_drop(&jpeg);
}

static void a_png_says_pixels_per_metre(void **state) {
    (void)state;
    struct buf png = {0};
    PIX *pix = pixCreate(100, 100, 1);
    pixSetResolution(pix, 200, 200);
    pix_encode_png(pix, &png);
    assert_int_equal(open_caught(buf_view(&png)), 0);
    assert_int_equal(caught.pages[0].page.picture.format, PICTURE_PNG);
    assert_true(caught.pages[0].page.picture.dpi > 199.9f && caught.pages[0].page.picture.dpi < 200.1f);
    pixDestroy(&pix);
    caught_drop(&caught);
    buf_drop(&png);
}

/* Three pages: 1-bit; grey; 1-bit, as a fax with half as many rows to the inch. */
static struct buf three_pages(void) {
    PIXA *pages = pixaCreate(3);
    static const struct {
        int depth, w, h, across, down;
    } kinds[3] = {{1, 400, 200, 200, 200}, {8, 300, 100, 100, 100}, {1, 408, 98, 204, 98}};
    for (int i = 0; i < 3; i++) {
        PIX *pix = pixCreate(kinds[i].w, kinds[i].h, kinds[i].depth);
        if (kinds[i].depth == 8)
            pixSetAll(pix);
        pixSetPixel(pix, 10 * (i + 1), 5, kinds[i].depth == 8 ? 0 : 1);
        pixSetResolution(pix, kinds[i].across, kinds[i].down);
        pixaAddPix(pages, pix, L_INSERT);
    }
    l_uint8 *data = NULL;
    size_t len = 0;
    struct buf out = {0};
    assert_int_equal(pixaWriteMemMultipageTiff(&data, &len, pages), 0);
    buf_add(&out, data, len);
    lept_free(data);
    pixaDestroy(&pages);
    return out;
}

static void every_page_of_a_tiff_comes(void **state) {
    (void)state;
    struct buf tiff = three_pages();
    assert_int_equal(open_caught(buf_view(&tiff)), 0);
    assert_int_equal(caught.said, 3);
    assert_int_equal(caught.given, 3);
    for (uint32_t i = 0; i < 3; i++) {
        const struct opened_page *page = &caught.pages[i].page;
        PIX *pix = NULL;
        l_uint32 ink = 77;
        assert_int_equal(page->number, i + 1);
        assert_string_equal(page->trouble, "");
        assert_int_equal(pix_decode(page->picture.bytes, page->picture.turn, &pix), 0);
        pixGetPixel(pix, 10 * ((int)i + 1), 5, &ink);
        assert_int_equal(ink, i == 1 ? 0 : 1);
        pixDestroy(&pix);
    }
    assert_int_equal(caught.pages[0].page.picture.format, PICTURE_TIFF);
    assert_true(caught.pages[0].page.width_pt == 144);
    assert_int_equal(caught.pages[1].page.picture.format, PICTURE_PNG);
    assert_true(caught.pages[2].page.width_pt == 144 && caught.pages[2].page.height_pt == 72);
    caught_drop(&caught);
    buf_drop(&tiff);
}

static void a_bad_page_does_not_lose_the_others(void **state) {
    (void)state;
    struct buf tiff = three_pages();
    /* the first page's strip: whatever it says about its length is wrong now */
    for (size_t at = 0; at + 12 < tiff.len; at++)
        if (tiff.data[at] == 0x03 && tiff.data[at + 1] == 0x01 && tiff.data[at + 2] == 3 &&
            tiff.data[at + 8] == 4) {
            tiff.data[at + 8] = 99; /* a compression that nobody knows */
            break;
        }
    assert_int_equal(open_caught(buf_view(&tiff)), 0);
    assert_int_equal(caught.given, 3);
    assert_string_not_equal(caught.pages[0].page.trouble, "");
    assert_int_equal(caught.pages[0].page.picture.format, PICTURE_NONE);
    assert_string_equal(caught.pages[1].page.trouble, "");
    assert_string_equal(caught.pages[2].page.trouble, "");
    caught_drop(&caught);
    buf_drop(&tiff);
}

static void bad_files_are_refused(void **state) {
    (void)state;
    assert_int_equal(open_caught(view_text("")), ERR_DAMAGED);
    assert_int_equal(open_caught(view_text("GIF89a and so on and so on")), ERR_DAMAGED);
    assert_int_equal(open_caught(view_text("BMxxxxxxxxxxxx\x28\0\0\0")), ERR_DAMAGED);
    assert_int_equal(open_caught(view_of("RIFF\x1a\0\0\0WEBPVP8 \x0e\0\0\0", 20)), ERR_DAMAGED);
    assert_int_equal(open_caught(view_of("\xFF\xD8\xFF\xE0 cut", 9)), ERR_DAMAGED);
    assert_int_equal(open_caught(view_of("II*\0\xFF\xFF\xFF\x7F", 8)), ERR_DAMAGED);
    static const uint8_t bomb[] =
        "\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\x9c\x40\0\0\x9c\x40\1\0\0\0\0\x12\x34\x56\x78"
        "\0\0\0\0IEND\xae\x42\x60\x82";
    assert_int_equal(open_caught(view_of(bomb, sizeof bomb - 1)), ERR_TOO_LARGE);
    assert_int_equal(caught.given, 0);
}

static void group4_is_wrapped(void **state) {
    (void)state;
    PIX *pix = pixCreate(64, 32, 1), *back = NULL;
    pixSetPixel(pix, 9, 9, 1);
    struct buf strip = {0}, tiff = {0};
    l_int32 same = 0;
    assert_int_equal(pix_encode_g4_strip(pix, &strip), 0);
    raw_picture_wrap_g4(buf_view(&strip), 64, 32, true, &tiff);
    assert_int_equal(pix_decode(buf_view(&tiff), 0, &back), 0);
    pixEqual(pix, back, &same);
    assert_true(same);
    pixDestroy(&pix);
    pixDestroy(&back);
    buf_drop(&strip);
    buf_drop(&tiff);
}

/* ---- pictures that are not all there ---- */

static struct buf noisy_jpeg(bool progressive) {
    struct buf out = {0};
    PIX *pix = pixCreate(300, 400, 8);
    for (int y = 0; y < 400; y++)
        for (int x = 0; x < 300; x++)
            pixSetPixel(pix, x, y, (l_uint32)((x * 7 + y * 13 + x * y) & 255));
    pixSetResolution(pix, 150, 150);
    if (progressive) {
        l_uint8 *data = NULL;
        size_t len = 0;
        assert_int_equal(pixWriteMemJpeg(&data, &len, pix, 75, 1), 0);
        buf_add(&out, data, len);
        lept_free(data);
    } else
        assert_int_equal(pix_encode_jpeg(pix, 75, &out), 0);
    pixDestroy(&pix);
    return out;
}

static void a_jpeg_that_is_cut_is_damaged(void **state) {
    (void)state;
    for (int progressive = 0; progressive < 2; progressive++) {
        struct buf jpeg = noisy_jpeg(progressive);
        assert_int_equal(open_caught(buf_view(&jpeg)), 0);
        caught_drop(&caught);
        assert_int_equal(open_caught(view_of(jpeg.data, jpeg.len - 2)),
                         0); /* only its end marker is missing */
        caught_drop(&caught);
        for (size_t part = 2; part <= 9; part++) {
            assert_int_equal(open_caught(view_of(jpeg.data, jpeg.len * part / 10)), ERR_DAMAGED);
            assert_int_equal(caught.given, 0);
        }
        buf_drop(&jpeg);
    }
    struct buf jpeg = noisy_jpeg(false);
    memset(jpeg.data + jpeg.len / 2, 0xFF, 40);
    assert_int_equal(open_caught(buf_view(&jpeg)), ERR_DAMAGED);
    buf_add_text(&jpeg, "x");
    buf_drop(&jpeg);
    jpeg = noisy_jpeg(false);
    buf_add_text(&jpeg, "PK what else is behind it");
    assert_int_equal(open_caught(buf_view(&jpeg)), 0);
    caught_drop(&caught);
    buf_drop(&jpeg);
}

static void a_jpeg_that_claims_the_moon_is_too_large(void **state) {
    (void)state;
    struct buf jpeg = noisy_jpeg(false);
    uint8_t *size = memmem(jpeg.data, jpeg.len, "\x01\x90\x01\x2c", 4);
    memset(size, 0xFE, 4);
    assert_int_equal(open_caught(buf_view(&jpeg)), ERR_TOO_LARGE);
    buf_drop(&jpeg);
}

static void a_cut_png_is_damaged(void **state) {
    (void)state;
    struct buf png = {0};
    PIX *pix = pixCreate(200, 200, 8);
    for (int i = 0; i < 40000; i++)
        pixSetPixel(pix, i % 200, i / 200, (l_uint32)(i * 31 & 255));
    pix_encode_png(pix, &png);
    for (size_t part = 1; part <= 9; part++)
        assert_int_equal(open_caught(view_of(png.data, png.len * part / 10)), ERR_DAMAGED);
    pixDestroy(&pix);
    buf_drop(&png);
}

/* ---- TIFF that goes wrong ---- */

static void put_le(struct buf *out, uint32_t value, int bytes) {
    for (int i = 0; i < bytes; i++)
        buf_add_byte(out, (uint8_t)(value >> (8 * i)));
}

static struct buf tiff_by_hand(uint32_t w, uint32_t h, uint32_t compression, uint32_t next,
                               uint32_t strip_bytes, struct view strip) {
    struct buf out = {0};
    const uint32_t entries[9][3] = {{256, 4, w},           {257, 4, h}, {258, 3, 1},
                                    {259, 3, compression}, {262, 3, 1}, {273, 4, 8 + 2 + 9 * 12 + 4},
                                    {277, 3, 1},           {278, 4, h}, {279, 4, strip_bytes}};
    buf_add(&out, "II*", 4);
    put_le(&out, 8, 4);
    put_le(&out, 9, 2);
    for (int i = 0; i < 9; i++) {
        put_le(&out, entries[i][0], 2);
        put_le(&out, entries[i][1], 2);
        put_le(&out, 1, 4);
        put_le(&out, entries[i][2], 4);
    }
    put_le(&out, next, 4);
    buf_add(&out, strip.data, strip.len);
    return out;
}

static void odd_tiffs(void **state) {
    (void)state;
    static uint8_t zeros[512];
    static const struct {
        uint32_t w, h, compression, next, bytes;
        int err;
    } kinds[] = {{64, 64, 1, 0, 512, 0},
                 {64, 64, 1, 8, 512, 0}, /* the directory is its own next one: shown once */
                 {1000, 1000, 1, 0, 125000, ERR_DAMAGED},
                 {64, 64, 4, 0, 3, ERR_DAMAGED},
                 {30000, 30000, 4, 0, 512, ERR_TOO_LARGE},
                 {4000000000u, 4000000000u, 1, 0, 512, ERR_TOO_LARGE},
                 {64, 64, 4711, 0, 512, ERR_DAMAGED}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct buf tiff = tiff_by_hand(kinds[i].w, kinds[i].h, kinds[i].compression, kinds[i].next,
                                       kinds[i].bytes, view_of(zeros, 512));
        assert_int_equal(open_caught(buf_view(&tiff)), kinds[i].err);
        assert_int_equal(caught.given, kinds[i].err ? 0 : 1);
        caught_drop(&caught);
        buf_drop(&tiff);
    }
}

static int want_third(void *state, uint32_t number) {
    (void)state;
    return number == 3;
}

static void pages_that_are_not_wanted_are_left_out(void **state) {
    (void)state;
    struct buf tiff = three_pages();
    struct page_sink sink = caught_sink(&caught);
    struct picture_order order = {.bytes = buf_view(&tiff)};
    sink.wanted = want_third;
    assert_int_equal(picture_pages_open(&order, &sink), 0);
    assert_int_equal(caught.said, 3);
    assert_int_equal(caught.given, 1);
    assert_int_equal(caught.pages[0].page.number, 3);
    assert_true(caught.pages[0].page.height_pt == 72);
    caught_drop(&caught);
    buf_drop(&tiff);
}

/* ---- other formats ---- */

/* What the n-th page shows at a place, as 0xRRGGBB. */
static uint32_t shown(uint32_t n, int x, int y) {
    PIX *pix = NULL;
    l_int32 r, g, b;
    l_uint32 value;
    const struct picture *p = &caught.pages[n].page.picture;
    assert_int_equal(pix_decode(p->bytes, p->turn, &pix), 0);
    PIX *colour = pixConvertTo32(pix);
    pixGetPixel(colour, x, y, &value);
    extractRGBValues(value, &r, &g, &b);
    pixDestroy(&pix);
    pixDestroy(&colour);
    return (uint32_t)(r << 16 | g << 8 | b);
}

static void the_orders_resolution_is_for_pictures_that_say_none(void **state) {
    (void)state;
    struct buf tiff = tiff_by_hand(64, 64, 1, 0, 512, view_of((uint8_t[512]){0}, 512));
    struct page_sink sink = caught_sink(&caught);
    struct picture_order order = {.bytes = buf_view(&tiff), .dpi = 240};
    assert_int_equal(picture_pages_open(&order, &sink), 0);
    assert_true(caught.pages[0].page.picture.dpi == 240);
    caught_drop(&caught);
    buf_drop(&tiff);
    struct buf jpeg = jpeg_of(600, 300, 150);
    sink = caught_sink(&caught);
    order.bytes = buf_view(&jpeg);
    assert_int_equal(picture_pages_open(&order, &sink), 0);
    assert_true(caught.pages[0].page.picture.dpi == 150);
    caught_drop(&caught);
    buf_drop(&jpeg);
}

static void a_mirrored_jpeg_is_written_anew(void **state) {
    (void)state;
    static const struct {
        uint8_t orientation;
        int black_x,
            black_y; /* where the corner that is stored top left is shown, of 600 x 300 or 300 x 600 */
    } ways[] = {{1, 20, 20}, {2, 580, 20}, {3, 580, 280}, {4, 20, 280},
                {5, 20, 20}, {6, 280, 20}, {7, 280, 580}, {8, 20, 580}};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        struct buf plain = {0};
        PIX *pix = pixCreate(600, 300, 8);
        BOX *corner = boxCreate(0, 0, 60, 60);
        pixSetAll(pix);
        pixClearInRect(pix, corner);
        assert_int_equal(pix_encode_jpeg(pix, 90, &plain), 0);
        boxDestroy(&corner);
        pixDestroy(&pix);
        struct buf jpeg = with_orientation(plain, ways[i].orientation);
        assert_int_equal(open_caught(buf_view(&jpeg)), 0);
        assert_int_equal((int)caught.pages[0].page.width_pt > (int)caught.pages[0].page.height_pt,
                         ways[i].orientation < 5);
        assert_true(shown(0, ways[i].black_x, ways[i].black_y) < 0x303030);
        assert_true(shown(0, 150, 150) > 0xD0D0D0);
        caught_drop(&caught);
        buf_drop(&jpeg);
    }
}

static int gif_write(GifFileType *gif, const GifByteType *data, int len) {
    buf_add(gif->UserData, data, (size_t)len);
    return len;
}

/* Frames of 40 x 20: white, then each with a red square of 10 x 10 further to the right, the rest of it
 * transparent. */
static struct buf gif_of(int frames) {
    struct buf out = {0};
    int why;
    GifColorType colours[4] = {{255, 255, 255}, {255, 0, 0}, {0, 0, 0}, {0, 0, 255}};
    ColorMapObject *map = GifMakeMapObject(4, colours);
    GifFileType *gif = EGifOpen(&out, gif_write, &why);
    EGifSetGifVersion(gif, true);
    assert_int_equal(EGifPutScreenDesc(gif, 40, 20, 4, 0, map), GIF_OK);
    for (int f = 0; f < frames; f++) {
        GraphicsControlBlock control = {DISPOSE_DO_NOT, false, 0, f ? 3 : NO_TRANSPARENT_COLOR};
        GifByteType block[4], row[40];
        EGifGCBToExtension(&control, block);
        EGifPutExtension(gif, GRAPHICS_EXT_FUNC_CODE, 4, block);
        assert_int_equal(EGifPutImageDesc(gif, 0, 0, 40, 20, f == 2, NULL), GIF_OK);
        for (int y = 0; y < 20; y++) {
            memset(row, f ? 3 : 0, sizeof row);
            if (f && f < 4)
                memset(row + 10 * (f - 1), 1, 10);
            assert_int_equal(EGifPutLine(gif, row, 40), GIF_OK);
        }
    }
    EGifCloseFile(gif, &why);
    GifFreeMapObject(map);
    return out;
}

static void every_frame_of_a_gif_is_a_page(void **state) {
    (void)state;
    struct buf gif = gif_of(4);
    assert_int_equal(open_caught(buf_view(&gif)), 0);
    assert_int_equal(caught.said, 4);
    assert_int_equal(caught.given, 4);
    assert_int_equal(caught.pages[0].page.picture.format, PICTURE_TIFF); /* nothing but white */
    assert_int_equal(caught.pages[1].page.picture.format, PICTURE_PNG);
    for (uint32_t n = 0; n < 4; n++)
        for (int place = 0; place < 3; place++)
            assert_int_equal(shown(n, 10 * place + 5, 10), (uint32_t)place < n ? 0xFF0000 : 0xFFFFFF);
    caught_drop(&caught);
    /* the last frame is cut: the others are shown */
    assert_int_equal(open_caught(view_of(gif.data, gif.len - 12)), 0);
    assert_int_equal(caught.given, 4);
    assert_string_equal(caught.pages[2].page.trouble, "");
    assert_string_not_equal(caught.pages[3].page.trouble, "");
    assert_int_equal(caught.pages[3].page.picture.format, PICTURE_NONE);
    caught_drop(&caught);
    buf_drop(&gif);
    gif = gif_of(1);
    assert_int_equal(open_caught(view_of(gif.data, gif.len - 12)), ERR_DAMAGED);
    buf_drop(&gif);
    gif = gif_of(101);
    assert_int_equal(open_caught(buf_view(&gif)), ERR_TOO_MANY);
    assert_int_equal(caught.given, 0);
    buf_drop(&gif);
}

static struct buf bmp_of(uint32_t bits, uint32_t packing, int32_t height, struct view colours,
                         struct view rows) {
    struct buf out = {0};
    buf_add(&out, "BM", 2);
    put_le(&out, 0, 4);
    put_le(&out, 0, 4);
    put_le(&out, (uint32_t)(54 + colours.len), 4);
    put_le(&out, 40, 4);
    put_le(&out, 8, 4);
    put_le(&out, (uint32_t)height, 4);
    put_le(&out, 1, 2);
    put_le(&out, bits, 2);
    put_le(&out, packing, 4);
    put_le(&out, 0, 4);
    put_le(&out, 7874, 4); /* 200 dpi */
    put_le(&out, 7874, 4);
    put_le(&out, 0, 4);
    put_le(&out, 0, 4);
    buf_add(&out, colours.data, colours.len);
    buf_add(&out, rows.data, rows.len);
    return out;
}

/* 8 x 2: below red, above white but for a black dot at the left. */
static void bitmaps_of_all_kinds(void **state) {
    (void)state;
    static const uint8_t red_white_black[16] = {0, 0, 255, 0, 255, 255, 255, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    static uint8_t table4[64], table8[1024];
    memcpy(table4, red_white_black, 16);
    memcpy(table8, red_white_black, 16);
    uint8_t true24[48], rows8[16] = {0}, rows4[8] = {0}, rows32[64],
                        masks[12 + 0] = {0, 0, 0xFF, 0, 0, 0xFF, 0, 0, 0xFF, 0, 0, 0};
    static const uint8_t runs8[] = {8, 0, 0, 0, 1, 2, 7, 1, 0, 1},
                         runs4[] = {8, 0, 0, 0, 0, 3, 0x21, 0x10, 5, 0x11, 0, 1};
    memset(rows8 + 8, 1, 8);
    rows8[8] = 2;
    memset(rows4 + 4, 0x11, 4);
    rows4[4] = 0x21;
    for (int i = 0; i < 16; i++) {
        const uint8_t *c = red_white_black + 4 * rows8[i];
        memcpy(true24 + 3 * i, c, 3);
        memcpy(rows32 + 4 * i, c, 4);
    }
    const struct {
        uint32_t bits, packing;
        struct view colours, rows;
    } kinds[] = {
        {24, 0, {0}, {true24, 48}},
        {8, 0, {table8, 1024}, {rows8, 16}},
        {4, 0, {table4, 64}, {rows4, 8}},
        {32, 0, {0}, {rows32, 64}},
        {32, 3, {masks, 12}, {rows32, 64}},
        {8, 1, {table8, 1024}, {runs8, sizeof runs8}},
        {4, 2, {table4, 64}, {runs4, sizeof runs4}},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct buf bmp = bmp_of(kinds[i].bits, kinds[i].packing, 2, kinds[i].colours, kinds[i].rows);
        assert_int_equal(open_caught(buf_view(&bmp)), 0);
        assert_int_equal(caught.pages[0].page.picture.format, PICTURE_PNG);
        assert_int_equal((int)(caught.pages[0].page.picture.dpi + 0.5f), 200);
        assert_int_equal(shown(0, 0, 1), 0xFF0000);
        assert_int_equal(shown(0, 7, 1), 0xFF0000);
        assert_int_equal(shown(0, 0, 0), 0);
        assert_int_equal(shown(0, 1, 0), 0xFFFFFF);
        assert_int_equal(shown(0, 7, 0), 0xFFFFFF);
        caught_drop(&caught);
        assert_int_equal(open_caught(view_of(bmp.data, bmp.len - 4)), ERR_DAMAGED);
        buf_drop(&bmp);
    }
    struct buf bmp = bmp_of(24, 0, -2, (struct view){0}, view_of(true24, 48)); /* from the top down */
    assert_int_equal(open_caught(buf_view(&bmp)), 0);
    assert_int_equal(shown(0, 0, 0), 0xFF0000);
    assert_int_equal(shown(0, 0, 1), 0);
    caught_drop(&caught);
    buf_drop(&bmp);
    bmp = bmp_of(24, 0, 100000000, (struct view){0}, view_of(true24, 48));
    assert_int_equal(open_caught(buf_view(&bmp)), ERR_TOO_LARGE);
    buf_drop(&bmp);
}

static struct buf webp_of(bool lossless) {
    struct buf out = {0};
    uint8_t *rgb = mem_new(200 * 100 * 3), *data = NULL;
    memset(rgb, 0xFF, 200 * 100 * 3);
    for (int y = 0; y < 50; y++)
        for (int x = 0; x < 100; x++)
            memcpy(rgb + (y * 200 + x) * 3, "\xFF\0\0", 3);
    size_t len = lossless ? WebPEncodeLosslessRGB(rgb, 200, 100, 600, &data)
                          : WebPEncodeRGB(rgb, 200, 100, 600, 80, &data);
    assert_true(len > 0);
    buf_add(&out, data, len);
    WebPFree(data);
    mem_free(&rgb);
    return out;
}

static void webp_with_and_without_loss(void **state) {
    (void)state;
    for (int lossless = 0; lossless < 2; lossless++) {
        struct buf webp = webp_of(lossless);
        assert_int_equal(open_caught(buf_view(&webp)), 0);
        assert_int_equal(caught.given, 1);
        if (lossless) {
            assert_int_equal(caught.pages[0].page.picture.format, PICTURE_PNG);
            assert_int_equal(shown(0, 20, 20), 0xFF0000);
            assert_int_equal(shown(0, 120, 20), 0xFFFFFF);
        }
        assert_true((shown(0, 20, 20) & 0xFF) < 0x30 && shown(0, 20, 20) > 0xE00000);
        caught_drop(&caught);
        assert_int_equal(open_caught(view_of(webp.data, webp.len * 2 / 3)), ERR_DAMAGED);
        buf_drop(&webp);
    }
}

static void a_moving_webp_gives_its_frames(void **state) {
    (void)state;
    WebPAnimEncoderOptions options;
    WebPConfig config;
    WebPData data;
    assert_true(WebPAnimEncoderOptionsInit(&options) && WebPConfigInit(&config));
    config.lossless = 1;
    WebPAnimEncoder *encoder = WebPAnimEncoderNew(64, 32, &options);
    for (int f = 0; f < 3; f++) {
        WebPPicture picture;
        assert_true(WebPPictureInit(&picture));
        picture.width = 64;
        picture.height = 32;
        picture.use_argb = 1;
        assert_true(WebPPictureAlloc(&picture));
        for (int i = 0; i < 64 * 32; i++)
            picture.argb[i / 64 * picture.argb_stride + i % 64] = f == 0   ? 0xFFFF0000
                                                                  : f == 1 ? 0xFF00FF00
                                                                           : 0xFF0000FF;
        assert_true(WebPAnimEncoderAdd(encoder, &picture, 100 * f, &config));
        WebPPictureFree(&picture);
    }
    assert_true(WebPAnimEncoderAdd(encoder, NULL, 300, NULL));
    assert_true(WebPAnimEncoderAssemble(encoder, &data));
    assert_int_equal(open_caught(view_of(data.bytes, data.size)), 0);
    assert_int_equal(caught.said, 3);
    assert_int_equal(shown(0, 5, 5) >> 20, 0xF);
    assert_int_equal((shown(1, 5, 5) >> 12) & 0xF, 0xF);
    assert_int_equal((shown(2, 5, 5) >> 4) & 0xF, 0xF);
    caught_drop(&caught);
    WebPDataClear(&data);
    WebPAnimEncoderDelete(encoder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_jpeg_comes_as_its_own_bytes),
        cmocka_unit_test(a_resolution_that_cannot_be_is_a4),
        cmocka_unit_test(exif_orientation_becomes_the_turn),
        cmocka_unit_test(exif_that_points_nowhere_is_harmless),
        cmocka_unit_test(a_png_says_pixels_per_metre),
        cmocka_unit_test(every_page_of_a_tiff_comes),
        cmocka_unit_test(a_bad_page_does_not_lose_the_others),
        cmocka_unit_test(bad_files_are_refused),
        cmocka_unit_test(group4_is_wrapped),
        cmocka_unit_test(a_jpeg_that_is_cut_is_damaged),
        cmocka_unit_test(a_jpeg_that_claims_the_moon_is_too_large),
        cmocka_unit_test(a_cut_png_is_damaged),
        cmocka_unit_test(odd_tiffs),
        cmocka_unit_test(pages_that_are_not_wanted_are_left_out),
        cmocka_unit_test(the_orders_resolution_is_for_pictures_that_say_none),
        cmocka_unit_test(a_mirrored_jpeg_is_written_anew),
        cmocka_unit_test(every_frame_of_a_gif_is_a_page),
        cmocka_unit_test(bitmaps_of_all_kinds),
        cmocka_unit_test(webp_with_and_without_loss),
        cmocka_unit_test(a_moving_webp_gives_its_frames),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
