/* find_numbers.c: numbers of people that stand less often: vehicles, driving licences, passports, bank accounts and cards, learners, references of
 * police and courts, names on networks; and ages beside a person. Whose they are: find_owner.c. */
#include "redact/find_private.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Whether text has the shape: 'A' a letter, '9' a digit, 'X' either, others themselves. */
static bool has_shape(const char *text, const char *shape) {
    for (; *shape && *text; text++, shape++) {
        unsigned char c = (unsigned char)*text;
        bool fits = *shape == 'A' ? isalpha(c) : *shape == '9' ? isdigit(c) : *shape == 'X' ? isalnum(c) : c == (unsigned char)*shape;
        if (!fits)
            return false;
    }
    return !*shape && !*text;
}

static bool is_key(const struct finder *finder, size_t word, const char *keys) {
    char key[VOCABULARY_KEY];
    const char *text = find_text_word(&finder->text, word);
    vocabulary_key(text, strlen(text), key);
    return vocabulary_key_in(key, keys);
}

/* One of the labels (keys with a space between) within so many words before. */
static bool label_before(const struct finder *finder, size_t word, const char *labels, size_t words) {
    for (size_t k = 1; k <= words && k <= word && find_text_same_page(&finder->text, word - k, word); k++) {
        char key[VOCABULARY_KEY];
        const char *text = find_text_word(&finder->text, word - k);
        size_t len = vocabulary_key(text, strlen(text), key);
        if (vocabulary_key_in(key, labels))
            return true;
        if (text[strlen(text) - 1] == '.' && len > 3)
            return false;
    }
    return false;
}

static size_t number_add(struct finder *finder, enum flag_type type, size_t first, size_t last, const char *value, uint8_t confidence) {
    struct hit *hit = hit_add(finder, type, (uint32_t)first, (uint32_t)last);
    snprintf(hit->value, sizeof hit->value, "%s", value);
    hit->confidence = confidence;
    return last - first + 1;
}

/* Words from w on that together have so many letters and digits, as numbers are written in groups: how many, or 0. */
static size_t group_at(const struct finder *finder, size_t w, size_t length, char *out) {
    size_t have = 0;
    for (size_t k = 0; k < 7 && find_text_same_page(&finder->text, w, w + k); k++) {
        char part[32];
        size_t len = find_plain(find_text_word(&finder->text, w + k), part, sizeof part);
        if (!len || have + len > length || (k && finder->text.words[w + k].word->line != finder->text.words[w].word->line))
            return 0;
        memcpy(out + have, part, len + 1);
        have += len;
        if (have == length)
            return k + 1;
        if (strpbrk(find_text_word(&finder->text, w + k), ",;:)"))
            return 0;
    }
    return 0;
}

static bool all_digits(const char *text) {
    return text[strspn(text, "0123456789")] == 0;
}

/* A number of so many digits in one word or in groups; 0: none begins here. */
static size_t digits_at(struct finder *finder, size_t w, size_t length, enum flag_type type) {
    char digits[32];
    size_t count = isdigit((unsigned char)*find_text_word(&finder->text, w)) ? group_at(finder, w, length, digits) : 0;
    int32_t day;
    if (!count || !all_digits(digits) || (count == 1 && find_date_at(finder, w, &day)))
        return 0;
    return number_add(finder, type, w, w + count - 1, digits, 85);
}

/* ---- vehicles: since 2001 "AB12 CDE"; before "A123 BCD" and "ABC 123D", which are other things as well without a label */

static bool has_small(const char *text) {
    for (; *text; text++)
        if (islower((unsigned char)*text))
            return true;
    return false;
}

/* "a silver Passat, GRB 417": the colour and the make tell whose it is as well. */
static size_t vehicle_add(struct finder *finder, size_t w, size_t last, const char *mark, uint8_t confidence) {
    static const char colours[] = "black white grey gray silver red blue green brown yellow orange purple gold cream beige maroon navy dark light metallic old battered";
    size_t first = w;
    for (size_t k = 1; k <= 4 && k <= w && find_text_same_page(&finder->text, w - k, w); k++) {
        const char *text = find_text_word(&finder->text, w - k);
        size_t len = strlen(text);
        if (is_key(finder, w - k, colours)) {
            first = w - k;
            break;
        }
        if (!len || strchr(".:;", text[len - 1]) || (!isupper((unsigned char)*text) && !isdigit((unsigned char)*text)))
            break;
    }
    number_add(finder, FLAG_VEHICLE, first, last, mark, confidence);
    return last - w + 1;
}

