/* order.h: rising order, for qsort and bsearch. */
#ifndef BASE_ORDER_H
#define BASE_ORDER_H

int order_int(const void *a, const void *b);
int order_float(const void *a, const void *b); /* no not-a-numbers among them */

#endif
