#include "config/linkage.h"

#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"

#include <libconfig.h>
#include <math.h>
#include <stdlib.h>
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

static int wrong(config_setting_t *at, const char *what) {
    log_error(FILE_NAME ":%d: %s", at ? config_setting_source_line(at) : 1, what);
    return ERR_SETTING;
}

static int level_read(config_setting_t *line, struct linkage *linkage) {
    const char *name;
    double m, u;
    int level = 0;
    if (!config_setting_is_group(line) || config_setting_length(line) != 3 || !config_setting_lookup_string(line, "level", &name) ||
        !config_setting_lookup_float(line, "m", &m) || !config_setting_lookup_float(line, "u", &u))
        return wrong(line, "{ level = \"...\"; m = 0.5; u = 0.01; } is expected");
    while (level < LINKAGE_LEVELS && strcmp(levels[level].name, name) != 0)
        level++;
    if (level == LINKAGE_LEVELS)
        return wrong(line, "there is no such level");
    if (!(m > 0 && m <= 1 && u > 0 && u <= 1))
        return wrong(line, "m and u are probabilities above 0");
    if (linkage->m[level] > 0)
        return wrong(line, "this level is there twice");
    linkage->m[level] = (float)m;
    linkage->u[level] = (float)u;
    return 0;
}

static int list_read(config_setting_t *list, struct linkage *linkage) {
    int err = list && config_setting_is_list(list) ? 0 : wrong(list, "levels = ( ... ) is expected");
    for (int i = 0; !err && i < config_setting_length(list); i++)
        err = level_read(config_setting_get_elem(list, (unsigned)i), linkage);
    for (int i = 0; !err && i < LINKAGE_LEVELS; i++)
        if (linkage->m[i] <= 0) {
            log_error(FILE_NAME ": the level \"%s\" is missing", levels[i].name);
            err = ERR_SETTING;
        }
    return err;
}

int linkage_load(const char *folder, struct linkage *ret) {
    config_t config;
    char *path = mem_print("%s/" FILE_NAME, folder);
    int err = 0;
    *ret = (struct linkage){0};
    config_init(&config);
    if (!config_read_file(&config, path)) {
        log_error("%s:%d: %s", path, config_error_line(&config), config_error_text(&config));
        err = ERR_SETTING;
    }
    if (!err)
        err = list_read(config_lookup(&config, "levels"), ret);
    config_destroy(&config);
    free(path);
    return err;
}

void linkage_write(const struct linkage *linkage, FILE *out) {
    fputs("levels = (\n", out);
    for (int i = 0; i < LINKAGE_LEVELS; i++)
        fprintf(out, "  { level = \"%s\"; m = %#.4g; u = %#.4g; }%s # %+.1f bits\n", levels[i].name, (double)linkage->m[i], (double)linkage->u[i],
                i + 1 < LINKAGE_LEVELS ? "," : "", (double)linkage_bits(linkage, (enum linkage_level)i));
    fputs(");\n", out);
}
