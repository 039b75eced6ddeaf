/* decide.c: an officer's decisions on the flags of a request. A decision is never overwritten: a new one supersedes. */
#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "disclose/request.h"
#include "disclose/same_text.h"
#include "store/audit.h"
#include "store/flag_rows.h"
#include "store/page_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void decided_from(struct rows *rows, struct decided_flag *flag) {
    *flag = (struct decided_flag){
        .flag_id = rows_int(rows, 0),
        .document_id = rows_int(rows, 1),
        .page_id = rows_int(rows, 2),
        .page_number = (uint32_t)rows_int(rows, 3),
        .decided = !rows_null(rows, 7),
    };
    flag->cover = (int)rows_int(rows, flag->decided ? 7 : 5);
    snprintf(flag->code, sizeof flag->code, "%s", rows_text(rows, flag->decided ? 8 : 4));
    snprintf(flag->type, sizeof flag->type, "%s", rows_text(rows, 6));
    snprintf(flag->role, sizeof flag->role, "%s", rows_text(rows, 10));
    snprintf(flag->finder, sizeof flag->finder, "%s", rows_text(rows, 11));
    snprintf(flag->who, sizeof flag->who, "%s", rows_text(rows, 9));
}

int request_flags(struct store *store, const struct request *request, struct decided_flag **ret, size_t *ret_count) {
    struct rows *rows = db_query(store->db,
                                 "SELECT f.id, f.document_id, f.page_id, p.number, f.code, f.cover, f.type, d.cover, d.code, d.who,"
                                 " f.role, f.finder FROM request_document r JOIN flag f ON f.document_id = r.document_id"
                                 " AND f.child_id = ?2 AND f.withdrawn = 0 AND ifnull(f.request_id, ?1) = ?1 JOIN page p ON p.id = f.page_id"
                                 " LEFT JOIN decision d ON d.flag_id = f.id AND d.request_id = ?1 AND d.superseded_by IS NULL"
                                 " WHERE r.request_id = ?1 AND r.included = 1 ORDER BY r.ordinal, p.place, p.id, f.id",
                                 "ii", request->id, request->child_id);
    struct decided_flag *list = NULL;
    size_t n = 0, room = 0;
    while (rows_next(rows) > 0) {
        if (n == room)
            list = mem_grow(list, room = room ? room * 2 : 64, sizeof *list);
        decided_from(rows, &list[n++]);
    }
    int err = rows_end(&rows);
    if (err) {
        free(list);
        return err;
    }
    *ret = list;
    *ret_count = n;
    return 0;
}

int request_decision_add(struct store *store, const struct request *request, const struct decision *decision) {
    struct db *db = store->db;
    int err = db_run(db, "INSERT INTO decision(request_id, flag_id, cover, code, who, at, note) VALUES(?, ?, ?, ?, ?, ?, ?)",
                     "iiittit", request->id, decision->flag_id, (int64_t)decision->cover, decision->code, decision->who,
                     clock_now(), decision->note ? decision->note : "");
    int64_t id = db_last_id(db);
    if (!err)
        err = db_run(db,
                     "UPDATE decision SET superseded_by = ? WHERE request_id = ? AND flag_id = ? AND superseded_by IS NULL"
                     " AND id != ?", "iiii", id, request->id, decision->flag_id, id);
    if (!err)
        err = request_unapprove(store, request);
    if (err)
        return err;
    char what[96];
    snprintf(what, sizeof what, "request %s flag %lld", request->name, (long long)decision->flag_id);
    struct audit_entry entry = {decision->who, decision->cover ? "decided to cover" : "decided to release", what, "disclosure",
                                decision->code};
    return audit_add(store, &entry, NULL);
}

static int decision_check(struct store *store, const struct rules *rules, const struct request *request,
                          const struct decision *decision) {
    int64_t there;
    const struct reason *reason = rules_reason(rules, decision->code);
    if (!reason || reason->withholds != (decision->cover != 0))
        return ERR_INPUT;
    return db_int(store->db, &there,
                  "SELECT 1 FROM flag f JOIN request_document r ON r.document_id = f.document_id"
                  " WHERE f.id = ? AND f.child_id = ? AND r.request_id = ?",
                  "iii", decision->flag_id, request->child_id, request->id);
}

