#include "ocr/pdf_contents.h"

#include "base/mem.h"
#include "ocr/pdf_stream.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    FILES_MOST = 500,
    FILE_BYTES_MOST = 256 << 20,
    TREE_DEPTH_MOST = 40,
    TREE_NODES_MOST = 20000,
    ACTIONS_MOST = 64, /* in one chain */
    NOTES_MOST = 50,   /* notes about notes */
    FIELDS_MOST = 5000,
};
#define FILES_BYTES_MOST ((size_t)1024 << 20)

enum found {
    FOUND_JAVASCRIPT = 1,
    FOUND_LAUNCH = 2,
    FOUND_SEND = 4,
    FOUND_MEDIA = 8,
    FOUND_MORE_FILES = 16,
    FOUND_DAMAGED_FILE = 32,
    FOUND_SIGNATURE = 64,
    FOUND_XFA = 128,
    FOUND_REVISIONS = 256,
    FOUND_LAYERS = 512,
    FOUND_PORTFOLIO = 1024,
};

static const char *const found_texts[] = {
    "JavaScript in it was not run",
    "an action that starts a program was not run",
    "an action that sends or fetches data was not run",
    "sound or film in it was not played",
    "it holds more or larger files than the limit: the rest was left out",
    "a file in it is missing or damaged and could not be taken out",
    "a digital signature (not checked)",
    "an XFA form",
    "older revisions in the file",
    "layers that are switched off",
    "a portfolio: its files come as parts of their own",
};

struct contents {
    qpdf_data q;
    const struct pdf_order *order;
    const struct pdf_contents_sink *sink;
    unsigned found;
    int files, notes, nodes;
    int taken[FILES_MOST]; /* objects of the files that were given */
    size_t bytes;
    int err;
};

/* ---- files ---- */

/* Filters with parameters, and old ones, are left to qpdf. */
static bool file_bytes(struct contents *c, qpdf_oh stream, struct buf *out) {
    enum pdf_coding coding;
    bool broken, plain = !pdf_key_is_there(c->q, qpdf_oh_get_dict(c->q, stream), "/DecodeParms");
    size_t size = pdf_stream_unpack(c->q, stream, FILE_BYTES_MOST, plain ? out : NULL, &coding, &broken);
    if (size > FILE_BYTES_MOST) {
        c->found |= FOUND_MORE_FILES;
        return false;
    }
    if (plain && coding == PDF_CODING_PLAIN)
        return !broken;
    unsigned char *data = NULL;
    size_t len = 0;
    QPDF_BOOL filtered = QPDF_FALSE;
    buf_reset(out);
    bool fine =
        pdf_stream_is_bounded(c->q, stream) &&
        !(qpdf_oh_get_stream_data(c->q, stream, qpdf_dl_generalized, &filtered, &data, &len) & QPDF_ERRORS);
    if (fine)
        buf_add(out, data, len);
    free(data);
    return fine && filtered;
}

static bool file_is_taken(struct contents *c, qpdf_oh stream) {
    int object = qpdf_oh_get_object_id(c->q, stream);
    for (int i = 0; object && i < c->files; i++)
        if (c->taken[i] == object)
            return true;
    c->taken[c->files++] = object;
    return false;
}

static char *file_name(qpdf_data q, qpdf_oh spec) {
    static const char *const keys[] = {"/UF", "/F", "/Unix", "/DOS", "/Mac"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        qpdf_oh name = qpdf_oh_get_key(q, spec, keys[i]);
        if (qpdf_oh_is_string(q, name))
            return mem_text(qpdf_oh_get_utf8_value(q, name));
    }
    return mem_text("");
}

