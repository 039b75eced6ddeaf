#include "filing/filing_rows.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "filing/filing_record.h"
#include "queue/next.h"
#include "store/audit.h"
#include "store/page_rows.h"
#include "store/seal.h"
#include "store/vault.h"

#include <sodium.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

/* The key of the document's first page that has a picture. */
static int filing_key(struct store *store, int64_t document_id, uint8_t ret_key[STORE_KEY_BYTES]) {
    int64_t picture;
    int err = db_int(store->db, &picture,
                     "SELECT picture_id FROM page WHERE document_id = ? AND picture_id IS NOT NULL ORDER BY place, id LIMIT 1",
                     "i", document_id);
    return err ? err : vault_column_key(store, picture, ret_key);
}

static int result_files_to(const struct filing_result *result, int64_t child_id) {
    for (size_t i = 0; i < result->candidate_count && result->outcome == FILING_FILED; i++)
        if (result->candidates[i].chosen && result->candidates[i].child_id == child_id)
            return 1;
    return 0;
}

/* Taken from those whom it was wrongly filed to before: else their key would open it when its own child's is destroyed. */
static int picture_take_back(struct store *store, int64_t picture, const struct filing_result *result) {
    struct rows *rows = db_query(store->db,
                                 "SELECT s.owner FROM object_key k JOIN seal_key s ON s.id = k.seal_key_id"
                                 " WHERE k.object_id = ? AND s.kind = 'child'", "i", picture);
    int64_t *former = NULL;
    size_t count = 0;
    while (rows_next(rows) > 0) {
        if (result_files_to(result, rows_int(rows, 0)))
            continue;
        former = mem_grow(former, count + 1, sizeof *former);
        former[count++] = rows_int(rows, 0);
    }
    int err = rows_end(&rows);
    for (size_t i = 0; i < count && !err; i++)
        err = vault_take_from(store, picture, "child", former[i]);
    free(former);
    return err;
}

static int picture_hand_over(struct store *store, int64_t picture, const struct filing_result *result) {
    int given = 0, err = 0;
    for (size_t i = 0; i < result->candidate_count && !err; i++)
        if (result->outcome == FILING_FILED && result->candidates[i].chosen) {
            err = vault_share(store, picture, "child", result->candidates[i].child_id);
            given = 1;
        }
    if (!err)
        err = given ? vault_take_from(store, picture, "intake", 0) : vault_share(store, picture, "intake", 0);
    return err ? err : picture_take_back(store, picture, result);
}

/* Whose the document's pages are: the children it is filed to; the intake keeps only what is filed to nobody. */
static int pages_hand_over(struct store *store, int64_t document_id, const struct filing_result *result) {
    struct page_row *pages = NULL;
    size_t count = 0;
    int err = page_rows_of_document(store, document_id, &pages, &count);
    for (size_t i = 0; i < count && !err; i++)
        if (pages[i].picture_id)
            err = picture_hand_over(store, pages[i].picture_id, result);
    free(pages);
    return err;
}

static int children_save(struct store *store, int64_t filing_id, const struct filing_result *result) {
    int err = 0;
    for (size_t i = 0; i < result->candidate_count && !err; i++) {
        const struct filing_candidate *c = &result->candidates[i];
        err = db_run(store->db,
                     "INSERT OR IGNORE INTO filing_child(filing_id, child_id, ordinal, chosen, probability) VALUES(?, ?, ?, ?, ?)",
                     "iiiif", filing_id, c->child_id, (int64_t)i,
                     (int64_t)(result->outcome == FILING_FILED && c->chosen), (double)c->probability);
    }
    return err;
}

/* A child of another family is named in what is filed: somebody has to look (recording policy, 6.3 and 12). One that it is filed to now is a
 * stranger no longer. */
static int alarms_save(struct store *store, int64_t document_id, const struct filing_result *result) {
    int err = 0;
    for (size_t i = 0; i < result->candidate_count && !err; i++) {
        const struct filing_candidate *c = &result->candidates[i];
        if (result->outcome == FILING_FILED && c->chosen)
            err = db_run(store->db, "UPDATE alarm SET state = 'moved' WHERE document_id = ? AND child_id = ? AND state = 'open'", "ii", document_id, c->child_id);
        else if (c->stranger_page)
            err = db_run(store->db, "INSERT OR IGNORE INTO alarm(document_id, child_id, page, made_at, state) VALUES(?, ?, ?, ?, 'open')", "iiii", document_id,
                         c->child_id, (int64_t)c->stranger_page, clock_now());
    }
    return err;
}

