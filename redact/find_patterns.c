/* find_patterns.c: numbers and mail addresses by their shape and check digits. Whose they are: find_owner.c.
 */
#include "redact/find_private.h"

#include "base/check_digit.h"
#include "base/text.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

size_t find_plain(const char *text, char *out, size_t most) {
    size_t len = 0;
    for (; *text && len + 1 < most; text++)
        if (isalnum((unsigned char)*text))
            out[len++] = (char)toupper((unsigned char)*text);
    out[len] = 0;
    return len;
}

static bool is_taken(const struct finder *finder, size_t word) {
    uint32_t from = finder->text.word_atom[word], to = finder->text.word_atom[word + 1];
    return from < to && (finder->text.atoms[from].marks & ATOM_TAKEN);
}

static char digit_read(char c) {
    switch (c) {
    case 'O':
    case 'o':
    case 'Q':
    case 'D':
        return '0';
    case 'l':
    case 'I':
    case 'i':
    case '|':
    case '!':
        return '1';
    case 'Z':
    case 'z':
        return '2';
    case 'A':
        return '4';
    case 'S':
    case 's':
        return '5';
    case 'b':
    case 'G':
        return '6';
    case 'B':
        return '8';
    case 'g':
    case 'q':
        return '9';
    default:
        return '?';
    }
}

/* Where the number of a word like "Tel:01632" begins. */
static const char *number_begin(const char *word) {
    const char *colon = strrchr(word, ':');
    const char *at = colon && colon[1] ? colon + 1 : word;
    return at + strspn(at, "([\"'+.,;<");
}

size_t find_digits(const char *word, char *out, size_t most) {
    size_t count = 0, real = 0, lost = 0;
    const char *p = number_begin(word);
    for (; *p && count + 1 < most; p++) {
        if (isdigit((unsigned char)*p)) {
            out[count++] = *p;
            real++;
        } else if (isalpha((unsigned char)*p) || *p == '|' || *p == '!') {
            out[count++] = digit_read(*p);
            lost++;
        } else if (!strchr("-.()", *p) && strspn(p, ")],;:.'\"?>") != strlen(p)) {
            return 0;
        }
    }
    out[count] = 0;
    return count && real && real * 5 >= count * 2 && lost <= 3 ? count : 0;
}

static size_t unread(const char *digits) {
    size_t count = 0;
    for (; *digits; digits++)
        count += *digits == '?';
    return count;
}

/* ---- mail addresses
 * ----------------------------------------------------------------------------------------- */

static bool is_mail_sign(unsigned char c) {
    return isalnum(c) || c >= 0x80 || strchr(".-_+'", c);
}

/* name@host.tld anywhere in the word; fills local and host in lower case into value. */
static bool mail_in(const char *word, char *value, size_t most) {
    const char *at = strchr(word, '@');
    if (!at || at == word)
        return false;
    const char *begin = at, *end = at + 1;
    while (begin > word && is_mail_sign((unsigned char)begin[-1]))
        begin--;
    while (*end && is_mail_sign((unsigned char)*end))
        end++;
    while (end > at && strchr(".-'", end[-1]))
        end--;
    if (begin == at || end <= at + 2)
        return false;
    snprintf(value, most, "%.*s", (int)(end - begin), begin);
    for (char *p = value; *p; p++)
        *p = (char)tolower((unsigned char)*p);
    return true;
}

/* A scanner may put a space in: "name@school .example", "name @school.example". */
static size_t mail_at(struct finder *finder, size_t w) {
    char value[sizeof finder->hits.list->value], more[sizeof value];
    const char *text = find_text_word(&finder->text, w),
               *next = find_text_same_page(&finder->text, w, w + 1) ? find_text_word(&finder->text, w + 1) : "";
    size_t words = 1;
    char joined[256];
    if (!strchr(text, '@') && *next == '@' && isalnum((unsigned char)text[strlen(text) - 1])) {
        snprintf(joined, sizeof joined, "%s%s", text, next);
        words = 2;
    } else if (strchr(text, '@') &&
               (*next == '.' || text[strlen(text) - 1] == '.' || text[strlen(text) - 1] == '@') &&
               isalpha((unsigned char)next[*next == '.'])) {
        snprintf(joined, sizeof joined, "%s%s", text, next);
        words = 2;
    } else {
        snprintf(joined, sizeof joined, "%s", text);
    }
    if (!mail_in(joined, value, sizeof value))
        return 0;
    if (words == 2 && strchr(text, '@') && mail_in(text, more, sizeof more) &&
        strchr(strchr(more, '@'), '.') && *next != '.')
        words = 1;
    struct hit *hit = hit_add(finder, FLAG_EMAIL, (uint32_t)w, (uint32_t)(w + words - 1));
    memcpy(hit->value, value, sizeof hit->value);
    hit->confidence = 97;
    return words;
}

