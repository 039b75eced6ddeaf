#include "store/vault.h"

int original_open(struct store *store, int64_t object, struct buf *out) {
    return vault_open_kind(store, object, VAULT_ORIGINAL, out);
}
