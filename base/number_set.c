#include "base/number_set.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

/* Where number is, or belongs. */
static size_t place_of(const struct number_set *set, int64_t number) {
    size_t low = 0, high = set->count;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (set->list[mid] < number)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

bool number_set_has(const struct number_set *set, int64_t number) {
    size_t at = place_of(set, number);
    return at < set->count && set->list[at] == number;
}

void number_set_add(struct number_set *set, int64_t number) {
    size_t at = place_of(set, number);
    if (at < set->count && set->list[at] == number)
        return;
    set->list = mem_grow(set->list, set->count + 1, sizeof *set->list);
    memmove(set->list + at + 1, set->list + at, (set->count - at) * sizeof *set->list);
    set->list[at] = number;
    set->count++;
}

void number_set_drop(struct number_set *set) {
    free(set->list);
    *set = (struct number_set){0};
}
