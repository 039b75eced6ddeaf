/* cmd_read.c: `casefile read`: scans and other files with pages as text, hOCR, ALTO or searchable PDF, without the daemon and its store.
 * The files are opened by the confined helpers alone; here they are bytes. */
#include "base/clock.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "daemon/command.h"
#include "daemon/output_file.h"
#include "daemon/program.h"
#include "daemon/read_report.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TURN_MS 200
#define JOBS_MOST 256
#define PAGE_NUMBER_MOST 1000000

static const char usage[] =
    "usage: casefile read [OPTION ...] FILE ...\n"
    "\n"
    "Reads scans, faxes, photographs of pages, PDF and office files, and writes what stands on them. Works without the daemon, and\n"
    "takes nothing into the store. FILE '-' is standard input.\n"
    "\n"
    "  -o OUT               where it is written: a file whose ending says how (.pdf: the pages with invisible words to search and copy;\n"
    "                       .txt: plain text; .hocr; .alto or .xml), a folder for several files, or '-' (the default): standard output\n"
    "  --format F           pdf, txt, hocr or alto, where the ending does not say it (a folder: pdf; standard output: txt)\n"
    "  --pages 1,3-5,9-     only these pages of each file\n"
    "  --jobs N             pages that are read at the same time (the machine's processors)\n"
    "  --languages L        languages of the recognition, as Tesseract names them: eng, eng+cym (the settings' reading.languages)\n"
    "  --password-file F    the first line of F opens locked PDF and office files\n"
    "  --as-picture         recognise every page anew; believe no text that is in the file already\n"
    "  --force              replace an output file that is there already\n"
    "  --quiet              say nothing but errors\n"
    "\n"
    "An output file is there whole or not at all. Pages that are poor, and those that could not be read, are listed at the end.\n"
    "\n"
    "Exit status: 0 every page was read; 1 written, but some pages could not be read; 64 wrong use; 65 a file could not be opened\n"
    "(damaged, locked, of a kind without pages); 66 a file is not there; 70 the helpers do not start; 73 an output file is there already\n"
    "or cannot be written; 130 stopped by Ctrl-C. Of several files the first that failed decides.\n";

struct read_command {
    struct command_context *context;
    struct read_wish wish;
    enum read_format format;
    const char *out;       /* "-", a file or a folder */
    bool out_is_folder, replace, quiet;
    bool begun; /* something stands on standard output already */
    const char *languages;
    struct buf password;
    struct read_pool *pool;
    struct reading *active, *active_last; /* in the order of the files */
    size_t active_count, files, files_done;
    char **paths; /* of the files */
    struct progress progress;
    struct read_report sum;
    int status; /* of the first that failed */
};

/* A file that is being read, and where it goes. */
struct reading {
    struct reading *next;
    struct read_command *command;
    char *shown; /* its name for messages */
    char *path;  /* of the output */
    struct read_file *file;
    struct output_file *target;
    struct read_output *output;
    struct read_report report;
    int write_err;
};

static void status_set(struct read_command *c, int status) {
    if (c->status == EXIT_OK || (c->status == EXIT_FOUND && status != EXIT_OK))
        c->status = status;
}

/* ---- options */

static int wrong(const char *what, const char *value) {
    fprintf(stderr, "casefile read: %s: '%s'; 'casefile read --help' tells more\n", what, value);
    return EXIT_USAGE;
}

/* "3", "3-5", "9-": at *at, which moves behind it. */
static bool range_read(const char **at, struct read_range *ret) {
    char *end;
    unsigned long from = strtoul(*at, &end, 10), to = from;
    if (end == *at || **at < '0' || **at > '9')
        return false;
    if (*end == '-') {
        const char *second = end + 1;
        to = *second >= '0' && *second <= '9' ? strtoul(second, &end, 10) : PAGE_NUMBER_MOST;
        end = end == second - 1 ? (char *)(uintptr_t)second : end;
    }
    *at = end;
    *ret = (struct read_range){(uint32_t)from, (uint32_t)to};
    return from >= 1 && from <= to && to <= PAGE_NUMBER_MOST;
}

static int pages_read(struct read_wish *wish, const char *text) {
    for (const char *at = text;; at++) {
        struct read_range range;
        if (wish->range_count == READ_RANGES_MOST || !range_read(&at, &range) || (*at && *at != ','))
            return wrong("these are no pages such as 1,3-5", text);
        if (wish->range_count && range.from <= wish->ranges[wish->range_count - 1].to)
            return wrong("pages are named in rising order, each once", text);
        wish->ranges[wish->range_count++] = range;
        if (!*at)
            return 0;
    }
}

