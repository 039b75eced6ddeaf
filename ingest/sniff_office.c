#include "ingest/sniff_office.h"

#include "base/mem.h"
#include "ingest/sniff_zip.h"

#include <ctype.h>
#include <gsf/gsf-infile-msole.h>
#include <gsf/gsf-input-memory.h>
#include <gsf/gsf.h>
#include <string.h>

enum { ENTRIES_MOST = 5000, OLE_DEPTH_MOST = 8, STREAM_LOOKED_AT = 32 << 20, MEMBER_LOOKED_AT = 8 << 20 };

/* ---- OLE: its directory by libgsf ---- */

enum ole_sign {
    OLE_WORD = 1,
    OLE_SHEET = 2,
    OLE_SLIDES = 4,
    OLE_MAIL = 8,
    OLE_SEALED = 16,
    OLE_INSTALLER = 32,
    OLE_OTHER_OFFICE = 64,
    OLE_MACROS = 128,
};

static void message_ignore(const char *domain, GLogLevelFlags level, const char *message, void *data) {
    (void)domain, (void)level, (void)message, (void)data;
}

static GsfInfile *ole_open(struct view bytes) {
    static bool started;
    if (!started) {
        gsf_init();
        g_log_set_default_handler(message_ignore, NULL); /* it may quote the file */
        started = true;
    }
    GsfInput *input = gsf_input_memory_new(bytes.data, (gsf_off_t)bytes.len, FALSE);
    GsfInfile *ole = gsf_infile_msole_new(input, NULL);
    g_object_unref(input);
    return ole;
}

/* Small streams and the first bytes of large ones. */
static void stream_read(GsfInput *stream, size_t most, struct buf *out) {
    gsf_off_t size = gsf_input_size(stream);
    size_t want = size < 0 ? 0 : (size_t)size < most ? (size_t)size : most;
    const guint8 *data = want ? gsf_input_read(stream, want, NULL) : NULL;
    if (data)
        buf_add(out, data, want);
}

/* MS-DOC 2.5.1: of the flags at byte 10, 0x0100 says that it is encrypted. */
static bool word_is_sealed(const struct buf *data) {
    return data->len > 12 && data->data[11] & 1;
}

/* MS-XLS: records of type and length. 0x2F before the first sheet: encrypted. 0x85 names a sheet, whose kind
 * 1 is a macro sheet. */
static unsigned sheet_signs(const struct buf *data) {
    unsigned signs = 0;
    for (size_t at = 0; at + 4 <= data->len;) {
        unsigned type = data->data[at] | (unsigned)data->data[at + 1] << 8,
                 len = data->data[at + 2] | (unsigned)data->data[at + 3] << 8;
        if (type == 0x2F)
            signs |= OLE_SEALED;
        if (type == 0x85 && len > 6 && at + 10 <= data->len && data->data[at + 9] == 1)
            signs |= OLE_MACROS;
        if (type == 0x0A || !type)
            break;
        at += 4 + len;
    }
    return signs;
}

/* MS-PPT 2.4.10: the container of the macros' place, and whether there are any. */
static unsigned slides_signs(const struct buf *data) {
    static const uint8_t mark[16] = {0x1F, 0, 0xFF, 3, 0x14, 0, 0, 0, 2, 0, 0, 4, 0x0C, 0, 0, 0};
    const uint8_t *found = data->len ? memmem(data->data, data->len, mark, sizeof mark) : NULL;
    size_t left = found ? data->len - (size_t)(found - data->data) : 0;
    return left >= 24 && found[20] ? OLE_MACROS : 0;
}

static unsigned stream_signs(GsfInput *stream, unsigned sign) {
    struct buf data = {0};
    stream_read(stream, sign == OLE_WORD ? 64 : STREAM_LOOKED_AT, &data);
    unsigned signs = sign == OLE_WORD    ? (word_is_sealed(&data) ? OLE_SEALED : 0)
                     : sign == OLE_SHEET ? sheet_signs(&data)
                                         : slides_signs(&data);
    buf_drop(&data);
    return signs;
}

