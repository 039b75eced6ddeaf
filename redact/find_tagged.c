/* find_tagged.c: people whom no list knows, where the statistical model sees them, and, where everything is wanted, what else it sees. */
#include "redact/find_private.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

#define NOT_OF_A_NAME (WORD_COMMON | WORD_WORK | WORD_KIN | WORD_MONTH | WORD_BIRTH | WORD_CALLED | WORD_FLAT)

/* ---- the document as a text */

/* As the text of a page, with an empty line between pages. */
static void plain_make(struct finder *finder) {
    const struct find_text *text = &finder->text;
    buf_reset(&finder->plain);
    if (finder->plain_room < text->word_count + 1) {
        finder->plain_room = text->word_count * 2 + 1;
        finder->plain_begin = mem_grow(finder->plain_begin, finder->plain_room, sizeof *finder->plain_begin);
    }
    for (size_t w = 0; w < text->word_count; w++) {
        const struct find_word *now = &text->words[w], *before = w ? now - 1 : NULL;
        if (before)
            buf_add_text(&finder->plain, before->page != now->page ? "\n\n" : word_gap(before->word, now->word));
        finder->plain_begin[w] = (uint32_t)finder->plain.len;
        buf_add_text(&finder->plain, now->word->text);
    }
    finder->plain_begin[text->word_count] = (uint32_t)finder->plain.len;
}

/* ---- from the text back to atoms */

static uint32_t atom_begin(const struct finder *finder, size_t i) {
    const struct atom *a = &finder->text.atoms[i];
    return finder->plain_begin[a->first] + (uint32_t)(a->text - finder->text.words[a->first].word->text);
}

/* Atoms that the span touches, from first to last; false when there are none. at: where to look from; moves on. */
struct reach {
    size_t first, last;
};

static bool reach_of(const struct finder *finder, const struct tag_span *tag, size_t *at, struct reach *ret) {
    const struct find_text *text = &finder->text;
    size_t i = *at;
    while (i < text->atom_count && atom_begin(finder, i) + text->atoms[i].len <= tag->begin)
        i++;
    *at = i;
    ret->first = i;
    while (i < text->atom_count && atom_begin(finder, i) < tag->end)
        i++;
    ret->last = i - 1;
    return i > ret->first;
}

/* A walk over the tags that are people, or over the others, where they touch atoms. */
struct tags {
    size_t next, at;
    struct reach reach; /* of the tag that tags_next() returned */
};

static const struct tag_span *tags_next(const struct finder *finder, struct tags *walk, bool people) {
    while (walk->next < finder->tag_count) {
        const struct tag_span *tag = &finder->tags[walk->next++];
        if ((tag->kind == TAG_PERSON) == people && reach_of(finder, tag, &walk->at, &walk->reach))
            return tag;
    }
    return NULL;
}

static void tagged_mark(struct finder *finder) {
    size_t count = finder->text.atom_count;
    if (finder->tagged_room < count) {
        finder->tagged_room = count * 2;
        finder->tagged = mem_grow(finder->tagged, finder->tagged_room, 1);
    }
    if (count)
        memset(finder->tagged, 0, count);
    struct tags persons = {0};
    while (tags_next(finder, &persons, true))
        memset(finder->tagged + persons.reach.first, 1, persons.reach.last - persons.reach.first + 1);
}

void find_tags(struct finder *finder) {
    finder->tag_count = 0;
    if (!finder->tagger)
        return;
    plain_make(finder);
    finder->tag_count = tagger_find(finder->tagger, buf_text(&finder->plain), finder->plain.len, &finder->tags);
    tagged_mark(finder);
}

bool find_is_tagged(const struct finder *finder, size_t atom) {
    return !finder->tagger || finder->tagged[atom];
}

/* ---- people */

/* A word of every day that nobody is called by, as the gazetteer has it. */
static bool is_everyday(const struct finder *finder, size_t i) {
    /* The gazetteer has single letters as words. */
    uint32_t traits = strlen(find_key(finder, i)) > 2 ? find_gazetteer(finder, i) : 0;
    return (traits & TAG_WORD_ORDINARY) && !(traits & (TAG_WORD_FORENAME | TAG_WORD_SURNAME));
}

static bool may_be_name(const struct finder *finder, size_t i) {
    const struct atom *a = &finder->text.atoms[i];
    uint32_t traits = find_traits(finder, i);
    if (a->marks & (ATOM_TAKEN | ATOM_NUMBER))
        return false;
    if ((traits & WORD_TITLE) || is_everyday(finder, i))
        return false;
    bool name = traits & (WORD_NAME | WORD_FORENAME | WORD_SURNAME);
    return name || !(traits & NOT_OF_A_NAME) || ((a->marks & ATOM_CAPITAL) && !(traits & (WORD_COMMON | WORD_KIN | WORD_WORK)));
}

