#include "ocr/pdf_painted.h"

#include "base/mem.h"
#include "ocr/pdf_stream.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CONTENT_BYTES_MOST = 8 << 20, FORM_DEPTH_MOST = 6, FORMS_MOST = 200, MARKS_MOST = 20000, INLINE_ENTRIES_MOST = 4096 };

struct looking {
    qpdf_data q;
    qpdf_oh resources;
    struct pdf_painted *out;
    int depth, forms;
};

/* ---- the page's own entries ---- */

static bool box_read(qpdf_data q, qpdf_oh page, const char *key, struct pdf_rect *ret) {
    double n[4];
    if (!pdf_array_numbers(q, qpdf_oh_get_key(q, page, key), 4, n))
        return false;
    *ret = (struct pdf_rect){fmin(n[0], n[2]), fmin(n[1], n[3]), fmax(n[0], n[2]), fmax(n[1], n[3])};
    return true;
}

bool pdf_painted_box(qpdf_data q, qpdf_oh page, struct pdf_rect *ret) {
    struct pdf_rect media, crop;
    if (!box_read(q, page, "/MediaBox", &media))
        return false;
    if (pdf_key_is_there(q, page, "/CropBox") && box_read(q, page, "/CropBox", &crop))
        media = pdf_rect_common(&media, &crop);
    *ret = media;
    return media.x1 > media.x0 && media.y1 > media.y0;
}

/* A note that is hidden, that opens only when asked, or that has no size (a signature nobody is to see). */
static bool note_is_seen(qpdf_data q, qpdf_oh note) {
    enum { HIDDEN = 2, NO_VIEW = 32 };
    struct pdf_rect rect;
    if (!qpdf_oh_is_dictionary(q, note))
        return false;
    if (pdf_key_number(q, note, "/F", 0) & (HIDDEN | NO_VIEW) ||
        qpdf_oh_is_name_and_equals(q, qpdf_oh_get_key(q, note, "/Subtype"), "/Popup"))
        return false;
    return !box_read(q, note, "/Rect", &rect) || (rect.x1 > rect.x0 && rect.y1 > rect.y0);
}

static bool page_has_notes(qpdf_data q, qpdf_oh page) {
    qpdf_oh notes = qpdf_oh_get_key(q, page, "/Annots");
    int count = qpdf_oh_is_array(q, notes) ? qpdf_oh_get_array_n_items(q, notes) : 0;
    for (int i = 0; i < count; i++)
        if (i > 50 || note_is_seen(q, qpdf_oh_get_array_item(q, notes, i)))
            return true;
    return false;
}

/* ---- pictures ---- */

/* A mask of letters has a size of its own. */
static void mask_look(qpdf_data q, qpdf_oh dict, struct pdf_placed *placed) {
    static const char *const keys[] = {"/SMask", "/Mask"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        qpdf_oh mask = qpdf_oh_get_key(q, dict, keys[i]);
        if (!qpdf_oh_is_stream(q, mask))
            continue;
        long long w = pdf_key_number(q, qpdf_oh_get_dict(q, mask), "/Width", 0);
        long long h = pdf_key_number(q, qpdf_oh_get_dict(q, mask), "/Height", 0);
        placed->is_mask = true;
        if (w > placed->width_px && h > placed->height_px && w < 1 << 20 && h < 1 << 20) {
            placed->width_px = (int)w;
            placed->height_px = (int)h;
        }
    }
}

static bool picture_add(struct looking *in, qpdf_oh picture, const struct pdf_state *at) {
    struct pdf_painted *out = in->out;
    qpdf_oh dict = qpdf_oh_get_dict(in->q, picture);
    long long w = pdf_key_number(in->q, dict, "/Width", 0), h = pdf_key_number(in->q, dict, "/Height", 0);
    if (out->count >= PDF_PAINTED_MOST)
        return false;
    if (out->count == out->room) {
        out->room = out->room ? 2 * out->room : 8;
        out->list = mem_grow(out->list, out->room, sizeof *out->list);
    }
    const struct pdf_rect unit = {0, 0, 1, 1};
    struct pdf_rect whole = pdf_matrix_box(&at->matrix, &unit);
    out->list[out->count++] = (struct pdf_placed){
        .picture = picture,
        .resources = in->resources,
        .matrix = at->matrix,
        .clip = pdf_rect_common(&at->clip, &whole),
        .clip_is_odd = at->clip_is_odd,
        .stencil = pdf_key_bool(in->q, dict, "/ImageMask"),
        .is_mask = pdf_key_bool(in->q, dict, "/ImageMask"),
        .ink = at->ink,
        .width_px = w > 0 && w < 1 << 20 ? (int)w : 0,
        .height_px = h > 0 && h < 1 << 20 ? (int)h : 0,
    };
    mask_look(in->q, dict, &out->list[out->count - 1]);
    if (pdf_key_is_there(in->q, dict, "/OC"))
        out->only_pictures = false;
    return true;
}

