/* find_dates.c: dates in the ways people write them, and which of them are dates of birth. */
#include "redact/find_private.h"

#include "base/clock.h"
#include "base/text.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Two-digit years belong to the hundred years that end next year. */
static int32_t day_of(int year, int month, int day) {
    if (year >= 0 && year < 100) {
        int now, month_now, day_now;
        date_parts(date_today(), &now, &month_now, &day_now);
        year += now / 100 * 100;
        if (year > now + 1)
            year -= 100;
    }
    return year < 1850 || year > 2200 ? DATE_NONE : date_from(year, month, day);
}

/* What stands for a digit after a scan; -1 for none. */
static int digit_of(char c) {
    const char *found = strchr("0O1lI|2Z5S8B6b9g", c);
    static const char digits[] = "0011112255886699";
    if (c >= '0' && c <= '9')
        return c - '0';
    return c && found ? digits[found - "0O1lI|2Z5S8B6b9g"] - '0' : -1;
}

/* 27/10/2018, 8.3.1986, 30-07-19, 2018-10-27, and nothing else in the word but signs round it. */
static int32_t date_of_signs(const char *word) {
    int part[3] = {0, 0, 0}, length[3] = {0, 0, 0}, at = 0, real = 0;
    const char *p = word + strspn(word, "([\"'.,:;");
    for (; *p && at < 3; p++) {
        int digit = digit_of(*p);
        if (digit >= 0 && length[at] < 4) {
            part[at] = part[at] * 10 + digit;
            length[at]++;
            real += isdigit((unsigned char)*p) != 0;
        } else if (strchr("/.-,", *p) && length[at] && digit_of(p[1]) >= 0 && at < 2) {
            at++;
        } else {
            break;
        }
    }
    if (at != 2 || !length[2] || real < 3 || strspn(p, ")].,;:'\"?!") != strlen(p))
        return DATE_NONE;
    if (length[0] == 4)
        return day_of(part[0], part[1], part[2]);
    if (length[0] > 2 || length[1] > 2 || length[2] == 3 || length[2] == 1)
        return DATE_NONE;
    return day_of(part[2], part[1], part[0]);
}

/* "27", "27th", "27th,": the number, or 0. */
static int day_number(const char *word) {
    char *end;
    if (!isdigit((unsigned char)*word))
        return 0;
    long n = strtol(word, &end, 10);
    if (n < 1 || n > 31)
        return 0;
    if (isalpha((unsigned char)*end) && strncmp(end, "st", 2) && strncmp(end, "nd", 2) &&
        strncmp(end, "rd", 2) && strncmp(end, "th", 2))
        return 0;
    end += isalpha((unsigned char)*end) ? 2 : 0;
    return strspn(end, ",.") == strlen(end) ? (int)n : 0;
}

static int year_number(const char *word) {
    size_t digits = strspn(word, "0123456789");
    if (digits != 4 && !(digits == 3 && word[0] == '\''))
        return 0;
    return strspn(word + digits, ".,;:)]'\"") == strlen(word + digits) ? atoi(word) : 0;
}

static int month_number(const char *word) {
    static const char *const months[] = {"january",   "february", "march",    "april",
                                         "may",       "june",     "july",     "august",
                                         "september", "october",  "november", "december"};
    char key[VOCABULARY_KEY];
    if (!isalpha((unsigned char)*word) && *word != '(')
        return 0;
    size_t len = vocabulary_key(word, strlen(word), key);
    for (int m = 0; m < 12 && len >= 3; m++) {
        if (strncmp(months[m], key, len) == 0 && (len == 3 || strcmp(months[m], key) == 0 || len == 4))
            return m + 1;
        /* One letter off leaves the first or the second where it was, but for one lost or added in front. */
        if (len >= 5 && (key[0] == months[m][0] || key[1] == months[m][1]) && text_distance(months[m], key, 1) <= 1)
            return m + 1;
    }
    return 0;
}

