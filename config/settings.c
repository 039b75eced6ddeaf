#include "config/settings.h"

#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/wire.h"

#include <libconfig.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum kind { KIND_TEXT, KIND_WHOLE, KIND_REAL };

/* One row as data, so that reading, writing and the manual are loops. */
struct row {
    const char *name;
    enum kind kind;
    size_t at; /* offset in its struct */
    const char *text;
    const char *words; /* NULL: any text */
    double number, min, max;
    const char *help;
};

static const struct row rows[] = {
#define TEXT(field, name, fallback, help) {name, KIND_TEXT, offsetof(struct settings, field), fallback, NULL, 0, 0, 0, help},
#define WORD(field, name, fallback, words, help) {name, KIND_TEXT, offsetof(struct settings, field), fallback, words, 0, 0, 0, help},
#define WHOLE(field, name, fallback, min, max, help)                                                                   \
    {name, KIND_WHOLE, offsetof(struct settings, field), NULL, NULL, fallback, min, max, help},
#define REAL(field, name, fallback, min, max, help)                                                                    \
    {name, KIND_REAL, offsetof(struct settings, field), NULL, NULL, fallback, min, max, help},
#include "config/settings.def"
#undef TEXT
#undef WORD
#undef WHOLE
#undef REAL
};
#define ROW_COUNT (sizeof rows / sizeof rows[0])

#define LIST(type, field, name, help) static const struct row type##_rows[] = {
#define TEXT(type, field, name, fallback, help) {name, KIND_TEXT, offsetof(struct type, field), fallback, NULL, 0, 0, 0, help},
#define WORD(type, field, name, fallback, words, help) {name, KIND_TEXT, offsetof(struct type, field), fallback, words, 0, 0, 0, help},
#define WHOLE(type, field, name, fallback, min, max, help)                                                             \
    {name, KIND_WHOLE, offsetof(struct type, field), NULL, NULL, fallback, min, max, help},
#define END(type, field) };
#include "config/lists.def"
#undef LIST
#undef TEXT
#undef WORD
#undef WHOLE
#undef END

/* A list of groups. */
struct list {
    const char *name, *help;
    const struct row *rows;
    size_t row_count, unit_bytes, at, count_at; /* offsets in struct settings */
};

