/* html_text.h: the words of an HTML body as plain text. Nothing is fetched, run or rendered. */
#ifndef INGEST_HTML_TEXT_H
#define INGEST_HTML_TEXT_H

#include "base/buf.h"

/* Appends UTF-8 text with LF line ends. Scripts, styles and comments are left out; block elements, rows and
 * breaks end lines; cells are set apart by a tab; entities are decoded; spaces are run together. */
void html_text(const char *html, struct buf *out);

#endif