static bool is_weekday(const char *word) {
    static const char *const days[] = {"monday", "tuesday",  "wednesday", "thursday",
                                       "friday", "saturday", "sunday"};
    char key[VOCABULARY_KEY];
    size_t len = isalpha((unsigned char)*word) ? vocabulary_key(word, strlen(word), key) : 0;
    for (int i = 0; i < 7 && len >= 3; i++)
        if (strncmp(days[i], key, len) == 0)
            return true;
    return false;
}

static size_t named_month_at(const struct finder *finder, size_t w, int32_t *ret_day) {
    const char *a = find_text_word(&finder->text, w), *b = find_text_word(&finder->text, w + 1), *c = find_text_word(&finder->text, w + 2);
    int day = day_number(a), month = month_number(b), year = year_number(c);
    if (!month && (month = month_number(a)))
        day = day_number(b);
    if (!day || !month || !year)
        return 0;
    int32_t number = day_of(year, month, day);
    if (number == DATE_NONE)
        return 0;
    *ret_day = number;
    return 3;
}

/* 7-Oct-71, 26/Nov/2008 */
static int32_t date_of_short_month(const char *word) {
    int day = 0, year = 0, read = 0;
    char month[16] = "";
    const char *p = word + strspn(word, "([\"'.,:;");
    if (sscanf(p, "%2d%*1[-/.]%9[A-Za-z]%*1[-/.]%4d%n", &day, month, &year, &read) != 3 || day < 1)
        return DATE_NONE;
    if (strspn(p + read, ")].,;:'\"?!") != strlen(p + read) || !month_number(month) ||
        (year > 99 && year < 1850))
        return DATE_NONE;
    return day_of(year, month_number(month), day);
}

size_t find_date_at(const struct finder *finder, size_t word, int32_t *ret_day) {
    const char *text = find_text_word(&finder->text, word);
    if (isalpha((unsigned char)*text) && !is_weekday(text) && !month_number(text))
        return 0;
    int32_t day = date_of_signs(text);
    if (day == DATE_NONE)
        day = date_of_short_month(text);
    if (day != DATE_NONE) {
        *ret_day = day;
        return 1;
    }
    size_t named = named_month_at(finder, word, ret_day);
    if (!named && is_weekday(text) && !is_weekday(find_text_word(&finder->text, word + 1))) {
        named = find_date_at(finder, word + 1, ret_day);
        named += named != 0;
    }
    return named;
}

/* ---- of birth
 * ----------------------------------------------------------------------------------------------- */

/* "DOB", "D.O.B.", "date of birth", "born" in the six words before, on this line or the two before it. */
static bool birth_before(const struct finder *finder, size_t word) {
    const struct find_word *words = finder->text.words;
    for (size_t k = 1; k <= 6 && k <= word; k++) {
        const struct find_word *w = &words[word - k];
        if (w->page != words[word].page || words[word].word->line - w->word->line > 2)
            return false;
        char key[VOCABULARY_KEY];
        vocabulary_key(w->word->text, strlen(w->word->text), key);
        uint32_t entry = vocabulary_find(&finder->vocabulary, key);
        if (entry != ENTRY_NONE && (finder->vocabulary.list[entry].traits & WORD_BIRTH))
            return true;
        size_t len = strlen(key);
        if ((len >= 4 && text_distance(key, "birth", 1) <= 1) ||
            (len <= 6 && len >= 3 && (strncmp(key, "dob", 3) == 0 || strncmp(key, "d0b", 3) == 0)))
            return true;
        int32_t day;
        if (find_date_at(finder, word - k, &day))
            return false;
    }
    return false;
}

static bool born_then(const struct finder *finder, int32_t day) {
    for (size_t i = 0; i < finder->party_count; i++)
        if (finder->parties[i].linked && finder->parties[i].born == day)
            return true;
    return false;
}

static bool is_birth_label(const struct finder *finder, size_t word) {
    char key[VOCABULARY_KEY];
    const char *text = find_text_word(&finder->text, word);
    size_t len = vocabulary_key(text, strlen(text), key);
    return (len >= 3 && len <= 6 && (strncmp(key, "dob", 3) == 0 || strncmp(key, "d0b", 3) == 0)) ||
           (len >= 4 && text_distance(key, "birth", 1) <= 1);
}

