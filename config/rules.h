/* rules.h: the rule files that an information-governance officer can read and change: reason codes (reasons.conf),
 * what to do for which role (roles.conf), the calendar of bank holidays (calendar.conf), clocks (clocks.conf), kinds of
 * packs (packs.conf), letters (letters.conf),
 * abbreviations (glossary.conf).
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
    char **demands;  /* names of fields */
    size_t demand_count;
};

/* What a code may demand to be said. */
struct reason_field {
    char *name, *ask;
    bool is_date;
    int max_months; /* of a date: not longer ago; 0: as long as you like */
};

/* A rule of clocks.conf; which of months and days counts, its id says. */
struct clock_rule {
    char *id, *law, *plain;
    int months, days;
    int32_t in_force; /* for requests received on this day or later */
};

enum pack_part { PACK_GUIDE = 1, PACK_CONTENTS = 2, PACK_CHRONOLOGY = 4, PACK_SCHEDULE = 8, PACK_GLOSSARY = 16, PACK_PRIVACY = 32 };

/* A kind of pack. */
struct pack_rule {
    char *name, *title, *basis, *requesters, *clock, *letter;
    unsigned parts; /* of enum pack_part */
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

/* A letter or notice of letters.conf; how its lines are marked, the file says. */
struct letter {
    char *name, *text;
};

/* An abbreviation of glossary.conf. */
struct glossary_entry {
    char *shorthand, *means;
};

struct rules {
    struct glossary_entry *glossary;
    size_t glossary_count;
    struct letter *letters;
    size_t letter_count;
    struct reason *reasons;
    size_t reason_count;
    struct role_rule *roles;
    size_t role_count;
    struct reason_field *fields;
    size_t field_count;
    struct clock_rule *clocks;
    size_t clock_count;
    int *reminders; /* days before a request is due */
    size_t reminder_count;
    struct pack_rule *packs;
    size_t pack_count;
    int32_t *holidays; /* day numbers, sorted */
    size_t holiday_count;
    int32_t holidays_until; /* the last day that the calendar speaks of */
};

int rules_load(const char *folder, struct rules **ret); /* reads the seven files; you drop it */
void rules_drop(struct rules **rules);
const struct reason *rules_reason(const struct rules *rules, const char *code); /* borrowed, or NULL */
/* The codes of a decision, such as "LOCAL-8B+3P-SOURCE". ERR_INPUT: one is unknown, or some withhold and others release, or too many. */
#define REASON_CODES_MOST 4
struct reason_codes {
    const struct reason *list[REASON_CODES_MOST]; /* borrowed */
    size_t count;
};
int rules_codes(const struct rules *rules, const char *codes, struct reason_codes *ret);
const struct reason_field *rules_field(const struct rules *rules, const char *name); /* borrowed, or NULL */
/* The rule when it counts for what was received that day; borrowed, or NULL. */
const struct clock_rule *rules_clock(const struct rules *rules, const char *id, int32_t received);
const struct pack_rule *rules_pack(const struct rules *rules, const char *name); /* borrowed, or NULL */
const char *rules_letter(const struct rules *rules, const char *name); /* its text; borrowed, or NULL */
bool rules_pack_is_for(const struct pack_rule *pack, const char *requester_kind);
/* The rule for a flag; never NULL: the last line of roles.conf fits everything. Its law is its code's (rules_reason). */
const struct role_rule *rules_for(const struct rules *rules, const struct rule_query *query);
/* Whether there is such a kind of requester: REQUESTER_KINDS, as roles.conf and the commands name them. */
#define REQUESTER_KINDS "subject, parent, solicitor, court, police, other"
bool rules_requester_is_known(const char *kind);
bool rules_is_working_day(const struct rules *rules, int32_t day_number);

#endif
