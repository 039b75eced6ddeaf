/* cmd_flags.c: `casefile flags`: who and what in a text, a PDF or a picture is somebody's personal data, without the daemon and its store.
 * The files are opened by the confined helpers alone, but for plain text, which is nothing but words. */
#include "base/clock.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "daemon/command.h"
#include "daemon/finding.h"
#include "daemon/flag_case.h"
#include "daemon/flag_marks.h"
#include "daemon/flag_text.h"
#include "daemon/output_file.h"
#include "daemon/program.h"
#include "daemon/read_report.h"
#include "redact/flag_regions.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TURN_MS 200

static const char usage[] =
    "usage: casefile flags [OPTION ...] FILE ...\n"
    "\n"
    "Looks for people's data in texts, PDF files, scans and photographs, and prints a JSON line for each place. Works without the daemon,\n"
    "and takes nothing into the store. FILE '-' is standard input.\n"
    "\n"
    "  --people FILE        the people linked to children, as the register gives them (CSV): makes it a case\n"
    "  --register FILE      the register of children (CSV); 'register.csv' beside --people where it is there\n"
    "  --subject ID         whose record it is: the child's council id\n"
    "  --all                also places, organisations, dates and codes; without --people that is how it works anyhow\n"
    "  --people-only        without --people: people and their data only\n"
    "  --requester WHO      who asks: " REQUESTER_KINDS " (subject): decides what is proposed, see roles.conf\n"
    "  -o OUT.pdf           the pages with what was found marked on them, in place of JSON lines; of one file that has pages\n"
    "  -o OUT.jsonl         the JSON lines into a file\n"
    "  --languages L        languages of the recognition, as Tesseract names them (the settings' reading.languages)\n"
    "  --password-file F    the first line of F opens locked PDF and office files\n"
    "  --force              replace an output file that is there already\n"
    "  --quiet              say nothing but errors\n"
    "\n"
    "A line holds: file, page, start and end (characters from the beginning of a text, or of the page's text), text, type, role, person (of\n"
    "the register), code (proposed reason), cover (proposed to be covered), look (a person must look), confidence (0 to 100), finder, why,\n"
    "boxes (points from the top left of the page). 'casefile read FILE' prints the text that start and end count in.\n"
    "\n"
    "Exit status: 0 done; 1 some pages could not be read, and may hold names; 64 wrong use; 65 a file could not be opened; 66 a file is not\n"
    "there; 70 the helpers do not start; 73 an output file is there already or cannot be written; 130 stopped.\n";

/* A file while its pages come, and what is found in it. */
struct flagged {
    struct flags_command *command;
    char *shown;
    struct document_words document;
    struct flag_page *pages;
    struct kept_page *kept; /* of a file that is marked */
    size_t page_room;
    struct flags flags; /* of what no words tell of: pictures, signatures, pages that could not be read */
    bool plain;
};

/* What a marked PDF needs of a page when the last one has been read. */
struct kept_page {
    struct page_image image;
    uint16_t turn, image_turn;
    float dpi;
    char *language;
};

struct flags_command {
    struct command_context *context;
    struct read_wish wish;
    struct finding finding;
    struct flag_case flag_case;
    struct finder *finder;
    const char *out, *languages, *requester;
    bool replace, quiet, marked;
    struct buf password;
    struct read_pool *pool;
    struct output_file *target;
    struct read_report report;
    struct progress progress;
    size_t flags, looks;
    int status;
};

static void status_set(struct flags_command *c, int status) {
    if (c->status == EXIT_OK || (c->status == EXIT_FOUND && status != EXIT_OK))
        c->status = status;
}

static void say(struct flags_command *c, const char *name, const char *text) {
    progress_end(&c->progress);
    fprintf(stderr, "casefile: %s: %s\n", name, text);
}

/* ---- one file */

static void flagged_drop(struct flagged *f) {
    for (size_t i = 0; i < f->document.page_count; i++) {
        flag_page_drop(&f->pages[i]);
        if (f->kept) {
            page_image_drop(&f->kept[i].image);
            free(f->kept[i].language);
        }
    }
    flags_drop(&f->flags);
    document_words_drop(&f->document);
    free(f->pages);
    free(f->kept);
    free(f->shown);
}