/* ---- telephones
 * --------------------------------------------------------------------------------------------- */

/* +44 (0)7700 900123 and 0044 7700 900123 are 07700900123. */
static void phone_plain(char *digits) {
    const char *rest = NULL;
    if (strncmp(digits, "0044", 4) == 0)
        rest = digits + 4;
    else if (strncmp(digits, "44", 2) == 0)
        rest = digits + 2;
    if (!rest)
        return;
    rest += *rest == '0';
    char plain[48];
    snprintf(plain, sizeof plain, "0%s", rest);
    strcpy(digits, plain);
}

/* Area codes begin 01 or 02, other numbers 03, 05, 07, 08. A lost or doubled digit is forgiven. */
static bool is_phone(const char *digits) {
    size_t len = strlen(digits);
    if (len < 10 || len > 12 || digits[0] != '0' || !strchr("123578?", digits[1]) || unread(digits) > 2)
        return false;
    return len == 11 || digits[1] == '7' || digits[1] == '1' || digits[1] == '2';
}

static size_t phone_at(struct finder *finder, size_t w) {
    char digits[48] = "", part[24], plain[48], best[48] = "";
    size_t best_words = 0;
    const char *begin = number_begin(find_text_word(&finder->text, w));
    if (*begin != '0' && *begin != '4' && *begin != 'O' && *begin != 'o' && begin == find_text_word(&finder->text, w))
        return 0;
    for (size_t k = 0; k < 6 && find_text_same_page(&finder->text, w, w + k); k++) {
        int32_t day;
        const char *text = find_text_word(&finder->text, w + k);
        if (strchr(text, '/') || find_date_at(finder, w + k, &day) || !find_digits(text, part, sizeof part) ||
            strlen(digits) + strlen(part) > 16 || (k && strchr(text, ':')))
            break;
        strcat(digits, part);
        memcpy(plain, digits, sizeof plain);
        phone_plain(plain);
        if (is_phone(plain) && (!best_words || strlen(best) != 11)) {
            memcpy(best, plain, sizeof best);
            best_words = k + 1;
        }
        if (strpbrk(text, ",;"))
            break;
    }
    if (!best_words)
        return 0;
    struct hit *hit = hit_add(finder, FLAG_PHONE, (uint32_t)w, (uint32_t)(w + best_words - 1));
    memcpy(hit->value, best, sizeof hit->value);
    hit->confidence = strlen(best) == 11 && !unread(best) ? 95 : 70;
    return best_words;
}

/* ---- numbers of people
 * -------------------------------------------------------------------------------------- */

/* Within so many words before; another number or the end of a sentence ends the search. */
static bool label_before(const struct finder *finder, size_t word, const char *label, size_t words) {
    for (size_t k = 1; k <= words && k <= word; k++) {
        char key[VOCABULARY_KEY];
        const char *text = find_text_word(&finder->text, word - k);
        size_t len = strlen(text);
        if (!find_text_same_page(&finder->text, word, word - k) || (text[len - 1] == '.' && strcspn(text, "0123456789") < len))
            return false;
        vocabulary_key(text, strlen(text), key);
        if (strcmp(key, label) == 0 || (strlen(label) >= 3 && strncmp(key, label, strlen(label)) == 0))
            return true;
    }
    return false;
}

static size_t nhs_at(struct finder *finder, size_t w) {
    char digits[48] = "", part[24];
    bool labelled = label_before(finder, w, "nhs", 4);
    for (size_t k = 0; k < 3 && find_text_same_page(&finder->text, w, w + k); k++) {
        const char *text = find_text_word(&finder->text, w + k);
        if (strchr(text, '/') || !find_digits(text, part, sizeof part) || strlen(digits) + strlen(part) > 11)
            return 0;
        /* Two numbers side by side in a table are not one: 3 3 4, 3 7 or 6 4. */
        if (k && strlen(digits) != 3 && strlen(digits) != 6 && !labelled)
            return 0;
        strcat(digits, part);
        size_t len = strlen(digits);
        bool near =
            labelled && len >= 9 && len <= 11 && (len == 10 || strpbrk(text, ",;.)") || k == 2 || k == 0);
        if (!nhs_number_is_valid(digits) && !near)
            continue;
        struct hit *hit = hit_add(finder, FLAG_NHS, (uint32_t)w, (uint32_t)(w + k));
        memcpy(hit->value, digits, sizeof hit->value);
        hit->confidence = nhs_number_is_valid(digits) ? 97 : 65;
        return k + 1;
    }
    return 0;
}

