#include "filing/choose.h"

#include "base/clock.h"
#include "base/mem.h"
#include "filing/date_form.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SEVERAL_BITS 3.0f /* children nearer than this to the best fit about as well */
#define DOMINANT_TIMES 4  /* the text speaks of one sibling so many times as often as of the next */
#define DOMINANT_LEAST 2
#define HOME_WRONG_MOST 2   /* letters of the name that may be wrong when only home and family speak for it */
/* With a date of birth (1 in 6,500): of 300,000 children who are not in the register 1 in 50 is expected to be alike; if one document in 20
 * is about such a child, one in 1,000 is filed wrongly. */
#define NAME_RARE_BITS 11.0f
#define TITLE_SURE 3.0f /* bits of a name that stands under "Re", "Child", "Name" early on */

float probability_of(float bits) {
    return 1.0f / (1.0f + exp2f(-bits));
}

/* A later forename alone is another child's first one as easily, but for a number. */
static bool is_named(const struct weighed *w) {
    return w->mention && (w->mention->kind != VARIANT_MIDDLE || w->number);
}

static bool is_rare(const struct weighed *w) {
    return is_named(w) && !w->mention->wrong && w->name_bits >= NAME_RARE_BITS;
}

static bool is_born(const struct weighed *w) {
    return w->born_own || w->born_labelled;
}

/* Where the child lives and who belongs to it, as a clerk would want them when date of birth and number are missing or spoilt. */
static bool is_at_home(const struct weighed *w) {
    return (w->street && w->postcode) || (w->address && (w->relatives || w->school || w->contact)) || w->relatives >= 2;
}

/* Forename and surname are both there, if not side by side as they should be. */
static bool is_named_in_parts(const struct weighed *w) {
    return is_named(w) || (w->forename_seen && w->surname_seen);
}

/* By more than a name, and by what brothers and sisters do not share. */
static bool is_identified_by_own(const struct weighed *w) {
    bool near_home = w->address || w->relatives || w->school || w->contact;
    if (is_named(w))
        return w->number || is_born(w) || (w->number_near && (near_home || w->born_near || is_rare(w))) || (w->born_plain && near_home);
    /* the full name was spoilt */
    if (is_born(w) && is_named_in_parts(w) && (w->number_near || (near_home && w->alone >= DOMINANT_LEAST)))
        return true;
    if ((is_born(w) || w->born_plain || w->number_near) && is_named_in_parts(w) && is_at_home(w))
        return true;
    return w->number && w->forename_seen && (is_born(w) || w->surname_seen || w->number_labelled);
}

/* The document says who it is by more than a name. */
static bool is_identified(const struct weighed *w) {
    return is_identified_by_own(w) || (is_named(w) && is_at_home(w) && w->mention->wrong <= HOME_WRONG_MOST);
}

/* Evidence of its own for being a subject among siblings. */
static bool is_full_subject(const struct weighed *w) {
    return is_named_in_parts(w) && ((w->number && w->born_own) || w->number_kinds >= 2);
}

struct chooser {
    const struct scene *scene;
    const struct weighed *list;
    size_t count;
    const struct filing_limits *limits;
    struct choice *choice;
};

static bool is_kin(const struct chooser *c, size_t a, size_t b) {
    return register_index_same_family(c->scene->index, c->list[a].child, c->list[b].child);
}

static bool same_name_here(const struct weighed *a, const struct weighed *b) {
    return a->mention && b->mention && a->mention->from == b->mention->from &&
           a->mention->to == b->mention->to;
}

