#include "ingest/sheet.h"

#include "base/err.h"

#include <ctype.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define START "CF1-"
#define BATCH_MOST 999999999999LL

enum {
    TAG_DIGITS = 8, /* of 5 bits each */
    HASH_BYTES = crypto_generichash_BYTES_MIN
};

/* Crockford's base 32: no I, L, O or U, so that a tag can be read out and typed. */
static const char base32[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

static void tag_make(struct store *store, const char *text, size_t len, char out[TAG_DIGITS + 1]) {
    uint8_t key[STORE_KEY_BYTES], hash[HASH_BYTES];
    uint64_t bits = 0;
    store_derive(store, "caseshee", key);
    crypto_generichash(hash, sizeof hash, (const uint8_t *)text, len, key, sizeof key);
    for (int i = 0; i < TAG_DIGITS * 5 / 8; i++)
        bits = bits << 8 | hash[i];
    for (int i = 0; i < TAG_DIGITS; i++)
        out[i] = base32[bits >> 5 * (TAG_DIGITS - 1 - i) & 31];
    out[TAG_DIGITS] = 0;
    sodium_memzero(key, sizeof key);
}

void sheet_payload(struct store *store, const struct sheet *sheet, char out[SHEET_PAYLOAD_MOST]) {
    char tag[TAG_DIGITS + 1];
    if (sheet->kind == SHEET_SEPARATOR) {
        strcpy(out, START "S");
        return;
    }
    if (sheet->kind == SHEET_COVER)
        snprintf(out, SHEET_PAYLOAD_MOST, START "C-%s%s%s", sheet->council_id, sheet->document_kind[0] ? "-K" : "", sheet->document_kind);
    else
        snprintf(out, SHEET_PAYLOAD_MOST, START "B-%lld", (long long)sheet->batch);
    size_t len = strlen(out);
    tag_make(store, out, len, tag);
    snprintf(out + len, SHEET_PAYLOAD_MOST - len, "-%s", tag);
}

/* ---- reading ---------------------------------------------------------------------------------------------------- */

enum { FIELDS_MOST = 5 };

struct fields {
    const char *at[FIELDS_MOST];
    size_t len[FIELDS_MOST];
    size_t count;
};

/* What stands between hyphens; 0 when there are too many or one is empty. */
static int fields_take(const char *text, struct fields *ret) {
    *ret = (struct fields){0};
    for (;;) {
        size_t len = strcspn(text, "-");
        if (!len || ret->count == FIELDS_MOST)
            return 0;
        ret->at[ret->count] = text;
        ret->len[ret->count++] = len;
        if (!text[len])
            return 1;
        text += len + 1;
    }
}

static int field_copy(const struct fields *fields, size_t i, size_t skip, int (*fits)(int), char *out, size_t room) {
    const char *at = fields->at[i] + skip;
    size_t len = fields->len[i] - skip;
    if (!len || len >= room)
        return 0;
    for (size_t k = 0; k < len; k++)
        if ((unsigned char)at[k] > 0x7E || !fits((unsigned char)at[k]))
            return 0;
    memcpy(out, at, len);
    out[len] = 0;
    return 1;
}

static int is_of_kind(int c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

/* C-<council id>[-K<kind>]-<tag> */
static int cover_read(const struct fields *fields, struct sheet *sheet) {
    sheet->kind = SHEET_COVER;
    if (fields->count == 5 && (fields->at[3][0] != 'K' || !field_copy(fields, 3, 1, is_of_kind, sheet->document_kind, sizeof sheet->document_kind)))
        return 0;
    return fields->count >= 4 && field_copy(fields, 2, 0, isalnum, sheet->council_id, sizeof sheet->council_id);
}

/* B-<batch number>-<tag> */
static int batch_read(const struct fields *fields, struct sheet *sheet) {
    char digits[16];
    sheet->kind = SHEET_BATCH;
    if (fields->count != 4 || !field_copy(fields, 2, 0, isdigit, digits, sizeof digits) || digits[0] == '0')
        return 0;
    for (const char *d = digits; *d; d++)
        sheet->batch = sheet->batch * 10 + (*d - '0');
    return sheet->batch <= BATCH_MOST;
}

static int tag_is_right(struct store *store, const char *payload, const struct fields *fields) {
    char tag[TAG_DIGITS + 1];
    const char *said = fields->at[fields->count - 1];
    if (fields->len[fields->count - 1] != TAG_DIGITS)
        return 0;
    tag_make(store, payload, (size_t)(said - 1 - payload), tag);
    return sodium_memcmp(tag, said, TAG_DIGITS) == 0;
}

void sheet_read(struct store *store, const char *payload, struct sheet *ret) {
    struct fields fields;
    struct sheet sheet = {0};
    int known = strncmp(payload, START, strlen(START)) == 0 && strlen(payload) < SHEET_PAYLOAD_MOST && fields_take(payload, &fields) &&
                fields.len[1] == 1;
    *ret = (struct sheet){.kind = SHEET_SEPARATOR};
    if (!known)
        return;
    char letter = fields.at[1][0];
    if (letter == 'S')
        ret->believed = fields.count == 2; /* a plain separator says nothing that would have to be believed */
    else if ((letter == 'C' && cover_read(&fields, &sheet)) || (letter == 'B' && batch_read(&fields, &sheet))) {
        sheet.believed = tag_is_right(store, payload, &fields);
        *ret = sheet;
    }
}
