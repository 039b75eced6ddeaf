/* judge_private.h: what the checks of one judgement share. Private to redact/. */
#ifndef REDACT_JUDGE_PRIVATE_H
#define REDACT_JUDGE_PRIVATE_H

#include "redact/judge.h"
#include "redact/prover.h"

struct _PopplerDocument;
struct _PopplerPage;

/* Copies of the file with something taken away, in which pages stand at the same place. */
enum judge_copy { COPY_AS_IT_IS, COPY_NO_TEXT, COPY_NO_BOXES, COPY_ALL_LAYERS, COPY_WIDE, COPY_NO_MASKS, COPIES };

struct judge_copy_file {
    struct buf bytes;
    struct _PopplerDocument *document; /* NULL: there is none, because it would be the same */
};

/* The words of a page, for comparing with other pages. */
struct judge_page {
    char *text;        /* as Poppler orders it */
    struct box *boxes; /* dark boxes without anything on them, points */
    size_t box_count;
    struct word_place {
        char *key; /* text_key */
        struct box box;
    } *words;
    size_t word_count;
};

struct judge_file {
    struct prover prover; /* its order has the withheld texts; prover.pdf: qpdf's view of the file */
    struct prove_order order;
    struct judge_copy_file copies[COPIES];
    struct judge_page *pages;
    char *visible;        /* text_key of all text of the file, pages one after the other */
    bool has_layers;
    bool *recognise;      /* pages whose pixels may say more than their text; from 1 */
    const struct judge_order *asked;
};

void judge_add(struct judge_file *file, uint32_t page, struct box box, const char *check, const char *what);

/* judge_copies.c. ERR_DAMAGED */
int judge_copy_make(struct view pdf, enum judge_copy copy, struct buf *out);
/* judge_seen.c: hidden text, what lies under boxes, hidden layers */
void judge_seen(struct judge_file *file, uint32_t page);
/* judge_pictures.c: what pictures hold that the page does not show; thumbnails. seen: the page as it is, 8 bit grey at JUDGE_DPI. */
#define JUDGE_DPI 96.0
void judge_pictures(struct judge_file *file, struct _PopplerPage *leaf, uint32_t page, struct Pix *seen);
/* Cells of so many pixels where hidden has ink and seen has none; one finding for each group. */
struct judge_cells {
    struct Pix *seen, *hidden; /* of one size */
    int left, top;             /* where they stand on the page, pixels */
    int least;                 /* cells that make a group */
    bool dark_only;            /* count only where seen is dark */
    bool words_where_light;    /* where seen is light, only what can be recognised as a word counts: a photograph's margin is none */
};
/* True when there is one. */
bool judge_cells(struct judge_file *file, uint32_t page, const struct judge_cells *cells, const char *check, const char *what);
/* Whether a content stream shows text or draws something. */
bool judge_content_shows(struct view content);
/* Whether two words with capitals follow each other that no page shows. */
bool judge_names_unseen(const struct judge_file *file, struct view text);
/* judge_objects.c: objects that no page shows, strings, annotations, attachments, fields, names, metadata */
void judge_objects(struct judge_file *file);
/* judge_bytes.c: earlier revisions, bytes that belong to nothing */
void judge_bytes(struct judge_file *file);
/* judge_fonts.c: letters that fonts hold and no page shows; fonts that say nothing (sets file->recognise) */
void judge_fonts(struct judge_file *file);
/* judge_widths.c: gaps just as wide as a withheld text */
void judge_widths(struct judge_file *file);
/* judge_same.c: other copies of the same text left open, over all files */
void judge_same(struct judge_file *files, size_t count);

struct Pix *judge_draw(struct _PopplerPage *leaf); /* 8 bit grey at JUDGE_DPI; NULL */
/* Words of a page that has none, from its pixels (judge_order.recognise). */
void judge_read_words(struct judge_file *file, uint32_t page);
bool judge_page_read(struct judge_file *file, uint32_t page, struct words *ret); /* what its pixels say; you drop ret */

#endif
