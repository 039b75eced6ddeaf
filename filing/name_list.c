#include "filing/name_list.h"

#include "base/mem.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

#define NEAR_LETTERS 4   /* shorter names have too many neighbours */
#define EDITED_LETTERS 5 /* and one letter wrong needs one more */

char *name_key(const char *text) {
    static const struct {
        char from[3], to;
    } plain[] = {
        {"\xC5\x82", 'l'}, {"\xC3\xB8", 'o'}, {"\xC4\x91", 'd'}, {"\xC4\xB1", 'i'}, {"\xC3\xB0", 'd'}};
    char *key = text_key(text);
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        for (char *at; (at = strstr(key, plain[i].from));) {
            *at = plain[i].to;
            memmove(at + 1, at + 2, strlen(at + 2) + 1);
        }
    return key;
}

static size_t slot_find(const struct name_list *n, const char *key) {
    size_t at = (size_t)key_of_text(key) & (n->slot_count - 1);
    while (n->slots[at] && strcmp(n->texts[n->slots[at] - 1], key) != 0)
        at = (at + 1) & (n->slot_count - 1);
    return at;
}

static void slots_grow(struct name_list *n) {
    free(n->slots);
    n->slot_count = n->slot_count ? n->slot_count * 2 : 1024;
    n->slots = mem_new(n->slot_count * sizeof *n->slots);
    for (size_t i = 0; i < n->count; i++)
        n->slots[slot_find(n, n->texts[i])] = (uint32_t)i + 1;
}

uint32_t name_list_add(struct name_list *n, const char *key) {
    if (n->count * 2 >= n->slot_count)
        slots_grow(n);
    size_t at = slot_find(n, key);
    if (n->slots[at])
        return n->slots[at] - 1;
    if (n->count == n->room)
        n->texts = mem_grow(n->texts, n->room = n->room ? n->room * 2 : 256, sizeof *n->texts);
    n->texts[n->count] = mem_text(key);
    n->slots[at] = (uint32_t)++n->count;
    return (uint32_t)n->count - 1;
}

uint32_t name_list_lookup(const struct name_list *n, const char *key) {
    if (!n->slot_count)
        return NAME_NONE;
    size_t at = slot_find(n, key);
    return n->slots[at] ? n->slots[at] - 1 : NAME_NONE;
}

bool name_look(const char *key, char out[NAME_LOOK_BYTES]) {
    static const char from[] = "01i58";
    static const char to[] = "ollsb";
    size_t n = 0;
    for (const char *p = key; *p; p++) {
        if (n + 2 >= NAME_LOOK_BYTES)
            return false;
        const char *at = strchr(from, *p);
        char c = at ? to[at - from] : *p;
        if (c == 'n' && n && out[n - 1] == 'r')
            out[n - 1] = 'm';
        else if (c == 'v' && n && out[n - 1] == 'v')
            out[n - 1] = 'w';
        else if (c == 'l' && n && out[n - 1] == 'c')
            out[n - 1] = 'd';
        else
            out[n++] = c;
    }
    out[n] = 0;
    return true;
}

static uint64_t key_without(const char *look, size_t len, size_t out) {
    char text[NAME_LOOK_BYTES];
    memcpy(text, look, out);
    memcpy(text + out, look + out + 1, len - out);
    return key_of_text(text);
}

void name_list_seal(struct name_list *n) {
    for (size_t i = 0; i < n->count; i++) {
        char look[NAME_LOOK_BYTES];
        if (!name_look(n->texts[i], look))
            continue;
        size_t len = strlen(look);
        if (len < NEAR_LETTERS - 1)
            continue;
        postings_add(&n->near, key_of_text(look), (uint32_t)i);
        for (size_t at = 0; at < len && len >= EDITED_LETTERS - 1; at++)
            postings_add(&n->near, key_without(look, len, at), (uint32_t)i);
    }
    postings_seal(&n->near);
}

static size_t near_add(const struct name_list *n, uint64_t key, const char *look, uint32_t *ret,
                       size_t count) {
    size_t found;
    const struct posting *run = postings_find(&n->near, key, &found);
    for (size_t i = 0; i < found && count < NAME_NEAR_MOST; i++) {
        char other[NAME_LOOK_BYTES];
        bool known = false;
        for (size_t j = 0; j < count; j++)
            known |= ret[j] == run[i].value;
        if (known || !name_look(n->texts[run[i].value], other))
            continue;
        int most = strlen(n->texts[run[i].value]) >= EDITED_LETTERS ? 1 : 0;
        if (text_distance(look, other, most) <= most)
            ret[count++] = run[i].value;
    }
    return count;
}

size_t name_list_near(const struct name_list *n, const char *key, uint32_t ret[NAME_NEAR_MOST]) {
    char look[NAME_LOOK_BYTES];
    if (strlen(key) < NEAR_LETTERS || !name_look(key, look))
        return 0;
    size_t len = strlen(look);
    size_t count = near_add(n, key_of_text(look), look, ret, 0);
    for (size_t at = 0; at < len && len >= EDITED_LETTERS - 1; at++)
        count = near_add(n, key_without(look, len, at), look, ret, count);
    return count;
}

void name_list_drop(struct name_list *n) {
    for (size_t i = 0; i < n->count; i++)
        free(n->texts[i]);
    free(n->texts);
    free(n->slots);
    postings_drop(&n->near);
    memset(n, 0, sizeof *n);
}
