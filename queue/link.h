/* link.h: ZeroMQ sockets, made in one place so that every one has its limits: a bounded message, no lingering, bounded queues.
 * A context is made after exec and never crosses a fork. */
#ifndef QUEUE_LINK_H
#define QUEUE_LINK_H

#include "queue/message.h"

#include <stdint.h>

struct link; /* the context and one socket */

/* Keys for CURVE, raw. server: the broker's public key; for a broker its secret in own_secret. */
struct link_keys {
    uint8_t server_public[32];
    uint8_t own_public[32], own_secret[32];
};

/* A worker's end (DEALER). keys: NULL for ipc. */
int link_connect(const char *address, const struct link_keys *keys, struct link **ret);
void link_drop(struct link **link);
int link_fd(const struct link *link); /* to poll for reading; edge-triggered: after it, receive until there is nothing */
/* Waits up to LINK_SEND_MS while the broker is away and the queue is full, then ERR_BUSY. */
#define LINK_SEND_MS 5000
int link_send(struct link *link, const struct message *message);
/* Does not wait: for beats, of which a later one tells the same. */
int link_send_now(struct link *link, const struct message *message);
/* 1 a message (you drop it; its bytes live until the next receive), 0 none now. Broken frames are counted and left out. */
int link_receive(struct link *link, struct message *ret);

/* The broker's end: ROUTER sockets, each message with its sender. */
struct hub;
struct hub_sender {
    uint8_t id[64]; /* the first byte says which socket */
    uint8_t len;
};
/* allow: asked for the public key of whoever wants in over tcp; 1 lets them. */
int hub_new(struct hub **ret);
void hub_drop(struct hub **hub);
int hub_bind_ipc(struct hub *hub, const char *path);
int hub_bind_tcp(struct hub *hub, const char *address, const struct link_keys *keys,
                 int (*allow)(void *state, const uint8_t public_key[32]), void *state);
/* Waits at most wait_ms for a message: 1, 0 or an error. */
int hub_receive(struct hub *hub, int wait_ms, struct hub_sender *ret_from, struct message *ret);
int hub_send(struct hub *hub, const struct hub_sender *to, const struct message *message);

#endif
