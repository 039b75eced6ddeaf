/* flag_marks.h: flags as coloured marks on a page. */
#ifndef DAEMON_FLAG_MARKS_H
#define DAEMON_FLAG_MARKS_H

#include "ocr/page_mark.h"
#include "store/flag.h"

/* Filled: proposed to be covered, the colour says whose it is; framed: a person must look; a pale grey line: recognised and not covered. */
void flag_marks_add(struct page_marks *marks, const struct flag *flag);

#endif
