/* caught_parts.h: a sink for fuzz harnesses: checks what every opener promises of what it gives. */
#ifndef TESTS_FUZZ_CAUGHT_PARTS_H
#define TESTS_FUZZ_CAUGHT_PARTS_H

#include "base/text.h"
#include "ingest/mail.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct caught_count {
    int bodies, parts;
};

static inline void check(bool holds) {
    if (!holds)
        abort();
}

static inline int count_body(void *state, const char *heading, const char *body) {
    struct caught_count *c = state;
    check(++c->bodies == 1 && c->parts == 0);
    check(text_is_utf8(view_text(heading)) && text_is_utf8(view_text(body)));
    check(!strchr(heading, '\r') && !strchr(body, '\r'));
    return 0;
}

static inline int count_part(void *state, const struct found_part *part) {
    static const char *const kinds[] = {"attachment", "inline", "signature", "envelope", "embedded", "member", "mail"};
    struct caught_count *c = state;
    bool known = false;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        known |= strcmp(kinds[i], part->attached) == 0;
    c->parts++;
    check(known && part->name && part->content_type && text_is_utf8(view_text(part->name)) &&
          text_is_utf8(view_text(part->content_type)));
    uint8_t sum = 0;
    for (size_t i = 0; i < part->bytes.len; i++)
        sum ^= part->bytes.data[i];
    return sum == 0x5A && part->bytes.len == 3
               ? -1
               : 0; /* so that the bytes are read, and now and then the sink stops */
}

static inline int count_note(void *state, const char *text) {
    (void)state;
    check(strlen(text) <= 200 && text_is_utf8(view_text(text)));
    return 0;
}

static inline struct mail_sink counting_sink(struct caught_count *count) {
    return (struct mail_sink){count_body, {count_part, count_note, count}};
}

#endif
