/* casefile-train: makes the model of the finder of unknown people. Not installed: `make model` builds and runs it.
 *
 *   casefile-train OUT GAZETTEER TEXTS.jsonl[:COPIES] ...
 *
 * A line of texts: {"id", "text", "spans": [{"start", "end", "type", "role"}]}, offsets in code points; spans whose role is NO_MASK are
 * passed over. Each text is learnt as it is and in spoilt copies: as a scanner misreads it, in small letters, in capitals, with its lines
 * broken. COPIES (1): how many times a file counts.
 *
 * Security: reads files that its caller names, writes one; no keys, no database, no network. */
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "redact/tag_train.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROWS (1u << 18)
#define WORD_SLOTS (1u << 18)
#define EPOCHS 6
#define RATE 0.05f
#define WORD_DROPOUT 0.2f
#define GAZETTEER_DROPOUT 0.3f

struct examples {
    struct tag_example *list;
    size_t count, room;
    uint64_t random;
};

static uint32_t dice(struct examples *e, uint32_t sides) {
    e->random ^= e->random >> 12;
    e->random ^= e->random << 25;
    e->random ^= e->random >> 27;
    return (uint32_t)((e->random * 2685821657736338717ull) >> 33) % sides;
}

static void example_add(struct examples *e, struct tag_example example) {
    if (e->count == e->room) {
        e->room = e->room ? e->room * 2 : 1024;
        e->list = mem_grow(e->list, e->room, sizeof *e->list);
    }
    e->list[e->count++] = example;
}

/* ---- a line of a file */

static int kind_of(const char *type) {
    static const struct {
        const char *type;
        enum tag_kind kind;
    } kinds[] = {{"PERSON", TAG_PERSON}, {"LOC", TAG_PLACE},       {"PLACE", TAG_PLACE},       {"ADDRESS", TAG_PLACE},   {"ORG", TAG_ORG},
                 {"DATETIME", TAG_DATE}, {"DATE", TAG_DATE},       {"DOB", TAG_DATE},          {"CODE", TAG_CODE},       {"PHONE", TAG_CODE},
                 {"EMAIL", TAG_CODE},    {"NHS", TAG_CODE},        {"UPN", TAG_CODE},          {"NINO", TAG_CODE},       {"ID", TAG_CODE},
                 {"DEM", TAG_TRAIT},     {"QUANTITY", TAG_QUANTITY}, {"MISC", TAG_MISC}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(type, kinds[i].type) == 0)
            return (int)kinds[i].kind;
    return -1;
}

static int gold_compare(const void *a, const void *b) { /* longer ones first: they count where two overlap */
    const struct tag_gold *x = a, *y = b;
    uint32_t m = x->end - x->begin, n = y->end - y->begin;
    return m != n ? (m < n ? 1 : -1) : x->begin < y->begin ? -1 : x->begin > y->begin;
}

static bool example_read(json_t *line, struct tag_example *ret) {
    const char *text = json_string_value(json_object_get(line, "text"));
    json_t *spans = json_object_get(line, "spans"), *span;
    size_t count = 0, index;
    if (!text || !json_is_array(spans))
        return false;
    *ret = (struct tag_example){.text = mem_text(text), .bytes = strlen(text)};
    uint32_t *bytes = mem_new((ret->bytes + 2) * sizeof *bytes); /* where each code point begins */
    for (const char *at = text; *at; text_next(&at))
        bytes[count++] = (uint32_t)(at - text);
    bytes[count] = (uint32_t)ret->bytes;
    ret->gold = mem_new((json_array_size(spans) + 1) * sizeof *ret->gold);
    json_array_foreach(spans, index, span) {
        const char *role = json_string_value(json_object_get(span, "role")), *type = json_string_value(json_object_get(span, "type"));
        json_int_t start = json_integer_value(json_object_get(span, "start")), end = json_integer_value(json_object_get(span, "end"));
        int kind = type ? kind_of(type) : -1;
        if (kind >= 0 && !(role && strcmp(role, "NO_MASK") == 0) && start >= 0 && start < end && (size_t)end <= count)
            ret->gold[ret->gold_count++] = (struct tag_gold){bytes[start], bytes[end], (enum tag_kind)kind};
    }
    qsort(ret->gold, ret->gold_count, sizeof *ret->gold, gold_compare);
    free(bytes);
    return true;
}

/* ---- spoilt copies */

/* Writes what becomes of the byte at i; bytes that continue a character are never first. */
typedef void spoil_function(struct examples *e, const struct tag_example *from, size_t i, struct buf *out);