static void file_give(struct contents *c, qpdf_oh spec) {
    qpdf_data q = c->q;
    qpdf_oh held = qpdf_oh_get_key_if_dict(q, spec, "/EF");
    if (!qpdf_oh_is_dictionary(q, held))
        return; /* a file elsewhere */
    qpdf_oh stream = qpdf_oh_get_key(q, held, pdf_key_is_there(q, held, "/UF") ? "/UF" : "/F");
    struct buf bytes = {0};
    if (c->files >= FILES_MOST) {
        c->found |= FOUND_MORE_FILES;
        return;
    }
    if (!qpdf_oh_is_stream(q, stream)) {
        c->found |= FOUND_DAMAGED_FILE;
        return;
    }
    if (file_is_taken(c, stream))
        return;
    unsigned before = c->found;
    bool fine = file_bytes(c, stream, &bytes);
    if (fine && c->bytes + bytes.len > FILES_BYTES_MOST)
        c->found |= FOUND_MORE_FILES;
    else if (fine) {
        char *name = file_name(q, spec);
        c->bytes += bytes.len;
        c->err = c->sink->file(c->sink->state, name, buf_view(&bytes));
        mem_free(&name);
    } else if (c->found == before || !(c->found & FOUND_MORE_FILES)) {
        c->found |= FOUND_DAMAGED_FILE;
    }
    buf_drop(&bytes);
}

/* A name tree (ISO 32000-1, 7.9.6): pairs of name and value at its leaves. */
static void tree_walk(struct contents *c, qpdf_oh node, int depth,
                      void (*value)(struct contents *c, qpdf_oh value)) {
    qpdf_data q = c->q;
    if (!qpdf_oh_is_dictionary(q, node) || depth > TREE_DEPTH_MOST || ++c->nodes > TREE_NODES_MOST)
        return;
    qpdf_oh names = qpdf_oh_get_key(q, node, "/Names"), kids = qpdf_oh_get_key(q, node, "/Kids");
    int pairs = qpdf_oh_is_array(q, names) ? qpdf_oh_get_array_n_items(q, names) : 0;
    for (int i = 1; i < pairs && !c->err; i += 2)
        value(c, qpdf_oh_get_array_item(q, names, i));
    int count = qpdf_oh_is_array(q, kids) ? qpdf_oh_get_array_n_items(q, kids) : 0;
    for (int i = 0; i < count && !c->err; i++)
        tree_walk(c, qpdf_oh_get_array_item(q, kids, i), depth + 1, value);
}

/* ---- actions ---- */

static unsigned action_found(qpdf_data q, qpdf_oh action) {
    static const struct {
        const char *kind;
        unsigned found;
    } kinds[] = {{"/JavaScript", FOUND_JAVASCRIPT}, {"/Launch", FOUND_LAUNCH},
                 {"/SubmitForm", FOUND_SEND},       {"/ImportData", FOUND_SEND},
                 {"/Rendition", FOUND_MEDIA},       {"/Movie", FOUND_MEDIA},
                 {"/Sound", FOUND_MEDIA},           {"/RichMediaExecute", FOUND_MEDIA}};
    qpdf_oh kind = qpdf_oh_get_key(q, action, "/S");
    unsigned found = pdf_key_is_there(q, action, "/JS") ? FOUND_JAVASCRIPT : 0;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (qpdf_oh_is_name_and_equals(q, kind, kinds[i].kind))
            found |= kinds[i].found;
    return found;
}

/* An action and those that come after it, one after the other or several. */
static void action_look(struct contents *c, qpdf_oh action) {
    qpdf_data q = c->q;
    for (int i = 0; i < ACTIONS_MOST && qpdf_oh_is_dictionary(q, action); i++) {
        c->found |= action_found(q, action);
        qpdf_oh next = qpdf_oh_get_key(q, action, "/Next");
        int count = qpdf_oh_is_array(q, next) ? qpdf_oh_get_array_n_items(q, next) : 0;
        for (int k = 0; k < count && k < ACTIONS_MOST; k++) {
            qpdf_oh item = qpdf_oh_get_array_item(q, next, k);
            if (qpdf_oh_is_dictionary(q, item))
                c->found |= action_found(q, item);
        }
        action = next;
    }
}

/* /A or /OpenAction, and the table of additional actions. */
static void actions_look(struct contents *c, qpdf_oh holder, const char *key) {
    static const char *const moments[] = {"/O",  "/C",  "/E", "/X", "/D", "/U",  "/Fo", "/Bl", "/PO", "/PC",
                                          "/PV", "/PI", "/K", "/F", "/V", "/WC", "/WS", "/DS", "/WP", "/DP"};
    qpdf_data q = c->q;
    action_look(c, qpdf_oh_get_key(q, holder, key));
    qpdf_oh table = qpdf_oh_get_key(q, holder, "/AA");
    if (qpdf_oh_is_dictionary(q, table))
        for (size_t i = 0; i < sizeof moments / sizeof *moments; i++)
            action_look(c, qpdf_oh_get_key(q, table, moments[i]));
}

