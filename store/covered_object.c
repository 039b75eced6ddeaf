#include "store/vault.h"

int covered_open(struct store *store, int64_t object, struct buf *out) {
    return vault_open_kind(store, object, VAULT_COVERED, out);
}
