#include "store/vault.h"

int page_picture_open(struct store *store, int64_t object, struct buf *out) {
    return vault_open_kind(store, object, VAULT_PICTURE, out);
}
