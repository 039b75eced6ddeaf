/* filing_rows.h: filings in the database. A filing is never changed: a new one supersedes. */
#ifndef FILING_FILING_ROWS_H
#define FILING_FILING_ROWS_H

#include "store/filing_result.h"
#include "store/store.h"

/* Inside the caller's transaction: the new filing stands, the pages' keys are given to the children it is filed to, flags are asked
 * for. who: "machine" or an account. */
int filing_save(struct store *store, int64_t document_id, const struct filing_result *result, const char *who);
/* What matching found, as the machine files it: a cover sheet or what was said at intake goes before (document.child_id), and a person's
 * choice stands. Inside the caller's transaction; result may be changed. */
int filing_save_found(struct store *store, int64_t document_id, struct filing_result *result);
/* The filing that stands: ERR_NOT_FOUND when there is none yet. You drop ret. */
int filing_load(struct store *store, int64_t document_id, struct filing_result *ret);
/* A person's choice: files to this child. Inside the caller's transaction. */
int filing_choose(struct store *store, int64_t document_id, int64_t child_id, const char *who);

#endif
