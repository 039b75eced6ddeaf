#include "config/linkage.h"

#include "base/err.h"
#include "base/log.h"
#include "config/rule_file.h"

#include <math.h>
#include <string.h>

#define FILE_NAME "linkage.conf"

static const struct {
    const char *name, *text;
} levels[] = {
#define LEVEL(name, text) {#name, text},
#include "config/linkage.def"
#undef LEVEL
};

const char *linkage_level_name(enum linkage_level level) {
    return levels[level].name;
}

const char *linkage_level_text(enum linkage_level level) {
    return levels[level].text;
}

float linkage_bits(const struct linkage *linkage, enum linkage_level level) {
    return log2f(linkage->m[level] / linkage->u[level]);
}

static int level_read(const struct rule_file *file, config_setting_t *line, struct linkage *linkage) {
    const char *name;
    double m, u;
    int level = 0;
    if (!config_setting_is_group(line) || config_setting_length(line) != 3 || !config_setting_lookup_string(line, "level", &name) ||
        !config_setting_lookup_float(line, "m", &m) || !config_setting_lookup_float(line, "u", &u))
        return rule_file_wrong(file, line, "{ level = \"...\"; m = 0.5; u = 0.01; } is expected");
    while (level < LINKAGE_LEVELS && strcmp(levels[level].name, name) != 0)
        level++;
    if (level == LINKAGE_LEVELS)
        return rule_file_wrong(file, line, "there is no such level");
    if (!(m > 0 && m <= 1 && u > 0 && u <= 1))
        return rule_file_wrong(file, line, "m and u are probabilities above 0");
    if (linkage->m[level] > 0)
        return rule_file_wrong(file, line, "this level is there twice");
    linkage->m[level] = (float)m;
    linkage->u[level] = (float)u;
    return 0;
}

int linkage_load(const char *folder, struct linkage *ret) {
    struct rule_file file;
    config_setting_t *list = NULL;
    *ret = (struct linkage){0};
    int err = rule_file_open(&file, folder, FILE_NAME);
    if (!err)
        err = rule_file_list(&file, "levels", LINKAGE_LEVELS, &list);
    for (int i = 0; !err && i < config_setting_length(list); i++)
        err = level_read(&file, config_setting_get_elem(list, (unsigned)i), ret);
    for (int i = 0; !err && i < LINKAGE_LEVELS; i++)
        if (ret->m[i] <= 0) {
            log_error(FILE_NAME ": the level \"%s\" is missing", levels[i].name);
            err = ERR_SETTING;
        }
    rule_file_close(&file);
    return err;
}

void linkage_write(const struct linkage *linkage, FILE *out) {
    fputs("levels = (\n", out);
    for (int i = 0; i < LINKAGE_LEVELS; i++)
        fprintf(out, "  { level = \"%s\"; m = %#.4g; u = %#.4g; }%s # %+.1f bits\n", levels[i].name, (double)linkage->m[i], (double)linkage->u[i],
                i + 1 < LINKAGE_LEVELS ? "," : "", (double)linkage_bits(linkage, (enum linkage_level)i));
    fputs(");\n", out);
}
