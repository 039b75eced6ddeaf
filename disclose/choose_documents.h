/* choose_documents.h: which documents answer a request, and in which order. Each is in or out with a reason; what a person says is in the audit log. */
#ifndef DISCLOSE_CHOOSE_DOCUMENTS_H
#define DISCLOSE_CHOOSE_DOCUMENTS_H

#include "disclose/request.h"

/* Adds all documents of the record that are ready, in the request's scope and not there yet; what officers of earlier requests of the same kind covered by
 * hand is proposed again (finder "earlier"); puts all in the order of the days that they tell of. Inside the caller's transaction. */
int documents_choose(struct store *store, const struct request *request, int64_t *ret_count);
/* The same in a transaction of its own; when there are any, an approval is taken away. */
int request_gather(struct store *store, const struct request *request, const char *who, int64_t *ret_count);

/* Leaves out what is there more than once: papers that a person has called the same (the copy with fewer pages goes), and mails whose whole text a later
 * mail quotes (code DUP). Reads the mails' words. Own transaction. */
int documents_reduce(struct store *store, const struct request *request, const char *who, int64_t *ret_count);

/* In or out, by a person. code: of reasons.conf, for what is left out; a document that is in no record of the child, or was found by a search, comes in
 * by this too: then it is flagged for this child first. ERR_NOT_FOUND: no such document. ERR_INPUT: a code that does not withhold. Own transaction. */
struct document_choice {
    int64_t document_id;
    bool included;
    const char *code, *who, *note; /* note: kept with the request's events, sealed */
};
int request_choose(struct store *store, const struct rules *rules, const struct request *request, const struct document_choice *choice);

/* Documents of the record that were filed to somebody else since: their flags speak of another child. Inside the caller's transaction; takes the approval
 * away when there are any. */
int documents_leave_out(struct store *store, const struct request *request, const char *who, int64_t *ret_count);
/* Whether a chosen document has left the record, or is being worked on; inside the caller's transaction. ERR_STATE. */
int documents_stand(struct store *store, const struct request *request);

/* Looks through every other document of the store for the subject: the names that the register has or had, in both orders, and the council's and NHS
 * numbers. What it finds waits for a person to say whether it is part of the answer (origin "elsewhere"). What was searched is kept (CLK-5). Own
 * transactions; progress is told after each document. */
struct search_result {
    int64_t documents, pages, unread, found; /* unread: pages whose words nobody has read: a search cannot know them */
};
int request_search(struct store *store, const struct request *request, const char *who, void (*progress)(void *state, int64_t done, int64_t all), void *state,
                   struct search_result *ret);

#endif
