#include "ingest/cut.h"

#include "base/err.h"
#include "ingest/batch.h"
#include "ingest/cut_pages.h"
#include "queue/next.h"
#include "store/audit.h"
#include "store/page_rows.h"

#include <stdio.h>
#include <string.h>

/* ---- an opened part ------------------------------------------------------------------------------------------------ */

static int part_is_cut(struct store *store, int64_t part_id, int64_t *ret) {
    return db_int(store->db, ret,
                  "SELECT (EXISTS (SELECT 1 FROM page WHERE part_id = ?1 AND document_id IS NOT NULL)"
                  " AND NOT EXISTS (SELECT 1 FROM page WHERE part_id = ?1 AND document_id IS NULL AND role = 'page'))"
                  " OR (SELECT t.state IN ('asks', 'rescanned') OR ifnull(b.state != 'complete', 0) FROM part t LEFT JOIN batch b ON"
                  " b.id = t.batch_id WHERE t.id = ?1)", "i", part_id);
}

static int pages_take(struct store *store, int64_t part_id, const struct cut_pages *pages) {
    struct batch batch;
    size_t header = cut_pages_header(pages, 0, 0);
    if (header == pages->count)
        return cut_pages_cut(store, part_id, pages);
    int err = batch_load(store, pages->list[header].sheet.batch, &batch);
    if (!err)
        return batch_take(store, &batch, part_id, pages);
    if (err == ERR_NOT_FOUND) /* printed before the database was put back to an older day */
        err = part_note(store, part_id, "the header sheet of a batch that this store does not know");
    return err ? err : cut_pages_cut(store, part_id, pages);
}

int part_cut(struct store *store, int64_t part_id) {
    int64_t done;
    struct cut_pages pages;
    int err = part_is_cut(store, part_id, &done);
    if (err || done)
        return err;
    err = cut_pages_load(store, part_id, &pages);
    if (err)
        return err;
    err = db_int(store->db, &done, "SELECT batch_id IS NOT NULL FROM part WHERE id = ?", "i", part_id);
    if (!err) /* pages that came when a part was opened once more join the documents of its batch */
        err = done ? cut_pages_cut(store, part_id, &pages) : pages_take(store, part_id, &pages);
    cut_pages_drop(&pages);
    return err;
}

/* ---- a page that was left out --------------------------------------------------------------------------------------- */

struct left_out {
    int64_t id, part_id, batch, place, picture, document;
    uint32_t number;
};

static int left_out_load(struct store *store, int64_t page_id, struct left_out *ret) {
    struct rows *rows = db_query(store->db,
                                 "SELECT g.part_id, g.place, g.number, ifnull(g.picture_id, 0), g.role != 'page',"
                                 " t.state NOT IN ('asks', 'rescanned'),"
                                 " ifnull((SELECT t2.batch_id FROM part t2 JOIN page g2 ON g2.part_id = t2.id WHERE t2.batch_id = t.batch_id"
                                 "  AND t2.state != 'rescanned' AND g2.place != g2.number LIMIT 1), 0)" /* collated: places go over both parts */
                                 " FROM page g JOIN part t ON t.id = g.part_id WHERE g.id = ?", "i", page_id);
    struct left_out page = {.id = page_id};
    int there = rows_next(rows) > 0, state_is_right = 0;
    if (there) {
        page.part_id = rows_int(rows, 0);
        page.place = rows_int(rows, 1);
        page.number = (uint32_t)rows_int(rows, 2);
        page.picture = rows_int(rows, 3);
        state_is_right = rows_int(rows, 4) && rows_int(rows, 5);
        page.batch = rows_int(rows, 6);
    }
    int err = rows_end(&rows);
    if (err || !there)
        return err ? err : ERR_NOT_FOUND;
    *ret = page;
    return state_is_right ? 0 : ERR_STATE;
}

