/* near_duplicate.h: documents that are the same paper scanned twice, or the same mail in several mailboxes. Proposed, never removed. */
#ifndef INGEST_NEAR_DUPLICATE_H
#define INGEST_NEAR_DUPLICATE_H

#include "queue/job.h"

/* The job "compare": keeps the document's sketch (MinHash of its word shingles, keyed so that it tells nothing without the store's key;
 * Broder 1997) and proposes near-duplicates: candidates by bands of the sketch (locality-sensitive hashing) and by page-picture hashes
 * (ocr/picture_hash.h, compared as numbers), judged by text likeness (Jaccard of shingles, 0 to 1) and pages. A received stamp, a scanner's
 * noise or another mail header make no difference; a letter about a sibling (another name, another number) is not the same. As the
 * other jobs of a program with a store of its own: result, job_done and audit row in one transaction of its own. */
int near_duplicate_look(struct store *store, const struct job *job);
extern const struct job_kind compare_job_kind; /* compare_job_kind.c; given_up: nothing but the log */

/* What a person says: same or different. ERR_NOT_FOUND. Inside the caller's transaction, audited. */
int near_duplicate_decide(struct store *store, int64_t id, int same, const char *who);

#endif
