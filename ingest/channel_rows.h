/* channel_rows.h: what each channel last said of itself, in table channel, for status. */
#ifndef INGEST_CHANNEL_ROWS_H
#define INGEST_CHANNEL_ROWS_H

#include "ingest/channel.h"

#define CHANNEL_ROW_MS 30000      /* written at least so often, so that status can tell a channel that is served from one that is not */
#define CHANNEL_ROW_COUNT_MS 5000 /* at most so often when only its counts have changed */
#define CHANNEL_ROW_WORDS_MS 1000 /* and when its words have */

/* One channel's row as it should be and as it was written. A zeroed struct is one that was never written. */
struct channel_row {
    size_t waiting, left;
    char trouble[sizeof((struct channel_look *)0)->trouble];
    int64_t last_item_at; /* wall clock, ms; 0: none since the program was started */
    int64_t written_ms;   /* steady; 0: never */
    int changed, changed_words;
};

void channel_row_note(struct channel_row *row, const struct channel_look *look);
/* Only the words: nobody has looked. */
void channel_row_note_trouble(struct channel_row *row, const char *trouble);
/* Writes the row when that is due. One that could not be written waits for the next change, or CHANNEL_ROW_MS. */
int channel_row_write(struct store *store, const struct channel *channel, struct channel_row *row);
/* Takes away the rows of channels that are not served any more. */
int channel_rows_keep(struct store *store, struct channel *const *channels, size_t count);

#endif
