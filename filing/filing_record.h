/* filing_record.h: the evidence of a filing as it is kept, sealed. */
#ifndef FILING_FILING_RECORD_H
#define FILING_FILING_RECORD_H

#include "store/filing_result.h"

void filing_record_encode(const struct filing_result *result, struct buf *out);
int filing_record_decode(struct view bytes, struct filing_result *ret); /* you drop it */

#endif
