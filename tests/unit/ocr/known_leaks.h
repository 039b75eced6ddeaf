/* known_leaks.h: what fontconfig keeps for the life of a program; include it once in a test program that
 * draws text. */
#ifndef TESTS_KNOWN_LEAKS_H
#define TESTS_KNOWN_LEAKS_H

const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void) {
    return "leak:libfontconfig\n";
}

#endif
