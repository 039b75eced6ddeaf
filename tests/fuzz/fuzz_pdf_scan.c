/* Any bytes as a PDF whose pages may be scanned pictures, and as what the decoders of our own take: fax data, LZW, run
 * lengths, rows of differences. What is taken must be a picture that can be decoded. */
#include "base/mem.h"
#include "base/pix.h"
#include "ocr/pdf_fax.h"
#include "ocr/pdf_lzw.h"
#include "ocr/pdf_painted.h"
#include "ocr/pdf_predictor.h"
#include "ocr/pdf_scan.h"
#include "ocr/pdf_size.h"

#include <leptonica/allheaders.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void page_take(struct pdf_file *file, uint32_t n) {
    struct pdf_rect box;
    struct picture picture;
    struct buf bytes = {0};
    PIX *pix = NULL;
    qpdf_oh page = qpdf_get_page_n(file->q, n);
    if (!pdf_painted_box(file->q, page, &box))
        return;
    bool sideways = pdf_key_number(file->q, page, "/Rotate", 0) % 180 != 0;
    float size_pt[2] = {(float)(box.x1 - box.x0), (float)(box.y1 - box.y0)};
    if (sideways) {
        float across = size_pt[0];
        size_pt[0] = size_pt[1];
        size_pt[1] = across;
    }
    float dpi = pdf_size_dpi(file, n, 300), unit = pdf_size_unit_of(file, n);
    if (!(dpi >= 200 && dpi <= 400 && unit > 0))
        abort();
    if (pdf_scan_take(file, n, size_pt, &bytes, &picture)) {
        int err = pix_decode(picture.bytes, picture.turn, &pix); /* a JPEG's last bad code is found only here */
        if ((err && picture.format != PICTURE_JPEG) || !(picture.dpi > 0 && isfinite(picture.dpi)))
            abort();
        pixDestroy(&pix);
    }
    buf_drop(&bytes);
}

static void as_pdf(struct view bytes) {
    struct pdf_order order = {.bytes = bytes};
    struct pdf_file *file;
    if (pdf_file_open(&order, &file) != 0)
        return;
    for (uint32_t n = 0; file->usable && n < file->pages && n < 4; n++)
        page_take(file, n);
    pdf_file_drop(&file);
}

static void as_fax(struct view bytes) {
    if (bytes.len < 4)
        return;
    const uint8_t *d = bytes.data;
    struct pdf_fax fax = {.k = d[0] % 3 - 1, .width_px = 1 + d[1] * 8 + d[0] % 8, .height_px = 1 + d[2], .byte_align = d[0] & 64,
                          .line_ends = d[0] & 128};
    PIX *pix = pdf_fax_decode(view_of(d + 3, bytes.len - 3), &fax);
    pixDestroy(&pix);
}

static void as_packed(struct view bytes) {
    static uint8_t out[PDF_LZW_STEP_MOST];
    bool ended = false, broken = false;
    struct pdf_lzw *lzw = pdf_lzw_new(bytes.len % 2);
    for (size_t i = 0; i < bytes.len && !ended; i++)
        if (pdf_lzw_take(lzw, bytes.data[i], out, &ended, &broken) > sizeof out)
            abort();
    pdf_lzw_drop(&lzw);
    struct pdf_run run = {0};
    ended = false;
    for (size_t i = 0; i < bytes.len && !ended; i++)
        if (pdf_run_take(&run, bytes.data[i], out, &ended) > PDF_RUN_STEP_MOST)
            abort();
}

static void as_differences(struct view bytes) {
    static const int ways[] = {1, 2, 10, 15, 16}, bits[] = {1, 2, 4, 8, 16, 7};
    if (bytes.len < 4)
        return;
    const uint8_t *d = bytes.data;
    struct pdf_predictor p = {ways[d[0] % 5], d[1] % 5, bits[d[2] % 6], d[3]};
    size_t len = bytes.len - 4, before = len;
    uint8_t *rows = mem_new(len + 1);
    memcpy(rows, d + 4, len);
    if (pdf_predictor_undo(&p, rows, &len) && len > before)
        abort();
    mem_free(&rows);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
    struct view bytes = view_of(data, len);
    pix_silence();
    as_pdf(bytes);
    as_fax(bytes);
    as_packed(bytes);
    as_differences(bytes);
    return 0;
}