static int jobs_read(struct read_wish *wish, const char *text) {
    long cpus = sysconf(_SC_NPROCESSORS_ONLN);
    char *end = NULL;
    long jobs = text ? strtol(text, &end, 10) : cpus;
    if (text && (*end || jobs < 1 || jobs > JOBS_MOST))
        return wrong("--jobs is a number from 1 to 256", text);
    wish->jobs = jobs < 1 ? 1 : jobs > JOBS_MOST ? JOBS_MOST : (int)jobs;
    return 0;
}

static int format_read(struct read_command *c, const char *name) {
    const char *slash = strrchr(c->out, '/'), *dot = strrchr(slash ? slash : c->out, '.');
    c->format = name ? read_format_named(name) : dot && !c->out_is_folder ? read_format_named(dot + 1) : READ_NONE;
    if (name && c->format == READ_NONE)
        return wrong("there is no such format (pdf, txt, hocr, alto)", name);
    if (c->format == READ_NONE && c->out_is_folder)
        c->format = READ_PDF;
    if (c->format == READ_NONE && strcmp(c->out, "-") == 0)
        c->format = READ_TEXT;
    if (c->format == READ_NONE)
        return wrong("the ending does not say what to write (.pdf, .txt, .hocr, .alto, .xml): say it with --format", c->out);
    c->wish.images = c->format == READ_PDF;
    return 0;
}

static int out_read(struct read_command *c, const char *out) {
    struct stat st;
    size_t len = out ? strlen(out) : 0;
    c->out = out ? out : "-";
    c->out_is_folder = len && ((stat(out, &st) == 0 && S_ISDIR(st.st_mode)) || out[len - 1] == '/');
    if (c->out_is_folder && stat(out, &st) && mkdir(out, 0700)) {
        fprintf(stderr, "casefile read: the folder cannot be made: %s\n", strerror(errno));
        return EXIT_NO_OUTPUT;
    }
    return 0;
}

static int files_check(const struct read_command *c, int argc) {
    bool standard = strcmp(c->out, "-") == 0;
    if (argc < 2) {
        fputs("casefile read: which file? 'casefile read --help' tells more\n", stderr);
        return EXIT_USAGE;
    }
    if (argc > 2 && !c->out_is_folder && !(standard && c->format == READ_TEXT)) {
        fputs("casefile read: several files go into a folder (-o FOLDER/), or as text to standard output\n", stderr);
        return EXIT_USAGE;
    }
    if (standard && c->format == READ_PDF && isatty(STDOUT_FILENO)) {
        fputs("casefile read: a PDF is not for a terminal: name a file with -o\n", stderr);
        return EXIT_USAGE;
    }
    return 0;
}

static int options_read(struct read_command *c, int *argc, char **argv) {
    const char *out = option_value(argc, argv, "-o"), *format = option_value(argc, argv, "--format");
    const char *pages = option_value(argc, argv, "--pages"), *jobs = option_value(argc, argv, "--jobs");
    const char *languages = option_value(argc, argv, "--languages"), *password = option_value(argc, argv, "--password-file");
    c->wish.as_picture = option_switch(argc, argv, "--as-picture");
    c->replace = option_switch(argc, argv, "--force");
    c->quiet = option_switch(argc, argv, "--quiet");
    c->languages = languages ? languages : c->context->settings->languages;
    c->wish.settings = c->context->settings;
    int status = options_left(*argc, argv);
    if (!status)
        status = jobs_read(&c->wish, jobs);
    if (!status && pages)
        status = pages_read(&c->wish, pages);
    if (!status)
        status = command_password("read", password, &c->password, &c->wish.password);
    if (!status)
        status = out_read(c, out);
    if (!status)
        status = format_read(c, format);
    return status ? status : files_check(c, *argc);
}

/* ---- one file */

static void say(struct read_command *c, const char *name, const char *text) {
    progress_end(&c->progress);
    fprintf(stderr, "casefile: %s: %s\n", name, text);
}