static void stranger_add(struct finder *finder, const struct reach *name, const struct tag_span *tag) {
    uint32_t title, entry;
    size_t begin = find_title(finder, name->first, &title, &entry);
    const struct atom *atoms = finder->text.atoms;
    bool single = name->first == name->last;
    bool surname = single && (title & WORD_TITLE) && !(title & WORD_TITLE_KIN);
    const struct stranger who = {find_stranger_role(finder, begin, name->last, title), entry, surname ? ENTRY_NONE : atoms[name->first].entry,
                                 surname || !single ? atoms[name->last].entry : ENTRY_NONE};
    struct hit *hit = find_person_add(finder, name->first, name->last, find_party_stranger(finder, &who));
    hit->finder = "tagger";
    hit->look = !tag->sure;
    hit->confidence = (uint8_t)(tag->sure ? tag->confidence < 50 ? 50 : tag->confidence : tag->confidence / 2);
}

/* Whether the next atom may be of the same name: nothing but a space between; over the end of a line only the second word. Lists have a name on
 * each line. */
static bool is_one_name(const struct finder *finder, const struct reach *name) {
    const struct atom *next = &finder->text.atoms[name->last + 1];
    return find_text_joins(&finder->text, name->last) && (!(next->marks & (ATOM_LINE | ATOM_BEGIN)) || (name->first == name->last && !(next->marks & ATOM_BEGIN)));
}

/* The parts of the span that nobody has claimed yet. */
static void tag_people(struct finder *finder, const struct tag_span *tag, const struct reach *reach, bool singles) {
    for (size_t i = reach->first; i <= reach->last; i++) {
        if (i > reach->first && find_is_one_of(finder, i, "of from in at"))
            return; /* "Kelly Marsden of Leeds" */
        if (!may_be_name(finder, i))
            continue;
        struct reach name = {i, i};
        while (name.last < reach->last && may_be_name(finder, name.last + 1) && is_one_name(finder, &name))
            name.last++;
        /* A part left over beside a name that was found belongs to nobody's whole name. */
        if (name.last > name.first || singles)
            stranger_add(finder, &name, tag);
        i = name.last;
    }
}

static void people(struct finder *finder, bool singles) {
    struct tags persons = {0};
    for (const struct tag_span *tag; (tag = tags_next(finder, &persons, true));) {
        const struct reach *reach = &persons.reach;
        if ((singles || reach->first != reach->last) && find_people_full_at(finder, reach->first) == SIZE_MAX)
            tag_people(finder, tag, reach, singles);
    }
}

void find_tagged(struct finder *finder) {
    people(finder, false);
}

/* ---- initials */

static bool are_initials(const struct finder *finder, size_t i) {
    const struct atom *a = &finder->text.atoms[i];
    if (a->marks & ATOM_NUMBER)
        return false;
    if (a->marks & ATOM_DOTTED)
        return true;
    bool alone = a->len == 1 && (a->marks & ATOM_CAPITAL) && *a->text != 'I' && *a->text != 'A';
    return alone || ((a->marks & ATOM_CAPITALS) && a->len <= 3 && !(find_traits(finder, i) & (WORD_COMMON | WORD_TITLE | WORD_WORK)));
}

/* "K" may be the subject Kieron as well as somebody else. */
static bool is_subjects_letter(const struct finder *finder, size_t i) {
    uint32_t forename = finder->subject ? finder->parties[PARTY_SUBJECT].forename : ENTRY_NONE;
    const char *key = find_key(finder, i);
    return forename != ENTRY_NONE && !key[1] && *key == *finder->vocabulary.list[forename].key;
}

static void initials_mark(struct finder *finder, uint32_t entry, uint32_t party) {
    for (size_t i = 0; i < finder->text.atom_count; i++)
        if (finder->text.atoms[i].entry == entry && !(finder->text.atoms[i].marks & ATOM_TAKEN) && are_initials(finder, i)) {
            struct hit *hit = find_person_add(finder, i, i, party);
            hit->finder = "tagger";
            hit->confidence = 50;
            hit->own_name = is_subjects_letter(finder, i);
        }
}

static bool is_past(const char *key) {
    size_t len = strlen(key);
    return len > 4 && strcmp(key + len - 2, "ed") == 0;
}

/* "GL told", "J informed": what people do. */
static bool acts(const struct finder *finder, size_t i) {
    if (i + 1 >= finder->text.atom_count || finder->text.atoms[i].len > 2 || (finder->text.atoms[i + 1].marks & ATOM_CAPITAL))
        return false;
    bool verb = (find_traits(finder, i + 1) & WORD_AFTER_NAME) || is_past(find_key(finder, i + 1));
    return verb && !(finder->text.atoms[i].marks & (ATOM_TAKEN | ATOM_DOTTED | ATOM_BEGIN)) && are_initials(finder, i) && find_text_joins(&finder->text, i);
}

