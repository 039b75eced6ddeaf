/* cmd_document.c: `casefile document`: writes out a document of the store as searchable PDF, hOCR, ALTO or plain text. Its pages' pictures
 * come from the vault and are opened by the confined helper alone; its words from the rows. Every reading is in the audit log. */
#include "base/err.h"
#include "base/mem.h"
#include "daemon/cmd_document.h"
#include "daemon/helper_request.h"
#include "daemon/output_file.h"
#include "daemon/program.h"
#include "daemon/read_pool.h"
#include "ocr/read_output.h"
#include "ocr/read_record.h"
#include "store/page_rows.h"
#include "store/vault.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DRAW_TRIES 2

static const char usage[] =
    "usage: casefile document DOCUMENT -o FILE.pdf|.txt|.hocr|.alto|.xml [--format F]\n"
    "\n"
    "Writes out a document of the store: its pages with invisible words to search and copy (.pdf), or its words alone. DOCUMENT is a\n"
    "number, as 'casefile triage' lists them. FILE must not be there yet; '-' is standard output (say --format). It is in the audit log;\n"
    "the file is not sealed: delete it when it is not needed any more.\n";

struct writing {
    struct command_context *context;
    const struct pages_order *order;
    enum read_format format;
    struct read_pool *pool; /* of a PDF */
    struct output_file *target;
    struct read_output *output;
    struct progress progress;
    uint32_t unread, unseen; /* pages that wait for their words; pages whose picture cannot be shown */
};

/* ---- a page's picture */

struct drawing {
    struct read_task task;
    struct page_image image;
    bool ended;
    int err;
};

static void drawing_gave(struct read_task *task, struct view bytes) {
    struct drawing *drawing = task->state;
    page_image_drop(&drawing->image);
    page_image_decode(bytes, &drawing->image);
}

static void drawing_ended(struct read_task *task, int err) {
    struct drawing *drawing = task->state;
    drawing->ended = true;
    drawing->err = err || drawing->image.format != IMAGE_NONE ? err : ERR_PROTOCOL;
}

/* Asks a helper and waits. ERR_STATE: there is none to ask, or the command is to stop. */
static int drawing_ask(struct writing *w, struct drawing *drawing, const struct read_order *order) {
    drawing->ended = false;
    drawing->task = (struct read_task){.request = HELPER_PICTURE, .program = HELPER_PROGRAM, .lane = READ_LANE_PAGE, .state = drawing};
    drawing->task.result = drawing_gave;
    drawing->task.end = drawing_ended;
    read_order_encode(order, &drawing->task.order);
    read_pool_add(w->pool, &drawing->task);
    int err = 0;
    while (!err && !drawing->ended && !program_stop)
        err = read_pool_turn(w->pool, 200);
    if (drawing->ended)
        return drawing->err;
    read_pool_cancel(w->pool, &drawing->task);
    buf_wipe(&drawing->task.order);
    return ERR_STATE;
}

/* A picture that no helper can show is left out and told of; one that the vault does not give ends the command. */
static int page_draw(struct writing *w, const struct page_row *row, struct page_image *ret) {
    struct buf bytes = {0};
    struct drawing drawing = {.ended = false};
    if (!row->picture_id || row->format == PICTURE_NONE) {
        w->unseen++;
        return 0;
    }
    int err = page_picture_open(w->context->store, row->picture_id, &bytes), drawn = ERR_CRASHED;
    struct read_order order = {.picture = {row->format, buf_view(&bytes), row->dpi, row->picture_turn}, .width_pt = row->width_pt,
                               .height_pt = row->height_pt};
    for (int i = 0; !err && i < DRAW_TRIES && (drawn == ERR_CRASHED || drawn == ERR_TIME); i++)
        drawn = drawing_ask(w, &drawing, &order);
    buf_wipe(&bytes);
    if (!err && drawn == ERR_STATE)
        err = drawn;
    w->unseen += !err && drawn;
    *ret = drawing.image;
    return err;
}

/* ---- pages */

/* What is known of a page beside its row. */
struct page_known {
    struct words words;
    struct regions regions;
    struct page_image image;
    char *language;
};

static void page_known_drop(struct page_known *known) {
    words_drop(&known->words);
    regions_drop(&known->regions);
    page_image_drop(&known->image);
    free(known->language);
}

static int page_load(struct writing *w, const struct page_row *row, struct page_known *known) {
    struct store *store = w->context->store;
    struct rows *rows = db_query(store->db, "SELECT language FROM page WHERE id = ?", "i", row->id);
    known->language = mem_text(rows_next(rows) == 1 ? rows_text(rows, 0) : "");
    int err = rows_end(&rows);
    if (!err)
        err = page_words_load(store, row->id, &known->words);
    if (!err)
        err = page_regions_load(store, row->id, &known->regions);
    w->unread += !row->read && row->role == PAGE_TEXT;
    return err;
}

