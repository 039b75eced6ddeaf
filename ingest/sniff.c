#include "ingest/sniff.h"

#include "base/mem.h"
#include "base/text.h"
#include "ingest/sniff_office.h"
#include "ingest/sniff_zip.h"

#include <ctype.h>
#include <magic.h>
#include <string.h>
#include <strings.h>

enum { LOOK_BYTES = 65536, DESCRIPTION_MOST = 100, PDF_START_MOST = 1024, FIELDS_ENOUGH = 20 };

static magic_t magic; /* libmagic's table, kept for the life of the program */

void sniff_load(void) {
    if (magic)
        return;
    magic = magic_open(MAGIC_NO_CHECK_COMPRESS | MAGIC_NO_CHECK_ELF);
    if (magic && magic_load(magic, NULL) != 0) {
        magic_close(magic);
        magic = NULL;
    }
}

const char *content_kind_text(enum content_kind kind) {
    static const char *const texts[] = {"empty",  "pdf",     "tiff",    "jpeg",     "png",  "webp",  "gif",
                                        "bmp",    "heic",    "mail",    "mbox",     "pst",  "msg",   "tnef",
                                        "office", "archive", "html",    "calendar", "text", "sound", "film",
                                        "sealed", "program", "malware", "other"};
    return texts[kind];
}

static struct view view_first(struct view bytes, size_t most) {
    return view_of(bytes.data, bytes.len < most ? bytes.len : most);
}

static bool is_empty(struct view bytes) {
    for (size_t i = 0; i < bytes.len; i++)
        if (!isspace(bytes.data[i]) && bytes.data[i])
            return false;
    return true;
}

/* Readers accept a PDF whose header lies within the first 1,024 bytes. */
static bool is_pdf(struct view bytes) {
    struct view start = view_first(bytes, PDF_START_MOST);
    return start.len && memmem(start.data, start.len, "%PDF-", 5) != NULL;
}

/* The European Institute for Computer Antivirus Research's test string, and nothing but white space behind
 * it. It stands here in two pieces so that this file is not itself reported. */
static bool is_test_malware(struct view bytes) {
    static const char first[] = "X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-",
                      second[] = "ANTIVIRUS-TEST-FILE!$H+H*";
    size_t a = sizeof first - 1, b = sizeof second - 1;
    if (bytes.len < a + b || memcmp(bytes.data, first, a) != 0 || memcmp(bytes.data + a, second, b) != 0)
        return false;
    return is_empty(view_of(bytes.data + a + b, bytes.len - a - b));
}

/* ---- mail
 * ------------------------------------------------------------------------------------------------------ */

static const char *const mail_fields[] = {
    "From",         "To",          "Cc",       "Subject",      "Date",   "Received",     "Message-ID",
    "MIME-Version", "Return-Path", "Reply-To", "Delivered-To", "Sender", "Content-Type", "DKIM-Signature",
    "In-Reply-To",  "References",  NULL,
};

static bool is_mail_field(const char *name, size_t len) {
    for (const char *const *f = mail_fields; *f; f++)
        if (strlen(*f) == len && strncasecmp(name, *f, len) == 0)
            return true;
    return false;
}

/* Length of the field name before a colon; 0 when the line is no header line (RFC 5322: printable, no space).
 */
static size_t field_name(const char *line, size_t len) {
    for (size_t i = 0; i < len; i++) {
        if (line[i] == ':')
            return i;
        if (line[i] <= ' ' || line[i] >= 0x7F)
            break;
    }
    return 0;
}

/* The file begins with header lines, of which two are fields that mails have, or one of very many. */
static bool is_mail(struct view bytes) {
    struct view start = view_first(bytes, LOOK_BYTES);
    const char *at = (const char *)start.data, *end = at + start.len;
    int known = 0, fields = 0;
    for (int line = 0; at < end && known < 2; line++) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t len = (size_t)((stop ? stop : end) - at);
        size_t name = field_name(at, len);
        bool envelope = line == 0 && len > 5 && memcmp(at, "From ", 5) == 0; /* mbox */
        bool folded = line > 0 && len > 1 && (*at == ' ' || *at == '\t');
        if (!name && !envelope && !folded)
            break;
        fields += name > 0;
        known += name && is_mail_field(at, name);
        at += len + (stop ? 1 : 0);
    }
    return known >= 2 || (known && fields >= FIELDS_ENOUGH);
}

