/* request.h: a subject access request, from receipt to release, in the store. Every function that changes something runs its own
 * transaction and leaves an audit leaf. */
#ifndef DISCLOSE_REQUEST_H
#define DISCLOSE_REQUEST_H

#include "config/rules.h"
#include "disclose/request_clock.h"
#include "store/store.h"

/* A request as it stands. Texts are owned: request_drop. */
struct request {
    int64_t id, child_id;
    char *name;           /* "SAR-2026-0001", "RECT-2026-0001" */
    char *kind;           /* "access", or "rectification" (UK GDPR Art 16) */
    char *pack;           /* of packs.conf; "" for a rectification */
    char *requester;      /* who asks, addressed on the letter */
    char *requester_kind; /* "subject", "parent", ... */
    char *state;          /* "open", "approved", "released", "answered", "refused", "withdrawn" */
    char *approved_by;    /* or "" */
    int32_t scope_from, scope_until; /* the days that it is about; DATE_NONE: all */
    struct request_clock clock;      /* counted from the events */
};
void request_drop(struct request *request);

struct request_order {
    int64_t child_id;
    const char *requester, *requester_kind, *who;
    int32_t received;
    const char *kind, *pack;         /* NULL: "access", the first kind of pack that is for the requester */
    const char *scope, *identity;    /* texts: what is asked for; how who asks was proved, when it was; or NULL */
    int32_t scope_from, scope_until; /* 0 or DATE_NONE: all */
};
/* Opens a request and chooses the documents (choose_documents.h). ERR_INPUT: no such kind of pack, or it is not for that requester. */
int request_open(struct store *store, const struct rules *rules, const struct request_order *order, struct request *ret);
int request_load(struct store *store, const struct rules *rules, const char *name, struct request *ret); /* ERR_NOT_FOUND */
/* Inside the caller's transaction: what was approved is no longer what would be sent, so the approval goes, and so does every pack that was not
 * released. ERR_REFUSED: the request is closed; what was sent cannot be changed, that takes a new request or 'reopened'. */
int request_unapprove(struct store *store, const struct request *request);
/* A leaf of the audit log about the request, inside the caller's transaction. */
int request_audit(struct store *store, const struct request *request, const char *who, const char *action, const char *why);
/* The request's kind of pack; never NULL (the first kind when the file has lost it). */
const struct pack_rule *request_pack(const struct rules *rules, const struct request *request);

/* Something that happened. note may speak of people: it is sealed. ERR_STATE, ERR_INPUT with *ret_why (borrowed): see event_check. */
struct request_event {
    enum event_kind kind;
    int32_t day;
    const char *who, *note;
};
int request_event(struct store *store, const struct rules *rules, const struct request *request, const struct request_event *event,
                  const char **ret_why);
/* The same inside the caller's transaction, unchecked. */
int request_event_add(struct store *store, const struct request *request, const struct request_event *event);
/* All events in the order of their days, with their notes; each is called with borrowed texts. */
int request_events(struct store *store, const struct request *request, int (*each)(void *state, const struct request_event *event), void *state);
/* A text sealed under the request's key, what: the column. out may be NULL: only whether it opens. */
int request_seal(struct store *store, int64_t request_id, const char *what, const char *text, struct buf *out);
int request_unseal(struct store *store, int64_t request_id, const char *what, struct view sealed, struct buf *out); /* nothing sealed: "" */

#endif
