/* letters.h: letters and notices filled in from their templates (config/letters.conf). */
#ifndef DISCLOSE_LETTERS_H
#define DISCLOSE_LETTERS_H

#include "disclose/request.h"

/* What stands for a word in braces. */
struct letter_value {
    const char *name, *value;
};
/* Which lines with a condition are there. */
struct letter_conditions {
    bool own, covered;
};
/* Fills in a template: its own marks of titles, headings and points stay. A word in braces that nobody knows stays as it is. You free it. */
char *letter_fill(const char *text, const struct letter_conditions *conditions, const struct letter_value *values, size_t count);

struct letter_order {
    const char *name, *council;
    const struct request *request;
    const char *what; /* what the officer says; or NULL */
};
/* A letter about a request as plain text. ERR_NOT_FOUND: no such letter. You free *ret. Reads the register: the caller audits. */
int letter_make(struct store *store, const struct rules *rules, const struct letter_order *order, char **ret);

#endif
