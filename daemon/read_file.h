/* read_file.h: one file on its way through the helpers: opened, its pages read side by side, given on in order.
 *
 * A window of pages is in flight, whatever the file's length: when it is full, the helper that opens waits. A page that makes a helper end
 * or hang is tried once more, then it is given on with its trouble. */
#ifndef DAEMON_READ_FILE_H
#define DAEMON_READ_FILE_H

#include "daemon/read_pool.h"
#include "ocr/read_output.h"

#define READ_RANGES_MOST 100

/* What is wanted of every file. */
struct read_wish {
    const struct settings *settings;
    struct read_range {
        uint32_t from, to; /* page numbers; in rising order, not overlapping */
    } ranges[READ_RANGES_MOST];
    size_t range_count;    /* 0: every page */
    const char *password;  /* or "" */
    bool as_picture;       /* no text layer is believed */
    bool images;           /* pages come with what a PDF shows of them */
    int jobs;
};

/* How a page came out. */
enum read_outcome {
    READ_WELL,    /* words, or nothing on it to read */
    READ_BLANK,
    READ_POORLY,  /* words, and something that a person should know */
    READ_NOTHING, /* no word of it, though there may be some: trouble says why */
};
struct read_told {
    enum read_outcome outcome;
    uint8_t quality;     /* 0 to 100 of a recognised page */
    bool recognised;     /* else its own text was believed */
    bool layer_differs;  /* a hidden text of the page says something else than what is seen, and was not believed */
    const char *trouble; /* "" or plain words; borrowed */
};

struct read_file;
struct read_file_order {
    struct read_pool *pool;
    const struct read_wish *wish;
    const char *path; /* "-": standard input */
    /* A page, in order. Not 0: the file ends with that error. */
    int (*page)(void *state, const struct read_page *page, const struct read_told *told);
    void *state;
};

/* Reads the file and hands it to a helper; everything in order is borrowed as long as the file lives, but for order itself. */
struct read_file *read_file_new(const struct read_file_order *order);
void read_file_drop(struct read_file **file);
/* Gives on the pages that are ready and may go. held: none may (another file's are due first); they wait, few of them. */
void read_file_turn(struct read_file *file, bool held);
/* Whether nothing more will come; *ret_err: 0, or why pages are missing or there are none. */
bool read_file_is_done(const struct read_file *file, int *ret_err);
/* Pages that are wanted of it, 0 when that is not known yet; and those that were given on. */
uint32_t read_file_wanted(const struct read_file *file);
uint32_t read_file_given(const struct read_file *file);
/* What it is ("pdf", "mail", ...; "" when nobody knows), how many parts lie in it that are not its pages. */
const char *read_file_kind(const struct read_file *file);
uint32_t read_file_parts(const struct read_file *file);

#endif
