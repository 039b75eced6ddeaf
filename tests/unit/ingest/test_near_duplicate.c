/* The same paper is proposed once, whatever the scanner did; a letter about a sibling is not; what a person said stays. */
#include "ingest/near_duplicate.h"

#include "queue/job.h"
#include "store/page_rows.h"
#include "tests/unit/store_fixture.h"

static const char letter[] =
    "RECEIVED 10 DEC 2023 CHILDREN'S SERVICES Dear Mrs Winstanley Re: Tobias Hargreave born 27 October 2016 NHS number 999 412 7731 . I am "
    "writing to share our growing concern about Tobias , who is in Year 1. Attendance since September stands at 72.9 per cent, of which "
    "many sessions are unauthorised. On Monday Tobias came to school without a coat or lunch and told the class teacher that he had not had "
    "any tea the night before. Tobias has been collected late on seven occasions by a neighbour who is not on our contact list. We would be "
    "grateful for an update on what is happening, as staff have not been told the outcome of our last two contacts. Yours sincerely, Marian Bell";
static const char other_letter[] =
    "Minutes of the review held at the civic centre . Present were the chair, the foster carer and the reviewing officer. The placement "
    "is stable and the plan remains long term fostering. The health assessment is out of date and the dentist has been asked for a new "
    "appointment. Contact with the grandmother takes place every fortnight and goes well. The next meeting is planned for the spring and "
    "will look at the pathway plan, at swimming lessons and at the passport, which the carer needs before the summer holiday begins.";

/* Words on lines of ten, where a page would have them. */
static struct words words_set(const char *text, uint8_t confidence) {
    struct words words = {0};
    char *copy = mem_text(text), *rest = NULL;
    uint32_t n = 0;
    for (char *w = strtok_r(copy, " ", &rest); w; w = strtok_r(NULL, " ", &rest), n++) {
        float x = 50 + 50 * (float)(n % 10), y = 60 + 40 * (float)(n / 10);
        words_add(&words, (struct box){x, y, x + 45, y + 12}, n / 10, 0, confidence, w);
    }
    free(copy);
    return words;
}

static int64_t document_with(struct store *store, const char *text, uint8_t confidence) {
    int64_t document = document_make(store, 1);
    struct words words = words_set(text, confidence);
    struct page_row page;
    assert_int_equal(page_row_load(store, page_of(store, document, 1), &page), 0);
    assert_int_equal(page_words_save(store, &page, &words), 0);
    words_drop(&words);
    return document;
}

static int look(struct store *store, int64_t document) {
    struct job job;
    assert_int_equal(db_begin(store->db), 0);
    assert_int_equal(job_add(store, "compare", document, JOB_USUAL), 0);
    assert_int_equal(job_lend(store, "compare", "test", &job), 0);
    assert_int_equal(db_commit(store->db), 0);
    assert_int_equal(job.subject, document);
    return near_duplicate_look(store, &job);
}

static int64_t compared(struct store *store, const char *text) {
    int64_t document = document_with(store, text, 95);
    assert_int_equal(look(store, document), 0);
    return document;
}

/* from, wherever it stands, made into to. */
static char *with(const char *text, const char *from, const char *to) {
    struct buf out = {0};
    for (const char *at = text; *at;) {
        if (strncmp(at, from, strlen(from)) == 0) {
            buf_add_text(&out, to);
            at += strlen(from);
        } else {
            buf_add_byte(&out, (uint8_t)*at++);
        }
    }
    char *copy = mem_text(buf_text(&out));
    buf_drop(&out);
    return copy;
}

/* Every so manieth letter misread. */
static char *spoilt(const char *text, int every, int from) {
    char *copy = mem_text(text);
    int n = 0;
    for (char *c = copy; *c; c++)
        if (*c >= 'a' && *c <= 'z' && ++n % every == from)
            *c = *c == 'e' ? 'c' : *c == 'h' ? 'b' : *c == 'n' ? 'u' : *c == 'a' ? 'o' : 'x';
    return copy;
}

