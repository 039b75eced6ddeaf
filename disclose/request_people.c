#include "disclose/request_people.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "store/flag_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SLIP_LETTERS 5 /* of a name that may have one letter wrong */

/* A person while flags are gathered. */
struct gathered {
    struct bundle_person person;
    size_t into; /* another one's place, or its own: they are one */
    int64_t best; /* mentions of the text that the name is taken from */
};

struct gather {
    struct store *store;
    struct gathered *list;
    size_t count, room;
};

static void person_free(struct bundle_person *p) {
    free(p->id);
    free(p->name);
    free(p->tokens);
}

void bundle_people_drop(struct bundle_people *people) {
    for (size_t i = 0; i < people->count; i++)
        person_free(&people->list[i]);
    free(people->list);
    *people = (struct bundle_people){0};
}

static struct gathered *gathered_new(struct gather *g, struct view token) {
    if (g->count == g->room) {
        g->room = g->room ? g->room * 2 : 64;
        g->list = mem_grow(g->list, g->room, sizeof *g->list);
    }
    struct gathered *p = &g->list[g->count];
    *p = (struct gathered){.into = g->count++};
    p->person.tokens = mem_new(sizeof *p->person.tokens);
    memcpy(p->person.tokens[0], token.data, token.len < FLAG_TOKEN_BYTES ? token.len : FLAG_TOKEN_BYTES);
    p->person.token_count = 1;
    return p;
}

/* One row for each person and text: only the first flag of the text that is written most often is opened. */
static int row_gather(struct gather *g, struct rows *rows) {
    struct view token = rows_bytes(rows, 0);
    struct gathered *p = g->count ? &g->list[g->count - 1] : NULL;
    int64_t names = rows_int(rows, 3);
    if (!p || token.len != FLAG_TOKEN_BYTES || memcmp(p->person.tokens[0], token.data, token.len))
        p = gathered_new(g, token);
    p->person.mentions += (size_t)names;
    p->person.other_count += (size_t)(rows_int(rows, 2) - names);
    p->person.decided += (size_t)rows_int(rows, 4);
    p->person.covered += (size_t)rows_int(rows, 5);
    if (p->person.id && names <= p->best)
        return 0;
    struct flag flag;
    int err = flag_load(g->store, rows_int(rows, 1), &flag);
    if (err)
        return err;
    p->best = names;
    free(p->person.id);
    free(p->person.name);
    p->person.id = mem_text(flag.person_id);
    p->person.name = mem_text(names ? flag.text : "");
    snprintf(p->person.role, sizeof p->person.role, "%s", role_text(flag.role));
    flag_drop(&flag);
    return 0;
}

static int documents_count(struct gather *g, const struct request *request) {
    struct rows *rows = db_query(g->store->db,
                                 "SELECT f.person_token, count(DISTINCT f.document_id) FROM request_document r JOIN flag f ON f.document_id = r.document_id"
                                 " AND f.child_id = ?2 AND f.withdrawn = 0 AND ifnull(f.request_id, ?1) = ?1 AND f.type = 'PERSON' AND f.person_token IS NOT NULL"
                                 " WHERE r.request_id = ?1 AND r.included = 1 GROUP BY f.person_token ORDER BY f.person_token", "ii", request->id, request->child_id);
    size_t i = 0;
    while (rows_next(rows) > 0) {
        struct view token = rows_bytes(rows, 0);
        while (i < g->count && memcmp(g->list[i].person.tokens[0], token.data, FLAG_TOKEN_BYTES))
            i++;
        if (i < g->count)
            g->list[i].person.documents = (size_t)rows_int(rows, 1);
    }
    return rows_end(&rows);
}

