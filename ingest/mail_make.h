/* mail_make.h: a mail in RFC 5322 form out of pieces, for what keeps its mails in another form. */
#ifndef INGEST_MAIL_MAKE_H
#define INGEST_MAIL_MAKE_H

#include "ingest/part_sink.h"

/* Order of calls: fields, begin, text, parts, end. Everything is UTF-8; parts are base64. depth parts the
 * boundaries of a mail in a mail. */
void mail_make_field(struct buf *mail, const char *label,
                     const char *text); /* nothing when text is NULL or empty */
/* "Name <address>", either may be NULL or empty. */
void mail_make_person(struct buf *mail, const char *label, const char *name, const char *address);
/* Names with ";" between, as Outlook has them. */
void mail_make_people(struct buf *mail, const char *label, const char *names);
/* 100 nanoseconds since 1601; 0: none. */
void mail_make_date(struct buf *mail, uint64_t when);
void mail_make_begin(struct buf *mail, int depth);
void mail_make_text(struct buf *mail, int depth, const char *plain,
                    const char *html); /* either may be NULL or empty */
void mail_make_part(struct buf *mail, int depth, const struct found_part *part); /* attached does not count */
void mail_make_mail(struct buf *mail, int depth, struct view inner);
void mail_make_end(struct buf *mail, int depth);

#endif
