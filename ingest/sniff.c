#include "ingest/sniff.h"

#include "base/mem.h"
#include "base/text.h"

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
    static const char *const texts[] = {"empty", "pdf", "tiff", "jpeg", "png", "mail", "text", "other"};
    return texts[kind];
}

static struct view view_first(struct view bytes, size_t most) {
    return view_of(bytes.data, bytes.len < most ? bytes.len : most);
}

static bool begins(struct view bytes, const char *start, size_t len) {
    return bytes.len >= len && memcmp(bytes.data, start, len) == 0;
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

/* ---- text and the rest
 * ----------------------------------------------------------------------------------------- */

static const char *magic_says(struct view bytes, int flags) {
    if (!magic)
        return NULL;
    magic_setflags(magic, flags | MAGIC_NO_CHECK_COMPRESS | MAGIC_NO_CHECK_ELF);
    return magic_buffer(magic, bytes.data, bytes.len);
}

static bool is_text(struct view bytes) {
    struct view start = view_first(bytes, LOOK_BYTES);
    for (size_t i = 0; i < start.len; i++)
        if (start.data[i] < 0x20 && !isspace(start.data[i]))
            return false;
    const char *type = magic_says(start, MAGIC_MIME_TYPE);
    if (type) /* what libmagic takes for a mail, and is_mail does not, is somebody's text with a "From:" in it
               */
        return strcmp(type, "text/plain") == 0 || strncmp(type, "message/", 8) == 0;
    return text_is_utf8(start);
}

enum content_kind sniff_kind(struct view bytes) {
    if (is_empty(bytes))
        return CONTENT_EMPTY;
    if (begins(bytes, "\xFF\xD8\xFF", 3))
        return CONTENT_JPEG;
    if (begins(bytes, "\x89PNG\r\n\x1A\n", 8))
        return CONTENT_PNG;
    if (begins(bytes, "II*", 4) || begins(bytes, "MM\0*", 4) || begins(bytes, "II+", 4) ||
        begins(bytes, "MM\0+", 4))
        return CONTENT_TIFF;
    if (begins(bytes, "%PDF-", 5))
        return CONTENT_PDF;
    if (is_mail(bytes))
        return CONTENT_MAIL;
    if (is_pdf(bytes))
        return CONTENT_PDF;
    return is_text(bytes) ? CONTENT_TEXT : CONTENT_OTHER;
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
