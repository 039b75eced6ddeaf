/* audit.h: the audit log, a Merkle tree in the manner of RFC 6962: leaf hash H(0 | leaf), node hash H(1 | left | right), H =
 * BLAKE2b-256; heads signed with Ed25519. A leaf holds no personal data: it names rows ("receipt 12", "document 4"). */
#ifndef STORE_AUDIT_H
#define STORE_AUDIT_H

#include "store/store.h"

#define AUDIT_HASH 32
#define AUDIT_HEAD_TEXT 96 /* "1234:9f86d0818...": size and root */

struct audit_head {
    uint64_t size;
    uint8_t root[AUDIT_HASH];
    int64_t at; /* ms */
    uint8_t signature[64];
};

/* Appends a leaf inside the caller's transaction. who: an account or "machine"; place: channel or program; why: "" or a
 * reason. ret_number: the leaf's number from 0, or NULL. */
struct audit_entry {
    const char *who, *action, *what, *place, *why;
};
int audit_add(struct store *store, const struct audit_entry *entry, int64_t *ret_number);
/* Signs the present head and keeps it; inside a transaction. */
int audit_sign(struct store *store, struct audit_head *ret);
/* The last signed head, or ERR_NOT_FOUND. */
int audit_last_head(struct store *store, struct audit_head *ret);
void audit_head_text(const struct audit_head *head, char out[AUDIT_HEAD_TEXT]);

/* A text that leaves the store, such as a pack's manifest, signed with the key of the heads: hexadecimal, each ended by 0. */
#define AUDIT_SIGNATURE_TEXT 129
#define AUDIT_KEY_TEXT 65
void audit_sign_text(const struct store *store, struct view text, char ret_signature[AUDIT_SIGNATURE_TEXT], char ret_public_key[AUDIT_KEY_TEXT]);
/* Whether this store has signed it. */
bool audit_text_is_signed(const struct store *store, struct view text, const char *signature);

/* Recomputes the tree from the leaves; checks the stored tree, every signed head and its signature, and, when given
 * ("1234:9f86d0..."), a head that was printed elsewhere. Returns 0, or ERR_DAMAGED with *ret_why (you free it). */
int audit_verify(struct store *store, const char *printed_head, uint64_t *ret_leaves, char **ret_why);

#endif
