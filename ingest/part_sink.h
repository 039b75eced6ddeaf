/* part_sink.h: where an opener puts the parts that it finds inside a thing, one by one. */
#ifndef INGEST_PART_SINK_H
#define INGEST_PART_SINK_H

#include "base/buf.h"

struct found_part {
    const char *name;         /* as it stands there, made UTF-8; "" when it has none; never a path to use */
    const char *content_type; /* as it says itself, or "" */
    /* "attachment", "inline" (shown in the text, or without a disposition but with a Content-ID), "signature" (of a signed mail), "envelope" (a signed mail's outer form, whose content was given by itself),
     * "embedded" (in a PDF or office file), "member" (of an archive), "mail" (of a mailbox file, or forwarded) */
    const char *attached;
    struct view bytes;        /* borrowed for the call */
};

struct part_sink {
    int (*part)(void *state, const struct found_part *part); /* not 0: stop and return that */
    int (*note)(void *state, const char *text); /* what a person should know: plain words, no personal data, at most 200 bytes */
    void *state;
};

#endif
