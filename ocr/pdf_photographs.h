/* pdf_photographs.h: where a PDF page shows photographs. */
#ifndef OCR_PDF_PHOTOGRAPHS_H
#define OCR_PDF_PHOTOGRAPHS_H

#include "store/page.h"

typedef struct _PopplerPage PopplerPage;

/* Adds a REGION_PICTURE for each picture on the page that is larger than 4 square centimetres and whose pixels (pix: the page as shown, at
 * dpi) have many tones, as a photograph or a scan of one does; logos, drawings and letters have few. */
void pdf_photographs_find(PopplerPage *page, struct Pix *pix, float dpi, struct regions *ret);

#endif
