/* Reads the two CSV extracts of the register (RFC 4180: fields in double quotes may hold commas, line ends
 * and doubled quotes). Columns are found by their names, so their order does not matter and unknown ones are
 * passed over. */
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "store/people.h"
#include "store/people_text.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define FIELDS_MOST 64

struct table {
    const char *at; /* where the next row begins */
    size_t line;    /* of the row that was read, from 1 */
    size_t next_line;
    char **names; /* of the columns */
    size_t name_count;
    struct buf text; /* the fields of the row, each ended by 0 */
    size_t starts[FIELDS_MOST];
    size_t field_count;
};

/* One field into table->text; *ret_end tells whether it was the row's last. ERR_INPUT: a quote that never
 * closes. */
static int field_read(struct table *t, bool *ret_end) {
    const char *p = t->at;
    bool quoted = *p == '"';
    if (quoted)
        p++;
    for (; *p; p++) {
        if (quoted && p[0] == '"' && p[1] == '"')
            p++;
        else if (quoted && *p == '"') {
            quoted = false;
            continue;
        } else if (!quoted && (*p == ',' || *p == '\n' || (*p == '\r' && p[strspn(p, "\r")] == '\n')))
            break;
        if (*p == '\n')
            t->next_line++;
        buf_add_byte(&t->text, (uint8_t)*p);
    }
    buf_add_byte(&t->text, 0);
    if (quoted)
        return ERR_INPUT;
    *ret_end = *p != ',';
    p += strspn(p, "\r");
    if (*p == '\n')
        t->next_line++;
    t->at = *p ? p + 1 : p;
    return 0;
}

/* 1 when a row was read, 0 at the end, or ERR_INPUT. */
static int row_read(struct table *t) {
    while (*t->at == '\n' || *t->at == '\r')
        t->next_line += *t->at++ == '\n';
    if (!*t->at)
        return 0;
    buf_reset(&t->text);
    t->field_count = 0;
    t->line = t->next_line;
    for (bool end = false; !end;) {
        if (t->field_count == FIELDS_MOST)
            return ERR_INPUT;
        t->starts[t->field_count++] = t->text.len;
        int err = field_read(t, &end);
        if (err)
            return err;
    }
    return 1;
}

static const char *field(const struct table *t, size_t column) {
    return column < t->field_count ? (const char *)t->text.data + t->starts[column] : "";
}

static void table_drop(struct table *t) {
    for (size_t i = 0; i < t->name_count; i++)
        free(t->names[i]);
    free(t->names);
    buf_drop(&t->text);
}

/* Passes over a byte order mark and the notice, reads the column names. */
static int table_open(struct table *t, const char *csv) {
    *t = (struct table){.at = csv, .next_line = 1};
    if (strncmp(t->at, "\xEF\xBB\xBF", 3) == 0)
        t->at += 3;
    while (*t->at == '#') {
        t->at += strcspn(t->at, "\n");
        t->at += *t->at == '\n';
        t->next_line++;
    }
    int got = row_read(t);
    if (got != 1)
        return ERR_INPUT;
    t->names = mem_new(t->field_count * sizeof *t->names);
    for (size_t i = 0; i < t->field_count; i++)
        t->names[t->name_count++] = mem_text(field(t, i));
    return 0;
}

static size_t column_of(const struct table *t, const char *name) {
    for (size_t i = 0; i < t->name_count; i++)
        if (strcasecmp(t->names[i], name) == 0)
            return i;
    return SIZE_MAX;
}

/* "Hope Thompson (previous surname)|Izzy (known as)" */
static struct alias *aliases_read(const char *text, size_t *ret_count) {
    struct alias *list = NULL;
    size_t count = 0;
    while (*text) {
        size_t len = strcspn(text, "|");
        char *part = mem_text_part(text, len);
        char *open = strrchr(part, '('), *close = open ? strchr(open, ')') : NULL;
        if (open && close && open > part) {
            *close = 0;
            *open = 0;
        } else
            open = NULL;
        for (size_t end = strlen(part); end > 0 && part[end - 1] == ' '; end--)
            part[end - 1] = 0;
        if (*part) {
            list = mem_grow(list, count + 1, sizeof *list);
            list[count++] = (struct alias){people_text(part), people_text(open ? open + 1 : "")};
        }
        free(part);
        text += len + (text[len] == '|');
    }
    *ret_count = count;
    return list;
}

