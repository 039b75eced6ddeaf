/* search_subject.c: the search for the subject in what is in nobody's or in somebody else's record. */
#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "disclose/choose_documents.h"
#include "store/page_rows.h"
#include "store/people_rows.h"

#include <stdlib.h>
#include <string.h>

#define SLIP_LETTERS 6   /* of a name that a scan may have one letter of wrong */
#define BETWEEN_MOST 2   /* words that may stand between forename and surname: a second forename, an initial */

/* A name as the register has or had it: its words in their comparing form, the first forename first, the surname last. */
struct name {
    char *forename, *surname;
};

struct terms {
    struct name *names;
    size_t name_count;
    char *numbers[2];
    struct buf said; /* what was searched for, for the account */
};

static void terms_add_name(struct terms *terms, const char *forenames, const char *surname) {
    char *first = mem_text_part(forenames, strcspn(forenames, " "));
    struct name name = {text_key(first), text_key(surname)};
    free(first);
    for (size_t i = 0; i < terms->name_count; i++)
        if (strcmp(terms->names[i].forename, name.forename) == 0 && strcmp(terms->names[i].surname, name.surname) == 0)
            name.forename[0] = 0;
    if (!*name.forename || !*name.surname) {
        free(name.forename);
        free(name.surname);
        return;
    }
    terms->names = mem_grow(terms->names, terms->name_count + 1, sizeof *terms->names);
    terms->names[terms->name_count++] = name;
    buf_print(&terms->said, "%s%s %s", terms->said.len ? "; " : "", forenames, surname);
}

/* An alias is a whole name, or another forename or surname. */
static void terms_add_alias(struct terms *terms, const struct child *child, const struct alias *alias) {
    const char *space = strrchr(alias->name, ' ');
    if (space) {
        char *forenames = mem_text_part(alias->name, (size_t)(space - alias->name));
        terms_add_name(terms, forenames, space + 1);
        free(forenames);
    } else if (strstr(alias->kind, "surname") || strstr(alias->kind, "birth")) {
        terms_add_name(terms, child->forenames, alias->name);
    } else {
        terms_add_name(terms, alias->name, child->surname);
    }
}

static void terms_of(const struct child *child, struct terms *ret) {
    terms_add_name(ret, child->forenames, child->surname);
    for (size_t i = 0; i < child->alias_count; i++)
        terms_add_alias(ret, child, &child->aliases[i]);
    ret->numbers[0] = text_key(child->council_id);
    ret->numbers[1] = text_key(child->nhs_number);
    for (int i = 0; i < 2; i++)
        if (*ret->numbers[i])
            buf_print(&ret->said, "; %s", ret->numbers[i]);
}

static void terms_drop(struct terms *terms) {
    for (size_t i = 0; i < terms->name_count; i++) {
        free(terms->names[i].forename);
        free(terms->names[i].surname);
    }
    free(terms->names);
    free(terms->numbers[0]);
    free(terms->numbers[1]);
    buf_wipe(&terms->said);
}

static bool is_name(const char *key, const char *name) {
    if (strcmp(key, name) == 0)
        return true;
    size_t len = strlen(name), own = strlen(key);
    if (own == len + 1 && key[len] == 's' && strncmp(key, name, len) == 0)
        return true; /* "Ada's" */
    return len >= SLIP_LETTERS && own + 1 >= len && own <= len + 1 && text_distance(key, name, 1) <= 1;
}

/* Forename and surname near each other, in either order. */
static bool keys_name(const struct name *name, char *const *keys, size_t count, size_t i) {
    bool forename = is_name(keys[i], name->forename), surname = is_name(keys[i], name->surname);
    for (size_t k = i + 1, left = BETWEEN_MOST + 1; (forename || surname) && k < count && left; k++) {
        if (!*keys[k])
            continue;
        if ((forename && is_name(keys[k], name->surname)) || (surname && is_name(keys[k], name->forename)))
            return true;
        left--;
    }
    return false;
}

/* A number may be written in groups: "943 476 5919". */
static bool keys_number(const char *number, char *const *keys, size_t count, size_t i) {
    const char *rest = number;
    for (size_t k = i; *number && k < count && *rest; k++) {
        size_t len = strlen(keys[k]);
        if (!len || strncmp(keys[k], rest, len))
            return false;
        rest += len;
    }
    return *number && !*rest;
}

