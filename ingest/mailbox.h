/* mailbox.h: what a Maildir and an IMAP folder have in common: mails that become receipts, and the mails that
 * ended in quarantine. */
#ifndef INGEST_MAILBOX_H
#define INGEST_MAILBOX_H

#include "base/number_set.h"
#include "config/settings.h"
#include "ingest/channel.h"
#include "ingest/receive.h"
#include "store/store.h"

#include <stdbool.h>

/* A mail as its channel gives it. */
struct mailbox_mail {
    const char *name;   /* such as "mail.eml" */
    const char *source; /* see receive.h */
    struct view bytes;
};

/* As receive(), with the mailbox's name, kind of document and priority. */
int mailbox_receive(struct store *store, const struct mailbox *mailbox, const struct mailbox_mail *mail,
                    struct receipt *ret);

/* The receipt of the item with this source, or 0 when it was never received. */
int mailbox_known(struct store *store, const char *source, int64_t *ret_number);

/* The store has refused: err, said in the look. */
void mailbox_store_refused(struct channel_look *look, int err);

/* Whether a part of the receipt, or the one that it is a copy of, is in quarantine; false also when that
 * cannot be told. */
bool mailbox_receipt_troubled(struct store *store, int64_t number);

/* Receipts of a mailbox with such a part that were not dealt with in this run of the program. */
struct mailbox_troubled {
    struct number_set done;
    struct mailbox_quarantined {
        int64_t number;
        int64_t bytes;                  /* of the mail itself */
        uint8_t hash[STORE_HASH_BYTES]; /* see store_content_hash() */
    } *todo;                            /* in order of the numbers */
    size_t todo_count;
};

/* Fills todo anew. */
int mailbox_troubled_find(struct mailbox_troubled *troubled, struct store *store,
                          const struct mailbox *mailbox);
void mailbox_troubled_done(struct mailbox_troubled *troubled, int64_t number); /* todo stays as it is */
void mailbox_troubled_drop(struct mailbox_troubled *troubled);

#endif
