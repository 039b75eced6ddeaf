#include "filing/file_job.h"

#include "base/clock.h"
#include "base/err.h"
#include "filing/facts_rows.h"
#include "filing/filing_rows.h"
#include "store/page_rows.h"

int file_document(struct store *store, const struct matcher *matcher, const struct kinds *kinds, const struct job *job) {
    struct document_words words;
    struct filing_result result;
    struct document_facts facts;
    int err = document_words_load(store, job->subject, &words);
    if (err)
        return err;
    matcher_decide(matcher, &words, &result);
    document_facts_find(kinds, &words, date_today(), &facts);
    document_words_drop(&words);
    err = db_begin(store->db);
    if (!err) {
        err = job_done(store, job);
        if (!err)
            err = filing_save_found(store, job->subject, &result);
        if (!err)
            err = facts_save(store, job->subject, &facts);
        err = db_end(store->db, err);
    }
    filing_result_drop(&result);
    return err;
}
