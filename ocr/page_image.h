/* page_image.h: a page's picture as a PDF holds it. Made by the confined helper from the picture that came (page_image_make.c);
 * everybody else passes it on unopened. */
#ifndef OCR_PAGE_IMAGE_H
#define OCR_PAGE_IMAGE_H

#include "store/page.h"

enum page_image_format {
    IMAGE_NONE,
    IMAGE_G4,   /* bare Group 4 data, 1 = black */
    IMAGE_JPEG, /* a JPEG file, 8 bits, 1 or 3 channels */
    IMAGE_ROWS, /* deflated rows, each with PNG's predictor byte, 8 bits, 1 or 3 channels */
};
#define PAGE_IMAGE_PIXELS_MOST 65500u /* of a side: what a JPEG can have */

struct page_image {
    enum page_image_format format;
    uint32_t width_px, height_px; /* as stored: not turned */
    uint8_t channels;             /* 1 grey, 3 red green blue */
    struct buf bytes;
};

void page_image_drop(struct page_image *image);
void page_image_encode(const struct page_image *image, struct buf *out);
int page_image_decode(struct view bytes, struct page_image *ret); /* ERR_PROTOCOL; ret is zeroed first; you drop it */

/* In the helper only. A JPEG's pixels stay what they are (what cameras and programs noted in it is taken out), 1-bit becomes Group 4, what
 * was kept without loss stays so. The picture is not turned. ERR_DAMAGED, ERR_TOO_LARGE. You drop ret. */
int page_image_make(const struct picture *picture, struct page_image *ret);

#endif
