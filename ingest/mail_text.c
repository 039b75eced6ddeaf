#include "ingest/mail_text.h"

#include "base/text.h"

#include <errno.h>
#include <iconv.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

static const char *const kept_charsets[] = {
    "windows-1252", "iso-8859-1",   "iso-8859-2",   "iso-8859-3",   "iso-8859-4",   "iso-8859-5",
    "iso-8859-6",   "iso-8859-7",   "iso-8859-8",   "iso-8859-9",   "iso-8859-10",  "iso-8859-13",
    "iso-8859-14",  "iso-8859-15",  "iso-8859-16",  "windows-1250", "windows-1251", "windows-1253",
    "windows-1254", "windows-1255", "windows-1256", "windows-1257", "windows-1258", "koi8-r",
    "koi8-u",       "macintosh",    "utf-16",       "utf-32",       "utf-7",        "gb2312",
    "gbk",          "gb18030",      "big5",         "shift_jis",    "euc-jp",       "iso-2022-jp",
    "euc-kr",       "us-ascii",
};
enum { KEPT = sizeof kept_charsets / sizeof *kept_charsets };
static iconv_t kept[KEPT]; /* open for the life of the program, so that their code stays loaded */

void mail_text_start(void) {
    for (int i = 0; i < KEPT; i++)
        if (!kept[i])
            kept[i] = iconv_open("UTF-8", kept_charsets[i]);
}

/* True when every byte could be converted. */
static bool convert(struct view bytes, const char *charset, struct buf *out) {
    iconv_t cd = iconv_open("UTF-8", charset);
    if (cd == (iconv_t)-1)
        return false;
    char *in = (char *)(uintptr_t)bytes.data;
    size_t left = bytes.len, start = out->len;
    bool fine = true;
    while (left && fine) {
        char part[4096], *at = part;
        size_t room = sizeof part;
        fine = iconv(cd, &in, &left, &at, &room) != (size_t)-1 || errno == E2BIG;
        buf_add(out, part, sizeof part - room);
    }
    iconv_close(cd);
    if (!fine)
        out->len = start;
    return fine;
}

/* Windows-1252 with its five holes as U+FFFD: every byte string can be read so. */
static void convert_1252(struct view bytes, struct buf *out) {
    static const uint16_t high[32] = {
        0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
        0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD, 0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
        0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178,
    };
    for (size_t i = 0; i < bytes.len; i++) {
        uint8_t c = bytes.data[i];
        if (c)
            text_put(out, c >= 0x80 && c < 0xA0 ? high[c - 0x80] : c);
        else
            buf_add_byte(out, ' ');
    }
}

static bool is_named_utf8(const char *charset) {
    return !charset || strcasecmp(charset, "utf-8") == 0 || strcasecmp(charset, "utf8") == 0 ||
           strcasecmp(charset, "us-ascii") == 0 || strcasecmp(charset, "ascii") == 0;
}

/* CRLF and lone CR to LF, NUL to a space. */
static void make_lines_plain(struct buf *out, size_t start) {
    size_t to = start;
    for (size_t i = start; i < out->len; i++) {
        uint8_t c = out->data[i];
        if (c == '\r' && i + 1 < out->len && out->data[i + 1] == '\n')
            continue;
        out->data[to++] = c == '\r' ? '\n' : c ? c : ' ';
    }
    out->len = to;
}

void mail_text(struct view bytes, const char *charset, struct buf *out) {
    size_t start = out->len;
    if (is_named_utf8(charset) || !convert(bytes, charset, out)) {
        if (text_is_utf8(bytes))
            buf_add(out, bytes.data, bytes.len);
        else
            convert_1252(bytes, out);
    }
    if (out->len - start >= 3 && memcmp(out->data + start, "\xEF\xBB\xBF", 3) == 0) {
        memmove(out->data + start, out->data + start + 3, out->len - start - 3);
        out->len -= 3;
    }
    make_lines_plain(out, start);
}