static const struct list lists[] = {
#define LIST(type, field, name, help)                                                                                  \
    {name, help, type##_rows, sizeof type##_rows / sizeof type##_rows[0], sizeof(struct type), offsetof(struct settings, field), \
     offsetof(struct settings, field##_count)},
#define TEXT(type, field, name, fallback, help)
#define WORD(type, field, name, fallback, words, help)
#define WHOLE(type, field, name, fallback, min, max, help)
#define END(type, field)
#include "config/lists.def"
#undef LIST
#undef TEXT
#undef WORD
#undef WHOLE
#undef END
};
#define LIST_COUNT (sizeof lists / sizeof lists[0])
#define LIST_MOST 500 /* groups in one list */

static char **list_units(const struct settings *settings, const struct list *list) {
    return (char **)((char *)(uintptr_t)settings + list->at);
}

static size_t *list_count(const struct settings *settings, const struct list *list) {
    return (size_t *)(void *)((char *)(uintptr_t)settings + list->count_at);
}

/* base: the struct that the row is of. */
static void *row_field(const void *base, const struct row *row) {
    return (char *)(uintptr_t)base + row->at;
}

static void row_set_text(void *base, const struct row *row, const char *text) {
    char **field = row_field(base, row);
    char *copy = mem_text(text);
    free(*field);
    *field = copy;
}

static void row_set_number(void *base, const struct row *row, double number) {
    if (row->kind == KIND_WHOLE)
        *(int *)row_field(base, row) = (int)number;
    else
        *(double *)row_field(base, row) = number;
}

static double row_number(const void *base, const struct row *row) {
    return row->kind == KIND_WHOLE ? *(int *)row_field(base, row) : *(double *)row_field(base, row);
}

static void rows_default(void *base, const struct row *list, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (list[i].kind == KIND_TEXT)
            row_set_text(base, &list[i], list[i].text);
        else
            row_set_number(base, &list[i], list[i].number);
    }
}

static void rows_drop(void *base, const struct row *list, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (list[i].kind == KIND_TEXT)
            free(*(char **)row_field(base, &list[i]));
}

static struct settings *settings_default(void) {
    struct settings *settings = mem_new(sizeof *settings);
    rows_default(settings, rows, ROW_COUNT);
    return settings;
}

/* A further group of a list, with its defaults. */
static void *list_add(struct settings *settings, const struct list *list) {
    char **units = list_units(settings, list);
    size_t *count = list_count(settings, list);
    *units = mem_grow(*units, *count + 1, list->unit_bytes);
    char *unit = *units + (*count)++ * list->unit_bytes;
    memset(unit, 0, list->unit_bytes);
    rows_default(unit, list->rows, list->row_count);
    return unit;
}

void settings_drop(struct settings **settings) {
    if (!*settings)
        return;
    for (size_t i = 0; i < LIST_COUNT; i++) {
        char **units = list_units(*settings, &lists[i]);
        for (size_t k = 0; k < *list_count(*settings, &lists[i]); k++)
            rows_drop(*units + k * lists[i].unit_bytes, lists[i].rows, lists[i].row_count);
        free(*units);
    }
    rows_drop(*settings, rows, ROW_COUNT);
    mem_free(settings);
}

const struct scan_profile *settings_profile(const struct settings *settings, const char *name) {
    for (size_t i = 0; i < settings->profiles_count; i++)
        if (strcmp(settings->profiles[i].name, name) == 0)
            return &settings->profiles[i];
    return NULL;
}

int settings_priority(const char *word) {
    return strcmp(word, "urgent") == 0 ? 20 : strcmp(word, "backlog") == 0 ? 0 : 10;
}

int settings_minute(const char *text) {
    int hour = 0, minute = 0, len = 0;
    if (strlen(text) != 5 || strspn(text, "0123456789:") != 5 || sscanf(text, "%2d:%2d%n", &hour, &minute, &len) != 2 || len != 5)
        return -1;
    return hour < 24 && minute < 60 ? hour * 60 + minute : -1;
}

static char *row_trouble(const char *path, const config_setting_t *at, const char *name, const char *what) {
    return mem_print("%s:%d: %s: %s", path, (int)config_setting_source_line(at), name, what);
}

static bool word_is_one_of(const char *text, const char *words) {
    size_t len = strlen(text);
    for (const char *at = words; at && *at; at += strspn(at, " ")) {
        size_t n = strcspn(at, " ");
        if (n == len && strncmp(at, text, n) == 0)
            return true;
        at += n;
    }
    return !words;
}

static char *row_read(void *base, const struct row *row, const config_setting_t *at, const char *path) {
    int type = config_setting_type(at);
    if (row->kind == KIND_TEXT) {
        if (type != CONFIG_TYPE_STRING)
            return row_trouble(path, at, row->name, "wants a text in quotes");
        if (!word_is_one_of(config_setting_get_string(at), row->words)) {
            char *words = mem_print("wants one of these words: %s", row->words);
            char *why = row_trouble(path, at, row->name, words);
            free(words);
            return why;
        }
        row_set_text(base, row, config_setting_get_string(at));
        return NULL;
    }
    double number = type == CONFIG_TYPE_INT     ? config_setting_get_int(at)
                    : type == CONFIG_TYPE_INT64 ? (double)config_setting_get_int64(at)
                    : type == CONFIG_TYPE_FLOAT ? config_setting_get_float(at)
                                                : NAN;
    if (isnan(number) || (row->kind == KIND_WHOLE && number != floor(number)))
        return row_trouble(path, at, row->name, row->kind == KIND_WHOLE ? "wants a whole number" : "wants a number");
    if (number < row->min || number > row->max) {
        char *range = mem_print("wants a number from %g to %g", row->min, row->max);
        char *why = row_trouble(path, at, row->name, range);
        free(range);
        return why;
    }
    row_set_number(base, row, number);
    return NULL;
}

static const struct list *list_named(const char *name) {
    for (size_t i = 0; i < LIST_COUNT; i++)
        if (strcmp(lists[i].name, name) == 0)
            return &lists[i];
    return NULL;
}

static char *unit_read(void *unit, const struct list *list, const config_setting_t *group, const char *path) {
    if (!config_setting_is_group(group))
        return row_trouble(path, group, list->name, "wants groups: ( { name = \"...\"; }, ... )");
    for (int i = 0; i < config_setting_length(group); i++) {
        const config_setting_t *at = config_setting_get_elem(group, (unsigned)i);
        size_t k = 0;
        while (k < list->row_count && strcmp(list->rows[k].name, config_setting_name(at)))
            k++;
        char *why = k < list->row_count ? row_read(unit, &list->rows[k], at, path)
                                        : row_trouble(path, at, config_setting_name(at), "there is no such setting here; see casefile.conf(5)");
        if (why)
            return why;
    }
    /* The first row of every list is its name: it is shown, and must tell one from another. */
    const char *name = *(char **)row_field(unit, &list->rows[0]);
    return *name ? NULL : row_trouble(path, group, list->name, "an entry has no name");
}

static char *list_read(struct settings *settings, const struct list *list, const config_setting_t *at, const char *path) {
    if (!config_setting_is_list(at) || config_setting_length(at) > LIST_MOST)
        return row_trouble(path, at, list->name, "wants a list of groups: ( { name = \"...\"; }, ... )");
    for (int i = 0; i < config_setting_length(at); i++) {
        char *why = unit_read(list_add(settings, list), list, config_setting_get_elem(at, (unsigned)i), path);
        for (int k = 0; k < i && !why; k++) {
            char *units = *list_units(settings, list);
            if (strcmp(*(char **)(void *)(units + (size_t)k * list->unit_bytes), *(char **)(void *)(units + (size_t)i * list->unit_bytes)) == 0)
                why = row_trouble(path, at, list->name, "two entries have the same name");
        }
        if (why)
            return why;
    }
    return NULL;
}

/* Every name in the file must be a row: a slip of the pen must not be taken for a default. */
static char *group_check(const config_setting_t *group, const char *prefix, const char *path) {
    for (int i = 0; i < config_setting_length(group); i++) {
        const config_setting_t *at = config_setting_get_elem(group, (unsigned)i);
        char *name = mem_print("%s%s%s", prefix, *prefix ? "." : "", config_setting_name(at));
        char *why = NULL;
        bool known = false;
        if (config_setting_is_group(at)) {
            why = group_check(at, name, path);
            known = true;
        }
        known |= !*prefix && list_named(name) != NULL;
        for (size_t k = 0; k < ROW_COUNT && !known; k++)
            known = strcmp(rows[k].name, name) == 0;
        if (!known)
            why = row_trouble(path, at, name, "there is no such setting; see casefile.conf(5)");
        free(name);
        if (why)
            return why;
    }
    return NULL;
}

static char *night_check(const config_t *config, const struct settings *settings, const char *path) {
    static const char *const names[] = {"night.from", "night.until"};
    const char *const texts[] = {settings->night_from, settings->night_until};
    for (int i = 0; i < 2; i++)
        if (texts[i][0] && settings_minute(texts[i]) < 0)
            return row_trouble(path, config_lookup(config, names[i]), names[i], "wants a time of day such as 19:00");
    for (int i = 0; i < 2; i++)
        if (texts[i][0] && !texts[1 - i][0])
            return row_trouble(path, config_lookup(config, names[i]), names[i], "night.from and night.until go together");
    return NULL;
}

static char *settings_read(const config_t *config, struct settings *settings, const char *path) {
    char *why = group_check(config_root_setting(config), "", path);
    for (size_t i = 0; i < ROW_COUNT && !why; i++) {
        const config_setting_t *at = config_lookup(config, rows[i].name);
        if (at)
            why = row_read(settings, &rows[i], at, path);
    }
    for (size_t i = 0; i < LIST_COUNT && !why; i++) {
        const config_setting_t *at = config_lookup(config, lists[i].name);
        if (at)
            why = list_read(settings, &lists[i], at, path);
    }
    if (!why)
        why = night_check(config, settings, path);
    for (size_t i = 0; i < settings->profiles_count && !why; i++) {
        if (!settings->profiles[i].folder[0])
            why = row_trouble(path, config_lookup(config, "profiles"), settings->profiles[i].name, "a scan profile needs a folder");
        for (size_t k = 0; k < i && !why; k++)
            if (strcmp(settings->profiles[i].folder, settings->profiles[k].folder) == 0)
                why = row_trouble(path, config_lookup(config, "profiles"), settings->profiles[i].name, "two scan profiles have the same folder");
    }
    for (size_t i = 0; i < settings->mailboxes_count && !why; i++) {
        const struct mailbox *m = &settings->mailboxes[i];
        bool imap = strcmp(m->kind, "imap") == 0;
        if (imap ? !m->url[0] || !m->user[0] || !m->password_file[0] : !m->path[0])
            why = row_trouble(path, config_lookup(config, "mailboxes"), m->name, imap ? "an imap mailbox needs url, user and password_file" : "a maildir needs a path");
    }
    /* Both are channels, and a channel is known by its name. */
    for (size_t i = 0; i < settings->mailboxes_count && !why; i++)
        if (settings_profile(settings, settings->mailboxes[i].name))
            why = row_trouble(path, config_lookup(config, "mailboxes"), "mailboxes", "a mailbox has the name of a scan profile");
    return why;
}

int settings_load(const char *path, struct settings **ret, char **ret_why) {
    struct settings *settings = settings_default();
    char *why = NULL;
    if (path) {
        config_t config;
        config_init(&config);
        if (config_read_file(&config, path) != CONFIG_TRUE)
            why = mem_print("%s:%d: %s", path, config_error_line(&config), config_error_text(&config));
        else
            why = settings_read(&config, settings, path);
        config_destroy(&config);
    }
    if (why) {
        settings_drop(&settings);
        *ret_why = why;
        return ERR_SETTING;
    }
    *ret = settings;
    return 0;
}

/* All bits of it: 0.999 as a float is another threshold. */
static void real_put(struct buf *out, double number) {
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    wire_put_u64(out, bits);
}

static double real_take(struct wire_reader *in, const struct row *row) {
    uint64_t bits = wire_u64(in);
    double number;
    memcpy(&number, &bits, sizeof number);
    if (!(number >= row->min && number <= row->max)) /* also not-a-number */
        in->err = ERR_PROTOCOL;
    return in->err ? row->number : number;
}

static void rows_encode(const void *base, const struct row *list, size_t count, struct buf *out) {
    for (size_t i = 0; i < count; i++) {
        if (list[i].kind == KIND_TEXT)
            wire_put_text(out, *(char **)row_field(base, &list[i]));
        else
            real_put(out, row_number(base, &list[i]));
    }
}

static void rows_decode(struct wire_reader *in, void *base, const struct row *list, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (list[i].kind == KIND_TEXT) {
            char *text = wire_text(in, 4096);
            row_set_text(base, &list[i], text ? text : "");
            free(text);
        } else {
            row_set_number(base, &list[i], real_take(in, &list[i]));
        }
    }
}

