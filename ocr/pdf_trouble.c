#include "ocr/pdf_trouble.h"

#include "base/mem.h"
#include "ocr/pdf_drawn.h"
#include "ocr/pdf_fonts.h"
#include "ocr/pdf_pictures.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    FORM_DEPTH_MOST = 30,
    DRAWN_MOST = 2000000, /* pictures and forms on one page, counted as often as they are drawn */
    CONTENT_LOOKED_AT = 64 << 20,
};

#define TROUBLE_BOX "this page of the PDF says that it has no size that a page can have"
#define TROUBLE_LARGE "this page of the PDF is larger than the limit"
#define TROUBLE_CONTENT "the content of this page of the PDF is missing or damaged"
#define TROUBLE_CONTENT_BOMB "the content of this page of the PDF is larger than the limit"
#define TROUBLE_DRAWN "this page of the PDF draws more than the limit"

/* What is known of an object: of a picture, its trouble; of a form also how much it draws; of a font, whether
 * it lies. */
struct known {
    int object, generation;
    const char *trouble;
    double draws;
    bool open; /* being looked at: it draws itself */
    bool font, lies;
};

struct pdf_trouble {
    struct pdf_file *file;
    struct known *known; /* sorted by object and generation */
    size_t count, room;
};

struct pdf_trouble *pdf_trouble_new(struct pdf_file *file) {
    struct pdf_trouble *trouble = mem_new(sizeof *trouble);
    trouble->file = file;
    return trouble;
}

void pdf_trouble_drop(struct pdf_trouble **trouble) {
    if (!*trouble)
        return;
    mem_free(&(*trouble)->known);
    mem_free(trouble);
}

/* ---- what is known already ---- */

