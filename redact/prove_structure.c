#include "base/mem.h"
#include "redact/prover.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The whole grammar of our packs. A key that is not here, or a value of another kind, is an unknown
 * construct. value: n number, b true or false, s text, i identifier (binary), N name, "=/X" just this name,
 * "[" array of numbers and names, "<kind" dictionary, "{kind" dictionary with free names of such values,
 * "|kind" stream, "(kind" array of them,
 * "@" reference to a page or to an item that is walked elsewhere, "*" checked in its own function. */
static const struct grammar {
    const char *kind, *key, *value;
} grammar[] = {
    {"trailer", "/Root", "<catalogue"},
    {"trailer", "/Info", "<info"},
    {"trailer", "/ID", "i"},
    {"trailer", "/Size", "n"},
    {"trailer", "/Prev", "n"},
    {"trailer", "/Type", "=/XRef"},
    {"trailer", "/Index", "["},
    {"trailer", "/W", "["},
    {"trailer", "/Length", "n"},
    {"trailer", "/Filter", "=/FlateDecode"},
    {"trailer", "/DecodeParms", "<predictor"},
    {"predictor", "/Columns", "n"},
    {"predictor", "/Predictor", "n"},
    {"info", "/Title", "s"},
    {"catalogue", "/Type", "=/Catalog"},
    {"catalogue", "/Pages", "<pages"},
    {"catalogue", "/Outlines", "<outlines"},
    {"catalogue", "/PageLabels", "<labels"},
    {"catalogue", "/Lang", "s"},
    {"catalogue", "/ViewerPreferences", "<viewer"},
    {"catalogue", "/PageMode", "=/UseOutlines"},
    {"catalogue", "/StructTreeRoot", "<structure"},
    {"catalogue", "/MarkInfo", "<marks"},
    {"marks", "/Marked", "b"},
    {"structure", "/Type", "=/StructTreeRoot"},
    {"structure", "/K", "<tagdocument"},
    {"structure", "/ParentTree", "<tagparents"},
    {"structure", "/ParentTreeNextKey", "n"},
    {"tagparents", "/Nums", "*"},
    {"tagdocument", "/Type", "=/StructElem"},
    {"tagdocument", "/S", "=/Document"},
    {"tagdocument", "/P", "@"},
    {"tagdocument", "/K", "(tagsection"},
    {"tagsection", "/Type", "=/StructElem"},
    {"tagsection", "/S", "=/Sect"},
    {"tagsection", "/P", "@"},
    {"tagsection", "/K", "(tag"},
    {"tag", "/Type", "=/StructElem"},
    {"tag", "/S", "N"},
    {"tag", "/P", "@"},
    {"tag", "/Pg", "@"},
    {"tag", "/K", "["},
    {"tag", "/Alt", "s"},
    {"page", "/StructParents", "n"},
    {"page", "/Tabs", "=/S"},
    {"viewer", "/DisplayDocTitle", "b"},
    {"labels", "/Nums", "(label"},
    {"label", "/S", "N"},
    {"label", "/P", "s"},
    {"label", "/St", "n"},
    {"outlines", "/Type", "=/Outlines"},
    {"outlines", "/First", "<item"},
    {"outlines", "/Last", "@"},
    {"outlines", "/Count", "n"},
    {"item", "/Title", "s"},
    {"item", "/Dest", "(@"},
    {"item", "/Parent", "@"},
    {"item", "/Prev", "@"},
    {"item", "/Next", "<item"},
    {"pages", "/Type", "=/Pages"},
    {"pages", "/Count", "n"},
    {"pages", "/Kids", "(page"},
    {"page", "/Type", "=/Page"},
    {"page", "/Parent", "@"},
    {"page", "/MediaBox", "["},
    {"page", "/Contents", "(content"},
    {"page", "/Resources", "<resources"},
    {"page", "/Group", "<group"},
    {"group", "/Type", "=/Group"},
    {"group", "/S", "=/Transparency"},
    {"group", "/I", "b"},
    {"group", "/CS", "=/DeviceRGB"},
    {"resources", "/Font", "{font"},
    {"resources", "/XObject", "{image"},
    {"resources", "/ExtGState", "{state"},
    {"state", "/CA", "n"},
    {"state", "/ca", "n"},
    {"state", "/Type", "=/ExtGState"},
    {"content", "/Length", "n"},
    {"content", "/Filter", "=/FlateDecode"},
    {"image", "/Type", "=/XObject"},
    {"image", "/Subtype", "=/Image"},
    {"image", "/Width", "n"},
    {"image", "/Height", "n"},
    {"image", "/ColorSpace", "*"},
    {"image", "/BitsPerComponent", "n"},
    {"image", "/Filter", "*"},
    {"image", "/DecodeParms", "<fax"},
    {"image", "/Length", "n"},
    {"fax", "/K", "n"},
    {"fax", "/Columns", "n"},
    {"fax", "/Rows", "n"},
    {"font", "/Type", "=/Font"},
    {"font", "/Subtype", "N"},
    {"font", "/BaseFont", "N"},
    {"font", "/FirstChar", "n"},
    {"font", "/LastChar", "n"},
    {"font", "/Widths", "["},
    {"font", "/FontDescriptor", "<descriptor"},
    {"font", "/ToUnicode", "|content"},
    {"font", "/Encoding", "*"},
    {"font", "/DescendantFonts", "(descendant"},
    {"font", "/FontBBox", "["},
    {"font", "/FontMatrix", "["},
    {"font", "/CharProcs", "{glyph"},
    {"font", "/Resources", "<nothing"},
    {"descendant", "/Type", "=/Font"},
    {"descendant", "/Subtype", "N"},
    {"descendant", "/BaseFont", "N"},
    {"descendant", "/CIDSystemInfo", "<system"},
    {"descendant", "/FontDescriptor", "<descriptor"},
    {"descendant", "/W", "["},
    {"descendant", "/DW", "n"},
    {"descendant", "/CIDToGIDMap", "=/Identity"},
    {"system", "/Registry", "s"},
    {"system", "/Ordering", "s"},
    {"system", "/Supplement", "n"},
    {"encoding", "/Type", "=/Encoding"},
    {"encoding", "/Differences", "["},
    {"encoding", "/BaseEncoding", "N"},
    {"descriptor", "/Type", "=/FontDescriptor"},
    {"descriptor", "/FontName", "N"},
    {"descriptor", "/FontFamily", "s"},
    {"descriptor", "/Flags", "n"},
    {"descriptor", "/FontBBox", "["},
    {"descriptor", "/ItalicAngle", "n"},
    {"descriptor", "/Ascent", "n"},
    {"descriptor", "/Descent", "n"},
    {"descriptor", "/CapHeight", "n"},
    {"descriptor", "/StemV", "n"},
    {"descriptor", "/StemH", "n"},
    {"descriptor", "/FontFile2", "|fontfile"},
    {"descriptor", "/FontFile3", "|fontfile"},
    {"fontfile", "/Length", "n"},
    {"fontfile", "/Length1", "n"},
    {"fontfile", "/Filter", "=/FlateDecode"},
    {"fontfile", "/Subtype", "N"},
    {"glyph", "/Length", "n"},
    {"glyph", "/Filter", "=/FlateDecode"},
};

