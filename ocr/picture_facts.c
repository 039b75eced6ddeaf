#include "ocr/picture_facts.h"

#include <string.h>

/* Numbers in a view, big-endian or little-endian; 0 past the end. */
static uint32_t number_at(struct view v, size_t at, int bytes, bool little) {
    uint32_t value = 0;
    if (at > v.len || v.len - at < (size_t)bytes)
        return 0;
    for (int i = 0; i < bytes; i++)
        value = value << 8 | v.data[at + (size_t)(little ? bytes - 1 - i : i)];
    return value;
}

static float dpi_from(float density, uint32_t unit, uint32_t unit_inch, uint32_t unit_cm) {
    return unit == unit_inch ? density : unit == unit_cm ? density * 2.54f : 0;
}

/* JFIF 1.02: "JFIF\0", version, unit (1 inch, 2 cm), horizontal density. */
static void facts_jfif(struct view segment, struct picture_facts *facts) {
    if (segment.len >= 12 && memcmp(segment.data, "JFIF", 5) == 0)
        facts->dpi = dpi_from((float)number_at(segment, 8, 2, false), segment.data[7], 1, 2);
}

/* EXIF 2.3, 4.6.4: 2, 4, 5 and 7 are the turns of the mirrored picture. */
static void facts_orientation(uint32_t orientation, struct picture_facts *facts) {
    static const uint16_t turns[9] = {0, 0, 0, 180, 180, 270, 90, 90, 270};
    if (orientation > 8)
        orientation = 0;
    facts->turn = turns[orientation];
    facts->mirrored = orientation == 2 || orientation == 4 || orientation == 5 || orientation == 7;
}

/* The first directory holds orientation, resolution and its unit. */
void picture_facts_exif(struct view tiff, struct picture_facts *facts) {
    enum { ORIENTATION = 0x112, RESOLUTION = 0x11A, UNIT = 0x128 };
    if (tiff.len < 14)
        return;
    bool little = tiff.data[0] == 'I';
    size_t at = number_at(tiff, 4, 4, little);
    uint32_t entries = number_at(tiff, at, 2, little), unit = 2;
    float density = 0;
    for (uint32_t i = 0; i < entries && i < 200; i++) {
        size_t entry = at + 2 + 12 * (size_t)i;
        uint32_t tag = number_at(tiff, entry, 2, little);
        if (tag == ORIENTATION)
            facts_orientation(number_at(tiff, entry + 8, 2, little), facts);
        if (tag == UNIT)
            unit = number_at(tiff, entry + 8, 2, little);
        if (tag == RESOLUTION) {
            size_t place = number_at(tiff, entry + 8, 4, little);
            float below = (float)number_at(tiff, place + 4, 4, little);
            density = below > 0 ? (float)number_at(tiff, place, 4, little) / below : 0;
        }
    }
    if (facts->dpi <= 0)
        facts->dpi = dpi_from(density, unit, 2, 3);
}

static void facts_app1(struct view segment, struct picture_facts *facts) {
    if (segment.len >= 20 && memcmp(segment.data, "Exif\0", 6) == 0)
        picture_facts_exif(view_of(segment.data + 6, segment.len - 6), facts);
}

/* Start of frame: all of C0 to CF but the tables (C4), the reserved (C8) and the arithmetic conditioning
 * (CC). */
static bool is_frame(uint8_t marker) {
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

struct picture_facts picture_facts_jpeg(struct view bytes) {
    struct picture_facts facts = {0};
    size_t at = 2;
    while (at + 4 <= bytes.len && bytes.data[at] == 0xFF) {
        uint8_t marker = bytes.data[at + 1];
        size_t len = number_at(bytes, at + 2, 2, false);
        if (marker == 0xDA || len < 2 || len > bytes.len - at - 2)
            break;
        struct view segment = view_of(bytes.data + at + 4, len - 2);
        if (marker == 0xE0)
            facts_jfif(segment, &facts);
        else if (marker == 0xE1)
            facts_app1(segment, &facts);
        else if (is_frame(marker)) {
            facts.height_px = number_at(segment, 1, 2, false);
            facts.width_px = number_at(segment, 3, 2, false);
        }
        at += 2 + len;
    }
    return facts;
}

/* PNG: length, type, data, check sum; pHYs holds pixels per metre. */
struct picture_facts picture_facts_png(struct view bytes) {
    struct picture_facts facts = {0};
    size_t at = 8;
    while (at + 12 <= bytes.len) {
        size_t len = number_at(bytes, at, 4, false);
        if (len > bytes.len - at - 12 || memcmp(bytes.data + at + 4, "IDAT", 4) == 0)
            break;
        if (memcmp(bytes.data + at + 4, "IHDR", 4) == 0 && len >= 8) {
            facts.width_px = number_at(bytes, at + 8, 4, false);
            facts.height_px = number_at(bytes, at + 12, 4, false);
        }
        if (memcmp(bytes.data + at + 4, "pHYs", 4) == 0 && len == 9 && bytes.data[at + 16] == 1)
            facts.dpi = (float)number_at(bytes, at + 8, 4, false) * 0.0254f;
        at += 12 + len;
    }
    return facts;
}

static bool is_possible(float dpi) {
    return dpi >= 50 && dpi <= 1200;
}

float picture_facts_sane_dpi(float dpi, float otherwise, int width_px, int height_px) {
    float longer = (float)(width_px > height_px ? width_px : height_px);
    bool by_default = (dpi == 72 || dpi == 96) && longer / dpi > 24;
    if (is_possible(dpi) && !by_default)
        return dpi;
    return is_possible(otherwise) ? otherwise : longer / 11.69f;
}
