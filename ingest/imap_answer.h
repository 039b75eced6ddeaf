/* imap_answer.h: what an IMAP server says (RFC 3501), read from hostile bytes.
 *
 * The reader is given bytes as they come and gives back whole answers: a line, with the literals in it ({n},
 * then n bytes). A mail is a literal and stays bytes: nothing here looks into it. */
#ifndef INGEST_IMAP_ANSWER_H
#define INGEST_IMAP_ANSWER_H

#include "base/buf.h"

#include <stdbool.h>
#include <stdint.h>

struct imap_reader {
    struct buf in;
    size_t taken;        /* bytes of the answer that was given back last: dropped at the next call */
    size_t scan;         /* no end of line before it */
    size_t most_literal; /* bytes; more is ERR_TOO_LARGE */
};

enum imap_kind {
    IMAP_NOISE,    /* nothing that belongs to the protocol; passed over */
    IMAP_UNTAGGED, /* "* ..." */
    IMAP_CONTINUE, /* "+ ..." */
    IMAP_TAGGED,   /* "c12 OK ...": the answer to a command */
};
enum imap_status { IMAP_DATA, IMAP_OK, IMAP_NO, IMAP_BAD, IMAP_BYE, IMAP_PREAUTH };

struct imap_answer {
    enum imap_kind kind;
    enum imap_status status;
    uint32_t tag;     /* of a tagged one: the number behind the 'c' */
    struct view code; /* between the [ ] of a status, or nothing */
    struct view rest; /* what comes after the status; of IMAP_DATA all behind "* " */
};

/* 1: an answer, whose views hold until the next call; 0: more bytes are needed; ERR_TOO_LARGE: no such line
 * or literal is waited for. */
int imap_reader_next(struct imap_reader *reader, struct imap_answer *ret);
/* Gives the bytes of the last answer away, so that its views hold until out is dropped; what came behind it
 * stays. */
void imap_reader_take(struct imap_reader *reader, struct buf *out);
void imap_reader_drop(struct imap_reader *reader);

/* "UIDVALIDITY 17" in the code, or "... 23 EXISTS" in the rest; false when it is not there or no number from
 * 1 to 2^32 - 1. */
bool imap_answer_code_number(const struct imap_answer *answer, const char *name, uint32_t *ret);
bool imap_answer_code_is(const struct imap_answer *answer, const char *name);
bool imap_answer_is(const struct imap_answer *answer, const char *name); /* the rest begins with this word */
bool imap_answer_exists(const struct imap_answer *answer, uint32_t *ret);
bool imap_answer_has_word(const struct imap_answer *answer,
                          const char *word); /* a word of the rest, or of the code */
/* The text somewhere in the rest, upper and lower case alike. */
bool imap_answer_mentions(const struct imap_answer *answer, const char *text);

/* The numbers of a SEARCH; calls take for each; false when it is no such answer or holds something else. */
bool imap_answer_search(const struct imap_answer *answer, void (*take)(void *state, uint32_t uid),
                        void *state);

struct imap_fetch {
    uint32_t uid;     /* 0: not said */
    bool has_size, has_body;
    uint64_t size;    /* RFC822.SIZE, bytes */
    char date[40];    /* INTERNALDATE, as it stands; "" when not said */
    struct view body; /* BODY[] */
};
bool imap_answer_fetch(const struct imap_answer *answer, struct imap_fetch *ret);

/* A folder's name as an argument: modified UTF-7 (RFC 3501, 5.1.3), in quotes. You free it. NULL: it holds
 * control characters, or is not UTF-8. */
char *imap_folder_argument(const char *name);

#endif
