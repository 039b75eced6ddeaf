#include "ingest/open_job.h"

#include "base/err.h"
#include "base/mem.h"
#include "ingest/cut.h"
#include "ingest/open_order.h"
#include "ingest/open_record.h"
#include "ingest/receive.h"
#include "queue/next.h"
#include "store/page_rows.h"
#include "store/seal.h"
#include "store/vault.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OPEN_BAD_PAGES_MOST 20 /* then it is not worth the time: the rest is a person's */

/* The pages that made the helper end or hang twice are left out; those before the first that is missing are there already. */
#define TROUBLE_FAILURES 2

static int order_pages(struct store *store, int64_t part_id, struct open_order *order) {
    struct rows *rows = db_query(store->db, "SELECT number FROM page_trouble WHERE part_id = ? AND failures >= ? ORDER BY number LIMIT ?",
                                 "iii", part_id, (int64_t)TROUBLE_FAILURES, (int64_t)OPEN_SKIP_MOST);
    while (rows_next(rows) > 0) {
        order->skip = mem_grow(order->skip, order->skip_count + 1, sizeof *order->skip);
        order->skip[order->skip_count++] = (uint32_t)rows_int(rows, 0);
    }
    int64_t there = 0;
    int err = rows_end(&rows);
    if (!err)
        err = db_int(store->db, &there, "SELECT ifnull(max(number), 0) FROM page WHERE part_id = ?", "i", part_id);
    order->first = (uint32_t)there + 1;
    return err;
}

static int order_password(struct store *store, int64_t object, struct view sealed, struct open_order *order) {
    uint8_t key[STORE_KEY_BYTES];
    struct buf plain = {0};
    if (!sealed.len)
        return 0;
    int err = vault_column_key(store, object, key);
    if (!err)
        err = seal_open(key, "part.password", sealed, &plain);
    if (!err)
        order->password = mem_text(buf_text(&plain));
    buf_wipe(&plain);
    sodium_memzero(key, sizeof key);
    return err;
}

static int order_known(struct store *store, int64_t part_id, int64_t *ret_object, struct open_order *order) {
    struct rows *rows = db_query(store->db,
                                 "WITH RECURSIVE up(id, parent_id, depth, archives) AS (SELECT id, parent_id, 0, 0 FROM part WHERE id = ?1 UNION ALL"
                                 " SELECT p.id, p.parent_id, depth + 1, archives + (p.kind = 'archive') FROM part p JOIN up ON p.id = up.parent_id)"
                                 " SELECT object_id, attached, how, sealed_password, (SELECT max(depth) FROM up), (SELECT max(archives) FROM up),"
                                 " r.dpi, r.channel IN ('scan folder', 'command') AND part.attached IN ('', 'member')"
                                 " FROM part JOIN receipt r ON r.id = part.receipt_id WHERE part.id = ?1",
                                 "i", part_id);
    int err = rows_next(rows) > 0 && !rows_null(rows, 0) ? 0 : ERR_NOT_FOUND;
    if (!err) {
        *ret_object = rows_int(rows, 0);
        order->attached = mem_text(rows_text(rows, 1));
        order->as_picture = strcmp(rows_text(rows, 2), "picture") == 0;
        order->depth = (uint32_t)rows_int(rows, 4);
        order->archives = (uint32_t)rows_int(rows, 5);
        order->dpi = (float)rows_int(rows, 6);
        order->is_scan = (uint8_t)rows_int(rows, 7);
        err = order_password(store, *ret_object, rows_bytes(rows, 3), order);
    }
    int err2 = rows_end(&rows);
    return err ? err : err2;
}

static int order_write(struct store *store, int64_t object, struct open_order *order, struct buf *out) {
    struct buf bytes = {0};
    int err = original_open(store, object, &bytes);
    order->bytes = buf_view(&bytes);
    if (!err)
        open_order_encode(order, out);
    buf_wipe(&bytes);
    return err;
}

static int open_order(struct store *store, int64_t part_id, struct buf *out) {
    struct open_order order = {.first = 1};
    int64_t object;
    int err = order_known(store, part_id, &object, &order);
    if (!err)
        err = part_name_load(store, part_id, &order.name);
    if (!err)
        err = order_pages(store, part_id, &order);
    if (!err)
        err = order_write(store, object, &order, out);
    open_order_drop(&order);
    return err;
}

