/* register_map.h: what the columns of a register's CSV extracts are called: register-*.conf, one for each kind of extract. */
#ifndef CONFIG_REGISTER_MAP_H
#define CONFIG_REGISTER_MAP_H

#include <stdbool.h>
#include <stddef.h>

enum register_file { REGISTER_CHILDREN, REGISTER_PEOPLE };

struct register_map;

enum register_column {
#define COLUMN(name, in_children, in_people) COLUMN_##name,
#include "config/register_columns.def"
#undef COLUMN
    REGISTER_COLUMNS
};
/* casefile's own name of a column. */
const char *register_column_text(enum register_column column);
bool register_column_is_in(enum register_column column, enum register_file file);

/* ERR_NOT_FOUND; ERR_SETTING, and the log names the line. You drop it. */
int register_map_load(const char *path, struct register_map **ret);
void register_map_drop(struct register_map **map);
/* What the extract calls casefile's column; the column's own name where the map is NULL or says nothing. Borrowed. */
const char *register_map_column(const struct register_map *map, enum register_file file, enum register_column column);
/* Columns that say yes or no and together make a column, as status of ActiveCP, ActiveCLA: calls with each in the order of the file.
 * Returns the value of the first column whose field given by field() says yes; NULL: none does. */
const char *register_map_first_yes(const struct register_map *map, enum register_file file, enum register_column column,
                                   const char *(*field)(void *state, const char *name), void *state);

#endif
