/* cmd_ingest.c: takes in files from the command line. */
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "daemon/command.h"
#include "daemon/program.h"
#include "ingest/receive.h"
#include "ingest/scan_names.h"
#include "queue/job.h"
#include "store/people_rows.h"

#include <dirent.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What is taken in, and how it goes. */
struct ingest {
    struct command_context *context;
    struct receive_order order; /* what holds for all of them */
    char **paths;
    size_t count, room;
    int64_t *receipts; /* of those that were taken in */
    size_t taken;
    int failed;
    struct progress progress;
};

static void ingest_failed(struct ingest *ingest, const char *path, const char *why) {
    char *shown = text_printable(view_text(path));
    progress_end(&ingest->progress);
    fprintf(stderr, "casefile: %s was not taken in: %s\n", shown, why);
    ingest->failed++;
    free(shown);
}

/* ---- which files */

static void path_add(struct ingest *ingest, char *path) {
    if (ingest->count == ingest->room) {
        ingest->room = ingest->room ? ingest->room * 2 : 64;
        ingest->paths = mem_grow(ingest->paths, ingest->room, sizeof *ingest->paths);
    }
    ingest->paths[ingest->count++] = path;
}

/* Files below a folder, in the order of their names; what a program keeps for itself (.DS_Store) is left out, what is not
 * finished, links and the like are told. */
static void path_walk(struct ingest *ingest, const char *path, int depth) {
    struct dirent **names;
    struct stat st;
    if (strcmp(path, "-") == 0 || (depth ? lstat(path, &st) : stat(path, &st)) || S_ISREG(st.st_mode)) {
        path_add(ingest, mem_text(path)); /* one that is not there is told when it is read */
        return;
    }
    int n = S_ISDIR(st.st_mode) && depth < 64 ? scandir(path, &names, NULL, alphasort) : -1;
    if (n < 0) {
        ingest_failed(ingest, path, S_ISDIR(st.st_mode) ? "the folder cannot be read" : "it is no file (a link, a pipe or a device)");
        return;
    }
    for (int i = 0; i < n; i++) {
        const char *name = names[i]->d_name;
        char *below = mem_print("%s/%s", path, name);
        if (strcmp(name, ".") && strcmp(name, "..") && scan_name_kind(name) == SCAN_NAME_UNFINISHED)
            ingest_failed(ingest, below, "its name says that it is not finished; name it on the command line if it is");
        else if (strcmp(name, ".") && strcmp(name, "..") && scan_name_kind(name) != SCAN_NAME_NOISE)
            path_walk(ingest, below, depth + 1);
        free(below);
        free(names[i]);
    }
    free(names);
}

/* ---- taking in */

/* The page count is known at once only of a copy of what came before. */
static void receipt_print(struct ingest *ingest, const char *path, const struct receipt *receipt) {
    char *shown = text_printable(view_text(path)), number[RECEIPT_TEXT];
    int64_t pages = 0;
    receipt_text(receipt->number, number);
    if (receipt->same_as)
        db_int(ingest->context->store->db, &pages, "SELECT ifnull(page_count, 0) FROM part WHERE id = ?", "i", receipt->same_as);
    printf("%s  %s  %s", number, receipt->hash, shown);
    if (pages)
        printf("  %lld pages", (long long)pages);
    puts(receipt->same_as ? "  (same bytes as one received before)" : "");
    fflush(stdout); /* what has a receipt is durable: the receipt shall be seen whatever comes next */
    free(shown);
}

static void ingest_bytes(struct ingest *ingest, const char *path, struct view bytes) {
    struct receipt receipt = {0};
    const char *slash = strrchr(path, '/');
    char *name = strcmp(path, "-") == 0 ? mem_text("standard input") : text_printable(view_text(slash ? slash + 1 : path));
    struct receive_order order = ingest->order;
    order.name = name;
    order.bytes = bytes;
    int err = receive(ingest->context->store, &order, &receipt);
    if (err) {
        ingest_failed(ingest, path, err_text(err));
    } else {
        ingest->receipts = mem_grow(ingest->receipts, ingest->taken + 1, sizeof *ingest->receipts);
        ingest->receipts[ingest->taken++] = receipt.number;
        receipt_print(ingest, path, &receipt);
    }
    free(name);
}

/* The key and the database must never become something that was received. */
static bool lies_in_store(const struct ingest *ingest, const char *path) {
    char *store = realpath(ingest->context->store->folder, NULL), *file = realpath(path, NULL);
    size_t len = store ? strlen(store) : 0;
    bool in = store && file && strncmp(file, store, len) == 0 && file[len] == '/' && strncmp(file + len, "/inbox/", 7) != 0;
    free(store);
    free(file);
    return in;
}

static void ingest_file(struct ingest *ingest, const char *path) {
    struct buf bytes = {0};
    if (lies_in_store(ingest, path)) {
        ingest_failed(ingest, path, "it belongs to the store itself");
        return;
    }
    size_t most = (size_t)ingest->context->settings->file_megabytes << 20;
    int err = strcmp(path, "-") == 0 ? file_read_fd(STDIN_FILENO, most, &bytes) : file_read(path, most, &bytes);
    if (err == ERR_TOO_LARGE)
        ingest_failed(ingest, path, "it is larger than intake.file_megabytes allows");
    else if (err)
        ingest_failed(ingest, path, err_text(err));
    else
        ingest_bytes(ingest, path, buf_view(&bytes));
    buf_wipe(&bytes);
}

