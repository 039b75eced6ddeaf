/* The settings file: defaults, what is read, what is refused with its place, and the way to other programs. */
#include "config/settings.h"
#include "tests/unit/store_fixture.h"

static char path[64];

static int file_new(void **state) {
    (void)state;
    strcpy(path, "/tmp/casefile-test-XXXXXX");
    int fd = mkstemp(path);
    close(fd);
    return fd < 0;
}

static int file_drop(void **state) {
    (void)state;
    return unlink(path);
}

static int load(const char *text, struct settings **ret, char **ret_why) {
    FILE *file = fopen(path, "w");
    fputs(text, file);
    fclose(file);
    return settings_load(path, ret, ret_why);
}

static void defaults(void **state) {
    (void)state;
    struct settings *s = NULL;
    char *why = NULL;
    assert_int_equal(settings_load(NULL, &s, &why), 0);
    assert_null(why);
    assert_string_equal(s->store_folder, "./var");
    assert_int_equal(s->attempts, 3);
    assert_true(s->file_probability == 0.999);
    assert_int_equal(settings_log_level(s), LOG_LEVEL_INFO);
    settings_drop(&s);
    assert_null(s);
    settings_drop(&s);
    assert_int_equal(load("", &s, &why), 0);
    assert_int_equal(s->settle_seconds, 2);
    settings_drop(&s);
}

static void what_stands_in_the_file(void **state) {
    (void)state;
    struct settings *s = NULL;
    char *why = NULL;
    assert_int_equal(load("store: { folder = \"/srv/case file\"; };\nfiling: { file_probability = 0.9995; margin_bits = 12; };\n"
                          "broker: { attempts = 5; }; log: { level = \"debug\"; };", &s, &why), 0);
    assert_string_equal(s->store_folder, "/srv/case file");
    assert_true(s->file_probability == 0.9995);
    assert_true(s->filing_margin == 12);
    assert_int_equal(s->attempts, 5);
    assert_int_equal(s->lease_seconds, 15);
    assert_int_equal(settings_log_level(s), LOG_LEVEL_DEBUG);
    settings_drop(&s);
}