static const char *page_state(const struct opened_page *page) {
    if (page->role != PAGE_TEXT)
        return "read";
    if (page->picture.format == PICTURE_NONE) /* words without a picture are nothing that could be checked or covered */
        return "unreadable";
    return page->source != WORDS_NONE ? "read" : page->trouble[0] ? "unreadable" : "waiting";
}

static int page_insert(struct store *store, int64_t part_id, const struct opened_page *page, int64_t picture, int64_t *ret_id) {
    int err = db_run(store->db,
                     "INSERT INTO page(part_id, number, width_pt, height_pt, role, state, picture_id, picture_format,"
                     " picture_dpi, picture_turn, source, quality, trouble, payload, defect, picture_hash, place)"
                     " VALUES(?1, ?2, ?3, ?4, ?5, ?6, nullif(?7, 0), ?8, ?9, ?10, ?11, ?12, ?13, ?14, ifnull(?15, ''), nullif(?16, 0), ?2)",
                     "iiffttiifiiittti", part_id, (int64_t)page->number, (double)page->width_pt, (double)page->height_pt,
                     page_role_text(page->role), page_state(page), picture, (int64_t)page->picture.format,
                     (double)page->picture.dpi, (int64_t)page->picture.turn, (int64_t)page->source,
                     (int64_t)(page->source == WORDS_NONE ? 0 : 100), page->trouble, page->payload,
                     strcmp(page_state(page), "unreadable") == 0 ? "cannot be shown" : page->defect, (int64_t)page->picture_hash);
    *ret_id = db_last_id(store->db);
    return err;
}

/* A child's cover sheet names the child: its code is sealed under the page's own key. */
static int payload_seal(struct store *store, int64_t page_id, int64_t picture, const char *payload) {
    uint8_t key[STORE_KEY_BYTES];
    struct buf sealed = {0};
    int err = vault_column_key(store, picture, key);
    if (err)
        return err;
    seal_bytes(key, "page.payload", view_text(payload), &sealed);
    err = db_run(store->db, "UPDATE page SET payload = '', sealed_payload = ? WHERE id = ?", "bi", buf_view(&sealed), page_id);
    buf_drop(&sealed);
    sodium_memzero(key, sizeof key);
    return err;
}

static int page_picture_add(struct store *store, const struct opened_page *page, int64_t *ret_object) {
    struct sealed_file file;
    if (page->picture.format == PICTURE_NONE)
        return 0;
    int err = vault_write(store, page->picture.bytes, &file);
    return err ? err : vault_add(store, &file, VAULT_PICTURE, "intake", 0, ret_object);
}

/* A second attempt gives the same pages again: what is there stays. */
static int page_add(struct store *store, int64_t part_id, const struct opened_page *page) {
    int64_t id, picture = 0;
    int err = db_int(store->db, &id, "SELECT id FROM page WHERE part_id = ? AND number = ?", "ii", part_id,
                     (int64_t)page->number);
    if (err != ERR_NOT_FOUND)
        return err;
    err = page_picture_add(store, page, &picture);
    if (!err)
        err = page_insert(store, part_id, page, picture, &id);
    struct page_row row = {.id = id, .picture_id = picture};
    if (!err && page->source != WORDS_NONE && picture)
        err = page_words_save(store, &row, &page->words);
    if (!err && page->claimed.count && picture)
        err = page_claimed_save(store, &row, &page->claimed);
    if (!err && page->regions.count)
        err = page_regions_save(store, id, &page->regions);
    if (!err && picture && strncmp(page->payload, "CF1-C-", 6) == 0)
        err = payload_seal(store, id, picture, page->payload);
    if (!err && strcmp(page_state(page), "waiting") == 0)
        err = next_after_page_opened(store, id);
    return err;
}

