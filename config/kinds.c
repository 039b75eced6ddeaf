#include "config/kinds.h"

#include "base/clock.h"
#include "base/mem.h"
#include "config/rule_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_NAME "kinds.conf"
enum { KINDS_MOST = 500, PHRASES_MOST = 200 };

static int phrases_read(const struct rule_file *file, config_setting_t *list, struct phrases *ret) {
    int count = list ? config_setting_length(list) : 0;
    if (!list || config_setting_type(list) == CONFIG_TYPE_STRING || !(config_setting_is_array(list) || config_setting_is_list(list)) || count > PHRASES_MOST)
        return rule_file_wrong(file, list, "a list of phrases [ \"...\", ... ] is expected");
    ret->list = mem_new((size_t)(count + 1) * sizeof *ret->list);
    for (int i = 0; i < count; i++) {
        const char *phrase = config_setting_get_string_elem(list, i);
        if (!phrase || !*phrase)
            return rule_file_wrong(file, list, "a phrase in quotes is expected");
        ret->list[ret->count++] = mem_text(phrase);
    }
    return 0;
}

static void phrases_drop(struct phrases *phrases) {
    for (size_t i = 0; i < phrases->count; i++)
        free(phrases->list[i]);
    free(phrases->list);
}

static int late_read(const struct rule_file *file, config_setting_t *line, const char *text, struct kind *kind) {
    int number, end = 0;
    if (!*text)
        return 0;
    if (sscanf(text, "%d working days%n", &number, &end) == 1 && end && !text[end] && number > 0)
        kind->late_working_days = number;
    else if (sscanf(text, "%d hours%n", &number, &end) == 1 && end && !text[end] && number > 0)
        kind->late_hours = number;
    else
        return rule_file_wrong(file, line, "late is \"5 working days\", \"24 hours\" or \"\"");
    return 0;
}

static int kind_read(const struct rule_file *file, config_setting_t *line, const struct kinds *known, struct kind *ret) {
    const char *kind, *name, *late, *approved;
    int historical;
    if (!config_setting_is_group(line) || !config_setting_lookup_string(line, "kind", &kind) || !config_setting_lookup_string(line, "name", &name) ||
        !config_setting_lookup_string(line, "late", &late) || !config_setting_lookup_string(line, "approved", &approved) ||
        !config_setting_lookup_bool(line, "historical", &historical))
        return rule_file_wrong(file, line, "kind, name, late, approved and historical are expected");
    if (!*kind || kinds_find(known, kind))
        return rule_file_wrong(file, line, "this kind is there twice, or has no name");
    *ret = (struct kind){.kind = mem_text(kind), .name = mem_text(name), .approved = mem_text(approved), .historical = historical};
    int err = late_read(file, line, late, ret);
    if (!err)
        err = phrases_read(file, config_setting_get_member(line, "head"), &ret->head);
    if (!err)
        err = phrases_read(file, config_setting_get_member(line, "body"), &ret->body);
    return err;
}

static int list_read(const struct rule_file *file, struct kinds *kinds) {
    config_setting_t *list = NULL;
    int err = rule_file_list(file, "kinds", KINDS_MOST, &list), count = err ? 0 : config_setting_length(list);
    kinds->list = mem_new((size_t)(count + 1) * sizeof *kinds->list);
    for (int i = 0; i < count && !err; i++) {
        struct kind kind = {0};
        err = kind_read(file, config_setting_get_elem(list, (unsigned)i), kinds, &kind);
        kinds->list[kinds->count++] = kind; /* what there is of it is dropped with the rest */
    }
    return err;
}

int kinds_load(const char *folder, struct kinds **ret) {
    struct rule_file file;
    struct kinds *kinds = mem_new(sizeof *kinds);
    int err = rule_file_open(&file, folder, FILE_NAME);
    if (!err)
        err = list_read(&file, kinds);
    struct phrases *const into[] = {&kinds->event, &kinds->written, &kinds->neither};
    static const char *const names[] = {"event", "written", "neither"};
    for (int i = 0; i < 3 && !err; i++)
        err = phrases_read(&file, config_lookup(&file.config, names[i]), into[i]);
    rule_file_close(&file);
    if (err)
        kinds_drop(&kinds);
    else
        *ret = kinds;
    return err;
}

void kinds_drop(struct kinds **kinds) {
    if (!*kinds)
        return;
    for (size_t i = 0; i < (*kinds)->count; i++) {
        struct kind *kind = &(*kinds)->list[i];
        free(kind->kind);
        free(kind->name);
        free(kind->approved);
        phrases_drop(&kind->head);
        phrases_drop(&kind->body);
    }
    free((*kinds)->list);
    phrases_drop(&(*kinds)->event);
    phrases_drop(&(*kinds)->written);
    phrases_drop(&(*kinds)->neither);
    mem_free(kinds);
}

const struct kind *kinds_find(const struct kinds *kinds, const char *kind) {
    for (size_t i = 0; i < kinds->count; i++)
        if (kinds->list[i].kind && strcmp(kinds->list[i].kind, kind) == 0)
            return &kinds->list[i];
    return NULL;
}

int32_t kind_late_days(const struct rules *rules, const struct kind *kind, int32_t event, int32_t recorded) {
    if (!kind || event == DATE_NONE || recorded == DATE_NONE || recorded <= event)
        return 0;
    if (kind->late_hours) {
        int32_t days = (kind->late_hours + 23) / 24;
        return recorded - event > days ? recorded - event - days : 0;
    }
    int32_t working = 0;
    for (int32_t day = event + 1; day <= recorded && kind->late_working_days; day++)
        working += rules_is_working_day(rules, day);
    return working > kind->late_working_days ? working - kind->late_working_days : 0;
}
