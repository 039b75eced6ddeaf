#include "ocr/pdf_drawn.h"

#include <stdbool.h>
#include <string.h>

struct reader {
    const uint8_t *at, *end;
    char name[PDF_DRAWN_NAME_MOST];
};

static bool is_space(uint8_t c) {
    return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == 0;
}

static bool is_regular(uint8_t c) {
    return !is_space(c) && !strchr("()<>[]{}/%", c);
}

static void pass_string(struct reader *in) {
    int depth = 0;
    while (in->at < in->end) {
        uint8_t c = *in->at++;
        if (c == '\\' && in->at < in->end)
            in->at++;
        else if (c == '(')
            depth++;
        else if (c == ')' && --depth == 0)
            return;
    }
}

/* From "ID" on: to the "EI" that stands alone. */
static void pass_inline_picture(struct reader *in) {
    while (in->at < in->end) {
        const uint8_t *e = memchr(in->at, 'E', (size_t)(in->end - in->at));
        if (!e || e + 1 >= in->end) {
            in->at = in->end;
            return;
        }
        in->at = e + 1;
        if (e[1] == 'I' && is_space(e[-1]) && (e + 2 >= in->end || is_space(e[2]))) {
            in->at = e + 2;
            return;
        }
    }
}

/* A token of regular characters; cut where it is longer than a name may be. */
static size_t take_token(struct reader *in, char *token) {
    size_t len = 0;
    while (in->at < in->end && is_regular(*in->at)) {
        if (len + 1 < PDF_DRAWN_NAME_MOST)
            token[len++] = (char)*in->at;
        in->at++;
    }
    token[len] = 0;
    return len;
}

static int hex_digit(char c) {
    return c >= '0' && c <= '9'                     ? c - '0'
           : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10
                                                    : -1;
}

/* "/Im#201" is "/Im 1" (ISO 32000-1, 7.3.5). */
static void name_take(struct reader *in) {
    char word[PDF_DRAWN_NAME_MOST], *out = in->name;
    take_token(in, word);
    *out++ = '/';
    for (const char *at = word; *at && out < in->name + sizeof in->name - 1; at++) {
        int high = *at == '#' ? hex_digit(at[1]) : -1, low = high >= 0 ? hex_digit(at[2]) : -1;
        bool escaped = low >= 0 && (high || low);
        *out++ = (char)(escaped ? high << 4 | low : *at);
        at += escaped ? 2 : 0;
    }
    *out = 0;
}

int pdf_drawn_names(struct view content, int (*drawn)(void *state, const char *name), void *state) {
    struct reader in = {.at = content.data, .end = content.len ? content.data + content.len : content.data};
    char word[PDF_DRAWN_NAME_MOST];
    int err = 0;
    while (!err && in.at < in.end) {
        uint8_t c = *in.at;
        if (c == '(') {
            pass_string(&in);
        } else if (c == '%') {
            while (in.at < in.end && *in.at != '\n' && *in.at != '\r')
                in.at++;
        } else if (c == '/') {
            in.at++;
            name_take(&in);
        } else if (!is_regular(c)) {
            in.at++;
        } else {
            take_token(&in, word);
            if (strcmp(word, "Do") == 0 && in.name[0])
                err = drawn(state, in.name);
            else if (strcmp(word, "ID") == 0)
                pass_inline_picture(&in);
        }
    }
    return err;
}