static void the_same_paper_is_proposed(void **state) {
    struct store *store = ((struct place *)*state)->store;
    char *again = spoilt(letter, 33, 5), *stamped = with(letter, "10 DEC 2023", "03 JAN 2024");
    int64_t first = compared(store, letter);
    compared(store, other_letter);
    assert_int_equal(number(store, "SELECT count(*) FROM near_duplicate"), 0);
    int64_t second = compared(store, again);
    assert_int_equal(number(store, "SELECT document_id FROM near_duplicate"), second);
    assert_int_equal(number(store, "SELECT other_id FROM near_duplicate"), first);
    assert_row_text(store, "SELECT state || ' ' || basis || ' ' || (likeness > 0.3 AND likeness < 1) FROM near_duplicate", "proposed text 1");
    compared(store, stamped);
    assert_int_equal(number(store, "SELECT count(*) FROM near_duplicate"), 3);
    assert_row_text(store, "SELECT state FROM job WHERE subject = 1", "done");
    assert_row_text(store, "SELECT who || ' ' || action || ' ' || what FROM audit_leaf ORDER BY number LIMIT 1", "machine compared document 1");
    free(again);
    free(stamped);
}

static void a_letter_about_a_sibling_is_not(void **state) {
    struct store *store = ((struct place *)*state)->store;
    char *name = with(letter, "Tobias", "Philippa"), *born = with(name, "27 October 2016", "4 March 2014"), *sibling = with(born, "412 7731", "806 2250");
    compared(store, letter);
    compared(store, sibling);
    assert_int_equal(number(store, "SELECT count(*) FROM near_duplicate"), 0);
    assert_true(number(store, "SELECT count(*) FROM sketch a JOIN sketch b ON a.band = b.band AND a.value = b.value AND a.document_id = 1"
                              " AND b.document_id = 2") > 8); /* it was a candidate: the names and numbers told */
    free(name);
    free(born);
    free(sibling);
}

static void a_mail_in_three_mailboxes_is_proposed(void **state) {
    struct store *store = ((struct place *)*state)->store;
    static const char to[] = "To: Duty Team <duty@ribbleshire.example> Cc: Marcus Ollerenshaw <m.ollerenshaw@ribbleshire.example>";
    static const char head[] = "From: Priya Nolan <p.nolan@school.example>\n%s\nDate: 4 March 2024 10:12\nSubject: Attendance of a pupil";
    const char *const tos[] = {to, "To: Front Door <frontdoor@ribbleshire.example>", "To: Someone Else Altogether <rowena.birtwistle.9@ribbleshire.example>"};
    for (int i = 0; i < 3; i++) {
        int64_t document = document_make(store, 1);
        struct words words = {0}, body = words_set(other_letter, 100);
        char *text = mem_print(head, tos[i]), *rest = NULL, *save = NULL;
        uint32_t line = 0;
        for (char *row = strtok_r(text, "\n", &save); row; row = strtok_r(NULL, "\n", &save), line++)
            for (char *w = strtok_r(row, " ", &rest); w; w = strtok_r(NULL, " ", &rest))
                words_add(&words, (struct box){50, 10, 60, 20}, line, 0, 100, w);
        for (size_t w = 0; w < body.count; w++)
            words_add(&words, body.list[w].box, body.list[w].line + line, 1, 100, body.list[w].text);
        struct page_row page;
        assert_int_equal(page_row_load(store, page_of(store, document, 1), &page), 0);
        assert_int_equal(page_words_save(store, &page, &words), 0);
        assert_int_equal(look(store, document), 0);
        words_drop(&words);
        words_drop(&body);
        free(text);
    }
    assert_int_equal(number(store, "SELECT count(*) FROM near_duplicate WHERE likeness = 1"), 3);
}

static void pictures_tell_where_there_are_no_words(void **state) {
    struct store *store = ((struct place *)*state)->store;
    static const int64_t hashes[] = {0x123456789abcdef0, 0x123456789abcdef0 ^ 0x100000040, (int64_t)~0x123456789abcdef0u, 0};
    for (int i = 0; i < 4; i++) {
        int64_t document = document_with(store, "x1 ,, ~", 20);
        assert_int_equal(db_run(store->db, "UPDATE page SET picture_hash = ? WHERE document_id = ?", "ii", hashes[i], document), 0);
        assert_int_equal(look(store, document), 0);
    }
    assert_row_text(store, "SELECT group_concat(document_id || ' ' || other_id || ' ' || basis) FROM near_duplicate", "2 1 pictures");
}