/* What is wrong, and what to do next. */
static void tell_failed(struct reading *r, int err) {
    const char *kind = read_file_kind(r->file);
    bool known = err == ERR_UNKNOWN_KIND && *kind;
    char *text = NULL;
    if (known && (strcmp(kind, "sound") == 0 || strcmp(kind, "film") == 0))
        text = mem_print("it is a %s recording and has no pages", kind);
    else if (known && strcmp(kind, "archive") == 0)
        text = mem_text("it is an archive: unpack it and read the files that lie in it, or take it in with 'casefile ingest'");
    else if (known && strcmp(kind, "other"))
        text = mem_text("it is mail: 'casefile ingest' takes it in with all that is attached to it");
    else if (err == ERR_LOCKED)
        text = mem_print("%s", *r->command->wish.password ? "it is locked, and the password does not open it"
                                                          : "it is locked: give its password with --password-file");
    else if (err == ERR_DAMAGED)
        text = mem_text("it is damaged; ask for it again, or scan the paper once more");
    else if (err == ERR_ACTIVE)
        text = mem_print("%s; print it to PDF and read that", err_text(err));
    else if (err == ERR_NO_PAGES && r->command->wish.range_count)
        text = mem_text("it has none of the pages that --pages names");
    else if (err == ERR_TOO_LARGE)
        text = mem_print("%s (setting intake.file_megabytes, or its pictures are huge)", err_text(err));
    say(r->command, r->shown, text ? text : err_text(err));
    free(text);
}

static int target_write(void *state, struct view bytes) {
    return output_file_write(state, bytes);
}

/* The output begins with the first page: of a file that cannot be opened there is none. */
static int reading_begin(struct reading *r) {
    struct read_command *c = r->command;
    int err = output_file_make(r->path, c->replace, &r->target);
    if (!err && c->begun)
        err = output_file_write(r->target, view_text("\f"));
    c->begun = strcmp(r->path, "-") == 0;
    if (!err)
        err = read_output_begin(r->command->format, (struct read_target){target_write, r->target}, &r->output);
    return err;
}

static int reading_page(void *state, const struct read_page *page, const struct read_told *told) {
    struct reading *r = state;
    int err = r->output ? 0 : reading_begin(r);
    if (!err)
        err = read_output_page(r->output, page);
    r->write_err = err;
    read_report_add(&r->report, page, told);
    return err;
}