static int record_take(struct store *store, int64_t part_id, const struct open_record *record) {
    struct inner_part inner = {part_id, record->ordinal, record->name, record->attached, record->bytes};
    switch (record->type) {
    case OPEN_KIND:
        return db_run(store->db, "UPDATE part SET kind = ? WHERE id = ?", "ti", record->kind, part_id);
    case OPEN_COUNT:
        return db_run(store->db, "UPDATE part SET page_count = ? WHERE id = ?", "ii", (int64_t)record->count, part_id);
    case OPEN_PAGE:
        return page_add(store, part_id, &record->page);
    case OPEN_PART:
        return receive_inner(store, &inner);
    case OPEN_NOTE:
        return part_note(store, part_id, record->description);
    case OPEN_SCANNED:
        return db_run(store->db, "UPDATE part SET scanned = ? WHERE id = ?", "ti", record->kind, part_id);
    case OPEN_CONVERT: {
        int err = db_run(store->db, "UPDATE part SET kind = ? WHERE id = ?", "ti", record->kind, part_id);
        return err ? err : next_after_office_found(store, part_id);
    }
    case OPEN_ASIDE:
        return db_run(store->db, "UPDATE part SET reason = ? WHERE id = ?", "ti", record->description, part_id);
    }
    return ERR_PROTOCOL;
}

static int open_result(struct store *store, const struct job *job, struct view bytes) {
    struct open_record record;
    int err = open_record_decode(bytes, &record);
    if (err)
        return err;
    err = record_take(store, job->subject, &record);
    open_record_drop(&record);
    return err;
}

/* No page is lost silently: there are as many as the file says. */
static int pages_check(struct store *store, int64_t part_id) {
    int64_t missing;
    int err = db_int(store->db, &missing,
                     "SELECT ifnull(page_count, 0) - (SELECT count(*) FROM page g WHERE g.part_id = p.id) FROM part p WHERE p.id = ?",
                     "i", part_id);
    return err ? err : missing > 0 ? ERR_PROTOCOL : 0;
}

static int part_quarantine(struct store *store, int64_t part_id, const char *reason) {
    return db_run(store->db,
                  "UPDATE part SET state = 'quarantined', reason = ?2, scanned = CASE WHEN ?3 THEN 'malware' ELSE scanned END WHERE id = ?1",
                  "iti", part_id, reason, (int64_t)(strcmp(reason, err_text(ERR_MALWARE)) == 0));
}

/* A thing of which no page at all can be shown is a thing for a person, as a whole, for the reason of its first page. */
static int pages_all_bad(struct store *store, int64_t part_id, char reason[256]) {
    struct rows *rows = db_query(store->db,
                                 "SELECT count(*), sum(state = 'unreadable'), (SELECT trouble FROM page WHERE part_id = ?1 AND"
                                 " state = 'unreadable' ORDER BY number LIMIT 1) FROM page WHERE part_id = ?1", "i", part_id);
    int bad = rows_next(rows) > 0 && rows_int(rows, 0) > 0 && rows_int(rows, 0) == rows_int(rows, 1);
    if (bad)
        snprintf(reason, 256, "%s", rows_text(rows, 2));
    int err = rows_end(&rows);
    return err ? err : bad;
}

/* A thing that was opened without an error must have come to something: pages, parts, a conversion, or a reason to be kept aside. */
static int part_gave_nothing(struct store *store, int64_t part_id, int *ret) {
    int64_t something;
    int err = db_int(store->db, &something,
                     "SELECT EXISTS(SELECT 1 FROM page WHERE part_id = ?1) OR EXISTS(SELECT 1 FROM part WHERE parent_id = ?1)"
                     " OR EXISTS(SELECT 1 FROM job WHERE kind = 'convert' AND subject = ?1)"
                     " OR EXISTS(SELECT 1 FROM part WHERE id = ?1 AND reason != '')", "i", part_id);
    *ret = !err && !something;
    return err;
}

