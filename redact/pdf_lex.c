#include "redact/pdf_lex.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define NUMBER_BYTES_MOST 40

static int lex_peek(const struct pdf_lex *lex) {
    return lex->left.len ? lex->left.data[0] : -1;
}

static int lex_take(struct pdf_lex *lex) {
    int c = lex_peek(lex);
    if (c >= 0) {
        lex->left.data++;
        lex->left.len--;
    }
    return c;
}

static bool is_space(int c) {
    return c == 0 || c == '\t' || c == '\n' || c == '\f' || c == '\r' || c == ' ';
}

static bool is_regular(int c) {
    return c > 0 && !is_space(c) && !strchr("()<>[]{}/%", c);
}

static int hex_value(int c) {
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

static void lex_skip(struct pdf_lex *lex) {
    for (int c; (c = lex_peek(lex)) >= 0; lex_take(lex)) {
        if (c == '%')
            while ((c = lex_peek(lex)) >= 0 && c != '\n' && c != '\r')
                lex_take(lex);
        else if (!is_space(c))
            return;
        if (lex_peek(lex) < 0)
            return;
    }
}

static void lex_octal(struct pdf_lex *lex, int first) {
    int value = first - '0';
    for (int i = 0; i < 2 && lex_peek(lex) >= '0' && lex_peek(lex) <= '7'; i++)
        value = value * 8 + lex_take(lex) - '0';
    buf_add_byte(&lex->text, (uint8_t)value);
}

static void lex_escape(struct pdf_lex *lex) {
    int c = lex_take(lex);
    static const char from[] = "nrtbf", to[] = "\n\r\t\b\f";
    const char *at = c > 0 ? strchr(from, c) : NULL;
    if (at)
        buf_add_byte(&lex->text, (uint8_t)to[at - from]);
    else if (c >= '0' && c <= '7')
        lex_octal(lex, c);
    else if (c == '\r' && lex_peek(lex) == '\n')
        lex_take(lex);
    else if (c != '\n' && c != '\r' && c >= 0)
        buf_add_byte(&lex->text, (uint8_t)c);
}

static enum pdf_token lex_string(struct pdf_lex *lex) {
    int depth = 1;
    for (int c; (c = lex_take(lex)) >= 0;) {
        depth += c == '(';
        depth -= c == ')';
        if (!depth)
            return PDF_STRING;
        if (c == '\\')
            lex_escape(lex);
        else
            buf_add_byte(&lex->text, (uint8_t)c);
    }
    return PDF_BAD;
}

static enum pdf_token lex_hex(struct pdf_lex *lex) {
    int high = -1;
    for (int c; (c = lex_take(lex)) >= 0 && c != '>';) {
        int value = hex_value(c);
        if (value < 0)
            continue;
        if (high >= 0)
            buf_add_byte(&lex->text, (uint8_t)(high << 4 | value));
        high = high >= 0 ? -1 : value;
    }
    if (high >= 0)
        buf_add_byte(&lex->text, (uint8_t)(high << 4));
    return PDF_STRING;
}

static enum pdf_token lex_name(struct pdf_lex *lex) {
    while (is_regular(lex_peek(lex))) {
        int c = lex_take(lex);
        if (c == '#' && lex->left.len >= 2 && hex_value(lex->left.data[0]) >= 0 &&
            hex_value(lex->left.data[1]) >= 0) {
            int high = hex_value(lex_take(lex));
            c = high << 4 | hex_value(lex_take(lex));
        }
        buf_add_byte(&lex->text, (uint8_t)c);
    }
    return PDF_NAME;
}

static enum pdf_token lex_word(struct pdf_lex *lex) {
    while (is_regular(lex_peek(lex)))
        buf_add_byte(&lex->text, (uint8_t)lex_take(lex));
    const char *text = buf_text(&lex->text);
    if (lex->text.len > NUMBER_BYTES_MOST || !strchr("+-.0123456789", text[0]) ||
        strspn(text, "+-.0123456789") != lex->text.len)
        return PDF_OPERATOR;
    lex->number = strtod(text, NULL);
    return isfinite(lex->number) ? PDF_NUMBER : PDF_BAD;
}

/* A word that begins with a delimiter. */
static enum pdf_token lex_delimited(struct pdf_lex *lex) {
    int c = lex_take(lex);
    switch (c) {
    case '(':
        return lex_string(lex);
    case '/':
        return lex_name(lex);
    case '[':
        return PDF_ARRAY_BEGIN;
    case ']':
        return PDF_ARRAY_END;
    case '<':
        if (lex_peek(lex) != '<')
            return lex_hex(lex);
        lex_take(lex);
        return PDF_DICT_BEGIN;
    case '>':
        if (lex_peek(lex) != '>')
            return PDF_BAD;
        lex_take(lex);
        return PDF_DICT_END;
    default:
        return PDF_BAD;
    }
}

enum pdf_token pdf_lex_next(struct pdf_lex *lex) {
    buf_reset(&lex->text);
    lex_skip(lex);
    if (!lex->left.len)
        return PDF_END;
    return is_regular(lex_peek(lex)) ? lex_word(lex) : lex_delimited(lex);
}

void pdf_lex_drop(struct pdf_lex *lex) {
    buf_drop(&lex->text);
}
