/* A small IMAP server in a thread, for tests: it can cut the connection after so many bytes, be full, know no MOVE, and so on. */
#ifndef TESTS_IMAP_FAKE_H
#define TESTS_IMAP_FAKE_H

#include "base/buf.h"
#include "base/mem.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#define FAKE_MAILS 64

struct fake_mail {
    unsigned uid;
    char *bytes; /* NULL: not there any more */
    bool deleted, seen;
    int folder;
};

struct fake {
    int listener, port;
    pthread_t thread;
    pthread_mutex_t lock;
    atomic_bool stop;
    struct fake_mail mails[FAKE_MAILS];
    int mail_count;
    const char *folders[8]; /* [0] "INBOX" */
    int folder_count;
    unsigned uidnext;
    int creates;
    /* How it behaves. */
    const char *capability, *password_base64;
    long cut_after;        /* bytes that it sends before it breaks off, once; -1: never */
    unsigned cut_in_uid;   /* breaks off whenever this mail is fetched */
    unsigned lies_uid;     /* says that this mail is small, and announces a huge one */
    bool full, chatty, refuse_body;
    /* What it did. */
    atomic_int connections, bodies, logins, idles;
    /* The connection. */
    int socket, selected;
    long sent;
    bool broken, idling;
};

static void fake_send(struct fake *f, const void *data, size_t len) {
    if (f->broken)
        return;
    size_t n = len;
    if (f->cut_after >= 0 && f->sent + (long)len >= f->cut_after) {
        n = (size_t)(f->cut_after - f->sent);
        f->broken = true;
        f->cut_after = -1;
    }
    if (n && send(f->socket, data, n, MSG_NOSIGNAL) < 0)
        f->broken = true;
    f->sent += (long)n;
}

