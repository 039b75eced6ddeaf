/* find_text.h: a document as one row of words, and the atoms (pieces without punctuation) that names are made
 * of. */
#ifndef REDACT_FIND_TEXT_H
#define REDACT_FIND_TEXT_H

#include "redact/find_vocabulary.h"
#include "store/filing_result.h"

struct find_word {
    const struct word *word; /* of the document; borrowed */
    uint32_t page;           /* index into the document's pages */
    uint32_t index;          /* on its page */
};

enum atom_mark {
    ATOM_CAPITAL = 1 << 0,  /* begins with a capital, or with a digit that a scanner may have made of one */
    ATOM_CAPITALS = 1 << 1, /* all letters are capitals, two at least */
    ATOM_NUMBER = 1 << 2,   /* begins with a digit */
    ATOM_DOTTED = 1 << 3,   /* initials with dots: K.S. */
    ATOM_STOP = 1 << 4,     /* a full stop, question or exclamation mark follows */
    ATOM_COMMA = 1 << 5,
    ATOM_COLON = 1 << 6,  /* colon, or a semicolon */
    ATOM_OPEN = 1 << 7,   /* an opening bracket stands before it */
    ATOM_HYPHEN = 1 << 8, /* a hyphen ends it and the word */
    ATOM_BEGIN = 1 << 9,  /* begins a sentence or a block */
    ATOM_LINE = 1 << 10,  /* begins a line */
    ATOM_OWNER = 1 << 11, /* had 's */
    ATOM_TAKEN = 1 << 12, /* a person or something else was found here */
    ATOM_CLOSED = 1 << 14, /* a closing bracket or a semicolon follows */
    ATOM_DASH = 1 << 13,  /* a dash, slash or quotation mark stands between it and the next */
};

struct atom {
    uint32_t first, last; /* words of the row */
    uint32_t entry;       /* of the vocabulary */
    uint32_t page;
    uint32_t marks;
    const char *text; /* borrowed, not ended */
    uint32_t len;
};

struct find_text {
    struct find_word *words;
    size_t word_count;
    struct atom *atoms;
    size_t atom_count, atom_room;
    uint32_t *word_atom; /* first atom of each word, or of the next word that has one */
};

void find_text_make(const struct document_words *document, struct vocabulary *vocabulary,
                    struct find_text *ret);
void find_text_drop(struct find_text *text);
/* The word's text, borrowed; "" behind the last word. */
const char *find_text_word(const struct find_text *text, size_t word);
/* Whether both words stand on one page; false when b is behind the last word. */
bool find_text_same_page(const struct find_text *text, size_t a, size_t b);
/* Whether atom i + 1 may go on a name that atom i begins: same page, nothing but a space between. */
bool find_text_joins(const struct find_text *text, size_t i);
/* The words from first to last with a space between; you free it. */
char *find_text_copy(const struct find_text *text, uint32_t first, uint32_t last);

#endif
