#include "ocr/pdf_scan.h"

#include "base/pix.h"
#include "ocr/jpeg_check.h"
#include "ocr/pdf_content.h"
#include "ocr/pdf_pictures.h"
#include "ocr/raw_picture.h"

#include <leptonica/allheaders.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CONTENT_BYTES_MOST = 8 << 20 };
#define EDGE_PT 1.5 /* how far the picture's edge may lie from the page's */

/* ---- where the picture lies
 * ------------------------------------------------------------------------------------ */

/* The shown rectangle of the page: x0, y0, x1, y1. */
static bool page_box(qpdf_data q, qpdf_oh page, double box[4]) {
    const char *key = pdf_key_is_there(q, page, "/CropBox") ? "/CropBox" : "/MediaBox";
    double corner[4];
    if (!pdf_array_numbers(q, qpdf_oh_get_key(q, page, key), 4, corner))
        return false;
    for (int i = 0; i < 2; i++) {
        box[i] = fmin(corner[i], corner[i + 2]);
        box[i + 2] = fmax(corner[i], corner[i + 2]);
    }
    return box[2] > box[0] && box[3] > box[1];
}

static bool near(double a, double b) {
    return fabs(a - b) <= EDGE_PT;
}

/* The degrees clockwise that the matrix turns the picture, or -1 where it leans, is mirrored or does not fill
 * the box. */
static int picture_turn(const struct pdf_matrix *m, const double box[4]) {
    static const struct {
        int a, b, c, d, turn;
    } ways[] = {{1, 0, 0, 1, 0}, {0, -1, 1, 0, 90}, {-1, 0, 0, -1, 180}, {0, 1, -1, 0, 270}};
    double x0 = m->e + fmin(m->a, 0) + fmin(m->c, 0), x1 = m->e + fmax(m->a, 0) + fmax(m->c, 0);
    double y0 = m->f + fmin(m->b, 0) + fmin(m->d, 0), y1 = m->f + fmax(m->b, 0) + fmax(m->d, 0);
    if (!near(x0, box[0]) || !near(y0, box[1]) || !near(x1, box[2]) || !near(y1, box[3]))
        return -1;
    double w = box[2] - box[0], h = box[3] - box[1];
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        double across = ways[i].a ? w : h;
        if (near(m->a, ways[i].a * w) && near(m->d, ways[i].d * h) && near(m->b, ways[i].b * h) &&
            near(m->c, ways[i].c * w) && across > 0)
            return ways[i].turn;
    }
    return -1;
}

static bool page_fits_shown(const double box[4], int rotate, const float size_pt[2]) {
    bool sideways = rotate % 180 != 0;
    double w = sideways ? box[3] - box[1] : box[2] - box[0];
    double h = sideways ? box[2] - box[0] : box[3] - box[1];
    return near(w, size_pt[0]) && near(h, size_pt[1]);
}

/* ---- the picture's bytes
 * --------------------------------------------------------------------------------------- */

struct source {
    qpdf_data q;
    qpdf_oh stream, dict, parameters;
    int width_px, height_px, bits;
    int channels;  /* 1 or 3 */
    bool inverted; /* Decode [1 0] */
};

static int colour_channels(qpdf_data q, qpdf_oh space) {
    if (qpdf_oh_is_name(q, space)) {
        const char *name = qpdf_oh_get_name(q, space);
        return strcmp(name, "/DeviceGray") == 0 ? 1 : strcmp(name, "/DeviceRGB") == 0 ? 3 : 0;
    }
    if (!qpdf_oh_is_array(q, space) || qpdf_oh_get_array_n_items(q, space) != 2)
        return 0;
    qpdf_oh family = qpdf_oh_get_array_item(q, space, 0), rest = qpdf_oh_get_array_item(q, space, 1);
    if (qpdf_oh_is_name_and_equals(q, family, "/CalGray"))
        return 1;
    if (qpdf_oh_is_name_and_equals(q, family, "/CalRGB"))
        return 3;
    if (!qpdf_oh_is_name_and_equals(q, family, "/ICCBased") || !qpdf_oh_is_stream(q, rest))
        return 0;
    long long n = pdf_key_number(q, qpdf_oh_get_dict(q, rest), "/N", 0);
    return n == 1 || n == 3 ? (int)n : 0;
}

/* Decode [0 1 ...] changes nothing; [1 0] inverts one channel; anything else is left to rendering. */
static bool source_decode(struct source *s) {
    double range[6];
    if (!pdf_key_is_there(s->q, s->dict, "/Decode"))
        return true;
    if (!pdf_array_numbers(s->q, qpdf_oh_get_key(s->q, s->dict, "/Decode"), 2 * s->channels, range))
        return false;
    s->inverted = range[0] == 1 && range[1] == 0 && s->channels == 1;
    for (int i = 0; i < s->channels && !s->inverted; i++)
        if (range[2 * i] != 0 || range[2 * i + 1] != 1)
            return false;
    return true;
}

