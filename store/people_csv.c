/* The registers' two extracts. Unknown columns are passed over. */
#include "store/people_csv.h"

#include "base/check_digit.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "store/csv_table.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    TEXT_MOST = 2000,     /* bytes of a field */
    LIST_MOST = 100,      /* names or addresses in a field */
    COMPLAINTS_MOST = 100000,
    BORN_FROM = 1900,     /* the year */
    NOT_BORN_DAYS = 300,  /* an unborn child's expected date of birth */
};

/* One file while it is read. */
struct reader {
    struct csv_table table;
    enum register_file file;
    const struct people_csv_order *order;
    struct people *people;
    struct csv_report *report;
    size_t at[REGISTER_COLUMNS]; /* of the table's columns */
    bool reject;   /* the row that is being read */
};

static void complain(struct reader *r, bool reject, enum register_column column, const char *what) {
    struct csv_report *report = r->report;
    r->reject |= reject;
    if (report->count >= COMPLAINTS_MOST)
        return;
    if (report->count % 256 == 0)
        report->list = mem_grow(report->list, report->count + 256, sizeof *report->list);
    report->list[report->count++] = (struct csv_complaint){r->file, r->table.line, reject, column, what};
}

static int fatal(struct reader *r, char *what) {
    size_t line = r->table.line ? r->table.line : r->table.next_line;
    r->report->fatal = mem_print("line %zu: %s", line, what);
    r->report->fatal_file = r->file;
    free(what);
    return ERR_INPUT;
}

/* ---- fields */

/* Without spaces at both ends. */
static struct view field(const struct reader *r, enum register_column column) {
    const char *text = csv_table_field(&r->table, r->at[column]);
    text += strspn(text, " \t\r\n");
    size_t len = strlen(text);
    while (len && isspace((unsigned char)text[len - 1]))
        len--;
    return (struct view){(const uint8_t *)text, len};
}

static char *field_keep(struct reader *r, enum register_column column, struct view text) {
    if (text.len > TEXT_MOST) {
        complain(r, true, column, "is too long");
        text.len = 0;
    }
    return text_pool_put(r->people->texts, (const char *)text.data, text.len);
}

static char *text_of(struct reader *r, enum register_column column) {
    return field_keep(r, column, field(r, column));
}

static bool field_is(const struct reader *r, enum register_column column, const char *const *words) {
    struct view text = field(r, column);
    for (; *words; words++)
        if (strlen(*words) == text.len && strncasecmp(*words, (const char *)text.data, text.len) == 0)
            return true;
    return false;
}

static const char *const yes_words[] = {"yes", "y", "true", "1", NULL};
static const char *const no_words[] = {"no", "n", "false", "0", NULL};

