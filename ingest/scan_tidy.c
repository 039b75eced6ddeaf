/* scan_tidy.c: a receipt with something in quarantine lies in failed/ with a notice, every other one in done/. What lies in failed/ is
 * listed once and then remembered; what is in quarantine comes from an index of the database, so that a round costs little. */
#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "ingest/receive.h"
#include "ingest/scan_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define REASONS_MOST 20 /* in one notice */

struct scan_failed {
    int64_t receipt;
    char *name;      /* of the file, in failed/; NULL: only its notice is there */
    char *notice;    /* of the notice that was written; NULL: none yet */
    uint64_t text;   /* what the notice says, hashed; 0: not known */
};

/* A receipt that has something in quarantine. */
struct scan_wanted {
    int64_t receipt;
    struct buf reasons;
    size_t count; /* parts */
};

struct scan_round {
    struct scan_folder *folder;
    struct scan_places at;
    struct scan_wanted *wanted; /* sorted by receipt */
    size_t wanted_count;
};

static int failed_order(const void *a, const void *b) {
    const struct scan_failed *x = a, *y = b;
    return (x->receipt > y->receipt) - (x->receipt < y->receipt);
}

static int wanted_order(const void *a, const void *b) {
    const struct scan_wanted *x = a, *y = b;
    return (x->receipt > y->receipt) - (x->receipt < y->receipt);
}

static struct scan_failed *failed_find(const struct scan_folder *folder, int64_t receipt) {
    struct scan_failed wanted = {.receipt = receipt};
    return folder->failed_count ? bsearch(&wanted, folder->failed, folder->failed_count, sizeof wanted, failed_order) : NULL;
}

static struct scan_wanted *wanted_find(const struct scan_round *round, int64_t receipt) {
    struct scan_wanted wanted = {.receipt = receipt};
    return round->wanted_count ? bsearch(&wanted, round->wanted, round->wanted_count, sizeof wanted, wanted_order) : NULL;
}

static struct scan_failed *failed_add(struct scan_folder *folder, int64_t receipt) {
    folder->failed = mem_grow(folder->failed, folder->failed_count + 1, sizeof *folder->failed);
    folder->failed[folder->failed_count] = (struct scan_failed){.receipt = receipt};
    return &folder->failed[folder->failed_count++];
}

static void failed_clear(struct scan_failed *failed) {
    free(failed->name);
    free(failed->notice);
}

void scan_tidy_drop(struct scan_folder *folder) {
    for (size_t i = 0; i < folder->failed_count; i++)
        failed_clear(&folder->failed[i]);
    free(folder->failed);
    folder->failed = NULL;
    folder->failed_count = 0;
    folder->failed_loaded = 0;
}

static int failed_note(struct scan_round *round, const char *name) {
    int64_t receipt = scan_name_receipt(name);
    if (!receipt)
        return 0;
    struct scan_folder *folder = round->folder;
    struct scan_failed *last = folder->failed_count ? &folder->failed[folder->failed_count - 1] : NULL;
    struct scan_failed *failed = last && last->receipt == receipt ? last : failed_add(folder, receipt);
    size_t len = strlen(name);
    int notice = len > 4 && strcmp(name + len - 4, ".txt") == 0 && scan_notice_is(&round->at, name);
    char **place = notice ? &failed->notice : &failed->name;
    if (!*place)
        *place = mem_text(name);
    return 0;
}

/* The names come sorted, but receipts of a million and more do not sort as numbers do: those of one receipt are still neighbours. */
static int failed_load(struct scan_round *round) {
    struct scan_names names;
    int err = scan_names_load(round->at.failed, &names);
    if (err)
        return err;
    for (int i = 0; i < names.count; i++)
        failed_note(round, names.list[i]->d_name);
    scan_names_drop(&names);
    if (round->folder->failed_count)
        qsort(round->folder->failed, round->folder->failed_count, sizeof *round->folder->failed, failed_order);
    round->folder->failed_loaded = 1;
    return 0;
}

