#include "base/err.h"

#include <errno.h>
#include <stddef.h>

const char *err_text(int err) {
    switch (err) {
#define X(name, text)                                                                              \
    case name:                                                                                     \
        return text;
        ERR_TABLE(X)
#undef X
    case ERR_OK:
        return "no error";
    default:
        return "an error without a name";
    }
}

int err_from_errno(int errnum) {
    switch (errnum) {
    case 0:
        return ERR_OK;
    case ENOMEM:
        return ERR_MEMORY;
    case ENOSPC:
    case EDQUOT:
        return ERR_NO_SPACE;
    case ENOENT:
        return ERR_NOT_FOUND;
    case EEXIST:
        return ERR_EXISTS;
    case EFBIG:
        return ERR_TOO_LARGE;
    default:
        return ERR_SYSTEM;
    }
}
