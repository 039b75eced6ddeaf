/* identifier.h: the numbers that a child is known by, as they stand on a page, and the signs that recognition
 * takes for one another. */
#ifndef FILING_IDENTIFIER_H
#define FILING_IDENTIFIER_H

#include <stdbool.h>
#include <stddef.h>

#define IDENTIFIER_TEXT 16

/* Writes the digits of text to out, taking letters that look like digits (O 0, l I | 1, Z 2, S 5, G 6, B 8)
 * for them. Spaces, dots and hyphens are left out. False when other signs are in it, when fewer than two in
 * three are digits, or when it does not fit. */
bool identifier_digits(const char *text, char out[IDENTIFIER_TEXT]);
/* The same for a UPN: the first sign a letter, the rest digits (the last may be a letter). */
bool identifier_upn(const char *text, char out[IDENTIFIER_TEXT]);

/* How many places two texts of one length differ in; 99 when the lengths differ. */
int identifier_differences(const char *a, const char *b);

#endif
