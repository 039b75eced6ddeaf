#include "filing/evidence.h"

#include "base/check_digit.h"
#include "base/mem.h"
#include "filing/date_form.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define FOUND_MOST 20000
#define OWNER_REACH 30 /* tokens from a name back of its date: a row of a table */

static const char *const born_words[] = {"dob",       "d0b",         "born",     "birth",    "edd",
                                         "birthdate", "dateofbirth", "ur",       "urodzony", "urodzona",
                                         "nascut",    "nascuta",     "nasterii", "پیدائش",   NULL};
/* the last ones: Polish, Romanian, Urdu */
static const char *const number_words[] = {"lcs",    "id", "ref",     "reference", "file",   "case",
                                           "number", "no", "council", "pid",       "record", NULL};
static const char *const nhs_words[] = {"nhs", NULL};
static const char *const upn_words[] = {"upn", NULL};

static bool word_before(const struct tokens *t, size_t at, size_t reach, const char *const *words) {
    for (size_t back = 1; back <= reach && back <= at; back++)
        if (word_is_in(t->list[at - back].key, words))
            return true;
    return false;
}

static void number_add(struct evidence *e, const struct tokens *t, struct found_number number) {
    static const char *const *const words[] = {number_words, nhs_words, upn_words};
    if (e->number_count >= FOUND_MOST)
        return;
    number.labelled = word_before(t, number.from, number.kind == NUMBER_COUNCIL ? 4 : 3, words[number.kind]);
    e->numbers = mem_grow(e->numbers, e->number_count + 1, sizeof *e->numbers);
    e->numbers[e->number_count++] = number;
}

/* "LCS3365241", "#3365241" */
static const char *after_prefix(const char *text) {
    static const char *const prefixes[] = {"lcs", "ref", "pid", "id", "no", "#"};
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        size_t len = strlen(prefixes[i]);
        if (strncasecmp(text, prefixes[i], len) == 0 && text[len])
            return text + len;
    }
    return text;
}

static bool council_read(struct evidence *e, const struct tokens *t, size_t at) {
    struct found_number number = {
        .kind = NUMBER_COUNCIL, .from = (uint32_t)at, .to = (uint32_t)at, .valid = true};
    const char *text = after_prefix(t->list[at].text);
    if (strpbrk(text, ".-") || !identifier_digits(text, number.text))
        return false;
    size_t len = strlen(number.text);
    if (len != 7 && len != 8)
        return false;
    number_add(e, t, number);
    return true;
}

/* An NHS number of one token, or of groups 3-3-4 and what is left of them when a space is missed. */
static size_t nhs_read(struct evidence *e, const struct tokens *t, size_t at) {
    char joined[IDENTIFIER_TEXT] = "", part[IDENTIFIER_TEXT];
    for (size_t i = at; i < t->count && i < at + 3; i++) {
        if (t->list[i].line > t->list[at].line + 1 || !identifier_digits(t->list[i].text, part))
            return 0;
        size_t len = strlen(joined), more = strlen(part);
        if (len + more > 10 || (len + more < 10 && len + more != 3 && len + more != 6))
            return 0;
        memcpy(joined + len, part, more + 1);
        if (len + more < 10)
            continue;
        struct found_number number = {.kind = NUMBER_NHS, .from = (uint32_t)at, .to = (uint32_t)i};
        memcpy(number.text, joined, sizeof joined);
        number.valid = nhs_number_is_valid(joined);
        number_add(e, t, number);
        return i - at + 1;
    }
    return 0;
}

static bool upn_read(struct evidence *e, const struct tokens *t, size_t at) {
    struct found_number number = {.kind = NUMBER_UPN, .from = (uint32_t)at, .to = (uint32_t)at};
    if (!identifier_upn(t->list[at].text, number.text))
        return false;
    number.valid = upn_is_valid(number.text);
    number_add(e, t, number);
    return true;
}

/* The nearest name that ends before the date, so that a date in a row of a table is that row's; when none
 * does, the first name after it ("Date of birth ... Name ..."). */
static void owner_find(const struct tokens *t, struct found_date *date) {
    for (size_t back = 1; back <= OWNER_REACH && back <= date->from; back++)
        if (t->list[date->from - back].marks & TOKEN_NAME_ENDS) {
            date->beside = true;
            date->owner = date->from - (uint32_t)back;
            return;
        }
    for (size_t at = date->to + 1; at < t->count && at <= date->to + OWNER_REACH / 2; at++)
        if (t->list[at].marks & TOKEN_NAME_ENDS) {
            date->beside = true;
            date->owner = (uint32_t)at;
            return;
        }
}

static size_t digits_of(const char *text) {
    size_t digits = 0;
    for (; *text; text++)
        digits += isdigit((unsigned char)*text) != 0;
    return digits;
}

/* Tokens back in which a label may stand: not beyond what may be the date that it belongs to, spoilt past reading. */
static size_t label_reach(const struct tokens *t, size_t at, size_t most) {
    size_t reach = 0;
    while (reach < most && reach < at && digits_of(t->list[at - reach - 1].text) < 2)
        reach++;
    return reach;
}

static size_t date_read(struct evidence *e, const struct tokens *t, size_t at) {
    const char *pieces[4];
    size_t count = 0;
    struct found_date date = {.from = (uint32_t)at};
    while (count < 4 && at + count < t->count) {
        pieces[count] = t->list[at + count].text;
        count++;
    }
    size_t taken = date_form_read(pieces, count, &date.day);
    if (!taken || e->date_count >= FOUND_MOST)
        return 0;
    date.to = (uint32_t)(at + taken - 1);
    size_t since = e->date_count ? at - e->dates[e->date_count - 1].to - 1 : at; /* a label serves one date */
    date.labelled = word_before(t, at, label_reach(t, at, since < 6 ? since : 6), born_words);
    e->dates = mem_grow(e->dates, e->date_count + 1, sizeof *e->dates);
    e->dates[e->date_count++] = date;
    return taken;
}

