/* prove_search.h: looking for withheld texts in whatever was extracted. Private to redact/.
 *
 * Texts are compared as letters and digits only (text_key), so that spaces, hyphens and line ends do not hide
 * a name. So that ordinary words do not stop every pack ("Mark" in "remarks", "Will" in "will"): from
 * SEARCH_LONG letters or digits   anywhere, also inside a word; from SEARCH_SHORT                    where a
 * word begins and ends ("K a r e n", "Ka-ren" too); a change of lower to upper case or of letter to digit
 * also begins a word; a single word that was withheld with a capital is not taken to be the same word in
 * lower case; fewer                                the same, as one whole word, and only where the caller
 * asks for it. */
#ifndef REDACT_PROVE_SEARCH_H
#define REDACT_PROVE_SEARCH_H

#include "redact/prove.h"

#define SEARCH_SHORT 4
#define SEARCH_LONG 10
#define SEARCH_BINARY 7 /* in bytes that are not text, where chance makes four letters */

struct needles; /* borrows nothing */

struct needles *needles_new(const struct prove_order *order);
void needles_drop(struct needles **needles);
size_t needles_count(const struct needles *needles); /* as many as the order's withheld texts */

/* Sets hits[n] for each withheld text n that text holds. least: letters or digits that a text must have to be
 * looked for (1, SEARCH_SHORT, SEARCH_BINARY). True when there is any hit. */
bool needles_search(const struct needles *needles, struct view text, size_t least, uint8_t *hits);
/* As it stands (UTF-8, else Latin-1), without its zero bytes, and as UTF-16 both ways. */
bool needles_search_bytes(const struct needles *needles, struct view bytes, size_t least, uint8_t *hits);

/* The same written in other letters: hexadecimal, base64 (wherever the text begins in it), backwards; from SEARCH_BINARY letters or digits. */
bool needles_search_disguised(const struct needles *needles, struct view bytes, uint8_t *hits);

#endif
