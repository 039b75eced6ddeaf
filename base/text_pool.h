/* text_pool.h: many texts that live and die together, each kept once however often it is put in. */
#ifndef BASE_TEXT_POOL_H
#define BASE_TEXT_POOL_H

#include <stddef.h>

struct text_pool;

struct text_pool *text_pool_new(void);
/* The text of so many bytes, ended by 0; the same text gives the same address; no bytes, and text may be NULL, give "". Lives as long as the pool; never NULL. */
char *text_pool_put(struct text_pool *pool, const char *text, size_t bytes);
/* Zeroed room for structs, aligned for any of them; lives as long as the pool. */
void *text_pool_room(struct text_pool *pool, size_t bytes);
/* Everything in it is overwritten before it is given back. */
void text_pool_drop(struct text_pool **pool);

#endif
