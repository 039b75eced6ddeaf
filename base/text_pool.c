#include "base/text_pool.h"

#include "base/mem.h"

#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK_BYTES = 1 << 20, SLOTS_LEAST = 1024 };

struct chunk {
    struct chunk *next;
    size_t bytes, used;
    alignas(max_align_t) char room[];
};

struct slot {
    char *text;
    uint64_t hash; /* so that other texts need not be looked at */
};

struct text_pool {
    struct chunk *chunks; /* the first is being filled */
    struct slot *slots;   /* open addressing */
    size_t slot_count, text_count;
    char shorts[256][2]; /* no letter, or one: most fields are so, and need no search */
};

struct text_pool *text_pool_new(void) {
    struct text_pool *pool = mem_new(sizeof *pool);
    pool->slot_count = SLOTS_LEAST;
    pool->slots = mem_new(pool->slot_count * sizeof *pool->slots);
    return pool;
}

static char *take(struct text_pool *pool, size_t bytes, size_t align) {
    struct chunk *first = pool->chunks;
    size_t at = first ? (first->used + align - 1) / align * align : 0;
    if (!first || at + bytes > first->bytes) {
        size_t room = bytes > CHUNK_BYTES ? bytes : CHUNK_BYTES;
        struct chunk *chunk = mem_new(sizeof *chunk + room);
        *chunk = (struct chunk){.next = first, .bytes = room};
        pool->chunks = first = chunk;
        at = 0;
    }
    first->used = at + bytes;
    return first->room + at;
}

void *text_pool_room(struct text_pool *pool, size_t bytes) {
    return take(pool, bytes, alignof(max_align_t));
}

/* FNV-1a over eight bytes at a time, mixed at the end: texts are short, and there are millions of them. */
static uint64_t hash_of(const char *text, size_t bytes) {
    uint64_t h = 0xCBF29CE484222325u ^ bytes;
    for (; bytes; ) {
        uint64_t eight = 0;
        size_t n = bytes < 8 ? bytes : 8;
        memcpy(&eight, text, n);
        h = (h ^ eight) * 0x9E3779B97F4A7C15u;
        h ^= h >> 29;
        text += n;
        bytes -= n;
    }
    return h ^ h >> 32;
}

static bool slot_holds(const struct slot *slot, uint64_t hash, const char *text, size_t bytes) {
    return slot->hash == hash && strncmp(slot->text, text, bytes) == 0 && !slot->text[bytes];
}

static struct slot *slot_of(const struct text_pool *pool, uint64_t hash, const char *text, size_t bytes) {
    size_t at = (size_t)hash & (pool->slot_count - 1);
    while (pool->slots[at].text && !slot_holds(&pool->slots[at], hash, text, bytes))
        at = (at + 1) & (pool->slot_count - 1);
    return &pool->slots[at];
}

static void slots_grow(struct text_pool *pool) {
    struct slot *old = pool->slots;
    size_t count = pool->slot_count;
    pool->slot_count *= 2;
    pool->slots = mem_new(pool->slot_count * sizeof *pool->slots);
    for (size_t i = 0; i < count; i++)
        if (old[i].text)
            *slot_of(pool, old[i].hash, old[i].text, strlen(old[i].text)) = old[i];
    free(old);
}

char *text_pool_put(struct text_pool *pool, const char *text, size_t bytes) {
    bytes = bytes ? strnlen(text, bytes) : 0;
    if (bytes < 2) {
        char *one = pool->shorts[bytes ? (unsigned char)*text : 0];
        one[0] = bytes ? *text : 0;
        return one;
    }
    if (pool->text_count * 2 >= pool->slot_count)
        slots_grow(pool);
    uint64_t hash = hash_of(text, bytes);
    struct slot *slot = slot_of(pool, hash, text, bytes);
    if (!slot->text) {
        *slot = (struct slot){take(pool, bytes + 1, 1), hash};
        memcpy(slot->text, text, bytes);
        pool->text_count++;
    }
    return slot->text;
}

void text_pool_drop(struct text_pool **pool) {
    if (!*pool)
        return;
    for (struct chunk *chunk = (*pool)->chunks, *next; chunk; chunk = next) {
        next = chunk->next;
        explicit_bzero(chunk->room, chunk->used);
        free(chunk);
    }
    free((*pool)->slots);
    mem_free(pool);
}
