/* cut.h: an opened part becomes documents: at separator and cover sheets; within a batch that its header sheet names. */
#ifndef INGEST_CUT_H
#define INGEST_CUT_H

#include "store/store.h"

/* Inside the caller's transaction, when all pages of the part are there. Makes the documents (with the child and kind that a cover sheet
 * says) and puts them on their way (queue/next.h). Two separators that follow each other (a sheet scanned twice, its back) make no empty
 * document. A believed batch header ties the part to its batch; when the batch's expected sheets or separators do not agree with what came,
 * no document is made: the batch "asks" (batch.state, batch.reason) and the part's state is 'asks'. A batch of two passes waits for its
 * second part, then the backs are collated behind their fronts (page.place), in the pages' documents. Blank pages stay out of the documents,
 * but in custody. Does nothing when every page is in a document
 * already; pages that a part gave later, when it was opened once more, go on where the others end. */
int part_cut(struct store *store, int64_t part_id);

/* What a person says of a batch that asks: take it as it is. ERR_STATE when it does not ask. Of fronts whose number was asked for: they are right,
 * the backs are still to come; of a batch that waits for its backs: there are none. Each of these three is a transaction of its own. */
int batch_accept(struct store *store, int64_t batch, const char *who);
/* It will be scanned again: its parts' pages end as 'rescanned' (part.state), kept, and the header sheet can be used again. */
int batch_rescan(struct store *store, int64_t batch, const char *who);

/* Takes a page that was left out (blank, or a supposed separator) back into the document that it lies in: the one before it, or the one behind
 * it when a sheet or nothing is before; or a document of its own. The document is read and filed again. ERR_STATE: it is in one already. */
int page_take_back(struct store *store, int64_t page_id, const char *who);

#endif
