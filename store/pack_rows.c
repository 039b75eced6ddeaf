#include "store/pack_rows.h"

#include "base/err.h"
#include "base/mem.h"
#include "store/flag_rows.h"
#include "store/people_rows.h"
#include "store/vault.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int pack_row_load(struct store *store, int64_t pack_id, struct pack_row *ret) {
    struct rows *rows = db_query(store->db,
                                 "SELECT k.id, k.request_id, r.child_id, ifnull(k.object_id, 0), k.version, k.front_pages,"
                                 " (SELECT count(*) FROM pack_page g WHERE g.pack_id = k.id)"
                                 " FROM pack k JOIN request r ON r.id = k.request_id WHERE k.id = ?", "i", pack_id);
    int n = rows_next(rows);
    if (n > 0)
        *ret = (struct pack_row){rows_int(rows, 0), rows_int(rows, 1), rows_int(rows, 2), rows_int(rows, 3),
                                 (uint32_t)rows_int(rows, 4), (uint32_t)rows_int(rows, 5), (uint32_t)rows_int(rows, 6)};
    int err = rows_end(&rows);
    return err ? err : n > 0 ? 0 : ERR_NOT_FOUND;
}

int pack_volumes_load(struct store *store, int64_t pack_id, struct pack_volume **ret, size_t *ret_count) {
    struct rows *rows = db_query(store->db,
                                 "SELECT object_id, number, front_pages, first_page, last_page, page_count, content_hash FROM pack_volume WHERE pack_id = ?"
                                 " ORDER BY number", "i", pack_id);
    *ret = NULL;
    *ret_count = 0;
    while (rows_next(rows) > 0) {
        *ret = mem_grow(*ret, *ret_count + 1, sizeof **ret);
        struct pack_volume *v = &(*ret)[(*ret_count)++];
        *v = (struct pack_volume){.object_id = rows_int(rows, 0), .number = (uint32_t)rows_int(rows, 1), .front_pages = (uint32_t)rows_int(rows, 2),
                                  .first_page = (uint32_t)rows_int(rows, 3), .last_page = (uint32_t)rows_int(rows, 4), .page_count = (uint32_t)rows_int(rows, 5)};
        snprintf(v->hash, sizeof v->hash, "%s", rows_text(rows, 6));
    }
    return rows_end(&rows);
}

int pack_flags(struct store *store, const struct pack_row *pack, int64_t page_id, int cover,
               int (*each)(void *state, int64_t page_id, const struct flag *flag, const char *code), void *state) {
    struct rows *rows = db_query(store->db,
                                 "SELECT f.id, f.page_id, d.code FROM request_document r"
                                 " JOIN flag f ON f.document_id = r.document_id AND f.child_id = ?2 AND f.withdrawn = 0 AND ifnull(f.request_id, ?1) = ?1"
                                 " JOIN decision d ON d.flag_id = f.id AND d.request_id = ?1 AND d.superseded_by IS NULL"
                                 " WHERE r.request_id = ?1 AND r.included = 1 AND d.cover = ?3 AND (?4 = 0 OR f.page_id = ?4)"
                                 " ORDER BY r.ordinal, f.page_id, f.id",
                                 "iiii", pack->request_id, pack->child_id, (int64_t)cover, page_id);
    int err = 0;
    while (!err && rows_next(rows) > 0) {
        struct flag flag;
        err = flag_load(store, rows_int(rows, 0), &flag);
        if (err)
            break;
        err = each(state, rows_int(rows, 1), &flag, rows_text(rows, 2));
        flag_drop(&flag);
    }
    int err2 = rows_end(&rows);
    return err ? err : err2;
}

int pack_covered_page(struct store *store, const struct pack_row *pack, uint32_t ordinal, struct covered_page *ret) {
    int64_t object;
    struct buf bytes = {0};
    int err = db_int(store->db, &object, "SELECT object_id FROM pack_page WHERE pack_id = ? AND ordinal = ?", "ii", pack->id,
                     (int64_t)ordinal);
    if (!err)
        err = covered_open(store, object, &bytes);
    if (!err)
        err = covered_page_decode(buf_view(&bytes), ret);
    buf_wipe(&bytes);
    return err;
}

static void texts_add(struct pack_texts *texts, const char *text) {
    for (size_t i = 0; i < texts->count; i++)
        if (strcmp(texts->list[i], text) == 0)
            return;
    if (texts->count == texts->room)
        texts->list = mem_grow(texts->list, texts->room = texts->room ? texts->room * 2 : 64, sizeof *texts->list);
    texts->list[texts->count++] = mem_text(text);
}

void pack_texts_drop(struct pack_texts *texts) {
    for (size_t i = 0; i < texts->count; i++)
        free(texts->list[i]);
    free(texts->list);
    *texts = (struct pack_texts){0};
}

static int texts_each(void *state, int64_t page_id, const struct flag *flag, const char *code) {
    (void)page_id;
    (void)code;
    if (flag->text[0])
        texts_add(state, flag->text);
    return 0;
}

/* The subject's own names stay readable whatever is flagged. */
static void allow_subject(const struct child *child, struct pack_texts *allowed) {
    char *full = mem_print("%s %s", child->forenames, child->surname);
    texts_add(allowed, full);
    texts_add(allowed, child->forenames);
    free(full);
}

int pack_texts_load(struct store *store, const struct pack_row *pack, struct pack_texts *withheld, struct pack_texts *allowed) {
    struct people *people;
    int err = pack_flags(store, pack, 0, 1, texts_each, withheld);
    if (!err)
        err = pack_flags(store, pack, 0, 0, texts_each, allowed);
    if (!err)
        err = people_load(store, &people);
    if (err)
        return err;
    const struct child *child = people_child(people, pack->child_id);
    if (child)
        allow_subject(child, allowed);
    people_drop(&people);
    return 0;
}
