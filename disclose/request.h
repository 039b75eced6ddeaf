/* request.h: a subject access request, from receipt to release, in the store. Every function that changes something runs its own
 * transaction and leaves an audit leaf. */
#ifndef DISCLOSE_REQUEST_H
#define DISCLOSE_REQUEST_H

#include "config/rules.h"
#include "store/flag.h"
#include "store/store.h"

/* A request as it stands. Texts are owned: request_drop. */
struct request {
    int64_t id, child_id;
    char *name;           /* "SAR-2026-0001" */
    char *requester;      /* who asks, addressed on the letter */
    char *requester_kind; /* "subject", "parent", ... */
    char *state;          /* "open", "approved", "released" */
    char *approved_by;    /* or "" */
    int32_t received;     /* day */
    int32_t due;          /* recomputed from the events; DATE_NONE past the calendar */
    int extended;
};
void request_drop(struct request *request);

struct request_order {
    int64_t child_id;
    const char *requester, *requester_kind, *who;
    int32_t received;
};
/* Opens a request and chooses all documents that are filed to the child, copies left out. */
int request_open(struct store *store, const struct rules *rules, const struct request_order *order, struct request *ret);
int request_load(struct store *store, const struct rules *rules, const char *name, struct request *ret); /* ERR_NOT_FOUND */
/* Inside the caller's transaction: what was approved is no longer what would be sent, so the approval goes, and so does every pack that was not
 * released. ERR_REFUSED: the request is released; what was sent cannot be changed, that takes a new request. */
int request_unapprove(struct store *store, const struct request *request);
/* A leaf of the audit log about the request, inside the caller's transaction. */
int request_audit(struct store *store, const struct request *request, const char *who, const char *action, const char *why);
/* Adds the documents that have come into the record since; when there are any, an approval is taken away. */
int request_gather(struct store *store, const struct request *request, const char *who, int64_t *ret_count);
/* Adds an event: "extended" (CLK-2), "identity confirmed", "note". */
int request_event(struct store *store, const struct request *request, const char *kind, int32_t day, const char *who,
                  const char *note);

/* A flag with the decision that stands on it. */
struct decided_flag {
    int64_t flag_id, document_id, page_id;
    uint32_t page_number;
    int decided;      /* 0: nobody has decided yet */
    int cover;        /* as decided, else as proposed */
    char code[32];    /* as decided, else as proposed */
    char type[16], role[16], finder[16];
    char who[64];     /* who decided, or "" */
};
/* All flags of the chosen documents, in pack order; you free *ret. */
int request_flags(struct store *store, const struct request *request, struct decided_flag **ret, size_t *ret_count);

/* A decision on one flag; it supersedes an earlier one. ERR_REFUSED: the request is released. ERR_INPUT: no such code. Takes the approval away. */
struct decision {
    int64_t flag_id;
    int cover;
    const char *code, *who, *note;
};
int request_decide(struct store *store, const struct rules *rules, const struct request *request, const struct decision *decision);
/* The same inside the caller's transaction, of a flag and a code that the caller has checked. */
int request_decision_add(struct store *store, const struct request *request, const struct decision *decision);
/* Takes every proposal that is not decided yet, also at places where a text that is to be covered stands open (same_text.h). */
int request_accept_all(struct store *store, const struct rules *rules, const struct request *request, const char *who, int64_t *ret_count);
/* Finds words on the pages of the chosen documents (page 0: all; document 0: all) and covers each place that is not covered. ret_count:
 * the places that it covered now. */
struct cover_words {
    const char *text;
    int64_t document_id;
    uint32_t page;
    const char *code, *who, *note;
    int64_t *ret_before; /* the places that were covered already; or NULL */
};
int request_cover_words(struct store *store, const struct rules *rules, const struct request *request, const struct cover_words *order,
                        int64_t *ret_count);
/* Covers a rectangle of a page (points as shown): what was not read, or no words. ERR_NOT_FOUND: no such page among the chosen documents. */
struct cover_box {
    int64_t document_id;
    uint32_t page;
    struct box box;
    const char *code, *who, *note;
};
int request_cover_box(struct store *store, const struct rules *rules, const struct request *request, const struct cover_box *order,
                      int64_t *ret_flag);
/* A second person approves all decisions: ERR_STATE while flags are undecided or a code blocks, ERR_REFUSED when the same person decided. */
int request_approve(struct store *store, const struct rules *rules, const struct request *request, const char *who, char **ret_why);

#endif
