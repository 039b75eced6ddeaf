/* Tables row by row, letterheads block by block, columns of prose as they came; every word comes out once. Letters are 6 wide, lines 10
 * high. */
#include "base/mem.h"
#include "ocr/table_order.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { LETTER = 6, HIGH = 10 };

/* What Tesseract would give: lines and blocks are numbered as they are put. */
struct page {
    struct words words;
    uint32_t line, block;
};

/* One line of text from x on; a word each 6 units for each letter. */
static void put(struct page *page, float x, float y, const char *text) {
    char *copy = mem_text(text), *rest = NULL;
    for (char *w = strtok_r(copy, " ", &rest); w; w = strtok_r(NULL, " ", &rest)) {
        float right = x + LETTER * (float)strlen(w);
        words_add(&page->words, (struct box){x, y, right, y + HIGH}, page->line, page->block, 90, w);
        x = right + LETTER;
    }
    page->line++;
    free(copy);
}

/* Lines below each other, so far apart; then the block ends. */
static void put_lines(struct page *page, float x, float y, float apart, const char *const *texts, size_t count) {
    for (size_t i = 0; i < count; i++)
        put(page, x, y + apart * (float)i, texts[i]);
    page->block++;
}
#define PUT_LINES(page, x, y, apart, ...)                                                                              \
    do {                                                                                                               \
        const char *const texts_[] = {__VA_ARGS__};                                                                    \
        put_lines(page, x, y, apart, texts_, sizeof texts_ / sizeof *texts_);                                          \
    } while (0)

/* Lines and blocks must be numbered as words_text() and the callers take them: from 0, one after the other. */
static void expect_numbers(const struct words *words) {
    for (size_t i = 0; i < words->count; i++) {
        const struct word *w = &words->list[i];
        if (!i) {
            assert_int_equal(w->line, 0);
            assert_int_equal(w->block, 0);
        } else {
            assert_in_range(w->line - w[-1].line, 0, 1);
            assert_in_range(w->block - w[-1].block, 0, 1);
            assert_true(w->block == w[-1].block || w->line != w[-1].line);
        }
    }
}

static void expect(struct page *page, const char *wanted) {
    struct buf text = {0};
    table_order(&page->words);
    words_text(&page->words, &text);
    assert_string_equal(buf_text(&text), wanted);
    buf_drop(&text);
    words_drop(&page->words);
}

/* ---- tables */

/* Tesseract gives a table without rules column by column. */
static void a_table_goes_row_by_row(void **state) {
    (void)state;
    struct page page = {0};
    PUT_LINES(&page, 50, 100, 16, "Name", "Ada Quill", "Bert Moss", "Cleo Tarn");
    PUT_LINES(&page, 200, 100, 16, "Born", "2011", "2013", "2016");
    PUT_LINES(&page, 300, 100, 16, "School", "Hill Road", "Mill Lane", "none yet");
    table_order(&page.words);
    expect_numbers(&page.words);
    expect(&page, "Name Born School\nAda Quill 2011 Hill Road\nBert Moss 2013 Mill Lane\nCleo Tarn 2016 none yet");
}

static void what_stands_round_a_table_stays(void **state) {
    (void)state;
    struct page page = {0};
    PUT_LINES(&page, 50, 40, 16, "These are the children who live with their mother at the address",
              "that was given to us on Monday, and the schools that they go to.");
    PUT_LINES(&page, 50, 100, 16, "Name", "Ada Quill", "Bert Moss", "Cleo Tarn");
    PUT_LINES(&page, 200, 100, 16, "Born", "2011", "2013", "2016");
    PUT_LINES(&page, 300, 100, 16, "School", "Hill Road", "Mill Lane", "none yet");
    PUT_LINES(&page, 50, 200, 16, "None of them has been seen by the nurse since the end of the year,",
              "and nobody has told us why.");
    expect(&page, "These are the children who live with their mother at the address\n"
                  "that was given to us on Monday, and the schools that they go to.\n\n"
                  "Name Born School\nAda Quill 2011 Hill Road\nBert Moss 2013 Mill Lane\nCleo Tarn 2016 none yet\n\n"
                  "None of them has been seen by the nurse since the end of the year,\nand nobody has told us why.");
}

