/* Recognising: words and their places on pages that stand any way and lean; what cannot be read says so. Run
 * with OMP_THREAD_LIMIT=1, as the helper is. */
#include "base/err.h"
#include "base/pix.h"
#include "ocr/engine.h"
#include "ocr/laid_out.h"
#include "ocr/language.h"
#include "ocr/recognise.h"
#include "tests/unit/ocr/caught_pages.h"
#include "tests/unit/ocr/known_leaks.h"

#include <leptonica/allheaders.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static const char letter[] = "Ribbleshire Family Centre\n\nDear Mrs Example,\n\nThank you for meeting us on "
                             "Tuesday morning. We agreed that\n"
                             "Jamie would stay with his grandmother until the end of term,\nand that the "
                             "school would ring you every Friday.\n"
                             "Please keep this letter somewhere safe and bring it along when\nwe see each "
                             "other again in September.\n\n"
                             "Yours sincerely,\n\nPat Tester\nSocial Worker\n";

static struct ocr *ocr;
static struct caught laid; /* the letter, laid out: its words and their places are the answers */

static int load(void **state) {
    (void)state;
    struct page_sink sink = caught_sink(&laid);
    return ocr_new("eng", "none", &ocr) || laid_out_open("", letter, &sink);
}

static int unload(void **state) {
    (void)state;
    caught_drop(&laid);
    ocr_drop(&ocr);
    return ocr != NULL;
}

/* The letter as grey at 300 dpi, leaning clockwise and then turned clockwise. */
static struct buf letter_picture(float lean_deg, int turn_deg) {
    struct buf out = {0};
    PIX *pix = NULL, *grey, *leaning, *turned;
    assert_int_equal(pix_decode(laid.pages[0].page.picture.bytes, 0, &pix), 0);
    grey = pixScaleToGray(pix, 0.9999f);
    pixDestroy(&pix);
    pix = pixScale(grey, 1.5f, 1.5f);
    leaning = pixRotate(pix, lean_deg * 0.0174533f, L_ROTATE_AREA_MAP, L_BRING_IN_WHITE, 0, 0);
    turned = pixRotateOrth(leaning, turn_deg / 90);
    assert_int_equal(pix_encode_jpeg(turned, 85, &out), 0);
    pixDestroy(&grey);
    pixDestroy(&pix);
    pixDestroy(&leaning);
    pixDestroy(&turned);
    return out;
}

static const struct word *find(const struct words *words, const char *text) {
    for (size_t i = 0; i < words->count; i++)
        if (strcmp(words->list[i].text, text) == 0)
            return &words->list[i];
    return NULL;
}

static size_t count_found(const struct words *words) {
    size_t found = 0;
    const struct words *answers = &laid.pages[0].page.words;
    for (size_t i = 0; i < answers->count; i++)
        found += find(words, answers->list[i].text) != NULL;
    return found * 100 / answers->count;
}

static void the_letter_is_read_upright(void **state) {
    (void)state;
    struct buf jpeg = letter_picture(0, 0);
    struct picture picture = {.format = PICTURE_JPEG, .bytes = buf_view(&jpeg), .dpi = 300};
    struct page_reading reading;
    assert_int_equal(ocr_read_page(ocr, &picture, 595, 842, &reading), 0);
    assert_int_equal(reading.turn, 0);
    assert_true(fabsf(reading.skew_deg) < 0.1f);
    assert_true(reading.quality > 80);
    assert_string_equal(reading.trouble, "");
    assert_true(count_found(&reading.words) >= 95);
    const struct word *answer = find(&laid.pages[0].page.words, "grandmother");
    const struct word *read = find(&reading.words, "grandmother");
    assert_non_null(read);
    assert_true(fabsf(read->box.x0 - answer->box.x0) < 3 && fabsf(read->box.x1 - answer->box.x1) < 3);
    assert_true(read->box.y0 > answer->box.y0 - 3 && read->box.y1 < answer->box.y1 + 3);
    assert_true(find(&reading.words, "Dear")->line < read->line);
    page_reading_drop(&reading);
    buf_drop(&jpeg);
}