static void what_is_wrong_is_said_with_its_place(void **state) {
    (void)state;
    static const struct {
        const char *text, *why;
    } cases[] = {
        {"store: {\n  foldr = \"x\";\n};", ":2: store.foldr: there is no such setting"},
        {"folder = \"x\";", ":1: folder: there is no such setting"},
        {"store = 5;", ":1: store: there is no such setting"},
        {"store: { folder = 5; };", ":1: store.folder: wants a text"},
        {"store: { folder: { }; };", "store.folder: wants a text"},
        {"\n\nbroker: { attempts = 0; };", ":3: broker.attempts: wants a number from 1 to 20"},
        {"broker: { attempts = 21; };", "wants a number from 1 to 20"},
        {"broker: { attempts = 2.5; };", "wants a whole number"},
        {"broker: { attempts = \"3\"; };", "wants a whole number"},
        {"broker: { attempts = true; };", "wants a whole number"},
        {"broker: { attempts = 99999999999L; };", "wants a number from"},
        {"filing: { file_probability = 1.1; };", "wants a number from 0.5 to 1"},
        {"filing: { file_probability = 0.4; };", "wants a number from 0.5 to 1"},
        {"store: { folder = ", ": syntax error"},
        {"night: { from = \"19.00\"; until = \"07:00\"; };", ":1: night.from: wants a time of day"},
        {"night: { from = \"19:00\";\n until = \"24:00\"; };", ":2: night.until: wants a time of day"},
        {"night: { from = \"19:00\"; };", ":1: night.from: night.from and night.until go together"},
        {"night: { until = \"07:00\"; };", ":1: night.until: night.from and night.until go together"},
        {"night: { backlog_by_day = 257; };", "wants a number from 0 to 256"},
        {"workers: { nice = 20; };", "wants a number from 0 to 19"},
        {"workers: { io = \"quick\"; };", "wants one of these words: idle low usual"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct settings *s = NULL;
        char *why = NULL;
        assert_int_equal(load(cases[i].text, &s, &why), ERR_SETTING);
        assert_null(s);
        assert_non_null(why);
        if (!strstr(why, cases[i].why))
            print_message("%s\n", why);
        assert_non_null(strstr(why, cases[i].why));
        assert_memory_equal(why, path, strlen(path));
        free(why);
    }
    struct settings *s = NULL;
    char *why = NULL;
    assert_int_equal(settings_load("/nonexistent/casefile.conf", &s, &why), ERR_SETTING);
    free(why);
}

static void times_of_day(void **state) {
    (void)state;
    static const struct {
        const char *text;
        int minute;
    } in[] = {{"00:00", 0},   {"07:05", 425}, {"19:00", 1140}, {"23:59", 1439}, {"24:00", -1}, {"12:60", -1}, {"7:05", -1},   {"", -1},
              {"19:00 ", -1}, {"1900", -1},   {"-1:00", -1},   {"+7:00", -1},   {" 7:00", -1}, {"19:0a", -1}, {"190:0", -1}, {"19:00:00", -1}};
    for (size_t i = 0; i < sizeof in / sizeof in[0]; i++)
        if (settings_minute(in[i].text) != in[i].minute)
            fail_msg("'%s'", in[i].text);
    struct settings *s = NULL;
    char *why = NULL;
    assert_int_equal(load("night: { from = \"19:00\"; until = \"07:00\"; backlog_by_day = 1; }; workers: { nice = 0; io = \"idle\"; };", &s, &why), 0);
    assert_string_equal(s->night_until, "07:00");
    assert_true(s->backlog_by_day == 1 && s->worker_nice == 0);
    settings_drop(&s);
}

static void to_another_program_and_back(void **state) {
    (void)state;
    struct settings *s = NULL, *back = NULL;
    struct buf bytes = {0};
    char *why = NULL;
    assert_int_equal(load("store: { folder = \"/srv/x\"; }; workers: { count = 256; }; filing: { propose_probability = 0.1; };", &s, &why), 0);
    settings_encode(s, &bytes);
    assert_int_equal(settings_decode(buf_view(&bytes), &back), 0);
    assert_string_equal(back->store_folder, "/srv/x");
    assert_string_equal(back->council, s->council);
    assert_int_equal(back->workers, 256);
    assert_true(back->propose_probability == 0.1); /* to the last bit: the same threshold in every program */
    assert_true(back->file_probability == 0.999);
    settings_drop(&back);
    for (size_t len = 0; len < bytes.len; len += 7)
        assert_int_equal(settings_decode(view_of(bytes.data, len), &back), ERR_PROTOCOL);
    buf_add_byte(&bytes, 0);
    assert_int_equal(settings_decode(buf_view(&bytes), &back), ERR_PROTOCOL);
    assert_null(back);
    buf_reset(&bytes);
    s->workers = 257; /* out of range, from whoever */
    settings_encode(s, &bytes);
    assert_int_equal(settings_decode(buf_view(&bytes), &back), ERR_PROTOCOL);
    settings_drop(&s);
    buf_drop(&bytes);
}

static void a_program_takes_its_options_out(void **state) {
    (void)state;
    struct settings *s;
    char *why = NULL;
    assert_int_equal(load("broker: { attempts = 7; };", &s, &why), 0);
    char *argv[] = {(char[]){"casefile"}, (char[]){"status"}, (char[]){"--config"}, path, (char[]){"--all"}, NULL};
    int argc = 5;
    struct settings *mine = settings_for_program(&argc, argv);
    assert_int_equal(mine->attempts, 7);
    assert_int_equal(argc, 3);
    assert_string_equal(argv[2], "--all");
    assert_null(argv[3]);
    settings_drop(&mine);
    struct buf bytes = {0};
    char number_text[16];
    int ends[2];
    s->attempts = 9;
    settings_encode(s, &bytes);
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], bytes.data, bytes.len), (int)bytes.len);
    close(ends[1]);
    snprintf(number_text, sizeof number_text, "%d", ends[0]);
    char *argv2[] = {(char[]){"casefile-broker"}, (char[]){"--settings-fd"}, number_text, NULL};
    argc = 3;
    mine = settings_for_program(&argc, argv2);
    assert_int_equal(mine->attempts, 9);
    assert_int_equal(argc, 1);
    settings_drop(&mine);
    settings_drop(&s);
    buf_drop(&bytes);
}

/* What the sample shows is a file that can be read, and says what holds without it. */
static void the_sample_is_the_defaults(void **state) {
    (void)state;
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    settings_write_sample(out);
    fclose(out);
    struct settings *s = NULL, *plain = NULL;
    char *why = NULL, *line, *rest = text;
    int settings = 0;
    assert_int_equal(settings_load(NULL, &plain, &why), 0);
    while ((line = strsep(&rest, "\n"))) {
        if (!strstr(line, ": { "))
            continue;
        assert_memory_equal(line, "# ", 2);
        assert_int_equal(load(line + 2, &s, &why), 0);
        struct buf a = {0}, b = {0};
        settings_encode(s, &a);
        settings_encode(plain, &b);
        assert_true(view_equal(buf_view(&a), buf_view(&b)));
        buf_drop(&a);
        buf_drop(&b);
        settings_drop(&s);
        settings++;
    }
    assert_true(settings >= 20);
    settings_drop(&plain);
    free(text);
    out = open_memstream(&text, &len);
    settings_write_manual(out);
    fclose(out);
    assert_non_null(strstr(text, ".B broker.attempts\n"));
    assert_non_null(strstr(text, "Default: 3; from 1 to 20.\n"));
    free(text);
}

#define T(f) cmocka_unit_test_setup_teardown(f, file_new, file_drop)
int main(void) {
    const struct CMUnitTest tests[] = {T(defaults), T(what_stands_in_the_file), T(what_is_wrong_is_said_with_its_place), T(times_of_day), T(to_another_program_and_back),
                                       T(a_program_takes_its_options_out), T(the_sample_is_the_defaults)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
