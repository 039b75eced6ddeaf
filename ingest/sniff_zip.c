#include "ingest/sniff_zip.h"

#include "base/mem.h"

#include <string.h>
#include <strings.h>
#include <zlib.h>

/* APPNOTE.TXT 6.3: local header, central directory, end of central directory. */
enum {
    LOCAL_BYTES = 30,
    CENTRAL_BYTES = 46,
    END_BYTES = 22,
    COMMENT_MOST = 65535,
    MEMBERS_MOST = 20000,
    CHUNK_BYTES = 16384
};

static uint32_t number_at(struct view v, size_t at, int bytes) {
    uint32_t value = 0;
    if (at > v.len || v.len - at < (size_t)bytes)
        return 0;
    for (int i = bytes - 1; i >= 0; i--)
        value = value << 8 | v.data[at + (size_t)i];
    return value;
}

static bool has_mark(struct view v, size_t at, const char *mark) {
    return at <= v.len && v.len - at >= 4 && memcmp(v.data + at, mark, 4) == 0;
}

static struct view part_of(struct view v, size_t at, size_t len) {
    return at <= v.len && v.len - at >= len ? view_of(v.data + at, len) : (struct view){0};
}

bool sniff_zip_begins(struct view bytes) {
    if (has_mark(bytes, 0, "PK\5\6"))
        return bytes.len >= END_BYTES; /* an empty one */
    if (has_mark(bytes, 0, "PK\7\x8") || has_mark(bytes, 0, "PK00"))
        bytes = part_of(bytes, 4, bytes.len - 4); /* one that was cut into pieces */
    uint32_t version = number_at(bytes, 4, 2) & 0xFF, method = number_at(bytes, 8, 2),
             name = number_at(bytes, 26, 2);
    return has_mark(bytes, 0, "PK\3\4") && bytes.len > LOCAL_BYTES && version <= 63 && method <= 99 && name &&
           name <= 4096 && bytes.len - LOCAL_BYTES >= name;
}

bool sniff_zip_name_is(const struct sniff_zip_member *member, const char *name) {
    return member->name.len == strlen(name) &&
           strncasecmp((const char *)member->name.data, name, member->name.len) == 0;
}

bool sniff_zip_name_begins(const struct sniff_zip_member *member, const char *start) {
    size_t len = strlen(start);
    return member->name.len >= len && strncasecmp((const char *)member->name.data, start, len) == 0;
}

bool sniff_zip_name_ends(const struct sniff_zip_member *member, const char *end) {
    size_t len = strlen(end), have = member->name.len;
    return have >= len && strncasecmp((const char *)member->name.data + have - len, end, len) == 0;
}

/* ---- the directory ---- */

/* Where the end record is; the length of the bytes when there is none. */
static size_t end_place(struct view bytes) {
    if (bytes.len < END_BYTES)
        return bytes.len;
    size_t last = bytes.len - END_BYTES, least = last > COMMENT_MOST ? last - COMMENT_MOST : 0;
    for (size_t at = last + 1; at-- > least;)
        if (has_mark(bytes, at, "PK\5\6"))
            return at;
    return bytes.len;
}

/* The member's own bytes lie behind its local header, whose name and extra field may have other lengths. */
static struct view packed_at(struct view bytes, size_t local, size_t len) {
    if (!has_mark(bytes, local, "PK\3\4"))
        return (struct view){0};
    return part_of(
        bytes, local + LOCAL_BYTES + number_at(bytes, local + 26, 2) + number_at(bytes, local + 28, 2), len);
}

static int members_central(struct view bytes, size_t at,
                           int (*member)(void *, const struct sniff_zip_member *), void *state) {
    int err = 0;
    for (int i = 0; !err && i < MEMBERS_MOST && has_mark(bytes, at, "PK\1\2"); i++) {
        size_t name = number_at(bytes, at + 28, 2), extra = number_at(bytes, at + 30, 2),
               note = number_at(bytes, at + 32, 2);
        struct sniff_zip_member m = {
            .name = part_of(bytes, at + CENTRAL_BYTES, name),
            .method = number_at(bytes, at + 10, 2),
            .flags = number_at(bytes, at + 8, 2),
            .packed = packed_at(bytes, number_at(bytes, at + 42, 4), number_at(bytes, at + 20, 4))};
        err = member(state, &m);
        at += CENTRAL_BYTES + name + extra + note;
    }
    return err;
}

/* Without a directory: from header to header, as far as they tell their lengths. */
static int members_local(struct view bytes, int (*member)(void *, const struct sniff_zip_member *),
                         void *state) {
    int err = 0;
    size_t at = has_mark(bytes, 0, "PK\3\4") ? 0 : 4;
    for (int i = 0; !err && i < MEMBERS_MOST && has_mark(bytes, at, "PK\3\4"); i++) {
        size_t name = number_at(bytes, at + 26, 2), len = number_at(bytes, at + 18, 4);
        struct sniff_zip_member m = {.name = part_of(bytes, at + LOCAL_BYTES, name),
                                     .method = number_at(bytes, at + 8, 2),
                                     .flags = number_at(bytes, at + 6, 2),
                                     .packed = packed_at(bytes, at, len)};
        err = member(state, &m);
        at += LOCAL_BYTES + name + number_at(bytes, at + 28, 2) + len;
        const uint8_t *next = at < bytes.len ? memmem(bytes.data + at, bytes.len - at, "PK\3\4", 4) : NULL;
        at = next ? (size_t)(next - bytes.data) : bytes.len;
    }
    return err;
}

int sniff_zip_members(struct view bytes, int (*member)(void *state, const struct sniff_zip_member *member),
                      void *state) {
    size_t end = end_place(bytes);
    size_t directory = end < bytes.len ? number_at(bytes, end + 16, 4) : bytes.len;
    if (has_mark(bytes, directory, "PK\1\2"))
        return members_central(bytes, directory, member, state);
    size_t size =
        end < bytes.len ? number_at(bytes, end + 12, 4) : 0; /* with something in front, places are wrong */
    if (size && size <= end && has_mark(bytes, end - size, "PK\1\2"))
        return members_central(bytes, end - size, member, state);
    return members_local(bytes, member, state);
}

/* ---- a member ---- */

static void inflate_into(struct view packed, size_t most, struct buf *out) {
    z_stream z = {0};
    uint8_t room[CHUNK_BYTES];
    size_t total = 0;
    if (inflateInit2(&z, -MAX_WBITS) != Z_OK)
        return;
    z.next_in = (Bytef *)(uintptr_t)packed.data;
    z.avail_in = packed.len > UINT32_MAX ? UINT32_MAX : (uInt)packed.len;
    for (int rc = Z_OK; rc == Z_OK && total < most;) {
        z.next_out = room;
        z.avail_out = sizeof room;
        rc = inflate(&z, Z_NO_FLUSH);
        size_t got = sizeof room - z.avail_out;
        if (got > most - total)
            got = most - total;
        buf_add(out, room, got);
        total += got;
        if (!got)
            break;
    }
    inflateEnd(&z);
}

void sniff_zip_unpack(const struct sniff_zip_member *member, size_t most, struct buf *out) {
    if (member->flags & 1)
        return;
    if (member->method == 0)
        buf_add(out, member->packed.data, member->packed.len < most ? member->packed.len : most);
    else if (member->method == 8)
        inflate_into(member->packed, most, out);
}
