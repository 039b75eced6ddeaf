/* sniff_zip.h: the members of a zip file by its central directory, and what a small one holds. Bounded;
 * nothing is written anywhere. */
#ifndef INGEST_SNIFF_ZIP_H
#define INGEST_SNIFF_ZIP_H

#include "base/buf.h"

#include <stdint.h>

struct sniff_zip_member {
    struct view name;   /* as it stands there */
    struct view packed; /* its bytes; empty when they do not lie in the file */
    uint32_t method;    /* 0 stored, 8 deflated */
    uint32_t flags;     /* bit 0: encrypted */
};

/* Whether it begins with a whole local header (a text that begins with "PK" does not). */
bool sniff_zip_begins(struct view bytes);
/* Calls member for at most 20,000 members; not 0: stop and return that. By the central directory, or, when
 * that is missing, by the headers at the members. */
int sniff_zip_members(struct view bytes, int (*member)(void *state, const struct sniff_zip_member *member),
                      void *state);
/* Adds at most most bytes of what it holds to out. */
void sniff_zip_unpack(const struct sniff_zip_member *member, size_t most, struct buf *out);

bool sniff_zip_name_is(const struct sniff_zip_member *member, const char *name);
bool sniff_zip_name_begins(const struct sniff_zip_member *member, const char *start);
bool sniff_zip_name_ends(const struct sniff_zip_member *member, const char *end);

#endif
