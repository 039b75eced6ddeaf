/* uuencode.h: files that stand in a text, uuencoded or in base64 between "begin" and "end" (POSIX uuencode).
 */
#ifndef INGEST_UUENCODE_H
#define INGEST_UUENCODE_H

#include "base/buf.h"

/* Appends the text, with "[file: name]" on a line in the place of each file; each file is told to take, which
 * may take the bytes over. What only looks like a file stays as it is. ERR_DAMAGED: a file in it is cut; or
 * what take returned. text: UTF-8, LF line ends. */
int uuencode_take(const char *text, int (*take)(void *state, const char *name, struct buf *bytes),
                  void *state, struct buf *out);

#endif
