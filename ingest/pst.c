/* Outlook's .pst (libpst). The library opens by file name; here there are no files: its record of an open
 * file is filled from the header
 * ([MS-PST] 2.2.2.6) and reads through fmemopen. */
#include "ingest/mailbox_file.h"

#include "base/err.h"
#include "base/mem.h"
#include "ingest/mail_make.h"
#include "ingest/mail_text.h"
#include "ingest/rtf_text.h"

#include <libpst/libpst.h>
#include <libpst/vbuf.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    HEAD_LEAST = 0x202,
    NODES_MOST = 20 * MAILBOX_MAILS_MOST,
    INSIDE_MOST = 10, /* messages in messages */
    PARTS_MOST = 500,
    NODE_MESSAGE = 4, /* the kind of a node is in its five lowest bits; 8 would be one that folders keep for
                         themselves */
};

/* ---- opening ------------------------------------------------------------------------------------------- */

static uint64_t number_at(struct view bytes, size_t at, int size) {
    uint64_t number = 0;
    for (int i = 0; i < size; i++)
        number |= (uint64_t)bytes.data[at + (size_t)i] << 8 * i;
    return number;
}

static int head_read(struct view bytes, pst_file *pf) {
    if (bytes.len < HEAD_LEAST || memcmp(bytes.data, "!BDN", 4) != 0)
        return ERR_DAMAGED;
    pf->ind_type = bytes.data[0x0A];
    bool old = pf->ind_type == 0x0E || pf->ind_type == 0x0F;
    if (!old && pf->ind_type != 0x15 && pf->ind_type != 0x17 && pf->ind_type != 0x24)
        return ERR_DAMAGED;
    int size = old ? 4 : 8;
    pf->do_read64 = old ? 0 : pf->ind_type == 0x24 ? 2 : 1;
    pf->size = number_at(bytes, old ? 0xA8 : 0xB8, size);
    pf->index2_back = number_at(bytes, old ? 0xB8 : 0xD8, size);
    pf->index2 = number_at(bytes, old ? 0xBC : 0xE0, size);
    pf->index1_back = number_at(bytes, old ? 0xC0 : 0xE8, size);
    pf->index1 = number_at(bytes, old ? 0xC4 : 0xF0, size);
    pf->encryption = bytes.data[old ? 0x1CD : 0x201];
    return pf->encryption > 2 ? ERR_LOCKED : 0; /* 0x10: Windows keeps the key */
}

static int file_open(struct view bytes, pst_file *pf) {
    memset(pf, 0, sizeof *pf);
    int err = head_read(bytes, pf);
    if (err)
        return err;
    pst_unicode_init();
    pf->charset = "windows-1252";
    pf->fname = mem_text("");
    pf->cwd = mem_text("");
    pf->fp = fmemopen((void *)(uintptr_t)bytes.data, bytes.len, "rb");
    if (!pf->fp)
        err = ERR_MEMORY;
    else if (pst_load_index(pf) || !pf->d_head)
        err = ERR_DAMAGED;
    else
        pst_load_extended_attributes(pf); /* names of named properties: not every file has them */
    return err;
}

static void file_close(pst_file *pf) {
    if (pf->fp)
        pst_close(pf);
    else {
        free(pf->fname);
        free(pf->cwd);
    }
}

/* ---- one mail ------------------------------------------------------------------------------------------ */

struct pst_walk {
    pst_file *file;
    const struct part_sink *sink;
    size_t mails;
    bool lacks; /* an attachment could not be read */
};

static int item_write(struct pst_walk *w, pst_item *item, int depth, struct buf *mail);

/* As UTF-8; never NULL; borrowed from the item. */
static const char *text_of(pst_item *item, pst_string *string) {
    pst_convert_utf8_null(item, string);
    return string->str ? string->str : "";
}

static uint64_t time_of(const FILETIME *time) {
    return time ? (uint64_t)time->dwHighDateTime << 32 | time->dwLowDateTime : 0;
}

