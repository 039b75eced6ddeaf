/* next.h: what comes after what on a document's journey, in one place. Inside the caller's transaction. */
#ifndef QUEUE_NEXT_H
#define QUEUE_NEXT_H

#include "store/store.h"

/* To be opened, converted, read: what is small goes first among equals (queue/job.h, job_priority()). */
/* Received or found as an attachment -> to be opened. */
int next_after_stored(struct store *store, int64_t part_id);
/* An office file -> to be converted. */
int next_after_office_found(struct store *store, int64_t part_id);
/* A page of its picture only -> to be read. */
int next_after_page_opened(struct store *store, int64_t page_id);
/* When no page of the document waits any more -> to be filed, and compared with others. document_id 0 (not cut yet): nothing. */
int next_after_page_read(struct store *store, int64_t document_id);
int next_after_context(struct store *store, int64_t document_id); /* what came with it was filed: -> to be filed anew */
int next_after_filed(struct store *store, int64_t document_id);   /* -> to be flagged */
int next_after_flagged(struct store *store, int64_t document_id); /* -> ready */
/* A child's people are others now: its documents that were flagged, or just are -> to be flagged anew; decisions stay. Adds to *ret_count. */
int next_after_people_changed(struct store *store, int64_t child_id, int64_t *ret_count);
/* A request's pack: pages to be covered -> to be bound. */
int next_after_pack_asked(struct store *store, int64_t pack_id);
int next_after_page_covered(struct store *store, int64_t pack_id);
int next_after_rebuild_asked(struct store *store, int64_t pack_id); /* -> to be bound once more */
int next_after_proof_asked(struct store *store, int64_t proof_id);

#endif
