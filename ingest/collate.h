/* collate.h: a stack of two-sided sheets that went twice through a scanner with one eye: first the fronts, then, the stack flipped, the
 * backs, the last sheet's back first. */
#ifndef INGEST_COLLATE_H
#define INGEST_COLLATE_H

#include "ingest/cut_pages.h"

struct passes {
    int64_t batch;
    int64_t fronts_part, backs_part; /* the same when both passes are in one scan */
    struct cut_pages fronts, backs;  /* with their header sheets */
};

/* Whether a scan holds the header sheet a second time, with pages between: both passes. Then the passes' lists are set; they borrow from
 * pages. */
bool passes_split(const struct cut_pages *pages, struct passes *passes);
/* Each back behind its front, with places that say so; you drop ret. Returns why they do not fit, in plain numbers (you free it), or NULL. */
char *passes_collate(const struct passes *passes, struct cut_pages *ret);
/* Whether there is a believed header sheet of another batch. */
bool cut_pages_other_header(const struct cut_pages *pages, int64_t batch);

#endif
