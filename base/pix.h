/* pix.h: pictures in memory, by Leptonica. Only programs that open hostile bytes link this (the confined helper).
 * Call pix_silence once: Leptonica prints what it reads to standard error. */
#ifndef BASE_PIX_H
#define BASE_PIX_H

#include "base/buf.h"

#include <stdint.h>

struct Pix;

#define PIX_PIXELS_MOST 200000000u /* 200 megapixels: A0 at 300 dpi is 139 */

void pix_silence(void);
/* Decodes JPEG, PNG or a one-picture TIFF; checks the size in the header before it decodes; turns it clockwise by
 * turn_deg (0, 90, 180, 270). Palettes and 16-bit are made 8-bit grey or 32-bit colour; 1-bit stays 1-bit (1 = ink).
 * ERR_DAMAGED, ERR_TOO_LARGE. You pixDestroy it. */
int pix_decode(struct view bytes, uint16_t turn_deg, struct Pix **ret);
/* Appends the picture to out. 1-bit only for G4; 8-bit or 32-bit for JPEG. */
int pix_encode_tiff_g4(struct Pix *pix, struct buf *out); /* a TIFF file with one Group 4 picture */
int pix_encode_g4_strip(struct Pix *pix, struct buf *out); /* the bare Group 4 data, 1 = black = ink, for a PDF */
int pix_encode_jpeg(struct Pix *pix, int quality, struct buf *out);
int pix_encode_png(struct Pix *pix, struct buf *out);
/* Adds to sums[i] how many pixels from i * side to (i + 1) * side (outside) of a 1-bit row are ink; row: as Leptonica keeps it, to its end. */
void pix_row_sums(const uint32_t *row, int side, int count, uint32_t *sums);
/* Destroys old, gives its successor (NULL stays NULL), so that steps can follow each other. */
struct Pix *pix_step(struct Pix *old, struct Pix *next);
/* 8-bit grey from any; a new picture, you destroy it. */
struct Pix *pix_grey(struct Pix *pix);

#endif
