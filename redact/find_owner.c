/* find_owner.c: whose a number, a date or an address is: the register's word first, then the person it stands
 * beside. */
#include "redact/find_private.h"

#include "base/clock.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NEAR_BEFORE 40 /* words */
#define NEAR_AFTER 8

static bool near_counts(const struct finder *finder, const struct hit *hit, const struct near *how) {
    if (hit->type != FLAG_PERSON || hit->party == PARTY_NONE)
        return false;
    enum role role = finder->parties[hit->party].role;
    return !(how->skip_subject && role == ROLE_SUBJECT) && !(how->skip_work && role == ROLE_PROFESSIONAL);
}

uint32_t find_near_party(const struct finder *finder, const struct hit *of, const struct near *how,
                           uint32_t *ret_words) {
    uint32_t before = UINT32_MAX, after = UINT32_MAX, party = PARTY_NONE, party_after = PARTY_NONE;
    size_t from = find_hits_from(finder, of->first > NEAR_BEFORE + NAME_WORDS ? of->first - NEAR_BEFORE - NAME_WORDS : 0);
    for (size_t i = from; i < finder->hits.sorted && finder->hits.list[i].first <= of->last + NEAR_AFTER; i++) {
        const struct hit *hit = &finder->hits.list[i];
        if (!near_counts(finder, hit, how) || !find_text_same_page(&finder->text, hit->first, of->first))
            continue;
        if (hit->last < of->first && of->first - hit->last < before) {
            before = of->first - hit->last;
            party = hit->party;
        } else if (hit->first > of->last && hit->first - of->last < after) {
            after = hit->first - of->last;
            party_after = hit->party;
        }
    }
    *ret_words = before;
    if (before <= NEAR_BEFORE)
        return party;
    *ret_words = after;
    return after <= NEAR_AFTER && !how->before ? party_after : PARTY_NONE;
}

static bool place_before(const struct finder *finder, const struct hit *of, uint32_t words) {
    for (uint32_t w = of->first; w > 0 && of->first - w < words && find_text_same_page(&finder->text, w - 1, of->first); w--)
        for (uint32_t a = finder->text.word_atom[w - 1]; a < finder->text.word_atom[w]; a++)
            if ((find_traits(finder, a) & WORD_PLACE) && !(find_traits(finder, a) & WORD_STREET) &&
                (finder->text.atoms[a].marks & ATOM_CAPITAL))
                return true;
    return false;
}

static void is_of(struct hit *hit, uint32_t party, bool sure) {
    hit->party = party;
    hit->sure = sure;
}

static void is_of_organisation(struct hit *hit) {
    hit->party = PARTY_NONE;
    hit->role = ROLE_PROFESSIONAL;
    hit->why = "an organisation's";
}

/* Several parties may have the same value (twins their birthday): the one named nearest before it is meant.
 */
struct owners {
    uint32_t list[16];
    size_t count;
};

static void owner_add(struct owners *owners, uint32_t party) {
    if (owners->count < sizeof owners->list / sizeof *owners->list)
        owners->list[owners->count++] = party;
}

static bool owned(const struct owners *owners, uint32_t party) {
    for (size_t i = 0; i < owners->count; i++)
        if (owners->list[i] == party)
            return true;
    return false;
}

static void nearest_owner(const struct finder *finder, struct hit *hit, const struct owners *owners) {
    uint32_t best = owners->list[0], best_words = UINT32_MAX;
    for (size_t i = 0; i < finder->hits.count; i++) {
        const struct hit *other = &finder->hits.list[i];
        if (other->type == FLAG_PERSON && other->party != PARTY_NONE && owned(owners, other->party) &&
            other->last < hit->first && hit->first - other->last < best_words) {
            best_words = hit->first - other->last;
            best = other->party;
        }
    }
    is_of(hit, best, true);
}

/* ---- telephones
 * --------------------------------------------------------------------------------------------- */

static bool digits_alike(const char *known, const char *seen) {
    char plain[48];
    size_t len = 0;
    for (; *known && len + 1 < sizeof plain; known++)
        if (*known >= '0' && *known <= '9')
            plain[len++] = *known;
    plain[len] = 0;
    if (len < 7)
        return false;
    if (strncmp(plain, "44", 2) == 0 && len == 12) {
        memmove(plain + 1, plain + 2, len - 1);
        plain[0] = '0';
    }
    return strcmp(plain, seen) == 0 || (strchr(seen, '?') && text_distance(plain, seen, 1) <= 1);
}