static void write_heading(pst_item *item, struct buf *mail) {
    pst_item_email *e = item->email;
    if (!e) {
        mail_make_date(mail, time_of(item->create_date));
        mail_make_field(mail, "Subject",
                        *text_of(item, &item->subject) ? item->subject.str : text_of(item, &item->file_as));
        return;
    }
    const char *name = *text_of(item, &e->outlook_sender_name) ? e->outlook_sender_name.str
                                                               : text_of(item, &e->outlook_sender_name2);
    const char *address = text_of(item, &e->sender_address);
    mail_make_person(mail, "From", name, strchr(address, '@') ? address : text_of(item, &e->sender2_address));
    mail_make_people(mail, "To", text_of(item, &e->sentto_address));
    mail_make_people(mail, "Cc", text_of(item, &e->cc_address));
    mail_make_people(mail, "Bcc", text_of(item, &e->bcc_address));
    mail_make_date(mail, time_of(e->sent_date      ? e->sent_date
                                 : e->arrival_date ? e->arrival_date
                                                   : item->create_date));
    mail_make_field(mail, "Subject", text_of(item, &item->subject));
    mail_make_field(mail, "Message-ID", text_of(item, &e->messageid));
}

static void put_line(struct buf *out, const char *label, const char *text) {
    if (*text)
        buf_print(out, "%s: %s\n", label, text);
}

static void put_when(struct buf *out, const char *label, const FILETIME *time) {
    struct buf date = {0};
    mail_make_date(&date, time_of(time));
    if (date.len > 8) /* "Date: " before, "\r\n" after */
        buf_print(out, "%s: %.*s\n", label, (int)date.len - 8, (const char *)date.data + 6);
    buf_drop(&date);
}

static void put_appointment(pst_item *item, struct buf *out) {
    pst_item_appointment *a = item->appointment;
    put_line(out, "What", text_of(item, &item->subject));
    put_when(out, "From", a->start);
    put_when(out, "To", a->end);
    put_line(out, "Where", text_of(item, &a->location));
    put_line(out, "Repeats", text_of(item, &a->recurrence_description));
}

