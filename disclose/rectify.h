/* rectify.h: a request to put something right (UK GDPR Art 16; recording policy, section 12). The document stays as it is; what is to be said beside it is an
 * annotation, which stands beside the document in every list and pack from then on. */
#ifndef DISCLOSE_RECTIFY_H
#define DISCLOSE_RECTIFY_H

#include "disclose/request.h"

struct annotation {
    int64_t document_id;
    uint32_t page; /* 0: the document as a whole */
    const char *text, *who;
};
/* Adds an annotation to a document of the child's record. ERR_STATE: the request is no rectification, or closed; ERR_NOT_FOUND: no such document in the
 * record; ERR_INPUT: no text. Own transaction. */
int rectify_annotate(struct store *store, const struct request *request, const struct annotation *annotation);
/* All of a document, the oldest first; texts are borrowed. at: milliseconds. */
int annotations_each(struct store *store, int64_t document_id, int (*each)(void *state, const struct annotation *one, int64_t at), void *state);

#endif
