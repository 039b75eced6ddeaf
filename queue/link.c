#include "queue/link.h"

#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zmq.h>

#define LINK_MESSAGE_BYTES (1400ll << 20)
#define LINK_HIGH_WATER 64
#define ZAP_ADDRESS "inproc://zeromq.zap.01"

struct link {
    void *context, *socket;
    zmq_msg_t last; /* the frame that the last message's bytes lie in */
};

enum { HUB_IPC, HUB_TCP, HUB_SOCKETS };

struct hub {
    void *context;
    void *sockets[HUB_SOCKETS], *zap;
    zmq_msg_t last;
    int (*allow)(void *state, const uint8_t public_key[32]);
    void *state;
    unsigned turn; /* which socket is looked at first: none shall starve the others */
};

static int set(void *socket, int option, int value) {
    return zmq_setsockopt(socket, option, &value, sizeof value);
}

static void *socket_new(void *context, int type) {
    int64_t most = LINK_MESSAGE_BYTES;
    void *socket = zmq_socket(context, type);
    if (!socket)
        return NULL;
    zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &most, sizeof most);
    set(socket, ZMQ_LINGER, 500);
    set(socket, ZMQ_SNDHWM, LINK_HIGH_WATER);
    set(socket, ZMQ_RCVHWM, LINK_HIGH_WATER);
    set(socket, ZMQ_RECONNECT_IVL, 100);
    set(socket, ZMQ_RECONNECT_IVL_MAX, 2000);
    set(socket, ZMQ_HEARTBEAT_IVL, 5000);
    set(socket, ZMQ_HANDSHAKE_IVL, 5000);
    return socket;
}

static int link_error(const char *doing) {
    log_error("queue: %s: %s", doing, zmq_strerror(zmq_errno()));
    return ERR_SYSTEM;
}

int link_connect(const char *address, const struct link_keys *keys, struct link **ret) {
    struct link *link = mem_new(sizeof *link);
    zmq_msg_init(&link->last);
    link->context = zmq_ctx_new();
    link->socket = socket_new(link->context, ZMQ_DEALER);
    set(link->socket, ZMQ_SNDTIMEO, LINK_SEND_MS);
    if (keys) {
        zmq_setsockopt(link->socket, ZMQ_CURVE_SERVERKEY, keys->server_public, 32);
        zmq_setsockopt(link->socket, ZMQ_CURVE_PUBLICKEY, keys->own_public, 32);
        zmq_setsockopt(link->socket, ZMQ_CURVE_SECRETKEY, keys->own_secret, 32);
    }
    if (zmq_connect(link->socket, address)) {
        int err = link_error("connect");
        link_drop(&link);
        return err;
    }
    *ret = link;
    return 0;
}

void link_drop(struct link **link) {
    if (!*link)
        return;
    zmq_msg_close(&(*link)->last);
    if ((*link)->socket)
        zmq_close((*link)->socket);
    zmq_ctx_term((*link)->context);
    mem_free(link);
}

int link_fd(const struct link *link) {
    int fd = -1;
    size_t len = sizeof fd;
    zmq_getsockopt(link->socket, ZMQ_FD, &fd, &len);
    return fd;
}

static int send_message(void *socket, const struct message *message, int flags) {
    struct buf bytes = {0};
    message_encode(message, &bytes);
    int n = zmq_send(socket, bytes.data, bytes.len, flags);
    buf_wipe(&bytes);
    return n >= 0 ? 0 : zmq_errno() == EAGAIN ? ERR_BUSY : ERR_SYSTEM;
}

int link_send(struct link *link, const struct message *message) {
    return send_message(link->socket, message, 0);
}

int link_send_now(struct link *link, const struct message *message) {
    return send_message(link->socket, message, ZMQ_DONTWAIT);
}

static int frame_more(void *socket) {
    int more = 0;
    size_t len = sizeof more;
    zmq_getsockopt(socket, ZMQ_RCVMORE, &more, &len);
    return more;
}

/* Takes the rest of a many-frame message that is none of ours. */
static void frames_skip(void *socket) {
    while (frame_more(socket)) {
        zmq_msg_t frame;
        zmq_msg_init(&frame);
        zmq_msg_recv(&frame, socket, 0);
        zmq_msg_close(&frame);
    }
}

static int frame_take(void *socket, zmq_msg_t *last, struct message *ret) {
    zmq_msg_close(last);
    zmq_msg_init(last);
    if (zmq_msg_recv(last, socket, ZMQ_DONTWAIT) < 0)
        return 0;
    int err = frame_more(socket) ? ERR_PROTOCOL : 0;
    frames_skip(socket);
    if (!err)
        err = message_decode(view_of(zmq_msg_data(last), zmq_msg_size(last)), ret);
    if (err)
        log_warn("queue: a message that is none of ours was dropped");
    return err ? ERR_PROTOCOL : 1;
}

int link_receive(struct link *link, struct message *ret) {
    int n;
    do
        n = frame_take(link->socket, &link->last, ret);
    while (n == ERR_PROTOCOL);
    return n;
}

int hub_new(struct hub **ret) {
    struct hub *hub = mem_new(sizeof *hub);
    zmq_msg_init(&hub->last);
    hub->context = zmq_ctx_new();
    *ret = hub;
    return 0;
}

void hub_drop(struct hub **hub) {
    if (!*hub)
        return;
    zmq_msg_close(&(*hub)->last);
    for (int i = 0; i < HUB_SOCKETS; i++)
        if ((*hub)->sockets[i])
            zmq_close((*hub)->sockets[i]);
    if ((*hub)->zap)
        zmq_close((*hub)->zap);
    zmq_ctx_term((*hub)->context);
    mem_free(hub);
}

