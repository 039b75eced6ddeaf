/* cmd_export.c: machine-readable results: filings (CSV), flags and words (JSON lines). */
#include "base/err.h"
#include "base/mem.h"
#include "daemon/command.h"
#include "filing/filing_rows.h"
#include "ingest/receive.h"
#include "store/flag_rows.h"
#include "store/page_rows.h"
#include "store/people_rows.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Where a document stands: receipt, the received file's name, the part's path in it ("1", "2.1": the document's number, behind the numbers of
 * the attachments that lead to it), and the part's own name. */
struct place {
    char receipt[RECEIPT_TEXT];
    char *file, *part, *name;
};

static void place_drop(struct place *place) {
    free(place->file);
    free(place->part);
    free(place->name);
}

static int place_load(struct store *store, int64_t part_id, int64_t document_ordinal, struct place *ret) {
    struct place place = {0};
    int64_t receipt = 0, id = part_id, parent = 0, ordinal = 0;
    int err = part_name_load(store, part_id, &place.name);
    place.part = document_ordinal ? mem_print("%lld", (long long)document_ordinal) : mem_text("");
    while (!err) {
        err = db_int(store->db, &receipt, "SELECT receipt_id FROM part WHERE id = ?", "i", id);
        if (!err)
            err = db_int(store->db, &parent, "SELECT ifnull(parent_id, 0) FROM part WHERE id = ?", "i", id);
        if (!err)
            err = db_int(store->db, &ordinal, "SELECT ordinal FROM part WHERE id = ?", "i", id);
        if (err || !parent)
            break;
        char *longer = mem_print("a%lld%s%s", (long long)ordinal, place.part[0] ? "." : "", place.part);
        free(place.part);
        place.part = longer;
        id = parent;
    }
    if (!err)
        err = part_name_load(store, id, &place.file);
    receipt_text(receipt, place.receipt);
    if (err)
        place_drop(&place);
    else
        *ret = place;
    return err;
}

/* RFC 4180; a cell that a spreadsheet would run as a formula gets a ' in front. */
static void csv_cell(const char *text) {
    int quote = strpbrk(text, ",\"\r\n") != NULL;
    const char *formula = strchr("=+-@\t", text[0]) && text[0] ? "'" : "";
    if (!quote) {
        printf("%s%s", formula, text);
        return;
    }
    printf("\"%s", formula);
    for (const char *p = text; *p; p++)
        printf(*p == '"' ? "\"\"" : "%c", *p);
    putchar('"');
}

/* One document that is filed, proposed, ... or a part that has none. */
struct filing_line {
    struct place place;
    int64_t first, last;
    const char *outcome;
};

static void print_filing(const struct filing_line *line, const char *council_id, double probability) {
    printf("%s,", line->place.receipt);
    csv_cell(line->place.file);
    printf(",%s,", line->place.part);
    csv_cell(line->place.name);
    printf(",%lld,%lld,%s,%s,", (long long)line->first, (long long)line->last, line->outcome, council_id);
    if (council_id[0])
        printf("%.6f", probability);
    putchar('\n');
}

/* A row for each child of it; a document that is filed shows only the children it is filed to. */
static int export_document(struct store *store, const struct people *people, struct filing_line *line, int64_t document_id) {
    struct rows *rows = db_query(store->db,
                                 "SELECT c.child_id, c.probability FROM filing f JOIN filing_child c ON c.filing_id = f.id"
                                 " WHERE f.document_id = ? AND f.superseded_by IS NULL AND (f.outcome != 'filed' OR c.chosen) ORDER BY c.ordinal", "i",
                                 document_id);
    int n = 0;
    while (strcmp(line->outcome, "none") && rows_next(rows) > 0) {
        const struct child *child = people_child(people, rows_int(rows, 0));
        print_filing(line, child ? child->council_id : "", rows_real(rows, 1));
        n++;
    }
    if (!n)
        print_filing(line, "", 0);
    return rows_end(&rows);
}

static int export_filings(struct store *store, const struct people *people) {
    struct rows *rows = db_query(store->db,
                                 "SELECT t.id, ifnull(d.ordinal, 0), ifnull(d.first_page, 0), ifnull(d.last_page, 0), ifnull(d.id, 0),"
                                 " CASE WHEN d.id IS NULL THEN t.state ELSE ifnull(f.outcome, 'waiting') END"
                                 " FROM part t LEFT JOIN document d ON d.part_id = t.id"
                                 " LEFT JOIN filing f ON f.document_id = d.id AND f.superseded_by IS NULL ORDER BY t.receipt_id, t.id, d.ordinal", "");
    int err = 0;
    puts("receipt,file,part,part_name,first_page,last_page,outcome,child_id,probability");
    while (!err && rows_next(rows) > 0) {
        struct filing_line line = {.first = rows_int(rows, 2), .last = rows_int(rows, 3), .outcome = rows_text(rows, 5)};
        err = place_load(store, rows_int(rows, 0), rows_int(rows, 1), &line.place);
        if (!err)
            err = export_document(store, people, &line, rows_int(rows, 4));
        place_drop(&line.place);
    }
    int err2 = rows_end(&rows);
    return err ? err : err2;
}

