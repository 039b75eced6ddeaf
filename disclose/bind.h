/* bind.h: binds covered pages into a pack: covering letter, index, the pages, redaction schedule. It reaches only covered
 * pages: it cannot open an original. */
#ifndef DISCLOSE_BIND_H
#define DISCLOSE_BIND_H

#include "store/covered.h"

struct bind_document {
    char *title;         /* "Letter, 12 March 2021" or "Document 3": holds no name of a person */
    char *received;      /* "14 March 2021" or "" */
    char *event;         /* the day that it tells of, likewise */
    char *note;          /* beside it in the list of contents: "Late Entry: ...", what was added when something was put right; or "" */
    uint32_t first_page; /* index into the pages, from 0 */
    uint32_t page_count;
};

/* One line of the redaction schedule, already in plain language, without a hint of the content. */
struct bind_withheld {
    uint32_t page;       /* index into the pages, from 0 */
    char *kind;          /* "Name of another person" */
    char *reason;        /* the rule's plain text */
    char *law;
    char *code;
    uint32_t count;      /* how many such passages on that page */
};

/* What belongs to the answer but is not among the pages: documents that were left out, by kind of reason. */
struct bind_left_out {
    char *what;          /* "2 documents" */
    char *reason;        /* plain */
};

struct bind_entry {
    const char *shorthand, *means; /* of the glossary; borrowed */
};

struct bind_order {
    char *title;          /* of the pack: "The records you asked for" */
    char *letter, *guide, *privacy; /* texts with the marks of letters.conf, filled in; NULL: there is none */
    unsigned parts;       /* of enum pack_part */
    struct bind_left_out *left_out;
    size_t left_out_count;
    struct bind_entry *glossary;
    size_t glossary_count;
    char *council;        /* "Ribbleshire Council, Children's Services" */
    char *request_name;   /* "SAR-2025-0001" */
    struct bind_document *documents;
    size_t document_count;
    struct bind_withheld *withheld;
    size_t withheld_count;
    uint32_t page_count;
    uint32_t pages_before; /* in earlier volumes: Bates numbers go on */
    /* Gives page i (from 0); bind drops it with covered_page_drop when it has written it. */
    int (*load_page)(void *state, uint32_t i, struct covered_page *ret);
    void *state;
};

/* Where the covered pages stand in the pack, for the proof. */
struct bound {
    struct buf pdf;
    uint32_t front_pages; /* letter and index before the first covered page */
    uint32_t total_pages;
};

/* Letter, how to read this pack, contents (with Bates numbers "SAR-2025-0001-000001"), covered pages (Bates number in the bottom margin; page
 * label the same), chronology, schedule, glossary and privacy notice, as the kind of pack asks for. Bookmarks for each part and document; page labels; language; title. Front and back
 * matter by Cairo and Pango (fonts embedded), put together with qpdf's C interface; covered pages as picture + invisible text
 * (Type 3 font with ToUnicode) from page->words only. The same order gives the same bytes (no times, fixed ID). ERR_*. */
int bind_pack(const struct bind_order *order, struct bound *ret);
void bound_drop(struct bound *bound);

#endif
