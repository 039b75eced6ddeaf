#include "ocr/language.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <leptonica/allheaders.h>

#include <cmocka.h>

#define ENGLISH                                                                                              \
    "Dear Mr Hollins, I am writing about your grandson, who has not been at school for three weeks. When "   \
    "he came back on Monday he "                                                                             \
    "was very tired and told his teacher that there was no food in the house. We are worried about him and " \
    "have asked a social "                                                                                   \
    "worker to visit you at home next week so that we can talk about what help the family would like from "  \
    "us. Please ring the school "                                                                            \
    "office if you want to speak to me before then. "

/* What the English engine makes of accents. */
#define POLISH_MISREAD                                                                                         \
    "Szanowna Pani, pisze w sprawie mojego wnuka, ktory mieszka teraz u mojej corki przy ulicy Dtugiej. Od "   \
    "kilku miesiecy bardzo sie o "                                                                             \
    "niego martwie, poniewaz chtopiec czesto chodzi gtodny i nie ma cieptych ubran na zime. Kiedy go "         \
    "ostatnio widziatam, miat siniaki na "                                                                     \
    "ramionach i nie chciat powiedzieé, skad sie wziety. Moja corka méwi, ze wszystko jest w porzadku, ale " \
    "ja jej nie wierze. "

static struct words words_of(const char *text, uint8_t confidence) {
    struct words words = {0};
    char *copy = strdup(text), *rest = copy;
    for (char *word; (word = strsep(&rest, " "));)
        if (*word)
            words_add(&words, (struct box){0, 0, 1, 1}, 0, 0, confidence, word);
    free(copy);
    return words;
}

static struct language_guess guess_of(const char *text, uint8_t confidence) {
    struct words words = words_of(text, confidence);
    struct language_guess guess = language_guess_words(&words);
    words_drop(&words);
    return guess;
}

static void expect(const char *text, const char *code) {
    struct language_guess guess = guess_of(text, 85);
    if (!guess.language)
        fail_msg("nothing found, not %s", code);
    assert_string_equal(guess.language->code, code);
    assert_true(guess.sure >= LANGUAGE_SURE);
}

static void test_letters_are_told(void **state) {
    (void)state;
    expect(POLISH_MISREAD, "pol");
    expect("Annwyl Mrs Pritchard, Ysgrifennaf atoch am eich merch Cerys, sydd ym mlwyddyn pedwar yn ein "
           "hysgol ni. Mae hi wedi bod yn absennol am "
           "dair wythnos bellach ac nid ydym wedi clywed gennych chi na neb arall o'r teulu. Pan ddaeth hi "
           "i'r ysgol roedd hi'n flinedig iawn "
           "a dywedodd wrth ei hathrawes nad oedd dim bwyd yn y ty. Bydd gweithiwr cymdeithasol yn ymweld yr "
           "wythnos nesaf er mwyn trafod pa "
           "gymorth y gallwn ei gynnig i chi",
           "cym");
    expect("Stimată doamnă, vă scriu în legătură cu nepotul meu, care locuiește acum cu tatăl lui într-un "
           "apartament mic de lângă gară. De la o "
           "vreme copilul nu mai merge la școală și nimeni nu știe unde își petrece ziua. Când l-am văzut "
           "săptămâna trecută era foarte slab și "
           "avea hainele murdare. Eu aș vrea să stea la mine, pentru că am o cameră liberă",
           "ron");
    expect("Vážená paní, obracím se na vás kvůli své vnučce, která bydlí se svou matkou v našem městě. Už "
           "několik týdnů o ni mám velký strach, "
           "protože přestala chodit do školy a nikdo mi neumí říct proč. Když jsem ji naposledy viděla, byla "
           "hubená. Řekla mi, že se bojí být doma "
           "sama, když je matka v práci. Byla bych ráda, kdyby mohla být u mě",
           "ces");
    expect("Vážená pani, obraciam sa na vás kvôli svojej vnučke, ktorá býva so svojou matkou v našom meste. "
           "Už niekoľko týždňov mám o ňu veľký "
           "strach, pretože prestala chodiť do školy a nikto mi nevie povedať prečo. Keď som ju naposledy "
           "videla, bola chudá. Povedala mi, že sa "
           "bojí byť doma sama, keď je matka v práci. Bola by som rada, keby mohla byť u mňa",
           "slk");
}

