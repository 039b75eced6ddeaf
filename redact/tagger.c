#include "redact/tagger.h"

#include "base/mem.h"
#include "redact/tag_features.h"
#include "redact/tag_math.h"

#include <stdlib.h>
#include <string.h>

#define NEVER -1e9f /* a score that no sequence can make good */

typedef float labels[TAG_LABELS];

struct tagger {
    const struct tag_model *model;
    float bias[2];                    /* look, flag */
    float from[TAG_LABELS][TAG_LABELS];  /* [second][first]: score, NEVER where it may not follow */
    labels factor[TAG_LABELS];        /* [first][second]: e^score, 0 where it may not follow */
    labels begin_factor;
    struct tag_text text;
    labels scores[TAG_SEQUENCE_MOST], ahead[TAG_SEQUENCE_MOST];
    float nothing[TAG_SEQUENCE_MOST]; /* probability of TAG_NONE */
    uint8_t back[TAG_SEQUENCE_MOST][TAG_LABELS];
    uint8_t found[2][TAG_SEQUENCE_MOST]; /* labels at each bias */
    struct tag_span *spans;
    size_t span_count, span_room;
};

struct tagger *tagger_new(const struct tagger_order *order) {
    struct tagger *t = mem_new(sizeof *t);
    t->model = order->model;
    t->bias[0] = order->look_bias;
    t->bias[1] = order->flag_bias;
    for (int a = 0; a < TAG_LABELS; a++)
        for (int b = 0; b < TAG_LABELS; b++) {
            t->from[b][a] = tag_labels_follow(a, b) ? t->model->follow[a][b] : NEVER;
            t->factor[a][b] = tag_labels_follow(a, b) ? tag_exp(t->model->follow[a][b]) : 0;
        }
    for (int b = 0; b < TAG_LABELS; b++)
        t->begin_factor[b] = tag_label_goes_on(b) ? 0 : tag_exp(t->model->begin[b]);
    return t;
}

void tagger_drop(struct tagger **tagger) {
    if (!*tagger)
        return;
    tag_text_drop(&(*tagger)->text);
    free((*tagger)->spans);
    mem_free(tagger);
}

/* ---- scores */

static inline const int8_t *row_of(const struct tag_model *m, uint32_t feature) {
    return m->rows + (size_t)(feature & m->row_mask) * TAG_LABELS;
}

static inline void row_add(int16_t sum[TAG_LABELS], const int8_t *row) {
    for (int l = 0; l < TAG_LABELS; l++)
        sum[l] = (int16_t)(sum[l] + row[l]);
}

/* A word's own rows are added up once, however often it stands in the texts. */
static void type_sum(const struct tag_model *m, struct tag_type *type) {
    memset(type->sums, 0, sizeof type->sums);
    for (size_t i = 0; i < type->self_count; i++)
        row_add(type->sums[0], row_of(m, type->self[i]));
    for (size_t side = 0; side < TAG_SLOTS - 1; side++)
        for (size_t k = 0; k < TAG_BESIDE_MOST; k++)
            if (type->beside[side][k])
                row_add(type->sums[1 + side], row_of(m, type->beside[side][k]));
    type->summed = true;
}

static const int16_t *sums_at(struct tagger *t, const struct tag_run *run, long token, int slot) {
    static const int16_t none[TAG_LABELS];
    if (token < (long)run->begin || token >= (long)run->end)
        return none;
    struct tag_type *type = &t->text.types[t->text.tokens[token].type];
    if (!type->summed)
        type_sum(t->model, type);
    return type->sums[slot];
}

/* The features of a token with its neighbours, and their rows asked for: they lie all over the model, and are there when they are added up. */
struct pairs {
    uint32_t list[TAG_PAIRS_MOST];
    size_t count;
};

static void pairs_ask(const struct tagger *t, const struct tag_run *run, size_t i, struct pairs *ret) {
    ret->count = tag_features_pairs(run, i, true, ret->list);
    for (size_t k = 0; k < ret->count; k++)
        __builtin_prefetch(row_of(t->model, ret->list[k]));
}

