#include "ocr/pdf_jpx.h"

#include "base/mem.h"

#include <openjpeg.h>
#include <string.h>

enum { PIXELS_MOST = 60000000, TILES_MOST = 65535 }; /* OpenJPEG takes 4 bytes for each sample, and as much again */

struct source {
    struct view bytes;
    size_t at;
};

static OPJ_SIZE_T source_read(void *out, OPJ_SIZE_T want, void *data) {
    struct source *s = data;
    size_t left = s->bytes.len - s->at, n = want < left ? want : left;
    memcpy(out, s->bytes.data + s->at, n);
    s->at += n;
    return n ? n : (OPJ_SIZE_T)-1;
}

static OPJ_OFF_T source_skip(OPJ_OFF_T by, void *data) {
    struct source *s = data;
    if (by < 0 || (uint64_t)by > s->bytes.len - s->at)
        return -1;
    s->at += (size_t)by;
    return by;
}

static OPJ_BOOL source_seek(OPJ_OFF_T to, void *data) {
    struct source *s = data;
    if (to < 0 || (uint64_t)to > s->bytes.len)
        return OPJ_FALSE;
    s->at = (size_t)to;
    return OPJ_TRUE;
}

static opj_stream_t *source_open(struct source *s) {
    opj_stream_t *stream = opj_stream_create(1 << 16, OPJ_TRUE);
    if (!stream)
        return NULL;
    opj_stream_set_user_data(stream, s, NULL);
    opj_stream_set_user_data_length(stream, s->bytes.len);
    opj_stream_set_read_function(stream, source_read);
    opj_stream_set_skip_function(stream, source_skip);
    opj_stream_set_seek_function(stream, source_seek);
    return stream;
}

static bool image_fits(const opj_image_t *image, const struct pdf_samples *s) {
    if ((uint64_t)s->width_px * (uint64_t)s->height_px > PIXELS_MOST || (int)image->numcomps != s->count)
        return false;
    for (OPJ_UINT32 c = 0; c < image->numcomps; c++) {
        const opj_image_comp_t *comp = &image->comps[c];
        if (comp->prec != 8 || comp->sgnd || comp->dx != 1 || comp->dy != 1 || comp->alpha || (int)comp->w != s->width_px ||
            (int)comp->h != s->height_px)
            return false;
    }
    return true;
}

static bool colours_fit(const opj_image_t *image, const struct pdf_samples *s) {
    OPJ_COLOR_SPACE space = image->color_space;
    bool not_said = space == OPJ_CLRSPC_UNSPECIFIED || space == OPJ_CLRSPC_UNKNOWN;
    return not_said || (s->count == 1 ? space == OPJ_CLRSPC_GRAY : s->count == 3 && space == OPJ_CLRSPC_SRGB);
}

static void rows_give(const opj_image_t *image, const struct pdf_samples *s, struct buf *rows) {
    size_t stride = (size_t)s->width_px * (size_t)s->count;
    uint8_t *row = mem_new(stride);
    for (size_t y = 0; y < (size_t)s->height_px; y++) {
        for (size_t c = 0; c < (size_t)s->count; c++) {
            const OPJ_INT32 *from = image->comps[c].data + y * (size_t)s->width_px;
            for (size_t x = 0; x < (size_t)s->width_px; x++)
                row[x * (size_t)s->count + c] = (uint8_t)(from[x] < 0 ? 0 : from[x] > 255 ? 255 : from[x]);
        }
        buf_add(rows, row, stride);
    }
    mem_free(&row);
}

static bool codec_run(opj_codec_t *codec, opj_stream_t *stream, const struct pdf_samples *s, struct buf *rows) {
    opj_dparameters_t parameters;
    opj_image_t *image = NULL;
    opj_set_default_decoder_parameters(&parameters);
    bool fine = opj_setup_decoder(codec, &parameters) && opj_decoder_set_strict_mode(codec, OPJ_TRUE) &&
                opj_read_header(stream, codec, &image) && image_fits(image, s) && opj_decode(codec, stream, image) &&
                opj_end_decompress(codec, stream) && image_fits(image, s) && colours_fit(image, s);
    for (OPJ_UINT32 c = 0; fine && c < image->numcomps; c++)
        fine = image->comps[c].data != NULL;
    if (fine)
        rows_give(image, s, rows);
    if (image)
        opj_image_destroy(image);
    return fine;
}

bool pdf_jpx_rows(struct view bytes, const struct pdf_samples *samples, struct buf *rows) {
    struct source source = {.bytes = bytes};
    bool bare = bytes.len > 4 && memcmp(bytes.data, "\xFF\x4F\xFF\x51", 4) == 0;
    opj_codec_t *codec = bytes.len ? opj_create_decompress(bare ? OPJ_CODEC_J2K : OPJ_CODEC_JP2) : NULL;
    opj_stream_t *stream = codec ? source_open(&source) : NULL;
    bool fine = stream && codec_run(codec, stream, samples, rows);
    if (stream)
        opj_stream_destroy(stream);
    if (codec)
        opj_destroy_codec(codec);
    return fine;
}