static size_t upn_at(struct finder *finder, size_t w) {
    char upn[20];
    size_t digits = 0;
    if (find_plain(find_text_word(&finder->text, w), upn, sizeof upn) < 12)
        return 0;
    for (const char *p = upn; *p; p++)
        digits += isdigit((unsigned char)*p) != 0;
    bool checked = upn_is_valid(upn);
    if (digits < 9 || (!checked && !label_before(finder, w, "upn", 3) &&
                       !(strlen(upn) == 13 && isalpha((unsigned char)upn[0]))))
        return 0;
    struct hit *hit = hit_add(finder, FLAG_UPN, (uint32_t)w, (uint32_t)w);
    memcpy(hit->value, upn, sizeof upn);
    hit->confidence = checked ? 97 : 65;
    return 1;
}

/* Two letters, six digits, a letter A to D; written in one or in pairs. */
static bool is_nino(const char *text) {
    if (strlen(text) != 9 || !isalpha((unsigned char)text[0]) || !isalpha((unsigned char)text[1]) ||
        !strchr("ABCD", text[8]))
        return false;
    int real = 0;
    for (int i = 2; i < 8; i++) {
        real += isdigit((unsigned char)text[i]) != 0;
        if (!isdigit((unsigned char)text[i]) && digit_read(text[i]) == '?')
            return false;
    }
    return real >= 4;
}

static size_t nino_at(struct finder *finder, size_t w) {
    char joined[24] = "", part[24];
    const char *first = find_text_word(&finder->text, w);
    if (!isupper((unsigned char)first[strspn(first, "(\"'")]))
        return 0;
    for (size_t k = 0; k < 5 && find_text_same_page(&finder->text, w, w + k); k++) {
        if (strlen(joined) + find_plain(find_text_word(&finder->text, w + k), part, sizeof part) > 9)
            return 0;
        strcat(joined, part);
        if (!is_nino(joined))
            continue;
        struct hit *hit = hit_add(finder, FLAG_NINO, (uint32_t)w, (uint32_t)(w + k));
        memcpy(hit->value, joined, sizeof joined);
        hit->confidence = 95;
        return k + 1;
    }
    return 0;
}

/* The council's own numbers have seven or eight digits. */
static bool nearly_the_subjects(const struct finder *finder, const char *digits) {
    return finder->subject && *finder->subject->council_id &&
           text_distance(digits, finder->subject->council_id, 1) <= 1;
}

static size_t id_at(struct finder *finder, size_t w) {
    char digits[24];
    const char *text = find_text_word(&finder->text, w);
    size_t len = find_digits(text, digits, sizeof digits);
    if (len < 6 || len > 9 || strchr(text, '.') == text)
        return 0;
    bool known = find_register_number(finder->reg, digits) != NULL;
    bool labelled = label_before(finder, w, "lcs", 3) || label_before(finder, w, "id", 2) ||
                    label_before(finder, w, "ref", 2) || label_before(finder, w, "number", 1);
    if (!known && !nearly_the_subjects(finder, digits) && !(labelled && (len == 7 || len == 8)))
        return 0;
    int32_t day;
    if (!known && find_date_at(finder, w, &day))
        return 0;
    struct hit *hit = hit_add(finder, FLAG_ID, (uint32_t)w, (uint32_t)w);
    memcpy(hit->value, digits, sizeof digits);
    hit->confidence = known ? 95 : 55;
    return 1;
}

void find_patterns(struct finder *finder) {
    static size_t (*const kinds[])(struct finder *, size_t) = {mail_at, upn_at,   nino_at,
                                                               nhs_at,  find_number_at, phone_at, id_at};
    for (size_t w = 0; w < finder->text.word_count; w++) {
        if (is_taken(finder, w))
            continue;
        const char *text = find_text_word(&finder->text, w);
        if (!strpbrk(text, "0123456789@") && !(isupper((unsigned char)text[strspn(text, "(\"'")]) && strlen(text) <= 6) &&
            !strchr(find_text_word(&finder->text, w + 1), '@') && !strstr(text, "www.") && !strstr(text, "://"))
            continue;
        for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
            size_t count = kinds[k](finder, w);
            if (count) {
                w += count - 1;
                break;
            }
        }
    }
}
