#include "redact/find_vocabulary.h"

#include "base/mem.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

void vocabulary_drop(struct vocabulary *vocabulary) {
    for (size_t i = 0; i < vocabulary->count; i++)
        free(vocabulary->list[i].key);
    free(vocabulary->list);
    free(vocabulary->slots);
    memset(vocabulary, 0, sizeof *vocabulary);
}

/* Letters with a stroke have no decomposition, but people and scanners write them without it. */
static uint32_t stroke_off(uint32_t c) {
    switch (c) {
    case 0x142:
        return 'l';
    case 0xF8:
        return 'o';
    case 0x111:
        return 'd';
    case 0x131:
        return 'i';
    default:
        return c;
    }
}

static size_t key_unicode(const char *text, size_t bytes, char out[VOCABULARY_KEY]) {
    char *copy = mem_text_part(text, bytes);
    char *key = text_key(copy);
    struct buf plain = {0};
    const char *at = key;
    for (uint32_t c; plain.len + 7 < VOCABULARY_KEY && (c = text_next(&at));)
        text_put(&plain, stroke_off(c));
    memcpy(out, buf_text(&plain), plain.len + 1);
    size_t len = plain.len;
    buf_drop(&plain);
    free(key);
    free(copy);
    return len;
}

size_t vocabulary_key(const char *text, size_t bytes, char out[VOCABULARY_KEY]) {
    size_t len = 0;
    for (size_t i = 0; i < bytes; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c >= 0x80)
            return key_unicode(text, bytes, out);
        if (c >= 'A' && c <= 'Z')
            c = (unsigned char)(c + 32);
        if (((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) && len + 1 < VOCABULARY_KEY)
            out[len++] = (char)c;
    }
    out[len] = 0;
    return len;
}

static uint32_t key_hash(const char *key) {
    uint32_t hash = 2166136261u; /* FNV-1a */
    for (; *key; key++)
        hash = (hash ^ (unsigned char)*key) * 16777619u;
    return hash;
}

static void slot_put(struct vocabulary *v, uint32_t number) {
    size_t at = v->list[number].hash & (v->slot_count - 1);
    while (v->slots[at])
        at = (at + 1) & (v->slot_count - 1);
    v->slots[at] = number + 1;
}

static void slots_make(struct vocabulary *v, size_t slot_count) {
    free(v->slots);
    v->slot_count = slot_count;
    v->slots = mem_new(slot_count * sizeof *v->slots);
    for (size_t i = 0; i < v->count; i++)
        slot_put(v, (uint32_t)i);
}

static uint32_t find_hashed(const struct vocabulary *v, const char *key, uint32_t hash) {
    if (!v->slot_count)
        return ENTRY_NONE;
    for (size_t at = hash & (v->slot_count - 1); v->slots[at]; at = (at + 1) & (v->slot_count - 1)) {
        uint32_t number = v->slots[at] - 1;
        if (v->list[number].hash == hash && strcmp(v->list[number].key, key) == 0)
            return number;
    }
    return ENTRY_NONE;
}

uint32_t vocabulary_find(const struct vocabulary *v, const char *key) {
    return find_hashed(v, key, key_hash(key));
}

uint32_t vocabulary_intern(struct vocabulary *v, const char *key) {
    uint32_t hash = key_hash(key), number = find_hashed(v, key, hash);
    if (number != ENTRY_NONE)
        return number;
    if (v->count == v->room) {
        v->room = v->room ? v->room * 2 : 4096;
        v->list = mem_grow(v->list, v->room, sizeof *v->list);
    }
    number = (uint32_t)v->count++;
    v->list[number] = (struct entry){.key = mem_text(key), .hash = hash, .forms = -1, .match = ENTRY_NONE};
    if (v->count * 2 > v->slot_count)
        slots_make(v, v->slot_count ? v->slot_count * 2 : 8192);
    else
        slot_put(v, number);
    return number;
}

void vocabulary_forget(struct vocabulary *v, size_t keep) {
    for (size_t i = keep; i < v->count; i++)
        free(v->list[i].key);
    if (keep < v->count) {
        v->count = keep;
        slots_make(v, v->slot_count);
    }
}

size_t vocabulary_words(struct vocabulary *v, const char *text, uint32_t *out, size_t most) {
    size_t count = 0;
    while (*text && count < most) {
        size_t len = strcspn(text, " \t");
        char key[VOCABULARY_KEY];
        if (vocabulary_key(text, len, key))
            out[count++] = vocabulary_intern(v, key);
        text += len + strspn(text + len, " \t");
    }
    return count;
}

bool vocabulary_key_in(const char *key, const char *keys) {
    size_t len = strlen(key);
    for (const char *at = keys; len && (at = strstr(at, key)); at++)
        if ((at == keys || at[-1] == ' ') && (at[len] == ' ' || !at[len]))
            return true;
    return false;
}

void vocabulary_add_words(struct vocabulary *v, const char *spaced, uint32_t traits) {
    while (*spaced) {
        size_t len = strcspn(spaced, " ");
        char key[VOCABULARY_KEY];
        if (vocabulary_key(spaced, len, key)) {
            uint32_t number = vocabulary_intern(v, key); /* it may move the list */
            v->list[number].traits |= traits;
        }
        spaced += len + strspn(spaced + len, " ");
    }
}
