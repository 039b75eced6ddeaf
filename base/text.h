/* text.h: UTF-8 and the forms that texts are compared in. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Reads one code point; *at moves on. Bytes that are no UTF-8 give U+FFFD, one for each. 0 at the end. */
uint32_t text_next(const char **at);
void text_put(struct buf *out, uint32_t code_point);
bool text_is_utf8(struct view bytes);

/* How many bytes of text, at most `most` of its len, do not cut a character; what is no UTF-8 is cut anywhere. */
size_t text_cut(const char *text, size_t len, size_t most);

/* The folded form for comparing: lower case, accents taken off (NFKD, marks dropped), typographic quotes and dashes as
 * ' and -. You free it. */
char *text_fold(const char *text);
/* As text_fold, letters and digits only: "Hughes-Pickup," gives "hughespickup". You free it. */
char *text_key(const char *text);

bool text_is_letter(uint32_t code_point);
bool text_is_upper(uint32_t code_point);
bool text_is_digit(uint32_t code_point); /* 0 to 9 only */

/* Copies bytes that came from outside into printable UTF-8: control, format (direction) and broken characters shown as
 * \xNN or \u{NNNN}. You free it. */
char *text_printable(struct view bytes);

/* Edits (insert, delete, replace, swap of neighbours) between two texts, in code points; stops at most + 1. */
int text_distance(const char *a, const char *b, int most);

#endif
