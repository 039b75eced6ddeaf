/* casefile: the command for people and cron.
 *
 * Security: it has the keys and the database of the store that it is given, stores what it takes in and never parses it; no network. */
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "daemon/command.h"
#include "daemon/program.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef CASEFILE_SANITIZE
/* fontconfig keeps its tables for the life of the process: whoever prints a sheet ends with them. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void) {
    return "leak:libfontconfig\n";
}
#endif

static const struct command commands[] = {
    {"ingest", "[--profile P] [--child COUNCIL-ID] [--kind K] [--wait] FILE|FOLDER|-...", "take in files; prints a receipt for each", command_ingest, true},
    {"register", "import CHILDREN.csv [PEOPLE.csv] ... | show COUNCIL-ID | aliases ... | map lcs|sui", "bring the register of children and the people linked to them up to date; 'casefile register' tells more", command_register, true},
    {"status", "", "what is waiting, what is worked on, and whether every page is accounted for", command_status, true},
    {"summary", "", "how many receipts, documents, pages and flags, by outcome, role and reason", command_summary, true},
    {"wait", "[--timeout SECONDS]", "show progress until all work is done", command_wait, true},
    {"custody", "[--by receipt|batch|day|scanner] [--day DAY] | --report DAY", "where every page received is, and whether the sums hold", command_custody, true},
    {"quarantine", "[list | show R | retry R | as-picture R | unlock R | give R NAME | close R --why TEXT]", "what could not be opened, why, and what to do about it", command_quarantine, true},
    {"read", "FILE... [-o OUT.pdf|.txt|.hocr|.alto|FOLDER] [--pages P] [--jobs N] ...", "text, hOCR, ALTO or searchable PDF of files; needs no store; 'casefile read --help' tells more", command_read, false},
    {"flags", "FILE... [--people PEOPLE.csv --subject ID] [-o OUT.pdf|.jsonl] ...", "people and their data in texts, PDF files and pictures; needs no store; 'casefile flags --help' tells more", command_flags, false},
    {"document", "DOCUMENT -o FILE.pdf|.txt|.hocr|.alto", "write out a document of the store: searchable PDF, text, hOCR or ALTO", command_document, true},
    {"original", "R [--page N] -o FILE", "write out an original, or a page's picture, to look at it", command_original, true},
    {"check", "", "whether everything that the store says it has is there and opens", command_check, true},
    {"sheets", "separator | cover COUNCIL-ID | batch ... [-o FILE.pdf]", "print separator, cover and batch header sheets; 'casefile sheets' tells more", command_sheets, true},
    {"batch", "[list | show N | accept N | rescan N]", "batches of sheets; those that ask come first, with the reason and what to do", command_batch, true},
    {"page", "RECEIPT [show] | keep RECEIPT PAGE", "the pages of a receipt; take a blank page back into its document", command_page, true},
    {"rescan", "[list | done R PAGE | fine R PAGE]", "sheets to scan again while the paper is on the desk", command_rescan, true},
    {"duplicates", "[list | same N | different N]", "documents that may be the same paper or mail", command_duplicates, true},
    {"triage", "[list | show D | file D COUNCIL-ID... | not D COUNCIL-ID | nobody D | undo D | filed COUNCIL-ID | alarms | clear ... | check ...]",
     "documents that wait for a person's decision; those of a record; alarms and the week's sample", command_triage, true},
    {"linkage", "show | estimate [--sample N] [-o FILE]", "how much each piece of evidence counts, as it is and as what has been filed says", command_linkage, true},
    {"report", "filing [--weeks N]", "how much is filed by the machine, how much of that is wrong, how long documents wait", command_report, true},
    {"request", "open|list|show|decide|approve|build|prove|release ...", "subject access requests; 'casefile request' tells more", command_request, true},
    {"prove", "FILE.pdf... [--withheld STRINGS.txt] [--json]", "judge redacted PDFs of whoever made them; needs no store; 'casefile prove --help' tells more", command_prove, false},
    {"log", "[show [--to RECIPIENT] | export [--format csv|json] | verify [PACK.pdf...] | recall ENTRY --why TEXT]", "the disclosure log: what went to whom", command_log, true},
    {"export", "filings|flags|words|parts", "results for other programs (CSV, JSON lines)", command_export, true},
    {"audit", "verify [HEAD] | show [N]", "check or show the audit log", command_audit, true},
    {"worker-key", "NAME FILE", "make the key file for a worker on another machine", command_worker_key, true},
    {"settings", "sample|manual|messages", "print a sample settings file, the manual's section, the message table", command_settings, false},
};
#define COMMANDS (sizeof commands / sizeof commands[0])

static void print_usage(FILE *out) {
    fputs("usage: casefile [--config FILE] [--store FOLDER] [--who NAME] COMMAND ...\n\n", out);
    for (size_t i = 0; i < COMMANDS; i++)
        fprintf(out, "  %-11s %s\n              %s\n", commands[i].name, commands[i].arguments, commands[i].help);
    fputs("\nThe daemon is casefiled(8); the manual is casefile(1).\n", out);
}

static const struct command *command_named(const char *name) {
    for (size_t i = 0; i < COMMANDS; i++)
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}

static const char *account(void) {
    const struct passwd *user = getpwuid(getuid());
    return user ? user->pw_name : "unknown";
}

/* What another account writes into the store, its owner cannot read: root must not do the daemon's work by mistake. */
static bool store_is_ours(const char *folder) {
    char *database = mem_print("%s/casefile.db", folder);
    struct stat st;
    bool ours = stat(database, &st) || st.st_uid == geteuid();
    const struct passwd *owner = ours ? NULL : getpwuid(st.st_uid);
    if (!ours)
        fprintf(stderr, "casefile: this store belongs to the account %s: run 'sudo -u %s casefile ...'\n", owner ? owner->pw_name : "of another user",
                owner ? owner->pw_name : "USER");
    free(database);
    return ours;
}

