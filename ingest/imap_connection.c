#include "ingest/imap_connection.h"

#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"

#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#define CONNECT_SECONDS 15L
#define LOGIN_SECONDS 30L /* all until logged in; a server that refuses a password takes its time */
#define CHUNK 65536

struct imap_connection {
    CURLM *multi;
    CURL *easy;
    curl_socket_t socket;
    int ready;
    struct buf out;
    size_t sent; /* of out */
};

static bool host_is_here(const char *host) {
    return strcasecmp(host, "localhost") == 0 || strncmp(host, "127.", 4) == 0 || strcmp(host, "[::1]") == 0;
}

static bool is_off(const struct mailbox *mailbox) {
    return strcmp(mailbox->tls, "off") == 0;
}

int imap_connection_check(const struct mailbox *mailbox) {
    CURLU *url = curl_url();
    char *scheme = NULL, *host = NULL, *path = NULL, *user = NULL;
    int err = ERR_SETTING;
    if (curl_url_set(url, CURLUPART_URL, mailbox->url, 0) == CURLUE_OK &&
        curl_url_get(url, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
        curl_url_get(url, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
        curl_url_get(url, CURLUPART_PATH, &path, 0) == CURLUE_OK) {
        bool secure = strcmp(scheme, "imaps") == 0;
        bool known = (secure || strcmp(scheme, "imap") == 0) && strcmp(path, "/") == 0;
        /* A name in the address would be shown with it. */
        bool bare = curl_url_get(url, CURLUPART_USER, &user, 0) == CURLUE_NO_USER;
        if (known && bare && (secure || !is_off(mailbox) || host_is_here(host)))
            err = 0;
    }
    curl_free(scheme);
    curl_free(host);
    curl_free(path);
    curl_free(user);
    curl_url_cleanup(url);
    return err;
}

/* The first line of a file that nobody else can read. */
static const char *password_read(const char *path, struct buf *out) {
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0)
        return "the password file cannot be read";
    const char *trouble = NULL;
    if (fstat(fd, &st) || !S_ISREG(st.st_mode) || st.st_size > 4096)
        trouble = "the password file cannot be read";
    else if (st.st_mode & 077)
        trouble = "the password file can be read by others: it must have mode 0600";
    else if (file_read_fd(fd, 4096, out))
        trouble = "the password file cannot be read";
    close(fd);
    if (trouble)
        return trouble;
    size_t len = strcspn(buf_text(out), "\r\n");
    out->data[len] = 0;
    out->len = len;
    return len ? NULL : "the password file is empty";
}

static void options_set(CURL *easy, const struct mailbox *mailbox, const char *password) {
    curl_easy_setopt(easy, CURLOPT_URL, mailbox->url);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "imap,imaps");
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS);
    curl_easy_setopt(easy, CURLOPT_SERVER_RESPONSE_TIMEOUT, CONNECT_SECONDS);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT, LOGIN_SECONDS);
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    if (!is_off(mailbox))
        curl_easy_setopt(easy, CURLOPT_USE_SSL, (long)CURLUSESSL_ALL);
    if (mailbox->ca_file[0])
        curl_easy_setopt(easy, CURLOPT_CAINFO, mailbox->ca_file);
    curl_easy_setopt(easy, CURLOPT_USERNAME, mailbox->user);
    curl_easy_setopt(easy, CURLOPT_PASSWORD, password);
}

int imap_connection_open(const struct mailbox *mailbox, struct imap_connection **ret,
                         const char **ret_trouble) {
    struct buf password = {0};
    const char *trouble = password_read(mailbox->password_file, &password);
    if (trouble) {
        buf_wipe(&password);
        *ret_trouble = trouble;
        return ERR_SETTING;
    }
    struct imap_connection *connection = mem_new(sizeof *connection);
    connection->socket = CURL_SOCKET_BAD;
    connection->multi = curl_multi_init();
    connection->easy = curl_easy_init();
    if (connection->multi && connection->easy) {
        options_set(connection->easy, mailbox, buf_text(&password));
        curl_multi_add_handle(connection->multi, connection->easy);
    }
    buf_wipe(&password);
    if (!connection->multi || !connection->easy) {
        imap_connection_drop(&connection);
        *ret_trouble = "the network cannot be used";
        return ERR_SYSTEM;
    }
    *ret = connection;
    return 0;
}

