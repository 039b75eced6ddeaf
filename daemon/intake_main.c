/* casefile-intake: watches the channels and stores what comes.
 *
 * Security: it has the keys, the database and the mailboxes' passwords; it stores bytes and never parses them. */
#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "daemon/program.h"
#include "ingest/channel_rows.h"
#include "ingest/custody.h"
#include "ingest/scan_folder.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>

#define LOOK_SOON_MS 250    /* again, when something is not settled yet */
#define LOOK_LEAST_MS 50    /* between two looks at a channel, however often it calls */
#define STORE_STOP_MS 1000  /* between two tries while the store is in trouble */
#define TIDY_MS 2000
#define TIDY_ALWAYS_MS 60000 /* also when nothing has changed in the store */
#define REPORT_MS 60000
#define LOG_MS 60000 /* between two lines about a trouble that only changes its words */

static const char disk_full[] = "taking in has stopped: the disk is nearly full; it goes on by itself when there is room";

struct served {
    struct channel *channel;
    struct channel_row row;
    int64_t due_ms, looked_ms; /* steady */
    int64_t logged_ms;         /* 0: it has no trouble that was told */
};

struct intake {
    struct store *store;
    const struct settings *settings;
    struct scan_profile inbox; /* where the settings name no profile */
    struct served *served;
    size_t count;
    int64_t stopped_ms; /* the store is in trouble: nothing is looked at before */
    int stop_told;
    int64_t tidy_ms, tidied_ms, report_ms, version;
    int tidy_due, tidy_failed;
};

static void intake_add(struct intake *intake, struct channel *channel, int wait_ms) {
    intake->served = mem_grow(intake->served, intake->count + 1, sizeof *intake->served);
    intake->served[intake->count++] = (struct served){.channel = channel};
    if (wait_ms)
        channel->wait_ms = wait_ms;
}

static int add_folder(struct intake *intake, const struct scan_profile *profile) {
    struct channel *channel = NULL;
    size_t most = (size_t)intake->settings->file_megabytes << 20;
    int err = scan_folder_channel(intake->store, profile, most, &channel);
    if (err)
        return err;
    intake_add(intake, channel, intake->settings->rescan_seconds * 1000);
    return 0;
}

/* No item may be taken twice: what lies in the folder of another channel is that one's. Of two with the same folder the later
 * one must stand back. */
static void folders_keep_out(struct intake *intake) {
    const struct settings *settings = intake->settings;
    for (size_t i = 0; i < settings->profiles_count; i++)
        for (size_t k = 0; k < settings->profiles_count; k++)
            if (k < i || (k > i && strcmp(settings->profiles[k].folder, settings->profiles[i].folder)))
                scan_folder_keep_out(intake->served[i].channel, settings->profiles[k].folder);
    for (size_t i = 0; i < settings->mailboxes_count; i++)
        for (size_t k = 0; k < (settings->profiles_count ? settings->profiles_count : 1); k++)
            if (settings->mailboxes[i].path[0])
                scan_folder_keep_out(intake->served[k].channel, settings->mailboxes[i].path);
}

static int add_mailbox(struct intake *intake, const struct mailbox *mailbox) {
    struct channel *channel = NULL;
    size_t most = (size_t)intake->settings->file_megabytes << 20;
    int err = strcmp(mailbox->kind, "imap") == 0 ? imap_channel(intake->store, mailbox, most, &channel)
                                                 : maildir_channel(intake->store, mailbox, most, &channel);
    if (err)
        log_error("mailbox %s: it is not served: %s", mailbox->name, err_text(err));
    else
        intake_add(intake, channel, 0);
    return 0; /* the others are served all the same */
}

static int intake_open(struct intake *intake) {
    const struct settings *settings = intake->settings;
    int err = 0;
    if (!settings->profiles_count) {
        char *path = settings->scan_folder[0] ? mem_text(settings->scan_folder) : store_path(intake->store, "inbox");
        intake->inbox = (struct scan_profile){.name = "inbox", .folder = path, .team = "", .scanner = "", .duplex = "simplex", .kind = "",
                                              .priority = "usual", .after = settings->scan_done,
                                              .settle_seconds = settings->settle_seconds, .stale_seconds = 600};
        err = add_folder(intake, &intake->inbox);
    }
    for (size_t i = 0; i < settings->profiles_count && !err; i++)
        err = add_folder(intake, &settings->profiles[i]);
    if (!err)
        folders_keep_out(intake);
    for (size_t i = 0; i < settings->mailboxes_count && !err; i++)
        err = add_mailbox(intake, &settings->mailboxes[i]);
    return err;
}

static void intake_close(struct intake *intake) {
    for (size_t i = 0; i < intake->count; i++)
        intake->served[i].channel->drop(intake->served[i].channel);
    free(intake->served);
    free(intake->inbox.folder);
}

/* Once when it comes, once when it goes; and now and then when it changes. */
static void trouble_log(struct served *served, const struct channel_look *look, int changed) {
    const struct channel *channel = served->channel;
    const char *trouble = look->trouble;
    int64_t now = clock_steady();
    if (*trouble && (!served->logged_ms || (changed && now - served->logged_ms >= LOG_MS))) {
        (look->err ? log_error : log_warn)("%s %s: %s", channel->kind, channel->name, trouble);
        served->logged_ms = now ? now : 1;
    } else if (!*trouble && served->logged_ms) {
        log_info("%s %s: all is well again", channel->kind, channel->name);
        served->logged_ms = 0;
    }
}

/* The store is in trouble, and each channel says so; told once, and again when it has cleared. */
static void intake_stop(struct intake *intake, const char *trouble) {
    intake->stopped_ms = clock_steady() + STORE_STOP_MS;
    for (size_t i = 0; i < intake->count; i++)
        channel_row_note_trouble(&intake->served[i].row, trouble);
    if (!intake->stop_told)
        log_error("%s", trouble);
    intake->stop_told = 1;
}

