#include "filing/file_job.h"

#include "base/err.h"
#include "filing/filing_rows.h"
#include "store/page_rows.h"

int file_document(struct store *store, const struct matcher *matcher, const struct job *job) {
    struct document_words words;
    struct filing_result result;
    int err = document_words_load(store, job->subject, &words);
    if (err)
        return err;
    matcher_decide(matcher, &words, &result);
    document_words_drop(&words);
    err = db_begin(store->db);
    if (!err) {
        err = job_done(store, job);
        if (!err)
            err = filing_save_found(store, job->subject, &result);
        err = db_end(store->db, err);
    }
    filing_result_drop(&result);
    return err;
}
