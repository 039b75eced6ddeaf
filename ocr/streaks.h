/* streaks.h: the thin grey lines that dust on a scanner's glass draws down (or across) every page. Thresholded, they would look like rules between
 * columns and cut words in two. */
#ifndef OCR_STREAKS_H
#define OCR_STREAKS_H

struct Pix;

/* Takes them out of an 8-bit picture, in place; what is darker (letters that they cross, the rules of a form) stays. Returns how many there were. */
int streaks_remove(struct Pix *grey);

#endif