/* Cells of several lines, told apart by the white between rows: each cell is a block, its lines together. */
static void a_cell_keeps_its_lines_together(void **state) {
    (void)state;
    struct page page = {0};
    PUT_LINES(&page, 50, 100, 42, "Monday", "Tuesday", "Wednesday");
    page.block--;
    for (int i = 0; i < 3; i++) {
        static const char *const cells[][2] = {{"The mother rang", "the school office."}, {"Nobody opened", "the door."},
                                               {"A visit with", "the nurse."}};
        put_lines(&page, 200, 100 + 42 * (float)i, 13, cells[i], 2);
    }
    for (int i = 0; i < 3; i++) {
        static const char *const cells[][2] = {{"Write to", "her."}, {"Go there", "again."}, {"Ask for the", "red book."}};
        put_lines(&page, 400, 100 + 42 * (float)i, 13, cells[i], 2);
    }
    expect(&page, "Monday\n\nThe mother rang\nthe school office.\n\nWrite to\nher.\n\n"
                  "Tuesday\n\nNobody opened\nthe door.\n\nGo there\nagain.\n\n"
                  "Wednesday\n\nA visit with\nthe nurse.\n\nAsk for the\nred book.");
}

/* Where the white between rows is that between lines, the first column tells where a row begins. */
static void rows_begin_at_the_first_column(void **state) {
    (void)state;
    struct page page = {0};
    PUT_LINES(&page, 50, 100, 28, "12/03/2019", "19/03/2019", "02/04/2019", "11/05/2019");
    PUT_LINES(&page, 200, 100, 14, "Visit at home, nobody", "opened the door", "Call from the school", "about a bruise",
              "Meeting with the", "grandmother", "Visit at home", "all well");
    expect(&page, "12/03/2019\n\nVisit at home, nobody\nopened the door\n\n19/03/2019\n\nCall from the school\nabout a bruise\n\n"
                  "02/04/2019\n\nMeeting with the\ngrandmother\n\n11/05/2019\n\nVisit at home\nall well");
}

/* All columns have cells of several lines: the white tells where rows begin. */
static void rows_begin_at_the_white_between_them(void **state) {
    (void)state;
    static const char *const days[][2] = {{"Monday", "morning"}, {"Tuesday", "at noon"}, {"Wednesday", "evening"}};
    static const char *const cells[][3] = {{"The mother rang", "the school office", "about his bruise."},
                                           {"Nobody opened", "the door of the", "house to us."}, {"A visit with", "the nurse and", "her student."}};
    struct page page = {0};
    for (int i = 0; i < 3; i++)
        put_lines(&page, 50, 100 + 60 * (float)i, 13, days[i], 2);
    for (int i = 0; i < 3; i++)
        put_lines(&page, 200, 100 + 60 * (float)i, 13, cells[i], 3);
    expect(&page, "Monday\nmorning\n\nThe mother rang\nthe school office\nabout his bruise.\n\n"
                  "Tuesday\nat noon\n\nNobody opened\nthe door of the\nhouse to us.\n\n"
                  "Wednesday\nevening\n\nA visit with\nthe nurse and\nher student.");
}

/* The second line of a cell came before the first, with another cell between. */
static void lines_of_a_cell_are_put_in_order(void **state) {
    (void)state;
    struct page page = {0};
    PUT_LINES(&page, 50, 100, 28, "12/03/2019", "19/03/2019", "02/04/2019");
    PUT_LINES(&page, 200, 100, 14, "Visit at home, nobody", "opened the door", "Call from the school", "about a bruise");
    put(&page, 200, 170, "grandmother");
    put(&page, 420, 156, "yes");
    put(&page, 200, 156, "Meeting with the");
    PUT_LINES(&page, 420, 100, 28, "no", "no");
    expect(&page, "12/03/2019\n\nVisit at home, nobody\nopened the door\n\nno\n\n19/03/2019\n\nCall from the school\nabout a bruise\n\nno\n\n"
                  "02/04/2019\n\nMeeting with the\ngrandmother\n\nyes");
}

