#include "ocr/pdf_content.h"

#include <stdlib.h>
#include <string.h>

enum { STACK_MOST = 28, NUMBERS_MOST = 8, INVISIBLE = 3 };

struct state {
    struct pdf_matrix matrix;
    int text_mode;
};

struct reader {
    const char *at, *end;
    double numbers[NUMBERS_MOST]; /* operands of the operator to come */
    int count;
    char name[PDF_NAME_MOST]; /* the last name among them */
    struct state stack[STACK_MOST];
    int depth;
    int pictures;
    char picture[PDF_NAME_MOST];
    struct pdf_matrix placed;
};

static bool is_space(char c) {
    return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == 0;
}

static bool is_delimiter(char c) {
    return c && strchr("()<>[]{}/%", c) != NULL;
}

static bool skip_string(struct reader *in) {
    int depth = 0;
    while (in->at < in->end) {
        char c = *in->at++;
        if (c == '\\' && in->at < in->end)
            in->at++;
        else if (c == '(')
            depth++;
        else if (c == ')' && --depth == 0)
            return true;
    }
    return false;
}

static void skip_line(struct reader *in) {
    while (in->at < in->end && *in->at != '\n' && *in->at != '\r')
        in->at++;
}

/* A regular token (number, name after its slash, operator); false when it is longer than a name may be. */
static bool read_token(struct reader *in, char token[PDF_NAME_MOST]) {
    size_t n = 0;
    while (in->at < in->end && !is_space(*in->at) && !is_delimiter(*in->at)) {
        if (n + 1 >= PDF_NAME_MOST)
            return false;
        token[n++] = *in->at++;
    }
    token[n] = 0;
    return true;
}

static struct pdf_matrix matrix_times(const double m[6], const struct pdf_matrix *n) {
    return (struct pdf_matrix){
        .a = m[0] * n->a + m[1] * n->c,
        .b = m[0] * n->b + m[1] * n->d,
        .c = m[2] * n->a + m[3] * n->c,
        .d = m[2] * n->b + m[3] * n->d,
        .e = m[4] * n->a + m[5] * n->c + n->e,
        .f = m[4] * n->b + m[5] * n->d + n->f,
    };
}

static bool is_one_of(const char *word, const char *const *list) {
    for (; *list; list++)
        if (strcmp(word, *list) == 0)
            return true;
    return false;
}

static bool op_graphics(struct reader *in, const char *op, bool *ret_known) {
    struct state *top = &in->stack[in->depth];
    *ret_known = true;
    if (strcmp(op, "q") == 0) {
        if (in->depth + 1 >= STACK_MOST)
            return false;
        in->stack[++in->depth] = *top;
        return true;
    }
    if (strcmp(op, "Q") == 0)
        return in->depth > 0 && in->depth-- > 0;
    if (strcmp(op, "cm") == 0) {
        if (in->count != 6)
            return false;
        top->matrix = matrix_times(in->numbers, &top->matrix);
        return true;
    }
    if (strcmp(op, "Do") == 0) {
        memcpy(in->picture, in->name, sizeof in->picture);
        in->placed = top->matrix;
        return ++in->pictures == 1;
    }
    *ret_known = false;
    return false;
}

static bool op_text(struct reader *in, const char *op) {
    static const char *const harmless[] = {"BT", "ET", "Tf", "Td", "TD", "Tm", "T*",
                                           "Tc", "Tw", "Tz", "TL", "Ts", NULL};
    static const char *const shows[] = {"Tj", "TJ", "'", "\"", NULL};
    struct state *top = &in->stack[in->depth];
    if (strcmp(op, "Tr") == 0) {
        top->text_mode = in->count == 1 ? (int)in->numbers[0] : 0;
        return true;
    }
    if (is_one_of(op, shows))
        return top->text_mode == INVISIBLE;
    return is_one_of(op, harmless);
}

static bool run_operator(struct reader *in, const char *op) {
    bool known;
    bool fine = op_graphics(in, op, &known);
    if (!known)
        fine = op_text(in, op);
    in->count = 0;
    in->name[0] = 0;
    return fine;
}

static bool take_regular(struct reader *in) {
    char token[PDF_NAME_MOST], *rest;
    if (!read_token(in, token) || !token[0])
        return false;
    double value = strtod(token, &rest);
    if (*rest || !strchr("+-.0123456789", token[0]))
        return run_operator(in, token);
    if (in->count < NUMBERS_MOST)
        in->numbers[in->count++] = value;
    return true;
}

static bool take_next(struct reader *in) {
    char c = *in->at;
    if (is_space(c) || c == '[' || c == ']') {
        in->at++;
        return true;
    }
    if (c == '%') {
        skip_line(in);
        return true;
    }
    if (c == '(')
        return skip_string(in);
    if (c == '/') {
        in->at++;
        return read_token(in, in->name);
    }
    if (c == '<') { /* a hexadecimal string; a dictionary (marked content, inline picture) is not for us */
        const char *close = memchr(in->at, '>', (size_t)(in->end - in->at));
        if (!close || in->at + 1 >= in->end || in->at[1] == '<')
            return false;
        in->at = close + 1;
        return true;
    }
    return take_regular(in);
}

bool pdf_content_is_one_picture(struct view content, char name[PDF_NAME_MOST],
                                struct pdf_matrix *ret_placed) {
    struct reader in = {.at = (const char *)content.data, .end = (const char *)content.data + content.len};
    in.stack[0].matrix = (struct pdf_matrix){.a = 1, .d = 1};
    while (in.at < in.end)
        if (!take_next(&in))
            return false;
    if (in.pictures != 1 || !in.picture[0])
        return false;
    memcpy(name, in.picture, PDF_NAME_MOST);
    *ret_placed = in.placed;
    return true;
}
