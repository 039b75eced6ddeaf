/* cmd_log.c: `casefile log`: the disclosure log: shown, exported, verified; a release taken back. */
#include "base/clock.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "daemon/command.h"
#include "disclose/disclosure_log.h"

#include <jansson.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PACK_BYTES_MOST ((size_t)2 << 30)

static const char usage[] =
    "usage: casefile log [show] [--to RECIPIENT]      what went out; to one recipient: all that it ever had\n"
    "       casefile log export [--format csv|json]   the same for other programs\n"
    "       casefile log verify [FILE...]             whether the log is whole; whether these packs and manifests are what went out\n"
    "       casefile log recall ENTRY --why TEXT      a release that was a mistake: an event of its own, with a report\n";

static int one_show(void *state, const struct disclosure *one) {
    int *count = state;
    char when[CLOCK_TEXT], recalled[CLOCK_TEXT];
    clock_text(one->released_at, when);
    char *recipient = text_printable(view_text(one->recipient)), *why = text_printable(view_text(one->recall_why));
    printf("%lld  %s  %s version %lld, %lld pages, to %s, %s\n    released by %s, approved by %s; %s; sha256 %s; audit leaf %lld\n", (long long)one->id, when, one->request,
           (long long)one->version, (long long)one->pages, recipient, one->how, one->released_by, one->approved_by, one->basis, one->hash, (long long)one->leaf);
    if (one->recalled_at) {
        clock_text(one->recalled_at, recalled);
        printf("    RECALLED %s by %s: %s\n", recalled, one->recalled_by, why);
    }
    free(recipient);
    free(why);
    ++*count;
    return 0;
}

static int log_show(struct command_context *context, int argc, char **argv) {
    const char *to = option_value(&argc, argv, "--to");
    int count = 0;
    if (options_left(argc, argv))
        return EXIT_USAGE;
    int err = audit_act(context, "read", "disclosure log", "");
    if (!err)
        err = disclosures_each(context->store, to, one_show, &count);
    if (err)
        return command_failed("disclosure log", err);
    if (!count)
        puts(to ? "nothing was disclosed to that recipient" : "nothing was disclosed yet");
    return EXIT_OK;
}

/* ---- export */

static void csv_cell(const char *text, bool last) {
    putchar('"');
    if (strchr("=+-@\t\r", *text) && *text) /* a spreadsheet must not take it for a formula */
        putchar('\'');
    for (; *text; text++) {
        if (*text == '"')
            putchar('"');
        putchar(*text);
    }
    fputs(last ? "\"\n" : "\",", stdout);
}

static int one_csv(void *state, const struct disclosure *one) {
    char when[CLOCK_TEXT], recalled[CLOCK_TEXT] = "", numbers[4][24];
    (void)state;
    clock_text(one->released_at, when);
    if (one->recalled_at)
        clock_text(one->recalled_at, recalled);
    snprintf(numbers[0], 24, "%lld", (long long)one->id);
    snprintf(numbers[1], 24, "%lld", (long long)one->version);
    snprintf(numbers[2], 24, "%lld", (long long)one->pages);
    snprintf(numbers[3], 24, "%lld", (long long)one->leaf);
    const char *cells[] = {numbers[0], when, one->request, numbers[1], numbers[2], one->recipient, one->how, one->released_by, one->approved_by, one->basis, one->hash, numbers[3],
                           one->head, recalled, one->recalled_by, one->recall_why};
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++)
        csv_cell(cells[i], i + 1 == sizeof cells / sizeof *cells);
    return 0;
}

static int one_json(void *state, const struct disclosure *one) {
    char when[CLOCK_TEXT], recalled[CLOCK_TEXT] = "";
    (void)state;
    clock_text(one->released_at, when);
    if (one->recalled_at)
        clock_text(one->recalled_at, recalled);
    json_t *json = json_pack("{s:I, s:s, s:s, s:I, s:I, s:s, s:s, s:s, s:s, s:s, s:s, s:I, s:s, s:s, s:s, s:s}", "entry", (json_int_t)one->id, "released_at", when, "request",
                             one->request, "version", (json_int_t)one->version, "pages", (json_int_t)one->pages, "recipient", one->recipient, "how", one->how, "released_by",
                             one->released_by, "approved_by", one->approved_by, "basis", one->basis, "sha256", one->hash, "audit_leaf", (json_int_t)one->leaf, "audit_head",
                             one->head, "recalled_at", recalled, "recalled_by", one->recalled_by, "recall_why", one->recall_why);
    if (!json)
        return ERR_INPUT;
    json_dumpf(json, stdout, JSON_COMPACT | JSON_PRESERVE_ORDER);
    putchar('\n');
    json_decref(json);
    return 0;
}

static int log_export(struct command_context *context, int argc, char **argv) {
    const char *format = option_value(&argc, argv, "--format");
    bool json = format && strcmp(format, "json") == 0;
    if (options_left(argc, argv) || (format && !json && strcmp(format, "csv"))) {
        fputs(usage, stderr);
        return EXIT_USAGE;
    }
    int err = audit_act(context, "exported", "disclosure log", "");
    if (!err && !json)
        puts("entry,released_at,request,version,pages,recipient,how,released_by,approved_by,basis,sha256,audit_leaf,audit_head,recalled_at,recalled_by,recall_why");
    if (!err)
        err = disclosures_each(context->store, NULL, json ? one_json : one_csv, NULL);
    return err ? command_failed("disclosure log", err) : EXIT_OK;
}

