#include "ingest/sniff.h"

#include "base/text.h"

#include <string.h>
#include <strings.h>

static bool is_one_of(const char *ending, size_t len, const char *const *list) {
    for (; *list; list++)
        if (strlen(*list) == len && strncasecmp(ending, *list, len) == 0)
            return true;
    return false;
}

static const char *const page_endings[] = {"pdf", "tif", "tiff", "jpg",  "jpeg", "jpe",  "jfif", "png",
                                           "gif", "bmp", "webp", "heic", "heif", "avif", NULL};
static const char *const mail_endings[] = {"eml", "msg", NULL};

/* A character that changes the direction of what follows: what is read as the ending is not the ending. */
static bool name_is_turned(const char *name) {
    for (uint32_t c = text_next(&name); c; c = text_next(&name))
        if ((c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069))
            return true;
    return false;
}

/* Windows passes over dots and blanks at the end; a viewer of names cuts them off. */
static size_t trimmed(const char *name, size_t len) {
    while (len && (name[len - 1] == '.' || (unsigned char)name[len - 1] <= ' '))
        len--;
    return len;
}

/* The ending before byte *len; *len then is where its dot stands. NULL without one. */
static const char *ending_before(const char *name, size_t *len, size_t *ret_ending) {
    size_t end = trimmed(name, *len);
    for (size_t i = end; i > 0 && end - i < 12; i--)
        if (name[i - 1] == '.') {
            *len = i - 1;
            *ret_ending = end - i;
            return name + i;
        }
    return NULL;
}

static bool kind_hides(enum content_kind kind) {
    return kind == CONTENT_HTML || kind == CONTENT_ARCHIVE || kind == CONTENT_PROGRAM;
}

int sniff_name_lies(const char *name, enum content_kind kind) {
    size_t len = strlen(name), bytes;
    if (kind == CONTENT_OTHER && len > 4 && strcasecmp(name + len - 4, ".eml") == 0) /* a mail is text; what nobody knows is none */
        return 1;
    if (!kind_hides(kind) && kind != CONTENT_TEXT)
        return 0;
    if (kind_hides(kind) && name_is_turned(name))
        return 1;
    const char *last = ending_before(name, &len, &bytes);
    if (!last)
        return 0;
    if (is_one_of(last, bytes, page_endings)) /* a text is what a failed download leaves behind */
        return 1;
    if (kind != CONTENT_TEXT && is_one_of(last, bytes, mail_endings))
        return 1;
    if (kind != CONTENT_HTML && kind != CONTENT_PROGRAM) /* "scans.pdf.zip" is an honest name */
        return 0;
    const char *before =
        ending_before(name, &len, &bytes); /* "letter.pdf.html": many viewers leave the last ending out */
    return before && (is_one_of(before, bytes, page_endings) || is_one_of(before, bytes, mail_endings));
}