static size_t known_place(const struct pdf_trouble *t, int object, int generation) {
    size_t low = 0, high = t->count;
    while (low < high) {
        size_t mid = (low + high) / 2;
        const struct known *k = &t->known[mid];
        if (k->object < object || (k->object == object && k->generation < generation))
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/* NULL when nothing is known of it, and of direct objects. Borrowed until the next one is kept. */
static struct known *known_lookup(struct pdf_trouble *t, qpdf_oh oh) {
    int object = qpdf_oh_get_object_id(t->file->q, oh), generation = qpdf_oh_get_generation(t->file->q, oh);
    size_t at = known_place(t, object, generation);
    bool there =
        object && at < t->count && t->known[at].object == object && t->known[at].generation == generation;
    return there ? &t->known[at] : NULL;
}

static void known_keep(struct pdf_trouble *t, qpdf_oh oh, struct known what) {
    struct known *old = known_lookup(t, oh);
    what.object = qpdf_oh_get_object_id(t->file->q, oh);
    what.generation = qpdf_oh_get_generation(t->file->q, oh);
    if (old)
        *old = what;
    if (old || !what.object)
        return;
    if (t->count == t->room) {
        t->room = t->room ? 2 * t->room : 64;
        t->known = mem_grow(t->known, t->room, sizeof *t->known);
    }
    size_t at = known_place(t, what.object, what.generation);
    memmove(t->known + at + 1, t->known + at, (t->count - at) * sizeof *t->known);
    t->known[at] = what;
    t->count++;
}

/* ---- the page's own entries ---- */

static bool box_size(qpdf_data q, qpdf_oh page, const char *key, double size[2]) {
    double box[4];
    if (!pdf_array_numbers(q, qpdf_oh_get_key(q, page, key), 4, box))
        return false;
    size[0] = fabs(box[2] - box[0]);
    size[1] = fabs(box[3] - box[1]);
    return isfinite(size[0]) && isfinite(size[1]);
}

/* A page without any MediaBox is shown as letter paper by every reader. */
static const char *box_trouble(qpdf_data q, qpdf_oh page) {
    double size[2], unit = 1, crop[2];
    if (!pdf_key_is_there(q, page, "/MediaBox"))
        return "";
    if (!box_size(q, page, "/MediaBox", size) || size[0] < 1 || size[1] < 1)
        return TROUBLE_BOX;
    if (pdf_key_is_there(q, page, "/CropBox") && box_size(q, page, "/CropBox", crop) && crop[0] >= 1 &&
        crop[1] >= 1) {
        size[0] = fmin(size[0], crop[0]);
        size[1] = fmin(size[1], crop[1]);
    }
    if (pdf_key_is_there(q, page, "/UserUnit") &&
        (!qpdf_oh_get_value_as_number(q, qpdf_oh_get_key(q, page, "/UserUnit"), &unit) || !(unit > 0)))
        return TROUBLE_BOX;
    return fmax(size[0], size[1]) * unit > PDF_PAGE_POINTS_MOST ? TROUBLE_LARGE : "";
}

/* A stream that ends too early, or whose codes make no sense, shows half a page. */
static const char *content_part_trouble(qpdf_data q, qpdf_oh part) {
    enum pdf_coding coding;
    bool broken;
    if (!qpdf_oh_is_stream(q, part))
        return TROUBLE_CONTENT;
    size_t size = pdf_stream_unpack(q, part, PDF_UNPACKED_BYTES_MOST, NULL, &coding, &broken);
    if (size > PDF_UNPACKED_BYTES_MOST)
        return TROUBLE_CONTENT_BOMB;
    return broken || coding != PDF_CODING_PLAIN ? TROUBLE_CONTENT : "";
}

static const char *content_trouble(qpdf_data q, qpdf_oh page) {
    qpdf_oh content = qpdf_oh_get_key(q, page, "/Contents");
    if (pdf_key_is_lost(q, page, "/Contents"))
        return TROUBLE_CONTENT;
    if (qpdf_oh_is_null(q, content))
        return "";
    if (!qpdf_oh_is_array(q, content))
        return content_part_trouble(q, content);
    const char *trouble = "";
    for (int i = 0; !trouble[0] && i < qpdf_oh_get_array_n_items(q, content); i++)
        trouble = content_part_trouble(q, qpdf_oh_get_array_item(q, content, i));
    return trouble;
}

const char *pdf_trouble_of_page(struct pdf_trouble *t, uint32_t page) {
    qpdf_data q = t->file->q;
    qpdf_oh dict = qpdf_get_page_n(q, page);
    const char *trouble = box_trouble(q, dict);
    if (!trouble[0])
        trouble = content_trouble(q, dict);
    qpdf_oh_release_all(q);
    return trouble;
}

/* ---- what it draws ---- */

struct looking {
    struct pdf_trouble *t;
    qpdf_oh pictures; /* the resources' /XObject */
    int depth;
    double draws;
    const char *trouble;
};

static void look_at_content(struct looking *in, struct view content);

static bool look_at_form(struct looking *in, qpdf_oh form, struct known *what) {
    qpdf_data q = in->t->file->q;
    qpdf_oh resources = qpdf_oh_get_key(q, qpdf_oh_get_dict(q, form), "/Resources");
    if (!qpdf_oh_is_dictionary(q, resources) || !pdf_key_is_there(q, resources, "/XObject"))
        return false;
    struct looking inner = {.t = in->t,
                            .pictures = qpdf_oh_get_key(q, resources, "/XObject"),
                            .depth = in->depth + 1,
                            .trouble = ""};
    struct buf content = {0};
    bool broken;
    what->open = true;
    known_keep(in->t, form, *what);
    pdf_stream_unpack(q, form, CONTENT_LOOKED_AT, &content, NULL, &broken);
    look_at_content(&inner, buf_view(&content));
    buf_drop(&content);
    what->open = false;
    what->draws = inner.draws;
    what->trouble = inner.trouble;
    return true;
}

static struct known look_at_drawn(struct looking *in, qpdf_oh drawn) {
    qpdf_data q = in->t->file->q;
    struct known what = {.trouble = ""};
    qpdf_oh kind =
        qpdf_oh_is_stream(q, drawn) ? qpdf_oh_get_key(q, qpdf_oh_get_dict(q, drawn), "/Subtype") : drawn;
    if (qpdf_oh_is_name_and_equals(q, kind, "/Image"))
        what.trouble = pdf_picture_trouble(q, drawn);
    else if (!qpdf_oh_is_name_and_equals(q, kind, "/Form"))
        return what;
    else if (in->depth >= FORM_DEPTH_MOST)
        what.trouble = TROUBLE_DRAWN;
    else
        look_at_form(in, drawn, &what);
    known_keep(in->t, drawn, what);
    return what;
}

static int look_at_name(void *state, const char *name) {
    struct looking *in = state;
    qpdf_data q = in->t->file->q;
    if (pdf_key_is_lost(q, in->pictures, name)) {
        in->trouble = PDF_PICTURE_DAMAGED;
        return 1;
    }
    qpdf_oh drawn = qpdf_oh_get_key(q, in->pictures, name);
    struct known *known = known_lookup(in->t, drawn);
    struct known what = known ? *known : look_at_drawn(in, drawn);
    in->draws += 1 + what.draws;
    if (what.trouble[0])
        in->trouble = what.trouble;
    else if (in->draws > DRAWN_MOST)
        in->trouble = TROUBLE_DRAWN;
    return in->trouble[0] != 0;
}

static void look_at_content(struct looking *in, struct view content) {
    if (qpdf_oh_is_dictionary(in->t->file->q, in->pictures))
        pdf_drawn_names(content, look_at_name, in);
}

const char *pdf_trouble_of_drawn(struct pdf_trouble *t, uint32_t page) {
    qpdf_data q = t->file->q;
    qpdf_oh dict = qpdf_get_page_n(q, page);
    struct looking in = {.t = t, .trouble = ""};
    in.pictures = qpdf_oh_get_key_if_dict(q, qpdf_oh_get_key_if_dict(q, dict, "/Resources"), "/XObject");
    unsigned char *data = NULL;
    size_t len = 0;
    if (qpdf_oh_is_dictionary(q, in.pictures) &&
        !(qpdf_oh_get_page_content_data(q, dict, &data, &len) & QPDF_ERRORS))
        look_at_content(&in, view_of(data, len < CONTENT_LOOKED_AT ? len : CONTENT_LOOKED_AT));
    free(data);
    qpdf_oh_release_all(q);
    pdf_file_forget_complaints(q);
    return in.trouble;
}

/* ---- fonts ---- */

static bool font_lies(struct pdf_trouble *t, qpdf_oh font) {
    struct known *known = known_lookup(t, font);
    if (known && known->font)
        return known->lies;
    struct known what = {.trouble = "", .font = true, .lies = pdf_font_lies(t->file->q, font)};
    known_keep(t, font, what);
    return what.lies;
}

static bool resources_lie(struct pdf_trouble *t, qpdf_oh resources, int depth) {
    qpdf_data q = t->file->q;
    bool lies = false;
    qpdf_oh fonts = qpdf_oh_get_key_if_dict(q, resources, "/Font");
    if (qpdf_oh_is_dictionary(q, fonts))
        for (qpdf_oh_begin_dict_key_iter(q, fonts); qpdf_oh_dict_more_keys(q);)
            lies |= font_lies(t, qpdf_oh_get_key(q, fonts, qpdf_oh_dict_next_key(q)));
    qpdf_oh drawn = qpdf_oh_get_key_if_dict(q, resources, "/XObject");
    char *names[256];
    int count = 0;
    if (depth && qpdf_oh_is_dictionary(q, drawn))
        for (qpdf_oh_begin_dict_key_iter(q, drawn); qpdf_oh_dict_more_keys(q) && count < 256;)
            names[count++] = mem_text(qpdf_oh_dict_next_key(q));
    for (int i = 0; i < count; i++) {
        qpdf_oh form = qpdf_oh_get_key(q, drawn, names[i]);
        if (!lies && qpdf_oh_is_stream(q, form))
            lies = resources_lie(t, qpdf_oh_get_key_if_dict(q, qpdf_oh_get_dict(q, form), "/Resources"),
                                 depth - 1);
        mem_free(&names[i]);
    }
    return lies;
}

bool pdf_trouble_layer_lies(struct pdf_trouble *t, uint32_t page) {
    qpdf_data q = t->file->q;
    bool lies = resources_lie(t, qpdf_oh_get_key_if_dict(q, qpdf_get_page_n(q, page), "/Resources"), 2);
    qpdf_oh_release_all(q);
    pdf_file_forget_complaints(q);
    return lies;
}
