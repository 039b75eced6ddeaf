/* find_context.c: what the words beside a name say. */
#include "redact/find_private.h"

#include "base/mem.h"

#include <string.h>

uint32_t find_traits(const struct finder *finder, size_t atom) {
    return atom < finder->text.atom_count ? finder->vocabulary.list[finder->text.atoms[atom].entry].traits
                                          : 0;
}

const char *find_key(const struct finder *finder, size_t atom) {
    return finder->vocabulary.list[finder->text.atoms[atom].entry].key;
}

uint32_t find_gazetteer(const struct finder *finder, size_t atom) {
    const char *key = find_key(finder, atom);
    return finder->model ? tag_model_word(finder->model, key, strlen(key)) : 0;
}

bool find_is_one_of(const struct finder *finder, size_t atom, const char *keys) {
    return atom < finder->text.atom_count && vocabulary_key_in(find_key(finder, atom), keys);
}

static bool same_page(const struct finder *finder, size_t a, size_t b) {
    return b < finder->text.atom_count && finder->text.atoms[a].page == finder->text.atoms[b].page;
}

/* Police officers are written with their number: PC 2231 Dunn. */
static bool is_title_at(const struct finder *finder, size_t i) {
    const struct atom *atom = &finder->text.atoms[i];
    if (atom->marks & (ATOM_COMMA | ATOM_COLON | ATOM_DASH))
        return false;
    if (!(find_traits(finder, i) & WORD_TITLE) || (atom->marks & ATOM_CAPITAL))
        return (find_traits(finder, i) & WORD_TITLE) != 0;
    /* Typed in small letters: "mr walsh"; "miss" may be a verb. */
    if (find_is_one_of(finder, i, "mr mrs ms dr pc dc sgt"))
        return true;
    return find_is_one_of(finder, i, "miss") && i + 1 < finder->text.atom_count && ((find_traits(finder, i + 1) & WORD_SURNAME) || (finder->tagger && find_is_tagged(finder, i + 1)));
}

size_t find_title(const struct finder *finder, size_t first, uint32_t *ret_traits, uint32_t *ret_entry) {
    const struct atom *atoms = finder->text.atoms;
    size_t begin = first;
    *ret_traits = 0;
    *ret_entry = ENTRY_NONE;
    for (size_t k = 0; k < 4 && begin > 0 && same_page(finder, begin, begin - 1); k++) {
        size_t before = begin - 1;
        bool number = (atoms[before].marks & ATOM_NUMBER) && !(atoms[before].marks & ATOM_CAPITAL) &&
                      before > 0 && is_title_at(finder, before - 1) &&
                      (find_traits(finder, before - 1) & WORD_TITLE_WORK);
        if (!number && !is_title_at(finder, before))
            break;
        if (!number) {
            *ret_traits |= find_traits(finder, before);
            *ret_entry = atoms[before].entry;
        }
        begin = before;
    }
    return begin;
}

/* Hosts of people's own mail. */
static bool mail_is_private(const char *host) {
    static const char *const hosts[] = {"gmail.", "hotmail.", "outlook.", "yahoo.", "icloud.", "aol.", "btinternet.", "live.", "sky.", "talktalk.", "virginmedia.", "proton", "mail.", "post."};
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++)
        if (strncasecmp(host, hosts[i], strlen(hosts[i])) == 0)
            return true;
    return false;
}

static bool work_before(const struct finder *finder, size_t first) {
    if (!first || !same_page(finder, first, first - 1) || (finder->text.atoms[first - 1].marks & ATOM_STOP))
        return false;
    size_t before = first - 1;
    if (before && find_is_one_of(finder, before, "adult") && find_is_one_of(finder, before - 1, "appropriate"))
        return true;
    const struct atom *word = &finder->text.atoms[before];
    /* What is said in brackets, or before a semicolon, is said of who stands before it: "Emyr Gwynne (minister); Mrs Probyn". */
    if ((find_traits(finder, before) & WORD_WORK) && !(word->marks & (ATOM_OWNER | ATOM_CLOSED)))
        return true;
    /* "her social worker is Petros" */
    if (before && find_is_one_of(finder, before, "is was") && (find_traits(finder, before - 1) & WORD_WORK) && !(finder->text.atoms[before - 1].marks & ATOM_STOP))
        return true;
    if (find_is_one_of(finder, before, "by") && before)
        return find_is_one_of(finder, before - 1,
                      "lodged logged paid taken completed submitted recorded prepared endorsed written authorised supervised assessed countersigned typed "
                      "contact referral referred seen visited observed chaired minuted well entered signed logged reviewed examined");
    if (find_is_one_of(finder, before, "dw") || (find_is_one_of(finder, before, "w") && before && find_is_one_of(finder, before - 1, "d")))
        return true; /* d/w: discussed with */
    return find_is_one_of(finder, before, "from to cc apologies present attendees attended author chair minutes agreed by worker observer supervisor referrer officer oic interviewer interviewed signed clerk taker "
                                  "caseholder duty interpreter") &&
           (finder->text.atoms[before].marks & ATOM_COLON);
}

