#include "disclose/rectify.h"

#include "base/clock.h"
#include "base/err.h"

#include <stdio.h>
#include <string.h>

static int annotation_add(struct store *store, const struct request *request, const struct annotation *one) {
    struct buf sealed = {0};
    char what[64];
    int64_t there;
    int err = db_int(store->db, &there,
                     "SELECT 1 FROM filing f JOIN filing_child c ON c.filing_id = f.id AND c.chosen = 1 WHERE f.document_id = ? AND f.superseded_by IS NULL"
                     " AND f.outcome = 'filed' AND c.child_id = ?", "ii", one->document_id, request->child_id);
    if (!err)
        err = request_seal(store, request->id, "annotation.text", one->text, &sealed);
    if (!err)
        err = db_run(store->db, "INSERT INTO annotation(request_id, document_id, page, at, who, sealed_text) VALUES(?, ?, ?, ?, ?, ?)", "iiiitb", request->id,
                     one->document_id, (int64_t)one->page, clock_now(), one->who, buf_view(&sealed));
    snprintf(what, sizeof what, "document %lld", (long long)one->document_id);
    if (!err)
        err = request_audit(store, request, one->who, "annotated", what);
    buf_drop(&sealed);
    return err;
}

int rectify_annotate(struct store *store, const struct request *request, const struct annotation *annotation) {
    if (strcmp(request->kind, "rectification") || strcmp(request->state, "open"))
        return ERR_STATE;
    if (!annotation->text || !*annotation->text)
        return ERR_INPUT;
    int err = db_begin(store->db);
    return err ? err : db_end(store->db, annotation_add(store, request, annotation));
}

int annotations_each(struct store *store, int64_t document_id, int (*each)(void *state, const struct annotation *one, int64_t at), void *state) {
    struct rows *rows = db_query(store->db, "SELECT request_id, page, at, who, sealed_text FROM annotation WHERE document_id = ? ORDER BY id", "i", document_id);
    int err = 0;
    while (!err && rows_next(rows) > 0) {
        struct buf text = {0};
        err = request_unseal(store, rows_int(rows, 0), "annotation.text", rows_bytes(rows, 4), &text);
        struct annotation one = {document_id, (uint32_t)rows_int(rows, 1), buf_text(&text), rows_text(rows, 3)};
        if (!err)
            err = each(state, &one, rows_int(rows, 2));
        buf_wipe(&text);
    }
    int err2 = rows_end(&rows);
    return err ? err : err2;
}