static struct owners phone_owners(const struct finder *finder, const char *digits) {
    struct owners owners = {.count = 0};
    for (size_t i = 0; i < finder->party_count; i++)
        if (finder->parties[i].person && digits_alike(finder->parties[i].person->phone, digits))
            owner_add(&owners, (uint32_t)i);
    return owners;
}

/* "her number is 01632 ...", "he can be rung on ...": a person's, whatever office was named before. */
static bool is_said_of_person(const struct finder *finder, const struct hit *hit) {
    for (uint32_t w = hit->first, k = 0; w > 0 && k < 6 && find_text_same_page(&finder->text, w - 1, hit->first); w--, k++)
        for (uint32_t a = finder->text.word_atom[w - 1]; a < finder->text.word_atom[w]; a++) {
            if (find_is_one_of(finder, a, "her his their she he"))
                return true;
            if (k < 3 && (find_traits(finder, a) & WORD_KIN))
                return true;
            if (finder->text.atoms[a].marks & ATOM_STOP)
                return false;
        }
    return false;
}

static void phone_owner(const struct finder *finder, struct hit *hit) {
    struct owners owners = phone_owners(finder, hit->value);
    bool mobile = strncmp(hit->value, "07", 2) == 0;
    if (owners.count) {
        nearest_owner(finder, hit, &owners);
        return;
    }
    uint32_t words;
    bool personal = is_said_of_person(finder, hit);
    const struct near how = {.skip_subject = true, .skip_work = personal};
    uint32_t party = find_near_party(finder, hit, &how, &words);
    bool work = party != PARTY_NONE && finder->parties[party].role == ROLE_PROFESSIONAL;
    if (personal) {
        is_of(hit, party, false);
        return;
    }
    if (!mobile && (party == PARTY_NONE || work || words > 12) && place_before(finder, hit, 20)) {
        is_of_organisation(hit);
    } else if (!mobile && find_register_work_phone(finder->reg, hit->value) &&
               (party == PARTY_NONE || work)) {
        is_of_organisation(hit);
    } else if (party != PARTY_NONE) {
        is_of(hit, party, false);
        if (work && mobile)
            hit->when = "private";
    }
}

/* ---- mail
 * --------------------------------------------------------------------------------------------------- */

static bool local_names(const struct finder *finder, const struct party *party, const char *mail) {
    char key[VOCABULARY_KEY];
    vocabulary_key(mail, strcspn(mail, "@"), key);
    if (party->surname == ENTRY_NONE || party->forename == ENTRY_NONE)
        return false;
    const char *sur = finder->vocabulary.list[party->surname].key,
               *fore = finder->vocabulary.list[party->forename].key;
    return strlen(sur) >= 3 && strstr(key, sur) && (strstr(key, fore) || key[0] == fore[0]);
}

static bool is_work_domain(const struct finder *finder, const char *mail) {
    static const char *const ends[] = {".gov.uk", ".nhs.uk", "nhs.net",  ".police.uk",
                                       ".sch.uk", ".ac.uk",  "cjsm.net", ".mod.uk"};
    const char *at = strchr(mail, '@'); /* not there when what is before it filled the room that a value has */
    if (!at)
        return false;
    const char *domain = at + 1;
    size_t len = strlen(domain);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (len >= strlen(ends[i]) && strcmp(domain + len - strlen(ends[i]), ends[i]) == 0)
            return true;
    return find_register_work_domain(finder->reg, domain);
}

bool find_is_work_mail(const struct finder *finder, const struct hit *mail, const struct party *party) {
    return is_work_domain(finder, mail->value) && local_names(finder, party, mail->value);
}

static void mail_owner(const struct finder *finder, struct hit *hit) {
    struct owners owners = {.count = 0};
    for (size_t i = 0; i < finder->party_count; i++)
        if (finder->parties[i].person && *finder->parties[i].person->email &&
            (strncasecmp(finder->parties[i].person->email, hit->value, sizeof hit->value - 1) == 0 ||
             text_distance(finder->parties[i].person->email, hit->value, 2) <= 2))
            owner_add(&owners, (uint32_t)i);
    for (size_t i = 0; i < finder->party_count && !owners.count; i++)
        if (local_names(finder, &finder->parties[i], hit->value))
            owner_add(&owners, (uint32_t)i);
    if (owners.count) {
        nearest_owner(finder, hit, &owners);
        return;
    }
    uint32_t words;
    const struct near how = {.skip_subject = true, .skip_work = true};
    if (is_work_domain(finder, hit->value))
        is_of_organisation(hit);
    else
        is_of(hit, find_near_party(finder, hit, &how, &words), false);
}

