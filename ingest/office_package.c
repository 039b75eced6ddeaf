#include "ingest/office_package.h"

#include "base/err.h"

#include <string.h>
#include <zlib.h>

#define END_BYTES 22
#define ENTRY_BYTES 46
#define MEMBER_BYTES 30
#define COMMENT_MOST 65535

static uint32_t u16_at(const uint8_t *at) {
    return (uint32_t)at[0] | (uint32_t)at[1] << 8;
}

static uint32_t u32_at(const uint8_t *at) {
    return u16_at(at) | u16_at(at + 2) << 16;
}

/* The list of members: false when there is none. */
static bool package_list(struct view zip, struct view *ret) {
    if (zip.len < END_BYTES)
        return false;
    size_t first = zip.len - END_BYTES > COMMENT_MOST ? zip.len - END_BYTES - COMMENT_MOST : 0;
    for (size_t at = zip.len - END_BYTES + 1; at-- > first;) {
        if (memcmp(zip.data + at, "PK\5\6", 4))
            continue;
        uint32_t len = u32_at(zip.data + at + 12), start = u32_at(zip.data + at + 16);
        if (start > at || len > at - start)
            continue;
        *ret = view_of(zip.data + start, len);
        return true;
    }
    return false;
}

struct entry {
    uint32_t options, method, packed, start; /* options: the general purpose bits; packed: bytes */
    struct view name;
};

/* 1: the next entry of the list; 0: no more. */
static int entry_next(struct view *list, struct entry *ret) {
    const uint8_t *at = list->data;
    if (list->len < ENTRY_BYTES || memcmp(at, "PK\1\2", 4))
        return 0;
    size_t name = u16_at(at + 28), all = ENTRY_BYTES + name + u16_at(at + 30) + u16_at(at + 32);
    if (all > list->len)
        return 0;
    *ret = (struct entry){u16_at(at + 8), u16_at(at + 10), u32_at(at + 20), u32_at(at + 42), view_of(at + ENTRY_BYTES, name)};
    *list = view_of(at + all, list->len - all);
    return 1;
}

static int inflate_all(struct view packed, size_t most, struct buf *out) {
    z_stream z = {.next_in = (Bytef *)(uintptr_t)packed.data, .avail_in = (uInt)packed.len};
    size_t before = out->len;
    int rc = inflateInit2(&z, -MAX_WBITS);
    while (rc == Z_OK && out->len - before <= most) {
        uint8_t *room = buf_room(out, 16384);
        z.next_out = room;
        z.avail_out = 16384;
        rc = inflate(&z, Z_NO_FLUSH);
        out->len -= z.avail_out;
    }
    inflateEnd(&z);
    if (out->len - before > most)
        return ERR_TOO_LARGE;
    return rc == Z_STREAM_END ? 0 : ERR_DAMAGED;
}

static int entry_read(struct view zip, const struct entry *entry, size_t most, struct buf *out) {
    const uint8_t *at = zip.data + entry->start;
    if (entry->options & 1)
        return ERR_LOCKED;
    if (entry->start > zip.len || zip.len - entry->start < MEMBER_BYTES || memcmp(at, "PK\3\4", 4))
        return ERR_DAMAGED;
    size_t head = MEMBER_BYTES + u16_at(at + 26) + u16_at(at + 28);
    if (head > zip.len - entry->start || entry->packed > zip.len - entry->start - head)
        return ERR_DAMAGED;
    struct view packed = view_of(at + head, entry->packed);
    if (entry->method == 8)
        return inflate_all(packed, most, out);
    if (entry->method != 0)
        return ERR_DAMAGED;
    if (packed.len > most)
        return ERR_TOO_LARGE;
    buf_add(out, packed.data, packed.len);
    return 0;
}

int office_package_is(struct view zip) {
    struct view list;
    struct entry entry;
    return zip.len > 4 && memcmp(zip.data, "PK\3\4", 4) == 0 && package_list(zip, &list) && entry_next(&list, &entry);
}

int office_package_read(struct view zip, const char *name, size_t most, struct buf *out) {
    struct view list;
    struct entry entry;
    if (!package_list(zip, &list))
        return ERR_DAMAGED;
    while (entry_next(&list, &entry)) {
        size_t before = out->len;
        if (!view_equal(entry.name, view_text(name)))
            continue;
        int err = entry_read(zip, &entry, most, out);
        if (err)
            out->len = before;
        return err;
    }
    return ERR_NOT_FOUND;
}

bool office_package_has(struct view zip, const char *start) {
    struct view list;
    struct entry entry;
    size_t len = strlen(start);
    if (!package_list(zip, &list))
        return false;
    while (entry_next(&list, &entry))
        if (entry.name.len >= len && memcmp(entry.name.data, start, len) == 0)
            return true;
    return false;
}