#define DEPTH_MOST 100000 /* bookmarks are walked one from another */
#define OBJECTS_MOST 2000000

struct walk {
    struct prover *prover;
    qpdf_data pdf;
    uint8_t *seen; /* object numbers that the walk came to */
    long long size;
    uint32_t page; /* within which page, 0: outside */
    uint32_t pages_seen;
};

static void walk_value(struct walk *walk, qpdf_oh value, const char *form, const char *what);

static void walk_unknown(struct walk *walk, const char *what) {
    char *printable = mem_print("unknown construct: %.60s", what);
    for (char *p = printable; *p; p++)
        if ((unsigned char)*p < ' ' || (unsigned char)*p > '~')
            *p = '?';
    /* The name of a key may itself be what must not be told. */
    bool leaks =
        needles_search(walk->prover->needles, view_text(printable), SEARCH_SHORT, walk->prover->hits);
    memset(walk->prover->hits, 0, needles_count(walk->prover->needles));
    prover_add(walk->prover, walk->page, PROVE_AREA_NONE, "structure",
               leaks ? "unknown construct" : printable);
    free(printable);
}

static void walk_text(struct walk *walk, const char *text, size_t len, const char *where) {
    prover_search_bytes(walk->prover, view_of(text, len), where, SEARCH_SHORT);
}

/* True when the object is new (or direct) and is to be walked. */
static bool walk_enter(struct walk *walk, qpdf_oh object) {
    int number = qpdf_oh_get_object_id(walk->pdf, object);
    if (number <= 0)
        return true;
    if (number >= walk->size)
        return false;
    bool fresh = !walk->seen[number];
    walk->seen[number] = 1;
    return fresh;
}

