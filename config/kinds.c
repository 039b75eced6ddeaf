#include "config/kinds.h"

#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"

#include <libconfig.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_NAME "kinds.conf"
enum { KINDS_MOST = 500, PHRASES_MOST = 200 };

static int wrong(config_setting_t *at, const char *what) {
    log_error(FILE_NAME ":%d: %s", at ? config_setting_source_line(at) : 1, what);
    return ERR_SETTING;
}

static int phrases_read(config_setting_t *list, struct phrases *ret) {
    int count = list ? config_setting_length(list) : 0;
    if (!list || config_setting_type(list) == CONFIG_TYPE_STRING || !(config_setting_is_array(list) || config_setting_is_list(list)) || count > PHRASES_MOST)
        return wrong(list, "a list of phrases [ \"...\", ... ] is expected");
    ret->list = mem_new((size_t)(count + 1) * sizeof *ret->list);
    for (int i = 0; i < count; i++) {
        const char *phrase = config_setting_get_string_elem(list, i);
        if (!phrase || !*phrase)
            return wrong(list, "a phrase in quotes is expected");
        ret->list[ret->count++] = mem_text(phrase);
    }
    return 0;
}

static void phrases_drop(struct phrases *phrases) {
    for (size_t i = 0; i < phrases->count; i++)
        free(phrases->list[i]);
    free(phrases->list);
}

static int late_read(config_setting_t *line, const char *text, struct kind *kind) {
    int number, end = 0;
    if (!*text)
        return 0;
    if (sscanf(text, "%d working days%n", &number, &end) == 1 && end && !text[end] && number > 0)
        kind->late_working_days = number;
    else if (sscanf(text, "%d hours%n", &number, &end) == 1 && end && !text[end] && number > 0)
        kind->late_hours = number;
    else
        return wrong(line, "late is \"5 working days\", \"24 hours\" or \"\"");
    return 0;
}

static int kind_read(config_setting_t *line, const struct kinds *known, struct kind *ret) {
    const char *kind, *name, *late, *approved;
    int historical;
    if (!config_setting_is_group(line) || !config_setting_lookup_string(line, "kind", &kind) || !config_setting_lookup_string(line, "name", &name) ||
        !config_setting_lookup_string(line, "late", &late) || !config_setting_lookup_string(line, "approved", &approved) ||
        !config_setting_lookup_bool(line, "historical", &historical))
        return wrong(line, "kind, name, late, approved and historical are expected");
    if (!*kind || kinds_find(known, kind))
        return wrong(line, "this kind is there twice, or has no name");
    *ret = (struct kind){.kind = mem_text(kind), .name = mem_text(name), .approved = mem_text(approved), .historical = historical};
    int err = late_read(line, late, ret);
    if (!err)
        err = phrases_read(config_setting_get_member(line, "head"), &ret->head);
    if (!err)
        err = phrases_read(config_setting_get_member(line, "body"), &ret->body);
    return err;
}

static int list_read(config_setting_t *list, struct kinds *kinds) {
    int count = list ? config_setting_length(list) : 0, err = 0;
    if (!list || !config_setting_is_list(list) || count > KINDS_MOST)
        return wrong(list, "kinds = ( ... ) is expected");
    kinds->list = mem_new((size_t)(count + 1) * sizeof *kinds->list);
    for (int i = 0; i < count && !err; i++) {
        struct kind kind = {0};
        err = kind_read(config_setting_get_elem(list, (unsigned)i), kinds, &kind);
        kinds->list[kinds->count++] = kind; /* what there is of it is dropped with the rest */
    }
    return err;
}

int kinds_load(const char *folder, struct kinds **ret) {
    config_t config;
    struct kinds *kinds = mem_new(sizeof *kinds);
    char *path = mem_print("%s/" FILE_NAME, folder);
    int err = 0;
    config_init(&config);
    if (!config_read_file(&config, path)) {
        log_error("%s:%d: %s", path, config_error_line(&config), config_error_text(&config));
        err = ERR_SETTING;
    }
    if (!err)
        err = list_read(config_lookup(&config, "kinds"), kinds);
    struct phrases *const into[] = {&kinds->event, &kinds->written, &kinds->neither};
    static const char *const names[] = {"event", "written", "neither"};
    for (int i = 0; i < 3 && !err; i++)
        err = phrases_read(config_lookup(&config, names[i]), into[i]);
    config_destroy(&config);
    free(path);
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
