#include "redact/pdf_text_reader.h"

#include "base/mem.h"
#include "redact/pdf_lex.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define NUMBERS_MOST 16
#define SAVED_MOST 64
#define NAME_BYTES 64
#define CHARS_MOST 2000000u
#define GAP_PART 0.15 /* of the size: wider is a space */
#define LINE_PART 0.5 /* of the size: farther up or down is another line */
#define ASCENT 0.8
#define DESCENT 0.2
#define OUTSIDE_PT 2.0 /* measures are rounded to hundredths, glyphs of a first letter may hang over */

struct matrix {
    double a, b, c, d, e, f;
};

/* What q saves and Q restores. */
struct graphics {
    struct matrix place;
    const struct pdf_font *font;
    double size, stretch, char_space, word_space, leading, rise;
};

struct reader {
    const struct pdf_scope *scope;
    double width, height;
    struct pdf_text *out;
    struct graphics now, saved[SAVED_MOST];
    size_t saved_count;
    struct matrix text, line;
    double numbers[NUMBERS_MOST];
    size_t number_count;
    char name[NAME_BYTES];
    struct buf string; /* the last one */
    struct {
        double x, y, size;
        bool any;
    } pen; /* where the text before ended */
    size_t pictures, painted;
    bool marked; /* a dictionary was read that says no more than which marked content follows */
};

static const struct matrix identity = {1, 0, 0, 1, 0, 0};

const char *pdf_trouble_text(enum pdf_trouble trouble) {
    switch (trouble) {
    case PDF_TROUBLE_OPERATOR:
        return "unknown construct: an operator in the content that packs do not use";
    case PDF_TROUBLE_FONT:
        return "unknown construct: text in a font whose characters have no known meaning";
    case PDF_TROUBLE_CODE:
        return "unknown construct: a character whose meaning is not known";
    case PDF_TROUBLE_FORM:
        return "unknown construct: something drawn by name that is not the page's picture";
    case PDF_TROUBLE_PAINTED:
        return "unknown construct: something is painted on the page's picture";
    case PDF_TROUBLE_PICTURES:
        return "unknown construct: more than one picture on the page";
    case PDF_TROUBLE_OUTSIDE:
        return "unknown construct: a picture or text reaches outside the page";
    case PDF_TROUBLE_CONTENT:
        break;
    }
    return "the content of the page cannot be read to its end";
}

void pdf_text_drop(struct pdf_text *text) {
    buf_drop(&text->text);
    free(text->chars);
    *text = (struct pdf_text){0};
}

/* First a, then b. */
static struct matrix matrix_times(struct matrix a, struct matrix b) {
    return (struct matrix){a.a * b.a + a.b * b.c, a.a * b.b + a.b * b.d,       a.c * b.a + a.d * b.c,
                           a.c * b.b + a.d * b.d, a.e * b.a + a.f * b.c + b.e, a.e * b.b + a.f * b.d + b.f};
}

/* The rectangle round a transformed one, turned to points from the top left; broken numbers give an empty box
 * far outside. */
static struct box reader_box(const struct reader *reader, struct matrix m, double x0, double y0, double x1,
                             double y1) {
    double xs[4] = {x0, x1, x0, x1}, ys[4] = {y0, y0, y1, y1};
    double left = INFINITY, right = -INFINITY, low = INFINITY, high = -INFINITY;
    for (int i = 0; i < 4; i++) {
        double x = m.a * xs[i] + m.c * ys[i] + m.e, y = m.b * xs[i] + m.d * ys[i] + m.f;
        left = fmin(left, x);
        right = fmax(right, x);
        low = fmin(low, y);
        high = fmax(high, y);
    }
    if (!(fabs(left) < 1e6 && fabs(right) < 1e6 && fabs(low) < 1e6 && fabs(high) < 1e6))
        return (struct box){-1e6f, -1e6f, -1e6f, -1e6f};
    return (struct box){(float)left, (float)(reader->height - high), (float)right,
                        (float)(reader->height - low)};
}

static void reader_gap(struct reader *reader, struct matrix m, double size) {
    struct buf *text = &reader->out->text;
    if (reader->pen.any && text->len && text->data[text->len - 1] > ' ') {
        double most = fmax(size, reader->pen.size);
        if (fabs(m.f - reader->pen.y) > LINE_PART * most)
            buf_add_byte(text, '\n');
        else if (fabs(m.e - reader->pen.x) > GAP_PART * most)
            buf_add_byte(text, ' ');
    }
}

