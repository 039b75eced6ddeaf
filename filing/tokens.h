/* tokens.h: the words of a document cut where evidence may begin or end, in one row over all pages. */
#ifndef FILING_TOKENS_H
#define FILING_TOKENS_H

#include "filing/register_index.h"
#include "store/filing_result.h"

#include <stdbool.h>

enum token_mark {
    TOKEN_CAPITAL = 1,     /* begins with a capital (or with a sign that may be one misread) */
    TOKEN_CAPITALS = 2,    /* two or more letters, all capitals */
    TOKEN_COMMA = 4,       /* a comma, semicolon or bracket follows */
    TOKEN_COLON = 8,       /* a colon follows */
    TOKEN_HYPHEN = 16,     /* a hyphen ends it: the next word may belong to it */
    TOKEN_LINE = 32,       /* first of its line */
    TOKEN_STOP = 64,       /* a full stop follows */
    TOKEN_NAME_ENDS = 128, /* a name of somebody known ends here */
    TOKEN_NAME_PART = 256,
};

struct token {
    char *text;          /* as it stands, without the signs round it */
    char *key;           /* name_key of it, without a possessive s after an apostrophe */
    uint32_t page, line; /* page as in its file; lines counted over the document */
    unsigned marks;
    uint32_t name;                 /* the name that it is, or NAME_NONE */
    uint32_t joined;               /* the name that it is together with the next token, or NAME_NONE */
    uint32_t near[NAME_NEAR_MOST]; /* names that it may be, when it is none */
    uint8_t near_count;
};

struct tokens {
    struct token *list;
    size_t count, room;
    uint32_t line_count;
};

void tokens_read(const struct register_index *index, const struct document_words *words, struct tokens *ret);
void tokens_drop(struct tokens *tokens);

#endif
