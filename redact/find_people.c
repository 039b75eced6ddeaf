/* find_people.c: names of the case's people on the page. */
#include "redact/find_private.h"

#include "base/mem.h"

#include <string.h>

static bool is_ordinary(uint32_t traits) {
    return traits & (WORD_COMMON | WORD_NAME | WORD_MONTH | WORD_TOWN | WORD_STREET | WORD_PLACE | WORD_WORK |
                     WORD_KIN);
}

/* Whether atom i stands for a word of a form; the quality of the reading, or -1. */
static int word_quality(struct finder *finder, size_t i, uint32_t word) {
    const struct atom *atom = &finder->text.atoms[i];
    if (find_forms_resolve(finder, atom->entry) != word)
        return -1;
    int quality = finder->vocabulary.list[atom->entry].quality;
    if (quality && !(atom->marks & ATOM_CAPITAL))
        return -1;
    return quality;
}

static bool is_middle_initial(const struct finder *finder, size_t i) {
    const struct atom *atom = &finder->text.atoms[i];
    return atom->len == 1 && (atom->marks & ATOM_CAPITAL) && !(atom->marks & ATOM_NUMBER);
}

/* A turned name has its comma, or its surname in capitals: "EDWARDS, Karen", "EDWARDS Karen". */
static bool goes_on(const struct finder *finder, const struct form *form, size_t i) {
    if (find_text_joins(&finder->text, i))
        return true;
    const struct atom *a = &finder->text.atoms[i];
    return form->kind == FORM_TURNED && i + 1 < finder->text.atom_count && (a->marks & ATOM_COMMA) &&
           !(a->marks & (ATOM_STOP | ATOM_COLON)) && a->page == a[1].page;
}

/* The last atom of the form at atom i, or 0 with *ret_quality < 0. */
static size_t form_fits(struct finder *finder, const struct form *form, size_t i, int *ret_quality) {
    int sum = 0, worst = 0;
    size_t at = i;
    bool capital = false, certain = false, turned = form->kind != FORM_TURNED;
    *ret_quality = -1;
    for (size_t w = 0; w < form->count; w++) {
        if (w) {
            if (!goes_on(finder, form, at))
                return 0;
            turned = turned || (finder->text.atoms[at].marks & (ATOM_COMMA | ATOM_CAPITALS));
            at++;
            if (w == 1 && form->kind == FORM_FULL && is_middle_initial(finder, at) &&
                find_text_joins(&finder->text, at))
                at++;
        }
        const struct atom *atom = &finder->text.atoms[at];
        int quality = atom->marks & ATOM_TAKEN ? -1 : word_quality(finder, at, form->words[w]);
        if (quality < 0)
            return 0;
        sum += quality;
        worst = quality > worst ? quality : worst;
        capital = capital || (atom->marks & ATOM_CAPITAL);
        if (!is_ordinary(find_traits(finder, at)))
            certain = true;
        else if (!(atom->marks & ATOM_CAPITAL))
            return 0;
    }
    if (!turned || (form->count > 1 && (sum > 3 || (!capital && !certain))))
        return 0;
    *ret_quality = worst;
    return at;
}

static void fit_add(struct fit *fit, const struct form *form, size_t last, int quality) {
    size_t words = form->count;
    bool better = words > fit->words ||
                  (words == fit->words &&
                   (form->kind < fit->kind || (form->kind == fit->kind && quality < fit->quality)));
    bool same = words == fit->words && form->kind == fit->kind && quality == fit->quality;
    if (!better && !same)
        return;
    if (better) {
        fit->party_count = 0;
        fit->words = words;
        fit->kind = form->kind;
        fit->quality = quality;
        fit->last = last;
    }
    for (size_t i = 0; i < fit->party_count; i++)
        if (fit->parties[i] == form->party)
            return;
    if (fit->party_count < CANDIDATES_MOST)
        fit->parties[fit->party_count++] = form->party;
}