static void flagged_room(struct flagged *f) {
    struct document_words *d = &f->document;
    if (d->page_count < f->page_room)
        return;
    f->page_room = f->page_room ? f->page_room * 2 : 16;
    d->pages = mem_grow(d->pages, f->page_room, sizeof *d->pages);
    f->pages = mem_grow(f->pages, f->page_room, sizeof *f->pages);
    if (f->command->marked)
        f->kept = mem_grow(f->kept, f->page_room, sizeof *f->kept);
}

static void words_copy(const struct words *from, struct words *ret) {
    for (size_t i = 0; i < from->count; i++) {
        const struct word *w = &from->list[i];
        words_add(ret, w->box, w->line, w->block, w->confidence, w->text);
    }
}

static int page_came(void *state, const struct read_page *page, const struct read_told *told) {
    struct flagged *f = state;
    flagged_room(f);
    size_t at = f->document.page_count++;
    f->document.pages[at] = (struct document_page){.number = page->number};
    words_copy(page->words, &f->document.pages[at].words);
    flag_page_of_words(page->words, &f->pages[at]);
    f->pages[at].width_pt = page->width_pt;
    f->pages[at].height_pt = page->height_pt;
    if (f->kept) {
        f->kept[at] = (struct kept_page){.turn = page->turn, .image_turn = page->image_turn, .dpi = page->dpi,
                                         .language = mem_text(page->language)};
        if (page->image) {
            struct buf bytes = {0};
            page_image_encode(page->image, &bytes);
            int err = page_image_decode(buf_view(&bytes), &f->kept[at].image);
            buf_drop(&bytes);
            if (err)
                return err; /* never a page without its picture */
        }
    }
    const struct flag_sheet sheet = {page->number, page->width_pt, page->height_pt, page->turn};
    if (told->outcome == READ_NOTHING || (told->outcome == READ_POORLY && *told->trouble))
        flag_regions_whole(&f->flags, &sheet);
    else if (page->regions)
        flag_regions_add(&f->flags, &sheet, page->regions);
    read_report_add(&f->command->report, page, told);
    return 0;
}

static int target_write(void *state, struct view bytes) {
    return output_file_write(state, bytes);
}

static int marked_write(struct flagged *f, const struct flags *flags) {
    struct read_output *output = NULL;
    int err = read_output_begin(READ_PDF, (struct read_target){target_write, f->command->target}, &output);
    for (size_t i = 0; i < f->document.page_count && !err; i++) {
        const struct kept_page *kept = &f->kept[i];
        struct page_marks marks = {0};
        for (size_t k = 0; k < flags->count; k++)
            if (flags->list[k].page == f->document.pages[i].number)
                flag_marks_add(&marks, &flags->list[k]);
        static const struct regions none;
        struct read_page page = {.number = f->document.pages[i].number, .width_pt = f->pages[i].width_pt, .height_pt = f->pages[i].height_pt,
                                 .dpi = kept->dpi, .turn = kept->turn, .words = &f->document.pages[i].words, .regions = &none,
                                 .language = kept->language, .image = kept->image.bytes.len ? &kept->image : NULL,
                                 .image_turn = kept->image_turn, .marks = &marks};
        err = read_output_page(output, &page);
        page_marks_drop(&marks);
    }
    int end = output ? read_output_end(&output) : 0;
    return err ? err : end;
}

static void flagged_find(struct flagged *f) {
    struct flags_command *c = f->command;
    struct flags flags;
    finder_find(c->finder, &f->document, &flags);
    for (size_t i = 0; i < f->flags.count; i++)
        *flags_add(&flags) = f->flags.list[i];
    f->flags.count = 0; /* they are the others' now */
    struct buf out = {0};
    const struct flag_print print = {f->shown, f->pages, &f->document, f->plain};
    int err = c->marked ? marked_write(f, &flags) : flags_print(&print, &flags, &out);
    if (!err && out.len)
        err = output_file_write(c->target, buf_view(&out));
    for (size_t i = 0; i < flags.count; i++)
        c->looks += flags.list[i].look != 0;
    c->flags += flags.count;
    if (err) {
        say(c, f->shown, "what was found cannot be written");
        status_set(c, EXIT_NO_OUTPUT);
    }
    buf_drop(&out);
    flags_drop(&flags);
}