/* What speaks against the child itself. */
static const char *veto_of_own(const struct chooser *c, size_t at) {
    const struct weighed *w = &c->list[at];
    if (w->refused)
        return "a person has said that it is not this child's";
    if (c->scene->index->by_hand[w->child])
        return c->scene->index->by_hand[w->child];
    if (w->number_conflict)
        return "another child's number stands with the name";
    if (w->born_conflict && !(w->born_near && is_named(w) && (w->number || w->number_near || is_at_home(w))))
        return "another date of birth stands with the name";
    if (!is_identified(w))
        return w->mention ? "only the name speaks for this child" : "the child is not named in full";
    /* two children may share name and birthday, and the other need not be in the register */
    if (!w->number && !w->number_near && !w->address && !w->relatives && !w->school && !w->contact && !(w->born_own && is_rare(w)))
        return "only name and date of birth speak for this child";
    return "";
}

/* Another child of the same name: its date of birth is what is written, or nearly so. */
#define BORN_OF_NAMESAKE "the date of birth is that of another child of this name"
static const char *veto_of_namesakes(const struct chooser *c, size_t at) {
    const struct weighed *w = &c->list[at];
    const struct child *children = c->scene->index->people->children, *child = &children[w->child];
    for (size_t i = 0; i < c->count; i++) {
        const struct weighed *other = &c->list[i];
        if (i == at || !same_name_here(w, other))
            continue;
        int32_t born = children[other->child].born;
        if (w->born_conflict && born == w->born_written)
            return BORN_OF_NAMESAKE;
        bool dated = w->born_own && !other->born_own && !date_form_is_near(born, child->born) && born != child->born;
        if (!w->number && !dated && is_kin(c, at, i))
            return "a brother or sister has the same name";
        bool alone = (w->address || w->relatives) && !other->address && !other->relatives;
        if (!w->number && !alone && (born == child->born || date_form_is_near(born, child->born)))
            return "another child of this name has nearly this date of birth";
    }
    return "";
}

/* A brother or sister whom the text dwells on more, when nothing in the heading says who is meant: the first
 * row of a list may be what could not be read. */
static const char *veto_of_kin(const struct chooser *c, size_t at) {
    const struct weighed *w = &c->list[at];
    bool headed = w->mention && w->mention->title >= TITLE_SURE && w->alone;
    if (headed || is_full_subject(w))
        return "";
    for (size_t i = 0; i < c->count; i++) {
        const struct weighed *other = &c->list[i];
        bool there = other->mention || other->alone || other->born_own;
        if (i == at || c->choice->chosen[i] || !there || !is_kin(c, at, i))
            continue;
        if (other->alone > w->alone ||
            (!w->number && (w->alone < DOMINANT_LEAST || w->alone < other->alone * 2)))
            return "a brother or sister may be meant";
    }
    return "";
}

/* A child that the text identifies beyond doubt, whoever it is about. */
static bool is_strong(const struct weighed *w, const struct weighed *beside) {
    return (is_named(w) && (w->number || (w->born_own && !same_name_here(w, beside)))) || (w->number && w->number_labelled);
}

static uint32_t page_of_token(const struct chooser *c, uint32_t token) {
    return c->scene->tokens.list[token].page;
}

/* Whether a full name of the child stands on that page. */
static bool is_named_on_page(const struct chooser *c, const struct weighed *w, uint32_t page) {
    size_t count;
    const struct posting *run = mentions_of(&c->scene->mentions, w->child, &count);
    for (size_t i = 0; i < count; i++)
        if (page_of_token(c, c->scene->mentions.list[run[i].value].from) == page)
            return true;
    return false;
}

/* The first token of what speaks for the child, a family's common evidence aside; and whether all of it lies on pages that name the other. */
static uint32_t first_token(const struct weighed *w) {
    uint32_t first = UINT32_MAX;
    for (size_t i = 0; i < w->part_count; i++)
        if (w->parts[i].from <= w->parts[i].to && w->parts[i].weight > 0 && w->parts[i].from < first)
            first = w->parts[i].from;
    return first;
}

static bool lies_on_pages_of(const struct chooser *c, const struct weighed *stranger, const struct weighed *w) {
    for (size_t i = 0; i < stranger->part_count; i++) {
        const struct weighed_part *part = &stranger->parts[i];
        if (part->from <= part->to && part->weight > 0 && !is_named_on_page(c, w, page_of_token(c, part->from)))
            return false;
    }
    return true;
}

