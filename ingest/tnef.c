/* TNEF ([MS-OXTNEF]), read by hand: the format is small, and the one library for it has a history of reading
 * past its ends. */
#include "ingest/outlook.h"

#include "base/err.h"
#include "base/mem.h"
#include "ingest/mapi_message.h"

#include <stdlib.h>
#include <string.h>

enum {
    LEVEL_MESSAGE = 1,
    LEVEL_ATTACHMENT = 2,
    PROPERTIES_MOST = 20000,
    VALUES_MOST = 100000,
    MULTIPLE = 0x1000, /* in a type: several values */
};

enum attribute { /* without the type in the upper half */
                 ATT_FROM = 0x8000,
                 ATT_SUBJECT = 0x8004,
                 ATT_DATE_SENT = 0x8005,
                 ATT_BODY = 0x800C,
                 ATT_DATA = 0x800F,
                 ATT_TITLE = 0x8010,
                 ATT_BEGIN = 0x9002, /* how an attachment is drawn: the first of each */
                 ATT_PROPERTIES = 0x9003,
                 ATT_ATTACHMENT = 0x9005,
                 ATT_CODE_PAGE = 0x9007,
};

struct reader {
    const uint8_t *at, *end;
    bool broken; /* something was read past the end */
};

static const uint8_t *take(struct reader *r, size_t count) {
    if (r->broken || (size_t)(r->end - r->at) < count) {
        r->broken = true;
        return NULL;
    }
    r->at += count;
    return r->at - count;
}

static uint32_t take_number(struct reader *r, int bytes) {
    const uint8_t *p = take(r, (size_t)bytes);
    uint32_t number = 0;
    for (int i = 0; p && i < bytes; i++)
        number |= (uint32_t)p[i] << 8 * i;
    return number;
}

static struct reader reader_of(struct view v) {
    return (struct reader){.at = v.data, .end = v.len ? v.data + v.len : v.data};
}

/* ---- blocks of properties ------------------------------------------------------------------------------ */

struct target {
    struct mapi_message *message;
    struct mapi_part *part; /* NULL: of the message */
};

/* A message that is attached stands in TNEF of its own, behind the number of its kind (IID_IMessage). */
static void take_object(struct mapi_part *part, struct view value) {
    static const uint8_t message_kind[16] = {0x07, 3, 2, 0, 0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0x46};
    if (value.len < 16)
        return;
    part->is_mail = memcmp(value.data, message_kind, 16) == 0;
    buf_reset(&part->bytes);
    buf_add(&part->bytes, value.data + 16, value.len - 16);
    part->has_bytes = true;
}

static void give_value(const struct target *to, unsigned id, unsigned type, struct view value) {
    if (to->part && id == 0x3701 && type == MAPI_OBJECT)
        take_object(to->part, value);
    else if (to->part)
        mapi_part_take(to->message, to->part, id << 16 | type, value);
    else
        mapi_message_take(to->message, id, type, value);
}

/* Bytes of a value of fixed size, filled up to four; 0: the size stands before it. */
static size_t fixed_size(unsigned type) {
    switch (type) {
    case 0x0001:
        return 4;
    case MAPI_SHORT:
    case MAPI_LONG:
    case 0x0004:
    case 0x000A:
    case MAPI_BOOLEAN:
        return 4;
    case 0x0005:
    case 0x0006:
    case 0x0007:
    case 0x0014:
    case MAPI_TIME:
        return 8;
    case 0x0048:
        return 16;
    default:
        return 0;
    }
}

static struct view take_sized(struct reader *r) {
    size_t len = take_number(r, 4);
    const uint8_t *p = take(r, len);
    if (p && len % 4)
        take(r, 4 - len % 4);
    return p ? view_of(p, len) : (struct view){0};
}

/* The name of a property that has no number of its own. */
static void skip_name(struct reader *r) {
    take(r, 16);
    if (take_number(r, 4) == 0)
        take(r, 4);
    else
        take_sized(r);
}

static void property_take(struct reader *r, const struct target *to) {
    unsigned type = take_number(r, 2), id = take_number(r, 2), base = type & ~(unsigned)MULTIPLE;
    if (id >= 0x8000)
        skip_name(r);
    size_t size = fixed_size(base);
    uint32_t count = size && base == type ? 1 : take_number(r, 4);
    for (uint32_t i = 0; i < count && !r->broken; i++) {
        if (i >= VALUES_MOST)
            r->broken = true;
        const uint8_t *p = size ? take(r, size) : NULL;
        struct view value = size ? view_of(p, p ? size : 0) : take_sized(r);
        if (!r->broken && i == 0 && base == type)
            give_value(to, id, type, value);
    }
}

static int properties_take(struct view block, const struct target *to) {
    struct reader r = reader_of(block);
    uint32_t count = take_number(&r, 4);
    if (count > PROPERTIES_MOST)
        return ERR_DAMAGED;
    for (uint32_t i = 0; i < count && !r.broken; i++)
        property_take(&r, to);
    return r.broken ? ERR_DAMAGED : 0;
}

