#include "ocr/pdf_content.h"

#include "base/mem.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { STACK_MOST = 64, NUMBERS_MOST = 8, INVISIBLE = 3, POINTS_MOST = 6 };
#define NUMBER_MOST 1e7 /* points; a page has 14,400 */
#define EVEN_PT 0.05    /* two coordinates that are meant to be the same */

/* The path that is being made: only what an upright rectangle needs. */
struct path {
    double x[POINTS_MOST], y[POINTS_MOST]; /* on the page */
    struct pdf_rect box;
    int points; /* may be more than POINTS_MOST */
    bool odd;   /* has curves, or more than one part */
    bool cuts;  /* W: when it ends, it cuts what follows */
};

struct reader {
    const struct pdf_content_sink *sink;
    const char *at, *end;
    double numbers[NUMBERS_MOST]; /* operands of the operator to come */
    int count;
    char name[PDF_NAME_MOST]; /* the last name among them, and the one before */
    char name_before[PDF_NAME_MOST];
    struct pdf_state stack[STACK_MOST];
    int depth;
    struct path path;
};

/* ---- geometry ---- */

struct pdf_state pdf_state_begin(void) {
    return (struct pdf_state){.matrix = {.a = 1, .d = 1}, .clip = {-NUMBER_MOST, -NUMBER_MOST, NUMBER_MOST, NUMBER_MOST}};
}

struct pdf_matrix pdf_matrix_times(const struct pdf_matrix *m, const struct pdf_matrix *n) {
    return (struct pdf_matrix){
        .a = m->a * n->a + m->b * n->c,
        .b = m->a * n->b + m->b * n->d,
        .c = m->c * n->a + m->d * n->c,
        .d = m->c * n->b + m->d * n->d,
        .e = m->e * n->a + m->f * n->c + n->e,
        .f = m->e * n->b + m->f * n->d + n->f,
    };
}

struct pdf_rect pdf_matrix_box(const struct pdf_matrix *m, const struct pdf_rect *r) {
    double ax = m->a * r->x0, bx = m->a * r->x1, cx = m->c * r->y0, dx = m->c * r->y1;
    double ay = m->b * r->x0, by = m->b * r->x1, cy = m->d * r->y0, dy = m->d * r->y1;
    return (struct pdf_rect){m->e + fmin(ax, bx) + fmin(cx, dx), m->f + fmin(ay, by) + fmin(cy, dy),
                             m->e + fmax(ax, bx) + fmax(cx, dx), m->f + fmax(ay, by) + fmax(cy, dy)};
}

struct pdf_rect pdf_rect_common(const struct pdf_rect *a, const struct pdf_rect *b) {
    struct pdf_rect r = {fmax(a->x0, b->x0), fmax(a->y0, b->y0), fmin(a->x1, b->x1), fmin(a->y1, b->y1)};
    r.x1 = fmax(r.x0, r.x1);
    r.y1 = fmax(r.y0, r.y1);
    return r;
}

bool pdf_matrix_is_upright(const struct pdf_matrix *m) {
    double size = fabs(m->a) + fabs(m->b) + fabs(m->c) + fabs(m->d);
    double straight = fabs(m->b) + fabs(m->c), lying = fabs(m->a) + fabs(m->d);
    return size > 0 && fmin(straight, lying) <= size * 1e-4;
}

/* ---- tokens ---- */

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

/* From "<<" to the ">>" that closes it; or a hexadecimal string. */
static bool skip_angle(struct reader *in) {
    int depth = 0;
    if (in->at + 1 >= in->end || in->at[1] != '<') {
        const char *close = memchr(in->at, '>', (size_t)(in->end - in->at));
        in->at = close ? close + 1 : in->end;
        return close != NULL;
    }
    while (in->at + 1 < in->end) {
        bool opens = in->at[0] == '<' && in->at[1] == '<', closes = in->at[0] == '>' && in->at[1] == '>';
        if (*in->at == '(') {
            if (!skip_string(in))
                return false;
            continue;
        }
        in->at += opens || closes ? 2 : 1;
        depth += opens - closes;
        if (depth == 0)
            return true;
    }
    return false;
}

/* A regular token (number, name after its slash, operator); false when it is longer than a name may be. */
static bool read_token(struct reader *in, char token[PDF_NAME_MOST]) {
    size_t n = 0;
    while (in->at < in->end && !is_space(*in->at) && !is_delimiter(*in->at)) {
        if (n + 2 >= PDF_NAME_MOST)
            return false;
        token[n++] = *in->at++;
    }
    token[n] = 0;
    return true;
}