/* Welsh beside English, the one as much as the other. */
static void test_bilingual(void **state) {
    (void)state;
    expect(ENGLISH "Annwyl Mr Hollins, ysgrifennaf atoch am eich wyr, nad yw wedi bod yn yr ysgol ers tair "
                   "wythnos. Pan ddaeth yn ei ol ddydd Llun roedd "
                   "wedi blino ac fe ddywedodd wrth ei athro nad oedd dim bwyd yn y ty. Rydym yn poeni "
                   "amdano ac wedi gofyn i weithiwr cymdeithasol ddod "
                   "i'ch gweld yr wythnos nesaf. Ffoniwch swyddfa'r ysgol os ydych am siarad cyn hynny",
           "cym");
}

static void expect_none(const char *text, uint8_t confidence) {
    struct language_guess guess = guess_of(text, confidence);
    if (guess.language)
        fail_msg("taken for %s", guess.language->name);
}

static void test_english_stays(void **state) {
    (void)state;
    expect_none(ENGLISH, 90);
    expect_none("", 90);
    expect_none(ENGLISH
                "Mrs Agnieszka Kowalska said \"nie wiem\" and \"dzień dobry\" to Mr Jan Nowak and his mama.",
                90);
    expect_none(POLISH_MISREAD, 30); /* read so badly that it may be anything */
    char table[8000] = "";
    for (int i = 0; i < 30; i++)
        strcat(table, "1 Maria da Silva 14 Rue de la Gare Anneke van der Berg Juan de la Cruz 12/03/2019 "
                      "Hans von der Heide Luca della Valle ");
    expect_none(table, 90);
    for (char *at = table; *at; at++)
        *at = (char)(*at >= 'a' && *at <= 'z' ? *at - 32 : *at);
    expect_none(table, 90);
}

static void test_other_scripts(void **state) {
    (void)state;
    expect("محترمہ میں آپ کو اپنے نواسے کے بارے میں لکھ رہی ہوں جو اب اپنے والد کے ساتھ سٹیشن کے قریب ایک "
           "گھر میں رہتا ہے",
           "urd");
    expect("السيدة المحترمة أكتب إليكم بخصوص حفيدي الذي يعيش الآن مع والده في شقة صغيرة قرب المحطة منذ عدة "
           "أشهر وأنا قلقة عليه جدا",
           "ara");
    expect("این نامه را درباره نوه‌ام برای شما می‌نویسم که اکنون با پدرش در یک آپارتمان کوچک زندگی "
           "می‌کند و من برای او خیلی نگران هستم",
           "fas");
    expect("Шановна пані, я пишу вам про мого онука, який зараз живе зі своїм батьком. Уже кілька місяців я "
           "дуже хвилююся за нього, тому що він",
           "ukr");
    expect("拝啓 私の孫のことでお手紙を差し上げます", "jpn");
    assert_int_equal(script_of_letter(0x0A15), SCRIPT_GURMUKHI);
    assert_int_equal(script_of_letter('z'), SCRIPT_LATIN);
    assert_int_equal(script_of_letter('7'), SCRIPT_NONE);
}

static char folder[] = "/tmp/casefile-language-XXXXXX";

static void data_put(const char *code) {
    char path[100];
    snprintf(path, sizeof path, "%s/%s.traineddata", folder, code);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fclose(file);
}

static void data_remove(const char *code) {
    char path[100];
    snprintf(path, sizeof path, "%s/%s.traineddata", folder, code);
    unlink(path);
}

static const char *const put[] = {"eng", "pol", "ara", "rus", "chi_sim", "chi_tra"};

static void test_what_is_installed(void **state) {
    (void)state;
    const struct language *list[LANGUAGE_CANDIDATES_MOST];
    languages_start(folder, "auto");
    assert_true(language_is_installed("pol"));
    assert_false(language_is_installed("ron"));
    assert_false(language_is_installed("no such"));
    assert_int_equal(language_candidates((struct script_found){.script = SCRIPT_CYRILLIC, .sure = 1}, list),
                     4);
    assert_string_equal(list[0]->code, "rus");
    assert_string_equal(list[1]->code, "ara"); /* not urd: it is not there */
    assert_int_equal(language_candidates((struct script_found){.script = SCRIPT_LATIN, .sure = 9}, list), 0);
    languages_start(folder, "rus, ron");
    assert_false(language_is_installed("pol"));
    assert_true(language_is_installed("rus"));
    languages_start(folder, "none");
    assert_false(language_is_installed("rus"));
    languages_start("/nowhere", "auto");
    assert_false(language_is_installed("pol"));
}

