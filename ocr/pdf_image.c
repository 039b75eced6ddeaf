#include "ocr/pdf_image.h"

#include "base/pix.h"
#include "ocr/jpeg_check.h"
#include "ocr/pdf_colour.h"
#include "ocr/pdf_dct.h"
#include "ocr/pdf_fax.h"
#include "ocr/pdf_jbig2.h"
#include "ocr/pdf_jpx.h"
#include "ocr/pdf_pictures.h"
#include "ocr/pdf_predictor.h"
#include "ocr/raw_picture.h"

#include <leptonica/allheaders.h>
#include <string.h>

enum { SIDE_LEAST = 1, SIDE_MOST = 65000, PACKED_BYTES_MOST = 128 << 20, ROWS_BYTES_MOST = 256 << 20 };

/* ---- what it is ---- */

static bool bits_fit(const struct pdf_image *image) {
    int bits = image->samples.bits;
    switch (image->coding) {
    case PDF_CODING_PLAIN:
        return bits == 1 || bits == 2 || bits == 4 || bits == 8 || bits == 16;
    case PDF_CODING_JPEG:
    case PDF_CODING_JPEG2000:
        return bits == 8;
    case PDF_CODING_FAX:
    case PDF_CODING_JBIG2:
        return bits == 1 && image->samples.count == 1;
    default:
        return false;
    }
}

/* A fax or a JBIG2 picture has one bit whatever the file says; so has a stencil; JPEG and JPEG 2000 say it themselves. */
static int bits_of(const struct pdf_image *image) {
    if (image->stencil || image->coding == PDF_CODING_FAX || image->coding == PDF_CODING_JBIG2)
        return 1;
    if (image->coding == PDF_CODING_JPEG || image->coding == PDF_CODING_JPEG2000)
        return 8;
    return (int)pdf_key_number(image->q, image->dict, "/BitsPerComponent", 8);
}

static bool size_read(struct pdf_image *image) {
    long long w = pdf_key_number(image->q, image->dict, "/Width", 0), h = pdf_key_number(image->q, image->dict, "/Height", 0);
    if (w < SIDE_LEAST || h < SIDE_LEAST || w > SIDE_MOST || h > SIDE_MOST || (uint64_t)w * (uint64_t)h > PIX_PIXELS_MOST)
        return false;
    image->samples.width_px = (int)w;
    image->samples.height_px = (int)h;
    return true;
}

static bool colour_read(struct pdf_image *image, const qpdf_oh *resources) {
    qpdf_data q = image->q;
    struct pdf_colour colour = {.kind = PDF_COLOUR_GREY, .samples = 1};
    double decode[8];
    bool has_space = pdf_key_is_there(q, image->dict, "/ColorSpace"), has_decode = pdf_key_is_there(q, image->dict, "/Decode");
    if (!image->stencil && !(has_space && pdf_colour_open(q, qpdf_oh_get_key(q, image->dict, "/ColorSpace"), resources, &colour)))
        return false;
    if (has_decode && !pdf_array_numbers(q, qpdf_oh_get_key(q, image->dict, "/Decode"), 2 * colour.samples, decode))
        return false;
    image->samples.bits = bits_of(image);
    image->samples.count = colour.samples;
    if (!bits_fit(image) || (has_decode && colour.is_palette && (decode[0] != 0 || decode[1] != (1 << image->samples.bits) - 1)))
        return false; /* readers do not agree on what other numbers do to a palette */
    pdf_samples_prepare(&image->samples, &colour, has_decode ? decode : NULL);
    return true;
}

bool pdf_image_open(qpdf_data q, qpdf_oh stream, const qpdf_oh *resources, struct pdf_image *image) {
    memset(image, 0, sizeof *image);
    image->q = q;
    image->stream = stream;
    if (!qpdf_oh_is_stream(q, stream))
        return false;
    image->dict = qpdf_oh_get_dict(q, stream);
    if (!qpdf_oh_is_name_and_equals(q, qpdf_oh_get_key(q, image->dict, "/Subtype"), "/Image") ||
        pdf_key_is_there(q, image->dict, "/SMask") || pdf_key_is_there(q, image->dict, "/Mask") ||
        pdf_key_is_there(q, image->dict, "/OC") || pdf_key_number(q, image->dict, "/SMaskInData", 0) != 0)
        return false;
    image->stencil = pdf_key_bool(q, image->dict, "/ImageMask");
    image->filters = pdf_stream_filters(q, stream);
    image->parameters = pdf_stream_parameters(q, stream, image->filters ? image->filters - 1 : 0);
    pdf_stream_unpack(q, stream, 0, NULL, &image->coding, NULL);
    return size_read(image) && colour_read(image, resources);
}