static bool work_after(const struct finder *finder, size_t last) {
    const struct atom *atoms = finder->text.atoms;
    if (!same_page(finder, last, last + 1) || (atoms[last].marks & ATOM_OWNER))
        return false;
    bool apart =
        (atoms[last].marks & (ATOM_COMMA | ATOM_DASH)) || (atoms[last + 1].marks & (ATOM_OPEN | ATOM_LINE));
    apart = apart || (find_is_one_of(finder, last + 1, "of") && find_is_one_of(finder, last + 2, "counsel chambers"));
    /* "Ewa the interpreter", "Tyrone who supervises" */
    apart = apart || (find_is_one_of(finder, last + 1, "the our") && (find_traits(finder, last + 2) & WORD_WORK)) ||
            (find_is_one_of(finder, last + 1, "who") && find_is_one_of(finder, last + 2, "supervises supervised chairs chaired"));
    if (!apart || (atoms[last].marks & ATOM_STOP))
        return false;
    for (size_t i = last + 1; i <= last + 4 && same_page(finder, last, i); i++) {
        if (find_is_one_of(finder, i, "retired former ex")) /* "Mr Bent, a retired headmaster" */
            return false;
        if ((find_traits(finder, i) & WORD_WORK) || find_is_one_of(finder, i, "agency"))
            return true;
        if (find_is_one_of(finder, i, "business") && find_is_one_of(finder, i + 1, "support"))
            return true;
        if ((find_traits(finder, i) & WORD_KIN) || (atoms[i].marks & (ATOM_STOP | ATOM_COMMA | ATOM_COLON)))
            return false;
        if (i > last + 1 && (atoms[i].marks & ATOM_LINE))
            return false;
    }
    return false;
}

/* "Siobhan at EDT", "Imran at youth offending". */
static bool works_there(const struct finder *finder, size_t last) {
    if (!same_page(finder, last, last + 3) || (finder->text.atoms[last].marks & (ATOM_STOP | ATOM_COMMA | ATOM_OWNER)) ||
        !find_is_one_of(finder, last + 1, "at from in"))
        return false;
    size_t at = last + 2 + find_is_one_of(finder, last + 2, "the our your");
    if (find_is_one_of(finder, at, "edt mash legal finance cafcass yot yos lado brokerage commissioning nspcc barnardos"))
        return true;
    return find_is_one_of(finder, at, "youth early adult") && find_is_one_of(finder, at + 1, "offending justice help safeguarding");
}

/* Below "Yours sincerely", with an office's line or address of mail below: the letter's writer writes for an office. */
static bool signs_for_work(const struct finder *finder, size_t first, size_t last) {
    bool signed_off = false;
    for (size_t k = 1; k <= 3 && k <= first && same_page(finder, first, first - k); k++)
        signed_off = signed_off || find_is_one_of(finder, first - k, "sincerely faithfully");
    if (!signed_off)
        return false;
    for (size_t i = last + 1; i <= last + 12 && same_page(finder, last, i); i++) {
        if (find_traits(finder, i) & WORD_WORK || find_is_one_of(finder, i, "team department service services office section council trust solicitors"))
            return true;
        const char *at = strchr(find_text_word(&finder->text, finder->text.atoms[i].first), '@');
        if (at && !mail_is_private(at + 1))
            return true;
    }
    return false;
}

bool find_is_work_beside(const struct finder *finder, size_t first, size_t last) {
    /* In a list of who was there the word before is the last one's, "Foster carer" behind it is this one's. */
    bool listed = first && (finder->text.atoms[first].marks & (ATOM_LINE | ATOM_BEGIN)) && find_is_kin_after(finder, last);
    return (work_before(finder, first) && !listed) || work_after(finder, last) || works_there(finder, last) || signs_for_work(finder, first, last);
}

bool find_is_kin_after(const struct finder *finder, size_t last) {
    const struct atom *atoms = finder->text.atoms;
    if (!same_page(finder, last, last + 1) || (atoms[last].marks & (ATOM_OWNER | ATOM_STOP)) ||
        !((atoms[last].marks & (ATOM_COMMA | ATOM_DASH)) || (atoms[last + 1].marks & (ATOM_OPEN | ATOM_LINE | ATOM_BEGIN))))
        return false;
    for (size_t i = last + 1; i <= last + 2 && same_page(finder, last, i); i++) {
        if (find_traits(finder, i) & WORD_KIN)
            return true;
        if (atoms[i].marks & (ATOM_STOP | ATOM_COLON))
            return false;
    }
    return false;
}

bool find_is_kin_before(const struct finder *finder, size_t first) {
    for (size_t k = 1; k <= 2 && k <= first; k++) {
        size_t before = first - k;
        if (!same_page(finder, first, before) || (finder->text.atoms[before].marks & (ATOM_STOP | ATOM_CLOSED)))
            return false;
        if (find_traits(finder, before) & (WORD_KIN | WORD_CALLED))
            return true;
    }
    return false;
}

