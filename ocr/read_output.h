/* read_output.h: pages that were read, written as plain text, hOCR, ALTO or a searchable PDF, one page after the other: nothing of a
 * page is held when its call has returned. The same pages give the same bytes: no times, no names, no machine. */
#ifndef OCR_READ_OUTPUT_H
#define OCR_READ_OUTPUT_H

#include "ocr/page_image.h"
#include "ocr/page_mark.h"

enum read_format { READ_NONE, READ_TEXT, READ_HOCR, READ_ALTO, READ_PDF };

/* Everything is borrowed for the call. */
struct read_page {
    uint32_t number;              /* from 1 in its file */
    float width_pt, height_pt;    /* of the page as shown; 0: not known, written as A4 */
    float dpi;                    /* pixels per inch of the page's picture; 0: there is none */
    uint16_t turn;                /* degrees clockwise from as shown to upright */
    const struct words *words;    /* points as shown */
    const struct regions *regions;
    const char *language;         /* as Tesseract names it, or "" */
    const struct page_image *image; /* READ_PDF: what is seen; NULL: an empty page */
    uint16_t image_turn;          /* degrees clockwise that make the image the page as shown */
    const struct page_marks *marks; /* READ_PDF: drawn over the picture; NULL: none */
    const char *watermark;          /* READ_PDF: across the page, in ASCII without brackets; NULL: none */
};

/* Where the bytes go. 0, or an error that stops the output. */
struct read_target {
    int (*write)(void *state, struct view bytes);
    void *state;
};

struct read_output;

/* "pdf", "hocr", "html", "alto", "xml", "txt", "text" in any case, without a dot; READ_NONE for others. */
enum read_format read_format_named(const char *ending);
const char *read_format_ending(enum read_format format); /* "txt", "hocr", "xml", "pdf"; borrowed */

/* You end or drop it. The errors are the target's. */
int read_output_begin(enum read_format format, struct read_target target, struct read_output **ret);
int read_output_page(struct read_output *output, const struct read_page *page);
int read_output_end(struct read_output **output); /* writes what comes last and drops it */
void read_output_drop(struct read_output **output);

#endif