static int filing_audit(struct store *store, int64_t document_id, enum filing_outcome outcome, const char *who) {
    char what[64];
    snprintf(what, sizeof what, "document %lld", (long long)document_id);
    struct audit_entry entry = {who, filing_outcome_text(outcome), what, "filing", ""};
    return audit_add(store, &entry, NULL);
}

static int filing_insert(struct store *store, int64_t document_id, const struct filing_result *result, const char *who,
                         int64_t *ret_id) {
    uint8_t key[STORE_KEY_BYTES];
    struct buf plain = {0}, sealed = {0};
    int err = filing_key(store, document_id, key);
    if (!err) {
        filing_record_encode(result, &plain);
        seal_bytes(key, "filing.detail", buf_view(&plain), &sealed);
    } else if (err == ERR_NOT_FOUND) { /* no page has a picture: nothing was read, there is no evidence */
        err = 0;
    }
    if (!err)
        err = db_run(store->db, "INSERT INTO filing(document_id, outcome, made_at, made_by, sealed_detail) VALUES(?, ?, ?, ?, ?)",
                     "ititb", document_id, filing_outcome_text(result->outcome), clock_now(), who, buf_view(&sealed));
    *ret_id = db_last_id(store->db);
    buf_wipe(&plain);
    buf_drop(&sealed);
    sodium_memzero(key, sizeof key);
    return err;
}

int filing_save(struct store *store, int64_t document_id, const struct filing_result *result, const char *who) {
    int64_t id = 0;
    int err = filing_insert(store, document_id, result, who, &id);
    if (!err)
        err = db_run(store->db, "UPDATE filing SET superseded_by = ? WHERE document_id = ? AND superseded_by IS NULL AND id != ?",
                     "iii", id, document_id, id);
    if (!err)
        err = children_save(store, id, result);
    if (!err)
        err = alarms_save(store, document_id, result);
    if (!err)
        err = pages_hand_over(store, document_id, result);
    if (!err)
        err = filing_audit(store, document_id, result->outcome, who);
    return err ? err : next_after_filed(store, document_id);
}

/* Sealed when another page may have been the document's first: the key is one of its pages'. */
static int detail_open(struct store *store, int64_t document_id, struct view sealed, struct buf *out) {
    struct page_row *pages = NULL;
    size_t count = 0;
    int found = page_rows_of_document(store, document_id, &pages, &count);
    int err = found ? found : ERR_SEAL;
    for (size_t i = 0; i < count && err && !found; i++) {
        uint8_t key[STORE_KEY_BYTES];
        if (!pages[i].picture_id || vault_column_key(store, pages[i].picture_id, key))
            continue;
        err = seal_open(key, "filing.detail", sealed, out);
        sodium_memzero(key, sizeof key);
    }
    free(pages);
    return err;
}

int filing_load(struct store *store, int64_t document_id, struct filing_result *ret) {
    struct buf plain = {0};
    struct rows *rows = db_query(store->db,
                                 "SELECT sealed_detail FROM filing WHERE document_id = ? AND superseded_by IS NULL", "i",
                                 document_id);
    int err = rows_next(rows) > 0 ? 0 : ERR_NOT_FOUND;
    if (!err && rows_null(rows, 0)) {
        *ret = (struct filing_result){.outcome = FILING_NONE};
        return rows_end(&rows);
    }
    if (!err)
        err = detail_open(store, document_id, rows_bytes(rows, 0), &plain);
    int err2 = rows_end(&rows);
    if (err2)
        err = err2;
    if (!err)
        err = filing_record_decode(buf_view(&plain), ret);
    buf_wipe(&plain);
    return err;
}

static void result_choose_also(struct filing_result *result, int64_t child_id) {
    for (size_t i = 0; i < result->candidate_count; i++)
        if (result->candidates[i].child_id == child_id) {
            result->candidates[i].chosen = 1;
            return;
        }
    result->candidates = mem_grow(result->candidates, result->candidate_count + 1, sizeof *result->candidates);
    result->candidates[result->candidate_count++] =
        (struct filing_candidate){.child_id = child_id, .probability = 1, .chosen = 1, .veto = mem_text("")};
}

static void result_choose_nobody(struct filing_result *result, enum filing_outcome outcome) {
    result->outcome = outcome;
    for (size_t i = 0; i < result->candidate_count; i++)
        result->candidates[i].chosen = 0;
}

/* The child becomes the one that it is filed to, whatever the evidence says; the evidence is kept. */
static void result_choose(struct filing_result *result, int64_t child_id) {
    result_choose_nobody(result, FILING_FILED);
    result_choose_also(result, child_id);
}

