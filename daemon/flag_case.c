#include "daemon/flag_case.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "daemon/command.h"
#include "store/csv_table.h"
#include "store/people_csv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define EXTRACT_BYTES ((size_t)2 << 30)
#define COMPLAINTS_SHOWN 5

static int extract_read(const char *path, struct buf *out) {
    int err = file_read(path, EXTRACT_BYTES, out);
    if (err)
        fprintf(stderr, "casefile flags: %s: %s\n", path, err_text(err));
    return err == ERR_NOT_FOUND ? EXIT_NO_INPUT : err ? EXIT_DATA : 0;
}

static char *register_beside(const char *people_path) {
    const char *slash = strrchr(people_path, '/');
    char *path = mem_print("%.*sregister.csv", slash ? (int)(slash + 1 - people_path) : 0, people_path);
    if (access(path, R_OK) == 0)
        return path;
    free(path);
    return NULL;
}

/* ---- without a register: children are numbers, and named where another child's row speaks of a sibling */

struct known_child {
    char *council_id, *forenames, *surname, *born, *sex;
};

struct known_children {
    struct known_child *list;
    size_t count, room;
};

static struct known_child *child_known(struct known_children *k, const char *council_id) {
    for (size_t i = 0; i < k->count; i++)
        if (strcmp(k->list[i].council_id, council_id) == 0)
            return &k->list[i];
    if (k->count == k->room) {
        k->room = k->room ? k->room * 2 : 64;
        k->list = mem_grow(k->list, k->room, sizeof *k->list);
    }
    k->list[k->count] = (struct known_child){.council_id = mem_text(council_id)};
    return &k->list[k->count++];
}

static void known_drop(struct known_children *k) {
    for (size_t i = 0; i < k->count; i++) {
        char *const texts[] = {k->list[i].council_id, k->list[i].forenames, k->list[i].surname, k->list[i].born, k->list[i].sex};
        for (size_t t = 0; t < sizeof texts / sizeof *texts; t++)
            free(texts[t]);
    }
    free(k->list);
}

static void row_know(struct known_children *k, const struct csv_table *t, const char *subject) {
    const char *of = csv_table_field(t, csv_table_column(t, "council_id"));
    const char *sibling = csv_table_field(t, csv_table_column(t, "sibling_council_id"));
    /* Other families' people are nobody's here; rows of siblings name the subject. */
    if (strcmp(of, subject) && strcmp(sibling, subject))
        return;
    if (*of)
        child_known(k, of);
    struct known_child *child = *sibling ? child_known(k, sibling) : NULL;
    if (!child || child->forenames)
        return;
    child->forenames = mem_text(csv_table_field(t, csv_table_column(t, "forenames")));
    child->surname = mem_text(csv_table_field(t, csv_table_column(t, "surname")));
    child->born = mem_text(csv_table_field(t, csv_table_column(t, "date_of_birth")));
    child->sex = mem_text(csv_table_field(t, csv_table_column(t, "sex")));
}

static void field_put(struct buf *out, const char *text) {
    buf_add_byte(out, '"');
    for (; text && *text; text++) {
        if (*text == '"')
            buf_add_byte(out, '"');
        buf_add_byte(out, (uint8_t)*text);
    }
    buf_add_text(out, "\",");
}

/* A name that no word of a page can be: of a child whom only the number tells. */
#define NO_NAME "-"

static void register_of_people(const char *people, const char *subject, struct buf *out) {
    struct csv_table table;
    struct known_children known = {0};
    child_known(&known, subject);
    if (csv_table_open(&table, people) == 0)
        while (csv_table_row(&table) == 1)
            row_know(&known, &table, subject);
    csv_table_drop(&table);
    buf_add_text(out, "council_id,forenames,surname,date_of_birth,sex,\n");
    for (size_t i = 0; i < known.count; i++) {
        const struct known_child *c = &known.list[i];
        field_put(out, c->council_id);
        field_put(out, c->forenames && *c->forenames ? c->forenames : NO_NAME);
        field_put(out, c->surname && *c->surname ? c->surname : NO_NAME);
        field_put(out, c->born);
        field_put(out, c->sex);
        buf_add_byte(out, '\n');
    }
    if (!known.list[0].forenames)
        fputs("casefile flags: without a register of children (--register) the subject's own name is not known\n", stderr);
    known_drop(&known);
}

static const char *file_name(const struct flag_case_order *order, enum register_file file) {
    return file == REGISTER_PEOPLE ? order->people_path : "the register";
}

static void complaints_print(const struct flag_case_order *order, const struct csv_report *report) {
    for (size_t i = 0; i < report->count && i < COMPLAINTS_SHOWN; i++)
        fprintf(stderr, "casefile flags: %s, line %zu: %s%s\n", file_name(order, report->list[i].file), report->list[i].line, report->list[i].what,
                report->list[i].rejected ? "; the line is left out" : "");
    if (report->count > COMPLAINTS_SHOWN)
        fprintf(stderr, "casefile flags: ... and %zu more such lines\n", report->count - COMPLAINTS_SHOWN);
}

/* Without a register most links are other families', whose children are not there: that is no fault of theirs. */
static int people_read(const struct flag_case_order *order, struct buf extracts[2], bool registered, struct flag_case *ret) {
    struct csv_report report = {0};
    struct people_csv_order csv = {.children = buf_text(&extracts[0]), .people = order->people_path ? buf_text(&extracts[1]) : NULL, .today = date_today()};
    int err = people_csv_read(&csv, &ret->people, &report);
    if (err)
        fprintf(stderr, "casefile flags: %s: %s\n", file_name(order, report.fatal_file), report.fatal ? report.fatal : err_text(err));
    if (registered)
        complaints_print(order, &report);
    csv_report_drop(&report);
    const struct child *subject = err ? NULL : people_child_of_council_id(ret->people, order->subject);
    if (!err && !subject) {
        fprintf(stderr, "casefile flags: no child of the register has the number '%s'\n", order->subject);
        return EXIT_DATA;
    }
    ret->subject_id = subject ? subject->id : 0;
    return err ? EXIT_DATA : 0;
}

int flag_case_load(const struct flag_case_order *order, struct flag_case *ret) {
    *ret = (struct flag_case){0};
    if (!order->people_path && !order->register_path) {
        ret->people = people_new();
        if (order->subject)
            fputs("casefile flags: --subject needs --people (and --register): the extracts that say who is who\n", stderr);
        return order->subject ? EXIT_USAGE : 0;
    }
    if (!order->subject) {
        fputs("casefile flags: whose record is it? Name the child with --subject COUNCIL-ID\n", stderr);
        return EXIT_USAGE;
    }
    struct buf extracts[2] = {{0}, {0}}; /* children, people */
    char *beside = order->register_path ? NULL : register_beside(order->people_path);
    const char *path = order->register_path ? order->register_path : beside;
    int status = path ? extract_read(path, &extracts[0]) : 0;
    if (!status && order->people_path)
        status = extract_read(order->people_path, &extracts[1]);
    if (!status && !path)
        register_of_people(buf_text(&extracts[1]), order->subject, &extracts[0]);
    if (!status)
        status = people_read(order, extracts, path != NULL, ret);
    buf_wipe(&extracts[0]);
    buf_wipe(&extracts[1]);
    free(beside);
    if (!ret->people)
        ret->people = people_new();
    return status;
}
