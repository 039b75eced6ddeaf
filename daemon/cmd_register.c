/* cmd_register.c: the register of children and the people linked to them: brought in, brought up to date, looked at. */
#include "base/clock.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "config/register_map.h"
#include "daemon/command.h"
#include "daemon/program.h"
#include "queue/next.h"
#include "store/alias_rows.h"
#include "store/audit.h"
#include "store/people_csv.h"
#include "store/people_rows.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    EXTRACT_BYTES_MOST = 1u << 30,
    COMPLAINTS_SHOWN = 10,
    REJECTED_MOST = 10, /* one row in so many: more is the wrong file, or the wrong map */
};

static int usage(void) {
    fputs("usage: casefile register import CHILDREN.csv [PEOPLE.csv] [OPTION ...]\n"
          "       casefile register show COUNCIL-ID\n"
          "       casefile register aliases [take N | refuse N]\n"
          "       casefile register map lcs|sui\n\n"
          "import brings the register up to date with an extract: children that are new, that have changed, that are not in it any more (they\n"
          "stay, marked as left). Names and addresses that change go on to be known. Rows that are wrong are left out and told.\n\n"
          "  --map FILE      what the extract calls its columns; 'lcs' and 'sui' are maps that come with casefile\n"
          "  --dry-run       only tell what would change\n"
          "  --partial       the extract holds some of the children only: nobody has left\n"
          "  --rejects FILE  where the report of wrong rows is written (line, column, what is wrong; it names nobody)\n"
          "  --anyway        take it in although more than one row in ten is wrong\n\n"
          "aliases are other names of children, proposed when a person files a document that uses one; taken, they lead to the child from then on.\n"
          "map prints a map, to copy and change for the extract of your own system.\n", stderr);
    return EXIT_USAGE;
}

/* ---- maps */

static char *map_path(const struct command_context *context, const char *name) {
    if (strcmp(name, "lcs") != 0 && strcmp(name, "sui") != 0)
        return mem_text(name);
    char *folder = program_rules_folder(context->settings), *path = mem_print("%s/register-%s.conf", folder, name);
    free(folder);
    return path;
}

static int map_print(const struct command_context *context, const char *name) {
    struct buf text = {0};
    char *path = map_path(context, name);
    int err = file_read(path, EXTRACT_BYTES_MOST, &text);
    if (!err)
        fputs(buf_text(&text), stdout);
    int status = err ? command_failed(path, err) : EXIT_OK;
    buf_drop(&text);
    free(path);
    return status;
}

/* ---- import */

struct import {
    struct command_context *context;
    const char *children, *people, *map, *rejects; /* paths; NULL: none */
    bool dry, partial, anyway;
};

static const char *file_text(enum register_file file) {
    return file == REGISTER_CHILDREN ? "children" : "people";
}

static void complaint_print(FILE *out, const struct csv_complaint *c) {
    fprintf(out, "  %s, line %zu: %s %s\n", file_text(c->file), c->line, register_column_text(c->column), c->what);
}

static int rejects_write(const char *path, const struct csv_report *report) {
    FILE *out = fopen(path, "we");
    if (!out)
        return command_failed(path, err_from_errno(errno));
    fputs("file,line,column,row,what\n", out);
    for (size_t i = 0; i < report->count; i++) {
        const struct csv_complaint *c = &report->list[i];
        fprintf(out, "%s,%zu,%s,%s,\"%s\"\n", file_text(c->file), c->line, register_column_text(c->column), c->rejected ? "left out" : "taken", c->what);
    }
    return fclose(out) ? command_failed(path, err_from_errno(errno)) : EXIT_OK;
}

/* What was wrong, in short; in full where --rejects says. */
static int report_tell(const struct import *import, const struct csv_report *report) {
    if (!report->count)
        return EXIT_OK;
    fprintf(stderr, "casefile: %zu rows of children and %zu of people were left out; %zu complaints in all:\n", report->rejected[REGISTER_CHILDREN],
            report->rejected[REGISTER_PEOPLE], report->count);
    for (size_t i = 0; i < report->count && i < COMPLAINTS_SHOWN; i++)
        complaint_print(stderr, &report->list[i]);
    if (import->rejects)
        return rejects_write(import->rejects, report);
    if (report->count > COMPLAINTS_SHOWN)
        fputs("  ... (--rejects FILE writes down all of them)\n", stderr);
    return EXIT_OK;
}

static bool report_is_poor(const struct csv_report *report) {
    for (int file = REGISTER_CHILDREN; file <= REGISTER_PEOPLE; file++)
        if (report->rejected[file] * REJECTED_MOST > report->rows[file])
            return true;
    return false;
}

static void import_progress(void *state, size_t done, size_t all) {
    if (done == all || done % 256 == 0)
        progress_show(state, (long long)done, (long long)all, "children");
}

