#include "config/nicknames.h"

#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"

#include <libconfig.h>
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

static int wrong(config_setting_t *at, const char *what) {
    log_error(FILE_NAME ":%d: %s", at ? config_setting_source_line(at) : 1, what);
    return ERR_SETTING;
}

static int name_read(config_setting_t *line, struct name *ret) {
    const char *name;
    config_setting_t *list = config_setting_is_group(line) ? config_setting_get_member(line, "short") : NULL;
    int count = list ? config_setting_length(list) : 0;
    if (!list || !config_setting_lookup_string(line, "name", &name) || !config_setting_is_array(list) || count < 1 || count > SHORT_MOST)
        return wrong(line, "{ name = \"...\"; short = [\"...\", ...]; } is expected");
    *ret = (struct name){mem_text(name), mem_new((size_t)count * sizeof *ret->list), 0};
    for (int i = 0; i < count; i++) {
        const char *text = config_setting_get_string_elem(list, i);
        if (!text || !*text)
            return wrong(list, "a name in quotes is expected");
        ret->list[ret->count++] = mem_text(text);
    }
    return 0;
}

static int name_order(const void *a, const void *b) {
    return strcmp(((const struct name *)a)->name, ((const struct name *)b)->name);
}

static int list_read(config_setting_t *list, struct nicknames *nicknames) {
    int count = list ? config_setting_length(list) : 0, err = 0;
    if (!list || !config_setting_is_list(list) || count > NAMES_MOST)
        return wrong(list, "names = ( ... ) is expected");
    nicknames->names = mem_new((size_t)(count + 1) * sizeof *nicknames->names);
    for (int i = 0; i < count && !err; i++) {
        struct name name = {0};
        err = name_read(config_setting_get_elem(list, (unsigned)i), &name);
        nicknames->names[nicknames->count++] = name; /* what there is of it is dropped with the rest */
    }
    if (!err)
        qsort(nicknames->names, nicknames->count, sizeof *nicknames->names, name_order);
    return err;
}

int nicknames_load(const char *folder, struct nicknames **ret) {
    config_t config;
    struct nicknames *nicknames = mem_new(sizeof *nicknames);
    char *path = mem_print("%s/" FILE_NAME, folder);
    int err = 0;
    config_init(&config);
    if (!config_read_file(&config, path)) {
        log_error("%s:%d: %s", path, config_error_line(&config), config_error_text(&config));
        err = ERR_SETTING;
    }
    if (!err)
        err = list_read(config_lookup(&config, "names"), nicknames);
    config_destroy(&config);
    free(path);
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
