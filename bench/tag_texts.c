/* The tagger alone over marked texts, for measuring: tag_texts MODEL BIAS [TIMES] < TEXTS.jsonl > SPANS.jsonl
 * A line out: {"id", "spans": [{"start", "end", "type", "confidence"}]}, offsets in bytes. Speed on standard error. */
#include "base/buf.h"
#include "redact/tagger.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double seconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static json_t *spans_json(const struct tag_span *spans, size_t count) {
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, json_pack("{s:i,s:i,s:s,s:i}", "start", (int)spans[i].begin, "end", (int)spans[i].end, "type",
                                              tag_kind_text(spans[i].kind), "confidence", (int)spans[i].confidence));
    return list;
}

int main(int argc, char **argv) {
    struct tag_model *model = NULL;
    if (argc < 3 || tag_model_open(argv[1], &model))
        return 2;
    float bias = strtof(argv[2], NULL);
    struct tagger *tagger = tagger_new(&(struct tagger_order){model, bias, bias});
    int times = argc > 3 ? atoi(argv[3]) : 1;
    char *line = NULL;
    size_t room = 0, bytes = 0;
    double spent = 0;
    while (getline(&line, &room, stdin) > 0) {
        json_t *json = json_loads(line, 0, NULL);
        const char *text = json_string_value(json_object_get(json, "text"));
        const struct tag_span *spans = NULL;
        size_t count = 0;
        double begin = seconds();
        for (int i = 0; i < times; i++)
            count = tagger_find(tagger, text, strlen(text), &spans);
        spent += seconds() - begin;
        bytes += strlen(text) * (size_t)times;
        json_t *out = json_pack("{s:O,s:o}", "id", json_object_get(json, "id"), "spans", spans_json(spans, count));
        json_dumpf(out, stdout, JSON_COMPACT);
        putchar('\n');
        json_decref(out);
        json_decref(json);
    }
    fprintf(stderr, "%.2f MB in %.2f s: %.2f MB/s\n", (double)bytes / 1e6, spent, (double)bytes / 1e6 / spent);
    free(line);
    tagger_drop(&tagger);
    tag_model_drop(&model);
    return 0;
}
