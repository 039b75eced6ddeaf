/* line_pictures.h: the pictures of lines that Tesseract hands to itself, without compressing them.
 *
 * Debian's Tesseract 5.3 cuts every line of text out of the page, compresses the cutting to a PNG in memory
 * (pixWriteMem) and at once decompresses it again (pixReadMem): up to a tenth of the CPU time of recognition
 * on grey scans (next to none on clean 1-bit pages), for nothing. It gets pixWriteMem from Leptonica through
 * the dynamic loader, which looks in the program first; so this file defines pixWriteMem itself. While
 * line_pictures_keep() is on, an 8-bit picture without a palette that should become a PNG becomes Leptonica's
 * plain "serialized" form (SPIX) instead, which pixReadMem knows by its first bytes and which holds the same
 * pixels: the recognised words, their places and their confidences do not change. Anything else, and
 * everything while it is off, goes on to Leptonica's own function.
 *
 * Linking: the program must be linked with libtesseract or liblept on the same command line; the linker then
 * exports the symbol by itself, because a library on that line asks for it.
 * (tests/unit/ocr/test_line_pictures.c would notice when not.) A Tesseract that was built with
 * TESSERACT_IMAGEDATA_AS_PIX never calls it: no harm. */
#ifndef OCR_LINE_PICTURES_H
#define OCR_LINE_PICTURES_H

#include <stdbool.h>
#include <stddef.h>

/* For this thread, from here on: switch on around what recognises and off behind it, so that a PNG that
 * somebody else asks for in this process is a PNG. Off at the start. */
void line_pictures_keep(bool on);

/* How many pictures were kept from compression in this thread, since it began. */
size_t line_pictures_kept(void);

#endif
