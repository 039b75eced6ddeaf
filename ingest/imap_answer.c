#include "ingest/imap_answer.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define MOST_LINE (16u << 20) /* bytes: the numbers of some million mails */
#define KEEP_BYTES (1u << 20) /* a buffer that has grown beyond it is not kept */

/* ---- words
 * ----------------------------------------------------------------------------------------------------- */

struct cursor {
    const uint8_t *at, *end;
};

static struct cursor cursor_of(struct view view) {
    return (struct cursor){view.data, view.data + view.len};
}

static bool at_is(const struct cursor *c, char byte) {
    return c->at < c->end && *c->at == (uint8_t)byte;
}

static bool cursor_skip(struct cursor *c, char byte) {
    if (!at_is(c, byte))
        return false;
    c->at++;
    return true;
}

static bool is_word_byte(uint8_t byte) {
    return byte > ' ' && byte != '(' && byte != ')' && byte != '"' && byte != '{' && byte != ']' &&
           byte < 0x7f;
}

/* Letters up to a space or bracket; "BODY[HEADER.FIELDS (TO)]" is one word. */
static struct view cursor_word(struct cursor *c) {
    struct view word = {c->at, 0};
    bool inside = false;
    while (c->at < c->end &&
           (is_word_byte(*c->at) || (inside && *c->at >= ' ') || (*c->at == ']' && inside))) {
        inside = *c->at == '[' || (inside && *c->at != ']');
        c->at++;
    }
    word.len = (size_t)(c->at - word.data);
    return word;
}

static bool view_is(struct view view, const char *text) {
    return view.len == strlen(text) &&
           (!view.len || strncasecmp((const char *)view.data, text, view.len) == 0);
}

static bool cursor_number(struct cursor *c, uint64_t most, uint64_t *ret) {
    const uint8_t *start = c->at;
    uint64_t n = 0;
    while (c->at < c->end && *c->at >= '0' && *c->at <= '9') {
        n = n * 10 + (*c->at++ - '0');
        if (n > most)
            return false;
    }
    *ret = n;
    return c->at > start;
}

static bool view_number(struct view view, uint64_t most, uint64_t *ret) {
    struct cursor c = cursor_of(view);
    return cursor_number(&c, most, ret) && c.at == c.end;
}

/* ---- whole answers
 * --------------------------------------------------------------------------------------------- */

void imap_reader_drop(struct imap_reader *reader) {
    buf_wipe(&reader->in);
    reader->taken = reader->scan = 0;
}

static void reader_forget_taken(struct imap_reader *reader) {
    struct buf *in = &reader->in;
    if (!reader->taken)
        return;
    memmove(in->data, in->data + reader->taken, in->len - reader->taken);
    in->len -= reader->taken;
    reader->taken = 0;
    if (in->cap > KEEP_BYTES) {
        struct buf small = {0};
        buf_add(&small, in->data, in->len);
        buf_wipe(in);
        *in = small;
    }
}

void imap_reader_take(struct imap_reader *reader, struct buf *out) {
    struct buf left = {0};
    buf_add(&left, reader->in.data + reader->taken, reader->in.len - reader->taken);
    *out = reader->in;
    out->len = reader->taken;
    reader->in = left;
    reader->taken = reader->scan = 0;
}

/* The status word at the beginning, if there is one, and its code. */
static void answer_status(struct imap_answer *answer) {
    static const char *const names[] = {"", "OK", "NO", "BAD", "BYE", "PREAUTH"};
    struct cursor c = cursor_of(answer->rest);
    struct view word = cursor_word(&c);
    for (size_t i = 1; i < sizeof names / sizeof names[0]; i++)
        if (view_is(word, names[i]))
            answer->status = (enum imap_status)i;
    if (answer->status == IMAP_DATA)
        return;
    cursor_skip(&c, ' ');
    const uint8_t *close = at_is(&c, '[') ? memchr(c.at, ']', (size_t)(c.end - c.at)) : NULL;
    if (close) {
        answer->code = (struct view){c.at + 1, (size_t)(close - c.at - 1)};
        c.at = close + 1;
        cursor_skip(&c, ' ');
    }
    answer->rest = (struct view){c.at, (size_t)(c.end - c.at)};
}

