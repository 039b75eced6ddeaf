#include "ingest/cut_pages.h"

#include "base/err.h"
#include "base/mem.h"
#include "queue/next.h"
#include "store/people_rows.h"
#include "store/seal.h"
#include "store/vault.h"
#include "store/page_rows.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

/* ---- the list --------------------------------------------------------------------------------------------------- */

/* The code of a child's cover sheet. One that does not open is a plain separator, as any code is that nobody knows. */
static void sealed_sheet_read(struct store *store, int64_t picture, struct view sealed, struct sheet *ret) {
    uint8_t key[STORE_KEY_BYTES];
    struct buf plain = {0};
    int err = vault_column_key(store, picture, key);
    if (!err)
        err = seal_open(key, "page.payload", sealed, &plain);
    sheet_read(store, err ? "" : buf_text(&plain), ret);
    buf_wipe(&plain);
    sodium_memzero(key, sizeof key);
}

static struct cut_page cut_page_from(struct store *store, struct rows *rows) {
    const char *role = rows_text(rows, 2);
    struct cut_page page = {.id = rows_int(rows, 0), .number = (uint32_t)rows_int(rows, 1)};
    page.place = page.number;
    page.document = rows_int(rows, 4);
    page.role = strcmp(role, "separator") == 0 ? CUT_SHEET : strcmp(role, "page") == 0 ? CUT_PAGE : CUT_BLANK;
    if (page.role == CUT_SHEET && rows_null(rows, 5))
        sheet_read(store, rows_text(rows, 3), &page.sheet);
    else if (page.role == CUT_SHEET)
        sealed_sheet_read(store, rows_int(rows, 6), rows_bytes(rows, 5), &page.sheet);
    return page;
}

int cut_pages_load(struct store *store, int64_t part_id, struct cut_pages *ret) {
    struct rows *rows = db_query(store->db, "SELECT id, number, role, payload, ifnull(document_id, 0), sealed_payload, picture_id FROM page WHERE part_id = ? ORDER BY number", "i", part_id);
    struct cut_pages pages = {0};
    size_t room = 0;
    while (rows_next(rows) > 0) {
        if (pages.count == room)
            pages.list = mem_grow(pages.list, room = room ? room * 2 : 32, sizeof *pages.list);
        pages.list[pages.count++] = cut_page_from(store, rows);
    }
    int err = rows_end(&rows);
    if (err)
        cut_pages_drop(&pages);
    else
        *ret = pages;
    return err;
}

void cut_pages_drop(struct cut_pages *pages) {
    free(pages->list);
    *pages = (struct cut_pages){0};
}

size_t cut_pages_header(const struct cut_pages *pages, int64_t batch, size_t from) {
    for (; from < pages->count; from++) {
        const struct cut_page *page = &pages->list[from];
        if (page->role == CUT_SHEET && page->sheet.kind == SHEET_BATCH && page->sheet.believed && (!batch || page->sheet.batch == batch))
            break;
    }
    return from;
}

/* ---- cutting ---------------------------------------------------------------------------------------------------- */

/* Pages since the last sheet, and what that sheet says of them. */
struct cut {
    struct store *store;
    int64_t part_id, document;
    uint32_t ordinal, first, last;
    int64_t receipt_child, child;
    char receipt_kind[64], kind[64];
    bool known;   /* the present document was there before */
    bool longer;  /* and has been given further pages */
    bool covered; /* a cover sheet stands on top, with no page behind it yet */
    char covered_by[sizeof((struct sheet *)0)->council_id];
};

static int said_load(struct cut *cut) {
    struct rows *rows = db_query(cut->store->db, "SELECT r.child_id, r.kind FROM part t JOIN receipt r ON r.id = t.receipt_id WHERE t.id = ?", "i",
                                 cut->part_id);
    int there = rows_next(rows) > 0;
    if (there) {
        cut->receipt_child = rows_int(rows, 0);
        strncpy(cut->receipt_kind, rows_text(rows, 1), sizeof cut->receipt_kind - 1);
    }
    int err = rows_end(&rows);
    return err ? err : there ? 0 : ERR_NOT_FOUND;
}

static void said_reset(struct cut *cut) {
    cut->covered = false;
    cut->child = cut->receipt_child;
    memcpy(cut->kind, cut->receipt_kind, sizeof cut->kind);
}

static int document_begin(struct cut *cut, const struct cut_page *page) {
    struct db *db = cut->store->db;
    int err = db_run(db,
                     "INSERT INTO document(part_id, ordinal, first_page, last_page, state, child_id, kind)"
                     " VALUES(?, ?, ?, ?, 'reading', nullif(?, 0), ?)",
                     "iiiiit", cut->part_id, (int64_t)++cut->ordinal, (int64_t)page->number, (int64_t)page->number, cut->child, cut->kind);
    cut->document = db_last_id(db);
    return err;
}

