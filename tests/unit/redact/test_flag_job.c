/* The job "flag": what could not be read is flagged, in the record of each child that the document is filed to. */
#include "config/rules.h"
#include "queue/job.h"
#include "redact/flag_job.h"
#include "store/page_rows.h"
#include "tests/unit/flag_fixture.h"

struct flagging {
    struct place *place;
    struct people *people;
    struct rules *rules;
    struct finder *finder;
};

static int flagging_new(void **state) {
    struct flagging *f = mem_new(sizeof *f);
    void *place = NULL;
    char *where = NULL;
    int err = place_new(&place);
    f->place = place;
    *state = f;
    if (!err)
        err = people_from_csv("council_id,forenames,surname,date_of_birth,sex\n1234567,Isla,Quill,2012-03-27,F\n",
                              "council_id,person_id,relation,role,title,forenames,surname\n1234567,P1,mother,family,Mrs,Joan,Quill\n",
                              &f->people, &where);
    if (!err)
        err = rules_load("config", &f->rules);
    if (!err)
        f->finder = finder_new(f->people, f->rules, 0);
    return err;
}

static int flagging_drop(void **state) {
    struct flagging *f = *state;
    void *place = f->place;
    finder_drop(&f->finder);
    rules_drop(&f->rules);
    people_drop(&f->people);
    free(f);
    return place_drop(&place);
}

static int64_t flagging_document(struct store *store, uint32_t pages) {
    int64_t document = document_make(store, pages);
    run(store, "UPDATE document SET state = 'flagging'");
    return document;
}

static void flag(struct flagging *f, int64_t document) {
    struct store *store = f->place->store;
    struct job job;
    assert_int_equal(db_begin(store->db), 0);
    assert_int_equal(job_add(store, "flag", document, JOB_USUAL), 0);
    assert_int_equal(job_lend(store, "flag", "test", &job), 0);
    assert_int_equal(db_commit(store->db), 0);
    assert_int_equal(flag_document(store, f->finder, &job), 0);
}

static void region(struct store *store, int64_t page, const struct box *boxes, enum region_kind kind, size_t count) {
    struct regions regions;
    assert_int_equal(page_regions_load(store, page, &regions), 0);
    for (size_t i = 0; i < count; i++)
        regions_add(&regions, boxes[i], kind);
    assert_int_equal(page_regions_save(store, page, &regions), 0);
    regions_drop(&regions);
}

static void regions_become_flags(void **state) {
    struct flagging *f = *state;
    struct store *store = f->place->store;
    int64_t document = flagging_document(store, 2), page = page_of(store, document, 2);
    struct flag back;
    region(store, page, &(struct box){50, 60, 170, 80}, REGION_HANDWRITING, 1);
    region(store, page, &(struct box){300, 400, 310, 410}, REGION_DOUBTFUL, 1);
    flag(f, document);
    assert_int_equal(number(store, "SELECT count(*) FROM flag WHERE withdrawn = 0"), 2);
    assert_int_equal(number(store, "SELECT count(*) FROM flag WHERE cover = 1 AND code = '3P-UNREASONABLE' AND child_id = 0"), 2);
    assert_int_equal(flag_load(store, number(store, "SELECT min(id) FROM flag"), &back), 0);
    assert_int_equal(back.page, 2);
    assert_int_equal(back.type, FLAG_PASSAGE);
    assert_int_equal(back.box_count, 1);
    assert_true(back.boxes[0].x0 == 50 && back.boxes[0].y1 == 80);
    assert_string_equal(back.why, "handwriting: a person must look at it");
    assert_string_equal(back.finder, "reading");
    flag_drop(&back);
    assert_int_equal(flag_load(store, number(store, "SELECT max(id) FROM flag"), &back), 0);
    assert_string_equal(back.why, "hard to read: a person must look at it");
    flag_drop(&back);
    assert_row_text(store, "SELECT state FROM document", "ready");
    assert_row_text(store, "SELECT state FROM job", "done");
    assert_int_equal(number(store, "SELECT count(*) FROM audit_leaf WHERE action = 'flagged'"), 1);
}