/* ---- its bytes ---- */

static long long parameter(const struct pdf_image *image, const char *key, long long otherwise) {
    return qpdf_oh_is_dictionary(image->q, image->parameters) ? pdf_key_number(image->q, image->parameters, key, otherwise) : otherwise;
}

static bool parameter_bool(const struct pdf_image *image, const char *key) {
    return qpdf_oh_is_dictionary(image->q, image->parameters) && pdf_key_bool(image->q, image->parameters, key);
}

/* What is left when the filters round the picture's own coding are undone. Rows that are differences are undone by
 * the last filter only: before a JPEG nobody writes them. */
static bool packed_bytes(const struct pdf_image *image, struct buf *out) {
    enum pdf_coding coding;
    bool broken;
    for (int i = 0; i + 1 < image->filters; i++) {
        qpdf_oh parameters = pdf_stream_parameters(image->q, image->stream, i);
        if (qpdf_oh_is_dictionary(image->q, parameters) && pdf_key_number(image->q, parameters, "/Predictor", 1) > 1)
            return false;
    }
    size_t len = pdf_stream_unpack(image->q, image->stream, PACKED_BYTES_MOST, out, &coding, &broken);
    return len && len <= PACKED_BYTES_MOST && !broken;
}

static struct pdf_predictor predictor_of(const struct pdf_image *image) {
    struct pdf_predictor p = {
        .predictor = (int)parameter(image, "/Predictor", 1),
        .colours = (int)parameter(image, "/Colors", 1),
        .bits = (int)parameter(image, "/BitsPerComponent", 8),
        .columns = (int)parameter(image, "/Columns", 1),
    };
    return p;
}

static bool rows_bytes(const struct pdf_image *image, struct buf *rows) {
    size_t need = pdf_samples_row(&image->samples) * (size_t)image->samples.height_px;
    struct pdf_predictor predictor = predictor_of(image);
    enum pdf_coding coding;
    if (need > ROWS_BYTES_MOST || (predictor.predictor > 1 && !pdf_predictor_row(&predictor)))
        return false;
    for (int i = 0; i + 1 < image->filters; i++) {
        qpdf_oh parameters = pdf_stream_parameters(image->q, image->stream, i);
        if (qpdf_oh_is_dictionary(image->q, parameters) && pdf_key_number(image->q, parameters, "/Predictor", 1) > 1)
            return false;
    }
    pdf_stream_unpack(image->q, image->stream, pdf_predictor_packed(&predictor, need), rows, &coding, NULL);
    return pdf_predictor_undo(&predictor, rows->data, &rows->len) && rows->len >= need;
}

/* ---- kept ---- */

/* Nothing is done to the samples. */
static bool samples_are_plain(const struct pdf_samples *s) {
    for (int v = 0; v < 256; v++)
        for (int c = 0; c < (s->count == 1 ? 3 : s->count); c++)
            if ((s->count == 1 ? s->rgb[v][c] : s->level[c][v]) != v)
                return false;
    return s->bits == 8;
}

static struct pdf_dct dct_of(const struct pdf_image *image) {
    return (struct pdf_dct){image->samples.width_px, image->samples.height_px, image->samples.count,
                            (int)parameter(image, "/ColorTransform", -1)};
}

static bool keep_jpeg(const struct pdf_image *image, struct buf *out) {
    struct pdf_dct dct = dct_of(image);
    int w, h;
    return samples_are_plain(&image->samples) && packed_bytes(image, out) && pdf_dct_is_plain(buf_view(out), &dct) &&
           jpeg_check(buf_view(out), &w, &h) == 0;
}

static struct pdf_fax fax_of(const struct pdf_image *image) {
    return (struct pdf_fax){(int)parameter(image, "/K", 0), image->samples.width_px, image->samples.height_px,
                            parameter_bool(image, "/EncodedByteAlign"), parameter_bool(image, "/EndOfLine")};
}

