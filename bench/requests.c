/* bench/requests: what an officer waits for on a request of 10,000 pages: lists, decisions and decisions for all, in the store.
 *
 *   requests [FOLDER [PAGES [FLAGS]]]     a store is made in FOLDER (/var/tmp) and removed again; 10,000 pages with 40,000 flags of 600 people
 *
 * Each is done some times; the median is told, in milliseconds. */
#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "disclose/approve.h"
#include "disclose/request_people.h"
#include "store/vault.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define PEOPLE 600
#define PAGES_OF_DOCUMENT 8
#define ROUNDS 7

static struct store *store;
static struct rules *rules;
static struct request request;

static void must(int err, const char *doing) {
    if (!err)
        return;
    fprintf(stderr, "%s: %s\n", doing, err_text(err));
    exit(1);
}

static double now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* ---- the store */

static int64_t page_make(int64_t part, int64_t document, int number) {
    struct sealed_file file;
    int64_t object;
    must(vault_write(store, view_text("p"), &file), "picture");
    must(vault_add(store, &file, VAULT_PICTURE, "child", 1, &object), "picture");
    must(db_run(store->db,
                "INSERT INTO page(part_id, number, width_pt, height_pt, role, state, picture_id, picture_format, picture_dpi, picture_turn, source, document_id, place)"
                " VALUES(?1, ?2, 595, 842, 'page', 'read', ?3, 2, 200, 0, 2, ?4, ?2)", "iiii", part, (int64_t)number, object, document), "page");
    return db_last_id(store->db);
}

static void flag_make(int64_t document, int page, int n) {
    struct box box = {50, 50, 120, 62};
    struct word_run run = {(uint32_t)n % 40, (uint32_t)n % 40};
    char person[32], text[48];
    snprintf(person, sizeof person, "P%05d", n * 7919 % PEOPLE);
    snprintf(text, sizeof text, "Person Number%d", n * 7919 % PEOPLE);
    struct flag flag = {.page = (uint32_t)page, .type = FLAG_PERSON, .role = n % 3 ? ROLE_FAMILY : ROLE_PROFESSIONAL, .cover = n % 3 != 0, .confidence = 90, .boxes = &box,
                        .box_count = 1, .runs = &run, .run_count = 1, .person_id = person, .text = text, .code = (char[]){"3P-UNREASONABLE"}, .finder = (char[]){"people"},
                        .why = (char[]){"of the case"}};
    if (!flag.cover)
        flag.code = (char[]){"PROF"};
    must(flag_insert(store, document, 1, &flag, NULL), "flag");
}

static void store_make(int pages, int flags) {
    int n = 0;
    must(db_begin(store->db), "begin");
    must(db_run(store->db, "INSERT INTO child(id, token, sealed) VALUES(1, x'01', x'00')", ""), "child");
    must(db_run(store->db, "INSERT INTO receipt(channel, received_at, received_by) VALUES('bench', 1700000000000, 'bench')", ""), "receipt");
    for (int d = 0; d * PAGES_OF_DOCUMENT < pages; d++) {
        struct sealed_file file;
        int64_t object;
        must(vault_write(store, view_text("o"), &file), "original");
        must(vault_add(store, &file, VAULT_ORIGINAL, "child", 1, &object), "original");
        must(db_run(store->db, "INSERT INTO part(receipt_id, ordinal, kind, sealed_name, content_hash, bytes, object_id, state) VALUES(1, ?, 'pdf', x'00', x'00', 20, ?, 'opened')",
                    "ii", (int64_t)d, object), "part");
        int64_t part = db_last_id(store->db);
        must(db_run(store->db, "INSERT INTO document(part_id, ordinal, first_page, last_page, state) VALUES(?, 1, 1, 8, 'ready')", "i", part), "document");
        int64_t document = db_last_id(store->db);
        must(db_run(store->db, "INSERT INTO filing(document_id, outcome, made_at, made_by) VALUES(?, 'filed', 0, 'machine')", "i", document), "filing");
        must(db_run(store->db, "INSERT INTO filing_child VALUES(?, 1, 0, 1, 0.99)", "i", db_last_id(store->db)), "filing");
        for (int p = 1; p <= PAGES_OF_DOCUMENT; p++) {
            page_make(part, document, p);
            for (; (long long)n * pages < (long long)flags * (d * PAGES_OF_DOCUMENT + p); n++)
                flag_make(document, p, n);
        }
        if (d % 100 == 99) {
            must(db_commit(store->db), "commit");
            must(db_begin(store->db), "begin");
        }
    }
    must(db_commit(store->db), "commit");
}