static int people_gather(struct gather *g, const struct request *request) {
    struct rows *rows = db_query(g->store->db,
                                 "SELECT f.person_token, min(CASE WHEN f.type = 'PERSON' THEN f.id ELSE f.id + (1 << 60) END) & ((1 << 60) - 1), count(*),"
                                 " sum(f.type = 'PERSON'), sum(f.type = 'PERSON' AND d.cover >= 0),"
                                 " sum(f.type = 'PERSON' AND CASE WHEN d.cover >= 0 THEN d.cover ELSE f.cover END) FROM request_document r"
                                 " JOIN flag f ON f.document_id = r.document_id AND f.child_id = ?2 AND f.withdrawn = 0 AND ifnull(f.request_id, ?1) = ?1"
                                 " AND f.person_token IS NOT NULL LEFT JOIN decision d ON d.request_id = ?1 AND d.flag_id = f.id AND d.superseded_by IS NULL"
                                 " WHERE r.request_id = ?1 AND r.included = 1 GROUP BY f.person_token, f.text_token ORDER BY f.person_token", "ii", request->id,
                                 request->child_id);
    int err = 0;
    while (!err && rows_next(rows) > 0)
        err = row_gather(g, rows);
    int err2 = rows_end(&rows);
    err = err ? err : err2;
    return err ? err : documents_count(g, request);
}

/* ---- two that are one */

struct parts {
    char surname[64], forename[64];
};

static bool parts_of(const char *id, struct parts *ret) {
    const char *dot = strchr(id, '.');
    if (*id != '~' || !dot)
        return false;
    snprintf(ret->surname, sizeof ret->surname, "%.*s", (int)(dot - id - 1), id + 1);
    snprintf(ret->forename, sizeof ret->forename, "%s", dot + 1);
    return true;
}

static bool is_slip(const char *a, const char *b) {
    size_t n = strlen(a), m = strlen(b);
    return strcmp(a, b) == 0 || (n >= SLIP_LETTERS && m >= SLIP_LETTERS && text_distance(a, b, 1) <= 1);
}

/* The one other person of whom this may be a part: "Mrs Aslam" of Shazia Aslam; SIZE_MAX when there are none or several. */
static size_t whole_of(const struct gather *g, size_t part, const struct parts *own) {
    size_t found = SIZE_MAX;
    for (size_t i = 0; i < g->count; i++) {
        struct parts other;
        if (i == part || g->list[i].into != i || !parts_of(g->list[i].person.id, &other) || !*other.surname || !*other.forename)
            continue;
        bool fits = *own->surname ? is_slip(own->surname, other.surname) : is_slip(own->forename, other.forename);
        if (!fits)
            continue;
        if (found != SIZE_MAX)
            return SIZE_MAX;
        found = i;
    }
    return found;
}

static void people_join(struct gather *g) {
    for (size_t i = 0; i < g->count; i++) { /* whole names: the one with more mentions is the right spelling */
        struct parts a, b;
        if (!parts_of(g->list[i].person.id, &a) || !*a.surname || !*a.forename)
            continue;
        for (size_t k = 0; k < i && g->list[i].into == i; k++)
            if (g->list[k].into == k && parts_of(g->list[k].person.id, &b) && *b.surname && *b.forename && is_slip(a.surname, b.surname) &&
                is_slip(a.forename, b.forename)) {
                bool more = g->list[i].person.mentions > g->list[k].person.mentions;
                g->list[more ? k : i].into = more ? i : k;
            }
    }
    for (size_t i = 0; i < g->count; i++) {
        struct parts own;
        if (g->list[i].into != i || !parts_of(g->list[i].person.id, &own) || (*own.surname && *own.forename))
            continue;
        size_t whole = whole_of(g, i, &own);
        if (whole != SIZE_MAX)
            g->list[i].into = whole;
    }
}

static void person_take(struct gathered *to, const struct gathered *from) {
    struct bundle_person *p = &to->person;
    p->tokens = mem_grow(p->tokens, p->token_count + from->person.token_count, sizeof *p->tokens);
    memcpy(p->tokens + p->token_count, from->person.tokens, from->person.token_count * sizeof *p->tokens);
    p->token_count += from->person.token_count;
    p->mentions += from->person.mentions;
    p->other_count += from->person.other_count;
    p->documents += from->person.documents; /* at most: one of them may have both */
    p->decided += from->person.decided;
    p->covered += from->person.covered;
}

