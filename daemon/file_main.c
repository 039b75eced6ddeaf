/* casefile-file: matches documents to the register, flags people, and compares documents with each other.
 *
 * Security: it has the keys and the database, and holds the register in memory; it sees words only, never a file that came from outside. */
#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "daemon/finding.h"
#include "daemon/program.h"
#include "filing/file_job.h"
#include "filing/filing_review.h"
#include "ingest/near_duplicate.h"
#include "queue/session.h"
#include "redact/flag_job.h"
#include "store/people_rows.h"

#include <stdlib.h>
#include <string.h>

struct filer {
    struct store *store;
    struct finding finding;
    struct kinds *kinds;
    struct nicknames *nicknames;
    struct people *people;
    struct matcher *matcher;
    struct finder *finder;
    struct filing_limits limits;
    struct linkage linkage;
    int64_t sample; /* of a week's automatic filings */
    int64_t version; /* of the register in memory */
};

static int filer_load(struct filer *f) {
    int64_t version;
    int err = store_meta(f->store, "register", &version);
    if (err || (f->matcher && version == f->version))
        return err;
    finder_drop(&f->finder); /* first: a large register fits into memory once, not twice */
    matcher_drop(&f->matcher);
    people_drop(&f->people);
    err = people_load(f->store, &f->people);
    if (err)
        return err;
    f->matcher = matcher_new(f->people, &(struct matcher_order){f->limits, &f->linkage, f->nicknames});
    f->finder = finding_finder(&f->finding, f->people, 0);
    f->version = version;
    log_info("register: %zu children, %zu links", f->people->child_count, f->people->person_count);
    return 0;
}

static int filer_handle(void *state, const struct message *message) {
    struct filer *f = state;
    struct job job = {.id = (int64_t)message->job, .attempt = message->attempt, .subject = (int64_t)message->subject};
    int err = filer_load(f);
    if (!err && strcmp(message->kind, "file") == 0)
        err = sample_draw(f->store, date_today(), f->sample);
    if (err)
        return err;
    err = strcmp(message->kind, "file") == 0   ? file_document(f->store, f->matcher, f->kinds, &job)
          : strcmp(message->kind, "flag") == 0 ? flag_document(f->store, f->finder, &job)
          : strcmp(message->kind, "compare") == 0 ? near_duplicate_look(f->store, &job)
                                                  : ERR_PROTOCOL;
    return err == ERR_STALE ? 0 : err; /* somebody else did it meanwhile */
}

static int filer_open(struct filer *f, const struct settings *settings) {
    f->limits = filing_limits_of(settings);
    char *folder = program_rules_folder(settings);
    int err = finding_load(settings, &f->finding);
    if (!err)
        err = linkage_load(folder, &f->linkage);
    if (!err)
        err = kinds_load(folder, &f->kinds);
    if (!err)
        err = nicknames_load(folder, &f->nicknames);
    f->sample = settings->filing_sample;
    free(folder);
    if (!err)
        err = store_open(settings->store_folder, &f->store);
    return err ? err : filer_load(f);
}

int main(int argc, char **argv) {
    struct settings *settings = settings_for_program(&argc, argv);
    const char *name = program_option(argc, argv, "--name", "file");
    struct filer f = {0};
    struct session session = {0};
    program_start("casefile-file", settings);
    int err = filer_open(&f, settings);
    if (!err) {
        char *address = mem_print("ipc://%s/run/broker", settings->store_folder);
        err = session_open(address, NULL, name, "flag,file,compare", &session);
        free(address);
    }
    if (!err)
        err = session_run(&session, filer_handle, &f, &program_stop);
    if (err)
        log_error("filing ends: %s", err_text(err));
    session_close(&session);
    finder_drop(&f.finder);
    matcher_drop(&f.matcher);
    people_drop(&f.people);
    finding_drop(&f.finding);
    kinds_drop(&f.kinds);
    nicknames_drop(&f.nicknames);
    store_close(&f.store);
    settings_drop(&settings);
    return err ? 70 : 0;
}
