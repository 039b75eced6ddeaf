#include "ocr/script.h"

#include <stddef.h>
#include <string.h>
#include <tesseract/capi.h>

static const struct {
    const char *osd, *letters;
    uint32_t first, last; /* code points */
} scripts[SCRIPTS] = {
#define SCRIPT(id, osd, letters, first, last) [SCRIPT_##id] = {osd, letters, first, last},
#include "ocr/scripts.def"
#undef SCRIPT
};

static const struct {
    const char *osd;
    enum script script;
} other_names[] = {{"Hiragana", SCRIPT_KANA},
                   {"Katakana", SCRIPT_KANA},
                   {"Hangul", SCRIPT_HANGUL},
                   {"Fraktur", SCRIPT_LATIN}};

static const struct {
    uint32_t first, last;
    enum script script;
} other_letters[] = {{0x1E00, 0x1EFF, SCRIPT_LATIN},   {0x1F00, 0x1FFF, SCRIPT_GREEK},
                     {0xFB50, 0xFDFF, SCRIPT_ARABIC},  {0xFE70, 0xFEFF, SCRIPT_ARABIC},
                     {0x3400, 0x4DBF, SCRIPT_HAN},     {0x1100, 0x11FF, SCRIPT_HANGUL},
                     {0x2D80, 0x2DDF, SCRIPT_ETHIOPIC}};

enum script script_of_letter(uint32_t c) {
    for (int s = SCRIPT_LATIN; s < SCRIPTS; s++)
        if (c >= scripts[s].first && c <= scripts[s].last)
            return (enum script)s;
    for (size_t i = 0; i < sizeof other_letters / sizeof other_letters[0]; i++)
        if (c >= other_letters[i].first && c <= other_letters[i].last)
            return other_letters[i].script;
    return SCRIPT_NONE;
}

const char *script_letters_text(enum script script) {
    return script > SCRIPT_NONE && script < SCRIPTS ? scripts[script].letters : "unknown";
}

static enum script script_of_name(const char *name) {
    for (int s = SCRIPT_LATIN; name && s < SCRIPTS; s++)
        if (strcmp(scripts[s].osd, name) == 0)
            return (enum script)s;
    for (size_t i = 0; name && i < sizeof other_names / sizeof other_names[0]; i++)
        if (strcmp(other_names[i].osd, name) == 0)
            return other_names[i].script;
    return SCRIPT_NONE;
}

struct script_found script_find(struct Pix *picture, int dpi, const char *folder) {
    struct script_found found = {.script = SCRIPT_NONE};
    int degrees = 0;
    const char *name = NULL;
    TessBaseAPI *api = TessBaseAPICreate();
    TessBaseAPISetVariable(api, "debug_file", "/dev/null");
    if (TessBaseAPIInit2(api, folder, "osd", OEM_TESSERACT_ONLY) == 0) {
        TessBaseAPISetPageSegMode(api, PSM_OSD_ONLY);
        TessBaseAPISetImage2(api, picture);
        TessBaseAPISetSourceResolution(api, dpi);
        if (TessBaseAPIDetectOrientationScript(api, &degrees, &found.turn_sure, &name, &found.sure)) {
            found.script = script_of_name(name);
            found.turn = (uint16_t)((degrees % 360 + 360) % 360);
        }
    }
    TessBaseAPIEnd(api);
    TessBaseAPIDelete(api);
    return found;
}