int request_decide(struct store *store, const struct rules *rules, const struct request *request, const struct decision *decision) {
    int err = decision_check(store, rules, request, decision);
    if (!err)
        err = db_begin(store->db);
    return err ? err : db_end(store->db, request_decision_add(store, request, decision));
}

int request_accept_all(struct store *store, const struct rules *rules, const struct request *request, const char *who,
                       int64_t *ret_count) {
    struct decided_flag *flags = NULL;
    size_t count = 0;
    int64_t taken = 0, same;
    int err = db_begin(store->db);
    if (err)
        return err;
    err = same_text_propose(store, request, &same);
    if (!err)
        err = request_flags(store, request, &flags, &count);
    for (size_t i = 0; i < count && !err; i++) {
        struct decision decision = {flags[i].flag_id, flags[i].cover, flags[i].code, who, "as proposed"};
        if (flags[i].decided)
            continue;
        err = decision_check(store, rules, request, &decision);
        if (!err)
            err = request_decision_add(store, request, &decision);
        taken++;
    }
    err = db_end(store->db, err);
    free(flags);
    if (!err)
        *ret_count = taken;
    return err;
}

/* The words of a search in their comparing form. */
struct needle {
    char *keys[64];
    size_t count;
};

static void needle_make(const char *text, struct needle *ret) {
    char *copy = mem_text(text), *rest = NULL;
    *ret = (struct needle){0};
    for (char *word = strtok_r(copy, " \t\n", &rest); word && ret->count < 64; word = strtok_r(NULL, " \t\n", &rest)) {
        char *key = text_key(word);
        if (*key)
            ret->keys[ret->count++] = key;
        else
            free(key);
    }
    free(copy);
}

static void needle_drop(struct needle *needle) {
    for (size_t i = 0; i < needle->count; i++)
        free(needle->keys[i]);
}

/* Where the needle stands from word i on: the index after its last word, or 0. Words of signs only are stepped over. */
static size_t needle_at(const struct needle *needle, char *const *keys, size_t count, size_t i) {
    size_t k = 0;
    for (; i < count && k < needle->count; i++) {
        if (!keys[i][0] && k)
            continue;
        if (strcmp(keys[i], needle->keys[k]))
            return 0;
        k++;
    }
    return k == needle->count ? i : 0;
}

struct cover_run {
    struct store *store;
    const struct rules *rules;
    const struct request *request;
    const struct cover_words *order;
    struct needle needle;
    int64_t places, before;
};

static int place_cover(struct cover_run *run, int64_t document_id, uint32_t number, const struct words *words, size_t first, size_t end) {
    struct flag flag = {.page = number, .type = FLAG_PERSON, .role = ROLE_UNKNOWN, .cover = 1, .confidence = 100};
    struct word_run words_of = {(uint32_t)first, (uint32_t)end - 1};
    struct buf text = {0};
    flag.boxes = mem_new((end - first) * sizeof *flag.boxes);
    for (size_t i = first; i < end; i++) {
        flag.boxes[flag.box_count++] = words->list[i].box;
        buf_print(&text, "%s%s", i > first ? " " : "", words->list[i].text);
    }
    flag.runs = &words_of;
    flag.run_count = 1;
    flag.person_id = (char[]){""};
    flag.code = (char *)(uintptr_t)run->order->code;
    flag.finder = (char[]){"officer"};
    flag.why = (char[]){"covered by the officer"};
    flag.text = (char *)(uintptr_t)buf_text(&text);
    int64_t id;
    int err = flag_insert(run->store, document_id, run->request->child_id, &flag, &id);
    if (!err)
        err = flag_of_request(run->store, id, run->request->id);
    struct decision decision = {id, 1, run->order->code, run->order->who, run->order->note};
    if (!err)
        err = request_decision_add(run->store, run->request, &decision);
    run->places++;
    free(flag.boxes);
    buf_wipe(&text);
    return err;
}

static void covered_mark(const struct flag *flag, const struct words *words, char *covered) {
    for (size_t i = 0; i < words->count; i++) {
        const struct box *w = &words->list[i].box;
        float x = (w->x0 + w->x1) / 2, y = (w->y0 + w->y1) / 2;
        for (size_t k = 0; k < flag->box_count && !covered[i]; k++)
            covered[i] = flag->boxes[k].x0 <= x && x <= flag->boxes[k].x1 && flag->boxes[k].y0 <= y && y <= flag->boxes[k].y1;
    }
}