static int hex_digit(char c) {
    return isdigit((unsigned char)c) ? c - '0' : isxdigit((unsigned char)c) ? (c | 0x20) - 'a' + 10 : -1;
}

/* "/Im#201" is "/Im 1" (ISO 32000-1, 7.3.5). */
static bool read_name(struct reader *in) {
    char word[PDF_NAME_MOST], *out = in->name;
    memcpy(in->name_before, in->name, sizeof in->name_before);
    in->at++;
    if (!read_token(in, word))
        return false;
    *out++ = '/';
    for (const char *at = word; *at; at++) {
        int high = *at == '#' ? hex_digit(at[1]) : -1, low = high >= 0 ? hex_digit(at[2]) : -1;
        bool escaped = low >= 0 && (high || low);
        *out++ = (char)(escaped ? high << 4 | low : *at);
        at += escaped ? 2 : 0;
    }
    *out = 0;
    return true;
}

/* ---- paths and what they cut ---- */

static void path_point(struct reader *in, double x, double y) {
    const struct pdf_matrix *m = &in->stack[in->depth].matrix;
    struct path *p = &in->path;
    double px = m->a * x + m->c * y + m->e, py = m->b * x + m->d * y + m->f;
    struct pdf_rect here = {px, py, px, py};
    if (!p->points)
        p->box = here;
    p->box = (struct pdf_rect){fmin(p->box.x0, px), fmin(p->box.y0, py), fmax(p->box.x1, px), fmax(p->box.y1, py)};
    if (p->points < POINTS_MOST) {
        p->x[p->points] = px;
        p->y[p->points] = py;
    }
    p->points++;
}

/* Four corners, each in a corner of the box and each beside the one before; a fifth may be the first again. */
static bool path_is_rectangle(const struct path *p) {
    if (p->odd || p->points < 4 || p->points > 5)
        return false;
    for (int i = 0; i < p->points; i++) {
        int before = i ? i - 1 : 3;
        bool x_even = fabs(p->x[i] - p->x[before]) <= EVEN_PT, y_even = fabs(p->y[i] - p->y[before]) <= EVEN_PT;
        bool at_x = fmin(fabs(p->x[i] - p->box.x0), fabs(p->x[i] - p->box.x1)) <= EVEN_PT;
        bool at_y = fmin(fabs(p->y[i] - p->box.y0), fabs(p->y[i] - p->box.y1)) <= EVEN_PT;
        if (!at_x || !at_y || x_even == y_even)
            return false;
    }
    return true;
}

static bool path_end(struct reader *in, bool paints) {
    struct path *p = &in->path;
    struct pdf_state *top = &in->stack[in->depth];
    bool fine = true;
    if (paints && p->points)
        fine = in->sink->painted(in->sink->state, top, false);
    if (p->cuts) {
        top->clip_is_odd |= !path_is_rectangle(p);
        top->clip = pdf_rect_common(&top->clip, &p->box);
    }
    memset(p, 0, sizeof *p);
    return fine;
}

static bool path_rectangle(struct reader *in) {
    const double *n = in->numbers;
    in->path.odd |= in->path.points > 0;
    path_point(in, n[0], n[1]);
    path_point(in, n[0] + n[2], n[1]);
    path_point(in, n[0] + n[2], n[1] + n[3]);
    path_point(in, n[0], n[1] + n[3]);
    return true;
}

static bool path_curve(struct reader *in) {
    for (int i = 0; i + 1 < in->count; i += 2)
        path_point(in, in->numbers[i], in->numbers[i + 1]);
    in->path.odd = true;
    return true;
}

/* ---- operators ---- */

static bool op_save(struct reader *in) {
    if (in->depth + 1 >= STACK_MOST)
        return false;
    in->stack[in->depth + 1] = in->stack[in->depth];
    in->depth++;
    return true;
}

static bool op_restore(struct reader *in) {
    return in->depth > 0 && in->depth-- > 0;
}

static bool op_matrix(struct reader *in) {
    const double *n = in->numbers;
    struct pdf_matrix m = {n[0], n[1], n[2], n[3], n[4], n[5]};
    struct pdf_state *top = &in->stack[in->depth];
    top->matrix = pdf_matrix_times(&m, &top->matrix);
    return isfinite(top->matrix.a + top->matrix.b + top->matrix.c + top->matrix.d + top->matrix.e + top->matrix.f);
}

