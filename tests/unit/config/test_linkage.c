/* The weights of evidence: as shipped, written and read again, and files with faults. */
#include "config/linkage.h"

#include "base/err.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[] = "/tmp/casefile-linkage-XXXXXX";

static int folder_new(void **state) {
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int folder_drop(void **state) {
    (void)state;
    char path[64];
    snprintf(path, sizeof path, "%s/linkage.conf", folder);
    unlink(path);
    return rmdir(folder);
}

static FILE *file_open(void) {
    char path[64];
    snprintf(path, sizeof path, "%s/linkage.conf", folder);
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    return out;
}

static void as_shipped(void **state) {
    (void)state;
    struct linkage linkage;
    assert_int_equal(linkage_load("config", &linkage), 0);
    assert_true(linkage_bits(&linkage, LEVEL_nhs_number) > 20);
    assert_true(linkage_bits(&linkage, LEVEL_born_other) < -10);
    assert_true(linkage_bits(&linkage, LEVEL_name) == 0);
    for (int i = 0; i < LINKAGE_LEVELS; i++)
        assert_true(*linkage_level_name((enum linkage_level)i) && *linkage_level_text((enum linkage_level)i));
}

static void written_and_read_again(void **state) {
    (void)state;
    struct linkage linkage, back;
    assert_int_equal(linkage_load("config", &linkage), 0);
    FILE *out = file_open();
    linkage_write(&linkage, out);
    fclose(out);
    assert_int_equal(linkage_load(folder, &back), 0);
    for (int i = 0; i < LINKAGE_LEVELS; i++) {
        float a = linkage_bits(&linkage, (enum linkage_level)i), b = linkage_bits(&back, (enum linkage_level)i);
        assert_true(a - b < 0.01f && b - a < 0.01f);
    }
}

static void check_refused(const char *from, const char *to) {
    struct linkage linkage;
    char text[8192] = "", *at;
    FILE *in = fopen("config/linkage.conf", "r"), *out = file_open();
    size_t len = fread(text, 1, sizeof text - 1, in);
    text[len] = 0;
    fclose(in);
    at = strstr(text, from);
    assert_non_null(at);
    fprintf(out, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
    fclose(out);
    assert_int_equal(linkage_load(folder, &linkage), ERR_SETTING);
}

static void files_with_faults(void **state) {
    (void)state;
    check_refused("m = 0.6; ", "m = 0.0;");
    check_refused("m = 0.6; ", "m = 1.5;");
    check_refused("m = 0.6; ", "");
    check_refused("\"nhs_number\"", "\"nhs\"");
    check_refused("\"nhs_number\"", "\"upn\"");
    check_refused("levels", "leves");
    check_refused("  { level = \"name\";             m = 1.0;     u = 1.0; },\n", "");
    check_refused("levels = (", "levels = [");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(as_shipped), cmocka_unit_test(written_and_read_again), cmocka_unit_test(files_with_faults)};
    return cmocka_run_group_tests(tests, folder_new, folder_drop);
}
