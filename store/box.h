/* box.h: an upright rectangle on a page. */
#ifndef STORE_BOX_H
#define STORE_BOX_H

#include "base/wire.h"

#include <stdbool.h>
#include <stdint.h>

struct box {
    float x0, y0, x1, y1; /* points as shown, unless it is said otherwise; x0 <= x1, y0 <= y1 */
};

bool box_is_sane(struct box box);
struct box box_join(struct box a, struct box b); /* round both */
/* On the page turned clockwise by turn degrees (0, 90, 180, 270): what was the top left goes to the top right. width, height: of the page
 * before it is turned. */
struct box box_turn(struct box box, uint16_t turn, float width, float height);

void box_put(struct buf *out, struct box box);
struct box box_take(struct wire_reader *in); /* as it stands there */
struct box box_take_sane(struct wire_reader *in); /* the reader fails on one that is not */

#endif
