#include "config/rules.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "config/rule_file.h"

#include <stdlib.h>
#include <string.h>

#define RULES_LINES_MOST 10000

static int list_open(const struct rule_file *file, const char *name, config_setting_t **ret) {
    return rule_file_list(file, name, RULES_LINES_MOST, ret);
}

/* A text of a line: required, and not empty. */
static int text_read(struct rule_file *file, config_setting_t *line, const char *name, char **ret) {
    const char *text;
    if (!config_setting_lookup_string(line, name, &text) || !*text) {
        log_error("%s:%d: \"%s\" is missing or no text", file->name, config_setting_source_line(line), name);
        return ERR_SETTING;
    }
    *ret = mem_text(text);
    return 0;
}

static int bool_read(struct rule_file *file, config_setting_t *line, const char *name, bool *ret) {
    config_setting_t *setting = config_setting_get_member(line, name);
    if (setting && config_setting_type(setting) != CONFIG_TYPE_BOOL)
        return rule_file_wrong(file, setting, "true or false is expected");
    *ret = setting && config_setting_get_bool(setting);
    return 0;
}

/* The names a line may use: a misspelt one must not be passed over in silence. */
static int members_check(struct rule_file *file, config_setting_t *line, const char *const *known) {
    if (!config_setting_is_group(line))
        return rule_file_wrong(file, line, "a group { ... } is expected");
    for (int i = 0; i < config_setting_length(line); i++) {
        config_setting_t *member = config_setting_get_elem(line, (unsigned)i);
        size_t k = 0;
        while (known[k] && strcmp(known[k], config_setting_name(member)) != 0)
            k++;
        if (!known[k])
            return rule_file_wrong(file, member, "a name that is not known here");
    }
    return 0;
}

/* ---- reasons.conf
 * ------------------------------------------------------------------------------------------- */

static int reason_read(struct rule_file *file, config_setting_t *line, const struct rules *rules,
                       struct reason *ret) {
    static const char *const known[] = {"code", "law", "plain", "withholds", "blocks", "local_only", NULL};
    int err = members_check(file, line, known);
    if (!err)
        err = text_read(file, line, "code", &ret->code);
    if (!err)
        err = text_read(file, line, "law", &ret->law);
    if (!err)
        err = text_read(file, line, "plain", &ret->plain);
    if (!err && !config_setting_get_member(line, "withholds"))
        err = rule_file_wrong(file, line, "\"withholds\" is missing");
    if (!err)
        err = bool_read(file, line, "withholds", &ret->withholds);
    if (!err)
        err = bool_read(file, line, "blocks", &ret->blocks);
    if (!err)
        err = bool_read(file, line, "local_only", &ret->local_only);
    if (!err && rules_reason(rules, ret->code))
        err = rule_file_wrong(file, line, "this code is there twice");
    return err;
}

static void reason_drop(struct reason *reason) {
    free(reason->code);
    free(reason->law);
    free(reason->plain);
}

static int reasons_load(const char *folder, struct rules *rules) {
    struct rule_file file;
    config_setting_t *list = NULL;
    int err = rule_file_open(&file, folder, "reasons.conf");
    if (!err)
        err = list_open(&file, "reasons", &list);
    int count = err ? 0 : config_setting_length(list);
    rules->reasons = mem_new((size_t)(count + 1) * sizeof *rules->reasons);
    for (int i = 0; i < count && !err; i++) {
        struct reason reason = {0};
        err = reason_read(&file, config_setting_get_elem(list, (unsigned)i), rules, &reason);
        if (err)
            reason_drop(&reason);
        else
            rules->reasons[rules->reason_count++] = reason;
    }
    rule_file_close(&file);
    return err;
}

/* ---- roles.conf
 * --------------------------------------------------------------------------------------------- */

static int role_read(struct rule_file *file, config_setting_t *line, const struct rules *rules,
                     struct role_rule *ret) {
    static const char *const known[] = {"role", "type", "consent", "when", "code", "why", "requester", NULL};
    char **const fields[] = {&ret->role, &ret->type, &ret->consent, &ret->when, &ret->code, &ret->why};
    int err = members_check(file, line, known);
    for (size_t i = 0; i < sizeof fields / sizeof *fields && !err; i++)
        err = text_read(file, line, known[i], fields[i]);
    if (!err && config_setting_get_member(line, "requester"))
        err = text_read(file, line, "requester", &ret->requester);
    else
        ret->requester = mem_text("*");
    if (!err && !rules_reason(rules, ret->code))
        err = rule_file_wrong(file, line, "this code is not in reasons.conf");
    return err;
}

static void role_drop(struct role_rule *role) {
    free(role->role);
    free(role->type);
    free(role->consent);
    free(role->when);
    free(role->requester);
    free(role->code);
    free(role->why);
}

static bool is_any(const char *text) {
    return strcmp(text, "*") == 0;
}