static json_t *json_number(float value) {
    return json_real((double)(long long)(value * 100 + (value < 0 ? -0.5f : 0.5f)) / 100);
}

static json_t *json_box(const struct box *box) {
    json_t *array = json_array();
    json_array_append_new(array, json_number(box->x0));
    json_array_append_new(array, json_number(box->y0));
    json_array_append_new(array, json_number(box->x1));
    json_array_append_new(array, json_number(box->y1));
    return array;
}

static json_t *json_place(const struct place *place, const struct page_row *page) {
    json_t *json = json_object();
    json_object_set_new(json, "receipt", json_string(place->receipt));
    json_object_set_new(json, "file", json_string(place->file));
    json_object_set_new(json, "part", json_string(place->part));
    json_object_set_new(json, "part_name", json_string(place->name));
    json_object_set_new(json, "page", json_integer(page->number));
    json_object_set_new(json, "width", json_number(page->width_pt));
    json_object_set_new(json, "height", json_number(page->height_pt));
    return json;
}

static void json_print(json_t *json) {
    char *text = json_dumps(json, JSON_COMPACT | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(8));
    puts(text);
    free(text);
    json_decref(json);
}

/* The decision that stands in the newest request that has one. */
static json_t *flag_decision(struct store *store, int64_t flag_id) {
    struct rows *rows = db_query(store->db,
                                 "SELECT d.cover, d.code, a.who, r.name FROM decision d JOIN act a ON a.id = d.act_id AND d.cover >= 0 JOIN request r ON r.id = d.request_id"
                                 " WHERE d.flag_id = ? AND d.superseded_by IS NULL ORDER BY d.id DESC LIMIT 1", "i", flag_id);
    json_t *json = json_null();
    if (rows_next(rows) > 0)
        json = json_pack("{s:s, s:s, s:s, s:s}", "decision", rows_int(rows, 0) ? "cover" : "release", "code", rows_text(rows, 1), "who",
                         rows_text(rows, 2), "request", rows_text(rows, 3));
    rows_end(&rows);
    return json;
}

static void export_flag(struct store *store, const struct people *people, json_t *json, const struct flag *flag, int64_t ids[2]) {
    const struct child *child = people_child(people, ids[1]);
    json_t *boxes = json_array();
    for (size_t i = 0; i < flag->box_count; i++)
        json_array_append_new(boxes, json_box(&flag->boxes[i]));
    json_object_set_new(json, "subject", json_string(child ? child->council_id : ""));
    json_object_set_new(json, "boxes", boxes);
    json_object_set_new(json, "text", json_string(flag->text));
    json_object_set_new(json, "type", json_string(flag_type_text(flag->type)));
    json_object_set_new(json, "role", json_string(role_text(flag->role)));
    json_object_set_new(json, "person", json_string(flag->person_id));
    json_object_set_new(json, "reason", json_string(flag->code));
    json_object_set_new(json, "cover", json_boolean(flag->cover));
    json_object_set_new(json, "confidence", json_integer(flag->confidence));
    json_object_set_new(json, "finder", json_string(flag->finder));
    json_object_set_new(json, "why", json_string(flag->why));
    json_object_set_new(json, "decision", flag_decision(store, ids[0]));
    json_print(json);
}

static int export_flags(struct store *store, const struct people *people) {
    struct rows *rows = db_query(store->db,
                                 "SELECT f.id, f.child_id, f.page_id, t.id, d.ordinal FROM flag f JOIN document d ON d.id = f.document_id"
                                 " JOIN part t ON t.id = d.part_id JOIN page p ON p.id = f.page_id WHERE f.withdrawn = 0"
                                 " ORDER BY t.receipt_id, t.id, p.number, f.child_id, f.id", "");
    int err = 0;
    while (!err && rows_next(rows) > 0) {
        struct place place = {0};
        struct page_row page;
        struct flag flag = {0};
        int64_t ids[2] = {rows_int(rows, 0), rows_int(rows, 1)};
        err = place_load(store, rows_int(rows, 3), rows_int(rows, 4), &place);
        if (!err)
            err = page_row_load(store, rows_int(rows, 2), &page);
        if (!err)
            err = flag_load(store, ids[0], &flag);
        if (!err)
            export_flag(store, people, json_place(&place, &page), &flag, ids);
        flag_drop(&flag);
        place_drop(&place);
    }
    int err2 = rows_end(&rows);
    return err ? err : err2;
}

