/* ZeroMQ links: over ipc, over tcp with CURVE, and whoever is not known there. */
#include "base/clock.h"
#include "queue/link.h"
#include "queue/session.h"
#include "tests/unit/store_fixture.h"

#include <sodium.h>
#include <zmq.h>

struct folder {
    char path[64], socket[96], address[112];
};

static int folder_new(void **state) {
    struct folder *f = mem_new(sizeof *f);
    snprintf(f->path, sizeof f->path, "/tmp/casefile-test-XXXXXX");
    if (!mkdtemp(f->path) || sodium_init() < 0)
        return -1;
    snprintf(f->socket, sizeof f->socket, "%s/broker", f->path);
    snprintf(f->address, sizeof f->address, "ipc://%s", f->socket);
    *state = f;
    return 0;
}

static int folder_drop(void **state) {
    struct folder *f = *state;
    folder_remove(f->path);
    free(f);
    return 0;
}

static int hub_wait(struct hub *hub, struct hub_sender *from, struct message *message, int most_ms) {
    int n = 0;
    for (int64_t until = clock_steady() + most_ms; n == 0 && clock_steady() < until;)
        n = hub_receive(hub, 10, from, message);
    return n;
}

static int link_wait(struct link *link, struct message *message, int most_ms) {
    int n = 0;
    for (int64_t until = clock_steady() + most_ms; n == 0 && clock_steady() < until; usleep(2000))
        n = link_receive(link, message);
    return n;
}

static void there_and_back_over_ipc(void **state) {
    struct folder *f = *state;
    struct hub *hub = NULL;
    struct link *link = NULL;
    struct hub_sender from;
    struct stat st;
    struct message got = {0}, ready = {.type = MESSAGE_READY, .name = (char[]){"w1"}, .kinds = (char[]){"open"}, .pid = 7};
    assert_int_equal(hub_new(&hub), 0);
    assert_int_equal(hub_bind_ipc(hub, f->socket), 0);
    assert_int_equal(stat(f->socket, &st), 0);
    assert_int_equal(st.st_mode & 077, 0); /* nobody else may even knock */
    assert_int_equal(hub_receive(hub, 0, &from, &got), 0);
    assert_int_equal(link_connect(f->address, NULL, &link), 0);
    assert_true(link_fd(link) >= 0);
    assert_int_equal(link_receive(link, &got), 0);
    assert_int_equal(link_send(link, &ready), 0);
    assert_int_equal(hub_wait(hub, &from, &got, 3000), 1);
    assert_int_equal(got.type, MESSAGE_READY);
    assert_string_equal(got.name, "w1");
    assert_int_equal(got.pid, 7);
    message_drop(&got);
    struct buf big = {0};
    memset(buf_room(&big, 3 << 20), 'x', 3 << 20);
    struct message job = {.type = MESSAGE_JOB, .job = 9, .attempt = 1, .kind = (char[]){"open"}, .subject = 4, .bytes = buf_view(&big)};
    assert_int_equal(hub_send(hub, &from, &job), 0);
    assert_int_equal(link_wait(link, &got, 3000), 1);
    assert_int_equal(got.type, MESSAGE_JOB);
    assert_true(view_equal(got.bytes, buf_view(&big)));
    message_drop(&got);
    buf_drop(&big);
    link_drop(&link);
    assert_null(link);
    /* The worker has gone: that is told, not swallowed. */
    int err = 0;
    for (int i = 0; i < 200 && !err; i++, usleep(5000))
        err = hub_send(hub, &from, &(struct message){.type = MESSAGE_STALE, .job = 9});
    assert_int_equal(err, ERR_NOT_FOUND);
    hub_drop(&hub);
    assert_null(hub);
}

/* Bytes that are no message, and messages of many frames: dropped, and the next good one comes through. */
static void rubbish_is_dropped_and_the_rest_goes_on(void **state) {
    struct folder *f = *state;
    struct hub *hub = NULL;
    struct hub_sender from;
    struct message got = {0};
    assert_int_equal(hub_new(&hub), 0);
    assert_int_equal(hub_bind_ipc(hub, f->socket), 0);
    void *context = zmq_ctx_new(), *socket = zmq_socket(context, ZMQ_DEALER);
    assert_int_equal(zmq_connect(socket, f->address), 0);
    zmq_send(socket, "rubbish", 7, 0);
    zmq_send(socket, "", 0, 0);
    zmq_send(socket, "many", 4, ZMQ_SNDMORE);
    zmq_send(socket, "frames", 6, 0);
    struct buf good = {0};
    message_encode(&(struct message){.type = MESSAGE_NUDGE, .job = 31}, &good);
    zmq_send(socket, good.data, good.len, 0);
    assert_int_equal(hub_wait(hub, &from, &got, 3000), 1);
    assert_int_equal(got.type, MESSAGE_NUDGE);
    assert_int_equal(got.job, 31);
    message_drop(&got);
    buf_drop(&good);
    int linger = 0;
    zmq_setsockopt(socket, ZMQ_LINGER, &linger, sizeof linger);
    zmq_close(socket);
    zmq_ctx_term(context);
    hub_drop(&hub);
}