/* In fax data runs of "black" are 0 unless BlackIs1. */
static bool keep_fax(const struct pdf_image *image, struct buf *out) {
    struct pdf_fax fax = fax_of(image);
    bool zero_is_black;
    if (fax.k >= 0 || fax.byte_align || parameter(image, "/Columns", 1728) != fax.width_px ||
        !pdf_samples_are_ink(&image->samples, &zero_is_black))
        return false;
    struct buf data = {0};
    bool fine = packed_bytes(image, &data) && pdf_picture_g4_is_whole(buf_view(&data), fax.width_px, fax.height_px);
    if (fine)
        raw_picture_wrap_g4(buf_view(&data), fax.width_px, fax.height_px, zero_is_black != parameter_bool(image, "/BlackIs1"), out);
    buf_drop(&data);
    return fine;
}

bool pdf_image_keep(struct pdf_image *image, struct buf *out, enum picture_format *ret_format) {
    size_t before = out->len;
    bool fine = false;
    if (image->coding == PDF_CODING_JPEG) {
        *ret_format = PICTURE_JPEG;
        fine = keep_jpeg(image, out);
    } else if (image->coding == PDF_CODING_FAX) {
        *ret_format = PICTURE_TIFF;
        fine = keep_fax(image, out);
    }
    if (!fine)
        out->len = before;
    return fine;
}

/* ---- decoded ---- */

static PIX *decode_plain(const struct pdf_image *image) {
    struct buf rows = {0};
    PIX *pix = rows_bytes(image, &rows) ? pdf_samples_pix(&image->samples, buf_view(&rows)) : NULL;
    buf_drop(&rows);
    return pix;
}

static PIX *decode_jpeg(const struct pdf_image *image, struct view data) {
    struct pdf_dct dct = dct_of(image);
    struct buf rows = {0};
    if ((size_t)dct.width_px * (size_t)dct.height_px * (size_t)dct.count > ROWS_BYTES_MOST)
        return NULL;
    PIX *pix = pdf_dct_rows(data, &dct, &rows) ? pdf_samples_pix(&image->samples, buf_view(&rows)) : NULL;
    buf_drop(&rows);
    return pix;
}

/* Where black is 1, the samples that are 0 are the white ones. */
static PIX *decode_fax(const struct pdf_image *image, struct view data) {
    struct pdf_fax fax = fax_of(image);
    PIX *pix = parameter(image, "/Columns", 1728) == fax.width_px ? pdf_fax_decode(data, &fax) : NULL;
    if (pix && parameter_bool(image, "/BlackIs1"))
        pixInvert(pix, pix);
    return pix ? pdf_samples_pix_of_bits(&image->samples, pix) : NULL;
}

static PIX *decode_jbig2(const struct pdf_image *image, struct view data) {
    struct buf globals = {0};
    const int size_px[2] = {image->samples.width_px, image->samples.height_px};
    bool fine = true;
    if (qpdf_oh_is_dictionary(image->q, image->parameters) && pdf_key_is_there(image->q, image->parameters, "/JBIG2Globals")) {
        enum pdf_coding coding = PDF_CODING_UNKNOWN;
        qpdf_oh shared = qpdf_oh_get_key(image->q, image->parameters, "/JBIG2Globals");
        fine = qpdf_oh_is_stream(image->q, shared) &&
               pdf_stream_unpack(image->q, shared, PACKED_BYTES_MOST, &globals, &coding, NULL) <= PACKED_BYTES_MOST &&
               coding == PDF_CODING_PLAIN;
    }
    PIX *pix = fine ? pdf_jbig2_decode(data, buf_view(&globals), size_px) : NULL;
    buf_drop(&globals);
    return pix ? pdf_samples_pix_of_bits(&image->samples, pix) : NULL;
}

static PIX *decode_jpeg2000(const struct pdf_image *image, struct view data) {
    struct buf rows = {0};
    PIX *pix = pdf_jpx_rows(data, &image->samples, &rows) ? pdf_samples_pix(&image->samples, buf_view(&rows)) : NULL;
    buf_drop(&rows);
    return pix;
}

struct Pix *pdf_image_decode(struct pdf_image *image) {
    struct buf data = {0};
    PIX *pix = NULL;
    if (image->coding == PDF_CODING_PLAIN)
        return decode_plain(image);
    if (packed_bytes(image, &data))
        pix = image->coding == PDF_CODING_JPEG     ? decode_jpeg(image, buf_view(&data))
              : image->coding == PDF_CODING_FAX    ? decode_fax(image, buf_view(&data))
              : image->coding == PDF_CODING_JBIG2  ? decode_jbig2(image, buf_view(&data))
                                                   : decode_jpeg2000(image, buf_view(&data));
    buf_drop(&data);
    return pix;
}