static void expect_turned(float lean_deg, int turn_deg) {
    struct buf jpeg = letter_picture(lean_deg, turn_deg);
    struct picture picture = {.format = PICTURE_JPEG, .bytes = buf_view(&jpeg), .dpi = 300};
    struct page_reading reading;
    bool sideways = turn_deg % 180 != 0;
    assert_int_equal(ocr_read_page(ocr, &picture, sideways ? 842 : 595, sideways ? 595 : 842, &reading), 0);
    assert_int_equal(reading.turn, (360 - turn_deg) % 360);
    assert_true(fabsf(reading.skew_deg - lean_deg) < 0.15f);
    assert_true(count_found(&reading.words) >= 90);
    /* where "Tuesday" went: lean about the middle, then turn */
    const struct word *answer = find(&laid.pages[0].page.words, "Tuesday"),
                      *read = find(&reading.words, "Tuesday");
    assert_non_null(read);
    float a = lean_deg * 0.0174533f, x = (answer->box.x0 + answer->box.x1) / 2 - 297.5f,
          y = (answer->box.y0 + answer->box.y1) / 2 - 421;
    float lx = x * cosf(a) - y * sinf(a), ly = x * sinf(a) + y * cosf(a);
    float tx = turn_deg == 90 ? 421 - ly : turn_deg == 180 ? 297.5f - lx : 421 + ly;
    float ty = turn_deg == 90 ? 297.5f + lx : turn_deg == 180 ? 421 - ly : 297.5f - lx;
    assert_true(fabsf((read->box.x0 + read->box.x1) / 2 - tx) < 4);
    assert_true(fabsf((read->box.y0 + read->box.y1) / 2 - ty) < 4);
    page_reading_drop(&reading);
    buf_drop(&jpeg);
}

static void the_letter_is_read_upside_down(void **state) {
    (void)state;
    expect_turned(-1.2f, 180);
}

static void the_letter_is_read_on_its_side(void **state) {
    (void)state;
    expect_turned(2.0f, 90);
    expect_turned(0, 270);
}

static void a_picture_without_words_says_so(void **state) {
    (void)state;
    PIX *pix = pixCreate(1240, 1754, 8);
    srand(7);
    for (int y = 0; y < 1754; y++)
        for (int x = 0; x < 1240; x++)
            pixSetPixel(pix, x, y, (l_uint32)(128 + 100 * sin(x / 170.0) * cos(y / 210.0)));
    struct buf png = {0};
    pix_encode_png(pix, &png);
    pixDestroy(&pix);
    struct picture picture = {.format = PICTURE_PNG, .bytes = buf_view(&png), .dpi = 150};
    struct page_reading reading;
    assert_int_equal(ocr_read_page(ocr, &picture, 595, 842, &reading), 0);
    assert_string_not_equal(reading.trouble, "");
    assert_true(reading.quality < 60);
    page_reading_drop(&reading);
    buf_drop(&png);
}

static void bad_pictures_are_errors(void **state) {
    (void)state;
    struct picture picture = {
        .format = PICTURE_JPEG, .bytes = view_text("no picture at all, but long enough"), .dpi = 300};
    struct page_reading reading;
    assert_int_equal(ocr_read_page(ocr, &picture, 595, 842, &reading), ERR_DAMAGED);
    assert_null(reading.words.list);
    page_reading_drop(&reading);
}

