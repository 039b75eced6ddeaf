/* cmd_prove.c: `casefile prove`: judges PDFs that somebody else has redacted, without a store. The files are opened by the confined helper alone. */
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "daemon/command.h"
#include "daemon/helper_request.h"
#include "daemon/program.h"
#include "daemon/read_pool.h"
#include "redact/redact_record.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_BYTES_MOST ((size_t)1 << 30)
#define WITHHELD_MOST 100000

static const char usage[] =
    "usage: casefile prove FILE.pdf... [--withheld STRINGS.txt] [--fast] [--json]\n"
    "\n"
    "Judges redacted PDFs, of whoever made them: text under boxes or in the colour of the paper, hidden layers, pictures that hold more than the\n"
    "page shows, notes, fields, attachments, thumbnails, earlier revisions, letters left in fonts, text in place of text, and the same words left\n"
    "open in another copy (files given together, up to 16, are compared).\n"
    "\n"
    "  --withheld FILE  texts that must not be found, one in a line: also in names, titles, bookmarks, streams, file names, and by recognition\n"
    "  --fast           with --withheld: recognise only pages whose pixels may say more than their text, not all\n"
    "  --json           one JSON object for each finding\n"
    "\n"
    "Exit status: 0 nothing was found, 1 something was, 65 a file could not be judged.\n";

struct judging {
    struct read_pool *pool;
    struct read_task task;
    struct findings findings;
    bool gave, ended, json;
    int err;
};

static void judging_gave(struct read_task *task, struct view bytes) {
    struct judging *j = task->state;
    findings_drop(&j->findings);
    j->gave = findings_decode(bytes, &j->findings) == 0;
}

static void judging_ended(struct read_task *task, int err) {
    struct judging *j = task->state;
    j->ended = true;
    j->err = err || j->gave ? err : ERR_PROTOCOL;
}

/* Asks a helper and waits. */
static int judging_ask(struct judging *j, const struct judge_order *order) {
    j->gave = j->ended = false;
    j->task = (struct read_task){.request = HELPER_JUDGE, .program = HELPER_PROGRAM, .lane = READ_LANE_PAGE, .state = j};
    j->task.result = judging_gave;
    j->task.end = judging_ended;
    judge_order_encode(order, &j->task.order);
    read_pool_add(j->pool, &j->task);
    int err = 0;
    while (!err && !j->ended && !program_stop)
        err = read_pool_turn(j->pool, 200);
    if (j->ended)
        return j->err;
    read_pool_cancel(j->pool, &j->task);
    buf_wipe(&j->task.order);
    return ERR_STATE;
}

static void finding_print(const struct judging *j, const char *file, const struct finding *f) {
    if (j->json) {
        json_t *json = json_pack("{s:s, s:i, s:[f, f, f, f], s:s, s:s}", "file", file, "page", (int)f->page, "box", (double)f->box.x0, (double)f->box.y0, (double)f->box.x1,
                                 (double)f->box.y1, "kind", f->check, "what", f->what);
        json_dumpf(json, stdout, JSON_COMPACT | JSON_PRESERVE_ORDER);
        putchar('\n');
        json_decref(json);
        return;
    }
    char *what = text_printable(view_text(f->what));
    printf("  ");
    if (f->page)
        printf("page %u", f->page);
    if (f->page && f->box.x1 > f->box.x0)
        printf(" at %.0f,%.0f to %.0f,%.0f", (double)f->box.x0, (double)f->box.y0, (double)f->box.x1, (double)f->box.y1);
    printf("%s%s: %s\n", f->page ? ": " : "", f->check, what);
    free(what);
}

/* Findings of several files carry the name of theirs in front. */
static size_t findings_print(const struct judging *j, const struct judge_order *order, size_t i, const char *path) {
    size_t count = 0;
    char *prefix = order->file_count > 1 ? mem_print("%s: ", order->names[i]) : mem_text("");
    for (size_t k = 0; k < j->findings.count; k++)
        count += strncmp(j->findings.list[k].what, prefix, strlen(prefix)) == 0;
    if (!j->json)
        printf(count ? "%s: BAD, %zu finding%s\n" : "%s: nothing found\n", path, count, count == 1 ? "" : "s");
    for (size_t k = 0; k < j->findings.count; k++)
        if (strncmp(j->findings.list[k].what, prefix, strlen(prefix)) == 0) {
            struct finding f = j->findings.list[k];
            f.what += strlen(prefix);
            finding_print(j, path, &f);
        }
    free(prefix);
    return count;
}

