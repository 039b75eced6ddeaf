#include "store/filing_result.h"

#include <stdlib.h>
#include <string.h>

const char *filing_outcome_text(enum filing_outcome outcome) {
    static const char *const texts[] = {[FILING_FILED] = "filed",
                                        [FILING_PROPOSED] = "proposed",
                                        [FILING_SEVERAL] = "several",
                                        [FILING_NONE] = "none",
                                        [FILING_OUTSIDE] = "outside"};
    return (size_t)outcome < sizeof texts / sizeof *texts ? texts[outcome] : "none";
}

static void candidate_clear(struct filing_candidate *candidate) {
    for (size_t i = 0; i < candidate->part_count; i++) {
        free(candidate->parts[i].name);
        free(candidate->parts[i].found);
    }
    free(candidate->parts);
    free(candidate->veto);
}

void filing_result_drop(struct filing_result *result) {
    for (size_t i = 0; i < result->candidate_count; i++)
        candidate_clear(&result->candidates[i]);
    free(result->candidates);
    memset(result, 0, sizeof *result);
    result->outcome = FILING_NONE;
}

void document_words_drop(struct document_words *words) {
    for (size_t i = 0; i < words->page_count; i++)
        words_drop(&words->pages[i].words);
    free(words->pages);
    free(words->not_children);
    memset(words, 0, sizeof *words);
}
