/* number_set.h: numbers in rising order, each once. A zeroed struct is an empty set. */
#ifndef BASE_NUMBER_SET_H
#define BASE_NUMBER_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct number_set {
    int64_t *list;
    size_t count;
};

bool number_set_has(const struct number_set *set, int64_t number);
void number_set_add(struct number_set *set, int64_t number); /* nothing when it is there */
void number_set_drop(struct number_set *set);                /* empty afterwards */

#endif
