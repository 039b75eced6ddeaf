#include "store/people_rows.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/wire.h"
#include "store/alias_rows.h"
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

static char *text_take(struct wire_reader *in, struct people *people) {
    struct view text = wire_bytes(in, TEXT_MOST);
    return text_pool_put(people->texts, (const char *)text.data, text.len);
}

static void texts_take(struct wire_reader *in, struct people *people, const size_t *texts, size_t count, void *thing) {
    for (size_t i = 0; i < count; i++)
        *(char **)((char *)thing + texts[i]) = text_take(in, people);
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

static struct alias *aliases_take(struct wire_reader *in, struct people *people, size_t *ret_count) {
    size_t n = count_take(in);
    struct alias *list = n ? text_pool_room(people->texts, n * sizeof *list) : NULL;
    for (size_t i = 0; i < n; i++) {
        list[i].name = text_take(in, people);
        list[i].kind = text_take(in, people);
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

static int child_decode(struct view bytes, struct people *people, struct child *ret) {
    struct wire_reader in = wire_reader(bytes);
    texts_take(&in, people, child_texts, COUNT(child_texts), ret);
    ret->born = (int32_t)wire_u32(&in);
    ret->aliases = aliases_take(&in, people, &ret->alias_count);
    ret->previous_address_count = count_take(&in);
    ret->previous_addresses = text_pool_room(people->texts, (ret->previous_address_count + 1) * sizeof(char *));
    for (size_t i = 0; i < ret->previous_address_count; i++)
        ret->previous_addresses[i] = text_take(&in, people);
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

static void person_take(struct wire_reader *in, struct people *people, struct person *ret) {
    texts_take(in, people, person_texts, COUNT(person_texts), ret);
    ret->role = (enum role)wire_u8(in);
    ret->consent = (enum consent)wire_u8(in);
    ret->in_household = wire_u8(in);
    ret->confidential = wire_u8(in);
    ret->born = (int32_t)wire_u32(in);
    ret->aliases = aliases_take(in, people, &ret->alias_count);
}

/* ---- saving */

/* One child with the people linked to it. */
struct save {
    struct store *store;
    const struct people *people;
    const struct people_save_order *order;
    struct register_change *change;
    const uint8_t *key;
    int64_t now;
    int64_t *ids; /* of the children's rows, by their place */
};

/* What is sealed there, in the clear. What is damaged is mended by what the new extract says. */
static int row_open(const struct save *save, const char *sql, int64_t id, const char *context, struct buf *out, bool *ret_damaged) {
    struct rows *rows = db_query(save->store->db, sql, "i", id);
    int err = rows_next(rows) > 0 ? seal_open(save->key, context, rows_bytes(rows, 0), out) : ERR_NOT_FOUND;
    int err2 = rows_end(&rows);
    *ret_damaged = err == ERR_SEAL;
    return err2 ? err2 : *ret_damaged ? 0 : err;
}

static int child_insert(struct save *save, struct view token, struct view sealed, int64_t *ret_id) {
    int err = db_run(save->store->db, "INSERT INTO child(token, sealed) VALUES(?, ?)", "bb", token, sealed);
    *ret_id = db_last_id(save->store->db);
    return err;
}

/* What the register said before is kept: names and addresses of then go on to be known. */
static int child_update(struct save *save, int64_t id, struct view sealed, bool damaged) {
    int err = damaged ? 0 : db_run(save->store->db, "INSERT INTO child_history(child_id, until, sealed) SELECT id, ?, sealed FROM child WHERE id = ?", "ii", save->now, id);
    return err ? err : db_run(save->store->db, "UPDATE child SET sealed = ? WHERE id = ?", "bi", sealed, id);
}

static int child_save(struct save *save, const struct child *child, int64_t *ret_id, bool *ret_added, bool *ret_changed) {
    uint8_t token[STORE_HASH_BYTES];
    struct buf plain = {0}, sealed = {0}, old = {0};
    int64_t left = 0;
    store_token(save->store, child->council_id, token);
    child_encode(child, &plain);
    struct rows *rows = db_query(save->store->db, "SELECT id, ifnull(left_at, 0) FROM child WHERE token = ?", "b", view_of(token, sizeof token));
    *ret_added = rows_next(rows) <= 0;
    *ret_id = *ret_added ? 0 : rows_int(rows, 0);
    left = *ret_added ? 0 : rows_int(rows, 1);
    int err = rows_end(&rows);
    bool damaged = false;
    if (!err && !*ret_added)
        err = row_open(save, "SELECT sealed FROM child WHERE id = ?", *ret_id, "child", &old, &damaged);
    *ret_changed = !err && !*ret_added && (damaged || !view_equal(buf_view(&old), buf_view(&plain)));
    if (!err && (*ret_added || *ret_changed)) {
        seal_bytes(save->key, "child", buf_view(&plain), &sealed);
        err = *ret_added ? child_insert(save, view_of(token, sizeof token), buf_view(&sealed), ret_id)
                         : child_update(save, *ret_id, buf_view(&sealed), damaged);
    }
    if (!err && left) {
        err = db_run(save->store->db, "UPDATE child SET left_at = NULL WHERE id = ?", "i", *ret_id);
        save->change->returned++;
    }
    buf_wipe(&plain);
    buf_wipe(&old);
    buf_drop(&sealed);
    return err;
}

/* All people of a child are sealed together, one behind the other. */
static int persons_save(struct save *save, const struct child *child, int64_t id, bool *ret_changed) {
    size_t count;
    const struct person *persons = people_of_child(save->people, child->id, &count);
    struct buf plain = {0}, sealed = {0}, old = {0};
    int64_t rows = 0;
    bool damaged = false;
    for (size_t i = 0; i < count; i++)
        person_encode(&persons[i], &plain);
    int err = db_int(save->store->db, &rows, "SELECT count(*) FROM person WHERE child_id = ?", "i", id);
    if (!err && rows == 1)
        err = row_open(save, "SELECT sealed FROM person WHERE child_id = ?", id, "person", &old, &damaged);
    bool same = !damaged && rows == (count > 0) && view_equal(buf_view(&old), buf_view(&plain));
    if (!err && !same && rows)
        err = db_run(save->store->db, "DELETE FROM person WHERE child_id = ?", "i", id);
    if (!err && !same && count) {
        seal_bytes(save->key, "person", buf_view(&plain), &sealed);
        err = db_run(save->store->db, "INSERT INTO person(child_id, sealed) VALUES(?, ?)", "ib", id, buf_view(&sealed));
    }
    *ret_changed = !same;
    buf_wipe(&plain);
    buf_wipe(&old);
    buf_drop(&sealed);
    return err;
}

static int one_save(struct save *save, size_t place) {
    const struct child *child = &save->people->children[place];
    bool added = false, changed = false, others = false;
    size_t count;
    const struct person *persons = people_of_child(save->people, child->id, &count);
    bool fit = child_fits(child);
    for (size_t i = 0; i < count; i++)
        fit &= person_fits(&persons[i]) != 0;
    if (!fit)
        return ERR_TOO_LARGE;
    int err = child_save(save, child, &save->ids[place], &added, &changed);
    if (!err && save->order->with_people)
        err = persons_save(save, child, save->ids[place], &others);
    save->change->added += added;
    if (!added && (changed || others)) {
        struct register_change *change = save->change;
        if (change->changed % 256 == 0)
            change->changed_ids = mem_grow(change->changed_ids, (size_t)change->changed + 256, sizeof *change->changed_ids);
        change->changed_ids[change->changed++] = save->ids[place];
    }
    save->change->same += !added && !changed && !others;
    return err;
}

static int id_order(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Children that are no longer in the extract stay in the register, and are said to have left. */
static int left_mark(struct save *save) {
    size_t count = save->people->child_count, gone_count = 0;
    int64_t *gone = NULL;
    qsort(save->ids, count, sizeof *save->ids, id_order);
    struct rows *rows = db_query(save->store->db, "SELECT id FROM child WHERE left_at IS NULL", "");
    while (rows_next(rows) > 0) {
        int64_t id = rows_int(rows, 0);
        if (bsearch(&id, save->ids, count, sizeof *save->ids, id_order))
            continue;
        if (gone_count % 1024 == 0)
            gone = mem_grow(gone, gone_count + 1024, sizeof *gone);
        gone[gone_count++] = id;
    }
    int err = rows_end(&rows);
    for (size_t i = 0; i < gone_count && !err; i++)
        err = db_run(save->store->db, "UPDATE child SET left_at = ? WHERE id = ?", "ii", save->now, gone[i]);
    save->change->left = (int64_t)gone_count;
    free(gone);
    return err;
}

int people_save(struct store *store, const struct people *people, const struct people_save_order *order, struct register_change *ret) {
    uint8_t key[STORE_KEY_BYTES];
    int64_t key_id, version = 0;
    *ret = (struct register_change){0};
    struct save save = {.store = store, .people = people, .order = order, .change = ret, .key = key, .now = clock_now(),
                        .ids = mem_new((people->child_count + 1) * sizeof *save.ids)};
    int err = seal_key_of(store, "register", 0, &key_id, key);
    for (size_t i = 0; i < people->child_count && !err; i++) {
        err = one_save(&save, i);
        if (order->progress)
            order->progress(order->state, i + 1, people->child_count);
    }
    sodium_memzero(key, sizeof key);
    if (!err && !order->partial)
        err = left_mark(&save);
    if (!err)
        err = store_meta(store, "register", &version);
    if (!err)
        err = store_meta_set(store, "register", version + 1);
    free(save.ids);
    return err;
}

/* ---- loading */

static int children_load(struct store *store, const uint8_t key[STORE_KEY_BYTES], struct people *people) {
    struct rows *rows = db_query(store->db, "SELECT id, sealed, left_at IS NOT NULL FROM child ORDER BY id", "");
    struct buf plain = {0};
    int err = 0;
    while (!err && rows_next(rows) > 0) {
        if (people->child_count % 1024 == 0)
            people->children = mem_grow(people->children, people->child_count + 1024, sizeof *people->children);
        struct child *child = &people->children[people->child_count++];
        *child = (struct child){.id = rows_int(rows, 0), .left = rows_int(rows, 2)};
        buf_reset(&plain);
        err = seal_open(key, "child", rows_bytes(rows, 1), &plain);
        if (!err)
            err = child_decode(buf_view(&plain), people, child);
    }
    buf_wipe(&plain);
    int err2 = rows_end(&rows);
    return err ? err : err2;
}

static void alias_add(struct people *people, struct child *child, const char *name, const char *kind) {
    for (size_t i = 0; i < child->alias_count; i++)
        if (strcmp(child->aliases[i].name, name) == 0)
            return;
    struct alias *more = text_pool_room(people->texts, (child->alias_count + 1) * sizeof *more);
    if (child->alias_count)
        memcpy(more, child->aliases, child->alias_count * sizeof *more);
    more[child->alias_count++] = (struct alias){people_text(people, name), people_text(people, kind)};
    child->aliases = more;
}

static void alias_keep(struct people *people, struct child *child, const struct child *was) {
    char *name = mem_print("%s %s", was->forenames, was->surname);
    if (strcmp(was->forenames, child->forenames) != 0 || strcmp(was->surname, child->surname) != 0)
        alias_add(people, child, name, "name in an earlier register");
    free(name);
}

static int alias_taken(void *state, int64_t id, int64_t child_id, int64_t document_id, const char *name) {
    (void)id;
    (void)document_id;
    struct people *people = state;
    struct child *child = (struct child *)(uintptr_t)people_child(people, child_id);
    if (child)
        alias_add(people, child, name, "called so in documents");
    return 0;
}

static void address_keep(struct people *people, struct child *child, const struct child *was) {
    char *line = mem_print("%s %s, %s, %s", was->house, was->street, was->town, was->postcode);
    bool known = !*was->street || (strcmp(was->house, child->house) == 0 && strcmp(was->street, child->street) == 0 && strcmp(was->postcode, child->postcode) == 0);
    for (size_t i = 0; i < child->previous_address_count; i++)
        known |= strcmp(child->previous_addresses[i], line) == 0;
    if (!known) {
        char **more = text_pool_room(people->texts, (child->previous_address_count + 1) * sizeof *more);
        if (child->previous_address_count)
            memcpy(more, child->previous_addresses, child->previous_address_count * sizeof *more);
        more[child->previous_address_count++] = people_text(people, line);
        child->previous_addresses = more;
    }
    free(line);
}

/* Names and addresses of earlier registers: the child is known by them still. */
static int history_load(struct store *store, const uint8_t key[STORE_KEY_BYTES], struct people *people) {
    struct rows *rows = db_query(store->db, "SELECT child_id, sealed FROM child_history ORDER BY child_id, id DESC", "");
    int err = 0;
    while (!err && rows_next(rows) > 0) {
        struct child was = {0}, *child = (struct child *)(uintptr_t)people_child(people, rows_int(rows, 0));
        struct buf plain = {0};
        err = seal_open(key, "child", rows_bytes(rows, 1), &plain);
        if (!err)
            err = child_decode(buf_view(&plain), people, &was);
        if (!err && child) {
            alias_keep(people, child, &was);
            address_keep(people, child, &was);
        }
        buf_wipe(&plain);
    }
    int err2 = rows_end(&rows);
    return err ? err : err2;
}

/* In stores of before each person had a row of its own: that is a list of one. */
static int persons_decode(struct view bytes, int64_t child_id, struct people *people) {
    struct wire_reader in = wire_reader(bytes);
    while (in.left.len && !in.err) {
        if (people->person_count % 4096 == 0)
            people->persons = mem_grow(people->persons, people->person_count + 4096, sizeof *people->persons);
        struct person *person = &people->persons[people->person_count++];
        *person = (struct person){.child_id = child_id};
        person_take(&in, people, person);
    }
    return wire_end(&in);
}

static int persons_load(struct store *store, const uint8_t key[STORE_KEY_BYTES], struct people *people) {
    struct rows *rows = db_query(store->db, "SELECT child_id, sealed FROM person ORDER BY child_id, id", "");
    struct buf plain = {0};
    int err = 0;
    while (!err && rows_next(rows) > 0) {
        buf_reset(&plain);
        err = seal_open(key, "person", rows_bytes(rows, 1), &plain);
        if (!err)
            err = persons_decode(buf_view(&plain), rows_int(rows, 0), people);
    }
    buf_wipe(&plain);
    int err2 = rows_end(&rows);
    return err ? err : err2;
}

int people_load(struct store *store, struct people **ret) {
    uint8_t key[STORE_KEY_BYTES] = {0};
    int64_t key_id;
    struct people *people = people_new();
    int64_t version = 0;
    int err = store_meta(store, "register", &version);
    if (!err && version)
        err = seal_key_of(store, "register", 0, &key_id, key);
    if (!err)
        err = children_load(store, key, people);
    if (!err)
        err = history_load(store, key, people);
    if (!err && version)
        err = alias_each(store, "taken", alias_taken, people);
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