/* A logo shows nobody; a photograph may. */
static void small_pictures_are_not_flagged(void **state) {
    struct flagging *f = *state;
    struct store *store = f->place->store;
    int64_t document = flagging_document(store, 1), page = page_of(store, document, 1);
    static const struct box boxes[] = {{400, 40, 500, 87}, {50, 40, 70, 240}, {100, 100, 200, 149}};
    region(store, page, boxes, REGION_PICTURE, 3);
    flag(f, document);
    assert_int_equal(number(store, "SELECT count(*) FROM flag"), 1); /* 4,900 square points; the others 4,700 and 4,000 */
    struct flag back;
    assert_int_equal(flag_load(store, number(store, "SELECT id FROM flag"), &back), 0);
    assert_true(back.boxes[0].y1 == 149);
    assert_string_equal(back.why, "a picture: a person must look at it");
    flag_drop(&back);
}

/* Handwriting as small as a logo is none. */
static void small_regions_of_other_kinds_are_flagged(void **state) {
    struct flagging *f = *state;
    struct store *store = f->place->store;
    int64_t document = flagging_document(store, 1), page = page_of(store, document, 1);
    for (int kind = 1; kind < REGION_KINDS; kind++)
        region(store, page, &(struct box){10, 10, 20, 20}, (enum region_kind)kind, 1);
    flag(f, document);
    assert_int_equal(number(store, "SELECT count(*) FROM flag"), REGION_KINDS - 2);
}

/* A page that could not be read well is flagged whole, and its regions need no flags of their own. */
static void a_page_in_trouble_is_flagged_whole(void **state) {
    struct flagging *f = *state;
    struct store *store = f->place->store;
    int64_t document = flagging_document(store, 3);
    struct flag back;
    region(store, page_of(store, document, 1), &(struct box){10, 10, 20, 20}, REGION_FAINT, 1);
    run(store, "UPDATE page SET trouble = 'too faint' WHERE number = 1; UPDATE page SET state = 'unreadable' WHERE number = 3");
    flag(f, document);
    assert_int_equal(number(store, "SELECT count(*) FROM flag"), 2);
    assert_int_equal(flag_load(store, number(store, "SELECT min(id) FROM flag"), &back), 0);
    assert_int_equal(back.page, 1);
    assert_true(back.boxes[0].x0 == 0 && back.boxes[0].y0 == 0 && back.boxes[0].x1 == 600 && back.boxes[0].y1 == 800);
    flag_drop(&back);
    assert_int_equal(flag_load(store, number(store, "SELECT max(id) FROM flag"), &back), 0);
    assert_int_equal(back.page, 3);
    flag_drop(&back);
}

/* Read anew with other regions: what was flagged before and not decided is replaced. */
static void flagging_again_follows_the_regions(void **state) {
    struct flagging *f = *state;
    struct store *store = f->place->store;
    int64_t document = flagging_document(store, 1), page = page_of(store, document, 1);
    struct regions none = {0};
    region(store, page, &(struct box){50, 60, 170, 80}, REGION_HANDWRITING, 1);
    flag(f, document);
    flag(f, document);
    assert_int_equal(number(store, "SELECT count(*) FROM flag WHERE withdrawn = 0"), 1);
    assert_int_equal(page_regions_save(store, page, &none), 0);
    flag(f, document);
    assert_int_equal(number(store, "SELECT count(*) FROM flag WHERE withdrawn = 0"), 0);
}

/* Regions that cannot be read are no clean page: the job fails, and nothing is committed. */
static void damaged_regions_are_an_error(void **state) {
    struct flagging *f = *state;
    struct store *store = f->place->store;
    int64_t document = flagging_document(store, 2);
    struct job job;
    run(store, "UPDATE page SET regions = x'05' WHERE number = 2; UPDATE page SET trouble = 'faint' WHERE number = 1");
    assert_int_equal(db_begin(store->db), 0);
    assert_int_equal(job_add(store, "flag", document, JOB_USUAL), 0);
    assert_int_equal(job_lend(store, "flag", "test", &job), 0);
    assert_int_equal(db_commit(store->db), 0);
    assert_int_equal(flag_document(store, f->finder, &job), ERR_PROTOCOL);
    assert_int_equal(number(store, "SELECT count(*) FROM flag"), 0);
    assert_row_text(store, "SELECT state FROM document", "flagging");
    assert_row_text(store, "SELECT state FROM job", "lent");
}

#define T(f) cmocka_unit_test_setup_teardown(f, flagging_new, flagging_drop)
int main(void) {
    const struct CMUnitTest tests[] = {T(regions_become_flags), T(small_pictures_are_not_flagged), T(small_regions_of_other_kinds_are_flagged),
                                       T(a_page_in_trouble_is_flagged_whole), T(flagging_again_follows_the_regions), T(damaged_regions_are_an_error)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