void settings_encode(const struct settings *settings, struct buf *out) {
    rows_encode(settings, rows, ROW_COUNT, out);
    for (size_t i = 0; i < LIST_COUNT; i++) {
        size_t count = *list_count(settings, &lists[i]);
        wire_put_u32(out, (uint32_t)count);
        for (size_t k = 0; k < count; k++)
            rows_encode(*list_units(settings, &lists[i]) + k * lists[i].unit_bytes, lists[i].rows, lists[i].row_count, out);
    }
}

int settings_decode(struct view bytes, struct settings **ret) {
    struct settings *settings = settings_default();
    struct wire_reader in = wire_reader(bytes);
    rows_decode(&in, settings, rows, ROW_COUNT);
    for (size_t i = 0; i < LIST_COUNT; i++) {
        uint32_t count = wire_u32(&in);
        if (count > LIST_MOST)
            in.err = ERR_PROTOCOL;
        for (uint32_t k = 0; k < count && !in.err; k++)
            rows_decode(&in, list_add(settings, &lists[i]), lists[i].rows, lists[i].row_count);
    }
    int err = wire_end(&in);
    if (err)
        settings_drop(&settings);
    else
        *ret = settings;
    return err;
}

/* Takes "--name value" out of argv; NULL when it is not there. */
static const char *option_take(int *argc, char **argv, const char *name) {
    for (int i = 1; i + 1 < *argc; i++) {
        if (strcmp(argv[i], "--") == 0)
            return NULL;
        if (strcmp(argv[i], name) == 0) {
            const char *value = argv[i + 1];
            memmove(argv + i, argv + i + 2, (size_t)(*argc - i - 1) * sizeof *argv);
            *argc -= 2;
            return value;
        }
    }
    return NULL;
}