static bool source_open(struct source *s) {
    qpdf_data q = s->q;
    if (!qpdf_oh_is_stream(q, s->stream))
        return false;
    s->dict = qpdf_oh_get_dict(q, s->stream);
    if (!qpdf_oh_is_name_and_equals(q, qpdf_oh_get_key(q, s->dict, "/Subtype"), "/Image") ||
        pdf_key_is_there(q, s->dict, "/SMask") || pdf_key_is_there(q, s->dict, "/Mask") ||
        pdf_key_is_there(q, s->dict, "/OC"))
        return false;
    bool stencil = pdf_key_bool(q, s->dict, "/ImageMask");
    long long w = pdf_key_number(q, s->dict, "/Width", 0), h = pdf_key_number(q, s->dict, "/Height", 0);
    if (w < 16 || h < 16 || w > 65000 || h > 65000 || (uint64_t)w * (uint64_t)h > PIX_PIXELS_MOST)
        return false;
    s->width_px = (int)w;
    s->height_px = (int)h;
    s->bits = stencil ? 1 : (int)pdf_key_number(q, s->dict, "/BitsPerComponent", 8);
    s->channels = stencil ? 1 : colour_channels(q, qpdf_oh_get_key(q, s->dict, "/ColorSpace"));
    s->parameters = pdf_only_item(q, qpdf_oh_get_key(q, s->dict, "/DecodeParms"));
    return s->channels && source_decode(s);
}

/* Stream bytes by qpdf into out; what would unpack to more than the limit is left alone. */
static bool source_bytes(struct source *s, enum qpdf_stream_decode_level_e level, struct buf *out) {
    unsigned char *data = NULL;
    size_t len = 0;
    QPDF_BOOL filtered = QPDF_FALSE;
    if (level != qpdf_dl_none && !pdf_stream_is_bounded(s->q, s->stream))
        return false;
    QPDF_ERROR_CODE code = qpdf_oh_get_stream_data(s->q, s->stream, level, &filtered, &data, &len);
    bool fine = !(code & QPDF_ERRORS) && !qpdf_has_error(s->q) && len && (level == qpdf_dl_none || filtered);
    if (fine)
        buf_add(out, data, len);
    free(data);
    return fine;
}

static bool take_jpeg(struct source *s, struct buf *out) {
    l_int32 w, h, channels, four_inks;
    int whole_w, whole_h;
    return !s->inverted && s->bits == 8 && source_bytes(s, qpdf_dl_none, out) &&
           readHeaderMemJpeg(out->data, out->len, &w, &h, &channels, NULL, &four_inks) == 0 && !four_inks &&
           channels == s->channels && w == s->width_px && h == s->height_px &&
           jpeg_check(buf_view(out), &whole_w, &whole_h) == 0;
}

/* In Group 4 data runs of "black" are 0 unless BlackIs1; 0 is black in DeviceGray and paints in a stencil. */
static bool take_g4(struct source *s, struct buf *out) {
    qpdf_data q = s->q;
    if (s->bits != 1 || s->channels != 1 || !qpdf_oh_is_dictionary(q, s->parameters) ||
        pdf_key_number(q, s->parameters, "/K", 0) >= 0 ||
        pdf_key_bool(q, s->parameters, "/EncodedByteAlign") ||
        pdf_key_number(q, s->parameters, "/Columns", 1728) != s->width_px)
        return false;
    bool black_is_ink = pdf_key_bool(q, s->parameters, "/BlackIs1") == s->inverted;
    struct buf data = {0};
    bool fine = source_bytes(s, qpdf_dl_none, &data) &&
                pdf_picture_g4_is_whole(buf_view(&data), s->width_px, s->height_px);
    if (fine)
        raw_picture_wrap_g4(buf_view(&data), s->width_px, s->height_px, black_is_ink, out);
    buf_drop(&data);
    return fine;
}

static bool take_flate(struct source *s, struct buf *out, enum picture_format *ret_format) {
    if (!(s->bits == 8 || (s->bits == 1 && s->channels == 1)) || (s->inverted && s->bits != 1))
        return false;
    struct buf data = {0};
    struct raw_picture raw = {.width_px = s->width_px,
                              .height_px = s->height_px,
                              .bits = s->bits,
                              .channels = s->channels,
                              .one_is_ink = s->inverted};
    bool fine = source_bytes(s, qpdf_dl_generalized, &data) &&
                raw_picture_encode(buf_view(&data), &raw, out, ret_format) == 0;
    buf_drop(&data);
    return fine;
}

