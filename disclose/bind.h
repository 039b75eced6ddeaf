/* bind.h: binds covered pages into a pack: covering letter, index, the pages, redaction schedule. It reaches only covered
 * pages: it cannot open an original. */
#ifndef DISCLOSE_BIND_H
#define DISCLOSE_BIND_H

#include "store/covered.h"

struct bind_document {
    char *title;         /* "Letter, 12 March 2021" or "Document 3": holds no name of a person */
    char *received;      /* "14 March 2021" or "" */
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

struct bind_order {
    char *council;        /* "Ribbleshire Council, Children's Services" */
    char *request_name;   /* "SAR-2025-0001" */
    char *requester;      /* who the letter is addressed to */
    char *subject_name;
    char *received, *due; /* long dates */
    char *audit_head;     /* head of the audit log, printed on the letter */
    struct bind_document *documents;
    size_t document_count;
    struct bind_withheld *withheld;
    size_t withheld_count;
    uint32_t page_count;
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

/* Letter, how to read this pack, index (with Bates numbers "SAR-2025-0001-000001"), covered pages (Bates number in the bottom margin; page
 * label the same), schedule at the end. Bookmarks for letter, index, each document, schedule; page labels; language; title. Front and back
 * matter by Cairo and Pango (fonts embedded), put together with qpdf's C interface; covered pages as picture + invisible text
 * (Type 3 font with ToUnicode) from page->words only. The same order gives the same bytes (no times, fixed ID). ERR_*. */
int bind_pack(const struct bind_order *order, struct bound *ret);
void bound_drop(struct bound *bound);

#endif
