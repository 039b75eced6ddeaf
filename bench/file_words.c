/* Files documents given as plain text, for measuring: file_words REGISTER.CSV PEOPLE.CSV < TEXTS
 * Each document begins with a line that is the byte 0x1E and a name; a form feed ends a page. Writes a line
 * for each: name, outcome, microseconds, chosen council ids joined by commas, then each candidate as "council
 * id:weight:veto". With a third argument "-v" its parts follow, one a line. */
#include "base/buf.h"
#include "base/file.h"
#include "filing/matcher.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static double seconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static struct people *people_load(const char *register_path, const char *people_path) {
    struct buf a = {0}, b = {0};
    struct people *people = NULL;
    char *where = NULL;
    if (file_read(register_path, (size_t)1 << 30, &a) || file_read(people_path, (size_t)2 << 30, &b)) {
        fprintf(stderr, "cannot read the register\n");
        exit(1);
    }
    if (people_from_csv(buf_text(&a), buf_text(&b), &people, &where)) {
        fprintf(stderr, "%s\n", where);
        exit(1);
    }
    buf_drop(&a);
    buf_drop(&b);
    return people;
}

/* One page of text into words: a line feed ends a line, spaces end words. */
static void page_add(struct document_words *document, char *text) {
    document->pages = realloc(document->pages, (document->page_count + 1) * sizeof *document->pages);
    if (!document->pages)
        abort();
    struct document_page *page = &document->pages[document->page_count++];
    *page = (struct document_page){.number = (uint32_t)document->page_count};
    uint32_t number = 0;
    char *save_line = NULL;
    for (char *line = strtok_r(text, "\n", &save_line); line;
         line = strtok_r(NULL, "\n", &save_line), number++) {
        char *save = NULL;
        for (char *word = strtok_r(line, " \t\r", &save); word; word = strtok_r(NULL, " \t\r", &save))
            words_add(&page->words, (struct box){0}, number, number, 100, word);
    }
}

static const char *council_id(const struct people *people, int64_t id) {
    const struct child *child = people_child(people, id);
    return child ? child->council_id : "?";
}

static void result_print(const struct people *people, const struct filing_result *r, bool verbose) {
    const char *between = "";
    for (size_t i = 0; i < r->candidate_count; i++)
        if (r->candidates[i].chosen) {
            printf("%s%s", between, council_id(people, r->candidates[i].child_id));
            between = ",";
        }
    for (size_t i = 0; i < r->candidate_count; i++)
        printf("\t%s:%.1f:%s", council_id(people, r->candidates[i].child_id), (double)r->candidates[i].weight,
               r->candidates[i].veto);
    putchar('\n');
    for (size_t i = 0; verbose && i < r->candidate_count; i++)
        for (size_t j = 0; j < r->candidates[i].part_count; j++)
            printf("    %s  %+5.1f  %s: %s\n", council_id(people, r->candidates[i].child_id),
                   (double)r->candidates[i].parts[j].weight, r->candidates[i].parts[j].name,
                   r->candidates[i].parts[j].found);
}

static void document_file(const struct people *people, const struct matcher *matcher, char *text,
                          bool verbose) {
    struct document_words document = {0};
    struct filing_result result;
    char *body = strchr(text, '\n');
    if (!body)
        return;
    *body++ = 0;
    while (body) {
        char *end = strchr(body, '\f');
        if (end)
            *end++ = 0;
        page_add(&document, body);
        body = end;
    }
    double begin = seconds();
    matcher_decide(matcher, &document, &result);
    printf("%s\t%s\t%.0f\t", text, filing_outcome_text(result.outcome), (seconds() - begin) * 1e6);
    result_print(people, &result, verbose);
    filing_result_drop(&result);
    document_words_drop(&document);
}

int main(int argc, char **argv) {
    if (argc < 3)
        return 2;
    struct buf in = {0};
    struct people *people = people_load(argv[1], argv[2]);
    double begin = seconds();
    struct linkage linkage;
    struct nicknames *nicknames = NULL;
    if (linkage_load("config", &linkage) || nicknames_load("config", &nicknames))
        return 1;
    struct matcher *matcher = matcher_new(people, &(struct matcher_order){{0.999f, 0.5f, 10, "adopted adoptive adoption restricted"}, &linkage, nicknames});
    fprintf(stderr, "%zu children, %zu links: index in %.2f s\n", people->child_count, people->person_count,
            seconds() - begin);
    if (file_read_fd(STDIN_FILENO, (size_t)1 << 30, &in))
        return 1;
    buf_add_byte(&in, 0);
    char *at = strchr((char *)in.data, 0x1E);
    while (at) {
        char *next = strchr(at + 1, 0x1E);
        if (next)
            *next = 0;
        document_file(people, matcher, at + 1, argc > 3);
        at = next;
    }
    buf_drop(&in);
    matcher_drop(&matcher);
    nicknames_drop(&nicknames);
    people_drop(&people);
    return 0;
}
