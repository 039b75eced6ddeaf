#include "redact/tag_train.h"

#include "base/err.h"
#include "base/mem.h"
#include "redact/tag_features.h"
#include "redact/tag_math.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PENALTY 1e-6f /* L2 */
#define NAME_TRAITS (TAG_WORD_FORENAME | TAG_WORD_SURNAME | TAG_WORD_FORENAME_COMMON | TAG_WORD_SURNAME_COMMON)

typedef float labels[TAG_LABELS];

struct features {
    uint32_t list[TAG_FEATURES_MOST];
    uint32_t count;
};

struct trainer {
    const struct tag_train_order *order;
    struct tag_model words; /* the gazetteer only */
    labels *weights, *squares; /* by row */
    float follow[TAG_LABELS][TAG_LABELS], follow_squares[TAG_LABELS][TAG_LABELS];
    labels begin, begin_squares;
    float rate;
    uint64_t random;
    struct tag_text text;
    uint8_t *gold; /* label of each token */
    size_t gold_room;
    struct features features[TAG_SEQUENCE_MOST];
    labels scores[TAG_SEQUENCE_MOST], emit[TAG_SEQUENCE_MOST], ahead[TAG_SEQUENCE_MOST], behind[TAG_SEQUENCE_MOST];
    float sums[TAG_SEQUENCE_MOST];
};

/* xorshift64*: 0 to below 1. */
static float chance(struct trainer *t) {
    t->random ^= t->random >> 12;
    t->random ^= t->random << 25;
    t->random ^= t->random >> 27;
    return (float)((t->random * 2685821657736338717ull) >> 40) / 16777216.0f;
}

/* ---- the gazetteer */

static int words_make(struct trainer *t) {
    uint32_t slots = t->order->word_slots;
    uint32_t *words = mem_new(slots * sizeof *words);
    uint16_t *traits = mem_new(slots * sizeof *traits);
    t->words.words = words;
    t->words.traits = traits;
    t->words.word_mask = slots - 1;
    size_t count = 0;
    for (const char *line = t->order->gazetteer; *line;) {
        size_t bytes = strcspn(line, "\n"), word = strcspn(line, "\t\n");
        uint32_t hash = tag_word_hash(line, word), at = hash & (slots - 1);
        if (word < bytes && ++count >= slots)
            return ERR_INPUT;
        while (word < bytes && words[at] && words[at] != hash)
            at = (at + 1) & (slots - 1);
        if (word < bytes) {
            words[at] = hash;
            traits[at] |= (uint16_t)strtoul(line + word, NULL, 10);
        }
        line += bytes + (line[bytes] == '\n');
    }
    return 0;
}

/* ---- a text with its labels */

static void gold_make(struct trainer *t, const struct tag_example *example) {
    const struct tag_text *text = &t->text;
    if (t->gold_room < text->token_count) {
        t->gold_room = text->token_count * 2;
        t->gold = mem_grow(t->gold, t->gold_room, 1);
    }
    memset(t->gold, TAG_NONE, text->token_count);
    for (size_t g = 0; g < example->gold_count; g++) {
        const struct tag_gold *gold = &example->gold[g];
        bool first = true;
        for (size_t i = 0; i < text->token_count && text->tokens[i].begin < gold->end; i++) {
            if (text->tokens[i].end <= gold->begin || t->gold[i] != TAG_NONE)
                continue;
            int label = tag_label_first(gold->kind);
            t->gold[i] = (uint8_t)(first || gold->kind == TAG_MISC ? label : label + 1);
            first = false;
        }
    }
    for (size_t i = 0; i < text->token_count; i++)
        if (tag_label_goes_on(t->gold[i]) && (!i || text->tokens[i].begins || !tag_labels_follow(t->gold[i - 1], t->gold[i])))
            t->gold[i]--;
}

/* A copy of the type as it would be if no list of names had the word. */
static void name_hide(struct trainer *t, size_t token) {
    struct tag_type copy = t->text.types[t->text.tokens[token].type];
    uint32_t traits = copy.traits & ~(uint32_t)NAME_TRAITS;
    if (traits == copy.traits)
        return;
    for (size_t i = 0; i < copy.self_count; i++) {
        if (copy.self[i] == tag_feature(27, copy.traits))
            copy.self[i] = tag_feature(27, traits);
        else if (copy.self[i] == tag_feature2(30, copy.traits, copy.form))
            copy.self[i] = tag_feature2(30, traits, copy.form);
    }
    copy.traits = traits;
    /* Not entered by its surface: only this token is such a one. */
    if (t->text.type_count == t->text.type_room) {
        t->text.type_room *= 2;
        t->text.types = mem_grow(t->text.types, t->text.type_room, sizeof *t->text.types);
    }
    t->text.types[t->text.type_count] = copy;
    t->text.tokens[token].type = (uint32_t)t->text.type_count++;
}

