#include "store/people_rows.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/wire.h"
#include "store/seal.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_MOST 8192
#define LIST_MOST 1000

/* The texts of a child and of a person, in the order in which they are sealed. */
static const size_t child_texts[] = {
    offsetof(struct child, council_id), offsetof(struct child, nhs_number), offsetof(struct child, upn),
    offsetof(struct child, forenames),  offsetof(struct child, surname),    offsetof(struct child, sex),
    offsetof(struct child, house),      offsetof(struct child, street),     offsetof(struct child, town),
    offsetof(struct child, postcode),   offsetof(struct child, school),     offsetof(struct child, status),
    offsetof(struct child, legal_status), offsetof(struct child, family_id)};
static const size_t person_texts[] = {
    offsetof(struct person, person_id), offsetof(struct person, relation), offsetof(struct person, title),
    offsetof(struct person, forenames), offsetof(struct person, surname),  offsetof(struct person, sex),
    offsetof(struct person, phone),     offsetof(struct person, address),  offsetof(struct person, email),
    offsetof(struct person, organisation), offsetof(struct person, sibling_council_id)};
#define COUNT(a) (sizeof(a) / sizeof(a)[0])

static void texts_put(const void *thing, const size_t *texts, size_t count, struct buf *out) {
    for (size_t i = 0; i < count; i++)
        wire_put_text(out, *(char *const *)((const char *)thing + texts[i]));
}

/* What is written must be readable again: one text too long would keep the whole register from being loaded. */
static int text_fits(const char *text) {
    return !text || strlen(text) <= TEXT_MOST;
}

static int texts_fit(const void *thing, const size_t *texts, size_t count) {
    int fit = 1;
    for (size_t i = 0; i < count; i++)
        fit &= text_fits(*(char *const *)((const char *)thing + texts[i]));
    return fit;
}

static void texts_take(struct wire_reader *in, const size_t *texts, size_t count, void *thing) {
    for (size_t i = 0; i < count; i++)
        *(char **)((char *)thing + texts[i]) = wire_text(in, TEXT_MOST);
}

static void aliases_put(const struct alias *aliases, size_t count, struct buf *out) {
    wire_put_u32(out, (uint32_t)count);
    for (size_t i = 0; i < count; i++) {
        wire_put_text(out, aliases[i].name);
        wire_put_text(out, aliases[i].kind);
    }
}

static int aliases_fit(const struct alias *aliases, size_t count) {
    int fit = count <= LIST_MOST;
    for (size_t i = 0; i < count; i++)
        fit &= text_fits(aliases[i].name) && text_fits(aliases[i].kind);
    return fit;
}

static int child_fits(const struct child *child) {
    int fit = texts_fit(child, child_texts, COUNT(child_texts)) && aliases_fit(child->aliases, child->alias_count) &&
              child->previous_address_count <= LIST_MOST;
    for (size_t i = 0; fit && i < child->previous_address_count; i++)
        fit = text_fits(child->previous_addresses[i]);
    return fit;
}

static int person_fits(const struct person *person) {
    return texts_fit(person, person_texts, COUNT(person_texts)) && aliases_fit(person->aliases, person->alias_count);
}

static size_t count_take(struct wire_reader *in) {
    size_t n = wire_u32(in);
    if (n > LIST_MOST)
        in->err = ERR_DAMAGED;
    return in->err ? 0 : n;
}

static struct alias *aliases_take(struct wire_reader *in, size_t *ret_count) {
    size_t n = count_take(in);
    struct alias *list = n ? mem_new(n * sizeof *list) : NULL;
    for (size_t i = 0; i < n; i++) {
        list[i].name = wire_text(in, TEXT_MOST);
        list[i].kind = wire_text(in, TEXT_MOST);
    }
    *ret_count = n;
    return list;
}

