#include "filing/document_facts.h"

#include "base/clock.h"
#include "base/mem.h"
#include "filing/date_form.h"
#include "filing/name_list.h"

#include <stdlib.h>
#include <string.h>

enum {
    HEAD_LINES = 16,
    HEAD_BITS = 4,  /* a phrase of the head, in the head; each more half of it */
    BODY_MOST = 3,  /* phrases of the body that count */
    KIND_LEAST = 4, /* to be one */
    LABEL_REACH = 4, /* words from the end of a label to its date: "Date and time of visit: Friday 19th January" */
    DATES_MOST = 64,
    WORDS_MOST = 20000,
};

/* The document's words as keys, in one row. */
struct row {
    char **keys;
    const char **texts;
    uint32_t *lines;
    size_t count;
};

static void row_take(const struct document_words *words, struct row *row) {
    uint32_t line = 0, last = UINT32_MAX;
    size_t all = 0;
    for (size_t p = 0; p < words->page_count; p++)
        all += words->pages[p].words.count;
    *row = (struct row){mem_new((all + 1) * sizeof *row->keys), mem_new((all + 1) * sizeof *row->texts), mem_new((all + 1) * sizeof *row->lines), 0};
    for (size_t p = 0; p < words->page_count; p++, last = UINT32_MAX)
        for (size_t i = 0; i < words->pages[p].words.count && row->count < WORDS_MOST; i++) {
            const struct word *word = &words->pages[p].words.list[i];
            line += word->line != last;
            last = word->line;
            char *key = name_key(word->text);
            if (!*key) {
                free(key);
                continue;
            }
            row->keys[row->count] = key;
            row->texts[row->count] = word->text;
            row->lines[row->count++] = line - 1;
        }
}

static void row_drop(struct row *row) {
    for (size_t i = 0; i < row->count; i++)
        free(row->keys[i]);
    free(row->keys);
    free(row->texts);
    free(row->lines);
}

/* How many words a phrase takes at that place; 0: it does not stand there. */
static size_t phrase_at(const struct row *row, size_t at, const char *phrase) {
    size_t taken = 0;
    while (*phrase) {
        size_t len = strcspn(phrase, " ");
        if (at + taken >= row->count || strlen(row->keys[at + taken]) != len || strncmp(row->keys[at + taken], phrase, len) != 0)
            return 0;
        taken++;
        phrase += len + (phrase[len] == ' ');
    }
    return taken;
}

static int phrases_count(const struct row *row, const struct phrases *phrases, uint32_t lines, int most) {
    int count = 0;
    for (size_t i = 0; i < phrases->count && count < most; i++)
        for (size_t at = 0; at < row->count && row->lines[at] < lines; at++)
            if (phrase_at(row, at, phrases->list[i])) {
                count++;
                break;
            }
    return count;
}

/* ---- kind */

static const struct kind *kind_of(const struct kinds *kinds, const struct row *row) {
    const struct kind *best = NULL;
    int most = 0, next = 0;
    for (size_t i = 0; i < kinds->count; i++) {
        const struct kind *kind = &kinds->list[i];
        int head = phrases_count(row, &kind->head, HEAD_LINES, BODY_MOST), body = phrases_count(row, &kind->body, UINT32_MAX, BODY_MOST);
        int score = (head ? HEAD_BITS + (head - 1) * HEAD_BITS / 2 : 0) + body;
        if (score > most) {
            next = most;
            most = score;
            best = kind;
        } else if (score > next)
            next = score;
    }
    return most >= KIND_LEAST && most > next ? best : NULL;
}

/* ---- dates */

struct place {
    size_t from, to; /* words; to: outside */
    int32_t day;
};

static size_t dates_find(const struct row *row, int32_t today, struct place *ret) {
    size_t count = 0;
    for (size_t at = 0; at < row->count && count < DATES_MOST; at++) {
        int32_t day;
        size_t taken = date_form_read(row->texts + at, row->count - at < 4 ? row->count - at : 4, &day);
        if (!taken)
            continue;
        if (day <= today)
            ret[count++] = (struct place){at, at + taken, day};
        at += taken - 1;
    }
    return count;
}

/* Whether one of the phrases ends shortly before the date, with no other date between. */
static bool is_labelled(const struct row *row, const struct place *date, size_t after, const struct phrases *labels) {
    for (size_t i = 0; i < labels->count; i++)
        for (size_t at = date->from > LABEL_REACH + 6 ? date->from - LABEL_REACH - 6 : 0; at < date->from; at++) {
            size_t taken = at >= after ? phrase_at(row, at, labels->list[i]) : 0;
            if (taken && at + taken <= date->from && date->from - (at + taken) <= LABEL_REACH)
                return true;
        }
    return false;
}

static void dates_judge(const struct kinds *kinds, const struct row *row, const struct place *dates, size_t count, struct document_facts *ret) {
    int32_t first = DATE_NONE;
    for (size_t i = 0; i < count; i++) {
        size_t after = i ? dates[i - 1].to : 0;
        bool early = row->lines[dates[i].from] < 2 * HEAD_LINES; /* later on other days are told of */
        if (early && is_labelled(row, &dates[i], after, &kinds->event)) {
            ret->event = ret->event == DATE_NONE ? dates[i].day : ret->event;
            continue;
        }
        if (is_labelled(row, &dates[i], after, &kinds->neither))
            continue;
        if (ret->written == DATE_NONE && is_labelled(row, &dates[i], after, &kinds->written))
            ret->written = dates[i].day;
        if (first == DATE_NONE && early)
            first = dates[i].day;
    }
    if (ret->event == DATE_NONE)
        ret->event = ret->written == DATE_NONE ? first : ret->written;
}

void document_facts_find(const struct kinds *kinds, const struct document_words *words, int32_t today, struct document_facts *ret) {
    struct row row;
    struct place dates[DATES_MOST];
    *ret = (struct document_facts){.event = DATE_NONE, .written = DATE_NONE};
    row_take(words, &row);
    ret->kind = kind_of(kinds, &row);
    dates_judge(kinds, &row, dates, dates_find(&row, today, dates), ret);
    row_drop(&row);
}
