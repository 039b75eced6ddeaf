/* Any bytes as a register's extract: children, and behind a line of its own ("---") people; then what documents say of them. */

#include "base/clock.h"
#include "filing/matcher.h"
#include "store/people_csv.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds) {
    if (!holds)
        abort();
}

static void people_check(const struct people *people) {
    for (size_t i = 0; i < people->child_count; i++) {
        const struct child *child = &people->children[i];
        check(child->id == (int64_t)i + 1 && *child->council_id && (*child->forenames || *child->surname));
        check(!*child->nhs_number || strlen(child->nhs_number) == 10);
        check(people_child(people, child->id) == child);
    }
    for (size_t i = 0; i < people->person_count; i++)
        check(people_child(people, people->persons[i].child_id) && (!i || people->persons[i].child_id >= people->persons[i - 1].child_id));
}

/* A document that holds the register's own words. */
static void people_match(const struct people *people, const char *text) {
    static struct linkage linkage;
    if (!(linkage.m[0] > 0) && linkage_load("config", &linkage))
        abort();
    struct matcher *matcher = matcher_new(people, &(struct matcher_order){{0.999f, 0.5f, 10, "adopted"}, &linkage, NULL});
    struct document_words words = {.pages = calloc(1, sizeof *words.pages), .page_count = 1};
    struct filing_result result;
    char *copy = strdup(text), *save = NULL;
    uint32_t line = 0;
    for (char *word = strtok_r(copy, ", \n", &save); word && words.pages[0].words.count < 2000; word = strtok_r(NULL, ", \n", &save))
        words_add(&words.pages[0].words, (struct box){0}, line++ / 8, 0, 90, word);
    matcher_decide(matcher, &words, &result);
    for (size_t i = 0; i < result.candidate_count; i++)
        check(people_child(people, result.candidates[i].child_id) && result.candidates[i].probability >= 0 && result.candidates[i].probability <= 1);
    filing_result_drop(&result);
    document_words_drop(&words);
    matcher_drop(&matcher);
    free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *text = strndup((const char *)data, size), *line = strstr(text, "\n---\n");
    struct people_csv_order order = {text, line ? line + 5 : NULL, NULL, date_from(2025, 3, 31)};
    struct csv_report report;
    struct people *people = NULL;
    if (line)
        line[1] = 0;
    int err = people_csv_read(&order, &people, &report);
    check((err == 0) == (people != NULL) && (err == 0) == (report.fatal == NULL));
    if (people) {
        check(people->child_count + report.rejected[REGISTER_CHILDREN] == report.rows[REGISTER_CHILDREN]);
        check(people->person_count + report.rejected[REGISTER_PEOPLE] == report.rows[REGISTER_PEOPLE]);
        people_check(people);
        if (people->child_count && people->child_count < 200)
            people_match(people, text);
    }
    people_drop(&people);
    csv_report_drop(&report);
    free(text);
    return 0;
}