static const struct grammar *grammar_find(const char *kind, const char *key) {
    for (size_t i = 0; i < sizeof grammar / sizeof *grammar; i++)
        if (strcmp(grammar[i].kind, kind) == 0 && strcmp(grammar[i].key, key) == 0)
            return &grammar[i];
    return NULL;
}

struct key_list {
    char **names;
    size_t count;
};

/* qpdf has one iterator for each file, so keys are copied before anything below them is walked. */
static struct key_list keys_of(qpdf_data pdf, qpdf_oh dictionary) {
    struct key_list keys = {0};
    qpdf_oh_begin_dict_key_iter(pdf, dictionary);
    while (qpdf_oh_dict_more_keys(pdf)) {
        keys.names = mem_grow(keys.names, keys.count + 1, sizeof *keys.names);
        keys.names[keys.count++] = mem_text(qpdf_oh_dict_next_key(pdf));
    }
    return keys;
}

static void keys_drop(struct key_list *keys) {
    for (size_t i = 0; i < keys->count; i++)
        free(keys->names[i]);
    free(keys->names);
}

static void walk_dictionary(struct walk *walk, qpdf_oh dictionary, const char *kind) {
    struct key_list keys = keys_of(walk->pdf, dictionary);
    for (size_t i = 0; i < keys.count; i++) {
        const struct grammar *rule = grammar_find(kind, keys.names[i]);
        if (rule)
            walk_value(walk, qpdf_oh_get_key(walk->pdf, dictionary, keys.names[i]), rule->value,
                       keys.names[i]);
        else
            walk_unknown(walk, keys.names[i]);
    }
    keys_drop(&keys);
}

static void walk_names(struct walk *walk, qpdf_oh dictionary, const char *kind) {
    char form[32];
    bool stream = strcmp(kind, "image") == 0 || strcmp(kind, "glyph") == 0;
    snprintf(form, sizeof form, "%c%s", stream ? '|' : '<', kind);
    struct key_list keys = keys_of(walk->pdf, dictionary);
    for (size_t i = 0; i < keys.count; i++) {
        walk_text(walk, keys.names[i], strlen(keys.names[i]), " in a name");
        walk_value(walk, qpdf_oh_get_key(walk->pdf, dictionary, keys.names[i]), form, keys.names[i]);
    }
    keys_drop(&keys);
}

static void walk_array(struct walk *walk, qpdf_oh array, const char *kind, const char *what) {
    char form[32];
    snprintf(form, sizeof form, "%c%s", strcmp(kind, "content") == 0 ? '|' : '<', kind);
    int count = qpdf_oh_get_array_n_items(walk->pdf, array);
    for (int i = 0; i < count; i++) {
        qpdf_oh item = qpdf_oh_get_array_item(walk->pdf, array, i);
        bool plain = qpdf_oh_is_number(walk->pdf, item) || qpdf_oh_is_name(walk->pdf, item);
        if (strcmp(kind, "@") == 0) { /* a destination: a page, then how to show it */
            if (i ? !plain : !qpdf_oh_is_dictionary(walk->pdf, item))
                walk_unknown(walk, what);
        } else if (!(strcmp(kind, "label") == 0 && i % 2 == 0 && plain)) {
            walk_value(walk, item, form, what);
        }
    }
}

static void walk_plain_array(struct walk *walk, qpdf_oh array, const char *what, int depth) {
    int count = qpdf_oh_is_array(walk->pdf, array) ? qpdf_oh_get_array_n_items(walk->pdf, array) : -1;
    if (count < 0 || depth > 2)
        walk_unknown(walk, what);
    for (int i = 0; i < count; i++) {
        qpdf_oh item = qpdf_oh_get_array_item(walk->pdf, array, i);
        if (qpdf_oh_is_name(walk->pdf, item))
            walk_value(walk, item, "N", what);
        else if (!qpdf_oh_is_number(walk->pdf, item))
            walk_plain_array(walk, item, what, depth + 1);
    }
}

/* Every glyph of the unseen fonts is the empty one. */
static void walk_glyph(struct walk *walk, qpdf_oh stream) {
    unsigned char *bytes = NULL;
    size_t len = 0;
    if (qpdf_oh_get_stream_data(walk->pdf, stream, qpdf_dl_generalized, NULL, &bytes, &len) & QPDF_ERRORS ||
        len != 16 || memcmp(bytes, "500 0 0 0 0 0 d1", 16) != 0)
        walk_unknown(walk, "a glyph that draws something");
    free(bytes);
}