/* ---- files */

static const char *name_of(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static int files_judge(struct judging *j, char **paths, size_t count, const struct judge_order *asked) {
    struct judge_order order = *asked;
    struct buf bytes[JUDGE_FILES_MOST] = {{0}};
    int status = 0;
    for (order.file_count = 0; order.file_count < count && !status; order.file_count++) {
        size_t i = order.file_count;
        int err = file_read(paths[i], FILE_BYTES_MOST, &bytes[i]);
        if (err) {
            command_failed(paths[i], err);
            status = command_file_status(err);
        }
        order.pdfs[i] = buf_view(&bytes[i]);
        order.names[i] = (char *)(uintptr_t)name_of(paths[i]);
    }
    if (!status) {
        int err = judging_ask(j, &order);
        if (err && count > 1) { /* one of them cannot be opened: each for itself, so that it is known which */
            fprintf(stderr, "casefile: not all of these files can be judged together: each is judged for itself\n");
            for (size_t i = 0; i < count; i++) {
                int one = files_judge(j, &paths[i], 1, asked);
                status = one > status ? one : status;
            }
        } else if (err) {
            fprintf(stderr, "casefile: %s was not judged: %s\n", paths[0], err_text(err));
            status = EXIT_DATA;
        } else {
            for (size_t i = 0; i < count; i++)
                status = findings_print(j, &order, i, paths[i]) ? EXIT_FOUND : status;
        }
    }
    for (size_t i = 0; i < JUDGE_FILES_MOST; i++)
        buf_wipe(&bytes[i]);
    return status;
}

/* One text in a line; empty lines and spaces at the ends do not count. */
static int withheld_load(const char *path, struct judge_order *order, struct buf *bytes) {
    int err = file_read(path, 64u << 20, bytes);
    if (err) {
        command_failed(path, err);
        return command_file_status(err);
    }
    char *rest = NULL, *text = (char *)(uintptr_t)buf_text(bytes);
    for (char *line = strtok_r(text, "\r\n", &rest); line && order->withheld_count < WITHHELD_MOST; line = strtok_r(NULL, "\r\n", &rest)) {
        line += strspn(line, " \t\xEF\xBB\xBF");
        if (!*line)
            continue;
        order->withheld = mem_grow(order->withheld, order->withheld_count + 1, sizeof *order->withheld);
        order->withheld[order->withheld_count++] = line;
    }
    if (order->withheld_count)
        return 0;
    fprintf(stderr, "casefile: %s holds no text that is to be withheld: one in a line\n", path);
    return EXIT_DATA;
}

int command_prove(struct command_context *context, int argc, char **argv) {
    const char *withheld = option_value(&argc, argv, "--withheld");
    struct judge_order order = {.recognise_all = !option_switch(&argc, argv, "--fast")};
    struct judging j = {.json = option_switch(&argc, argv, "--json")};
    struct buf texts = {0};
    if (argc < 2 || options_left(argc, argv)) {
        fputs(usage, stderr);
        return EXIT_USAGE;
    }
    int status = withheld ? withheld_load(withheld, &order, &texts) : 0;
    if (!status) {
        struct read_pool_order pool = {context->settings, context->settings->languages, 1};
        j.pool = read_pool_new(&pool);
        for (int i = 1; i < argc && !program_stop; i += JUDGE_FILES_MOST) {
            int group = argc - i < JUDGE_FILES_MOST ? argc - i : JUDGE_FILES_MOST, one = files_judge(&j, argv + i, (size_t)group, &order);
            status = one > status ? one : status;
        }
        read_pool_drop(&j.pool);
    }
    findings_drop(&j.findings);
    free(order.withheld);
    buf_wipe(&texts);
    return program_stop ? EXIT_STOPPED : status;
}
