#include "ingest/open_record.h"

#include "base/err.h"
#include "base/wire.h"

#include <stdlib.h>

static void words_put(struct buf *out, const struct words *words) {
    struct buf bytes = {0};
    words_encode(words, &bytes);
    wire_put_bytes(out, buf_view(&bytes));
    buf_drop(&bytes);
}

static void page_encode(const struct opened_page *page, struct buf *out) {
    wire_put_u32(out, page->number);
    wire_put_f32(out, page->width_pt);
    wire_put_f32(out, page->height_pt);
    wire_put_u8(out, (uint8_t)page->role);
    wire_put_text(out, page->payload);
    wire_put_u8(out, (uint8_t)page->picture.format);
    wire_put_bytes(out, page->picture.bytes);
    wire_put_f32(out, page->picture.dpi);
    wire_put_u32(out, page->picture.turn);
    wire_put_u8(out, (uint8_t)page->source);
    words_put(out, &page->words);
    words_put(out, &page->claimed);
    struct buf regions = {0};
    regions_encode(&page->regions, &regions);
    wire_put_bytes(out, buf_view(&regions));
    buf_drop(&regions);
    wire_put_text(out, page->trouble);
    wire_put_text(out, page->defect ? page->defect : "");
    wire_put_u64(out, page->picture_hash);
}

static int page_decode(struct wire_reader *in, struct opened_page *page) {
    page->number = wire_u32(in);
    page->width_pt = wire_f32(in);
    page->height_pt = wire_f32(in);
    page->role = (enum page_role)wire_u8(in);
    page->payload = wire_text(in, 256);
    page->picture.format = (enum picture_format)wire_u8(in);
    page->picture.bytes = wire_bytes(in, PAGE_PICTURE_BYTES);
    page->picture.dpi = wire_f32(in);
    uint32_t turn = wire_u32(in);
    page->picture.turn = (uint16_t)turn;
    page->source = (enum word_source)wire_u8(in);
    struct view words = wire_bytes(in, PAGE_PICTURE_BYTES), claimed = wire_bytes(in, PAGE_PICTURE_BYTES);
    struct view regions = wire_bytes(in, PAGE_REGIONS_MOST * 32);
    page->trouble = wire_text(in, 512);
    page->defect = wire_text(in, 64);
    page->picture_hash = wire_u64(in);
    if (in->err)
        return in->err;
    if (page->role > PAGE_SEPARATOR || page->picture.format > PICTURE_TIFF || page->source > WORDS_LAID_OUT ||
        turn % 90 || turn >= 360 || page->number == 0 || page->width_pt < 0 || page->height_pt < 0 ||
        page->picture.dpi < 0)
        return ERR_PROTOCOL;
    int err = words_decode(words, &page->words);
    if (!err)
        err = words_decode(claimed, &page->claimed);
    return err ? err : regions_decode(regions, &page->regions);
}

void open_record_encode(const struct open_record *record, struct buf *out) {
    wire_put_u8(out, (uint8_t)record->type);
    switch (record->type) {
    case OPEN_KIND:
        wire_put_text(out, record->kind);
        wire_put_text(out, record->description);
        break;
    case OPEN_COUNT:
        wire_put_u32(out, record->count);
        break;
    case OPEN_PAGE:
        page_encode(&record->page, out);
        break;
    case OPEN_PART:
        wire_put_u32(out, record->ordinal);
        wire_put_text(out, record->name);
        wire_put_text(out, record->kind);
        wire_put_text(out, record->attached);
        wire_put_bytes(out, record->bytes);
        break;
    case OPEN_NOTE:
    case OPEN_ASIDE:
        wire_put_text(out, record->description);
        break;
    case OPEN_CONVERT:
    case OPEN_SCANNED:
        wire_put_text(out, record->kind);
        break;
    }
}

int open_record_decode(struct view bytes, struct open_record *ret) {
    struct wire_reader in = wire_reader(bytes);
    struct open_record record = {.type = (enum open_record_type)wire_u8(&in)};
    int err = 0;
    switch (record.type) {
    case OPEN_KIND:
        record.kind = wire_text(&in, 64);
        record.description = wire_text(&in, 256);
        break;
    case OPEN_COUNT:
        record.count = wire_u32(&in);
        break;
    case OPEN_PAGE:
        err = page_decode(&in, &record.page);
        break;
    case OPEN_PART:
        record.ordinal = wire_u32(&in);
        record.name = wire_text(&in, OPEN_NAME_MOST);
        record.kind = wire_text(&in, OPEN_TYPE_MOST);
        record.attached = wire_text(&in, 16);
        record.bytes = wire_bytes(&in, 1u << 30);
        break;
    case OPEN_NOTE:
    case OPEN_ASIDE:
        record.description = wire_text(&in, 256);
        break;
    case OPEN_CONVERT:
    case OPEN_SCANNED:
        record.kind = wire_text(&in, 64);
        break;
    default:
        err = ERR_PROTOCOL;
    }
    if (!err)
        err = wire_end(&in);
    if (err)
        open_record_drop(&record);
    else
        *ret = record;
    return err;
}

void open_record_drop(struct open_record *record) {
    free(record->kind);
    free(record->description);
    free(record->name);
    free(record->attached);
    free((void *)(uintptr_t)record->page.payload);
    free((void *)(uintptr_t)record->page.trouble);
    free((void *)(uintptr_t)record->page.defect);
    words_drop(&record->page.words);
    words_drop(&record->page.claimed);
    regions_drop(&record->page.regions);
    *record = (struct open_record){0};
}
