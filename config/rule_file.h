/* rule_file.h: one of the rule files while it is read: every complaint names it and the line. Private to config/. */
#ifndef CONFIG_RULE_FILE_H
#define CONFIG_RULE_FILE_H

#include <libconfig.h>

struct rule_file {
    const char *name; /* as complaints call it; borrowed */
    config_t config;
};

/* folder/name; or, folder NULL, the path name. ERR_SETTING, and the log says why. rule_file_close it in any case. */
int rule_file_open(struct rule_file *file, const char *folder, const char *name);
void rule_file_close(struct rule_file *file);
/* Logs what is wrong there, and gives ERR_SETTING. at NULL: the file as a whole. */
int rule_file_wrong(const struct rule_file *file, const config_setting_t *at, const char *what);
/* The list of that name with at most so many lines. ERR_SETTING. */
int rule_file_list(const struct rule_file *file, const char *name, int most, config_setting_t **ret);

#endif
