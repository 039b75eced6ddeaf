/* cmd_request_pack.c: building, proving and releasing a pack. */
#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "daemon/cmd_request.h"
#include "daemon/cmd_document.h"
#include "daemon/flag_marks.h"
#include "daemon/lock_file.h"
#include "daemon/program.h"
#include "disclose/approve.h"
#include "store/flag_rows.h"
#include "store/pack_rows.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Waits until the daemon has brought the pack out of the states that end with "ing". */
static int pack_wait(struct call *call, struct pack_state *ret) {
    struct progress progress = {.what = "pack"};
    while (!program_stop) {
        int err = pack_state_last(call->context->store, &call->request, ret);
        if (err)
            return err;
        int proving = strcmp(ret->state, "proving") == 0;
        int busy = proving || strcmp(ret->state, "covering") == 0 || strcmp(ret->state, "binding") == 0;
        progress.what = ret->state;
        progress_show(&progress, proving ? ret->proofs_done : ret->covered, proving ? ret->proofs : ret->pages, proving ? "checks" : "pages");
        if (!busy)
            break;
        if (!daemon_runs(call->context)) {
            progress_end(&progress);
            fprintf(stderr, "casefile: casefiled is not running on this store: start it, and the pack goes on\n");
            return ERR_STATE;
        }
        pack_state_drop(ret);
        poll(NULL, 0, 100);
    }
    progress_end(&progress);
    return 0;
}

int call_build(struct call *call, int argc, char **argv) {
    int64_t pack;
    struct pack_state state = {0};
    (void)argc;
    (void)argv;
    int err = pack_ask(call->context->store, call->rules, &call->request, call->context->who, &pack);
    if (err == ERR_STATE) {
        char *why = NULL;
        request_obstacle(call->context->store, call->rules, &call->request, NULL, &why);
        fprintf(stderr, "casefile: %s cannot be built: %s\n", call->request.name, why ? why : "it is not approved, or has no pages");
        free(why);
        return EXIT_STATE;
    }
    if (!err)
        err = pack_wait(call, &state);
    if (err)
        return command_failed("the pack was not built", err);
    int built = strcmp(state.state, "bound") == 0;
    call_print_left_out(call);
    if (built)
        printf("pack version %lld of %s: %lld pages covered and bound\n", (long long)state.version, call->request.name, (long long)state.pages);
    else
        fprintf(stderr, "casefile: the pack of %s is %s: %s\n", call->request.name, state.state, state.reason ? state.reason : "");
    pack_state_drop(&state);
    return built ? EXIT_OK : EXIT_STATE;
}

/* The withheld texts that findings name by their number, for the officer who decides on them. */
static void print_withheld(struct call *call, const struct pack_state *state, const struct findings *findings) {
    struct pack_row pack;
    struct pack_texts withheld = {0}, allowed = {0};
    if (pack_row_load(call->context->store, state->id, &pack) || pack_texts_load(call->context->store, &pack, &withheld, &allowed))
        return;
    for (size_t i = 0; i < withheld.count; i++) {
        char *name = mem_print("withheld text %zu ", i + 1);
        for (size_t k = 0; k < findings->count; k++)
            if (strncmp(findings->list[k].what, name, strlen(name)) == 0) {
                char *text = text_printable(view_text(withheld.list[i]));
                printf("  %sis: %s\n", name, text);
                free(text);
                break;
            }
        free(name);
    }
    pack_texts_drop(&withheld);
    pack_texts_drop(&allowed);
}

static void print_findings(struct call *call, const struct pack_state *state) {
    struct findings findings = {0};
    if (pack_findings(call->context->store, &call->request, state->id, &findings))
        return;
    for (size_t i = 0; i < findings.count; i++) {
        const struct finding *f = &findings.list[i];
        printf("  page %u at %.0f,%.0f to %.0f,%.0f (%s): %s\n", f->page, (double)f->box.x0, (double)f->box.y0, (double)f->box.x1,
               (double)f->box.y1, f->check, f->what);
    }
    print_withheld(call, state, &findings);
    findings_drop(&findings);
}

