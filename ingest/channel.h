/* channel.h: a channel as the intake program serves it: scan folders and mailboxes behind one face. */
#ifndef INGEST_CHANNEL_H
#define INGEST_CHANNEL_H

#include "config/settings.h"
#include "store/store.h"

#include <stddef.h>

/* What one look came to. */
struct channel_look {
    int taken;       /* items taken in */
    size_t waiting;  /* items that are not settled yet: look again soon */
    size_t left;     /* items that are left alone: see `trouble` and the log */
    int err;         /* the first error that stopped it, or 0; nothing is lost: the item stays where it is */
    int store_err;   /* that error is the store's (disk full, locked, read-only): the other channels would fare no better */
    char trouble[160]; /* plain words for status, no personal data; "" when all is well */
};

struct channel {
    char *name;       /* the profile's or mailbox's */
    const char *kind; /* "scan folder", "maildir", "imap" */
    int wait_ms;      /* how long it can wait when nothing is to be seen */
    int (*fd)(const struct channel *channel);              /* to poll for reading, or -1 */
    void (*look)(struct channel *channel, struct channel_look *ret); /* blocks for seconds at most, then goes on at the next look */
    /* Brings done/ and failed/ (Filed and Problem) into line with what became of the items; NULL: nothing to do. */
    int (*tidy)(struct channel *channel);
    void (*drop)(struct channel *channel); /* frees the channel itself too */
};

/* Each keeps pointers into settings and store. */
int scan_folder_channel(struct store *store, const struct scan_profile *profile, size_t most_bytes, struct channel **ret);
int maildir_channel(struct store *store, const struct mailbox *mailbox, size_t most_bytes, struct channel **ret);
int imap_channel(struct store *store, const struct mailbox *mailbox, size_t most_bytes, struct channel **ret);

#endif
