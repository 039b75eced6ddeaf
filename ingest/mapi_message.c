#include "ingest/mapi_message.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "ingest/html_text.h"
#include "ingest/mail_heading.h"
#include "ingest/mail_text.h"
#include "ingest/mail_words.h"
#include "ingest/rtf_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* ---- values -------------------------------------------------------------------------------------------- */

static uint64_t number_of(struct view value) {
    uint64_t number = 0;
    for (size_t i = 0; i < value.len && i < 8; i++)
        number |= (uint64_t)value.data[i] << 8 * i;
    return number;
}

static void put_utf16(struct view value, struct buf *out) {
    struct buf text = {0};
    for (size_t i = 0; i + 1 < value.len; i += 2) {
        uint32_t c = value.data[i] | (uint32_t)value.data[i + 1] << 8;
        if (c >= 0xD800 && c < 0xDC00 && i + 3 < value.len) {
            uint32_t low = value.data[i + 2] | (uint32_t)value.data[i + 3] << 8;
            if (low >= 0xDC00 && low < 0xE000) {
                c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
                i += 2;
            }
        }
        text_put(&text, c >= 0xD800 && c < 0xE000 ? 0xFFFD : c ? c : ' ');
    }
    mail_text(buf_view(&text), NULL, out);
    buf_drop(&text);
}

static void put_8bit(struct view value, unsigned code_page, struct buf *out) {
    char charset[32];
    if (code_page == 65001 || code_page == 0 || code_page == 20127)
        snprintf(charset, sizeof charset, "utf-8");
    else if (code_page == 28591 || code_page == 28605)
        snprintf(charset, sizeof charset, "iso-8859-%u", code_page - 28590);
    else
        snprintf(charset, sizeof charset, "windows-%u", code_page);
    mail_text(value, charset, out);
}

/* Ends of 0, which some writers count in. */
static struct view without_end(struct view value, size_t unit) {
    while (value.len >= unit && value.data[value.len - 1] == 0 &&
           (unit == 1 || value.data[value.len - 2] == 0))
        value.len -= unit;
    return value;
}

static void text_take(struct buf *to, unsigned type, struct view value, unsigned code_page) {
    buf_reset(to);
    if (type == MAPI_UNICODE)
        put_utf16(without_end(view_of(value.data, value.len & ~(size_t)1), 2), to);
    else if (type == MAPI_STRING8 || type == MAPI_BINARY)
        put_8bit(without_end(value, 1), code_page, to);
}

/* ---- properties ---------------------------------------------------------------------------------------- */

