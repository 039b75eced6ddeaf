/* sniff.h: what a file is, by its content, never by its name. */
#ifndef INGEST_SNIFF_H
#define INGEST_SNIFF_H

#include "base/buf.h"

enum content_kind {
    CONTENT_EMPTY,
    CONTENT_PDF,
    CONTENT_TIFF,
    CONTENT_JPEG,
    CONTENT_PNG,
    CONTENT_WEBP,
    CONTENT_GIF,
    CONTENT_BMP,
    CONTENT_HEIC,     /* HEIF and AVIF too */
    CONTENT_MAIL,     /* RFC 5322 */
    CONTENT_MBOX,     /* several mails */
    CONTENT_PST,
    CONTENT_MSG,      /* Outlook message */
    CONTENT_TNEF,     /* winmail.dat */
    CONTENT_OFFICE,   /* to be converted: see sniff_office_ending */
    CONTENT_ARCHIVE,  /* zip, 7z, tar, also packed with gzip, bzip2, xz, zstd */
    CONTENT_HTML,
    CONTENT_CALENDAR, /* iCalendar */
    CONTENT_TEXT,     /* also csv */
    CONTENT_SOUND,
    CONTENT_FILM,
    CONTENT_SEALED,   /* S/MIME or PGP encrypted */
    CONTENT_PROGRAM,  /* Windows, ELF, Mach-O, Java, scripts with "#!", installers, Windows shortcuts */
    CONTENT_MALWARE,  /* the public anti-virus test string: so that the path can be tried where no scanner is */
    CONTENT_OTHER,
};
const char *content_kind_text(enum content_kind kind); /* "pdf", "tiff", ... */

void sniff_load(void); /* loads libmagic's table: before confinement */
enum content_kind sniff_kind(struct view bytes);
/* What libmagic calls it ("Microsoft Word 2007+"), for a person to read; at most 100 printable ASCII characters. You free it. */
char *sniff_describe(struct view bytes);

/* Of CONTENT_OFFICE: the ending by which the converter knows it: "doc", "docx", "rtf", "odt", "xls", "xlsx", "ods", "ppt", "pptx", "odp";
 * NULL: an office file of another kind. */
const char *sniff_office_ending(struct view bytes);
/* Whether an office file or RTF holds macros, a template or object fetched from elsewhere, or an object that is run by itself
 * (vbaProject.bin, _VBA_PROJECT, attachedTemplate with an external target, \objupdate). */
int sniff_office_is_active(struct view bytes);
/* Whether the name promises a page (pdf, tif, jpg, png, ...) or a mail and the content is something that such a name hides: a web page, an
 * archive, a program. A picture named .pdf or a PDF named .jpg is no lie worth a stop. */
int sniff_name_lies(const char *name, enum content_kind kind);

#endif
