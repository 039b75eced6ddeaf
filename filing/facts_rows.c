#include "filing/facts_rows.h"

#include "base/clock.h"
#include "base/err.h"

#include <stdio.h>

enum { ARCHIVE_DAYS = 60 };

int facts_save(struct store *store, int64_t document_id, const struct document_facts *facts) {
    return db_run(store->db,
                  "UPDATE document SET found_kind = ?1, event_day = nullif(?2, ?4), written_day = nullif(?3, ?4) WHERE id = ?5", "tiiii",
                  facts->kind ? facts->kind->kind : "", (int64_t)facts->event, (int64_t)facts->written, (int64_t)DATE_NONE, document_id);
}

static int32_t day_of(struct rows *rows, int column) {
    return rows_null(rows, column) ? DATE_NONE : (int32_t)rows_int(rows, column);
}

int facts_load(struct store *store, int64_t document_id, struct facts_row *ret) {
    struct rows *rows = db_query(store->db,
                                 "SELECT CASE WHEN d.kind != '' THEN d.kind WHEN r.kind != '' THEN r.kind ELSE d.found_kind END, d.event_day, d.written_day,"
                                 " CAST(julianday(date(r.received_at / 1000, 'unixepoch', 'localtime')) - 2440587.5 AS INTEGER) FROM document d"
                                 " JOIN part t ON t.id = d.part_id JOIN receipt r ON r.id = t.receipt_id WHERE d.id = ?", "i", document_id);
    int err = rows_next(rows) > 0 ? 0 : ERR_NOT_FOUND;
    if (!err) {
        snprintf(ret->kind, sizeof ret->kind, "%s", rows_text(rows, 0));
        ret->event = day_of(rows, 1);
        ret->written = day_of(rows, 2);
        ret->received = day_of(rows, 3);
    }
    int err2 = rows_end(&rows);
    return err2 ? err2 : err;
}

int32_t facts_recorded(const struct facts_row *facts) {
    if (facts->written != DATE_NONE && (facts->event == DATE_NONE || facts->written >= facts->event))
        return facts->written;
    return facts->event != DATE_NONE && facts->received - facts->event > ARCHIVE_DAYS ? DATE_NONE : facts->received;
}
