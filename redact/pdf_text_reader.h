/* pdf_text_reader.h: the text of a page read from its content streams, through qpdf's C interface: a second
 * reader that shares nothing with Poppler. It reads what our packs are made of; all else is trouble, and
 * trouble is a finding. Private to redact/.
 *
 * Text is every shown string in the order of the content, whether it can be seen or not. */
#ifndef REDACT_PDF_TEXT_READER_H
#define REDACT_PDF_TEXT_READER_H

#include "redact/pdf_fonts.h"
#include "store/page.h"

enum pdf_trouble {
    PDF_TROUBLE_OPERATOR = 1,  /* an operator that our packs do not use */
    PDF_TROUBLE_FONT = 2,      /* text in a font that is not there or has no ToUnicode */
    PDF_TROUBLE_CODE = 4,      /* a character whose meaning is not known */
    PDF_TROUBLE_FORM = 8,      /* something other than a picture is drawn by name */
    PDF_TROUBLE_PAINTED = 16,  /* paths are painted on a page that has a picture */
    PDF_TROUBLE_PICTURES = 32, /* more than one picture */
    PDF_TROUBLE_OUTSIDE = 64,  /* a picture, or text, reaches outside the page */
    PDF_TROUBLE_CONTENT = 128, /* the content cannot be read to its end */
};
#define PDF_TROUBLES 8
const char *pdf_trouble_text(enum pdf_trouble trouble); /* plain words; borrowed */

struct pdf_char {
    struct box box; /* points from the top left of the page */
    uint32_t at;    /* where it begins in the text, bytes */
};

struct pdf_text {
    struct buf text; /* UTF-8; spaces and line feeds where there are gaps */
    struct pdf_char *chars;
    size_t count, room;
    unsigned troubles; /* of enum pdf_trouble */
};
void pdf_text_drop(struct pdf_text *text);

/* What a content stream may refer to by name. */
struct pdf_scope {
    const struct pdf_font *(*font)(void *state, const char *name); /* NULL: there is none */
    bool (*is_picture)(void *state, const char *name);
    void *state;
};
/* width and height: of the page, points. ret is zeroed first; you drop it. Any bytes will do. */
void pdf_text_read(struct view content, const struct pdf_scope *scope, double width, double height,
                   struct pdf_text *ret);

#endif
