/* language.h: which language a page is in, and whether Tesseract's data for it are there.
 *
 * Words are judged by the short words that every text of a language is full of (languages.def), the way
 * Grefenstette (JADT 1995) compared with letter trigrams: enough for a letter of sixty words, and names,
 * places and figures do not count. */
#ifndef OCR_LANGUAGE_H
#define OCR_LANGUAGE_H

#include "ocr/script.h"
#include "store/page.h"

#include <stdbool.h>
#include <stdint.h>

struct language {
    const char *code;    /* as Tesseract names it: "pol" */
    const char *name;    /* in English: "Polish" */
    const char *package; /* Debian's package of its data, or "" where Tesseract has none */
    enum script script;
    const char *words;
};

struct language_guess {
    const struct language *language; /* NULL: read as it is, nothing better is known */
    const struct language *second;   /* the runner-up in the same script, or NULL */
    uint8_t sure; /* 0 to 100; below LANGUAGE_SURE only its script is known, or it may be the second */
};
#define LANGUAGE_SURE 50
#define LANGUAGE_ENGINE_BYTES 32

/* Before any other function here, once in a process and before fork: looks which data are in the folder.
 * folder: Tesseract's (what TessBaseAPIGetDatapath() gives), or NULL: $TESSDATA_PREFIX or Debian's. wanted:
 * "auto" (all that are there), "none", or codes with '+', ',' or spaces between. */
void languages_start(const char *folder, const char *wanted);

/* words: as read, by an engine for Latin letters or by one for the script that they came out in; fewer than
 * about 40 words of text say nothing, and neither does a page that reads badly. language is NULL for English.
 * About 0.02 ms for a page. */
struct language_guess language_guess_words(const struct words *words);

/* What to read a page of this script with first: its first language that is installed, else its first. sure
 * is 0. */
struct language_guess language_guess_of_script(enum script script);

/* The installed languages of other scripts to try on a part of a page that English letters do not explain:
 * those of the script that was found first; none when the letters are surely Latin. For each script one,
 * which tells the others from its words; for Chinese both. Returns how many. */
#define LANGUAGE_CANDIDATES_MOST 32
size_t language_candidates(struct script_found found, const struct language *list[LANGUAGE_CANDIDATES_MOST]);

/* Whether words, read with language at this quality (tess_words_quality()), are of its script and make sense:
 * measured, an engine of a wrong script or on handwriting stays below. english_quality: of the same part,
 * read with the standing engine. */
bool language_fits(const struct language *language, const struct words *words, uint8_t quality,
                   uint8_t english_quality);

const struct language *language_of(const char *code);      /* NULL: not in the table */
bool language_is_installed(const char *code);              /* and wanted */
bool language_is_in(const char *code, const char *engine); /* "pol" in "eng+pol" */

/* The engine for a guess, "pol+eng", into text; false when the language is not installed or is NULL. With
 * English behind it, because the names, addresses and figures of these letters are in English letters;
 * measured, it costs a second load and reads no worse. */
bool language_engine(const struct language_guess *guess, char text[LANGUAGE_ENGINE_BYTES]);

/* "seems to be in Polish; to have it read, install Debian's package tesseract-ocr-pol". At most 200 bytes.
 * You free it. */
char *language_missing_text(const struct language_guess *guess);

#endif