int hub_bind_ipc(struct hub *hub, const char *path) {
    char *address = mem_print("ipc://%s", path);
    hub->sockets[HUB_IPC] = socket_new(hub->context, ZMQ_ROUTER);
    set(hub->sockets[HUB_IPC], ZMQ_ROUTER_MANDATORY, 1);
    mode_t old = umask(077);
    int err = zmq_bind(hub->sockets[HUB_IPC], address) ? link_error("bind ipc") : 0;
    umask(old);
    free(address);
    return err;
}

int hub_bind_tcp(struct hub *hub, const char *address, const struct link_keys *keys,
                 int (*allow)(void *state, const uint8_t public_key[32]), void *state) {
    int server = 1;
    hub->allow = allow;
    hub->state = state;
    hub->zap = zmq_socket(hub->context, ZMQ_REP);
    set(hub->zap, ZMQ_LINGER, 0);
    if (zmq_bind(hub->zap, ZAP_ADDRESS))
        return link_error("bind zap");
    void *socket = hub->sockets[HUB_TCP] = socket_new(hub->context, ZMQ_ROUTER);
    set(socket, ZMQ_ROUTER_MANDATORY, 1);
    set(socket, ZMQ_IPV6, 1);
    zmq_setsockopt(socket, ZMQ_CURVE_SERVER, &server, sizeof server);
    zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, keys->own_secret, 32);
    zmq_setsockopt(socket, ZMQ_ZAP_DOMAIN, "casefile", 8);
    return zmq_bind(socket, address) ? link_error("bind tcp") : 0;
}

/* ZeroMQ RFC 27: version, request id, domain, address, identity, mechanism, credentials. */
static void hub_answer_zap(struct hub *hub) {
    char frames[8][256];
    size_t sizes[8] = {0};
    int n = 0;
    do {
        char spare[256];
        int got = zmq_recv(hub->zap, n < 8 ? frames[n] : spare, 256, 0);
        if (n < 8)
            sizes[n] = got < 0 ? 0 : got > 256 ? 256 : (size_t)got;
        n++;
    } while (frame_more(hub->zap));
    int right = n == 7 && sizes[5] == 5 && memcmp(frames[5], "CURVE", 5) == 0 && sizes[6] == 32 &&
                hub->allow(hub->state, (const uint8_t *)frames[6]);
    zmq_send(hub->zap, "1.0", 3, ZMQ_SNDMORE);
    zmq_send(hub->zap, frames[1], sizes[1], ZMQ_SNDMORE);
    zmq_send(hub->zap, right ? "200" : "400", 3, ZMQ_SNDMORE);
    zmq_send(hub->zap, right ? "OK" : "no such worker", right ? 2 : 14, ZMQ_SNDMORE);
    zmq_send(hub->zap, "", 0, ZMQ_SNDMORE);
    zmq_send(hub->zap, "", 0, 0);
    if (!right)
        log_warn("queue: a worker with an unknown key was turned away");
}

static int hub_take(struct hub *hub, int which, struct hub_sender *ret_from, struct message *ret) {
    void *socket = hub->sockets[which];
    zmq_msg_t id;
    zmq_msg_init(&id);
    int n = zmq_msg_recv(&id, socket, ZMQ_DONTWAIT);
    if (n < 0) {
        zmq_msg_close(&id);
        return 0;
    }
    int good = n > 0 && n < 63 && frame_more(socket);
    if (good) {
        ret_from->id[0] = (uint8_t)which;
        memcpy(ret_from->id + 1, zmq_msg_data(&id), (size_t)n);
        ret_from->len = (uint8_t)(n + 1);
    }
    zmq_msg_close(&id);
    if (!good) {
        frames_skip(socket);
        return ERR_PROTOCOL;
    }
    return frame_take(socket, &hub->last, ret);
}

int hub_receive(struct hub *hub, int wait_ms, struct hub_sender *ret_from, struct message *ret) {
    zmq_pollitem_t items[HUB_SOCKETS + 1];
    int which[HUB_SOCKETS + 1], n = 0;
    for (int i = 0; i < HUB_SOCKETS; i++)
        if (hub->sockets[i]) {
            which[n] = i;
            items[n++] = (zmq_pollitem_t){.socket = hub->sockets[i], .events = ZMQ_POLLIN};
        }
    if (hub->zap) {
        which[n] = -1;
        items[n++] = (zmq_pollitem_t){.socket = hub->zap, .events = ZMQ_POLLIN};
    }
    if (zmq_poll(items, n, wait_ms) < 0)
        return zmq_errno() == EINTR ? 0 : link_error("poll");
    int got = 0;
    hub->turn++;
    for (int k = 0; k < n && got <= 0; k++) {
        int i = (int)((hub->turn + (unsigned)k) % (unsigned)n);
        if (!(items[i].revents & ZMQ_POLLIN))
            continue;
        if (which[i] < 0)
            hub_answer_zap(hub);
        else
            got = hub_take(hub, which[i], ret_from, ret);
    }
    return got == ERR_PROTOCOL ? 0 : got;
}

int hub_send(struct hub *hub, const struct hub_sender *to, const struct message *message) {
    void *socket = hub->sockets[to->id[0]];
    if (zmq_send(socket, to->id + 1, (size_t)(to->len - 1), ZMQ_SNDMORE | ZMQ_DONTWAIT) < 0)
        return ERR_NOT_FOUND; /* the worker has gone */
    return send_message(socket, message, ZMQ_DONTWAIT);
}
