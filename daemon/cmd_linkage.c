/* cmd_linkage.c: the weights of evidence, as they are and as what has been filed says that they should be. */
#include "base/err.h"
#include "base/mem.h"
#include "daemon/command.h"
#include "daemon/program.h"
#include "filing/filing_rows.h"
#include "filing/matcher.h"
#include "store/page_rows.h"
#include "store/people_rows.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DOCUMENTS_USUAL = 2000, DOCUMENTS_MOST = 100000, RANDOM_EACH = 100, COMPARED_MOST = 40 /* candidates of a document */ };

static int usage(void) {
    fputs("usage: casefile linkage show\n"
          "       casefile linkage estimate [--sample N] [-o FILE]\n\n"
          "show prints how much each piece of evidence counts (linkage.conf in the rules folder).\n"
          "estimate measures it on documents that have been filed, at random, the most recent decision of each: what people have said is sure, the\n"
          "rest follows by expectation-maximisation; chance is measured on children taken at random. FILE becomes a linkage.conf to look at, to\n"
          "try with 'bench/filing', and to put into the rules folder.\n\n"
          "  --sample N   of so many documents (2000)\n"
          "  -o FILE      where it is written (the default: a table on standard output)\n", stderr);
    return EXIT_USAGE;
}

/* What is gathered while documents are gone through. */
struct gathered {
    struct command_context *context;
    struct matcher *matcher;
    const struct people *people;
    struct comparison *list;
    uint32_t *random;
    size_t count, random_count;
    uint32_t documents;
};

/* Whom it is filed to. */
enum { CHOSEN_MOST = 50 };
struct chosen {
    int64_t list[CHOSEN_MOST];
    size_t count;
};

static int chosen_load(struct store *store, int64_t document_id, struct chosen *ret) {
    struct rows *rows = db_query(store->db,
                                 "SELECT c.child_id FROM filing f JOIN filing_child c ON c.filing_id = f.id AND c.chosen WHERE f.document_id = ? AND"
                                 " f.superseded_by IS NULL", "i", document_id);
    for (ret->count = 0; rows_next(rows) > 0 && ret->count < CHOSEN_MOST;)
        ret->list[ret->count++] = rows_int(rows, 0);
    return rows_end(&rows);
}

static int is_chosen(const struct chosen *chosen, int64_t child_id) {
    for (size_t i = 0; i < chosen->count; i++)
        if (chosen->list[i] == child_id)
            return 1;
    return 0;
}

/* by_person: what stands is a person's decision, and so sure. */
static void candidates_take(struct gathered *g, const struct chosen *chosen, int by_person, const struct document_words *words) {
    struct comparison *list;
    int64_t *ids;
    size_t count = matcher_compare(g->matcher, words, NULL, 0, &list, &ids);
    if (count && count <= COMPARED_MOST) {
        g->list = mem_grow(g->list, g->count + count, sizeof *g->list);
        for (size_t i = 0; i < count; i++) {
            list[i].document = g->documents;
            list[i].label = !by_person ? COMPARISON_OPEN : is_chosen(chosen, ids[i]) ? COMPARISON_MATCH : COMPARISON_OTHER;
            g->list[g->count++] = list[i];
        }
        g->documents++;
    }
    free(list);
    free(ids);
}

static void random_take(struct gathered *g, const struct chosen *chosen, const struct document_words *words) {
    uint32_t places[RANDOM_EACH];
    struct comparison *list;
    int64_t *ids;
    for (int i = 0; i < RANDOM_EACH; i++)
        places[i] = randombytes_uniform((uint32_t)g->people->child_count);
    size_t count = matcher_compare(g->matcher, words, places, RANDOM_EACH, &list, &ids);
    g->random = mem_grow(g->random, g->random_count + count, sizeof *g->random);
    for (size_t i = 0; i < count; i++)
        if (!is_chosen(chosen, ids[i]))
            g->random[g->random_count++] = list[i].levels;
    free(list);
    free(ids);
}