static void reader_add_char(struct reader *reader, struct box box, const char *meaning) {
    struct pdf_text *out = reader->out;
    if (out->count >= CHARS_MOST) {
        out->troubles |= PDF_TROUBLE_CONTENT;
        return;
    }
    if (out->count == out->room) {
        out->room = out->room ? out->room * 2 : 512;
        out->chars = mem_grow(out->chars, out->room, sizeof *out->chars);
    }
    out->chars[out->count++] = (struct pdf_char){box, (uint32_t)out->text.len};
    buf_add_text(&out->text, meaning);
    double x = (box.x0 + box.x1) / 2, y = (box.y0 + box.y1) / 2;
    if (x < -OUTSIDE_PT || x > reader->width + OUTSIDE_PT || y < -OUTSIDE_PT ||
        y > reader->height + OUTSIDE_PT)
        out->troubles |= PDF_TROUBLE_OUTSIDE;
}

static void reader_move(struct reader *reader, double x, double y) {
    reader->line = matrix_times((struct matrix){1, 0, 0, 1, x, y}, reader->line);
    reader->text = reader->line;
}

/* Shows one code: ISO 32000-1, 9.4.4. */
static void reader_show_code(struct reader *reader, uint32_t code) {
    struct graphics *now = &reader->now;
    const struct pdf_font *font = now->font;
    double width = font->code_bytes == 1 ? font->widths[code & 0xFF] : font->width;
    const char *meaning = pdf_font_meaning(font, code);
    struct matrix size = {now->size * now->stretch, 0, 0, now->size, 0, now->rise};
    struct matrix m = matrix_times(matrix_times(size, reader->text), now->place);
    double seen_size = hypot(m.c, m.d);
    if (!meaning || !*meaning) { /* a character that says it is nothing is as bad as one that says nothing */
        reader->out->troubles |= PDF_TROUBLE_CODE;
        meaning = "\xEF\xBF\xBD";
    }
    reader_gap(reader, m, seen_size);
    reader_add_char(reader, reader_box(reader, m, 0, -DESCENT, width, ASCENT), meaning);
    bool space = font->code_bytes == 1 && code == 32;
    double step = (width * now->size + now->char_space + (space ? now->word_space : 0)) * now->stretch;
    reader->text = matrix_times((struct matrix){1, 0, 0, 1, step, 0}, reader->text);
    struct matrix end = matrix_times(reader->text, now->place);
    reader->pen.x = end.e;
    reader->pen.y = m.f;
    reader->pen.size = seen_size;
    reader->pen.any = true;
}

static void reader_show(struct reader *reader, struct view bytes) {
    const struct pdf_font *font = reader->now.font;
    if (!bytes.len)
        return;
    if (!font || !font->readable) {
        reader->out->troubles |= PDF_TROUBLE_FONT;
        return;
    }
    for (size_t i = 0; i + font->code_bytes <= bytes.len; i += font->code_bytes) {
        uint32_t code =
            font->code_bytes == 1 ? bytes.data[i] : (uint32_t)bytes.data[i] << 8 | bytes.data[i + 1];
        reader_show_code(reader, code);
    }
}

static void reader_adjust(struct reader *reader, double thousandths) {
    double step = -thousandths / 1000 * reader->now.size * reader->now.stretch;
    reader->text = matrix_times((struct matrix){1, 0, 0, 1, step, 0}, reader->text);
}

/* An array is only that of TJ, which may not hold other arrays; d's has numbers only. */
static void reader_array(struct reader *reader, struct pdf_lex *lex) {
    struct view rest = lex->left;
    struct pdf_lex ahead = {.left = rest};
    enum pdf_token token;
    bool shows = false;
    while ((token = pdf_lex_next(&ahead)) == PDF_NUMBER || token == PDF_STRING)
        ;
    if (token == PDF_ARRAY_END && pdf_lex_next(&ahead) == PDF_OPERATOR)
        shows = strcmp(buf_text(&ahead.text), "TJ") == 0;
    pdf_lex_drop(&ahead);
    while ((token = pdf_lex_next(lex)) == PDF_NUMBER || token == PDF_STRING)
        if (shows && token == PDF_STRING)
            reader_show(reader, buf_view(&lex->text));
        else if (shows)
            reader_adjust(reader, lex->number);
        else if (token == PDF_STRING)
            reader->out->troubles |= PDF_TROUBLE_OPERATOR;
    if (token != PDF_ARRAY_END)
        reader->out->troubles |= PDF_TROUBLE_CONTENT;
}

static double reader_number(const struct reader *reader, size_t i) {
    return i < reader->number_count ? reader->numbers[i] : 0;
}

static struct matrix reader_matrix(const struct reader *reader) {
    const double *n = reader->numbers;
    return reader->number_count == 6 ? (struct matrix){n[0], n[1], n[2], n[3], n[4], n[5]} : identity;
}