static int page_write(struct writing *w, const struct page_row *row) {
    struct page_known known = {.language = NULL};
    int err = page_load(w, row, &known);
    if (!err && w->format == READ_PDF)
        err = page_draw(w, row, &known.image);
    struct read_page page = {.number = row->number, .width_pt = row->width_pt, .height_pt = row->height_pt, .dpi = row->dpi,
                             .turn = row->turn, .words = &known.words, .regions = &known.regions, .language = known.language,
                             .image = known.image.format != IMAGE_NONE ? &known.image : NULL, .image_turn = row->picture_turn};
    struct page_marks marks = {0};
    if (!err && w->order->marks)
        err = w->order->marks(w->order->state, row->id, &marks);
    page.marks = &marks;
    page.watermark = w->order->watermark;
    if (!err)
        err = read_output_page(w->output, &page);
    page_marks_drop(&marks);
    page_known_drop(&known);
    return err;
}

static int audit_written(struct writing *w, int64_t document_id) {
    char what[64];
    snprintf(what, sizeof what, "document %lld", (long long)document_id);
    return audit_act(w->context, "read", what, "written out");
}

static int document_pages_write(struct writing *w, int64_t document_id) {
    struct page_row *rows = NULL;
    size_t count = 0;
    int err = page_rows_of_document(w->context->store, document_id, &rows, &count);
    if (!err && !count)
        err = ERR_NOT_FOUND;
    if (!err)
        err = audit_written(w, document_id);
    for (size_t i = 0; !err && i < count; i++) {
        err = program_stop ? ERR_STATE : page_write(w, &rows[i]);
        if (!err && w->order->count == 1)
            progress_show(&w->progress, (long long)i + 1, (long long)count, "pages");
    }
    free(rows);
    return err;
}

static int pages_write(struct writing *w) {
    int err = 0;
    for (size_t i = 0; i < w->order->count && !err; i++) {
        err = document_pages_write(w, w->order->documents[i]);
        if (!err && w->order->count > 1)
            progress_show(&w->progress, (long long)i + 1, (long long)w->order->count, "documents");
    }
    progress_end(&w->progress);
    return err;
}

static int target_write(void *state, struct view bytes) {
    return output_file_write(state, bytes);
}

static int document_write(struct writing *w, const char *path) {
    int err = output_file_make(path, false, &w->target);
    if (err)
        return command_failed("the file is there already, or cannot be made; nothing was written", err);
    struct read_pool_order order = {w->context->settings, w->context->settings->languages, 1};
    w->pool = read_pool_new(&order);
    err = read_output_begin(w->format, (struct read_target){target_write, w->target}, &w->output);
    if (!err)
        err = pages_write(w);
    if (!err)
        err = read_output_end(&w->output);
    if (!err)
        err = output_file_finish(&w->target);
    read_output_drop(&w->output);
    output_file_drop(&w->target);
    read_pool_drop(&w->pool);
    return program_stop ? EXIT_STOPPED : err ? command_failed("that document was not written", err) : EXIT_OK;
}

static void tell_left_out(const struct writing *w) {
    if (w->unread)
        fprintf(stderr, "%u pages of it wait for their words: write it out again when they are read\n", w->unread);
    if (w->unseen)
        fprintf(stderr, "%u pages of it have no picture that can be shown; they are empty in the file\n", w->unseen);
}

static enum read_format format_of(const char *path, const char *name) {
    const char *slash = path ? strrchr(path, '/') : NULL, *dot = path ? strrchr(slash ? slash : path, '.') : NULL;
    return name ? read_format_named(name) : dot ? read_format_named(dot + 1) : READ_NONE;
}

int documents_write(struct command_context *context, const struct pages_order *order, const char *path) {
    struct writing w = {.context = context, .order = order, .format = READ_PDF, .progress = {.what = "writing"}};
    int status = document_write(&w, path);
    if (status == EXIT_OK)
        tell_left_out(&w);
    return status;
}

int command_document(struct command_context *context, int argc, char **argv) {
    const char *path = option_value(&argc, argv, "-o"), *name = option_value(&argc, argv, "--format");
    struct writing w = {.context = context, .format = format_of(path, name), .progress = {.what = "writing"}};
    char *end = NULL;
    long long id = argc == 2 ? strtoll(argv[1], &end, 10) : 0;
    const int64_t documents[] = {id};
    const struct pages_order order = {.documents = documents, .count = 1};
    w.order = &order;
    if (!path || id < 1 || *end || w.format == READ_NONE) {
        fputs(usage, stderr);
        return EXIT_USAGE;
    }
    int status = document_write(&w, path);
    if (status == EXIT_OK && strcmp(path, "-"))
        fprintf(stderr, "written to %s; it is not sealed there: delete it when it is not needed any more\n", path);
    if (status == EXIT_OK)
        tell_left_out(&w);
    return status;
}
