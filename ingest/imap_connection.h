/* imap_connection.h: a connection to an IMAP server, logged in; bytes go and come without waiting.
 *
 * libcurl makes it: name, socket, TLS with the certificate checked, STARTTLS, the log-in. From there on the
 * commands are ours (CURLOPT_CONNECT_ONLY): libcurl's own requests know no MOVE, no literal that is limited,
 * no IDLE, and one cannot stop in the middle. libetpan would have all commands, but waits in each, and holds
 * no certificate check of its own. */
#ifndef INGEST_IMAP_CONNECTION_H
#define INGEST_IMAP_CONNECTION_H

#include "config/settings.h"
#include "ingest/imap_answer.h"

struct imap_connection;

/* Whether the settings can be used: an imap:// or imaps:// address; a plain connection only to this machine.
 * ERR_SETTING. */
int imap_connection_check(const struct mailbox *mailbox);

/* Begins to connect; reads the password file. Nothing waits. When it fails, *ret_trouble says why in plain
 * words (borrowed for ever). */
int imap_connection_open(const struct mailbox *mailbox, struct imap_connection **ret,
                         const char **ret_trouble);
void imap_connection_drop(struct imap_connection **connection);

/* 1: connected and logged in; 0: not yet; negative: it failed, *ret_trouble says why. Waits up to wait_ms. */
int imap_connection_ready(struct imap_connection *connection, int wait_ms, const char **ret_trouble);
int imap_connection_fd(const struct imap_connection *connection); /* -1 until it is ready */

void imap_connection_say(struct imap_connection *connection,
                         const char *text); /* goes out with the next pump */
/* Sends and receives what can be without waiting. 1: bytes moved; 0: none did; negative: the connection has
 * ended. */
int imap_connection_pump(struct imap_connection *connection, struct imap_reader *reader);
void imap_connection_wait(const struct imap_connection *connection, int wait_ms);

#endif
