#include "ingest/uuencode.h"

#include "base/err.h"
#include "base/mem.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

struct line {
    const char *at;
    size_t len;       /* without the line end and spaces before it */
    const char *next; /* NULL: the text ends here */
};

static struct line line_at(const char *at) {
    const char *end = strchrnul(at, '\n');
    struct line line = {at, (size_t)(end - at), *end ? end + 1 : NULL};
    return line;
}

static bool line_is(struct line line, const char *text) {
    while (line.len && isspace((unsigned char)line.at[line.len - 1]))
        line.len--;
    return line.len == strlen(text) && memcmp(line.at, text, line.len) == 0;
}

/* "begin 644 name" or "begin-base64 644 name": where the name begins, or NULL. */
static const char *begin_name(struct line line, bool *base64) {
    static const char plain[] = "begin ", coded[] = "begin-base64 ";
    *base64 = line.len > sizeof coded && memcmp(line.at, coded, sizeof coded - 1) == 0;
    if (!*base64 && (line.len < sizeof plain || memcmp(line.at, plain, sizeof plain - 1) != 0))
        return NULL;
    const char *p = line.at + (*base64 ? sizeof coded : sizeof plain) - 1;
    size_t digits = 0;
    while (p[digits] >= '0' && p[digits] <= '7')
        digits++;
    return digits >= 3 && digits <= 5 && p[digits] == ' ' && line.len > (size_t)(p + digits + 1 - line.at)
               ? p + digits + 1
               : NULL;
}

enum line_kind { LINE_DATA, LINE_LAST, LINE_BAD };

/* Six bits from each character; "`" and " " are zero, and spaces at the end of a line may have been lost. */
static enum line_kind uu_line(struct line line, struct buf *out) {
    while (line.len && line.at[line.len - 1] == '\r')
        line.len--;
    if (!line.len)
        return LINE_BAD;
    size_t count = ((uint8_t)line.at[0] - 32u) & 63, need = (count + 2) / 3 * 4;
    if (line.at[0] < 32 || line.at[0] > 96 ||
        line.len > need + 2) /* some add a character that checks the line */
        return LINE_BAD;
    for (size_t i = 1; i < line.len; i++)
        if (line.at[i] < 32 || line.at[i] > 96)
            return LINE_BAD;
    if (!count)
        return LINE_LAST;
    uint32_t bits = 0;
    size_t given = 0;
    for (size_t i = 0; i < need; i++) {
        uint32_t six = i + 1 < line.len ? ((uint8_t)line.at[i + 1] - 32u) & 63 : 0;
        bits = bits << 6 | six;
        for (int shift = 16; i % 4 == 3 && shift >= 0 && given < count; shift -= 8, given++)
            buf_add_byte(out, (uint8_t)(bits >> shift));
    }
    return LINE_DATA;
}

static int base64_value(char c) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *p = c ? strchr(digits, c) : NULL;
    return p ? (int)(p - digits) : -1;
}

static enum line_kind base64_line(struct line line, struct buf *out) {
    while (line.len && isspace((unsigned char)line.at[line.len - 1]))
        line.len--;
    if (line_is(line, "===="))
        return LINE_LAST;
    if (!line.len || line.len % 4)
        return LINE_BAD;
    uint32_t bits = 0;
    for (size_t i = 0, pads = 0; i < line.len; i++) {
        int value = line.at[i] == '=' && i + 2 >= line.len ? 0 : base64_value(line.at[i]);
        if (value < 0 || (pads && line.at[i] != '='))
            return LINE_BAD;
        pads += line.at[i] == '=';
        bits = bits << 6 | (uint32_t)value;
        if (i % 4 == 3) {
            uint8_t three[3] = {(uint8_t)(bits >> 16), (uint8_t)(bits >> 8), (uint8_t)bits};
            buf_add(out, three, 3 - pads);
        }
    }
    return LINE_DATA;
}

/* The lines after "begin". Returns 1 and *after when a whole file stands there, 0 when it is none,
 * ERR_DAMAGED when it is cut. */
static int file_read(const char *at, bool base64, struct buf *bytes, const char **after) {
    size_t data_lines = 0;
    while (at) {
        struct line line = line_at(at);
        enum line_kind kind = base64                 ? base64_line(line, bytes)
                              : line_is(line, "end") ? LINE_LAST
                                                     : uu_line(line, bytes);
        if (kind == LINE_BAD) {
            bool at_end = !line.at[strspn(line.at, " \t\r\n")] || !line.next;
            return data_lines && at_end ? ERR_DAMAGED : 0;
        }
        if (kind == LINE_LAST) {
            struct line end = base64 || line_is(line, "end") ? line : line.next ? line_at(line.next) : line;
            if (!base64 && !line_is(end, "end"))
                return data_lines ? ERR_DAMAGED : 0;
            *after = end.next ? end.next : end.at + end.len;
            return 1;
        }
        data_lines++;
        at = line.next;
    }
    return data_lines ? ERR_DAMAGED : 0;
}

static char *name_copy(struct line begin, const char *from) {
    size_t len = begin.len - (size_t)(from - begin.at);
    while (len && isspace((unsigned char)from[len - 1]))
        len--;
    return mem_text_part(from, len);
}

int uuencode_take(const char *text, int (*take)(void *state, const char *name, struct buf *bytes),
                  void *state, struct buf *out) {
    const char *at = text;
    int err = 0;
    while (at && *at && err >= 0) {
        struct line line = line_at(at);
        struct buf bytes = {0};
        bool base64;
        const char *name = begin_name(line, &base64), *after = NULL;
        err = name ? file_read(line.next, base64, &bytes, &after) : 0;
        if (err == 1) {
            char *copy = name_copy(line, name);
            buf_print(out, "[file: %s]\n", copy);
            err = take(state, copy, &bytes);
            mem_free(&copy);
            at = after;
        } else if (err == 0) {
            const char *end = line.next ? line.next : line.at + line.len;
            buf_add(out, at, (size_t)(end - at));
            at = line.next;
        }
        buf_drop(&bytes);
    }
    return err;
}