static void token_score(struct tagger *t, const struct tag_run *run, size_t i, const struct pairs *pairs) {
    const int16_t *s0 = sums_at(t, run, (long)i, 0), *s1 = sums_at(t, run, (long)i - 1, 1), *s2 = sums_at(t, run, (long)i + 1, 2),
                  *s3 = sums_at(t, run, (long)i - 2, 3), *s4 = sums_at(t, run, (long)i + 2, 4);
    int16_t sum[TAG_LABELS];
    for (int l = 0; l < TAG_LABELS; l++)
        sum[l] = (int16_t)(s0[l] + s1[l] + s2[l] + s3[l] + s4[l]);
    for (size_t k = 0; k < pairs->count; k++)
        row_add(sum, row_of(t->model, pairs->list[k]));
    float *score = t->scores[i - run->begin];
    for (int l = 0; l < TAG_LABELS; l++)
        score[l] = (float)sum[l] * t->model->scale;
}

static void run_score(struct tagger *t, const struct tag_run *run) {
    struct pairs pairs[2];
    pairs_ask(t, run, run->begin, &pairs[run->begin & 1]);
    for (size_t i = run->begin; i < run->end; i++) {
        if (i + 1 < run->end)
            pairs_ask(t, run, i + 1, &pairs[(i + 1) & 1]);
        token_score(t, run, i, &pairs[i & 1]);
    }
}

/* ---- probabilities: forward and backward, each place scaled to a sum of 1 */

static void scaled(labels v) {
    float sum = 0;
    for (int l = 0; l < TAG_LABELS; l++)
        sum += v[l];
    float factor = sum > 0 ? 1 / sum : 0;
    for (int l = 0; l < TAG_LABELS; l++)
        v[l] *= factor;
}

static void emission(const labels score, labels out) {
    float most = score[0];
    for (int l = 1; l < TAG_LABELS; l++)
        most = score[l] > most ? score[l] : most;
    for (int l = 0; l < TAG_LABELS; l++)
        out[l] = tag_exp(score[l] - most);
}

static void chances(struct tagger *t, size_t count) {
    labels emit, behind, next;
    for (size_t i = 0; i < count; i++) {
        emission(t->scores[i], emit);
        float *a = t->ahead[i];
        memcpy(a, t->begin_factor, sizeof(labels));
        if (i) {
            memset(a, 0, sizeof(labels));
            for (int k = 0; k < TAG_LABELS; k++)
                for (int l = 0; l < TAG_LABELS; l++)
                    a[l] += t->ahead[i - 1][k] * t->factor[k][l];
        }
        for (int l = 0; l < TAG_LABELS; l++)
            a[l] *= emit[l];
        scaled(a);
    }
    for (int l = 0; l < TAG_LABELS; l++)
        behind[l] = 1;
    for (size_t i = count; i-- > 0;) {
        labels both;
        for (int l = 0; l < TAG_LABELS; l++)
            both[l] = t->ahead[i][l] * behind[l];
        scaled(both);
        t->nothing[i] = both[TAG_NONE];
        emission(t->scores[i], emit);
        for (int l = 0; l < TAG_LABELS; l++)
            emit[l] *= behind[l];
        for (int k = 0; k < TAG_LABELS; k++) {
            next[k] = 0;
            for (int l = 0; l < TAG_LABELS; l++)
                next[k] += t->factor[k][l] * emit[l];
        }
        scaled(next);
        memcpy(behind, next, sizeof behind);
    }
}

/* ---- the best sequence of labels (Viterbi) */