/* ---- attributes ---------------------------------------------------------------------------------------- */

struct tnef {
    struct mapi_message message;
    struct mapi_part *part; /* the one that attributes belong to, or NULL */
};

/* Year, month, day, hour, minute, second, weekday, as 100 nanoseconds since 1601. */
static uint64_t date_of(struct view v) {
    struct reader r = reader_of(v);
    int n[6];
    for (int i = 0; i < 6; i++)
        n[i] = (int)take_number(&r, 2);
    if (r.broken || n[0] < 1970 || n[0] > 9999 || n[1] < 1 || n[1] > 12)
        return 0;
    int64_t y = n[1] > 2 ? n[0] : n[0] - 1, m = (n[1] + 9) % 12;
    int64_t days = 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + n[2] - 1 -
                   584694; /* since 1 January 1601 */
    return days < 0 ? 0 : (uint64_t)(((days * 24 + n[3]) * 60 + n[4]) * 60 + n[5]) * 10000000u;
}

/* Triples: kind, structure size, name length, address length, name, address "SMTP:a@b". */
static void from_take(struct mapi_message *m, struct view v) {
    struct reader r = reader_of(v);
    take_number(&r, 4);
    size_t name_len = take_number(&r, 2), address_len = take_number(&r, 2);
    const uint8_t *name = take(&r, name_len), *address = take(&r, address_len);
    if (name && !m->sender.len)
        mapi_message_take(m, 0x0C1A, MAPI_STRING8, view_of(name, name_len));
    const uint8_t *colon = address ? memchr(address, ':', address_len) : NULL;
    if (colon && !m->sender_mail.len)
        mapi_message_take(m, 0x0C1F, MAPI_STRING8,
                          view_of(colon + 1, address_len - (size_t)(colon + 1 - address)));
}

static int message_attribute(struct tnef *t, unsigned id, struct view v) {
    struct mapi_message *m = &t->message;
    struct reader r = reader_of(v);
    switch (id) {
    case ATT_SUBJECT:
        if (!m->subject.len)
            mapi_message_take(m, 0x0037, MAPI_STRING8, v);
        return 0;
    case ATT_BODY:
        if (!m->body.len)
            mapi_message_take(m, 0x1000, MAPI_STRING8, v);
        return 0;
    case ATT_FROM:
        from_take(m, v);
        return 0;
    case ATT_DATE_SENT:
        m->sent = m->sent ? m->sent : date_of(v);
        return 0;
    case ATT_CODE_PAGE:
        m->code_page = take_number(&r, 4);
        return 0;
    case ATT_PROPERTIES:
        return properties_take(v, &(struct target){m, NULL});
    default:
        return 0;
    }
}

static int attachment_attribute(struct tnef *t, unsigned id, struct view v) {
    if (id == ATT_BEGIN || !t->part)
        t->part = mapi_part_add(&t->message);
    if (!t->part)
        return ERR_TOO_MANY;
    if (id == ATT_DATA) {
        if (!t->part->has_bytes)
            mapi_part_take(&t->message, t->part, 0x37010000 | MAPI_BINARY, v);
    } else if (id == ATT_TITLE && !t->part->name) {
        mapi_part_take(&t->message, t->part, 0x37040000 | MAPI_STRING8, v);
    } else if (id == ATT_ATTACHMENT) {
        return properties_take(v, &(struct target){&t->message, t->part});
    }
    return 0;
}

static int attribute_take(struct tnef *t, struct reader *r) {
    unsigned level = take_number(r, 1), id = take_number(r, 4) & 0xFFFF;
    size_t len = take_number(r, 4);
    const uint8_t *p = take(r, len);
    unsigned told = take_number(r, 2), sum = 0;
    if (r->broken)
        return ERR_DAMAGED;
    for (size_t i = 0; i < len; i++)
        sum += p[i];
    if ((sum & 0xFFFF) != told)
        return ERR_DAMAGED;
    if (level == LEVEL_MESSAGE)
        return message_attribute(t, id, view_of(p, len));
    return level == LEVEL_ATTACHMENT ? attachment_attribute(t, id, view_of(p, len)) : ERR_DAMAGED;
}

int tnef_open(struct view bytes, const struct mail_sink *sink) {
    struct reader r = reader_of(bytes);
    struct tnef t = {0};
    size_t attributes = 0;
    int err = take_number(&r, 4) == 0x223E9F78 && !r.broken ? 0 : ERR_DAMAGED;
    take_number(&r, 2);
    for (; !err && r.at < r.end; attributes++)
        err = attribute_take(&t, &r);
    if (!err && !attributes)
        err = ERR_DAMAGED;
    if (!err)
        err = mapi_message_give(&t.message, sink);
    mapi_message_drop(&t.message);
    return err;
}
