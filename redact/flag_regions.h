/* flag_regions.h: parts of a page that no words tell of: a person must look at them before anything of it may go out. */
#ifndef REDACT_FLAG_REGIONS_H
#define REDACT_FLAG_REGIONS_H

#include "store/flag.h"

struct flag_sheet {
    uint32_t page;             /* in its file, from 1 */
    float width_pt, height_pt; /* of the page as shown */
    uint16_t turn;             /* degrees clockwise that make it stand upright */
};

/* Handwriting, pictures (a photograph, a signature, a stamp), what is faint or cut; a letterhead's logo shows nobody and is left. */
void flag_regions_add(struct flags *flags, const struct flag_sheet *sheet, const struct regions *regions);
/* A page that could not be read, or only poorly, is flagged whole: it is never silently clean. */
void flag_regions_whole(struct flags *flags, const struct flag_sheet *sheet);

#endif