/* ---- verifying */

static int manifest_verify(struct command_context *context, const char *path) {
    struct buf manifest = {0}, signature = {0};
    char *beside = mem_print("%s.sig", path);
    int err = file_read(path, 1u << 20, &manifest);
    if (!err)
        err = file_read(beside, 4096, &signature);
    bool good = !err && manifest_is_signed(context->store, buf_view(&manifest), buf_text(&signature));
    if (err)
        command_failed("the manifest, or its signature beside it, cannot be read", err);
    else
        printf(good ? "%s: signed by this store\n" : "%s: NOT as this store has signed it\n", path);
    free(beside);
    buf_drop(&manifest);
    buf_drop(&signature);
    return err ? command_file_status(err) : good ? EXIT_OK : EXIT_FOUND;
}

static int file_verify(struct command_context *context, const char *path) {
    unsigned char hash[crypto_hash_sha256_BYTES];
    char hex[crypto_hash_sha256_BYTES * 2 + 1];
    struct buf bytes = {0};
    int64_t id = 0;
    int err = file_read(path, PACK_BYTES_MOST, &bytes);
    if (err) {
        command_failed(path, err);
        return command_file_status(err);
    }
    crypto_hash_sha256(hash, bytes.data, bytes.len);
    sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
    buf_wipe(&bytes);
    err = disclosure_of_hash(context->store, hex, &id);
    if (err == ERR_NOT_FOUND) {
        printf("%s: NOT what went out: no entry of the disclosure log has its hash\n", path);
        return EXIT_FOUND;
    }
    if (err)
        return command_failed(path, err);
    printf("%s: is what went out, entry %lld\n", path, (long long)id);
    return EXIT_OK;
}

static int log_verify(struct command_context *context, int argc, char **argv) {
    int64_t count = 0;
    char *why = NULL;
    int err = disclosures_verify(context->store, &count, &why);
    if (why) {
        printf("DISCLOSURE LOG DAMAGED: %s\n", why);
        free(why);
        return EXIT_FOUND;
    }
    if (err)
        return command_failed("the disclosure log cannot be checked", err);
    printf("disclosure log verified: %lld entries\n", (long long)count);
    int status = EXIT_OK;
    for (int i = 1; i < argc; i++) {
        size_t len = strlen(argv[i]);
        bool manifest = len > 5 && strcmp(argv[i] + len - 5, ".json") == 0;
        int one = manifest ? manifest_verify(context, argv[i]) : file_verify(context, argv[i]);
        status = one > status ? one : status;
    }
    return status;
}

/* ---- recall */

static int log_recall(struct command_context *context, int argc, char **argv) {
    const char *why = option_value(&argc, argv, "--why");
    struct rules *rules = NULL;
    struct recall_facts facts;
    int64_t leaf = 0, id = argc == 2 ? strtoll(argv[1], NULL, 10) : 0;
    if (id < 1 || !why) {
        fputs(usage, stderr);
        return EXIT_USAGE;
    }
    int status = command_rules(context, &rules);
    if (status)
        return status;
    int err = disclosure_recall(context->store, rules, id, context->who, why, &leaf);
    rules_drop(&rules);
    if (!err)
        err = recall_facts(context->store, id, &facts);
    if (err)
        return command_failed(err == ERR_STATE ? "it is recalled already" : err == ERR_NOT_FOUND ? "there is no such entry in the disclosure log" : "it was not recalled", err);
    printf("entry %lld is recalled, audit leaf %lld\n\n"
           "What went out: %lld pages of %lld documents, with %lld places covered; in %lld places data of other people was left readable by decision.\n"
           "What to do now: get the pack back or have its deletion confirmed; ask who has seen it; tell the data protection officer today: whether the people\n"
           "concerned and the Information Commissioner have to be told (UK GDPR Art 33: within 72 hours) is decided there. Enter what was done:\n"
           "  casefile request event REQUEST note --note \"...\"\n"
           "A corrected pack: casefile request event REQUEST reopened\n",
           (long long)id, (long long)leaf, (long long)facts.pages, (long long)facts.documents, (long long)facts.covered, (long long)facts.released);
    return EXIT_OK;
}

int command_log(struct command_context *context, int argc, char **argv) {
    if (argc < 2 || strncmp(argv[1], "--", 2) == 0)
        return log_show(context, argc, argv);
    if (strcmp(argv[1], "show") == 0)
        return log_show(context, argc - 1, argv + 1);
    if (strcmp(argv[1], "export") == 0)
        return log_export(context, argc - 1, argv + 1);
    if (strcmp(argv[1], "verify") == 0)
        return log_verify(context, argc - 1, argv + 1);
    if (strcmp(argv[1], "recall") == 0)
        return log_recall(context, argc - 1, argv + 1);
    fputs(usage, stderr);
    return EXIT_USAGE;
}