/* A line "From ..." behind an empty line, with a mail's header below it. */
static bool is_mail_after_line(struct view bytes, size_t at) {
    struct view rest = view_of(bytes.data + at, bytes.len - at);
    return rest.len > 5 && memcmp(rest.data, "From ", 5) == 0 && is_mail(rest);
}

/* A file of several mails; a single mail that begins with such a line is a mail. */
static bool is_mbox(struct view bytes) {
    if (!view_begins(bytes, "From ", 5))
        return false;
    for (size_t at = 0; at < bytes.len;) {
        const uint8_t *found = memmem(bytes.data + at, bytes.len - at, "\nFrom ", 6);
        if (!found)
            return false;
        size_t place = (size_t)(found - bytes.data);
        bool behind_empty =
            place >= 1 && (bytes.data[place - 1] == '\n' ||
                           (place >= 2 && bytes.data[place - 1] == '\r' && bytes.data[place - 2] == '\n'));
        if (behind_empty && is_mail_after_line(bytes, place + 1))
            return true;
        at = place + 1;
    }
    return false;
}

/* ---- what begins with a mark of its own
 * ------------------------------------------------------------------------------------ */

struct mark {
    uint16_t at;
    uint8_t len;
    const char *bytes;
    enum content_kind kind;
};

static const struct mark marks[] = {
    {0, 3, "\xFF\xD8\xFF", CONTENT_JPEG},
    {0, 8, "\x89PNG\r\n\x1A\n", CONTENT_PNG},
    {0, 4, "II*\0", CONTENT_TIFF},
    {0, 4, "MM\0*", CONTENT_TIFF},
    {0, 4, "II+\0", CONTENT_TIFF},
    {0, 4, "MM\0+", CONTENT_TIFF},
    {0, 6, "GIF87a", CONTENT_GIF},
    {0, 6, "GIF89a", CONTENT_GIF},
    {0, 5, "%PDF-", CONTENT_PDF},
    {0, 4, "!BDN", CONTENT_PST},
    {0, 4, "\x78\x9F\x3E\x22", CONTENT_TNEF},
    {0, 6, "7z\xBC\xAF\x27\x1C", CONTENT_ARCHIVE},
    {0, 6, "Rar!\x1A\x07", CONTENT_ARCHIVE},
    {0, 3, "\x1F\x8B\x08", CONTENT_ARCHIVE},
    {0, 2, "\x1F\x9D", CONTENT_ARCHIVE},
    {0, 6,
     "\xFD"
     "7zXZ\0",
     CONTENT_ARCHIVE},
    {0, 4, "\x28\xB5\x2F\xFD", CONTENT_ARCHIVE},
    {0, 8, "MSCF\0\0\0\0", CONTENT_ARCHIVE},
    {4, 6, "1AY&SY", CONTENT_ARCHIVE}, /* bzip2 behind "BZh9" */
    {32769, 5, "CD001", CONTENT_ARCHIVE},
    {0, 4,
     "\x7F"
     "ELF",
     CONTENT_PROGRAM},
    {0, 4, "\xFE\xED\xFA\xCE", CONTENT_PROGRAM},
    {0, 4, "\xFE\xED\xFA\xCF", CONTENT_PROGRAM},
    {0, 4, "\xCE\xFA\xED\xFE", CONTENT_PROGRAM},
    {0, 4, "\xCF\xFA\xED\xFE", CONTENT_PROGRAM},
    {0, 4, "\xCA\xFE\xBA\xBE", CONTENT_PROGRAM}, /* Java class, and Mach-O for several machines */
    {0, 4, "\0asm", CONTENT_PROGRAM},
    {0, 4, "dex\n", CONTENT_PROGRAM},
    {0, 8, "\x4C\0\0\0\x01\x14\x02\0", CONTENT_PROGRAM}, /* Windows shortcut */
    {0, 5, "#!AMR", CONTENT_SOUND},
    {0, 4,
     "\x02"
     "dss",
     CONTENT_SOUND},
    {0, 4,
     "\x03"
     "dss",
     CONTENT_SOUND},
    {0, 4,
     "\x03"
     "ds2",
     CONTENT_SOUND},
    {0, 4, "fLaC", CONTENT_SOUND},
    {0, 4, "caff", CONTENT_SOUND},
    {0, 3, "ID3", CONTENT_SOUND},
    {0, 4, "\x1A\x45\xDF\xA3", CONTENT_FILM},
    {0, 24, "-----BEGIN PGP MESSAGE--", CONTENT_SEALED},
    {0, 21, "age-encryption.org/v1", CONTENT_SEALED},
};

