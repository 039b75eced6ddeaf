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

static int whole_read(struct rule_file *file, config_setting_t *line, const char *name, int *ret) {
    config_setting_t *setting = config_setting_get_member(line, name);
    if (setting && (config_setting_type(setting) != CONFIG_TYPE_INT || config_setting_get_int(setting) < 0))
        return rule_file_wrong(file, setting, "a whole number is expected");
    *ret = setting ? config_setting_get_int(setting) : 0;
    return 0;
}

/* ["one", "two"]; none when it is not there. */
static int texts_read(struct rule_file *file, config_setting_t *line, const char *name, char ***ret, size_t *ret_count) {
    config_setting_t *array = config_setting_get_member(line, name);
    int count = array ? config_setting_length(array) : 0;
    if (array && !config_setting_is_array(array))
        return rule_file_wrong(file, array, "an array [\"...\"] is expected");
    *ret = mem_new((size_t)(count + 1) * sizeof **ret);
    for (int i = 0; i < count; i++) {
        const char *text = config_setting_get_string_elem(array, i);
        if (!text)
            return rule_file_wrong(file, array, "texts are expected");
        (*ret)[(*ret_count)++] = mem_text(text);
    }
    return 0;
}

static void texts_drop(char **texts, size_t count) {
    for (size_t i = 0; i < count; i++)
        free(texts[i]);
    free(texts);
}

/* One list of a file: read gives a line to its array, which has room for all. */
typedef int read_line(struct rule_file *file, config_setting_t *line, struct rules *rules);

static int lines_read(struct rule_file *file, const char *name, struct rules *rules, void **ret_array, size_t unit, read_line *read) {
    config_setting_t *list = NULL;
    int err = list_open(file, name, &list), count = err ? 0 : config_setting_length(list);
    *ret_array = mem_new((size_t)(count + 1) * unit);
    for (int i = 0; i < count && !err; i++)
        err = read(file, config_setting_get_elem(list, (unsigned)i), rules);
    return err;
}

/* ---- reasons.conf
 * ------------------------------------------------------------------------------------------- */

static int reason_read(struct rule_file *file, config_setting_t *line, const struct rules *rules,
                       struct reason *ret) {
    static const char *const known[] = {"code", "law", "plain", "withholds", "blocks", "local_only", "demands", NULL};
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
    if (!err)
        err = texts_read(file, line, "demands", &ret->demands, &ret->demand_count);
    for (size_t i = 0; i < ret->demand_count && !err; i++)
        if (!rules_field(rules, ret->demands[i]))
            err = rule_file_wrong(file, line, "it demands a field that is not among \"fields\"");
    if (!err && rules_reason(rules, ret->code))
        err = rule_file_wrong(file, line, "this code is there twice");
    return err;
}

static void reason_drop(struct reason *reason) {
    texts_drop(reason->demands, reason->demand_count);
    free(reason->code);
    free(reason->law);
    free(reason->plain);
}

static int reason_line(struct rule_file *file, config_setting_t *line, struct rules *rules) {
    struct reason reason = {0};
    int err = reason_read(file, line, rules, &reason);
    if (err)
        reason_drop(&reason);
    else
        rules->reasons[rules->reason_count++] = reason;
    return err;
}

static int field_line(struct rule_file *file, config_setting_t *line, struct rules *rules) {
    static const char *const known[] = {"name", "ask", "type", "max_months", NULL};
    struct reason_field *field = &rules->fields[rules->field_count++];
    char *type = NULL;
    int err = members_check(file, line, known);
    if (!err)
        err = text_read(file, line, "name", &field->name);
    if (!err)
        err = text_read(file, line, "ask", &field->ask);
    if (!err)
        err = text_read(file, line, "type", &type);
    if (!err && strcmp(type, "text") && strcmp(type, "date"))
        err = rule_file_wrong(file, line, "a field's type is \"text\" or \"date\"");
    field->is_date = type && strcmp(type, "date") == 0;
    free(type);
    return err ? err : whole_read(file, line, "max_months", &field->max_months);
}

