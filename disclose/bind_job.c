/* bind_job.c: gathers what a pack says from the store and has it bound. It reaches covered pages only. */
#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "disclose/bind.h"
#include "disclose/pack.h"
#include "queue/job.h"
#include "store/audit.h"
#include "store/pack_rows.h"
#include "store/people_rows.h"
#include "store/vault.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The order under way, with the page id at each place of the pack. */
struct gather {
    const struct bind_job *bind;
    struct pack_row pack;
    struct bind_order order;
    int64_t *pages;
    char head[AUDIT_HEAD_TEXT];
};

static const char *kind_in_words(const struct flag *flag) {
    switch (flag->type) {
    case FLAG_PERSON:
        return flag->role == ROLE_OTHER_CHILD ? "Name of another child" : "Name of another person";
    case FLAG_ADDRESS:
        return "Address of another person";
    case FLAG_PHONE:
        return "Telephone number";
    case FLAG_EMAIL:
        return "E-mail address";
    case FLAG_DOB:
        return "Date of birth of another person";
    case FLAG_PASSAGE:
        return "Passage";
    default:
        return "Identifying number of another person";
    }
}

static uint32_t gather_place(const struct gather *g, int64_t page_id) {
    for (uint32_t i = 0; i < g->order.page_count; i++)
        if (g->pages[i] == page_id)
            return i;
    return g->order.page_count;
}

static int gather_withheld(void *state, int64_t page_id, const struct flag *flag, const char *code) {
    struct gather *g = state;
    struct bind_order *order = &g->order;
    uint32_t page = gather_place(g, page_id);
    if (page == order->page_count) /* a page that could not be shown: it is not in the pack */
        return 0;
    const char *kind = kind_in_words(flag);
    const struct reason *reason = rules_reason(g->bind->rules, code);
    for (size_t i = 0; i < order->withheld_count; i++) {
        struct bind_withheld *w = &order->withheld[i];
        if (w->page == page && strcmp(w->kind, kind) == 0 && strcmp(w->code, code) == 0) {
            w->count++;
            return 0;
        }
    }
    order->withheld = mem_grow(order->withheld, order->withheld_count + 1, sizeof *order->withheld);
    order->withheld[order->withheld_count++] =
        (struct bind_withheld){page, mem_text(kind), mem_text(reason ? reason->plain : "Withheld"),
                               mem_text(reason ? reason->law : ""), mem_text(code), 1};
    return 0;
}

static int withheld_order(const void *a, const void *b) {
    const struct bind_withheld *x = a, *y = b;
    return x->page != y->page ? (x->page > y->page) - (x->page < y->page) : strcmp(x->kind, y->kind);
}

/* What a document came as; its own name may hold somebody's. */
static const char *came_as(const char *kind) {
    return strcmp(kind, "mail") == 0 ? "E-mail" : strcmp(kind, "jpeg") == 0 || strcmp(kind, "png") == 0 ? "Picture" : "Document";
}

static void document_add(struct gather *g, struct rows *rows) {
    struct bind_order *order = &g->order;
    char day[32];
    date_text_long((int32_t)(rows_int(rows, 1) / 86400000), day);
    order->documents = mem_grow(order->documents, order->document_count + 1, sizeof *order->documents);
    struct bind_document *document = &order->documents[order->document_count++];
    *document = (struct bind_document){.title = mem_print("%s %zu", came_as(rows_text(rows, 2)), order->document_count),
                                       .received = mem_text(day), .first_page = order->page_count};
}

static int gather_pages(struct gather *g) {
    struct rows *rows = db_query(g->bind->store->db,
                                 "SELECT p.document_id, c.received_at, t.kind, p.id FROM pack_page k JOIN page p ON p.id = k.page_id"
                                 " JOIN part t ON t.id = p.part_id JOIN receipt c ON c.id = t.receipt_id"
                                 " WHERE k.pack_id = ? ORDER BY k.ordinal", "i", g->pack.id);
    int64_t last = 0;
    while (rows_next(rows) > 0) {
        if (rows_int(rows, 0) != last)
            document_add(g, rows);
        last = rows_int(rows, 0);
        g->pages = mem_grow(g->pages, g->order.page_count + 1, sizeof *g->pages);
        g->pages[g->order.page_count++] = rows_int(rows, 3);
        g->order.documents[g->order.document_count - 1].page_count++;
    }
    return rows_end(&rows);
}

static int gather_load_page(void *state, uint32_t i, struct covered_page *ret) {
    struct gather *g = state;
    return pack_covered_page(g->bind->store, &g->pack, i + 1, ret);
}

