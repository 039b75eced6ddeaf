/* flag_print.h: flags of a document as JSON lines, and as marks on its pages. */
#ifndef DAEMON_FLAG_PRINT_H
#define DAEMON_FLAG_PRINT_H

#include "ocr/read_output.h"
#include "store/filing_result.h"
#include "store/flag.h"

/* A page that flags are printed for. */
struct flag_page {
    float width_pt, height_pt;
    struct buf text;      /* UTF-8 */
    uint32_t *begins;     /* of each word of the page: code points of text; count + 1 of them, the last the text's length */
    uint32_t *word_bytes; /* of each word: bytes of text */
};
void flag_page_drop(struct flag_page *page);
/* The text as the words give it: a space between words, a line feed between lines, an empty line between blocks. */
void flag_page_of_words(const struct words *words, struct flag_page *ret);

struct flag_print {
    const char *file;              /* its name, printable UTF-8 */
    const struct flag_page *pages; /* of the document, by index */
    const struct document_words *document;
    bool whole_text;               /* the pages are one text: places count from the beginning of the file */
};
/* A line for each flag: file, page, start and end (code points of the page's text, or of the file for plain text), text, type, role, person,
 * code, cover, look, confidence, finder, why, boxes (points from the top left of the page as shown). ERR_SYSTEM when it cannot be written. */
int flags_print(const struct flag_print *print, const struct flags *flags, struct buf *out);

#endif