static void wrong_addresses_come_back(void **state) {
    (void)state;
    struct hub *hub = NULL;
    struct link *link = NULL;
    assert_int_equal(link_connect("nonsense", NULL, &link), ERR_SYSTEM);
    assert_null(link);
    assert_int_equal(hub_new(&hub), 0);
    assert_int_equal(hub_bind_ipc(hub, "/nonexistent/folder/broker"), ERR_SYSTEM);
    hub_drop(&hub);
}

static int allow_one(void *state, const uint8_t public_key[32]) {
    uint8_t **seen = state;
    return memcmp(seen[0], public_key, 32) == 0;
}

/* A free port of the loopback, found by binding to none in particular. */
static int hub_bind_loopback(struct hub *hub, const struct link_keys *keys, uint8_t **allowed, char address[64]) {
    int err = ERR_SYSTEM;
    for (int port = 20000 + (int)getpid() % 20000, i = 0; i < 50 && err; i++, port++) {
        snprintf(address, 64, "tcp://127.0.0.1:%d", port);
        void *context = zmq_ctx_new(), *probe = zmq_socket(context, ZMQ_ROUTER);
        int free_port = zmq_bind(probe, address) == 0;
        zmq_close(probe);
        zmq_ctx_term(context);
        if (free_port)
            err = hub_bind_tcp(hub, address, keys, allow_one, allowed);
        if (free_port)
            break;
    }
    return err;
}

static void only_known_keys_come_in_over_tcp(void **state) {
    struct folder *f = *state;
    struct link_keys broker = {0}, friend = {0}, stranger = {0}, mistaken;
    struct hub *hub = NULL;
    struct hub_sender from, local;
    struct message got = {0};
    char address[64];
    crypto_box_keypair(broker.own_public, broker.own_secret);
    crypto_box_keypair(friend.own_public, friend.own_secret);
    crypto_box_keypair(stranger.own_public, stranger.own_secret);
    memcpy(friend.server_public, broker.own_public, 32);
    memcpy(stranger.server_public, broker.own_public, 32);
    mistaken = friend;
    memcpy(mistaken.server_public, stranger.own_public, 32); /* takes somebody else for the broker */
    uint8_t *allowed[1] = {friend.own_public};
    assert_int_equal(hub_new(&hub), 0);
    assert_int_equal(hub_bind_ipc(hub, f->socket), 0);
    assert_int_equal(hub_bind_loopback(hub, &broker, allowed, address), 0);

    struct link *links[4] = {0};
    assert_int_equal(link_connect(address, &stranger, &links[0]), 0);
    assert_int_equal(link_connect(address, NULL, &links[1]), 0); /* no key at all */
    assert_int_equal(link_connect(address, &mistaken, &links[2]), 0);
    for (int i = 0; i < 3; i++)
        assert_int_equal(link_send(links[i], &(struct message){.type = MESSAGE_NUDGE, .job = 666}), 0);
    assert_int_equal(hub_wait(hub, &from, &got, 700), 0); /* nothing of them arrives */

    assert_int_equal(link_connect(address, &friend, &links[3]), 0);
    assert_int_equal(link_send(links[3], &(struct message){.type = MESSAGE_NUDGE, .job = 1}), 0);
    assert_int_equal(hub_wait(hub, &from, &got, 5000), 1);
    assert_int_equal(got.job, 1);
    message_drop(&got);
    assert_int_equal(hub_send(hub, &from, &(struct message){.type = MESSAGE_STALE, .job = 2, .attempt = 3}), 0);
    assert_int_equal(link_wait(links[3], &got, 3000), 1);
    assert_int_equal(got.attempt, 3);
    message_drop(&got);
    for (int i = 0; i < 4; i++)
        link_drop(&links[i]);

    /* Those on this machine need no key beside it. */
    struct link *own = NULL;
    assert_int_equal(link_connect(f->address, NULL, &own), 0);
    assert_int_equal(link_send(own, &(struct message){.type = MESSAGE_NUDGE, .job = 3}), 0);
    assert_int_equal(hub_wait(hub, &local, &got, 3000), 1);
    assert_int_equal(got.job, 3);
    assert_int_not_equal(local.id[0], from.id[0]); /* the first byte tells by which door */
    message_drop(&got);
    link_drop(&own);
    hub_drop(&hub);
}

