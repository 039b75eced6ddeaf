/* pdf_trouble.h: what keeps a PDF page from being shown as it is meant. Renderers leave out what they cannot
 * decode, and the page looks blank: so the page's pictures, forms and content are looked at first. */
#ifndef OCR_PDF_TROUBLE_H
#define OCR_PDF_TROUBLE_H

#include "ocr/pdf_file.h"

struct pdf_trouble; /* remembers what was found about pictures, forms and fonts that many pages share */

struct pdf_trouble *pdf_trouble_new(struct pdf_file *file); /* the file is borrowed until it is dropped */
void pdf_trouble_drop(struct pdf_trouble **trouble);

/* Of the page's own entries: its box, its content. "" or what a person should read; a static text. */
const char *pdf_trouble_of_page(struct pdf_trouble *trouble, uint32_t page);
/* Of what it draws: pictures and forms, and forms in forms. Not needed for a page whose only picture was
 * taken as it is. */
const char *pdf_trouble_of_drawn(struct pdf_trouble *trouble, uint32_t page);
/* Whether a font on the page says that its characters are other ones than those it shows. */
bool pdf_trouble_layer_lies(struct pdf_trouble *trouble, uint32_t page);

#endif