/* Other people, other flags: what was flagged for these children is looked at again. */
static int import_flag_anew(struct store *store, const struct register_change *change, int64_t *ret_documents) {
    int err = 0;
    for (int64_t i = 0; i < change->changed && !err; i++)
        err = next_after_people_changed(store, change->changed_ids[i], ret_documents);
    return err;
}

static int import_save(const struct import *import, const struct people *people) {
    struct store *store = import->context->store;
    struct register_change change = {0};
    struct progress progress = {.what = import->dry ? "comparing" : "taking in"};
    struct people_save_order order = {.with_people = import->people, .partial = import->partial, .progress = import_progress, .state = &progress};
    int err = db_begin(store->db);
    if (err)
        return command_failed("the register was not taken in", err);
    int64_t documents = 0;
    err = people_save(store, people, &order, &change);
    if (!err)
        err = import_flag_anew(store, &change, &documents);
    free(change.changed_ids);
    progress_end(&progress);
    struct audit_entry entry = {import->context->who, "register imported", "register", "command", ""};
    if (!err && !import->dry)
        err = audit_add(store, &entry, NULL);
    int end = db_end(store->db, err ? err : import->dry ? ERR_STATE : 0);
    if (err || (end && !import->dry))
        return command_failed("the register was not taken in", err ? err : end);
    printf("%sregister: %zu children (%lld new, %lld changed, %lld as before%s), %zu links to people\n", import->dry ? "would be the " : "", people->child_count,
           (long long)change.added, (long long)change.changed, (long long)change.same, change.returned ? ", some of them back again" : "", people->person_count);
    if (change.left)
        printf("%lld children of before are not in the extract%s; they stay, marked as left%s\n", (long long)change.left, import->dry ? "" : " any more",
               import->dry ? ". Is the extract whole? If it is not, say --partial" : "");
    if (documents)
        printf("%lld documents %s looked through again for people; what was decided on them stays\n", (long long)documents, import->dry ? "would be" : "are");
    if (import->dry)
        puts("nothing was changed (--dry-run)");
    return EXIT_OK;
}

static int import_read(const struct import *import, struct people **ret, struct csv_report *report) {
    struct buf children = {0}, people = {0};
    struct register_map *map = NULL;
    char *path = import->map ? map_path(import->context, import->map) : NULL;
    int err = path ? register_map_load(path, &map) : 0, status = err ? command_failed(path, err) : EXIT_OK;
    if (!status && (err = file_read(import->children, EXTRACT_BYTES_MOST, &children)))
        status = command_failed(import->children, err);
    if (!status && import->people && (err = file_read(import->people, EXTRACT_BYTES_MOST, &people)))
        status = command_failed(import->people, err);
    if (!status) {
        struct people_csv_order order = {buf_text(&children), import->people ? buf_text(&people) : NULL, map, date_today()};
        err = people_csv_read(&order, ret, report);
        if (err) {
            fprintf(stderr, "casefile: %s: %s; nothing was taken in\n", report->fatal_file == REGISTER_CHILDREN ? import->children : import->people, report->fatal);
            status = EXIT_DATA;
        }
    }
    buf_wipe(&children);
    buf_wipe(&people);
    register_map_drop(&map);
    free(path);
    return status;
}

static int import_run(const struct import *import) {
    struct people *people = NULL;
    struct csv_report report = {0};
    int status = import_read(import, &people, &report);
    if (!status)
        status = report_tell(import, &report);
    if (!status && report_is_poor(&report) && !import->anyway) {
        fputs("casefile: more than one row in ten is wrong: is this the right file, and the right --map? Nothing was taken in (--anyway takes the rest)\n", stderr);
        status = EXIT_DATA;
    }
    if (!status)
        status = import_save(import, people);
    people_drop(&people);
    csv_report_drop(&report);
    return status;
}

static int import_command(struct command_context *context, int argc, char **argv) {
    struct import import = {.context = context};
    import.map = option_value(&argc, argv, "--map");
    import.rejects = option_value(&argc, argv, "--rejects");
    import.dry = option_switch(&argc, argv, "--dry-run");
    import.partial = option_switch(&argc, argv, "--partial");
    import.anyway = option_switch(&argc, argv, "--anyway");
    if (options_left(argc, argv) || argc < 3 || argc > 4)
        return usage();
    import.children = argv[2];
    import.people = argc == 4 ? argv[3] : NULL;
    return import_run(&import);
}

/* ---- one child */

static void line_print(const char *name, const char *text) {
    if (*text)
        printf("  %-16s %s\n", name, text);
}

static void born_print(int32_t born) {
    char text[DATE_TEXT];
    if (born != DATE_NONE) {
        date_text(born, text);
        line_print("date of birth", text);
    }
}