/* ---- dates of birth
 * ----------------------------------------------------------------------------------------- */

/* A slip of one sign, or day and month turned round. */
bool find_is_birth_slip(int32_t born, const char *iso) {
    char known[DATE_TEXT];
    date_text(born, known);
    if (text_distance(known, iso, 2) <= 2)
        return true;
    return strncmp(known, iso, 4) == 0 && strncmp(known + 5, iso + 8, 2) == 0 &&
           strncmp(known + 8, iso + 5, 2) == 0;
}

static void birth_owner(const struct finder *finder, struct hit *hit) {
    int32_t day = date_from_iso(hit->value);
    struct owners owners = {.count = 0};
    for (size_t i = 0; i < finder->party_count; i++)
        if (finder->parties[i].born == day && day != DATE_NONE)
            owner_add(&owners, (uint32_t)i);
    if (owners.count) {
        nearest_owner(finder, hit, &owners);
        return;
    }
    const struct child *subject = finder->subject;
    bool unread = day == DATE_NONE; /* labelled, but spoilt by the scan */
    struct near how = {.skip_subject = !unread && (!subject || subject->born == DATE_NONE ||
                                                   !find_is_birth_slip(subject->born, hit->value)),
                       .skip_work = true};
    uint32_t words, party = find_near_party(finder, hit, &how, &words);
    /* A heading with the subject's number beside it needs no name. */
    if (party == PARTY_NONE && !how.skip_subject)
        party = PARTY_SUBJECT;
    is_of(hit, party, false);
}

/* ---- numbers
 * ------------------------------------------------------------------------------------------------ */

static const char *own_number(const struct finder *finder, enum flag_type type) {
    if (!finder->subject)
        return "";
    return type == FLAG_NHS   ? finder->subject->nhs_number
           : type == FLAG_UPN ? finder->subject->upn
                              : finder->subject->council_id;
}

static void number_owner(struct finder *finder, struct hit *hit) {
    const struct child *child = find_register_number(finder->reg, hit->value);
    if (child && child == finder->subject) {
        is_of(hit, PARTY_SUBJECT, true);
        return;
    }
    if (child) {
        is_of(hit, find_party_child(finder, child), true);
        return;
    }
    const char *own = own_number(finder, hit->type);
    uint32_t words;
    const struct near how = {.skip_work = true};
    uint32_t party = find_near_party(finder, hit, &how, &words);
    if (*own && text_distance(own, hit->value, 2) <= 2 && (party == PARTY_NONE || party == PARTY_SUBJECT))
        party = PARTY_SUBJECT;
    else if (party == PARTY_SUBJECT)
        party = PARTY_NONE;
    is_of(hit, party, false);
}

static void nino_owner(const struct finder *finder, struct hit *hit) {
    uint32_t words;
    const struct near how = {.skip_work = true};
    uint32_t party = find_near_party(finder, hit, &how, &words);
    /* The register knows no such number: only one right beside the subject's name is taken for the subject's.
     */
    is_of(hit, party == PARTY_SUBJECT && words > 6 ? PARTY_NONE : party, false);
}

/* An age is only somebody's whom the words before speak of; without anybody it tells nothing. */
static void age_owner(const struct finder *finder, struct hit *hit) {
    uint32_t words;
    const struct near how = {.skip_work = true, .before = true};
    if (hit->party == PARTY_NONE)
        is_of(hit, find_near_party(finder, hit, &how, &words), false);
    else
        hit->sure = true;
    hit->look = hit->party == PARTY_NONE;
}

/* ---- addresses
 * ---------------------------------------------------------------------------------------------- */

static bool address_alike(const char *known, const char *seen) {
    size_t a = strlen(known), b = strlen(seen), shorter = a < b ? a : b;
    size_t house = strspn(known, "0123456789");
    /* A neighbour's address differs in nothing but the number of the house. */
    if (house && strspn(seen, "0123456789") &&
        (strspn(seen, "0123456789") != house || strncmp(known, seen, house) != 0))
        return false;
    if (shorter >= 10 && strncmp(known, seen, shorter) == 0)
        return true;
    if (shorter >= 7 && b < a && strcmp(known + a - b, seen) == 0)
        return true;
    int most = (int)(shorter / 8);
    return shorter >= 12 && text_distance(known, seen, most) <= most;
}

static bool lives_at(const struct party *party, const char *key) {
    for (size_t i = 0; i < party->address_count; i++)
        if (address_alike(party->address_keys[i], key))
            return true;
    return false;
}

