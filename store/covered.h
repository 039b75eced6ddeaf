/* covered.h: a page as it may leave the house: pixels with the withheld words painted over, and the words recognised
 * from those pixels. Plain structs. */
#ifndef STORE_COVERED_H
#define STORE_COVERED_H

#include "store/page.h"

enum covered_format { COVERED_G4, COVERED_JPEG_GREY, COVERED_JPEG_COLOUR };

#define COVER_CODE_BYTES 24

/* The code that a covered area has, and shows: white on its black. text "": it is not drawn. */
struct covered_label {
    struct box box;      /* points of the upright page */
    uint8_t size;        /* of the bitmap font (Leptonica's), so that a proof can draw it again */
    char text[COVER_CODE_BYTES];
    char code[COVER_CODE_BYTES]; /* of the area, whether it is drawn or not */
};

struct covered_page {
    enum covered_format format;
    uint32_t width_px, height_px;
    float width_pt, height_pt; /* of the upright page */
    struct buf bytes;          /* bare Group 4 data (1 = black) or a JPEG file */
    struct words words;        /* recognised from the covered pixels; points of the upright page */
    struct box *covered;       /* what is painted over; points of the upright page */
    size_t covered_count;
    struct covered_label *labels; /* one for each covered area, or NULL */
};
void covered_page_drop(struct covered_page *page);
void covered_page_encode(const struct covered_page *page, struct buf *out);
int covered_page_decode(struct view bytes, struct covered_page *ret); /* ret is zeroed first; you drop it */

/* Something that a proof found. */
struct finding {
    uint32_t page;   /* of the pack, from 1; 0: the file as a whole */
    struct box box;  /* points; all 0 when there is no place */
    char *check;     /* "poppler text", "content streams", "recognition", "bytes", "structure", "covered area" */
    char *what;      /* plain words; names the withheld string by its number, never by its text */
};
struct findings {
    struct finding *list;
    size_t count, room;
};
void findings_add(struct findings *findings, uint32_t page, struct box box, const char *check, const char *what);
void findings_drop(struct findings *findings);
void findings_encode(const struct findings *findings, struct buf *out);
int findings_decode(struct view bytes, struct findings *ret);

#endif
