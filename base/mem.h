/* mem.h: allocation that ends the program, in order, when memory is gone.
 *
 * Small allocations cannot be served usefully when they fail; bytes whose size comes from input are bounded before
 * they are asked for. */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stddef.h>

void *mem_new(size_t bytes);                                /* zeroed; you free it */
void *mem_grow(void *old, size_t count, size_t unit_bytes); /* as reallocarray; you free it */
char *mem_text(const char *text);                           /* a copy; NULL gives NULL; you free it */
char *mem_text_part(const char *text, size_t bytes);        /* a copy of the first bytes, ended by 0 */
char *mem_print(const char *format, ...) __attribute__((format(printf, 1, 2))); /* you free it */
void mem_free(void *address_of_pointer);                    /* frees *p and sets it to NULL */

#endif
