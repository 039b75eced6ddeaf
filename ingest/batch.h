/* batch.h: batches of sheets: made when their header sheet is printed, counted when their scan comes. See also cut.h. */
#ifndef INGEST_BATCH_H
#define INGEST_BATCH_H

#include "ingest/cut_pages.h"

enum duplex { DUPLEX_SIMPLEX, DUPLEX_DUPLEX, DUPLEX_TWO_PASS };
const char *duplex_text(enum duplex duplex); /* "simplex", "duplex", "two-pass" */
int duplex_from_text(const char *text, enum duplex *ret); /* ERR_INPUT */

struct batch {
    int64_t number;
    const char *operator, *scanner, *box; /* as said, or ""; borrowed; not set by batch_load */
    int64_t sheets, separators;           /* as expected; -1: not said */
    enum duplex duplex;
    char state[16];                       /* "printed", "waiting" (for its second pass), "asks", "complete" */
};

/* A new batch, for its header sheet; own transaction. number and state are set. */
int batch_make(struct store *store, struct batch *batch, const char *who);
int batch_load(struct store *store, int64_t number, struct batch *ret); /* ERR_NOT_FOUND */

/* A part that carries the batch's header: makes its documents, or lets the batch wait or ask. Inside the caller's transaction. */
int batch_take(struct store *store, const struct batch *batch, int64_t part_id, const struct cut_pages *pages);

#endif