static int part_end(struct store *store, int64_t part_id) {
    char reason[256];
    int bad = pages_all_bad(store, part_id, reason);
    if (bad)
        return bad < 0 ? bad : part_quarantine(store, part_id, reason);
    int nothing;
    int err = part_gave_nothing(store, part_id, &nothing);
    if (err || nothing)
        return err ? err : part_quarantine(store, part_id, err_text(ERR_NO_PAGES));
    err = part_cut(store, part_id);
    /* Unless the cutting has said otherwise, or it is to be converted yet. A reason here is why it is kept aside. */
    if (!err)
        err = db_run(store->db,
                     "UPDATE part SET state = CASE WHEN reason = '' THEN 'opened' ELSE 'aside' END WHERE id = ?1 AND state = 'waiting'"
                     " AND NOT EXISTS(SELECT 1 FROM job WHERE kind = 'convert' AND subject = ?1 AND state IN ('waiting', 'lent'))",
                     "i", part_id);
    /* The password has done its work. */
    return err ? err : db_run(store->db, "UPDATE part SET sealed_password = NULL WHERE id = ?", "i", part_id);
}

static int open_done(struct store *store, const struct job *job, struct view bytes) {
    int err = bytes.len ? open_result(store, job, bytes) : 0;
    if (!err)
        err = pages_check(store, job->subject);
    return err ? err : part_end(store, job->subject);
}

/* The page is tried once more; then it is left out, and the others go on. */
static int open_failed_at(struct store *store, const struct job *job, uint32_t page, const char *reason, int *ret_again) {
    int64_t bad;
    int err = db_run(store->db,
                     "INSERT INTO page_trouble(part_id, number, failures, reason) VALUES(?, ?, 1, ?)"
                     " ON CONFLICT(part_id, number) DO UPDATE SET failures = failures + 1, reason = excluded.reason", "iit",
                     job->subject, (int64_t)page, reason);
    /* Every failure counts: a captured helper may name another page each time. */
    if (!err)
        err = db_int(store->db, &bad, "SELECT sum(failures) FROM page_trouble WHERE part_id = ?", "i", job->subject);
    *ret_again = !err && bad <= TROUBLE_FAILURES * OPEN_BAD_PAGES_MOST;
    return err;
}

/* Quarantine: the original is kept. Pages that were opened before the trouble go on as documents: the rest is what a person looks after. */
static int open_given_up(struct store *store, const struct job *job, const char *reason) {
    int64_t good, tried = 0;
    int err = db_int(store->db, &tried, "SELECT sealed_password IS NOT NULL FROM part WHERE id = ?", "i", job->subject);
    if (!err && tried && strcmp(reason, err_text(ERR_LOCKED)) == 0) {
        reason = "the password that was given does not open it";
        err = db_run(store->db, "UPDATE part SET sealed_password = NULL WHERE id = ?", "i", job->subject);
    }
    if (err)
        return err;
    err = db_int(store->db, &good, "SELECT count(*) FROM page WHERE part_id = ? AND state != 'unreadable'", "i", job->subject);
    if (!err)
        err = part_quarantine(store, job->subject, reason);
    return err || !good ? err : part_cut(store, job->subject);
}

const struct job_kind open_job_kind = {.name = "open", .subject = "part", .order = open_order, .result = open_result, .done = open_done,
                                       .failed_at = open_failed_at, .given_up = open_given_up};

/* ---- "convert": an office file becomes a PDF, a part of its part */

static int convert_order(struct store *store, int64_t part_id, struct buf *out) {
    struct open_order order = {.first = 1};
    int64_t object;
    int err = order_known(store, part_id, &object, &order);
    if (!err) {
        struct rows *rows = db_query(store->db, "SELECT kind FROM part WHERE id = ?", "i", part_id);
        order.name = mem_text(rows_next(rows) > 0 ? rows_text(rows, 0) : "");
        err = rows_end(&rows);
    }
    if (!err)
        err = order_write(store, object, &order, out);
    open_order_drop(&order);
    return err;
}

static int convert_done(struct store *store, const struct job *job, struct view bytes) {
    int64_t renditions;
    int err = bytes.len ? open_result(store, job, bytes) : 0;
    if (!err)
        err = db_int(store->db, &renditions, "SELECT count(*) FROM part WHERE parent_id = ?", "i", job->subject);
    if (!err && !renditions)
        err = ERR_PROTOCOL;
    return err ? err : db_run(store->db, "UPDATE part SET state = 'opened' WHERE id = ? AND state = 'waiting'", "i", job->subject);
}

const struct job_kind convert_job_kind = {.name = "convert", .subject = "part", .order = convert_order, .result = open_result,
                                          .done = convert_done, .given_up = open_given_up};