static void person_print(const struct person *person) {
    printf("  %-16s %s%s%s %s%s%s%s%s%s\n", *person->relation ? person->relation : role_text(person->role), person->title, *person->title ? " " : "",
           person->forenames, person->surname, *person->organisation ? ", " : "", person->organisation,
           person->confidential ? " [confidential]" : "", person->consent == CONSENT_NO ? " [refused consent]" : "",
           person->role == ROLE_PROFESSIONAL ? " [professional]" : "");
}

static void child_print(const struct people *people, const struct child *child) {
    size_t count;
    const struct person *persons = people_of_child(people, child->id, &count);
    printf("%s  %s %s%s\n", child->council_id, child->forenames, child->surname, child->left ? "  (not in the last extract)" : "");
    born_print(child->born);
    line_print("NHS number", child->nhs_number);
    line_print("UPN", child->upn);
    for (size_t i = 0; i < child->alias_count; i++)
        printf("  %-16s %s%s%s%s\n", "also", child->aliases[i].name, *child->aliases[i].kind ? " (" : "", child->aliases[i].kind, *child->aliases[i].kind ? ")" : "");
    printf("  %-16s %s %s, %s, %s\n", "address", child->house, child->street, child->town, child->postcode);
    for (size_t i = 0; i < child->previous_address_count; i++)
        line_print("lived at", child->previous_addresses[i]);
    line_print("school", child->school);
    line_print("status", child->status);
    line_print("legal status", child->legal_status);
    for (size_t i = 0; i < count; i++)
        person_print(&persons[i]);
}

/* Looking at a record is in the audit log. */
static int show_command(struct command_context *context, const char *council_id) {
    struct people *people = NULL;
    int64_t id;
    int err = people_child_id(context->store, council_id, &id);
    if (err)
        return command_failed("no child of the register has that number", err);
    char *what = mem_print("child %lld", (long long)id);
    err = people_load(context->store, &people);
    if (!err)
        err = audit_act(context, "read", what, "register");
    if (!err)
        child_print(people, people_child(people, id));
    people_drop(&people);
    free(what);
    return err ? command_failed("the register cannot be read", err) : EXIT_OK;
}

/* ---- other names that documents taught */

struct alias_print {
    const struct people *people;
    int count;
};

static int alias_print(void *state, int64_t id, int64_t child_id, int64_t document_id, const char *name) {
    struct alias_print *p = state;
    const struct child *child = people_child(p->people, child_id);
    printf("%-5lld %s  %s %s: called %s in document %lld\n", (long long)id, child ? child->council_id : "?", child ? child->forenames : "?", child ? child->surname : "", name,
           (long long)document_id);
    p->count++;
    return 0;
}

static int aliases_list(struct command_context *context) {
    struct people *people = NULL;
    struct alias_print print = {0};
    int err = people_load(context->store, &people);
    print.people = people;
    if (!err)
        err = audit_act(context, "read", "proposed aliases", "register");
    if (!err)
        err = alias_each(context->store, "proposed", alias_print, &print);
    if (!err)
        puts(print.count ? "\n'casefile register aliases take N': the child is known by it from now on; 'refuse N': it is not the child's" : "no other names are proposed");
    people_drop(&people);
    return err ? command_failed("the register cannot be read", err) : EXIT_OK;
}

/* Within a transaction: the decision and its line in the audit log stand together or not at all. */
static int alias_decide_told(struct command_context *context, const char *number, bool taken) {
    struct audit_entry entry = {context->who, taken ? "alias taken" : "alias refused", number, "command", "register"};
    int err = alias_decide(context->store, strtoll(number, NULL, 10), taken, context->who);
    return err ? err : audit_add(context->store, &entry, NULL);
}

static int aliases_decide(struct command_context *context, const char *answer, const char *number) {
    bool taken = strcmp(answer, "take") == 0;
    if (!taken && strcmp(answer, "refuse") != 0)
        return usage();
    int err = db_begin(context->store->db);
    if (!err)
        err = db_end(context->store->db, alias_decide_told(context, number, taken));
    if (err)
        return command_failed(err == ERR_NOT_FOUND ? "no such name is proposed" : "nothing was changed", err);
    puts(taken ? "taken: documents that use it lead to the child from now on" : "refused");
    return EXIT_OK;
}

int command_register(struct command_context *context, int argc, char **argv) {
    const char *what = argc > 1 ? argv[1] : "";
    if (strcmp(what, "aliases") == 0 && (argc == 2 || argc == 4))
        return argc == 2 ? aliases_list(context) : aliases_decide(context, argv[2], argv[3]);
    if (strcmp(what, "import") == 0)
        return import_command(context, argc, argv);
    if (strcmp(what, "show") == 0 && argc == 3)
        return show_command(context, argv[2]);
    if (strcmp(what, "map") == 0 && argc == 3 && (strcmp(argv[2], "lcs") == 0 || strcmp(argv[2], "sui") == 0))
        return map_print(context, argv[2]);
    return usage();
}
