/* bind_tags.h: the pack's structure for readers that read aloud (tagged PDF, ISO 32000-1, 14.7 and 14.8): a document of one section for each page, in reading
 * order; a covered area is a figure whose alternative text says that and why something is withheld. Private to disclose/. */
#ifndef DISCLOSE_BIND_TAGS_H
#define DISCLOSE_BIND_TAGS_H

#include "disclose/bind_text.h"

#include <qpdf/qpdf-c.h>

struct bind_structure {
    qpdf_data pack;
    qpdf_oh document, sections, parents; /* the element, its children, the parent tree's pairs */
    int pages;
};

void bind_structure_start(struct bind_structure *structure, qpdf_data pack);
/* A page whose content has these marks; alts: of the areas, NULL: there are none. */
void bind_structure_page(struct bind_structure *structure, qpdf_oh leaf, const struct bind_tags *tags, const struct covered_label *labels);
void bind_structure_end(struct bind_structure *structure); /* puts it into the catalogue */

#endif
