/* flag_text.h: a plain text as a document's words, each with its place in the file. */
#ifndef DAEMON_FLAG_TEXT_H
#define DAEMON_FLAG_TEXT_H

#include "daemon/flag_print.h"

/* Whether the bytes are plain text: UTF-8 without control characters but those that part lines and pages. */
bool flag_text_is(struct view bytes);
/* A line feed ends a line, an empty line a block, a form feed a page. Places count code points from the beginning of the file. ret is zeroed
 * first; you drop it, and *ret_pages with flag_page_drop for each page and free. */
void flag_text_read(struct view bytes, struct document_words *ret, struct flag_page **ret_pages);

#endif