/* 2011-03-12, 12/03/2011, 12-Mar-2011, with a time of day behind it or not. DATE_NONE: none of them. */
static int32_t date_of(const char *text) {
    static const char months[] = "janfebmaraprmayjunjulaugsepoctnovdec";
    int parts[3] = {0}, digits[3] = {0}, n = 0;
    for (const char *p = text; n < 3; n++) {
        if (n == 1 && isalpha((unsigned char)*p)) {
            char name[4] = {0};
            for (int i = 0; i < 3 && isalpha((unsigned char)p[i]); i++)
                name[i] = (char)tolower((unsigned char)p[i]);
            const char *at = strstr(months, name);
            if (strlen(name) != 3 || !at || (at - months) % 3)
                return DATE_NONE;
            parts[n] = (int)(at - months) / 3 + 1;
            p += strspn(p, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
        } else {
            for (; isdigit((unsigned char)*p) && digits[n] < 4; digits[n]++)
                parts[n] = parts[n] * 10 + *p++ - '0';
            if (!digits[n])
                return DATE_NONE;
        }
        if (n < 2 && !strchr("-/. ", *p))
            return DATE_NONE;
        if (n == 2 && *p && !strchr(" T", *p))
            return DATE_NONE;
        p += *p != 0;
    }
    int year = digits[0] == 4 ? parts[0] : parts[2], day = digits[0] == 4 ? parts[2] : parts[0];
    if ((digits[0] == 4) == (digits[2] == 4) || parts[1] < 1 || parts[1] > 12 || day < 1 || day > date_days_in_month(year, parts[1]))
        return DATE_NONE;
    return date_from(year, parts[1], day);
}

static int32_t born_of(struct reader *r) {
    struct view text = field(r, COLUMN_date_of_birth);
    char *part = mem_text_part((const char *)text.data, text.len);
    int32_t born = *part ? date_of(part) : DATE_NONE;
    if (*part && born == DATE_NONE)
        complain(r, true, COLUMN_date_of_birth, "is not a date such as 2011-03-12 or 12/03/2011");
    else if (born != DATE_NONE && (born > r->order->today + NOT_BORN_DAYS || born < date_from(BORN_FROM, 1, 1)))
        complain(r, true, COLUMN_date_of_birth, "is in the future, or before 1900");
    free(part);
    return born;
}

/* "Hope Thompson (previous surname)|Izzy (known as)" */
static struct alias *aliases_of(struct reader *r, size_t *ret_count) {
    struct view left = field(r, COLUMN_also_known_as);
    struct alias list[LIST_MOST];
    size_t count = 0;
    while (left.len) {
        const uint8_t *bar = memchr(left.data, '|', left.len);
        struct view part = {left.data, bar ? (size_t)(bar - left.data) : left.len}, kind = {0};
        left = bar ? (struct view){bar + 1, left.len - part.len - 1} : (struct view){0};
        const uint8_t *open = memrchr(part.data, '(', part.len), *close = open ? memchr(open, ')', part.len - (size_t)(open - part.data)) : NULL;
        if (close && open > part.data) {
            kind = (struct view){open + 1, (size_t)(close - open) - 1};
            part.len = (size_t)(open - part.data);
        }
        while (part.len && part.data[part.len - 1] == ' ')
            part.len--;
        if (part.len && count == LIST_MOST) {
            complain(r, false, COLUMN_also_known_as, "holds too many names; the rest was left out");
            break;
        }
        if (part.len)
            list[count++] = (struct alias){field_keep(r, COLUMN_also_known_as, part), field_keep(r, COLUMN_also_known_as, kind)};
    }
    *ret_count = count;
    struct alias *kept = count ? text_pool_room(r->people->texts, count * sizeof *kept) : NULL;
    if (count)
        memcpy(kept, list, count * sizeof *kept);
    return kept;
}

static char **lines_of(struct reader *r, enum register_column column, size_t *ret_count) {
    struct view left = field(r, column);
    char *list[LIST_MOST];
    size_t count = 0;
    while (left.len && count < LIST_MOST) {
        const uint8_t *bar = memchr(left.data, '|', left.len);
        struct view part = {left.data, bar ? (size_t)(bar - left.data) : left.len};
        left = bar ? (struct view){bar + 1, left.len - part.len - 1} : (struct view){0};
        if (part.len)
            list[count++] = field_keep(r, column, part);
    }
    if (left.len)
        complain(r, false, column, "holds too many; the rest was left out");
    *ret_count = count;
    char **kept = count ? text_pool_room(r->people->texts, count * sizeof *kept) : NULL;
    if (count)
        memcpy(kept, list, count * sizeof *kept);
    return kept;
}

/* ---- rows */

/* Without what parts its groups. A wrong one is worse than none: it would keep the child's own documents away. */
static char *nhs_of(struct reader *r) {
    struct view text = field(r, COLUMN_nhs_number);
    char digits[16];
    size_t n = 0;
    for (size_t i = 0; i < text.len && n + 1 < sizeof digits; i++)
        if (isdigit(text.data[i]))
            digits[n++] = (char)text.data[i];
    digits[n] = 0;
    bool right = nhs_number_is_valid(digits);
    if (text.len && !right)
        complain(r, false, COLUMN_nhs_number, "is not ten digits with a right check digit; it was left out");
    return text_pool_put(r->people->texts, digits, right ? n : 0);
}

static const char *field_named(void *state, const char *name) {
    const struct reader *r = state;
    return csv_table_field(&r->table, csv_table_column(&r->table, name));
}

static char *status_of(struct reader *r) {
    const char *first = register_map_first_yes(r->order->map, r->file, COLUMN_status, field_named, r);
    return first ? text_pool_put(r->people->texts, first, strlen(first)) : text_of(r, COLUMN_status);
}

static void child_read(struct reader *r, struct child *ret) {
    *ret = (struct child){.council_id = text_of(r, COLUMN_council_id),
                          .nhs_number = nhs_of(r),
                          .upn = text_of(r, COLUMN_upn),
                          .forenames = text_of(r, COLUMN_forenames),
                          .surname = text_of(r, COLUMN_surname),
                          .born = born_of(r),
                          .sex = text_of(r, COLUMN_sex),
                          .house = text_of(r, COLUMN_house),
                          .street = text_of(r, COLUMN_street),
                          .town = text_of(r, COLUMN_town),
                          .postcode = text_of(r, COLUMN_postcode),
                          .school = text_of(r, COLUMN_school),
                          .status = status_of(r),
                          .legal_status = text_of(r, COLUMN_legal_status),
                          .family_id = text_of(r, COLUMN_family_id)};
    ret->aliases = aliases_of(r, &ret->alias_count);
    ret->previous_addresses = lines_of(r, COLUMN_previous_addresses, &ret->previous_address_count);
    if (!*ret->council_id)
        complain(r, true, COLUMN_council_id, "is empty");
    if (!*ret->forenames && !*ret->surname)
        complain(r, true, COLUMN_surname, "is empty, and forenames too");
}

static void person_read(struct reader *r, struct person *ret) {
    *ret = (struct person){.person_id = text_of(r, COLUMN_person_id),
                           .relation = text_of(r, COLUMN_relation),
                           .role = ROLE_UNKNOWN,
                           .title = text_of(r, COLUMN_title),
                           .forenames = text_of(r, COLUMN_forenames),
                           .surname = text_of(r, COLUMN_surname),
                           .born = born_of(r),
                           .sex = text_of(r, COLUMN_sex),
                           .phone = text_of(r, COLUMN_phone),
                           .address = text_of(r, COLUMN_address),
                           .email = text_of(r, COLUMN_email),
                           .organisation = text_of(r, COLUMN_organisation),
                           .in_household = field_is(r, COLUMN_in_household, yes_words),
                           .confidential = field_is(r, COLUMN_confidential, yes_words),
                           .sibling_council_id = text_of(r, COLUMN_sibling_council_id)};
    ret->consent = field_is(r, COLUMN_consent_to_share, yes_words)  ? CONSENT_YES
                   : field_is(r, COLUMN_consent_to_share, no_words) ? CONSENT_NO
                                                               : CONSENT_UNKNOWN;
    ret->aliases = aliases_of(r, &ret->alias_count);
    char *role = text_of(r, COLUMN_role);
    if (*role && role_from_text(role, &ret->role) != 0)
        complain(r, true, COLUMN_role, "is none of family, third_party, professional, other_child, unknown");
    if (!*ret->forenames && !*ret->surname)
        complain(r, true, COLUMN_surname, "is empty, and forenames too");
}

/* ---- files */

/* The council ids, sorted, with the place of the child. */
struct council_id {
    const char *text;
    size_t child;
};

static int council_id_order(const void *a, const void *b) {
    const struct council_id *x = a, *y = b;
    int order = strcmp(x->text, y->text);
    return order ? order : (x->child > y->child) - (x->child < y->child);
}

static int council_id_find(const void *a, const void *b) {
    return strcmp(((const struct council_id *)a)->text, ((const struct council_id *)b)->text);
}

static char *columns_missing(const struct reader *r, const enum register_column *needed, size_t count) {
    struct buf list = {0};
    for (size_t i = 0; i < count; i++)
        if (r->at[needed[i]] == CSV_NONE) {
            buf_add_text(&list, list.len ? ", " : "");
            buf_add_text(&list, register_map_column(r->order->map, r->file, needed[i]));
        }
    char *text = list.len ? mem_text(buf_text(&list)) : NULL;
    buf_drop(&list);
    return text;
}

/* Without id and name a row says nothing, and without what tells the two files apart one would be taken for the other. */
static int columns_find(struct reader *r) {
    static const enum register_column child_needs[] = {COLUMN_council_id, COLUMN_forenames, COLUMN_surname, COLUMN_date_of_birth};
    static const enum register_column person_needs[] = {COLUMN_council_id, COLUMN_person_id, COLUMN_role, COLUMN_forenames, COLUMN_surname};
    bool children = r->file == REGISTER_CHILDREN;
    for (enum register_column i = 0; i < REGISTER_COLUMNS; i++)
        r->at[i] = register_column_is_in(i, r->file) ? csv_table_column(&r->table, register_map_column(r->order->map, r->file, i)) : CSV_NONE;
    char *missing = children ? columns_missing(r, child_needs, sizeof child_needs / sizeof *child_needs)
                             : columns_missing(r, person_needs, sizeof person_needs / sizeof *person_needs);
    if (missing) {
        char *what = mem_print("these columns are not in the %s: %s (a map says what an extract calls them: --map)",
                               children ? "file of children" : "file of people", missing);
        free(missing);
        return fatal(r, what);
    }
    if (children && csv_table_column(&r->table, register_map_column(r->order->map, REGISTER_PEOPLE, COLUMN_person_id)) != CSV_NONE)
        return fatal(r, mem_text("the file of children is one of people: it has the column person_id"));
    return 0;
}

/* Each row by read(), which complains; rejected ones are counted. */
static int rows_read(struct reader *r, void (*read)(struct reader *r, void *state), void *state) {
    int got;
    while ((got = csv_table_row(&r->table)) == 1) {
        r->reject = false;
        r->report->rows[r->file]++;
        read(r, state);
        r->report->rejected[r->file] += r->reject;
    }
    return got < 0 ? fatal(r, mem_text("a quoted field does not end, or there are too many fields")) : 0;
}

static void child_row(struct reader *r, void *state) {
    struct people *people = r->people;
    size_t **lines = state;
    struct child child;
    child_read(r, &child);
    if (r->reject)
        return;
    if (people->child_count % 4096 == 0) {
        people->children = mem_grow(people->children, people->child_count + 4096, sizeof *people->children);
        *lines = mem_grow(*lines, people->child_count + 4096, sizeof **lines);
    }
    (*lines)[people->child_count] = r->table.line;
    child.id = (int64_t)people->child_count + 1;
    people->children[people->child_count++] = child;
}

static void person_row(struct reader *r, void *state) {
    const struct council_id *ids = state;
    struct people *people = r->people;
    struct person person;
    char *council_id = text_of(r, COLUMN_council_id);
    struct council_id key = {council_id, 0};
    const struct council_id *hit = bsearch(&key, ids, people->child_count, sizeof *ids, council_id_find);
    person_read(r, &person);
    if (!hit)
        complain(r, true, COLUMN_council_id, *council_id ? "is not in the file of children, or was rejected there" : "is empty");
    if (r->reject)
        return;
    if (people->person_count % 4096 == 0)
        people->persons = mem_grow(people->persons, people->person_count + 4096, sizeof *people->persons);
    person.child_id = people->children[hit->child].id;
    people->persons[people->person_count++] = person;
}

/* Puts the links in the order of the children, keeping the order of the file within a child: counted, then placed. */
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

/* Two rows for one child would compete for its documents: the first stays. */
static void twice_reject(struct reader *r, const size_t *lines) {
    struct people *people = r->people;
    struct council_id *ids = council_ids_sorted(people);
    bool *out = mem_new(people->child_count + 1);
    for (size_t i = 1; i < people->child_count; i++)
        out[ids[i].child] = strcmp(ids[i].text, ids[i - 1].text) == 0;
    size_t kept = 0;
    for (size_t i = 0; i < people->child_count; i++) {
        if (out[i]) {
            r->table.line = lines[i];
            complain(r, true, COLUMN_council_id, "is that of an earlier row as well");
            r->report->rejected[r->file]++;
            continue;
        }
        people->children[kept] = people->children[i];
        people->children[kept].id = (int64_t)kept + 1;
        kept++;
    }
    people->child_count = kept;
    free(out);
    free(ids);
}

static int reader_open(struct reader *r, const char *csv) {
    int err = csv_table_open(&r->table, csv);
    if (!text_is_utf8(view_text(csv)))
        return fatal(r, mem_text("the text is not UTF-8: save it as \"CSV UTF-8\""));
    return err ? fatal(r, mem_text("there is no line of column names")) : columns_find(r);
}

static int children_read(struct reader *r) {
    size_t *lines = NULL;
    r->file = REGISTER_CHILDREN;
    int err = reader_open(r, r->order->children);
    if (!err)
        err = rows_read(r, child_row, &lines);
    if (!err)
        twice_reject(r, lines);
    free(lines);
    csv_table_drop(&r->table);
    return err;
}

static int persons_read(struct reader *r) {
    r->file = REGISTER_PEOPLE;
    int err = reader_open(r, r->order->people);
    struct council_id *ids = err ? NULL : council_ids_sorted(r->people);
    if (!err)
        err = rows_read(r, person_row, ids);
    free(ids);
    csv_table_drop(&r->table);
    return err;
}

int people_csv_read(const struct people_csv_order *order, struct people **ret, struct csv_report *report) {
    *report = (struct csv_report){0};
    struct reader r = {.order = order, .people = people_new(), .report = report};
    int err = children_read(&r);
    if (!err && order->people)
        err = persons_read(&r);
    if (err) {
        people_drop(&r.people);
        *ret = NULL;
        return err;
    }
    persons_sort(r.people);
    *ret = r.people;
    return 0;
}

void csv_report_drop(struct csv_report *report) {
    free(report->list);
    free(report->fatal);
    *report = (struct csv_report){0};
}

/* Whoever gives invented registers wants to hear of every fault. */
int people_from_csv(const char *register_csv, const char *people_csv, struct people **ret, char **ret_where) {
    struct csv_report report;
    struct people_csv_order order = {.children = register_csv, .people = people_csv, .today = date_today()};
    int err = people_csv_read(&order, ret, &report);
    if (err) {
        *ret_where = mem_text(report.fatal);
    } else if (report.count) {
        *ret_where = mem_print("line %zu: %s %s", report.list[0].line, register_column_text(report.list[0].column), report.list[0].what);
        err = ERR_INPUT;
        people_drop(ret);
    }
    csv_report_drop(&report);
    return err;
}