static char **lines_read(const char *text, size_t *ret_count) {
    char **list = NULL;
    size_t count = 0;
    while (*text) {
        size_t len = strcspn(text, "|");
        if (len) {
            char *part = mem_text_part(text, len);
            list = mem_grow(list, count + 1, sizeof *list);
            list[count++] = part;
        }
        text += len + (text[len] == '|');
    }
    *ret_count = count;
    return list;
}

enum child_column {
    C_COUNCIL,
    C_NHS,
    C_UPN,
    C_FORENAMES,
    C_SURNAME,
    C_AKA,
    C_BORN,
    C_SEX,
    C_HOUSE,
    C_STREET,
    C_TOWN,
    C_POSTCODE,
    C_PREVIOUS,
    C_SCHOOL,
    C_STATUS,
    C_LEGAL,
    C_FAMILY,
    C_COUNT
};
static const char *const child_columns[C_COUNT] = {
    "council_id",         "nhs_number", "upn",    "forenames",    "surname",  "also_known_as",
    "date_of_birth",      "sex",        "house",  "street",       "town",     "postcode",
    "previous_addresses", "school",     "status", "legal_status", "family_id"};

enum person_column {
    P_COUNCIL,
    P_ID,
    P_RELATION,
    P_ROLE,
    P_TITLE,
    P_FORENAMES,
    P_SURNAME,
    P_AKA,
    P_BORN,
    P_SEX,
    P_PHONE,
    P_ADDRESS,
    P_EMAIL,
    P_ORGANISATION,
    P_HOUSEHOLD,
    P_CONSENT,
    P_CONFIDENTIAL,
    P_SIBLING,
    P_COUNT
};
static const char *const person_columns[P_COUNT] = {"council_id",    "person_id",
                                                    "relation",      "role",
                                                    "title",         "forenames",
                                                    "surname",       "also_known_as",
                                                    "date_of_birth", "sex",
                                                    "phone",         "address",
                                                    "email",         "organisation",
                                                    "in_household",  "consent_to_share",
                                                    "confidential",  "sibling_council_id"};

static int32_t born_read(const char *text, char **ret_wrong) {
    int32_t born = *text ? date_from_iso(text) : DATE_NONE;
    if (*text && born == DATE_NONE && !*ret_wrong)
        *ret_wrong = mem_text("date_of_birth is not a date such as 2011-03-12");
    return born;
}

static void child_read(const struct table *t, const size_t at[C_COUNT], struct child *ret, char **ret_wrong) {
#define TEXT(column) people_text(field(t, at[column]))
    *ret = (struct child){.council_id = TEXT(C_COUNCIL),
                          .nhs_number = TEXT(C_NHS),
                          .upn = TEXT(C_UPN),
                          .forenames = TEXT(C_FORENAMES),
                          .surname = TEXT(C_SURNAME),
                          .born = born_read(field(t, at[C_BORN]), ret_wrong),
                          .sex = TEXT(C_SEX),
                          .house = TEXT(C_HOUSE),
                          .street = TEXT(C_STREET),
                          .town = TEXT(C_TOWN),
                          .postcode = TEXT(C_POSTCODE),
                          .school = TEXT(C_SCHOOL),
                          .status = TEXT(C_STATUS),
                          .legal_status = TEXT(C_LEGAL),
                          .family_id = TEXT(C_FAMILY)};
    ret->aliases = aliases_read(field(t, at[C_AKA]), &ret->alias_count);
    ret->previous_addresses = lines_read(field(t, at[C_PREVIOUS]), &ret->previous_address_count);
    if (!*ret->council_id && !*ret_wrong)
        *ret_wrong = mem_text("council_id is empty");
}

