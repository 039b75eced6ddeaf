#include "ingest/html_text.h"

#include "base/text.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct html {
    const char *at;
    struct buf *out;
    size_t start;     /* of our text in out */
    bool space;       /* a space is due before the next word */
    const char *skip; /* the element whose content is left out, or NULL */
};

static void put(struct html *h, uint32_t c) {
    bool at_line_start = h->out->len == h->start || h->out->data[h->out->len - 1] == '\n';
    if (h->space && !at_line_start)
        buf_add_byte(h->out, ' ');
    h->space = false;
    text_put(h->out, c);
}

static void end_line(struct html *h) {
    h->space = false;
    if (h->out->len > h->start && h->out->data[h->out->len - 1] != '\n')
        buf_add_byte(h->out, '\n');
}

/* ---- entities
 * -------------------------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    uint32_t c;
} entities[] = {
    {"amp", '&'},      {"lt", '<'},        {"gt", '>'},       {"quot", '"'},     {"apos", '\''},
    {"nbsp", ' '},     {"pound", 0xA3},    {"euro", 0x20AC},  {"copy", 0xA9},    {"reg", 0xAE},
    {"ndash", 0x2013}, {"mdash", 0x2014},  {"lsquo", 0x2018}, {"rsquo", 0x2019}, {"ldquo", 0x201C},
    {"rdquo", 0x201D}, {"hellip", 0x2026}, {"bull", 0x2022},  {"middot", 0xB7},  {"deg", 0xB0},
    {"frac12", 0xBD},  {"times", 0xD7},    {"eacute", 0xE9},  {"egrave", 0xE8},  {"ecirc", 0xEA},
    {"euml", 0xEB},    {"aacute", 0xE1},   {"agrave", 0xE0},  {"auml", 0xE4},    {"acirc", 0xE2},
    {"iacute", 0xED},  {"iuml", 0xEF},     {"oacute", 0xF3},  {"ouml", 0xF6},    {"ocirc", 0xF4},
    {"uacute", 0xFA},  {"uuml", 0xFC},     {"ccedil", 0xE7},  {"ntilde", 0xF1},  {"Eacute", 0xC9},
    {"Ouml", 0xD6},    {"Uuml", 0xDC},     {"Auml", 0xC4},    {"szlig", 0xDF},   {"oslash", 0xF8},
};

static uint32_t entity_number(const char *digits) {
    bool hex = *digits == 'x' || *digits == 'X';
    char *rest;
    unsigned long value = strtoul(digits + hex, &rest, hex ? 16 : 10);
    bool fine =
        *rest == ';' && rest > digits + hex && value <= 0x10FFFF && (value < 0xD800 || value > 0xDFFF);
    return fine && (value >= 0x20 || value == '\n' || value == '\t') ? (uint32_t)value : fine ? 0xFFFD : 0;
}

/* At "&": the character and the bytes it took; 0 when it is just an ampersand. */
static uint32_t entity_read(const char *at, size_t *ret_len) {
    const char *end = at + 1;
    while (end - at < 12 && (isalnum((unsigned char)*end) || *end == '#'))
        end++;
    if (*end != ';' || end == at + 1)
        return 0;
    *ret_len = (size_t)(end + 1 - at);
    if (at[1] == '#')
        return isxdigit((unsigned char)at[2]) || at[2] == 'x' || at[2] == 'X' ? entity_number(at + 2) : 0;
    for (size_t i = 0; i < sizeof entities / sizeof *entities; i++)
        if (strlen(entities[i].name) == (size_t)(end - at - 1) &&
            memcmp(entities[i].name, at + 1, strlen(entities[i].name)) == 0)
            return entities[i].c;
    return 0;
}

/* ---- tags
 * ------------------------------------------------------------------------------------------------------ */

static bool is_one_of(const char *name, size_t len, const char *const *list) {
    for (; *list; list++)
        if (strlen(*list) == len && strncasecmp(name, *list, len) == 0)
            return true;
    return false;
}

static void run_tag(struct html *h, const char *name, size_t len, bool closing) {
    static const char *const skipped[] = {"script", "style", "head", "title", "template", "noscript", NULL};
    static const char *const breaking[] = {
        "br",      "p",      "div",    "tr",   "table", "li", "ul",         "ol",  "h1",
        "h2",      "h3",     "h4",     "h5",   "h6",    "hr", "blockquote", "pre", "section",
        "article", "header", "footer", "body", "dt",    "dd", NULL};
    static const char *const cells[] = {"td", "th", NULL};
    if (h->skip) {
        if (closing && strlen(h->skip) == len && strncasecmp(name, h->skip, len) == 0)
            h->skip = NULL;
        return;
    }
    for (const char *const *s = skipped; *s && !closing; s++)
        if (strlen(*s) == len && strncasecmp(name, *s, len) == 0)
            h->skip = *s;
    if (len == 2 && strncasecmp(name, "br", 2) == 0) {
        h->space = false;
        buf_add_byte(h->out, '\n');
    } else if (is_one_of(name, len, breaking)) {
        end_line(h);
    } else if (closing && is_one_of(name, len, cells)) {
        h->space = false;
        buf_add_byte(h->out, '\t');
    }
}

/* The end of a tag: ">" outside quotes; a quote that never closes ends at the first ">" after all. */
static const char *tag_end(const char *at) {
    const char *first = strchr(at, '>');
    char quote = 0;
    for (const char *p = at; *p; p++) {
        if (quote)
            quote = *p == quote ? 0 : quote;
        else if (*p == '>')
            return p + 1;
        else if ((*p == '"' || *p == '\'') && p > at && p[-1] == '=')
            quote = *p;
    }
    return first ? first + 1 : at + strlen(at);
}

static void take_tag(struct html *h) {
    const char *at = h->at + 1;
    if (strncmp(at, "!--", 3) == 0) {
        const char *end = strstr(at + 3, "-->");
        h->at = end ? end + 3 : at + strlen(at);
        return;
    }
    bool closing = *at == '/';
    const char *name = at + closing;
    size_t len = 0;
    while (isalnum((unsigned char)name[len]))
        len++;
    h->at = tag_end(at);
    if (len)
        run_tag(h, name, len, closing);
}

static void take_character(struct html *h) {
    size_t len = 0;
    uint32_t c = *h->at == '&' ? entity_read(h->at, &len) : 0;
    if (c) {
        h->at += len;
    } else {
        c = text_next(&h->at);
    }
    if (h->skip)
        return;
    if (c < 0x80 && isspace((int)c))
        h->space = true;
    else
        put(h, c);
}

static bool tag_begins(const char *at) {
    return *at == '<' && (isalpha((unsigned char)at[1]) || at[1] == '/' || at[1] == '!' || at[1] == '?');
}

void html_text(const char *html, struct buf *out) {
    struct html h = {.at = html, .out = out, .start = out->len};
    while (*h.at) {
        if (tag_begins(h.at))
            take_tag(&h);
        else
            take_character(&h);
    }
    end_line(&h);
}