/* ---- plain text */

static bool is_named_text(const char *path) {
    const char *dot = strrchr(path, '.');
    return strcmp(path, "-") == 0 || (dot && (strcasecmp(dot, ".txt") == 0 || strcasecmp(dot, ".text") == 0 || strcasecmp(dot, ".md") == 0));
}

/* Whether it was plain text; *ret_err is set when it could not be read at all. */
static bool text_load(struct flagged *f, const char *path, int *ret_err) {
    struct buf bytes = {0};
    size_t most = (size_t)f->command->context->settings->file_megabytes << 20;
    *ret_err = strcmp(path, "-") ? file_read(path, most, &bytes) : file_read_fd(STDIN_FILENO, most, &bytes);
    bool is = !*ret_err && flag_text_is(buf_view(&bytes));
    if (is) {
        flag_text_read(buf_view(&bytes), &f->document, &f->pages);
        f->plain = true;
    } else if (!*ret_err && strcmp(path, "-") == 0) {
        *ret_err = ERR_INPUT; /* it has been used up */
    }
    buf_wipe(&bytes);
    return is;
}

/* ---- a file with pages */

static const char *failed_text(int err) {
    switch (err) {
    case ERR_LOCKED:
        return "it is locked: give its password with --password-file";
    case ERR_DAMAGED:
        return "it is damaged; ask for it again, or scan the paper once more";
    case ERR_UNKNOWN_KIND:
        return "it has no pages (mail, an archive, a recording): 'casefile ingest' takes it in with all that lies in it";
    case ERR_INPUT:
        return "standard input is no plain text: name the file instead";
    default:
        return err_text(err);
    }
}

static int pages_read(struct flagged *f, const char *path) {
    struct flags_command *c = f->command;
    struct read_file_order order = {c->pool, &c->wish, path, page_came, f};
    struct read_file *file = read_file_new(&order);
    int err = 0, pool_err = 0;
    while (!read_file_is_done(file, &err) && !program_stop && !pool_err) {
        read_file_turn(file, false);
        if (!c->quiet && read_file_wanted(file))
            progress_show(&c->progress, read_file_given(file), read_file_wanted(file), "pages");
        pool_err = read_pool_turn(c->pool, TURN_MS);
        read_file_turn(file, false);
    }
    progress_end(&c->progress);
    read_file_drop(&file);
    return pool_err ? ERR_SYSTEM : program_stop ? 0 : err;
}

static void file_flag(struct flags_command *c, const char *path) {
    struct flagged f = {.command = c};
    f.shown = strcmp(path, "-") ? text_printable(view_text(path)) : mem_text("standard input");
    int err = 0;
    bool plain = is_named_text(path) && text_load(&f, path, &err);
    if (plain && c->marked) {
        say(c, f.shown, "a plain text has no pages to mark: leave out -o, or give a PDF or a picture");
        status_set(c, EXIT_USAGE);
    } else {
        if (!plain && !err)
            err = pages_read(&f, path);
        if (err) {
            say(c, f.shown, failed_text(err));
            status_set(c, command_file_status(err));
        }
        if (f.document.page_count && !program_stop)
            flagged_find(&f);
    }
    flagged_drop(&f);
}

/* ---- the command */

static int wrong(const char *text) {
    fprintf(stderr, "casefile flags: %s; 'casefile flags --help' tells more\n", text);
    return EXIT_USAGE;
}

static int out_open(struct flags_command *c, int argc) {
    size_t len = c->out ? strlen(c->out) : 0;
    c->marked = len > 4 && strcasecmp(c->out + len - 4, ".pdf") == 0;
    c->wish.images = c->marked;
    if (argc < 2)
        return wrong("which file?");
    if (c->marked && argc > 2)
        return wrong("one file at a time is marked");
    if (c->out && strcmp(c->out, "-") && !c->replace && access(c->out, F_OK) == 0) {
        fprintf(stderr, "casefile flags: %s is there already; name another file, or replace it with --force\n", c->out);
        return EXIT_NO_OUTPUT;
    }
    int err = output_file_make(c->out ? c->out : "-", c->replace, &c->target);
    if (err)
        fprintf(stderr, "casefile flags: the output cannot be written: %s\n", err_text(err));
    return err ? EXIT_NO_OUTPUT : 0;
}

