/* lists_fixture.h: a folder of rules with one file in it. */
#ifndef TESTS_UNIT_CONFIG_LISTS_FIXTURE_H
#define TESTS_UNIT_CONFIG_LISTS_FIXTURE_H

#include "base/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct lists_folder {
    char path[40], file[80];
};

static void lists_folder_make(struct lists_folder *folder, const char *name, const char *text) {
    snprintf(folder->path, sizeof folder->path, "/tmp/casefile-lists-XXXXXX");
    assert_non_null(mkdtemp(folder->path));
    snprintf(folder->file, sizeof folder->file, "%s/%s", folder->path, name);
    assert_int_equal(file_write_durable(folder->file, view_text(text), 0600), 0);
}

static void lists_folder_drop(const struct lists_folder *folder) {
    unlink(folder->file);
    rmdir(folder->path);
}

#endif