/* Puts digits where a postcode's inward part has its digit, and letters where it has letters. */
static void postcode_mend(char *key) {
    static const char letters[] = "oqilzsgb", digits[] = "00112568", back[] = "oizsgb", from[] = "012568";
    size_t len = strlen(key);
    char *at;
    if (len < 5 || len > 7)
        return;
    if ((at = strchr(letters, key[len - 3])))
        key[len - 3] = digits[at - letters];
    for (size_t i = len - 2; i < len; i++)
        if ((at = strchr(from, key[i])))
            key[i] = back[at - from];
    for (size_t i = 2; i < len - 3; i++)
        if ((at = strchr(letters, key[i])))
            key[i] = digits[at - letters];
}

static void postcode_read(struct evidence *e, const struct register_index *index, const struct tokens *t,
                          size_t at) {
    for (size_t take = 1; take <= 2 && at + take <= t->count; take++) {
        struct found_postcode found = {.from = (uint32_t)at, .to = (uint32_t)(at + take - 1)};
        char joined[32], key[9];
        const char *next = take == 2 ? t->list[at + 1].key : "";
        if (strlen(t->list[at].key) + strlen(next) > 7 || strlen(t->list[at].key) + strlen(next) < 5)
            continue;
        snprintf(joined, sizeof joined, "%s%s", t->list[at].key, next);
        postcode_mend(joined);
        size_t known;
        if (!postcode_key(joined, key))
            continue;
        found.known = postings_find(&index->postcodes, key_of_text(key), &known) != NULL;
        if (!found.known && !postings_find(&index->sectors, postcode_sector(key), &known))
            continue;
        memcpy(found.key, key, sizeof key);
        if (e->postcode_count < FOUND_MOST) {
            e->postcodes = mem_grow(e->postcodes, e->postcode_count + 1, sizeof *e->postcodes);
            e->postcodes[e->postcode_count++] = found;
        }
        return;
    }
}

static bool contact_keep(struct evidence *e, const struct register_index *index, const char *text, size_t from, size_t to) {
    char key[CONTACT_BYTES];
    size_t known;
    if (!contact_key(text, key) || !postings_find(&index->contacts, key_of_text(key), &known) || e->contact_count >= FOUND_MOST)
        return false;
    e->contacts = mem_grow(e->contacts, e->contact_count + 1, sizeof *e->contacts);
    e->contacts[e->contact_count++] = (struct found_contact){key_of_text(key), (uint32_t)from, (uint32_t)to};
    return true;
}

/* An e-mail address of one token; a telephone number of up to four. */
static void contact_read(struct evidence *e, const struct register_index *index, const struct tokens *t, size_t at) {
    char joined[CONTACT_BYTES] = "";
    size_t len = 0;
    for (size_t i = at; i < t->count && i < at + 4; i++) {
        size_t more = strlen(t->list[i].text);
        if (len + more + 1 > sizeof joined)
            return;
        memcpy(joined + len, t->list[i].text, more + 1);
        len += more;
        if (contact_keep(e, index, joined, at, i) || strchr(joined, '@'))
            return;
    }
}

void evidence_find(const struct register_index *index, const struct tokens *t, struct evidence *ret) {
    memset(ret, 0, sizeof *ret);
    for (size_t i = 0; i + 1 < t->count; i++)
        postings_add(&ret->steps, key_of_pair(key_of_text(t->list[i].key), key_of_text(t->list[i + 1].key)),
                     (uint32_t)i);
    postings_seal(&ret->steps);
    for (size_t i = 0; i < t->count; i++) {
        if (t->list[i].marks & TOKEN_CAPITAL)
            postcode_read(ret, index, t, i);
        if (strchr(t->list[i].text, '@') || (t->list[i].text[0] == '0' && isdigit((unsigned char)t->list[i].text[1])) || t->list[i].text[0] == '+')
            contact_read(ret, index, t, i);
        size_t dated = date_read(ret, t, i), nhs = 0;
        if (dated) {
            i += dated - 1;
            continue;
        }
        if (!digits_of(t->list[i].text) || upn_read(ret, t, i) || council_read(ret, t, i))
            continue;
        if ((nhs = nhs_read(ret, t, i)))
            i += nhs - 1;
    }
}

void evidence_own(const struct tokens *tokens, struct evidence *e) {
    for (size_t i = 0; i < e->date_count; i++)
        owner_find(tokens, &e->dates[i]);
}

static void number_children(const struct register_index *index, const char *text, void (*child)(void *state, uint32_t child), void *state) {
    size_t count;
    const struct posting *run = postings_find(&index->numbers, key_of_text(text), &count);
    for (size_t i = 0; i < count; i++)
        child(state, run[i].value);
}

void evidence_number_children(const struct register_index *index, const struct found_number *number, bool near,
                              void (*child)(void *state, uint32_t child), void *state) {
    char text[IDENTIFIER_TEXT];
    if (!near) {
        number_children(index, number->text, child, state);
        return;
    }
    memcpy(text, number->text, sizeof text);
    for (char *at = text; *at; at++) {
        char was = *at;
        for (char sign = isdigit((unsigned char)was) ? '0' : 'A'; sign <= (isdigit((unsigned char)was) ? '9' : 'Z'); sign++)
            if (sign != was) {
                *at = sign;
                number_children(index, text, child, state);
            }
        *at = was;
    }
}

void evidence_drop(struct evidence *e) {
    free(e->numbers);
    free(e->dates);
    free(e->postcodes);
    free(e->contacts);
    postings_drop(&e->steps);
    memset(e, 0, sizeof *e);
}
