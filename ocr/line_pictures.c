#include "ocr/line_pictures.h"

#include <dlfcn.h>
#include <leptonica/allheaders.h>
#include <stdint.h>

static _Thread_local struct {
    bool on;
    size_t kept;
} lines;

void line_pictures_keep(bool on) {
    lines.on = on;
}

size_t line_pictures_kept(void) {
    return lines.kept;
}

/* Not the plain form for what it would not hold: a palette with transparency, a fourth channel, 1-bit
 * pictures that PNG stores the other way round. Tesseract's lines are of 8 bits whenever the page is 1-bit or
 * grey. */
static bool is_line(PIX *pix) {
    return pix && pixGetDepth(pix) == 8 && !pixGetColormap(pix);
}

typedef l_ok write_mem(l_uint8 **data, size_t *size, PIX *pix, l_int32 format);

/* The next pixWriteMem in the loader's order: Leptonica's. NULL only in a program that is linked without it.
 */
static write_mem *leptonicas_own(void) {
    static write_mem *found; /* the same answer for every thread */
    write_mem *own = __atomic_load_n(&found, __ATOMIC_RELAXED);
    if (!own) {
        own = (write_mem *)(uintptr_t)dlsym(RTLD_NEXT, "pixWriteMem");
        __atomic_store_n(&found, own, __ATOMIC_RELAXED);
    }
    return own;
}

/* Declared in Leptonica's header; visible to libtesseract in place of Leptonica's. */
l_ok pixWriteMem(l_uint8 **data, size_t *size, PIX *pix, l_int32 format) {
    if (lines.on && format == IFF_PNG && data && size && is_line(pix) &&
        pixWriteMemSpix(data, size, pix) == 0) {
        lines.kept++;
        return 0;
    }
    write_mem *own = leptonicas_own();
    return own ? own(data, size, pix, format) : 1;
}
