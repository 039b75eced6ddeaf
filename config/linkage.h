/* linkage.h: the weights of evidence, from linkage.conf. */
#ifndef CONFIG_LINKAGE_H
#define CONFIG_LINKAGE_H

#include <stdio.h>

enum linkage_level {
#define LEVEL(name, text) LEVEL_##name,
#include "config/linkage.def"
#undef LEVEL
    LINKAGE_LEVELS
};

/* Probabilities of a level, above 0 and at most 1. */
struct linkage {
    float m[LINKAGE_LEVELS], u[LINKAGE_LEVELS];
};

const char *linkage_level_name(enum linkage_level level); /* as in the file */
const char *linkage_level_text(enum linkage_level level); /* as a person reads it */
/* log2(m / u): bits. */
float linkage_bits(const struct linkage *linkage, enum linkage_level level);
/* ERR_SETTING, and the log names the line: a level is missing or unknown, or a number is none. */
int linkage_load(const char *folder, struct linkage *ret);
/* In the form that linkage_load() reads. */
void linkage_write(const struct linkage *linkage, FILE *out);

#endif
