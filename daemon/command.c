#include "daemon/command.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/file.h"
#include "daemon/program.h"
#include "ingest/receive.h"
#include "store/audit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

static void argument_take(int *argc, char **argv, int at, int count) {
    memmove(argv + at, argv + at + count, (size_t)(*argc - at - count + 1) * sizeof *argv);
    *argc -= count;
}

const char *option_value(int *argc, char **argv, const char *name) {
    for (int i = 1; i + 1 < *argc; i++)
        if (strcmp(argv[i], name) == 0) {
            const char *value = argv[i + 1];
            argument_take(argc, argv, i, 2);
            return value;
        }
    return NULL;
}

bool option_switch(int *argc, char **argv, const char *name) {
    for (int i = 1; i < *argc; i++)
        if (strcmp(argv[i], name) == 0) {
            argument_take(argc, argv, i, 1);
            return true;
        }
    return false;
}

int options_left(int argc, char **argv) {
    for (int i = 1; i < argc; i++)
        if (argv[i][0] == '-' && argv[i][1]) {
            fprintf(stderr, "casefile %s: there is no option '%s', or its value is missing\n", argv[0], argv[i]);
            return EXIT_USAGE;
        }
    return 0;
}

int nothing_else(int argc, char **argv) {
    int status = options_left(argc, argv);
    if (!status && argc > 1) {
        fprintf(stderr, "casefile %s: nothing was expected here: '%s'\n", argv[0], argv[1]);
        status = EXIT_USAGE;
    }
    return status;
}

int command_file_status(int err) {
    return err == ERR_NOT_FOUND ? EXIT_NO_INPUT : err == ERR_SYSTEM || err == ERR_MEMORY ? EXIT_SOFTWARE : EXIT_DATA;
}

#define PASSWORD_MOST 500

int command_password(const char *command, const char *path, struct buf *bytes, const char **ret) {
    *ret = "";
    int err = path ? file_read(path, 4096, bytes) : 0;
    if (err) {
        fprintf(stderr, "casefile %s: the password file cannot be read: %s\n", command, err_text(err));
        return EXIT_NO_INPUT;
    }
    if (!path)
        return 0;
    bytes->len = strcspn(buf_text(bytes), "\r\n");
    *ret = buf_text(bytes);
    if (bytes->len > PASSWORD_MOST) {
        fprintf(stderr, "casefile %s: the password is too long; 'casefile %s --help' tells more\n", command, command);
        return EXIT_USAGE;
    }
    return 0;
}

int command_failed(const char *what, int err) {
    fprintf(stderr, "casefile: %s: %s\n", what, err_text(err));
    switch (err) {
    case ERR_INPUT:
    case ERR_DAMAGED:
        return EXIT_DATA;
    case ERR_NOT_FOUND:
        return EXIT_NO_INPUT;
    case ERR_STATE:
    case ERR_REFUSED:
    case ERR_BUSY:
        return EXIT_STATE;
    default:
        return EXIT_SOFTWARE;
    }
}

int audit_act(struct command_context *context, const char *action, const char *what, const char *why) {
    struct audit_entry entry = {context->who, action, what, "command", why};
    int err = db_begin(context->store->db);
    return err ? err : db_end(context->store->db, audit_add(context->store, &entry, NULL));
}

int reference_read(const char *text, int64_t *ret_receipt, int64_t *ret_part) {
    char number[32];
    const char *slash = strchr(text, '/');
    snprintf(number, sizeof number, "%.*s", slash ? (int)(slash - text) : (int)strlen(text), text);
    *ret_part = slash ? strtoll(slash + 1, NULL, 10) : 0;
    return receipt_number(number, ret_receipt) || (slash && *ret_part <= 0) ? ERR_INPUT : 0;
}

bool daemon_runs(const struct command_context *context) {
    char *path = store_path(context->store, "run/casefiled.lock");
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool runs = fd >= 0 && flock(fd, LOCK_SH | LOCK_NB) != 0;
    if (fd >= 0)
        close(fd);
    free(path);
    return runs;
}

int command_rules(const struct command_context *context, struct rules **ret) {
    char *folder = program_rules_folder(context->settings);
    int err = rules_load(folder, ret);
    free(folder);
    return err ? command_failed("the rule files cannot be read", err) : 0;
}

void progress_show(struct progress *progress, long long done, long long all, const char *note) {
    int terminal = isatty(STDERR_FILENO);
    long long now = clock_steady();
    if (now - progress->last_shown_ms < (terminal ? 100 : 5000) && done < all)
        return;
    if (!terminal && done == progress->last_done)
        return;
    progress->last_shown_ms = now;
    progress->last_done = done;
    char bar[31];
    int filled = all > 0 ? (int)(30 * done / all) : 30;
    for (int i = 0; i < 30; i++)
        bar[i] = i < filled ? '#' : '.';
    bar[30] = 0;
    fprintf(stderr, terminal ? "\r%s [%s] %lld of %lld %s\033[K" : "%s [%s] %lld of %lld %s\n", progress->what, bar, done, all, note);
}

void progress_end(struct progress *progress) {
    if (isatty(STDERR_FILENO) && progress->last_shown_ms)
        fputc('\n', stderr);
    progress->last_shown_ms = 0;
}