static struct fit fit_at(struct finder *finder, size_t i, enum form_kind from, enum form_kind to) {
    struct fit fit = {.kind = FORM_INITIALS, .quality = 9};
    uint32_t word = find_forms_resolve(finder, finder->text.atoms[i].entry);
    if (word == ENTRY_NONE)
        return fit;
    for (int32_t f = finder->vocabulary.list[word].forms; f >= 0; f = finder->forms[f].next) {
        const struct form *form = &finder->forms[f];
        if (form->kind < from || form->kind > to)
            continue;
        int quality;
        size_t last = form_fits(finder, form, i, &quality);
        if (quality >= 0)
            fit_add(&fit, form, last, quality);
    }
    return fit;
}

/* ---- marking
 * ------------------------------------------------------------------------------------------------ */

static void person_mark(struct finder *finder, size_t first, const struct fit *fit,
                        const struct choice *choice) {
    static const uint8_t sureness[] = {
        [FORM_FULL] = 97,    [FORM_TURNED] = 95, [FORM_INITIAL] = 88, [FORM_FIRST] = 88,
        [FORM_SURNAME] = 85, [FORM_NICK] = 70,   [FORM_INITIALS] = 70};
    struct hit *hit = find_person_add(finder, first, fit->last, choice->party);
    hit->own_name = choice->own_name;
    hit->undecided = choice->undecided;
    hit->sure = true;
    hit->confidence = (uint8_t)(sureness[fit->kind] - 8 * fit->quality);
    if (choice->own_name || choice->undecided)
        hit->confidence = 40;
    if (fit->kind <= FORM_TURNED)
        finder->parties[choice->party].named = true;
}

/* Another child who has the subject's name: of another record, whoever that is. */
static void namesake_mark(struct finder *finder, size_t first, size_t last) {
    const struct stranger who = {ROLE_OTHER_CHILD, ENTRY_NONE, finder->text.atoms[first].entry, finder->text.atoms[last].entry};
    struct hit *hit = find_person_add(finder, first, last, find_party_stranger(finder, &who));
    hit->why = "has the subject's name, but another date of birth";
    hit->confidence = 85;
}

static size_t full_at(struct finder *finder, size_t i, enum form_kind most) {
    struct fit fit = fit_at(finder, i, FORM_FULL, most);
    if (fit.words < 2 || find_is_place_after(finder, fit.last))
        return SIZE_MAX;
    struct title title = find_title_at(finder, i);
    struct choice choice = find_choose(finder, &fit, &title);
    if (choice.party == PARTY_NONE)
        return SIZE_MAX;
    if (choice.party == PARTY_SUBJECT && fit.kind <= FORM_TURNED && find_is_namesake(finder, fit.last))
        namesake_mark(finder, i, fit.last);
    else
        person_mark(finder, i, &fit, &choice);
    return fit.last;
}

size_t find_people_full_at(struct finder *finder, size_t i) {
    return full_at(finder, i, FORM_FIRST);
}

/* Whole names first: who is named in full decides what "S Bolton" means. */
void find_people_full(struct finder *finder) {
    for (enum form_kind most = FORM_TURNED; most <= FORM_FIRST; most++)
        for (size_t i = 0; i < finder->text.atom_count; i++) {
            size_t last = finder->text.atoms[i].marks & ATOM_TAKEN ? SIZE_MAX : full_at(finder, i, most);
            i = last == SIZE_MAX ? i : last;
        }
}

/* ---- one word
 * ----------------------------------------------------------------------------------------------- */

static bool after_saint(const struct finder *finder, size_t i) {
    return i && finder->text.atoms[i - 1].len <= 3 && find_text_joins(&finder->text, i - 1) &&
           strcmp(find_key(finder, i - 1), "st") == 0;
}

/* KS without dots is taken for initials only in capitals that no heading explains. */
static bool initials_stand(const struct finder *finder, size_t i) {
    const struct atom *atom = &finder->text.atoms[i];
    if (atom->marks & ATOM_DOTTED)
        return true;
    if (!(atom->marks & ATOM_CAPITALS) || (atom->marks & ATOM_NUMBER) ||
        (find_traits(finder, i) & WORD_COMMON))
        return false;
    /* "St Oswald's RC Primary School" */
    if (find_text_joins(&finder->text, i) && find_is_one_of(finder, i + 1, "primary infant infants junior high secondary school academy church"))
        return false;
    bool before =
        i && (finder->text.atoms[i - 1].marks & ATOM_CAPITALS) && find_text_joins(&finder->text, i - 1);
    bool after = find_text_joins(&finder->text, i) && (atom[1].marks & ATOM_CAPITALS);
    return !before && !after;
}

