#include "config/fact_lists.h"

#include "base/mem.h"
#include "config/rule_file.h"

#include <stdlib.h>
#include <string.h>

#define FILE_NAME "facts.conf"
enum { KINDS_MOST = 100, WORDS_MOST = 10000, WORDS_OF_ONE = 8 };

static int spaces_in(const char *text) {
    int count = 0;
    for (; *text; text++)
        count += *text == ' ';
    return count;
}

/* A list of texts that all have one use. */
struct words_wanted {
    config_setting_t *list;
    const char *kind;
    enum fact_use use;
    bool adult;
};

static int words_read(const struct rule_file *file, const struct words_wanted *wanted, struct fact_lists *facts) {
    int count = wanted->list ? config_setting_length(wanted->list) : 0;
    if (wanted->list && !config_setting_is_array(wanted->list) && count)
        return rule_file_wrong(file, wanted->list, "[\"...\", ...] is expected");
    if (count > WORDS_MOST)
        return rule_file_wrong(file, wanted->list, "these are too many words");
    facts->list = mem_grow(facts->list, facts->count + (size_t)count + 1, sizeof *facts->list);
    for (int i = 0; i < count; i++) {
        const char *text = config_setting_get_string_elem(wanted->list, i);
        if (!text || !*text || *text == '*' || *text == ' ')
            return rule_file_wrong(file, wanted->list, "a word in quotes is expected");
        if (spaces_in(text) >= WORDS_OF_ONE)
            return rule_file_wrong(file, wanted->list, "these are more than eight words in a row");
        facts->list[facts->count++] = (struct fact_words){mem_text(text), wanted->kind, wanted->use, strcmp(file->name, FILE_NAME) == 0, wanted->adult};
    }
    return 0;
}

static int kind_read(const struct rule_file *file, config_setting_t *line, struct fact_lists *facts) {
    const char *kind;
    if (!config_setting_is_group(line) || !config_setting_lookup_string(line, "kind", &kind) || !*kind)
        return rule_file_wrong(file, line, "{ kind = \"...\"; strong = [...]; weak = [...]; } is expected");
    char *kept = facts->kinds[facts->kind_count++] = mem_text(kind);
    int adult = 0;
    config_setting_lookup_bool(line, "adult", &adult);
    struct words_wanted strong = {config_setting_get_member(line, "strong"), kept, FACT_STRONG, adult != 0};
    struct words_wanted weak = {config_setting_get_member(line, "weak"), kept, FACT_WEAK, adult != 0};
    int err = words_read(file, &strong, facts);
    return err ? err : words_read(file, &weak, facts);
}

static int kinds_read(const struct rule_file *file, struct fact_lists *facts) {
    config_setting_t *list = NULL;
    int err = rule_file_list(file, "facts", KINDS_MOST, &list), count = err ? 0 : config_setting_length(list);
    facts->kinds = mem_grow(facts->kinds, facts->kind_count + (size_t)count + 1, sizeof *facts->kinds);
    for (int i = 0; i < count && !err; i++)
        err = kind_read(file, config_setting_get_elem(list, (unsigned)i), facts);
    return err;
}

/* Further files of the same folder that have nothing but kinds: more = ["fact-words.conf"]. */
static int more_read(const struct rule_file *file, const char *folder, struct fact_lists *facts) {
    config_setting_t *more = config_lookup(&file->config, "more");
    int count = more ? config_setting_length(more) : 0, err = 0;
    for (int i = 0; i < count && !err; i++) {
        const char *name = config_setting_get_string_elem(more, i);
        struct rule_file other;
        if (!name || !*name || strchr(name, '/'))
            return rule_file_wrong(file, more, "the name of a file in the same folder is expected");
        err = rule_file_open(&other, folder, name);
        if (!err)
            err = kinds_read(&other, facts);
        rule_file_close(&other);
    }
    return err;
}

static int facts_read(const struct rule_file *file, const char *folder, struct fact_lists *facts) {
    int err = kinds_read(file, facts);
    if (!err)
        err = more_read(file, folder, facts);
    static const struct {
        const char *name;
        enum fact_use use;
    } others[] = {{"sources", FACT_SOURCE}, {"hidden", FACT_HIDDEN}, {"privileged", FACT_PRIVILEGED}};
    for (size_t i = 0; i < sizeof others / sizeof *others && !err; i++) {
        struct words_wanted wanted = {config_lookup(&file->config, others[i].name), "", others[i].use, false};
        err = words_read(file, &wanted, facts);
    }
    return err;
}

int fact_lists_load(const char *folder, struct fact_lists **ret) {
    struct rule_file file;
    struct fact_lists *facts = mem_new(sizeof *facts);
    int err = rule_file_open(&file, folder, FILE_NAME);
    if (!err)
        err = facts_read(&file, folder, facts);
    rule_file_close(&file);
    if (err)
        fact_lists_drop(&facts);
    else
        *ret = facts;
    return err;
}

void fact_lists_drop(struct fact_lists **facts) {
    if (!*facts)
        return;
    for (size_t i = 0; i < (*facts)->count; i++)
        free((*facts)->list[i].text);
    for (size_t i = 0; i < (*facts)->kind_count; i++)
        free((*facts)->kinds[i]);
    free((*facts)->list);
    free((*facts)->kinds);
    mem_free(facts);
}