static void reader_picture(struct reader *reader) {
    if (!reader->scope->is_picture(reader->scope->state, reader->name)) {
        reader->out->troubles |= PDF_TROUBLE_FORM;
        return;
    }
    struct box b = reader_box(reader, reader->now.place, 0, 0, 1, 1);
    if (b.x0 < -OUTSIDE_PT || b.y0 < -OUTSIDE_PT || b.x1 > reader->width + OUTSIDE_PT ||
        b.y1 > reader->height + OUTSIDE_PT)
        reader->out->troubles |= PDF_TROUBLE_OUTSIDE;
    if (reader->pictures++)
        reader->out->troubles |= PDF_TROUBLE_PICTURES;
}

static void reader_save(struct reader *reader) {
    if (reader->saved_count < SAVED_MOST)
        reader->saved[reader->saved_count++] = reader->now;
    else
        reader->out->troubles |= PDF_TROUBLE_CONTENT;
}

static void reader_restore(struct reader *reader) {
    if (reader->saved_count)
        reader->now = reader->saved[--reader->saved_count];
    else
        reader->out->troubles |= PDF_TROUBLE_CONTENT;
}

static void reader_next_line(struct reader *reader) {
    reader_move(reader, 0, -reader->now.leading);
}

enum operator_kind {
    OP_UNKNOWN,
    OP_IGNORE,
    OP_PAINT,
    OP_SAVE,
    OP_RESTORE,
    OP_CONCAT,
    OP_BEGIN,
    OP_FONT,
    OP_MOVE,
    OP_MOVE_LEADING,
    OP_MATRIX,
    OP_NEXT_LINE,
    OP_SHOW,
    OP_SHOW_LINE,
    OP_SHOW_SPACED,
    OP_CHAR_SPACE,
    OP_WORD_SPACE,
    OP_STRETCH,
    OP_LEADING,
    OP_RISE,
    OP_DRAW,
    OP_MARK,
    OP_MARK_PLAIN,
};

static const struct {
    const char *name;
    enum operator_kind kind;
} operators[] = {
    {"q", OP_SAVE},        {"Q", OP_RESTORE},
    {"cm", OP_CONCAT},     {"BT", OP_BEGIN},
    {"ET", OP_IGNORE},     {"Tf", OP_FONT},
    {"Td", OP_MOVE},       {"TD", OP_MOVE_LEADING},
    {"Tm", OP_MATRIX},     {"T*", OP_NEXT_LINE},
    {"Tj", OP_SHOW},       {"TJ", OP_IGNORE}, /* its strings were shown as they came */
    {"'", OP_SHOW_LINE},   {"\"", OP_SHOW_SPACED},
    {"Tc", OP_CHAR_SPACE}, {"Tw", OP_WORD_SPACE},
    {"Tz", OP_STRETCH},    {"TL", OP_LEADING},
    {"Ts", OP_RISE},       {"Tr", OP_IGNORE},
    {"BDC", OP_MARK},      {"BMC", OP_MARK_PLAIN},
    {"EMC", OP_IGNORE},
    {"Do", OP_DRAW},       {"gs", OP_IGNORE},
    {"g", OP_IGNORE},      {"G", OP_IGNORE},
    {"rg", OP_IGNORE},     {"RG", OP_IGNORE},
    {"w", OP_IGNORE},      {"J", OP_IGNORE},
    {"j", OP_IGNORE},      {"M", OP_IGNORE},
    {"d", OP_IGNORE},      {"i", OP_IGNORE},
    {"m", OP_IGNORE},      {"l", OP_IGNORE},
    {"c", OP_IGNORE},      {"h", OP_IGNORE},
    {"re", OP_IGNORE},     {"W", OP_IGNORE},
    {"W*", OP_IGNORE},     {"n", OP_IGNORE},
    {"S", OP_PAINT},       {"s", OP_PAINT},
    {"f", OP_PAINT},       {"F", OP_PAINT},
    {"f*", OP_PAINT},      {"B", OP_PAINT},
    {"B*", OP_PAINT},      {"b", OP_PAINT},
    {"b*", OP_PAINT},
};

static enum operator_kind operator_kind(const char *name) {
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++)
        if (strcmp(operators[i].name, name) == 0)
            return operators[i].kind;
    return OP_UNKNOWN;
}