static bool short_stands(const struct finder *finder, size_t i, const struct fit *fit,
                         const struct title *title) {
    const struct atom *atom = &finder->text.atoms[i];
    uint32_t traits = find_traits(finder, i);
    if (fit->kind == FORM_INITIALS)
        return !title->traits && initials_stand(finder, i);
    /* Read with more than a slip: only where the model, too, sees a name. */
    bool slip = finder->tagger && find_is_tagged(finder, i) && !(traits & (WORD_FORENAME | WORD_SURNAME | WORD_NAME));
    if ((fit->quality > 2 && !slip) || (atom->marks & ATOM_DOTTED))
        return false;
    if (title->traits)
        return true;
    if (!(atom->marks & ATOM_CAPITAL))
        return fit->quality == 0 && ((!is_ordinary(traits) && atom->len >= (fit->kind == FORM_FIRST ? 3 : 5)) ||
                                     (finder->tagger && find_is_tagged(finder, i))); /* typed in small letters */
    if (find_is_place_after(finder, fit->last) || after_saint(finder, i))
        return false;
    if (is_ordinary(traits) && fit->words == 1)
        return find_is_name_here(finder, i);
    return true;
}

static bool may_end_name(const struct finder *finder, size_t i) {
    return (finder->text.atoms[i].marks & ATOM_CAPITAL) && !(finder->text.atoms[i].marks & (ATOM_TAKEN | ATOM_LINE)) &&
           (!(find_traits(finder, i) & WORD_COMMON) || (find_traits(finder, i) & (WORD_NAME | WORD_SURNAME)));
}

/* Behind "PC" all that the model sees as a name: "PC 4471 WILL MARCHETTI", "PC MAC AN BHAIRD". */
static bool goes_on_titled(const struct finder *finder, const struct title *title, size_t i) {
    bool tagged = find_is_tagged(finder, i);
    if (title->traits & WORD_TITLE_WORK)
        return tagged && (finder->text.atoms[i].marks & ATOM_CAPITAL) && !(finder->text.atoms[i].marks & (ATOM_TAKEN | ATOM_LINE));
    return may_end_name(finder, i) && (tagged || !(find_traits(finder, i) & (WORD_PLACE | WORD_WORK | WORD_STREET)));
}

/* Nobody of the case has this title and name: "Dr Shah" is a stranger, and so is "PC Price" in the Price
 * family's record. */
static void titled_stranger(struct finder *finder, size_t i, const struct title *title) {
    size_t name = i;
    while (name + 1 < finder->text.atom_count && (is_middle_initial(finder, name) || (finder->text.atoms[name].marks & ATOM_DOTTED)) &&
           find_text_joins(&finder->text, name) && may_end_name(finder, name + 1))
        name++;
    const struct atom *atom = &finder->text.atoms[name];
    uint32_t traits = find_traits(finder, name);
    bool small = !(atom->marks & ATOM_CAPITAL) && finder->tagger && find_is_tagged(finder, name) && atom->len > 2;
    if ((!(atom->marks & ATOM_CAPITAL) && !small) || (atom->marks & (ATOM_TAKEN | ATOM_NUMBER)) ||
        ((traits & WORD_COMMON) && !(traits & (WORD_NAME | WORD_SURNAME)) && atom->len > 1))
        return;
    /* "Mr A. Pastor Ruiz": as far as the model sees the name go on. */
    while (name + 1 < finder->text.atom_count && (name > i || (title->traits & WORD_TITLE_WORK)) && finder->tagger && find_text_joins(&finder->text, name) &&
           goes_on_titled(finder, title, name + 1))
        name++;
    bool work = (title->traits & WORD_TITLE_WORK) || find_is_work_beside(finder, title->begin, name) ||
                find_is_work_in_sentence(finder, title->begin);
    bool kin = title->traits & WORD_TITLE_KIN;
    const struct stranger who = {work ? ROLE_PROFESSIONAL : ROLE_UNKNOWN, title->entry,
                                 kin ? finder->text.atoms[name].entry : ENTRY_NONE, kin ? ENTRY_NONE : finder->text.atoms[name].entry};
    find_person_add(finder, i, name, find_party_stranger(finder, &who))->confidence =
        title->traits & WORD_TITLE_WORK ? 80 : 60;
}

