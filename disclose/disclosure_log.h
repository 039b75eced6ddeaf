/* disclosure_log.h: what went to whom, when, how, in which version, approved by whom, on what basis (recording policy, section 8). A row is never changed;
 * its leaf in the audit log pins it. A release that was a mistake is recalled by another row. */
#ifndef DISCLOSE_DISCLOSURE_LOG_H
#define DISCLOSE_DISCLOSURE_LOG_H

#include "disclose/request.h"

struct disclosure {
    int64_t id, released_at, leaf, version, pages;
    const char *request, *recipient, *how, *released_by, *approved_by, *basis, *hash, *head;
    int64_t recalled_at; /* 0: it was not */
    const char *recalled_by, *recall_why;
};
/* All disclosures, the oldest first; recipient: only those to it (text_key forms are compared, a part is enough), or NULL. Texts are borrowed.
 * Whoever reads them reads personal data: the caller audits. */
int disclosures_each(struct store *store, const char *recipient, int (*each)(void *state, const struct disclosure *one), void *state);

/* Whether the log is whole: the audit log verifies, each row's leaf says what the row says, each head that was printed is one of the log, and each pack in
 * the vault is what was sent. ERR_DAMAGED with *ret_why (you free it). */
int disclosures_verify(struct store *store, int64_t *ret_count, char **ret_why);
/* The disclosure in which a file with that SHA-256 (hexadecimal) went out; ERR_NOT_FOUND. */
int disclosure_of_hash(struct store *store, const char *hash, int64_t *ret_id);

/* Whether a manifest with its signature (the text of manifest.json.sig) is one that this store has signed. */
bool manifest_is_signed(const struct store *store, struct view manifest, const char *signature);

/* The release was a mistake. why: sealed, has to be there (ERR_INPUT). ERR_NOT_FOUND, ERR_STATE: recalled already. Adds the event "recalled" to the
 * request. Own transaction. */
int disclosure_recall(struct store *store, const struct rules *rules, int64_t disclosure_id, const char *who, const char *why, int64_t *ret_leaf);
/* What has to be known of a recalled release: for the report. documents, pages: in the pack; covered: decisions to cover in it; others: other people whose
 * data it released by decision. */
struct recall_facts {
    int64_t documents, pages, covered, released;
};
int recall_facts(struct store *store, int64_t disclosure_id, struct recall_facts *ret);

#endif
