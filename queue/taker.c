/* taker.c: who takes jobs, and the table "worker", which only shows it to people: written once a second at most, but for a new one. */
#include "base/clock.h"
#include "base/mem.h"
#include "queue/broker_state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TAKER_SHOW_MS 1000

struct taker *taker_of(struct broker *b, const struct hub_sender *at) {
    for (size_t i = 0; i < b->count; i++)
        if (b->takers[i].at.len == at->len && memcmp(b->takers[i].at.id, at->id, at->len) == 0)
            return &b->takers[i];
    return NULL;
}

int taker_takes(const struct taker *t, const char *kind) {
    size_t len = strlen(kind);
    for (const char *p = t->kinds; p; p = strchr(p, ',')) {
        p += *p == ',';
        if (strncmp(p, kind, len) == 0 && (p[len] == 0 || p[len] == ','))
            return 1;
    }
    return 0;
}

void taker_add(struct broker *b, const struct hub_sender *at, const struct message *ready) {
    b->takers = mem_grow(b->takers, b->count + 1, sizeof *b->takers);
    b->takers[b->count++] = (struct taker){.at = *at, .name = mem_text(ready->name), .kinds = mem_text(ready->kinds),
                                           .seen_ms = clock_steady(), .pid = ready->pid, .show = SHOW_NOW, .doing = "idle"};
}

void taker_doing(struct taker *t, const char *doing) {
    snprintf(t->doing, sizeof t->doing, "%s", doing);
    if (t->show == SHOW_NOT)
        t->show = SHOW_SOON;
}

void taker_idle(struct taker *t) {
    t->state = TAKER_IDLE;
    taker_doing(t, "idle");
}

void taker_drop(struct broker *b, struct taker *t) {
    free(t->name);
    free(t->kinds);
    *t = b->takers[--b->count];
}

void taker_forget(struct broker *b, struct taker *t) {
    if (group_step(b))
        b->sweep = 1;
    else if (group_step_end(b, db_run(b->store->db, "DELETE FROM worker WHERE name = ?", "t", t->name)))
        b->sweep = 1;
    taker_drop(b, t);
}

void takers_drop(struct broker *b) {
    while (b->count)
        taker_drop(b, &b->takers[b->count - 1]);
    free(b->takers);
}

static int taker_write(struct broker *b, const struct taker *t) {
    return db_run(b->store->db,
                  "INSERT INTO worker(name, kinds, pid, since, seen_at, doing) VALUES(?1, ?2, ?3, ?4, ?4, ?5)"
                  " ON CONFLICT(name) DO UPDATE SET kinds = ?2, pid = ?3, seen_at = ?4, doing = ?5,"
                  " since = CASE WHEN pid = ?3 THEN since ELSE ?4 END",
                  "ttiit", t->name, t->kinds, (int64_t)t->pid, clock_now(), t->doing);
}

static int taker_due(const struct broker *b, const struct taker *t, int second) {
    return b->sweep || t->show == SHOW_NOW || (second && t->show == SHOW_SOON);
}

static int takers_write(struct broker *b, int second) {
    int err = b->sweep ? db_run(b->store->db, "DELETE FROM worker", "") : 0;
    for (size_t i = 0; i < b->count && !err; i++)
        if (taker_due(b, &b->takers[i], second))
            err = taker_write(b, &b->takers[i]);
    return err;
}

void takers_show(struct broker *b) {
    int second = clock_steady() - b->shown_ms >= TAKER_SHOW_MS, due = b->sweep;
    if (b->trouble.err)
        return;
    for (size_t i = 0; i < b->count && !due; i++)
        due = taker_due(b, &b->takers[i], second);
    if (second)
        b->shown_ms = clock_steady();
    if (!due || group_step(b))
        return;
    if (group_step_end(b, takers_write(b, second))) {
        b->sweep = 1;
        return;
    }
    for (size_t i = 0; i < b->count; i++)
        if (taker_due(b, &b->takers[i], second))
            b->takers[i].show = SHOW_NOT;
    b->sweep = 0;
}