static void child_encode(const struct child *child, struct buf *out) {
    texts_put(child, child_texts, COUNT(child_texts), out);
    wire_put_u32(out, (uint32_t)child->born);
    aliases_put(child->aliases, child->alias_count, out);
    wire_put_u32(out, (uint32_t)child->previous_address_count);
    for (size_t i = 0; i < child->previous_address_count; i++)
        wire_put_text(out, child->previous_addresses[i]);
}

static int child_decode(struct view bytes, struct child *ret) {
    struct wire_reader in = wire_reader(bytes);
    texts_take(&in, child_texts, COUNT(child_texts), ret);
    ret->born = (int32_t)wire_u32(&in);
    ret->aliases = aliases_take(&in, &ret->alias_count);
    ret->previous_address_count = count_take(&in);
    ret->previous_addresses = mem_new((ret->previous_address_count + 1) * sizeof(char *));
    for (size_t i = 0; i < ret->previous_address_count; i++)
        ret->previous_addresses[i] = wire_text(&in, TEXT_MOST);
    return wire_end(&in);
}

static void person_encode(const struct person *person, struct buf *out) {
    texts_put(person, person_texts, COUNT(person_texts), out);
    wire_put_u8(out, (uint8_t)person->role);
    wire_put_u8(out, (uint8_t)person->consent);
    wire_put_u8(out, person->in_household);
    wire_put_u8(out, person->confidential);
    wire_put_u32(out, (uint32_t)person->born);
    aliases_put(person->aliases, person->alias_count, out);
}

static int person_decode(struct view bytes, struct person *ret) {
    struct wire_reader in = wire_reader(bytes);
    texts_take(&in, person_texts, COUNT(person_texts), ret);
    ret->role = (enum role)wire_u8(&in);
    ret->consent = (enum consent)wire_u8(&in);
    ret->in_household = wire_u8(&in);
    ret->confidential = wire_u8(&in);
    ret->born = (int32_t)wire_u32(&in);
    ret->aliases = aliases_take(&in, &ret->alias_count);
    return wire_end(&in);
}

/* One child with the people linked to it. */
struct save {
    struct store *store;
    const uint8_t *key;
    int64_t added, changed;
};

static int child_unchanged(struct save *save, int64_t id, struct view plain) {
    struct rows *rows = db_query(save->store->db, "SELECT sealed FROM child WHERE id = ?", "i", id);
    struct buf old = {0};
    int same = rows_next(rows) > 0 && seal_open(save->key, "child", rows_bytes(rows, 0), &old) == 0 &&
               view_equal(buf_view(&old), plain);
    rows_end(&rows);
    buf_wipe(&old);
    return same;
}

static int child_save(struct save *save, const struct child *child, int64_t *ret_id) {
    uint8_t token[STORE_HASH_BYTES];
    struct buf plain = {0}, sealed = {0};
    struct db *db = save->store->db;
    int64_t id = 0;
    if (!child_fits(child))
        return ERR_TOO_LARGE;
    store_token(save->store, child->council_id, token);
    child_encode(child, &plain);
    seal_bytes(save->key, "child", buf_view(&plain), &sealed);
    int err = db_int(db, &id, "SELECT id FROM child WHERE token = ?", "b", view_of(token, sizeof token));
    if (err == ERR_NOT_FOUND) {
        err = db_run(db, "INSERT INTO child(token, sealed) VALUES(?, ?)", "bb", view_of(token, sizeof token), buf_view(&sealed));
        id = db_last_id(db);
        save->added++;
    } else if (!err && !child_unchanged(save, id, buf_view(&plain))) {
        err = db_run(db, "UPDATE child SET sealed = ? WHERE id = ?", "bi", buf_view(&sealed), id);
        save->changed++;
    }
    buf_wipe(&plain);
    buf_drop(&sealed);
    *ret_id = id;
    return err;
}