static void spoil_scan(struct examples *e, const struct tag_example *from, size_t i, struct buf *out) {
    static const char alike[][8] = {"l1", "1l", "Il", "O0", "0O", "oc", "ec", "ae", "hb", "nu", "un", "td", "fl", "s5", "S5", "5S", "B8", "8B", "G6", "6G",
                                    "Z2", "E F", "DO", "CG", "HN", "vy", "yv", "gq", "i1", "tf", "rn", "co", "bh", "ce", "io"};
    static const char wide[][4] = {"mrn", "wvv", "dcl", "hli", "urı"};
    char c = from->text[i];
    bool hit = c != '\n' && (unsigned char)c < 0x80 && dice(e, 1000) < 30;
    uint32_t how = hit ? dice(e, 100) : 100;
    if (how < 15) {
        for (size_t k = 0; k + 1 < sizeof wide / sizeof *wide; k++)
            if (wide[k][0] == c) {
                buf_add(out, wide[k] + 1, 2);
                return;
            }
    }
    if (how < 80) {
        size_t begin = dice(e, sizeof alike / sizeof *alike);
        for (size_t k = 0; k < sizeof alike / sizeof *alike; k++) {
            const char *pair = alike[(begin + k) % (sizeof alike / sizeof *alike)];
            if (pair[0] == c) {
                buf_add_byte(out, (uint8_t)pair[1]);
                return;
            }
        }
    } else if (how < 88) {
        return;
    } else if (how < 94 && c != ' ') {
        buf_add_byte(out, (uint8_t)c);
        c = ' ';
    } else if (how < 100) {
        c = (char)((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ? c ^ 32 : c);
    }
    buf_add_byte(out, (uint8_t)c);
}

static void spoil_lower(struct examples *e, const struct tag_example *from, size_t i, struct buf *out) {
    (void)e;
    char c = from->text[i];
    buf_add_byte(out, (uint8_t)(c >= 'A' && c <= 'Z' ? c + 32 : c));
}

static void spoil_upper(struct examples *e, const struct tag_example *from, size_t i, struct buf *out) {
    (void)e;
    char c = from->text[i];
    buf_add_byte(out, (uint8_t)(c >= 'a' && c <= 'z' ? c - 32 : c));
}

/* Lines of a page: about every twelfth space becomes the end of one. */
static void spoil_lines(struct examples *e, const struct tag_example *from, size_t i, struct buf *out) {
    char c = from->text[i];
    buf_add_byte(out, (uint8_t)(c == ' ' && dice(e, 12) == 0 ? '\n' : c));
}

static void copy_add(struct examples *e, size_t number, spoil_function *spoil) {
    const struct tag_example from = e->list[number];
    struct buf out = {0};
    uint32_t *moved = mem_new((from.bytes + 1) * sizeof *moved);
    for (size_t i = 0; i < from.bytes; i++) {
        moved[i] = (uint32_t)out.len;
        spoil(e, &from, i, &out);
    }
    moved[from.bytes] = (uint32_t)out.len;
    struct tag_example copy = {.bytes = out.len, .text = mem_text(buf_text(&out)), .gold_count = from.gold_count};
    copy.gold = mem_new((from.gold_count + 1) * sizeof *copy.gold);
    for (size_t g = 0; g < from.gold_count; g++)
        copy.gold[g] = (struct tag_gold){moved[from.gold[g].begin], moved[from.gold[g].end], from.gold[g].kind};
    free(moved);
    buf_drop(&out);
    example_add(e, copy);
}

static void copies_add(struct examples *e, size_t number) {
    copy_add(e, number, spoil_scan);
    if (dice(e, 4) == 0)
        copy_add(e, number, spoil_lower);
    if (dice(e, 10) == 0)
        copy_add(e, number, spoil_upper);
    if (dice(e, 4) == 0)
        copy_add(e, number, spoil_lines);
}

/* ---- files */

static int texts_read(struct examples *e, const char *argument) {
    const char *colon = strrchr(argument, ':');
    char *path = colon ? mem_text_part(argument, (size_t)(colon - argument)) : mem_text(argument);
    int copies = colon ? (int)strtol(colon + 1, NULL, 10) : 1;
    struct buf bytes = {0};
    int err = file_read(path, (size_t)1 << 30, &bytes);
    if (err)
        fprintf(stderr, "casefile-train: %s: %s\n", path, err_text(err));
    size_t before = e->count;
    for (char *line = err ? NULL : (char *)(uintptr_t)buf_text(&bytes), *end; line && *line; line = end) {
        end = line + strcspn(line, "\n");
        json_t *json = json_loadb(line, (size_t)(end - line), 0, NULL);
        end += *end == '\n';
        for (int i = 0; i < copies; i++) {
            struct tag_example example;
            if (!example_read(json, &example))
                continue;
            example_add(e, example);
            copies_add(e, e->count - 1);
        }
        json_decref(json);
    }
    fprintf(stderr, "%s: %zu texts with their copies\n", path, e->count - before);
    buf_drop(&bytes);
    free(path);
    return err;
}

static void told(void *state, int epoch, double loss) {
    (void)state;
    fprintf(stderr, "epoch %d of %d: %.4f a token\n", epoch, EPOCHS, loss);
}

static void examples_drop(struct examples *e) {
    for (size_t i = 0; i < e->count; i++) {
        free(e->list[i].text);
        free(e->list[i].gold);
    }
    free(e->list);
}

int main(int argc, char **argv) {
    struct examples e = {.random = 1181783497276652981ull};
    struct buf gazetteer = {0}, model = {0};
    if (argc < 4) {
        fputs("usage: casefile-train OUT GAZETTEER TEXTS.jsonl[:COPIES] ...\n", stderr);
        return 64;
    }
    int err = file_read(argv[2], (size_t)1 << 28, &gazetteer);
    for (int i = 3; i < argc && !err; i++)
        err = texts_read(&e, argv[i]);
    struct tag_train_order order = {.examples = e.list, .example_count = e.count, .gazetteer = buf_text(&gazetteer), .row_count = ROWS,
                                    .word_slots = WORD_SLOTS, .epochs = EPOCHS, .rate = RATE, .word_dropout = WORD_DROPOUT,
                                    .gazetteer_dropout = GAZETTEER_DROPOUT, .told = told};
    if (!err)
        err = tag_train(&order, &model);
    if (!err)
        err = file_write_durable(argv[1], buf_view(&model), 0644);
    if (err)
        fprintf(stderr, "casefile-train: %s\n", err_text(err));
    else
        fprintf(stderr, "%s: %zu bytes\n", argv[1], model.len);
    examples_drop(&e);
    buf_drop(&gazetteer);
    buf_drop(&model);
    return err ? 70 : 0;
}
