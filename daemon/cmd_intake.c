/* cmd_intake.c: ingest, register, worker-key, settings. */
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "daemon/command.h"
#include "daemon/worker_keys.h"
#include "ingest/receive.h"
#include "queue/message.h"
#include "store/audit.h"
#include "store/people_rows.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct ingest {
    struct command_context *context;
    int taken, failed;
};

static void ingest_say(struct ingest *ingest, const char *path, int err, const struct receipt *receipt) {
    char *shown = text_printable(view_text(path));
    char number[RECEIPT_TEXT];
    if (err) {
        fprintf(stderr, "casefile: %s was not taken in: %s\n", shown, err_text(err));
        ingest->failed++;
    } else {
        receipt_text(receipt->number, number);
        printf("%s  %s  %s%s\n", number, receipt->hash, shown, receipt->same_as ? "  (same bytes as one received before)" : "");
        ingest->taken++;
    }
    free(shown);
}

static void ingest_bytes(struct ingest *ingest, const char *path, struct buf *bytes, int err) {
    struct receipt receipt = {0};
    const char *slash = strrchr(path, '/');
    char *name = text_printable(view_text(slash ? slash + 1 : path));
    struct receive_order order = {"command", name, ingest->context->who, NULL, buf_view(bytes)};
    if (!err)
        err = receive(ingest->context->store, &order, &receipt);
    ingest_say(ingest, path, err, &receipt);
    free(name);
    buf_wipe(bytes);
}

static void ingest_file(struct ingest *ingest, const char *path) {
    struct buf bytes = {0};
    size_t most = (size_t)ingest->context->settings->file_megabytes << 20;
    int err = strcmp(path, "-") == 0 ? file_read_fd(STDIN_FILENO, most, &bytes) : file_read(path, most, &bytes);
    ingest_bytes(ingest, path, &bytes, err);
}

static void ingest_path(struct ingest *ingest, const char *path) {
    struct stat st;
    struct dirent **names;
    if (stat(path, &st) || !S_ISDIR(st.st_mode)) {
        ingest_file(ingest, path);
        return;
    }
    int n = scandir(path, &names, NULL, alphasort);
    for (int i = 0; i < n; i++) {
        if (names[i]->d_name[0] != '.') {
            char *below = mem_print("%s/%s", path, names[i]->d_name);
            ingest_path(ingest, below);
            free(below);
        }
        free(names[i]);
    }
    if (n >= 0)
        free(names);
    else
        ingest_say(ingest, path, ERR_SYSTEM, NULL);
}

int command_ingest(struct command_context *context, int argc, char **argv) {
    struct ingest ingest = {.context = context};
    if (argc < 2) {
        fputs("usage: casefile ingest FILE|FOLDER|-...\n", stderr);
        return EXIT_USAGE;
    }
    for (int i = 1; i < argc; i++)
        ingest_path(&ingest, argv[i]);
    fprintf(stderr, "%d taken in%s\n", ingest.taken, ingest.failed ? ", some were not: see above; nothing was done to those files" : "");
    if (!daemon_runs(context))
        fprintf(stderr, "casefiled is not running on this store: what was taken in waits until it is started\n");
    return ingest.failed ? EXIT_FOUND : EXIT_OK;
}

static int register_save(struct command_context *context, const struct people *people) {
    struct store *store = context->store;
    int64_t added = 0, changed = 0;
    int err = db_begin(store->db);
    if (err)
        return command_failed("the register was not taken in", err);
    err = people_save(store, people, &added, &changed);
    struct audit_entry entry = {context->who, "register imported", "register", "command", ""};
    if (!err)
        err = audit_add(store, &entry, NULL);
    err = db_end(store->db, err);
    if (err)
        return command_failed("the register was not taken in", err);
    printf("register: %zu children (%lld new, %lld changed), %zu links to people\n", people->child_count, (long long)added,
           (long long)changed, people->person_count);
    return EXIT_OK;
}

int command_register(struct command_context *context, int argc, char **argv) {
    struct people *people = NULL;
    struct buf children = {0}, links = {0};
    char *where = NULL;
    if (argc != 4 || strcmp(argv[1], "import")) {
        fputs("usage: casefile register import CHILDREN.csv PEOPLE.csv\n", stderr);
        return EXIT_USAGE;
    }
    int err = file_read(argv[2], 1u << 30, &children);
    if (err)
        return command_failed(argv[2], err);
    err = file_read(argv[3], 1u << 30, &links);
    if (err) {
        buf_wipe(&children);
        return command_failed(argv[3], err);
    }
    err = people_from_csv(buf_text(&children), buf_text(&links), &people, &where);
    buf_wipe(&children);
    buf_wipe(&links);
    if (err) {
        fprintf(stderr, "casefile: the register was not taken in; %s\n", where ? where : err_text(err));
        free(where);
        return EXIT_DATA;
    }
    int status = register_save(context, people);
    people_drop(&people);
    return status;
}

int command_worker_key(struct command_context *context, int argc, char **argv) {
    if (argc != 3) {
        fputs("usage: casefile worker-key NAME FILE\n\nMakes a key pair for a worker on another machine, lets it in, and writes its key file.\n"
              "There: casefile-worker --name NAME --connect tcp://THIS-MACHINE:PORT --keys FILE\n", stderr);
        return EXIT_USAGE;
    }
    int err = worker_keys_new(context->store, argv[1], argv[2]);
    if (err)
        return command_failed(err == ERR_EXISTS ? "there is a worker of that name" : "the key was not made", err);
    printf("key file %s written; bring it to the other machine, mode 0600, and delete it here\n", argv[2]);
    return EXIT_OK;
}

int command_settings(struct command_context *context, int argc, char **argv) {
    (void)context;
    const char *what = argc == 2 ? argv[1] : "";
    if (strcmp(what, "sample") == 0)
        settings_write_sample(stdout);
    else if (strcmp(what, "manual") == 0)
        settings_write_manual(stdout);
    else if (strcmp(what, "messages") == 0)
        message_write_reference(stdout);
    else {
        fputs("usage: casefile settings sample|manual|messages\n", stderr);
        return EXIT_USAGE;
    }
    return EXIT_OK;
}
