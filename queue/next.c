#include "queue/next.h"

#include "base/err.h"
#include "base/mem.h"
#include "queue/job.h"

#include <stdlib.h>

/* What is urgent when it is received stays so on its whole way. pages: so many at least, for those steps that a large thing takes long for;
 * 0 for the others. */
static int sized_job(struct store *store, const char *kind, int64_t part_id, int64_t subject, int64_t pages) {
    int64_t priority;
    int err = db_int(store->db, &priority, "SELECT r.priority FROM part t JOIN receipt r ON r.id = t.receipt_id WHERE t.id = ?", "i", part_id);
    return err ? err : job_add(store, kind, subject, job_priority((int)priority, pages));
}

static int part_job(struct store *store, const char *kind, int64_t part_id, int64_t subject) {
    return sized_job(store, kind, part_id, subject, 0);
}

/* As large as all that came with it: ten thousand small mails of one mailbox file are not small. */
static int file_job(struct store *store, const char *kind, int64_t part_id) {
    int64_t pages;
    int err = db_int(store->db, &pages,
                     "SELECT max(t.bytes / ?2, r.part_bytes / ?2, r.part_count) FROM part t JOIN receipt r ON r.id = t.receipt_id WHERE t.id = ?1",
                     "ii", part_id, (int64_t)JOB_PAGE_BYTES);
    return err ? err : sized_job(store, kind, part_id, part_id, pages);
}

static int document_job(struct store *store, const char *kind, int64_t document_id) {
    int64_t part;
    int err = db_int(store->db, &part, "SELECT part_id FROM document WHERE id = ?", "i", document_id);
    return err ? err : part_job(store, kind, part, document_id);
}

int next_after_stored(struct store *store, int64_t part_id) {
    return file_job(store, "open", part_id);
}

int next_after_office_found(struct store *store, int64_t part_id) {
    return file_job(store, "convert", part_id);
}

int next_after_page_opened(struct store *store, int64_t page_id) {
    int64_t part, pages = 0;
    int err = db_int(store->db, &part, "SELECT part_id FROM page WHERE id = ?", "i", page_id);
    /* A kind of file that does not say at its beginning how many pages it holds has this many at least. */
    if (!err)
        err = db_int(store->db, &pages,
                     "SELECT max(ifnull(t.page_count, 0), p.number, r.part_count) FROM page p JOIN part t ON t.id = p.part_id"
                     " JOIN receipt r ON r.id = t.receipt_id WHERE p.id = ?", "i", page_id);
    return err ? err : sized_job(store, "read", part, page_id, pages);
}

int next_after_page_read(struct store *store, int64_t document_id) {
    int64_t waiting;
    if (!document_id)
        return 0;
    int err = db_int(store->db, &waiting, "SELECT count(*) FROM page WHERE document_id = ? AND state = 'waiting'", "i",
                     document_id);
    if (err || waiting)
        return err;
    err = db_run(store->db, "UPDATE document SET state = 'filing' WHERE id = ? AND state = 'reading'", "i", document_id);
    if (err || !db_changed(store->db))
        return err;
    err = document_job(store, "file", document_id);
    return err ? err : document_job(store, "compare", document_id);
}

int next_after_context(struct store *store, int64_t document_id) {
    return document_job(store, "file", document_id);
}

int next_after_filed(struct store *store, int64_t document_id) {
    /* One that is being read anew is filed again when it is read: then it is flagged, with all its pages. */
    int err = db_run(store->db, "UPDATE document SET state = 'flagging' WHERE id = ? AND state != 'reading'", "i", document_id);
    return err || !db_changed(store->db) ? err : document_job(store, "flag", document_id);
}

int next_after_flagged(struct store *store, int64_t document_id) {
    return db_run(store->db, "UPDATE document SET state = 'ready' WHERE id = ? AND state = 'flagging'", "i", document_id);
}

int next_after_people_changed(struct store *store, int64_t child_id, int64_t *ret_count) {
    int64_t *documents = NULL;
    size_t count = 0;
    struct rows *rows = db_query(store->db, "SELECT DISTINCT f.document_id FROM filing f JOIN filing_child c ON c.filing_id = f.id AND c.child_id = ?"
                                            " JOIN document d ON d.id = f.document_id AND d.state IN ('ready', 'unflagged', 'flagging')"
                                            " WHERE f.superseded_by IS NULL AND f.outcome IN ('filed', 'proposed')", "i", child_id);
    while (rows_next(rows) > 0) {
        if (count % 64 == 0)
            documents = mem_grow(documents, count + 64, sizeof *documents);
        documents[count++] = rows_int(rows, 0);
    }
    int err = rows_end(&rows);
    for (size_t i = 0; i < count && !err; i++)
        err = next_after_filed(store, documents[i]);
    *ret_count += err ? 0 : (int64_t)count;
    free(documents);
    return err;
}

int next_after_pack_asked(struct store *store, int64_t pack_id) {
    struct rows *rows = db_query(store->db, "SELECT id FROM pack_page WHERE pack_id = ? ORDER BY ordinal", "i", pack_id);
    int err = 0;
    while (!err && rows_next(rows) > 0)
        err = job_add(store, "cover", rows_int(rows, 0), JOB_REQUEST);
    int err2 = rows_end(&rows);
    return err ? err : err2;
}

int next_after_page_covered(struct store *store, int64_t pack_id) {
    int64_t waiting;
    int err = db_int(store->db, &waiting, "SELECT count(*) FROM pack_page WHERE pack_id = ? AND object_id IS NULL", "i", pack_id);
    if (err || waiting)
        return err;
    err = db_run(store->db, "UPDATE pack SET state = 'binding' WHERE id = ? AND state = 'covering'", "i", pack_id);
    return err || !db_changed(store->db) ? err : job_add(store, "bind", pack_id, JOB_REQUEST);
}

int next_after_proof_asked(struct store *store, int64_t proof_id) {
    return job_add(store, "prove", proof_id, JOB_REQUEST);
}

int next_after_rebuild_asked(struct store *store, int64_t pack_id) {
    return job_add(store, "bind", pack_id, JOB_REQUEST);
}