static int gather_people(struct gather *g, const struct request *request) {
    struct people *people;
    char day[32];
    int err = people_load(g->bind->store, &people);
    if (err)
        return err;
    const struct child *child = people_child(people, g->pack.child_id);
    g->order.subject_name = child ? mem_print("%s %s", child->forenames, child->surname) : mem_text("");
    people_drop(&people);
    g->order.council = mem_text(g->bind->council);
    g->order.request_name = mem_text(request->name);
    g->order.requester = mem_text(request->requester);
    date_text_long(request->clock.received, day);
    g->order.received = mem_text(day);
    date_text_long(request->clock.due, day);
    g->order.due = mem_text(day);
    g->order.audit_head = g->head;
    return 0;
}

static int gather_request(struct gather *g) {
    struct request request = {0};
    struct store *store = g->bind->store;
    struct rows *rows = db_query(store->db, "SELECT name FROM request WHERE id = ?", "i", g->pack.request_id);
    char *name = rows_next(rows) > 0 ? mem_text(rows_text(rows, 0)) : mem_text("");
    int err = rows_end(&rows);
    if (!err)
        err = request_load(store, g->bind->rules, name, &request);
    if (!err)
        err = gather_people(g, &request);
    free(name);
    request_drop(&request);
    return err;
}

static int gather_head(struct gather *g) {
    struct audit_head head;
    struct store *store = g->bind->store;
    int err = db_begin(store->db);
    if (!err)
        err = db_end(store->db, audit_sign(store, &head));
    if (!err)
        audit_head_text(&head, g->head);
    return err;
}

static int gather_all(struct gather *g, int64_t pack_id) {
    int err = pack_row_load(g->bind->store, pack_id, &g->pack);
    if (!err)
        err = gather_head(g);
    if (!err)
        err = gather_pages(g);
    if (!err)
        err = gather_request(g);
    if (!err)
        err = pack_flags(g->bind->store, &g->pack, 0, 1, gather_withheld, g);
    if (!err && g->order.withheld_count)
        qsort(g->order.withheld, g->order.withheld_count, sizeof *g->order.withheld, withheld_order);
    g->order.load_page = gather_load_page;
    g->order.state = g;
    return err;
}

static void gather_drop(struct gather *g) {
    struct bind_order *o = &g->order;
    for (size_t i = 0; i < o->document_count; i++) {
        free(o->documents[i].title);
        free(o->documents[i].received);
    }
    for (size_t i = 0; i < o->withheld_count; i++) {
        free(o->withheld[i].kind);
        free(o->withheld[i].reason);
        free(o->withheld[i].law);
        free(o->withheld[i].code);
    }
    free(o->documents);
    free(o->withheld);
    free(o->council);
    free(o->request_name);
    free(o->requester);
    free(o->subject_name);
    free(o->received);
    free(o->due);
    free(g->pages);
}

static int bound_save(const struct gather *g, const struct job *job, const struct bound *bound, struct sealed_file *file) {
    struct store *store = g->bind->store;
    unsigned char hash[crypto_hash_sha256_BYTES];
    char hex[crypto_hash_sha256_BYTES * 2 + 1], what[64];
    int64_t object;
    crypto_hash_sha256(hash, bound->pdf.data, bound->pdf.len);
    sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
    snprintf(what, sizeof what, "pack %lld", (long long)g->pack.id);
    struct audit_entry entry = {"machine", "bound", what, "bind", hex};
    int err = job_done(store, job);
    if (!err)
        err = vault_add(store, file, VAULT_COVERED, "request", g->pack.request_id, &object);
    if (!err)
        err = db_run(store->db,
                     "UPDATE pack SET state = 'bound', object_id = ?, content_hash = ?, front_pages = ?, page_count = ?"
                     " WHERE id = ? AND state = 'binding'", /* else it was given up meanwhile */
                     "itiii", object, hex, (int64_t)bound->front_pages, (int64_t)bound->total_pages, g->pack.id);
    return err ? err : audit_add(store, &entry, NULL);
}

int pack_bind(const struct bind_job *bind, int64_t job_id, uint32_t attempt, int64_t pack_id) {
    struct gather g = {.bind = bind};
    struct job job = {.id = job_id, .attempt = attempt, .subject = pack_id, .kind = "bind"};
    struct bound bound = {0};
    struct sealed_file file;
    int err = gather_all(&g, pack_id);
    if (!err)
        err = bind_pack(&g.order, &bound);
    if (!err)
        err = vault_write(bind->store, buf_view(&bound.pdf), &file);
    if (!err)
        err = db_begin(bind->store->db);
    if (!err)
        err = db_end(bind->store->db, bound_save(&g, &job, &bound, &file));
    bound_drop(&bound);
    gather_drop(&g);
    return err;
}