/* ---- inline pictures: their short names, and a stream made of them ---- */

static const char *const long_keys[][2] = {{"/W", "/Width"},       {"/H", "/Height"},     {"/BPC", "/BitsPerComponent"},
                                           {"/CS", "/ColorSpace"}, {"/F", "/Filter"},     {"/DP", "/DecodeParms"},
                                           {"/D", "/Decode"},      {"/IM", "/ImageMask"}, {"/I", "/Interpolate"}};

static bool on_inline(void *state, struct view entries, struct view data, const struct pdf_state *at) {
    struct looking *in = state;
    qpdf_data q = in->q;
    struct buf text = {0};
    if (entries.len > INLINE_ENTRIES_MOST)
        return false;
    buf_add_text(&text, "<< ");
    buf_add(&text, entries.data, entries.len);
    buf_add_text(&text, " >>");
    qpdf_oh dict = qpdf_oh_parse(q, buf_text(&text));
    buf_drop(&text);
    if (!qpdf_oh_is_dictionary(q, dict))
        return false;
    for (size_t i = 0; i < sizeof long_keys / sizeof *long_keys; i++)
        if (qpdf_oh_has_key(q, dict, long_keys[i][0]))
            qpdf_oh_replace_key(q, dict, long_keys[i][1], qpdf_oh_get_key(q, dict, long_keys[i][0]));
    qpdf_oh_replace_key(q, dict, "/Subtype", qpdf_oh_new_name(q, "/Image"));
    qpdf_oh stream = qpdf_oh_new_stream(q), filter = qpdf_oh_get_key(q, dict, "/Filter");
    qpdf_oh parameters = qpdf_oh_get_key(q, dict, "/DecodeParms");
    qpdf_oh_replace_stream_data(q, stream, data.data, data.len, filter, parameters);
    qpdf_oh_replace_key(q, dict, "/Length", qpdf_oh_new_integer(q, (long long)data.len));
    qpdf_oh held = qpdf_oh_get_dict(q, stream);
    for (qpdf_oh_begin_dict_key_iter(q, dict); qpdf_oh_dict_more_keys(q);) {
        const char *key = qpdf_oh_dict_next_key(q);
        qpdf_oh_replace_key(q, held, key, qpdf_oh_get_key(q, dict, key));
    }
    return picture_add(in, stream, at);
}

/* ---- graphics states ---- */

static bool is_number(qpdf_data q, qpdf_oh dict, const char *key, double expected) {
    double value;
    return !pdf_key_is_there(q, dict, key) || (qpdf_oh_get_value_as_number(q, qpdf_oh_get_key(q, dict, key), &value) && value == expected);
}

static bool is_name(qpdf_data q, qpdf_oh dict, const char *key, const char *a, const char *b) {
    qpdf_oh value = pdf_only_item(q, qpdf_oh_get_key(q, dict, key));
    return !pdf_key_is_there(q, dict, key) || qpdf_oh_is_name_and_equals(q, value, a) || qpdf_oh_is_name_and_equals(q, value, b);
}

/* One that neither mixes colours nor lets anything shine through. */
static bool on_extended(void *state, const char *name) {
    struct looking *in = state;
    qpdf_data q = in->q;
    qpdf_oh all = qpdf_oh_get_key_if_dict(q, in->resources, "/ExtGState");
    qpdf_oh dict = qpdf_oh_get_key_if_dict(q, all, name);
    if (!qpdf_oh_is_dictionary(q, dict) || !is_number(q, dict, "/ca", 1) || !is_name(q, dict, "/BM", "/Normal", "/Compatible") ||
        !is_name(q, dict, "/SMask", "/None", "/None") || !is_name(q, dict, "/TR", "/Identity", "/Identity") ||
        !is_name(q, dict, "/TR2", "/Default", "/Identity"))
        in->out->only_pictures = false;
    return true;
}

/* ---- the rest ---- */

static bool on_layered(void *state) {
    struct looking *in = state;
    in->out->only_pictures = false;
    return true;
}