static bool page_names(const struct terms *terms, const struct words *words) {
    char **keys = mem_new((words->count + 1) * sizeof *keys);
    bool found = false;
    for (size_t i = 0; i < words->count; i++)
        keys[i] = text_key(words->list[i].text);
    for (size_t i = 0; i < words->count && !found; i++) {
        for (size_t n = 0; n < terms->name_count && !found; n++)
            found = keys_name(&terms->names[n], keys, words->count, i);
        for (int n = 0; n < 2 && !found; n++)
            found = keys_number(terms->numbers[n], keys, words->count, i);
    }
    for (size_t i = 0; i < words->count; i++)
        free(keys[i]);
    free(keys);
    return found;
}

static int document_names(struct store *store, const struct terms *terms, int64_t document, struct search_result *result, bool *ret) {
    struct document_words words;
    int err = document_words_load(store, document, &words);
    if (err)
        return err;
    *ret = false;
    for (size_t i = 0; i < words.page_count; i++) {
        result->pages++;
        result->unread += !words.pages[i].words.count;
        *ret = *ret || page_names(terms, &words.pages[i].words);
    }
    result->documents++;
    document_words_drop(&words);
    return 0;
}

static int found_add(struct store *store, const struct request *request, int64_t document) {
    int err = db_run(store->db,
                     "INSERT OR IGNORE INTO request_document(request_id, document_id, ordinal, included, reason, origin) VALUES(?1, ?2,"
                     " (SELECT ifnull(max(ordinal), 0) + 1 FROM request_document WHERE request_id = ?1), 0, 'names the subject, in another record or in none', 'elsewhere')",
                     "ii", request->id, document);
    return err ? err : db_changed(store->db) ? request_unapprove(store, request) : 0;
}

static int search_save(struct store *store, const struct request *request, const char *who, const struct terms *terms, const struct search_result *result) {
    struct buf sealed = {0}, said = {0};
    buf_add(&said, terms->said.data, terms->said.len);
    int err = db_begin(store->db);
    if (!err) {
        err = request_seal(store, request->id, "request_search.terms", buf_text(&said), &sealed);
        if (!err)
            err = db_run(store->db, "INSERT INTO request_search(request_id, at, who, sealed_terms, documents, pages, unread, found) VALUES(?, ?, ?, ?, ?, ?, ?, ?)",
                         "iitbiiii", request->id, clock_now(), who, buf_view(&sealed), result->documents, result->pages, result->unread, result->found);
        if (!err)
            err = request_audit(store, request, who, "searched the store", "");
        err = db_end(store->db, err);
    }
    buf_drop(&sealed);
    buf_wipe(&said);
    return err;
}

struct search {
    struct store *store;
    const struct request *request;
    void (*progress)(void *state, int64_t done, int64_t all);
    void *state;
    int64_t *documents;
    size_t count;
};

static int search_list(struct search *search) {
    struct rows *rows = db_query(search->store->db,
                                 "SELECT d.id FROM document d WHERE NOT EXISTS (SELECT 1 FROM request_document r WHERE r.request_id = ? AND r.document_id = d.id)"
                                 " ORDER BY d.id", "i", search->request->id);
    while (rows_next(rows) > 0) {
        if (search->count % 1024 == 0)
            search->documents = mem_grow(search->documents, search->count + 1024, sizeof *search->documents);
        search->documents[search->count++] = rows_int(rows, 0);
    }
    return rows_end(&rows);
}

static int search_one(struct search *search, const struct terms *terms, int64_t document, struct search_result *result) {
    bool names = false;
    int err = document_names(search->store, terms, document, result, &names);
    if (err == ERR_KEY) /* a child whose key was destroyed: nobody reads it any more */
        return 0;
    if (err || !names)
        return err;
    result->found++;
    err = db_begin(search->store->db);
    return err ? err : db_end(search->store->db, found_add(search->store, search->request, document));
}

int request_search(struct store *store, const struct request *request, const char *who, void (*progress)(void *state, int64_t done, int64_t all), void *state,
                   struct search_result *ret) {
    struct search search = {store, request, progress, state, NULL, 0};
    struct people *people = NULL;
    struct terms terms = {0};
    *ret = (struct search_result){0};
    int err = people_load(store, &people);
    const struct child *child = err ? NULL : people_child(people, request->child_id);
    if (!err && !child)
        err = ERR_NOT_FOUND;
    if (!err) {
        terms_of(child, &terms);
        err = search_list(&search);
    }
    for (size_t i = 0; i < search.count && !err; i++) {
        err = search_one(&search, &terms, search.documents[i], ret);
        if (progress)
            progress(state, (int64_t)i + 1, (int64_t)search.count);
    }
    if (!err)
        err = search_save(store, request, who, &terms, ret);
    terms_drop(&terms);
    people_drop(&people);
    free(search.documents);
    return err;
}