static void person_read(const struct table *t, const size_t at[P_COUNT], struct person *ret,
                        char **ret_wrong) {
    *ret = (struct person){.person_id = TEXT(P_ID),
                           .relation = TEXT(P_RELATION),
                           .role = ROLE_UNKNOWN,
                           .title = TEXT(P_TITLE),
                           .forenames = TEXT(P_FORENAMES),
                           .surname = TEXT(P_SURNAME),
                           .born = born_read(field(t, at[P_BORN]), ret_wrong),
                           .sex = TEXT(P_SEX),
                           .phone = TEXT(P_PHONE),
                           .address = TEXT(P_ADDRESS),
                           .email = TEXT(P_EMAIL),
                           .organisation = TEXT(P_ORGANISATION),
                           .in_household = strcmp(field(t, at[P_HOUSEHOLD]), "yes") == 0,
                           .confidential = strcmp(field(t, at[P_CONFIDENTIAL]), "yes") == 0,
                           .sibling_council_id = TEXT(P_SIBLING)};
#undef TEXT
    const char *consent = field(t, at[P_CONSENT]), *role = field(t, at[P_ROLE]);
    ret->consent = strcmp(consent, "yes") == 0  ? CONSENT_YES
                   : strcmp(consent, "no") == 0 ? CONSENT_NO
                                                : CONSENT_UNKNOWN;
    ret->aliases = aliases_read(field(t, at[P_AKA]), &ret->alias_count);
    if (*role && role_from_text(role, &ret->role) != 0 && !*ret_wrong)
        *ret_wrong = mem_text("role is not one that is known");
}

static int fail(const struct table *t, char *wrong, char **ret_where) {
    *ret_where = mem_print("line %zu: %s", t->line ? t->line : t->next_line, wrong);
    free(wrong);
    return ERR_INPUT;
}

/* Finds the columns; without id and name a row says nothing, and without what tells the two files apart one would be taken for the other. */
static void columns_find(struct table *t, const char *const *names, size_t count, size_t *at) {
    for (size_t i = 0; i < count; i++)
        at[i] = column_of(t, names[i]);
}

static bool columns_there(const struct table *t, const char *const *needed) {
    for (; *needed; needed++)
        if (column_of(t, *needed) == SIZE_MAX)
            return false;
    return true;
}

/* The council ids, sorted, with the place of the child. */
struct council_id {
    const char *text;
    size_t child;
};

static int council_id_order(const void *a, const void *b) {
    return strcmp(((const struct council_id *)a)->text, ((const struct council_id *)b)->text);
}

static int children_read(struct table *t, struct people *people, char **ret_where) {
    size_t at[C_COUNT], room = 0;
    static const char *const needed[] = {"council_id", "forenames", "surname", "date_of_birth", NULL};
    if (!columns_there(t, needed) || column_of(t, "person_id") != SIZE_MAX)
        return fail(t, mem_text("the file of children needs the columns council_id, forenames, surname and date_of_birth, with commas between,"
                                " and no person_id"), ret_where);
    columns_find(t, child_columns, C_COUNT, at);
    int got;
    while ((got = row_read(t)) == 1) {
        char *wrong = NULL;
        if (people->child_count == room)
            people->children =
                mem_grow(people->children, room = room ? room * 2 : 256, sizeof *people->children);
        struct child *child = &people->children[people->child_count++];
        child_read(t, at, child, &wrong);
        child->id = (int64_t)people->child_count;
        if (wrong)
            return fail(t, wrong, ret_where);
    }
    return got < 0 ? fail(t, mem_text("a quoted field does not end, or there are too many fields"), ret_where)
                   : 0;
}

