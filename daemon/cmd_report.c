/* cmd_report.c: how good the machine's filings are; alarms, the week's sample, the report. */
#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "daemon/document_name.h"
#include "daemon/review.h"
#include "filing/filing_review.h"
#include "store/people_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *council_id_of(const struct people *people, int64_t child_id) {
    const struct child *child = people_child(people, child_id);
    return child ? child->council_id : "?";
}

int review_alarms(struct command_context *context) {
    struct people *people = NULL;
    int err = people_load(context->store, &people), count = 0;
    if (err)
        return command_failed("the register cannot be read", err);
    struct rows *rows = db_query(context->store->db,
                                 "SELECT d.id, t.receipt_id, t.id, d.first_page, d.last_page, 'names a child of another family', a.child_id, a.page, f.id FROM alarm a"
                                 " JOIN document d ON d.id = a.document_id JOIN part t ON t.id = d.part_id JOIN filing f ON f.document_id = d.id AND"
                                 " f.superseded_by IS NULL WHERE a.state = 'open' ORDER BY a.made_at, a.id", "");
    for (; rows_next(rows) > 0; count++) {
        document_line_print(context->store, rows);
        printf("               page %lld: %s; filed to", (long long)rows_int(rows, 7), council_id_of(people, rows_int(rows, 6)));
        struct rows *filed = db_query(context->store->db, "SELECT child_id FROM filing_child WHERE filing_id = ? AND chosen", "i", rows_int(rows, 8));
        while (rows_next(filed) > 0)
            printf(" %s", council_id_of(people, rows_int(filed, 0)));
        err = rows_end(&filed);
        putchar('\n');
    }
    int err2 = rows_end(&rows);
    people_drop(&people);
    if (!err && !err2)
        puts(count ? "\n'casefile triage clear DOCUMENT COUNCIL-ID --why TEXT': it belongs there all the same; 'triage file', 'triage undo': it does not."
                   : "no document names a child of another family than it is filed to");
    return err || err2 ? command_failed("alarms", err ? err : err2) : EXIT_OK;
}

int review_clear(struct command_context *context, const char *document, char *council_id, const char *why) {
    int64_t document_id, child;
    int status = document_named(context, document, &document_id);
    if (!status)
        status = children_named(context, 1, &council_id, &child);
    int err = status ? 0 : db_begin(context->store->db);
    if (status || err)
        return status ? status : command_failed("nothing was changed", err);
    err = db_end(context->store->db, alarm_clear(context->store, document_id, child, why, context->who));
    if (err)
        return command_failed(err == ERR_INPUT ? "say why: --why TEXT" : err == ERR_NOT_FOUND ? "there is no such alarm" : "nothing was changed", err);
    puts("noted: it belongs there");
    return EXIT_OK;
}

static int check_list(struct command_context *context) {
    int err = sample_draw(context->store, date_today(), context->settings->filing_sample), count = 0;
    if (err)
        return command_failed("the sample cannot be drawn", err);
    struct rows *rows = db_query(context->store->db,
                                 "SELECT d.id, t.receipt_id, t.id, d.first_page, d.last_page, 'filed by machine' FROM filing_check c JOIN filing f ON f.id = c.filing_id"
                                 " AND f.superseded_by IS NULL JOIN document d ON d.id = f.document_id JOIN part t ON t.id = d.part_id WHERE c.result = '' ORDER BY c.id", "");
    for (; rows_next(rows) > 0; count++)
        document_line_print(context->store, rows);
    err = rows_end(&rows);
    if (!err)
        puts(count ? "\n'casefile triage show DOCUMENT' shows the evidence, 'casefile original' the paper; then 'casefile triage check right DOCUMENT', or\n"
                     "'casefile triage file DOCUMENT COUNCIL-ID' (or undo, not, nobody), which also counts as wrong."
                   : "no automatic filing waits for a check; last week's sample is drawn on Mondays");
    return err ? command_failed("the sample", err) : EXIT_OK;
}