static void walk_stream(struct walk *walk, qpdf_oh stream, const char *kind, const char *what) {
    if (!qpdf_oh_is_stream(walk->pdf, stream)) {
        walk_unknown(walk, what);
        return;
    }
    if (!walk_enter(walk, stream))
        return;
    walk_dictionary(walk, qpdf_oh_get_dict(walk->pdf, stream), kind);
    if (strcmp(kind, "glyph") == 0)
        walk_glyph(walk, stream);
}

static void walk_font(struct walk *walk, qpdf_oh font) {
    if (!qpdf_oh_is_stream(walk->pdf, qpdf_oh_get_key(walk->pdf, font, "/ToUnicode")))
        walk_unknown(walk, "a font without /ToUnicode");
}

static void walk_page(struct walk *walk, qpdf_oh page) {
    walk->page = ++walk->pages_seen;
    walk_dictionary(walk, page, "page");
    walk->page = 0;
}

/* Bookmarks are a chain: followed in a loop, so that thousands of documents do not nest thousands of calls.
 */
static void walk_items(struct walk *walk, qpdf_oh item) {
    for (int i = 0; i < DEPTH_MOST && qpdf_oh_is_dictionary(walk->pdf, item) && walk_enter(walk, item); i++) {
        struct key_list keys = keys_of(walk->pdf, item);
        for (size_t k = 0; k < keys.count; k++) {
            const struct grammar *rule = grammar_find("item", keys.names[k]);
            if (!rule)
                walk_unknown(walk, keys.names[k]);
            else if (strcmp(keys.names[k], "/Next") != 0)
                walk_value(walk, qpdf_oh_get_key(walk->pdf, item, keys.names[k]), rule->value, keys.names[k]);
        }
        keys_drop(&keys);
        item = qpdf_oh_get_key(walk->pdf, item, "/Next");
    }
}

static void walk_kind(struct walk *walk, qpdf_oh object, const char *kind, const char *what) {
    if (!qpdf_oh_is_dictionary(walk->pdf, object)) {
        walk_unknown(walk, what);
        return;
    }
    if (strcmp(kind, "item") == 0) {
        walk_items(walk, object);
        return;
    }
    if (!walk_enter(walk, object))
        return;
    if (strcmp(kind, "font") == 0)
        walk_font(walk, object);
    if (strcmp(kind, "page") == 0)
        walk_page(walk, object);
    else
        walk_dictionary(walk, object, kind);
}

/* The parent tree: a number, then the elements of that page, which are walked from the document down. */
static bool walk_parents(struct walk *walk, qpdf_oh nums) {
    int count = qpdf_oh_is_array(walk->pdf, nums) ? qpdf_oh_get_array_n_items(walk->pdf, nums) : -1;
    for (int i = 0; i < count; i++) {
        qpdf_oh item = qpdf_oh_get_array_item(walk->pdf, nums, i);
        if (i % 2 == 0 ? !qpdf_oh_is_integer(walk->pdf, item) : !qpdf_oh_is_array(walk->pdf, item))
            return false;
        for (int k = 0; i % 2 && k < qpdf_oh_get_array_n_items(walk->pdf, item); k++) {
            int number = qpdf_oh_get_object_id(walk->pdf, qpdf_oh_get_array_item(walk->pdf, item, k));
            if (number <= 0 || number >= walk->size)
                return false;
        }
        if (i % 2)
            walk_enter(walk, item);
    }
    return count >= 0;
}

/* Values with a choice. */
static bool walk_choice(struct walk *walk, qpdf_oh value, const char *what) {
    static const char *const choices[][2] = {{"/ColorSpace", "/DeviceGray"},    {"/ColorSpace", "/DeviceRGB"},
                                             {"/Filter", "/CCITTFaxDecode"},    {"/Filter", "/DCTDecode"},
                                             {"/Encoding", "/WinAnsiEncoding"}, {"/Encoding", "/Identity-H"}};
    for (size_t i = 0; i < sizeof choices / sizeof *choices; i++)
        if (strcmp(choices[i][0], what) == 0 && qpdf_oh_is_name_and_equals(walk->pdf, value, choices[i][1]))
            return true;
    if (strcmp(what, "/Nums") == 0)
        return walk_parents(walk, value);
    if (strcmp(what, "/Encoding") != 0 || !qpdf_oh_is_dictionary(walk->pdf, value))
        return false;
    walk_kind(walk, value, "encoding", what);
    return true;
}

