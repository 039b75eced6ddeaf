#include "ingest/mailbox_file.h"

#include "base/err.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

static struct view line_of(struct view bytes, size_t at) {
    const uint8_t *end = memchr(bytes.data + at, '\n', bytes.len - at);
    return view_of(bytes.data + at, end ? (size_t)(end + 1 - (bytes.data + at)) : bytes.len - at);
}

static bool begins(struct view line, const char *text) {
    return view_begins(line, text, strlen(text));
}

/* "Name: ..", as the lines of a mail's heading are. */
static bool is_field(struct view line) {
    size_t i = 0;
    while (i < line.len && line.data[i] > ' ' && line.data[i] < 0x7F && line.data[i] != ':')
        i++;
    return i > 0 && i < line.len && line.data[i] == ':';
}

static bool is_empty_line(struct view line) {
    return begins(line, "\n") || begins(line, "\r\n");
}

/* A "From " line parts mails only when a heading follows: sentences begin with "From " too. */
static bool parts_mails(struct view bytes, size_t at) {
    struct view line = line_of(bytes, at);
    if (!begins(line, "From "))
        return false;
    struct view next = line_of(bytes, at + line.len);
    return is_field(next) || begins(next, ">From ");
}

/* ">From ", ">>From " and so on lose one ">". */
static size_t is_quoted_from(struct view line) {
    size_t marks = 0;
    while (marks < line.len && line.data[marks] == '>')
        marks++;
    return marks && begins(view_of(line.data + marks, line.len - marks), "From ");
}

static int mail_give(struct view mail, const struct part_sink *sink) {
    struct buf plain = {0};
    for (size_t at = 0; at < mail.len;) {
        struct view line = line_of(mail, at);
        size_t skip = is_quoted_from(line);
        buf_add(&plain, line.data + skip, line.len - skip);
        at += line.len;
    }
    struct found_part part = {"", "message/rfc822", "mail", buf_view(&plain)};
    int err = sink->part(sink->state, &part);
    buf_drop(&plain);
    return err;
}

/* From after one "From " line to before the next. */
static size_t mail_end(struct view bytes, size_t at) {
    bool after_empty = false;
    while (at < bytes.len) {
        struct view line = line_of(bytes, at);
        if (after_empty && parts_mails(bytes, at))
            return at;
        after_empty = is_empty_line(line);
        at += line.len;
    }
    return at;
}

static struct view without_last_empty_line(struct view mail) {
    if (mail.len >= 2 && memcmp(mail.data + mail.len - 2, "\n\n", 2) == 0)
        return view_of(mail.data, mail.len - 1);
    if (mail.len >= 4 && memcmp(mail.data + mail.len - 4, "\r\n\r\n", 4) == 0)
        return view_of(mail.data, mail.len - 2);
    return mail;
}

int mbox_open(struct view bytes, const struct part_sink *sink) {
    size_t at = 0, mails = 0;
    int err = 0;
    while (at < bytes.len && is_empty_line(line_of(bytes, at)))
        at += line_of(bytes, at).len;
    if (at >= bytes.len || !parts_mails(bytes, at))
        return ERR_DAMAGED;
    while (!err && at < bytes.len) {
        at += line_of(bytes, at).len;
        size_t end = mail_end(bytes, at);
        struct view mail = without_last_empty_line(view_of(bytes.data + at, end - at));
        err = ++mails > MAILBOX_MAILS_MOST ? ERR_TOO_MANY : mail_give(mail, sink);
        at = end;
    }
    return err;
}
