/* caught.h: a sink that keeps what an opener gives. For the tests of this folder; one set of results in a
 * program. */
#ifndef TESTS_UNIT_INGEST_CAUGHT_H
#define TESTS_UNIT_INGEST_CAUGHT_H

#include "base/buf.h"
#include "ingest/mail.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define CAUGHT_MOST 64

struct caught {
    struct buf heading, body;
    int bodies, parts, notes;
    struct buf names, types, attached, note_texts; /* each ended by "|" */
    struct buf bytes[CAUGHT_MOST];                 /* of the first parts */
    int stop_with;
};
static struct caught caught;

static int catch_body(void *state, const char *heading, const char *body) {
    struct caught *c = state;
    c->bodies++;
    assert_int_equal(c->parts, 0);
    assert_int_equal(c->notes, 0);
    buf_add_text(&c->heading, heading);
    buf_add_text(&c->body, body);
    return 0;
}

static int catch_part(void *state, const struct found_part *part) {
    struct caught *c = state;
    buf_print(&c->names, "%s|", part->name);
    buf_print(&c->types, "%s|", part->content_type);
    buf_print(&c->attached, "%s|", part->attached);
    if (c->parts < CAUGHT_MOST)
        buf_add(&c->bytes[c->parts], part->bytes.data, part->bytes.len);
    c->parts++;
    return c->stop_with;
}

static int catch_note(void *state, const char *text) {
    struct caught *c = state;
    assert_true(strlen(text) <= 200);
    buf_print(&c->note_texts, "%s|", text);
    c->notes++;
    return 0;
}

static const struct mail_sink catch_sink = {catch_body, {catch_part, catch_note, &caught}};

static void forget(void) {
    struct buf *const bufs[] = {&caught.heading, &caught.body,     &caught.names,
                                &caught.types,   &caught.attached, &caught.note_texts};
    for (size_t i = 0; i < sizeof bufs / sizeof *bufs; i++)
        buf_drop(bufs[i]);
    for (size_t i = 0; i < CAUGHT_MOST; i++)
        buf_drop(&caught.bytes[i]);
    memset(&caught, 0, sizeof caught);
}

static int forget_all(void **state) {
    (void)state;
    forget();
    return 0;
}

#endif