struct settings *settings_for_program(int *argc, char **argv) {
    struct settings *settings = NULL;
    char *why = NULL;
    const char *fd = option_take(argc, argv, "--settings-fd");
    const char *path = option_take(argc, argv, "--config");
    if (fd) {
        struct buf bytes = {0};
        int n = (int)strtol(fd, NULL, 10);
        int err = file_read_fd(n, 1 << 20, &bytes);
        close(n);
        if (!err)
            err = settings_decode(buf_view(&bytes), &settings);
        buf_drop(&bytes);
        if (!err)
            return settings;
        why = mem_text("the settings from the supervisor cannot be read");
    } else {
        if (!path)
            path = getenv("CASEFILE_CONFIG");
        if (!path && access("/etc/casefile/casefile.conf", R_OK) == 0)
            path = "/etc/casefile/casefile.conf";
        if (settings_load(path, &settings, &why) == 0)
            return settings;
    }
    fprintf(stderr, "%s: %s\n", argv[0], why);
    exit(78); /* EX_CONFIG */
}

static void row_write_value(const struct row *row, FILE *out) {
    if (row->kind == KIND_TEXT)
        fprintf(out, "\"%s\"", row->text);
    else if (row->kind == KIND_REAL)
        fprintf(out, "%#.6g", row->number);
    else
        fprintf(out, "%.0f", row->number);
}