static unsigned name_sign(const char *name) {
    static const struct {
        const char *name;
        unsigned sign;
    } names[] = {
        {"WordDocument", OLE_WORD},
        {"Workbook", OLE_SHEET},
        {"Book", OLE_SHEET},
        {"PowerPoint Document", OLE_SLIDES},
        {"__properties_version1.0", OLE_MAIL},
        {"EncryptedPackage", OLE_SEALED},
        {"EncryptionInfo", OLE_SEALED},
        {"VisioDocument", OLE_OTHER_OFFICE},
        {"Quill", OLE_OTHER_OFFICE},
        {"_VBA_PROJECT", OLE_MACROS},
        {"_VBA_PROJECT_CUR", OLE_MACROS},
        {"Macros", OLE_MACROS},
        {"VBA", OLE_MACROS},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcasecmp(name, names[i].name) == 0)
            return names[i].sign;
    return 0;
}

/* What the folder holds; macros also deeper down. */
static unsigned folder_signs(GsfInfile *folder, int depth, int *left) {
    unsigned signs = 0;
    int count = gsf_infile_num_children(folder);
    for (int i = 0; i < count && (*left)-- > 0; i++) {
        const char *name = gsf_infile_name_by_index(folder, i);
        unsigned sign = name ? name_sign(name) : 0;
        GsfInput *child = gsf_infile_child_by_index(folder, i);
        bool is_folder = child && GSF_IS_INFILE(child) && gsf_infile_num_children(GSF_INFILE(child)) >= 0;
        if (depth == 0)
            signs |= sign;
        signs |= sign & OLE_MACROS;
        if (is_folder && depth < OLE_DEPTH_MOST)
            signs |= folder_signs(GSF_INFILE(child), depth + 1, left);
        else if (child && depth == 0 && sign & (OLE_WORD | OLE_SHEET | OLE_SLIDES))
            signs |= stream_signs(child, sign);
        if (child)
            g_object_unref(child);
    }
    return signs;
}

/* The class of Windows Installer packages and patches: 000C1084 and 000C1086-0000-0000-C000-000000000046. */
static bool class_is_installer(GsfInfile *ole) {
    static const uint8_t rest[12] = {0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0x46};
    guint8 class_id[16];
    return gsf_infile_msole_get_class_id(GSF_INFILE_MSOLE(ole), class_id) && class_id[1] == 0x10 &&
           class_id[2] == 0x0C && class_id[3] == 0 && (class_id[0] == 0x84 || class_id[0] == 0x86) &&
           memcmp(class_id + 4, rest, 12) == 0;
}

static unsigned ole_signs(struct view bytes) {
    int left = ENTRIES_MOST;
    GsfInfile *ole = ole_open(bytes);
    if (!ole)
        return 0;
    unsigned signs = folder_signs(ole, 0, &left);
    if (class_is_installer(ole))
        signs |= OLE_INSTALLER;
    g_object_unref(ole);
    return signs;
}

bool sniff_is_ole(struct view bytes) {
    return bytes.len >= 8 && memcmp(bytes.data, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8) == 0;
}

enum content_kind sniff_ole_kind(struct view bytes) {
    unsigned signs = ole_signs(bytes);
    if (signs & OLE_INSTALLER)
        return CONTENT_PROGRAM;
    if (signs & OLE_SEALED)
        return CONTENT_SEALED;
    if (signs & OLE_MAIL && !(signs & (OLE_WORD | OLE_SHEET | OLE_SLIDES)))
        return CONTENT_MSG;
    return signs & (OLE_WORD | OLE_SHEET | OLE_SLIDES | OLE_OTHER_OFFICE) ? CONTENT_OFFICE : CONTENT_OTHER;
}

/* ---- zip: Office Open XML (ECMA-376) and OpenDocument ---- */

struct zip_signs {
    bool types, word, sheet, slides, other_office; /* other_office: Visio, and Apple's */
    bool program, other, open_document, active, sealed;
    char mimetype[80];
};

static bool text_has(const struct buf *text, const char *word) {
    return text->len && memmem(text->data, text->len, word, strlen(word)) != NULL;
}

/* A relationship to something elsewhere that is fetched when the document is opened. A link that a reader may
 * follow is none. */
