/* cmd_original.c: writes out an original, or a page's picture, for a person to look at. Nothing is parsed; every reading is in the audit log. */
#include "base/err.h"
#include "base/mem.h"
#include "daemon/command.h"
#include "daemon/output_file.h"
#include "store/page_rows.h"
#include "store/vault.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of a receipt without a part: what was received itself. */
static int part_named(struct store *store, const char *text, int64_t *ret_part, int64_t *ret_object) {
    int64_t receipt, part;
    int err = reference_read(text, &receipt, &part);
    if (!err)
        err = db_int(store->db, &part, "SELECT id FROM part WHERE receipt_id = ? AND (id = ?2 OR (?2 = 0 AND parent_id IS NULL))", "ii", receipt,
                     part);
    if (!err) /* a copy's bytes are those of what it equals */
        err = db_int(store->db, ret_object, "SELECT ifnull(p.object_id, o.object_id) FROM part p LEFT JOIN part o ON o.id = p.same_as WHERE p.id = ?",
                     "i", part);
    if (!err)
        *ret_part = part;
    return err;
}

static int audit_read(struct command_context *context, const char *what, int64_t id) {
    char text[64];
    snprintf(text, sizeof text, "%s %lld", what, (long long)id);
    return audit_act(context, "read", text, "written out");
}

/* Never over a file that is there. */
static int bytes_write(const char *path, struct view bytes) {
    struct output_file *file = NULL;
    if (output_file_make(path, false, &file))
        return ERR_EXISTS;
    int err = output_file_write(file, bytes);
    if (!err)
        return output_file_finish(&file);
    output_file_drop(&file);
    return err;
}

static int written(const char *path, struct view bytes) {
    int err = bytes_write(path, bytes);
    if (err)
        return command_failed("the file is there already, or cannot be made; nothing was written", err);
    if (strcmp(path, "-"))
        fprintf(stderr, "%zu bytes written to %s; it is not sealed there: delete it when you have looked\n", bytes.len, path);
    return EXIT_OK;
}

static int write_original(struct command_context *context, const char *reference, const char *path) {
    struct buf bytes = {0};
    int64_t part = 0, object = 0;
    int err = part_named(context->store, reference, &part, &object);
    if (!err)
        err = audit_read(context, "part", part);
    if (!err)
        err = original_open(context->store, object, &bytes);
    int status = err ? command_failed("that original", err) : written(path, buf_view(&bytes));
    buf_wipe(&bytes);
    return status;
}

static int write_page(struct command_context *context, const char *reference, const char *path, int64_t number) {
    struct buf bytes = {0};
    int64_t part = 0, object = 0, page = 0;
    struct page_row row;
    int err = part_named(context->store, reference, &part, &object);
    if (!err)
        err = db_int(context->store->db, &page, "SELECT id FROM page WHERE part_id = ? AND number = ?", "ii", part, number);
    if (!err)
        err = page_row_load(context->store, page, &row);
    if (!err)
        err = audit_read(context, "page", page);
    if (!err)
        err = page_picture_open(context->store, row.picture_id, &bytes);
    int status = err ? command_failed("that page", err) : written(path, buf_view(&bytes));
    buf_wipe(&bytes);
    return status;
}

int command_original(struct command_context *context, int argc, char **argv) {
    const char *path = option_value(&argc, argv, "-o"), *page = option_value(&argc, argv, "--page");
    if (argc != 2 || !path || (page && strtoll(page, NULL, 10) < 1)) {
        fputs("usage: casefile original R [--page N] -o FILE\n\nR: a receipt ('R000123') or one part of it ('R000123/57'). --page: only the picture of\n"
              "that page, as it came (JPEG, PNG or TIFF). FILE: '-' is standard output.\n", stderr);
        return EXIT_USAGE;
    }
    return page ? write_page(context, argv[1], path, strtoll(page, NULL, 10)) : write_original(context, argv[1], path);
}
