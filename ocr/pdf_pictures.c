#include "ocr/pdf_pictures.h"

#include "base/err.h"
#include "base/pix.h"
#include "ocr/jpeg_check.h"
#include "ocr/raw_picture.h"
#include "ocr/tiff_pages.h"

#include <leptonica/allheaders.h>

enum { PACKED_BYTES_MOST = 256 << 20 };

/* Samples of a pixel; 0 where the colour space is one that is not judged. */
static int picture_channels(qpdf_data q, qpdf_oh space) {
    static const struct {
        const char *name;
        int channels;
    } plain[] = {{"/DeviceGray", 1}, {"/G", 1},      {"/CalGray", 1},    {"/DeviceRGB", 3},
                 {"/RGB", 3},        {"/CalRGB", 3}, {"/DeviceCMYK", 4}, {"/CMYK", 4},
                 {"/Indexed", 1},    {"/I", 1},      {"/Separation", 1}, {"/Lab", 3}};
    qpdf_oh family = qpdf_oh_is_array(q, space) ? qpdf_oh_get_array_item(q, space, 0) : space;
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        if (qpdf_oh_is_name_and_equals(q, family, plain[i].name))
            return plain[i].channels;
    if (!qpdf_oh_is_name_and_equals(q, family, "/ICCBased") || !qpdf_oh_is_array(q, space))
        return 0;
    qpdf_oh profile = qpdf_oh_get_array_item(q, space, 1);
    return qpdf_oh_is_stream(q, profile) ? (int)pdf_key_number(q, qpdf_oh_get_dict(q, profile), "/N", 0) : 0;
}

/* Bytes that the rows need; 0 when that cannot be said. */
static uint64_t picture_bytes(qpdf_data q, qpdf_oh dict, long long w, long long h) {
    bool stencil = pdf_key_bool(q, dict, "/ImageMask");
    long long bits = stencil ? 1 : pdf_key_number(q, dict, "/BitsPerComponent", 0);
    int channels = stencil ? 1 : picture_channels(q, qpdf_oh_get_key(q, dict, "/ColorSpace"));
    if (bits < 1 || bits > 16 || channels < 1 || channels > 4)
        return 0;
    return ((uint64_t)w * (uint64_t)bits * (uint64_t)channels + 7) / 8 * (uint64_t)h;
}

/* One row in a hundred may be missing: some programs write one less than they say. */
static const char *plain_trouble(qpdf_data q, qpdf_oh stream, uint64_t need) {
    enum pdf_coding coding;
    bool broken;
    if (need > PDF_UNPACKED_BYTES_MOST)
        return PDF_PICTURE_LARGE;
    size_t got = pdf_stream_unpack(q, stream, (size_t)need, NULL, &coding, &broken);
    return got < need - need / 100 ? PDF_PICTURE_DAMAGED : "";
}

static const char *jpeg2000_trouble(struct view data) {
    l_int32 w = 0, h = 0;
    if (readHeaderMemJp2k(data.data, data.len, &w, &h, NULL, NULL, NULL) || w < 1 || h < 1)
        return PDF_PICTURE_DAMAGED;
    return (uint64_t)w * (uint64_t)h > PDF_IMAGE_PIXELS_MOST ? PDF_PICTURE_LARGE : "";
}

bool pdf_picture_g4_is_whole(struct view data, int width_px, int height_px) {
    struct buf file = {0};
    struct tiff_pages *tiff = NULL;
    PIX *pix = NULL;
    float dpi[2];
    raw_picture_wrap_g4(data, width_px, height_px, true, &file);
    bool whole = tiff_pages_open(buf_view(&file), &tiff) == 0 && tiff_pages_next(tiff, &pix, dpi) == 0;
    pixDestroy(&pix);
    tiff_pages_drop(&tiff);
    buf_drop(&file);
    return whole;
}

static const char *fax_trouble(qpdf_data q, qpdf_oh dict, struct view data, long long w, long long h) {
    qpdf_oh parameters = pdf_only_item(q, qpdf_oh_get_key(q, dict, "/DecodeParms"));
    bool group4 = qpdf_oh_is_dictionary(q, parameters) && pdf_key_number(q, parameters, "/K", 0) < 0 &&
                  !pdf_key_bool(q, parameters, "/EncodedByteAlign") &&
                  pdf_key_number(q, parameters, "/Columns", 1728) == w;
    if (!data.len)
        return PDF_PICTURE_DAMAGED;
    if (!group4 || w > 65000 || h > 65000 || (uint64_t)w * (uint64_t)h > PIX_PIXELS_MOST)
        return "";
    return pdf_picture_g4_is_whole(data, (int)w, (int)h) ? "" : PDF_PICTURE_DAMAGED;
}

static const char *packed_trouble(qpdf_data q, qpdf_oh stream, enum pdf_coding coding, long long w,
                                  long long h) {
    struct buf data = {0};
    bool broken;
    int jpeg_w, jpeg_h;
    const char *trouble = "";
    if (pdf_stream_unpack(q, stream, PACKED_BYTES_MOST, &data, &coding, &broken) > PACKED_BYTES_MOST)
        trouble = PDF_PICTURE_LARGE;
    else if (broken)
        trouble = PDF_PICTURE_DAMAGED;
    else if (coding == PDF_CODING_JPEG) {
        int err = jpeg_check(buf_view(&data), &jpeg_w, &jpeg_h);
        trouble = err == ERR_TOO_LARGE ? PDF_PICTURE_LARGE : err ? PDF_PICTURE_DAMAGED : "";
    } else if (coding == PDF_CODING_JPEG2000)
        trouble = jpeg2000_trouble(buf_view(&data));
    else if (coding == PDF_CODING_FAX)
        trouble = fax_trouble(q, qpdf_oh_get_dict(q, stream), buf_view(&data), w, h);
    buf_drop(&data);
    return trouble;
}

const char *pdf_picture_trouble(qpdf_data q, qpdf_oh stream) {
    qpdf_oh dict = qpdf_oh_get_dict(q, stream);
    long long w = pdf_key_number(q, dict, "/Width", 0), h = pdf_key_number(q, dict, "/Height", 0);
    enum pdf_coding coding;
    pdf_stream_unpack(q, stream, 0, NULL, &coding, NULL);
    if (coding == PDF_CODING_UNKNOWN)
        return PDF_PICTURE_UNKNOWN;
    if (coding != PDF_CODING_JPEG2000 && (w < 1 || h < 1)) /* JPEG 2000 tells its own size */
        return PDF_PICTURE_DAMAGED;
    if (w > 0 && h > 0 &&
        (w > INT32_MAX || h > INT32_MAX || (uint64_t)w * (uint64_t)h > PDF_IMAGE_PIXELS_MOST))
        return PDF_PICTURE_LARGE;
    if (coding == PDF_CODING_PLAIN)
        return plain_trouble(q, stream, picture_bytes(q, dict, w, h));
    return packed_trouble(q, stream, coding, w, h);
}
