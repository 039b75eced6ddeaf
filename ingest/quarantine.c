#include "ingest/quarantine.h"

#include "base/err.h"
#include "queue/next.h"
#include "store/audit.h"
#include "store/seal.h"
#include "store/vault.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

static int quarantine_check(struct store *store, int64_t part_id) {
    int64_t there;
    int err = db_int(store->db, &there, "SELECT 1 FROM part WHERE id = ? AND state IN ('quarantined', 'closed')", "i", part_id);
    return err == ERR_NOT_FOUND ? ERR_STATE : err;
}

static int quarantine_audit(struct store *store, int64_t part_id, const char *action, const char *who, const char *why) {
    char what[64];
    snprintf(what, sizeof what, "part %lld", (long long)part_id);
    struct audit_entry entry = {who, action, what, "quarantine", why};
    return audit_add(store, &entry, NULL);
}

/* Its way begins anew. Pages that are in documents stay; those that could not be shown and are in none are tried again. */
static int part_begin_again(struct store *store, int64_t part_id, const char *how) {
    int err = db_run(store->db, "DELETE FROM page WHERE part_id = ? AND document_id IS NULL AND state = 'unreadable'", "i", part_id);
    if (!err)
        err = db_run(store->db, "DELETE FROM page_trouble WHERE part_id = ?", "i", part_id);
    if (!err)
        err = db_run(store->db, "UPDATE part SET state = 'waiting', reason = '', how = ?2, given_to = '' WHERE id = ?1", "it", part_id, how);
    return err ? err : next_after_stored(store, part_id);
}

int quarantine_retry(struct store *store, int64_t part_id, const char *who) {
    int err = quarantine_check(store, part_id);
    if (!err)
        err = part_begin_again(store, part_id, "");
    return err ? err : quarantine_audit(store, part_id, "asked to be tried again", who, "");
}

int quarantine_as_picture(struct store *store, int64_t part_id, const char *who) {
    int err = quarantine_check(store, part_id);
    if (!err)
        err = part_begin_again(store, part_id, "picture");
    return err ? err : quarantine_audit(store, part_id, "asked to be opened as pictures", who, "");
}

int quarantine_unlock(struct store *store, int64_t part_id, const char *password, const char *who) {
    uint8_t key[STORE_KEY_BYTES];
    struct buf sealed = {0};
    int64_t object = 0;
    int64_t locked = 0;
    int err = quarantine_check(store, part_id);
    if (!err)
        err = db_int(store->db, &locked, "SELECT reason LIKE '%password%' FROM part WHERE id = ?", "i", part_id);
    if (!err && !locked)
        err = ERR_REFUSED;
    if (!err)
        err = db_int(store->db, &object, "SELECT object_id FROM part WHERE id = ?", "i", part_id);
    if (!err)
        err = vault_column_key(store, object, key);
    if (!err) {
        seal_bytes(key, "part.password", view_text(password), &sealed);
        err = db_run(store->db, "UPDATE part SET sealed_password = ? WHERE id = ?", "bi", buf_view(&sealed), part_id);
        sodium_memzero(key, sizeof key);
        buf_drop(&sealed);
    }
    if (!err)
        err = part_begin_again(store, part_id, "");
    return err ? err : quarantine_audit(store, part_id, "password given", who, "");
}

int quarantine_give(struct store *store, int64_t part_id, const char *to, const char *who) {
    int err = quarantine_check(store, part_id);
    if (!err)
        err = db_run(store->db, "UPDATE part SET given_to = ? WHERE id = ?", "ti", to, part_id);
    return err ? err : quarantine_audit(store, part_id, *to ? "given to a person" : "taken back from a person", who, to);
}

int quarantine_close(struct store *store, int64_t part_id, const char *why, const char *who) {
    int err = quarantine_check(store, part_id);
    if (!err)
        err = db_run(store->db, "UPDATE part SET state = 'closed' WHERE id = ?", "i", part_id);
    return err ? err : quarantine_audit(store, part_id, "closed", who, why);
}
