#include "ingest/mail.h"

#include "base/err.h"
#include "base/mem.h"
#include "ingest/html_text.h"
#include "ingest/mail_text.h"

#include <gmime/gmime.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    FIELDS_MOST = 5000,
    FIELD_BYTES_MOST = 256 << 10,
    LEVELS_MOST = 4 * MAIL_PARTS_MOST, /* declared anywhere in the bytes */
};

struct mail {
    GMimeMessage *message;
    GMimeObject *body;                         /* text/plain or text/html, or NULL */
    GMimeObject *attachments[MAIL_PARTS_MOST]; /* in order; borrowed from the message */
    size_t attachment_count;
    size_t parts;
    GMimeObject *last; /* the last part that is no multipart */
};

static void message_ignore(const char *domain, GLogLevelFlags level, const char *message, void *data) {
    (void)domain, (void)level, (void)message, (void)data;
}

void mail_library_start(void) {
    g_log_set_default_handler(message_ignore, NULL);
    g_mime_init();
    mail_text_start();
}

/* ---- finding the parts
 * ----------------------------------------------------------------------------------------- */

static int walk(struct mail *mail, GMimeObject *object, int depth);

static bool is_type(GMimeObject *object, const char *type, const char *subtype) {
    GMimeContentType *content = g_mime_object_get_content_type(object);
    return content && g_mime_content_type_is_type(content, type, subtype);
}

static bool is_attached(GMimeObject *object) {
    GMimeContentDisposition *d = g_mime_object_get_content_disposition(object);
    const char *kind = d ? g_mime_content_disposition_get_disposition(d) : NULL;
    const char *name = GMIME_IS_PART(object) ? g_mime_part_get_filename(GMIME_PART(object)) : NULL;
    return (kind && strcasecmp(kind, "attachment") == 0) || (name && *name);
}

static bool is_body_text(GMimeObject *object) {
    return GMIME_IS_PART(object) && !is_attached(object) &&
           (is_type(object, "text", "plain") || is_type(object, "text", "html"));
}

/* The alternative that is text: the plainest that is not empty. An HTML alternative may come inside a
 * multipart/related with its pictures. */
static GMimeObject *alternative_choose(GMimeMultipart *multipart) {
    GMimeObject *html = NULL, *related = NULL;
    int count = g_mime_multipart_get_count(multipart);
    for (int i = 0; i < count; i++) {
        GMimeObject *part = g_mime_multipart_get_part(multipart, i);
        if (is_body_text(part) && is_type(part, "text", "plain"))
            return part;
        if (!html && is_body_text(part))
            html = part;
        if (!related && GMIME_IS_MULTIPART(part))
            related = part;
    }
    return html ? html : related;
}

static int attach(struct mail *mail, GMimeObject *object) {
    if (mail->attachment_count >= MAIL_PARTS_MOST)
        return ERR_TOO_LARGE;
    mail->attachments[mail->attachment_count++] = object;
    return 0;
}

/* Other alternatives than texts (a calendar entry, pictures related to the HTML) are kept as attachments. */
static int walk_alternative(struct mail *mail, GMimeMultipart *multipart, int depth) {
    GMimeObject *chosen = alternative_choose(multipart);
    int err = chosen ? walk(mail, chosen, depth + 1) : 0;
    for (int i = 0; !err && i < g_mime_multipart_get_count(multipart); i++) {
        GMimeObject *part = g_mime_multipart_get_part(multipart, i);
        if (part != chosen && !is_body_text(part))
            err = walk(mail, part, depth + 1);
    }
    return err;
}

static int walk_multipart(struct mail *mail, GMimeMultipart *multipart, int depth) {
    if (depth >= MAIL_DEPTH_MOST)
        return ERR_TOO_LARGE;
    if (is_type(GMIME_OBJECT(multipart), "multipart", "alternative"))
        return walk_alternative(mail, multipart, depth);
    int err = 0;
    for (int i = 0; !err && i < g_mime_multipart_get_count(multipart); i++)
        err = walk(mail, g_mime_multipart_get_part(multipart, i), depth + 1);
    return err;
}

static int walk(struct mail *mail, GMimeObject *object, int depth) {
    if (!object)
        return 0;
    if (++mail->parts > MAIL_PARTS_MOST)
        return ERR_TOO_LARGE;
    if (GMIME_IS_MULTIPART(object))
        return walk_multipart(mail, GMIME_MULTIPART(object), depth);
    mail->last = object;
    if (!mail->body && is_body_text(object)) {
        mail->body = object;
        return 0;
    }
    return attach(mail, object);
}