/* A person's choice stands when the document is read anew; what a person has taken back is open to the machine again. */
static int chosen_by_person(struct store *store, int64_t document_id, int *ret) {
    int64_t count;
    int err = db_int(store->db, &count,
                     "SELECT count(*) FROM filing WHERE document_id = ? AND superseded_by IS NULL AND outcome IN ('filed', 'outside')"
                     " AND " FILING_BY_PERSON("made_by"), "i", document_id);
    *ret = !err && count;
    return err;
}

/* ---- by context: what names nobody came with something that does */

#define CAME_WITH "('attachment', 'inline', 'embedded')" /* not what merely lay in the same archive or mailbox */

/* The child that the mail which holds this document's part is filed to; of a converted office file, the mail that holds the file. 0: nothing
 * is said. */
static int context_child(struct store *store, int64_t document_id, int64_t *ret) {
    struct rows *rows = db_query(store->db,
                                 "WITH held(holder, how) AS (SELECT CASE t.attached WHEN 'rendition' THEN u.parent_id ELSE t.parent_id END,"
                                 "  CASE t.attached WHEN 'rendition' THEN u.attached ELSE t.attached END FROM document d JOIN part t ON t.id = d.part_id"
                                 "  LEFT JOIN part u ON u.id = t.parent_id WHERE d.id = ?)"
                                 " SELECT count(DISTINCT c.child_id), max(c.child_id) FROM held JOIN document e ON e.part_id = held.holder"
                                 " JOIN filing f ON f.document_id = e.id AND f.superseded_by IS NULL AND f.outcome = 'filed'"
                                 " JOIN filing_child c ON c.filing_id = f.id AND c.chosen WHERE held.how IN " CAME_WITH, "i", document_id);
    *ret = rows_next(rows) > 0 && rows_int(rows, 0) == 1 ? rows_int(rows, 1) : 0;
    return rows_end(&rows);
}

static void result_propose(struct filing_result *result, int64_t child_id) {
    result_choose(result, child_id);
    result->outcome = FILING_PROPOSED;
    struct filing_candidate *c = &result->candidates[result->candidate_count - 1];
    free(c->veto);
    c->veto = mem_text("it names nobody; it came with what is filed to this child");
    c->probability = 0.5f;
    c->chosen = 0;
}

/* Things that came with this document and name nobody are looked at again, now that it is filed. */
static int context_again(struct store *store, int64_t document_id) {
    struct rows *rows = db_query(store->db,
                                 "WITH below(id) AS (SELECT s.id FROM document d JOIN part s ON s.parent_id = d.part_id AND s.attached IN " CAME_WITH
                                 "  WHERE d.id = ?), all_below(id) AS (SELECT id FROM below UNION SELECT r.id FROM below b JOIN part r ON"
                                 "  r.parent_id = b.id AND r.attached = 'rendition')"
                                 " SELECT e.id FROM all_below x JOIN document e ON e.part_id = x.id JOIN filing f ON f.document_id = e.id"
                                 " AND f.superseded_by IS NULL AND f.outcome = 'none' AND f.made_by = '" FILING_BY_MACHINE "'", "i", document_id);
    int64_t *again = NULL;
    size_t count = 0;
    while (rows_next(rows) > 0) {
        again = mem_grow(again, count + 1, sizeof *again);
        again[count++] = rows_int(rows, 0);
    }
    int err = rows_end(&rows);
    for (size_t i = 0; i < count && !err; i++)
        err = next_after_context(store, again[i]);
    free(again);
    return err;
}

/* ---- what a person says */

static int refusal_save(struct store *store, int64_t document_id, int64_t child_id, const char *who) {
    return db_run(store->db, "INSERT INTO not_child(document_id, child_id, said_by, said_at) VALUES(?, ?, ?, ?)", "iiti", document_id, child_id, who,
                  clock_now());
}

static bool is_among(const int64_t *children, size_t count, int64_t child_id) {
    for (size_t i = 0; i < count; i++)
        if (children[i] == child_id)
            return true;
    return false;
}

/* Whom it was filed or proposed to, and whom the person did not choose, is not meant: that is remembered. Whom the person chooses is, whatever
 * was said before. */
static int choice_remember(struct store *store, int64_t document_id, const struct filing_result *was, const int64_t *children, size_t count, const char *who) {
    int err = 0;
    for (size_t i = 0; i < was->candidate_count && !err; i++) {
        bool meant = was->outcome == FILING_FILED ? was->candidates[i].chosen : was->outcome == FILING_PROPOSED && i == 0;
        if (meant && !is_among(children, count, was->candidates[i].child_id))
            err = refusal_save(store, document_id, was->candidates[i].child_id, who);
    }
    for (size_t i = 0; i < count && !err; i++)
        err = db_run(store->db, "UPDATE not_child SET taken_back_at = ? WHERE document_id = ? AND child_id = ? AND taken_back_at IS NULL", "iii", clock_now(), document_id,
                     children[i]);
    return err;
}

