/* words_of.h: text as the words of a document. */
#ifndef TESTS_UNIT_FILING_WORDS_OF_H
#define TESTS_UNIT_FILING_WORDS_OF_H

#include "store/page_rows.h"

#include <stdlib.h>
#include <string.h>

/* One page: a line feed ends a line, spaces end words. You drop it with document_words_drop(). */
static inline struct document_words words_of(const char *text) {
    struct document_words document = {.pages = calloc(1, sizeof *document.pages), .page_count = 1};
    char *copy = strdup(text), *save_line = NULL, *save = NULL;
    uint32_t number = 0;
    document.pages[0].number = 1;
    for (char *line = strtok_r(copy, "\n", &save_line); line; line = strtok_r(NULL, "\n", &save_line), number++)
        for (char *word = strtok_r(line, " ", &save); word; word = strtok_r(NULL, " ", &save))
            words_add(&document.pages[0].words, (struct box){0}, number, number, 100, word);
    free(copy);
    return document;
}

#endif