/* ---- what is measured */

static const struct act anna = {.who = "anna"};

static void list_first(void) {
    struct decided_flag *flags;
    size_t count;
    must(request_flags_part(store, &request, &(struct flags_part){.most = 200}, &flags, &count), "list");
    free(flags);
}

static void list_last(void) {
    struct decided_flag *flags;
    size_t count;
    struct flags_count all;
    must(request_flags_count(store, &request, &all), "count");
    must(request_flags_part(store, &request, &(struct flags_part){.first = (size_t)all.all - 200, .most = 200}, &flags, &count), "list");
    free(flags);
}

static void list_document(void) {
    struct decided_flag *flags;
    size_t count;
    must(request_flags_part(store, &request, &(struct flags_part){.document_id = 500}, &flags, &count), "list");
    free(flags);
}

static void count_all(void) {
    struct flags_count all;
    must(request_flags_count(store, &request, &all), "count");
}

static void list_people(void) {
    struct bundle_people people;
    must(request_people(store, &request, &people), "people");
    bundle_people_drop(&people);
}

static void decide_one(void) {
    must(request_decide(store, rules, &request, &anna, 77, &(struct decision){1, "3P-CHILD"}), "decide");
}

static void decide_person(void) {
    struct person_decision decision = {"P00007", true, {1, "3P-CHILD"}};
    int64_t count;
    must(request_decide_person(store, rules, &request, &anna, &decision, &count), "person");
}

static void decide_text(void) {
    int64_t count;
    must(request_decide_text(store, rules, &request, &anna, 77, &(struct decision){1, "3P-CHILD"}, &count), "text");
}

static void undo(void) {
    int64_t count;
    must(request_undo(store, &request, "anna", &count), "undo");
}

static void load(void) {
    struct request again;
    must(request_load(store, rules, request.name, &again), "load");
    request_drop(&again);
}

static int by_number(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void measure(const char *what, void (*run)(void)) {
    double times[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
        double from = now_ms();
        run();
        times[i] = now_ms() - from;
    }
    qsort(times, ROUNDS, sizeof *times, by_number);
    printf("  %-52s %8.1f ms\n", what, times[ROUNDS / 2]);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw) {
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

int main(int argc, char **argv) {
    char folder[256];
    int pages = argc > 2 ? atoi(argv[2]) : 10000, flags = argc > 3 ? atoi(argv[3]) : 40000;
    snprintf(folder, sizeof folder, "%s/casefile-requests-XXXXXX", argc > 1 ? argv[1] : "/var/tmp");
    if (!mkdtemp(folder))
        return 1;
    must(store_open(folder, &store), "store");
    must(rules_load("config", &rules), "rules");
    store_make(pages, flags);
    struct request_order order = {1, "A Careleaver", "subject", "anna", date_from(2026, 3, 2), .identity = "seen"};
    double from = now_ms();
    must(request_open(store, rules, &order, &request), "open");
    printf("a request of %d pages with %d flags of %d people; opened in %.0f ms\n", pages, flags, PEOPLE, now_ms() - from);
    measure("load the request with its clock", load);
    measure("count flags, undecided and covered", count_all);
    measure("list the first 200 flags", list_first);
    measure("list the last 200 flags", list_last);
    measure("list the flags of one document", list_document);
    measure("list everybody who is named", list_people);
    measure("decide one flag", decide_one);
    measure("decide all data of one person", decide_person);
    measure("decide all flags with one text", decide_text);
    measure("take the last act back", undo);
    int64_t count;
    from = now_ms();
    must(request_accept_all(store, rules, &request, &anna, &count), "accept");
    printf("  %-52s %8.1f ms (%lld flags; with the search for the same words on every page)\n", "accept every proposal", now_ms() - from, (long long)count);
    measure("list the first 200 flags, decided", list_first);
    measure("count flags, decided", count_all);
    char *why = NULL;
    from = now_ms();
    request_obstacle(store, rules, &request, "berta", &why);
    printf("  %-52s %8.1f ms\n", "look for what is in the way of an approval", now_ms() - from);
    free(why);
    request_drop(&request);
    rules_drop(&rules);
    store_close(&store);
    nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    return 0;
}
