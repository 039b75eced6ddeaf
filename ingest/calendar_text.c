#include "ingest/calendar_text.h"

#include "base/err.h"
#include "base/mem.h"
#include "ingest/mail_text.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* One content line: NAME;PARAMETER=VALUE:VALUE, unfolded. All borrowed from the line. */
struct property {
    const char *name, *value;
    char *parameters; /* between name and value, or "" */
};

/* RFC 5545, 3.1: a line that begins with a space or tab goes on with the one before. */
static char *unfold(struct view bytes) {
    struct buf text = {0};
    mail_text(bytes, NULL, &text);
    const char *in = buf_text(&text);
    char *lines = mem_new(text.len + 1), *to = lines;
    for (; *in; in++) {
        if (*in == '\n' && (in[1] == ' ' || in[1] == '\t'))
            in++;
        else
            *to++ = *in;
    }
    buf_drop(&text);
    return lines;
}

/* Cuts a line in place. A ":" in quotes belongs to a parameter. */
static bool property_read(char *line, struct property *p) {
    static char none[] = "";
    char *name_end = line + strcspn(line, ";:");
    bool quoted = false;
    char *colon = name_end;
    for (; *colon && (quoted || *colon != ':'); colon++)
        quoted ^= *colon == '"';
    if (!*colon || name_end == line)
        return false;
    *colon = 0;
    p->name = line;
    p->value = colon + 1;
    p->parameters = *name_end == ';' ? name_end + 1 : none;
    *name_end = 0;
    return true;
}

/* The value of a parameter, without quotes; you free it; NULL when it is not there. */
static char *parameter(const struct property *p, const char *name) {
    size_t len = strlen(name);
    bool quoted = false, begins = true;
    for (const char *at = p->parameters; *at; at++) {
        if (begins && strncasecmp(at, name, len) == 0 && at[len] == '=') {
            const char *value = at + len + 1;
            return *value == '"' ? mem_text_part(value + 1, strcspn(value + 1, "\""))
                                 : mem_text_part(value, strcspn(value, ";"));
        }
        quoted ^= *at == '"';
        begins = !quoted && *at == ';';
    }
    return NULL;
}

/* "\n" is a line end, "\," a comma (RFC 5545, 3.3.11). */
static void put_text(const char *value, const char *indent, struct buf *out) {
    for (; *value; value++) {
        char c = *value;
        if (c == '\\' && value[1]) {
            c = *++value;
            if (c == 'n' || c == 'N')
                c = '\n';
        }
        buf_add_byte(out, (uint8_t)c);
        if (c == '\n')
            buf_add_text(out, indent);
    }
}

static void put_line(const char *label, const char *value, struct buf *out) {
    if (!*value)
        return;
    buf_print(out, "%s: ", label);
    put_text(value, "    ", out);
    buf_add_byte(out, '\n');
}

static bool all_digits(const char *at, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (!isdigit((unsigned char)at[i]))
            return false;
    return true;
}

/* 20190312T091400Z as 12/03/2019 09:14 UTC; anything else as it stands. */
static void put_time(const char *label, const struct property *p, struct buf *out) {
    const char *v = p->value;
    char *zone = parameter(p, "TZID");
    buf_print(out, "%s: ", label);
    if (all_digits(v, 8) && (!v[8] || (v[8] == 'T' && all_digits(v + 9, 4)))) {
        buf_print(out, "%.2s/%.2s/%.4s", v + 6, v + 4, v);
        if (v[8])
            buf_print(out, " %.2s:%.2s", v + 9, v + 11);
        if (v[8] && v[strlen(v) - 1] == 'Z')
            buf_add_text(out, " UTC");
    } else {
        buf_add_text(out, v);
    }
    if (zone)
        buf_print(out, " (%s)", zone);
    buf_add_byte(out, '\n');
    mem_free(&zone);
}