static void test_engine(void **state) {
    (void)state;
    char engine[LANGUAGE_ENGINE_BYTES] = "";
    languages_start(folder, "auto");
    struct language_guess guess = guess_of(POLISH_MISREAD, 85), none = {0};
    assert_true(language_engine(&guess, engine));
    assert_string_equal(engine, "pol+eng");
    assert_false(language_engine(&none, engine));
    assert_true(language_is_in("pol", engine));
    assert_false(language_is_in("po", engine));
    languages_start(folder, "none");
    assert_false(language_engine(&guess, engine));
    char *text = language_missing_text(&guess);
    assert_string_equal(text,
                        "seems to be in Polish; to have it read, install Debian's package tesseract-ocr-pol");
    free(text);
}

static void test_fits(void **state) {
    (void)state;
    struct words urdu =
        words_of("محترمہ میں آپ کو اپنے نواسے کے بارے میں لکھ رہی ہوں جو اب اپنے والد کے ساتھ", 50);
    struct words hand = words_of("مر نام بے اوریں نا ہوں تا رس یداش کک ےےے ٹٹ قق", 50);
    const struct language *urd = language_of("urd");
    assert_true(language_fits(urd, &urdu, 50, 30));
    assert_false(language_fits(urd, &urdu, 50, 45));                /* hardly better than English letters */
    assert_false(language_fits(urd, &urdu, 35, 10));                /* nothing is sure */
    assert_false(language_fits(urd, &hand, 50, 30));                /* no common words */
    assert_true(language_fits(urd, &hand, 80, 30));                 /* but read well */
    assert_false(language_fits(language_of("rus"), &hand, 80, 30)); /* the wrong letters */
    words_drop(&urdu);
    words_drop(&hand);
}

static void test_every_row_can_be_named(void **state) {
    (void)state;
    size_t rows = 0;
    languages_start("/nowhere", "auto");
    for (int script = SCRIPT_LATIN + 1; script < SCRIPTS; script++) {
        struct language_guess guess = language_guess_of_script((enum script)script);
        assert_non_null(guess.language);
        char *text = language_missing_text(&guess);
        assert_true(strlen(text) <= 200);
        assert_non_null(strstr(text, "tesseract-ocr-"));
        free(text);
        rows++;
    }
    assert_int_equal(rows, SCRIPTS - 2);
    struct language_guess arabic = language_guess_of_script(SCRIPT_ARABIC),
                          somali = {.language = language_of("som"), .sure = 90};
    char *text = language_missing_text(&arabic);
    assert_non_null(strstr(text, "Arabic letters"));
    assert_non_null(strstr(text, "tesseract-ocr-urd (Urdu)"));
    free(text);
    text = language_missing_text(&somali);
    assert_null(strstr(text, "install"));
    free(text);
}

static void test_script_of_nothing(void **state) {
    (void)state;
    PIX *white = pixCreate(600, 400, 8);
    pixSetAll(white);
    assert_int_equal(script_find(white, 300, "/nowhere").script, SCRIPT_NONE);
    assert_int_equal(script_find(white, 300, NULL).script, SCRIPT_NONE);
    pixDestroy(&white);
}

static int folder_make(void **state) {
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    for (size_t i = 0; i < sizeof put / sizeof put[0]; i++)
        data_put(put[i]);
    return 0;
}

static int folder_remove(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof put / sizeof put[0]; i++)
        data_remove(put[i]);
    return rmdir(folder);
}

int main(void) {
    setMsgSeverity(L_SEVERITY_NONE);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_letters_are_told),
        cmocka_unit_test(test_bilingual),
        cmocka_unit_test(test_english_stays),
        cmocka_unit_test(test_other_scripts),
        cmocka_unit_test(test_what_is_installed),
        cmocka_unit_test(test_engine),
        cmocka_unit_test(test_fits),
        cmocka_unit_test(test_every_row_can_be_named),
        cmocka_unit_test(test_script_of_nothing),
    };
    return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
