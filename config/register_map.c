#include "config/register_map.h"

#include "base/err.h"
#include "base/mem.h"
#include "config/rule_file.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum { LINES_MOST = 200 };

static const struct {
    const char *name;
    bool in[2]; /* by enum register_file */
} columns[] = {
#define COLUMN(name, in_children, in_people) {#name, {in_children, in_people}},
#include "config/register_columns.def"
#undef COLUMN
};

const char *register_column_text(enum register_column column) {
    return columns[column].name;
}

bool register_column_is_in(enum register_column column, enum register_file file) {
    return columns[column].in[file];
}

/* "column is named", or (value set) "column has this value when that one says yes". */
struct line {
    enum register_file file;
    char *column, *named, *value;
};

struct register_map {
    struct line *lines;
    size_t count;
};

static bool column_is_known(enum register_file file, const char *name) {
    for (size_t i = 0; i < REGISTER_COLUMNS; i++)
        if (strcmp(columns[i].name, name) == 0)
            return columns[i].in[file];
    return false;
}

static void line_add(struct register_map *map, enum register_file file, const char *column, const char *named, const char *value) {
    map->lines = mem_grow(map->lines, map->count + 1, sizeof *map->lines);
    map->lines[map->count++] = (struct line){file, mem_text(column), mem_text(named), mem_text(value)};
}

/* status = ( { column = "ActiveCLA"; means = "LAC"; }, ... ) */
static int list_read(struct register_map *map, enum register_file file, const struct rule_file *conf, config_setting_t *list) {
    for (int i = 0; i < config_setting_length(list); i++) {
        config_setting_t *line = config_setting_get_elem(list, (unsigned)i);
        const char *named, *value;
        if (!config_setting_is_group(line) || !config_setting_lookup_string(line, "column", &named) ||
            !config_setting_lookup_string(line, "means", &value))
            return rule_file_wrong(conf, line, "{ column = \"...\"; means = \"...\"; } is expected");
        line_add(map, file, config_setting_name(list), named, value);
    }
    return 0;
}

static int group_read(struct register_map *map, enum register_file file, const struct rule_file *conf, config_setting_t *group) {
    if (!config_setting_is_group(group) || config_setting_length(group) > LINES_MOST)
        return rule_file_wrong(conf, group, "a group { ... } is expected");
    for (int i = 0; i < config_setting_length(group); i++) {
        config_setting_t *setting = config_setting_get_elem(group, (unsigned)i);
        int err = 0;
        if (!column_is_known(file, config_setting_name(setting)))
            return rule_file_wrong(conf, setting, "not a column that casefile knows; casefile(1) lists them");
        if (config_setting_type(setting) == CONFIG_TYPE_STRING)
            line_add(map, file, config_setting_name(setting), config_setting_get_string(setting), NULL);
        else
            err = config_setting_is_list(setting) ? list_read(map, file, conf, setting) : rule_file_wrong(conf, setting, "a name in quotes is expected");
        if (err)
            return err;
    }
    return 0;
}

static int root_read(struct register_map *map, const struct rule_file *conf, config_setting_t *root) {
    for (int i = 0; i < config_setting_length(root); i++) {
        config_setting_t *group = config_setting_get_elem(root, (unsigned)i);
        bool children = strcmp(config_setting_name(group), "children") == 0;
        if (!children && strcmp(config_setting_name(group), "people") != 0)
            return rule_file_wrong(conf, group, "children = { ... } or people = { ... } is expected");
        int err = group_read(map, children ? REGISTER_CHILDREN : REGISTER_PEOPLE, conf, group);
        if (err)
            return err;
    }
    return map->count ? 0 : rule_file_wrong(conf, root, "it maps no column");
}

int register_map_load(const char *path, struct register_map **ret) {
    struct rule_file conf;
    struct register_map *map = mem_new(sizeof *map);
    if (access(path, R_OK)) {
        register_map_drop(&map);
        return ERR_NOT_FOUND;
    }
    int err = rule_file_open(&conf, NULL, path);
    if (!err)
        err = root_read(map, &conf, config_root_setting(&conf.config));
    rule_file_close(&conf);
    if (err)
        register_map_drop(&map);
    else
        *ret = map;
    return err;
}

void register_map_drop(struct register_map **map) {
    if (!*map)
        return;
    for (size_t i = 0; i < (*map)->count; i++) {
        free((*map)->lines[i].column);
        free((*map)->lines[i].named);
        free((*map)->lines[i].value);
    }
    free((*map)->lines);
    mem_free(map);
}

const char *register_map_column(const struct register_map *map, enum register_file file, enum register_column column) {
    for (size_t i = 0; map && i < map->count; i++)
        if (map->lines[i].file == file && !map->lines[i].value && strcmp(map->lines[i].column, columns[column].name) == 0)
            return map->lines[i].named;
    return columns[column].name;
}

static bool says_yes(const char *text) {
    static const char *const words[] = {"1", "y", "yes", "true", "t", "active"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcasecmp(text, words[i]) == 0)
            return true;
    return false;
}

const char *register_map_first_yes(const struct register_map *map, enum register_file file, enum register_column column,
                                   const char *(*field)(void *state, const char *name), void *state) {
    for (size_t i = 0; map && i < map->count; i++) {
        const struct line *line = &map->lines[i];
        if (line->file == file && line->value && strcmp(line->column, columns[column].name) == 0 && says_yes(field(state, line->named)))
            return line->value;
    }
    return NULL;
}