void mapi_message_take(struct mapi_message *m, unsigned id, unsigned type, struct view value) {
    const struct {
        unsigned id;
        struct buf *to;
    } texts[] = {
        {0x0037, &m->subject}, {0x0C1A, &m->sender}, {0x0C1F, &m->sender_mail}, {0x5D01, &m->sender_smtp},
        {0x0E04, &m->to},      {0x0E03, &m->cc},     {0x1000, &m->body},
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (texts[i].id == id)
            text_take(texts[i].to, type, value, m->code_page);
    if (id == 0x1013)
        text_take(&m->html, type, value, m->html_code_page ? m->html_code_page : m->code_page);
    else if (id == 0x0042 && !m->sender.len) /* on behalf of whom */
        text_take(&m->sender, type, value, m->code_page);
    else if (id == 0x0065 && !m->sender_mail.len)
        text_take(&m->sender_mail, type, value, m->code_page);
    else if (id == 0x5D02 && !m->sender_smtp.len)
        text_take(&m->sender_smtp, type, value, m->code_page);
    else if (id == 0x1009 && type == MAPI_BINARY) {
        buf_reset(&m->rtf);
        buf_add(&m->rtf, value.data, value.len);
    } else if (type == MAPI_TIME && (id == 0x0039 || (id == 0x0E06 && !m->sent)))
        m->sent = number_of(value);
    else if (type == MAPI_LONG && id == 0x3FFD)
        m->code_page = (unsigned)number_of(value);
    else if (type == MAPI_LONG && id == 0x3FDE)
        m->html_code_page = (unsigned)number_of(value);
}

static void copy_text(char **to, unsigned type, struct view value, unsigned code_page) {
    struct buf text = {0};
    text_take(&text, type, value, code_page);
    if (text.len) {
        mem_free(to);
        *to = mem_text(buf_text(&text));
    }
    buf_drop(&text);
}

void mapi_part_take(const struct mapi_message *m, struct mapi_part *part, uint32_t tag, struct view value) {
    unsigned id = tag >> 16, type = tag & 0xFFFF;
    if (id == 0x3707 || ((id == 0x3704 || id == 0x3001) && !part->name)) {
        copy_text(&part->name, type, value, m->code_page);
    } else if (id == 0x370E) {
        copy_text(&part->type, type, value, m->code_page);
    } else if (id == 0x3712) {
        part->has_content_id = value.len > 1;
    } else if (id == 0x3701 && type == MAPI_BINARY) {
        buf_reset(&part->bytes);
        buf_add(&part->bytes, value.data, value.len);
        part->has_bytes = true;
    } else if (id == 0x3714 && type == MAPI_LONG) {
        part->is_inline |= (number_of(value) & 4) != 0; /* shown in the HTML */
    } else if (id == 0x7FFE && type == MAPI_BOOLEAN) {
        part->is_inline |=
            part->has_content_id && (number_of(value) & 0xFFFF) != 0; /* hidden from the list */
    } else if (id == 0x3705 && type == MAPI_LONG) {
        uint64_t method = number_of(value);
        part->by_link = (method >= 2 && method <= 4) || method == 7;
    }
}

struct mapi_part *mapi_part_add(struct mapi_message *m) {
    if (m->part_count >= MAIL_PARTS_MOST)
        return NULL;
    m->parts = mem_grow(m->parts, m->part_count + 1, sizeof *m->parts);
    m->parts[m->part_count] = (struct mapi_part){0};
    return &m->parts[m->part_count++];
}

void mapi_message_drop(struct mapi_message *m) {
    struct buf *const bufs[] = {&m->subject, &m->sender, &m->sender_mail, &m->sender_smtp, &m->to,
                                &m->cc,      &m->body,   &m->html,        &m->rtf};
    for (size_t i = 0; i < sizeof bufs / sizeof *bufs; i++)
        buf_drop(bufs[i]);
    for (size_t i = 0; i < m->part_count; i++) {
        mem_free(&m->parts[i].name);
        mem_free(&m->parts[i].type);
        buf_drop(&m->parts[i].bytes);
    }
    mem_free(&m->parts);
}

/* ---- giving -------------------------------------------------------------------------------------------- */

static char *text_copy(const struct buf *text) {
    return text->len ? mem_text_part((const char *)text->data, text->len) : mem_text("");
}

static void heading_line(struct buf *out, const char *label, const struct buf *text) {
    char *copy = text_copy(text);
    mail_heading_line(out, label, copy);
    mem_free(&copy);
}

static void heading_date(struct buf *out, uint64_t sent) {
    static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const uint64_t to_1970 = 11644473600ull;
    uint64_t seconds = sent / 10000000;
    if (seconds <= to_1970 || seconds - to_1970 > 253402300799ull)
        return;
    time_t when = (time_t)(seconds - to_1970);
    struct tm t;
    gmtime_r(&when, &t);
    buf_print(out, "Date: %s, %d %s %d %02d:%02d:%02d +0000\n", days[t.tm_wday], t.tm_mday, months[t.tm_mon],
              t.tm_year + 1900, t.tm_hour, t.tm_min, t.tm_sec);
}

static void heading_make(const struct mapi_message *m, struct buf *out) {
    const struct buf *address = m->sender_smtp.len ? &m->sender_smtp : &m->sender_mail;
    bool has_address = address->len && memchr(address->data, '@', address->len);
    struct buf from = {0};
    buf_add(&from, m->sender.data, m->sender.len);
    if (has_address && !view_equal(buf_view(&m->sender), buf_view(address))) {
        buf_add_text(&from, from.len ? " <" : "");
        buf_add(&from, address->data, address->len);
        buf_add_text(&from, m->sender.len ? ">" : "");
    }
    heading_line(out, "From", &from);
    heading_line(out, "To", &m->to);
    heading_line(out, "Cc", &m->cc);
    heading_date(out, m->sent);
    heading_line(out, "Subject", &m->subject);
    for (size_t i = 0; i < m->part_count; i++)
        mail_heading_line(out, "Attachment", m->parts[i].name ? m->parts[i].name : "(without a name)");
    buf_drop(&from);
}

static bool is_blank(const struct buf *text) {
    for (size_t i = 0; i < text->len; i++)
        if (text->data[i] > ' ')
            return false;
    return true;
}

static void html_plain(const struct mapi_message *m, struct buf *out) {
    char *html = text_copy(&m->html);
    html_text(html, out);
    mem_free(&html);
}

/* Plain text, else HTML, else RTF. */
static int body_make(const struct mapi_message *m, struct buf *out) {
    struct buf rtf = {0};
    buf_add(out, m->body.data, m->body.len);
    if (is_blank(out) && m->html.len) {
        buf_reset(out);
        html_plain(m, out);
    }
    int err = 0;
    if (is_blank(out) && m->rtf.len) {
        err = rtf_unpack(buf_view(&m->rtf), &rtf);
        buf_reset(out);
        rtf_text(buf_view(&rtf), out);
    }
    buf_drop(&rtf);
    return err;
}

static bool html_differs(const struct mapi_message *m) {
    struct buf plain = {0};
    bool differs = false;
    if (!is_blank(&m->body) && !is_blank(&m->html)) {
        char *body = text_copy(&m->body);
        html_plain(m, &plain);
        differs = mail_words_differ(body, buf_text(&plain));
        mem_free(&body);
    }
    buf_drop(&plain);
    return differs;
}

static int give_html(const struct mapi_message *m, const struct part_sink *sink) {
    int err = sink->note(sink->state, "the plain text and the HTML of this mail differ");
    struct found_part part = {"", "text/html", "attachment", buf_view(&m->html)};
    return err ? err : sink->part(sink->state, &part);
}

static int give_part(const struct mapi_part *p, const struct part_sink *sink) {
    if (!p->has_bytes)
        return sink->note(sink->state,
                          p->by_link ? "an attachment of this message is only a link; it was not fetched"
                                     : "an attachment of this message has no content");
    const char *attached = p->is_mail ? "mail" : p->is_inline ? "inline" : "attachment";
    struct found_part part = {p->name ? p->name : "", p->type ? p->type : "", attached, buf_view(&p->bytes)};
    return sink->part(sink->state, &part);
}

int mapi_message_give(const struct mapi_message *m, const struct mail_sink *sink) {
    struct buf heading = {0}, body = {0};
    int err = body_make(m, &body);
    if (!err) {
        heading_make(m, &heading);
        err = sink->body(sink->parts.state, buf_text(&heading), buf_text(&body));
    }
    if (!err && html_differs(m))
        err = give_html(m, &sink->parts);
    for (size_t i = 0; !err && i < m->part_count; i++)
        err = give_part(&m->parts[i], &sink->parts);
    buf_drop(&heading);
    buf_drop(&body);
    return err;
}
