/* bind_matter.h: what is written round the covered pages: letter, how to read, contents, page numbers, chronology, schedule,
 * glossary, privacy notice.
 * Private to disclose/. */
#ifndef DISCLOSE_BIND_MATTER_H
#define DISCLOSE_BIND_MATTER_H

#include "config/rules.h"
#include "disclose/bind.h"
#include "disclose/bind_flow.h"

/* A PDF with one page for each page of the pack; those of the covered pages hold only their Bates number. */
struct matter {
    struct buf pdf;
    uint32_t front_pages, back_pages;
    struct matter_part {
        const char *title; /* for its bookmark */
        uint32_t page;     /* of the front, or of the back, from 0 */
        bool back;
    } parts[8];
    size_t part_count;
};

int bind_matter(const struct bind_order *order, struct matter *ret); /* ret is zeroed first; drop its pdf */
void bind_letter(struct flow *flow, const char *text); /* a text with the marks of letters.conf */
char *bind_bates(const struct bind_order *order, uint32_t page); /* page from 0; you free it */

#endif
