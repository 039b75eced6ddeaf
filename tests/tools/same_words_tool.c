/* Compares documents given as plain text, as the job "compare" does; for measuring, not shipped: same_words_tool FOLDER [-v] < TEXTS
 * FOLDER: for a store that is made there and may be thrown away. Each document begins with a line that is the byte 0x1E and a name; a form
 * feed ends a page. Writes a line for each proposed pair: name, name, likeness, basis; at the end the milliseconds a document. -v: a line
 * for each pair that shares a band: name, name, likeness, differing names, numbers and words, how many of both were compared. */
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "ingest/near_duplicate.h"
#include "ingest/same_paper.h"
#include "ingest/sketch.h"
#include "store/page_rows.h"
#include "store/vault.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define DOCUMENTS_MOST 100000

struct tool {
    struct store *store;
    int64_t picture;
    char *names[DOCUMENTS_MOST]; /* by document number */
    int count;
    double seconds;
};

static void must(int err) {
    if (err) {
        fprintf(stderr, "same_words_tool: %s\n", err_text(err));
        exit(1);
    }
}

static double seconds_now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* A line feed ends a line, spaces end words; set on the page roughly where they would stand. */
static struct words page_words(char *text) {
    struct words words = {0};
    uint32_t number = 0;
    char *save_line = NULL;
    for (char *line = strtok_r(text, "\n", &save_line); line; line = strtok_r(NULL, "\n", &save_line), number++) {
        char *save = NULL;
        float x = 50, y = 50 + 14 * (float)number;
        for (char *word = strtok_r(line, " \t\r", &save); word; word = strtok_r(NULL, " \t\r", &save), x += 30)
            words_add(&words, (struct box){x, y, x + 25, y + 11}, number, number, 95, word);
    }
    return words;
}

static void page_save(struct tool *tool, int64_t part, int64_t document, int64_t number, char *text) {
    struct page_row row = {.picture_id = tool->picture};
    struct words words = page_words(text);
    must(db_run(tool->store->db,
                "INSERT INTO page(part_id, number, width_pt, height_pt, role, state, picture_id, picture_format, picture_dpi, picture_turn,"
                " source, document_id) VALUES(?, ?, 595, 842, 'page', 'read', ?, 2, 300, 0, 2, ?)", "iiii", part, number, tool->picture, document));
    row.id = db_last_id(tool->store->db);
    must(page_words_save(tool->store, &row, &words));
    words_drop(&words);
}

static void document_save(struct tool *tool, const char *name, char *text) {
    struct db *db = tool->store->db;
    int64_t number = 0;
    if (tool->count + 1 >= DOCUMENTS_MOST)
        must(ERR_TOO_MANY);
    must(db_begin(db));
    must(db_run(db, "INSERT INTO receipt(channel, received_at, received_by) VALUES('test', 0, 'machine')", ""));
    must(db_run(db, "INSERT INTO part(receipt_id, ordinal, kind, sealed_name, content_hash, bytes, state) VALUES(?, 0, 'pdf', x'', x'', 1, 'opened')",
                "i", db_last_id(db)));
    int64_t part = db_last_id(db);
    must(db_run(db, "INSERT INTO document(part_id, ordinal, first_page, last_page, state) VALUES(?, 1, 1, 1, 'ready')", "i", part));
    int64_t document = db_last_id(db);
    for (char *page = text; page;) {
        char *end = strchr(page, '\f');
        if (end)
            *end = 0;
        page_save(tool, part, document, ++number, page);
        page = end ? end + 1 : NULL;
    }
    must(job_add(tool->store, "compare", document, JOB_USUAL));
    must(db_commit(db));
    tool->names[document] = mem_text(name);
    tool->count = (int)document;
}

static void document_look(struct tool *tool) {
    struct job job;
    must(db_begin(tool->store->db));
    must(job_lend(tool->store, "compare", "tool", &job));
    must(db_commit(tool->store->db));
    double from = seconds_now();
    must(near_duplicate_look(tool->store, &job));
    tool->seconds += seconds_now() - from;
}

static void texts_read(struct tool *tool, struct buf *in) {
    char *at = (char *)buf_text(in);
    while (at && (at = strchr(at, 0x1e))) {
        char *name = at + 1, *text = strchr(name, '\n'), *next = strchr(name, 0x1e);
        if (!text)
            break;
        if (next)
            *next = 0;
        *text = 0;
        document_save(tool, name, text + 1);
        document_look(tool);
        if (next)
            *next = 0x1e;
        at = next;
    }
}

static void print_pair(struct tool *tool, int64_t a, int64_t b) {
    struct document_words x, y;
    struct shingles s, t;
    struct same_paper d;
    uint8_t key[SKETCH_KEY_BYTES] = {1};
    must(document_words_load(tool->store, a, &x));
    must(document_words_load(tool->store, b, &y));
    shingles_of(&x, key, &s);
    shingles_of(&y, key, &t);
    same_paper_compare(&x, &y, &d);
    int passages_x = shingles_count_passages(&x, key, &t, 60), passages_y = shingles_count_passages(&y, key, &s, 60);
    printf("pair\t%s\t%s\t%.3f\t%d\t%d\t%d\t%d\t%d\t%d\t%d\n", tool->names[a], tool->names[b], shingles_likeness(&s, &t), d.names, d.numbers, d.words, d.told,
           d.all_words, passages_x, passages_y);
    shingles_drop(&s);
    shingles_drop(&t);
    document_words_drop(&x);
    document_words_drop(&y);
}

int main(int argc, char **argv) {
    static struct tool tool;
    struct buf in = {0};
    struct sealed_file file;
    char block[65536];
    if (argc < 2)
        return 2;
    must(store_open(argv[1], &tool.store));
    must(vault_write(tool.store, view_text("a picture"), &file));
    must(db_begin(tool.store->db));
    must(vault_add(tool.store, &file, VAULT_PICTURE, "intake", 0, &tool.picture));
    must(db_commit(tool.store->db));
    for (ssize_t n; (n = read(STDIN_FILENO, block, sizeof block)) > 0;)
        buf_add(&in, block, (size_t)n);
    texts_read(&tool, &in);
    struct rows *rows = db_query(tool.store->db, "SELECT document_id, other_id, likeness, basis FROM near_duplicate", "");
    while (rows_next(rows) > 0)
        printf("same\t%s\t%s\t%.3f\t%s\n", tool.names[rows_int(rows, 0)], tool.names[rows_int(rows, 1)], rows_real(rows, 2), rows_text(rows, 3));
    must(rows_end(&rows));
    rows = db_query(tool.store->db, "SELECT DISTINCT a.document_id, b.document_id FROM sketch a JOIN sketch b ON b.band = a.band AND"
                                    " b.value = a.value AND b.document_id < a.document_id", "");
    while (argc > 2 && rows_next(rows) > 0)
        print_pair(&tool, rows_int(rows, 0), rows_int(rows, 1));
    must(rows_end(&rows));
    printf("milliseconds\t%.2f\n", tool.count ? tool.seconds * 1000 / tool.count : 0.0);
    for (int i = 0; i <= tool.count; i++)
        free(tool.names[i]);
    buf_drop(&in);
    store_close(&tool.store);
    return 0;
}
