#include "queue/next.h"

#include "base/err.h"
#include "queue/job.h"

/* What is urgent when it is received stays so on its whole way. */
static int part_job(struct store *store, const char *kind, int64_t part_id, int64_t subject) {
    int64_t priority;
    int err = db_int(store->db, &priority, "SELECT r.priority FROM part t JOIN receipt r ON r.id = t.receipt_id WHERE t.id = ?", "i", part_id);
    return err ? err : job_add(store, kind, subject, (int)priority);
}

static int document_job(struct store *store, const char *kind, int64_t document_id) {
    int64_t part;
    int err = db_int(store->db, &part, "SELECT part_id FROM document WHERE id = ?", "i", document_id);
    return err ? err : part_job(store, kind, part, document_id);
}

int next_after_stored(struct store *store, int64_t part_id) {
    return part_job(store, "open", part_id, part_id);
}

int next_after_office_found(struct store *store, int64_t part_id) {
    return part_job(store, "convert", part_id, part_id);
}

int next_after_page_opened(struct store *store, int64_t page_id) {
    int64_t part;
    int err = db_int(store->db, &part, "SELECT part_id FROM page WHERE id = ?", "i", page_id);
    return err ? err : part_job(store, "read", part, page_id);
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
