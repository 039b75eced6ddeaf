/* helper.h: a confined helper process as its worker sees it, and the records that go between them.
 *
 * A record: u32 type, u32 length, bytes. The worker writes one request record; the helper answers with any number of records and
 * ends the job with a record of type HELPER_END (u32 error value as int, text reason). */
#ifndef BASE_HELPER_H
#define BASE_HELPER_H

#include "base/buf.h"

#include <stdint.h>
#include <sys/types.h>

#define HELPER_RECORD_MOST (1300u << 20)
enum helper_record { HELPER_END = 1, HELPER_SIGN = 2 /* "I am alive": text of what it does */, HELPER_RESULT = 16 };

struct helper;

/* argv[0] is the program. Its memory, cpu and file limits are its own first act (base/confine.h). */
int helper_start(const char *program, char *const *argv, struct helper **ret);
/* Kills it, if it still lives, and everything is freed. */
void helper_drop(struct helper **helper);
/* Its input ends, and it has this long to tidy up and end by itself; then as helper_drop. */
void helper_finish(struct helper **helper, int patience_ms);
/* Between jobs: whether it has said something that nobody asked for. Such a helper must not get another job. */
int helper_is_unasked(struct helper *helper);
pid_t helper_pid(const struct helper *helper);

/* Queues a record for the helper; bytes are copied. */
void helper_send(struct helper *helper, uint32_t type, struct view bytes);
/* What to poll: the helper's answers, and (only when something is queued) its input. -1: nothing to write. */
int helper_out_fd(const struct helper *helper);
int helper_in_fd(const struct helper *helper);
/* Moves bytes without blocking. ERR_CRASHED when the helper has gone. */
int helper_pump(struct helper *helper);
/* The next whole record: 1, or 0 when there is none yet, ERR_PROTOCOL when it is none. Borrowed until the next call. */
int helper_next(struct helper *helper, uint32_t *ret_type, struct view *ret_bytes);

/* The helper's side: blocking, on descriptors. */
int helper_read_record(int fd, uint32_t *ret_type, struct buf *out); /* ERR_NOT_FOUND at the end of input */
int helper_write_record(int fd, uint32_t type, struct view bytes);
/* Passes on what the process of one job writes, until that ends its job: the end is not passed on but told. So nothing that a captured
 * process still writes can be taken for an answer to the next job. ERR_CRASHED: it went away, or wrote what is no record, between two
 * records; any other error: in the middle of one, so that the helper must end too. */
int helper_pass_on(int from, int to, int *ret_end);

#endif