/* A document that says in its heading who it is about, by name, number and date of birth, is that child's even when a paragraph about a
 * child of another family stands in it: then an alarm is raised. A whole page that names only the other is a stray page, and a document
 * that begins with the other is perhaps the other's: a person looks. */
static const char *veto_of_strangers(const struct chooser *c, size_t at) {
    const struct weighed *w = &c->list[at];
    for (size_t i = 0; i < c->count; i++) {
        const struct weighed *other = &c->list[i];
        if (i == at || !is_strong(other, w) || is_kin(c, at, i))
            continue;
        bool headed = is_full_subject(w) && w->mention && w->mention->title >= TITLE_SURE && first_token(w) < first_token(other);
        if (!lies_on_pages_of(c, other, w))
            return "a page names only a child of another family";
        if (!headed)
            return "a child of another family is identified as well";
    }
    return "";
}

/* What somebody has said whose it is is filed there, whatever it says: but it may be of another family. */
static void alarms_raise_said(struct chooser *c) {
    static const struct weighed nobody;
    const struct weighed *said = &nobody;
    for (size_t i = 0; i < c->count; i++)
        said = c->list[i].child == c->scene->said ? &c->list[i] : said;
    for (size_t i = 0; i < c->count; i++)
        if (c->list[i].child != c->scene->said && is_strong(&c->list[i], said) && !register_index_same_family(c->scene->index, c->scene->said, c->list[i].child))
            c->choice->strangers[i] = page_of_token(c, first_token(&c->list[i]));
}

/* What is filed although it names children of other families. */
static void alarms_raise(struct chooser *c) {
    if (c->scene->said != NAME_NONE) {
        alarms_raise_said(c);
        return;
    }
    for (size_t i = 0; i < c->count; i++)
        for (size_t at = 0; at < c->count && !c->choice->strangers[i]; at++)
            if (c->choice->chosen[at] && i != at && !c->choice->chosen[i] && is_strong(&c->list[i], &c->list[at]) && !is_kin(c, at, i))
                c->choice->strangers[i] = page_of_token(c, first_token(&c->list[i]));
}

/* Which of the identified siblings the document is about. All that have name, date of birth and number of
 * their own; else the one that the text dwells on; else none: a person chooses. Returns how many are chosen.
 */
static size_t siblings_choose(struct chooser *c, const size_t *kin, size_t count) {
    size_t full = 0, best = kin[0], next = 0;
    for (size_t i = 0; i < count; i++)
        full += c->choice->chosen[kin[i]] = is_full_subject(&c->list[kin[i]]);
    /* a report about several: recognition may have spoilt one thing of one of them */
    for (size_t i = 0; i < count && full >= 2; i++)
        full += !c->choice->chosen[kin[i]] && (c->choice->chosen[kin[i]] = c->list[kin[i]].number && is_named_in_parts(&c->list[kin[i]]));
    if (full)
        return full;
    for (size_t i = 1; i < count; i++)
        if (c->list[kin[i]].alone > c->list[best].alone)
            best = kin[i];
    for (size_t i = 0; i < count; i++)
        if (kin[i] != best && c->list[kin[i]].alone > next)
            next = c->list[kin[i]].alone;
    if (c->list[best].alone < DOMINANT_LEAST || c->list[best].alone < next * DOMINANT_TIMES)
        return 0;
    c->choice->chosen[best] = true;
    return 1;
}

/* The identified children of the best one's family, best first. */
static size_t kin_find(const struct chooser *c, size_t *ret) {
    size_t count = 0;
    for (size_t i = 0; i < c->count; i++)
        if (i == 0 || (is_identified_by_own(&c->list[i]) && c->list[i].weight > 0 && is_kin(c, 0, i)))
            ret[count++] = i;
    return count;
}

