#include "daemon/helper_program.h"

#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int helper_program_start(const struct helper_order *order, struct helper **ret) {
    const struct settings *s = order->settings;
    char megabytes[16], seconds[16];
    snprintf(megabytes, sizeof megabytes, "%d", s->helper_megabytes);
    snprintf(seconds, sizeof seconds, "%d", strcmp(order->program, OFFICE_PROGRAM) == 0 ? s->page_seconds : s->document_seconds);
    char *path = mem_print("%s/%s", order->folder, order->program);
    char *argv[] = {path, "--languages", (char *)(uintptr_t)order->languages, "--other-languages", s->other_languages, "--megabytes", megabytes,
                    "--seconds", seconds, NULL};
    int err = helper_start(path, argv, ret);
    free(path);
    return err;
}
