#include "ingest/mail.h"

#include "base/err.h"
#include "base/mem.h"
#include "ingest/mail_heading.h"
#include "ingest/mail_parts.h"
#include "ingest/mail_sealed.h"
#include "ingest/mail_text.h"
#include "ingest/uuencode.h"

#include <gsf/gsf-utils.h>
#include <stdlib.h>
#include <string.h>

enum {
    FIELDS_MOST = 5000,
    FIELD_BYTES_MOST = 256 << 10,
};

static void message_ignore(const char *domain, GLogLevelFlags level, const char *message, void *data) {
    (void)domain, (void)level, (void)message, (void)data;
}

void mail_library_start(void) {
    g_log_set_default_handler(message_ignore, NULL);
    g_mime_init();
    gsf_init();
    mail_text_start();
}

/* ---- whether it is whole ------------------------------------------------------------------------------- */

static int check_fields(GMimeHeaderList *list) {
    int count = g_mime_header_list_get_count(list);
    if (count > FIELDS_MOST)
        return ERR_TOO_LARGE;
    for (int i = 0; i < count; i++) {
        const char *raw = g_mime_header_get_raw_value(g_mime_header_list_get_header_at(list, i));
        if (raw && strlen(raw) > FIELD_BYTES_MOST)
            return ERR_TOO_LARGE;
    }
    return 0;
}

static size_t count_field(GMimeHeaderList *list, const char *name) {
    size_t found = 0;
    for (int i = 0; i < g_mime_header_list_get_count(list); i++)
        found +=
            g_ascii_strcasecmp(g_mime_header_get_name(g_mime_header_list_get_header_at(list, i)), name) == 0;
    return found;
}

static int check_header(struct mail *mail) {
    static const char *const expected[] = {"From",       "To",           "Subject",      "Date", "Received",
                                           "Message-ID", "MIME-Version", "Content-Type", NULL};
    static const char *const once[] = {"From", "Subject", "Date", NULL};
    GMimeHeaderList *list = g_mime_object_get_header_list(GMIME_OBJECT(mail->message));
    int err = check_fields(list);
    bool is_mail = false;
    for (const char *const *f = expected; !err && *f; f++)
        is_mail |= g_mime_header_list_get_header(list, *f) != NULL;
    if (err || !is_mail)
        return err ? err : ERR_DAMAGED;
    for (const char *const *f = once; *f; f++)
        if (count_field(list, *f) > 1)
            mail_parts_note(mail,
                            "this mail has two senders, subjects or dates; the heading shows the first");
    return 0;
}

/* Whether the closing line of the outermost multipart is missing. */
static bool lacks_end(struct view bytes, GMimeObject *top) {
    const char *boundary =
        GMIME_IS_MULTIPART(top) ? g_mime_multipart_get_boundary(GMIME_MULTIPART(top)) : NULL;
    if (!boundary)
        return false;
    char *close = mem_print("--%s--", boundary);
    bool lacks = memmem(bytes.data, bytes.len, close, strlen(close)) == NULL;
    mem_free(&close);
    return lacks;
}

struct base64_count {
    size_t good, bad;        /* characters of the alphabet with "=", others but spaces */
    size_t line, first_line; /* characters of the last and of the first line that has any */
    bool padded;             /* the last character is "=" */
};

static struct base64_count base64_count(const struct buf *raw) {
    struct base64_count c = {0};
    bool new_line = true;
    for (size_t i = 0; i < raw->len; i++) {
        uint8_t b = raw->data[i];
        if (g_ascii_isspace(b)) {
            new_line |= b == '\n';
            continue;
        }
        if (new_line) {
            c.first_line = c.first_line ? c.first_line : c.line;
            c.line = 0;
        }
        new_line = false;
        bool good = g_ascii_isalnum(b) || b == '+' || b == '/' || b == '=';
        c.good += good;
        c.bad += !good;
        c.line++;
        c.padded = b == '=';
    }
    return c;
}

/* Whether a part that should be base64 is none, or, being the last of a mail without an end, is cut: its
 * characters come in fours, and a last line as long as the others is likely not the last. */
static bool base64_is_broken(GMimeObject *object, struct view mail, bool is_last_without_end) {
    if (!object || !GMIME_IS_PART(object) ||
        g_mime_part_get_content_encoding(GMIME_PART(object)) != GMIME_CONTENT_ENCODING_BASE64)
        return false;
    struct buf raw = {0};
    mail_part_raw(object, &raw);
    struct base64_count c = base64_count(&raw);
    buf_drop(&raw);
    if (c.bad > (c.good + c.bad) / 8)
        return true;
    if (!is_last_without_end)
        return false;
    bool ended = mail.len > 1 && mail.data[mail.len - 1] == '\n' &&
                 (mail.data[mail.len - 2] == '\n' || (mail.len > 2 && mail.data[mail.len - 3] == '\n'));
    return c.good % 4 != 0 || (!c.padded && !ended && c.line >= (c.first_line ? c.first_line : 76));
}

