#include "ocr/pdf_colour.h"

#include "ocr/pdf_stream.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { NESTED_MOST = 3, ENTRIES_MOST = 256 };

static const struct {
    const char *name;
    enum pdf_colour_kind kind;
} device_spaces[] = {
    {"/DeviceGray", PDF_COLOUR_GREY}, {"/G", PDF_COLOUR_GREY},     {"/CalGray", PDF_COLOUR_GREY},
    {"/DeviceRGB", PDF_COLOUR_RGB},   {"/RGB", PDF_COLOUR_RGB},    {"/CalRGB", PDF_COLOUR_RGB},
    {"/DeviceCMYK", PDF_COLOUR_CMYK}, {"/CMYK", PDF_COLOUR_CMYK},
};

static bool colour_open(qpdf_data q, qpdf_oh space, struct pdf_colour *ret, int depth);

static void colour_plain(struct pdf_colour *ret, enum pdf_colour_kind kind) {
    ret->kind = kind;
    ret->samples = kind == PDF_COLOUR_GREY ? 1 : kind == PDF_COLOUR_RGB ? 3 : 4;
}

static bool colour_by_name(const char *name, struct pdf_colour *ret) {
    for (size_t i = 0; i < sizeof device_spaces / sizeof *device_spaces; i++)
        if (strcmp(name, device_spaces[i].name) == 0) {
            colour_plain(ret, device_spaces[i].kind);
            return true;
        }
    return false;
}

/* About 2.2, as the device's own: then calibrated levels are shown as they are. Where it is not said it is 1. */
static bool gamma_is_usual(qpdf_data q, qpdf_oh dict) {
    double gamma[3] = {1, 1, 1};
    qpdf_oh said = qpdf_oh_is_dictionary(q, dict) ? qpdf_oh_get_key(q, dict, "/Gamma") : dict;
    if (qpdf_oh_get_value_as_number(q, said, &gamma[0]))
        gamma[1] = gamma[2] = gamma[0];
    else if (!pdf_array_numbers(q, said, 3, gamma))
        return false;
    for (int i = 0; i < 3; i++)
        if (!(gamma[i] >= 1.7 && gamma[i] <= 2.5))
            return false;
    return true;
}

static bool colour_of_profile(qpdf_data q, qpdf_oh profile, struct pdf_colour *ret) {
    long long n = qpdf_oh_is_stream(q, profile) ? pdf_key_number(q, qpdf_oh_get_dict(q, profile), "/N", 0) : 0;
    if (n != 1 && n != 3 && n != 4)
        return false;
    colour_plain(ret, n == 1 ? PDF_COLOUR_GREY : n == 3 ? PDF_COLOUR_RGB : PDF_COLOUR_CMYK);
    return true;
}

/* What levels (0 to 255) of a plain space look like. */
static void levels_show(const struct pdf_colour *base, const uint8_t *level, uint8_t rgb[3]) {
    if (base->kind == PDF_COLOUR_GREY)
        memset(rgb, level[0], 3);
    else if (base->kind == PDF_COLOUR_RGB)
        memcpy(rgb, level, 3);
    else
        pdf_samples_cmyk(level, rgb);
}

/* [/Indexed base most table]: the table is a string or a stream. */
static bool colour_of_palette(qpdf_data q, qpdf_oh space, struct pdf_colour *ret, int depth) {
    struct pdf_colour base = {0};
    struct buf bytes = {0};
    long long most;
    qpdf_oh table = qpdf_oh_get_array_item(q, space, 3);
    if (!qpdf_oh_get_value_as_longlong(q, qpdf_oh_get_array_item(q, space, 2), &most) || most < 0 || most >= ENTRIES_MOST ||
        !colour_open(q, qpdf_oh_get_array_item(q, space, 1), &base, depth + 1) || base.table)
        return false;
    size_t len = 0;
    enum pdf_coding coding = PDF_CODING_PLAIN;
    const char *text = qpdf_oh_is_string(q, table) ? qpdf_oh_get_binary_string_value(q, table, &len) : NULL;
    if (text)
        buf_add(&bytes, text, len);
    else if (qpdf_oh_is_stream(q, table))
        pdf_stream_unpack(q, table, 4 * ENTRIES_MOST, &bytes, &coding, NULL);
    size_t entries = bytes.len / (size_t)base.samples;
    ret->samples = 1;
    ret->table = ret->is_palette = true;
    ret->entries = (int)most + 1;
    for (size_t i = 0; i < entries && i < (size_t)ret->entries; i++)
        levels_show(&base, bytes.data + i * (size_t)base.samples, ret->rgb[i]);
    bool fine = coding == PDF_CODING_PLAIN && entries >= (size_t)ret->entries;
    buf_drop(&bytes);
    return fine;
}

