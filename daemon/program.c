#include "daemon/program.h"

#include "base/mem.h"
#include "base/spawn.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

volatile int program_stop;

static void on_stop(int signal_number) {
    (void)signal_number;
    program_stop = 1;
}

void program_start(const char *name, const struct settings *settings) {
    struct sigaction stop = {.sa_handler = on_stop};
    sigaction(SIGTERM, &stop, NULL);
    sigaction(SIGINT, &stop, NULL);
    signal(SIGPIPE, SIG_IGN);
    log_open(name, settings_log_level(settings));
}

const char *program_option(int argc, char **argv, const char *option, const char *fallback) {
    for (int i = 1; i + 1 < argc; i++)
        if (strcmp(argv[i], option) == 0)
            return argv[i + 1];
    return fallback;
}

char *program_rules_folder(const struct settings *settings) {
    static const char *const beside[] = {"../share/casefile/rules", "../../../config", NULL};
    if (settings->rules_folder[0])
        return mem_text(settings->rules_folder);
    char *own = spawn_own_folder();
    char *found = NULL;
    for (int i = 0; beside[i] && !found; i++) {
        char *folder = mem_print("%s/%s", own, beside[i]);
        char *file = mem_print("%s/reasons.conf", folder);
        if (access(file, R_OK) == 0)
            found = mem_text(folder);
        free(file);
        free(folder);
    }
    free(own);
    return found ? found : mem_text("/usr/share/casefile/rules");
}
