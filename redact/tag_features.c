#include "redact/tag_features.h"

static const struct tag_type nothing = {.word = 99, .shape = 9999, .form = TAG_FORM_SIGN};

static const struct tag_type *type_at(const struct tag_run *run, size_t token, long step) {
    long at = (long)token + step;
    if (at < (long)run->begin || at >= (long)run->end)
        return &nothing;
    return &run->text->types[run->text->tokens[at].type];
}

struct tag_window tag_window_at(const struct tag_run *run, size_t token) {
    return (struct tag_window){.before3 = type_at(run, token, -3),
                               .before2 = type_at(run, token, -2),
                               .before = type_at(run, token, -1),
                               .self = type_at(run, token, 0),
                               .after = type_at(run, token, 1),
                               .after2 = type_at(run, token, 2)};
}

static uint32_t traits_form(const struct tag_type *t) {
    return t->traits * 8 + t->form;
}

size_t tag_features_pairs(const struct tag_run *run, size_t token, bool with_word, uint32_t out[TAG_PAIRS_MOST]) {
    const struct tag_window w = tag_window_at(run, token);
    const struct tag_token *here = &run->text->tokens[token];
    const struct tag_type *m = w.before, *t = w.self, *p = w.after;
    bool line_after = token + 1 >= run->end || here[1].lines;
    uint32_t title = (m->traits | w.before2->traits | w.before3->traits) & TAG_WORD_TITLE;
    size_t n = 0;
    if (with_word) {
        out[n++] = tag_feature2(7, m->word, t->word);
        out[n++] = tag_feature2(8, t->word, p->word);
    }
    out[n++] = tag_feature2(9, m->word, p->word);
    out[n++] = tag_feature2(45, w.before2->word, m->word);
    out[n++] = tag_feature2(46, p->word, w.after2->word);
    out[n++] = tag_feature2(11, m->shape, t->shape);
    out[n++] = tag_feature2(12, t->shape, p->shape);
    out[n++] = tag_feature2(13, m->shape * 7 + p->shape, t->shape);
    out[n++] = tag_feature2(47, w.before2->shape * 31 + m->shape, t->shape);
    out[n++] = tag_feature2(48, w.after2->shape * 31 + p->shape, t->shape);
    out[n++] = tag_feature2(28, m->traits, t->traits);
    out[n++] = tag_feature2(29, t->traits, p->traits);
    out[n++] = tag_feature2(31, m->traits * 1024 + p->traits, t->traits);
    out[n++] = tag_feature2(34, m->word, t->traits);
    out[n++] = tag_feature2(50, p->word, t->traits);
    out[n++] = tag_feature2(51, traits_form(m), traits_form(t));
    out[n++] = tag_feature2(52, traits_form(p), traits_form(t));
    out[n++] = tag_feature2(38, title, t->form);
    out[n++] = tag_feature2(32, m->word, t->shape);
    out[n++] = tag_feature2(33, p->word, t->shape);
    out[n++] = tag_feature2(53, w.before2->word, t->shape);
    out[n++] = tag_feature2(35, here->seen, t->form);
    out[n++] = tag_feature2(36, here->lines * 4u + (token == run->begin) * 2u + line_after, t->form);
    return n;
}

size_t tag_features_all(const struct tag_run *run, size_t token, bool with_word, uint32_t out[TAG_FEATURES_MOST]) {
    const struct tag_window w = tag_window_at(run, token);
    const struct tag_type *const beside[TAG_SLOTS - 1] = {w.before, w.after, w.before2, w.after2};
    size_t n = tag_features_pairs(run, token, with_word, out);
    for (size_t i = 0; i < w.self->self_count; i++)
        if (with_word || i >= w.self->word_count)
            out[n++] = w.self->self[i];
    for (size_t side = 0; side < TAG_SLOTS - 1; side++)
        for (size_t k = 0; k < TAG_BESIDE_MOST; k++)
            if (beside[side]->beside[side][k])
                out[n++] = beside[side]->beside[side][k];
    return n;
}