/* Which words of a page a standing decision covers. */
static int covered_words(const struct cover_run *run, int64_t document_id, const struct document_page *page, char *covered) {
    struct rows *rows = db_query(run->store->db,
                                 "SELECT f.id FROM flag f JOIN page p ON p.id = f.page_id JOIN decision d ON d.flag_id = f.id"
                                 " AND d.request_id = ? AND d.superseded_by IS NULL AND d.cover = 1"
                                 " WHERE f.document_id = ? AND f.child_id = ? AND f.withdrawn = 0 AND p.number = ?",
                                 "iiii", run->request->id, document_id, run->request->child_id, (int64_t)page->number);
    int err = 0;
    while (!err && rows_next(rows) > 0) {
        struct flag flag;
        err = flag_load(run->store, rows_int(rows, 0), &flag);
        if (err)
            break;
        covered_mark(&flag, &page->words, covered);
        flag_drop(&flag);
    }
    int err2 = rows_end(&rows);
    return err2 ? err2 : err;
}

static int page_cover_words(struct cover_run *run, int64_t document_id, const struct document_page *page) {
    const struct words *words = &page->words;
    char **keys = mem_new((words->count + 1) * sizeof *keys);
    char *covered = mem_new(words->count + 1);
    for (size_t i = 0; i < words->count; i++)
        keys[i] = text_key(words->list[i].text);
    int err = covered_words(run, document_id, page, covered);
    for (size_t i = 0; i < words->count && !err; i++) {
        size_t end = keys[i][0] ? needle_at(&run->needle, keys, words->count, i) : 0;
        if (end && memchr(covered + i, 0, end - i))
            err = place_cover(run, document_id, page->number, words, i, end);
        else
            run->before += end != 0;
    }
    for (size_t i = 0; i < words->count; i++)
        free(keys[i]);
    free(keys);
    free(covered);
    return err;
}

static int document_cover_words(struct cover_run *run, int64_t document_id) {
    struct document_words words;
    int err = document_words_load(run->store, document_id, &words);
    if (err)
        return err;
    for (size_t i = 0; i < words.page_count && !err; i++)
        if (!run->order->page || words.pages[i].number == run->order->page)
            err = page_cover_words(run, document_id, &words.pages[i]);
    document_words_drop(&words);
    return err;
}

int request_cover_words(struct store *store, const struct rules *rules, const struct request *request,
                        const struct cover_words *order, int64_t *ret_count) {
    struct cover_run run = {.store = store, .rules = rules, .request = request, .order = order};
    const struct reason *reason = rules_reason(rules, order->code);
    needle_make(order->text, &run.needle);
    int err = reason && reason->withholds && run.needle.count ? db_begin(store->db) : ERR_INPUT;
    if (!err) {
        struct rows *rows = db_query(store->db,
                                     "SELECT document_id FROM request_document WHERE request_id = ? AND included = 1", "i",
                                     request->id);
        while (!err && rows_next(rows) > 0)
            if (!order->document_id || rows_int(rows, 0) == order->document_id)
                err = document_cover_words(&run, rows_int(rows, 0));
        int err2 = rows_end(&rows);
        err = db_end(store->db, err ? err : err2);
    }
    needle_drop(&run.needle);
    if (!err)
        *ret_count = run.places;
    if (!err && order->ret_before)
        *order->ret_before = run.before;
    return err;
}

int request_cover_box(struct store *store, const struct rules *rules, const struct request *request, const struct cover_box *order,
                      int64_t *ret_flag) {
    int64_t there, id = 0;
    struct box box = order->box;
    const struct reason *reason = rules_reason(rules, order->code);
    if (!reason || !reason->withholds || !(box.x0 < box.x1 && box.y0 < box.y1))
        return ERR_INPUT;
    int err = db_begin(store->db);
    if (err)
        return err;
    err = db_int(store->db, &there, "SELECT 1 FROM request_document WHERE request_id = ? AND document_id = ? AND included = 1", "ii",
                 request->id, order->document_id);
    struct flag flag = {.page = order->page, .type = FLAG_PASSAGE, .role = ROLE_UNKNOWN, .cover = 1, .confidence = 100, .boxes = &box, .box_count = 1};
    flag.person_id = flag.text = (char[]){""};
    flag.code = (char *)(uintptr_t)order->code;
    flag.finder = (char[]){"officer"};
    flag.why = (char[]){"covered by the officer"};
    if (!err)
        err = flag_insert(store, order->document_id, request->child_id, &flag, &id);
    if (!err)
        err = flag_of_request(store, id, request->id);
    struct decision decision = {id, 1, order->code, order->who, order->note};
    if (!err)
        err = request_decision_add(store, request, &decision);
    err = db_end(store->db, err);
    if (!err)
        *ret_flag = id;
    return err;
}