static int reasons_load(const char *folder, struct rules *rules) {
    struct rule_file file;
    int err = rule_file_open(&file, folder, "reasons.conf");
    if (!err)
        err = lines_read(&file, "fields", rules, (void **)&rules->fields, sizeof *rules->fields, field_line);
    if (!err)
        err = lines_read(&file, "reasons", rules, (void **)&rules->reasons, sizeof *rules->reasons, reason_line);
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

/* ---- clocks.conf
 * -------------------------------------------------------------------------------------------- */

static int clock_line(struct rule_file *file, config_setting_t *line, struct rules *rules) {
    static const char *const known[] = {"id", "months", "days", "in_force", "law", "plain", NULL};
    struct clock_rule *clock = &rules->clocks[rules->clock_count++];
    int err = members_check(file, line, known);
    if (!err)
        err = text_read(file, line, "id", &clock->id);
    if (!err)
        err = text_read(file, line, "law", &clock->law);
    if (!err)
        err = text_read(file, line, "plain", &clock->plain);
    if (!err)
        err = whole_read(file, line, "months", &clock->months);
    if (!err)
        err = whole_read(file, line, "days", &clock->days);
    return err ? err : day_read(file, config_setting_get_member(line, "in_force"), &clock->in_force);
}

static int clocks_load(const char *folder, struct rules *rules) {
    struct rule_file file;
    int err = rule_file_open(&file, folder, "clocks.conf");
    if (!err)
        err = lines_read(&file, "clocks", rules, (void **)&rules->clocks, sizeof *rules->clocks, clock_line);
    config_setting_t *days = err ? NULL : config_lookup(&file.config, "reminders");
    int count = days ? config_setting_length(days) : 0;
    rules->reminders = mem_new((size_t)(count + 1) * sizeof *rules->reminders);
    for (int i = 0; i < count; i++)
        rules->reminders[rules->reminder_count++] = config_setting_get_int_elem(days, i);
    rule_file_close(&file);
    return err;
}

/* ---- packs.conf
 * --------------------------------------------------------------------------------------------- */

static int part_read(struct rule_file *file, config_setting_t *line, const char *name, unsigned *ret) {
    static const char *const names[] = {"guide", "contents", "chronology", "schedule", "glossary", "privacy"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], name) == 0) {
            *ret |= 1u << i;
            return 0;
        }
    return rule_file_wrong(file, line, "a part of a pack that is not known");
}

static int pack_line(struct rule_file *file, config_setting_t *line, struct rules *rules) {
    static const char *const known[] = {"name", "title", "basis", "requesters", "letter", "clock", "parts", NULL};
    struct pack_rule *pack = &rules->packs[rules->pack_count++];
    char **const texts[] = {&pack->name, &pack->title, &pack->basis, &pack->requesters, &pack->letter};
    char **parts = NULL;
    const char *clock = "";
    size_t count = 0;
    int err = members_check(file, line, known);
    for (size_t i = 0; i < sizeof texts / sizeof *texts && !err; i++)
        err = text_read(file, line, known[i], texts[i]);
    if (!err && !config_setting_lookup_string(line, "clock", &clock))
        err = rule_file_wrong(file, line, "\"clock\" is missing");
    pack->clock = mem_text(clock);
    if (!err)
        err = texts_read(file, line, "parts", &parts, &count);
    for (size_t i = 0; i < count && !err; i++)
        err = part_read(file, line, parts[i], &pack->parts);
    texts_drop(parts, count);
    return err;
}

static int packs_load(const char *folder, struct rules *rules) {
    struct rule_file file;
    int err = rule_file_open(&file, folder, "packs.conf");
    if (!err)
        err = lines_read(&file, "packs", rules, (void **)&rules->packs, sizeof *rules->packs, pack_line);
    if (!err && !rules->pack_count)
        err = rule_file_wrong(&file, NULL, "there has to be a kind of pack");
    rule_file_close(&file);
    return err;
}

/* ---- letters.conf
 * ------------------------------------------------------------------------------------------- */

static int letter_line(struct rule_file *file, config_setting_t *line, struct rules *rules) {
    static const char *const known[] = {"name", "text", NULL};
    struct letter *letter = &rules->letters[rules->letter_count++];
    int err = members_check(file, line, known);
    if (!err)
        err = text_read(file, line, "name", &letter->name);
    return err ? err : text_read(file, line, "text", &letter->text);
}

static int letters_load(const char *folder, struct rules *rules) {
    struct rule_file file;
    int err = rule_file_open(&file, folder, "letters.conf");
    if (!err)
        err = lines_read(&file, "letters", rules, (void **)&rules->letters, sizeof *rules->letters, letter_line);
    for (size_t i = 0; i < rules->pack_count && !err; i++)
        if (!rules_letter(rules, rules->packs[i].letter))
            err = rule_file_wrong(&file, NULL, "the letter of a kind of pack (packs.conf) is missing");
    rule_file_close(&file);
    return err;
}

/* ---- glossary.conf
 * ------------------------------------------------------------------------------------------ */

static int glossary_line(struct rule_file *file, config_setting_t *line, struct rules *rules) {
    static const char *const known[] = {"short", "means", NULL};
    struct glossary_entry *entry = &rules->glossary[rules->glossary_count++];
    int err = members_check(file, line, known);
    if (!err)
        err = text_read(file, line, "short", &entry->shorthand);
    return err ? err : text_read(file, line, "means", &entry->means);
}

static int glossary_load(const char *folder, struct rules *rules) {
    struct rule_file file;
    int err = rule_file_open(&file, folder, "glossary.conf");
    if (!err)
        err = lines_read(&file, "glossary", rules, (void **)&rules->glossary, sizeof *rules->glossary, glossary_line);
    rule_file_close(&file);
    return err;
}

