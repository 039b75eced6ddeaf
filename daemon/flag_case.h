/* flag_case.h: a case from the register's extracts, for looking for people without a store. */
#ifndef DAEMON_FLAG_CASE_H
#define DAEMON_FLAG_CASE_H

#include "store/people.h"

struct flag_case_order {
    const char *people_path;   /* people linked to children, or NULL: no case */
    const char *register_path; /* children; NULL: register.csv beside people_path where it is there */
    const char *subject;       /* council id; needed where there is a case */
};

struct flag_case {
    struct people *people; /* never NULL */
    int64_t subject_id;    /* struct child.id, or 0 */
};

/* Exit status: 0, or what was said on standard error. You drop ret's people in any case. */
int flag_case_load(const struct flag_case_order *order, struct flag_case *ret);

#endif