static void names_hide(struct trainer *t) {
    for (size_t i = 0; i < t->text.token_count; i++)
        if (t->text.types[t->text.tokens[i].type].form != TAG_FORM_LOWER && chance(t) < t->order->gazetteer_dropout)
            name_hide(t, i);
}

/* ---- one sequence: the gradient of its log-likelihood, and a step of AdaGrad along it */

static inline void step(struct trainer *t, float *weight, float *square, float gradient) {
    *square += gradient * gradient;
    *weight -= t->rate * (gradient + PENALTY * *weight) / sqrtf(*square + 1e-2f);
}

static void scores_make(struct trainer *t, const struct tag_run *run) {
    uint32_t mask = t->order->row_count - 1;
    for (size_t i = 0; i < run->end - run->begin; i++) {
        struct features *f = &t->features[i];
        bool with_word = chance(t) >= t->order->word_dropout;
        f->count = (uint32_t)tag_features_all(run, run->begin + i, with_word, f->list);
        float *score = t->scores[i];
        memset(score, 0, sizeof(labels));
        for (uint32_t k = 0; k < f->count; k++) {
            f->list[k] &= mask;
            const float *w = t->weights[f->list[k]];
            for (int l = 0; l < TAG_LABELS; l++)
                score[l] += w[l];
        }
    }
}

/* Forward and backward. Returns the logarithm of the sum over all sequences of labels. */
static double chances_make(struct trainer *t, size_t count, const labels factor[TAG_LABELS]) {
    double sum_log = 0;
    for (size_t i = 0; i < count; i++) {
        float most = t->scores[i][0], sum = 0;
        for (int l = 1; l < TAG_LABELS; l++)
            most = t->scores[i][l] > most ? t->scores[i][l] : most;
        sum_log += (double)most;
        for (int l = 0; l < TAG_LABELS; l++) {
            float v = i ? 0 : tag_label_goes_on(l) ? 0 : tag_exp(t->begin[l]);
            for (int k = 0; i && k < TAG_LABELS; k++)
                v += t->ahead[i - 1][k] * factor[k][l];
            t->emit[i][l] = tag_exp(t->scores[i][l] - most);
            t->ahead[i][l] = v * t->emit[i][l];
            sum += t->ahead[i][l];
        }
        t->sums[i] = sum;
        sum_log += log((double)sum);
        for (int l = 0; l < TAG_LABELS; l++)
            t->ahead[i][l] /= sum;
    }
    for (int l = 0; l < TAG_LABELS; l++)
        t->behind[count - 1][l] = 1;
    for (size_t i = count - 1; i-- > 0;)
        for (int k = 0; k < TAG_LABELS; k++) {
            float v = 0;
            for (int l = 0; l < TAG_LABELS; l++)
                v += factor[k][l] * t->emit[i + 1][l] * t->behind[i + 1][l];
            t->behind[i][k] = v / t->sums[i + 1];
        }
    return sum_log;
}

static void token_step(struct trainer *t, size_t i, int gold) {
    labels gradient;
    float most = 0;
    for (int l = 0; l < TAG_LABELS; l++) {
        gradient[l] = t->ahead[i][l] * t->behind[i][l] - (l == gold);
        most = fabsf(gradient[l]) > most ? fabsf(gradient[l]) : most;
    }
    if (!i)
        for (int l = 0; l < TAG_LABELS; l++)
            if (!tag_label_goes_on(l))
                step(t, &t->begin[l], &t->begin_squares[l], gradient[l]);
    if (most <= 1e-4f)
        return;
    for (uint32_t k = 0; k < t->features[i].count; k++) {
        uint32_t row = t->features[i].list[k];
        for (int l = 0; l < TAG_LABELS; l++)
            step(t, &t->weights[row][l], &t->squares[row][l], gradient[l]);
    }
}