static bool help_is_asked(int argc, char **argv) {
    for (int i = 2; i < argc && strcmp(argv[i], "--"); i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return true;
    return false;
}

static int command_start(const struct command *command, struct command_context *context, int argc, char **argv) {
    if (command->needs_store) {
        char *database = mem_print("%s/casefile.db", context->settings->store_folder);
        int there = access(database, F_OK) == 0;
        free(database);
        if (!there) {
            fprintf(stderr, "casefile: there is no store in %s: start casefiled on it, or name another with --config, --store or $CASEFILE_CONFIG\n",
                    context->settings->store_folder);
            return EXIT_NO_INPUT;
        }
        if (!store_is_ours(context->settings->store_folder))
            return EXIT_NOT_OURS;
        int err = store_open(context->settings->store_folder, &context->store);
        if (err)
            return command_failed("the store cannot be opened", err);
    }
    int status = command->run(context, argc, argv);
    store_close(&context->store);
    return status;
}

int main(int argc, char **argv) {
    struct settings *settings = settings_for_program(&argc, argv);
    const char *store = option_value(&argc, argv, "--store");
    const char *who = option_value(&argc, argv, "--who");
    struct command_context context = {.settings = settings, .who = who ? who : account()};
    int status = EXIT_USAGE;
    program_start("casefile", settings);
    log_open("casefile", LOG_LEVEL_ERROR);
    if (store) {
        free(settings->store_folder);
        settings->store_folder = mem_text(store);
    }
    const struct command *command = argc > 1 ? command_named(argv[1]) : NULL;
    if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0)) {
        print_usage(stdout);
        status = EXIT_OK;
    } else if (!command && argc > 1) {
        fprintf(stderr, "casefile: there is no command '%s', or a value is missing; 'casefile help' lists them\n", argv[1]);
    } else if (!command) {
        print_usage(stderr);
    } else if (command->run != command_read && help_is_asked(argc, argv)) { /* that one tells of its options itself */
        printf("usage: casefile %s %s\n\n%s\n", command->name, command->arguments, command->help);
        status = EXIT_OK;
    } else {
        status = command_start(command, &context, argc - 1, argv + 1);
    }
    settings_drop(&settings);
    return status;
}
