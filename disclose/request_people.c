#include "disclose/request_people.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "store/flag_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SLIP_LETTERS 5 /* of a name that may have one letter wrong */
#define NAMES_KEPT 12  /* ways to write one person's name that are counted */

/* A person while flags are gathered. */
struct gathered {
    struct bundle_person person;
    size_t into; /* another one's place, or its own: they are one */
    int64_t last_document;
    size_t flag_room, other_room;
    struct {
        char *text;
        size_t times;
    } names[NAMES_KEPT];
};

struct gather {
    struct gathered *list;
    size_t count, room;
};

static void person_free(struct bundle_person *p) {
    free(p->id);
    free(p->name);
    free(p->flags);
    free(p->others);
}

void bundle_people_drop(struct bundle_people *people) {
    for (size_t i = 0; i < people->count; i++)
        person_free(&people->list[i]);
    free(people->list);
    *people = (struct bundle_people){0};
}

static struct gathered *gathered_of(struct gather *g, const char *id) {
    for (size_t i = 0; i < g->count; i++)
        if (strcmp(g->list[i].person.id, id) == 0)
            return &g->list[i];
    if (g->count == g->room) {
        g->room = g->room ? g->room * 2 : 64;
        g->list = mem_grow(g->list, g->room, sizeof *g->list);
    }
    g->list[g->count] = (struct gathered){.person.id = mem_text(id), .into = g->count};
    return &g->list[g->count++];
}

static void row_add(int64_t **list, size_t count, size_t *room, int64_t row) {
    if (count == *room) {
        *room = *room ? *room * 2 : 16;
        *list = mem_grow(*list, *room, sizeof **list);
    }
    (*list)[count] = row;
}

static void name_count(struct gathered *p, const char *text) {
    for (size_t i = 0; i < NAMES_KEPT; i++) {
        if (!p->names[i].text)
            p->names[i].text = mem_text(text);
        if (strcmp(p->names[i].text, text) == 0) {
            p->names[i].times++;
            return;
        }
    }
}

static void flag_gather(struct gather *g, const struct decided_flag *row, const struct flag *flag) {
    struct gathered *p = gathered_of(g, flag->person_id);
    if (flag->type != FLAG_PERSON) {
        row_add(&p->person.others, p->person.other_count++, &p->other_room, row->flag_id);
        return;
    }
    row_add(&p->person.flags, p->person.mentions++, &p->flag_room, row->flag_id);
    p->person.documents += row->document_id != p->last_document;
    p->last_document = row->document_id;
    p->person.decided += row->decided != 0;
    p->person.covered += row->cover != 0;
    if (!p->person.role[0])
        snprintf(p->person.role, sizeof p->person.role, "%s", row->role);
    name_count(p, flag->text);
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

static void person_take(struct gathered *to, struct gathered *from) {
    for (size_t i = 0; i < from->person.mentions; i++)
        row_add(&to->person.flags, to->person.mentions++, &to->flag_room, from->person.flags[i]);
    for (size_t i = 0; i < from->person.other_count; i++)
        row_add(&to->person.others, to->person.other_count++, &to->other_room, from->person.others[i]);
    to->person.documents += from->person.documents; /* at most: one of them may have both */
    to->person.decided += from->person.decided;
    to->person.covered += from->person.covered;
}

/* ---- the list */

static int mentions_order(const void *a, const void *b) {
    const struct bundle_person *x = a, *y = b;
    if (x->mentions != y->mentions)
        return x->mentions < y->mentions ? 1 : -1;
    return strcmp(x->id, y->id);
}

static void name_choose(struct gathered *p) {
    size_t best = 0;
    for (size_t i = 1; i < NAMES_KEPT && p->names[i].text; i++)
        if (p->names[i].times > p->names[best].times)
            best = i;
    p->person.name = mem_text(p->names[best].text ? p->names[best].text : "");
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
            name_choose(&g->list[i]);
            ret->list[ret->count++] = g->list[i].person;
            g->list[i].person = (struct bundle_person){0};
        }
    if (ret->count)
        qsort(ret->list, ret->count, sizeof *ret->list, mentions_order);
}

static void gather_drop(struct gather *g) {
    for (size_t i = 0; i < g->count; i++) {
        person_free(&g->list[i].person);
        for (size_t k = 0; k < NAMES_KEPT; k++)
            free(g->list[i].names[k].text);
    }
    free(g->list);
}

int request_people(struct store *store, const struct request *request, struct bundle_people *ret) {
    struct decided_flag *rows = NULL;
    size_t count = 0;
    struct gather g = {0};
    *ret = (struct bundle_people){0};
    int err = request_flags(store, request, &rows, &count);
    for (size_t i = 0; i < count && !err; i++) {
        struct flag flag;
        err = flag_load(store, rows[i].flag_id, &flag);
        if (!err && *flag.person_id)
            flag_gather(&g, &rows[i], &flag);
        if (!err)
            flag_drop(&flag);
    }
    if (!err) {
        people_join(&g);
        people_list(&g, ret);
    }
    gather_drop(&g);
    free(rows);
    return err;
}

/* ---- one decision */

static int rows_decide(struct store *store, const struct request *request, const struct person_decision *d, const int64_t *rows, size_t count) {
    int err = 0;
    for (size_t i = 0; i < count && !err; i++) {
        struct decision decision = {rows[i], d->cover, d->code, d->who, d->note};
        err = request_decision_add(store, request, &decision);
    }
    return err;
}

int request_decide_person(struct store *store, const struct rules *rules, const struct request *request, const struct person_decision *decision,
                          int64_t *ret_count) {
    struct bundle_people people;
    const struct reason *reason = rules_reason(rules, decision->code);
    if (!reason || reason->withholds != (decision->cover != 0))
        return ERR_INPUT;
    int err = db_begin(store->db);
    if (err)
        return err;
    err = request_people(store, request, &people);
    const struct bundle_person *person = NULL;
    for (size_t i = 0; i < people.count && !err; i++)
        if (strcmp(people.list[i].id, decision->person_id) == 0)
            person = &people.list[i];
    if (!err && !person)
        err = ERR_NOT_FOUND;
    if (!err)
        err = rows_decide(store, request, decision, person->flags, person->mentions);
    if (!err && decision->other_data)
        err = rows_decide(store, request, decision, person->others, person->other_count);
    *ret_count = err ? 0 : (int64_t)(person->mentions + (decision->other_data ? person->other_count : 0));
    bundle_people_drop(&people);
    return db_end(store->db, err);
}
