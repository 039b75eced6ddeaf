/* separator_patch.h: Kodak's patch code T; ingest's own. */
#ifndef INGEST_SEPARATOR_PATCH_H
#define INGEST_SEPARATOR_PATCH_H

#include <stdbool.h>

struct Pix;

#define PATCH_DPI 100.0f /* along the line that crosses the bars */

/* Two patches on most of the lines that cross the middle of the page. down, across: the page (8 bits grey), of PATCH_DPI from top to bottom, and from
 * left to right; in the other direction as narrow as one likes. */
bool separator_patch_find(struct Pix *down, struct Pix *across);

#endif
