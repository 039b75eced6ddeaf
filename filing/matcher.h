/* matcher.h: files a document to the right child, by evidence against the register, in the manner of Fellegi and Sunter
 * (1969): each piece of evidence has a weight log2(m/u); their sum with the prior gives the match probability. */
#ifndef FILING_MATCHER_H
#define FILING_MATCHER_H

#include "config/linkage.h"
#include "config/nicknames.h"
#include "config/settings.h"
#include "filing/estimate.h"
#include "store/filing_result.h"
#include "store/people.h"

/* From the settings file (filing.*). */
struct filing_limits {
    float file_probability;    /* at least this to be filed by the machine, e.g. 0.999 */
    float propose_probability; /* at least this to be proposed, e.g. 0.5 */
    float margin;              /* bits that the best must be ahead of the runner-up of another child to be filed, e.g. 10 */
    const char *never;         /* see register_index_build(); borrowed */
};

struct filing_limits filing_limits_of(const struct settings *settings); /* borrows */

struct matcher; /* indices over the register; borrows people */

struct matcher_order {
    struct filing_limits limits;
    const struct linkage *linkage;
    const struct nicknames *nicknames; /* or NULL */
};
struct matcher *matcher_new(const struct people *people, const struct matcher_order *order);
void matcher_drop(struct matcher **matcher);
/* Pure: the same words give the same result. ret is zeroed first; you drop it. Always succeeds. */
void matcher_decide(const struct matcher *matcher, const struct document_words *words, struct filing_result *ret);

/* The document's candidates (places NULL), or these children by their place in the register, with the levels that were found: for
 * estimate_make(). child_ids: of each, beside the comparisons; document and label are left to you. You free both lists. Returns how many. */
size_t matcher_compare(const struct matcher *matcher, const struct document_words *words, const uint32_t *places, size_t count, struct comparison **ret,
                       int64_t **ret_child_ids);

#endif
