/* split.h: what a person says of where documents begin: two that came as one are parted, one that came as two is joined. */
#ifndef INGEST_SPLIT_H
#define INGEST_SPLIT_H

#include "store/store.h"

/* The pages from this one on (its number in its file) become a document of their own; both are filed and flagged anew, but for what a person
 * has filed. *ret: the new document. ERR_NOT_FOUND: no such document or page; ERR_INPUT: it is the first page; ERR_STATE: the document is being
 * worked on. A transaction of its own. */
int document_split(struct store *store, int64_t document_id, uint32_t page, const char *who, int64_t *ret);
/* The pages of the second come behind those of the first, which is filed and flagged anew; the second holds nothing any more (state 'joined').
 * ERR_INPUT: they are not of one file or batch, or the second does not lie behind the first. A transaction of its own. */
int document_join(struct store *store, int64_t first_id, int64_t second_id, const char *who);

#endif
