/* cmd_setup.c: worker-key, settings. */
#include "base/err.h"
#include "daemon/command.h"
#include "daemon/worker_keys.h"
#include "queue/message.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