int call_prove(struct call *call, int argc, char **argv) {
    struct pack_state state = {0};
    (void)argc;
    (void)argv;
    int err = pack_state_last(call->context->store, &call->request, &state);
    if (!err)
        err = pack_ask_proof(call->context->store, &call->request, state.id, call->context->who);
    pack_state_drop(&state);
    if (err)
        return command_failed("there is no bound pack to prove: 'casefile request build' makes one", err);
    err = pack_wait(call, &state);
    if (err)
        return command_failed("the pack was not proved", err);
    int proved = strcmp(state.state, "proved") == 0;
    printf("pack version %lld of %s: %s, %lld findings in %lld checks%s%s\n", (long long)state.version, call->request.name,
           proved ? "PROVED" : "REFUSED", (long long)state.findings, (long long)state.proofs, state.reason[0] ? "; " : "", state.reason);
    if (!proved) {
        print_findings(call, &state);
        printf("cover what is named ('casefile request decide'), have it approved, build again\n");
    }
    pack_state_drop(&state);
    return proved ? EXIT_OK : EXIT_FOUND;
}

/* Each file with the password that the recipient is told by another way. */
static int files_lock(const struct release *release, const char *folder, const char *password) {
    int err = 0;
    for (size_t i = 1; i <= release->files && !err; i++) {
        char *path = release->files == 1 ? mem_text(release->pack_path) : mem_print("%s/pack-%zu.pdf", folder, i);
        err = lock_file(path, password);
        free(path);
    }
    return err;
}

int call_release(struct call *call, int argc, char **argv) {
    const char *to = option_value(&argc, argv, "--to"), *how = option_value(&argc, argv, "--how"), *out = option_value(&argc, argv, "--out");
    struct pack_state state = {0};
    struct release release = {0};
    struct store *store = call->context->store;
    struct buf password_bytes = {0};
    const char *password_file = option_value(&argc, argv, "--password-file"), *password = "";
    if (options_left(argc, argv))
        return EXIT_USAGE;
    int status = command_password("request release", password_file, &password_bytes, &password);
    if (status)
        return status;
    int err = pack_state_last(store, &call->request, &state);
    if (err == ERR_NOT_FOUND) {
        fprintf(stderr, "casefile: %s has no pack yet: 'casefile request build' makes one, 'casefile request prove' proves it\n", call->request.name);
        return EXIT_STATE;
    }
    char *folder = out ? mem_text(out) : mem_print("%s/out/%s/v%lld", store->folder, call->request.name, (long long)state.version);
    struct release_order order = {call->context->who, to ? to : call->request.requester, how ? how : "collected", folder, request_pack(call->rules, &call->request)->basis};
    if (!err)
        err = pack_release(store, &call->request, &state, &order, &release);
    int locked = !err && password_file ? files_lock(&release, folder, password) : 0;
    buf_wipe(&password_bytes);
    free(folder);
    pack_state_drop(&state);
    if (err == ERR_STATE) {
        fprintf(stderr, "casefile: %s is not released: %s\n", call->request.name, release.why ? release.why : "something was changed meanwhile: look again");
        release_drop(&release);
        return EXIT_STATE;
    }
    if (err)
        return command_failed("the pack was not released", err);
    if (locked)
        fprintf(stderr, "casefile: THE FILES ARE NOT LOCKED (%s): do not send them before 'qpdf --encrypt' has\n", err_text(locked));
    else if (password_file)
        printf("locked with the password (AES-256); the manifest tells the hash of what is inside\n");
    if (release.files > 1)
        printf("in %zu volumes\n", release.files);
    printf("released: %s\nmanifest: %s\ndisclosure log entry %lld, audit leaf %lld\naudit head %s\n", release.pack_path, release.manifest_path,
           (long long)release.disclosure_id, (long long)release.leaf, release.head);
    release_drop(&release);
    return locked ? EXIT_NO_OUTPUT : EXIT_OK;
}

