/* find_address.c: street addresses in running text and in tables, over the ends of lines. */
#include "redact/find_private.h"

#include "base/text.h"

#include <ctype.h>
#include <string.h>

#define ADDRESS_ATOMS 14 /* before a postcode */

static const struct atom *atom_at(const struct finder *finder, size_t i) {
    return &finder->text.atoms[i];
}

static bool is_digit_like(char c) {
    return isdigit((unsigned char)c) || strchr("OIlSBZ", c);
}

/* LD, LDD, LDL, LLD, LLDD, LLDL. */
static bool is_outward(const char *s, size_t len) {
    if (len < 2 || len > 4 || !isalpha((unsigned char)s[0]))
        return false;
    size_t letters = isalpha((unsigned char)s[1]) && len > 2 && !isdigit((unsigned char)s[1]) ? 2 : 1;
    if (!is_digit_like(s[letters]))
        return false;
    return len - letters <= 2;
}

static bool is_inward(const char *s, size_t len) {
    return len == 3 && is_digit_like(s[0]) && isalpha((unsigned char)s[1]) && isalpha((unsigned char)s[2]);
}

static bool has_digit(const char *s, size_t len) {
    for (size_t i = 0; i < len; i++)
        if (isdigit((unsigned char)s[i]))
            return true;
    return false;
}

/* The last two letters of a postcode are never C I K M O V. A misread telephone number has many of them. */
static bool ends_as_postcode(const char *end) {
    return !strchr("CIKMOVcikmov", end[-1]) && !strchr("CIKMOVcikmov", end[-2]);
}

/* How many atoms a postcode takes here: 0, 1 or 2. */
static size_t postcode_at(const struct finder *finder, size_t i) {
    const struct atom *a = atom_at(finder, i);
    if (!(a->marks & (ATOM_CAPITALS | ATOM_CAPITAL)) || a->len > 7 || a->len < 2)
        return 0;
    if (a->len >= 5 && is_outward(a->text, a->len - 3) && is_inward(a->text + a->len - 3, 3) &&
        has_digit(a->text, a->len - 3) && has_digit(a->text + a->len - 3, 3) &&
        ends_as_postcode(a->text + a->len))
        return 1;
    if (i + 1 >= finder->text.atom_count || a[1].page != a->page || a->len > 4 ||
        (a->marks & (ATOM_STOP | ATOM_COLON)))
        return 0;
    bool shaped = is_outward(a->text, a->len) && is_inward(a[1].text, a[1].len);
    return shaped && (has_digit(a->text, a->len) || has_digit(a[1].text, a[1].len)) &&
                   (a->marks & ATOM_CAPITALS || a->len == 2)
               ? 2
               : 0;
}

static bool is_house_number(const struct finder *finder, size_t i) {
    const struct atom *a = atom_at(finder, i);
    if (!(a->marks & ATOM_NUMBER) || a->len > 7 || (a->marks & (ATOM_STOP | ATOM_COLON)))
        return false;
    size_t digits = 0;
    while (digits < a->len && isdigit((unsigned char)a->text[digits]))
        digits++;
    if (digits == 0 || digits > 4)
        return false;
    return digits == a->len || a->len - digits <= 1 || a->text[digits] == '-' || a->text[digits] == '/';
}

static bool is_street_word(const struct finder *finder, size_t i) {
    return (find_traits(finder, i) & WORD_STREET) && (atom_at(finder, i)->marks & (ATOM_CAPITAL));
}

/* Whether atom i may stand in an address before atom i + 1. */
static bool leads_on(const struct finder *finder, size_t i) {
    const struct atom *a = atom_at(finder, i);
    return a->page == a[1].page && !(a->marks & (ATOM_COLON | ATOM_TAKEN)) &&
           !((a->marks & ATOM_STOP) && a->len > 3);
}

/* From the word that ends the street's name back to where the name begins. */
static size_t street_begin(const struct finder *finder, size_t end) {
    size_t begin = end;
    for (int k = 0; k < 4 && begin > 0; k++) {
        const struct atom *before = atom_at(finder, begin - 1);
        if (!leads_on(finder, begin - 1) || (before->marks & (ATOM_COMMA | ATOM_NUMBER)) ||
            !(before->marks & ATOM_CAPITAL))
            break;
        if ((before[1].marks & ATOM_LINE) && begin >= 2 && !is_house_number(finder, begin - 2))
            break;
        begin--;
    }
    return begin;
}

/* "May House," or "Flat 3," before the street; more than one may stand there. */
static size_t house_begin(const struct finder *finder, size_t begin) {
    size_t at = begin;
    if (at > 0 && leads_on(finder, at - 1) && is_house_number(finder, at - 1))
        at--;
    for (int k = 0; k < 2 && at > 0; k++) {
        const struct atom *before = atom_at(finder, at - 1);
        if (!leads_on(finder, at - 1) || (!(before->marks & ATOM_COMMA) && !is_house_number(finder, at - 1)))
            break;
        if (at >= 2 && (find_traits(finder, at - 2) & WORD_FLAT) &&
            (before->len <= 3 || is_house_number(finder, at - 1))) {
            at -= 2;
        } else if (find_traits(finder, at - 1) & WORD_HOUSE) {
            size_t house = at - 1;
            while (house > 0 && at - house < 4 && leads_on(finder, house - 1) &&
                   (atom_at(finder, house - 1)->marks & ATOM_CAPITAL) &&
                   !(atom_at(finder, house - 1)->marks & (ATOM_COMMA | ATOM_NUMBER)) &&
                   !(atom_at(finder, house)->marks & ATOM_LINE))
                house--;
            at = house;
        } else {
            break;
        }
    }
    return at;
}