static bool op_draw(struct reader *in) {
    return in->name[0] && in->sink->drawn(in->sink->state, in->name, &in->stack[in->depth]);
}

static bool op_extended(struct reader *in) {
    return in->name[0] && in->sink->extended(in->sink->state, in->name);
}

static bool op_layer(struct reader *in) {
    bool layer = strcmp(in->name_before[0] ? in->name_before : in->name, "/OC") == 0;
    return !layer || in->sink->layered(in->sink->state);
}

static bool op_ink(struct reader *in) {
    struct pdf_state *top = &in->stack[in->depth];
    const double *n = in->numbers;
    bool light = true, dark = in->count > 0;
    if (in->count == 4) { /* cyan, magenta, yellow, black */
        light = n[0] == 0 && n[1] == 0 && n[2] == 0 && n[3] == 0;
        dark = n[3] == 1;
    }
    for (int i = 0; i < in->count && in->count != 4; i++) {
        light &= n[i] == 1;
        dark &= n[i] == 0;
    }
    top->ink = in->count < 1 || in->count == 2 || in->count > 4 ? PDF_INK_OTHER : light ? PDF_INK_WHITE : dark ? PDF_INK_BLACK : PDF_INK_OTHER;
    return true;
}

/* Of the spaces by name only; black to begin with. What is set in another one is not known. */
static bool op_ink_space(struct reader *in) {
    bool plain = strcmp(in->name, "/DeviceGray") == 0 || strcmp(in->name, "/DeviceRGB") == 0 || strcmp(in->name, "/DeviceCMYK") == 0;
    in->stack[in->depth].ink = plain ? PDF_INK_BLACK : PDF_INK_OTHER;
    return true;
}

/* In a space by name the numbers say what they say after g, rg and k; in another one they may mean anything. */
static bool op_ink_in_space(struct reader *in) {
    const struct pdf_state *top = &in->stack[in->depth];
    return top->ink == PDF_INK_OTHER || op_ink(in);
}

static bool op_move(struct reader *in) {
    in->path.odd |= in->path.points > 0;
    path_point(in, in->numbers[0], in->numbers[1]);
    return true;
}

static bool op_line(struct reader *in) {
    path_point(in, in->numbers[0], in->numbers[1]);
    return true;
}

static bool op_cut(struct reader *in) {
    in->path.cuts = true;
    return true;
}

static bool op_path_end(struct reader *in) {
    return path_end(in, false);
}

static bool op_path_paint(struct reader *in) {
    return path_end(in, true);
}

static bool op_shading(struct reader *in) {
    return in->sink->painted(in->sink->state, &in->stack[in->depth], false);
}

static bool op_text_mode(struct reader *in) {
    in->stack[in->depth].text_mode = (int)in->numbers[0];
    return in->numbers[0] >= 0 && in->numbers[0] <= INVISIBLE;
}

static bool op_text(struct reader *in) {
    const struct pdf_state *top = &in->stack[in->depth];
    return top->text_mode == INVISIBLE || in->sink->painted(in->sink->state, top, true);
}

static bool op_nothing(struct reader *in) {
    (void)in;
    return true;
}

