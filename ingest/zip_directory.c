#include "ingest/zip_directory.h"

#include "base/err.h"
#include "ingest/archive.h"

#include <stdbool.h>
#include <string.h>

enum { END = 22, ENTRY = 46, COMMENT_MOST = 65535 };

static uint32_t number(const uint8_t *p, int size) {
    uint32_t n = 0;
    for (int i = 0; i < size; i++)
        n |= (uint32_t)p[i] << 8 * i;
    return n;
}

/* The end record stands last, but for a comment. */
static const uint8_t *end_find(struct view bytes) {
    if (bytes.len < END)
        return NULL;
    for (size_t back = END; back <= bytes.len && back <= END + COMMENT_MOST; back++)
        if (memcmp(bytes.data + bytes.len - back, "PK\5\6", 4) == 0)
            return bytes.data + bytes.len - back;
    return NULL;
}

/* Where the directory begins: right before its end record, whatever stands before the zip. NULL: it is not
 * there. */
static const uint8_t *directory_find(struct view bytes, const uint8_t *end) {
    size_t size = number(end + 12, 4), before = (size_t)(end - bytes.data);
    return size <= before && size >= ENTRY && memcmp(end - size, "PK\1\2", 4) == 0 ? end - size : NULL;
}

struct sums {
    size_t entries;
    uint64_t packed, unpacked; /* bytes */
};

static void directory_sum(const uint8_t *at, const uint8_t *end, struct sums *sums) {
    while (end - at >= ENTRY && memcmp(at, "PK\1\2", 4) == 0) {
        uint32_t packed = number(at + 20, 4), unpacked = number(at + 24, 4);
        size_t len = ENTRY + number(at + 28, 2) + number(at + 30, 2) + number(at + 32, 2);
        sums->entries++;
        sums->packed += packed == UINT32_MAX ? 0 : packed; /* a larger number stands elsewhere */
        sums->unpacked += unpacked;
        if ((size_t)(end - at) < len)
            return;
        at += len;
    }
}

int zip_directory_check(struct view bytes, size_t *ret_entries) {
    const uint8_t *end = end_find(bytes), *directory = end ? directory_find(bytes, end) : NULL;
    struct sums sums = {0};
    if (directory)
        directory_sum(directory, end, &sums);
    if (sums.packed > bytes.len || sums.unpacked > ARCHIVE_BYTES_MOST)
        return ERR_TOO_LARGE;
    if (sums.unpacked > ARCHIVE_RATIO_FREE && sums.unpacked / ARCHIVE_RATIO_MOST > bytes.len)
        return ERR_TOO_LARGE;
    if (sums.entries > 2 * ARCHIVE_MEMBERS_MOST)
        return ERR_TOO_MANY;
    *ret_entries = sums.entries;
    return 0;
}
