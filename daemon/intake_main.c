/* casefile-intake: watches the channels and stores what comes.
 *
 * Security: it has the keys and the database; it stores bytes and never parses them. */
#include "base/err.h"
#include "base/mem.h"
#include "daemon/program.h"
#include "ingest/scan_folder.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

static void intake_run(struct scan_folder *folder, const struct settings *settings) {
    int last = 0;
    while (!program_stop) {
        size_t unsettled = 0;
        int n = scan_folder_look(folder, &unsettled);
        if (n < 0 && n != last)
            log_error("taking in has stopped: %s; it goes on by itself when this clears", err_text(n));
        if (last < 0 && n >= 0)
            log_info("taking in goes on");
        last = n < 0 ? n : 0;
        struct pollfd p = {.fd = scan_folder_fd(folder), .events = POLLIN};
        poll(&p, 1, n < 0 ? 1000 : unsettled ? 250 : settings->rescan_seconds * 1000);
    }
}

int main(int argc, char **argv) {
    struct settings *settings = settings_for_program(&argc, argv);
    struct store *store = NULL;
    struct scan_folder *folder = NULL;
    program_start("casefile-intake", settings);
    int err = store_open(settings->store_folder, &store);
    if (!err) {
        char *path = settings->scan_folder[0] ? mem_text(settings->scan_folder) : store_path(store, "inbox");
        struct scan_order order = {store, path, settings->settle_seconds * 1000, strcmp(settings->scan_done, "remove") == 0,
                                   (size_t)settings->file_megabytes << 20};
        err = scan_folder_new(&order, &folder);
        if (!err)
            intake_run(folder, settings);
        scan_folder_drop(&folder);
        free(path);
    }
    if (err)
        log_error("intake ends: %s", err_text(err));
    store_close(&store);
    settings_drop(&settings);
    return err ? 70 : 0;
}