static void script_look(struct contents *c, qpdf_oh value) {
    (void)value;
    c->found |= FOUND_JAVASCRIPT;
}

/* ---- pages: notes, files, actions ---- */

static void note_tell(struct contents *c, uint32_t page, const char *what) {
    char text[120];
    if (c->notes >= NOTES_MOST)
        return;
    snprintf(text, sizeof text, "a note on page %u (%s)", page, what);
    if (++c->notes == NOTES_MOST)
        snprintf(text, sizeof text, "a note on page %u (%s), and perhaps more on the pages behind it", page,
                 what);
    c->err = c->sink->note(c->sink->state, text);
}

static void annotation_look(struct contents *c, qpdf_oh annotation, uint32_t page) {
    static const struct {
        const char *kind, *what;
    } notes[] = {{"/Text", "sticky note"},
                 {"/Highlight", "comment on marked text"},
                 {"/Underline", "comment on marked text"},
                 {"/StrikeOut", "comment on marked text"},
                 {"/Squiggly", "comment on marked text"},
                 {"/Caret", "comment"},
                 {"/Square", "comment on a drawing"},
                 {"/Circle", "comment on a drawing"},
                 {"/Ink", "comment on a drawing"},
                 {"/Line", "comment on a drawing"},
                 {"/Stamp", "comment on a stamp"},
                 {"/FileAttachment", "attached file"}};
    qpdf_data q = c->q;
    qpdf_oh kind = qpdf_oh_get_key(q, annotation, "/Subtype"),
            text = qpdf_oh_get_key(q, annotation, "/Contents");
    bool says = qpdf_oh_is_string(q, text) && qpdf_oh_get_utf8_value(q, text)[0];
    actions_look(c, annotation, "/A");
    if (qpdf_oh_is_name_and_equals(q, kind, "/FileAttachment"))
        file_give(c, qpdf_oh_get_key_if_dict(q, annotation, "/FS"));
    if (qpdf_oh_is_name_and_equals(q, kind, "/Sound") || qpdf_oh_is_name_and_equals(q, kind, "/Movie") ||
        qpdf_oh_is_name_and_equals(q, kind, "/Screen") || qpdf_oh_is_name_and_equals(q, kind, "/RichMedia"))
        c->found |= FOUND_MEDIA;
    for (size_t i = 0; i < sizeof notes / sizeof *notes && says && !c->err; i++)
        if (qpdf_oh_is_name_and_equals(q, kind, notes[i].kind))
            note_tell(c, page, notes[i].what);
}

static void page_look(struct contents *c, uint32_t number) {
    qpdf_data q = c->q;
    qpdf_oh page = qpdf_get_page_n(q, number - 1), list = qpdf_oh_get_key(q, page, "/Annots");
    int count = qpdf_oh_is_array(q, list) ? qpdf_oh_get_array_n_items(q, list) : 0;
    actions_look(c, page, "/A");
    for (int i = 0; i < count && i < TREE_NODES_MOST && !c->err; i++) {
        qpdf_oh annotation = qpdf_oh_get_array_item(q, list, i);
        if (qpdf_oh_is_dictionary(q, annotation))
            annotation_look(c, annotation, number);
    }
    qpdf_oh_release_all(q);
}

/* ---- the document ---- */

static void form_look(struct contents *c, qpdf_oh form) {
    qpdf_data q = c->q;
    if (!qpdf_oh_is_dictionary(q, form))
        return;
    if (pdf_key_is_there(q, form, "/XFA"))
        c->found |= FOUND_XFA;
    if (pdf_key_number(q, form, "/SigFlags", 0) & 1)
        c->found |= FOUND_SIGNATURE;
    qpdf_oh fields = qpdf_oh_get_key(q, form, "/Fields");
    int count = qpdf_oh_is_array(q, fields) ? qpdf_oh_get_array_n_items(q, fields) : 0;
    for (int i = 0; i < count && i < FIELDS_MOST; i++) {
        qpdf_oh field = qpdf_oh_get_array_item(q, fields, i);
        if (!qpdf_oh_is_dictionary(q, field))
            continue;
        actions_look(c, field, "/A");
        if (qpdf_oh_is_name_and_equals(q, qpdf_oh_get_key(q, field, "/FT"), "/Sig") &&
            pdf_key_is_there(q, field, "/V"))
            c->found |= FOUND_SIGNATURE;
    }
}