/* [/Separation name base function]: only a function that goes from one mixture to another (7.10.3). */
static bool colour_of_ink(qpdf_data q, qpdf_oh space, struct pdf_colour *ret, int depth) {
    struct pdf_colour base = {0};
    double from[4] = {0}, to[4] = {1, 1, 1, 1}, power = 1;
    qpdf_oh name = qpdf_oh_get_array_item(q, space, 1), function = qpdf_oh_get_array_item(q, space, 3);
    if (!qpdf_oh_is_name(q, name) || strcmp(qpdf_oh_get_name(q, name), "/None") == 0 || !qpdf_oh_is_dictionary(q, function) ||
        pdf_key_number(q, function, "/FunctionType", -1) != 2 ||
        !colour_open(q, qpdf_oh_get_array_item(q, space, 2), &base, depth + 1) || base.table ||
        (pdf_key_is_there(q, function, "/C0") && !pdf_array_numbers(q, qpdf_oh_get_key(q, function, "/C0"), base.samples, from)) ||
        (pdf_key_is_there(q, function, "/C1") && !pdf_array_numbers(q, qpdf_oh_get_key(q, function, "/C1"), base.samples, to)) ||
        !qpdf_oh_get_value_as_number(q, qpdf_oh_get_key(q, function, "/N"), &power) || !(power > 0 && power < 100))
        return false;
    ret->samples = 1;
    ret->table = true;
    ret->entries = ENTRIES_MOST;
    for (int i = 0; i < ENTRIES_MOST; i++) {
        uint8_t level[4];
        for (int c = 0; c < base.samples; c++) {
            double part = from[c] + pow(i / 255.0, power) * (to[c] - from[c]);
            level[c] = (uint8_t)lround(fmax(0, fmin(1, isfinite(part) ? part : 0)) * 255);
        }
        levels_show(&base, level, ret->rgb[i]);
    }
    return true;
}

static bool colour_open(qpdf_data q, qpdf_oh space, struct pdf_colour *ret, int depth) {
    if (depth >= NESTED_MOST)
        return false;
    if (qpdf_oh_is_name(q, space))
        return colour_by_name(qpdf_oh_get_name(q, space), ret);
    int items = qpdf_oh_is_array(q, space) ? qpdf_oh_get_array_n_items(q, space) : 0;
    qpdf_oh family = items ? qpdf_oh_get_array_item(q, space, 0) : space;
    if (!qpdf_oh_is_name(q, family))
        return false;
    const char *name = qpdf_oh_get_name(q, family);
    if (strcmp(name, "/ICCBased") == 0 && items == 2)
        return colour_of_profile(q, qpdf_oh_get_array_item(q, space, 1), ret);
    if ((strcmp(name, "/Indexed") == 0 || strcmp(name, "/I") == 0) && items == 4)
        return colour_of_palette(q, space, ret, depth);
    if (strcmp(name, "/Separation") == 0 && items == 4)
        return colour_of_ink(q, space, ret, depth);
    if (strncmp(name, "/Cal", 4) == 0 && items == 2 && !gamma_is_usual(q, qpdf_oh_get_array_item(q, space, 1)))
        return false;
    return items <= 2 && colour_by_name(qpdf_oh_get_name(q, family), ret);
}

bool pdf_colour_open(qpdf_data q, qpdf_oh space, const qpdf_oh *resources, struct pdf_colour *ret) {
    *ret = (struct pdf_colour){0};
    if (colour_open(q, space, ret, 0))
        return true;
    if (!resources || !qpdf_oh_is_name(q, space))
        return false;
    qpdf_oh named = qpdf_oh_get_key_if_dict(q, *resources, "/ColorSpace");
    const char *name = qpdf_oh_get_name(q, space);
    return qpdf_oh_is_dictionary(q, named) && qpdf_oh_has_key(q, named, name) &&
           colour_open(q, qpdf_oh_get_key(q, named, name), ret, 0);
}
