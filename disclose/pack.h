/* pack.h: a pack from the approved decisions to its release. */
#ifndef DISCLOSE_PACK_H
#define DISCLOSE_PACK_H

#include "disclose/request.h"
#include "store/covered.h"

#define PACK_PROOF_PAGES 4 /* pages of a pack that one proving job renders */

/* Asks for the pages of an approved request to be covered and bound; ERR_STATE when it is not approved, something stands in the way
 * (request_obstacle), or it has no pages. Own transaction. */
int pack_ask(struct store *store, const struct rules *rules, const struct request *request, const char *who, int64_t *ret_pack);
/* Asks for the proof of a bound pack. Own transaction. */
int pack_ask_proof(struct store *store, const struct request *request, int64_t pack_id, const char *who);

/* Asks for a bound pack to be bound once more from its covered pages: it has to give the same bytes. The answer is pack_state.rebuilt. ERR_STATE: it was never
 * bound. Own transaction. */
int pack_ask_rebuild(struct store *store, const struct request *request, int64_t pack_id, const char *who);

struct pack_state {
    int64_t id, version;
    char state[16]; /* "covering", "binding", "bound", "proving", "proved", "refused", "failed", "released" */
    char *reason;   /* owned */
    char hash[72];  /* SHA-256 of the bound file, hexadecimal, or "" */
    char rebuilt[8]; /* "", "asked", "same", "other" */
    int64_t pages, covered, proofs, proofs_done, findings;
};
int pack_state_last(struct store *store, const struct request *request, struct pack_state *ret); /* ERR_NOT_FOUND */
void pack_state_drop(struct pack_state *state);
/* All findings of the pack's proof; you drop ret. */
int pack_findings(struct store *store, const struct request *request, int64_t pack_id, struct findings *ret);

/* The handler of the job "bind", in the program that has nothing but covered pages: binds and commits. council: settings. A pack whose row asks for it is
 * bound once more and compared with what it was (pack_ask_rebuild). */
struct bind_job {
    struct store *store;
    const struct rules *rules;
    const char *council, *rules_folder;
    uint32_t volume_pages; /* of the record, in one file at most; 0: all */
};
int pack_bind(const struct bind_job *bind, int64_t job_id, uint32_t attempt, int64_t pack_id);

/* Writes a proved pack with its manifest into folder and enters it in the disclosure log. ERR_STATE with ret->why: not proved, not approved, nobody has
 * confirmed who asks, a consultation is open. ret begins zeroed; release_drop it in any case. */
struct release_order {
    const char *who, *recipient, *how, *folder;
    const char *basis; /* the law it stands on: of the kind of pack */
};
struct release {
    int64_t disclosure_id, leaf;
    char *pack_path, *manifest_path; /* owned; pack_path: the first file */
    size_t files;                    /* volumes */
    char head[96];                   /* of the audit log after the release, signed */
    char *why;                       /* owned */
};
int pack_release(struct store *store, const struct request *request, const struct pack_state *pack, const struct release_order *order,
                 struct release *ret);
void release_drop(struct release *release);

#endif