/* However busy the local door is, one who comes over tcp gets in between. */
static void no_door_starves_the_other(void **state) {
    struct folder *f = *state;
    struct link_keys broker = {0}, friend = {0};
    struct hub *hub = NULL;
    struct hub_sender from;
    struct message got = {0};
    char address[64];
    crypto_box_keypair(broker.own_public, broker.own_secret);
    crypto_box_keypair(friend.own_public, friend.own_secret);
    memcpy(friend.server_public, broker.own_public, 32);
    uint8_t *allowed[1] = {friend.own_public};
    struct link *busy = NULL, *remote = NULL;
    assert_int_equal(hub_new(&hub), 0);
    assert_int_equal(hub_bind_ipc(hub, f->socket), 0);
    assert_int_equal(hub_bind_loopback(hub, &broker, allowed, address), 0);
    assert_int_equal(link_connect(f->address, NULL, &busy), 0);
    assert_int_equal(link_connect(address, &friend, &remote), 0);
    for (int i = 0; i < 60; i++)
        assert_int_equal(link_send(busy, &(struct message){.type = MESSAGE_NUDGE, .job = 1}), 0);
    usleep(100000);
    assert_int_equal(link_send(remote, &(struct message){.type = MESSAGE_NUDGE, .job = 2}), 0);
    int local = 0, seen = 0; /* its handshake, too, needs the hub while the local door never falls silent */
    for (int i = 0; i < 500 && !seen; i++, usleep(10000))
        if (hub_receive(hub, 10, &from, &got) > 0) {
            seen = got.job == 2;
            local += !seen;
            message_drop(&got);
        }
    assert_true(seen);
    assert_true(local < 60);
    link_drop(&busy);
    link_drop(&remote);
    hub_drop(&hub);
}

static void a_session_beats_and_drops_what_is_stale(void **state) {
    struct folder *f = *state;
    struct hub *hub = NULL;
    struct hub_sender from;
    struct message got = {0};
    struct session session = {0};
    assert_int_equal(hub_new(&hub), 0);
    assert_int_equal(hub_bind_ipc(hub, f->socket), 0);
    assert_int_equal(session_open(f->address, NULL, "w1", "open", &session), 0);
    assert_int_equal(hub_wait(hub, &from, &got, 3000), 1);
    assert_int_equal(got.type, MESSAGE_READY);
    message_drop(&got);
    struct message job = {.type = MESSAGE_JOB, .job = 5, .attempt = 2, .kind = (char[]){"open"}, .subject = 8};
    assert_int_equal(hub_send(hub, &from, &job), 0);
    int n = 0;
    for (int i = 0; i < 1000 && n == 0; i++, usleep(2000))
        n = session_receive(&session, &got);
    assert_int_equal(n, 1);
    assert_int_equal(session.job, 5);
    message_drop(&got);
    session_beat(&session, "page 1"); /* not due yet */
    session.beat_ms -= SESSION_BEAT_MS;
    session_beat(&session, "page 1");
    assert_int_equal(session_result(&session, view_text("piece")), 0);
    assert_int_equal(hub_wait(hub, &from, &got, 3000), 1);
    assert_int_equal(got.type, MESSAGE_BEAT);
    assert_int_equal(got.job, 5);
    assert_int_equal(got.attempt, 2);
    assert_string_equal(got.doing, "page 1");
    message_drop(&got);
    assert_int_equal(hub_wait(hub, &from, &got, 3000), 1);
    assert_int_equal(got.type, MESSAGE_RESULT);
    message_drop(&got);
    /* About another attempt: nothing; about this one: it ends. */
    assert_int_equal(hub_send(hub, &from, &(struct message){.type = MESSAGE_STALE, .job = 5, .attempt = 1}), 0);
    assert_int_equal(hub_send(hub, &from, &(struct message){.type = MESSAGE_STALE, .job = 5, .attempt = 2}), 0);
    for (n = 0; n == 0; usleep(2000))
        n = session_receive(&session, &got);
    assert_int_equal(n, 2);
    assert_int_equal(session.job, 0);
    assert_int_equal(hub_wait(hub, &from, &got, 3000), 1);
    assert_int_equal(got.type, MESSAGE_READY);
    message_drop(&got);
    session_close(&session);
    assert_int_equal(hub_wait(hub, &from, &got, 3000), 1);
    assert_int_equal(got.type, MESSAGE_BYE);
    assert_string_equal(got.name, "w1");
    message_drop(&got);
    assert_int_equal(session_error_is_final(ERR_DAMAGED), 1);
    assert_int_equal(session_error_is_final(ERR_CRASHED), 0);
    assert_int_equal(session_error_is_final(ERR_BUSY), 0);
    hub_drop(&hub);
}

#define T(f) cmocka_unit_test_setup_teardown(f, folder_new, folder_drop)
int main(void) {
    const struct CMUnitTest tests[] = {T(there_and_back_over_ipc), T(rubbish_is_dropped_and_the_rest_goes_on), T(wrong_addresses_come_back),
                                       T(only_known_keys_come_in_over_tcp), T(no_door_starves_the_other),
                                       T(a_session_beats_and_drops_what_is_stale)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
