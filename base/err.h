/* err.h: the one table of errors.
 *
 * A function that can fail returns 0 (or a count) on success and a negative ERR_ value on failure. Out-parameters
 * are not touched on failure. Context is added where an error is logged, not where it arises. */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#define ERR_TABLE(X)                                                                               \
    X(ERR_SYSTEM, "the operating system refused")                                                  \
    X(ERR_MEMORY, "out of memory")                                                                 \
    X(ERR_NO_SPACE, "no space left on the disk")                                                   \
    X(ERR_NOT_FOUND, "not found")                                                                  \
    X(ERR_EXISTS, "exists already")                                                                \
    X(ERR_INPUT, "the input is not valid")                                                         \
    X(ERR_DAMAGED, "the data is damaged")                                                          \
    X(ERR_LOCKED, "it is locked or needs a password")                                              \
    X(ERR_TOO_LARGE, "it is larger than the limit")                                                \
    X(ERR_EMPTY, "the file is empty")                                                              \
    X(ERR_UNKNOWN_KIND, "its kind cannot be opened; print it to PDF and take that in")                                \
    X(ERR_MALWARE, "malware was found in it")                                                      \
    X(ERR_ACTIVE, "it holds macros or scripts that could run when it is opened")                   \
    X(ERR_PROGRAM, "it is a program or a script, not a document")                                  \
    X(ERR_NAME_LIES, "its name says one kind, its content is another")                             \
    X(ERR_TOO_DEEP, "it is nested deeper than the limit")                                          \
    X(ERR_TOO_MANY, "it has more parts or pages than the limit")                                   \
    X(ERR_NO_PAGES, "it has no page that can be shown")                                            \
    X(ERR_TIME, "it took longer than the limit")                                                   \
    X(ERR_CRASHED, "the helper ended unexpectedly")                                                \
    X(ERR_REFUSED, "it was refused")                                                               \
    X(ERR_STALE, "the answer belongs to an attempt that has ended")                                \
    X(ERR_DATABASE, "the database reported an error")                                              \
    X(ERR_BUSY, "the database is busy")                                                            \
    X(ERR_SEAL, "the seal does not open: wrong key or changed bytes")                              \
    X(ERR_KEY, "the key is missing or was destroyed")                                              \
    X(ERR_PROTOCOL, "the message is not one that is expected")                                     \
    X(ERR_SETTING, "a setting is not valid")                                                       \
    X(ERR_STATE, "it is not in the state that this step needs")

enum err {
    ERR_OK = 0,
    ERR_FIRST = -1000,
#define X(name, text) name,
    ERR_TABLE(X)
#undef X
    ERR_LAST
};

/* The plain English text of an error value; never NULL; borrowed. */
const char *err_text(int err);

/* Maps errno to an error value: ENOSPC and EDQUOT to ERR_NO_SPACE, ENOENT to ERR_NOT_FOUND, and so on. */
int err_from_errno(int errnum);

#endif