static size_t vehicle_at(struct finder *finder, size_t w) {
    static const char labels[] = "car van vehicle reg registration vrm index plate plates number bmw audi ford corsa fiesta astra golf vauxhall prius driving drives";
    char one[16], joined[32];
    size_t len = find_plain(find_text_word(&finder->text, w), one, sizeof one);
    if (len < 1 || len > 8 || has_small(find_text_word(&finder->text, w)) || !isupper((unsigned char)find_text_word(&finder->text, w)[strspn(find_text_word(&finder->text, w), "(\"'")]))
        return 0;
    if (len == 7 && has_shape(one, "AA99AAA"))
        return vehicle_add(finder, w, w, one, 85);
    char two[16];
    size_t more = find_text_same_page(&finder->text, w, w + 1) ? find_plain(find_text_word(&finder->text, w + 1), two, sizeof two) : 0;
    if (!more || more > 4 || has_small(find_text_word(&finder->text, w + 1)))
        return len >= 5 && len <= 7 && (has_shape(one, "A999AAA") || has_shape(one, "AAA999A")) && label_before(finder, w, labels, 5)
                   ? vehicle_add(finder, w, w, one, 75)
                   : 0;
    snprintf(joined, sizeof joined, "%s%s", one, two);
    if (has_shape(one, "AA99") && has_shape(two, "AAA") && isupper((unsigned char)*find_text_word(&finder->text, w + 1)))
        return vehicle_add(finder, w, w + 1, joined, 90);
    bool old = has_shape(joined, "A999AAA") || has_shape(joined, "A99AAA") || has_shape(joined, "AAA999A") || has_shape(joined, "AAA99A");
    return old && label_before(finder, w, labels, 5) ? vehicle_add(finder, w, w + 1, joined, 75) : 0;
}

/* ---- driving licence: five of the surname (filled with 9), digits of the date of birth, two initials (or 9), a digit or letter, two letters (DVLA) */

static size_t licence_at(struct finder *finder, size_t w) {
    char joined[48] = "", part[24];
    for (size_t k = 0; k < 5 && find_text_same_page(&finder->text, w, w + k); k++) {
        if (strlen(joined) + find_plain(find_text_word(&finder->text, w + k), part, sizeof part) > 18)
            return 0;
        strcat(joined, part);
        if (strlen(joined) < 16)
            continue;
        char body[17];
        snprintf(body, sizeof body, "%.16s", joined);
        bool letters = true;
        for (int i = 0; i < 5; i++)
            letters = letters && (isalpha((unsigned char)body[i]) || body[i] == '9');
        if (!letters || !isalpha((unsigned char)body[0]) || !has_shape(body + 5, "999999AXXAA"))
            return 0;
        return number_add(finder, FLAG_LICENCE, w, w + k, joined, 92);
    }
    return 0;
}

static size_t passport_at(struct finder *finder, size_t w) {
    char one[24];
    size_t len = find_plain(find_text_word(&finder->text, w), one, sizeof one), digits = 0;
    for (const char *p = one; *p; p++)
        digits += isdigit((unsigned char)*p) != 0;
    if (!label_before(finder, w, "passport passports ppt", 5))
        return 0;
    if (digits < 6 || len > 10)
        return digits_at(finder, w, 9, FLAG_PASSPORT);
    return number_add(finder, FLAG_PASSPORT, w, w, one, 85);
}

/* ---- banks */

/* The last digit makes the sum of all, every second doubled, a multiple of ten (Luhn, ISO/IEC 7812-1). */
static bool is_luhn(const char *digits) {
    int sum = 0;
    size_t len = strlen(digits);
    for (size_t i = 0; i < len; i++) {
        int d = digits[len - 1 - i] - '0', twice = 2 * d;
        sum += i % 2 ? twice / 10 + twice % 10 : d;
    }
    return sum % 10 == 0;
}

static bool is_sort_code(const char *text) {
    text += strspn(text, "(");
    size_t len = strcspn(text, ",;.)");
    return len == 8 && isdigit((unsigned char)text[0]) && isdigit((unsigned char)text[1]) && text[2] == '-' && isdigit((unsigned char)text[3]) &&
           isdigit((unsigned char)text[4]) && text[5] == '-' && isdigit((unsigned char)text[6]) && isdigit((unsigned char)text[7]);
}

static size_t card_at(struct finder *finder, size_t w) {
    char joined[24] = "", part[24];
    for (size_t k = 0; k < 4 && find_text_same_page(&finder->text, w, w + k); k++) {
        size_t len = find_digits(find_text_word(&finder->text, w + k), part, sizeof part);
        if ((len != 4 && len != 16) || strlen(joined) + len > 16)
            return 0;
        strcat(joined, part);
        if (strlen(joined) == 16)
            return !strchr(joined, '?') && is_luhn(joined) ? number_add(finder, FLAG_BANK, w, w + k, joined, 90) : 0;
    }
    return 0;
}

