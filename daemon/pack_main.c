/* casefile-pack: binds packs.
 *
 * Security: it has the keys and the database, but what it links can open covered pages only, never an original or a page's own picture. */
#include "base/err.h"
#include "base/mem.h"
#include "daemon/program.h"
#include "disclose/pack.h"
#include "queue/session.h"

#include <stdlib.h>

static int packer_handle(void *state, const struct message *message) {
    int err = pack_bind(state, (int64_t)message->job, message->attempt, (int64_t)message->subject);
    return err == ERR_STALE ? 0 : err;
}

int main(int argc, char **argv) {
    struct settings *settings = settings_for_program(&argc, argv);
    const char *name = program_option(argc, argv, "--name", "pack");
    struct store *store = NULL;
    struct rules *rules = NULL;
    struct session session = {0};
    program_start("casefile-pack", settings);
    char *folder = program_rules_folder(settings);
    int err = rules_load(folder, &rules);
    if (!err)
        err = store_open(settings->store_folder, &store);
    if (!err) {
        char *address = mem_print("ipc://%s/run/broker", settings->store_folder);
        err = session_open(address, NULL, name, "bind", &session);
        free(address);
    }
    if (!err) {
        struct bind_job bind = {store, rules, settings->council, folder, (uint32_t)settings->volume_pages};
        err = session_run(&session, packer_handle, &bind, &program_stop);
    }
    if (err)
        log_error("binding ends: %s", err_text(err));
    session_close(&session);
    rules_drop(&rules);
    store_close(&store);
    settings_drop(&settings);
    free(folder);
    return err ? 70 : 0;
}