/* The dirt between columns is read as words that say nothing. */
static void specks_in_the_white_do_not_matter(void **state) {
    (void)state;
    struct page page = {0};
    PUT_LINES(&page, 50, 100, 16, "Ada Quill |", "Bert Moss |", "Cleo Tarn |", "Dora Beck |"); /* the bars from 110 to 116 */
    PUT_LINES(&page, 122, 100, 16, "2011", "2013", "2016", "2009");
    expect(&page, "Ada Quill | 2011\nBert Moss | 2013\nCleo Tarn | 2016\nDora Beck | 2009");
}

/* A form: what ends in a colon, and what was filled in. */
static void labels_go_with_their_values(void **state) {
    (void)state;
    struct page page = {0};
    PUT_LINES(&page, 50, 100, 20, "Name:", "Address:", "School:", "Key worker:");
    PUT_LINES(&page, 200, 100, 20, "Ada Quill", "somewhere in Marlsea", "Hill Road", "nobody yet");
    expect(&page, "Name: Ada Quill\nAddress: somewhere in Marlsea\nSchool: Hill Road\nKey worker: nobody yet");
}

/* A line that goes across a table does not end it. */
static void a_heading_between_rows_is_let_pass(void **state) {
    (void)state;
    static const char *const names[] = {"Ada Quill", "Bert Moss", "Cleo Tarn", "Dora Beck", "Edda Lowe"};
    static const char *const years[] = {"2011", "2013", "2016", "2009", "2012"}, *const rooms[] = {"10", "12", "14", "16", "18"};
    struct page page = {0};
    put_lines(&page, 50, 100, 16, names, 5);
    put(&page, 50, 180, "Those who are at school in Marlsea and round it");
    put_lines(&page, 50, 196, 16, names, 5);
    for (int half = 0; half < 2; half++) {
        put_lines(&page, 200, 100 + 96 * (float)half, 16, years, 5);
        put_lines(&page, 300, 100 + 96 * (float)half, 16, rooms, 5);
    }
    expect(&page, "Ada Quill 2011 10\nBert Moss 2013 12\nCleo Tarn 2016 14\nDora Beck 2009 16\nEdda Lowe 2012 18\n"
                  "Those who are at school in Marlsea and round it\n"
                  "Ada Quill 2011 10\nBert Moss 2013 12\nCleo Tarn 2016 14\nDora Beck 2009 16\nEdda Lowe 2012 18");
}

/* Two rows are a table only when the white between their columns is wide. */
static void two_rows_need_a_wide_gutter(void **state) {
    (void)state;
    struct page page = {0};
    PUT_LINES(&page, 50, 100, 16, "Ward", "Room");
    PUT_LINES(&page, 200, 100, 16, "12", "7");
    expect(&page, "Ward 12\nRoom 7");
    struct page near = {0};
    PUT_LINES(&near, 50, 100, 16, "Ward", "Room");
    PUT_LINES(&near, 90, 100, 16, "12", "7");
    expect(&near, "Ward\nRoom\n\n12\n7");
}

/* ---- what is no table */

/* Lines of two columns, with something between them: a comma or a line feed. */
#define PROSE_LEFT(between) \
    "The children were seen by the nurse" between \
    "on the day before they moved to the" between \
    "house of their aunt, who had cleaned" between \
    "and painted the room that they would" between \
    "share until the end of the holidays" between \
    "and bought two beds and a lamp for"
