#include "filing/matcher.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/order.h"
#include "filing/choose.h"
#include "filing/weigh.h"

#include <stdlib.h>
#include <string.h>

#define CANDIDATES_MOST 4096 /* children that are weighed for one document */
#define LISTED_MOST 10       /* children in the result */
#define LISTED_BITS (-8.0f)  /* lighter ones are not worth showing */

struct matcher {
    struct register_index index;
    struct filing_limits limits;
    float bits[LINKAGE_LEVELS];
};

struct filing_limits filing_limits_of(const struct settings *settings) {
    return (struct filing_limits){(float)settings->file_probability, (float)settings->propose_probability, (float)settings->filing_margin,
                                  settings->filing_never};
}

struct matcher *matcher_new(const struct people *people, const struct matcher_order *order) {
    struct matcher *matcher = mem_new(sizeof *matcher);
    register_index_build(&matcher->index, people, order->limits.never ? order->limits.never : "", order->nicknames);
    matcher->limits = order->limits;
    for (int i = 0; i < LINKAGE_LEVELS; i++)
        matcher->bits[i] = linkage_bits(order->linkage, (enum linkage_level)i);
    return matcher;
}

void matcher_drop(struct matcher **matcher) {
    if (!*matcher)
        return;
    register_index_drop(&(*matcher)->index);
    mem_free(matcher);
}

/* Children that something on the pages speaks for. */
struct gathering {
    const struct scene *scene;
    uint32_t *list;
    size_t count;
};

static void gather(struct gathering *g, uint32_t child) {
    if (g->count < CANDIDATES_MOST)
        g->list[g->count++] = child;
}

static bool forename_is_seen(const struct scene *s, uint32_t child) {
    size_t count;
    const struct variant *variants = register_index_variants(s->index, child, &count);
    for (size_t i = 0; i < count; i++)
        if (variants[i].kind != VARIANT_MIDDLE && s->seen[variants[i].forename])
            return true;
    return false;
}

/* A date or postcode is shared by many children: only those whose forename is there too are gathered. */
static void gather_named(struct gathering *g, const struct postings *postings, uint64_t key) {
    size_t count;
    const struct posting *run = postings_find(postings, key, &count);
    for (size_t i = 0; i < count; i++)
        if (forename_is_seen(g->scene, run[i].value) || scene_has_initial(g->scene, run[i].value))
            gather(g, run[i].value);
}

static void candidates_gather(struct gathering *g) {
    const struct scene *s = g->scene;
    g->list = mem_new(CANDIDATES_MOST * sizeof *g->list);
    for (size_t i = 0; i < s->evidence.number_count; i++) {
        size_t count;
        const struct posting *run =
            postings_find(&s->index->numbers, key_of_text(s->evidence.numbers[i].text), &count);
        for (size_t j = 0; j < count; j++)
            gather(g, run[j].value);
    }
    for (size_t i = 0; i < s->mentions.count; i++)
        gather(g, s->mentions.list[i].child);
    for (size_t i = 0; i < s->evidence.date_count; i++)
        gather_named(g, &s->index->born, key_of_number((uint64_t)s->evidence.dates[i].day));
    for (size_t i = 0; i < s->evidence.contact_count; i++)
        gather_named(g, &s->index->contacts, s->evidence.contacts[i].key);
    for (size_t i = 0; i < s->evidence.postcode_count; i++)
        if (s->evidence.postcodes[i].known)
            gather_named(g, &s->index->postcodes, key_of_text(s->evidence.postcodes[i].key));
    for (size_t i = 0; i < s->mentions.relative_count; i++)
        if (forename_is_seen(s, s->mentions.relatives[i].child))
            gather(g, s->mentions.relatives[i].child);
    g->count = order_once(g->list, g->count);
}

/* What a person has said of this document outweighs what stands in it. */
static void refusal_weigh(const struct matcher *matcher, const struct document_words *words, struct weighed *w) {
    for (size_t i = 0; i < words->not_child_count; i++)
        if (words->not_children[i] == matcher->index.people->children[w->child].id)
            weigh_refused(w);
}

static int weighed_order(const void *a, const void *b) {
    const struct weighed *x = a, *y = b;
    if (x->weight != y->weight)
        return x->weight > y->weight ? -1 : 1;
    return (x->child > y->child) - (x->child < y->child);
}