static void fake_say(struct fake *f, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void fake_say(struct fake *f, const char *format, ...) {
    char *text = NULL;
    va_list ap;
    va_start(ap, format);
    int n = vasprintf(&text, format, ap);
    va_end(ap);
    fake_send(f, text, (size_t)n);
    free(text);
}

static int fake_folder(const struct fake *f, const char *quoted) {
    char name[64] = "";
    sscanf(quoted, "\"%63[^\"]\"", name);
    for (int i = 0; i < f->folder_count; i++)
        if (strcmp(f->folders[i], name) == 0)
            return i;
    return -1;
}

static struct fake_mail *fake_find(struct fake *f, unsigned uid) {
    for (int i = 0; i < f->mail_count; i++)
        if (f->mails[i].bytes && f->mails[i].uid == uid && f->mails[i].folder == f->selected)
            return &f->mails[i];
    return NULL;
}

static void fake_fetch(struct fake *f, const char *list, bool body) {
    for (const char *at = list; *at; at += strcspn(at, ","), at += *at == ',') {
        struct fake_mail *mail = fake_find(f, (unsigned)strtoul(at, NULL, 10));
        if (!mail)
            continue;
        bool lies = mail->uid == f->lies_uid;
        if (!body) {
            fake_say(f, "* %d FETCH (FLAGS (\\Recent $x) UID %u INTERNALDATE \"17-Nov-2026 02:44:%02u +0000\" RFC822.SIZE %zu)\r\n", 1, mail->uid,
                     mail->uid % 60, lies ? 5 : strlen(mail->bytes));
            continue;
        }
        f->bodies++;
        fake_say(f, "* %d FETCH (UID %u BODY[] {%zu}\r\n", 1, mail->uid, lies ? (size_t)1 << 40 : strlen(mail->bytes));
        fake_send(f, mail->bytes, mail->uid == f->cut_in_uid ? 3 : strlen(mail->bytes));
        f->broken = f->broken || mail->uid == f->cut_in_uid;
        fake_say(f, ")\r\n");
    }
}

static void fake_search(struct fake *f, const char *how) {
    unsigned from = 0, larger = 0, smaller = 1u << 30;
    const char *at;
    if ((at = strstr(how, "UID ")))
        from = (unsigned)strtoul(at + 4, NULL, 10);
    if ((at = strstr(how, "LARGER ")))
        larger = (unsigned)strtoul(at + 7, NULL, 10);
    if ((at = strstr(how, "SMALLER ")))
        smaller = (unsigned)strtoul(at + 8, NULL, 10);
    fake_say(f, "* SEARCH");
    for (int i = 0; i < f->mail_count; i++) {
        struct fake_mail *m = &f->mails[i];
        if (m->bytes && m->folder == f->selected && !m->deleted && m->uid >= from && (!at || (strlen(m->bytes) > larger && strlen(m->bytes) < smaller)))
            fake_say(f, " %u", m->uid);
    }
    fake_say(f, "\r\n");
}

static struct fake_mail *fake_put_locked(struct fake *f, int folder, const char *bytes) {
    struct fake_mail *m = &f->mails[f->mail_count++];
    *m = (struct fake_mail){.uid = f->uidnext++, .bytes = mem_text(bytes), .folder = folder};
    return m;
}

static void fake_transfer(struct fake *f, const char *tag, const char *arguments, bool move) {
    unsigned uid = 0;
    char quoted[80] = "";
    sscanf(arguments, "%u %79[^\r\n]", &uid, quoted);
    int to = fake_folder(f, quoted);
    struct fake_mail *mail = fake_find(f, uid);
    if (to < 0 || f->full) {
        fake_say(f, "%s NO [%s] no\r\n", tag, to < 0 ? "TRYCREATE" : "OVERQUOTA");
        return;
    }
    if (mail) {
        fake_put_locked(f, to, mail->bytes);
        if (move)
            mem_free(&mail->bytes);
        fake_say(f, "* OK [COPYUID 7 %u %u] moved\r\n", uid, f->uidnext - 1);
        fake_say(f, "* 1 EXPUNGE\r\n");
    }
    fake_say(f, "%s OK done\r\n", tag);
}

static void fake_uid(struct fake *f, const char *tag, char *rest) {
    char word[16] = "", list[1024] = "";
    sscanf(rest, "%15s %1023s", word, list);
    char *arguments = rest + strlen(word) + 1;
    struct fake_mail *mail = fake_find(f, (unsigned)strtoul(list, NULL, 10));
    if (f->chatty)
        fake_say(f, "* OK Still here {12}\r\n* 3 RECENT\r\nrubbish without meaning\r\n* FLAGS (\\Seen)\r\n");
    if (strcmp(word, "MOVE") == 0 || strcmp(word, "COPY") == 0) {
        fake_transfer(f, tag, arguments, word[0] == 'M');
        return;
    }
    if (strcmp(word, "FETCH") == 0 && strstr(arguments, "BODY") && f->refuse_body) {
        fake_say(f, "%s NO [SERVERBUG] sorry\r\n", tag);
        return;
    }
    if (strcmp(word, "FETCH") == 0)
        fake_fetch(f, list, strstr(arguments, "BODY.PEEK[]") != NULL);
    else if (strcmp(word, "SEARCH") == 0)
        fake_search(f, arguments);
    else if (strcmp(word, "STORE") == 0 && mail && strstr(arguments, "Deleted"))
        mail->deleted = true;
    else if (strcmp(word, "STORE") == 0 && mail)
        mail->seen = true;
    else if (strcmp(word, "EXPUNGE") == 0 && mail && mail->deleted)
        mem_free(&mail->bytes);
    fake_say(f, "%s OK done\r\n", tag);
}

static void fake_login(struct fake *f, const char *tag, const char *given) {
    f->logins++;
    if (strcmp(given, f->password_base64) == 0)
        fake_say(f, "%s OK welcome\r\n", tag);
    else
        fake_say(f, "%s NO [AUTHENTICATIONFAILED] no\r\n", tag);
}

static void fake_command(struct fake *f, FILE *in, char *line) {
    char tag[16] = "", word[32] = "", next[1024] = "";
    sscanf(line, "%15s %31s", tag, word);
    char *rest = line + strlen(tag) + 1 + strlen(word);
    rest += *rest == ' ';
    rest[strcspn(rest, "\r\n")] = 0;
    if (strcmp(word, "CAPABILITY") == 0) {
        fake_say(f, "* CAPABILITY IMAP4rev1 AUTH=PLAIN %s\r\n%s OK done\r\n", f->capability, tag);
    } else if (strcmp(word, "AUTHENTICATE") == 0) {
        fake_say(f, "+ \r\n");
        if (!f->broken && fgets(next, sizeof next, in)) {
            next[strcspn(next, "\r\n")] = 0;
            fake_login(f, tag, next);
        }
    } else if (strcmp(word, "SELECT") == 0) {
        f->selected = fake_folder(f, rest);
        fake_say(f, "* 1 EXISTS\r\n* OK [UIDVALIDITY 7] valid\r\n* OK [PERMANENTFLAGS (\\Seen)] no more\r\n");
        fake_say(f, "%s %s\r\n", tag, f->selected < 0 ? "NO there is none" : "OK [READ-WRITE] selected");
    } else if (strcmp(word, "UID") == 0) {
        fake_uid(f, tag, rest);
    } else if (strcmp(word, "CREATE") == 0) {
        sscanf(rest, "\"%63[^\"]\"", next);
        f->folders[f->folder_count++] = strdup(next);
        f->creates++;
        fake_say(f, "%s OK made\r\n", tag);
    } else if (strcmp(word, "IDLE") == 0) {
        f->idles++;
        fake_say(f, "+ idling\r\n");
        f->idling = true;
        pthread_mutex_unlock(&f->lock);
        char *got = fgets(next, sizeof next, in);
        pthread_mutex_lock(&f->lock);
        f->idling = false;
        fake_say(f, "%s %s\r\n", tag, got && strncmp(next, "DONE", 4) == 0 ? "OK done" : "BAD what");
    } else {
        fake_say(f, "%s OK done\r\n", tag);
    }
}

static void fake_serve(struct fake *f) {
    char line[4096];
    FILE *in = fdopen(dup(f->socket), "r");
    f->sent = 0;
    f->broken = false;
    f->selected = -1;
    f->connections++;
    pthread_mutex_lock(&f->lock);
    fake_say(f, "* OK hello\r\n");
    while (!f->broken && !f->stop) {
        pthread_mutex_unlock(&f->lock);
        char *got = fgets(line, sizeof line, in);
        pthread_mutex_lock(&f->lock);
        if (!got)
            break;
        fake_command(f, in, line);
    }
    pthread_mutex_unlock(&f->lock);
    fclose(in);
}

static void *fake_run(void *state) {
    struct fake *f = state;
    while (!f->stop) {
        struct pollfd p = {.fd = f->listener, .events = POLLIN};
        if (poll(&p, 1, 20) <= 0)
            continue;
        f->socket = accept(f->listener, NULL, NULL);
        struct timeval most = {.tv_sec = 10};
        setsockopt(f->socket, SOL_SOCKET, SO_RCVTIMEO, &most, sizeof most);
        setsockopt(f->socket, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
        fake_serve(f);
        close(f->socket);
    }
    return NULL;
}

static void fake_start(struct fake *f) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof address;
    *f = (struct fake){.cut_after = -1, .uidnext = 11, .folders = {"INBOX"}, .folder_count = 1, .capability = "IMAP4rev1 MOVE UIDPLUS IDLE"};
    pthread_mutex_init(&f->lock, NULL);
    f->listener = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(f->listener, (struct sockaddr *)(void *)&address, len) || listen(f->listener, 8) ||
        getsockname(f->listener, (struct sockaddr *)(void *)&address, &len))
        abort();
    f->port = ntohs(address.sin_port);
    pthread_create(&f->thread, NULL, fake_run, f);
}

static void fake_end(struct fake *f) {
    f->stop = true;
    pthread_join(f->thread, NULL);
    close(f->listener);
    for (int i = 0; i < f->mail_count; i++)
        free(f->mails[i].bytes);
    for (int i = 1; i < f->folder_count; i++)
        free((char *)(uintptr_t)f->folders[i]);
    pthread_mutex_destroy(&f->lock);
}

static void fake_put(struct fake *f, const char *bytes) {
    pthread_mutex_lock(&f->lock);
    fake_put_locked(f, 0, bytes);
    if (f->idling)
        fake_say(f, "* 1 EXISTS\r\n");
    pthread_mutex_unlock(&f->lock);
}

/* Mails in a folder that are not marked as deleted; 0 when there is no such folder. */
static int fake_count(struct fake *f, const char *folder) {
    int n = 0;
    pthread_mutex_lock(&f->lock);
    for (int i = 0; i < f->mail_count; i++)
        n += f->mails[i].bytes && !f->mails[i].deleted && strcmp(f->folders[f->mails[i].folder], folder) == 0;
    pthread_mutex_unlock(&f->lock);
    return n;
}

#endif