/* ---- waiting until it is open: then the pages are counted */

static int receipt_is_open(struct store *store, int64_t receipt) {
    int64_t left = 1;
    db_int(store->db, &left, "SELECT count(*) FROM part WHERE receipt_id = ? AND state = 'waiting'", "i", receipt);
    return left == 0;
}

static void opened_print(struct store *store, int64_t receipt) {
    struct rows *rows = db_query(store->db,
                                 "SELECT ifnull(sum(page_count), 0), sum(parent_id IS NOT NULL), sum(state = 'quarantined'),"
                                 " (SELECT reason FROM part WHERE receipt_id = ?1 AND state = 'quarantined' LIMIT 1) FROM part WHERE receipt_id = ?1", "i", receipt);
    char number[RECEIPT_TEXT];
    receipt_text(receipt, number);
    if (rows_next(rows) > 0) {
        printf("%s  %lld pages", number, (long long)rows_int(rows, 0));
        if (rows_int(rows, 1))
            printf(", %lld parts inside", (long long)rows_int(rows, 1));
        if (rows_int(rows, 2))
            printf("  %lld in QUARANTINE: %s", (long long)rows_int(rows, 2), rows_text(rows, 3));
        putchar('\n');
    }
    rows_end(&rows);
}

static int ingest_wait(struct ingest *ingest) {
    struct progress progress = {.what = "opening"};
    for (size_t i = 0; i < ingest->taken && !program_stop;) {
        if (receipt_is_open(ingest->context->store, ingest->receipts[i])) {
            progress_show(&progress, (long long)++i, (long long)ingest->taken, "receipts");
            continue;
        }
        if (!daemon_runs(ingest->context)) {
            progress_end(&progress);
            return EXIT_STATE;
        }
        poll(NULL, 0, 50);
    }
    progress_end(&progress);
    for (size_t i = 0; i < ingest->taken && !program_stop; i++)
        opened_print(ingest->context->store, ingest->receipts[i]);
    return EXIT_OK;
}

/* ---- the command */

/* What the profile and the options say; 0 or an exit status. */
static int ingest_known(struct ingest *ingest, const char *profile_name, const char *council_id) {
    const struct scan_profile *profile = profile_name ? settings_profile(ingest->context->settings, profile_name) : NULL;
    if (profile_name && !profile) {
        fprintf(stderr, "casefile: there is no profile '%s' in the settings\n", profile_name);
        return EXIT_USAGE;
    }
    if (profile) {
        ingest->order.profile = profile->name;
        ingest->order.scanner = profile->scanner[0] ? profile->scanner : profile->name;
        ingest->order.dpi = profile->dpi;
        ingest->order.priority = settings_priority(profile->priority);
        if (!ingest->order.kind)
            ingest->order.kind = profile->kind;
    }
    if (council_id && people_child_id(ingest->context->store, council_id, &ingest->order.child)) {
        fputs("casefile: no child of the register has that number; nothing was taken in\n", stderr);
        return EXIT_NO_INPUT;
    }
    return 0;
}

static void ingest_all(struct ingest *ingest) {
    for (size_t i = 0; i < ingest->count && !program_stop; i++) {
        ingest_file(ingest, ingest->paths[i]);
        if (ingest->count > 3)
            progress_show(&ingest->progress, (long long)i + 1, (long long)ingest->count, "files");
    }
    progress_end(&ingest->progress);
}

static int ingest_end(struct ingest *ingest, bool wait) {
    int left = (int)(ingest->count - ingest->taken) - ingest->failed;
    fprintf(stderr, "%zu taken in%s\n", ingest->taken, ingest->failed ? ", some were not: see above; nothing was done to those files" : "");
    if (program_stop && left > 0)
        fprintf(stderr, "stopped: %d files were not looked at\n", left);
    int status = wait ? ingest_wait(ingest) : EXIT_OK;
    if (!daemon_runs(ingest->context))
        fprintf(stderr, "casefiled is not running on this store: what was taken in waits until it is started\n");
    for (size_t i = 0; i < ingest->count; i++)
        free(ingest->paths[i]);
    free(ingest->paths);
    free(ingest->receipts);
    return ingest->failed || (program_stop && left > 0) ? EXIT_FOUND : status;
}

int command_ingest(struct command_context *context, int argc, char **argv) {
    struct ingest ingest = {.context = context, .progress = {.what = "taking in"}};
    const char *profile = option_value(&argc, argv, "--profile"), *child = option_value(&argc, argv, "--child");
    bool wait = option_switch(&argc, argv, "--wait");
    ingest.order = (struct receive_order){.channel = "command", .who = context->who, .priority = JOB_USUAL};
    ingest.order.kind = option_value(&argc, argv, "--kind");
    int first = argc > 1 && strcmp(argv[1], "--") == 0 ? 2 : 1;
    int status = first == 1 ? options_left(argc, argv) : 0;
    if (!status)
        status = ingest_known(&ingest, profile, child);
    if (!status && argc <= first) {
        fputs("usage: casefile ingest [--profile P] [--child COUNCIL-ID] [--kind K] [--wait] [--] FILE|FOLDER|-...\n", stderr);
        status = EXIT_USAGE;
    }
    if (status)
        return status;
    for (int i = first; i < argc; i++)
        path_walk(&ingest, argv[i], 0);
    ingest_all(&ingest);
    return ingest_end(&ingest, wait);
}