static struct imap_answer answer_read(struct view bytes) {
    struct imap_answer answer = {.kind = IMAP_NOISE};
    struct cursor c = cursor_of(bytes);
    uint64_t tag;
    if (cursor_skip(&c, '*'))
        answer.kind = IMAP_UNTAGGED;
    else if (cursor_skip(&c, '+'))
        answer.kind = IMAP_CONTINUE;
    else if (cursor_skip(&c, 'c') && cursor_number(&c, UINT32_MAX, &tag)) {
        answer.kind = IMAP_TAGGED;
        answer.tag = (uint32_t)tag;
    }
    if (!cursor_skip(&c, ' ') && answer.kind != IMAP_CONTINUE)
        answer.kind = IMAP_NOISE;
    answer.rest = (struct view){c.at, (size_t)(c.end - c.at)};
    if (answer.kind == IMAP_UNTAGGED || answer.kind == IMAP_TAGGED)
        answer_status(&answer);
    if (answer.kind == IMAP_TAGGED && answer.status == IMAP_DATA)
        answer.kind = IMAP_NOISE;
    return answer;
}

/* Whether the line ends with {n}: only data has literals, the words of a status may end like that by chance.
 */
static bool line_announces(struct view answer, struct view line, uint64_t *ret) {
    size_t digits = 0;
    struct imap_answer read = answer_read(answer);
    if (read.kind != IMAP_UNTAGGED || read.status != IMAP_DATA || line.len < 3 ||
        line.data[line.len - 1] != '}')
        return false;
    while (digits + 2 < line.len && line.data[line.len - 2 - digits] >= '0' &&
           line.data[line.len - 2 - digits] <= '9')
        digits++;
    const uint8_t *start = line.data + line.len - 1 - digits;
    if (!digits || start[-1] != '{')
        return false;
    if (!view_number((struct view){start, digits}, SIZE_MAX / 4, ret))
        *ret = UINT64_MAX;
    return true;
}

static struct view without_end(const uint8_t *start, const uint8_t *newline) {
    size_t len = (size_t)(newline - start);
    return (struct view){start, len && start[len - 1] == '\r' ? len - 1 : len};
}

int imap_reader_next(struct imap_reader *reader, struct imap_answer *ret) {
    reader_forget_taken(reader);
    for (;;) {
        const struct buf *in = &reader->in;
        uint64_t literal = 0;
        if (reader->scan >= in->len)
            return 0;
        const uint8_t *from = in->data + reader->scan, *newline = memchr(from, '\n', in->len - reader->scan);
        if (!newline)
            return in->len - reader->scan > MOST_LINE ? ERR_TOO_LARGE : 0;
        struct view whole = without_end(in->data, newline);
        struct view line = without_end(from, newline);
        size_t next = (size_t)(newline - in->data) + 1;
        if (!line_announces(whole, line, &literal)) {
            *ret = answer_read(whole);
            reader->taken = next;
            reader->scan = 0;
            return 1;
        }
        if (literal > reader->most_literal)
            return ERR_TOO_LARGE;
        if (in->len - next < literal) /* read again from this line when more has come */
            return 0;
        reader->scan = next + (size_t)literal;
    }
}

/* ---- what they say
 * --------------------------------------------------------------------------------------------- */

bool imap_answer_code_is(const struct imap_answer *answer, const char *name) {
    struct cursor c = cursor_of(answer->code);
    return answer->code.len && view_is(cursor_word(&c), name);
}

static bool number_32(uint64_t n, uint32_t *ret) {
    if (!n || n > UINT32_MAX)
        return false;
    *ret = (uint32_t)n;
    return true;
}

bool imap_answer_code_number(const struct imap_answer *answer, const char *name, uint32_t *ret) {
    struct cursor c = cursor_of(answer->code);
    uint64_t n;
    return answer->code.len && view_is(cursor_word(&c), name) && cursor_skip(&c, ' ') &&
           cursor_number(&c, UINT32_MAX, &n) && number_32(n, ret);
}

