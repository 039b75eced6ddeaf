/* page.h: a page, its picture and its words, as every room speaks of them. Plain structs: no database here.
 *
 * Coordinates are points (1/72 inch) from the top left of the page *as shown* (after the file's own rotation key and
 * before anything that reading finds out about it). For TIFF, JPEG and PNG a point is pixels x 72 / dpi. */
#ifndef STORE_PAGE_H
#define STORE_PAGE_H

#include "store/box.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct Pix; /* Leptonica's; never looked into here */

#define PAGE_WORDS_MOST 100000  /* words on one page */
#define PAGE_WORD_BYTES 4096    /* bytes of one word */
#define PAGE_LANGUAGE_BYTES 64
#define PAGE_PICTURE_BYTES (256u << 20)

/* A word as it is read, in reading order. */
struct word {
    struct box box;     /* upright rectangle round the word */
    uint32_t line;      /* lines are numbered from 0 over the page, in reading order */
    uint32_t block;     /* blocks (paragraphs, columns, cells) likewise */
    uint8_t confidence; /* 0 to 100; 100 for a text layer */
    char *text;         /* UTF-8, no spaces, never empty; owned by the list */
};

struct words {
    struct word *list;
    size_t count;
    size_t room;
};

void words_add(struct words *words, struct box box, uint32_t line, uint32_t block, uint8_t confidence,
               const char *text); /* copies the text */
void words_drop(struct words *words);
void words_encode(const struct words *words, struct buf *out);
int words_decode(struct view bytes, struct words *ret); /* ERR_PROTOCOL; ret is zeroed first; you drop it */
/* What stands between two words of a page in its text: a space, a line feed between lines, an empty line between blocks. */
const char *word_gap(const struct word *before, const struct word *word);
/* The text of the page. */
void words_text(const struct words *words, struct buf *out);

/* The word at i with what it goes on with on the next line ("foot-" "ball" -> "football"; both keep their boxes), or NULL where it
 * does not end in a hyphen that breaks it. You free it. */
char *words_joined(const struct words *words, size_t i);

/* A part of the page that no words tell of, or whose words nobody should rely on. */
enum region_kind {
    REGION_HANDWRITING = 1, /* strokes of a hand, or letters that no type has */
    REGION_FAINT,           /* too faint to read */
    REGION_CUT,             /* text that runs off the page's edge */
    REGION_PICTURE,         /* a photograph or a drawing */
    REGION_SCRIPT,          /* a script that the recognition was not given */
    REGION_DOUBTFUL,        /* type whose words came out with low confidence */
    REGION_KINDS            /* how many, and one */
};
#define PAGE_REGIONS_MOST 500
struct region {
    struct box box;
    enum region_kind kind;
};
struct regions {
    struct region *list;
    size_t count, room;
};
void regions_add(struct regions *regions, struct box box, enum region_kind kind); /* past PAGE_REGIONS_MOST: the last grows round it */
void regions_drop(struct regions *regions);
void regions_encode(const struct regions *regions, struct buf *out);
int regions_decode(struct view bytes, struct regions *ret); /* ERR_PROTOCOL; ret is zeroed first; you drop it */
const char *region_kind_text(enum region_kind kind);        /* "handwriting", "too faint to read", ... */

enum picture_format { PICTURE_NONE, PICTURE_JPEG, PICTURE_PNG, PICTURE_TIFF };

/* A page's picture as it came, not straightened. Bytes of PICTURE_TIFF hold one picture. */
struct picture {
    enum picture_format format;
    struct view bytes;
    float dpi;     /* horizontal pixels per inch of the picture as shown */
    uint16_t turn; /* degrees clockwise (0, 90, 180, 270) that make the stored picture the page as shown */
};

enum page_role {
    PAGE_TEXT,      /* a page of a document (also one without any words) */
    PAGE_BLANK,     /* nothing on it: kept, counted, not part of the document */
    PAGE_SEPARATOR, /* a separator sheet: it ends one document and begins the next */
};

enum word_source {
    WORDS_NONE,       /* not read yet */
    WORDS_LAYER,      /* the file's own text layer, checked against the ink */
    WORDS_RECOGNISED, /* recognised from the picture */
    WORDS_LAID_OUT,   /* a mail or text that we laid out on pages ourselves */
};

/* One page as opening gives it. The bytes it points to belong to the giver and live until its call returns. */
struct opened_page {
    uint32_t number;            /* from 1 in its file */
    float width_pt, height_pt;  /* of the page as shown */
    enum page_role role;
    const char *payload;        /* of a separator sheet's bar code, or "" */
    struct picture picture;     /* always there but for an unreadable page */
    enum word_source source;    /* WORDS_NONE: the picture has to be recognised */
    struct words words;
    struct words claimed;       /* a hidden text layer that was not believed: compared with what is recognised */
    struct regions regions;     /* of a page with a believed layer: its pictures */
    const char *trouble;        /* why the page cannot be read (plain words, no personal data), or "" */
    const char *defect;         /* why the sheet should be scanned again while it is on the desk ("faint", "cut", "folded", ...), or NULL or "" */
    uint64_t picture_hash;      /* see ocr/picture_hash.h; 0: none */
    struct Pix *pix;            /* the picture as shown, where its giver has it in memory: it need not be decoded to be looked at. Or NULL */
};

/* What recognising a page's picture gives. */
struct page_reading {
    uint16_t turn;     /* degrees clockwise to turn the page *as shown* so that it stands upright */
    float skew_deg;    /* clockwise lean of the upright page's lines; straighten by turning it back */
    uint8_t quality;   /* 0 to 100: mean confidence of the words, weighted by length; 0 without words */
    struct words words;
    struct regions regions;
    char *language;    /* as Tesseract names it ("eng", "pol+eng"); "" where nothing was recognised; owned */
    char *trouble;     /* "" or what a person must know: "handwriting or too faint to read", ...; owned */
};

void page_reading_drop(struct page_reading *reading);

#endif
