/* bind_job.c: gathers what a pack says from the store and has it bound. It reaches covered pages only. */
#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "config/kinds.h"
#include "disclose/bind.h"
#include "disclose/letters.h"
#include "disclose/pack.h"
#include "disclose/rectify.h"
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
    struct kinds *kinds;
    uint32_t offset; /* of the volume that is bound */
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

/* A code of the council stands beside one of the law: both are told. */
static void reason_in_words(const struct rules *rules, const char *code, struct bind_withheld *ret) {
    struct buf plain = {0}, law = {0};
    struct reason_codes codes = {.count = 0};
    if (rules_codes(rules, code, &codes))
        buf_add_text(&plain, "Withheld");
    for (size_t i = 0; i < codes.count; i++) {
        buf_print(&plain, "%s%s", i ? " " : "", codes.list[i]->plain);
        buf_print(&law, "%s%s", i ? "; " : "", codes.list[i]->law);
    }
    ret->reason = mem_text(buf_text(&plain));
    ret->law = mem_text(buf_text(&law));
    buf_drop(&plain);
    buf_drop(&law);
}

static int gather_withheld(void *state, int64_t page_id, const struct flag *flag, const char *code) {
    struct gather *g = state;
    struct bind_order *order = &g->order;
    uint32_t page = gather_place(g, page_id);
    if (page == order->page_count) /* a page that could not be shown: it is not in the pack */
        return 0;
    const char *kind = kind_in_words(flag);
    for (size_t i = 0; i < order->withheld_count; i++) {
        struct bind_withheld *w = &order->withheld[i];
        if (w->page == page && strcmp(w->kind, kind) == 0 && strcmp(w->code, code) == 0) {
            w->count++;
            return 0;
        }
    }
    order->withheld = mem_grow(order->withheld, order->withheld_count + 1, sizeof *order->withheld);
    struct bind_withheld *w = &order->withheld[order->withheld_count++];
    *w = (struct bind_withheld){.page = page, .kind = mem_text(kind), .code = mem_text(code), .count = 1};
    reason_in_words(g->bind->rules, code, w);
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

/* What was added to the document when something in it was put right. */
static int annotation_note(void *state, const struct annotation *one, int64_t at) {
    struct bind_document *document = state;
    char day[32];
    date_text_long((int32_t)(at / 86400000), day);
    char *note = mem_print("%s%sNote added on %s: %s", document->note, *document->note ? "; " : "", day, one->text);
    free(document->note);
    document->note = note;
    return 0;
}

static char *day_in_words(int32_t day) {
    char text[32];
    date_text_long(day, text);
    return mem_text(day == DATE_NONE ? "" : text);
}

/* "Late Entry: 9 working days", with the day of writing, as the recording policy asks (section 10). */
static char *late_in_words(const struct gather *g, const struct kind *kind, int32_t event, int32_t written) {
    int32_t late = kind ? kind_late_days(g->bind->rules, kind, event, written) : 0;
    if (!late)
        return mem_text("");
    char *day = day_in_words(written), *text = mem_print("Late Entry: written down on %s, %d %sdays late", day, late, kind->late_working_days ? "working " : "");
    free(day);
    return text;
}

static void document_add(struct gather *g, struct rows *rows) {
    struct bind_order *order = &g->order;
    const struct kind *kind = kinds_find(g->kinds, rows_text(rows, 4));
    int32_t event = rows_null(rows, 5) ? DATE_NONE : (int32_t)rows_int(rows, 5), written = rows_null(rows, 6) ? DATE_NONE : (int32_t)rows_int(rows, 6);
    order->documents = mem_grow(order->documents, order->document_count + 1, sizeof *order->documents);
    struct bind_document *document = &order->documents[order->document_count++];
    *document = (struct bind_document){.title = mem_text(kind ? kind->name : came_as(rows_text(rows, 2))), .received = day_in_words((int32_t)(rows_int(rows, 1) / 86400000)),
                                       .event = day_in_words(event == DATE_NONE ? written : event), .note = late_in_words(g, kind, event, written),
                                       .first_page = order->page_count};
}

static int gather_pages(struct gather *g) {
    struct rows *rows = db_query(g->bind->store->db,
                                 "SELECT p.document_id, c.received_at, t.kind, p.id, CASE WHEN d.kind != '' THEN d.kind ELSE d.found_kind END, d.event_day, d.written_day"
                                 " FROM pack_page k JOIN page p ON p.id = k.page_id JOIN part t ON t.id = p.part_id JOIN receipt c ON c.id = t.receipt_id"
                                 " JOIN document d ON d.id = p.document_id WHERE k.pack_id = ? ORDER BY k.ordinal", "i", g->pack.id);
    int64_t last = 0;
    int err = 0;
    while (!err && rows_next(rows) > 0) {
        int64_t document = rows_int(rows, 0);
        if (document != last) {
            document_add(g, rows);
            err = annotations_each(g->bind->store, document, annotation_note, &g->order.documents[g->order.document_count - 1]);
        }
        last = document;
        g->pages = mem_grow(g->pages, g->order.page_count + 1, sizeof *g->pages);
        g->pages[g->order.page_count++] = rows_int(rows, 3);
        g->order.documents[g->order.document_count - 1].page_count++;
    }
    int err2 = rows_end(&rows);
    return err ? err : err2;
}

/* What belongs to the record and is not among the pages, by the plain words of its reason. */
static int gather_left_out(struct gather *g) {
    struct rows *rows = db_query(g->bind->store->db,
                                 "SELECT code, count(*) FROM request_document WHERE request_id = ? AND included = 0 AND origin = 'record' AND code != '' GROUP BY code"
                                 " ORDER BY code", "i", g->pack.request_id);
    while (rows_next(rows) > 0) {
        const struct reason *reason = rules_reason(g->bind->rules, rows_text(rows, 0));
        long long n = (long long)rows_int(rows, 1);
        g->order.left_out = mem_grow(g->order.left_out, g->order.left_out_count + 1, sizeof *g->order.left_out);
        g->order.left_out[g->order.left_out_count++] =
            (struct bind_left_out){mem_print("%lld document%s", n, n == 1 ? "" : "s"), mem_text(reason ? reason->plain : "Withheld.")};
    }
    int err = rows_end(&rows);
    if (err)
        return err;
    int64_t pages = 0;
    err = db_int(g->bind->store->db, &pages,
                 "SELECT count(*) FROM request_document r JOIN page p ON p.document_id = r.document_id WHERE r.request_id = ? AND r.included = 1 AND p.picture_id IS NULL", "i",
                 g->pack.request_id);
    if (!err && pages) {
        g->order.left_out = mem_grow(g->order.left_out, g->order.left_out_count + 1, sizeof *g->order.left_out);
        g->order.left_out[g->order.left_out_count++] =
            (struct bind_left_out){mem_print("%lld page%s", (long long)pages, pages == 1 ? "" : "s"), mem_text("These cannot be shown as a picture. We hold them; please ask us about them.")};
    }
    return err;
}

/* Abbreviations of the glossary that stand on the covered pages. */
static void page_glossary(const struct gather *g, const struct covered_page *page, bool *found) {
    for (size_t w = 0; w < page->words.count; w++)
        for (size_t i = 0; i < g->bind->rules->glossary_count; i++) {
            const char *text = page->words.list[w].text, *shorthand = g->bind->rules->glossary[i].shorthand;
            size_t len = strlen(shorthand);
            if (strncmp(text, shorthand, len) == 0 && !text_is_letter((unsigned char)text[len]) && !text_is_digit((unsigned char)text[len]))
                found[i] = true;
        }
}

static int gather_glossary(struct gather *g) {
    const struct rules *rules = g->bind->rules;
    bool *found = mem_new(rules->glossary_count + 1);
    int err = 0;
    for (uint32_t i = 0; i < g->order.page_count && !err; i++) {
        struct covered_page page;
        err = pack_covered_page(g->bind->store, &g->pack, i + 1, &page);
        if (!err) {
            page_glossary(g, &page, found);
            covered_page_drop(&page);
        }
    }
    g->order.glossary = mem_new((rules->glossary_count + 1) * sizeof *g->order.glossary);
    for (size_t i = 0; i < rules->glossary_count && !err; i++)
        if (found[i])
            g->order.glossary[g->order.glossary_count++] = (struct bind_entry){rules->glossary[i].shorthand, rules->glossary[i].means};
    free(found);
    return err;
}

static int gather_load_page(void *state, uint32_t i, struct covered_page *ret) {
    struct gather *g = state;
    return pack_covered_page(g->bind->store, &g->pack, g->offset + i + 1, ret);
}

/* The reasons for which something is covered, each once, as points of a list. */
static char *reasons_list(const struct bind_order *order) {
    struct buf out = {0};
    for (size_t i = 0; i < order->withheld_count; i++) {
        bool first = true;
        for (size_t k = 0; k < i && first; k++)
            first = strcmp(order->withheld[k].reason, order->withheld[i].reason) != 0;
        if (first)
            buf_print(&out, "- %s\n", order->withheld[i].reason);
    }
    char *text = mem_text(buf_text(&out));
    buf_drop(&out);
    return text;
}

static char *number_of(size_t n, const char *what) {
    return mem_print("%zu %s%s", n, what, n == 1 ? "" : "s");
}

static void texts_fill(struct gather *g, const struct request *request, const char *subject) {
    struct bind_order *order = &g->order;
    const struct rules *rules = g->bind->rules;
    const struct pack_rule *pack = request_pack(rules, request);
    char received[32], due[32];
    date_text_long(request->clock.received, received);
    date_text_long(request->clock.due, due);
    char *reasons = reasons_list(order), *pages = number_of(order->page_count, "page"), *documents = number_of(order->document_count, "document");
    char *bates = mem_print("%s-000001", request->name);
    char *head = mem_print("~ What was done with your request is written in a log that cannot be changed unseen. This number stands for the log as it was when this pack was"
                           " made; keep it if you want to have the log checked:\n~ %s", g->head);
    const struct letter_value values[] = {{"council", g->bind->council}, {"reference", request->name}, {"requester", request->requester}, {"subject", subject},
                                          {"received", received}, {"due", request->clock.due == DATE_NONE ? "the day that was set" : due}, {"pages", pages},
                                          {"documents", documents}, {"reasons", reasons}, {"head", head}, {"bates", bates}};
    const struct letter_conditions conditions = {strcmp(request->requester_kind, "subject") == 0, order->withheld_count != 0};
    const size_t count = sizeof values / sizeof *values;
    const char *letter = rules_letter(rules, pack->letter), *guide = rules_letter(rules, "guide"), *privacy = rules_letter(rules, "privacy");
    order->parts = pack->parts;
    order->title = mem_text(pack->title);
    order->letter = letter_fill(letter ? letter : "", &conditions, values, count);
    order->guide = guide && (pack->parts & PACK_GUIDE) ? letter_fill(guide, &conditions, values, count) : NULL;
    order->privacy = privacy && (pack->parts & PACK_PRIVACY) ? letter_fill(privacy, &conditions, values, count) : NULL;
    order->council = mem_text(g->bind->council);
    order->request_name = mem_text(request->name);
    free(reasons);
    free(pages);
    free(documents);
    free(bates);
    free(head);
}

static int gather_people(struct gather *g, const struct request *request) {
    struct people *people;
    int err = people_load(g->bind->store, &people);
    if (err)
        return err;
    const struct child *child = people_child(people, g->pack.child_id);
    char *subject = child ? mem_print("%s %s", child->forenames, child->surname) : mem_text("the child");
    texts_fill(g, request, subject);
    free(subject);
    people_drop(&people);
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

/* A pack that is bound once more prints the head that it printed before. */
static int gather_head(struct gather *g) {
    struct audit_head head;
    struct store *store = g->bind->store;
    struct rows *rows = db_query(store->db, "SELECT head FROM pack WHERE id = ?", "i", g->pack.id);
    if (rows_next(rows) > 0)
        snprintf(g->head, sizeof g->head, "%s", rows_text(rows, 0));
    int err = rows_end(&rows);
    if (err || g->head[0])
        return err;
    err = db_begin(store->db);
    if (!err)
        err = db_end(store->db, audit_sign(store, &head));
    if (!err)
        audit_head_text(&head, g->head);
    return err;
}

static int gather_all(struct gather *g, int64_t pack_id) {
    int err = kinds_load(g->bind->rules_folder, &g->kinds);
    if (!err)
        err = pack_row_load(g->bind->store, pack_id, &g->pack);
    if (!err)
        err = gather_head(g);
    if (!err)
        err = gather_pages(g);
    if (!err)
        err = pack_flags(g->bind->store, &g->pack, 0, 1, gather_withheld, g);
    if (!err && g->order.withheld_count)
        qsort(g->order.withheld, g->order.withheld_count, sizeof *g->order.withheld, withheld_order);
    if (!err)
        err = gather_left_out(g);
    if (!err)
        err = gather_glossary(g);
    if (!err)
        err = gather_request(g);
    g->order.load_page = gather_load_page;
    g->order.state = g;
    return err;
}

static void gather_drop(struct gather *g) {
    struct bind_order *o = &g->order;
    for (size_t i = 0; i < o->document_count; i++) {
        free(o->documents[i].title);
        free(o->documents[i].received);
        free(o->documents[i].event);
        free(o->documents[i].note);
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
    for (size_t i = 0; i < o->left_out_count; i++) {
        free(o->left_out[i].what);
        free(o->left_out[i].reason);
    }
    free(o->left_out);
    free(o->glossary);
    free(o->title);
    free(o->letter);
    free(o->guide);
    free(o->privacy);
    kinds_drop(&g->kinds);
    free(g->pages);
}

static void hash_text(struct view bytes, char out[crypto_hash_sha256_BYTES * 2 + 1]) {
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(hash, bytes.data, bytes.len);
    sodium_bin2hex(out, crypto_hash_sha256_BYTES * 2 + 1, hash, sizeof hash);
}

/* ---- volumes */

struct volumes {
    struct pack_volume *list;
    struct sealed_file *files;
    size_t count;
    char hash[crypto_hash_sha256_BYTES * 2 + 1]; /* of the one file, or of the list of their hashes */
};

/* Where the volume that begins with this page ends: behind its last whole document, or within one that is longer than a volume. */
static uint32_t volume_end(const struct gather *g, uint32_t first) {
    uint32_t most = g->bind->volume_pages ? g->bind->volume_pages : g->order.page_count, end = first;
    for (size_t i = 0; i < g->order.document_count; i++) {
        uint32_t behind = g->order.documents[i].first_page + g->order.documents[i].page_count;
        if (behind > first && behind - first <= most)
            end = behind;
    }
    uint32_t cut = first + most < g->order.page_count ? first + most : g->order.page_count;
    return end > first ? end : cut;
}

/* The pack's order with only what stands in the volume. You free its documents and withheld lists, and its title and letter. */
static struct bind_order volume_order(const struct gather *g, uint32_t first, uint32_t end, size_t number, size_t all) {
    struct bind_order order = g->order;
    order.pages_before = first;
    order.page_count = end - first;
    order.documents = mem_new((g->order.document_count + 1) * sizeof *order.documents);
    order.withheld = mem_new((g->order.withheld_count + 1) * sizeof *order.withheld);
    order.document_count = order.withheld_count = 0;
    for (size_t i = 0; i < g->order.document_count; i++) {
        struct bind_document d = g->order.documents[i];
        uint32_t from = d.first_page > first ? d.first_page : first, to = d.first_page + d.page_count < end ? d.first_page + d.page_count : end;
        if (from >= to)
            continue;
        d.first_page = from - first;
        d.page_count = to - from;
        order.documents[order.document_count++] = d;
    }
    for (size_t i = 0; i < g->order.withheld_count; i++)
        if (g->order.withheld[i].page >= first && g->order.withheld[i].page < end) {
            order.withheld[order.withheld_count] = g->order.withheld[i];
            order.withheld[order.withheld_count++].page -= first;
        }
    order.title = all > 1 ? mem_print("%s, volume %zu of %zu", g->order.title, number, all) : mem_text(g->order.title);
    if (number > 1) {
        order.letter = mem_print("# %s\n\nOur reference: %s\n\nThese pages go on from volume %zu. The letter, and how to read the pack, are in volume 1.\n", order.title,
                                 g->order.request_name, number - 1);
        order.guide = order.privacy = NULL;
        order.parts &= (unsigned)(PACK_CONTENTS | PACK_SCHEDULE);
        order.left_out_count = 0;
    } else {
        order.letter = mem_text(g->order.letter);
    }
    return order;
}

static int volume_bind(struct gather *g, struct volumes *volumes, size_t at, size_t all) {
    struct pack_volume *v = &volumes->list[at];
    struct bound bound = {0};
    g->offset = v->first_page - 1;
    struct bind_order order = volume_order(g, v->first_page - 1, v->last_page, at + 1, all);
    int err = bind_pack(&order, &bound);
    if (!err) {
        v->number = (uint32_t)at + 1;
        v->front_pages = bound.front_pages;
        v->page_count = bound.total_pages;
        hash_text(buf_view(&bound.pdf), v->hash);
        if (volumes->files)
            err = vault_write(g->bind->store, buf_view(&bound.pdf), &volumes->files[at]);
    }
    bound_drop(&bound);
    free(order.documents);
    free(order.withheld);
    free(order.title);
    free(order.letter);
    return err;
}

/* One after the other, so that memory does not grow with the pack. keep: their files are written. */
static int volumes_bind(struct gather *g, bool keep, struct volumes *ret) {
    struct buf hashes = {0};
    uint32_t first = 0;
    do {
        uint32_t end = volume_end(g, first);
        ret->list = mem_grow(ret->list, ret->count + 1, sizeof *ret->list);
        ret->list[ret->count++] = (struct pack_volume){.first_page = first + 1, .last_page = end};
        first = end;
    } while (first < g->order.page_count);
    ret->files = keep ? mem_new(ret->count * sizeof *ret->files) : NULL;
    int err = 0;
    for (size_t i = 0; i < ret->count && !err; i++) {
        err = volume_bind(g, ret, i, ret->count);
        buf_print(&hashes, "%s\n", ret->list[i].hash);
    }
    if (ret->count == 1)
        memcpy(ret->hash, ret->list[0].hash, sizeof ret->hash);
    else
        hash_text(buf_view(&hashes), ret->hash);
    buf_drop(&hashes);
    return err;
}

static int volume_save(const struct gather *g, const struct pack_volume *v, struct sealed_file *file, int64_t *ret_object) {
    struct store *store = g->bind->store;
    int err = vault_add(store, file, VAULT_COVERED, "request", g->pack.request_id, ret_object);
    return err ? err
               : db_run(store->db,
                        "INSERT INTO pack_volume(pack_id, number, object_id, content_hash, front_pages, first_page, last_page, page_count) VALUES(?, ?, ?, ?, ?, ?, ?, ?)",
                        "iiitiiii", g->pack.id, (int64_t)v->number, *ret_object, v->hash, (int64_t)v->front_pages, (int64_t)v->first_page, (int64_t)v->last_page,
                        (int64_t)v->page_count);
}

static int bound_save(const struct gather *g, struct volumes *volumes) {
    struct store *store = g->bind->store;
    int64_t first = 0, object = 0, pages = 0;
    int err = db_run(store->db, "DELETE FROM pack_volume WHERE pack_id = ?", "i", g->pack.id);
    for (size_t i = 0; i < volumes->count && !err; i++) {
        err = volume_save(g, &volumes->list[i], &volumes->files[i], &object);
        first = i ? first : object;
        pages += volumes->list[i].page_count;
    }
    return err ? err
               : db_run(store->db,
                        "UPDATE pack SET state = 'bound', object_id = ?, content_hash = ?, front_pages = ?, page_count = ?, head = ?"
                        " WHERE id = ? AND state = 'binding'", /* else it was given up meanwhile */
                        "itiiti", first, volumes->hash, (int64_t)volumes->list[0].front_pages, pages, g->head, g->pack.id);
}

/* Bound once more: whether it is byte for byte what it was. */
static int rebuilt_save(const struct gather *g, const char *hash, bool *ret_same) {
    struct rows *rows = db_query(g->bind->store->db, "SELECT content_hash FROM pack WHERE id = ?", "i", g->pack.id);
    *ret_same = rows_next(rows) > 0 && strcmp(rows_text(rows, 0), hash) == 0;
    int err = rows_end(&rows);
    return err ? err : db_run(g->bind->store->db, "UPDATE pack SET rebuilt = ? WHERE id = ?", "ti", *ret_same ? "same" : "other", g->pack.id);
}

static int bind_commit(const struct gather *g, const struct job *job, struct volumes *volumes, bool again) {
    struct store *store = g->bind->store;
    char what[64];
    bool same = true;
    snprintf(what, sizeof what, "pack %lld", (long long)g->pack.id);
    int err = job_done(store, job);
    if (!err)
        err = again ? rebuilt_save(g, volumes->hash, &same) : bound_save(g, volumes);
    struct audit_entry entry = {"machine", again ? same ? "rebuilt, the same bytes" : "rebuilt, OTHER BYTES" : "bound", what, "bind", volumes->hash};
    return err ? err : audit_add(store, &entry, NULL);
}

int pack_bind(const struct bind_job *bind, int64_t job_id, uint32_t attempt, int64_t pack_id) {
    struct gather g = {.bind = bind};
    struct job job = {.id = job_id, .attempt = attempt, .subject = pack_id, .kind = "bind"};
    struct volumes volumes = {.count = 0};
    int64_t again = 0;
    int err = db_int(bind->store->db, &again, "SELECT rebuilt = 'asked' FROM pack WHERE id = ?", "i", pack_id);
    if (!err)
        err = gather_all(&g, pack_id);
    if (!err)
        err = volumes_bind(&g, !again, &volumes);
    if (!err)
        err = db_begin(bind->store->db);
    if (!err)
        err = db_end(bind->store->db, bind_commit(&g, &job, &volumes, again != 0));
    free(volumes.list);
    free(volumes.files);
    gather_drop(&g);
    return err;
}
