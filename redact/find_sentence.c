#include "redact/find_sentence.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

#define LINE_SHORT 0.6f /* of the longest line: a line that ends so early ends a sentence */

static const char *key_at(const struct finder *finder, size_t i) {
    return mender_key(finder->mender, &finder->vocabulary.list[finder->text.atoms[i].entry]);
}

/* Of the word as it is mended. */
static uint32_t traits_at(const struct finder *finder, size_t i) {
    const char *key = key_at(finder, i);
    uint32_t entry = finder->text.atoms[i].entry;
    if (key != finder->vocabulary.list[entry].key)
        entry = vocabulary_find(&finder->vocabulary, key);
    return entry == ENTRY_NONE ? 0 : finder->vocabulary.list[entry].traits;
}

/* ---- where sentences end */

static size_t line_letters(const struct find_text *text, size_t i) {
    size_t letters = 0;
    do
        letters += text->atoms[i].len + 1;
    while (i-- > 0 && !(text->atoms[i + 1].marks & ATOM_LINE));
    return letters;
}

static size_t line_longest(const struct find_text *text) {
    size_t longest = 0, letters = 0;
    for (size_t i = 0; i < text->atom_count; i++) {
        letters = text->atoms[i].marks & ATOM_LINE ? text->atoms[i].len + 1 : letters + text->atoms[i].len + 1;
        longest = letters > longest ? letters : longest;
    }
    return longest > 110 ? 110 : longest;
}

/* "Dear Mrs Carter,": the line that ends with atom i. */
static bool is_salutation(const struct finder *finder, size_t i) {
    size_t begin = i;
    while (begin > 0 && i - begin < 5 && !(finder->text.atoms[begin].marks & ATOM_LINE))
        begin--;
    return find_is_one_of(finder, begin, "dear hi hello morning afternoon");
}

/* Whether atom i + 1 begins another sentence. */
static bool ends_after(const struct finder *finder, size_t i, size_t longest) {
    const struct find_text *text = &finder->text;
    const struct atom *a = &text->atoms[i], *b = a + 1;
    if (a->marks & ATOM_STOP || a->page != b->page || (b->marks & (ATOM_BEGIN | ATOM_LINE)) == (ATOM_BEGIN | ATOM_LINE))
        return true;
    if (!(b->marks & ATOM_LINE) || !(b->marks & (ATOM_CAPITAL | ATOM_NUMBER)))
        return false;
    if ((a->marks & ATOM_CAPITALS) && !(b->marks & ATOM_CAPITALS) && a->len > 3)
        return true; /* a heading in capitals */
    if (find_is_one_of(finder, i, "the a an of and or to in on at by for with from under her his their our my that who"))
        return false;
    if ((float)line_letters(text, i) >= LINE_SHORT * (float)longest)
        return false;
    bool comma = (a->marks & (ATOM_COMMA | ATOM_CLOSED)) == ATOM_COMMA;
    return !comma || is_salutation(finder, i);
}

static void cut(const struct finder *finder, struct sentences *ret) {
    const struct find_text *text = &finder->text;
    size_t longest = line_longest(text);
    for (size_t begin = 0, i = 0; i < text->atom_count; i++) {
        if (i + 1 < text->atom_count && !ends_after(finder, i, longest))
            continue;
        if (ret->count == ret->room) {
            ret->room = ret->room ? ret->room * 2 : 128;
            ret->list = mem_grow(ret->list, ret->room, sizeof *ret->list);
        }
        const struct atom *first = &text->atoms[begin];
        bool block = (first->marks & (ATOM_BEGIN | ATOM_LINE)) == (ATOM_BEGIN | ATOM_LINE);
        bool after_heading = ret->count && ret->list[ret->count - 1].heading;
        ret->list[ret->count++] = (struct sentence){.begin = (uint32_t)begin, .end = (uint32_t)i + 1, .heading = !(text->atoms[i].marks & ATOM_STOP),
                                                    .paragraph = block || after_heading || !begin};
        begin = i + 1;
    }
}

/* ---- who is spoken of */

