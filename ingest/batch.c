#include "ingest/batch.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "ingest/collate.h"
#include "ingest/cut.h"
#include "store/audit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const duplex_names[] = {"simplex", "duplex", "two-pass"};

const char *duplex_text(enum duplex duplex) {
    return duplex_names[duplex];
}

int duplex_from_text(const char *text, enum duplex *ret) {
    for (int i = 0; i < 3; i++)
        if (strcmp(text, duplex_names[i]) == 0) {
            *ret = (enum duplex)i;
            return 0;
        }
    return ERR_INPUT;
}

static int batch_audit(struct store *store, int64_t batch, const char *who, const char *action) {
    char what[64];
    snprintf(what, sizeof what, "batch %lld", (long long)batch);
    return audit_add(store, &(struct audit_entry){who, action, what, "batch", ""}, NULL);
}

static int batch_insert(struct store *store, struct batch *batch, const char *who) {
    int err = db_run(store->db,
                     "INSERT INTO batch(operator, scanner, box, sheets, separators, duplex, state, made_at, made_by)"
                     " VALUES(?, ?, ?, nullif(?, -1), nullif(?, -1), ?, 'printed', ?, ?)",
                     "tttiitit", batch->operator, batch->scanner, batch->box, batch->sheets, batch->separators, duplex_text(batch->duplex),
                     clock_now(), who);
    batch->number = db_last_id(store->db);
    return err ? err : batch_audit(store, batch->number, who, "batch header made");
}

int batch_make(struct store *store, struct batch *batch, const char *who) {
    int err = db_begin(store->db);
    if (!err)
        err = db_end(store->db, batch_insert(store, batch, who));
    if (!err)
        strcpy(batch->state, "printed");
    return err;
}

int batch_load(struct store *store, int64_t number, struct batch *ret) {
    struct rows *rows = db_query(store->db, "SELECT ifnull(sheets, -1), ifnull(separators, -1), duplex, state FROM batch WHERE id = ?", "i", number);
    int there = rows_next(rows) > 0;
    struct batch batch = {.number = number, .operator = "", .scanner = "", .box = ""};
    int known = 0;
    if (there) {
        batch.sheets = rows_int(rows, 0);
        batch.separators = rows_int(rows, 1);
        known = duplex_from_text(rows_text(rows, 2), &batch.duplex);
        snprintf(batch.state, sizeof batch.state, "%s", rows_text(rows, 3));
    }
    int err = rows_end(&rows);
    if (err || !there)
        return err ? err : ERR_NOT_FOUND;
    *ret = batch;
    return known;
}

/* ---- what came against what was expected -------------------------------------------------------------------------- */

struct tally {
    int64_t pages;  /* without the header sheet's */
    int64_t sheets; /* of documents, also empty ones */
    int64_t separators, runs; /* separator and cover sheets; those that lie on one another counted once */
};

static bool is_header(const struct cut_page *page) {
    return page->role == CUT_SHEET && page->sheet.kind == SHEET_BATCH;
}

/* A sheet is a page, or a front and its back. It is a separator when one of its sides is, and the header when one of its sides is. */
static struct tally tally_make(const struct cut_pages *pages, size_t sides) {
    struct tally tally = {0};
    bool after_separator = false;
    for (size_t i = 0; i < pages->count; i += sides) {
        size_t end = i + sides < pages->count ? i + sides : pages->count;
        bool header = false, separator = false, text = false;
        for (size_t k = i; k < end; k++) {
            header |= is_header(&pages->list[k]);
            separator |= pages->list[k].role == CUT_SHEET;
            text |= pages->list[k].role == CUT_PAGE;
        }
        tally.pages += header ? 0 : (int64_t)(end - i);
        tally.sheets += !separator;
        tally.separators += separator && !header;
        tally.runs += separator && !header && !after_separator;
        after_separator = (separator && !header) || (after_separator && !text);
    }
    return tally;
}

static char *expect_sheets(const struct batch *batch, const struct tally *tally) {
    if (batch->sheets < 0 || tally->sheets == batch->sheets)
        return NULL;
    return mem_print("%lld sheet%s came, %lld %s expected", (long long)tally->sheets, tally->sheets == 1 ? "" : "s", (long long)batch->sheets,
                     batch->sheets == 1 ? "was" : "were");
}

static char *expect_separators(const struct batch *batch, const struct tally *tally) {
    if (batch->separators < 0 || tally->separators == batch->separators || tally->runs == batch->separators)
        return NULL;
    return mem_print("%lld separator%s came, %lld %s expected", (long long)tally->separators, tally->separators == 1 ? "" : "s",
                     (long long)batch->separators, batch->separators == 1 ? "was" : "were");
}