static char *tokens_text(const struct tokens *tokens, uint32_t from, uint32_t to) {
    struct buf text = {0};
    for (uint32_t i = from; i <= to && i < tokens->count; i++) {
        if (i > from)
            buf_add_byte(&text, ' ');
        buf_add_text(&text, tokens->list[i].text);
    }
    buf_text(&text);
    return (char *)text.data;
}

static void candidate_fill(const struct scene *s, const struct weighed *w, struct filing_candidate *ret) {
    ret->child_id = s->index->people->children[w->child].id;
    ret->weight = w->weight;
    ret->probability = probability_of(w->weight);
    ret->part_count = w->part_count;
    ret->parts = mem_new(w->part_count * sizeof *ret->parts);
    for (size_t i = 0; i < w->part_count; i++) {
        const struct weighed_part *part = &w->parts[i];
        bool placed = part->from <= part->to && part->from < s->tokens.count;
        ret->parts[i] = (struct filing_part){.name = mem_text(part->name),
                                             .found = placed ? tokens_text(&s->tokens, part->from, part->to)
                                                             : mem_text(""),
                                             .weight = part->weight,
                                             .page = placed ? s->tokens.list[part->from].page : 0};
    }
}

/* The best ten, and every chosen one. */
static void result_fill(const struct scene *s, const struct weighed *list, size_t count,
                        const struct choice *choice, struct filing_result *ret) {
    ret->outcome = choice->outcome;
    ret->candidates = mem_new((count ? count : 1) * sizeof *ret->candidates);
    for (size_t i = 0; i < count && ret->candidate_count < LISTED_MOST; i++) {
        if (list[i].weight < LISTED_BITS && !list[i].refused)
            continue;
        struct filing_candidate *candidate = &ret->candidates[ret->candidate_count++];
        candidate_fill(s, &list[i], candidate);
        candidate->chosen = choice->chosen[i];
        candidate->veto = mem_text(choice->vetoes[i]);
        candidate->stranger_page = choice->strangers[i];
    }
}

void matcher_decide(const struct matcher *matcher, const struct document_words *words,
                    struct filing_result *ret) {
    struct scene scene;
    memset(ret, 0, sizeof *ret);
    scene_read(&matcher->index, matcher->bits, words, &scene);
    struct gathering gathering = {.scene = &scene};
    candidates_gather(&gathering);
    struct weighed *list = mem_new((gathering.count + 1) * sizeof *list);
    for (size_t i = 0; i < gathering.count; i++) {
        weigh(&scene, gathering.list[i], &list[i]);
        refusal_weigh(matcher, words, &list[i]);
    }
    qsort(list, gathering.count, sizeof *list, weighed_order);
    struct choice choice;
    choice_make(&scene, list, gathering.count, &matcher->limits, &choice);
    result_fill(&scene, list, gathering.count, &choice, ret);
    choice_drop(&choice);
    free(list);
    free(gathering.list);
    scene_drop(&scene);
}

static struct comparison comparison_of(const struct matcher *matcher, const struct weighed *w) {
    struct comparison c = {.levels = w->levels, .more_bits = w->weight};
    for (int level = 0; level < LINKAGE_LEVELS; level++)
        c.more_bits -= w->levels >> level & 1 ? matcher->bits[level] : 0;
    return c;
}

size_t matcher_compare(const struct matcher *matcher, const struct document_words *words, const uint32_t *places, size_t count, struct comparison **ret,
                       int64_t **ret_child_ids) {
    struct scene scene;
    scene_read(&matcher->index, matcher->bits, words, &scene);
    struct gathering gathering = {.scene = &scene};
    if (!places) {
        candidates_gather(&gathering);
        places = gathering.list;
        count = gathering.count;
    }
    *ret = mem_new((count + 1) * sizeof **ret);
    *ret_child_ids = mem_new((count + 1) * sizeof **ret_child_ids);
    for (size_t i = 0; i < count; i++) {
        struct weighed w;
        weigh(&scene, places[i], &w);
        (*ret)[i] = comparison_of(matcher, &w);
        (*ret_child_ids)[i] = matcher->index.people->children[places[i]].id;
    }
    free(gathering.list);
    scene_drop(&scene);
    return count;
}
