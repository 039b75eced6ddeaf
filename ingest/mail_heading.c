#include "ingest/mail_heading.h"

#include "ingest/mail_text.h"

#include <string.h>

void mail_heading_line(struct buf *out, const char *label, const char *text) {
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
    mail_heading_line(out, label, text);
    g_free(text);
}

static void heading_field(struct buf *out, const char *label, GMimeMessage *message, const char *field) {
    GMimeHeader *header =
        g_mime_header_list_get_header(g_mime_object_get_header_list(GMIME_OBJECT(message)), field);
    const char *value = header ? g_mime_header_get_value(header) : NULL;
    char *text = value ? g_mime_utils_header_decode_text(NULL, value) : NULL;
    mail_heading_line(out, label, text);
    g_free(text);
}

void mail_item_name(const struct mail_item *item, struct buf *out) {
    const char *name = item->object ? mail_part_name(item->object) : item->name;
    if (!*name && item->object && mail_part_is(item->object, "text", "calendar"))
        name = "invite.ics";
    mail_text(view_text(name), NULL, out);
}

void mail_heading(const struct mail *mail, struct buf *out) {
    GMimeMessage *m = mail->message;
    heading_addresses(out, "From", g_mime_message_get_from(m));
    heading_addresses(out, "To", g_mime_message_get_to(m));
    heading_addresses(out, "Cc", g_mime_message_get_cc(m));
    heading_field(out, "Date", m, "Date");
    heading_field(out, "Subject", m, "Subject");
    for (size_t i = 0; i < mail->item_count; i++) {
        struct buf name = {0};
        mail_item_name(&mail->items[i], &name);
        if (strcmp(mail->items[i].attached, "signature") != 0 && strcmp(mail->items[i].attached, "envelope") != 0)
            mail_heading_line(out, "Attachment", name.len ? buf_text(&name) : "(without a name)");
        buf_drop(&name);
    }
}