/* Why it does not agree, in plain numbers; NULL when it does. You free it. */
static char *batch_differs(const struct batch *batch, const struct cut_pages *fronts) {
    size_t sides = batch->duplex == DUPLEX_DUPLEX ? 2 : 1;
    struct tally tally = tally_make(fronts, sides);
    if (sides == 2 && fronts->count % 2)
        return mem_print("%zu pages came: an odd number, though every sheet has two sides", fronts->count);
    char *sheets = expect_sheets(batch, &tally), *separators = expect_separators(batch, &tally);
    char *both = sheets && separators ? mem_print("%s; %s", sheets, separators) : NULL;
    if (both) {
        free(sheets);
        free(separators);
        return both;
    }
    return sheets ? sheets : separators;
}

/* ---- states ------------------------------------------------------------------------------------------------------ */

static int batch_set(struct store *store, int64_t batch, const char *state, const char *reason) {
    return db_run(store->db, "UPDATE batch SET state = ?, reason = ? WHERE id = ?", "tti", state, reason, batch);
}

static int batch_ask(struct store *store, int64_t batch, int64_t part_id, const char *reason) {
    int err = db_run(store->db, "UPDATE part SET state = 'asks', reason = ? WHERE id = ? AND state != 'quarantined'", "ti", reason, part_id);
    return err ? err : batch_set(store, batch, "asks", reason);
}

/* The part of the batch that waits for its backs. */
static int fronts_part(struct store *store, int64_t batch, int64_t *ret_part) {
    return db_int(store->db, ret_part,
                  "SELECT id FROM part t WHERE batch_id = ? AND state != 'rescanned'"
                  " AND NOT EXISTS (SELECT 1 FROM page g WHERE g.part_id = t.id AND g.document_id IS NOT NULL) ORDER BY id LIMIT 1", "i", batch);
}

/* Fronts and backs, in two parts or in one. */
static int passes_take(struct store *store, const struct batch *batch, struct passes *passes) {
    struct cut_pages both;
    char *differs = passes_collate(passes, &both);
    int err;
    if (differs)
        err = batch_ask(store, batch->number, passes->backs_part, differs);
    else
        err = cut_pages_cut(store, passes->fronts_part, &both);
    if (!err && !differs)
        err = batch_set(store, batch->number, "complete", "");
    cut_pages_drop(&both);
    free(differs);
    return err;
}

static int second_pass_take(struct store *store, const struct batch *batch, int64_t part_id, const struct cut_pages *backs) {
    struct passes passes = {.batch = batch->number, .backs_part = part_id, .backs = *backs};
    int err = fronts_part(store, batch->number, &passes.fronts_part);
    if (!err)
        err = cut_pages_load(store, passes.fronts_part, &passes.fronts);
    if (!err)
        err = passes_take(store, batch, &passes);
    cut_pages_drop(&passes.fronts);
    return err;
}

/* The first part of a batch, or its only one. */
static int first_take(struct store *store, const struct batch *batch, int64_t part_id, const struct cut_pages *pages) {
    struct passes passes = {.batch = batch->number, .fronts_part = part_id, .backs_part = part_id};
    bool two = batch->duplex == DUPLEX_TWO_PASS;
    bool both = two && passes_split(pages, &passes);
    char *differs = batch_differs(batch, both ? &passes.fronts : pages);
    int err;
    if (differs)
        err = batch_ask(store, batch->number, part_id, differs);
    else if (both)
        err = passes_take(store, batch, &passes);
    else if (two)
        err = batch_set(store, batch->number, "waiting", "");
    else
        err = cut_pages_cut(store, part_id, pages);
    if (!err && !differs && !two)
        err = batch_set(store, batch->number, "complete", "");
    free(differs);
    return err;
}

int batch_take(struct store *store, const struct batch *batch, int64_t part_id, const struct cut_pages *pages) {
    int err = db_run(store->db, "UPDATE part SET batch_id = ? WHERE id = ?", "ii", batch->number, part_id);
    if (!err)
        err = cut_pages_place(store, pages);
    if (err)
        return err;
    if (cut_pages_other_header(pages, batch->number))
        return batch_ask(store, batch->number, part_id, "the header sheets of two batches are in one scan");
    if (strcmp(batch->state, "printed") == 0)
        return first_take(store, batch, part_id, pages);
    if (strcmp(batch->state, "waiting") == 0)
        return second_pass_take(store, batch, part_id, pages);
    return batch_ask(store, batch->number, part_id, "another scan with the same header sheet came");
}

/* ---- what a person says of it -------------------------------------------------------------------------------------- */

/* The parts of a batch that no document was made of. */
struct held {
    int64_t parts[16]; /* more scans of one batch than that stay for the next time */
    size_t count;
    int64_t taken; /* parts that documents were made of */
};

