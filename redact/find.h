/* find.h: finds people's data on a document's pages: the case's people, and patterns. */
#ifndef REDACT_FIND_H
#define REDACT_FIND_H

#include "config/fact_lists.h"
#include "config/name_lists.h"
#include "config/rules.h"
#include "redact/tag_model.h"
#include "store/filing_result.h"
#include "store/flag.h"

struct finder; /* made for one subject; borrows people and rules */

/* What a finder may have besides the register and its patterns. */
struct finder_aids {
    const struct tag_model *model;  /* of people whom nobody knows (redact/tag_model.h); borrowed; NULL: none */
    float flag_bias, look_bias;     /* see redact/tagger.h; look_bias not below flag_bias */
    const struct fact_lists *facts;      /* words that tell a sensitive fact; borrowed; NULL: passages are not looked for */
    const struct name_lists *lists; /* the council's own; read and not kept; NULL: none */
    const char *requester;          /* who asks, as roles.conf names them; borrowed; NULL: the subject */
    bool everything;                /* places, organisations, dates, codes and traits as well: what could tell who somebody is where no
                                     * case says what matters */
};

/* subject_id: struct child.id whose record the document is in, or 0 for a document that nobody's record holds (then every
 * person is ROLE_UNKNOWN unless a pattern or the register says more). */
struct finder *finder_new(const struct people *people, const struct rules *rules, int64_t subject_id);
void finder_drop(struct finder **finder);
/* Once, before the first document. */
void finder_equip(struct finder *finder, const struct finder_aids *aids);
/* The same finder for another subject: much cheaper than a new one, because the register is indexed already. */
void finder_turn(struct finder *finder, int64_t subject_id);
/* Flags of the whole document in page and reading order, also those of the subject and of professionals (with a release
 * code and cover = 0), so that a person sees what was recognised and decided. ret is zeroed first; you drop it. */
void finder_find(struct finder *finder, const struct document_words *words, struct flags *ret);

#endif