int review_check(struct command_context *context, const char *answer, const char *document) {
    if (!answer)
        return check_list(context);
    int64_t document_id;
    bool right = strcmp(answer, "right") == 0;
    if (!right && strcmp(answer, "wrong") != 0)
        return command_failed(answer, ERR_INPUT);
    int status = document_named(context, document, &document_id);
    int err = status ? 0 : db_begin(context->store->db);
    if (status || err)
        return status ? status : command_failed("nothing was changed", err);
    err = db_end(context->store->db, sample_decide(context->store, document_id, right, context->who));
    if (err)
        return command_failed(err == ERR_NOT_FOUND ? "the machine has not filed that document, or a person has changed it since" : "nothing was changed", err);
    puts(right ? "noted: it is in the right record" : "noted: it is in the wrong record. 'casefile triage undo DOCUMENT' takes it out");
    return EXIT_OK;
}

/* ---- the report */

static void percent_print(int64_t k, int64_t n) {
    if (n)
        printf(" %6.1f %%", 100.0 * (double)k / (double)n);
    else
        printf(" %8s", "-");
}

static void review_print(const char *name, const struct review *r) {
    int64_t all = r->automatic + r->by_person + r->by_context + r->waiting;
    printf("%-12s %9lld", name, (long long)all);
    percent_print(r->automatic, all - r->by_context);
    printf(" %8lld %8lld %8lld %9lld %7lld\n", (long long)r->by_person, (long long)r->waiting, (long long)r->changed, (long long)r->checked, (long long)r->wrong);
}

static int report_filing(struct command_context *context, int weeks) {
    int32_t week = review_week(date_today());
    struct review all = {0};
    int64_t median = 0, longest = 0, waiting = 0;
    double low, high;
    printf("%-12s %9s %8s %8s %8s %8s %9s %7s\n", "week of", "documents", "by mach.", "by pers.", "waiting", "changed", "checked", "wrong");
    for (int i = weeks - 1; i >= 0; i--) {
        struct review r;
        char day[DATE_TEXT];
        int64_t from = (int64_t)(week - 7 * i) * CLOCK_DAY;
        int err = review_load(context->store, from, from + 7 * CLOCK_DAY, &r);
        if (err)
            return command_failed("the report", err);
        date_text(week - 7 * i, day);
        review_print(day, &r);
        int64_t *const sums[] = {&all.automatic, &all.by_person, &all.by_context, &all.waiting, &all.changed, &all.checked, &all.wrong};
        const int64_t more[] = {r.automatic, r.by_person, r.by_context, r.waiting, r.changed, r.checked, r.wrong};
        for (size_t k = 0; k < sizeof more / sizeof *more; k++)
            *sums[k] += more[k];
    }
    review_print("all", &all);
    review_interval(all.wrong, all.checked, &low, &high);
    if (all.checked)
        printf("\nwrong child in the samples: %lld of %lld; with 95 %% confidence between %.2f %% and %.2f %% of what the machine files\n", (long long)all.wrong,
               (long long)all.checked, 100 * low, 100 * high);
    else
        puts("\nnobody has checked a sample yet: 'casefile triage check'");
    int err = review_age(context->store, clock_now(), &median, &longest, &waiting);
    if (!err)
        printf("waiting for a person: %lld documents, half of them for %lld days and more, the longest for %lld days\n", (long long)waiting, (long long)median,
               (long long)longest);
    return err ? command_failed("the report", err) : EXIT_OK;
}

int command_report(struct command_context *context, int argc, char **argv) {
    const char *weeks = option_value(&argc, argv, "--weeks");
    int status = options_left(argc, argv), count = weeks ? atoi(weeks) : 8;
    if (status)
        return status;
    if (argc != 2 || strcmp(argv[1], "filing") != 0 || count < 1 || count > 520) {
        fputs("usage: casefile report filing [--weeks N]\n\n"
              "By week of first filing: documents; how many of them the machine filed by itself, how many a person filed, how many wait; how many automatic\n"
              "filings a person has changed since; of the weekly samples how many were checked, and how many were in a wrong record.\n", stderr);
        return EXIT_USAGE;
    }
    return report_filing(context, count);
}
