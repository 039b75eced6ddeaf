/* sheet.h: what stands in the code of a separator sheet, and the sheets that casefile prints.
 *
 *   CF1-S                          a plain separator
 *   CF1-C-<council id>-<tag>       a child's cover sheet: the document behind it is filed to that child; with [-K<kind>] before the tag
 *   CF1-B-<batch number>-<tag>     a batch header
 *   SEP*...                        separator sheets of other makers that begin so; PATCH-T: Kodak's patch code T
 *
 * tag: 8 digits of base 32 (Crockford) of the keyed hash of what stands before it, so that only sheets of this store are believed. */
#ifndef INGEST_SHEET_H
#define INGEST_SHEET_H

#include "store/store.h"

enum sheet_kind { SHEET_SEPARATOR, SHEET_COVER, SHEET_BATCH };

struct sheet {
    enum sheet_kind kind;
    char council_id[16]; /* SHEET_COVER */
    char document_kind[32]; /* SHEET_COVER: "" or what was said */
    int64_t batch;       /* SHEET_BATCH */
    int believed;        /* its tag is right */
};

#define SHEET_PAYLOAD_MOST 96
void sheet_payload(struct store *store, const struct sheet *sheet, char out[SHEET_PAYLOAD_MOST]);
/* Anything that is no well-formed CF1 payload is a plain separator. */
void sheet_read(struct store *store, const char *payload, struct sheet *ret);

#endif
