/* model_fixture.h: the tagger's model that comes with the program, for the whole group of tests. */
#ifndef TESTS_UNIT_REDACT_MODEL_FIXTURE_H
#define TESTS_UNIT_REDACT_MODEL_FIXTURE_H

#include "redact/tag_model.h"

static struct tag_model *model;

static int group_begin(void **state) {
    (void)state;
    return tag_model_open("config/strangers.model", &model);
}

static int group_end(void **state) {
    (void)state;
    tag_model_drop(&model);
    return 0;
}

#endif