static struct scan_wanted *wanted_of(struct scan_round *round, int64_t receipt) {
    if (!round->wanted_count || round->wanted[round->wanted_count - 1].receipt != receipt) {
        round->wanted = mem_grow(round->wanted, round->wanted_count + 1, sizeof *round->wanted);
        round->wanted[round->wanted_count++] = (struct scan_wanted){.receipt = receipt};
    }
    return &round->wanted[round->wanted_count - 1];
}

/* CROSS JOIN keeps the order: from the few that are in quarantine to their receipts, not the other way round. */
static int wanted_load(struct scan_round *round) {
    struct rows *rows = db_query(round->folder->store->db,
                                 "SELECT p.receipt_id, p.reason, p.parent_id IS NULL FROM part p CROSS JOIN receipt r"
                                 " WHERE r.id = p.receipt_id AND p.state = 'quarantined' AND r.profile = ? AND r.channel = 'scan folder'"
                                 " ORDER BY p.receipt_id, p.id", "t", round->folder->profile->name);
    while (rows_next(rows) > 0) {
        struct scan_wanted *wanted = wanted_of(round, rows_int(rows, 0));
        char *reason = text_printable(view_text(rows_text(rows, 1)));
        if (wanted->count++ < REASONS_MOST)
            buf_print(&wanted->reasons, "  %s %s\n", rows_int(rows, 2) ? "the file:     " : "a part of it: ",
                      *reason ? reason : "not said");
        free(reason);
    }
    return rows_end(&rows);
}

static void round_drop(struct scan_round *round) {
    for (size_t i = 0; i < round->wanted_count; i++)
        buf_drop(&round->wanted[i].reasons);
    free(round->wanted);
    scan_places_close(&round->at);
}

#define REMEDY_BYTES 160

/* What can help, by the reason. */
static void notice_remedy(const char *reasons, const char *number, char out[REMEDY_BYTES]) {
    if (strstr(reasons, "password"))
        snprintf(out, REMEDY_BYTES, "  casefile quarantine unlock %s      asks for its password\n", number);
    else if (strstr(reasons, "empty"))
        out[0] = 0;
    else
        snprintf(out, REMEDY_BYTES, "  casefile quarantine as-picture %s  shows it as pictures of its pages, whatever else it holds\n", number);
}

static char *notice_text(struct scan_wanted *wanted) {
    char number[RECEIPT_TEXT], more[64] = "", remedy[REMEDY_BYTES];
    receipt_text(wanted->receipt, number);
    notice_remedy(buf_text(&wanted->reasons), number, remedy);
    if (wanted->count > REASONS_MOST)
        snprintf(more, sizeof more, "  and %zu further parts\n", wanted->count - REASONS_MOST);
    return mem_print(SCAN_NOTICE_HEAD "%s was taken in, but not everything in it could be opened.\n\n"
                     "Receipt: %s\n"
                     "Why:\n%s%s\n"
                     "Nothing is lost: the original is kept in the store, just as it came, and waits there for a person.\n\n"
                     "What to do, on a machine where casefile runs:\n"
                     "  casefile quarantine show %s        tells more\n"
                     "  casefile quarantine retry %s       opens it once more\n"
                     "%s"
                     "  casefile quarantine give %s NAME   gives it to somebody to look after\n"
                     "  casefile quarantine close %s --why TEXT  when nothing is to be opened in it (empty, scanned again)\n"
                     "If the paper is at hand, scanning it again may be the shortest way.\n\n"
                     "When this is settled, the file goes to done/ by itself and this note goes away.\n",
                     number, number, buf_text(&wanted->reasons), more, number, number, remedy, number, number);
}

static uint64_t text_hash(const char *text) {
    uint64_t hash = 14695981039346656037u; /* FNV-1a, 64 bits */
    for (; *text; text++)
        hash = (hash ^ (uint8_t)*text) * 1099511628211u;
    return hash ? hash : 1;
}

static int notice_bring_up(struct scan_round *round, struct scan_failed *failed, struct scan_wanted *wanted) {
    char number[RECEIPT_TEXT];
    char *text = notice_text(wanted);
    uint64_t hash = text_hash(text);
    int err = 0;
    receipt_text(failed->receipt, number);
    if (failed->text != hash) {
        if (!failed->notice)
            failed->notice = mem_print("%s.txt", failed->name ? failed->name : number);
        err = scan_notice_write(&round->at, failed->notice, text);
    }
    if (!err)
        failed->text = hash;
    free(text);
    return err;
}

