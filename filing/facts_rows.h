/* facts_rows.h: what a document is and of which day, in the database. */
#ifndef FILING_FACTS_ROWS_H
#define FILING_FACTS_ROWS_H

#include "filing/document_facts.h"
#include "store/store.h"

/* What was found. Inside the caller's transaction. */
int facts_save(struct store *store, int64_t document_id, const struct document_facts *facts);

struct facts_row {
    char kind[64];            /* what was said at intake or by a cover sheet; else what was found; or "" */
    int32_t event, written;   /* day numbers, or DATE_NONE */
    int32_t received;         /* in the machine's time zone */
};
int facts_load(struct store *store, int64_t document_id, struct facts_row *ret); /* ERR_NOT_FOUND */
/* When it was recorded: written, where that is known (a date before what it tells of is a misread one); else received, but for old paper, which says
 * nothing of that: DATE_NONE. */
int32_t facts_recorded(const struct facts_row *facts);

#endif