/* numbers: how many the operator needs; -1: any. */
static const struct {
    const char *name;
    int numbers;
    bool (*run)(struct reader *in);
} operators[] = {
    {"q", -1, op_save},        {"Q", -1, op_restore},      {"cm", 6, op_matrix},      {"Do", -1, op_draw},
    {"gs", -1, op_extended},   {"BDC", -1, op_layer},      {"BMC", -1, op_nothing},   {"EMC", -1, op_nothing},
    {"MP", -1, op_nothing},    {"DP", -1, op_nothing},     {"BX", -1, op_nothing},    {"EX", -1, op_nothing},
    {"g", 1, op_ink},          {"rg", 3, op_ink},          {"k", 4, op_ink},          {"cs", -1, op_ink_space},
    {"sc", -1, op_ink_in_space}, {"scn", -1, op_ink_in_space}, {"G", 1, op_nothing},  {"RG", 3, op_nothing},
    {"K", 4, op_nothing},      {"CS", -1, op_nothing},     {"SC", -1, op_nothing},    {"SCN", -1, op_nothing},
    {"w", -1, op_nothing},     {"J", -1, op_nothing},      {"j", -1, op_nothing},     {"M", -1, op_nothing},
    {"d", -1, op_nothing},     {"i", -1, op_nothing},      {"ri", -1, op_nothing},    {"re", 4, path_rectangle},
    {"m", 2, op_move},         {"l", 2, op_line},          {"c", 6, path_curve},      {"v", 4, path_curve},
    {"y", 4, path_curve},      {"h", -1, op_nothing},      {"W", -1, op_cut},         {"W*", -1, op_cut},
    {"n", -1, op_path_end},    {"f", -1, op_path_paint},   {"F", -1, op_path_paint},  {"f*", -1, op_path_paint},
    {"B", -1, op_path_paint},  {"B*", -1, op_path_paint},  {"b", -1, op_path_paint},  {"b*", -1, op_path_paint},
    {"S", -1, op_path_paint},  {"s", -1, op_path_paint},   {"sh", -1, op_shading},    {"BT", -1, op_nothing},
    {"ET", -1, op_nothing},    {"Tf", -1, op_nothing},     {"Td", -1, op_nothing},    {"TD", -1, op_nothing},
    {"Tm", -1, op_nothing},    {"T*", -1, op_nothing},     {"Tc", -1, op_nothing},    {"Tw", -1, op_nothing},
    {"Tz", -1, op_nothing},    {"TL", -1, op_nothing},     {"Ts", -1, op_nothing},    {"Tr", 1, op_text_mode},
    {"Tj", -1, op_text},       {"TJ", -1, op_text},        {"'", -1, op_text},        {"\"", -1, op_text},
};

static bool run_operator(struct reader *in, const char *op) {
    bool fine = false;
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++)
        if (op[0] == operators[i].name[0] && strcmp(op, operators[i].name) == 0) {
            fine = (operators[i].numbers < 0 || operators[i].numbers == in->count) && operators[i].run(in);
            break;
        }
    in->count = 0;
    in->name[0] = in->name_before[0] = 0;
    return fine;
}

/* ---- inline pictures ---- */

static bool ends_inline(const char *e, const struct reader *in) {
    if (e[0] != 'E' || e[1] != 'I' || !is_space(e[-1]) || (e + 2 < in->end && !is_space(e[2])))
        return false;
    for (const char *c = e + 2; c < in->end && c < e + 12; c++) /* bytes of a picture are rarely all letters */
        if (!is_space(*c) && !isprint((unsigned char)*c))
            return false;
    return true;
}

/* After "BI": entries, "ID", one space, the bytes, "EI". */
static bool run_inline(struct reader *in) {
    const char *start = in->at, *id = NULL;
    for (const char *p = start; p + 3 < in->end && p < start + 4096 && !id; p++)
        if (p > start && p[0] == 'I' && p[1] == 'D' && is_space(p[2]) && (is_space(p[-1]) || is_delimiter(p[-1])))
            id = p;
    if (!id)
        return false;
    const char *data = id + 3, *e = data;
    while (e + 1 < in->end && !ends_inline(e, in))
        e++;
    if (e + 1 >= in->end)
        return false;
    in->at = e + 2;
    in->count = 0;
    return in->sink->inline_picture(in->sink->state, view_of(start, (size_t)(id - start)), view_of(data, (size_t)(e - data)),
                                    &in->stack[in->depth]);
}

/* ---- the stream ---- */

static bool take_regular(struct reader *in) {
    char token[PDF_NAME_MOST], *rest;
    if (!read_token(in, token) || !token[0])
        return false;
    if (strcmp(token, "BI") == 0)
        return run_inline(in);
    double value = strtod(token, &rest);
    if (*rest || !strchr("+-.0123456789", token[0]))
        return run_operator(in, token);
    if (in->count < NUMBERS_MOST)
        in->numbers[in->count] = value;
    in->count++;
    return isfinite(value) && fabs(value) < NUMBER_MOST;
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
    if (c == '/')
        return read_name(in);
    if (c == '<')
        return skip_angle(in);
    return take_regular(in);
}

bool pdf_content_run(struct view content, const struct pdf_state *begin, const struct pdf_content_sink *sink) {
    struct reader *in = mem_new(sizeof *in);
    in->sink = sink;
    in->at = (const char *)content.data;
    in->end = content.len ? in->at + content.len : in->at;
    in->stack[0] = *begin;
    bool fine = true;
    while (fine && in->at < in->end)
        fine = take_next(in);
    mem_free(&in);
    return fine;
}
