#include "redact/flag_job.h"

#include "base/err.h"
#include "base/mem.h"
#include "queue/next.h"
#include "redact/flag_regions.h"
#include "store/audit.h"
#include "store/flag_rows.h"
#include "store/page_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SUBJECTS_MOST 16

/* A document as it concerns one child. */
struct subject {
    int64_t document_id, child_id;
};

/* Whom the document concerns: how many, or an error. The children that it is filed to, else the first candidate; the subjects of requests that it was
 * brought into; else nobody (0). */
static int document_subjects(struct store *store, int64_t document_id, int64_t subjects[SUBJECTS_MOST]) {
    struct rows *rows = db_query(store->db,
                                 "SELECT c.child_id, c.chosen, f.outcome = 'filed' FROM filing f JOIN filing_child c ON c.filing_id = f.id"
                                 " WHERE f.document_id = ? AND f.superseded_by IS NULL AND f.outcome IN ('filed', 'proposed')"
                                 " ORDER BY c.ordinal", "i", document_id);
    int n = 0;
    while (n < SUBJECTS_MOST && rows_next(rows) > 0) {
        int filed = (int)rows_int(rows, 2);
        if (filed ? rows_int(rows, 1) != 0 : n == 0)
            subjects[n++] = rows_int(rows, 0);
    }
    int err = rows_end(&rows);
    if (err) /* "nobody's" would leave the child's flags out */
        return err;
    /* A request may bring in what is in another record, or in none: its subject looks at it too. */
    rows = db_query(store->db,
                    "SELECT DISTINCT q.child_id FROM request_document r JOIN request q ON q.id = r.request_id WHERE r.document_id = ? AND r.origin != 'record'"
                    " AND q.state IN ('open', 'approved') ORDER BY q.child_id", "i", document_id);
    while (n < SUBJECTS_MOST && rows_next(rows) > 0) {
        int64_t child = rows_int(rows, 0);
        int known = 0;
        for (int i = 0; i < n; i++)
            known |= subjects[i] == child;
        if (!known)
            subjects[n++] = child;
    }
    err = rows_end(&rows);
    if (err)
        return err;
    if (!n)
        subjects[n++] = 0;
    return n;
}

static int flag_regions(struct store *store, const struct page_row *page, const struct flag_sheet *sheet, struct flags *flags) {
    struct regions regions;
    int err = page_regions_load(store, page->id, &regions);
    if (!err)
        flag_regions_add(flags, sheet, &regions);
    regions_drop(&regions);
    return err;
}

/* What could not be read: the whole page, or parts of it. It is never silently clean. */
static int flag_unreadable(struct store *store, int64_t document_id, struct flags *flags) {
    struct page_row *pages = NULL;
    size_t count = 0;
    int err = page_rows_of_document(store, document_id, &pages, &count);
    for (size_t i = 0; i < count && !err; i++) {
        int64_t trouble = 0;
        err = db_int(store->db, &trouble, "SELECT trouble != '' OR state = 'unreadable' FROM page WHERE id = ?", "i", pages[i].id);
        const struct flag_sheet sheet = {pages[i].number, pages[i].width_pt, pages[i].height_pt, pages[i].turn};
        if (!err && trouble)
            flag_regions_whole(flags, &sheet);
        else if (!err)
            err = flag_regions(store, &pages[i], &sheet, flags);
    }
    free(pages);
    return err;
}

static int flag_for(struct store *store, const struct subject *subject, struct flags *flags) {
    int err = flag_unreadable(store, subject->document_id, flags);
    if (!err)
        err = flags_save(store, subject->document_id, subject->child_id, flags);
    return err ? err
               : db_run(store->db, "UPDATE flag SET withdrawn = 0 WHERE document_id = ? AND child_id = ?", "ii", subject->document_id,
                        subject->child_id);
}

/* A document that was filed anew: what was flagged for the former child no longer counts. */
static int flags_withdraw(struct store *store, int64_t document_id) {
    return db_run(store->db, "UPDATE flag SET withdrawn = 1 WHERE document_id = ?", "i", document_id);
}

/* What was found for each child that the document is filed to. */
struct found {
    int64_t children[SUBJECTS_MOST];
    struct flags flags[SUBJECTS_MOST];
    int count;
};

static int flag_commit(struct store *store, const struct job *job, struct found *found) {
    int64_t children[SUBJECTS_MOST];
    int count = document_subjects(store, job->subject, children);
    int err = count < 0 ? count : job_done(store, job);
    /* Filed to others while people were looked for: once more, by the job that this filing has made. */
    if (!err && (count != found->count || memcmp(children, found->children, (size_t)count * sizeof children[0])))
        return ERR_BUSY;
    if (!err)
        err = flags_withdraw(store, job->subject);
    for (int i = 0; i < count && !err; i++) {
        struct subject subject = {job->subject, children[i]};
        err = flag_for(store, &subject, &found->flags[i]);
    }
    if (!err)
        err = next_after_flagged(store, job->subject);
    char what[64];
    snprintf(what, sizeof what, "document %lld", (long long)job->subject);
    struct audit_entry entry = {"machine", "flagged", what, "flag", ""};
    return err ? err : audit_add(store, &entry, NULL);
}

/* Looking for people takes its time: nobody else's writing waits for it. */
int flag_document(struct store *store, struct finder *finder, const struct job *job) {
    struct document_words words;
    struct found found = {.count = 0};
    int err = document_words_load(store, job->subject, &words);
    if (err)
        return err;
    found.count = document_subjects(store, job->subject, found.children);
    for (int i = 0; i < found.count; i++) {
        finder_turn(finder, found.children[i]);
        finder_find(finder, &words, &found.flags[i]);
    }
    err = found.count < 0 ? found.count : db_begin(store->db);
    if (!err)
        err = db_end(store->db, flag_commit(store, job, &found));
    for (int i = 0; i < found.count; i++)
        flags_drop(&found.flags[i]);
    document_words_drop(&words);
    return err;
}
