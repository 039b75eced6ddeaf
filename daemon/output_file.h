/* output_file.h: a file that a command writes for a person: whole or not there. */
#ifndef DAEMON_OUTPUT_FILE_H
#define DAEMON_OUTPUT_FILE_H

#include "base/buf.h"

#include <stdbool.h>

struct output_file;

/* A file without a name in the folder of path, where the system can (nothing is left of it even when the program is killed), else one with a
 * name that begins with a dot. "-" is standard output. Mode 0600: what is in it was sealed or came from paper. ERR_EXISTS when path is there
 * and may not be replaced; ERR_NOT_FOUND: there is no such folder; others as the system says. */
int output_file_make(const char *path, bool replace, struct output_file **ret);
int output_file_write(struct output_file *file, struct view bytes);
/* fsync, then its name, then fsync of the folder. ERR_EXISTS when somebody else made one meanwhile. Drops it in any case. */
int output_file_finish(struct output_file **file);
void output_file_drop(struct output_file **file); /* and nothing is left of it */

#endif
