#include "base/text.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>
#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>
#include <unistr.h>

uint32_t text_next(const char **at) {
    const uint8_t *p = (const uint8_t *)*at;
    if (!*p)
        return 0;
    if (*p < 0x80) {
        (*at)++;
        return *p;
    }
    ucs4_t c;
    int n = u8_strmbtouc(&c, p);
    if (n <= 0) {
        (*at)++;
        return 0xFFFD;
    }
    *at += n;
    return c;
}

void text_put(struct buf *out, uint32_t code_point) {
    uint8_t bytes[6];
    int n = u8_uctomb(bytes, code_point, sizeof bytes);
    if (n > 0)
        buf_add(out, bytes, (size_t)n);
}

bool text_is_utf8(struct view bytes) {
    return bytes.len == 0 || u8_check(bytes.data, bytes.len) == NULL;
}

static uint32_t fold_sign(uint32_t c) {
    switch (c) {
    case 0x2018:
    case 0x2019:
    case 0x02BC:
    case 0x0060:
    case 0x00B4:
        return '\'';
    case 0x201C:
    case 0x201D:
        return '"';
    case 0x2010:
    case 0x2011:
    case 0x2012:
    case 0x2013:
    case 0x2014:
    case 0x2212:
        return '-';
    case 0x00A0:
        return ' ';
    default:
        return c;
    }
}

/* Beyond ASCII: the library's case folding and decomposition, then the marks are left out. */
static void fold_unicode(const char *text, struct buf *out) {
    size_t len = 0;
    struct buf clean = {0};
    /* Signs first: decomposed, an acute accent of its own is a space and a mark. Broken bytes must not keep the rest from
     * being folded. */
    for (uint32_t c; (c = text_next(&text));)
        text_put(&clean, fold_sign(c));
    uint8_t *folded = u8_casefold(clean.data, clean.len, NULL, UNINORM_NFKD, NULL, &len);
    if (!folded) {
        buf_add(out, clean.data, clean.len);
        buf_drop(&clean);
        return;
    }
    buf_drop(&clean);
    char *copy = mem_text_part((const char *)folded, len);
    free(folded);
    const char *at = copy;
    for (uint32_t c; (c = text_next(&at));)
        if (!uc_is_general_category_withtable(c, UC_CATEGORY_MASK_M))
            text_put(out, fold_sign(c));
    free(copy);
}

char *text_fold(const char *text) {
    struct buf out = {0};
    bool plain = true;
    for (const char *p = text; *p && plain; p++)
        plain = (unsigned char)*p < 0x80;
    if (plain)
        for (const char *p = text; *p; p++)
            buf_add_byte(&out, (uint8_t)(*p >= 'A' && *p <= 'Z' ? *p + 32 : *p == '`' ? '\'' : *p));
    else
        fold_unicode(text, &out);
    buf_text(&out);
    return (char *)out.data;
}

char *text_key(const char *text) {
    char *folded = text_fold(text);
    struct buf out = {0};
    const char *at = folded;
    for (uint32_t c; (c = text_next(&at));)
        if (text_is_letter(c) || text_is_digit(c))
            text_put(&out, c);
    free(folded);
    buf_text(&out);
    return (char *)out.data;
}

bool text_is_letter(uint32_t c) {
    if (c < 0x80)
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return uc_is_general_category_withtable(c, UC_CATEGORY_MASK_L);
}

bool text_is_upper(uint32_t c) {
    if (c < 0x80)
        return c >= 'A' && c <= 'Z';
    return uc_is_general_category_withtable(c, UC_CATEGORY_MASK_Lu | UC_CATEGORY_MASK_Lt);
}

bool text_is_digit(uint32_t c) {
    return c >= '0' && c <= '9';
}

char *text_printable(struct view bytes) {
    struct buf out = {0};
    for (size_t i = 0; i < bytes.len;) {
        ucs4_t c;
        int n = u8_mbtoucr(&c, bytes.data + i, bytes.len - i);
        if (n <= 0) {
            buf_print(&out, "\\x%02X", bytes.data[i]);
            i++;
        } else if (uc_is_general_category_withtable(c, UC_CATEGORY_MASK_C | UC_CATEGORY_MASK_Zl | UC_CATEGORY_MASK_Zp)) {
            buf_print(&out, c < 256 ? "\\x%02X" : "\\u{%04X}", (unsigned)c);
            i += (size_t)n;
        } else {
            buf_add(&out, bytes.data + i, (size_t)n);
            i += (size_t)n;
        }
    }
    buf_text(&out);
    return (char *)out.data;
}

static bool is_inside(char byte) { /* of a character of several bytes */
    return ((unsigned char)byte & 0xC0) == 0x80;
}

size_t text_cut(const char *text, size_t len, size_t most) {
    if (len <= most)
        return len;
    size_t n = most;
    while (n > 0 && most - n < 4 && is_inside(text[n]))
        n--;
    return is_inside(text[n]) ? most : n;
}

#define DISTANCE_MOST 128

static size_t code_points(const char *text, uint32_t *out) {
    size_t n = 0;
    for (uint32_t c; n < DISTANCE_MOST && (c = text_next(&text));)
        out[n++] = c;
    return n;
}

static int least(int a, int b) {
    return a < b ? a : b;
}

/* Optimal string alignment (Damerau 1964, restricted), three rows. */
int text_distance(const char *a, const char *b, int most) {
    uint32_t x[DISTANCE_MOST], y[DISTANCE_MOST];
    int rows[3][DISTANCE_MOST + 1];
    size_t n = code_points(a, x), m = code_points(b, y);
    if ((n > m ? n - m : m - n) > (size_t)most)
        return most + 1;
    for (size_t j = 0; j <= m; j++)
        rows[0][j] = (int)j;
    for (size_t i = 1; i <= n; i++) {
        int *now = rows[i % 3], *last = rows[(i + 2) % 3], *before = rows[(i + 1) % 3];
        int best = now[0] = (int)i;
        for (size_t j = 1; j <= m; j++) {
            int cost = x[i - 1] != y[j - 1];
            now[j] = least(least(last[j] + 1, now[j - 1] + 1), last[j - 1] + cost);
            if (i > 1 && j > 1 && x[i - 1] == y[j - 2] && x[i - 2] == y[j - 1])
                now[j] = least(now[j], before[j - 2] + 1);
            best = least(best, now[j]);
        }
        if (best > most)
            return most + 1;
    }
    return least(rows[n % 3][m], most + 1);
}
