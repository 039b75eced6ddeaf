#include "filing/weigh.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/order.h"
#include "filing/date_form.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The weights of most evidence come from linkage.conf. These are bounds on what grows by counting. */
#define BITS_BORN_PLAIN_LEAST 3.0f /* a date of a page that says nothing of a birth: the fewer there are, the more it says */
#define BITS_BORN_PLAIN_MOST 8.0f
#define DAYS_OF_BIRTH 6500.0f
#define BITS_RELATIVES_MOST 9.0f
#define BITS_REFUSED (-100.0f)
#define CONTACT_CHILDREN_MOST 12
#define CONFLICT_REACH 9 /* tokens from the name to a date of birth that is taken for its owner's */

_Static_assert(LINKAGE_LEVELS <= 32, "struct weighed has a bit for each level");

static void names_count(struct scene *s) {
    s->alone = mem_new((s->index->names.count + 1) * sizeof *s->alone);
    s->seen = mem_new((s->index->names.count + 1) * sizeof *s->seen);
    for (size_t i = 0; i < s->tokens.count; i++) {
        const struct token *token = &s->tokens.list[i];
        uint32_t names[2] = {token->name, token->joined};
        for (size_t j = 0; j < 2; j++) {
            if (names[j] == NAME_NONE || !(token->marks & TOKEN_CAPITAL))
                continue;
            s->seen[names[j]]++;
            s->alone[names[j]] += !(token->marks & TOKEN_NAME_PART);
        }
        for (size_t j = 0; j < token->near_count; j++)
            s->seen[token->near[j]]++;
    }
}

/* Children whom something but a name speaks for. */
struct suspects {
    uint32_t *list;
    size_t count;
};
#define SUSPECTS_MOST 8192

static void suspect_add(void *state, uint32_t child) {
    struct suspects *suspects = state;
    if (suspects->count < SUSPECTS_MOST)
        suspects->list[suspects->count++] = child;
}

static void run_add(struct suspects *suspects, const struct postings *postings, uint64_t key) {
    size_t count;
    const struct posting *run = postings_find(postings, key, &count);
    for (size_t i = 0; i < count; i++)
        suspect_add(suspects, run[i].value);
}

static void suspects_find(const struct scene *s, struct suspects *ret) {
    const struct evidence *e = &s->evidence;
    ret->list = mem_new(SUSPECTS_MOST * sizeof *ret->list);
    for (size_t i = 0; i < e->number_count; i++)
        for (int near = 0; near <= 1; near++)
            if (!near || e->numbers[i].labelled)
                evidence_number_children(s->index, &e->numbers[i], near, suspect_add, ret);
    for (size_t i = 0; i < e->postcode_count; i++) /* not of a sector: half the town */
        run_add(ret, &s->index->postcodes, key_of_text(e->postcodes[i].key));
    for (size_t i = 0; i < e->contact_count; i++)
        run_add(ret, &s->index->contacts, e->contacts[i].key);
    for (size_t i = 0; i < s->mentions.relative_count; i++)
        suspect_add(ret, s->mentions.relatives[i].child);
    for (size_t i = 0; i < e->date_count; i++)
        run_add(ret, &s->index->born, key_of_number((uint64_t)e->dates[i].day));
    ret->count = order_once(ret->list, ret->count);
}

void scene_read(const struct register_index *index, const float bits[LINKAGE_LEVELS], const struct document_words *words, struct scene *ret) {
    struct suspects suspects = {0};
    memset(ret, 0, sizeof *ret);
    const struct child *said = words->said_child ? people_child(index->people, words->said_child) : NULL;
    ret->index = index;
    ret->bits = bits;
    ret->said = said ? (uint32_t)(said - index->people->children) : NAME_NONE;
    tokens_read(index, words, &ret->tokens);
    mentions_find(index, &ret->tokens, &ret->mentions);
    evidence_find(index, &ret->tokens, &ret->evidence);
    suspects_find(ret, &suspects);
    mentions_seek(index, &ret->tokens, suspects.list, suspects.count, &ret->mentions);
    free(suspects.list);
    mentions_seal(&ret->tokens, &ret->mentions);
    evidence_own(&ret->tokens, &ret->evidence);
    names_count(ret);
}

void scene_drop(struct scene *s) {
    evidence_drop(&s->evidence);
    mentions_drop(&s->mentions);
    tokens_drop(&s->tokens);
    free(s->alone);
    free(s->seen);
}

