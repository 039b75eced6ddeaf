#include "base/err.h"
#include "base/mem.h"
#include "queue/next.h"
#include "redact/redact_job.h"
#include "redact/redact_record.h"
#include "store/pack_rows.h"
#include "store/page_rows.h"
#include "store/vault.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STRAIGHT_DEG 0.05f /* less is not turned back */

struct boxes {
    struct box *list;
    struct cover_code *codes;
    size_t count;
};

static int boxes_add(void *state, int64_t page_id, const struct flag *flag, const char *code) {
    struct boxes *boxes = state;
    (void)page_id;
    boxes->list = mem_grow(boxes->list, boxes->count + flag->box_count, sizeof *boxes->list);
    boxes->codes = mem_grow(boxes->codes, boxes->count + flag->box_count, sizeof *boxes->codes);
    for (size_t i = 0; i < flag->box_count; i++) {
        snprintf(boxes->codes[boxes->count].text, sizeof boxes->codes->text, "%s", strlen(code) < COVER_CODE_BYTES ? code : "");
        boxes->list[boxes->count++] = flag->boxes[i];
    }
    return 0;
}

/* A box that fills nearly the whole page, as the flag on an unreadable page has it. */
static int boxes_fill(const struct boxes *boxes, const struct page_row *page) {
    for (size_t i = 0; i < boxes->count; i++) {
        const struct box *b = &boxes->list[i];
        if ((b->x1 - b->x0) * (b->y1 - b->y0) >= 0.95f * page->width_pt * page->height_pt)
            return 1;
    }
    return 0;
}

static int pack_page_ids(struct store *store, int64_t pack_page, int64_t *ret_pack, int64_t *ret_page) {
    int err = db_int(store->db, ret_pack, "SELECT pack_id FROM pack_page WHERE id = ?", "i", pack_page);
    return err ? err : db_int(store->db, ret_page, "SELECT page_id FROM pack_page WHERE id = ?", "i", pack_page);
}

/* Nothing is covered, and the page is shown as it stands: its words are those that were read. A page without any is read once more. */
static int words_reuse(struct store *store, const struct page_row *page, struct cover_order *order) {
    if (order->box_count || order->whole_page || page->turn || fabsf(page->skew_deg) >= STRAIGHT_DEG)
        return 0;
    int err = page_words_load(store, page->id, &order->words);
    order->has_words = !err && order->words.count;
    return err;
}

static int cover_order(struct store *store, int64_t pack_page, struct buf *out) {
    struct pack_row pack;
    struct page_row page;
    struct boxes boxes = {0};
    struct buf picture = {0};
    int64_t pack_id, page_id;
    int err = pack_page_ids(store, pack_page, &pack_id, &page_id);
    if (!err)
        err = pack_row_load(store, pack_id, &pack);
    if (!err)
        err = page_row_load(store, page_id, &page);
    if (!err)
        err = page_picture_open(store, page.picture_id, &picture);
    if (!err)
        err = pack_flags(store, &pack, page_id, 1, boxes_add, &boxes);
    if (!err) {
        struct cover_order order = {.width_pt = page.width_pt, .height_pt = page.height_pt, .turn = page.turn,
                                    .skew_deg = page.skew_deg, .boxes = boxes.list, .box_count = boxes.count, .codes = boxes.codes,
                                    .whole_page = boxes_fill(&boxes, &page)};
        order.picture = (struct picture){page.format, buf_view(&picture), page.dpi, page.picture_turn};
        err = words_reuse(store, &page, &order);
        if (!err)
            cover_order_encode(&order, out);
        words_drop(&order.words);
    }
    free(boxes.list);
    free(boxes.codes);
    buf_wipe(&picture);
    return err;
}

static int cover_done(struct store *store, const struct job *job, struct view bytes) {
    struct covered_page page;
    struct sealed_file file;
    struct pack_row pack;
    int64_t pack_id, page_id, object;
    int err = covered_page_decode(bytes, &page);
    if (err)
        return err;
    covered_page_drop(&page);
    err = pack_page_ids(store, job->subject, &pack_id, &page_id);
    if (!err)
        err = pack_row_load(store, pack_id, &pack);
    if (!err)
        err = vault_write(store, bytes, &file);
    if (!err)
        err = vault_add(store, &file, VAULT_COVERED, "request", pack.request_id, &object);
    if (!err)
        err = db_run(store->db, "UPDATE pack_page SET object_id = ? WHERE id = ?", "ii", object, job->subject);
    return err ? err : next_after_page_covered(store, pack_id);
}

static int cover_given_up(struct store *store, const struct job *job, const char *reason) {
    return db_run(store->db, "UPDATE pack SET state = 'failed', reason = ? WHERE id = (SELECT pack_id FROM pack_page WHERE id = ?)"
                  " AND state = 'covering'", "ti", reason, job->subject);
}

const struct job_kind cover_job_kind = {.name = "cover", .subject = "pack page", .order = cover_order, .done = cover_done, .given_up = cover_given_up};
