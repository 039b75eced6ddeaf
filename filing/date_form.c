#include "filing/date_form.h"

#include "base/clock.h"
#include "base/text.h"
#include "filing/identifier.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define PART 16

static int month_of(const char *word) {
    static const char *const names[] = {"january",   "february", "march",    "april",
                                        "may",       "june",     "july",     "august",
                                        "september", "october",  "november", "december"};
    char low[PART];
    size_t len = 0;
    for (; word[len] && len + 1 < PART; len++)
        low[len] = (char)tolower((unsigned char)word[len]);
    low[len] = 0;
    while (len && !isalnum((unsigned char)low[len - 1]))
        low[--len] = 0;
    if (len < 3 || word[0] == 0)
        return 0;
    for (int m = 0; m < 12; m++)
        if (strncmp(names[m], low, len) == 0 && (len == 3 || len >= strlen(names[m]) || (m == 8 && len == 4)))
            return m + 1;
    for (int m = 0; m < 12 && len >= 4; m++)
        if (text_distance(low, names[m], 1) <= 1)
            return m + 1;
    return 0;
}

/* A number of one to four digits with "st", "nd", "rd", "th" and end signs left off; -1 when it is none. */
static int number_of(const char *word) {
    char part[PART], digits[IDENTIFIER_TEXT];
    size_t len = strlen(word);
    while (len && strchr(".,;:)", word[len - 1]))
        len--;
    if (len > 2 && isdigit((unsigned char)word[0]) && len <= 4) {
        static const char *const endings[] = {"st", "nd", "rd", "th"};
        for (size_t i = 0; i < 4; i++)
            if (strncasecmp(word + len - 2, endings[i], 2) == 0) {
                len -= 2;
                break;
            }
    }
    if (len == 0 || len > 4)
        return -1;
    memcpy(part, word, len);
    part[len] = 0;
    if (!identifier_digits(part, digits) || strlen(digits) != len) {
        /* one sure digit in two is enough for a day: "1O", "l2" */
        if (len != 2 || !(isdigit((unsigned char)part[0]) || isdigit((unsigned char)part[1])))
            return -1;
        char padded[] = {part[0], part[1], '0', 0};
        if (!identifier_digits(padded, digits))
            return -1;
        digits[2] = 0;
    }
    return atoi(digits);
}

static int whole_year(int year, size_t digits) {
    if (digits == 4)
        return year;
    return digits == 2 ? (year <= 30 ? 2000 + year : 1900 + year) : -1;
}

static int32_t day_number(int day, int month, int year) {
    return year >= 1900 && year <= 2100 ? date_from(year, month, day) : DATE_NONE;
}

/* "12l03/2011", "12.O3~2011": two digits, two and four, or two, in a word of that length; one of the strokes between may be misread. */
static int32_t date_by_places(const char *word) {
    char text[PART], digits[PART] = "";
    size_t len = strlen(word), sure = 0;
    while (len && strchr(".,;:)]", word[len - 1]))
        len--;
    if ((len != 10 && len != 8) || !strchr("/.-~l|i!'", word[2]) || !strchr("/.-~l|i!'", word[5]) ||
        !(strchr("/.-", word[2]) || strchr("/.-", word[5])))
        return DATE_NONE;
    for (size_t i = 0, n = 0; i < len; i++) {
        if (i == 2 || i == 5)
            continue;
        char padded[] = {word[i], '0', '0', 0};
        sure += isdigit((unsigned char)word[i]) != 0;
        if (word[i] == '.' || word[i] == '-' || !identifier_digits(padded, text))
            return DATE_NONE;
        digits[n++] = text[0];
        digits[n] = 0;
    }
    if (sure * 3 < strlen(digits) * 2)
        return DATE_NONE;
    int number = atoi(digits), rest = len == 10 ? 10000 : 100, year = number % rest, month = number / rest % 100, day = number / rest / 100;
    return day_number(day, month, whole_year(year, len == 10 ? 4 : 2));
}

/* "12/03/2011", "12.3.11", "12-Mar-11", "2011-03-12" in one word. */
static int32_t date_in_word(const char *word) {
    char parts[3][PART];
    size_t part = 0, len = 0;
    while (*word == '(' || *word == '[')
        word++;
    for (; *word; word++) {
        bool between = strchr("/.-", *word) != NULL;
        if (between && len && part < 2) {
            parts[part++][len] = 0;
            len = 0;
        } else if (strchr(".,;:)]", *word) && part == 2 && len)
            break;
        else if (between || len + 1 >= PART)
            return DATE_NONE;
        else
            parts[part][len++] = *word;
    }
    if (part != 2 || !len)
        return DATE_NONE;
    parts[2][len] = 0;
    int a = number_of(parts[0]), c = number_of(parts[2]);
    int month = month_of(parts[1]), b = month ? month : number_of(parts[1]);
    if (a < 0 || b < 0 || c < 0)
        return DATE_NONE;
    if (strlen(parts[0]) == 4)
        return day_number(c, b, a);
    return strlen(parts[0]) <= 2 && strlen(parts[1]) <= 9 ? day_number(a, b, whole_year(c, strlen(parts[2])))
                                                          : DATE_NONE;
}

/* Digits at the start of a word that stands for a year: "2011,", "11". */
static int year_of(const char *word) {
    size_t len = strlen(word);
    while (len && strchr(".,;:)]'", word[len - 1]))
        len--;
    if (*word == '\'')
        return len == 3 ? whole_year(number_of(word + 1), 2) : -1;
    int year = number_of(word);
    return year < 0 ? -1 : whole_year(year, len);
}

size_t date_form_read(const char *const *pieces, size_t count, int32_t *ret_day) {
    int32_t day = DATE_NONE;
    size_t taken = 0;
    if (count >= 1 && ((day = date_in_word(pieces[0])) != DATE_NONE || (day = date_by_places(pieces[0])) != DATE_NONE))
        taken = 1;
    else if (count >= 3 && month_of(pieces[1]) && number_of(pieces[0]) > 0) {
        day = day_number(number_of(pieces[0]), month_of(pieces[1]), year_of(pieces[2]));
        taken = 3;
    } else if (count >= 3 && month_of(pieces[0]) && number_of(pieces[1]) > 0) {
        day = day_number(number_of(pieces[1]), month_of(pieces[0]), year_of(pieces[2]));
        taken = 3;
    } else if (count >= 4 && strcasecmp(pieces[1], "of") == 0 && month_of(pieces[2]) &&
               number_of(pieces[0]) > 0) {
        day = day_number(number_of(pieces[0]), month_of(pieces[2]), year_of(pieces[3]));
        taken = 4;
    }
    if (day == DATE_NONE)
        return 0;
    *ret_day = day;
    return taken;
}

static int digits_swapped(int a, int b) {
    return a % 10 == b / 10 % 10 && a / 10 % 10 == b % 10 && a / 100 == b / 100;
}

int date_form_is_near(int32_t a, int32_t b) {
    int y1, m1, d1, y2, m2, d2;
    if (a == b || a == DATE_NONE || b == DATE_NONE)
        return 0;
    date_parts(a, &y1, &m1, &d1);
    date_parts(b, &y2, &m2, &d2);
    if ((y1 == y2) + (m1 == m2) + (d1 == d2) == 2)
        return 1;
    if (y1 == y2 && m1 == d2 && d1 == m2)
        return 1;
    char x[16], z[16];
    date_text(a, x);
    date_text(b, z);
    return identifier_differences(x, z) <= 2 &&
           (digits_swapped(y1, y2) || digits_swapped(m1, m2) || digits_swapped(d1, d2));
}
