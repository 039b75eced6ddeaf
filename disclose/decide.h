/* decide.h: an officer's decisions on the flags of a request. What one person does at one moment is an act: one decision, or thousands. A decision is
 * never overwritten: a new one supersedes it, and taking an act back is an act too. Every function runs its own transaction, takes an approval away
 * (request_unapprove) and leaves one audit leaf with a digest of what was decided. */
#ifndef DISCLOSE_DECIDE_H
#define DISCLOSE_DECIDE_H

#include "disclose/request.h"
#include "store/flag.h"

/* A flag with the decision that stands on it. */
struct decided_flag {
    int64_t flag_id, document_id, page_id;
    uint32_t page_number;
    int decided;      /* 0: nobody has decided yet */
    int cover;        /* as decided, else as proposed */
    char code[128];   /* as decided, else as proposed; several with '+' between */
    char type[16], role[16], finder[16];
    char who[64];     /* who decided, or "" */
    char earlier[24]; /* the request whose decision is what is proposed here, or "" */
};
/* The flags of the chosen documents, in pack order: all, or those of one document (document_id 0: all), from the one numbered first (from 0) on, at
 * most so many (0: all). You free *ret. */
struct flags_part {
    int64_t document_id;
    size_t first, most;
};
int request_flags_part(struct store *store, const struct request *request, const struct flags_part *part, struct decided_flag **ret, size_t *ret_count);
int request_flags(struct store *store, const struct request *request, struct decided_flag **ret, size_t *ret_count);

struct flags_count {
    int64_t all, undecided, covered; /* covered: as decided or proposed */
};
int request_flags_count(struct store *store, const struct request *request, struct flags_count *ret);

/* What a code demands (reasons.conf), said by whom decides. */
struct act_field {
    const char *name, *value;
};
struct act {
    const char *who, *note; /* note: or NULL */
    const struct act_field *fields;
    size_t field_count;
};
/* Whether the fields are known and hold what their type asks for; *ret_why: plain words when not (you free it). ERR_INPUT. */
int act_check(const struct rules *rules, const struct act *act, char **ret_why);

struct decision {
    int cover;
    const char *code;
};
/* One flag. ERR_INPUT: no such code, or it does not fit. ERR_NOT_FOUND: no such flag among the chosen documents. ERR_REFUSED: the request is closed. */
int request_decide(struct store *store, const struct rules *rules, const struct request *request, const struct act *act, int64_t flag_id,
                   const struct decision *decision);
/* Every flag with the same text as this one (text_key). */
int request_decide_text(struct store *store, const struct rules *rules, const struct request *request, const struct act *act, int64_t flag_id,
                        const struct decision *decision, int64_t *ret_count);
/* Takes every proposal that is not decided yet, as an earlier request of the same kind has it, else as the machine has it; also at places where a text
 * that is to be covered stands open (same_text.h). */
int request_accept_all(struct store *store, const struct rules *rules, const struct request *request, const struct act *act, int64_t *ret_count);
/* Decides once more, as they stand, all decisions with this code: for fields that were not given. */
int request_complete(struct store *store, const struct rules *rules, const struct request *request, const struct act *act, const char *code,
                     int64_t *ret_count);
/* Takes back the last act that was not taken back: what stood before stands again. ERR_NOT_FOUND: there is none. */
int request_undo(struct store *store, const struct request *request, const char *who, int64_t *ret_count);

/* The acts of a request, or those that decided one flag (flag_id 0: all), the oldest first. Borrowed texts. */
struct act_row {
    int64_t id, at, flags, undoes;
    const char *kind, *who, *note, *fields; /* fields: "name: value; ..." */
    int cover;        /* of the one flag asked for */
    const char *code; /* likewise; "": open again */
};
int request_history(struct store *store, const struct request *request, int64_t flag_id, int (*each)(void *state, const struct act_row *act), void *state);

/* What codes demand and a standing decision does not say: each once, as "3P-CHILD: What was done ...? (consent_steps), on 12 flags". ret: you free each and
 * the list. */
int request_lacks(struct store *store, const struct rules *rules, const struct request *request, char ***ret, size_t *ret_count);

/* ---- for the files beside this one, inside the caller's transaction */
struct act_under_way {
    struct store *store;
    const struct request *request;
    int64_t id;
};
int act_begin(struct store *store, const struct request *request, const char *kind, const struct act *act, struct act_under_way *ret);
int act_decide_flag(const struct act_under_way *act, int64_t flag_id, int cover, const char *code);
/* Supersedes what stood on the flags that the act has decided; approval, audit leaf. ret_count: how many flags; 0: the act is taken out again. */
int act_end(const struct act_under_way *act, int64_t *ret_count);
/* Whether the codes are known and do what cover says. ERR_INPUT. */
int decision_check(const struct rules *rules, const struct decision *decision);

#endif