static void tiny_and_odd_pictures_are_read_without_harm(void **state) {
    (void)state;
    static const int sizes[][2] = {{1, 1}, {3, 500}, {500, 2}, {20, 20}, {33, 33}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        for (int depth = 1; depth <= 8; depth += 7) {
            PIX *pix = pixCreate(sizes[i][0], sizes[i][1], depth);
            struct buf png = {0};
            pix_encode_png(pix, &png);
            pixDestroy(&pix);
            struct picture picture = {.format = PICTURE_PNG, .bytes = buf_view(&png), .dpi = 72};
            struct page_reading reading;
            assert_int_equal(ocr_read_page(ocr, &picture, (float)sizes[i][0], (float)sizes[i][1], &reading),
                             0);
            assert_int_equal(reading.words.count, 0);
            assert_string_not_equal(reading.trouble, "");
            page_reading_drop(&reading);
            buf_drop(&png);
        }
}

static void upright_is_taken_as_it_is(void **state) {
    (void)state;
    PIX *pix = NULL;
    struct words words;
    assert_int_equal(pix_decode(laid.pages[0].page.picture.bytes, 0, &pix), 0);
    assert_int_equal(ocr_read_upright(ocr, pix, 595, 842, &words), 0);
    assert_true(count_found(&words) >= 85);
    const struct word *answer = find(&laid.pages[0].page.words, "September."),
                      *read = find(&words, "September.");
    assert_non_null(read);
    assert_true(fabsf(read->box.x0 - answer->box.x0) < 3 && fabsf(read->box.x1 - answer->box.x1) < 3);
    words_drop(&words);
    pixDestroy(&pix);
}

static void a_language_that_is_missing_is_told(void **state) {
    (void)state;
    struct ocr *none = NULL;
    assert_int_equal(ocr_new("zzz", "none", &none), ERR_NOT_FOUND);
    assert_int_equal(ocr_new("eng+zzz", "none", &none), ERR_NOT_FOUND); /* one of several too */
    assert_int_equal(ocr_new("zzz+eng", "none", &none), ERR_NOT_FOUND);
    assert_null(none);
}

/* ---- languages */

static const char polish[] = "Szanowna Pani,\n\npiszę w sprawie mojego wnuka, który mieszka teraz u mojej córki przy ulicy Długiej. Od kilku\n"
                             "miesięcy bardzo się o niego martwię, ponieważ chłopiec często chodzi głodny i nie ma\n"
                             "ciepłych ubrań na zimę. Kiedy go ostatnio widziałam, miał siniaki na ramionach i nie\n"
                             "chciał powiedzieć, skąd się wzięły. Moja córka mówi, że wszystko jest w porządku, ale\n"
                             "ja jej nie wierzę. Chciałabym, żeby ktoś z urzędu do niej pojechał i z nim porozmawiał.\n";

static struct page_reading polish_read(struct ocr *with) {
    struct caught page;
    struct page_sink sink = caught_sink(&page);
    struct page_reading reading;
    assert_int_equal(laid_out_open("", polish, &sink), 0);
    assert_int_equal(ocr_read_page(with, &page.pages[0].page.picture, 595, 842, &reading), 0);
    caught_drop(&page);
    return reading;
}

static void skip_without_polish(void) {
    if (language_is_installed("pol"))
        return;
    languages_start(NULL, "none");
    print_message("skipped: Debian's package tesseract-ocr-pol is not there\n");
    skip();
}

static void a_page_in_polish_is_read_in_polish(void **state) {
    (void)state;
    languages_start(NULL, "auto");
    skip_without_polish();
    struct ocr *any = NULL;
    assert_int_equal(ocr_new("eng", "auto", &any), 0);
    struct page_reading reading = polish_read(any);
    assert_string_equal(reading.language, "pol+eng");
    assert_string_equal(reading.trouble, "");
    assert_non_null(find(&reading.words, "chłopiec"));
    assert_non_null(find(&reading.words, "porządku,"));
    assert_non_null(find(&reading.words, "wierzę."));
    assert_true(reading.quality > 80);
    page_reading_drop(&reading);
    struct buf jpeg = letter_picture(0, 0); /* and an English page after it in English */
    struct picture picture = {.format = PICTURE_JPEG, .bytes = buf_view(&jpeg), .dpi = 300};
    assert_int_equal(ocr_read_page(any, &picture, 595, 842, &reading), 0);
    assert_string_equal(reading.language, "eng");
    assert_true(count_found(&reading.words) >= 95);
    page_reading_drop(&reading);
    buf_drop(&jpeg);
    ocr_drop(&any);
    languages_start(NULL, "none");
}

/* What can be read is given, and what is missing is named. */
static void without_its_data_the_package_is_named(void **state) {
    (void)state;
    struct page_reading reading = polish_read(ocr);
    assert_string_equal(reading.trouble, "seems to be in Polish; to have it read, install Debian's package tesseract-ocr-pol");
    assert_string_equal(reading.language, "eng");
    assert_non_null(find(&reading.words, "mojego"));
    assert_null(find(&reading.words, "chłopiec"));
    page_reading_drop(&reading);
}

static void a_language_of_the_standing_engine_is_no_other(void **state) {
    (void)state;
    struct ocr *both = NULL;
    languages_start(NULL, "auto");
    skip_without_polish();
    assert_int_equal(ocr_new("eng+pol", "none", &both), 0);
    struct page_reading reading = polish_read(both);
    assert_string_equal(reading.language, "eng+pol");
    assert_string_equal(reading.trouble, "");
    assert_non_null(find(&reading.words, "chłopiec"));
    page_reading_drop(&reading);
    ocr_drop(&both);
    languages_start(NULL, "none");
}

static void an_engine_without_data_gives_no_words(void **state) {
    (void)state;
    PIX *pix = NULL;
    struct words words = {0};
    struct engine_order order = {.languages = "zzz", .dpi = 200};
    assert_int_equal(pix_decode(laid.pages[0].page.picture.bytes, 0, &pix), 0);
    for (int i = 0; i < 2; i++) {
        engine_words(ocr, pix, &order, &words);
        assert_int_equal(words.count, 0);
        order.languages = "zzz+eng";
    }
    order.languages = "eng"; /* by its name or by NULL: the standing one */
    engine_words(ocr, pix, &order, &words);
    size_t count = words.count;
    assert_true(count > 60);
    order.languages = NULL;
    engine_words(ocr, pix, &order, &words);
    assert_int_equal(words.count, 2 * count); /* appended */
    words_drop(&words);
    pixDestroy(&pix);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_letter_is_read_upright),
        cmocka_unit_test(the_letter_is_read_upside_down),
        cmocka_unit_test(the_letter_is_read_on_its_side),
        cmocka_unit_test(a_picture_without_words_says_so),
        cmocka_unit_test(bad_pictures_are_errors),
        cmocka_unit_test(tiny_and_odd_pictures_are_read_without_harm),
        cmocka_unit_test(upright_is_taken_as_it_is),
        cmocka_unit_test(a_language_that_is_missing_is_told),
        cmocka_unit_test(a_page_in_polish_is_read_in_polish),
        cmocka_unit_test(without_its_data_the_package_is_named),
        cmocka_unit_test(a_language_of_the_standing_engine_is_no_other),
        cmocka_unit_test(an_engine_without_data_gives_no_words),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
