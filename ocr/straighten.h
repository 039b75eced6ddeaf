/* straighten.h: which way a page stands and how far it leans, and the way back from the straight picture's
 * pixels. */
#ifndef OCR_STRAIGHTEN_H
#define OCR_STRAIGHTEN_H

#include "store/page.h"

struct Pix;

struct stance {
    uint16_t turn;  /* degrees clockwise that make the picture stand upright */
    bool sure;      /* nothing spoke against turn */
    float lean_deg; /* clockwise lean of the lines once it stands upright */
};

/* How the text on a small 1-bit picture (about 150 dpi, ink 1) stands; sideways: its lines go down. Without
 * text: upright, not sure. */
struct stance stance_find(struct Pix *small, bool sideways);
/* How far the lines lean when the picture is turned by turn; 0 where that cannot be told. */
float stance_lean(struct Pix *small, uint16_t turn);

/* Pixels of the straight picture back to points of the page as shown. */
struct way_back {
    float width_px, height_px; /* of the picture as shown, at the straight picture's scale */
    float width_pt, height_pt; /* of the page as shown */
    float border_px;           /* added all round before the lean was taken out */
    struct stance stance;
};
struct box way_back_box(const struct way_back *way, struct box pixels);

/* Room to add round an upright picture so that taking out the lean loses no corner. */
int stance_border(float lean_deg, int width_px, int height_px);

#endif
