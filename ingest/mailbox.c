#include "ingest/mailbox.h"

#include "base/err.h"
#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int mailbox_receive(struct store *store, const struct mailbox *mailbox, const struct mailbox_mail *mail,
                    struct receipt *ret) {
    struct receive_order order = {.channel = "mailbox",
                                  .name = mail->name,
                                  .who = "machine",
                                  .source = mail->source,
                                  .bytes = mail->bytes,
                                  .profile = mailbox->name,
                                  .kind = mailbox->document_kind[0] ? mailbox->document_kind : NULL,
                                  .priority = settings_priority(mailbox->priority)};
    return receive(store, &order, ret);
}

int mailbox_known(struct store *store, const char *source, int64_t *ret_number) {
    uint8_t token[STORE_HASH_BYTES];
    int64_t number = 0;
    store_token(store, source, token);
    int err = db_int(store->db, &number, "SELECT id FROM receipt WHERE source = ?", "b",
                     view_of(token, sizeof token));
    if (err && err != ERR_NOT_FOUND)
        return err;
    *ret_number = err ? 0 : number;
    return 0;
}

void mailbox_store_refused(struct channel_look *look, int err) {
    look->err = err;
    look->store_err = 1;
    snprintf(look->trouble, sizeof look->trouble,
             "taking in has stopped: %s; it goes on by itself when this clears", err_text(err));
}

/* Parts in quarantine, and those with the same bytes, whichever mail was the first: both hold what could not
 * be opened. */
#define TROUBLED_RECEIPTS                                                                                    \
    "SELECT receipt_id FROM part WHERE state = 'quarantined'"                                                \
    " UNION SELECT d.receipt_id FROM part q JOIN part d ON d.content_hash = q.content_hash AND d.same_as = " \
    "q.id"                                                                                                   \
    " WHERE q.state = 'quarantined'"

bool mailbox_receipt_troubled(struct store *store, int64_t number) {
    int64_t one = 0;
    return db_int(store->db, &one,
                  "SELECT 1 FROM part p LEFT JOIN part s ON s.id = p.same_as WHERE p.receipt_id = ?"
                  " AND (p.state = 'quarantined' OR s.state = 'quarantined') LIMIT 1",
                  "i", number) == 0;
}

void mailbox_troubled_done(struct mailbox_troubled *troubled, int64_t number) {
    number_set_add(&troubled->done, number);
}

static void todo_add(struct mailbox_troubled *troubled, struct rows *rows) {
    struct view hash = rows_bytes(rows, 2);
    struct mailbox_quarantined one = {.number = rows_int(rows, 0), .bytes = rows_int(rows, 1)};
    if (number_set_has(&troubled->done, one.number) || hash.len != sizeof one.hash)
        return;
    memcpy(one.hash, hash.data, hash.len);
    troubled->todo = mem_grow(troubled->todo, troubled->todo_count + 1, sizeof *troubled->todo);
    troubled->todo[troubled->todo_count++] = one;
}

int mailbox_troubled_find(struct mailbox_troubled *troubled, struct store *store,
                          const struct mailbox *mailbox) {
    troubled->todo_count = 0;
    struct rows *rows = db_query(
        store->db,
        "SELECT p.receipt_id, p.bytes, p.content_hash FROM part p JOIN receipt r ON r.id = p.receipt_id"
        " WHERE r.channel = 'mailbox' AND r.profile = ? AND p.parent_id IS NULL"
        " AND p.receipt_id IN (" TROUBLED_RECEIPTS ") ORDER BY p.receipt_id",
        "t", mailbox->name);
    while (rows_next(rows) > 0)
        todo_add(troubled, rows);
    return rows_end(&rows);
}

void mailbox_troubled_drop(struct mailbox_troubled *troubled) {
    number_set_drop(&troubled->done);
    free(troubled->todo);
    *troubled = (struct mailbox_troubled){0};
}
