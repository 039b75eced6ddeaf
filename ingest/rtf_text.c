#include "ingest/rtf_text.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "ingest/mail_text.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- unpacking ----------------------------------------------------------------------------------------- */

enum { WINDOW = 4096, HEAD = 16 };

/* The window begins with what most RTF begins with ([MS-OXRTFCP] 2.1.3.1.1). */
static const char first_window[] = "{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman "
                                   "\\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArial"
                                   "Times New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par "
                                   "\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";

struct unpacker {
    struct view in;
    size_t at;
    uint8_t window[WINDOW];
    size_t write;
    struct buf *out;
};

static uint32_t u32_at(const uint8_t *p) {
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static void emit(struct unpacker *u, uint8_t byte) {
    buf_add_byte(u->out, byte);
    u->window[u->write] = byte;
    u->write = (u->write + 1) % WINDOW;
}

/* One run of eight tokens. 1: the end was reached, 0: go on, ERR_DAMAGED. */
static int unpack_run(struct unpacker *u) {
    if (u->at >= u->in.len)
        return ERR_DAMAGED;
    unsigned control = u->in.data[u->at++];
    for (int bit = 0; bit < 8; bit++) {
        bool reference = control >> bit & 1;
        if (u->at + (reference ? 2 : 1) > u->in.len)
            return ERR_DAMAGED;
        if (!reference) {
            emit(u, u->in.data[u->at++]);
            continue;
        }
        unsigned token = (unsigned)u->in.data[u->at] << 8 | u->in.data[u->at + 1];
        size_t from = token >> 4, count = (token & 15) + 2;
        u->at += 2;
        if (from == u->write)
            return 1;
        for (size_t i = 0; i < count; i++)
            emit(u, u->window[(from + i) % WINDOW]);
    }
    return 0;
}

int rtf_unpack(struct view packed, struct buf *out) {
    if (packed.len < HEAD)
        return ERR_DAMAGED;
    uint32_t size = u32_at(packed.data + 4), kind = u32_at(packed.data + 8);
    if (size > RTF_BYTES_MOST || packed.len > RTF_BYTES_MOST)
        return ERR_TOO_LARGE;
    if (kind == 0x414C454D) { /* "MELA": not packed at all */
        size_t len = packed.len - HEAD;
        buf_add(out, packed.data + HEAD, len < size ? len : size);
        return 0;
    }
    if (kind != 0x75465A4C) /* "LZFu" */
        return ERR_DAMAGED;
    struct unpacker *u = mem_new(sizeof *u);
    *u = (struct unpacker){.in = packed, .at = HEAD, .write = sizeof first_window - 1, .out = out};
    memcpy(u->window, first_window, sizeof first_window - 1);
    int rc = 0;
    while (!rc && out->len <= RTF_BYTES_MOST)
        rc = unpack_run(u);
    mem_free(&u);
    return rc == 1 ? 0 : rc ? rc : ERR_TOO_LARGE;
}

/* ---- text ---------------------------------------------------------------------------------------------- */

enum { GROUPS_MOST = 1000 };

struct group {
    bool skip;     /* a destination that is no text */
    uint8_t after; /* characters that stand for a \u by older readers */
};

struct rtf {
    const uint8_t *at, *end;
    struct buf *out;
    struct group groups[GROUPS_MOST];
    size_t depth;    /* the group that we are in; those too deep are counted but share the last */
    bool begun;      /* right after "{": a destination may follow */
    bool beside;     /* \htmlrtf: meant for readers that know no HTML */
    unsigned to_eat; /* characters after \u that repeat it */
    unsigned code_page, high_surrogate;
    struct buf pending; /* bytes of the code page that are not in out yet */
};

static struct group *group_of(struct rtf *r) {
    return &r->groups[r->depth < GROUPS_MOST ? r->depth : GROUPS_MOST - 1];
}

static bool is_shown(struct rtf *r) {
    return !group_of(r)->skip && !r->beside;
}

/* Bytes of a code page, which may need two for one character. */
static void flush(struct rtf *r) {
    char charset[24];
    snprintf(charset, sizeof charset, "windows-%u", r->code_page);
    if (r->pending.len)
        mail_text(buf_view(&r->pending), charset, r->out);
    buf_reset(&r->pending);
}

static void put(struct rtf *r, uint32_t c) {
    if (r->to_eat) {
        r->to_eat--;
    } else if (is_shown(r) && c) {
        flush(r);
        text_put(r->out, c);
    }
}

static void put_byte(struct rtf *r, uint8_t byte) {
    if (byte < 0x80 && !r->pending.len)
        put(r, byte);
    else if (r->to_eat)
        r->to_eat--;
    else if (is_shown(r))
        buf_add_byte(&r->pending, byte);
}

/* \u with a number: UTF-16, signed. */
static void put_wide(struct rtf *r, int value) {
    unsigned c = (unsigned)value & 0xFFFF;
    r->to_eat = 0;
    if (c >= 0xD800 && c < 0xDC00) {
        r->high_surrogate = c;
    } else {
        if (c >= 0xDC00 && c < 0xE000)
            c = r->high_surrogate ? 0x10000 + ((r->high_surrogate - 0xD800) << 10) + (c - 0xDC00) : 0xFFFD;
        r->high_surrogate = 0;
        put(r, c ? c : 0xFFFD);
    }
    r->to_eat = group_of(r)->after;
}

static bool is_destination(const char *word) {
    static const char *const none_of_text[] = {"fonttbl",   "colortbl", "stylesheet", "info",      "pict",
                                               "object",    "objdata",  "themedata",  "listtable", "xmlnstbl",
                                               "datastore", "fldinst",  "generator",  NULL};
    for (const char *const *p = none_of_text; *p; p++)
        if (strcmp(*p, word) == 0)
            return true;
    return false;
}

static const struct {
    const char *word;
    uint32_t c;
} characters[] = {
    {"par", '\n'},         {"line", '\n'},     {"row", '\n'},      {"sect", '\n'},
    {"page", '\n'},        {"tab", '\t'},      {"cell", '\t'},     {"emdash", 0x2014},
    {"endash", 0x2013},    {"lquote", 0x2018}, {"rquote", 0x2019}, {"ldblquote", 0x201C},
    {"rdblquote", 0x201D}, {"bullet", 0x2022}, {"emspace", ' '},   {"enspace", ' '},
};

static void run_word(struct rtf *r, const char *word, bool has_number, int number) {
    if (strcmp(word, "u") == 0) {
        put_wide(r, number);
    } else if (strcmp(word, "uc") == 0) {
        group_of(r)->after = (uint8_t)(number < 0 || number > 8 ? 1 : number);
    } else if (strcmp(word, "bin") == 0) {
        size_t left = (size_t)(r->end - r->at);
        r->at += number < 0 ? 0 : (size_t)number < left ? (size_t)number : left;
    } else if (strcmp(word, "ansicpg") == 0 && number > 0) {
        flush(r);
        r->code_page = (unsigned)number;
    } else if (strcmp(word, "htmlrtf") == 0) {
        r->beside = !has_number || number;
    } else if (is_destination(word)) {
        group_of(r)->skip = true;
    }
    for (size_t i = 0; i < sizeof characters / sizeof *characters; i++)
        if (strcmp(characters[i].word, word) == 0)
            put(r, characters[i].c);
}

/* A word of letters, with a number maybe, and one space that belongs to it. */
static void take_word(struct rtf *r) {
    char word[32];
    size_t len = 0;
    while (r->at < r->end && isalpha(*r->at) && len < sizeof word - 1)
        word[len++] = (char)*r->at++;
    word[len] = 0;
    bool minus = r->at < r->end && *r->at == '-', has_number = false;
    r->at += minus;
    int number = 0;
    for (; r->at < r->end && isdigit(*r->at); r->at++, has_number = true)
        number = number > 100000000 ? number : 10 * number + (*r->at - '0');
    if (r->at < r->end && *r->at == ' ')
        r->at++;
    run_word(r, word, has_number, minus ? -number : number);
}

static int hex_of(uint8_t c) {
    return isdigit(c) ? c - '0' : isxdigit(c) ? (c | 32) - 'a' + 10 : -1;
}

static void take_command(struct rtf *r) {
    bool first = r->begun;
    r->begun = false;
    if (r->at >= r->end)
        return;
    uint8_t c = *r->at;
    if (isalpha(c)) {
        take_word(r);
        return;
    }
    r->at++;
    if (c == '\'' && r->end - r->at >= 2) {
        int high = hex_of(r->at[0]), low = hex_of(r->at[1]);
        r->at += 2;
        if (high >= 0 && low >= 0)
            put_byte(r, (uint8_t)(high << 4 | low));
    } else if (c == '*' && first) {
        group_of(r)->skip = true; /* a destination that readers may pass over */
    } else if (c == '~') {
        put(r, ' ');
    } else if (c == '_') {
        put(r, '-');
    } else if (c == '\n' || c == '\r') {
        put(r, '\n');
    } else if (c == '\\' || c == '{' || c == '}') {
        put(r, c);
    }
}

static void take_group(struct rtf *r) {
    struct group outer = *group_of(r);
    r->depth++;
    *group_of(r) = outer;
    r->begun = true;
    r->to_eat = 0;
}

void rtf_text(struct view rtf, struct buf *out) {
    if (!rtf.len)
        return;
    struct rtf *r = mem_new(sizeof *r);
    r->at = rtf.data;
    r->end = rtf.data + rtf.len;
    r->out = out;
    r->code_page = 1252;
    r->groups[0].after = 1;
    while (r->at < r->end) {
        uint8_t c = *r->at++;
        if (c == '\\') {
            take_command(r);
        } else if (c == '{') {
            take_group(r);
        } else if (c == '}') {
            r->depth -= r->depth > 0;
            r->to_eat = 0;
        } else if (c >= ' ' || c == '\t') {
            put_byte(r, c);
        }
        r->begun &= c == '{' || c == '\r' || c == '\n';
    }
    flush(r);
    buf_drop(&r->pending);
    mem_free(&r);
}
