/* maildir.h: the names of mails in a Maildir. The channel itself is maildir_channel() of channel.h.
 *
 * A name is "unique:2,FLAGS". When a mail was durably taken in, its receipt's number is put behind the unique
 * part: "unique,R000123:2,S", so that it is known what became of it. Rule:
 * https://cr.yp.to/proto/maildir.html; sub-folders ".Filed" as in Maildir++. */
#ifndef INGEST_MAILDIR_H
#define INGEST_MAILDIR_H

#include <stdbool.h>
#include <stdint.h>

#define MAILDIR_UNIQUE_MOST 190 /* bytes */

struct maildir_name {
    char *unique;     /* without the receipt's number and the flags; of a very long one the beginning */
    char flags[28];   /* letters, in order, each once */
    int64_t receipt;  /* 0: none is said */
};

/* Always succeeds: what is no flag is left out. You drop it. */
struct maildir_name maildir_name_read(const char *name);
void maildir_name_drop(struct maildir_name *name);
bool maildir_name_has(const struct maildir_name *name, char flag);
void maildir_name_flag(struct maildir_name *name, char flag); /* adds it */
char *maildir_name_write(const struct maildir_name *name);    /* you free it */

#endif