bool imap_answer_is(const struct imap_answer *answer, const char *name) {
    struct cursor c = cursor_of(answer->rest);
    return answer->kind == IMAP_UNTAGGED && answer->status == IMAP_DATA && view_is(cursor_word(&c), name);
}

bool imap_answer_exists(const struct imap_answer *answer, uint32_t *ret) {
    struct cursor c = cursor_of(answer->rest);
    uint64_t n;
    if (answer->kind != IMAP_UNTAGGED || answer->status != IMAP_DATA || !cursor_number(&c, UINT32_MAX, &n) ||
        !cursor_skip(&c, ' ') || !view_is(cursor_word(&c), "EXISTS"))
        return false;
    *ret = (uint32_t)n;
    return true;
}

static bool view_has_word(struct view view, const char *word) {
    struct cursor c = cursor_of(view);
    while (c.at < c.end) {
        if (view_is(cursor_word(&c), word))
            return true;
        if (c.at < c.end)
            c.at++;
    }
    return false;
}

bool imap_answer_has_word(const struct imap_answer *answer, const char *word) {
    return view_has_word(answer->rest, word) || view_has_word(answer->code, word);
}

bool imap_answer_mentions(const struct imap_answer *answer, const char *text) {
    size_t len = strlen(text);
    for (size_t i = 0; i + len <= answer->rest.len; i++)
        if (strncasecmp((const char *)answer->rest.data + i, text, len) == 0)
            return true;
    return false;
}

bool imap_answer_search(const struct imap_answer *answer, void (*take)(void *state, uint32_t uid),
                        void *state) {
    struct cursor c = cursor_of(answer->rest);
    uint64_t n;
    uint32_t uid;
    if (!imap_answer_is(answer, "SEARCH"))
        return false;
    cursor_word(&c);
    while (cursor_skip(&c, ' ')) {
        if (c.at == c.end || at_is(&c, '(')) /* "(MODSEQ 7)" may come last */
            return true;
        if (!cursor_number(&c, UINT32_MAX, &n) || !number_32(n, &uid))
            return false;
        take(state, uid);
    }
    return c.at == c.end;
}

/* ---- FETCH
 * ----------------------------------------------------------------------------------------------------- */

static bool value_quoted(struct cursor *c, struct view *ret) {
    const uint8_t *start = ++c->at;
    while (c->at < c->end && *c->at != '"')
        c->at += *c->at == '\\' && c->at + 1 < c->end ? 2 : 1;
    *ret = (struct view){start, (size_t)(c->at - start)};
    return cursor_skip(c, '"');
}

static bool value_literal(struct cursor *c, struct view *ret) {
    uint64_t n;
    c->at++;
    if (!cursor_number(c, SIZE_MAX / 4, &n) || !cursor_skip(c, '}'))
        return false;
    cursor_skip(c, '\r');
    if (!cursor_skip(c, '\n') || (uint64_t)(c->end - c->at) < n)
        return false;
    *ret = (struct view){c->at, (size_t)n};
    c->at += n;
    return true;
}

/* A text or number; *ret_text: it was a quoted text or a literal. */
static bool value_plain(struct cursor *c, struct view *ret, bool *ret_text) {
    if (at_is(c, '~'))
        c->at++;
    *ret_text = at_is(c, '"') || at_is(c, '{');
    if (at_is(c, '"'))
        return value_quoted(c, ret);
    if (at_is(c, '{'))
        return value_literal(c, ret);
    *ret = cursor_word(c);
    return ret->len > 0;
}

/* A value, or a list that is passed over. */
static bool value_read(struct cursor *c, struct view *ret, bool *ret_text) {
    size_t depth = 0;
    do {
        if (cursor_skip(c, '(')) {
            depth++;
            *ret = (struct view){0};
            *ret_text = false;
        } else if (depth && (cursor_skip(c, ' ') || cursor_skip(c, ')'))) {
            depth -= c->at[-1] == ')';
        } else if (!value_plain(c, ret, ret_text)) {
            return false;
        }
    } while (depth);
    return true;
}