static void address_add(struct finder *finder, size_t begin, size_t end, uint8_t confidence) {
    struct hit *hit =
        hit_add(finder, FLAG_ADDRESS, atom_at(finder, begin)->first, atom_at(finder, end)->last);
    hit->confidence = confidence;
}

/* Where the address before a postcode at atom i begins. */
static size_t address_begin(const struct finder *finder, size_t i) {
    size_t least = i > ADDRESS_ATOMS ? i - ADDRESS_ATOMS : 0;
    size_t number = i;
    for (size_t k = i; k-- > least;) {
        const struct atom *a = atom_at(finder, k);
        if (!leads_on(finder, k) || !(a->marks & (ATOM_CAPITAL | ATOM_NUMBER)))
            break;
        if (is_street_word(finder, k) && !(find_traits(finder, k) & WORD_TOWN)) {
            size_t street = street_begin(finder, k), house = house_begin(finder, street);
            /* A house's name may end like a street's ("Mill Court, 12 Alma Road"): the first of them that has
             * a number. */
            return house;
        }
        if (is_house_number(finder, k))
            number = k;
    }
    if (number < i)
        return house_begin(finder, number);
    /* No street: the town alone, when a comma leads to the postcode. */
    if (i > least && (find_traits(finder, i - 1) & WORD_TOWN) && leads_on(finder, i - 1))
        return i - 1;
    return i;
}

/* ", Marlsea" after a street without a postcode; also a postcode that the scan spoilt. */
static size_t address_end(const struct finder *finder, size_t street) {
    size_t end = street;
    while (end + 1 < finder->text.atom_count && end - street < 5) {
        const struct atom *a = atom_at(finder, end), *next = a + 1;
        bool joined = (a->marks & ATOM_COMMA) || (next->marks & ATOM_LINE) || end > street;
        bool town = (find_traits(finder, end + 1) & WORD_TOWN) && (next->marks & ATOM_CAPITAL);
        bool spoilt = end > street && next->len >= 2 && next->len <= 4 && has_digit(next->text, next->len) &&
                      (next->marks & ATOM_CAPITAL) && !is_house_number(finder, end + 1);
        if (a->page != next->page || (a->marks & (ATOM_STOP | ATOM_COLON)) || (next->marks & ATOM_TAKEN) ||
            !joined || (!town && !spoilt))
            break;
        end++;
    }
    return end;
}

static void find_with_postcode(struct finder *finder) {
    for (size_t i = 0; i < finder->text.atom_count; i++) {
        size_t count = postcode_at(finder, i);
        if (!count || (atom_at(finder, i)->marks & ATOM_TAKEN))
            continue;
        size_t begin = address_begin(finder, i);
        address_add(finder, begin, i + count - 1, begin < i ? 95 : 75);
        i += count - 1;
    }
}

/* A street without a postcode is somebody's address when a house stands before it. */
static void find_without_postcode(struct finder *finder) {
    for (size_t i = 1; i < finder->text.atom_count; i++) {
        if (!is_street_word(finder, i) || (atom_at(finder, i)->marks & ATOM_TAKEN))
            continue;
        size_t street = street_begin(finder, i), begin = house_begin(finder, street);
        bool year = (atom_at(finder, begin)->marks & ATOM_NUMBER) && atom_at(finder, begin)->len == 4 &&
                    street == begin + 1;
        bool heading =
            (atom_at(finder, i)->marks & ATOM_CAPITALS) && (find_traits(finder, street) & WORD_COMMON);
        if (begin < street && street < i && !year && !heading)
            address_add(finder, begin, address_end(finder, i), 80);
    }
}

/* ---- addresses that the register knows
 * ---------------------------------------------------------------------- */

/* A known address whose street or postcode a scan has spoilt: its number, and most of the words after it. */
static size_t known_end(const struct finder *finder, const char *key, size_t i) {
    char seen[160] = "";
    const char *house = finder->vocabulary.list[atom_at(finder, i)->entry].key;
    /* The house has to be the same: a neighbour's address differs in nothing else. */
    if (strncmp(key, house, strlen(house)) != 0 || strspn(key, "0123456789") > strlen(house))
        return 0;
    size_t best = 0, length = strlen(key);
    int most = (int)(length / 6), best_distance = most + 1;
    for (size_t k = i; k < finder->text.atom_count && k < i + 10; k++) {
        const struct atom *a = atom_at(finder, k);
        const char *word = finder->vocabulary.list[a->entry].key;
        if (a->page != atom_at(finder, i)->page || (a->marks & ATOM_TAKEN) ||
            strlen(seen) + strlen(word) >= sizeof seen || strlen(seen) > length + 4)
            break;
        strcat(seen, word);
        if (strlen(seen) + (size_t)most < length)
            continue;
        int distance = text_distance(seen, key, most);
        if (distance < best_distance) {
            best_distance = distance;
            best = k;
        }
    }
    return best;
}

static void find_known(struct finder *finder) {
    for (size_t i = 0; i < finder->text.atom_count; i++) {
        const struct atom *a = atom_at(finder, i);
        if ((a->marks & ATOM_TAKEN) || !(a->marks & (ATOM_NUMBER | ATOM_CAPITAL)))
            continue;
        char first = *finder->vocabulary.list[a->entry].key;
        for (size_t p = 0; p < finder->case_party_count && !(atom_at(finder, i)->marks & ATOM_TAKEN); p++)
            for (size_t k = 0; k < finder->parties[p].address_count; k++) {
                const char *key = finder->parties[p].address_keys[k];
                size_t end = *key == first && strlen(key) >= 12 ? known_end(finder, key, i) : 0;
                if (end) {
                    address_add(finder, i, end, 85);
                    break;
                }
            }
    }
}

void find_addresses(struct finder *finder) {
    find_known(finder);
    find_with_postcode(finder);
    find_without_postcode(finder);
}