/* A known document that has not grown is as it was; one that has is read and filed anew. */
static int document_end(struct cut *cut) {
    bool same = cut->known && !cut->longer;
    int64_t document = cut->document;
    if (!document)
        return 0;
    cut->document = 0;
    said_reset(cut);
    if (same) {
        cut->known = false;
        return 0;
    }
    int err = db_run(cut->store->db, "UPDATE document SET last_page = ?, state = 'reading' WHERE id = ?", "ii", (int64_t)cut->last, document);
    cut->known = cut->longer = false;
    return err ? err : next_after_page_read(cut->store, document);
}

static int page_put(struct cut *cut, const struct cut_page *page) {
    int err = 0;
    cut->covered = false;
    if (page->document) { /* one that was cut when the part was opened in part; of a collated batch it may be another part's */
        if (cut->document && cut->document != page->document)
            err = document_end(cut);
        cut->document = page->document;
        cut->known = true;
        cut->last = page->number;
        return err;
    }
    if (!cut->document)
        err = document_begin(cut, page);
    cut->longer |= cut->known;
    cut->last = page->number;
    return err ? err : db_run(cut->store->db, "UPDATE page SET document_id = ? WHERE id = ?", "ii", cut->document, page->id);
}

/* The child of a cover sheet. One that is not to be trusted cuts as a separator does; the document is filed by what it says itself. */
static int cover_take(struct cut *cut, const struct sheet *sheet) {
    int64_t child;
    if (!sheet->believed)
        return part_note(cut->store, cut->part_id, "a cover sheet that is not of this store");
    int err = people_child_id(cut->store, sheet->council_id, &child);
    if (err == ERR_NOT_FOUND)
        return part_note(cut->store, cut->part_id, "a cover sheet for a child who is not on the register");
    if (err)
        return err;
    cut->child = child;
    if (sheet->document_kind[0])
        strcpy(cut->kind, sheet->document_kind);
    cut->covered = true;
    strcpy(cut->covered_by, sheet->council_id);
    return 0;
}

/* Two sheets on one another: the back of the first, the same sheet scanned twice, or the document between them did not come. Of two covers for
 * different children neither is followed: a document filed to the wrong child is worse than one that a person files. */
static int sheet_on_sheet(struct cut *cut, const struct sheet *sheet) {
    if (sheet->kind == SHEET_COVER && sheet->believed && strcmp(sheet->council_id, cut->covered_by) == 0)
        return 0;
    int contradicts = sheet->kind == SHEET_COVER && sheet->believed;
    said_reset(cut);
    int err = part_note(cut->store, cut->part_id, contradicts ? "two cover sheets on one another: neither was followed"
                                                              : "a cover sheet with nothing behind it");
    if (!err && contradicts) { /* a third one cannot mend it */
        cut->covered = true;
        cut->covered_by[0] = 0;
    }
    return err;
}

static int sheet_take(struct cut *cut, const struct sheet *sheet) {
    int err = document_end(cut);
    if (err)
        return err;
    if (cut->covered)
        return sheet_on_sheet(cut, sheet);
    if (sheet->kind == SHEET_COVER)
        return cover_take(cut, sheet);
    if (sheet->kind == SHEET_BATCH && !sheet->believed)
        return part_note(cut->store, cut->part_id, "a batch header sheet that is not of this store");
    return 0;
}

int cut_pages_place(struct store *store, const struct cut_pages *pages) {
    int err = 0;
    for (size_t i = 0; i < pages->count && !err; i++)
        err = db_run(store->db, "UPDATE page SET place = ? WHERE id = ?", "ii", (int64_t)pages->list[i].place, pages->list[i].id);
    return err;
}

int cut_pages_cut(struct store *store, int64_t part_id, const struct cut_pages *pages) {
    struct cut cut = {.store = store, .part_id = part_id};
    int64_t ordinal = 0;
    int err = said_load(&cut);
    said_reset(&cut);
    if (!err)
        err = db_int(store->db, &ordinal, "SELECT ifnull(max(ordinal), 0) FROM document WHERE part_id = ?", "i", part_id);
    cut.ordinal = (uint32_t)ordinal;
    if (!err)
        err = cut_pages_place(store, pages);
    for (size_t i = 0; i < pages->count && !err; i++) {
        if (pages->list[i].role == CUT_SHEET)
            err = sheet_take(&cut, &pages->list[i].sheet);
        else if (pages->list[i].role == CUT_PAGE)
            err = page_put(&cut, &pages->list[i]);
    }
    if (!err)
        err = document_end(&cut);
    return err || !cut.covered ? err : part_note(store, part_id, "a cover sheet with nothing behind it");
}
