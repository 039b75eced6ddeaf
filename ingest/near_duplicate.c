#include "ingest/near_duplicate.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "ingest/same_paper.h"
#include "ingest/sketch.h"
#include "store/audit.h"
#include "store/page_rows.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    CANDIDATES_MOST = 8,   /* whose words are loaded */
    BAND_MOST = 256,       /* documents that are looked at for one band, the newest: a value that more have is a form's, not a paper's */
    MET_LEAST = 2,         /* bands that two texts must meet in */
    WORDS_LEAST = 30,      /* surely read; with fewer, the pictures decide */
    PIECE_BANDS = 64,      /* bands from here on: pieces of the first page's picture hash, of documents with few words */
    PIECES = 8,
    PIECE_BITS = 8,
    PAGES_MOST = 400,      /* whose pictures are compared */
    PICTURE_SAME_BITS = 6, /* pictures alone: every page differs in no more */
    PICTURE_LIKE_BITS = 13, /* beside a text that is somewhat alike: most pages do */
    SURE_LEAST = 60,
    PASSAGE_LEAST = 45     /* characters that the other has nothing of: a sentence */
};
#define TEXT_SAME 0.30   /* likeness of the texts alone */
#define TEXT_LIKE 0.22   /* with pictures that are alike */
#define TEXT_SHORT 0.85  /* of the short text of a mail, that nobody had to recognise */

/* A document as it is compared. */
struct paper {
    int64_t id;
    struct document_words words;
    struct shingles shingles;
    int64_t hashes[PAGES_MOST]; /* of its pages, 0: none */
    int pages;
    int sure_words;
    int recognised; /* from pictures: its text may be spoilt, its pictures are paper */
};

struct candidate {
    int64_t id;
    int met;
};

struct candidates {
    struct candidate *list;
    size_t count, room;
};

static void paper_drop(struct paper *paper) {
    document_words_drop(&paper->words);
    shingles_drop(&paper->shingles);
}

static int paper_load_pages(struct store *store, struct paper *paper) {
    struct rows *rows = db_query(store->db, "SELECT ifnull(picture_hash, 0), source FROM page WHERE document_id = ? AND role = 'page'"
                                            " ORDER BY place, number LIMIT 400", "i", paper->id);
    while (paper->pages < PAGES_MOST && rows_next(rows) > 0) {
        paper->hashes[paper->pages++] = rows_int(rows, 0);
        paper->recognised |= rows_int(rows, 1) == WORDS_RECOGNISED;
    }
    return rows_end(&rows);
}

static int paper_load(struct store *store, int64_t id, const uint8_t key[SKETCH_KEY_BYTES], struct paper *ret) {
    struct paper paper = {.id = id};
    int err = document_words_load(store, id, &paper.words);
    if (!err)
        err = paper_load_pages(store, &paper);
    if (err) {
        paper_drop(&paper);
        return err;
    }
    for (size_t p = 0; p < paper.words.page_count; p++)
        for (size_t i = 0; i < paper.words.pages[p].words.count; i++)
            paper.sure_words += paper.words.pages[p].words.list[i].confidence >= SURE_LEAST;
    shingles_of(&paper.words, key, &paper.shingles);
    *ret = paper;
    return 0;
}

/* Whether the pictures have to tell it. */
static int paper_is_picture(const struct paper *paper) {
    return paper->sure_words < WORDS_LEAST && paper->recognised && paper->pages && paper->hashes[0];
}

static int sketch_save(struct store *store, const struct paper *paper, const uint8_t key[SKETCH_KEY_BYTES]) {
    int64_t bands[SKETCH_BANDS];
    int count = sketch_of(&paper->shingles, key, bands);
    int err = db_run(store->db, "DELETE FROM sketch WHERE document_id = ?", "i", paper->id);
    for (int i = 0; i < count && !err; i++)
        err = db_run(store->db, "INSERT INTO sketch(document_id, band, value) VALUES(?, ?, ?)", "iii", paper->id, (int64_t)i, bands[i]);
    for (int i = 0; i < PIECES && !err && paper_is_picture(paper); i++)
        err = db_run(store->db, "INSERT INTO sketch(document_id, band, value) VALUES(?, ?, ?)", "iii", paper->id, (int64_t)(PIECE_BANDS + i),
                     (int64_t)((uint64_t)paper->hashes[0] >> (PIECE_BITS * i) & 0xff));
    return err;
}

static void candidate_met(struct candidates *candidates, int64_t id) {
    if (candidates->count == candidates->room) {
        candidates->room = candidates->room ? 2 * candidates->room : 64;
        candidates->list = mem_grow(candidates->list, candidates->room, sizeof *candidates->list);
    }
    candidates->list[candidates->count++] = (struct candidate){id, 1};
}

