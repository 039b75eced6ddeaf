/* m and u come back from comparisons that were drawn with known ones. */
#include "filing/estimate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static uint64_t seed;

static double chance(void) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (double)(seed >> 11) / 9007199254740992.0;
}

static const enum linkage_level used[] = {LEVEL_postcode, LEVEL_street, LEVEL_relative, LEVEL_born, LEVEL_council_id, LEVEL_school};
static const double true_m[] = {0.7, 0.3, 0.9, 0.6, 0.5, 0.1}, true_u[] = {0.05, 0.02, 0.1, 0.002, 0.0001, 0.2};
enum { USED = 6, DOCUMENTS = 4000, CANDIDATES = 5, RANDOM = 100000 };

static uint32_t draw(const double *p) {
    uint32_t levels = 0;
    for (int i = 0; i < USED; i++)
        levels |= chance() < p[i] ? 1u << used[i] : 0;
    return levels;
}

static struct comparison *comparisons(int said_percent) {
    struct comparison *list = calloc((size_t)DOCUMENTS * CANDIDATES, sizeof *list);
    for (uint32_t d = 0; list && d < DOCUMENTS; d++) {
        bool said = chance() * 100 < said_percent;
        for (uint32_t i = 0; i < CANDIDATES; i++)
            list[d * CANDIDATES + i] = (struct comparison){d, draw(i ? true_u : true_m), -2, !said ? COMPARISON_OPEN : i ? COMPARISON_OTHER : COMPARISON_MATCH};
    }
    return list;
}

static uint32_t *random_pairs(void) {
    uint32_t *list = calloc(RANDOM, sizeof *list);
    for (int i = 0; list && i < RANDOM; i++)
        list[i] = draw(true_u);
    return list;
}

static void check(float found, double wanted, double most, int level) {
    if (found - wanted > most || wanted - found > most)
        fail_msg("level %d: %g, not %g", level, (double)found, wanted);
}

static void they_come_back(void **state) {
    (void)state;
    static const int said[] = {100, 30, 0};
    struct linkage from;
    assert_int_equal(linkage_load("config", &from), 0);
    for (int k = 0; k < 3; k++) {
        seed = 7;
        struct comparison *list = comparisons(said[k]);
        uint32_t *random = random_pairs();
        struct estimate e;
        estimate_make(&from, list, (size_t)DOCUMENTS * CANDIDATES, random, RANDOM, &e);
        for (int i = 0; i < USED; i++) {
            check(e.linkage.m[used[i]], true_m[i], said[k] == 100 ? 0.03 : 0.08, used[i]);
            check(e.linkage.u[used[i]], true_u[i] * RANDOM >= 20 ? true_u[i] : (double)from.u[used[i]], 0.01, used[i]);
        }
        assert_true(e.matches > DOCUMENTS * 0.9 && e.matches < DOCUMENTS * 1.02);
        assert_true(e.rounds < 100);
        assert_true(e.linkage.u[LEVEL_name] == from.u[LEVEL_name]);
        assert_true(e.linkage.u[LEVEL_nhs_number] == from.u[LEVEL_nhs_number]); /* never seen by chance: its length says more */
        free(list);
        free(random);
    }
}

static void too_little_changes_nothing(void **state) {
    (void)state;
    struct linkage from;
    struct estimate e;
    assert_int_equal(linkage_load("config", &from), 0);
    seed = 9;
    struct comparison *list = comparisons(100);
    estimate_make(&from, list, 20 * CANDIDATES, NULL, 0, &e);
    assert_memory_equal(&e.linkage, &from, sizeof from);
    estimate_make(&from, NULL, 0, NULL, 0, &e);
    assert_memory_equal(&e.linkage, &from, sizeof from);
    free(list);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(they_come_back), cmocka_unit_test(too_little_changes_nothing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