static bool has_mark(struct view bytes, const struct mark *m) {
    return bytes.len >= (size_t)m->at + m->len && memcmp(bytes.data + m->at, m->bytes, m->len) == 0;
}

static enum content_kind kind_by_mark(struct view bytes) {
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (has_mark(bytes, &marks[i]))
            return marks[i].kind;
    return CONTENT_OTHER;
}

static uint32_t number_at(struct view bytes, size_t at, int len) {
    uint32_t value = 0;
    for (int i = len - 1; i >= 0; i--)
        value = value << 8 | (at + (size_t)i < bytes.len ? bytes.data[at + (size_t)i] : 0u);
    return value;
}

/* ISO base media: the brands, the main one and those that it is made like. */
static enum content_kind kind_by_brand(struct view bytes) {
    static const char still[] = "heic heix heim heis hevc hevx mif1 msf1 avif avis ",
                      sound[] = "M4A M4B M4P ";
    if (bytes.len < 16 || memcmp(bytes.data + 4, "ftyp", 4) != 0)
        return CONTENT_OTHER;
    size_t len = (size_t)bytes.data[2] << 8 | bytes.data[3];
    for (size_t at = 8; at + 4 <= bytes.len && at < 256 && (at == 8 || at < len); at += 4) {
        char brand[5] = {0};
        memcpy(brand, bytes.data + at, 4);
        bool printable = brand[0] > ' ' && brand[1] > ' ' && brand[2] > ' ';
        if (printable && strstr(still, brand))
            return CONTENT_HEIC;
        if (printable && at == 8 && strstr(sound, brand))
            return CONTENT_SOUND;
    }
    return CONTENT_FILM;
}

static enum content_kind kind_by_riff(struct view bytes) {
    if (bytes.len < 12 || memcmp(bytes.data, "RIFF", 4) != 0)
        return CONTENT_OTHER;
    const uint8_t *form = bytes.data + 8;
    return memcmp(form, "WEBP", 4) == 0   ? CONTENT_WEBP
           : memcmp(form, "WAVE", 4) == 0 ? CONTENT_SOUND
           : memcmp(form, "AVI ", 4) == 0 ? CONTENT_FILM
                                          : CONTENT_OTHER;
}

static bool is_bmp(struct view bytes) {
    uint32_t header = number_at(bytes, 14, 4);
    bool known = header == 12 || header == 40 || header == 52 || header == 56 || header == 64 ||
                 header == 108 || header == 124;
    return view_begins(bytes, "BM", 2) && known && number_at(bytes, header == 12 ? 22 : 26, 2) == 1;
}

/* Windows and DOS programs; a text may begin with the two letters too. */
static bool is_dos_program(struct view bytes) {
    struct view start = view_first(bytes, 64);
    return view_begins(bytes, "MZ", 2) && memchr(start.data, 0, start.len) != NULL;
}

/* The check sum of a tar header: the sum of its bytes, its own 8 taken as blanks, in octal digits (POSIX,
 * pax). */
static bool is_tar(struct view bytes) {
    uint32_t sum = 0, said = 0;
    size_t i = 148;
    if (bytes.len < 512 || !bytes.data[0])
        return false;
    for (size_t k = 0; k < 512; k++)
        sum += k >= 148 && k < 156 ? ' ' : bytes.data[k];
    while (i < 156 && bytes.data[i] == ' ')
        i++;
    for (; i < 156 && bytes.data[i] >= '0' && bytes.data[i] <= '7'; i++)
        said = said * 8 + (uint32_t)(bytes.data[i] - '0');
    return sum == said;
}

/* Cryptographic Message Syntax (RFC 5652): enveloped data, or enveloped and authenticated (RFC 5083). */
static bool is_enveloped(struct view bytes) {
    static const uint8_t enveloped[] = {0x06, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, 3};
    static const uint8_t authenticated[] = {0x06, 11, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 16, 1, 23};
    struct view start = view_first(bytes, 32);
    return start.len > 20 && start.data[0] == 0x30 &&
           (memmem(start.data, start.len, enveloped, sizeof enveloped) ||
            memmem(start.data, start.len, authenticated, sizeof authenticated));
}

static enum content_kind kind_of_binary(struct view bytes) {
    enum content_kind kind = kind_by_mark(bytes);
    if (kind == CONTENT_OTHER)
        kind = kind_by_brand(bytes);
    if (kind == CONTENT_OTHER)
        kind = kind_by_riff(bytes);
    if (kind != CONTENT_OTHER)
        return kind;
    if (sniff_zip_begins(bytes))
        return sniff_zip_kind(bytes);
    if (sniff_is_ole(bytes))
        return sniff_ole_kind(bytes);
    if (is_dos_program(bytes))
        return CONTENT_PROGRAM;
    return is_bmp(bytes)         ? CONTENT_BMP
           : is_tar(bytes)       ? CONTENT_ARCHIVE
           : is_enveloped(bytes) ? CONTENT_SEALED
                                 : CONTENT_OTHER;
}

