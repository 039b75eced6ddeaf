/* lock_file.h: a released PDF locked with a password (AES-256), by the qpdf program. */
#ifndef DAEMON_LOCK_FILE_H
#define DAEMON_LOCK_FILE_H

/* In place: the unlocked file is gone when it returns 0, and stays when it does not. The password goes down a pipe, never into a command line. ERR_NOT_FOUND:
 * qpdf is not installed; ERR_INPUT: a password that is empty or has line ends; ERR_SYSTEM. */
int lock_file(const char *path, const char *password);

#endif
