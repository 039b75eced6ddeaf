#include "base/mem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static _Noreturn void mem_gone(void) {
    static const char text[] = "casefile: out of memory\n";
    ssize_t n = write(STDERR_FILENO, text, sizeof text - 1);
    (void)n;
    _exit(71);
}

void *mem_new(size_t bytes) {
    void *p = calloc(1, bytes ? bytes : 1);
    if (!p)
        mem_gone();
    return p;
}

void *mem_grow(void *old, size_t count, size_t unit_bytes) {
    void *p = reallocarray(old, count ? count : 1, unit_bytes ? unit_bytes : 1);
    if (!p)
        mem_gone();
    return p;
}

char *mem_text_part(const char *text, size_t bytes) {
    char *p = mem_new(bytes + 1);
    memcpy(p, text, bytes);
    return p;
}

char *mem_text(const char *text) {
    return text ? mem_text_part(text, strlen(text)) : NULL;
}

char *mem_print(const char *format, ...) {
    va_list ap;
    char *out = NULL;
    va_start(ap, format);
    if (vasprintf(&out, format, ap) < 0)
        mem_gone();
    va_end(ap);
    return out;
}

void mem_free(void *address_of_pointer) {
    void **p = address_of_pointer;
    free(*p);
    *p = NULL;
}