/* The pages around it: of its part, or of both passes of its batch. */
#define AROUND                                                                                                                            \
    "FROM page g JOIN part t ON t.id = g.part_id WHERE (g.part_id = ?1 OR (t.batch_id = ?2 AND t.state != 'rescanned')) AND g.role = 'page'"   \
    " AND g.document_id IS NOT NULL AND g.place "
#define NO_SHEET_BETWEEN                                                                                                                  \
    " AND NOT EXISTS (SELECT 1 FROM page s JOIN part st ON st.id = s.part_id WHERE (s.part_id = ?1 OR (st.batch_id = ?2 AND"               \
    " st.state != 'rescanned')) AND s.role = 'separator' AND s.place > min(g.place, ?3) AND s.place < max(g.place, ?3))"

/* The document that it lies in, so that a sheet's blank back stays with the sheet; else the one before it, else the one behind it. */
static int document_around(struct store *store, struct left_out *page) {
    static const char *const sql[] = {
        "SELECT g.document_id " AROUND "< ?3" NO_SHEET_BETWEEN " ORDER BY g.place DESC LIMIT 1",
        "SELECT g.document_id " AROUND "> ?3" NO_SHEET_BETWEEN " ORDER BY g.place LIMIT 1",
        "SELECT g.document_id " AROUND "< ?3 ORDER BY g.place DESC LIMIT 1",
        "SELECT g.document_id " AROUND "> ?3 ORDER BY g.place LIMIT 1",
    };
    int err = ERR_NOT_FOUND;
    for (size_t i = 0; i < sizeof sql / sizeof sql[0] && err == ERR_NOT_FOUND; i++)
        err = db_int(store->db, &page->document, sql[i], "iii", page->part_id, page->batch, page->place);
    return err;
}

/* Nothing but blank pages came: it is a document by itself. */
static int document_alone(struct store *store, struct left_out *page) {
    int err = db_run(store->db,
                     "INSERT INTO document(part_id, ordinal, first_page, last_page, state, child_id, kind) SELECT ?1,"
                     " 1 + (SELECT ifnull(max(ordinal), 0) FROM document WHERE part_id = ?1), ?2, ?2, 'reading', r.child_id, r.kind"
                     " FROM part t JOIN receipt r ON r.id = t.receipt_id WHERE t.id = ?1", "ii", page->part_id, (int64_t)page->number);
    page->document = db_last_id(store->db);
    return err;
}

/* The document's numbers are those of its own part. */
static int document_widen(struct store *store, const struct left_out *page) {
    return db_run(store->db,
                  "UPDATE document SET state = 'reading', first_page = CASE part_id WHEN ?1 THEN min(first_page, ?2) ELSE first_page END,"
                  " last_page = CASE part_id WHEN ?1 THEN max(last_page, ?2) ELSE last_page END WHERE id = ?3",
                  "iii", page->part_id, (int64_t)page->number, page->document);
}

static int page_join(struct store *store, const struct left_out *page) {
    int err = db_run(store->db, "UPDATE page SET role = 'page', state = ?, source = 0, quality = 0, document_id = ? WHERE id = ?", "tii",
                     page->picture ? "waiting" : "unreadable", page->document, page->id);
    if (!err)
        err = document_widen(store, page);
    if (err)
        return err;
    return page->picture ? next_after_page_opened(store, page->id) : next_after_page_read(store, page->document);
}

static int take_back(struct store *store, int64_t page_id, const char *who) {
    char what[64];
    struct left_out page = {0};
    int err = left_out_load(store, page_id, &page);
    if (!err)
        err = document_around(store, &page);
    if (err == ERR_NOT_FOUND && page.id)
        err = document_alone(store, &page);
    if (!err)
        err = page_join(store, &page);
    snprintf(what, sizeof what, "page %lld of document %lld", (long long)page_id, (long long)page.document);
    return err ? err : audit_add(store, &(struct audit_entry){who, "page taken back", what, "batch", ""}, NULL);
}

int page_take_back(struct store *store, int64_t page_id, const char *who) {
    int err = db_begin(store->db);
    return err ? err : db_end(store->db, take_back(store, page_id, who));
}