static bool on_painted(void *state, const struct pdf_state *at, bool text) {
    struct looking *in = state;
    if (in->out->count)
        in->out->only_pictures = false;
    else if (text || at->ink != PDF_INK_WHITE)
        in->out->under = true;
    in->out->texts += text;
    return ++in->out->marks < MARKS_MOST;
}

static bool content_look(struct looking *in, struct view content, const struct pdf_state *begin);

/* What it draws is cut at its /BBox (ISO 32000-1, 8.10.1). */
static bool form_state(struct looking *in, qpdf_oh dict, const struct pdf_state *at, struct pdf_state *ret) {
    double n[6];
    struct pdf_rect box;
    *ret = *at;
    if (pdf_key_is_there(in->q, dict, "/Matrix")) {
        if (!pdf_array_numbers(in->q, qpdf_oh_get_key(in->q, dict, "/Matrix"), 6, n))
            return false;
        struct pdf_matrix m = {n[0], n[1], n[2], n[3], n[4], n[5]};
        ret->matrix = pdf_matrix_times(&m, &ret->matrix);
    }
    if (!box_read(in->q, dict, "/BBox", &box))
        return false;
    struct pdf_rect shown = pdf_matrix_box(&ret->matrix, &box);
    ret->clip = pdf_rect_common(&ret->clip, &shown);
    ret->clip_is_odd |= !pdf_matrix_is_upright(&ret->matrix);
    return true;
}

static bool form_look(struct looking *in, qpdf_oh form, const struct pdf_state *at) {
    qpdf_data q = in->q;
    qpdf_oh dict = qpdf_oh_get_dict(q, form), resources = qpdf_oh_get_key(q, dict, "/Resources"), outer = in->resources;
    struct pdf_state inner;
    struct buf content = {0};
    enum pdf_coding coding;
    bool broken;
    if (in->depth >= FORM_DEPTH_MOST || ++in->forms > FORMS_MOST || pdf_key_is_there(q, dict, "/OC") ||
        pdf_key_is_there(q, dict, "/DecodeParms") || !form_state(in, dict, at, &inner))
        return false;
    size_t len = pdf_stream_unpack(q, form, CONTENT_BYTES_MOST, &content, &coding, &broken);
    bool fine = len <= CONTENT_BYTES_MOST && coding == PDF_CODING_PLAIN && !broken;
    if (qpdf_oh_is_dictionary(q, resources))
        in->resources = resources;
    in->depth++;
    fine = fine && content_look(in, buf_view(&content), &inner);
    in->depth--;
    in->resources = outer;
    buf_drop(&content);
    return fine;
}

static bool on_drawn(void *state, const char *name, const struct pdf_state *at) {
    struct looking *in = state;
    qpdf_data q = in->q;
    qpdf_oh drawn = qpdf_oh_get_key_if_dict(q, qpdf_oh_get_key_if_dict(q, in->resources, "/XObject"), name);
    if (!qpdf_oh_is_stream(q, drawn))
        return false;
    qpdf_oh kind = qpdf_oh_get_key(q, qpdf_oh_get_dict(q, drawn), "/Subtype");
    if (qpdf_oh_is_name_and_equals(q, kind, "/Image"))
        return picture_add(in, drawn, at);
    return qpdf_oh_is_name_and_equals(q, kind, "/Form") && form_look(in, drawn, at);
}

static bool content_look(struct looking *in, struct view content, const struct pdf_state *begin) {
    struct pdf_content_sink sink = {on_drawn, on_inline, on_extended, on_painted, on_layered, in};
    return pdf_content_run(content, begin, &sink);
}

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

void pdf_painted_look(qpdf_data q, qpdf_oh page, struct pdf_painted *ret) {
    unsigned char *data = NULL;
    size_t len = 0;
    memset(ret, 0, sizeof *ret);
    struct looking in = {.q = q, .resources = qpdf_oh_get_key(q, page, "/Resources"), .out = ret};
    if (!content_is_bounded(q, qpdf_oh_get_key(q, page, "/Contents")))
        return;
    QPDF_ERROR_CODE code = qpdf_oh_get_page_content_data(q, page, &data, &len);
    struct pdf_state begin = pdf_state_begin();
    ret->only_pictures = !page_has_notes(q, page);
    ret->understood = !(code & QPDF_ERRORS) && len <= CONTENT_BYTES_MOST && content_look(&in, view_of(data, len), &begin);
    ret->only_pictures &= ret->understood;
    free(data);
}

void pdf_painted_drop(struct pdf_painted *painted) {
    mem_free(&painted->list);
    painted->count = painted->room = 0;
}
