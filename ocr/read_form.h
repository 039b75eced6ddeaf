/* read_form.h: what the writers of one form share. Private to ocr/. */
#ifndef OCR_READ_FORM_H
#define OCR_READ_FORM_H

#include "ocr/read_output.h"

/* One form: each appends what it has to say to output->out, which is then written and emptied. */
struct read_form {
    void (*begin)(struct read_output *output);
    void (*page)(struct read_output *output, const struct read_page *page);
    void (*end)(struct read_output *output);
    void (*drop)(struct read_output *output); /* of its own state; NULL: it has none */
};

struct read_output {
    const struct read_form *form;
    struct read_target target;
    struct buf out;
    uint64_t written; /* bytes that the target has been given */
    uint32_t pages;
    int err; /* the target's first one: nothing more is written */
    void *state; /* of the form */
};

/* Writes what stands in output->out now: for what is large. */
void read_output_flush(struct read_output *output);
/* Bytes that need not be copied first. */
void read_output_pass(struct read_output *output, struct view bytes);

extern const struct read_form read_form_text, read_form_hocr, read_form_alto, read_form_pdf;

/* Words from `from` on that are of one line, and lines of one block: the first that is not. */
size_t read_line_end(const struct words *words, size_t from);
size_t read_block_end(const struct words *words, size_t from);
struct box read_words_box(const struct words *words, size_t from, size_t to);
/* Text of XML: &, <, > and quotes as entities, characters that XML does not allow as U+FFFD. */
void read_put_xml(struct buf *out, const char *text);
/* Pixels for a length in points. */
struct read_scale {
    float dpi;
};
struct read_scale read_scale_of(const struct read_page *page);
int read_pixels(struct read_scale scale, float points);
/* The page's size in points, A4 when it is not known. */
void read_page_size(const struct read_page *page, float *ret_width, float *ret_height);
/* "eng" as BCP 47 has it, "en"; the first of several; "" for what is not known. Borrowed. */
const char *read_language_code(const char *language);

#endif
