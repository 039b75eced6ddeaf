/* rules.h: the rule files that an information-governance officer can read and change: reason codes (reasons.conf),
 * what to do for which role (roles.conf), the calendar of bank holidays (calendar.conf).
 *
 * All functions that load return ERR_SETTING and log the file and line that is wrong. */
#ifndef CONFIG_RULES_H
#define CONFIG_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A reason code, withholding or releasing. */
struct reason {
    char *code;      /* "3P-UNREASONABLE" */
    char *law;       /* "DPA 2018 Sch 2 para 16" */
    char *plain;     /* what the requester reads in the schedule; says nothing of the content */
    bool withholds;  /* false: a release code */
    bool blocks;     /* a pack with it cannot be released by this route (ADOPT, COURT-HOLD) */
    bool local_only; /* must be paired with a statute code (LOCAL-8A..C) */
};

/* A line of roles.conf; the first that fits decides. */
struct role_rule {
    char *role;      /* role_text() or "*" */
    char *type;      /* flag_type_text() or "*" */
    char *consent;   /* "yes", "no", "unknown", "*" */
    char *when;      /* "*", "confidential", "private", "shared" (an address shared with the subject), "source" (anonymous), "privileged" */
    char *requester; /* "subject", "parent", "solicitor", "court", "police", "other", "*" */
    char *code;
    char *why;
};

/* Whose and what a flag is, for the rule. All borrowed. */
struct rule_query {
    const char *role, *type, *consent;
    const char *when;      /* "" or one of the words above */
    const char *requester; /* who asks; "subject" where nobody has asked yet */
};

struct rules {
    struct reason *reasons;
    size_t reason_count;
    struct role_rule *roles;
    size_t role_count;
    int32_t *holidays; /* day numbers, sorted */
    size_t holiday_count;
    int32_t holidays_until; /* the last day that the calendar speaks of */
};

int rules_load(const char *folder, struct rules **ret); /* reads the three files; you drop it */
void rules_drop(struct rules **rules);
const struct reason *rules_reason(const struct rules *rules, const char *code); /* borrowed, or NULL */
/* The rule for a flag; never NULL: the last line of roles.conf fits everything. Its law is its code's (rules_reason). */
const struct role_rule *rules_for(const struct rules *rules, const struct rule_query *query);
/* Whether there is such a kind of requester: REQUESTER_KINDS, as roles.conf and the commands name them. */
#define REQUESTER_KINDS "subject, parent, solicitor, court, police, other"
bool rules_requester_is_known(const char *kind);
bool rules_is_working_day(const struct rules *rules, int32_t day_number);

#endif
