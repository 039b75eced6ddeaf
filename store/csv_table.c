#include "store/csv_table.h"

#include "base/err.h"
#include "base/mem.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool ends_field(const struct csv_table *t, const char *p) {
    return *p == t->between || *p == '\n' || (*p == '\r' && p[strspn(p, "\r")] == '\n');
}

/* One field into t->text; *ret_end tells whether it was the row's last. */
static int field_read(struct csv_table *t, bool *ret_end) {
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
        } else if (!quoted && ends_field(t, p))
            break;
        if (*p == '\n')
            t->next_line++;
        buf_add_byte(&t->text, (uint8_t)*p);
    }
    buf_add_byte(&t->text, 0);
    if (quoted)
        return ERR_INPUT;
    *ret_end = *p != t->between || !*p;
    p += strspn(p, "\r");
    if (*p == '\n')
        t->next_line++;
    t->at = *p ? p + 1 : p;
    return 0;
}

int csv_table_row(struct csv_table *t) {
    while (*t->at == '\n' || *t->at == '\r')
        t->next_line += *t->at++ == '\n';
    if (!*t->at)
        return 0;
    buf_reset(&t->text);
    t->field_count = 0;
    t->line = t->next_line;
    for (bool end = false; !end;) {
        if (t->field_count == CSV_FIELDS_MOST)
            return ERR_INPUT;
        t->starts[t->field_count++] = t->text.len;
        int err = field_read(t, &end);
        if (err)
            return err;
    }
    return 1;
}

static char between_of(const char *line) {
    size_t len = strcspn(line, "\n");
    if (memchr(line, ',', len))
        return ',';
    return memchr(line, ';', len) ? ';' : memchr(line, '\t', len) ? '\t' : ',';
}

int csv_table_open(struct csv_table *t, const char *csv) {
    *t = (struct csv_table){.at = csv, .next_line = 1};
    if (strncmp(t->at, "\xEF\xBB\xBF", 3) == 0)
        t->at += 3;
    while (*t->at == '#') {
        t->at += strcspn(t->at, "\n");
        t->at += *t->at == '\n';
        t->next_line++;
    }
    t->between = between_of(t->at);
    if (csv_table_row(t) != 1)
        return ERR_INPUT;
    t->names = mem_new(t->field_count * sizeof *t->names);
    for (size_t i = 0; i < t->field_count; i++)
        t->names[t->name_count++] = mem_text(csv_table_field(t, i));
    return 0;
}

/* "LCS ID", "lcs_id" and "LCS  ID " are one name. */
static bool names_agree(const char *a, const char *b) {
    for (;;) {
        a += strspn(a, " _");
        b += strspn(b, " _");
        if (!*a || !*b)
            return !*a && !*b;
        if (strncasecmp(a++, b++, 1) != 0)
            return false;
    }
}

size_t csv_table_column(const struct csv_table *t, const char *name) {
    for (size_t i = 0; i < t->name_count; i++)
        if (names_agree(t->names[i], name))
            return i;
    return CSV_NONE;
}

const char *csv_table_field(const struct csv_table *t, size_t column) {
    return column < t->field_count ? (const char *)t->text.data + t->starts[column] : "";
}

void csv_table_drop(struct csv_table *t) {
    for (size_t i = 0; i < t->name_count; i++)
        free(t->names[i]);
    free(t->names);
    buf_wipe(&t->text);
}