static int finder_make(struct flags_command *c, const struct flag_case_order *order, bool all, bool people_only) {
    int status = flag_case_load(order, &c->flag_case);
    if (status)
        return status;
    int err = finding_load(c->context->settings, &c->finding);
    if (err)
        return EXIT_SOFTWARE;
    c->finding.requester = c->requester;
    c->finding.everything = all || (!c->flag_case.subject_id && !people_only);
    c->finder = finding_finder(&c->finding, c->flag_case.people, c->flag_case.subject_id);
    return 0;
}

static int options_read(struct flags_command *c, int *argc, char **argv) {
    const struct flag_case_order order = {option_value(argc, argv, "--people"), option_value(argc, argv, "--register"),
                                          option_value(argc, argv, "--subject")};
    const char *languages = option_value(argc, argv, "--languages"), *password = option_value(argc, argv, "--password-file");
    bool all = option_switch(argc, argv, "--all"), people_only = option_switch(argc, argv, "--people-only");
    c->requester = option_value(argc, argv, "--requester");
    c->out = option_value(argc, argv, "-o");
    c->replace = option_switch(argc, argv, "--force");
    c->quiet = option_switch(argc, argv, "--quiet");
    c->languages = languages ? languages : c->context->settings->languages;
    c->wish.settings = c->context->settings;
    long cpus = sysconf(_SC_NPROCESSORS_ONLN);
    c->wish.jobs = cpus < 1 ? 1 : cpus > 64 ? 64 : (int)cpus;
    int status = options_left(*argc, argv);
    if (!status && c->requester && !rules_requester_is_known(c->requester))
        status = wrong("--requester is one of " REQUESTER_KINDS);
    if (!status)
        status = command_password("flags", password, &c->password, &c->wish.password);
    if (!status)
        status = out_open(c, *argc);
    return status ? status : finder_make(c, &order, all, people_only);
}

static void command_sum(const struct flags_command *c, int64_t began_ms) {
    fprintf(stderr, "%zu places, %zu of them for a person to look at", c->flags, c->looks);
    if (c->report.pages)
        fprintf(stderr, "; %u pages, %u of them could not be read", c->report.pages, c->report.failed);
    fprintf(stderr, "; %.1f s\n", (double)(clock_steady() - began_ms) / 1000);
}

static void command_drop(struct flags_command *c) {
    read_pool_drop(&c->pool);
    finder_drop(&c->finder);
    finding_drop(&c->finding);
    people_drop(&c->flag_case.people);
    output_file_drop(&c->target);
    read_report_drop(&c->report);
    buf_wipe(&c->password);
}

int command_flags(struct command_context *context, int argc, char **argv) {
    struct flags_command c = {.context = context, .progress = {.what = "reading"}};
    if (option_switch(&argc, argv, "--help") || option_switch(&argc, argv, "-h")) {
        fputs(usage, stdout);
        return EXIT_OK;
    }
    int64_t began_ms = clock_steady();
    int status = options_read(&c, &argc, argv);
    if (!status) {
        struct read_pool_order order = {context->settings, c.languages, c.wish.jobs};
        c.pool = read_pool_new(&order);
        for (int i = 1; i < argc && !program_stop; i++)
            file_flag(&c, argv[i]);
        /* A marked PDF that could not be made is not there; of JSON lines what was found is. */
        int err = program_stop || (c.marked && c.status != EXIT_OK && c.status != EXIT_FOUND) ? 0 : output_file_finish(&c.target);
        if (err) {
            fprintf(stderr, "casefile flags: the output cannot be written: %s\n", err_text(err));
            status_set(&c, EXIT_NO_OUTPUT);
        }
        if (c.report.failed)
            status_set(&c, EXIT_FOUND);
        if (!c.quiet && isatty(STDERR_FILENO))
            command_sum(&c, began_ms);
        status = program_stop ? EXIT_STOPPED : c.status;
    }
    command_drop(&c);
    return status;
}
