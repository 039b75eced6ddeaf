/* cmd_setup.c: register, worker-key, settings. */
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "daemon/command.h"
#include "daemon/worker_keys.h"
#include "queue/message.h"
#include "store/audit.h"
#include "store/people_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
