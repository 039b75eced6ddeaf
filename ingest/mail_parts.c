#include "ingest/mail_parts.h"

#include "base/err.h"
#include "base/mem.h"
#include "ingest/html_text.h"
#include "ingest/mail_sealed.h"
#include "ingest/mail_text.h"
#include "ingest/mail_words.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static int walk(struct mail *mail, GMimeObject *object, int depth, const char *attached);

void mail_parts_start(struct mail *mail, GMimeMessage *message) {
    *mail = (struct mail){.message = message};
    mail->items = mem_new(MAIL_PARTS_MOST * sizeof *mail->items);
    mail->unsealed = g_ptr_array_new_with_free_func(g_object_unref);
}

void mail_parts_drop(struct mail *mail) {
    for (size_t i = 0; i < mail->item_count; i++) {
        mem_free(&mail->items[i].name);
        buf_drop(&mail->items[i].bytes);
    }
    mem_free(&mail->items);
    g_ptr_array_free(mail->unsealed, TRUE);
}

void mail_parts_note(struct mail *mail, const char *text) {
    for (size_t i = 0; i < mail->note_count; i++)
        if (strcmp(mail->notes[i], text) == 0)
            return;
    if (mail->note_count < MAIL_NOTES_MOST)
        mail->notes[mail->note_count++] = text;
}

/* ---- what a part is ------------------------------------------------------------------------------------ */

bool mail_part_is(GMimeObject *object, const char *type, const char *subtype) {
    GMimeContentType *content = g_mime_object_get_content_type(object);
    return content && g_mime_content_type_is_type(content, type, subtype);
}

const char *mail_part_name(GMimeObject *object) {
    const char *name = GMIME_IS_PART(object) ? g_mime_part_get_filename(GMIME_PART(object)) : NULL;
    if (!name)
        name = g_mime_object_get_content_disposition_parameter(object, "filename");
    if (!name)
        name = g_mime_object_get_content_type_parameter(object, "name");
    return name ? name : "";
}

static const char *disposition(GMimeObject *object) {
    GMimeContentDisposition *d = g_mime_object_get_content_disposition(object);
    const char *kind = d ? g_mime_content_disposition_get_disposition(d) : NULL;
    return kind ? kind : "";
}

/* Text that is shown as the mail's own: a text with a file name, or said to be an attachment, is none. */
static bool is_body_text(GMimeObject *object) {
    return GMIME_IS_PART(object) && strcasecmp(disposition(object), "attachment") != 0 &&
           !*mail_part_name(object) &&
           (mail_part_is(object, "text", "plain") || mail_part_is(object, "text", "html"));
}

static const char *how_attached(GMimeObject *object, const char *otherwise) {
    if (GMIME_IS_MESSAGE_PART(object) || mail_part_is(object, "message", "rfc822") ||
        mail_part_is(object, "message", "global"))
        return "mail";
    if (mail_part_is(object, "text", "calendar"))
        return "attachment";
    if (strcmp(otherwise, "envelope") == 0) /* what lay in it was taken out */
        return otherwise;
    if (strcmp(otherwise, "signature") == 0) { /* only a signature is one: whatever else stands beside it is a document */
        if (mail_part_is(object, "application", "pgp-signature") || mail_part_is(object, "application", "pkcs7-signature") ||
            mail_part_is(object, "application", "x-pkcs7-signature"))
            return otherwise;
        otherwise = "attachment";
    }
    const char *said = disposition(object);
    if (*said)
        return strcasecmp(said, "inline") == 0 ? "inline" : "attachment";
    return g_mime_object_get_content_id(object) ? "inline" : otherwise;
}

/* ---- bytes of a part ----------------------------------------------------------------------------------- */

static void stream_take(GMimeStream *stream, struct buf *out) {
    GByteArray *array = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
    buf_add(out, array->data, array->len);
    g_object_unref(stream);
}

