/* casefile-broker: lends jobs, commits results.
 *
 * Security: it has the keys and the database; from workers it takes checked messages only (queue/message.def), and parses nothing of a
 * document but the fixed records that the rooms' decoders check. On tcp it demands CURVE and a known worker's key. */
#include "base/err.h"
#include "base/mem.h"
#include "daemon/program.h"
#include "daemon/worker_keys.h"
#include "disclose/bind_job_kind.h"
#include "filing/file_job.h"
#include "ingest/near_duplicate.h"
#include "ingest/open_job.h"
#include "ocr/read_job.h"
#include "queue/broker.h"
#include "redact/flag_job.h"
#include "redact/redact_job.h"
#include "store/vault.h"

#include <sodium.h>
#include <stdlib.h>

static int allow_worker(void *state, const uint8_t public_key[32]) {
    return worker_keys_allowed(state, public_key);
}

static int broker_bind(struct store *store, const struct settings *settings, struct hub *hub) {
    char *path = store_path(store, "run/broker");
    int err = hub_bind_ipc(hub, path);
    free(path);
    if (!err && settings->listen[0]) {
        struct link_keys keys;
        worker_keys_of_broker(store, &keys);
        err = hub_bind_tcp(hub, settings->listen, &keys, allow_worker, store);
        sodium_memzero(&keys, sizeof keys);
    }
    return err;
}

int main(int argc, char **argv) {
    struct settings *settings = settings_for_program(&argc, argv);
    struct store *store = NULL;
    struct hub *hub = NULL;
    program_start("casefile-broker", settings);
    int err = store_open(settings->store_folder, &store);
    if (!err) {
        int swept = vault_sweep(store);
        if (swept > 0)
            log_info("%d sealed files without a row were removed", swept);
        err = hub_new(&hub);
    }
    if (!err)
        err = broker_bind(store, settings, hub);
    if (!err) {
        const struct job_kind all[] = {prove_job_kind, cover_job_kind, bind_job_kind, flag_job_kind,
                                       file_job_kind,  open_job_kind,  convert_job_kind, read_job_kind, compare_job_kind};
        struct broker_order order = {.store = store, .hub = hub, .kinds = all, .kind_count = sizeof all / sizeof all[0],
                                     .lease_ms = settings->lease_seconds * 1000, .attempts_most = settings->attempts,
                                     .schedule = {settings_minute(settings->night_from), settings_minute(settings->night_until),
                                                  settings->backlog_by_day},
                                     .locked_ms_most = 3000, .free_megabytes_least = settings->free_megabytes, .stop = &program_stop};
        err = broker_run(&order);
    }
    if (err)
        log_error("the broker ends: %s", err_text(err));
    hub_drop(&hub);
    store_close(&store);
    settings_drop(&settings);
    return err ? 70 : 0;
}
