/* office.h: what the converter has to be told of an office file, and what can be seen of it without opening it. */
#ifndef INGEST_OFFICE_H
#define INGEST_OFFICE_H

#include "base/buf.h"

/* Names are those of LibreOffice's filters; borrowed. */
struct office_way {
    const char *ending;
    const char *import;    /* read as this and nothing else: what is of another kind must not become pages of rubbish */
    const char *export;    /* the argument of --convert-to */
};

/* How a file of that ending is converted. ERR_UNKNOWN_KIND: the ending is none that can be; ERR_LOCKED: it needs a password; ERR_DAMAGED:
 * the bytes are not of that kind. */
int office_way_of(const char *ending, struct view bytes, struct office_way *ret);

/* The user profile that makes the converter run no macro, fetch nothing and remember nothing, in LibreOffice's own format. */
extern const char office_profile[];
extern const char office_java[]; /* its setting "no Java" */

/* What a person should know of a file whose pages do not show all that is in it, or something else ("2 sheets of it are hidden and not
 * shown; its comments are not on the pages"); "" when there is nothing. You free it. */
char *office_unseen(const char *ending, struct view bytes);

#endif
