#include "redact/tag_model.h"

#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* The file: header, then words, traits, rows. */
struct header {
    char magic[8];
    uint32_t version, labels, row_count, word_slots;
    uint64_t sum; /* of everything behind the header */
    float scale;
    float begin[TAG_LABELS];
    float follow[TAG_LABELS][TAG_LABELS];
    uint8_t padding[28]; /* the header is a multiple of 64 bytes */
};
_Static_assert(sizeof(struct header) % 64 == 0, "what follows is aligned");

static const char magic[8] = "CFTAGGER";
#define VERSION 1
#define ROWS_MOST (1u << 24)

const char *tag_kind_text(enum tag_kind kind) {
    static const char *const texts[] = {"PERSON", "PLACE", "ORG", "DATE", "CODE", "QUANTITY", "TRAIT", "MISC"};
    return texts[kind];
}

bool tag_labels_follow(int a, int b) {
    return !tag_label_goes_on(b) || (a != TAG_NONE && tag_label_kind(a) == tag_label_kind(b));
}

/* FNV-1a, eight bytes at a time: against damage, not against malice. */
static uint64_t sum_of(const unsigned char *at, size_t bytes) {
    uint64_t sum = 14695981039346656037ull;
    for (; bytes >= 8; at += 8, bytes -= 8) {
        uint64_t part;
        memcpy(&part, at, 8);
        sum = (sum ^ part) * 1099511628211ull;
        sum ^= sum >> 29;
    }
    for (; bytes; at++, bytes--)
        sum = (sum ^ *at) * 1099511628211ull;
    return sum;
}

static bool is_power(uint32_t n) {
    return n && (n & (n - 1)) == 0;
}

static bool header_holds(const struct header *h, size_t bytes) {
    if (memcmp(h->magic, magic, sizeof magic) || h->version != VERSION || h->labels != TAG_LABELS)
        return false;
    if (!is_power(h->row_count) || !is_power(h->word_slots) || h->row_count > ROWS_MOST || h->word_slots > ROWS_MOST)
        return false;
    size_t wanted = sizeof *h + (size_t)h->word_slots * 6 + (size_t)h->row_count * TAG_LABELS;
    return bytes == wanted && sum_of((const unsigned char *)(h + 1), bytes - sizeof *h) == h->sum;
}

static int file_map(const char *path, struct view *ret) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;
    if (fd < 0)
        return errno == ENOENT ? ERR_NOT_FOUND : ERR_SYSTEM;
    int err = fstat(fd, &st) ? ERR_SYSTEM : (size_t)st.st_size < sizeof(struct header) ? ERR_SETTING : 0;
    if (!err) {
        void *at = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
        err = at == MAP_FAILED ? ERR_SYSTEM : 0;
        *ret = (struct view){at, (size_t)st.st_size};
    }
    close(fd);
    return err;
}

int tag_model_open(const char *path, struct tag_model **ret) {
    struct view file;
    int err = file_map(path, &file);
    if (err) {
        log_error("the model of the finder cannot be read: %s: %s", path, err_text(err));
        return err;
    }
    const struct header *h = (const struct header *)(const void *)file.data;
    if (!header_holds(h, file.len)) {
        log_error("the model of the finder is damaged or of another version: %s; 'make model' makes it", path);
        munmap((void *)(uintptr_t)file.data, file.len);
        return ERR_SETTING;
    }
    struct tag_model *model = mem_new(sizeof *model);
    model->file = file;
    model->words = (const uint32_t *)(const void *)(h + 1);
    model->traits = (const uint16_t *)(model->words + h->word_slots);
    model->rows = (const int8_t *)(model->traits + h->word_slots);
    model->word_mask = h->word_slots - 1;
    model->row_mask = h->row_count - 1;
    model->scale = h->scale;
    memcpy(model->follow, h->follow, sizeof model->follow);
    memcpy(model->begin, h->begin, sizeof model->begin);
    *ret = model;
    return 0;
}

void tag_model_drop(struct tag_model **model) {
    if (*model && (*model)->file.len)
        munmap((void *)(uintptr_t)(*model)->file.data, (*model)->file.len);
    mem_free(model);
}

uint32_t tag_word_hash(const char *folded, size_t bytes) {
    uint64_t hash = 14695981039346656037ull;
    for (size_t i = 0; i < bytes; i++)
        hash = (hash ^ (unsigned char)folded[i]) * 1099511628211ull;
    uint32_t cut = (uint32_t)(hash >> 32) ^ (uint32_t)hash;
    return cut ? cut : 1;
}

uint32_t tag_model_word(const struct tag_model *model, const char *folded, size_t bytes) {
    uint32_t hash = tag_word_hash(folded, bytes);
    for (uint32_t at = hash & model->word_mask; model->words[at]; at = (at + 1) & model->word_mask)
        if (model->words[at] == hash)
            return model->traits[at];
    return 0;
}

void tag_model_write(const struct tag_model *model, struct buf *out) {
    struct header h = {.version = VERSION, .labels = TAG_LABELS, .scale = model->scale};
    memcpy(h.magic, magic, sizeof magic);
    h.row_count = model->row_mask + 1;
    h.word_slots = model->word_mask + 1;
    memcpy(h.begin, model->begin, sizeof h.begin);
    memcpy(h.follow, model->follow, sizeof h.follow);
    size_t from = out->len;
    buf_add(out, &h, sizeof h);
    buf_add(out, model->words, (size_t)h.word_slots * 4);
    buf_add(out, model->traits, (size_t)h.word_slots * 2);
    buf_add(out, model->rows, (size_t)h.row_count * TAG_LABELS);
    struct header *written = (struct header *)(void *)(out->data + from);
    written->sum = sum_of(out->data + from + sizeof h, out->len - from - sizeof h);
}
