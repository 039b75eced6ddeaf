/* name_list.h: every forename and surname of the register, numbered, with a search that forgives what
 * recognition does to letters. Names are keys of base/text.h (text_key): folded, letters and digits only. */
#ifndef FILING_NAME_LIST_H
#define FILING_NAME_LIST_H

#include "filing/postings.h"

#include <stdbool.h>

#define NAME_NONE UINT32_MAX
#define NAME_NEAR_MOST 6

struct name_list {
    char **texts;
    size_t count, room;
    uint32_t *slots; /* open addressing: number + 1, or 0 */
    size_t slot_count;
    struct postings near; /* looks with one letter left out -> number */
};

/* text_key, and the letters that Unicode does not take apart (l with stroke and alike) as plain ones. You
 * free it. */
char *name_key(const char *text);

/* How a name looks: signs that recognition takes for one another become one ("rn" is m, 1 and i are l). False when it is too long. */
#define NAME_LOOK_BYTES 64
bool name_look(const char *key, char out[NAME_LOOK_BYTES]);

uint32_t name_list_add(struct name_list *names, const char *key);          /* its number, new or old */
void name_list_seal(struct name_list *names);                              /* builds the forgiving search */
uint32_t name_list_lookup(const struct name_list *names, const char *key); /* NAME_NONE when not there */
/* Names that look like the key, or are one letter away once what looks alike counts as alike ("rn" and "m",
 * "l" and "i"). Names under 4 letters are never near. Returns how many. */
size_t name_list_near(const struct name_list *names, const char *key, uint32_t ret[NAME_NEAR_MOST]);
void name_list_drop(struct name_list *names);

#endif