static double sequence_learn(struct trainer *t, const struct tag_run *run) {
    size_t count = run->end - run->begin;
    labels factor[TAG_LABELS], expected[TAG_LABELS];
    const uint8_t *gold = t->gold + run->begin;
    for (int a = 0; a < TAG_LABELS; a++)
        for (int b = 0; b < TAG_LABELS; b++) {
            factor[a][b] = tag_labels_follow(a, b) ? tag_exp(t->follow[a][b]) : 0;
            expected[a][b] = 0;
        }
    scores_make(t, run);
    double loss = chances_make(t, count, factor);
    for (size_t i = 0; i < count; i++) {
        loss -= (double)(t->scores[i][gold[i]] + (i ? t->follow[gold[i - 1]][gold[i]] : t->begin[gold[i]]));
        for (int a = 0; i && a < TAG_LABELS; a++)
            for (int b = 0; b < TAG_LABELS; b++)
                expected[a][b] += t->ahead[i - 1][a] * factor[a][b] * t->emit[i][b] * t->behind[i][b] / t->sums[i];
        if (i)
            expected[gold[i - 1]][gold[i]] -= 1;
    }
    for (size_t i = 0; i < count; i++)
        token_step(t, i, gold[i]);
    for (int a = 0; a < TAG_LABELS; a++)
        for (int b = 0; b < TAG_LABELS; b++)
            if (tag_labels_follow(a, b))
                step(t, &t->follow[a][b], &t->follow_squares[a][b], expected[a][b]);
    return loss;
}

static double example_learn(struct trainer *t, const struct tag_example *example) {
    double loss = 0;
    tag_text_cut(&t->text, &t->words, example->text, example->bytes);
    gold_make(t, example);
    names_hide(t);
    struct tag_run run = {.text = &t->text};
    for (run.begin = 0; run.begin < t->text.token_count; run.begin = run.end) {
        run.end = run.begin + 1;
        while (run.end < t->text.token_count && !t->text.tokens[run.end].begins)
            run.end++;
        loss += sequence_learn(t, &run);
    }
    return loss;
}

/* Another order each time (Fisher and Yates). */
static void shuffle(struct trainer *t, size_t *list, size_t count) {
    for (size_t i = count; i > 1; i--) {
        size_t other = (size_t)(chance(t) * (float)i), kept = list[i - 1];
        list[i - 1] = list[other];
        list[other] = kept;
    }
}

static void learn(struct trainer *t) {
    const struct tag_train_order *order = t->order;
    size_t *turn = mem_new((order->example_count + 1) * sizeof *turn);
    for (size_t i = 0; i < order->example_count; i++)
        turn[i] = i;
    for (int epoch = 0; epoch < order->epochs; epoch++) {
        double loss = 0;
        size_t tokens = 0;
        t->rate = order->rate * (1.0f - 0.8f * (float)epoch / (float)order->epochs);
        shuffle(t, turn, order->example_count);
        for (size_t i = 0; i < order->example_count; i++) {
            loss += example_learn(t, &order->examples[turn[i]]);
            tokens += t->text.token_count;
            tag_text_drop(&t->text); /* with the copies that name_hide made */
        }
        if (order->told)
            order->told(order->state, epoch + 1, tokens ? loss / (double)tokens : 0);
    }
    free(turn);
}

/* ---- the file */

static void model_put(struct trainer *t, struct buf *out) {
    size_t count = (size_t)t->order->row_count * TAG_LABELS;
    const float *weights = &t->weights[0][0];
    int8_t *rows = mem_new(count);
    float most = 1e-6f;
    for (size_t i = 0; i < count; i++)
        most = fabsf(weights[i]) > most ? fabsf(weights[i]) : most;
    float scale = most / 127;
    for (size_t i = 0; i < count; i++)
        rows[i] = (int8_t)lrintf(weights[i] / scale);
    struct tag_model model = t->words;
    model.rows = rows;
    model.row_mask = t->order->row_count - 1;
    model.scale = scale;
    memcpy(model.follow, t->follow, sizeof model.follow);
    memcpy(model.begin, t->begin, sizeof model.begin);
    tag_model_write(&model, out);
    free(rows);
}

int tag_train(const struct tag_train_order *order, struct buf *out) {
    struct trainer *t = mem_new(sizeof *t);
    t->order = order;
    t->random = 88172645463325252ull;
    t->weights = mem_new(order->row_count * sizeof *t->weights);
    t->squares = mem_new(order->row_count * sizeof *t->squares);
    int err = words_make(t);
    if (!err) {
        learn(t);
        model_put(t, out);
    }
    free((void *)(uintptr_t)t->words.words);
    free((void *)(uintptr_t)t->words.traits);
    free(t->weights);
    free(t->squares);
    free(t->gold);
    tag_text_drop(&t->text);
    mem_free(&t);
    return err;
}
