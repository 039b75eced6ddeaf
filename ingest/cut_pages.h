/* cut_pages.h: the pages of a part (or of the two passes of a batch) in the order in which they are cut; ingest's own. */
#ifndef INGEST_CUT_PAGES_H
#define INGEST_CUT_PAGES_H

#include "ingest/sheet.h"

#include <stdbool.h>
#include <stddef.h>

enum cut_role { CUT_PAGE, CUT_BLANK, CUT_SHEET };

struct cut_page {
    int64_t id;
    uint32_t number; /* in its part; of a back that was scanned in a second pass: the number of its front */
    uint32_t place;
    int64_t document; /* that it is in already, or 0 */
    enum cut_role role;
    struct sheet sheet; /* CUT_SHEET */
};

struct cut_pages {
    struct cut_page *list;
    size_t count;
};

/* You drop ret. Their places are their numbers. */
int cut_pages_load(struct store *store, int64_t part_id, struct cut_pages *ret);
void cut_pages_drop(struct cut_pages *pages);
/* Which page is (another) believed header sheet of the batch, from a place on; count when none is. batch 0: of any batch. */
size_t cut_pages_header(const struct cut_pages *pages, int64_t batch, size_t from);

/* Makes the documents, all of part_id, and puts them on their way; sets every page's place. Pages that are in a document stay there; pages
 * that came later (a part that was opened once more) go on where those end. */
int cut_pages_cut(struct store *store, int64_t part_id, const struct cut_pages *pages);
/* Sets places, makes no document. */
int cut_pages_place(struct store *store, const struct cut_pages *pages);

#endif