/* ---- the list */

static int mentions_order(const void *a, const void *b) {
    const struct bundle_person *x = a, *y = b;
    if (x->mentions != y->mentions)
        return x->mentions < y->mentions ? 1 : -1;
    return strcmp(x->id, y->id);
}

static void people_list(struct gather *g, struct bundle_people *ret) {
    for (size_t i = 0; i < g->count; i++) {
        size_t into = g->list[i].into;
        while (g->list[into].into != into)
            into = g->list[into].into;
        if (into != i)
            person_take(&g->list[into], &g->list[i]);
    }
    ret->list = mem_new((g->count + 1) * sizeof *ret->list);
    for (size_t i = 0; i < g->count; i++)
        if (g->list[i].into == i && g->list[i].person.mentions) {
            ret->list[ret->count++] = g->list[i].person;
            g->list[i].person = (struct bundle_person){0};
        }
    if (ret->count)
        qsort(ret->list, ret->count, sizeof *ret->list, mentions_order);
}

static void gather_drop(struct gather *g) {
    for (size_t i = 0; i < g->count; i++)
        person_free(&g->list[i].person);
    free(g->list);
}

int request_people(struct store *store, const struct request *request, struct bundle_people *ret) {
    struct gather g = {.store = store};
    *ret = (struct bundle_people){0};
    int err = people_gather(&g, request);
    if (!err) {
        people_join(&g);
        people_list(&g, ret);
    }
    gather_drop(&g);
    return err;
}

/* ---- one decision */

static int person_decide(const struct act_under_way *act, const struct bundle_person *person, const struct person_decision *d) {
    int err = 0;
    for (size_t i = 0; i < person->token_count && !err; i++)
        err = db_run(act->store->db,
                     "INSERT INTO decision(request_id, flag_id, cover, code, act_id) SELECT ?1, f.id, ?3, ?4, ?5 FROM request_document r"
                     " JOIN flag f ON f.document_id = r.document_id AND f.child_id = ?2 AND f.withdrawn = 0 AND ifnull(f.request_id, ?1) = ?1"
                     " AND f.person_token = ?6 AND (?7 OR f.type = 'PERSON') WHERE r.request_id = ?1 AND r.included = 1",
                     "iiitibi", act->request->id, act->request->child_id, (int64_t)d->decision.cover, d->decision.code, act->id,
                     view_of(person->tokens[i], FLAG_TOKEN_BYTES), (int64_t)d->other_data);
    return err;
}

int request_decide_person(struct store *store, const struct rules *rules, const struct request *request, const struct act *act,
                          const struct person_decision *decision, int64_t *ret_count) {
    struct bundle_people people = {0};
    struct act_under_way under_way;
    int64_t count = 0;
    int err = decision_check(rules, &decision->decision);
    if (!err)
        err = db_begin(store->db);
    if (err)
        return err;
    struct bundle_person own = {.token_count = 1};
    const struct bundle_person *person = NULL;
    if (decision->person_id[0] != '~') { /* of the register: one id, written in one way */
        uint8_t token[STORE_HASH_BYTES];
        own.tokens = mem_new(sizeof *own.tokens);
        flag_person_token(store, decision->person_id, token);
        memcpy(own.tokens[0], token, FLAG_TOKEN_BYTES);
        person = &own;
    } else {
        err = request_people(store, request, &people);
    }
    for (size_t i = 0; i < people.count && !err; i++)
        if (strcmp(people.list[i].id, decision->person_id) == 0)
            person = &people.list[i];
    if (!err && !person)
        err = ERR_NOT_FOUND;
    if (!err)
        err = act_begin(store, request, decision->decision.cover ? "decided to cover" : "decided to release", act, &under_way);
    if (!err)
        err = person_decide(&under_way, person, decision);
    if (!err)
        err = act_end(&under_way, &count);
    if (!err && !count)
        err = ERR_NOT_FOUND;
    free(own.tokens);
    bundle_people_drop(&people);
    *ret_count = err ? 0 : count;
    return db_end(store->db, err);
}
