#include "store/flag.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/wire.h"

#include <stdlib.h>
#include <string.h>

#define FLAG_TEXT_BYTES (64u << 10) /* of one text of a flag */
#define FLAG_PARTS_MOST PAGE_WORDS_MOST

static const char *const type_texts[] = {
    [FLAG_PERSON] = "PERSON", [FLAG_ADDRESS] = "ADDRESS", [FLAG_PHONE] = "PHONE", [FLAG_EMAIL] = "EMAIL",
    [FLAG_DOB] = "DOB",       [FLAG_NHS] = "NHS",         [FLAG_UPN] = "UPN",     [FLAG_NINO] = "NINO",
    [FLAG_ID] = "ID",         [FLAG_PASSAGE] = "PASSAGE",
    [FLAG_ULN] = "ULN",       [FLAG_BANK] = "BANK",       [FLAG_PASSPORT] = "PASSPORT", [FLAG_LICENCE] = "LICENCE",
    [FLAG_VEHICLE] = "VEHICLE", [FLAG_REF] = "REF",       [FLAG_HANDLE] = "HANDLE", [FLAG_AGE] = "AGE",
    [FLAG_RELATION] = "RELATION", [FLAG_PLACE] = "PLACE", [FLAG_ORG] = "ORG",     [FLAG_DATE] = "DATE",
    [FLAG_OTHER] = "OTHER",
};
#define FLAG_TYPES (sizeof type_texts / sizeof *type_texts)

const char *flag_type_text(enum flag_type type) {
    return (size_t)type < FLAG_TYPES ? type_texts[type] : "UNKNOWN";
}

int flag_type_from_text(const char *text, enum flag_type *ret) {
    for (size_t i = 0; i < FLAG_TYPES; i++)
        if (strcmp(text, type_texts[i]) == 0) {
            *ret = (enum flag_type)i;
            return 0;
        }
    return ERR_INPUT;
}

struct flag *flags_add(struct flags *flags) {
    if (flags->count == flags->room) {
        flags->room = flags->room ? flags->room * 2 : 32;
        flags->list = mem_grow(flags->list, flags->room, sizeof *flags->list);
    }
    struct flag *flag = &flags->list[flags->count++];
    memset(flag, 0, sizeof *flag);
    return flag;
}

void flag_drop(struct flag *flag) {
    free(flag->person_id);
    free(flag->code);
    free(flag->finder);
    free(flag->why);
    free(flag->text);
    free(flag->runs);
    free(flag->boxes);
    memset(flag, 0, sizeof *flag);
}

void flags_drop(struct flags *flags) {
    for (size_t i = 0; i < flags->count; i++)
        flag_drop(&flags->list[i]);
    free(flags->list);
    memset(flags, 0, sizeof *flags);
}

void flag_encode(const struct flag *flag, struct buf *out) {
    wire_put_u32(out, flag->page);
    wire_put_u8(out, (uint8_t)flag->type);
    wire_put_u8(out, (uint8_t)flag->role);
    wire_put_u8(out, (uint8_t)((flag->cover != 0) | (flag->look != 0) << 1));
    wire_put_u8(out, flag->confidence);
    wire_put_text(out, flag->person_id);
    wire_put_text(out, flag->code);
    wire_put_text(out, flag->finder);
    wire_put_text(out, flag->why);
    wire_put_text(out, flag->text);
    wire_put_u32(out, (uint32_t)flag->run_count);
    for (size_t i = 0; i < flag->run_count; i++) {
        wire_put_u32(out, flag->runs[i].first);
        wire_put_u32(out, flag->runs[i].last);
    }
    wire_put_u32(out, (uint32_t)flag->box_count);
    for (size_t i = 0; i < flag->box_count; i++)
        box_put(out, flag->boxes[i]);
}

/* A count is believed only when the bytes for so many parts are there, so that a lie asks for no memory. */
static size_t count_read(struct wire_reader *in, size_t part_bytes) {
    uint32_t count = wire_u32(in);
    if (count > FLAG_PARTS_MOST || (uint64_t)count * part_bytes > in->left.len)
        in->err = ERR_PROTOCOL;
    return in->err ? 0 : count;
}

static void runs_read(struct wire_reader *in, struct flag *ret) {
    ret->run_count = count_read(in, 8);
    ret->runs = ret->run_count ? mem_new(ret->run_count * sizeof *ret->runs) : NULL;
    for (size_t i = 0; i < ret->run_count; i++) {
        ret->runs[i].first = wire_u32(in);
        ret->runs[i].last = wire_u32(in);
        if (ret->runs[i].last < ret->runs[i].first || ret->runs[i].last >= PAGE_WORDS_MOST)
            in->err = ERR_PROTOCOL;
    }
}

static void boxes_read(struct wire_reader *in, struct flag *ret) {
    ret->box_count = count_read(in, 16);
    ret->boxes = ret->box_count ? mem_new(ret->box_count * sizeof *ret->boxes) : NULL;
    for (size_t i = 0; i < ret->box_count; i++)
        ret->boxes[i] = box_take_sane(in);
}

int flag_decode(struct view bytes, struct flag *ret) {
    memset(ret, 0, sizeof *ret);
    struct wire_reader in = wire_reader(bytes);
    ret->page = wire_u32(&in);
    uint8_t type = wire_u8(&in), role = wire_u8(&in), cover = wire_u8(&in);
    ret->confidence = wire_u8(&in);
    if (type >= FLAG_TYPES || role > ROLE_UNKNOWN || cover > 3 || ret->confidence > 100)
        in.err = ERR_PROTOCOL;
    ret->type = in.err ? FLAG_PERSON : (enum flag_type)type;
    ret->role = in.err ? ROLE_UNKNOWN : (enum role)role;
    ret->cover = cover & 1;
    ret->look = cover >> 1 & 1;
    char **const texts[] = {&ret->person_id, &ret->code, &ret->finder, &ret->why, &ret->text};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        *texts[i] = wire_text(&in, FLAG_TEXT_BYTES);
    runs_read(&in, ret);
    boxes_read(&in, ret);
    return wire_end(&in);
}