/* ---- all of them
 * ---------------------------------------------------------------------------------------------- */

int rules_load(const char *folder, struct rules **ret) {
    struct rules *rules = mem_new(sizeof *rules);
    int err = reasons_load(folder, rules);
    if (!err)
        err = roles_load(folder, rules);
    if (!err)
        err = calendar_load(folder, rules);
    if (!err)
        err = clocks_load(folder, rules);
    if (!err)
        err = packs_load(folder, rules);
    if (!err)
        err = letters_load(folder, rules);
    if (!err)
        err = glossary_load(folder, rules);
    if (err)
        rules_drop(&rules);
    else
        *ret = rules;
    return err;
}

static void pack_rule_drop(struct pack_rule *pack) {
    free(pack->name);
    free(pack->title);
    free(pack->basis);
    free(pack->requesters);
    free(pack->clock);
    free(pack->letter);
}

void rules_drop(struct rules **rules) {
    struct rules *old = *rules;
    if (!old)
        return;
    for (size_t i = 0; i < old->reason_count; i++)
        reason_drop(&old->reasons[i]);
    for (size_t i = 0; i < old->role_count; i++)
        role_drop(&old->roles[i]);
    for (size_t i = 0; i < old->field_count; i++) {
        free(old->fields[i].name);
        free(old->fields[i].ask);
    }
    for (size_t i = 0; i < old->clock_count; i++) {
        free(old->clocks[i].id);
        free(old->clocks[i].law);
        free(old->clocks[i].plain);
    }
    for (size_t i = 0; i < old->pack_count; i++)
        pack_rule_drop(&old->packs[i]);
    for (size_t i = 0; i < old->letter_count; i++) {
        free(old->letters[i].name);
        free(old->letters[i].text);
    }
    for (size_t i = 0; i < old->glossary_count; i++) {
        free(old->glossary[i].shorthand);
        free(old->glossary[i].means);
    }
    free(old->glossary);
    free(old->letters);
    free(old->fields);
    free(old->clocks);
    free(old->packs);
    free(old->reminders);
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

int rules_codes(const struct rules *rules, const char *codes, struct reason_codes *ret) {
    struct reason_codes found = {.count = 0};
    for (const char *at = codes;; at++) {
        char code[32];
        size_t len = strcspn(at, "+");
        if (!len || len >= sizeof code || found.count == REASON_CODES_MOST)
            return ERR_INPUT;
        memcpy(code, at, len);
        code[len] = 0;
        const struct reason *reason = rules_reason(rules, code);
        if (!reason || (found.count && reason->withholds != found.list[0]->withholds))
            return ERR_INPUT;
        found.list[found.count++] = reason;
        at += len;
        if (!*at)
            break;
    }
    *ret = found;
    return 0;
}

const struct reason_field *rules_field(const struct rules *rules, const char *name) {
    for (size_t i = 0; i < rules->field_count; i++)
        if (strcmp(rules->fields[i].name, name) == 0)
            return &rules->fields[i];
    return NULL;
}

const struct clock_rule *rules_clock(const struct rules *rules, const char *id, int32_t received) {
    for (size_t i = 0; i < rules->clock_count; i++)
        if (strcmp(rules->clocks[i].id, id) == 0 && rules->clocks[i].in_force <= received)
            return &rules->clocks[i];
    return NULL;
}

const struct pack_rule *rules_pack(const struct rules *rules, const char *name) {
    for (size_t i = 0; i < rules->pack_count; i++)
        if (strcmp(rules->packs[i].name, name) == 0)
            return &rules->packs[i];
    return NULL;
}

const char *rules_letter(const struct rules *rules, const char *name) {
    for (size_t i = 0; i < rules->letter_count; i++)
        if (strcmp(rules->letters[i].name, name) == 0)
            return rules->letters[i].text;
    return NULL;
}

/* Whether a list as "one, two" has the word. */
static bool list_has(const char *list, const char *word) {
    size_t len = strlen(word), here;
    for (const char *at = list; *at; at += here + strspn(at + here, ", ")) {
        here = strcspn(at, ",");
        if (here == len && strncmp(at, word, len) == 0)
            return true;
    }
    return false;
}

bool rules_pack_is_for(const struct pack_rule *pack, const char *requester_kind) {
    return list_has(pack->requesters, requester_kind);
}

bool rules_requester_is_known(const char *kind) {
    return list_has(REQUESTER_KINDS, kind);
}

bool rules_is_working_day(const struct rules *rules, int32_t day_number) {
    if (date_weekday(day_number) >= 5)
        return false;
    return !bsearch(&day_number, rules->holidays, rules->holiday_count, sizeof day_number, day_compare);
}
