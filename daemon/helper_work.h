/* helper_work.h: what the confined helper does with a request, one function for each kind of job. */
#ifndef DAEMON_HELPER_WORK_H
#define DAEMON_HELPER_WORK_H

#include "base/buf.h"
#include "daemon/helper_request.h"

struct ocr;

/* Each writes its result records to standard output and returns 0 or an error. */
int helper_open_part(struct view part);
int helper_read_page(struct ocr *ocr, struct view order);
int helper_cover_page(struct ocr *ocr, struct view order);
int helper_prove_pack(struct ocr *ocr, struct view order);
int helper_judge_pdfs(struct ocr *ocr, struct view order);
int helper_make_image(struct view order); /* a struct read_order; its picture as a PDF holds it */

int helper_give(const struct buf *result);           /* a record HELPER_RESULT */
void helper_sign(const char *format, unsigned number); /* a sign of life */

#endif