static void another_attempt_gives_the_same_rows(void **state) {
    struct store *store = ((struct place *)*state)->store;
    static const char rows[] = "SELECT (SELECT count(*) FROM sketch) || ' ' || (SELECT group_concat(id || document_id || other_id || state) FROM near_duplicate)"
                               " || ' ' || (SELECT sum(value % 1000003) FROM sketch)";
    compared(store, letter);
    int64_t second = compared(store, letter);
    char *before = words_in(store, rows);
    assert_int_equal(look(store, 1), 0);
    assert_int_equal(look(store, second), 0);
    assert_row_text(store, rows, before);
    free(before);
}

static int decide(struct store *store, int64_t id, int same) {
    assert_int_equal(db_begin(store->db), 0);
    return db_end(store->db, near_duplicate_decide(store, id, same, "officer"));
}

static void what_a_person_said_stays(void **state) {
    struct store *store = ((struct place *)*state)->store;
    compared(store, letter);
    int64_t second = compared(store, letter);
    int64_t pair = number(store, "SELECT id FROM near_duplicate");
    assert_int_equal(decide(store, pair + 1, 1), ERR_NOT_FOUND);
    assert_int_equal(decide(store, pair, 0), 0);
    assert_row_text(store, "SELECT state || ' ' || decided_by || ' ' || (decided_at > 0) FROM near_duplicate", "different officer 1");
    assert_row_text(store, "SELECT who || ' ' || action || ' ' || what || ' ' || why FROM audit_leaf ORDER BY number DESC LIMIT 1",
                    "officer said to be different document 2 document 1");
    assert_int_equal(look(store, second), 0);
    assert_int_equal(look(store, 1), 0);
    assert_row_text(store, "SELECT count(*) || ' ' || state FROM near_duplicate", "1 different");
    assert_int_equal(decide(store, pair, 1), 0); /* a person may think again */
    assert_row_text(store, "SELECT state FROM near_duplicate", "same");
}

static void a_late_answer_is_refused(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t document = document_with(store, letter, 95);
    struct job job = {.id = 99, .subject = document, .attempt = 1};
    assert_int_equal(near_duplicate_look(store, &job), ERR_STALE);
    assert_int_equal(number(store, "SELECT count(*) FROM sketch"), 0);
    job.subject = 77;
    assert_true(near_duplicate_look(store, &job) < 0);
}

/* A child whose key was destroyed: its document is nobody's duplicate, and stops nobody. */
static void what_cannot_be_read_is_passed_over(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t first = compared(store, letter);
    assert_int_equal(db_run(store->db, "UPDATE object_key SET wrapped = x'00' WHERE object_id = (SELECT picture_id FROM page WHERE document_id = ?)", "i",
                            first), 0);
    compared(store, letter);
    assert_int_equal(number(store, "SELECT count(*) FROM near_duplicate"), 0);
    assert_int_equal(number(store, "SELECT count(*) FROM job WHERE state = 'done'"), 2);
}

/* Without the store's key the numbers tell nothing: another store gives others. */
static void sketches_are_keyed(void **state) {
    struct store *store = ((struct place *)*state)->store;
    void *other = NULL;
    compared(store, letter);
    int64_t value = number(store, "SELECT value FROM sketch WHERE band = 0");
    assert_int_equal(place_new(&other), 0);
    compared(((struct place *)other)->store, letter);
    assert_true(number(((struct place *)other)->store, "SELECT value FROM sketch WHERE band = 0") != value);
    place_drop(&other);
}

int main(void) {
#define IN_A_STORE(test) cmocka_unit_test_setup_teardown(test, place_new, place_drop)
    const struct CMUnitTest tests[] = {
        IN_A_STORE(the_same_paper_is_proposed),
        IN_A_STORE(a_letter_about_a_sibling_is_not),
        IN_A_STORE(a_mail_in_three_mailboxes_is_proposed),
        IN_A_STORE(pictures_tell_where_there_are_no_words),
        IN_A_STORE(another_attempt_gives_the_same_rows),
        IN_A_STORE(what_a_person_said_stays),
        IN_A_STORE(a_late_answer_is_refused),
        IN_A_STORE(what_cannot_be_read_is_passed_over),
        IN_A_STORE(sketches_are_keyed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