void imap_connection_drop(struct imap_connection **connection) {
    struct imap_connection *c = *connection;
    if (!c)
        return;
    if (c->multi && c->easy)
        curl_multi_remove_handle(c->multi, c->easy);
    curl_easy_cleanup(c->easy);
    curl_multi_cleanup(c->multi);
    buf_drop(&c->out);
    mem_free(connection);
}

static const char *trouble_text(CURLcode code) {
    switch (code) {
    case CURLE_LOGIN_DENIED:
        return "the password is refused";
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR:
        return "the certificate is not believed";
    case CURLE_SSL_CACERT_BADFILE:
        return "the file of believed certificates cannot be read";
    case CURLE_USE_SSL_FAILED:
        return "the server offers no encryption";
    case CURLE_SSL_CONNECT_ERROR:
        return "no encrypted connection can be made";
    case CURLE_COULDNT_RESOLVE_HOST:
        return "the server's name is not known";
    default:
        return "the server cannot be reached";
    }
}

int imap_connection_ready(struct imap_connection *connection, int wait_ms, const char **ret_trouble) {
    int running = 0, left;
    if (connection->ready)
        return 1;
    curl_multi_perform(connection->multi, &running);
    if (running && wait_ms > 0) {
        curl_multi_poll(connection->multi, NULL, 0, wait_ms, NULL);
        curl_multi_perform(connection->multi, &running);
    }
    CURLMsg *message = curl_multi_info_read(connection->multi, &left);
    if (!message)
        return 0;
    CURLcode code = message->msg == CURLMSG_DONE ? message->data.result : CURLE_OK;
    if (code == CURLE_OK)
        code = curl_easy_getinfo(connection->easy, CURLINFO_ACTIVESOCKET, &connection->socket);
    if (code != CURLE_OK || connection->socket == CURL_SOCKET_BAD) {
        *ret_trouble = trouble_text(code);
        return ERR_SYSTEM;
    }
    connection->ready = 1;
    return 1;
}

int imap_connection_fd(const struct imap_connection *connection) {
    return connection->ready ? connection->socket : -1;
}

void imap_connection_say(struct imap_connection *connection, const char *text) {
    if (connection->sent == connection->out.len) {
        buf_reset(&connection->out);
        connection->sent = 0;
    }
    buf_add_text(&connection->out, text);
}

static int pump_out(struct imap_connection *c) {
    int moved = 0;
    while (c->sent < c->out.len) {
        size_t n = 0;
        CURLcode code = curl_easy_send(c->easy, c->out.data + c->sent, c->out.len - c->sent, &n);
        if (code == CURLE_AGAIN)
            return moved;
        if (code != CURLE_OK)
            return ERR_SYSTEM;
        c->sent += n;
        moved = 1;
    }
    return moved;
}

int imap_connection_pump(struct imap_connection *connection, struct imap_reader *reader) {
    size_t got = 0;
    int moved = pump_out(connection);
    if (moved < 0)
        return moved;
    uint8_t *room = buf_room(&reader->in, CHUNK);
    CURLcode code = curl_easy_recv(connection->easy, room, CHUNK, &got);
    reader->in.len -= CHUNK - got;
    if (code == CURLE_AGAIN)
        return moved;
    return code != CURLE_OK || !got ? ERR_SYSTEM : 1;
}

void imap_connection_wait(const struct imap_connection *connection, int wait_ms) {
    short out = connection->sent < connection->out.len ? POLLOUT : 0;
    struct pollfd p = {.fd = connection->socket, .events = (short)(POLLIN | out)};
    if (wait_ms > 0)
        poll(&p, 1, wait_ms);
}
