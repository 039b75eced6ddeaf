#include "config/name_lists.h"

#include "base/clock.h"
#include "base/mem.h"
#include "config/rule_file.h"

#include <stdlib.h>
#include <string.h>

#define FILE_NAME "names.conf"
enum { LINES_MOST = 10000 };

static void listed_drop(struct listed_name *list, size_t count) {
    for (size_t i = 0; i < count; i++) {
        free(list[i].words);
        free(list[i].role);
        free(list[i].by);
        free(list[i].on);
    }
    free(list);
}

static bool role_is_known(const char *role) {
    return strcmp(role, "third_party") == 0 || strcmp(role, "family") == 0 || strcmp(role, "unknown") == 0;
}

static int listed_read(const struct rule_file *file, config_setting_t *line, struct listed_name *ret) {
    const char *words, *by, *on, *role = "";
    if (!config_setting_is_group(line) || !config_setting_lookup_string(line, "words", &words) || !*words)
        return rule_file_wrong(file, line, "{ words = \"...\"; by = \"...\"; on = \"2026-01-31\"; } is expected");
    if (!config_setting_lookup_string(line, "by", &by) || !*by)
        return rule_file_wrong(file, line, "who added it is missing: by = \"...\"");
    if (!config_setting_lookup_string(line, "on", &on) || date_from_iso(on) == DATE_NONE)
        return rule_file_wrong(file, line, "the day when it was added is missing: on = \"2026-01-31\"");
    if (config_setting_lookup_string(line, "role", &role) && !role_is_known(role))
        return rule_file_wrong(file, line, "role is third_party, family or unknown");
    *ret = (struct listed_name){mem_text(words), mem_text(role), mem_text(by), mem_text(on)};
    return 0;
}

static int list_read(const struct rule_file *file, const char *name, struct listed_name **ret, size_t *ret_count) {
    config_setting_t *list = NULL;
    int err = rule_file_list(file, name, LINES_MOST, &list), count = err ? 0 : config_setting_length(list);
    *ret = mem_new((size_t)(count + 1) * sizeof **ret);
    for (int i = 0; i < count && !err; i++) {
        err = listed_read(file, config_setting_get_elem(list, (unsigned)i), &(*ret)[*ret_count]);
        *ret_count += err == 0;
    }
    return err;
}

static int words_read(const struct rule_file *file, const char *name, char ***ret, size_t *ret_count) {
    config_setting_t *list = config_lookup(&file->config, name);
    int count = list ? config_setting_length(list) : 0;
    if (count > LINES_MOST || (count && !config_setting_is_array(list)))
        return rule_file_wrong(file, list, "[\"...\", ...] is expected");
    *ret = mem_new((size_t)(count + 1) * sizeof **ret);
    for (int i = 0; i < count; i++) {
        const char *text = config_setting_get_string_elem(list, i);
        if (!text || !*text)
            return rule_file_wrong(file, list, "a word in quotes is expected");
        (*ret)[(*ret_count)++] = mem_text(text);
    }
    return 0;
}

int name_lists_load(const char *folder, struct name_lists **ret) {
    struct rule_file file;
    struct name_lists *lists = mem_new(sizeof *lists);
    int err = rule_file_open(&file, folder, FILE_NAME);
    if (!err)
        err = list_read(&file, "never", &lists->never, &lists->never_count);
    if (!err)
        err = list_read(&file, "always", &lists->always, &lists->always_count);
    if (!err)
        err = words_read(&file, "titles", &lists->titles, &lists->title_count);
    if (!err)
        err = words_read(&file, "professions", &lists->professions, &lists->profession_count);
    if (!err)
        err = words_read(&file, "organisations", &lists->organisations, &lists->organisation_count);
    rule_file_close(&file);
    if (err)
        name_lists_drop(&lists);
    else
        *ret = lists;
    return err;
}

static void words_drop(char **list, size_t count) {
    for (size_t i = 0; i < count; i++)
        free(list[i]);
    free(list);
}

void name_lists_drop(struct name_lists **lists) {
    struct name_lists *old = *lists;
    if (!old)
        return;
    listed_drop(old->never, old->never_count);
    listed_drop(old->always, old->always_count);
    words_drop(old->titles, old->title_count);
    words_drop(old->professions, old->profession_count);
    words_drop(old->organisations, old->organisation_count);
    mem_free(lists);
}
