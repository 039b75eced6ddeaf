/* pdf_lex.h: PDF tokens, as they stand in content streams and character maps (ISO 32000-1, 7.2 and 7.3).
 * Private to redact/. */
#ifndef REDACT_PDF_LEX_H
#define REDACT_PDF_LEX_H

#include "base/buf.h"

enum pdf_token {
    PDF_END,
    PDF_NUMBER,
    PDF_STRING,   /* text: its bytes, escapes and hexadecimal undone */
    PDF_NAME,     /* text: without the slash */
    PDF_OPERATOR, /* text: any other word */
    PDF_ARRAY_BEGIN,
    PDF_ARRAY_END,
    PDF_DICT_BEGIN,
    PDF_DICT_END,
    PDF_BAD, /* a stray bracket; the reader goes on behind it */
};

struct pdf_lex {
    struct view left;
    struct buf text;
    double number;
};

enum pdf_token pdf_lex_next(struct pdf_lex *lex);
void pdf_lex_drop(struct pdf_lex *lex);

#endif
