/* The finder over documents given as words, for measuring:
 *
 *   find_words REGISTER.csv PEOPLE.csv RULES-FOLDER [FLAG-BIAS LOOK-BIAS] < documents.jsonl > flags.jsonl
 *
 * With the two biases (redact/tagger.h) the statistical model looks for unknown people, too.
 * A line in: {"id": "...", "child": "council id", "pages": [[["word", line], ...], ...]}
 * A line out: {"id": "...", "flags": [{"page": 0, "first": 3, "last": 4, "type": "PERSON", ...}]}
 * The last line on standard error tells the speed. */
#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "redact/find.h"
#include "store/people_csv.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void words_read(json_t *list, struct words *ret) {
    for (size_t i = 0; i < json_array_size(list); i++) {
        json_t *pair = json_array_get(list, i);
        const char *text = json_string_value(json_array_get(pair, 0));
        if (text && *text)
            words_add(ret, (struct box){0, 0, 1, 1}, (uint32_t)json_integer_value(json_array_get(pair, 1)), (uint32_t)json_integer_value(json_array_get(pair, 2)),
                      100, text);
    }
}

static void document_read(json_t *pages, struct document_words *ret) {
    ret->page_count = json_array_size(pages);
    ret->pages = calloc(ret->page_count + 1, sizeof *ret->pages);
    for (size_t i = 0; i < ret->page_count; i++) {
        ret->pages[i].number = (uint32_t)i + 1;
        words_read(json_array_get(pages, i), &ret->pages[i].words);
    }
}

static json_t *flags_write(const struct flags *flags) {
    json_t *list = json_array();
    for (size_t i = 0; i < flags->count; i++) {
        const struct flag *f = &flags->list[i];
        json_array_append_new(list, json_pack("{s:i,s:i,s:i,s:s,s:s,s:s,s:s,s:i,s:b,s:i,s:s,s:s,s:s}", "page",
                                              (int)f->page - 1, "first", (int)f->runs[0].first, "last",
                                              (int)f->runs[0].last, "type", flag_type_text(f->type), "role",
                                              role_text(f->role), "code", f->code, "person", f->person_id,
                                              "cover", f->cover, "look", f->look, "confidence", (int)f->confidence, "text",
                                              f->text, "why", f->why, "finder", f->finder));
    }
    return list;
}

struct speed {
    size_t words;
    int64_t spent_ms, made_ms;
};

struct order {
    const struct people *people;
    const struct rules *rules;
    struct finder_aids aids;
};

static void document_find(const struct order *order, struct finder **finder, json_t *in, struct speed *speed) {
    const struct people *people = order->people;
    struct document_words document;
    document_read(json_object_get(in, "pages"), &document);
    const char *council_id = json_string_value(json_object_get(in, "child"));
    const struct child *child = council_id ? people_child_of_council_id(people, council_id) : NULL;
    int64_t began = clock_steady();
    if (*finder)
        finder_turn(*finder, child ? child->id : 0);
    else {
        *finder = finder_new(people, order->rules, child ? child->id : 0);
        finder_equip(*finder, &order->aids);
    }
    int64_t made = clock_steady();
    struct flags flags;
    /* One document is read in a moment: many times over, for a clock of milliseconds. */
    int times = getenv("FIND_TIMES") ? atoi(getenv("FIND_TIMES")) : 1;
    for (int i = 0; i < times; i++) {
        finder_find(*finder, &document, &flags);
        if (i + 1 < times)
            flags_drop(&flags);
    }
    speed->spent_ms += clock_steady() - made;
    speed->made_ms += made - began;
    for (size_t i = 0; i < document.page_count; i++)
        speed->words += document.pages[i].words.count * (size_t)times;
    json_t *out = json_pack("{s:O,s:o}", "id", json_object_get(in, "id"), "flags", flags_write(&flags));
    json_dumpf(out, stdout, JSON_COMPACT);
    putchar('\n');
    json_decref(out);
    flags_drop(&flags);
    document_words_drop(&document);
}

static int people_read(char **paths, struct people **ret, char **ret_where) {
    struct buf reg = {0}, linked = {0};
    int err = file_read(paths[0], 1u << 30, &reg);
    if (!err)
        err = file_read(paths[1], 1u << 30, &linked);
    struct csv_report report = {0};
    const struct people_csv_order order = {.children = buf_text(&reg), .people = buf_text(&linked), .today = date_today()};
    if (!err)
        err = people_csv_read(&order, ret, &report); /* a row with a fault counts as far as it can be read */
    *ret_where = report.fatal ? mem_text(report.fatal) : NULL;
    csv_report_drop(&report);
    buf_drop(&reg);
    buf_drop(&linked);
    return err;
}

int main(int argc, char **argv) {
    struct people *people = NULL;
    struct rules *rules = NULL;
    struct finder *finder = NULL;
    char *where = NULL;
    if ((argc != 4 && argc != 6) || people_read(argv + 1, &people, &where) || rules_load(argv[3], &rules)) {
        fprintf(stderr, "usage: find_words REGISTER.csv PEOPLE.csv RULES-FOLDER [FLAG-BIAS LOOK-BIAS] (%s)\n", where ? where : "");
        return 2;
    }
    struct tag_model *model = NULL;
    char model_path[4096];
    snprintf(model_path, sizeof model_path, "%s/strangers.model", argv[3]);
    if (argc == 6 && tag_model_open(model_path, &model))
        return 2;
    struct order order = {people, rules, {.model = model}};
    struct fact_lists *facts = NULL;
    struct name_lists *lists = NULL;
    if (argc == 6 && (fact_lists_load(argv[3], &facts) || name_lists_load(argv[3], &lists)))
        return 2;
    if (argc == 6)
        order.aids = (struct finder_aids){model, strtof(argv[4], NULL), strtof(argv[5], NULL), facts, lists, NULL, false};
    char *line = NULL;
    size_t room = 0;
    struct speed speed = {0};
    while (getline(&line, &room, stdin) > 0) {
        json_t *in = json_loads(line, 0, NULL);
        if (in)
            document_find(&order, &finder, in, &speed);
        json_decref(in);
    }
    fprintf(stderr, "%zu words in %lld ms, %lld ms for the cases\n", speed.words, (long long)speed.spent_ms,
            (long long)speed.made_ms);
    free(line);
    finder_drop(&finder);
    fact_lists_drop(&facts);
    name_lists_drop(&lists);
    tag_model_drop(&model);
    rules_drop(&rules);
    people_drop(&people);
    return 0;
}