void mail_part_bytes(GMimeObject *object, struct buf *out) {
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

void mail_part_raw(GMimeObject *object, struct buf *out) {
    GMimeDataWrapper *content = GMIME_IS_PART(object) ? g_mime_part_get_content(GMIME_PART(object)) : NULL;
    GMimeStream *raw = content ? g_mime_data_wrapper_get_stream(content) : NULL;
    if (!raw)
        return;
    GMimeStream *copy = g_mime_stream_mem_new();
    g_mime_stream_reset(raw);
    g_mime_stream_write_to_stream(raw, copy);
    g_mime_stream_reset(raw);
    stream_take(copy, out);
}

void mail_part_text(GMimeObject *object, struct buf *out) {
    struct buf raw = {0}, text = {0};
    mail_part_bytes(object, &raw);
    mail_text(buf_view(&raw), g_mime_object_get_content_type_parameter(object, "charset"), &text);
    if (mail_part_is(object, "text", "html"))
        html_text(buf_text(&text), out);
    else
        buf_add(out, text.data, text.len);
    buf_drop(&raw);
    buf_drop(&text);
}

/* The texts of a branch, one after the other. */
static void branch_text(GMimeObject *object, int depth, struct buf *out) {
    if (GMIME_IS_MULTIPART(object) && depth < MAIL_DEPTH_MOST) {
        int count = g_mime_multipart_get_count(GMIME_MULTIPART(object));
        for (int i = 0; i < count && i < MAIL_PARTS_MOST; i++)
            branch_text(g_mime_multipart_get_part(GMIME_MULTIPART(object), i), depth + 1, out);
    } else if (is_body_text(object)) {
        mail_part_text(object, out);
        buf_add_byte(out, '\n');
    }
}

/* ---- attaching ----------------------------------------------------------------------------------------- */

static struct mail_item *item_add(struct mail *mail) {
    return mail->item_count < MAIL_PARTS_MOST ? &mail->items[mail->item_count++] : NULL;
}

static int attach(struct mail *mail, GMimeObject *object, const char *attached) {
    struct mail_item *item = item_add(mail);
    if (!item)
        return ERR_TOO_MANY;
    *item = (struct mail_item){.object = object, .attached = how_attached(object, attached)};
    return 0;
}

int mail_parts_add(struct mail *mail, char *name, const char *type, struct buf *bytes) {
    struct mail_item *item = item_add(mail);
    if (!item) {
        free(name);
        buf_drop(bytes);
        return ERR_TOO_MANY;
    }
    *item = (struct mail_item){.attached = "attachment", .type = type, .name = name, .bytes = *bytes};
    *bytes = (struct buf){0};
    return 0;
}

/* ---- multiparts ---------------------------------------------------------------------------------------- */

static bool is_blank(const struct buf *text) {
    for (size_t i = 0; i < text->len; i++)
        if (text->data[i] > ' ')
            return false;
    return true;
}

/* The plain one, if it says anything; else the first that does: HTML, maybe with its pictures around it. */
static GMimeObject *alternative_choose(GMimeMultipart *multipart) {
    GMimeObject *first = NULL;
    int count = g_mime_multipart_get_count(multipart);
    for (int i = 0; i < count; i++) {
        GMimeObject *part = g_mime_multipart_get_part(multipart, i);
        struct buf text = {0};
        branch_text(part, 0, &text);
        bool says = !is_blank(&text);
        buf_drop(&text);
        if (says && is_body_text(part) && mail_part_is(part, "text", "plain"))
            return part;
        if (says && !first)
            first = part;
    }
    return first;
}

/* Of an alternative that was not chosen: its texts are left out (they say the same, or are kept by their own
 * rule), pictures and all else is attached. */
static int walk_other(struct mail *mail, GMimeObject *part, int depth, bool keep_text) {
    if (GMIME_IS_MULTIPART(part) &&
        (mail_part_is(part, "multipart", "related") || mail_part_is(part, "multipart", "mixed"))) {
        int err = ++mail->parts > MAIL_PARTS_MOST ? ERR_TOO_MANY
                  : depth >= MAIL_DEPTH_MOST      ? ERR_TOO_DEEP
                                                  : 0;
        for (int i = 0; !err && i < g_mime_multipart_get_count(GMIME_MULTIPART(part)); i++)
            err = walk_other(mail, g_mime_multipart_get_part(GMIME_MULTIPART(part), i), depth + 1, keep_text);
        return err;
    }
    if (!is_body_text(part))
        return walk(mail, part, depth, "inline");
    mail->last = part;
    if (++mail->parts > MAIL_PARTS_MOST)
        return ERR_TOO_MANY;
    return keep_text ? attach(mail, part, "attachment") : 0;
}

static bool says_something_else(GMimeObject *chosen, GMimeObject *other) {
    struct buf a = {0}, b = {0};
    branch_text(chosen, 0, &a);
    branch_text(other, 0, &b);
    bool differs = !is_blank(&b) && mail_words_differ(buf_text(&a), buf_text(&b));
    buf_drop(&a);
    buf_drop(&b);
    return differs;
}

static int walk_alternative(struct mail *mail, GMimeMultipart *multipart, int depth) {
    GMimeObject *chosen = alternative_choose(multipart);
    int err = chosen ? walk(mail, chosen, depth + 1, "attachment") : 0;
    for (int i = 0; !err && i < g_mime_multipart_get_count(multipart); i++) {
        GMimeObject *part = g_mime_multipart_get_part(multipart, i);
        if (part == chosen)
            continue;
        bool differs = chosen && says_something_else(chosen, part);
        if (differs)
            mail_parts_note(mail, "the plain text and the HTML of this mail differ");
        err = walk_other(mail, part, depth + 1, differs);
    }
    return err;
}

static int walk_parts(struct mail *mail, GMimeMultipart *multipart, int depth, const char *first,
                      const char *others) {
    int err = 0;
    for (int i = 0; !err && i < g_mime_multipart_get_count(multipart); i++)
        err = walk(mail, g_mime_multipart_get_part(multipart, i), depth + 1, i ? others : first);
    return err;
}

static bool is_usual_prologue(const char *text) {
    return strcasestr(text, "MIME") || strcasestr(text, "multi-part") || strcasestr(text, "multipart");
}

/* Text before the first and after the last boundary belongs to no part; it is kept all the same. */
static int keep_text_outside(struct mail *mail, const char *text, bool before) {
    struct buf bytes = {0};
    if (text)
        mail_text(view_text(text), NULL, &bytes);
    if (is_blank(&bytes) || (before && bytes.len < 400 && is_usual_prologue(buf_text(&bytes)))) {
        buf_drop(&bytes);
        return 0;
    }
    mail_parts_note(mail, before ? "text stands before the first part of this mail"
                                 : "text stands after the end of this mail");
    return mail_parts_add(mail, mem_text(before ? "text before the mail.txt" : "text after the mail.txt"),
                          "text/plain", &bytes);
}

static int walk_multipart(struct mail *mail, GMimeMultipart *multipart, int depth) {
    GMimeObject *object = GMIME_OBJECT(multipart);
    if (depth >= MAIL_DEPTH_MOST)
        return ERR_TOO_DEEP;
    if (mail_part_is(object, "multipart", "encrypted"))
        return ERR_LOCKED;
    if (g_mime_multipart_get_count(multipart) == 0)
        return ERR_DAMAGED; /* its parts cannot be told from each other */
    int err;
    if (mail_part_is(object, "multipart", "alternative"))
        err = walk_alternative(mail, multipart, depth);
    else if (mail_part_is(object, "multipart", "signed"))
        err = walk_parts(mail, multipart, depth, "attachment", "signature");
    else if (mail_part_is(object, "multipart", "related"))
        err = walk_parts(mail, multipart, depth, "attachment", "inline");
    else
        err = walk_parts(mail, multipart, depth, "attachment", "attachment");
    if (!err)
        err = keep_text_outside(mail, g_mime_multipart_get_prologue(multipart), true);
    if (!err)
        err = keep_text_outside(mail, g_mime_multipart_get_epilogue(multipart), false);
    return err;
}

/* ---- single parts -------------------------------------------------------------------------------------- */

static GMimeObject *object_parse(struct view bytes) {
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer((const char *)bytes.data, bytes.len);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    GMimeObject *object = g_mime_parser_construct_part(parser, NULL);
    g_object_unref(parser);
    g_object_unref(stream);
    return object;
}

/* An envelope that is signed only is opened; itself it is kept as the signature. */
static int walk_sealed(struct mail *mail, GMimeObject *object, int depth) {
    struct buf bytes = {0}, content = {0};
    mail_part_bytes(object, &bytes);
    int err = mail_sealed_open(buf_view(&bytes),
                               g_mime_object_get_content_type_parameter(object, "smime-type"), &content);
    if (!err && mail_has_many_levels(buf_view(&content)))
        err = ERR_TOO_DEEP;
    GMimeObject *inner = !err && content.len ? object_parse(buf_view(&content)) : NULL;
    bool had_content = content.len > 0;
    buf_drop(&bytes);
    buf_drop(&content);
    if (inner) {
        g_ptr_array_add(mail->unsealed, inner);
        err = walk(mail, inner, depth + 1, "attachment");
    } else if (!err && had_content) {
        err = ERR_DAMAGED;
    }
    return err ? err : attach(mail, object, "envelope");
}

/* Messages inside messages are opened later, one by one; a tower of them is not begun. */
static int check_tower(GMimeObject *object, int levels, size_t *parts) {
    if (levels > MAIL_DEPTH_MOST)
        return ERR_TOO_DEEP;
    if (++*parts > 100 * MAIL_PARTS_MOST)
        return ERR_TOO_MANY;
    int err = 0;
    if (GMIME_IS_MESSAGE_PART(object)) {
        GMimeMessage *inner = g_mime_message_part_get_message(GMIME_MESSAGE_PART(object));
        GMimeObject *top = inner ? g_mime_message_get_mime_part(inner) : NULL;
        return top ? check_tower(top, levels + 1, parts) : 0;
    }
    for (int i = 0;
         GMIME_IS_MULTIPART(object) && !err && i < g_mime_multipart_get_count(GMIME_MULTIPART(object)); i++)
        err = check_tower(g_mime_multipart_get_part(GMIME_MULTIPART(object), i), levels, parts);
    return err;
}

static int walk_leaf(struct mail *mail, GMimeObject *object, int depth, const char *attached) {
    mail->last = object;
    if (GMIME_IS_MESSAGE_PARTIAL(object) || mail_part_is(object, "message", "partial"))
        return ERR_UNKNOWN_KIND;
    if (mail_part_is(object, "application", "pgp-encrypted"))
        return ERR_LOCKED;
    if (mail_part_is(object, "application", "pkcs7-mime") ||
        mail_part_is(object, "application", "x-pkcs7-mime"))
        return depth < MAIL_DEPTH_MOST ? walk_sealed(mail, object, depth) : ERR_TOO_DEEP;
    if (mail_part_is(object, "message", "external-body")) {
        mail_parts_note(mail, "a part of this mail is kept elsewhere; it was not fetched");
        return 0;
    }
    if (!mail->body && strcmp(attached, "signature") != 0 && is_body_text(object)) {
        mail->body = object;
        return 0;
    }
    return attach(mail, object, attached);
}

static int walk(struct mail *mail, GMimeObject *object, int depth, const char *attached) {
    if (!object)
        return 0;
    if (++mail->parts > MAIL_PARTS_MOST)
        return ERR_TOO_MANY;
    if (GMIME_IS_MULTIPART(object))
        return walk_multipart(mail, GMIME_MULTIPART(object), depth);
    size_t parts = 0;
    int err = check_tower(object, 0, &parts);
    return err ? err : walk_leaf(mail, object, depth, attached);
}

int mail_parts_find(struct mail *mail) {
    return walk(mail, g_mime_message_get_mime_part(mail->message), 0, "attachment");
}