static void best_labels(struct tagger *t, size_t count, float bias, uint8_t *out) {
    labels v, w;
    for (int l = 0; l < TAG_LABELS; l++)
        v[l] = tag_label_goes_on(l) ? NEVER : t->model->begin[l] + t->scores[0][l];
    v[TAG_NONE] -= bias;
    for (size_t i = 1; i < count; i++) {
        for (int l = 0; l < TAG_LABELS; l++) {
            float most = 2 * NEVER;
            int best = 0;
            for (int k = 0; k < TAG_LABELS; k++) {
                float x = v[k] + t->from[l][k];
                if (x > most) {
                    most = x;
                    best = k;
                }
            }
            w[l] = most + t->scores[i][l];
            t->back[i][l] = (uint8_t)best;
        }
        w[TAG_NONE] -= bias;
        memcpy(v, w, sizeof v);
    }
    int label = 0;
    for (int l = 1; l < TAG_LABELS; l++)
        label = v[l] > v[label] ? l : label;
    for (size_t i = count; i-- > 0;) {
        out[i] = (uint8_t)label;
        label = i ? t->back[i][label] : 0;
    }
}

/* ---- spans */

static struct tag_span *span_add(struct tagger *t) {
    if (t->span_count == t->span_room) {
        t->span_room = t->span_room ? t->span_room * 2 : 256;
        t->spans = mem_grow(t->spans, t->span_room, sizeof *t->spans);
    }
    return &t->spans[t->span_count++];
}

static bool is_signs_only(const struct tagger *t, size_t from, size_t to) {
    for (size_t i = from; i < to; i++)
        if (t->text.types[t->text.tokens[i].type].form != TAG_FORM_SIGN)
            return false;
    return true;
}

static bool span_goes_on(const uint8_t *labels_found, size_t i) {
    return tag_labels_follow(TAG_NONE, labels_found[i])
               ? labels_found[i] == TAG_LABELS - 1 && labels_found[i - 1] == TAG_LABELS - 1
               : true;
}

/* Spans of one threshold; of the lower one only what the higher one leaves. */
static void spans_add(struct tagger *t, const struct tag_run *run, bool sure) {
    const uint8_t *found = t->found[sure];
    size_t count = run->end - run->begin;
    for (size_t i = 0, end; i < count; i = end) {
        end = i + 1;
        if (found[i] == TAG_NONE || (!sure && t->found[1][i] != TAG_NONE))
            continue;
        float least = t->nothing[i];
        while (end < count && found[end] != TAG_NONE && span_goes_on(found, end) && (sure || t->found[1][end] == TAG_NONE)) {
            least = t->nothing[end] < least ? t->nothing[end] : least;
            end++;
        }
        if (is_signs_only(t, run->begin + i, run->begin + end))
            continue;
        *span_add(t) = (struct tag_span){.begin = t->text.tokens[run->begin + i].begin,
                                         .end = t->text.tokens[run->begin + end - 1].end,
                                         .kind = (enum tag_kind)tag_label_kind(found[i]),
                                         .confidence = (uint8_t)((1 - least) * 100),
                                         .sure = sure};
    }
}

static void run_find(struct tagger *t, const struct tag_run *run) {
    size_t count = run->end - run->begin;
    run_score(t, run);
    best_labels(t, count, t->bias[0], t->found[0]);
    size_t found = 0;
    for (size_t i = 0; i < count; i++)
        found += t->found[0][i] != TAG_NONE;
    if (!found) /* nothing even where more is found: most sequences */
        return;
    best_labels(t, count, t->bias[1], t->found[1]);
    chances(t, count);
    spans_add(t, run, true);
    if (t->bias[0] > t->bias[1])
        spans_add(t, run, false);
}

static int span_compare(const void *a, const void *b) {
    const struct tag_span *x = a, *y = b;
    return x->begin < y->begin ? -1 : x->begin > y->begin;
}

size_t tagger_find(struct tagger *t, const char *text, size_t bytes, const struct tag_span **ret) {
    tag_text_cut(&t->text, t->model, text, bytes);
    t->span_count = 0;
    struct tag_run run = {.text = &t->text};
    for (run.begin = 0; run.begin < t->text.token_count; run.begin = run.end) {
        run.end = run.begin + 1;
        while (run.end < t->text.token_count && !t->text.tokens[run.end].begins)
            run.end++;
        run_find(t, &run);
    }
    if (t->span_count)
        qsort(t->spans, t->span_count, sizeof *t->spans, span_compare);
    *ret = t->spans;
    return t->span_count;
}