static bool relations_are_active(const struct buf *text) {
    static const char *const fetched[] = {"/attachedTemplate\"",
                                          "/oleObject\"",
                                          "/frame\"",
                                          "/subDocument\"",
                                          "\"attachedTemplate\"",
                                          "/attachedTemplate'",
                                          "/oleObject'",
                                          "/frame'",
                                          NULL};
    if (!text_has(text, "External"))
        return false;
    const char *at = (const char *)text->data, *end = at + text->len;
    while (at < end) {
        const char *open = memchr(at, '<', (size_t)(end - at)),
                   *close = open ? memchr(open, '>', (size_t)(end - open)) : NULL;
        if (!close)
            return false;
        struct buf tag = {.data = (uint8_t *)(uintptr_t)open, .len = (size_t)(close - open)};
        for (const char *const *f = fetched; *f; f++)
            if (text_has(&tag, "External") && text_has(&tag, *f))
                return true;
        at = close;
    }
    return false;
}

static bool member_is_active(const struct sniff_zip_member *m) {
    struct buf text = {0};
    bool active = false;
    if (sniff_zip_name_ends(m, "vbaProject.bin") || sniff_zip_name_begins(m, "xl/macrosheets/") ||
        sniff_zip_name_begins(m, "Basic/") || sniff_zip_name_begins(m, "Scripts/"))
        return true;
    if (sniff_zip_name_ends(m, ".rels")) {
        sniff_zip_unpack(m, MEMBER_LOOKED_AT, &text);
        active = relations_are_active(&text);
    } else if (sniff_zip_name_is(m, "[Content_Types].xml")) {
        sniff_zip_unpack(m, MEMBER_LOOKED_AT, &text);
        active = text_has(&text, "macroEnabled");
    } else if (sniff_zip_name_is(m, "word/document.xml")) {
        sniff_zip_unpack(m, MEMBER_LOOKED_AT, &text);
        active = text_has(&text, "DDEAUTO");
    }
    buf_drop(&text);
    return active;
}

static void look_at_mimetype(const struct sniff_zip_member *m, struct zip_signs *signs) {
    struct buf text = {0};
    sniff_zip_unpack(m, sizeof signs->mimetype - 1, &text);
    if (text.len)
        memcpy(signs->mimetype, text.data, text.len);
    signs->open_document = strncmp(signs->mimetype, "application/vnd.oasis.opendocument.", 35) == 0 ||
                           strncmp(signs->mimetype, "application/vnd.sun.xml.", 24) == 0;
    signs->other |= !signs->open_document && signs->mimetype[0];
    buf_drop(&text);
}

static bool manifest_is_sealed(const struct sniff_zip_member *m) {
    struct buf text = {0};
    sniff_zip_unpack(m, MEMBER_LOOKED_AT, &text);
    bool sealed = text_has(&text, "encryption-data");
    buf_drop(&text);
    return sealed;
}

static int look_at_kind(void *state, const struct sniff_zip_member *m) {
    struct zip_signs *signs = state;
    signs->types |= sniff_zip_name_is(m, "[Content_Types].xml");
    signs->word |= sniff_zip_name_begins(m, "word/");
    signs->sheet |= sniff_zip_name_begins(m, "xl/");
    signs->slides |= sniff_zip_name_begins(m, "ppt/");
    signs->other_office |= sniff_zip_name_begins(m, "visio/") || sniff_zip_name_is(m, "Index/Document.iwa");
    signs->other |= sniff_zip_name_ends(m, ".fdseq");
    signs->program |=
        sniff_zip_name_is(m, "META-INF/MANIFEST.MF") || sniff_zip_name_is(m, "AndroidManifest.xml");
    if (sniff_zip_name_is(m, "mimetype") && !signs->mimetype[0])
        look_at_mimetype(m, signs);
    if (sniff_zip_name_is(m, "META-INF/manifest.xml"))
        signs->sealed |= manifest_is_sealed(m);
    return 0;
}

static int look_at_activity(void *state, const struct sniff_zip_member *m) {
    *(bool *)state = member_is_active(m);
    return *(bool *)state;
}

