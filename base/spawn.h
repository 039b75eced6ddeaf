/* spawn.h: starting programs: fork, then exec, all other descriptors closed, signals as new. */
#ifndef BASE_SPAWN_H
#define BASE_SPAWN_H

#include "base/buf.h"

#include <sys/types.h>

struct spawn_order {
    const char *program;      /* a path */
    char *const *argv;        /* argv[0] first, NULL last */
    int in, out;              /* become standard input and output; -1: /dev/null */
    int fd3;                  /* becomes descriptor 3; -1: none */
    const char *const *extra; /* "NAME=value" lines added to the environment, NULL last; or NULL */
    int die_with_parent;      /* SIGKILL when the thread that started it ends */
};

int spawn(const struct spawn_order *order, pid_t *ret_pid);

/* The folder of the running program, with no slash at its end; you free it. */
char *spawn_own_folder(void);

#endif
