/* rules_fixture.h: the rules that come with the program, for the whole group of tests. */
#ifndef TESTS_UNIT_RULES_FIXTURE_H
#define TESTS_UNIT_RULES_FIXTURE_H

#include "config/rules.h"

static struct rules *rules;

static int group_begin(void **state) {
    (void)state;
    return rules_load("config", &rules);
}

static int group_end(void **state) {
    (void)state;
    rules_drop(&rules);
    return 0;
}

#endif
