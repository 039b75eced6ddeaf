#include "filing/tokens.h"

#include "base/mem.h"
#include "base/text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define TOKENS_MOST 400000 /* of one document; what comes later is not looked at */
#define TOKEN_BYTES 200    /* a longer word holds no name and no number */

/* Signs that end one piece of evidence and begin another. */
static bool cuts(const char *at, const char *begin) {
    if (strchr(",;:()[]{}\"|<>=", *at))
        return true;
    /* "Smith/12345678" and "F/7 years", but not 12/03/2011 */
    return *at == '/' && !(at > begin && isdigit((unsigned char)at[-1]) && isdigit((unsigned char)at[1]));
}

static unsigned marks_after(const char *at) {
    switch (*at) {
    case ':':
    case '=':
        return TOKEN_COLON;
    case ',':
    case ';':
    case '(':
    case '/':
        return TOKEN_COMMA;
    default:
        return 0;
    }
}

/* "Theo's" is Theo; also with a typographic apostrophe. */
static char *key_without_possessive(const char *text) {
    size_t len = strlen(text), end = len;
    if (len > 3 && (text[len - 1] == 's' || text[len - 1] == 'S')) {
        if (text[len - 2] == '\'' || text[len - 2] == '`')
            end = len - 2;
        else if (len > 5 && (memcmp(text + len - 4, "\xE2\x80\x99", 3) == 0 ||
                             memcmp(text + len - 3, "\xC2\xB4", 2) == 0))
            end = len - (memcmp(text + len - 4, "\xE2\x80\x99", 3) == 0 ? 4 : 3);
    }
    char *part = mem_text_part(text, end), *key = name_key(part);
    free(part);
    return key;
}

static unsigned marks_of(const char *text) {
    const char *at = text;
    uint32_t c = text_next(&at);
    unsigned marks = text_is_upper(c) || c == '1' || c == '0' || c == 'l' || c == '|' || c == '5' || c == '8'
                         ? TOKEN_CAPITAL
                         : 0;
    size_t upper = 0, letters = 0;
    for (at = text; (c = text_next(&at));) {
        letters += text_is_letter(c);
        upper += text_is_upper(c);
    }
    return marks | (letters >= 2 && upper == letters ? TOKEN_CAPITALS : 0);
}

/* Whether a sign may begin or end a token: a letter, a digit, or what stands for one when it is misread. */
static bool belongs(uint32_t c) {
    return text_is_letter(c) || text_is_digit(c) || c == '|' || c == '#' || c == '+' || c == '@' ||
           c == 0xFFFD;
}

/* Leaves out the signs round a word, in any script; tells which of them matter. */
static unsigned trim(const char **text, size_t *len) {
    const char *at = *text, *end = *text + *len, *last = *text, *first = NULL;
    unsigned marks = 0;
    while (at < end) {
        const char *begin = at;
        if (!belongs(text_next(&at)))
            continue;
        first = first ? first : begin;
        last = at;
    }
    for (const char *p = last; p < end; p++)
        marks |= *p == '-' ? TOKEN_HYPHEN : *p == '.' ? TOKEN_STOP : 0;
    *text = first ? first : *text;
    *len = first ? (size_t)(last - first) : 0;
    return marks;
}

static void token_add(struct tokens *t, const char *text, size_t len, struct token token) {
    token.marks |= trim(&text, &len);
    if (!len || len > TOKEN_BYTES || t->count >= TOKENS_MOST)
        return;
    token.text = mem_text_part(text, len);
    token.key = key_without_possessive(token.text);
    token.marks |= marks_of(token.text);
    token.name = NAME_NONE;
    if (t->count == t->room)
        t->list = mem_grow(t->list, t->room = t->room ? t->room * 2 : 512, sizeof *t->list);
    t->list[t->count++] = token;
}

static void word_cut(struct tokens *t, const char *text, struct token token) {
    const char *begin = text;
    for (const char *at = text;; at++) {
        if (*at && !cuts(at, text))
            continue;
        if (at > begin) {
            struct token part = token;
            part.marks |= marks_after(at);
            token_add(t, begin, (size_t)(at - begin), part);
            token.marks = 0;
        } else if (t->count && at > text && *at)
            t->list[t->count - 1].marks |= marks_after(at);
        if (!*at)
            return;
        begin = at + 1;
    }
}

static void page_read(struct tokens *t, const struct document_page *page) {
    uint32_t last = UINT32_MAX;
    for (size_t i = 0; i < page->words.count; i++) {
        const struct word *word = &page->words.list[i];
        struct token token = {.page = page->number};
        if (word->line != last) {
            token.marks = TOKEN_LINE;
            t->line_count++;
            last = word->line;
        }
        token.line = t->line_count - 1;
        word_cut(t, word->text, token);
    }
}

/* "Hughes-" and "Pickup", cut by the end of a line or by the eye that read it, and "Lilly Rose" for
 * Lilly-Rose. */
static uint32_t joined_name(const struct register_index *index, const struct token *a,
                            const struct token *b) {
    char key[2 * TOKEN_BYTES];
    size_t x = strlen(a->key), y = strlen(b->key);
    if (!(a->marks & TOKEN_CAPITAL) || !x || !y || x + y >= sizeof key ||
        a->marks & (TOKEN_COMMA | TOKEN_COLON))
        return NAME_NONE;
    memcpy(key, a->key, x);
    memcpy(key + x, b->key, y + 1);
    return name_list_lookup(&index->names, key);
}

static void names_find(const struct register_index *index, struct tokens *t) {
    for (size_t i = 0; i < t->count; i++) {
        struct token *token = &t->list[i];
        token->name = name_list_lookup(&index->names, token->key);
        token->joined = i + 1 < t->count ? joined_name(index, token, token + 1) : NAME_NONE;
        if (token->name == NAME_NONE && token->marks & TOKEN_CAPITAL)
            token->near_count = (uint8_t)name_list_near(&index->names, token->key, token->near);
    }
}

void tokens_read(const struct register_index *index, const struct document_words *words, struct tokens *ret) {
    memset(ret, 0, sizeof *ret);
    for (size_t i = 0; i < words->page_count; i++)
        page_read(ret, &words->pages[i]);
    names_find(index, ret);
}

void tokens_drop(struct tokens *t) {
    for (size_t i = 0; i < t->count; i++) {
        free(t->list[i].text);
        free(t->list[i].key);
    }
    free(t->list);
    memset(t, 0, sizeof *t);
}