static int compare_ids(const void *a, const void *b) {
    const struct candidate *x = a, *y = b;
    return x->id < y->id ? -1 : x->id > y->id;
}

/* The most often met first; of those alike the older document, so that another attempt gives the same. */
static int compare_candidates(const void *a, const void *b) {
    const struct candidate *x = a, *y = b;
    return x->met != y->met ? y->met - x->met : x->id < y->id ? -1 : x->id > y->id;
}

/* Each once, with how often it was met. */
static void candidates_rank(struct candidates *candidates) {
    size_t count = 0;
    if (!candidates->count)
        return;
    qsort(candidates->list, candidates->count, sizeof *candidates->list, compare_ids);
    for (size_t i = 0; i < candidates->count; i++) {
        if (count && candidates->list[count - 1].id == candidates->list[i].id)
            candidates->list[count - 1].met++;
        else
            candidates->list[count++] = candidates->list[i];
    }
    candidates->count = count;
    qsort(candidates->list, count, sizeof *candidates->list, compare_candidates);
}

/* Of its own bands, as they were saved. */
static int candidates_find(struct store *store, int64_t document_id, struct candidates *ret) {
    int64_t bands[SKETCH_BANDS + PIECES], values[SKETCH_BANDS + PIECES];
    int count = 0, err2 = 0;
    struct rows *rows = db_query(store->db, "SELECT band, value FROM sketch WHERE document_id = ? ORDER BY band", "i", document_id);
    for (; count < SKETCH_BANDS + PIECES && rows_next(rows) > 0; count++) {
        bands[count] = rows_int(rows, 0);
        values[count] = rows_int(rows, 1);
    }
    int err = rows_end(&rows);
    for (int i = 0; i < count && !err; i++) {
        rows = db_query(store->db, "SELECT document_id FROM sketch WHERE band = ? AND value = ? AND document_id != ?"
                                   " ORDER BY document_id DESC LIMIT ?", "iiii", bands[i], values[i], document_id, (int64_t)BAND_MOST);
        while (rows_next(rows) > 0)
            candidate_met(ret, rows_int(rows, 0));
        err2 = rows_end(&rows);
        err = err ? err : err2;
    }
    candidates_rank(ret);
    return err;
}

static int hash_distance(int64_t a, int64_t b) {
    return __builtin_popcountll((uint64_t)a ^ (uint64_t)b);
}

/* Pages, one after the other, whose pictures differ in so many bits at most; -1 when they have not the same number of pages. */
static int pictures_alike(const struct paper *a, const struct paper *b, int bits) {
    int alike = 0;
    if (a->pages != b->pages || !a->pages)
        return -1;
    for (int i = 0; i < a->pages; i++)
        alike += a->hashes[i] && b->hashes[i] && hash_distance(a->hashes[i], b->hashes[i]) <= bits;
    return alike;
}

struct verdict {
    double likeness;
    const char *basis; /* NULL: not proposed */
};

static struct verdict judge_pictures(const struct paper *a, const struct paper *b) {
    struct verdict verdict = {0, NULL};
    int bits = 0;
    if (pictures_alike(a, b, PICTURE_SAME_BITS) != a->pages)
        return verdict;
    for (int i = 0; i < a->pages; i++)
        bits += hash_distance(a->hashes[i], b->hashes[i]);
    verdict.likeness = 1 - (double)bits / (64.0 * a->pages);
    verdict.basis = "pictures";
    return verdict;
}

/* A short text that was typed: every name and number must agree. */
static struct verdict judge_short(const struct paper *a, const struct paper *b, double likeness) {
    struct verdict verdict = {likeness, NULL};
    struct same_paper differences;
    if (a->recognised || b->recognised || likeness < TEXT_SHORT)
        return verdict;
    same_paper_compare(&a->words, &b->words, &differences);
    if (!differences.names && !differences.numbers && !differences.words)
        verdict.basis = "text";
    return verdict;
}

