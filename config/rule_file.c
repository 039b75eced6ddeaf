#include "config/rule_file.h"

#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"

#include <stdlib.h>

int rule_file_wrong(const struct rule_file *file, const config_setting_t *at, const char *what) {
    log_error("%s:%d: %s", file->name, at ? config_setting_source_line(at) : 1, what);
    return ERR_SETTING;
}

int rule_file_open(struct rule_file *file, const char *folder, const char *name) {
    file->name = name;
    config_init(&file->config);
    char *path = folder ? mem_print("%s/%s", folder, name) : mem_text(name);
    int ok = config_read_file(&file->config, path);
    free(path);
    if (!ok)
        log_error("%s:%d: %s", file->name, config_error_line(&file->config), config_error_text(&file->config));
    return ok ? 0 : ERR_SETTING;
}

void rule_file_close(struct rule_file *file) {
    config_destroy(&file->config);
}

int rule_file_list(const struct rule_file *file, const char *name, int most, config_setting_t **ret) {
    config_setting_t *list = config_lookup(&file->config, name);
    if (!list || !config_setting_is_list(list))
        return rule_file_wrong(file, list, "the list that the file is for is missing");
    if (config_setting_length(list) > most)
        return rule_file_wrong(file, list, "it has too many lines");
    *ret = list;
    return 0;
}
