/* broker_keys.c: the broker's side of worker_keys.h: programs that hold the store. */
#include "daemon/worker_keys.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/file.h"

#include <sodium.h>
#include <zmq.h>

void worker_keys_of_broker(const struct store *store, struct link_keys *ret) {
    store_derive(store, "casecurv", ret->own_secret);
    crypto_scalarmult_base(ret->own_public, ret->own_secret);
    for (int i = 0; i < 32; i++)
        ret->server_public[i] = ret->own_public[i];
}

static void file_text(const struct link_keys *keys, struct buf *out) {
    char z85[41];
    buf_add_text(out, "# casefile worker key: keep it secret\n");
    buf_print(out, "server-public %s\n", zmq_z85_encode(z85, keys->server_public, 32));
    buf_print(out, "public %s\n", zmq_z85_encode(z85, keys->own_public, 32));
    buf_print(out, "secret %s\n", zmq_z85_encode(z85, keys->own_secret, 32));
    sodium_memzero(z85, sizeof z85);
}

int worker_keys_new(struct store *store, const char *name, const char *path) {
    struct link_keys broker, keys;
    struct buf text = {0};
    worker_keys_of_broker(store, &broker);
    randombytes_buf(keys.own_secret, 32);
    crypto_scalarmult_base(keys.own_public, keys.own_secret);
    for (int i = 0; i < 32; i++)
        keys.server_public[i] = broker.own_public[i];
    int err = db_run(store->db, "INSERT INTO remote_worker(name, public_key, added_at) VALUES(?, ?, ?)", "tbi", name,
                     view_of(keys.own_public, 32), clock_now());
    if (!err) {
        file_text(&keys, &text);
        err = file_write_durable(path, buf_view(&text), 0600);
    }
    buf_wipe(&text);
    sodium_memzero(&keys, sizeof keys);
    sodium_memzero(&broker, sizeof broker);
    return err;
}

int worker_keys_allowed(struct store *store, const uint8_t public_key[32]) {
    int64_t there;
    return db_int(store->db, &there, "SELECT 1 FROM remote_worker WHERE public_key = ?", "b", view_of(public_key, 32)) == 0;
}
