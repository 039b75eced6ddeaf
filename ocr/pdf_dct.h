/* pdf_dct.h: the samples of a JPEG inside a PDF that cannot be kept as it is: four inks, colours that the PDF says are
 * to be read another way, strips of a page (libjpeg). */
#ifndef OCR_PDF_DCT_H
#define OCR_PDF_DCT_H

#include "base/buf.h"

#include <stdbool.h>

struct pdf_dct {
    int width_px, height_px;
    int count;     /* samples of a pixel: 1, 3 or 4 */
    int transform; /* the PDF's ColorTransform: 0 or 1; -1: not said. It counts where the JPEG itself does not say */
};

/* Appends rows of 8-bit samples (grey; red, green, blue; four inks as stored). False when the JPEG is damaged, cut, or not
 * what jpeg says. */
bool pdf_dct_rows(struct view bytes, const struct pdf_dct *jpeg, struct buf *rows);
/* Whether a reader that knows nothing of the PDF shows the same: a JPEG of one or three samples whose colours are read as
 * every reader reads them. */
bool pdf_dct_is_plain(struct view bytes, const struct pdf_dct *jpeg);

#endif