static void part_add(struct weighed *w, const char *name, uint32_t from, uint32_t to, float weight) {
    w->weight += weight;
    if (w->part_count < PARTS_MOST)
        w->parts[w->part_count++] = (struct weighed_part){name, from, to, weight};
}

/* Evidence of a level at its weight; of names and dates the weight is more than the level's. */
static void level_add(const struct scene *s, struct weighed *w, enum linkage_level level, uint32_t from, uint32_t to) {
    w->levels |= 1u << level;
    part_add(w, linkage_level_text(level), from, to, s->bits[level]);
}

static float bits_of_share(const struct scene *s, double count) {
    double all = (double)s->index->people->child_count;
    return (float)log2(all / (count < 1 ? 1 : count > all ? all : count));
}

static enum linkage_level name_level(const struct mention *m) {
    return m->kind == VARIANT_ALIAS ? LEVEL_name_alias : m->kind == VARIANT_NICKNAME ? LEVEL_name_nickname : m->kind == VARIANT_MIDDLE ? LEVEL_name_middle : LEVEL_name;
}

/* The u-probability of a full name: the children that have it, and those expected to by the shares of its
 * halves. */
static float bits_of_name(const struct scene *s, const struct mention *m) {
    double all = (double)s->index->people->child_count;
    double expected =
        s->index->forename_counts[m->forename] * (double)s->index->surname_counts[m->surname] / all;
    float bits = bits_of_share(s, (m->alike ? m->alike : 1) + expected);
    return bits + s->bits[name_level(m)] + m->wrong * s->bits[LEVEL_name_wrong] + m->title;
}

/* "T. Kenyon": worth half of what the surname is. 0: it does not stand there. */
static float initial_bits(const struct scene *s, uint32_t child) {
    size_t count, found;
    const struct variant *variants = register_index_variants(s->index, child, &count);
    for (size_t i = 0; i < count; i++) {
        const char initial[2] = {s->index->names.texts[variants[i].forename][0], 0};
        uint64_t step = key_of_pair(key_of_text(initial), key_of_text(s->index->names.texts[variants[i].surname]));
        if (variants[i].kind != VARIANT_NICKNAME && postings_find(&s->evidence.steps, step, &found))
            return fminf(4, bits_of_share(s, s->index->surname_counts[variants[i].surname]) * 0.5f);
    }
    return 0;
}

bool scene_has_initial(const struct scene *s, uint32_t child) {
    return initial_bits(s, child) > 0;
}

static void name_weigh(const struct scene *s, struct weighed *w) {
    float best = -1e9f;
    size_t count;
    const struct posting *run = mentions_of(&s->mentions, w->child, &count);
    for (size_t i = 0; i < count; i++) {
        const struct mention *m = &s->mentions.list[run[i].value];
        float bits = bits_of_name(s, m);
        if (bits > best) {
            best = bits;
            w->mention = m;
        }
    }
    const struct variant *variants = register_index_variants(s->index, w->child, &count);
    float forename = 0, surname = 0, initial;
    for (size_t i = 0; i < count; i++) {
        const struct variant *v = &variants[i];
        if (v->kind != VARIANT_MIDDLE && s->alone[v->forename] > w->alone)
            w->alone = s->alone[v->forename];
        if (v->kind != VARIANT_MIDDLE && s->seen[v->forename]) {
            w->forename_seen = true;
            forename =
                fmaxf(forename, fminf(4, bits_of_share(s, s->index->forename_counts[v->forename]) * 0.5f));
        }
        if (s->seen[v->surname]) {
            w->surname_seen = true;
            surname = fmaxf(surname, fminf(3, bits_of_share(s, s->index->surname_counts[v->surname]) * 0.4f));
        }
    }
    if (w->mention) {
        w->name_bits = bits_of_share(s, s->index->forename_counts[w->mention->forename]) + bits_of_share(s, s->index->surname_counts[w->mention->surname]);
        enum linkage_level level = w->mention->wrong ? LEVEL_name_wrong : name_level(w->mention);
        w->levels |= 1u << level;
        part_add(w, linkage_level_text(level), w->mention->from, w->mention->to, best);
    } else if (!w->forename_seen && (initial = initial_bits(s, w->child)) > 0)
        part_add(w, "initial and surname", 1, 0, initial);
    else if (w->forename_seen)
        part_add(w, "forename alone", 1, 0, w->alone >= 2 ? forename : forename / 2);
    else
        level_add(s, w, LEVEL_name_missing, 1, 0);
    if (!w->mention && w->forename_seen && w->surname_seen)
        part_add(w, "surname elsewhere", 1, 0, surname);
    if (w->mention && w->alone >= 2)
        part_add(w, "forename again", 1, 0, w->alone >= 6 ? 2.0f : 1.0f);
}