static bool walk_scalar(struct walk *walk, qpdf_oh value, const char *form, const char *what) {
    const char *text;
    size_t len = 0;
    switch (*form) {
    case 'n':
        return qpdf_oh_is_number(walk->pdf, value);
    case 'b':
        return qpdf_oh_is_bool(walk->pdf, value);
    case 'N':
        if (!qpdf_oh_get_value_as_name(walk->pdf, value, &text, &len))
            return false;
        walk_text(walk, text, len, " in a name");
        return true;
    case 's':
        if (!qpdf_oh_get_value_as_string(walk->pdf, value, &text, &len))
            return false;
        walk_text(walk, text, len, " in a title, label or other text");
        return true;
    case '=':
        return qpdf_oh_is_name_and_equals(walk->pdf, value, form + 1);
    case 'i':
        return qpdf_oh_is_array(walk->pdf, value) && qpdf_oh_get_array_n_items(walk->pdf, value) == 2;
    default:
        return *form == '@' || walk_choice(walk, value, what);
    }
}

static void walk_value(struct walk *walk, qpdf_oh value, const char *form, const char *what) {
    int number = qpdf_oh_get_object_id(walk->pdf, value);
    if (*form == '<') {
        walk_kind(walk, value, form + 1, what);
    } else if (*form == '|') {
        walk_stream(walk, value, form + 1, what);
    } else if (*form == '(' && qpdf_oh_is_array(walk->pdf, value)) {
        if (walk_enter(walk, value))
            walk_array(walk, value, form + 1, what);
    } else if (strcmp(form, "(content") == 0) {
        walk_stream(walk, value, "content", what);
    } else if (*form == '{' && qpdf_oh_is_dictionary(walk->pdf, value)) {
        if (walk_enter(walk, value))
            walk_names(walk, value, form + 1);
    } else if (*form == '[') {
        if (walk_enter(walk, value))
            walk_plain_array(walk, value, what, 0);
    } else if (!strchr("({", *form) && walk_scalar(walk, value, form, what)) {
        if (*form != '@' && number > 0 && number < walk->size)
            walk->seen[number] = 1;
    } else {
        walk_unknown(walk, what);
    }
}

/* What the file needs to hold its objects, and no walk comes to: cross references, object streams, the
 * linearisation. */
static bool object_is_frame(qpdf_data pdf, qpdf_oh object) {
    static const char *const hint_keys[] = {"/Length", "/Filter", "/S", "/O", "/T"};
    if (qpdf_oh_is_dictionary(pdf, object))
        return qpdf_oh_has_key(pdf, object, "/Linearized");
    if (!qpdf_oh_is_stream(pdf, object))
        return false;
    qpdf_oh keys = qpdf_oh_get_dict(pdf, object), type = qpdf_oh_get_key(pdf, keys, "/Type");
    if (qpdf_oh_is_name_and_equals(pdf, type, "/XRef") || qpdf_oh_is_name_and_equals(pdf, type, "/ObjStm"))
        return true;
    bool hint = qpdf_oh_has_key(pdf, keys, "/S");
    struct key_list list = keys_of(pdf, keys);
    for (size_t i = 0; i < list.count; i++) {
        bool known = false;
        for (size_t k = 0; k < sizeof hint_keys / sizeof *hint_keys; k++)
            known |= strcmp(list.names[i], hint_keys[k]) == 0;
        hint &= known;
    }
    keys_drop(&list);
    return hint;
}

static void walk_unreached(struct walk *walk) {
    for (long long i = 1; i < walk->size; i++) {
        qpdf_oh object = qpdf_get_object_by_id(walk->pdf, (int)i, 0);
        if (!walk->seen[i] && !qpdf_oh_is_null(walk->pdf, object) && !object_is_frame(walk->pdf, object))
            walk_unknown(walk, "an object that nothing refers to");
        qpdf_oh_release_all(walk->pdf);
    }
}

void prove_structure(struct prover *prover) {
    struct walk walk = {.prover = prover, .pdf = prover->pdf};
    qpdf_oh trailer = qpdf_get_trailer(prover->pdf);
    walk.size = qpdf_oh_get_int_value(prover->pdf, qpdf_oh_get_key(prover->pdf, trailer, "/Size"));
    if (walk.size <= 0 || walk.size > OBJECTS_MOST) {
        prover_add(prover, 0, PROVE_AREA_NONE, "structure", "unknown construct: the number of objects");
        return;
    }
    walk.seen = mem_new((size_t)walk.size);
    walk_dictionary(&walk, trailer, "trailer");
    if (walk.pages_seen != prover->pages)
        walk_unknown(&walk, "pages that the page tree does not show");
    walk_unreached(&walk);
    free(walk.seen);
}