enum content_kind sniff_zip_kind(struct view bytes) {
    struct zip_signs signs = {0};
    sniff_zip_members(bytes, look_at_kind, &signs);
    if (signs.open_document)
        return signs.sealed ? CONTENT_SEALED : CONTENT_OFFICE;
    if (signs.types && (signs.word || signs.sheet || signs.slides || signs.other_office))
        return CONTENT_OFFICE;
    if (signs.other_office)
        return CONTENT_OFFICE;
    if (signs.other)
        return CONTENT_OTHER;
    return signs.program ? CONTENT_PROGRAM : CONTENT_ARCHIVE;
}

static const char *zip_ending(struct view bytes) {
    static const struct {
        const char *kind, *ending;
    } open_documents[] = {{"text", "odt"}, {"spreadsheet", "ods"}, {"presentation", "odp"}};
    struct zip_signs signs = {0};
    sniff_zip_members(bytes, look_at_kind, &signs);
    if (signs.open_document) {
        const char *kind = strrchr(signs.mimetype, '.') + 1;
        for (size_t i = 0; i < sizeof open_documents / sizeof *open_documents; i++)
            if (strncmp(kind, open_documents[i].kind, strlen(open_documents[i].kind)) == 0)
                return open_documents[i].ending;
        return NULL;
    }
    return signs.word ? "docx" : signs.sheet ? "xlsx" : signs.slides ? "pptx" : NULL;
}

/* ---- RTF ---- */

bool sniff_is_rtf(struct view bytes) {
    size_t at = 0;
    while (at < bytes.len && at < 64 && isspace(bytes.data[at]))
        at++;
    return bytes.len - at >= 5 && memcmp(bytes.data + at, "{\\rt", 4) == 0;
}

/* In upper case and without what a reader of RTF passes over between the digits of an object. */
static void rtf_squeeze(struct view bytes, struct buf *out) {
    uint8_t *room = buf_room(out, bytes.len);
    size_t n = 0;
    for (size_t i = 0; i < bytes.len; i++)
        if (!isspace(bytes.data[i]) && bytes.data[i] && bytes.data[i] != '{' && bytes.data[i] != '}')
            room[n++] = (uint8_t)toupper(bytes.data[i]);
    out->len = n;
}

/* An object that updates itself, a link object, the equation editor, a template from elsewhere. Objects are
 * written in hexadecimal digits. */
static bool rtf_is_active(struct view bytes) {
    static const char *const marks[] = {"\\OBJUPDATE",          "\\OBJAUTLINK",      "OLE2LINK",
                                        "4F4C45324C696E6B",     "\\OBJOCX",          "EQUATION.3",
                                        "4571756174696F6E2E33", "4F4C45324C494E4B",  "DDEAUTO",
                                        "\\*\\TEMPLATEHTTP",    "\\*\\TEMPLATE\\\\", NULL};
    struct buf text = {0};
    bool active = false;
    rtf_squeeze(bytes, &text);
    for (const char *const *m = marks; *m && !active; m++) {
        char upper[32];
        size_t len = strlen(*m);
        for (size_t i = 0; i <= len; i++)
            upper[i] = (char)toupper((unsigned char)(*m)[i]);
        active = text_has(&text, upper);
    }
    buf_drop(&text);
    return active;
}

/* ---- all of them ---- */

const char *sniff_office_ending(struct view bytes) {
    if (sniff_is_rtf(bytes))
        return "rtf";
    if (sniff_zip_begins(bytes))
        return zip_ending(bytes);
    unsigned signs = sniff_is_ole(bytes) ? ole_signs(bytes) : 0;
    return signs & OLE_WORD ? "doc" : signs & OLE_SHEET ? "xls" : signs & OLE_SLIDES ? "ppt" : NULL;
}

int sniff_office_is_active(struct view bytes) {
    bool active = false;
    if (sniff_is_rtf(bytes))
        return rtf_is_active(bytes);
    if (sniff_is_ole(bytes))
        return (ole_signs(bytes) & OLE_MACROS) != 0;
    if (sniff_zip_begins(bytes))
        sniff_zip_members(bytes, look_at_activity, &active);
    return active;
}