static const char *number_of_child(const struct child *child, enum number_kind kind) {
    return kind == NUMBER_COUNCIL ? child->council_id : kind == NUMBER_NHS ? child->nhs_number : child->upn;
}

/* Whether a full name of the child ends with that token. */
static bool name_ends_at(const struct scene *s, uint32_t child, uint32_t token) {
    size_t count;
    const struct posting *run = mentions_of(&s->mentions, child, &count);
    for (size_t i = 0; i < count; i++)
        if (s->mentions.list[run[i].value].to == token)
            return true;
    return false;
}

/* Whether the last name before a token, a relative's included, is this child's, and near enough. */
static bool stands_with(const struct scene *s, const struct weighed *w, uint32_t token, uint32_t reach) {
    for (uint32_t back = 1; back <= reach && back <= token; back++)
        if (s->tokens.list[token - back].marks & TOKEN_NAME_ENDS)
            return name_ends_at(s, w->child, token - back);
    return false;
}

/* Levels of a number by its kind. */
static const struct {
    enum linkage_level exact, near, other;
} number_levels[NUMBER_KINDS] = {{LEVEL_council_id, LEVEL_council_id_near, LEVEL_council_id_other},
                                 {LEVEL_nhs_number, LEVEL_nhs_number_near, LEVEL_nhs_number_other},
                                 {LEVEL_upn, LEVEL_upn_near, LEVEL_upn_other}};

static bool number_is_known(const struct scene *s, const struct found_number *number) {
    size_t known;
    return postings_find(&s->index->numbers, key_of_text(number->text), &known) != NULL;
}

static void number_weigh(const struct scene *s, struct weighed *w, enum number_kind kind) {
    const char *own = number_of_child(&s->index->people->children[w->child], kind);
    const struct found_number *exact = NULL, *near = NULL, *other = NULL;
    for (size_t i = 0; i < s->evidence.number_count && *own; i++) {
        const struct found_number *n = &s->evidence.numbers[i];
        if (n->kind != kind)
            continue;
        int differences = identifier_differences(n->text, own);
        if (differences == 0 && (!exact || n->labelled > exact->labelled))
            exact = n;
        else if (differences == 1 && n->labelled && !number_is_known(s, n) && (kind == NUMBER_COUNCIL || !n->valid))
            near = n;
        else if (differences > 1 && kind != NUMBER_COUNCIL && n->valid && stands_with(s, w, n->from, 16))
            other = n;
    }
    if (exact) {
        w->number = true;
        w->number_kinds++;
        w->number_labelled |= exact->labelled;
        level_add(s, w, kind == NUMBER_COUNCIL && !exact->labelled ? LEVEL_council_id_bare : number_levels[kind].exact, exact->from, exact->to);
    } else if (near) {
        w->number_near = true;
        level_add(s, w, number_levels[kind].near, near->from, near->to);
    } else if (other) {
        w->number_conflict = true;
        level_add(s, w, number_levels[kind].other, other->from, other->to);
    }
}

/* A council id of another child that stands with this child's name. */
static void council_conflict_weigh(const struct scene *s, struct weighed *w) {
    const char *own = s->index->people->children[w->child].council_id;
    if (w->number)
        return;
    for (size_t i = 0; i < s->evidence.number_count; i++) {
        const struct found_number *n = &s->evidence.numbers[i];
        if (n->kind != NUMBER_COUNCIL || !n->labelled || identifier_differences(n->text, own) < 2)
            continue;
        if (!number_is_known(s, n) || !stands_with(s, w, n->from, 12))
            continue;
        w->number_conflict = true;
        level_add(s, w, LEVEL_council_id_other, n->from, n->to);
        return;
    }
}

static bool owns_date(const struct scene *s, const struct weighed *w, const struct found_date *date) {
    return date->beside && name_ends_at(s, w->child, date->owner);
}