static char *approve_obstacle(const struct rules *rules, const struct decided_flag *flags, size_t count, const char *who, int *ret_err) {
    *ret_err = ERR_STATE;
    for (size_t i = 0; i < count; i++) {
        const struct reason *reason = rules_reason(rules, flags[i].code);
        if (!flags[i].decided)
            return mem_print("flag %lld is not decided yet", (long long)flags[i].flag_id);
        if (reason && reason->blocks)
            return mem_print("flag %lld has the code %s, which blocks the release", (long long)flags[i].flag_id, flags[i].code);
        if (reason && reason->local_only)
            return mem_print("flag %lld has only the code %s: a policy creates no exemption; pair it with a statute code",
                             (long long)flags[i].flag_id, flags[i].code);
        if (strcmp(flags[i].who, who) == 0) {
            *ret_err = ERR_REFUSED;
            return mem_print("%s decided flag %lld: a second person must approve", who, (long long)flags[i].flag_id);
        }
    }
    *ret_err = 0;
    return NULL;
}

/* Documents that were filed to somebody else since the request was opened are left out: their flags speak of another
 * child, and nobody would see them. *ret_why: set when there were any. */
static int documents_leave_out(struct store *store, const struct request *request, const char *who, char **ret_why) {
    int err = db_run(store->db,
                     "UPDATE request_document SET included = 0, reason = 'no longer filed to this child'"
                     " WHERE request_id = ?1 AND included = 1 AND NOT EXISTS (SELECT 1 FROM filing f JOIN filing_child c"
                     " ON c.filing_id = f.id WHERE f.document_id = request_document.document_id AND f.superseded_by IS NULL"
                     " AND f.outcome = 'filed' AND c.child_id = ?2 AND c.chosen = 1)",
                     "ii", request->id, request->child_id);
    int64_t left_out = db_changed(store->db);
    if (err || !left_out)
        return err;
    err = request_unapprove(store, request);
    if (!err)
        err = request_audit(store, request, who, "left out what was filed to others", "");
    if (!err)
        *ret_why = mem_print("%lld documents are no longer filed to this child and were left out: look again", (long long)left_out);
    return err;
}

/* ERR_STATE with *ret_why while a chosen document is being filed or flagged anew. */
static int documents_ready(struct store *store, const struct request *request, char **ret_why) {
    int64_t document;
    int err = db_int(store->db, &document,
                     "SELECT d.id FROM request_document r JOIN document d ON d.id = r.document_id"
                     " WHERE r.request_id = ? AND r.included = 1 AND d.state != 'ready' LIMIT 1", "i", request->id);
    if (err)
        return err == ERR_NOT_FOUND ? 0 : err;
    *ret_why = mem_print("document %lld is being worked on: wait until it is ready", (long long)document);
    return ERR_STATE;
}

static int approve_check(struct store *store, const struct rules *rules, const struct request *request, const char *who, char **ret_why) {
    struct decided_flag *flags;
    size_t count;
    int err = documents_ready(store, request, ret_why);
    if (!err)
        err = request_flags(store, request, &flags, &count);
    if (err)
        return err;
    *ret_why = approve_obstacle(rules, flags, count, who, &err);
    free(flags);
    return err;
}

/* All under the lock: what is approved is what was looked at. */
int request_approve(struct store *store, const struct rules *rules, const struct request *request, const char *who, char **ret_why) {
    char *why = NULL;
    int err = db_begin(store->db);
    if (err)
        return err;
    err = documents_leave_out(store, request, who, &why);
    if (!err && why) {
        err = db_end(store->db, 0); /* that they are left out stays */
        *ret_why = why;
        return err ? err : ERR_STATE;
    }
    if (!err)
        err = approve_check(store, rules, request, who, &why);
    if (!err)
        err = db_run(store->db, "UPDATE request SET state = 'approved', approved_by = ?, approved_at = ? WHERE id = ?", "tii", who,
                     clock_now(), request->id);
    if (!err)
        err = request_audit(store, request, who, "approved", "");
    *ret_why = why;
    return db_end(store->db, err);
}