/* ---- bytes of a part
 * ------------------------------------------------------------------------------------------- */

static void stream_take(GMimeStream *stream, struct buf *out) {
    GByteArray *array = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
    buf_add(out, array->data, array->len);
    g_object_unref(stream);
}

static void part_bytes(GMimeObject *object, struct buf *out) {
    GMimeStream *stream = g_mime_stream_mem_new();
    if (GMIME_IS_MESSAGE_PART(object)) {
        GMimeMessage *inner = g_mime_message_part_get_message(GMIME_MESSAGE_PART(object));
        if (inner)
            g_mime_object_write_to_stream(GMIME_OBJECT(inner), NULL, stream);
    } else if (GMIME_IS_PART(object)) {
        GMimeDataWrapper *content = g_mime_part_get_content(GMIME_PART(object));
        if (content)
            g_mime_data_wrapper_write_to_stream(content, stream);
    } else {
        g_mime_object_write_to_stream(object, NULL, stream);
    }
    stream_take(stream, out);
}

/* Characters of a base64 body come in fours. */
static bool part_is_cut(GMimeObject *object) {
    if (!object || !GMIME_IS_PART(object) ||
        g_mime_part_get_content_encoding(GMIME_PART(object)) != GMIME_CONTENT_ENCODING_BASE64)
        return false;
    GMimeDataWrapper *content = g_mime_part_get_content(GMIME_PART(object));
    GMimeStream *raw = content ? g_mime_data_wrapper_get_stream(content) : NULL,
                *copy = g_mime_stream_mem_new();
    struct buf bytes = {0};
    if (raw) {
        g_mime_stream_reset(raw);
        g_mime_stream_write_to_stream(raw, copy);
        g_mime_stream_reset(raw);
    }
    stream_take(copy, &bytes);
    size_t quads = 0;
    for (size_t i = 0; i < bytes.len; i++)
        quads += g_ascii_isalnum(bytes.data[i]) || bytes.data[i] == '+' || bytes.data[i] == '/' ||
                 bytes.data[i] == '=';
    buf_drop(&bytes);
    return quads % 4 != 0;
}

/* ---- the heading
 * ----------------------------------------------------------------------------------------------- */

/* One line of a heading: whatever would end the line or say something to a terminal becomes a space. */
static void heading_line(struct buf *out, const char *label, const char *text) {
    if (!text || !*text)
        return;
    buf_print(out, "%s: ", label);
    struct buf clean = {0};
    mail_text(view_text(text), NULL, &clean);
    for (size_t i = 0; i < clean.len; i++)
        if (clean.data[i] < 0x20 || clean.data[i] == 0x7F)
            clean.data[i] = ' ';
    buf_add(out, clean.data, clean.len);
    buf_add_byte(out, '\n');
    buf_drop(&clean);
}

static void heading_addresses(struct buf *out, const char *label, InternetAddressList *list) {
    char *text = list ? internet_address_list_to_string(list, NULL, FALSE) : NULL;
    heading_line(out, label, text);
    g_free(text);
}

static void heading_field(struct buf *out, const char *label, GMimeMessage *message, const char *field) {
    GMimeHeader *header =
        g_mime_header_list_get_header(g_mime_object_get_header_list(GMIME_OBJECT(message)), field);
    const char *value = header ? g_mime_header_get_value(header) : NULL;
    char *text = value ? g_mime_utils_header_decode_text(NULL, value) : NULL;
    heading_line(out, label, text);
    g_free(text);
}

static const char *part_name(GMimeObject *object) {
    const char *name = GMIME_IS_PART(object) ? g_mime_part_get_filename(GMIME_PART(object)) : NULL;
    if (!name)
        name = g_mime_object_get_content_disposition_parameter(object, "filename");
    return name ? name : "";
}

static void heading_make(const struct mail *mail, struct buf *out) {
    GMimeMessage *m = mail->message;
    heading_addresses(out, "From", g_mime_message_get_from(m));
    heading_addresses(out, "To", g_mime_message_get_to(m));
    heading_addresses(out, "Cc", g_mime_message_get_cc(m));
    heading_field(out, "Date", m, "Date");
    heading_field(out, "Subject", m, "Subject");
    for (size_t i = 0; i < mail->attachment_count; i++) {
        const char *name = part_name(mail->attachments[i]);
        heading_line(out, "Attachment", *name ? name : "(without a name)");
    }
}

/* ---- giving
 * ---------------------------------------------------------------------------------------------------- */

