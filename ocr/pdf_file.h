/* pdf_file.h: a PDF as qpdf sees it: its page tree measured before anybody walks it, and its dictionaries. */
#ifndef OCR_PDF_FILE_H
#define OCR_PDF_FILE_H

#include "ocr/pdf_pages.h"

#include <qpdf/qpdf-c.h>
#include <stdbool.h>

#define PDF_TREE_DEPTH_MOST 200u             /* levels of the page tree; honest files have fewer than 10 */
#define PDF_UNPACKED_BYTES_MOST (512u << 20) /* of one stream */

struct pdf_file {
    qpdf_data q;
    uint32_t pages; /* leaves of the page tree that are there */
    uint32_t gaps;  /* leaves that the tree names and that are not there, or are no pages */
    bool repaired;  /* qpdf had to complain: places, trailer or tree are not as they should be */
    bool usable;    /* qpdf_get_page_n may be asked for each of the pages */
};

/* ERR_LOCKED, ERR_DAMAGED (qpdf cannot read it), ERR_TOO_DEEP, ERR_TOO_MANY (the page tree), ERR_NO_PAGES.
 * The bytes are borrowed until it is dropped. */
int pdf_file_open(const struct pdf_order *order, struct pdf_file **ret);
void pdf_file_drop(struct pdf_file **file);

/* qpdf prints errors and warnings that nobody has asked for, and they may hold words of the file. True when
 * there were any. */
bool pdf_file_forget_complaints(qpdf_data q);
/* Whether the bytes hold a page object that is not among the pages: only asked of a file that had to be
 * repaired. file: NULL when qpdf cannot read it: then whether they hold more page objects than pages are
 * shown. */
bool pdf_file_lost_pages(struct pdf_file *file, struct view bytes, uint32_t pages);

/* ---- reading dictionaries ---- */
bool pdf_key_is_there(qpdf_data q, qpdf_oh dict, const char *key);
/* Whether the key refers to an object that the file does not hold. */
bool pdf_key_is_lost(qpdf_data q, qpdf_oh dict, const char *key);
long long pdf_key_number(qpdf_data q, qpdf_oh dict, const char *key, long long otherwise);
bool pdf_key_bool(qpdf_data q, qpdf_oh dict, const char *key);
bool pdf_array_numbers(qpdf_data q, qpdf_oh array, int count, double *ret);
/* The value itself, or the only item of an array (Filter and DecodeParms come both ways). */
qpdf_oh pdf_only_item(qpdf_data q, qpdf_oh value);

#endif
