#include "daemon/read_slot.h"

#include "base/err.h"
#include "base/mem.h"
#include "daemon/helper_request.h"
#include "ocr/layer_check.h"
#include "ocr/read_record.h"

#include <string.h>

#define PAGE_TRIES 2

/* ---- asking */

static void step_ask(struct read_slot *slot, struct read_step *step) {
    const struct opened_page *page = &slot->record.page;
    struct read_order order = {.picture = page->picture, .width_pt = page->width_pt, .height_pt = page->height_pt};
    read_order_encode(&order, &step->task.order);
    step->waiting = true;
    step->gave = false;
    step->tries++;
    read_pool_add(slot->pool, &step->task);
}

static void step_ended(struct read_step *step, struct read_slot *slot, int err) {
    step->waiting = false;
    step->err = err || step->gave ? err : ERR_PROTOCOL;
    bool again = (step->err == ERR_CRASHED || step->err == ERR_TIME || step->err == ERR_PROTOCOL) && step->tries < PAGE_TRIES;
    if (again)
        step_ask(slot, step);
    if (!slot->read.waiting && !slot->draw.waiting)
        buf_wipe(&slot->picture);
}

static void read_ended(struct read_task *task, int err) {
    struct read_slot *slot = task->state;
    step_ended(&slot->read, slot, err);
}

static void draw_ended(struct read_task *task, int err) {
    struct read_slot *slot = task->state;
    step_ended(&slot->draw, slot, err);
}

static void read_gave(struct read_task *task, struct view bytes) {
    struct read_slot *slot = task->state;
    struct page_reading reading;
    if (page_reading_decode(bytes, &reading))
        return;
    page_reading_drop(&slot->reading);
    slot->reading = reading;
    slot->read.gave = true;
}

static void draw_gave(struct read_task *task, struct view bytes) {
    struct read_slot *slot = task->state;
    page_image_drop(&slot->image);
    slot->draw.gave = page_image_decode(bytes, &slot->image) == 0;
}

static void step_make(struct read_slot *slot, struct read_step *step, uint32_t request) {
    step->task = (struct read_task){.request = request, .program = HELPER_PROGRAM, .lane = READ_LANE_PAGE, .state = slot};
    step->task.result = request == HELPER_READ ? read_gave : draw_gave;
    step->task.end = request == HELPER_READ ? read_ended : draw_ended;
    step_ask(slot, step);
}

struct read_slot *read_slot_new(struct read_pool *pool, const struct read_wish *wish, struct open_record *record) {
    struct read_slot *slot = mem_new(sizeof *slot);
    struct opened_page *page = &record->page;
    slot->pool = pool;
    slot->record = *record;
    memset(record, 0, sizeof *record);
    page = &slot->record.page;
    bool pictured = page->picture.format != PICTURE_NONE;
    bool to_read = pictured && page->source == WORDS_NONE && page->role != PAGE_BLANK;
    if (pictured && (to_read || wish->images)) {
        buf_add(&slot->picture, page->picture.bytes.data, page->picture.bytes.len);
        page->picture.bytes = buf_view(&slot->picture);
    }
    if (to_read)
        step_make(slot, &slot->read, HELPER_READ);
    if (pictured && wish->images)
        step_make(slot, &slot->draw, HELPER_PICTURE);
    return slot;
}

void read_slot_drop(struct read_slot **slot) {
    struct read_slot *s = *slot;
    if (!s)
        return;
    if (s->read.waiting)
        read_pool_cancel(s->pool, &s->read.task);
    if (s->draw.waiting)
        read_pool_cancel(s->pool, &s->draw.task);
    buf_wipe(&s->read.task.order);
    buf_wipe(&s->draw.task.order);
    open_record_drop(&s->record);
    buf_wipe(&s->picture);
    page_reading_drop(&s->reading);
    page_image_drop(&s->image);
    mem_free(slot);
}

/* ---- telling */

bool read_slot_is_done(const struct read_slot *slot) {
    return !slot->read.waiting && !slot->draw.waiting;
}

static const char *slot_trouble(const struct read_slot *slot) {
    const struct opened_page *page = &slot->record.page;
    if (page->trouble && *page->trouble)
        return page->trouble;
    if (slot->read.err == ERR_CRASHED || slot->read.err == ERR_TIME)
        return "it made the reader end or hang, twice";
    if (slot->read.err || slot->draw.err)
        return err_text(slot->read.err ? slot->read.err : slot->draw.err);
    return slot->reading.trouble ? slot->reading.trouble : "";
}

static enum read_outcome slot_outcome(const struct read_slot *slot, const struct read_page *page, const char *trouble) {
    if (slot->record.page.role == PAGE_BLANK)
        return READ_BLANK;
    if (!*trouble)
        return READ_WELL;
    return page->words->count ? READ_POORLY : READ_NOTHING;
}

static bool slot_layer_differs(const struct read_slot *slot) {
    if (!slot->read.tries || !slot->record.page.claimed.count)
        return false;
    struct layer_difference difference = layer_compare(&slot->record.page.claimed, &slot->reading.words);
    return layer_differs(&difference);
}

void read_slot_page(const struct read_slot *slot, struct read_page *ret_page, struct read_told *ret_told) {
    const struct opened_page *page = &slot->record.page;
    bool recognised = slot->read.tries > 0;
    *ret_page = (struct read_page){.number = page->number, .width_pt = page->width_pt, .height_pt = page->height_pt,
                                   .dpi = page->picture.format != PICTURE_NONE ? page->picture.dpi : 0,
                                   .turn = recognised ? slot->reading.turn : 0,
                                   .words = recognised ? &slot->reading.words : &page->words,
                                   .regions = recognised ? &slot->reading.regions : &page->regions,
                                   .language = recognised && slot->reading.language ? slot->reading.language : "",
                                   .image = slot->image.format != IMAGE_NONE ? &slot->image : NULL,
                                   .image_turn = page->picture.turn};
    const char *trouble = slot_trouble(slot);
    *ret_told = (struct read_told){.outcome = slot_outcome(slot, ret_page, trouble), .quality = slot->reading.quality,
                                   .recognised = recognised, .layer_differs = slot_layer_differs(slot), .trouble = trouble};
}
