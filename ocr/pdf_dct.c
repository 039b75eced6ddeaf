#include "ocr/pdf_dct.h"

#include "base/err.h"
#include "base/mem.h"
#include "ocr/jpeg_check.h"

#include <stdint.h>
#include <stdio.h>

#include <jpeglib.h>

#include <jerror.h>
#include <setjmp.h>

struct decoder {
    struct jpeg_decompress_struct jpeg; /* first: libjpeg gives it back */
    struct jpeg_error_mgr errors;
    jmp_buf out;
    struct view bytes;
    bool cut; /* decoding ran out of bytes, or they make no sense */
};

static void on_error(j_common_ptr jpeg) {
    longjmp(((struct decoder *)(void *)jpeg)->out, 1);
}

/* As in jpeg_check: what else it has to say changes nothing of the picture. */
static void on_message(j_common_ptr jpeg, int level) {
    int code = jpeg->err->msg_code;
    if (level < 0 && (code == JWRN_HIT_MARKER || code == JWRN_HUFF_BAD_CODE || code == JWRN_MUST_RESYNC || code == JWRN_JPEG_EOF))
        ((struct decoder *)(void *)jpeg)->cut = true;
}

static void no_text(j_common_ptr jpeg) {
    (void)jpeg;
}

static struct decoder *decoder_new(struct view bytes) {
    struct decoder *d = mem_new(sizeof *d);
    d->bytes = bytes;
    d->jpeg.err = jpeg_std_error(&d->errors);
    d->errors.error_exit = on_error;
    d->errors.emit_message = on_message;
    d->errors.output_message = no_text;
    if (setjmp(d->out) == 0) {
        jpeg_create_decompress(&d->jpeg);
        jpeg_mem_src(&d->jpeg, bytes.data, bytes.len);
    }
    return d;
}

static void decoder_drop(struct decoder **d) {
    jpeg_destroy_decompress(&(*d)->jpeg);
    mem_free(d);
}

static bool header_fits(struct decoder *d, const struct pdf_dct *want) {
    struct jpeg_decompress_struct *j = &d->jpeg;
    jpeg_read_header(j, TRUE);
    return j->data_precision == 8 && j->num_components == want->count && (int)j->image_width == want->width_px &&
           (int)j->image_height == want->height_px;
}

/* An Adobe marker counts more than what the PDF says (ISO 32000-1, table 13). */
static void colours_choose(struct decoder *d, const struct pdf_dct *want) {
    struct jpeg_decompress_struct *j = &d->jpeg;
    if (want->transform >= 0 && !j->saw_Adobe_marker && want->count > 1)
        j->jpeg_color_space = want->count == 3 ? (want->transform ? JCS_YCbCr : JCS_RGB) : (want->transform ? JCS_YCCK : JCS_CMYK);
    j->out_color_space = want->count == 1 ? JCS_GRAYSCALE : want->count == 3 ? JCS_RGB : JCS_CMYK;
}

static bool rows_read(struct decoder *d, const struct pdf_dct *want, struct buf *rows) {
    struct jpeg_decompress_struct *j = &d->jpeg;
    int w, h;
    if (!header_fits(d, want) || (jpeg_has_multiple_scans(j) && jpeg_check(d->bytes, &w, &h) != 0)) /* how many there are is bounded there */
        return false;
    colours_choose(d, want);
    jpeg_start_decompress(j);
    size_t stride = (size_t)want->width_px * (size_t)want->count;
    JSAMPLE *all = buf_room(rows, stride * (size_t)want->height_px);
    while (!d->cut && j->output_scanline < j->output_height) {
        JSAMPLE *row = all + stride * j->output_scanline;
        jpeg_read_scanlines(j, &row, 1);
    }
    return !d->cut;
}

bool pdf_dct_rows(struct view bytes, const struct pdf_dct *jpeg, struct buf *rows) {
    if (!bytes.len)
        return false;
    struct decoder *d = decoder_new(bytes);
    volatile bool fine = false;
    if (setjmp(d->out) == 0)
        fine = rows_read(d, jpeg, rows);
    decoder_drop(&d);
    return fine;
}

static bool is_plain(struct decoder *d, const struct pdf_dct *want) {
    if (!header_fits(d, want) || want->count == 4)
        return false;
    J_COLOR_SPACE by_itself = d->jpeg.jpeg_color_space;
    colours_choose(d, want);
    return by_itself == d->jpeg.jpeg_color_space;
}

bool pdf_dct_is_plain(struct view bytes, const struct pdf_dct *jpeg) {
    if (!bytes.len)
        return false;
    struct decoder *d = decoder_new(bytes);
    volatile bool plain = false;
    if (setjmp(d->out) == 0)
        plain = is_plain(d, jpeg);
    decoder_drop(&d);
    return plain;
}