/* Any of the dates may be it by chance; and it may be there for another reason. */
static float bits_of_plain_date(const struct scene *s) {
    return fmaxf(BITS_BORN_PLAIN_LEAST, fminf(BITS_BORN_PLAIN_MOST, log2f(DAYS_OF_BIRTH / (float)s->evidence.date_count) + s->bits[LEVEL_born_plain]));
}

static void born_weigh(const struct scene *s, struct weighed *w) {
    if (!register_index_has_born(s->index, w->child))
        return;
    int32_t born = s->index->people->children[w->child].born;
    const struct found_date *own = NULL, *labelled = NULL, *plain = NULL, *other = NULL;
    for (size_t i = 0; i < s->evidence.date_count; i++) {
        const struct found_date *d = &s->evidence.dates[i];
        if (d->day != born) {
            if (d->labelled && stands_with(s, w, d->from, CONFLICT_REACH) &&
                (!other || date_form_is_near(d->day, born)))
                other = d;
        } else if (owns_date(s, w, d))
            own = own ? own : d;
        else if (d->labelled)
            labelled = labelled ? labelled : d;
        else
            plain = plain ? plain : d;
    }
    w->born_own = own != NULL;
    w->born_labelled = labelled != NULL;
    const struct found_date *best = own ? own : labelled;
    if (best) {
        level_add(s, w, own ? LEVEL_born : LEVEL_born_labelled, best->from, best->to);
        return;
    }
    if (other) {
        w->born_conflict = true;
        w->born_near = date_form_is_near(other->day, born);
        w->born_written = other->day;
        level_add(s, w, w->born_near ? LEVEL_born_near : LEVEL_born_other, other->from, other->to);
    } else if (plain) {
        w->levels |= 1u << LEVEL_born_plain;
        part_add(w, linkage_level_text(LEVEL_born_plain), plain->from, plain->to, bits_of_plain_date(s));
    }
    w->born_plain = plain != NULL;
}

/* Whether the child is one of those that a key leads to: they stand in rising order, and of a sector there are many. */
static bool run_has(const struct posting *run, size_t count, uint32_t child) {
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (run[middle].value < child)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && run[low].value == child;
}

/* The last letters are spoilt, or another road's. */
static void sector_weigh(const struct scene *s, struct weighed *w) {
    for (size_t i = 0; i < s->evidence.postcode_count; i++) {
        size_t count;
        const struct posting *run = postings_find(&s->index->sectors, postcode_sector(s->evidence.postcodes[i].key), &count);
        if (run_has(run, count, w->child)) {
            level_add(s, w, LEVEL_sector, s->evidence.postcodes[i].from, s->evidence.postcodes[i].to);
            return;
        }
    }
}

static void postcode_weigh(const struct scene *s, struct weighed *w) {
    for (size_t i = 0; i < s->evidence.postcode_count; i++) {
        const struct found_postcode *p = &s->evidence.postcodes[i];
        size_t count;
        const struct posting *run = postings_find(&s->index->postcodes, key_of_text(p->key), &count);
        if (run_has(run, count, w->child)) {
            w->postcode = w->address = true;
            level_add(s, w, LEVEL_postcode, p->from, p->to);
            return;
        }
    }
    sector_weigh(s, w);
}

/* A number that many families share is a switchboard's. */
static void contact_weigh(const struct scene *s, struct weighed *w) {
    for (size_t i = 0; i < s->evidence.contact_count; i++) {
        const struct found_contact *c = &s->evidence.contacts[i];
        size_t count;
        const struct posting *run = postings_find(&s->index->contacts, c->key, &count);
        if (count <= CONTACT_CHILDREN_MOST && run_has(run, count, w->child)) {
            w->contact = true;
            level_add(s, w, LEVEL_contact, c->from, c->to);
            return;
        }
    }
}

/* Whether words stand one behind the other: the first two, and the third behind the second if there is one. ret_from: the first's token. */
static bool keys_stand(const struct scene *s, const uint64_t *keys, size_t count, uint32_t *ret_from) {
    size_t found;
    const struct posting *run = count < 2 ? NULL : postings_find(&s->evidence.steps, key_of_pair(keys[0], keys[1]), &found);
    if (!run || (count > 2 && !postings_find(&s->evidence.steps, key_of_pair(keys[1], keys[2]), &found)))
        return false;
    *ret_from = run->value;
    return true;
}

