/* order.h: rising order, for qsort and bsearch. */
#ifndef BASE_ORDER_H
#define BASE_ORDER_H

#include <stddef.h>
#include <stdint.h>

int order_int(const void *a, const void *b);
int order_float(const void *a, const void *b); /* no not-a-numbers among them */
int order_uint32(const void *a, const void *b);

/* Puts the numbers in rising order, each once. Returns how many are left. */
size_t order_once(uint32_t *list, size_t count);

#endif