static int held_load(struct store *store, int64_t batch, struct held *ret) {
    struct rows *rows = db_query(store->db,
                                 "SELECT id FROM part t WHERE batch_id = ? AND state != 'rescanned' AND NOT EXISTS"
                                 " (SELECT 1 FROM page g WHERE g.part_id = t.id AND g.document_id IS NOT NULL) ORDER BY id LIMIT 16", "i", batch);
    *ret = (struct held){0};
    while (rows_next(rows) > 0)
        ret->parts[ret->count++] = rows_int(rows, 0);
    int err = rows_end(&rows);
    return err ? err
               : db_int(store->db, &ret->taken,
                        "SELECT count(*) FROM part t WHERE batch_id = ? AND state != 'rescanned' AND EXISTS"
                        " (SELECT 1 FROM page g WHERE g.part_id = t.id AND g.document_id IS NOT NULL)", "i", batch);
}

/* As one scan, in its own order. */
static int held_cut(struct store *store, const struct batch *batch, int64_t part_id) {
    struct cut_pages pages;
    int err = cut_pages_load(store, part_id, &pages);
    if (err)
        return err;
    struct passes passes = {.batch = batch->number, .fronts_part = part_id, .backs_part = part_id};
    struct cut_pages both = {0};
    char *differs = NULL;
    if (batch->duplex == DUPLEX_TWO_PASS && passes_split(&pages, &passes))
        differs = passes_collate(&passes, &both);
    err = cut_pages_cut(store, part_id, both.count ? &both : &pages);
    cut_pages_drop(&both);
    cut_pages_drop(&pages);
    free(differs);
    return err ? err : db_run(store->db, "UPDATE part SET state = 'opened', reason = '' WHERE id = ? AND state = 'asks'", "i", part_id);
}

static int held_is_two_passes(struct store *store, const struct batch *batch, int64_t part_id, bool *ret) {
    struct cut_pages pages;
    struct passes passes = {.batch = batch->number};
    int err = cut_pages_load(store, part_id, &pages);
    if (err)
        return err;
    *ret = passes_split(&pages, &passes);
    cut_pages_drop(&pages);
    return 0;
}

/* The number of fronts is right after all: the backs are still to come. */
static int fronts_accept(struct store *store, const struct batch *batch, int64_t part_id) {
    int err = db_run(store->db, "UPDATE part SET state = 'opened', reason = '' WHERE id = ? AND state = 'asks'", "i", part_id);
    return err ? err : batch_set(store, batch->number, "waiting", "");
}

static int held_accept(struct store *store, const struct batch *batch, const struct held *held) {
    bool fronts_only = batch->duplex == DUPLEX_TWO_PASS && strcmp(batch->state, "asks") == 0 && held->count == 1 && !held->taken;
    if (fronts_only) {
        bool both = false;
        int err = held_is_two_passes(store, batch, held->parts[0], &both);
        if (err || !both)
            return err ? err : fronts_accept(store, batch, held->parts[0]);
    }
    int err = 0;
    for (size_t i = 0; i < held->count && !err; i++)
        err = held_cut(store, batch, held->parts[i]);
    return err ? err : batch_set(store, batch->number, "complete", "");
}

static int held_rescan(struct store *store, const struct batch *batch, const struct held *held) {
    int err = 0;
    for (size_t i = 0; i < held->count && !err; i++)
        err = db_run(store->db, "UPDATE part SET state = 'rescanned', reason = 'to be scanned again' WHERE id = ?", "i", held->parts[i]);
    return err ? err : batch_set(store, batch->number, held->taken ? "complete" : "printed", "");
}

struct answer {
    const char *who, *action;
    int (*act)(struct store *store, const struct batch *batch, const struct held *held);
};

static int batch_answer(struct store *store, int64_t number, const struct answer *answer) {
    struct batch batch;
    struct held held;
    int err = batch_load(store, number, &batch);
    if (!err && strcmp(batch.state, "asks") && strcmp(batch.state, "waiting"))
        err = ERR_STATE;
    if (!err)
        err = held_load(store, number, &held);
    if (!err)
        err = answer->act(store, &batch, &held);
    return err ? err : batch_audit(store, number, answer->who, answer->action);
}

int batch_accept(struct store *store, int64_t batch, const char *who) {
    int err = db_begin(store->db);
    return err ? err : db_end(store->db, batch_answer(store, batch, &(struct answer){who, "batch accepted", held_accept}));
}

int batch_rescan(struct store *store, int64_t batch, const char *who) {
    int err = db_begin(store->db);
    return err ? err : db_end(store->db, batch_answer(store, batch, &(struct answer){who, "batch to be scanned again", held_rescan}));
}
