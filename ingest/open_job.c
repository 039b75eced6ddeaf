#include "ingest/open_job.h"

#include "base/err.h"
#include "ingest/open_record.h"
#include "ingest/receive.h"
#include "queue/next.h"
#include "store/page_rows.h"
#include "store/vault.h"

#include <sodium.h>
#include <string.h>

static int open_order(struct store *store, int64_t part_id, struct buf *out) {
    int64_t object;
    int err = db_int(store->db, &object, "SELECT object_id FROM part WHERE id = ?", "i", part_id);
    return err ? err : original_open(store, object, out);
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
                     " picture_dpi, picture_turn, source, quality, trouble, payload)"
                     " VALUES(?, ?, ?, ?, ?, ?, nullif(?, 0), ?, ?, ?, ?, ?, ?, ?)",
                     "iiffttiifiiitt", part_id, (int64_t)page->number, (double)page->width_pt, (double)page->height_pt,
                     page_role_text(page->role), page_state(page), picture, (int64_t)page->picture.format,
                     (double)page->picture.dpi, (int64_t)page->picture.turn, (int64_t)page->source,
                     (int64_t)(page->source == WORDS_NONE ? 0 : 100), page->trouble, page->payload);
    *ret_id = db_last_id(store->db);
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
    if (!err && strcmp(page_state(page), "waiting") == 0)
        err = next_after_page_opened(store, id);
    return err;
}

static int open_result(struct store *store, const struct job *job, struct view bytes) {
    struct open_record record;
    int err = open_record_decode(bytes, &record);
    if (err)
        return err;
    if (record.type == OPEN_KIND)
        err = db_run(store->db, "UPDATE part SET kind = ? WHERE id = ?", "ti", record.kind, job->subject);
    else if (record.type == OPEN_COUNT)
        err = db_run(store->db, "UPDATE part SET page_count = ? WHERE id = ?", "ii", (int64_t)record.count, job->subject);
    else if (record.type == OPEN_PAGE)
        err = page_add(store, job->subject, &record.page);
    else
        err = receive_inner(store, job->subject, record.ordinal, record.name, record.bytes);
    open_record_drop(&record);
    return err;
}

/* A document to be: pages between separators. */
struct cut {
    struct store *store;
    int64_t part_id;
    uint32_t ordinal, first, last;
};

static int cut_end(struct cut *cut) {
    if (!cut->first)
        return 0;
    struct db *db = cut->store->db;
    int err = db_run(db, "INSERT INTO document(part_id, ordinal, first_page, last_page, state) VALUES(?, ?, ?, ?, 'reading')",
                     "iiii", cut->part_id, (int64_t)++cut->ordinal, (int64_t)cut->first, (int64_t)cut->last);
    int64_t id = db_last_id(db);
    if (!err)
        err = db_run(db, "UPDATE page SET document_id = ? WHERE part_id = ? AND number BETWEEN ? AND ? AND role = 'page'",
                     "iiii", id, cut->part_id, (int64_t)cut->first, (int64_t)cut->last);
    cut->first = cut->last = 0;
    return err ? err : next_after_page_read(cut->store, id);
}

/* Cuts a part into documents at its separator sheets; blank pages stay out of the documents, but in custody. */
static int part_cut(struct store *store, int64_t part_id) {
    struct cut cut = {.store = store, .part_id = part_id};
    struct rows *rows = db_query(store->db, "SELECT number, role FROM page WHERE part_id = ? ORDER BY number", "i", part_id);
    int err = 0;
    while (!err && rows_next(rows) > 0) {
        uint32_t number = (uint32_t)rows_int(rows, 0);
        const char *role = rows_text(rows, 1);
        if (strcmp(role, "separator") == 0) {
            err = cut_end(&cut);
        } else if (strcmp(role, "page") == 0) {
            cut.first = cut.first ? cut.first : number;
            cut.last = number;
        }
    }
    int err2 = rows_end(&rows);
    if (!err)
        err = err2;
    return err ? err : cut_end(&cut);
}

/* No page is lost silently: there are as many as the file says. */
static int pages_check(struct store *store, int64_t part_id) {
    int64_t missing;
    int err = db_int(store->db, &missing,
                     "SELECT ifnull(page_count, 0) - (SELECT count(*) FROM page g WHERE g.part_id = p.id) FROM part p WHERE p.id = ?",
                     "i", part_id);
    return err ? err : missing > 0 ? ERR_PROTOCOL : 0;
}

static int open_done(struct store *store, const struct job *job, struct view bytes) {
    int64_t cut;
    int err = bytes.len ? open_result(store, job, bytes) : 0;
    if (!err)
        err = pages_check(store, job->subject);
    if (!err)
        err = db_int(store->db, &cut, "SELECT count(*) FROM document WHERE part_id = ?", "i", job->subject);
    if (!err && !cut)
        err = part_cut(store, job->subject);
    if (!err)
        err = db_run(store->db, "UPDATE part SET state = 'opened', reason = '' WHERE id = ?", "i", job->subject);
    return err;
}

/* Quarantine: the original is kept; pages that were read before the trouble stay as they are, without a document. */
static int open_given_up(struct store *store, const struct job *job, const char *reason) {
    return db_run(store->db, "UPDATE part SET state = 'quarantined', reason = ? WHERE id = ?", "ti", reason, job->subject);
}

const struct job_kind open_job_kind = {"open", "part", open_order, open_result, open_done, open_given_up};
