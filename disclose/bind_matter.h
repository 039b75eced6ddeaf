/* bind_matter.h: what is written round the covered pages: letter, how to read, index, page numbers, schedule.
 * Private to disclose/. */
#ifndef DISCLOSE_BIND_MATTER_H
#define DISCLOSE_BIND_MATTER_H

#include "disclose/bind.h"
#include "disclose/bind_flow.h"

/* A PDF with one page for each page of the pack; those of the covered pages hold only their Bates number. */
struct matter {
    struct buf pdf;
    uint32_t letter_pages, front_pages, back_pages;
};

int bind_matter(const struct bind_order *order, struct matter *ret); /* ret is zeroed first; drop its pdf */
void bind_letter(struct flow *flow, const struct bind_order *order);
void bind_guide(struct flow *flow, const struct bind_order *order);
char *bind_bates(const struct bind_order *order, uint32_t page); /* page from 0; you free it */

#endif