static bool fetch_value(struct imap_fetch *fetch, struct view name, struct view value, bool text) {
    uint64_t n;
    if (view_is(name, "UID"))
        return view_number(value, UINT32_MAX, &n) && number_32(n, &fetch->uid);
    if (view_is(name, "RFC822.SIZE")) {
        fetch->has_size = view_number(value, SIZE_MAX / 4, &fetch->size);
        return fetch->has_size;
    }
    if (view_is(name, "INTERNALDATE") && text && value.len < sizeof fetch->date) {
        memcpy(fetch->date, value.data, value.len);
        fetch->date[value.len] = 0;
    }
    if (view_is(name, "BODY[]") && text) {
        fetch->body = value;
        fetch->has_body = true;
    }
    return true;
}

bool imap_answer_fetch(const struct imap_answer *answer, struct imap_fetch *ret) {
    struct cursor c = cursor_of(answer->rest);
    struct imap_fetch fetch = {0};
    uint64_t n;
    if (answer->kind != IMAP_UNTAGGED || answer->status != IMAP_DATA || !cursor_number(&c, UINT32_MAX, &n) ||
        !cursor_skip(&c, ' ') || !view_is(cursor_word(&c), "FETCH") || !cursor_skip(&c, ' ') ||
        !cursor_skip(&c, '('))
        return false;
    while (!cursor_skip(&c, ')')) {
        struct view value = {0};
        bool text = false;
        cursor_skip(&c, ' ');
        struct view name = cursor_word(&c);
        if (!name.len || !cursor_skip(&c, ' ') || !value_read(&c, &value, &text) ||
            !fetch_value(&fetch, name, value, text))
            return false;
    }
    *ret = fetch;
    return c.at == c.end;
}

/* ---- folder names
 * ---------------------------------------------------------------------------------------------- */

/* The 16-bit units that are waiting to be written in base 64. */
struct utf7 {
    struct buf out;
    uint32_t bits;
    unsigned count; /* bits that wait: fewer than 6 between units */
    bool shifted;
};

static const char digits_64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

static void utf7_put_bits(struct utf7 *u, uint32_t unit) {
    u->bits = u->bits << 16 | unit;
    for (u->count += 16; u->count >= 6; u->count -= 6)
        buf_add_byte(&u->out, (uint8_t)digits_64[u->bits >> (u->count - 6) & 63]);
}

static void utf7_plain(struct utf7 *u) {
    if (u->shifted && u->count)
        buf_add_byte(&u->out, (uint8_t)digits_64[u->bits << (6 - u->count) & 63]);
    if (u->shifted)
        buf_add_byte(&u->out, '-');
    u->shifted = false;
    u->count = 0;
    u->bits = 0;
}

static void utf7_put(struct utf7 *u, uint32_t c) {
    if (c < 0x7f) {
        utf7_plain(u);
        if (c == '"' || c == '\\')
            buf_add_byte(&u->out, '\\');
        buf_add_byte(&u->out, (uint8_t)c);
        if (c == '&')
            buf_add_byte(&u->out, '-');
        return;
    }
    if (!u->shifted)
        buf_add_byte(&u->out, '&');
    u->shifted = true;
    if (c >= 0x10000) {
        utf7_put_bits(u, 0xd800 + ((c - 0x10000) >> 10));
        utf7_put_bits(u, 0xdc00 + ((c - 0x10000) & 0x3ff));
    } else {
        utf7_put_bits(u, c);
    }
}

char *imap_folder_argument(const char *name) {
    struct utf7 u = {0};
    if (!text_is_utf8(view_text(name)))
        return NULL;
    buf_add_byte(&u.out, '"');
    for (uint32_t c; (c = text_next(&name));) {
        if (c < ' ' || c == 0x7f) {
            buf_drop(&u.out);
            return NULL;
        }
        utf7_put(&u, c);
    }
    utf7_plain(&u);
    buf_add_byte(&u.out, '"');
    char *text = mem_text(buf_text(&u.out));
    buf_drop(&u.out);
    return text;
}