/* Whether house and street stand on a page: the last number of the house followed by the first word of the
 * street, and that by the second. */
static bool street_find(const struct scene *s, const char *address, uint32_t *ret_from) {
    uint64_t keys[3];
    size_t count = 0;
    for (const char *at = address; *at && count < 3;) {
        size_t len = strcspn(at, " ,");
        if (len && count == 0 && !isdigit((unsigned char)*at)) {
            at += len + (at[len] != 0); /* "Flat", "Hope House": on to the number */
            continue;
        }
        if (len) {
            char *part = mem_text_part(at, len), *key = name_key(part);
            keys[count++] = key_of_text(key);
            free(part);
            free(key);
        }
        if (count == 1 && at[len] == ',')
            count = 0; /* a flat's number: the house's follows */
        at += len + (at[len] != 0);
    }
    return count == 3 && keys_stand(s, keys, count, ret_from);
}

/* Whether the first words of a name stand one behind the other: three of them, or two when it has no more. */
static bool words_stand(const struct scene *s, const char *text, uint32_t *ret_from) {
    uint64_t keys[3];
    size_t count = 0;
    for (const char *at = text; *at && count < 3;) {
        size_t len = strcspn(at, " ,");
        char *part = mem_text_part(at, len), *key = name_key(part);
        if (*key)
            keys[count++] = key_of_text(key);
        free(part);
        free(key);
        at += len + (at[len] != 0);
    }
    return keys_stand(s, keys, count, ret_from);
}

static void street_weigh(const struct scene *s, struct weighed *w) {
    const struct child *child = &s->index->people->children[w->child];
    char *now = mem_print("%s %s", child->house, child->street);
    uint32_t from = 0;
    bool found = street_find(s, now, &from);
    free(now);
    for (size_t i = 0; i < child->previous_address_count && !found; i++)
        found = street_find(s, child->previous_addresses[i], &from);
    if (!found)
        return;
    w->street = w->address = true;
    level_add(s, w, LEVEL_street, from, from + 2);
}

/* The school's first words, one behind the other: "St Cuthbert's RC". */
static void school_weigh(const struct scene *s, struct weighed *w) {
    uint32_t from = 0;
    const char *school = s->index->people->children[w->child].school;
    if (!*school || !words_stand(s, school, &from))
        return;
    w->school = true;
    level_add(s, w, LEVEL_school, from, from + 1);
}

static void relatives_weigh(const struct scene *s, struct weighed *w) {
    uint64_t known[8];
    float bits = 0;
    uint32_t from = 1, to = 0;
    size_t count;
    const struct posting *run = relatives_of(&s->mentions, w->child, &count);
    for (size_t i = 0; i < count && w->relatives < 8; i++) {
        const struct relative *r = &s->mentions.relatives[run[i].value];
        bool old = false;
        for (size_t j = 0; j < w->relatives; j++)
            old |= known[j] == r->pair;
        if (old)
            continue;
        if (!w->relatives) {
            from = r->from;
            to = r->to;
        }
        bits += s->bits[w->relatives ? LEVEL_relative_more : LEVEL_relative];
        w->levels |= 1u << (w->relatives ? LEVEL_relative_more : LEVEL_relative);
        known[w->relatives++] = r->pair;
    }
    if (w->relatives)
        part_add(w, linkage_level_text(LEVEL_relative), from, to, fminf(bits, BITS_RELATIVES_MOST));
}

void weigh(const struct scene *scene, uint32_t child, struct weighed *ret) {
    memset(ret, 0, sizeof *ret);
    ret->child = child;
    ret->weight = -bits_of_share(scene, 1);
    name_weigh(scene, ret);
    for (int kind = 0; kind < NUMBER_KINDS; kind++)
        number_weigh(scene, ret, (enum number_kind)kind);
    council_conflict_weigh(scene, ret);
    born_weigh(scene, ret);
    postcode_weigh(scene, ret);
    contact_weigh(scene, ret);
    street_weigh(scene, ret);
    school_weigh(scene, ret);
    relatives_weigh(scene, ret);
}

void weigh_refused(struct weighed *w) {
    w->refused = true;
    part_add(w, "a person has said: not this child's", 1, 0, BITS_REFUSED);
}
