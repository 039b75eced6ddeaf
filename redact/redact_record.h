/* redact_record.h: the orders to cover a page, to prove a pack and to judge a foreign file, as they go to the helper. */
#ifndef REDACT_REDACT_RECORD_H
#define REDACT_REDACT_RECORD_H

#include "redact/cover.h"
#include "redact/judge.h"
#include "redact/prove.h"

void cover_order_encode(const struct cover_order *order, struct buf *out);
/* ret->boxes is owned: cover_order_drop. The picture's bytes are borrowed. */
int cover_order_decode(struct view bytes, struct cover_order *ret);
void cover_order_drop(struct cover_order *order);

void prove_order_encode(const struct prove_order *order, struct buf *out);
int prove_order_decode(struct view bytes, struct prove_order *ret); /* pdf borrowed; prove_order_drop */
void prove_order_drop(struct prove_order *order);

void judge_order_encode(const struct judge_order *order, struct buf *out);
int judge_order_decode(struct view bytes, struct judge_order *ret); /* pdfs borrowed; judge_order_drop */
void judge_order_drop(struct judge_order *order);

#endif