static void put_contact(pst_item *item, struct buf *out) {
    pst_item_contact *c = item->contact;
    struct {
        const char *label;
        pst_string *text;
    } lines[] = {
        {"Name", &c->fullname},
        {"First name", &c->first_name},
        {"Last name", &c->surname},
        {"Organisation", &c->company_name},
        {"Job", &c->job_title},
        {"E-mail", &c->address1},
        {"E-mail", &c->address2},
        {"E-mail", &c->address3},
        {"Telephone", &c->business_phone},
        {"Telephone", &c->home_phone},
        {"Mobile", &c->mobile_phone},
        {"Address", &c->home_address},
        {"Address", &c->business_address},
        {"Note", &item->comment},
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        put_line(out, lines[i].label, text_of(item, lines[i].text));
    put_when(out, "Born", c->birthday);
}

/* The body, with what is told beside it of appointments and contacts. */
static void put_body(pst_item *item, struct buf *out) {
    if (item->appointment)
        put_appointment(item, out);
    if (item->contact)
        put_contact(item, out);
    if (out->len)
        buf_add_byte(out, '\n');
    pst_convert_utf8_null(item, &item->body);
    if (item->body.str)
        mail_text(view_text(item->body.str), NULL, out);
    bool has_text = out->len || (item->email && item->email->htmlbody.str);
    struct buf rtf = {0};
    if (!has_text && item->email && item->email->rtf_compressed.data &&
        rtf_unpack(view_of(item->email->rtf_compressed.data, item->email->rtf_compressed.size), &rtf) == 0)
        rtf_text(buf_view(&rtf), out);
    buf_drop(&rtf);
}

/* ---- attachments --------------------------------------------------------------------------------------- */

static int write_inner(struct pst_walk *w, pst_item_attach *a, int depth, struct buf *mail) {
    pst_index_ll *index = pst_getID(w->file, a->i_id);
    pst_desc_tree node = {.desc = index};
    pst_item *inner = index ? pst_parse_item(w->file, &node, a->id2_head) : NULL;
    struct buf made = {0};
    int err = 0;
    if (inner) {
        err = item_write(w, inner, depth + 1, &made);
        if (!err)
            mail_make_mail(mail, depth, buf_view(&made));
        pst_freeItem(inner);
    } else {
        w->lacks = true;
    }
    buf_drop(&made);
    return err;
}

static void write_attachment(struct pst_walk *w, pst_item *item, pst_item_attach *a, int depth,
                             struct buf *mail) {
    const char *name = *text_of(item, &a->filename2) ? a->filename2.str : text_of(item, &a->filename1);
    const char *type = text_of(item, &a->mimetype);
    if (a->data.data || a->i_id) {
        pst_binary bytes = pst_attach_to_mem(w->file, a);
        struct found_part part = {name, type, "attachment", view_of(bytes.data, bytes.size)};
        if (bytes.data)
            mail_make_part(mail, depth, &part);
        else
            w->lacks = true;
        free(bytes.data);
        a->data.data = NULL; /* the library gave it away */
        a->data.size = 0;
    } else {
        w->lacks = true;
    }
}

static int attachment_take(struct pst_walk *w, pst_item *item, pst_item_attach *a, int depth,
                           struct buf *mail) {
    if (a->method == PST_ATTACH_EMBEDDED)
        return write_inner(w, a, depth, mail);
    if (a->method != PST_ATTACH_NONE || a->data.data)
        write_attachment(w, item, a, depth, mail);
    return 0;
}

/* The library has the last first. */
static int write_attachments(struct pst_walk *w, pst_item *item, int depth, struct buf *mail) {
    pst_item_attach *list[PARTS_MOST];
    size_t count = 0;
    int err = 0;
    for (pst_item_attach *a = item->attach; a; a = a->next) {
        if (count == PARTS_MOST)
            return ERR_TOO_MANY;
        list[count++] = a;
    }
    while (count && !err)
        err = attachment_take(w, item, list[--count], depth, mail);
    return err;
}

static int item_write(struct pst_walk *w, pst_item *item, int depth, struct buf *mail) {
    struct buf body = {0}, html = {0};
    if (depth > INSIDE_MOST)
        return ERR_TOO_DEEP;
    write_heading(item, mail);
    mail_make_begin(mail, depth);
    put_body(item, &body);
    if (item->email && item->email->htmlbody.str)
        mail_text(view_text(text_of(item, &item->email->htmlbody)), NULL, &html);
    mail_make_text(mail, depth, buf_text(&body), buf_text(&html));
    buf_drop(&body);
    buf_drop(&html);
    int err = write_attachments(w, item, depth, mail);
    mail_make_end(mail, depth);
    return err;
}

/* ---- all mails ----------------------------------------------------------------------------------------- */

static int item_give(struct pst_walk *w, pst_item *item) {
    bool is_own = (item->flags & PST_FLAG_ASSOCIATED) != 0; /* settings that a folder keeps */
    if (is_own || item->folder || item->message_store)
        return 0;
    if (++w->mails > MAILBOX_MAILS_MOST)
        return ERR_TOO_MANY;
    struct buf mail = {0};
    int err = item_write(w, item, 0, &mail);
    struct found_part part = {"", "message/rfc822", "mail", buf_view(&mail)};
    if (!err)
        err = w->sink->part(w->sink->state, &part);
    buf_drop(&mail);
    return err;
}

/* Every node that is a message, wherever it hangs: deleted ones too. */
static int walk(struct pst_walk *w) {
    size_t nodes = 0, unread = 0;
    int err = 0;
    for (pst_desc_tree *d = w->file->d_head; d && !err; d = pst_getNextDptr(d)) {
        if (++nodes > NODES_MOST)
            err = ERR_TOO_MANY;
        if (err || (d->d_id & 0x1F) != NODE_MESSAGE)
            continue;
        pst_item *item = d->desc ? pst_parse_item(w->file, d, NULL) : NULL;
        unread += !item;
        if (item)
            err = item_give(w, item);
        if (item)
            pst_freeItem(item);
    }
    if (!err && unread && w->mails)
        err = w->sink->note(w->sink->state, "some messages of this mailbox file could not be read");
    return err ? err : w->mails ? 0 : ERR_DAMAGED;
}

int pst_mails_open(struct view bytes, const struct part_sink *sink) {
    pst_file file;
    int err = file_open(bytes, &file);
    struct pst_walk w = {.file = &file, .sink = sink};
    if (!err)
        err = walk(&w);
    if (!err && w.lacks)
        err = sink->note(sink->state, "some attachments in this mailbox file could not be read");
    file_close(&file);
    return err;
}