#define PROSE_RIGHT(between) \
    "them with the money that she had been" between \
    "given by the council in the spring of" between \
    "that year. She told the social worker" between \
    "that nobody had asked her whether she" between \
    "would like to have them, but she was" between \
    "glad that they had come to stay with"
#define COMMA ,
#define TEXT_LEFT PROSE_LEFT("\n")
#define TEXT_RIGHT PROSE_RIGHT("\n")

static void columns_of_prose_stay(void **state) {
    (void)state;
    struct page page = {0};
    PUT_LINES(&page, 320, 100, 14, PROSE_RIGHT(COMMA)); /* in whichever order they came */
    PUT_LINES(&page, 50, 100, 14, PROSE_LEFT(COMMA));
    expect(&page, TEXT_RIGHT "\n\n" TEXT_LEFT);
}

/* The same, but half of the lines were read across the white between the columns. */
static void mixed_columns_are_parted(void **state) {
    (void)state;
    static const char *const left[] = {PROSE_LEFT(COMMA)}, *const right[] = {PROSE_RIGHT(COMMA)};
    struct page page = {0};
    for (int i = 0; i < 3; i++) {
        put(&page, 50, 100 + 14 * (float)i, left[i]);
        page.line--;
        put(&page, 320, 100 + 14 * (float)i, right[i]);
    }
    page.block++;
    put_lines(&page, 50, 142, 14, left + 3, 3);
    put_lines(&page, 320, 142, 14, right + 3, 3);
    table_order(&page.words);
    expect_numbers(&page.words);
    expect(&page, TEXT_LEFT "\n\n" TEXT_RIGHT);
}

/* Two addresses side by side, read across: each block by itself, so that nobody lives in the other's house. */
static void a_letterhead_is_read_block_by_block(void **state) {
    (void)state;
    static const char *const left[] = {"Mrs Joan Example", "126 The Paddocks", "Marlsea", "LX12 9PE"};
    static const char *const right[] = {"Ribbleshire Council", "Social Care", "County Hall", "Garsworth"};
    struct page page = {0};
    for (int i = 0; i < 4; i++) {
        put(&page, 50, 100 + 13 * (float)i, left[i]);
        page.line--;
        put(&page, 350, 100 + 13 * (float)i, right[i]);
    }
    expect(&page, "Mrs Joan Example\n126 The Paddocks\nMarlsea\nLX12 9PE\n\nRibbleshire Council\nSocial Care\nCounty Hall\nGarsworth");
}

static void one_column_stays(void **state) {
    (void)state;
    struct page page = {0};
    PUT_LINES(&page, 50, 100, 14, "Dear Mrs Example,");
    PUT_LINES(&page, 50, 128, 14, PROSE_LEFT(COMMA));
    PUT_LINES(&page, 50, 240, 14, "Yours sincerely,", "Pat Tester");
    expect(&page, "Dear Mrs Example,\n\n" TEXT_LEFT "\n\nYours sincerely,\nPat Tester");
}

/* ---- lines in the wrong order */

static void a_line_that_came_late_goes_up(void **state) {
    (void)state;
    struct page page = {0};
    put(&page, 50, 114, "she will come on Monday");
    put(&page, 50, 128, "and stay for the week");
    put(&page, 50, 100, "The mother told us that");
    expect(&page, "The mother told us that\nshe will come on Monday\nand stay for the week");
}

/* From far away no line is fetched: something else is wrong, and it would be torn from its own. */
static void a_line_far_away_stays(void **state) {
    (void)state;
    struct page page = {0};
    put(&page, 50, 400, "she will come on Monday");
    put(&page, 50, 100, "The mother told us that");
    expect(&page, "she will come on Monday\nThe mother told us that");
    struct page beside = {0};
    put(&beside, 50, 114, "on the left side");
    put(&beside, 400, 100, "on the right side");
    expect(&beside, "on the left side\non the right side");
}

/* ---- any words */

static int address_order(const void *a, const void *b) {
    const char *p = *(char *const *)a, *q = *(char *const *)b;
    return p < q ? -1 : p > q;
}

