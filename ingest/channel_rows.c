#include "ingest/channel_rows.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void channel_row_note_trouble(struct channel_row *row, const char *trouble) {
    if (strcmp(row->trouble, trouble) == 0)
        return;
    snprintf(row->trouble, sizeof row->trouble, "%s", trouble);
    row->changed_words = 1;
}

void channel_row_note(struct channel_row *row, const struct channel_look *look) {
    row->changed |= look->taken > 0 || look->waiting != row->waiting || look->left != row->left;
    row->waiting = look->waiting;
    row->left = look->left;
    if (look->taken > 0)
        row->last_item_at = clock_now();
    channel_row_note_trouble(row, look->trouble);
}

static int row_is_due(const struct channel_row *row, int64_t now) {
    int64_t age = now - row->written_ms;
    return !row->written_ms || age >= CHANNEL_ROW_MS || (row->changed && age >= CHANNEL_ROW_COUNT_MS) ||
           (row->changed_words && age >= CHANNEL_ROW_WORDS_MS);
}

int channel_row_write(struct store *store, const struct channel *channel, struct channel_row *row) {
    int64_t now = clock_steady();
    if (!row_is_due(row, now))
        return 0;
    int err = db_run(store->db,
                     "INSERT INTO channel(name, kind, seen_at, last_item_at, waiting, left_alone, trouble)"
                     " VALUES(?, ?, ?, nullif(?, 0), ?, ?, ?)"
                     " ON CONFLICT(name) DO UPDATE SET kind = excluded.kind, seen_at = excluded.seen_at,"
                     " last_item_at = ifnull(excluded.last_item_at, last_item_at), waiting = excluded.waiting,"
                     " left_alone = excluded.left_alone, trouble = excluded.trouble", "ttiiiit", channel->name, channel->kind, clock_now(),
                     row->last_item_at, (int64_t)row->waiting, (int64_t)row->left, row->trouble);
    row->written_ms = now ? now : 1;
    row->changed = row->changed_words = 0;
    return err;
}

static int is_served(const char *name, struct channel *const *channels, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (strcmp(channels[i]->name, name) == 0)
            return 1;
    return 0;
}

int channel_rows_keep(struct store *store, struct channel *const *channels, size_t count) {
    char **gone = NULL;
    size_t gone_count = 0;
    struct rows *rows = db_query(store->db, "SELECT name FROM channel", "");
    while (rows_next(rows) > 0) {
        if (is_served(rows_text(rows, 0), channels, count))
            continue;
        gone = mem_grow(gone, gone_count + 1, sizeof *gone);
        gone[gone_count++] = mem_text(rows_text(rows, 0));
    }
    int err = rows_end(&rows);
    for (size_t i = 0; i < gone_count; i++) {
        if (!err)
            err = db_run(store->db, "DELETE FROM channel WHERE name = ?", "t", gone[i]);
        free(gone[i]);
    }
    free(gone);
    return err;
}