static void intake_go_on(struct intake *intake) {
    if (intake->stop_told)
        log_info("taking in goes on");
    intake->stop_told = 0;
}

static int disk_is_full(const struct intake *intake) {
    struct statvfs disk;
    if (!intake->settings->free_megabytes || statvfs(intake->store->folder, &disk))
        return 0;
    return (uint64_t)disk.f_bavail * disk.f_frsize < (uint64_t)intake->settings->free_megabytes << 20;
}

/* Returns 0 when the store is in trouble. */
static int served_look(struct intake *intake, struct served *served) {
    struct channel_look look = {0};
    served->channel->look(served->channel, &look);
    served->looked_ms = clock_steady();
    served->due_ms = served->looked_ms + (look.taken && look.waiting ? 0 : look.waiting || look.taken ? LOOK_SOON_MS : served->channel->wait_ms);
    intake->tidy_due |= look.taken > 0;
    int changed = strcmp(look.trouble, served->row.trouble) != 0;
    channel_row_note(&served->row, &look);
    if (look.store_err) {
        served->due_ms = 0;
        intake_stop(intake, look.trouble);
        return 0;
    }
    trouble_log(served, &look, changed);
    return 1;
}

static void intake_look(struct intake *intake) {
    int looked = 0;
    if (clock_steady() < intake->stopped_ms)
        return;
    for (size_t i = 0; i < intake->count && !program_stop; i++) {
        struct served *served = &intake->served[i];
        if (clock_steady() < served->due_ms && !intake->stop_told)
            continue;
        if (disk_is_full(intake)) {
            intake_stop(intake, disk_full);
            return;
        }
        if (!served_look(intake, served))
            return;
        looked = 1;
    }
    if (looked)
        intake_go_on(intake);
}

static void intake_tidy(struct intake *intake) {
    int64_t now = clock_steady();
    int failed = 0;
    if (now < intake->tidy_ms)
        return;
    intake->tidy_ms = now + TIDY_MS;
    int64_t version = db_version(intake->store->db);
    if (version == intake->version && !intake->tidy_due && now - intake->tidied_ms < TIDY_ALWAYS_MS)
        return;
    for (size_t i = 0; i < intake->count; i++) {
        struct channel *channel = intake->served[i].channel;
        int err = channel->tidy ? channel->tidy(channel) : 0;
        if (err && !intake->tidy_failed)
            log_error("%s %s: what is in quarantine cannot be shown beside the other items: %s", channel->kind, channel->name, err_text(err));
        failed |= err != 0;
    }
    if (intake->tidy_failed && !failed)
        log_info("what is in quarantine is shown again");
    intake->tidy_failed = failed;
    intake->tidy_due = 0;
    intake->tidied_ms = now;
    intake->version = version;
}

static void intake_rows(struct intake *intake) {
    for (size_t i = 0; i < intake->count; i++)
        if (channel_row_write(intake->store, intake->served[i].channel, &intake->served[i].row))
            return; /* the store's trouble is told elsewhere */
}

static void intake_report(struct intake *intake) {
    if (clock_steady() < intake->report_ms)
        return;
    intake->report_ms = clock_steady() + REPORT_MS;
    int err = custody_report_due(intake->store, intake->settings->report_hour);
    if (err < 0)
        log_error("the custody report of the day could not be written: %s", err_text(err));
}

/* Until something is due, or a channel calls. */
static void intake_wait(struct intake *intake, struct pollfd *polled) {
    int64_t now = clock_steady(), due = intake->tidy_ms;
    int stopped = now < intake->stopped_ms;
    for (size_t i = 0; i < intake->count; i++) {
        struct served *served = &intake->served[i];
        if (served->due_ms < due)
            due = served->due_ms;
        polled[i] = (struct pollfd){.fd = stopped ? -1 : served->channel->fd(served->channel), .events = POLLIN};
    }
    if (stopped)
        due = intake->stopped_ms;
    poll(polled, (nfds_t)intake->count, due <= now ? 0 : (int)(due - now));
    for (size_t i = 0; i < intake->count; i++) {
        struct served *served = &intake->served[i];
        if (polled[i].revents && served->due_ms > served->looked_ms + LOOK_LEAST_MS)
            served->due_ms = served->looked_ms + LOOK_LEAST_MS;
    }
}

static void intake_run(struct intake *intake) {
    struct pollfd *polled = mem_new((intake->count ? intake->count : 1) * sizeof *polled);
    struct channel **channels = mem_new((intake->count ? intake->count : 1) * sizeof *channels);
    for (size_t i = 0; i < intake->count; i++)
        channels[i] = intake->served[i].channel;
    int err = channel_rows_keep(intake->store, channels, intake->count);
    if (err)
        log_warn("what status says of earlier channels could not be taken away: %s", err_text(err));
    while (!program_stop) {
        intake_look(intake);
        intake_rows(intake);
        intake_tidy(intake);
        intake_report(intake);
        if (!program_stop)
            intake_wait(intake, polled);
    }
    free(channels);
    free(polled);
}

int main(int argc, char **argv) {
    struct settings *settings = settings_for_program(&argc, argv);
    struct intake intake = {.settings = settings, .tidy_due = 1};
    program_start("casefile-intake", settings);
    int err = store_open(settings->store_folder, &intake.store);
    if (!err)
        err = intake_open(&intake);
    if (!err)
        intake_run(&intake);
    if (err)
        log_error("intake ends: %s", err_text(err));
    intake_close(&intake);
    store_close(&intake.store);
    settings_drop(&settings);
    return err ? 70 : 0;
}