static int documents_take(struct gathered *g, int64_t sample) {
    struct progress progress = {.what = "comparing"};
    int64_t *documents = NULL, *persons = NULL;
    size_t count = 0;
    struct rows *rows = db_query(g->context->store->db,
                                 "SELECT document_id, " FILING_BY_PERSON("made_by") " FROM filing WHERE superseded_by IS NULL AND"
                                 " outcome IN ('filed', 'outside') ORDER BY random() LIMIT ?", "i", sample);
    while (rows_next(rows) > 0) {
        documents = mem_grow(documents, count + 1, sizeof *documents);
        persons = mem_grow(persons, count + 1, sizeof *persons);
        documents[count] = rows_int(rows, 0);
        persons[count++] = rows_int(rows, 1);
    }
    int err = rows_end(&rows);
    for (size_t i = 0; i < count && !err; i++) {
        struct document_words words;
        struct chosen chosen;
        err = chosen_load(g->context->store, documents[i], &chosen);
        if (!err)
            err = document_words_load(g->context->store, documents[i], &words);
        if (err)
            break;
        candidates_take(g, &chosen, (int)persons[i], &words);
        random_take(g, &chosen, &words);
        document_words_drop(&words);
        progress_show(&progress, (long long)i + 1, (long long)count, "documents");
    }
    progress_end(&progress);
    free(documents);
    free(persons);
    return err;
}

static void table_print(const struct linkage *was, const struct estimate *e) {
    printf("%-32s %9s %9s %7s   %9s %9s %7s   %s\n", "", "m", "u", "bits", "m", "u", "bits", "found");
    for (enum linkage_level i = 0; i < LINKAGE_LEVELS; i++) {
        printf("%-32s %9.3g %9.3g %+7.1f", linkage_level_text(i), (double)was->m[i], (double)was->u[i], (double)linkage_bits(was, i));
        if (e)
            printf("   %9.3g %9.3g %+7.1f   %.0f", (double)e->linkage.m[i], (double)e->linkage.u[i], (double)linkage_bits(&e->linkage, i), e->seen_m[i]);
        putchar('\n');
    }
}

static int estimate_write(const char *path, const struct linkage *linkage) {
    FILE *out = fopen(path, "wxe");
    if (!out)
        return command_failed(path, ERR_EXISTS);
    linkage_write(linkage, out);
    return fclose(out) ? command_failed(path, ERR_STATE) : EXIT_OK;
}

static int estimate_tell(const struct gathered *g, const struct linkage *was, const char *path) {
    struct estimate e;
    estimate_make(was, g->list, g->count, g->random, g->random_count, &e);
    printf("%u documents, of which %.0f are about one of their candidates; %zu pairs at random; settled after %d rounds\n\n", g->documents, e.matches, g->random_count,
           e.rounds);
    table_print(was, &e);
    int status = path ? estimate_write(path, &e.linkage) : EXIT_OK;
    if (path && !status)
        printf("\n%s written: it counts when it lies in the rules folder (rules.folder) and the daemon is started anew\n", path);
    return status;
}

static int linkage_estimate(struct command_context *context, const struct linkage *was, const struct nicknames *nicknames, int64_t sample, const char *path) {
    struct gathered g = {.context = context};
    struct people *people = NULL;
    int err = people_load(context->store, &people);
    if (!err && !people->child_count)
        err = ERR_NOT_FOUND;
    if (err) {
        people_drop(&people);
        return command_failed("there is no register yet", err);
    }
    g.people = people;
    g.matcher = matcher_new(people, &(struct matcher_order){filing_limits_of(context->settings), was, nicknames});
    err = documents_take(&g, sample);
    if (!err)
        err = audit_act(context, "read", "filed documents", "linkage estimated");
    int status = err ? command_failed("the documents cannot be compared", err) : estimate_tell(&g, was, path);
    matcher_drop(&g.matcher);
    people_drop(&people);
    free(g.list);
    free(g.random);
    return status;
}

int command_linkage(struct command_context *context, int argc, char **argv) {
    const char *sample = option_value(&argc, argv, "--sample"), *path = option_value(&argc, argv, "-o");
    int status = options_left(argc, argv);
    long count = sample ? strtol(sample, NULL, 10) : DOCUMENTS_USUAL;
    if (status)
        return status;
    if (argc != 2 || count < 1 || count > DOCUMENTS_MOST || (strcmp(argv[1], "show") != 0 && strcmp(argv[1], "estimate") != 0))
        return usage();
    struct linkage linkage;
    char *folder = program_rules_folder(context->settings);
    struct nicknames *nicknames = NULL;
    int err = linkage_load(folder, &linkage);
    if (!err)
        err = nicknames_load(folder, &nicknames);
    free(folder);
    if (err)
        return command_failed("the rules folder", err);
    if (strcmp(argv[1], "estimate") == 0)
        status = linkage_estimate(context, &linkage, nicknames, count, path);
    else
        table_print(&linkage, NULL);
    nicknames_drop(&nicknames);
    return status;
}
