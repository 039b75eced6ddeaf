#include "ingest/split.h"

#include "base/err.h"
#include "queue/next.h"
#include "store/audit.h"

#include <stdio.h>

/* ERR_STATE while a job of it, or of one of its pages, is to be done: it would be filed by halves. */
static int at_rest(struct store *store, int64_t document_id) {
    int64_t there, busy;
    int err = db_int(store->db, &there, "SELECT count(*) FROM document WHERE id = ? AND state != 'joined'", "i", document_id);
    if (!err && !there)
        err = ERR_NOT_FOUND;
    if (!err)
        err = db_int(store->db, &busy,
                     "SELECT count(*) FROM job WHERE state IN ('waiting', 'lent') AND ((kind IN ('file', 'flag', 'compare') AND subject = ?1) OR"
                     " (kind = 'read' AND subject IN (SELECT id FROM page WHERE document_id = ?1)))", "i", document_id);
    return err ? err : busy ? ERR_STATE : 0;
}

/* First and last page are numbers in the document's own file; then it goes on its way as if it had just been read. */
static int go_on(struct store *store, int64_t document_id) {
    int err = db_run(store->db,
                     "UPDATE document SET state = 'reading', first_page = (SELECT min(number) FROM page p WHERE p.document_id = ?1 AND p.part_id = document.part_id),"
                     " last_page = (SELECT max(number) FROM page p WHERE p.document_id = ?1 AND p.part_id = document.part_id) WHERE id = ?1", "i", document_id);
    return err ? err : next_after_page_read(store, document_id);
}

static int said(struct store *store, const char *action, int64_t document_id, int64_t other_id, const char *who) {
    char what[96];
    snprintf(what, sizeof what, "document %lld, document %lld", (long long)document_id, (long long)other_id);
    struct audit_entry entry = {who, action, what, "triage", ""};
    return audit_add(store, &entry, NULL);
}

/* Pages go to another document, and what an officer has marked on them goes with them; the machine's marks are made anew. */
static int pages_move(struct store *store, int64_t from_id, int64_t to_id, int64_t from_place) {
    int err = db_run(store->db,
                     "UPDATE flag SET document_id = ?2 WHERE document_id = ?1 AND page_id IN (SELECT id FROM page WHERE document_id = ?1 AND place >= ?3)", "iii",
                     from_id, to_id, from_place);
    return err ? err : db_run(store->db, "UPDATE page SET document_id = ?2 WHERE document_id = ?1 AND place >= ?3", "iii", from_id, to_id, from_place);
}

static int split(struct store *store, int64_t document_id, uint32_t page, const char *who, int64_t *ret) {
    int64_t place = 0, before = 0;
    int err = at_rest(store, document_id);
    if (!err)
        err = db_int(store->db, &place, "SELECT place FROM page WHERE document_id = ? AND number = ? ORDER BY place LIMIT 1", "ii", document_id, (int64_t)page);
    if (!err)
        err = db_int(store->db, &before, "SELECT count(*) FROM page WHERE document_id = ? AND place < ?", "ii", document_id, place);
    if (!err && !before)
        err = ERR_INPUT;
    if (!err)
        err = db_run(store->db,
                     "INSERT INTO document(part_id, ordinal, first_page, last_page, state, child_id, kind) SELECT part_id, (SELECT max(ordinal) + 1 FROM document x"
                     " WHERE x.part_id = d.part_id), ?2, ?2, 'reading', child_id, kind FROM document d WHERE id = ?1", "ii", document_id, (int64_t)page);
    *ret = db_last_id(store->db);
    if (!err)
        err = pages_move(store, document_id, *ret, place);
    if (!err)
        err = go_on(store, document_id);
    if (!err)
        err = go_on(store, *ret);
    return err ? err : said(store, "split", document_id, *ret, who);
}

int document_split(struct store *store, int64_t document_id, uint32_t page, const char *who, int64_t *ret) {
    int err = db_begin(store->db);
    return err ? err : db_end(store->db, split(store, document_id, page, who, ret));
}

/* Of one file, or of one batch whose files are in one order; all of the second behind all of the first. */
static int joinable(struct store *store, int64_t first_id, int64_t second_id) {
    int64_t fits;
    int err = db_int(store->db, &fits,
                     "SELECT count(*) FROM document a JOIN part s ON s.id = a.part_id, document b JOIN part t ON t.id = b.part_id WHERE a.id = ?1 AND b.id = ?2 AND"
                     " a.id != b.id AND (a.part_id = b.part_id OR s.batch_id = t.batch_id) AND (SELECT max(place) FROM page WHERE document_id = a.id) <"
                     " (SELECT min(place) FROM page WHERE document_id = b.id)", "ii", first_id, second_id);
    return err ? err : fits ? 0 : ERR_INPUT;
}

static int join(struct store *store, int64_t first_id, int64_t second_id, const char *who) {
    int err = at_rest(store, first_id);
    if (!err)
        err = at_rest(store, second_id);
    if (!err)
        err = joinable(store, first_id, second_id);
    if (!err)
        err = pages_move(store, second_id, first_id, 0);
    if (!err) /* nothing takes its place: it holds nothing */
        err = db_run(store->db, "UPDATE filing SET superseded_by = id WHERE document_id = ? AND superseded_by IS NULL", "i", second_id);
    if (!err)
        err = db_run(store->db, "UPDATE document SET state = 'joined' WHERE id = ?", "i", second_id);
    if (!err)
        err = go_on(store, first_id);
    return err ? err : said(store, "joined", first_id, second_id, who);
}

int document_join(struct store *store, int64_t first_id, int64_t second_id, const char *who) {
    int err = db_begin(store->db);
    return err ? err : db_end(store->db, join(store, first_id, second_id, who));
}