static bool is_place_next(const struct finder *finder, size_t last, bool *ret_goes_on) {
    const struct atom *next = &finder->text.atoms[last + 1];
    *ret_goes_on =
        find_text_joins(&finder->text, last) && (next->marks & ATOM_CAPITAL) && !(next->marks & ATOM_LINE);
    return *ret_goes_on && (find_traits(finder, last + 1) & (WORD_STREET | WORD_PLACE | WORD_HOUSE));
}

bool find_is_place_after(const struct finder *finder, size_t last) {
    bool goes_on;
    return is_place_next(finder, last, &goes_on);
}

/* "Hesketh Lowe Solicitors", "Fell & Marsh LLP": capitals without a break that end in a place. */
bool find_is_firm(const struct finder *finder, size_t last) {
    bool goes_on = true;
    for (size_t k = 0; k < 3 && goes_on; k++)
        if (is_place_next(finder, last + k, &goes_on))
            return true;
    return false;
}

/* Any work named in the sentence before: "counsel for the Applicant, Ms Desai for the mother". For titles
 * only. */
bool find_is_work_in_sentence(const struct finder *finder, size_t first) {
    for (size_t k = 1; k <= 6 && k <= first && same_page(finder, first, first - k); k++) {
        if (finder->text.atoms[first - k].marks & ATOM_STOP)
            return false;
        if (find_traits(finder, first - k) & WORD_WORK)
            return true;
    }
    return false;
}

static bool is_month_here(const struct finder *finder, size_t i) {
    const struct atom *atoms = finder->text.atoms;
    if (i && (atoms[i - 1].marks & ATOM_NUMBER))
        return true;
    if (i &&
        find_is_one_of(finder, i - 1, "in since by of until last next early late mid during from early every this"))
        return true;
    return i + 1 < finder->text.atom_count && (atoms[i + 1].marks & ATOM_NUMBER);
}

bool find_is_name_here(const struct finder *finder, size_t i) {
    const struct atom *atom = &finder->text.atoms[i];
    uint32_t traits = find_traits(finder, i);
    if (!(atom->marks & ATOM_CAPITAL) || find_is_place_after(finder, i))
        return false;
    if ((traits & WORD_MONTH) && is_month_here(finder, i))
        return false;
    if (find_is_one_of(finder, i + 1, "term holiday holidays break"))
        return false;
    if (atom->marks & ATOM_OWNER)
        return true;
    if (!(atom->marks & (ATOM_BEGIN | ATOM_LINE)))
        return !(atom->marks & ATOM_CAPITALS) || atom->len <= 3 ||
               !(i && (finder->text.atoms[i - 1].marks & ATOM_CAPITALS));
    if (!(traits & WORD_COMMON) || i + 1 >= finder->text.atom_count)
        return true;
    const struct atom *next = atom + 1;
    const char *key = find_key(finder, i + 1);
    size_t len = strlen(key);
    /* "Will works", "Mark looked" */
    if (!(next->marks & ATOM_CAPITAL) && len >= 4 &&
        (key[len - 1] == 's' || strcmp(key + len - 2, "ed") == 0))
        return true;
    return (find_traits(finder, i + 1) & WORD_AFTER_NAME) || (atom->marks & (ATOM_COMMA | ATOM_STOP)) ||
           (finder->text.atoms[i + 1].marks & (ATOM_OPEN | ATOM_LINE));
}

struct hit *hit_add(struct finder *finder, enum flag_type type, uint32_t first, uint32_t last) {
    struct hits *hits = &finder->hits;
    if (hits->count == hits->room) {
        hits->room = hits->room ? hits->room * 2 : 256;
        hits->list = mem_grow(hits->list, hits->room, sizeof *hits->list);
    }
    struct hit *hit = &hits->list[hits->count++];
    *hit = (struct hit){.first = first,
                        .last = last,
                        .type = type,
                        .party = PARTY_NONE,
                        .role = ROLE_UNKNOWN,
                        .when = "",
                        .finder = type == FLAG_PERSON ? "people" : "pattern"};
    if (type != FLAG_PERSON)
        for (uint32_t a = finder->text.word_atom[first]; a < finder->text.word_atom[last + 1]; a++)
            finder->text.atoms[a].marks |= ATOM_TAKEN;
    return hit;
}

struct hit *find_person_add(struct finder *finder, size_t first, size_t last, uint32_t party) {
    uint32_t traits, entry;
    size_t begin = find_title(finder, first, &traits, &entry);
    for (size_t i = begin; i <= last; i++)
        finder->text.atoms[i].marks |= ATOM_TAKEN;
    struct hit *hit =
        hit_add(finder, FLAG_PERSON, finder->text.atoms[begin].first, finder->text.atoms[last].last);
    hit->party = party;
    return hit;
}