static int export_page_words(struct store *store, json_t *json, struct rows *page_columns, int64_t page_id) {
    struct words words;
    int err = page_words_load(store, page_id, &words);
    if (err) {
        json_decref(json);
        return err;
    }
    struct buf text = {0};
    json_t *list = json_array();
    words_text(&words, &text);
    for (size_t i = 0; i < words.count; i++) {
        json_t *word = json_box(&words.list[i].box);
        json_array_append_new(word, json_string(words.list[i].text));
        json_array_append_new(word, json_integer(words.list[i].confidence));
        json_array_append_new(word, json_integer(words.list[i].line));
        json_array_append_new(word, json_integer(words.list[i].block));
        json_array_append_new(list, word);
    }
    json_object_set_new(json, "role", json_string(rows_text(page_columns, 2)));
    json_object_set_new(json, "state", json_string(rows_text(page_columns, 3)));
    json_object_set_new(json, "quality", json_integer(rows_int(page_columns, 4)));
    json_object_set_new(json, "trouble", json_string(rows_text(page_columns, 5)));
    json_object_set_new(json, "turn", json_integer(rows_int(page_columns, 6)));
    json_object_set_new(json, "text", json_string(buf_text(&text)));
    json_object_set_new(json, "words", list);
    json_print(json);
    buf_wipe(&text);
    words_drop(&words);
    return 0;
}

static int export_words(struct store *store, const struct people *people) {
    struct rows *rows = db_query(store->db,
                                 "SELECT p.id, p.part_id, p.role, p.state, p.quality, p.trouble, p.turn, ifnull(d.ordinal, 0) FROM page p"
                                 " JOIN part t ON t.id = p.part_id LEFT JOIN document d ON d.id = p.document_id ORDER BY t.receipt_id, t.id, p.number", "");
    int err = 0;
    (void)people;
    while (!err && rows_next(rows) > 0) {
        struct place place = {0};
        struct page_row page;
        err = place_load(store, rows_int(rows, 1), rows_int(rows, 7), &place);
        if (!err)
            err = page_row_load(store, rows_int(rows, 0), &page);
        if (!err)
            err = export_page_words(store, json_place(&place, &page), rows, page.id);
        place_drop(&place);
    }
    int err2 = rows_end(&rows);
    return err ? err : err2;
}

/* What became of each part: for whoever checks that nothing is lost. */
static json_t *json_part(struct rows *rows) {
    static const char *const names[] = {"kind", "attached", "state", "reason", "notes", "scanned", "given_to", "channel", "profile"};
    json_t *json = json_object();
    json_object_set_new(json, "id", json_integer(rows_int(rows, 0)));
    json_object_set_new(json, "parent", json_integer(rows_int(rows, 1)));
    json_object_set_new(json, "bytes", json_integer(rows_int(rows, 2)));
    json_object_set_new(json, "pages", json_integer(rows_int(rows, 3)));
    json_object_set_new(json, "unreadable", json_integer(rows_int(rows, 4)));
    json_object_set_new(json, "documents", json_integer(rows_int(rows, 5)));
    json_object_set_new(json, "same_as", json_integer(rows_int(rows, 6)));
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        json_object_set_new(json, names[i], json_string(rows_text(rows, 7 + (int)i)));
    return json;
}

static int export_parts(struct store *store, const struct people *people) {
    struct rows *rows = db_query(store->db,
                                 "SELECT t.id, ifnull(t.parent_id, 0), t.bytes, (SELECT count(*) FROM page p WHERE p.part_id = t.id),"
                                 " (SELECT count(*) FROM page p WHERE p.part_id = t.id AND p.state = 'unreadable'),"
                                 " (SELECT count(*) FROM document d WHERE d.part_id = t.id), ifnull(t.same_as, 0), t.kind, t.attached, t.state, t.reason,"
                                 " t.notes, t.scanned, t.given_to, r.channel, r.profile FROM part t JOIN receipt r ON r.id = t.receipt_id ORDER BY r.id, t.id", "");
    int err = 0;
    (void)people;
    while (!err && rows_next(rows) > 0) {
        struct place place = {0};
        err = place_load(store, rows_int(rows, 0), 0, &place);
        if (err)
            break;
        json_t *json = json_part(rows);
        json_object_set_new(json, "receipt", json_string(place.receipt));
        json_object_set_new(json, "file", json_string(place.file));
        json_object_set_new(json, "name", json_string(place.name));
        json_print(json);
        place_drop(&place);
    }
    int err2 = rows_end(&rows);
    return err ? err : err2;
}

int command_export(struct command_context *context, int argc, char **argv) {
    static const struct {
        const char *name;
        int (*run)(struct store *store, const struct people *people);
    } exports[] = {{"filings", export_filings}, {"flags", export_flags}, {"words", export_words}, {"parts", export_parts}};
    struct people *people = NULL;
    for (size_t i = 0; i < sizeof exports / sizeof exports[0] && argc == 2; i++) {
        if (strcmp(exports[i].name, argv[1]))
            continue;
        int err = people_load(context->store, &people);
        if (!err)
            err = audit_act(context, "exported", argv[1], "");
        if (!err)
            err = exports[i].run(context->store, people);
        people_drop(&people);
        return err ? command_failed("the export is not complete", err) : EXIT_OK;
    }
    fputs("usage: casefile export filings|flags|words|parts\n", stderr);
    return EXIT_USAGE;
}
