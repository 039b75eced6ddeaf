/* cover_picture.h: how a covered page's picture is kept: 1-bit where it is black on white, else grey or
 * colour. Private to redact/. */
#ifndef REDACT_COVER_PICTURE_H
#define REDACT_COVER_PICTURE_H

#include "store/covered.h"

struct Pix;

/* The picture as it will be encoded, of 1 bit (COVERED_G4), 8 bits or 32 bits; dpi of both. A new picture.
 * NULL: no memory. */
struct Pix *cover_picture_reduce(struct Pix *pix, float dpi, enum covered_format *ret_format);
/* Fills in ret's format, sizes in pixels and bytes; for JPEG takes the first of some qualities that is small
 * enough. boxes are painted after every change of size. ret_seen: decoded from the bytes; you destroy it. */
int cover_picture_encode(struct Pix *pix, enum covered_format format, struct covered_page *ret,
                         struct Pix **ret_seen);
/* Paints ret->covered on a picture of the page, outwards to whole pixels. */
void cover_picture_paint(struct Pix *pix, const struct covered_page *page, int black);

#endif
