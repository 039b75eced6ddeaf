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
    size_t at; /* offset in struct settings */
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

static void *row_field(const struct settings *settings, const struct row *row) {
    return (char *)(uintptr_t)settings + row->at;
}

static void row_set_text(struct settings *settings, const struct row *row, const char *text) {
    char **field = row_field(settings, row);
    char *copy = mem_text(text);
    free(*field);
    *field = copy;
}

static void row_set_number(struct settings *settings, const struct row *row, double number) {
    if (row->kind == KIND_WHOLE)
        *(int *)row_field(settings, row) = (int)number;
    else
        *(double *)row_field(settings, row) = number;
}

static double row_number(const struct settings *settings, const struct row *row) {
    return row->kind == KIND_WHOLE ? *(int *)row_field(settings, row) : *(double *)row_field(settings, row);
}

static struct settings *settings_default(void) {
    struct settings *settings = mem_new(sizeof *settings);
    for (size_t i = 0; i < ROW_COUNT; i++) {
        if (rows[i].kind == KIND_TEXT)
            row_set_text(settings, &rows[i], rows[i].text);
        else
            row_set_number(settings, &rows[i], rows[i].number);
    }
    return settings;
}

void settings_drop(struct settings **settings) {
    if (!*settings)
        return;
    for (size_t i = 0; i < ROW_COUNT; i++)
        if (rows[i].kind == KIND_TEXT)
            free(*(char **)row_field(*settings, &rows[i]));
    mem_free(settings);
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

static char *row_read(struct settings *settings, const struct row *row, const config_setting_t *at, const char *path) {
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
        row_set_text(settings, row, config_setting_get_string(at));
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
    row_set_number(settings, row, number);
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

static char *settings_read(const config_t *config, struct settings *settings, const char *path) {
    char *why = group_check(config_root_setting(config), "", path);
    for (size_t i = 0; i < ROW_COUNT && !why; i++) {
        const config_setting_t *at = config_lookup(config, rows[i].name);
        if (at)
            why = row_read(settings, &rows[i], at, path);
    }
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

void settings_encode(const struct settings *settings, struct buf *out) {
    for (size_t i = 0; i < ROW_COUNT; i++) {
        if (rows[i].kind == KIND_TEXT)
            wire_put_text(out, *(char **)row_field(settings, &rows[i]));
        else
            real_put(out, row_number(settings, &rows[i]));
    }
}

int settings_decode(struct view bytes, struct settings **ret) {
    struct settings *settings = settings_default();
    struct wire_reader in = wire_reader(bytes);
    for (size_t i = 0; i < ROW_COUNT; i++) {
        if (rows[i].kind == KIND_TEXT) {
            char *text = wire_text(&in, 4096);
            row_set_text(settings, &rows[i], text);
            free(text);
        } else {
            row_set_number(settings, &rows[i], real_take(&in, &rows[i]));
        }
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
}

void settings_write_manual(FILE *out) {
    for (size_t i = 0; i < ROW_COUNT; i++) {
        fprintf(out, ".TP\n.B %s\n%s\nDefault: ", rows[i].name, rows[i].help);
        row_write_value(&rows[i], out);
        if (rows[i].kind != KIND_TEXT)
            fprintf(out, "; from %g to %g", rows[i].min, rows[i].max);
        if (rows[i].words)
            fprintf(out, "; one of: %s", rows[i].words);
        fprintf(out, ".\n");
    }
}

enum log_level settings_log_level(const struct settings *settings) {
    static const char *const names[] = {"error", "warn", "info", "debug"};
    for (int i = 0; i < 4; i++)
        if (strcmp(settings->log_level, names[i]) == 0)
            return (enum log_level)i;
    return LOG_LEVEL_INFO;
}