/* ---- what is written in letters
 * ------------------------------------------------------------------------------------------- */

static bool starts_word(struct view text, const char *word) {
    size_t len = strlen(word);
    return text.len >= len && strncasecmp((const char *)text.data, word, len) == 0;
}

static struct view pass(struct view text, size_t bytes) {
    return view_of(text.data + bytes, text.len - bytes);
}

/* Behind the byte order mark and white space. */
static struct view text_start(struct view text) {
    if (view_begins(text, "\xEF\xBB\xBF", 3))
        text = pass(text, 3);
    while (text.len && isspace(*text.data))
        text = pass(text, 1);
    return text;
}

static struct view pass_to(struct view text, const char *end) {
    const uint8_t *found = memmem(text.data, text.len, end, strlen(end));
    return found ? pass(text, (size_t)(found - text.data) + strlen(end)) : pass(text, text.len);
}

static bool starts_tag(struct view text, const char *tag) {
    size_t len = strlen(tag);
    return starts_word(text, tag) && text.len > len && !isalnum(text.data[len]) && text.data[len] != ':' &&
           text.data[len] != '@';
}

/* The first element of a marked-up text, behind declarations and comments: CONTENT_HTML, CONTENT_OTHER (other
 * XML), or CONTENT_TEXT when it is no markup. */
static enum content_kind kind_of_markup(struct view text) {
    static const char *const html[] = {"<html",   "<head",          "<body",  "<title", "<script",
                                       "<style",  "<meta",          "<table", "<div",   "<form",
                                       "<iframe", "<!doctype html", NULL};
    bool declared = false;
    for (text = text_start(text); text.len; text = text_start(text)) {
        if (starts_word(text, "<?xml"))
            declared = true;
        if (starts_word(text, "<!--"))
            text = pass_to(text, "-->");
        else if (starts_word(text, "<?"))
            text = pass_to(text, "?>");
        else if (starts_word(text, "<!doctype") && !starts_tag(text, "<!doctype html")) {
            const uint8_t *subset = memchr(text.data, '[', text.len), *end = memchr(text.data, '>', text.len);
            text = subset && end && subset < end ? pass_to(text, "]>") : pass_to(text, ">");
            declared = true;
        } else
            break;
    }
    for (const char *const *h = html; *h; h++)
        if (starts_tag(text, *h))
            return CONTENT_HTML;
    return declared || starts_tag(text, "<svg") ? CONTENT_OTHER : CONTENT_TEXT;
}

/* A PEM or bare S/MIME block: its first bytes tell whether it is an envelope; what cannot be told is left
 * closed. */
static bool is_sealed_text(struct view text) {
    return starts_word(text, "-----BEGIN PGP MESSAGE-----") || starts_word(text, "-----BEGIN CMS-----") ||
           starts_word(text, "-----BEGIN PKCS7-----") ||
           starts_word(text, "-----BEGIN AGE ENCRYPTED FILE-----");
}

static enum content_kind kind_of_letters(struct view bytes) {
    struct view text = text_start(view_first(bytes, LOOK_BYTES));
    if (sniff_is_rtf(bytes))
        return CONTENT_OFFICE;
    if (view_begins(bytes, "#!", 2) && text.len > 3 &&
        (text.data[2] == '/' || (text.data[2] == ' ' && text.data[3] == '/')))
        return CONTENT_PROGRAM;
    if (starts_word(text, "@echo off"))
        return CONTENT_PROGRAM;
    if (starts_word(text, "BEGIN:VCALENDAR"))
        return CONTENT_CALENDAR;
    if (is_sealed_text(text))
        return CONTENT_SEALED;
    if (is_mbox(bytes))
        return CONTENT_MBOX;
    if (is_mail(bytes))
        return CONTENT_MAIL;
    enum content_kind kind = text.len && *text.data == '<' ? kind_of_markup(text) : CONTENT_TEXT;
    return kind == CONTENT_TEXT ? CONTENT_OTHER : kind == CONTENT_HTML ? CONTENT_HTML : CONTENT_OTHER;
}

/* ---- what libmagic says
 * ---------------------------------------------------------------------------------------------- */