static struct verdict judge(const struct paper *a, const struct paper *b, const uint8_t key[SKETCH_KEY_BYTES]) {
    struct verdict verdict = {shingles_likeness(&a->shingles, &b->shingles), NULL};
    struct same_paper differences;
    if (paper_is_picture(a) && paper_is_picture(b))
        return judge_pictures(a, b);
    if (a->sure_words < WORDS_LEAST || b->sure_words < WORDS_LEAST)
        return judge_short(a, b, verdict.likeness);
    int pictures = verdict.likeness < TEXT_LIKE ? 0 : pictures_alike(a, b, PICTURE_LIKE_BITS);
    int alike = pictures > 0 && pictures * 2 > a->pages;
    if (verdict.likeness < (alike ? TEXT_LIKE : TEXT_SAME))
        return verdict;
    if (shingles_count_passages(&a->words, key, &b->shingles, PASSAGE_LEAST) && shingles_count_passages(&b->words, key, &a->shingles, PASSAGE_LEAST))
        return verdict; /* each says what the other does not */
    same_paper_compare(&a->words, &b->words, &differences);
    if (same_paper_is(&differences))
        verdict.basis = alike ? "text and pictures" : "text";
    return verdict;
}

/* A pair stands once, the newer document first; what a person has decided stays. */
static int propose(struct store *store, int64_t document_id, int64_t other_id, const struct verdict *verdict) {
    int64_t newer = document_id > other_id ? document_id : other_id, older = document_id > other_id ? other_id : document_id;
    return db_run(store->db,
                  "INSERT INTO near_duplicate(document_id, other_id, likeness, basis, state, made_at) VALUES(?, ?, ?, ?, 'proposed', ?)"
                  " ON CONFLICT(document_id, other_id) DO UPDATE SET likeness = excluded.likeness, basis = excluded.basis"
                  " WHERE state = 'proposed'", "iifti", newer, older, verdict->likeness, verdict->basis, clock_now());
}

/* A candidate that cannot be read (its child's key was destroyed) is nobody's duplicate. */
static int compare_with(struct store *store, const struct paper *paper, int64_t other_id, const uint8_t key[SKETCH_KEY_BYTES]) {
    struct paper other;
    int err = paper_load(store, other_id, key, &other);
    if (err == ERR_KEY || err == ERR_NOT_FOUND || err == ERR_SEAL)
        return 0;
    if (err)
        return err;
    struct verdict verdict = judge(paper, &other, key);
    paper_drop(&other);
    return verdict.basis ? propose(store, paper->id, other_id, &verdict) : 0;
}

/* The sketch is saved before others are looked for, under the lock of one writer: of two that are compared at the same moment, the second
 * sees the first. */
static int look_commit(struct store *store, const struct job *job, const struct paper *paper, const uint8_t key[SKETCH_KEY_BYTES]) {
    struct candidates candidates = {0};
    char what[64];
    int err = job_done(store, job);
    if (!err)
        err = sketch_save(store, paper, key);
    if (!err)
        err = candidates_find(store, paper->id, &candidates);
    for (size_t i = 0; i < candidates.count && i < CANDIDATES_MOST && !err; i++)
        if (candidates.list[i].met >= MET_LEAST || paper_is_picture(paper))
            err = compare_with(store, paper, candidates.list[i].id, key);
    free(candidates.list);
    snprintf(what, sizeof what, "document %lld", (long long)paper->id);
    struct audit_entry entry = {"machine", "compared", what, "compare", ""};
    return err ? err : audit_add(store, &entry, NULL);
}

int near_duplicate_look(struct store *store, const struct job *job) {
    uint8_t key[STORE_KEY_BYTES];
    struct paper paper;
    store_derive(store, "casedupl", key);
    int err = paper_load(store, job->subject, key, &paper);
    if (!err) {
        err = db_begin(store->db);
        if (!err)
            err = db_end(store->db, look_commit(store, job, &paper, key));
        paper_drop(&paper);
    }
    sodium_memzero(key, sizeof key);
    return err;
}

int near_duplicate_decide(struct store *store, int64_t id, int same, const char *who) {
    char what[80];
    int64_t document, other;
    struct rows *rows = db_query(store->db, "SELECT document_id, other_id FROM near_duplicate WHERE id = ?", "i", id);
    int found = rows_next(rows) > 0;
    document = found ? rows_int(rows, 0) : 0;
    other = found ? rows_int(rows, 1) : 0;
    int err = rows_end(&rows);
    if (err || !found)
        return err ? err : ERR_NOT_FOUND;
    err = db_run(store->db, "UPDATE near_duplicate SET state = ?, decided_by = ?, decided_at = ? WHERE id = ?", "ttii",
                 same ? "same" : "different", who, clock_now(), id);
    snprintf(what, sizeof what, "document %lld", (long long)document);
    char *why = mem_print("document %lld", (long long)other);
    struct audit_entry entry = {who, same ? "said to be the same" : "said to be different", what, "duplicates", why};
    if (!err)
        err = audit_add(store, &entry, NULL);
    free(why);
    return err;
}