/* "my sister Julie", "Julie from next door": no professional, though one has the first name. */
static bool is_private_here(const struct finder *finder, size_t first, size_t last) {
    if (find_is_kin_before(finder, first))
        return true;
    return find_is_one_of(finder, last + 1, "from") &&
           find_is_one_of(finder, last + 2, "next number no downstairs upstairs");
}

static size_t short_at(struct finder *finder, size_t i) {
    struct title title = find_title_at(finder, i);
    struct fit fit = fit_at(finder, i, FORM_FULL, FORM_INITIALS);
    struct choice choice = {.party = PARTY_NONE};
    if (fit.party_count && short_stands(finder, i, &fit, &title))
        choice = find_choose(finder, &fit, &title);
    bool first_name = fit.kind == FORM_FIRST || fit.kind == FORM_NICK;
    if (choice.party != PARTY_NONE && first_name && finder->parties[choice.party].role == ROLE_PROFESSIONAL && is_private_here(finder, i, fit.last)) {
        const struct stranger who = {ROLE_UNKNOWN, ENTRY_NONE, finder->text.atoms[i].entry, ENTRY_NONE};
        find_person_add(finder, i, fit.last, find_party_stranger(finder, &who))->confidence = 60;
        return fit.last;
    }
    if (choice.party == PARTY_NONE) {
        if (title.traits && !(finder->text.atoms[i].marks & ATOM_LINE && title.begin == i))
            titled_stranger(finder, i, &title);
        return i;
    }
    /* The subject's surname alone, or with a title, may as well be a parent's. */
    if (choice.party == PARTY_SUBJECT && fit.kind == FORM_SURNAME)
        choice.own_name = true;
    person_mark(finder, i, &fit, &choice);
    return fit.last;
}

void find_people_short(struct finder *finder) {
    for (size_t i = 0; i < finder->text.atom_count; i++)
        if (!(finder->text.atoms[i].marks & ATOM_TAKEN))
            i = short_at(finder, i);
}

/* ---- words broken at the end of a line
 * ---------------------------------------------------------------------- */

static bool is_known_name(struct finder *finder, uint32_t entry) {
    find_forms_resolve(finder, entry);
    const struct entry *e = &finder->vocabulary.list[entry];
    return e->wanted || (e->match != ENTRY_NONE && e->quality <= 2) ||
           (e->traits & (WORD_FORENAME | WORD_SURNAME));
}

/* "Duck-" and "worth" on the next line become one atom when that makes a name; else they stay as they are. */
void find_join_lines(struct finder *finder) {
    struct find_text *text = &finder->text;
    for (size_t i = 0; i + 1 < text->atom_count; i++) {
        struct atom *a = &text->atoms[i], *b = a + 1;
        if (!(a->marks & ATOM_HYPHEN) || !(b->marks & ATOM_LINE) || a->page != b->page ||
            (a->marks & ATOM_TAKEN) || (b->marks & ATOM_TAKEN))
            continue;
        char *joined =
            mem_print("%s%s", finder->vocabulary.list[a->entry].key, finder->vocabulary.list[b->entry].key);
        char key[VOCABULARY_KEY];
        vocabulary_key(joined, strlen(joined), key);
        mem_free(&joined);
        uint32_t entry = vocabulary_intern(&finder->vocabulary, key);
        if (!is_known_name(finder, entry))
            continue;
        a->entry = entry;
        a->last = b->last;
        a->len += b->len;
        a->marks = (a->marks & ~(uint32_t)(ATOM_HYPHEN | ATOM_DASH)) |
                   (b->marks & (ATOM_STOP | ATOM_COMMA | ATOM_COLON | ATOM_OWNER | ATOM_DASH | ATOM_CLOSED));
        /* The second half stays as an empty place, so that atom numbers hold. */
        b->marks = ATOM_TAKEN;
    }
}
