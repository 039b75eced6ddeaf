/* settings.h: the settings file. Every setting is a row of settings.def. */
#ifndef CONFIG_SETTINGS_H
#define CONFIG_SETTINGS_H

#include "base/buf.h"
#include "base/log.h"

#include <stdio.h>

/* A scan profile and a mailbox: see lists.def. */
#define LIST(type, field, name, help) struct type {
#define TEXT(type, field, name, fallback, help) char *field;
#define WORD(type, field, name, fallback, words, help) char *field;
#define WHOLE(type, field, name, fallback, min, max, help) int field;
#define END(type, field) };
#include "config/lists.def"
#undef LIST
#undef TEXT
#undef WORD
#undef WHOLE
#undef END

struct settings {
#define TEXT(field, name, fallback, help) char *field;
#define WORD(field, name, fallback, words, help) char *field;
#define WHOLE(field, name, fallback, min, max, help) int field;
#define REAL(field, name, fallback, min, max, help) double field;
#include "config/settings.def"
#undef TEXT
#undef WORD
#undef WHOLE
#undef REAL
#define LIST(type, field, name, help)
#define TEXT(type, field, name, fallback, help)
#define WORD(type, field, name, fallback, words, help)
#define WHOLE(type, field, name, fallback, min, max, help)
#define END(type, field) struct type *field; size_t field##_count;
#include "config/lists.def"
#undef LIST
#undef TEXT
#undef WORD
#undef WHOLE
#undef END
};

/* Reads a settings file (libconfig syntax; NULL: all defaults). Unknown names and values out of range are errors:
 * ERR_SETTING, with *ret_why set to "file:line: what is wrong" (you free it). */
int settings_load(const char *path, struct settings **ret, char **ret_why);
void settings_drop(struct settings **settings);
/* The profile of that name, or NULL. "backlog", "usual", "urgent" as a number: 0, 10, 20. */
const struct scan_profile *settings_profile(const struct settings *settings, const char *name);
int settings_priority(const char *word);

/* "19:00" as minutes since midnight; -1 when it is no such time. */
int settings_minute(const char *text);

/* Between programs: the supervisor writes them to a pipe, the program that it started reads them. */
void settings_encode(const struct settings *settings, struct buf *out);
int settings_decode(struct view bytes, struct settings **ret);

/* What a program started by hand or by the supervisor runs on: --settings-fd N, or --config FILE, else
 * $CASEFILE_CONFIG, else /etc/casefile/casefile.conf when it is there, else the defaults. Takes the two options out of
 * argv. Ends the program with a clear message when the file is wrong. You drop it. */
struct settings *settings_for_program(int *argc, char **argv);

void settings_write_sample(FILE *out);
void settings_write_manual(FILE *out); /* the SETTINGS section of casefile.conf(5), in man(7) */
enum log_level settings_log_level(const struct settings *settings);

#endif