static int persons_save(struct save *save, const struct people *people, const struct child *child, int64_t id) {
    size_t count;
    const struct person *persons = people_of_child(people, child->id, &count);
    int err = db_run(save->store->db, "DELETE FROM person WHERE child_id = ?", "i", id);
    for (size_t i = 0; i < count && !err; i++) {
        struct buf plain = {0}, sealed = {0};
        if (!person_fits(&persons[i]))
            return ERR_TOO_LARGE;
        person_encode(&persons[i], &plain);
        seal_bytes(save->key, "person", buf_view(&plain), &sealed);
        err = db_run(save->store->db, "INSERT INTO person(child_id, sealed) VALUES(?, ?)", "ib", id, buf_view(&sealed));
        buf_wipe(&plain);
        buf_drop(&sealed);
    }
    return err;
}

int people_save(struct store *store, const struct people *people, int64_t *ret_added, int64_t *ret_changed) {
    uint8_t key[STORE_KEY_BYTES];
    int64_t key_id, version = 0;
    int err = seal_key_of(store, "register", 0, &key_id, key);
    struct save save = {.store = store, .key = key};
    for (size_t i = 0; i < people->child_count && !err; i++) {
        int64_t id;
        err = child_save(&save, &people->children[i], &id);
        if (!err)
            err = persons_save(&save, people, &people->children[i], id);
    }
    sodium_memzero(key, sizeof key);
    if (!err)
        err = store_meta(store, "register", &version);
    if (!err)
        err = store_meta_set(store, "register", version + 1);
    if (!err) {
        *ret_added = save.added;
        *ret_changed = save.changed;
    }
    return err;
}

static int children_load(struct store *store, const uint8_t key[STORE_KEY_BYTES], struct people *people) {
    struct rows *rows = db_query(store->db, "SELECT id, sealed FROM child ORDER BY id", "");
    size_t room = 0;
    int err = 0;
    while (!err && rows_next(rows) > 0) {
        struct buf plain = {0};
        if (people->child_count == room)
            people->children = mem_grow(people->children, room = room ? room * 2 : 256, sizeof *people->children);
        struct child *child = &people->children[people->child_count];
        *child = (struct child){.id = rows_int(rows, 0)};
        err = seal_open(key, "child", rows_bytes(rows, 1), &plain);
        if (!err) {
            people->child_count++;
            err = child_decode(buf_view(&plain), child);
        }
        buf_wipe(&plain);
    }
    int err2 = rows_end(&rows);
    return err ? err : err2;
}

static int persons_load(struct store *store, const uint8_t key[STORE_KEY_BYTES], struct people *people) {
    struct rows *rows = db_query(store->db, "SELECT child_id, sealed FROM person ORDER BY child_id, id", "");
    size_t room = 0;
    int err = 0;
    while (!err && rows_next(rows) > 0) {
        struct buf plain = {0};
        if (people->person_count == room)
            people->persons = mem_grow(people->persons, room = room ? room * 2 : 1024, sizeof *people->persons);
        struct person *person = &people->persons[people->person_count];
        *person = (struct person){.child_id = rows_int(rows, 0)};
        err = seal_open(key, "person", rows_bytes(rows, 1), &plain);
        if (!err) {
            people->person_count++;
            err = person_decode(buf_view(&plain), person);
        }
        buf_wipe(&plain);
    }
    int err2 = rows_end(&rows);
    return err ? err : err2;
}

int people_load(struct store *store, struct people **ret) {
    uint8_t key[STORE_KEY_BYTES] = {0};
    int64_t key_id;
    struct people *people = mem_new(sizeof *people);
    int64_t version = 0;
    int err = store_meta(store, "register", &version);
    if (!err && version)
        err = seal_key_of(store, "register", 0, &key_id, key);
    if (!err)
        err = children_load(store, key, people);
    if (!err)
        err = persons_load(store, key, people);
    sodium_memzero(key, sizeof key);
    if (err)
        people_drop(&people);
    else
        *ret = people;
    return err;
}

int people_child_id(struct store *store, const char *council_id, int64_t *ret) {
    uint8_t token[STORE_HASH_BYTES];
    store_token(store, council_id, token);
    return db_int(store->db, ret, "SELECT id FROM child WHERE token = ?", "b", view_of(token, sizeof token));
}
