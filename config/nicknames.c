#include "config/nicknames.h"

#include "base/mem.h"
#include "config/rule_file.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define FILE_NAME "nicknames.conf"
enum { NAMES_MOST = 5000, SHORT_MOST = 50 };

struct name {
    char *name;
    char **list;
    size_t count;
};

struct nicknames {
    struct name *names; /* by name */
    size_t count;
};

static int name_read(const struct rule_file *file, config_setting_t *line, struct name *ret) {
    const char *name;
    config_setting_t *list = config_setting_is_group(line) ? config_setting_get_member(line, "short") : NULL;
    int count = list ? config_setting_length(list) : 0;
    if (!list || !config_setting_lookup_string(line, "name", &name) || !config_setting_is_array(list) || count < 1 || count > SHORT_MOST)
        return rule_file_wrong(file, line, "{ name = \"...\"; short = [\"...\", ...]; } is expected");
    *ret = (struct name){mem_text(name), mem_new((size_t)count * sizeof *ret->list), 0};
    for (int i = 0; i < count; i++) {
        const char *text = config_setting_get_string_elem(list, i);
        if (!text || !*text)
            return rule_file_wrong(file, list, "a name in quotes is expected");
        ret->list[ret->count++] = mem_text(text);
    }
    return 0;
}

static int name_order(const void *a, const void *b) {
    return strcmp(((const struct name *)a)->name, ((const struct name *)b)->name);
}

static int list_read(const struct rule_file *file, struct nicknames *nicknames) {
    config_setting_t *list = NULL;
    int err = rule_file_list(file, "names", NAMES_MOST, &list), count = err ? 0 : config_setting_length(list);
    nicknames->names = mem_new((size_t)(count + 1) * sizeof *nicknames->names);
    for (int i = 0; i < count && !err; i++) {
        struct name name = {0};
        err = name_read(file, config_setting_get_elem(list, (unsigned)i), &name);
        nicknames->names[nicknames->count++] = name; /* what there is of it is dropped with the rest */
    }
    if (!err)
        qsort(nicknames->names, nicknames->count, sizeof *nicknames->names, name_order);
    return err;
}

int nicknames_load(const char *folder, struct nicknames **ret) {
    struct rule_file file;
    struct nicknames *nicknames = mem_new(sizeof *nicknames);
    int err = rule_file_open(&file, folder, FILE_NAME);
    if (!err)
        err = list_read(&file, nicknames);
    rule_file_close(&file);
    if (err)
        nicknames_drop(&nicknames);
    else
        *ret = nicknames;
    return err;
}

void nicknames_drop(struct nicknames **nicknames) {
    if (!*nicknames)
        return;
    for (size_t i = 0; i < (*nicknames)->count; i++) {
        struct name *name = &(*nicknames)->names[i];
        for (size_t j = 0; j < name->count; j++)
            free(name->list[j]);
        free(name->list);
        free(name->name);
    }
    free((*nicknames)->names);
    mem_free(nicknames);
}

const char *const *nicknames_of(const struct nicknames *nicknames, const char *name, size_t *ret_count) {
    char *plain = (char *)(uintptr_t)name;
    struct name key = {.name = plain};
    const struct name *found = nicknames ? bsearch(&key, nicknames->names, nicknames->count, sizeof key, name_order) : NULL;
    *ret_count = found ? found->count : 0;
    return found ? (const char *const *)found->list : NULL;
}
