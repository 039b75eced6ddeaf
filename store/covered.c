#include "store/covered.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COVERED_BOX_BYTES 16   /* four numbers of 4 bytes */
#define FINDING_BYTES_LEAST 28 /* page, box and two empty texts */
#define FINDING_TEXT_BYTES 4096
#define COVERED_WORDS_BYTES (64u << 20)
#define COVERED_SIDE_PX 100000u
#define COVERED_SIDE_PT 15000.0f /* Poppler and others stop at 14,400 */

void covered_page_drop(struct covered_page *page) {
    buf_drop(&page->bytes);
    words_drop(&page->words);
    free(page->covered);
    free(page->labels);
    *page = (struct covered_page){0};
}

void covered_page_encode(const struct covered_page *page, struct buf *out) {
    struct buf words = {0};
    wire_put_u8(out, (uint8_t)page->format);
    wire_put_u32(out, page->width_px);
    wire_put_u32(out, page->height_px);
    wire_put_f32(out, page->width_pt);
    wire_put_f32(out, page->height_pt);
    wire_put_bytes(out, buf_view(&page->bytes));
    words_encode(&page->words, &words);
    wire_put_bytes(out, buf_view(&words));
    buf_drop(&words);
    wire_put_u32(out, (uint32_t)page->covered_count);
    for (size_t i = 0; i < page->covered_count; i++)
        box_put(out, page->covered[i]);
    wire_put_u8(out, page->labels != NULL);
    for (size_t i = 0; page->labels && i < page->covered_count; i++) {
        box_put(out, page->labels[i].box);
        wire_put_u8(out, page->labels[i].size);
        wire_put_text(out, page->labels[i].text);
        wire_put_text(out, page->labels[i].code);
    }
}

static void covered_boxes_take(struct wire_reader *in, struct covered_page *page) {
    uint32_t count = wire_u32(in);
    if (count > in->left.len / COVERED_BOX_BYTES)
        in->err = ERR_PROTOCOL;
    if (in->err || !count)
        return;
    page->covered = mem_grow(NULL, count, sizeof *page->covered);
    page->covered_count = count;
    for (uint32_t i = 0; i < count; i++)
        page->covered[i] = box_take_sane(in);
}

static void covered_labels_take(struct wire_reader *in, struct covered_page *page) {
    if (!wire_u8(in) || in->err || !page->covered_count)
        return;
    page->labels = mem_new(page->covered_count * sizeof *page->labels);
    for (size_t i = 0; i < page->covered_count && !in->err; i++) {
        struct covered_label *label = &page->labels[i];
        label->box = box_take_sane(in);
        label->size = wire_u8(in);
        char *text = wire_text(in, COVER_CODE_BYTES - 1);
        char *code = wire_text(in, COVER_CODE_BYTES - 1);
        snprintf(label->text, sizeof label->text, "%s", text ? text : "");
        snprintf(label->code, sizeof label->code, "%s", code ? code : "");
        free(text);
        free(code);
    }
}

static int covered_sizes_check(const struct covered_page *page) {
    bool px = page->width_px && page->height_px && page->width_px <= COVERED_SIDE_PX &&
              page->height_px <= COVERED_SIDE_PX;
    bool pt = page->width_pt > 0 && page->height_pt > 0 && page->width_pt <= COVERED_SIDE_PT &&
              page->height_pt <= COVERED_SIDE_PT;
    return px && pt ? 0 : ERR_PROTOCOL;
}

int covered_page_decode(struct view bytes, struct covered_page *ret) {
    struct wire_reader in = wire_reader(bytes);
    *ret = (struct covered_page){0};
    uint8_t format = wire_u8(&in);
    ret->format = (enum covered_format)format;
    ret->width_px = wire_u32(&in);
    ret->height_px = wire_u32(&in);
    ret->width_pt = wire_f32(&in);
    ret->height_pt = wire_f32(&in);
    struct view picture = wire_bytes(&in, PAGE_PICTURE_BYTES);
    struct view words = wire_bytes(&in, COVERED_WORDS_BYTES);
    int err = in.err || format > COVERED_JPEG_COLOUR ? ERR_PROTOCOL : covered_sizes_check(ret);
    if (!err) {
        buf_add(&ret->bytes, picture.data, picture.len);
        err = words_decode(words, &ret->words);
    }
    if (!err) {
        covered_boxes_take(&in, ret);
        if (!in.err)
            covered_labels_take(&in, ret);
        err = wire_end(&in);
    }
    if (err)
        covered_page_drop(ret);
    return err;
}

void findings_add(struct findings *findings, uint32_t page, struct box box, const char *check,
                  const char *what) {
    if (findings->count == findings->room) {
        findings->room = findings->room ? findings->room * 2 : 8;
        findings->list = mem_grow(findings->list, findings->room, sizeof *findings->list);
    }
    findings->list[findings->count++] =
        (struct finding){.page = page, .box = box, .check = mem_text(check), .what = mem_text(what)};
}

void findings_drop(struct findings *findings) {
    for (size_t i = 0; i < findings->count; i++) {
        free(findings->list[i].check);
        free(findings->list[i].what);
    }
    free(findings->list);
    *findings = (struct findings){0};
}

void findings_encode(const struct findings *findings, struct buf *out) {
    wire_put_u32(out, (uint32_t)findings->count);
    for (size_t i = 0; i < findings->count; i++) {
        const struct finding *finding = &findings->list[i];
        wire_put_u32(out, finding->page);
        box_put(out, finding->box);
        wire_put_text(out, finding->check);
        wire_put_text(out, finding->what);
    }
}

static void finding_take(struct wire_reader *in, struct findings *ret) {
    uint32_t page = wire_u32(in);
    struct box box = box_take_sane(in);
    char *check = wire_text(in, FINDING_TEXT_BYTES), *what = wire_text(in, FINDING_TEXT_BYTES);
    if (!in->err)
        findings_add(ret, page, box, check, what);
    free(check);
    free(what);
}

int findings_decode(struct view bytes, struct findings *ret) {
    struct wire_reader in = wire_reader(bytes);
    *ret = (struct findings){0};
    uint32_t count = wire_u32(&in);
    if (count > in.left.len / FINDING_BYTES_LEAST)
        in.err = ERR_PROTOCOL;
    for (uint32_t i = 0; !in.err && i < count; i++)
        finding_take(&in, ret);
    int err = wire_end(&in);
    if (err)
        findings_drop(ret);
    return err;
}