/* The words' texts themselves, by their addresses; you free the list, not the texts. */
static const char **texts_of(const struct words *words) {
    const char **texts = mem_new((words->count + 1) * sizeof *texts);
    for (size_t i = 0; i < words->count; i++)
        texts[i] = words->list[i].text;
    qsort(texts, words->count, sizeof *texts, address_order);
    return texts;
}

/* Pages that nobody would write: every word comes out once, with its own box. */
static void no_word_is_lost_or_doubled(void **state) {
    (void)state;
    srand(4);
    for (int turn = 0; turn < 400; turn++) {
        struct page page = {0};
        int lines = rand() % 60;
        for (int i = 0; i < lines; i++) {
            char text[64];
            snprintf(text, sizeof text, "w%d %s %d", i, rand() % 3 ? "word:" : "|", rand() % 4 * i);
            put(&page, (float)(rand() % 5 * 120), (float)(rand() % 40 * 12 + rand() % 3), text);
            page.block += rand() % 4 == 0;
            page.line -= rand() % 6 == 0;
        }
        const char **before = texts_of(&page.words);
        size_t count = page.words.count;
        table_order(&page.words);
        const char **after = texts_of(&page.words);
        assert_int_equal(page.words.count, count);
        for (size_t i = 0; i < count; i++)
            assert_ptr_equal(before[i], after[i]); /* the very same, none twice */
        for (size_t i = 0; i < count; i++) {
            const struct word *w = &page.words.list[i];
            assert_true(w->box.x1 - w->box.x0 == LETTER * (float)strlen(w->text) && w->confidence == 90);
        }
        for (int i = 0; i < 20; i++)
            words_add(&page.words, (struct box){0, 0, 1, 1}, 9, 9, 1, "more"); /* the list still grows */
        assert_int_equal(page.words.count, count + 20);
        free(before);
        free(after);
        words_drop(&page.words);
    }
}

static void nothing_and_one_word_are_fine(void **state) {
    (void)state;
    struct page page = {0};
    table_order(&page.words);
    assert_int_equal(page.words.count, 0);
    put(&page, 50, 100, "alone");
    expect(&page, "alone");
    struct page specks = {0};
    PUT_LINES(&specks, 50, 100, 16, ".", "|", "-", "_");
    PUT_LINES(&specks, 200, 100, 16, ".", "|", "-", "_");
    expect(&specks, ".\n|\n-\n_\n\n.\n|\n-\n_");
    struct page flat = {0};
    for (int i = 0; i < 8; i++)
        words_add(&flat.words, (struct box){5, 5, 5, 5}, (uint32_t)i, 0, 1, "x");
    table_order(&flat.words);
    assert_int_equal(flat.words.count, 8);
    words_drop(&flat.words);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_table_goes_row_by_row),
        cmocka_unit_test(what_stands_round_a_table_stays),
        cmocka_unit_test(a_cell_keeps_its_lines_together),
        cmocka_unit_test(rows_begin_at_the_first_column),
        cmocka_unit_test(rows_begin_at_the_white_between_them),
        cmocka_unit_test(lines_of_a_cell_are_put_in_order),
        cmocka_unit_test(specks_in_the_white_do_not_matter),
        cmocka_unit_test(labels_go_with_their_values),
        cmocka_unit_test(a_heading_between_rows_is_let_pass),
        cmocka_unit_test(two_rows_need_a_wide_gutter),
        cmocka_unit_test(columns_of_prose_stay),
        cmocka_unit_test(mixed_columns_are_parted),
        cmocka_unit_test(a_letterhead_is_read_block_by_block),
        cmocka_unit_test(one_column_stays),
        cmocka_unit_test(a_line_that_came_late_goes_up),
        cmocka_unit_test(a_line_far_away_stays),
        cmocka_unit_test(no_word_is_lost_or_doubled),
        cmocka_unit_test(nothing_and_one_word_are_fine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