/* Brings the files of the newly quarantined over: done/ is listed once for all of them. */
static int round_fetch(struct scan_round *round) {
    struct scan_names names;
    int err = round->at.done < 0 ? 0 : scan_names_load(round->at.done, &names);
    if (err || round->at.done < 0)
        return err;
    for (int i = 0; i < names.count; i++) {
        const char *name = names.list[i]->d_name;
        int64_t receipt = scan_name_receipt(name);
        struct scan_failed *failed = receipt && wanted_find(round, receipt) ? failed_find(round->folder, receipt) : NULL;
        struct scan_move move = {round->at.done, round->at.failed, name, name, 1};
        if (!failed || failed->name)
            continue;
        int moved = scan_move(&move, &failed->name);
        err = err ? err : moved == ERR_NOT_FOUND ? 0 : moved;
    }
    scan_names_drop(&names);
    return err;
}

static int round_add(struct scan_round *round) {
    size_t before = round->folder->failed_count, known = before;
    for (size_t i = 0; i < round->wanted_count; i++) {
        struct scan_failed key = {.receipt = round->wanted[i].receipt};
        if (!known || !bsearch(&key, round->folder->failed, known, sizeof key, failed_order))
            failed_add(round->folder, key.receipt);
    }
    if (round->folder->failed_count > before)
        qsort(round->folder->failed, round->folder->failed_count, sizeof *round->folder->failed, failed_order);
    else if (!round->folder->fetch_due)
        return 0;
    int err = round_fetch(round);
    round->folder->fetch_due = err != 0;
    return err;
}

static int is_ours(const struct scan_folder *folder, int64_t receipt) {
    int64_t id;
    return db_int(folder->store->db, &id, "SELECT id FROM receipt WHERE id = ? AND profile = ? AND channel = 'scan folder'", "it",
                  receipt, folder->profile->name) == 0;
}

/* Nothing of it is in quarantine any more. */
static int failed_settle(struct scan_round *round, struct scan_failed *failed) {
    char *name = NULL;
    struct scan_move move = {round->at.failed, round->at.done, failed->name, failed->name, 0};
    int err = !failed->name ? 0 : round->at.done < 0 ? ERR_SYSTEM : scan_move(&move, &name);
    free(name);
    if (err && err != ERR_NOT_FOUND)
        return err;
    if (failed->notice)
        unlinkat(round->at.failed, failed->notice, 0);
    return 0;
}

static int round_settle(struct scan_round *round) {
    struct scan_folder *folder = round->folder;
    size_t kept = 0;
    int err = 0;
    for (size_t i = 0; i < folder->failed_count; i++) {
        struct scan_failed *failed = &folder->failed[i];
        struct scan_wanted *wanted = wanted_find(round, failed->receipt);
        int one = wanted ? notice_bring_up(round, failed, wanted) : is_ours(folder, failed->receipt) ? failed_settle(round, failed) : 0;
        err = err ? err : one;
        if (wanted || one)
            folder->failed[kept++] = *failed;
        else
            failed_clear(failed);
    }
    folder->failed_count = kept;
    return err;
}

static int round_run(struct scan_round *round) {
    int err = round->at.failed < 0 ? ERR_SYSTEM : 0;
    if (!err && !round->folder->failed_loaded)
        err = failed_load(round);
    if (!err)
        err = wanted_load(round);
    int fetched = err ? 0 : round_add(round);
    int settled = err ? 0 : round_settle(round);
    return err ? err : fetched ? fetched : settled;
}

int scan_tidy(struct channel *channel) {
    struct scan_round round = {.folder = (struct scan_folder *)channel};
    if (!round.folder->opened)
        return 0; /* the look says why */
    int err = scan_places_open(round.folder, &round.at);
    if (err)
        return err == ERR_NOT_FOUND ? 0 : err;
    err = round_run(&round);
    round_drop(&round);
    return err;
}