static void address_unknown(const struct finder *finder, struct hit *hit) {
    uint32_t words;
    const struct near how = {.skip_subject = true};
    uint32_t party = find_near_party(finder, hit, &how, &words);
    bool other = party != PARTY_NONE && finder->parties[party].role != ROLE_PROFESSIONAL && words <= 8;
    if (!other && place_before(finder, hit, 10))
        is_of_organisation(hit);
    else if (party != PARTY_NONE && finder->parties[party].role != ROLE_PROFESSIONAL)
        is_of(hit, party, false);
}

/* Where the subject lives now. */
static bool lives_now(const struct party *party, const char *key) {
    return party->address_current && address_alike(party->address_keys[party->address_current - 1], key);
}

/* "gave his last address as ...", "her address is ...", "care of his ...": somebody's own words for where they live. */
static bool is_given(const struct finder *finder, const struct hit *hit) {
    bool address = false;
    for (uint32_t w = hit->first, k = 0; w > 0 && k < 6 && find_text_same_page(&finder->text, w - 1, hit->first); w--, k++)
        for (uint32_t a = finder->text.word_atom[w]; a-- > finder->text.word_atom[w - 1];) {
            if (finder->text.atoms[a].marks & ATOM_STOP)
                return false;
            if (address && find_is_one_of(finder, a, "his her their"))
                return true;
            address = address || find_is_one_of(finder, a, "address addresses");
        }
    return false;
}

static bool is_no_family(const struct finder *finder, uint32_t party) {
    enum role role = finder->parties[party].role;
    return role == ROLE_THIRD_PARTY || role == ROLE_UNKNOWN;
}

/* An address of the subject that is said to be somebody's who is no family, a lodger's: a former one, or one that the person gave as theirs.
 * Who that is may be told by a name, or by nothing but "the lodger", when one of the owners is such a person. */
static bool is_said_of_other(const struct finder *finder, struct hit *hit, const struct owners *owners, bool now) {
    uint32_t words;
    const struct near how = {.skip_work = true, .before = true};
    uint32_t party = find_near_party(finder, hit, &how, &words);
    bool given = is_given(finder, hit);
    if (party != PARTY_NONE && words <= (given ? 25 : 20))
        return (given || !now) && is_no_family(finder, party);
    for (size_t i = 0; i < owners->count && given; i++)
        if (is_no_family(finder, owners->list[i])) {
            is_of(hit, owners->list[i], true);
            return true;
        }
    return false;
}

static void address_owner(const struct finder *finder, struct hit *hit) {
    char *copy = find_text_copy(&finder->text, hit->first, hit->last), *key = text_key(copy);
    struct owners owners = {.count = 0};
    bool shared = lives_at(&finder->parties[PARTY_SUBJECT], key), hidden = false;
    for (size_t i = 1; i < finder->party_count; i++)
        if (lives_at(&finder->parties[i], key)) {
            const struct party *party = &finder->parties[i];
            if (party->confidential || party->source) {
                hidden = true;
                owners.count = 0;
            }
            if (!hidden || party->confidential || party->source)
                owner_add(&owners, (uint32_t)i);
        }
    if (owners.count)
        nearest_owner(finder, hit, &owners);
    shared = shared && !is_said_of_other(finder, hit, &owners, lives_now(&finder->parties[PARTY_SUBJECT], key));
    if (shared && !hidden) {
        is_of(hit, PARTY_SUBJECT, true);
        hit->when = "shared";
    } else if (!owners.count) {
        address_unknown(finder, hit);
    }
    free(key);
    free(copy);
}

void find_owners(struct finder *finder) {
    for (size_t i = 0; i < finder->hits.count; i++) {
        struct hit *hit = &finder->hits.list[i];
        switch (hit->type) {
        case FLAG_PHONE:
            phone_owner(finder, hit);
            break;
        case FLAG_EMAIL:
            mail_owner(finder, hit);
            break;
        case FLAG_DOB:
            birth_owner(finder, hit);
            break;
        case FLAG_NHS:
        case FLAG_UPN:
        case FLAG_ID:
            number_owner(finder, hit);
            break;
        case FLAG_NINO:
        case FLAG_ULN:
        case FLAG_BANK:
        case FLAG_PASSPORT:
        case FLAG_LICENCE:
        case FLAG_VEHICLE:
        case FLAG_REF:
        case FLAG_HANDLE:
            nino_owner(finder, hit);
            break;
        case FLAG_AGE:
            age_owner(finder, hit);
            break;
        case FLAG_ADDRESS:
            address_owner(finder, hit);
            break;
        default:
            break;
        }
    }
}