static const char *magic_says(struct view bytes, int flags) {
    if (!magic)
        return NULL;
    magic_setflags(magic, flags | MAGIC_NO_CHECK_COMPRESS | MAGIC_NO_CHECK_ELF);
    return magic_buffer(magic, bytes.data, bytes.len);
}

static bool has_controls(struct view start) {
    for (size_t i = 0; i < start.len; i++)
        if (start.data[i] < 0x20 && !isspace(start.data[i]) && start.data[i] != 0x1B)
            return true;
    return false;
}

static enum content_kind kind_by_magic(struct view bytes) {
    static const struct {
        const char *type;
        enum content_kind kind;
    } types[] = {{"audio/", CONTENT_SOUND},
                 {"video/", CONTENT_FILM},
                 {"application/ogg", CONTENT_SOUND},
                 {"application/x-dosexec", CONTENT_PROGRAM},
                 {"application/pgp-encrypted", CONTENT_SEALED},
                 {"application/x-tar", CONTENT_ARCHIVE},
                 {"application/x-lha", CONTENT_ARCHIVE},
                 {"application/x-cpio", CONTENT_ARCHIVE},
                 {"application/x-archive", CONTENT_ARCHIVE}};
    const char *type = magic_says(view_first(bytes, 1 << 20), MAGIC_MIME_TYPE);
    for (size_t i = 0; type && i < sizeof types / sizeof *types; i++)
        if (strncmp(type, types[i].type, strlen(types[i].type)) == 0)
            return types[i].kind;
    return CONTENT_OTHER;
}

/* Words that libmagic takes for a programming language, a table or a mail are somebody's text all the same.
 */
static enum content_kind kind_of_text(struct view bytes) {
    struct view start = view_first(bytes, LOOK_BYTES);
    if (kind_of_markup(start) != CONTENT_TEXT)
        return CONTENT_OTHER;
    const char *type = magic_says(start, MAGIC_MIME_TYPE);
    if (!type)
        return text_is_utf8(start) ? CONTENT_TEXT : CONTENT_OTHER;
    if (strcmp(type, "text/html") == 0)
        return CONTENT_HTML;
    if (strcmp(type, "text/x-msdos-batch") == 0)
        return CONTENT_PROGRAM;
    bool words = (strncmp(type, "text/", 5) == 0 && strcmp(type, "text/xml") != 0) ||
                 strncmp(type, "message/", 8) == 0 || strcmp(type, "application/csv") == 0 ||
                 strcmp(type, "application/json") == 0;
    return words ? CONTENT_TEXT : CONTENT_OTHER;
}

/* What a Windows editor saves as "Unicode": a byte order mark, and letters behind it. */
static bool is_utf16_text(struct view bytes) {
    struct view start = view_first(bytes, LOOK_BYTES);
    if (start.len < 4 || !((start.data[0] == 0xFF && start.data[1] == 0xFE) || (start.data[0] == 0xFE && start.data[1] == 0xFF)))
        return false;
    size_t low = start.data[0] == 0xFF ? 0 : 1, controls = 0, units = start.len / 2;
    for (size_t i = 1; i < units; i++)
        controls += start.data[2 * i + 1 - low] == 0 && start.data[2 * i + low] < 0x20 && !isspace(start.data[2 * i + low]);
    return controls == 0;
}

enum content_kind sniff_kind(struct view bytes) {
    if (is_test_malware(bytes))
        return CONTENT_MALWARE;
    if (is_empty(bytes))
        return CONTENT_EMPTY;
    enum content_kind kind = kind_of_binary(bytes);
    if (kind == CONTENT_OTHER)
        kind = kind_of_letters(bytes);
    if (kind != CONTENT_OTHER)
        return kind;
    if (sniff_zip_begins(bytes) || sniff_is_ole(bytes))
        return CONTENT_OTHER;
    if (is_pdf(bytes))
        return CONTENT_PDF;
    if (is_utf16_text(bytes))
        return CONTENT_TEXT;
    return has_controls(view_first(bytes, LOOK_BYTES)) ? kind_by_magic(bytes) : kind_of_text(bytes);
}

char *sniff_describe(struct view bytes) {
    const char *says = bytes.len ? magic_says(bytes, MAGIC_NONE) : "empty";
    char *text = mem_text(says ? says : "unknown");
    if (strlen(text) > DESCRIPTION_MOST)
        text[DESCRIPTION_MOST] = 0;
    for (char *at = text; *at; at++)
        if (*at < 0x20 || *at > 0x7E)
            *at = '?';
    return text;
}