static bool same_file(const char *a, const char *b) {
    struct stat x, y;
    return strcmp(a, "-") && stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

static const char *name_of(const char *path) {
    const char *slash = strrchr(path, '/');
    return strcmp(path, "-") == 0 ? "standard-input" : slash ? slash + 1 : path;
}

static int stem_bytes(const char *name) {
    const char *dot = strrchr(name, '.');
    return dot && dot != name ? (int)(dot - name) : (int)strlen(name);
}

/* In a folder: scan.tif becomes scan.pdf, unless another file of this run does: then scan.tif.pdf. */
static char *output_path(const struct read_command *c, const char *path) {
    const char *name = name_of(path), *ending = read_format_ending(c->format);
    int bytes = stem_bytes(name);
    if (!c->out_is_folder)
        return mem_text(c->out);
    for (size_t i = 0; i < c->files; i++) {
        const char *other = name_of(c->paths[i]);
        if (c->paths[i] != path && stem_bytes(other) == bytes && strncmp(other, name, (size_t)bytes) == 0)
            bytes = (int)strlen(name);
    }
    return mem_print("%s/%.*s.%s", c->out, bytes, name, ending);
}

static bool output_may_be(struct reading *r, const char *path) {
    struct read_command *c = r->command;
    struct stat st;
    if (strcmp(r->path, "-") == 0 || lstat(r->path, &st))
        return true;
    char *shown = text_printable(view_text(r->path));
    bool own = same_file(path, r->path);
    if (own)
        say(c, shown, "is the file that is read; name another one to write");
    else if (!c->replace)
        say(c, shown, "is there already; name another file, or replace it with --force");
    free(shown);
    return !own && c->replace;
}

static void reading_free(struct reading *r) {
    read_file_drop(&r->file);
    read_output_drop(&r->output);
    output_file_drop(&r->target);
    read_report_drop(&r->report);
    free(r->shown);
    free(r->path);
    free(r);
}

static void reading_start(struct read_command *c, const char *path) {
    struct reading *r = mem_new(sizeof *r);
    r->command = c;
    r->shown = strcmp(path, "-") ? text_printable(view_text(path)) : mem_text("standard input");
    r->path = output_path(c, path);
    r->report.look_below = c->context->settings->reread_confidence;
    if (!output_may_be(r, path)) {
        status_set(c, EXIT_NO_OUTPUT);
        c->files_done++;
        reading_free(r);
        return;
    }
    struct read_file_order order = {c->pool, &c->wish, path, reading_page, r};
    r->file = read_file_new(&order);
    if (c->active_last)
        c->active_last->next = r;
    else
        c->active = r;
    c->active_last = r;
    c->active_count++;
}

static void reading_tell(struct reading *r, int err) {
    struct read_command *c = r->command;
    if (r->write_err) {
        char *text = mem_print("the output cannot be written: %s", err_text(r->write_err));
        say(c, r->shown, text);
        free(text);
        status_set(c, EXIT_NO_OUTPUT);
    } else if (err) {
        tell_failed(r, err);
        status_set(c, command_file_status(err));
        if (r->report.pages)
            say(c, r->shown, "the pages before that were written");
    }
    if (!r->write_err && read_file_parts(r->file) && !c->quiet)
        say(c, r->shown, "other files lie in it, which were not read; 'casefile ingest' takes them in too");
    if (r->report.failed)
        status_set(c, EXIT_FOUND);
}

static void reading_end(struct reading *r, int err) {
    struct read_command *c = r->command;
    if (r->output && !r->write_err) {
        r->write_err = read_output_end(&r->output);
        if (!r->write_err && r->target)
            r->write_err = output_file_finish(&r->target);
    }
    reading_tell(r, err);
    read_report_sum(&c->sum, &r->report);
    if (!c->quiet && r->report.line_count) {
        progress_end(&c->progress);
        read_report_print(&r->report, c->files > 1 ? r->shown : "");
    }
    c->files_done++;
    c->active_count--;
}

/* ---- all of them */

static void show_progress(struct read_command *c) {
    long long done = c->sum.pages, all = c->sum.pages;
    char note[64] = "pages";
    for (const struct reading *r = c->active; r; r = r->next) {
        uint32_t given = read_file_given(r->file), wanted = read_file_wanted(r->file);
        done += given;
        all += wanted > given ? wanted : given;
    }
    if (c->files > 1)
        snprintf(note, sizeof note, "pages; %zu of %zu files", c->files_done, c->files);
    if (!c->quiet && all)
        progress_show(&c->progress, done, all, note);
}

/* The first files first: only what goes into one stream has to wait for its turn. */
static void turn_files(struct read_command *c) {
    bool one_stream = strcmp(c->out, "-") == 0;
    struct reading *before = NULL;
    for (struct reading *r = c->active, *next; r; r = next) {
        int err;
        next = r->next;
        read_file_turn(r->file, one_stream && r != c->active);
        if (!read_file_is_done(r->file, &err)) {
            before = r;
            continue;
        }
        if (before)
            before->next = next;
        else
            c->active = next;
        if (!next)
            c->active_last = before;
        reading_end(r, err);
        reading_free(r);
    }
}

/* Another file is begun when nothing waits for a helper. */
static bool another_fits(const struct read_command *c) {
    return c->active_count == 0 || (c->active_count < 2 * (size_t)c->wish.jobs + 2 && !read_pool_waiting(c->pool, READ_LANE_OPEN) &&
                                    read_pool_waiting(c->pool, READ_LANE_PAGE) < (size_t)c->wish.jobs);
}

static void read_files(struct read_command *c) {
    size_t begun = 0;
    int err = 0;
    while (!err && !program_stop && (begun < c->files || c->active)) {
        while (begun < c->files && another_fits(c))
            reading_start(c, c->paths[begun++]);
        turn_files(c);
        show_progress(c);
        if (c->active)
            err = read_pool_turn(c->pool, TURN_MS);
    }
    progress_end(&c->progress);
    if (err) {
        fprintf(stderr, "casefile: the helpers that open and read files end as soon as they start (is the data of the languages '%s' there?);"
                        " nothing more was read\n", c->languages);
        status_set(c, EXIT_SOFTWARE);
    }
    if (program_stop) {
        fputs("casefile: stopped; what was not finished was not written\n", stderr);
        c->status = EXIT_STOPPED;
    }
}

static void command_drop(struct read_command *c) {
    while (c->active) {
        struct reading *r = c->active;
        c->active = r->next;
        reading_free(r);
    }
    read_pool_drop(&c->pool);
    buf_wipe(&c->password);
}

int command_read(struct command_context *context, int argc, char **argv) {
    struct read_command c = {.context = context, .progress = {.what = "reading"}};
    if (option_switch(&argc, argv, "--help") || option_switch(&argc, argv, "-h")) {
        fputs(usage, stdout);
        return EXIT_OK;
    }
    int status = options_read(&c, &argc, argv);
    if (!status) {
        struct read_pool_order order = {context->settings, c.languages, c.wish.jobs};
        int64_t begun_ms = clock_steady();
        c.pool = read_pool_new(&order);
        c.files = (size_t)argc - 1;
        c.paths = argv + 1;
        read_files(&c);
        if (!c.quiet && c.sum.pages)
            read_report_print_sum(&c.sum, clock_steady() - begun_ms);
        status = c.status;
    }
    command_drop(&c);
    return status;
}