static bool source_take(struct source *s, struct buf *out, enum picture_format *ret_format) {
    qpdf_oh filter = pdf_only_item(s->q, qpdf_oh_get_key(s->q, s->dict, "/Filter"));
    if (!qpdf_oh_is_name(s->q, filter))
        return false;
    const char *name = qpdf_oh_get_name(s->q, filter);
    if (strcmp(name, "/DCTDecode") == 0) {
        *ret_format = PICTURE_JPEG;
        return take_jpeg(s, out);
    }
    if (strcmp(name, "/CCITTFaxDecode") == 0) {
        *ret_format = PICTURE_TIFF;
        return take_g4(s, out);
    }
    return strcmp(name, "/FlateDecode") == 0 && take_flate(s, out, ret_format);
}

/* ---- a page
 * ---------------------------------------------------------------------------------------------------- */

static bool content_is_bounded(qpdf_data q, qpdf_oh content) {
    bool bounded = true;
    if (qpdf_oh_is_stream(q, content))
        return pdf_stream_is_bounded(q, content);
    int parts = qpdf_oh_is_array(q, content) ? qpdf_oh_get_array_n_items(q, content) : 0;
    for (int i = 0; i < parts && bounded; i++) {
        qpdf_oh part = qpdf_oh_get_array_item(q, content, i);
        bounded = qpdf_oh_is_stream(q, part) && pdf_stream_is_bounded(q, part);
    }
    return bounded;
}

static bool page_content(qpdf_data q, qpdf_oh page, char name[PDF_NAME_MOST], struct pdf_matrix *placed) {
    unsigned char *data = NULL;
    size_t len = 0;
    if (!content_is_bounded(q, qpdf_oh_get_key(q, page, "/Contents")))
        return false;
    QPDF_ERROR_CODE code = qpdf_oh_get_page_content_data(q, page, &data, &len);
    bool fine = !(code & QPDF_ERRORS) && len && len <= CONTENT_BYTES_MOST &&
                pdf_content_is_one_picture(view_of(data, len), name, placed);
    free(data);
    return fine;
}

/* Annotations (a stamp, a typed note) are painted over the picture: such a page is rendered. */
static bool page_has_notes(qpdf_data q, qpdf_oh page) {
    qpdf_oh notes = qpdf_oh_get_key(q, page, "/Annots");
    return qpdf_oh_is_array(q, notes) && qpdf_oh_get_array_n_items(q, notes) > 0;
}

static qpdf_oh page_picture(qpdf_data q, qpdf_oh page, const char *name) {
    char key[PDF_NAME_MOST + 1] = "/";
    strcpy(key + 1, name);
    qpdf_oh pictures = qpdf_oh_get_key_if_dict(q, qpdf_oh_get_key_if_dict(q, page, "/Resources"), "/XObject");
    return qpdf_oh_get_key_if_dict(q, pictures, key);
}

static bool scan_take_page(qpdf_data q, qpdf_oh page, const float size_pt[2], struct buf *out,
                           struct picture *ret) {
    char name[PDF_NAME_MOST];
    struct pdf_matrix placed;
    double box[4];
    int rotate = (int)((pdf_key_number(q, page, "/Rotate", 0) % 360 + 360) % 360);
    if (rotate % 90 || page_has_notes(q, page) || !page_box(q, page, box) ||
        !page_fits_shown(box, rotate, size_pt) || !page_content(q, page, name, &placed))
        return false;
    int turn = picture_turn(&placed, box);
    struct source s = {.q = q, .stream = page_picture(q, page, name)};
    struct picture picture = {0};
    if (turn < 0 || !source_open(&s) || !source_take(&s, out, &picture.format))
        return false;
    picture.turn = (uint16_t)((turn + rotate) % 360);
    picture.dpi = (float)(picture.turn % 180 ? s.height_px : s.width_px) * 72 / size_pt[0];
    picture.bytes = buf_view(out);
    *ret = picture;
    return true;
}

bool pdf_scan_take(struct pdf_file *file, uint32_t page, const float size_pt[2], struct buf *out,
                   struct picture *ret) {
    buf_reset(out);
    if (!file->usable || file->repaired)
        return false;
    bool taken = scan_take_page(file->q, qpdf_get_page_n(file->q, page), size_pt, out, ret);
    qpdf_oh_release_all(file->q);
    if (pdf_file_forget_complaints(file->q))
        return false;
    return taken && ret->bytes.len <= PAGE_PICTURE_BYTES;
}