/* "07-06-44 30118827", "07-06-44 / 30118827" */
static bool is_behind_sort_code(const struct finder *finder, size_t w) {
    size_t before = w && strcmp(find_text_word(&finder->text, w - 1), "/") == 0 ? 2 : 1;
    return w >= before && is_sort_code(find_text_word(&finder->text, w - before));
}

static size_t bank_at(struct finder *finder, size_t w) {
    char one[32], part[24];
    const char *text = find_text_word(&finder->text, w);
    size_t len = find_plain(text, one, sizeof one), digits = find_digits(text, part, sizeof part);
    bool sort = label_before(finder, w, "sort sc sortcode", 3), account = label_before(finder, w, "account acc acct ac accountno accno", 4);
    if (is_sort_code(text)) {
        int32_t day; /* 04-05-06 may be a day: then somebody says that it is none */
        bool is_day = find_date_at(finder, w, &day) != 0;
        return is_day && !sort && !account ? 0 : number_add(finder, FLAG_BANK, w, w, one, sort ? 95 : 75);
    }
    if (digits == 6 && sort)
        return number_add(finder, FLAG_BANK, w, w, part, 85);
    if ((digits == 8 || digits == 7) && strcspn(text, "./-") + 1 >= strlen(text) && (account || is_behind_sort_code(finder, w)))
        return number_add(finder, FLAG_BANK, w, w, part, 85);
    if (sort && isdigit((unsigned char)*text) && digits == 2)
        return digits_at(finder, w, 6, FLAG_BANK);
    size_t card = digits == 4 || digits == 16 ? card_at(finder, w) : 0;
    if (card)
        return card;
    if (account && digits && digits < 7)
        return digits_at(finder, w, 8, FLAG_BANK);
    char iban[32];
    size_t groups = len == 4 && has_shape(one, "AA99") && label_before(finder, w, "iban", 3) ? group_at(finder, w, 22, iban) : 0;
    if (groups)
        return number_add(finder, FLAG_BANK, w, w + groups - 1, iban, 90);
    if (len == 22 && strncmp(one, "GB", 2) == 0 && isdigit((unsigned char)one[2]))
        return number_add(finder, FLAG_BANK, w, w, one, 92);
    return 0;
}

static size_t uln_at(struct finder *finder, size_t w) {
    return label_before(finder, w, "uln learner", 4) ? digits_at(finder, w, 10, FLAG_ULN) : 0;
}

/* ---- references: they have digits and a sign or letters between, and somebody says what they are */

static bool is_reference(const char *text) {
    size_t digits = 0, others = 0, len = 0;
    for (text += strspn(text, "(\"'"); *text && !strchr(",;)", *text); text++, len++) {
        digits += isdigit((unsigned char)*text) != 0;
        others += isupper((unsigned char)*text) || *text == '/' || *text == '-';
        if (islower((unsigned char)*text) || *text == '@')
            return false;
    }
    return digits >= 3 && others && len >= 5;
}

static size_t reference_at(struct finder *finder, size_t w) {
    static const char labels[] = "crime log incident urn crn pnc custody cad occurrence investigation niche claim warrant case ref reference charge number no";
    static const char police[] = "crime log incident urn crn pnc custody cad occurrence police court charge warrant bail constabulary";
    char one[24];
    const char *text = find_text_word(&finder->text, w);
    find_plain(text, one, sizeof one);
    int32_t day;
    char digits[24];
    size_t count = find_digits(text, digits, sizeof digits);
    if ((count == 10 || count == 11) && *digits == '0')
        return 0; /* a telephone */
    bool court = has_shape(one, "AA99A99999"); /* the family court's own form: place, year, kind, number */
    if (!court && (!is_reference(text) || find_date_at(finder, w, &day) || !label_before(finder, w, labels, 3) || !label_before(finder, w, police, 8)))
        return 0;
    count = number_add(finder, FLAG_REF, w, w, one, 45);
    finder->hits.list[finder->hits.count - 1].look = !finder->everything;
    return count;
}

/* ---- names on networks, and web addresses */

static size_t handle_at(struct finder *finder, size_t w) {
    static const char networks[] = "snapchat snap insta instagram tiktok facebook fb viber telegram discord xbox psn username handle twitter kik profile onlyfans";
    const char *text = find_text_word(&finder->text, w), *at = text + strspn(text, "(\"'<");
    bool web = strstr(at, "://") || strncasecmp(at, "www.", 4) == 0 || strstr(at, ".com/") || strstr(at, ".co.uk/");
    bool named = at[0] == '@' && isalnum((unsigned char)at[1]);
    size_t len = strlen(at), signs = 0;
    for (const char *p = at; *p; p++)
        signs += isdigit((unsigned char)*p) || *p == '_' || (*p == '.' && isalnum((unsigned char)p[1]));
    bool odd = len >= 4 && signs && isalpha((unsigned char)*at) && !strchr(at, '@') && !strchr(at, '/') && label_before(finder, w, networks, 4);
    if (!web && !named && !odd)
        return 0;
    return number_add(finder, FLAG_HANDLE, w, w, "", web ? 70 : 80);
}