static size_t digits_in(const char *word) {
    size_t digits = 0;
    for (; *word; word++)
        digits += isdigit((unsigned char)*word) != 0;
    return digits;
}

/* "25/O7/201w", "01-0i5-1988": the shape of a date, though the scan has spoilt a sign or two. */
static bool has_date_shape(const char *word) {
    size_t digits = 0, letters = 0, signs = 0;
    for (const char *p = word + strspn(word, "([\"'.,:;"); *p && strspn(p, ")].,;:'\"?!") != strlen(p); p++) {
        digits += isdigit((unsigned char)*p) != 0;
        letters += isalpha((unsigned char)*p) != 0;
        signs += strchr("/-.", *p) != NULL;
    }
    return digits >= 4 && signs >= 2 && signs <= 3 && letters <= 3 && digits + letters >= 6 && digits + letters <= 9;
}

/* "16th Mae 1975", "l8 July 1997", "Monday 7tb April 1997": a month in the middle, whatever is left of it. */
static size_t spoilt_words_at(const struct finder *finder, size_t word) {
    size_t skip = is_weekday(find_text_word(&finder->text, word));
    const char *day = find_text_word(&finder->text, word + skip), *month = find_text_word(&finder->text, word + skip + 1),
               *year = find_text_word(&finder->text, word + skip + 2);
    bool is_day = *day && strlen(day) <= 4 && (digits_in(day) || digit_of(*day) >= 0), is_month = !digits_in(month) || month_number(month);
    is_month = is_month && isalpha((unsigned char)*month) && strlen(month) >= 3 && strlen(month) <= 10;
    size_t numbers = digits_in(year), length = strlen(year);
    bool is_year = numbers >= 3 && numbers <= 4 && length >= 4 && length <= 8 && !strpbrk(year, "/-");
    return is_day && is_month && is_year && find_text_same_page(&finder->text, word, word + skip + 2) ? skip + 3 : 0;
}

/* Words with digits, and a month or weekday among them: a date that the scan has spoilt. */
static size_t spoilt_date_at(const struct finder *finder, size_t word) {
    size_t digits = 0, count = spoilt_words_at(finder, word);
    if (count)
        return count;
    for (; count < 4 && word + count < finder->text.word_count; count++) {
        const struct find_word *w = &finder->text.words[word + count];
        size_t here = digits_in(w->word->text);
        if (w->page != finder->text.words[word].page || digits + here > 9 ||
            (!here && !month_number(w->word->text) && !is_weekday(w->word->text)))
            break;
        digits += here;
        if (strpbrk(w->word->text, "/-,)") && digits >= 4)
            return count + 1;
    }
    return digits >= 4 ? count : 0;
}

static bool is_linking(const char *word) {
    return strcmp(word, "is") == 0 || strcmp(word, "was") == 0 || strcmp(word, "as") == 0 || strcmp(word, ":") == 0;
}

static void find_spoilt(struct finder *finder) {
    for (size_t w = 0; w + 1 < finder->text.word_count; w++) {
        int32_t day;
        if (!is_birth_label(finder, w))
            continue;
        size_t at = w + 1 + is_linking(find_text_word(&finder->text, w + 1)); /* "date of birth is ..." */
        if (find_date_at(finder, at, &day))
            continue;
        size_t count = spoilt_date_at(finder, at);
        if (count)
            hit_add(finder, FLAG_DOB, (uint32_t)at, (uint32_t)(at + count - 1))->confidence = 50;
    }
}

/* ---- in the column of a table */

#define COLUMN_WORDS 200 /* from the heading "DOB" to the last row that it is believed for */

