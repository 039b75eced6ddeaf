/* Flags on the pages of a made document, for tests. */
#ifndef TESTS_FLAG_FIXTURE_H
#define TESTS_FLAG_FIXTURE_H

#include "store/flag_rows.h"
#include "tests/unit/store_fixture.h"

/* One word's flag by the finder "people"; cover by its code. */
static UNUSED struct flag *flag_on(struct flags *flags, uint32_t page, uint32_t word, const char *text, const char *code, int cover) {
    struct flag *flag = flags_add(flags);
    flag->page = page;
    flag->type = FLAG_PERSON;
    flag->role = ROLE_FAMILY;
    flag->person_id = mem_text("P1");
    flag->code = mem_text(code);
    flag->cover = cover;
    flag->confidence = 90;
    flag->finder = mem_text("people");
    flag->why = mem_text("family");
    flag->text = mem_text(text);
    flag->runs = mem_new(sizeof *flag->runs);
    flag->runs[0] = (struct word_run){word, word};
    flag->run_count = 1;
    flag->boxes = mem_new(sizeof *flag->boxes);
    flag->boxes[0] = (struct box){50, 100, 85, 112};
    flag->box_count = 1;
    return flag;
}

static UNUSED int flags_put(struct store *store, int64_t document, int64_t child, const struct flags *flags) {
    assert_int_equal(db_begin(store->db), 0);
    return db_end(store->db, flags_save(store, document, child, flags));
}

#endif