size_t find_number_at(struct finder *finder, size_t w) {
    static size_t (*const kinds[])(struct finder *, size_t) = {licence_at, vehicle_at, passport_at, bank_at, uln_at, reference_at, handle_at};
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        size_t count = kinds[k](finder, w);
        if (count)
            return count;
    }
    return 0;
}

/* ---- ages */

/* "six": 2 to 19, or 0. */
static int number_word(const char *text) {
    static const char *const words[] = {"two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
                                        "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"};
    text += strspn(text, "([");
    size_t len = *text && strchr("tfsenTFSEN", *text) ? strcspn(text, "),;.:]") : 0;
    for (size_t i = 0; len >= 3 && i < sizeof words / sizeof *words; i++)
        if (strlen(words[i]) == len && strncasecmp(text, words[i], len) == 0)
            return (int)i + 2;
    return 0;
}

static int age_of(const char *text) {
    text += strspn(text, "([");
    size_t digits = strspn(text, "0123456789");
    if (digits < 1 || digits > 2 || strspn(text + digits, "),;.:]") != strlen(text + digits))
        return 0;
    return atoi(text);
}

/* A person ends right before this word: "Tilly (8)", "Nel, 13", or "(4" of "(4 months)". */
static uint32_t person_before(const struct finder *finder, size_t word) {
    for (size_t i = find_hits_from(finder, (uint32_t)word); i-- > 0 && finder->hits.list[i].first + NAME_WORDS >= word;) {
        const struct hit *hit = &finder->hits.list[i];
        if (hit->type == FLAG_PERSON && hit->last + 1 == word && find_text_same_page(&finder->text, hit->last, word))
            return hit->party;
    }
    return PARTY_NONE;
}

/* A comma or full stop behind, and a person or "is" two or three words before: "Rhys Bowen, now 16,", "Crystal is only nineteen." */
static bool ends_phrase(const struct finder *finder, size_t word) {
    const char *text = find_text_word(&finder->text, word);
    return strchr(",.;)", text[strlen(text) - 1]) && (is_key(finder, word - 2, "is was") || person_before(finder, word - 1) != PARTY_NONE);
}

static void age_add(struct finder *finder, size_t first, size_t last, uint32_t party) {
    struct hit *hit = hit_add(finder, FLAG_AGE, (uint32_t)first, (uint32_t)last);
    hit->party = party;
    hit->confidence = 75;
}

/* "is 26", "aged 34", "34 years old", "34-year-old", "(8)" behind a name. */
void find_ages(struct finder *finder) {
    static const char before[] = "aged age is turned now only then", units[] = "years year yrs yr months month mths weeks weeksold yearsold yo old monthsold";
    for (size_t w = 0; w < finder->text.word_count; w++) {
        const char *text = find_text_word(&finder->text, w);
        int written = number_word(text);
        if ((!strpbrk(text, "0123456789") && !written) || (finder->text.word_atom[w] < finder->text.word_atom[w + 1] &&
                                             (finder->text.atoms[finder->text.word_atom[w]].marks & ATOM_TAKEN)))
            continue;
        size_t last = w;
        int age = written ? written : age_of(text);
        bool year_old = strstr(text, "-year-old") || strstr(text, "yr-old") || strstr(text, "yo") == text + strspn(text, "0123456789");
        uint32_t party = age ? person_before(finder, w) : PARTY_NONE;
        bool unit = age && find_text_same_page(&finder->text, w, w + 1) && is_key(finder, w + 1, units);
        bool word = written != 0; /* "now six months late", "with Mrs Smith, six sessions" are no ages */
        bool who = w > 1 && age && ((is_key(finder, w - 1, "is") && is_key(finder, w - 2, "who")) || (is_key(finder, w - 1, "only now then") && ends_phrase(finder, w)));
        bool said = w && is_key(finder, w - 1, before) && (is_key(finder, w - 1, "aged age") || (unit && !word) || who);
        bool behind = party != PARTY_NONE && (text[0] == '(' || strchr(find_text_word(&finder->text, w - 1), ',')) && (!word || strpbrk(text, ",.;)"));
        if (unit)
            last = w + 1 + (find_text_same_page(&finder->text, w, w + 2) && is_key(finder, w + 2, "old"));
        bool old = unit && is_key(finder, last, "old yearsold monthsold yo");
        if (behind || said || old || (year_old && isdigit((unsigned char)*text)))
            age_add(finder, w, last, behind ? party : PARTY_NONE);
    }
}