/* A person has said something of what the machine filed: the week's sample learns of it too. */
static int check_settle(struct store *store, int64_t document_id, bool right, const char *who) {
    return db_run(store->db,
                  "UPDATE filing_check SET result = ?, decided_by = ?, decided_at = ? WHERE result = '' AND filing_id = (SELECT id FROM filing WHERE"
                  " document_id = ? AND superseded_by IS NULL)", "ttii", right ? "right" : "wrong", who, clock_now(), document_id);
}

static bool result_is_of(const struct filing_result *result, const int64_t *children, size_t count) {
    size_t same = 0, chosen = 0;
    for (size_t i = 0; i < result->candidate_count; i++) {
        bool filed = result_files_to(result, result->candidates[i].child_id);
        chosen += filed;
        same += filed && is_among(children, count, result->candidates[i].child_id);
    }
    return same == count && chosen == count;
}

int filing_choose(struct store *store, int64_t document_id, const int64_t *children, size_t count, const char *who) {
    struct filing_result result = {0};
    int err = filing_load(store, document_id, &result);
    if (err)
        return err;
    err = check_settle(store, document_id, result_is_of(&result, children, count), who);
    if (!err)
        err = choice_remember(store, document_id, &result, children, count, who);
    result_choose_nobody(&result, count ? FILING_FILED : FILING_OUTSIDE);
    for (size_t i = 0; i < count; i++)
        result_choose_also(&result, children[i]);
    if (!err)
        err = filing_save(store, document_id, &result, who);
    filing_result_drop(&result);
    return err ? err : context_again(store, document_id);
}

/* Out of the record that it is in, and into triage. */
static int taken_out(struct store *store, int64_t document_id, struct filing_result *result, const char *who) {
    int err = check_settle(store, document_id, false, who);
    if (err)
        return err;
    result_choose_nobody(result, result->candidate_count ? FILING_PROPOSED : FILING_NONE);
    return filing_save(store, document_id, result, who);
}

int filing_refuse(struct store *store, int64_t document_id, int64_t child_id, const char *who) {
    struct filing_result result = {0};
    int err = filing_load(store, document_id, &result);
    if (!err)
        err = refusal_save(store, document_id, child_id, who);
    if (!err && result_files_to(&result, child_id))
        err = taken_out(store, document_id, &result, who);
    filing_result_drop(&result);
    return err ? err : next_after_context(store, document_id); /* weighed anew, without that child */
}

int filing_undo(struct store *store, int64_t document_id, const char *who) {
    struct filing_result result = {0};
    int err = filing_load(store, document_id, &result);
    if (!err && result.outcome != FILING_FILED && result.outcome != FILING_OUTSIDE)
        err = ERR_STATE;
    if (!err)
        err = taken_out(store, document_id, &result, who);
    filing_result_drop(&result);
    return err;
}

/* Pages that came since go to whom the person filed it to. */
static int choice_stands(struct store *store, int64_t document_id) {
    struct filing_result result = {0};
    int err = filing_load(store, document_id, &result);
    if (!err)
        err = pages_hand_over(store, document_id, &result);
    filing_result_drop(&result);
    return err ? err : next_after_filed(store, document_id);
}

int filing_save_found(struct store *store, int64_t document_id, struct filing_result *result) {
    int64_t child = 0, said = 0;
    int person;
    int err = chosen_by_person(store, document_id, &person);
    if (err || person)
        return err ? err : choice_stands(store, document_id);
    err = db_int(store->db, &child, "SELECT ifnull(child_id, 0) FROM document WHERE id = ?", "i", document_id);
    if (!err)
        err = db_int(store->db, &said,
                     "SELECT ifnull(r.child_id, 0) FROM document d JOIN part t ON t.id = d.part_id JOIN receipt r ON r.id = t.receipt_id"
                     " WHERE d.id = ?", "i", document_id);
    if (err)
        return err;
    int64_t context = 0;
    if (child)
        result_choose(result, child);
    else if (result->outcome == FILING_NONE && result->candidate_count == 0)
        err = context_child(store, document_id, &context);
    if (context)
        result_propose(result, context);
    if (!err)
        err = filing_save(store, document_id, result, !child ? FILING_BY_MACHINE : child == said ? FILING_BY_INTAKE : FILING_BY_SHEET);
    return err || result->outcome != FILING_FILED ? err : context_again(store, document_id);
}