void settings_write_sample(FILE *out) {
    fprintf(out, "# Settings of casefile. Each line that begins with '# ' and a name shows the default;\n"
                 "# take the '#' away to change it. See casefile.conf(5).\n");
    for (size_t i = 0; i < ROW_COUNT; i++) {
        const char *dot = strchr(rows[i].name, '.');
        fprintf(out, "\n# %s\n# %.*s: { %s = ", rows[i].help, (int)(dot - rows[i].name), rows[i].name, dot + 1);
        row_write_value(&rows[i], out);
        fprintf(out, "; };\n");
    }
    for (size_t i = 0; i < LIST_COUNT; i++) {
        fprintf(out, "\n# %s\n# %s = ( {\n", lists[i].help, lists[i].name);
        for (size_t k = 0; k < lists[i].row_count; k++) {
            fprintf(out, "#   %s = ", lists[i].rows[k].name);
            row_write_value(&lists[i].rows[k], out);
            fprintf(out, ";\n");
        }
        fprintf(out, "# } );\n");
    }
}

static void rows_write_manual(const struct row *list, size_t count, const char *prefix, FILE *out) {
    for (size_t i = 0; i < count; i++) {
        fprintf(out, ".TP\n.B %s%s\n\\&%s\nDefault: ", prefix, list[i].name, list[i].help);
        row_write_value(&list[i], out);
        if (list[i].kind != KIND_TEXT)
            fprintf(out, "; from %g to %g", list[i].min, list[i].max);
        if (list[i].words)
            fprintf(out, "; one of: %s", list[i].words);
        fprintf(out, ".\n");
    }
}

void settings_write_manual(FILE *out) {
    rows_write_manual(rows, ROW_COUNT, "", out);
    for (size_t i = 0; i < LIST_COUNT; i++) {
        char *prefix = mem_print("%s: ", lists[i].name);
        fprintf(out, ".SS %s\n\\&%s\nA list of groups: ( { name = \"...\"; ... }, { ... } ).\n", lists[i].name, lists[i].help);
        rows_write_manual(lists[i].rows, lists[i].row_count, prefix, out);
        free(prefix);
    }
}

enum log_level settings_log_level(const struct settings *settings) {
    static const char *const names[] = {"error", "warn", "info", "debug"};
    for (int i = 0; i < 4; i++)
        if (strcmp(settings->log_level, names[i]) == 0)
            return (enum log_level)i;
    return LOG_LEVEL_INFO;
}