static bool role_fits_all(const struct role_rule *role) {
    return is_any(role->role) && is_any(role->type) && is_any(role->consent) && is_any(role->when) && is_any(role->requester);
}

static int roles_load(const char *folder, struct rules *rules) {
    struct rule_file file;
    config_setting_t *list = NULL;
    int err = rule_file_open(&file, folder, "roles.conf");
    if (!err)
        err = list_open(&file, "roles", &list);
    int count = err ? 0 : config_setting_length(list);
    rules->roles = mem_new((size_t)(count + 1) * sizeof *rules->roles);
    for (int i = 0; i < count && !err; i++) {
        struct role_rule role = {0};
        err = role_read(&file, config_setting_get_elem(list, (unsigned)i), rules, &role);
        if (err)
            role_drop(&role);
        else
            rules->roles[rules->role_count++] = role;
    }
    /* Somebody whom no line fits must not fall through: the last line has to fit everybody, and to withhold.
     */
    if (!err && (!rules->role_count || !role_fits_all(&rules->roles[rules->role_count - 1]) ||
                 !rules_reason(rules, rules->roles[rules->role_count - 1].code)->withholds))
        err = rule_file_wrong(&file, NULL, "the last line has to fit everything (\"*\") and to withhold");
    rule_file_close(&file);
    return err;
}

/* ---- calendar.conf
 * ------------------------------------------------------------------------------------------ */

static int day_compare(const void *a, const void *b) {
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

static int day_read(struct rule_file *file, config_setting_t *setting, int32_t *ret) {
    const char *text = setting ? config_setting_get_string(setting) : NULL;
    int32_t day = text ? date_from_iso(text) : DATE_NONE;
    if (day == DATE_NONE)
        return rule_file_wrong(file, setting, "a date as \"2025-12-25\" is expected");
    *ret = day;
    return 0;
}

static int calendar_load(const char *folder, struct rules *rules) {
    struct rule_file file;
    config_setting_t *list = NULL;
    int err = rule_file_open(&file, folder, "calendar.conf");
    if (!err)
        err = list_open(&file, "holidays", &list);
    int count = err ? 0 : config_setting_length(list);
    rules->holidays = mem_new((size_t)(count + 1) * sizeof *rules->holidays);
    for (int i = 0; i < count && !err; i++) {
        err = day_read(&file, config_setting_get_elem(list, (unsigned)i), &rules->holidays[i]);
        if (!err)
            rules->holiday_count++;
    }
    if (!err)
        err = day_read(&file, config_lookup(&file.config, "until"), &rules->holidays_until);
    qsort(rules->holidays, rules->holiday_count, sizeof *rules->holidays, day_compare);
    rule_file_close(&file);
    return err;
}

/* ---- all three
 * ---------------------------------------------------------------------------------------------- */

int rules_load(const char *folder, struct rules **ret) {
    struct rules *rules = mem_new(sizeof *rules);
    int err = reasons_load(folder, rules);
    if (!err)
        err = roles_load(folder, rules);
    if (!err)
        err = calendar_load(folder, rules);
    if (err)
        rules_drop(&rules);
    else
        *ret = rules;
    return err;
}

void rules_drop(struct rules **rules) {
    struct rules *old = *rules;
    if (!old)
        return;
    for (size_t i = 0; i < old->reason_count; i++)
        reason_drop(&old->reasons[i]);
    for (size_t i = 0; i < old->role_count; i++)
        role_drop(&old->roles[i]);
    free(old->reasons);
    free(old->roles);
    free(old->holidays);
    mem_free(rules);
}

const struct reason *rules_reason(const struct rules *rules, const char *code) {
    for (size_t i = 0; i < rules->reason_count; i++)
        if (strcmp(rules->reasons[i].code, code) == 0)
            return &rules->reasons[i];
    return NULL;
}

static bool fits(const char *rule, const char *value) {
    return is_any(rule) || strcmp(rule, value) == 0;
}

const struct role_rule *rules_for(const struct rules *rules, const struct rule_query *query) {
    for (size_t i = 0; i + 1 < rules->role_count; i++) {
        const struct role_rule *r = &rules->roles[i];
        if (fits(r->role, query->role) && fits(r->type, query->type) && fits(r->consent, query->consent) && fits(r->when, query->when) &&
            fits(r->requester, query->requester))
            return r;
    }
    return &rules->roles[rules->role_count - 1];
}

bool rules_requester_is_known(const char *kind) {
    size_t len = strlen(kind), here;
    for (const char *at = REQUESTER_KINDS; *at; at += here + strspn(at + here, ", ")) {
        here = strcspn(at, ",");
        if (here == len && strncmp(at, kind, len) == 0)
            return true;
    }
    return false;
}

bool rules_is_working_day(const struct rules *rules, int32_t day_number) {
    if (date_weekday(day_number) >= 5)
        return false;
    return !bsearch(&day_number, rules->holidays, rules->holiday_count, sizeof day_number, day_compare);
}
