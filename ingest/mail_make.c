#include "ingest/mail_make.h"

#include "base/mem.h"

#include <ctype.h>
#include <glib.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Whatever would end the line becomes a space. */
static void put_clean(struct buf *mail, const char *text, bool quoted) {
    for (; *text; text++) {
        uint8_t c = (uint8_t)*text;
        if (quoted && (c == '"' || c == '\\'))
            buf_add_byte(mail, '\\');
        buf_add_byte(mail, c < ' ' || c == 0x7F ? ' ' : c);
    }
}

void mail_make_field(struct buf *mail, const char *label, const char *text) {
    if (!text || !*text)
        return;
    buf_print(mail, "%s: ", label);
    put_clean(mail, text, false);
    buf_add_text(mail, "\r\n");
}

static void put_person(struct buf *mail, const char *name, const char *address) {
    if (name && *name) {
        buf_add_byte(mail, '"');
        put_clean(mail, name, true);
        buf_add_byte(mail, '"');
    }
    if (address && *address && !strpbrk(address, "<>\r\n \t\"")) {
        buf_add_text(mail, name && *name ? " <" : "");
        put_clean(mail, address, false);
        buf_add_text(mail, name && *name ? ">" : "");
    }
}

void mail_make_person(struct buf *mail, const char *label, const char *name, const char *address) {
    bool has_address = address && strchr(address, '@');
    if (name && address && strcmp(name, address) == 0)
        name = NULL;
    if (!has_address && (!name || !*name))
        return;
    buf_print(mail, "%s: ", label);
    put_person(mail, name, has_address ? address : NULL);
    buf_add_text(mail, "\r\n");
}

void mail_make_people(struct buf *mail, const char *label, const char *names) {
    if (!names || !*names)
        return;
    buf_print(mail, "%s: ", label);
    for (bool first = true; *names; first = false) {
        size_t len = strcspn(names, ";");
        char *name = mem_text_part(names, len), *trimmed = g_strstrip(name);
        if (*trimmed && !first)
            buf_add_text(mail, ", ");
        if (*trimmed)
            put_person(mail, strchr(trimmed, '@') ? NULL : trimmed, trimmed);
        mem_free(&name);
        names += len + (names[len] != 0);
    }
    buf_add_text(mail, "\r\n");
}

void mail_make_date(struct buf *mail, uint64_t when) {
    const uint64_t to_1970 = 11644473600ull;
    uint64_t seconds = when / 10000000;
    if (seconds <= to_1970 || seconds - to_1970 > 253402300799ull)
        return;
    GDateTime *date = g_date_time_new_from_unix_utc((gint64)(seconds - to_1970));
    static const char *const days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    buf_print(mail, "Date: %s, %d %s %d %02d:%02d:%02d +0000\r\n",
              days[g_date_time_get_day_of_week(date) - 1], g_date_time_get_day_of_month(date),
              months[g_date_time_get_month(date) - 1], g_date_time_get_year(date), g_date_time_get_hour(date),
              g_date_time_get_minute(date), g_date_time_get_second(date));
    g_date_time_unref(date);
}

static void put_base64(struct buf *mail, struct view bytes) {
    enum { LINE = 57 }; /* bytes in 76 characters */
    for (size_t at = 0; at < bytes.len; at += LINE) {
        char *line = g_base64_encode(bytes.data + at, bytes.len - at < LINE ? bytes.len - at : LINE);
        buf_print(mail, "%s\r\n", line);
        g_free(line);
    }
}

/* Everything behind a boundary is base64, where "=_" cannot stand. */
static void put_boundary(struct buf *mail, int depth, const char *end) {
    buf_print(mail, "--=_part_%d%s\r\n", depth, end);
}

void mail_make_begin(struct buf *mail, int depth) {
    buf_print(mail, "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"=_part_%d\"\r\n\r\n",
              depth);
}

static void put_text(struct buf *mail, const char *subtype, const char *text) {
    buf_print(mail, "Content-Type: text/%s; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n",
              subtype);
    put_base64(mail, view_text(text));
}

void mail_make_text(struct buf *mail, int depth, const char *plain, const char *html) {
    bool has_plain = plain && *plain, has_html = html && *html;
    put_boundary(mail, depth, "");
    if (has_plain && has_html) {
        buf_print(mail, "Content-Type: multipart/alternative; boundary=\"=_text_%d\"\r\n\r\n--=_text_%d\r\n",
                  depth, depth);
        put_text(mail, "plain", plain);
        buf_print(mail, "--=_text_%d\r\n", depth);
        put_text(mail, "html", html);
        buf_print(mail, "--=_text_%d--\r\n", depth);
    } else {
        put_text(mail, has_html ? "html" : "plain", has_html ? html : has_plain ? plain : "");
    }
}

static bool is_type(const char *type) {
    size_t slashes = 0;
    for (const char *p = type; *p; p++) {
        if (!isalnum((unsigned char)*p) && !strchr("/+-._", *p))
            return false;
        slashes += *p == '/';
    }
    return slashes == 1 && strncasecmp(type, "multipart/", 10) != 0 && strncasecmp(type, "message/", 8) != 0;
}

void mail_make_part(struct buf *mail, int depth, const struct found_part *part) {
    const char *type = part->content_type;
    put_boundary(mail, depth, "");
    buf_print(mail,
              "Content-Type: %s\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment",
              is_type(type) ? type : "application/octet-stream");
    if (*part->name) {
        char *coded = g_uri_escape_string(part->name, NULL, FALSE);
        buf_print(mail, ";\r\n filename*=utf-8''%s", coded ? coded : "");
        g_free(coded);
    }
    buf_add_text(mail, "\r\n\r\n");
    put_base64(mail, part->bytes);
}

void mail_make_mail(struct buf *mail, int depth, struct view inner) {
    put_boundary(mail, depth, "");
    buf_add_text(mail, "Content-Type: message/rfc822\r\n\r\n");
    buf_add(mail, inner.data, inner.len);
    buf_add_text(mail, "\r\n");
}

void mail_make_end(struct buf *mail, int depth) {
    put_boundary(mail, depth, "--");
}
