/* document_facts.h: what a document is, and of which day: kind, event, and when it was written. */
#ifndef FILING_DOCUMENT_FACTS_H
#define FILING_DOCUMENT_FACTS_H

#include "config/kinds.h"
#include "config/rules.h"
#include "store/filing_result.h"

struct document_facts {
    const struct kind *kind; /* borrowed; NULL: none is ahead */
    int32_t event, written;  /* day numbers (base/clock.h), or DATE_NONE. A letter tells of the day that it was written. */
};

/* Pure. today: later dates are misread ones. */
void document_facts_find(const struct kinds *kinds, const struct document_words *words, int32_t today, struct document_facts *ret);


#endif
