/* filing_rows.h: filings in the database. A filing is never changed: a new one supersedes. */
#ifndef FILING_FILING_ROWS_H
#define FILING_FILING_ROWS_H

#include "store/filing_result.h"
#include "store/store.h"

/* Who a filing was made by, when it was not a person (whose account's name it is then). */
#define FILING_BY_MACHINE "machine"
#define FILING_BY_SHEET "cover sheet"
#define FILING_BY_INTAKE "said at intake"
/* A condition of SQL: the column names a person. */
#define FILING_BY_PERSON(column) column " NOT IN ('" FILING_BY_MACHINE "', '" FILING_BY_SHEET "', '" FILING_BY_INTAKE "')"

/* Inside the caller's transaction: the new filing stands, the pages' keys are given to the children it is filed to, flags are asked
 * for. who: "machine" or an account. */
int filing_save(struct store *store, int64_t document_id, const struct filing_result *result, const char *who);
/* What matching found, as the machine files it: a cover sheet or what was said at intake goes before (document.child_id), and a person's
 * choice stands. Inside the caller's transaction; result may be changed. */
int filing_save_found(struct store *store, int64_t document_id, struct filing_result *result);
/* The filing that stands: ERR_NOT_FOUND when there is none yet. You drop ret. */
int filing_load(struct store *store, int64_t document_id, struct filing_result *ret);
/* What a person says, inside the caller's transaction each; ERR_NOT_FOUND: there is no filing yet. */
/* It belongs to these children, to be filed to each; none: to no child of the register. Whom it was filed or proposed to and who is not among
 * them is remembered as not meant. */
int filing_choose(struct store *store, int64_t document_id, const int64_t *children, size_t count, const char *who);
/* It is not this child's: taken out of its record when it is in it, and weighed anew without the child. */
int filing_refuse(struct store *store, int64_t document_id, int64_t child_id, const char *who);
/* Taken out of the records that it was filed to, for a person to decide anew. ERR_STATE: it is in none. */
int filing_undo(struct store *store, int64_t document_id, const char *who);

#endif
