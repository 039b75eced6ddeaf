/* pdf_lzw.h: the two old packings of a PDF stream, LZWDecode and RunLengthDecode, undone a few bytes at a time
 * (ISO 32000-1, 7.4.4 and 7.4.5). */
#ifndef OCR_PDF_LZW_H
#define OCR_PDF_LZW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PDF_LZW_STEP_MOST 4098u /* bytes that one byte more of packed data can give */
#define PDF_RUN_STEP_MOST 128u

struct pdf_lzw; /* its table of strings */

/* early: codes grow one code early (EarlyChange, 1 where the file does not say). You drop it. */
struct pdf_lzw *pdf_lzw_new(bool early);
void pdf_lzw_drop(struct pdf_lzw **lzw);
/* Takes one byte, writes what it gives (at most PDF_LZW_STEP_MOST bytes) to out and returns how many. *ret_ended when the
 * end has come; *ret_broken too when the codes make no sense. */
size_t pdf_lzw_take(struct pdf_lzw *lzw, uint8_t byte, uint8_t *out, bool *ret_ended, bool *ret_broken);

struct pdf_run {
    int copy, repeat; /* bytes that are still to be copied; how often the next one is to be repeated */
};

size_t pdf_run_take(struct pdf_run *run, uint8_t byte, uint8_t *out, bool *ret_ended);

#endif