static void layers_look(struct contents *c, qpdf_oh layers) {
    qpdf_data q = c->q;
    qpdf_oh usual = qpdf_oh_is_dictionary(q, layers) ? qpdf_oh_get_key(q, layers, "/D") : layers;
    if (!qpdf_oh_is_dictionary(q, usual))
        return;
    qpdf_oh off = qpdf_oh_get_key(q, usual, "/OFF");
    if ((qpdf_oh_is_array(q, off) && qpdf_oh_get_array_n_items(q, off) > 0) ||
        qpdf_oh_is_name_and_equals(q, qpdf_oh_get_key(q, usual, "/BaseState"), "/OFF"))
        c->found |= FOUND_LAYERS;
}

/* Each revision ends with the place of its table of places; the first part of a file made for the web says 0
 * there. */
static bool has_revisions(struct view bytes) {
    int count = 0;
    for (size_t at = 0; at < bytes.len && count < 2;) {
        const uint8_t *found = memmem(bytes.data + at, bytes.len - at, "startxref", 9);
        if (!found)
            break;
        at = (size_t)(found - bytes.data) + 9;
        while (at < bytes.len && (bytes.data[at] == '\r' || bytes.data[at] == '\n' || bytes.data[at] == ' '))
            at++;
        bool zero = at + 1 < bytes.len && bytes.data[at] == '0' &&
                    (bytes.data[at + 1] < '0' || bytes.data[at + 1] > '9');
        count += !zero;
    }
    struct view start = {bytes.data, bytes.len < 2048 ? bytes.len : 2048};
    bool for_the_web = start.len && memmem(start.data, start.len, "/Linearized", 11);
    return count > 1 && !(for_the_web && count == 2);
}

static void document_look(struct contents *c) {
    qpdf_data q = c->q;
    qpdf_oh root = qpdf_get_root(q), names = qpdf_oh_get_key(q, root, "/Names"),
            also = qpdf_oh_get_key(q, root, "/AF");
    actions_look(c, root, "/OpenAction");
    form_look(c, qpdf_oh_get_key(q, root, "/AcroForm"));
    layers_look(c, qpdf_oh_get_key(q, root, "/OCProperties"));
    if (pdf_key_is_there(q, root, "/Collection"))
        c->found |= FOUND_PORTFOLIO;
    if (has_revisions(c->order->bytes))
        c->found |= FOUND_REVISIONS;
    if (qpdf_oh_is_dictionary(q, names)) {
        tree_walk(c, qpdf_oh_get_key(q, names, "/JavaScript"), 0, script_look);
        tree_walk(c, qpdf_oh_get_key(q, names, "/EmbeddedFiles"), 0, file_give);
    }
    int count = qpdf_oh_is_array(q, also) ? qpdf_oh_get_array_n_items(q, also) : 0;
    for (int i = 0; i < count && i <= FILES_MOST && !c->err; i++)
        file_give(c, qpdf_oh_get_array_item(q, also, i));
    qpdf_oh_release_all(q);
}

int pdf_contents_open(const struct pdf_order *order, const struct pdf_contents_sink *sink) {
    struct pdf_file *file;
    if (!order->bytes.len || pdf_file_open(order, &file) != 0)
        return 0;
    struct contents *c = mem_new(sizeof *c);
    c->q = file->q;
    c->order = order;
    c->sink = sink;
    document_look(c);
    for (uint32_t n = 1; file->usable && n <= file->pages && !c->err; n++)
        page_look(c, n);
    for (size_t i = 0; i < sizeof found_texts / sizeof *found_texts && !c->err; i++)
        if (c->found & 1u << i)
            c->err = sink->note(sink->state, found_texts[i]);
    int err = c->err;
    mem_free(&c);
    pdf_file_drop(&file);
    return err;
}