/* How far the weakest chosen child is ahead of the best that is neither chosen nor an identified sibling. */
static bool is_ahead(const struct chooser *c, const size_t *kin, size_t kin_count) {
    float weakest = INFINITY;
    for (size_t i = 0; i < kin_count; i++)
        if (c->choice->chosen[kin[i]])
            weakest = fminf(weakest, c->list[kin[i]].weight);
    for (size_t i = 0; i < c->count; i++) {
        bool counted = false;
        for (size_t j = 0; j < kin_count; j++)
            counted |= kin[j] == i;
        if (!counted && weakest - c->list[i].weight < c->limits->margin)
            return false;
    }
    return probability_of(weakest) >= c->limits->file_probability;
}

/* Filed, if nothing speaks against it. */
static bool file_try(struct chooser *c) {
    size_t *kin = mem_new(c->count * sizeof *kin);
    size_t kin_count = kin_find(c, kin), chosen = 1;
    if (kin_count > 1)
        chosen = siblings_choose(c, kin, kin_count);
    else
        c->choice->chosen[0] = true;
    bool filed = chosen > 0;
    for (size_t i = 0; i < kin_count; i++) {
        size_t at = kin[i];
        const char *vetoes[] = {veto_of_own(c, at), veto_of_namesakes(c, at), veto_of_strangers(c, at),
                                veto_of_kin(c, at)};
        for (size_t j = 0; j < 4 && !*c->choice->vetoes[at]; j++)
            c->choice->vetoes[at] = vetoes[j];
        if (!*c->choice->vetoes[at] && !chosen)
            c->choice->vetoes[at] = "a brother or sister fits about as well";
        filed &= !c->choice->chosen[at] || !*c->choice->vetoes[at];
    }
    if (filed && !is_ahead(c, kin, kin_count)) {
        c->choice->vetoes[0] = "it is not sure enough";
        filed = false;
    }
    if (!filed) {
        memset(c->choice->chosen, 0, c->count * sizeof *c->choice->chosen);
        c->choice->outcome = chosen ? FILING_PROPOSED : FILING_SEVERAL;
    }
    free(kin);
    return filed;
}

/* What is not filed: proposed when one is ahead, several when others fit about as well, none when nobody
 * does. */
static enum filing_outcome unfiled_outcome(const struct chooser *c) {
    const struct weighed *best = &c->list[0], *next = c->count > 1 ? &c->list[1] : NULL;
    bool close = next && best->weight - next->weight < SEVERAL_BITS;
    if (c->choice->outcome == FILING_SEVERAL || strcmp(c->choice->vetoes[0], BORN_OF_NAMESAKE) == 0)
        return FILING_SEVERAL;
    if (close &&
        (probability_of(best->weight) >= c->limits->propose_probability || (best->mention && next->mention)))
        return FILING_SEVERAL;
    return probability_of(best->weight) >= c->limits->propose_probability ? FILING_PROPOSED : FILING_NONE;
}

void choice_make(const struct scene *scene, const struct weighed *list, size_t count,
                 const struct filing_limits *limits, struct choice *ret) {
    *ret = (struct choice){.outcome = FILING_NONE};
    if (!count)
        return;
    ret->chosen = mem_new(count * sizeof *ret->chosen);
    ret->strangers = mem_new(count * sizeof *ret->strangers);
    ret->vetoes = mem_new(count * sizeof *ret->vetoes);
    for (size_t i = 0; i < count; i++)
        ret->vetoes[i] = "";
    struct chooser c = {scene, list, count, limits, ret};
    ret->outcome = FILING_PROPOSED;
    ret->outcome = file_try(&c) ? FILING_FILED : unfiled_outcome(&c);
    alarms_raise(&c);
}

void choice_drop(struct choice *choice) {
    free(choice->chosen);
    free(choice->strangers);
    free(choice->vetoes);
    memset(choice, 0, sizeof *choice);
}