static void body_make(const struct mail *mail, struct buf *out) {
    if (!mail->body)
        return;
    struct buf raw = {0}, text = {0};
    part_bytes(mail->body, &raw);
    const char *charset = g_mime_object_get_content_type_parameter(mail->body, "charset");
    mail_text(buf_view(&raw), charset, &text);
    if (is_type(mail->body, "text", "html"))
        html_text(buf_text(&text), out);
    else
        buf_add(out, text.data, text.len);
    buf_drop(&raw);
    buf_drop(&text);
}

static int give_body(const struct mail *mail, const struct mail_sink *sink) {
    struct buf heading = {0}, body = {0};
    heading_make(mail, &heading);
    body_make(mail, &body);
    int err = sink->body(sink->state, buf_text(&heading), buf_text(&body));
    buf_drop(&heading);
    buf_drop(&body);
    return err;
}

static int give_attachment(GMimeObject *object, const struct mail_sink *sink) {
    struct buf bytes = {0}, name = {0};
    part_bytes(object, &bytes);
    mail_text(view_text(part_name(object)), NULL, &name);
    GMimeContentType *content = g_mime_object_get_content_type(object);
    char *type = content ? g_mime_content_type_get_mime_type(content) : NULL;
    const char *kind = g_mime_object_get_disposition(object);
    const char *id = g_mime_object_get_content_id(object);
    bool is_inline = kind ? strcasecmp(kind, "inline") == 0 : id != NULL;
    int err = sink->attachment(sink->state, buf_text(&name), type ? type : "application/octet-stream",
                               is_inline, buf_view(&bytes));
    g_free(type);
    buf_drop(&name);
    buf_drop(&bytes);
    return err;
}

static int mail_give(struct mail *mail, const struct mail_sink *sink) {
    int err = give_body(mail, sink);
    for (size_t i = 0; !err && i < mail->attachment_count; i++)
        err = give_attachment(mail->attachments[i], sink);
    return err;
}

/* ---- the message
 * ----------------------------------------------------------------------------------------------- */

static size_t count_word(struct view bytes, const char *word) {
    size_t count = 0, len = strlen(word);
    for (size_t i = 0; i + len <= bytes.len; i++)
        count += g_ascii_tolower((char)bytes.data[i]) == *word &&
                 g_ascii_strncasecmp((const char *)bytes.data + i, word, len) == 0;
    return count;
}

/* The parser calls itself for every level: thousands of levels must not reach it. */
static bool has_many_levels(struct view bytes) {
    return count_word(bytes, "boundary") > LEVELS_MOST || count_word(bytes, "rfc822") > LEVELS_MOST;
}

static int check_header(GMimeMessage *message) {
    static const char *const expected[] = {"From",       "To",           "Subject",      "Date", "Received",
                                           "Message-ID", "MIME-Version", "Content-Type", NULL};
    GMimeHeaderList *list = g_mime_object_get_header_list(GMIME_OBJECT(message));
    int count = g_mime_header_list_get_count(list);
    bool is_mail = false;
    if (count > FIELDS_MOST)
        return ERR_TOO_LARGE;
    for (int i = 0; i < count; i++) {
        const char *raw = g_mime_header_get_raw_value(g_mime_header_list_get_header_at(list, i));
        if (raw && strlen(raw) > FIELD_BYTES_MOST)
            return ERR_TOO_LARGE;
    }
    for (const char *const *f = expected; *f; f++)
        is_mail |= g_mime_header_list_get_header(list, *f) != NULL;
    return is_mail ? 0 : ERR_DAMAGED;
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

static int mail_take_apart(struct view bytes, GMimeMessage *message, const struct mail_sink *sink) {
    struct mail *mail = mem_new(sizeof *mail);
    mail->message = message;
    GMimeObject *top = g_mime_message_get_mime_part(message);
    int err = check_header(message);
    if (!err)
        err = walk(mail, top, 0);
    if (!err && top && GMIME_IS_MULTIPART(top) && !mail->body && !mail->attachment_count)
        err = ERR_DAMAGED; /* its parts cannot be told from each other */
    if (!err && top && lacks_end(bytes, top) && part_is_cut(mail->last))
        err = ERR_DAMAGED; /* half an attachment must not pass for a whole one */
    if (!err)
        err = mail_give(mail, sink);
    mem_free(&mail);
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

int mail_open(struct view bytes, const struct mail_sink *sink) {
    bytes = without_envelope(bytes);
    if (!bytes.len)
        return ERR_DAMAGED;
    if (has_many_levels(bytes))
        return ERR_TOO_LARGE;
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