/* Operators that set or use the state of the text; false when kind is none of them. */
static bool reader_text_operator(struct reader *reader, enum operator_kind kind) {
    struct graphics *now = &reader->now;
    double first = reader_number(reader, 0), second = reader_number(reader, 1);
    switch (kind) {
    case OP_BEGIN:
        reader->text = reader->line = identity;
        return true;
    case OP_FONT:
        now->font = reader->scope->font(reader->scope->state, reader->name);
        now->size = first;
        return true;
    case OP_MOVE:
        reader_move(reader, first, second);
        return true;
    case OP_MOVE_LEADING:
        now->leading = -second;
        reader_move(reader, first, second);
        return true;
    case OP_MATRIX:
        reader->text = reader->line = reader_matrix(reader);
        return true;
    case OP_NEXT_LINE:
        reader_next_line(reader);
        return true;
    case OP_SHOW:
        reader_show(reader, buf_view(&reader->string));
        return true;
    case OP_SHOW_SPACED:
        now->word_space = first;
        now->char_space = second;
        /* fall through */
    case OP_SHOW_LINE:
        reader_next_line(reader);
        reader_show(reader, buf_view(&reader->string));
        return true;
    case OP_CHAR_SPACE:
        now->char_space = first;
        return true;
    case OP_WORD_SPACE:
        now->word_space = first;
        return true;
    case OP_STRETCH:
        now->stretch = first / 100;
        return true;
    case OP_LEADING:
        now->leading = first;
        return true;
    case OP_RISE:
        now->rise = first;
        return true;
    default:
        return false;
    }
}

/* Paragraphs and covered areas by their number, pictures as what need not be read: as our packs have them, and nothing else (no layers, no text in place of
 * text). */
static void reader_marked(struct reader *reader, enum operator_kind kind) {
    bool known = kind == OP_MARK ? reader->marked && (strcmp(reader->name, "P") == 0 || strcmp(reader->name, "Figure") == 0) : strcmp(reader->name, "Artifact") == 0;
    if (!known)
        reader->out->troubles |= PDF_TROUBLE_OPERATOR;
}

static void reader_operator(struct reader *reader, const char *name) {
    enum operator_kind kind = operator_kind(name);
    if (kind == OP_UNKNOWN)
        reader->out->troubles |= PDF_TROUBLE_OPERATOR;
    else if (kind == OP_SAVE)
        reader_save(reader);
    else if (kind == OP_RESTORE)
        reader_restore(reader);
    else if (kind == OP_CONCAT)
        reader->now.place = matrix_times(reader_matrix(reader), reader->now.place);
    else if (kind == OP_DRAW)
        reader_picture(reader);
    else if (kind == OP_PAINT)
        reader->painted++;
    else if (kind == OP_MARK || kind == OP_MARK_PLAIN)
        reader_marked(reader, kind);
    else
        reader_text_operator(reader, kind);
    reader->number_count = 0;
    reader->name[0] = 0;
    reader->marked = false;
    buf_reset(&reader->string);
}

static void reader_name(struct reader *reader, const struct buf *name) {
    size_t len = name->len < NAME_BYTES ? name->len : 0;
    memcpy(reader->name, len ? name->data : (const uint8_t *)"", len);
    reader->name[len] = 0;
}

/* The one dictionary that our packs have: which marked content it is. Any other may hold text. */
static bool reader_mark(struct pdf_lex *lex) {
    bool known = pdf_lex_next(lex) == PDF_NAME && strcmp(buf_text(&lex->text), "MCID") == 0;
    known = known && pdf_lex_next(lex) == PDF_NUMBER;
    return known && pdf_lex_next(lex) == PDF_DICT_END;
}

static void reader_run(struct reader *reader, struct pdf_lex *lex) {
    for (enum pdf_token token; (token = pdf_lex_next(lex)) != PDF_END;) {
        if (token == PDF_NUMBER && reader->number_count < NUMBERS_MOST)
            reader->numbers[reader->number_count++] = lex->number;
        else if (token == PDF_STRING)
            (void)(buf_reset(&reader->string), buf_add(&reader->string, lex->text.data, lex->text.len));
        else if (token == PDF_NAME)
            reader_name(reader, &lex->text);
        else if (token == PDF_OPERATOR)
            reader_operator(reader, buf_text(&lex->text));
        else if (token == PDF_ARRAY_BEGIN)
            reader_array(reader, lex);
        else if (token == PDF_DICT_BEGIN && reader_mark(lex))
            reader->marked = true;
        else
            reader->out->troubles |= PDF_TROUBLE_OPERATOR; /* too many numbers belong to nothing */
    }
}

void pdf_text_read(struct view content, const struct pdf_scope *scope, double width, double height,
                   struct pdf_text *ret) {
    struct reader *reader = mem_new(sizeof *reader);
    struct pdf_lex lex = {.left = content};
    *ret = (struct pdf_text){0};
    *reader = (struct reader){
        .scope = scope, .width = width, .height = height, .out = ret, .text = identity, .line = identity};
    reader->now = (struct graphics){.place = identity, .stretch = 1};
    reader_run(reader, &lex);
    if (reader->pictures && reader->painted)
        ret->troubles |= PDF_TROUBLE_PAINTED;
    if (reader->saved_count)
        ret->troubles |= PDF_TROUBLE_CONTENT;
    buf_drop(&reader->string);
    pdf_lex_drop(&lex);
    free(reader);
}
