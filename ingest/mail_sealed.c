#include "ingest/mail_sealed.h"

#include "base/err.h"
#include "ingest/mail.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

enum {
    LEVELS_MOST = 4 * MAIL_PARTS_MOST, /* declared anywhere in the bytes */
    NESTED_MOST = 16,                  /* octet strings in octet strings */
    TAG_INTEGER = 0x02,
    TAG_OCTETS = 0x04,
    TAG_OID = 0x06,
    TAG_SEQUENCE = 0x30,
    TAG_SET = 0x31,
    TAG_CONTENT = 0xA0, /* [0] */
    CONSTRUCTED = 0x20,
};

/* One element: its tag, what is in it, and where the next begins. */
struct element {
    uint8_t tag;
    bool open_ended; /* of indefinite length: inside runs to the end of what holds it, an end mark comes
                        before */
    struct view inside;
};

static struct view view_after(struct view v, size_t count) {
    return view_of(v.data + count, v.len - count);
}

/* Reads the head of the element at the beginning of v. */
static bool element_read(struct view v, struct element *e) {
    if (v.len < 2 || (v.data[0] & 0x1F) == 0x1F)
        return false;
    size_t at = 2, len = v.data[1];
    e->tag = v.data[0];
    e->open_ended = len == 0x80;
    if (len > 0x80) {
        size_t count = len & 0x7F;
        if (count > 4 || v.len < 2 + count)
            return false;
        for (len = 0; at < 2 + count; at++)
            len = len << 8 | v.data[at];
    }
    if (e->open_ended)
        len = v.len - at;
    if (len > v.len - at || (e->open_ended && !(e->tag & CONSTRUCTED)))
        return false;
    e->inside = view_of(v.data + at, len);
    return true;
}

static bool is_end_mark(struct view v) {
    return v.len >= 2 && v.data[0] == 0 && v.data[1] == 0;
}

/* The bytes of an octet string, which may be in pieces. *rest: what follows it. */
static bool octets_take(struct view v, int depth, struct buf *out, struct view *rest) {
    struct element e;
    if (depth > NESTED_MOST || !element_read(v, &e) || (e.tag & ~CONSTRUCTED) != TAG_OCTETS)
        return false;
    if (!(e.tag & CONSTRUCTED)) {
        buf_add(out, e.inside.data, e.inside.len);
        *rest =
            view_of(e.inside.data + e.inside.len, (size_t)(v.data + v.len - (e.inside.data + e.inside.len)));
        return true;
    }
    struct view at = e.inside;
    while (at.len && !(e.open_ended && is_end_mark(at)))
        if (!octets_take(at, depth + 1, out, &at))
            return false;
    if (e.open_ended && !at.len)
        return false; /* cut */
    const uint8_t *end = at.data + (e.open_ended ? 2 : 0);
    *rest = view_of(end, (size_t)(v.data + v.len - end));
    return true;
}

/* Steps over an element of definite length. */
static bool element_skip(struct view *v, const struct element *e) {
    if (e->open_ended)
        return false;
    *v = view_after(*v, (size_t)(e->inside.data + e->inside.len - v->data));
    return true;
}

static bool enter(struct view *v, uint8_t tag) {
    struct element e;
    if (!element_read(*v, &e) || e.tag != tag)
        return false;
    *v = e.inside;
    return true;
}

static bool step_over(struct view *v, uint8_t tag) {
    struct element e;
    return element_read(*v, &e) && e.tag == tag && element_skip(v, &e);
}

/* SignedData: version, digest algorithms, { content type, [0] content }, ... *v: inside its sequence. */
static int signed_content(struct view v, struct buf *out) {
    struct element info;
    struct view rest;
    if (!step_over(&v, TAG_INTEGER) || !step_over(&v, TAG_SET))
        return ERR_DAMAGED;
    if (!element_read(v, &info) || info.tag != TAG_SEQUENCE)
        return ERR_DAMAGED;
    v = info.inside;
    if (!step_over(&v, TAG_OID))
        return ERR_DAMAGED;
    if (info.open_ended ? is_end_mark(v) : !v.len)
        return 0; /* certificates alone */
    return enter(&v, TAG_CONTENT) && octets_take(v, 0, out, &rest) ? 0 : ERR_DAMAGED;
}

static int type_of(struct view oid) {
    static const uint8_t pkcs7[] = {0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07};
    static const uint8_t smime[] = {0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x10, 0x01};
    if (oid.len == sizeof pkcs7 + 1 && memcmp(oid.data, pkcs7, sizeof pkcs7) == 0)
        return oid.data[sizeof pkcs7]; /* 2 signed, 3 enveloped, 6 encrypted */
    if (oid.len == sizeof smime + 1 && memcmp(oid.data, smime, sizeof smime) == 0)
        return 0x100 + oid.data[sizeof smime]; /* 9 compressed, 23 enveloped with authentication */
    return -1;
}

static int by_what_is_said(const char *said) {
    return said && (strncasecmp(said, "signed", 6) == 0 || strncasecmp(said, "certs", 5) == 0) ? ERR_DAMAGED
                                                                                               : ERR_LOCKED;
}

int mail_sealed_open(struct view bytes, const char *said, struct buf *out) {
    struct view v = bytes;
    struct element oid;
    if (!enter(&v, TAG_SEQUENCE) || !element_read(v, &oid) || oid.tag != TAG_OID)
        return by_what_is_said(said);
    int type = type_of(oid.inside);
    if (type == 0x109)
        return ERR_UNKNOWN_KIND;
    if (type != 2)
        return type < 0 ? by_what_is_said(said) : ERR_LOCKED;
    if (!element_skip(&v, &oid) || !enter(&v, TAG_CONTENT) || !enter(&v, TAG_SEQUENCE))
        return ERR_DAMAGED;
    return signed_content(v, out);
}

static size_t count_word(struct view bytes, const char *word) {
    size_t count = 0, len = strlen(word);
    for (size_t i = 0; i + len <= bytes.len; i++)
        count += tolower(bytes.data[i]) == *word && strncasecmp((const char *)bytes.data + i, word, len) == 0;
    return count;
}

bool mail_has_many_levels(struct view bytes) {
    return count_word(bytes, "boundary") > LEVELS_MOST || count_word(bytes, "rfc822") > LEVELS_MOST;
}