/* A person ends a few words before, and between are only words that say who it is: "Kim Haworth, lodger 18/09/1993". */
static bool is_behind_person(const struct finder *finder, uint32_t word) {
    for (size_t i = find_hits_from(finder, word); i-- > 0 && finder->hits.list[i].first + NAME_WORDS + 4 >= word;) {
        const struct hit *hit = &finder->hits.list[i];
        if (hit->type != FLAG_PERSON || hit->last >= word || word - hit->last > 4 || finder->text.words[hit->last].page != finder->text.words[word].page)
            continue;
        for (uint32_t w = hit->last + 1; w < word; w++)
            for (uint32_t a = finder->text.word_atom[w]; a < finder->text.word_atom[w + 1]; a++)
                if (!(find_traits(finder, a) & (WORD_KIN | WORD_WORK | WORD_COMMON)) || (find_traits(finder, a) & WORD_AFTER_NAME) ||
                    (finder->text.atoms[a].marks & ATOM_STOP) || find_is_one_of(finder, a, "on date dated by at referred seen"))
                    return false;
        return true;
    }
    return false;
}

/* Dates in rows below a heading "DOB" or "date of birth", each behind somebody's name. People have to be found before. */
void find_births_in_tables(struct finder *finder) {
    uint32_t heading = UINT32_MAX;
    for (size_t w = 0; w < finder->text.word_count; w++) {
        if (is_birth_label(finder, w))
            heading = (uint32_t)w;
        int32_t day = DATE_NONE;
        bool below = heading != UINT32_MAX && w - heading <= COLUMN_WORDS && finder->text.words[heading].page == finder->text.words[w].page;
        size_t count = find_date_at(finder, w, &day);
        if (!count && below)
            count = has_date_shape(find_text_word(&finder->text, w)) ? 1 : spoilt_words_at(finder, w);
        if (!count)
            continue;
        uint32_t atom = finder->text.word_atom[w];
        bool taken = atom < finder->text.word_atom[w + 1] && (finder->text.atoms[atom].marks & ATOM_TAKEN);
        if (below && !taken && is_behind_person(finder, (uint32_t)w)) {
            struct hit *hit = hit_add(finder, FLAG_DOB, (uint32_t)w, (uint32_t)(w + count - 1));
            hit->confidence = day == DATE_NONE ? 50 : 70;
            if (day != DATE_NONE)
                date_text(day, hit->value);
        }
        w += count - 1;
    }
}

void find_dates(struct finder *finder) {
    find_spoilt(finder);
    for (size_t w = 0; w < finder->text.word_count; w++) {
        int32_t day;
        size_t count = find_date_at(finder, w, &day);
        if (!count)
            continue;
        bool known = born_then(finder, day), labelled = birth_before(finder, w);
        if (known || labelled) {
            struct hit *hit = hit_add(finder, FLAG_DOB, (uint32_t)w, (uint32_t)(w + count - 1));
            hit->confidence = labelled && known ? 97 : labelled ? 80 : 70;
            date_text(day, hit->value);
        }
        w += count - 1;
    }
}

/* ---- every date, where everything is wanted */

static size_t month_year_at(const struct finder *finder, size_t w) {
    const char *a = find_text_word(&finder->text, w), *b = find_text_word(&finder->text, w + 1);
    if (month_number(a) && isupper((unsigned char)*a))
        return year_number(b) || day_number(b) ? 2 : 0;
    if (day_number(a) && isupper((unsigned char)*b) && month_number(b))
        return 2;
    return 0;
}

void find_dates_all(struct finder *finder) {
    for (size_t w = 0; w < finder->text.word_count; w++) {
        int32_t day;
        uint32_t atom = finder->text.word_atom[w];
        if (atom == finder->text.word_atom[w + 1] || (finder->text.atoms[atom].marks & ATOM_TAKEN))
            continue;
        size_t count = find_date_at(finder, w, &day);
        count = count ? count : month_year_at(finder, w);
        if (!count || w + count > finder->text.word_count)
            continue;
        hit_add(finder, FLAG_DATE, (uint32_t)w, (uint32_t)(w + count - 1))->confidence = 70;
        w += count - 1;
    }
}
