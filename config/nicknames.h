/* nicknames.h: short forms of forenames, from nicknames.conf. */
#ifndef CONFIG_NICKNAMES_H
#define CONFIG_NICKNAMES_H

#include <stddef.h>

struct nicknames;

int nicknames_load(const char *folder, struct nicknames **ret); /* ERR_SETTING, and the log names the line. You drop it. */
void nicknames_drop(struct nicknames **nicknames);
/* The short forms of a forename, in small letters; borrowed. nicknames NULL: none. */
const char *const *nicknames_of(const struct nicknames *nicknames, const char *name, size_t *ret_count);

#endif