static char kin_sex(const char *key) {
    static const char women[] = "mother mum mummy mam wife girlfriend sister daughter aunt aunty auntie nan nana nanna gran granny grandmother grandma mgm pgm stepmother stepmum niece lass",
                      men[] = "father dad daddy husband boyfriend brother son uncle grandfather grandad granddad mgf pgf stepfather stepdad nephew lad";
    return vocabulary_key_in(key, women) ? 'F' : vocabulary_key_in(key, men) ? 'M' : 0;
}

static bool pronoun_at(const struct finder *finder, size_t i, char *ret_sex) {
    const char *key = key_at(finder, i);
    bool own = i + 1 < finder->text.atom_count && (find_traits(finder, i + 1) & WORD_KIN); /* "her brother" speaks of the brother */
    bool she = strcmp(key, "she") == 0 || (strcmp(key, "her") == 0 && !own);
    bool he = strcmp(key, "he") == 0 || strcmp(key, "him") == 0 || (strcmp(key, "his") == 0 && !own);
    *ret_sex = she ? 'F' : he ? 'M' : 0;
    return *ret_sex || strcmp(key, "they") == 0;
}

static void mention_add(struct sentences *s, struct mention mention) {
    if (s->mention_count == s->mention_room) {
        s->mention_room = s->mention_room ? s->mention_room * 2 : 128;
        s->mentions = mem_grow(s->mentions, s->mention_room, sizeof *s->mentions);
    }
    s->mentions[s->mention_count++] = mention;
}

static struct mention mention_of_hit(const struct finder *finder, const struct hit *hit) {
    const struct party *party = hit->party == PARTY_NONE ? NULL : &finder->parties[hit->party];
    char sex = party ? party->sex : 0;
    if (party && !sex && party->title != ENTRY_NONE) {
        uint32_t traits = finder->vocabulary.list[party->title].traits;
        sex = traits & WORD_FEMALE ? 'F' : traits & WORD_MALE ? 'M' : 0;
    }
    return (struct mention){.first = finder->text.word_atom[hit->first], .last = finder->text.word_atom[hit->last + 1] - 1, .kind = MENTION_PERSON,
                            .party = hit->party, .role = party ? party->role : hit->role, .sex = sex, .unsure = hit->own_name};
}

/* Kin that is somebody here: "mum", "the boyfriend"; not "children" or "person", which the subject may be. */
static bool is_kin(const struct finder *finder, size_t i) {
    static const char nobody[] = "child person pupil known witness resident parents siblings carers neighbours friends mate";
    return (traits_at(finder, i) & WORD_KIN) && !vocabulary_key_in(key_at(finder, i), nobody);
}

static void mentions_find(const struct finder *finder, struct sentences *s) {
    size_t hit = 0;
    for (size_t n = 0; n < s->count; n++) {
        struct sentence *sentence = &s->list[n];
        sentence->mention_begin = (uint32_t)s->mention_count;
        for (size_t i = sentence->begin; i < sentence->end; i++) {
            char sex;
            while (hit < finder->hits.count &&
                   (finder->hits.list[hit].type != FLAG_PERSON || finder->text.word_atom[finder->hits.list[hit].last + 1] <= i))
                hit++;
            bool person = hit < finder->hits.count && finder->text.word_atom[finder->hits.list[hit].first] <= i;
            struct mention mention = {(uint32_t)i, (uint32_t)i, MENTION_KIN, PARTY_NONE, ROLE_UNKNOWN, 0, false, false};
            if (person) {
                mention = mention_of_hit(finder, &finder->hits.list[hit]);
                i = mention.last > i ? mention.last : i;
            } else if (pronoun_at(finder, i, &sex)) {
                mention.kind = MENTION_PRONOUN;
                mention.sex = sex;
                mention.object = vocabulary_key_in(key_at(finder, i), "him them");
            } else if (is_kin(finder, i)) {
                mention.sex = kin_sex(key_at(finder, i));
            } else {
                continue;
            }
            mention_add(s, mention);
        }
        sentence->mention_end = (uint32_t)s->mention_count;
    }
}

void sentences_make(const struct finder *finder, struct sentences *ret) {
    memset(ret, 0, sizeof *ret);
    cut(finder, ret);
    mentions_find(finder, ret);
}

void sentences_drop(struct sentences *sentences) {
    free(sentences->list);
    free(sentences->mentions);
    memset(sentences, 0, sizeof *sentences);
}
