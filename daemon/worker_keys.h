/* worker_keys.h: the file that lets a worker on another machine in: three lines of Z85 text (ZeroMQ RFC 32), "server-public",
 * "public", "secret". Mode 0600. */
#ifndef DAEMON_WORKER_KEYS_H
#define DAEMON_WORKER_KEYS_H

#include "queue/link.h"
#include "store/store.h"

int worker_keys_read(const char *path, struct link_keys *ret);
/* The broker's own pair, derived from the master key; server_public = own_public. */
void worker_keys_of_broker(const struct store *store, struct link_keys *ret);
/* Makes a pair for a worker, lets it in, and writes its file. ERR_EXISTS: there is one of that name. */
int worker_keys_new(struct store *store, const char *name, const char *path);
int worker_keys_allowed(struct store *store, const uint8_t public_key[32]);

#endif
