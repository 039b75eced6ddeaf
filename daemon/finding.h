/* finding.h: what finding people needs besides the register: rules, the model of unknown people, thresholds. */
#ifndef DAEMON_FINDING_H
#define DAEMON_FINDING_H

#include "config/settings.h"
#include "redact/find.h"

struct finding {
    struct rules *rules;
    struct fact_lists *facts;
    struct name_lists *lists;
    struct tag_model *model;
    float flag_bias, flag_bias_alone, look_bias; /* alone: where everything counts */
    const char *requester; /* NULL: the subject */
    bool everything;
};

/* From the rule files' folder. ERR_SETTING and others, logged. You drop it in any case. */
int finding_load(const struct settings *settings, struct finding *ret);
void finding_drop(struct finding *finding);
/* Borrows both. You drop the finder first. */
struct finder *finding_finder(const struct finding *finding, const struct people *people, int64_t subject_id);

#endif
