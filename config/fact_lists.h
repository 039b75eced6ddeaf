/* fact_lists.h: words by which a sentence tells a sensitive fact, from facts.conf and the files that it names. */
#ifndef CONFIG_FACT_LISTS_H
#define CONFIG_FACT_LISTS_H

#include <stdbool.h>
#include <stddef.h>

enum fact_use { FACT_STRONG, FACT_WEAK, FACT_SOURCE, FACT_HIDDEN, FACT_PRIVILEGED };

/* A word, or several that follow each other. */
struct fact_words {
    char *text;        /* as the file has it: small letters, spaces between words; a word may end in '*' */
    const char *kind;  /* "health"; "" of sources, hidden and privileged; borrowed */
    enum fact_use use;
    bool main;         /* of facts.conf itself: what a scan has spoilt is mended to these words only */
    bool adult;        /* a child has none of these: without anybody named it is a grown-up's */
};

struct fact_lists {
    struct fact_words *list;
    size_t count;
    char **kinds;
    size_t kind_count;
};

int fact_lists_load(const char *folder, struct fact_lists **ret); /* ERR_SETTING, and the log names the line. You drop it. */
void fact_lists_drop(struct fact_lists **facts);

#endif