/* What stands for somebody once stands for them everywhere in the document: the model sees "J said", not "J's mother". */
static void initials_spread(struct finder *finder) {
    size_t hits = finder->hits.count;
    for (size_t h = 0; h < hits; h++) {
        const struct hit hit = finder->hits.list[h];
        size_t atom = finder->text.word_atom[hit.first];
        if (hit.type == FLAG_PERSON && !hit.look && strcmp(hit.finder, "tagger") == 0 && hit.first == hit.last && are_initials(finder, atom))
            initials_mark(finder, finder->text.atoms[atom].entry, hit.party);
    }
    for (size_t i = 0; i < finder->text.atom_count; i++) {
        if (!acts(finder, i))
            continue;
        size_t times = 0;
        for (size_t k = i; k < finder->text.atom_count && times < 2; k++)
            times += finder->text.atoms[k].entry == finder->text.atoms[i].entry && acts(finder, k);
        const struct stranger who = {ROLE_UNKNOWN, ENTRY_NONE, finder->text.atoms[i].entry, ENTRY_NONE};
        if (times >= 2)
            initials_mark(finder, finder->text.atoms[i].entry, find_party_stranger(finder, &who));
    }
}

/* ---- everything */

static enum flag_type type_of(enum tag_kind kind) {
    static const enum flag_type types[] = {[TAG_PERSON] = FLAG_PERSON, [TAG_PLACE] = FLAG_PLACE,     [TAG_ORG] = FLAG_ORG,
                                           [TAG_DATE] = FLAG_DATE,     [TAG_CODE] = FLAG_OTHER,      [TAG_QUANTITY] = FLAG_OTHER,
                                           [TAG_TRAIT] = FLAG_OTHER,   [TAG_MISC] = FLAG_OTHER};
    return types[kind];
}

/* Courts and governments are everybody's: alone they tell of nobody. */
static bool is_public_body(const struct finder *finder, size_t first, size_t last) {
    for (size_t i = first; i <= last; i++)
        if (find_is_one_of(finder, i, "court courts tribunal government republic ministry parliament senate cassation legislature embassy"))
            return true;
    return false;
}

static void tag_other(struct finder *finder, const struct tag_span *tag, const struct reach *reach) {
    for (size_t i = reach->first; i <= reach->last; i++) {
        size_t last = i;
        if (finder->text.atoms[i].marks & ATOM_TAKEN)
            continue;
        while (last < reach->last && !(finder->text.atoms[last + 1].marks & ATOM_TAKEN))
            last++;
        struct hit *hit = hit_add(finder, type_of(tag->kind), finder->text.atoms[i].first, finder->text.atoms[last].last);
        hit->finder = "tagger";
        hit->look = !tag->sure || (tag->kind == TAG_ORG && is_public_body(finder, i, last));
        hit->confidence = tag->confidence;
        i = last;
    }
}

/* ---- the same words again */

/* Atoms by entry, in the order of the text. */
struct places {
    int32_t *first; /* of each entry, -1: none */
    int32_t *next;  /* of each atom */
};

static void places_make(const struct finder *finder, struct places *ret) {
    size_t entries = finder->vocabulary.count, atoms = finder->text.atom_count;
    ret->first = mem_new((entries + 1) * sizeof *ret->first);
    ret->next = mem_new((atoms + 1) * sizeof *ret->next);
    memset(ret->first, 0xFF, (entries + 1) * sizeof *ret->first);
    for (size_t i = atoms; i-- > 0;) {
        ret->next[i] = ret->first[finder->text.atoms[i].entry];
        ret->first[finder->text.atoms[i].entry] = (int32_t)i;
    }
}

static bool same_words(const struct finder *finder, const struct reach *reach, size_t at) {
    const struct atom *atoms = finder->text.atoms;
    size_t count = reach->last - reach->first + 1;
    if (at + count > finder->text.atom_count)
        return false;
    for (size_t i = 0; i < count; i++) {
        const struct atom *a = &atoms[reach->first + i], *b = &atoms[at + i];
        if (a->entry != b->entry || ((a->marks ^ b->marks) & ATOM_CAPITAL) || (b->marks & ATOM_TAKEN) || a->page != atoms[reach->first].page ||
            b->page != atoms[at].page)
            return false;
    }
    return true;
}

/* What was sure in one place is the same in others. Dates and quantities recur by chance. */
static void tag_spread(struct finder *finder, const struct places *places, const struct tag_span *tag, const struct reach *reach) {
    uint32_t letters = tag->end - tag->begin;
    if (!tag->sure || letters < 4 || tag->kind == TAG_DATE || tag->kind == TAG_QUANTITY || tag->kind == TAG_TRAIT)
        return;
    for (int32_t at = places->first[finder->text.atoms[reach->first].entry]; at >= 0; at = places->next[at])
        if ((size_t)at != reach->first && same_words(finder, reach, (size_t)at)) {
            struct reach other = {(size_t)at, (size_t)at + reach->last - reach->first};
            tag_other(finder, tag, &other);
        }
}

static void spread(struct finder *finder) {
    struct places places;
    struct tags others = {0};
    places_make(finder, &places);
    for (const struct tag_span *tag; (tag = tags_next(finder, &others, false));)
        tag_spread(finder, &places, tag, &others.reach);
    free(places.first);
    free(places.next);
}

void find_tagged_short(struct finder *finder) {
    people(finder, true);
    initials_spread(finder);
    if (!finder->everything)
        return;
    find_dates_all(finder);
    struct tags others = {0};
    for (const struct tag_span *tag; (tag = tags_next(finder, &others, false));)
        tag_other(finder, tag, &others.reach);
    spread(finder);
}
