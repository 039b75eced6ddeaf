#include "ocr/read_job.h"

#include "base/err.h"
#include "ocr/layer_check.h"
#include "ocr/read_record.h"
#include "queue/next.h"
#include "store/page_rows.h"
#include "store/vault.h"

#include <stdio.h>

enum {
    QUALITY_LEAST = 45,     /* mean confidence of the words: below it is hardly readable */
    QUALITY_COMPARED = 60, /* below, what was recognised says nothing against a hidden layer */
    QUALITY_WORDS_LEAST = 5 /* fewer words tell nothing of the sheet: a photograph, a signature */
};

static int read_order(struct store *store, int64_t page_id, struct buf *out) {
    struct page_row page;
    struct buf picture = {0};
    int err = page_row_load(store, page_id, &page);
    if (!err)
        err = page_picture_open(store, page.picture_id, &picture);
    if (!err) {
        struct read_order order = {.width_pt = page.width_pt, .height_pt = page.height_pt};
        order.picture = (struct picture){page.format, buf_view(&picture), page.dpi, page.picture_turn};
        read_order_encode(&order, out);
    }
    buf_wipe(&picture);
    return err;
}

static int reading_save(struct store *store, const struct page_row *page, const struct page_reading *reading) {
    int unreadable = reading->words.count == 0;
    int err = db_run(store->db,
                     "UPDATE page SET state = ?, source = ?, turn = ?, skew = ?, quality = ?, trouble = ?, language = ? WHERE id = ?",
                     "tiifitti", unreadable ? "unreadable" : "read", (int64_t)WORDS_RECOGNISED, (int64_t)reading->turn,
                     (double)reading->skew_deg, (int64_t)reading->quality, reading->trouble, reading->language, page->id);
    if (!err)
        err = page_words_save(store, page, &reading->words);
    return err ? err : page_regions_save(store, page->id, &reading->regions);
}

/* The sheet should be scanned again while it is on the desk, when nothing was seen on the picture but its words came out badly. */
static int reading_check(struct store *store, int64_t page_id, const struct page_reading *reading) {
    if (reading->quality >= QUALITY_LEAST || reading->words.count < QUALITY_WORDS_LEAST)
        return 0;
    return db_run(store->db, "UPDATE page SET defect = 'hardly readable' WHERE id = ? AND defect = ''", "i", page_id);
}

/* What is seen is what will be disclosed: a hidden layer that says something else is told. */
static int claimed_check(struct store *store, const struct page_row *page, const struct page_reading *reading) {
    struct words claimed;
    int err = page_claimed_load(store, page->id, &claimed);
    if (err || !claimed.count)
        return err;
    if (reading->quality < QUALITY_COMPARED) { /* a person must look at it anyway */
        words_drop(&claimed);
        return 0;
    }
    struct layer_difference d = layer_compare(&claimed, &reading->words);
    if (layer_differs(&d)) {
        char note[160];
        snprintf(note, sizeof note, "page %u: the file's hidden text differs from what the page shows (%zu of its %zu words are not seen)",
                 page->number, d.unseen, d.words);
        err = part_note(store, page->part_id, note);
    }
    words_drop(&claimed);
    return err ? err : db_run(store->db, "UPDATE page SET sealed_claimed = NULL WHERE id = ?", "i", page->id);
}

static int read_done(struct store *store, const struct job *job, struct view bytes) {
    struct page_reading reading;
    struct page_row page;
    int err = page_row_load(store, job->subject, &page);
    if (!err)
        err = page_reading_decode(bytes, &reading);
    if (err)
        return err;
    err = reading_save(store, &page, &reading);
    if (!err)
        err = reading_check(store, page.id, &reading);
    if (!err)
        err = claimed_check(store, &page, &reading);
    page_reading_drop(&reading);
    return err ? err : next_after_page_read(store, page.document_id);
}

/* The page cannot be read: it is marked and the others go on. */
static int read_given_up(struct store *store, const struct job *job, const char *reason) {
    struct page_row page;
    int err = page_row_load(store, job->subject, &page);
    if (!err)
        err = db_run(store->db, "UPDATE page SET state = 'unreadable', trouble = ? WHERE id = ?", "ti", reason, job->subject);
    return err ? err : next_after_page_read(store, page.document_id);
}

const struct job_kind read_job_kind = {.name = "read", .subject = "page", .order = read_order, .done = read_done, .given_up = read_given_up};
