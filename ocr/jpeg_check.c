#include "ocr/jpeg_check.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/pix.h"

#include <stdio.h>

#include <jpeglib.h>

#include <jerror.h>
#include <setjmp.h>

enum { SCANS_MOST = 1000 };

struct check {
    struct jpeg_decompress_struct jpeg;
    struct jpeg_error_mgr errors;
    struct jpeg_progress_mgr progress;
    jmp_buf out;
    bool cut;    /* decoding ran out of bytes */
    bool no_end; /* the end marker is missing */
    bool many_scans;
    int width_px, height_px;
    JSAMPLE *row;
};

static struct check *check_of(j_common_ptr jpeg) {
    return (struct check *)(void *)jpeg; /* its first field */
}

static void on_error(j_common_ptr jpeg) {
    longjmp(check_of(jpeg)->out, 1);
}

/* Rubbish between markers, and what an old program wrote in its header, change nothing of the picture. */
static void on_message(j_common_ptr jpeg, int level) {
    struct check *check = check_of(jpeg);
    if (level >= 0)
        return;
    switch (jpeg->err->msg_code) {
    case JWRN_HIT_MARKER:
    case JWRN_HUFF_BAD_CODE:
    case JWRN_MUST_RESYNC:
        check->cut = true;
        break;
    case JWRN_JPEG_EOF:
        check->no_end = true;
        break;
    default:
        break;
    }
}

static void no_text(j_common_ptr jpeg) {
    (void)jpeg;
}

static void on_progress(j_common_ptr jpeg) {
    struct check *check = check_of(jpeg);
    if (check->jpeg.input_scan_number > SCANS_MOST) {
        check->many_scans = true;
        longjmp(check->out, 1);
    }
}

/* Of a progressive picture without an end: whether every coefficient has come to its last bit. */
static bool is_refined(const struct check *check) {
    const struct jpeg_decompress_struct *j = &check->jpeg;
    for (int c = 0; j->coef_bits && c < j->num_components; c++)
        for (int k = 0; k < DCTSIZE2; k++)
            if (j->coef_bits[c][k] != 0)
                return false;
    return true;
}

static int check_run(struct check *check, struct view bytes) {
    struct jpeg_decompress_struct *j = &check->jpeg;
    jpeg_create_decompress(j);
    jpeg_mem_src(j, bytes.data, bytes.len);
    jpeg_read_header(j, TRUE);
    check->width_px = (int)j->image_width;
    check->height_px = (int)j->image_height;
    if ((uint64_t)j->image_width * j->image_height > PIX_PIXELS_MOST)
        return ERR_TOO_LARGE;
    j->scale_num = 1;
    j->scale_denom = 8;
    j->dct_method = JDCT_IFAST;
    j->do_fancy_upsampling = FALSE;
    j->out_color_space = j->jpeg_color_space; /* no conversion: nobody looks at it */
    check->progress.progress_monitor = on_progress;
    j->progress = &check->progress;
    jpeg_start_decompress(j);
    check->row = mem_new((size_t)j->output_width * (size_t)j->output_components);
    while (!check->cut && j->output_scanline < j->output_height)
        jpeg_read_scanlines(j, &check->row, 1);
    return check->cut || (check->no_end && !is_refined(check)) ? ERR_DAMAGED : 0;
}

int jpeg_check(struct view bytes, int *ret_width_px, int *ret_height_px) {
    struct check *check = mem_new(sizeof *check);
    check->jpeg.err = jpeg_std_error(&check->errors);
    check->errors.error_exit = on_error;
    check->errors.emit_message = on_message;
    check->errors.output_message = no_text;
    volatile int err = ERR_DAMAGED;
    if (bytes.len && setjmp(check->out) == 0)
        err = check_run(check, bytes);
    else if (check->many_scans)
        err = ERR_TOO_LARGE;
    if (!err) {
        *ret_width_px = check->width_px;
        *ret_height_px = check->height_px;
    }
    jpeg_destroy_decompress(&check->jpeg);
    mem_free(&check->row);
    mem_free(&check);
    return err;
}