static int persons_read(struct table *t, struct people *people, const struct council_id *ids,
                        char **ret_where) {
    size_t at[P_COUNT], room = 0;
    static const char *const needed[] = {"council_id", "person_id", "role", "forenames", "surname", NULL};
    if (!columns_there(t, needed))
        return fail(t, mem_text("the file of people needs the columns council_id, person_id, role, forenames and surname, with commas between"),
                    ret_where);
    columns_find(t, person_columns, P_COUNT, at);
    int got;
    while ((got = row_read(t)) == 1) {
        char *wrong = NULL;
        struct council_id key = {field(t, at[P_COUNCIL]), 0};
        const struct council_id *hit =
            ids ? bsearch(&key, ids, people->child_count, sizeof *ids, council_id_order) : NULL;
        if (!hit)
            return fail(t, mem_text("council_id is not in the register"), ret_where);
        if (people->person_count == room)
            people->persons =
                mem_grow(people->persons, room = room ? room * 2 : 256, sizeof *people->persons);
        struct person *person = &people->persons[people->person_count++];
        person_read(t, at, person, &wrong);
        person->child_id = people->children[hit->child].id;
        if (wrong)
            return fail(t, wrong, ret_where);
    }
    return got < 0 ? fail(t, mem_text("a quoted field does not end, or there are too many fields"), ret_where)
                   : 0;
}

/* Puts the links in the order of the children, keeping the order of the file within a child: counted, then
 * placed. */
static void persons_sort(struct people *people) {
    size_t *starts = mem_new((people->child_count + 2) * sizeof *starts);
    struct person *sorted = mem_new((people->person_count + 1) * sizeof *sorted);
    for (size_t i = 0; i < people->person_count; i++)
        starts[people->persons[i].child_id + 1]++;
    for (size_t i = 1; i < people->child_count + 2; i++)
        starts[i] += starts[i - 1];
    for (size_t i = 0; i < people->person_count; i++)
        sorted[starts[people->persons[i].child_id]++] = people->persons[i];
    free(people->persons);
    free(starts);
    people->persons = sorted;
}

static struct council_id *council_ids_sorted(const struct people *people) {
    struct council_id *ids = mem_new((people->child_count + 1) * sizeof *ids);
    for (size_t i = 0; i < people->child_count; i++)
        ids[i] = (struct council_id){people->children[i].council_id, i};
    qsort(ids, people->child_count, sizeof *ids, council_id_order);
    return ids;
}

/* Two rows for one child would compete for its documents. */
static int council_ids_once(const struct council_id *ids, size_t count, char **ret_where) {
    for (size_t i = 1; i < count; i++)
        if (*ids[i].text && strcmp(ids[i].text, ids[i - 1].text) == 0) {
            size_t later = ids[i].child > ids[i - 1].child ? ids[i].child : ids[i - 1].child;
            *ret_where = mem_print("child %zu of the file has a council_id that another row has as well", later + 1);
            return ERR_INPUT;
        }
    return 0;
}

static int table_run(const char *csv, struct people *people, const struct council_id *ids, char **ret_where) {
    struct table t;
    int err = table_open(&t, csv);
    if (err)
        err = fail(&t, mem_text("there is no line of column names"), ret_where);
    else
        err = ids ? persons_read(&t, people, ids, ret_where) : children_read(&t, people, ret_where);
    table_drop(&t);
    return err;
}

int people_from_csv(const char *register_csv, const char *people_csv, struct people **ret, char **ret_where) {
    if (!text_is_utf8(view_text(register_csv)) || !text_is_utf8(view_text(people_csv))) {
        *ret_where = mem_text("the text is not UTF-8: save it as \"CSV UTF-8\"");
        return ERR_INPUT;
    }
    struct people *people = mem_new(sizeof *people);
    int err = table_run(register_csv, people, NULL, ret_where);
    if (!err) {
        struct council_id *ids = council_ids_sorted(people);
        err = council_ids_once(ids, people->child_count, ret_where);
        if (!err)
            err = table_run(people_csv, people, ids, ret_where);
        free(ids);
    }
    if (err) {
        people_drop(&people);
        return err;
    }
    persons_sort(people);
    *ret = people;
    return 0;
}