/* Binds the last pack once more and says whether it is byte for byte the same. */
int call_rebuild(struct call *call, int argc, char **argv) {
    struct pack_state state = {0};
    struct progress progress = {.what = "rebuilding"};
    struct store *store = call->context->store;
    if (options_left(argc, argv))
        return EXIT_USAGE;
    int err = pack_state_last(store, &call->request, &state);
    if (!err)
        err = pack_ask_rebuild(store, &call->request, state.id, call->context->who);
    if (err)
        return command_failed("there is no bound pack to rebuild", err);
    while (!err && strcmp(state.rebuilt, "same") && strcmp(state.rebuilt, "other") && !program_stop) {
        pack_state_drop(&state);
        poll(NULL, 0, 100);
        err = pack_state_last(store, &call->request, &state);
        progress_show(&progress, 0, 1, "packs");
        if (!err && !daemon_runs(call->context))
            err = ERR_STATE;
    }
    progress_end(&progress);
    bool same = !err && strcmp(state.rebuilt, "same") == 0;
    if (err)
        return command_failed("casefiled has to run for that", err);
    printf(same ? "rebuilt from its covered pages: byte for byte the same, sha256 %s\n" : "rebuilt: NOT the same bytes as %s; what it is made of was changed since\n", state.hash);
    pack_state_drop(&state);
    return same ? EXIT_OK : EXIT_FOUND;
}

/* ---- the working copy */

static int draft_mark(void *state, int64_t page_id, const struct flag *flag, const char *code) {
    struct page_marks *marks = state;
    (void)page_id;
    (void)code;
    for (size_t i = 0; i < flag->box_count; i++)
        page_marks_add(marks, (struct page_mark){.box = flag->boxes[i], .red = 0.65f, .green = 0.65f, .blue = 0.65f, .style = MARK_FILLED});
    return 0;
}

struct draft {
    struct store *store;
    struct pack_row row; /* of no pack: which request and child */
};

/* What is decided to be covered, see-through; what nobody has decided yet, as the machine proposes it. */
static int draft_marks(void *state, int64_t page_id, struct page_marks *marks) {
    struct draft *draft = state;
    int err = pack_flags(draft->store, &draft->row, page_id, 1, draft_mark, marks);
    struct rows *rows = db_query(draft->store->db,
                                 "SELECT f.id FROM flag f WHERE f.page_id = ?1 AND f.child_id = ?2 AND f.withdrawn = 0 AND ifnull(f.request_id, ?3) = ?3 AND NOT EXISTS"
                                 " (SELECT 1 FROM decision d WHERE d.flag_id = f.id AND d.request_id = ?3 AND d.superseded_by IS NULL AND d.cover >= 0)", "iii", page_id,
                                 draft->row.child_id, draft->row.request_id);
    while (!err && rows_next(rows) > 0) {
        struct flag flag;
        err = flag_load(draft->store, rows_int(rows, 0), &flag);
        if (err)
            break;
        flag_marks_add(marks, &flag);
        flag_drop(&flag);
    }
    int err2 = rows_end(&rows);
    return err ? err : err2;
}

int call_draft(struct call *call, int argc, char **argv) {
    const char *path = option_value(&argc, argv, "-o");
    struct draft draft = {call->context->store, {.request_id = call->request.id, .child_id = call->request.child_id}};
    struct pages_order order = {.marks = draft_marks, .state = &draft, .watermark = "NOT FOR RELEASE"};
    int64_t *documents = NULL;
    if (!path || options_left(argc, argv)) {
        fputs("usage: casefile request draft REQUEST -o FILE.pdf (a working copy: what is covered can be seen through; it is not for release)\n", stderr);
        return EXIT_USAGE;
    }
    struct rows *rows = db_query(call->context->store->db, "SELECT document_id FROM request_document WHERE request_id = ? AND included = 1 ORDER BY ordinal", "i", call->request.id);
    while (rows_next(rows) > 0) {
        documents = mem_grow(documents, order.count + 1, sizeof *documents);
        documents[order.count++] = rows_int(rows, 0);
    }
    int err = rows_end(&rows);
    order.documents = documents;
    int status = err ? command_failed("the documents cannot be listed", err) : order.count ? documents_write(call->context, &order, path) : (fputs("casefile: no documents are chosen\n", stderr), EXIT_STATE);
    free(documents);
    if (status == EXIT_OK)
        printf("written to %s: grey is to be covered, colours wait for a decision. It shows everything: delete it when it is not needed any more\n", path);
    return status;
}