static int check_whole(struct mail *mail, struct view bytes) {
    GMimeObject *top = g_mime_message_get_mime_part(mail->message);
    bool open_end = top && (lacks_end(bytes, top) || !GMIME_IS_MULTIPART(top));
    for (size_t i = 0; i < mail->item_count; i++)
        if (mail->items[i].object &&
            base64_is_broken(mail->items[i].object, bytes, open_end && mail->items[i].object == mail->last))
            return ERR_DAMAGED; /* half an attachment must not pass for a whole one */
    if (mail->body && base64_is_broken(mail->body, bytes, open_end && mail->body == mail->last))
        return ERR_DAMAGED;
    if (top && GMIME_IS_MULTIPART(top) && open_end)
        mail_parts_note(mail, "the closing line of this mail is missing: its end may be lost");
    return 0;
}

/* ---- the body ------------------------------------------------------------------------------------------ */

/* PGP inside the text (RFC 4880, 6.2). */
static bool has_sealed_text(const char *text) {
    static const char mark[] = "-----BEGIN PGP MESSAGE-----";
    for (const char *p = text; (p = strstr(p, mark)); p++)
        if (p == text || p[-1] == '\n')
            return true;
    return false;
}

static int take_file(void *state, const char *name, struct buf *bytes) {
    return mail_parts_add(state, mem_text(name), "application/octet-stream", bytes);
}

static int body_make(struct mail *mail, struct buf *out) {
    if (!mail->body)
        return 0;
    struct buf text = {0};
    mail_part_text(mail->body, &text);
    int err = has_sealed_text(buf_text(&text)) ? ERR_LOCKED : 0;
    if (!err && mail_part_is(mail->body, "text", "plain"))
        err = uuencode_take(buf_text(&text), take_file, mail, out);
    else if (!err)
        buf_add(out, text.data, text.len);
    buf_drop(&text);
    return err;
}

/* ---- giving -------------------------------------------------------------------------------------------- */

static int give_object(const struct mail_item *item, const struct part_sink *sink) {
    struct buf bytes = {0}, name = {0};
    mail_part_bytes(item->object, &bytes);
    mail_item_name(item, &name);
    GMimeContentType *content = g_mime_object_get_content_type(item->object);
    char *type = content ? g_mime_content_type_get_mime_type(content) : NULL;
    struct buf clean = {0};
    mail_text(view_text(type ? type : "application/octet-stream"), NULL, &clean);
    struct found_part part = {buf_text(&name), buf_text(&clean), item->attached, buf_view(&bytes)};
    int err = sink->part(sink->state, &part);
    g_free(type);
    buf_drop(&clean);
    buf_drop(&name);
    buf_drop(&bytes);
    return err;
}

static int give_item(const struct mail_item *item, const struct part_sink *sink) {
    if (item->object)
        return give_object(item, sink);
    struct found_part part = {item->name, item->type, item->attached, buf_view(&item->bytes)};
    return sink->part(sink->state, &part);
}

static int mail_give(struct mail *mail, const struct mail_sink *sink) {
    struct buf heading = {0}, body = {0};
    int err = body_make(mail, &body);
    if (!err) {
        mail_heading(mail, &heading);
        err = sink->body(sink->parts.state, buf_text(&heading), buf_text(&body));
    }
    for (size_t i = 0; !err && i < mail->note_count; i++)
        err = sink->parts.note(sink->parts.state, mail->notes[i]);
    for (size_t i = 0; !err && i < mail->item_count; i++)
        err = give_item(&mail->items[i], &sink->parts);
    buf_drop(&heading);
    buf_drop(&body);
    return err;
}

/* ---- the message --------------------------------------------------------------------------------------- */

static int mail_take_apart(struct view bytes, GMimeMessage *message, const struct mail_sink *sink) {
    struct mail mail;
    mail_parts_start(&mail, message);
    int err = check_header(&mail);
    if (!err)
        err = mail_parts_find(&mail);
    if (!err)
        err = check_whole(&mail, bytes);
    if (!err)
        err = mail_give(&mail, sink);
    mail_parts_drop(&mail);
    return err;
}

/* An mbox file of one message begins with an envelope line. */
static struct view without_envelope(struct view bytes) {
    if (bytes.len > 5 && memcmp(bytes.data, "From ", 5) == 0) {
        const uint8_t *end = memchr(bytes.data, '\n', bytes.len);
        if (end)
            return view_of(end + 1, bytes.len - (size_t)(end + 1 - bytes.data));
    }
    return bytes;
}

static bool is_blank(struct view bytes) {
    for (size_t i = 0; i < bytes.len; i++)
        if (!g_ascii_isspace(bytes.data[i]))
            return false;
    return true;
}

int mail_open(struct view bytes, const struct mail_sink *sink) {
    bytes = without_envelope(bytes);
    if (is_blank(bytes))
        return ERR_EMPTY;
    if (mail_has_many_levels(bytes))
        return ERR_TOO_DEEP;
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer((const char *)bytes.data, bytes.len);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
    int err = message ? mail_take_apart(bytes, message, sink) : ERR_DAMAGED;
    if (message)
        g_object_unref(message);
    g_object_unref(parser);
    g_object_unref(stream);
    return err;
}