static void put_person(const char *label, const struct property *p, struct buf *out) {
    char *name = parameter(p, "CN");
    const char *address = strncasecmp(p->value, "mailto:", 7) == 0 ? p->value + 7 : p->value;
    buf_print(out, "%s: ", label);
    if (name && *name && strcmp(name, address) != 0)
        buf_print(out, "%s <%s>", name, address);
    else
        buf_add_text(out, address);
    buf_add_byte(out, '\n');
    mem_free(&name);
}

enum form { FORM_TEXT, FORM_TIME, FORM_PERSON };
static const struct {
    const char *name, *label;
    enum form form;
} told[] = {
    {"SUMMARY", "What", FORM_TEXT},
    {"DTSTART", "From", FORM_TIME},
    {"DTEND", "To", FORM_TIME},
    {"DUE", "Due", FORM_TIME},
    {"DURATION", "Lasts", FORM_TEXT},
    {"RRULE", "Repeats", FORM_TEXT},
    {"RDATE", "Also on", FORM_TIME},
    {"EXDATE", "Not on", FORM_TIME},
    {"LOCATION", "Where", FORM_TEXT},
    {"ORGANIZER", "Organiser", FORM_PERSON},
    {"ATTENDEE", "Who", FORM_PERSON},
    {"CONTACT", "Contact", FORM_TEXT},
    {"STATUS", "Status", FORM_TEXT},
    {"COMMENT", "Comment", FORM_TEXT},
    {"DESCRIPTION", "Description", FORM_TEXT},
    {"URL", "Link", FORM_TEXT},
    {"RECURRENCE-ID", "Instead of", FORM_TIME},
    {"COMPLETED", "Done", FORM_TIME},
};

static void property_tell(const struct property *p, struct buf *out) {
    for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
        if (strcasecmp(told[i].name, p->name) != 0)
            continue;
        if (told[i].form == FORM_TIME)
            put_time(told[i].label, p, out);
        else if (told[i].form == FORM_PERSON)
            put_person(told[i].label, p, out);
        else
            put_line(told[i].label, p->value, out);
    }
    if (strcasecmp(p->name, "ATTACH") == 0)
        buf_add_text(out, "(an attachment of this entry is not shown)\n");
}

struct calendar {
    bool begun; /* BEGIN:VCALENDAR was seen */
    int hidden; /* inside what is not told: time zones, alarms */
    size_t entries;
};

static bool is_hidden(const char *component) {
    return strcasecmp(component, "VTIMEZONE") == 0 || strcasecmp(component, "VALARM") == 0;
}

static bool is_entry(const char *component) {
    return strcasecmp(component, "VEVENT") == 0 || strcasecmp(component, "VTODO") == 0 ||
           strcasecmp(component, "VJOURNAL") == 0;
}

static void line_take(struct calendar *c, char *line, struct buf *out) {
    struct property p;
    if (!property_read(line, &p))
        return;
    if (strcasecmp(p.name, "BEGIN") == 0) {
        c->begun |= strcasecmp(p.value, "VCALENDAR") == 0;
        c->hidden += is_hidden(p.value);
        if (is_entry(p.value) && c->entries++)
            buf_add_byte(out, '\n');
    } else if (strcasecmp(p.name, "END") == 0) {
        c->hidden -= c->hidden && is_hidden(p.value);
    } else if (strcasecmp(p.name, "METHOD") == 0 && !c->hidden && strcasecmp(p.value, "CANCEL") == 0) {
        buf_add_text(out, "Cancelled\n\n");
    } else if (c->entries && !c->hidden) {
        property_tell(&p, out);
    }
}

int calendar_text(struct view bytes, struct buf *out) {
    struct calendar c = {0};
    struct buf told_lines = {0};
    char *lines = unfold(bytes), *rest = lines;
    for (char *line; (line = strsep(&rest, "\n"));)
        line_take(&c, line, &told_lines);
    free(lines);
    int err = c.begun && c.entries ? 0 : ERR_DAMAGED;
    if (!err)
        buf_add(out, told_lines.data, told_lines.len);
    buf_drop(&told_lines);
    return err;
}
