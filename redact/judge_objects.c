/* judge_objects.c: the objects of the file: what no page shows (forms that nobody draws, unapplied redactions, hidden fields, attachments, text in place of
 * text), and every string, name and stream searched for withheld texts. */
#include "base/mem.h"
#include "base/text.h"
#include "redact/judge_private.h"
#include "redact/pdf_lex.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OBJECTS_MOST 2000000
#define DEPTH_MOST 60

struct walk {
    struct judge_file *file;
    qpdf_data pdf;
    long long size;
    uint8_t *reached; /* from the trailer */
    uint8_t *drawn;   /* forms that a page draws, or an annotation shows */
};

static bool is_name(const struct walk *walk, qpdf_oh dictionary, const char *key, const char *name) {
    return qpdf_oh_is_name_and_equals(walk->pdf, qpdf_oh_get_key(walk->pdf, dictionary, key), name);
}

struct keys {
    char **names;
    size_t count;
};

static struct keys keys_of(qpdf_data pdf, qpdf_oh dictionary) {
    struct keys keys = {0};
    qpdf_oh_begin_dict_key_iter(pdf, dictionary);
    while (qpdf_oh_dict_more_keys(pdf)) {
        keys.names = mem_grow(keys.names, keys.count + 1, sizeof *keys.names);
        keys.names[keys.count++] = mem_text(qpdf_oh_dict_next_key(pdf));
    }
    return keys;
}

static void keys_drop(struct keys *keys) {
    for (size_t i = 0; i < keys->count; i++)
        free(keys->names[i]);
    free(keys->names);
}

static void found(const struct walk *walk, const char *check, const char *what) {
    judge_add(walk->file, 0, PROVE_AREA_NONE, check, what);
}

/* ---- text in place of text */

/* Words that begin with a capital and that no page shows. */
static bool has_unseen_name(const struct walk *walk, const char *text) {
    bool unseen = false;
    for (const char *at = text; *at && !unseen;) {
        at += strspn(at, " \t\r\n.,;:()[]");
        size_t len = strcspn(at, " \t\r\n.,;:()[]");
        char *word = mem_text_part(at, len), *key = text_key(word);
        const char *first = word;
        unseen = text_is_upper(text_next(&first)) && strlen(key) >= 3 && !strstr(walk->file->visible, key);
        free(word);
        free(key);
        at += len;
    }
    return unseen;
}

bool judge_names_unseen(const struct judge_file *file, struct view text) {
    size_t row = 0;
    for (size_t i = 0; i < text.len && row < 2;) {
        size_t from = i;
        while (i < text.len && isalpha(text.data[i]))
            i++;
        if (i == from) {
            row = text.data[i] == ' ' ? row : 0;
            i++;
            continue;
        }
        bool name = i - from >= 3 && isupper(text.data[from]);
        for (size_t k = from + 1; k < i && name; k++)
            name = islower(text.data[k]) != 0;
        char *word = mem_text_part((const char *)text.data + from, i - from), *key = text_key(word);
        row = name && !strstr(file->visible, key) ? row + 1 : 0;
        free(word);
        free(key);
    }
    return row >= 2;
}

static void replacement_judge(const struct walk *walk, const char *key, const char *text) {
    if ((strcmp(key, "/ActualText") == 0 || strcmp(key, "/E") == 0) && has_unseen_name(walk, text))
        found(walk, "replacement text (16)", "text that stands in place of what is shown names something that no page shows");
}

/* In the property lists of marked content. */
static void content_replacements(const struct walk *walk, struct view content) {
    struct pdf_lex lex = {.left = content};
    enum pdf_token token;
    char key[32] = "";
    while ((token = pdf_lex_next(&lex)) != PDF_END) {
        if (token == PDF_STRING && *key) {
            char *text = NULL;
            struct view bytes = buf_view(&lex.text);
            if (bytes.len > 2 && bytes.data[0] == 0xFE && bytes.data[1] == 0xFF) {
                struct buf out = {0};
                for (size_t i = 2; i + 1 < bytes.len; i += 2)
                    text_put(&out, (uint32_t)bytes.data[i] << 8 | bytes.data[i + 1]);
                text = mem_text(buf_text(&out));
                buf_drop(&out);
            } else {
                text = mem_text_part((const char *)bytes.data, bytes.len);
            }
            replacement_judge(walk, key, text);
            free(text);
        }
        key[0] = 0;
        if (token == PDF_NAME)
            snprintf(key, sizeof key, "/%.30s", buf_text(&lex.text));
    }
    pdf_lex_drop(&lex);
}

/* ---- annotations and fields */

static void annotation_judge(const struct walk *walk, qpdf_oh annotation) {
    qpdf_data pdf = walk->pdf;
    long long flags = qpdf_oh_get_int_value(pdf, qpdf_oh_get_key(pdf, annotation, "/F"));
    bool value = qpdf_oh_is_string(pdf, qpdf_oh_get_key(pdf, annotation, "/V"));
    if (is_name(walk, annotation, "/Subtype", "/Redact"))
        found(walk, "annotations and fields (8)", "a redaction was marked and never applied");
    if (value && (flags & 2 || flags & 32))
        found(walk, "annotations and fields (8)", "a hidden field holds a value");
    if (is_name(walk, annotation, "/Subtype", "/FileAttachment"))
        found(walk, "attachments (11)", "a file is attached");
    const bool drawn = is_name(walk, annotation, "/Subtype", "/Ink") || is_name(walk, annotation, "/Subtype", "/Square") || is_name(walk, annotation, "/Subtype", "/FreeText") ||
                       is_name(walk, annotation, "/Subtype", "/Stamp") || is_name(walk, annotation, "/Subtype", "/StrikeOut");
    if (drawn && qpdf_oh_is_string(pdf, qpdf_oh_get_key(pdf, annotation, "/Contents"))) {
        const char *text = qpdf_oh_get_utf8_value(pdf, qpdf_oh_get_key(pdf, annotation, "/Contents"));
        if (has_unseen_name(walk, text))
            found(walk, "annotations and fields (8)", "a mark on the page carries words that no page shows");
    }
}

/* A layer that some readers hide of themselves. */
static void layer_judge(const struct walk *walk, qpdf_oh dictionary) {
    qpdf_data pdf = walk->pdf;
    if (!is_name(walk, dictionary, "/Type", "/OCG"))
        return;
    qpdf_oh usage = qpdf_oh_get_key_if_dict(pdf, dictionary, "/Usage"), view = qpdf_oh_get_key_if_dict(pdf, usage, "/View");
    if (qpdf_oh_is_dictionary(pdf, view) && is_name(walk, view, "/ViewState", "/OFF"))
        found(walk, "hidden layers (5)", "a layer is hidden by some readers, and shown by others");
}

/* ---- forms */

/* The names that a content stream draws by Do. */
static void content_draws(struct walk *walk, struct view content, qpdf_oh resources, int depth);

static void form_draws(struct walk *walk, qpdf_oh form, qpdf_oh outer, int depth) {
    int number = qpdf_oh_get_object_id(walk->pdf, form);
    unsigned char *bytes = NULL;
    size_t len = 0;
    if (!qpdf_oh_is_stream(walk->pdf, form) || depth > DEPTH_MOST || (number > 0 && number < walk->size && walk->drawn[number]))
        return;
    if (number > 0 && number < walk->size)
        walk->drawn[number] = 1;
    qpdf_oh keys = qpdf_oh_get_dict(walk->pdf, form);
    if (is_name(walk, keys, "/Subtype", "/Image"))
        return;
    qpdf_oh own = qpdf_oh_get_key_if_dict(walk->pdf, keys, "/Resources");
    if (!(qpdf_oh_get_stream_data(walk->pdf, form, qpdf_dl_generalized, NULL, &bytes, &len) & QPDF_ERRORS))
        content_draws(walk, view_of(bytes, len), qpdf_oh_is_dictionary(walk->pdf, own) ? own : outer, depth + 1);
    free(bytes);
}

static void content_draws(struct walk *walk, struct view content, qpdf_oh resources, int depth) {
    struct pdf_lex lex = {.left = content};
    enum pdf_token token;
    char name[80] = "";
    qpdf_oh objects = qpdf_oh_get_key_if_dict(walk->pdf, resources, "/XObject");
    qpdf_oh patterns = qpdf_oh_get_key_if_dict(walk->pdf, resources, "/Pattern");
    while ((token = pdf_lex_next(&lex)) != PDF_END) {
        if (token == PDF_NAME)
            snprintf(name, sizeof name, "/%.70s", buf_text(&lex.text));
        if (token != PDF_OPERATOR || !*name)
            continue;
        const char *word = buf_text(&lex.text);
        if (strcmp(word, "Do") == 0 && qpdf_oh_is_dictionary(walk->pdf, objects))
            form_draws(walk, qpdf_oh_get_key(walk->pdf, objects, name), resources, depth);
        else if ((strcmp(word, "scn") == 0 || strcmp(word, "SCN") == 0) && qpdf_oh_is_dictionary(walk->pdf, patterns))
            form_draws(walk, qpdf_oh_get_key(walk->pdf, patterns, name), resources, depth);
        name[0] = 0;
    }
    pdf_lex_drop(&lex);
}

static void appearance_draws(struct walk *walk, qpdf_oh value, int depth) {
    if (qpdf_oh_is_stream(walk->pdf, value)) {
        form_draws(walk, value, qpdf_oh_new_dictionary(walk->pdf), 0);
    } else if (qpdf_oh_is_dictionary(walk->pdf, value) && depth < 4) {
        struct keys keys = keys_of(walk->pdf, value);
        for (size_t i = 0; i < keys.count; i++)
            appearance_draws(walk, qpdf_oh_get_key(walk->pdf, value, keys.names[i]), depth + 1);
        keys_drop(&keys);
    }
}

static void page_draws(struct walk *walk, qpdf_oh page) {
    unsigned char *bytes = NULL;
    size_t len = 0;
    qpdf_oh resources = qpdf_oh_get_key(walk->pdf, page, "/Resources"), parent = page;
    for (int i = 0; i < DEPTH_MOST && !qpdf_oh_is_dictionary(walk->pdf, resources) && qpdf_oh_is_dictionary(walk->pdf, parent); i++) {
        parent = qpdf_oh_get_key(walk->pdf, parent, "/Parent");
        if (qpdf_oh_is_dictionary(walk->pdf, parent))
            resources = qpdf_oh_get_key(walk->pdf, parent, "/Resources");
    }
    if (qpdf_oh_is_dictionary(walk->pdf, resources) && !(qpdf_oh_get_page_content_data(walk->pdf, page, &bytes, &len) & QPDF_ERRORS)) {
        content_draws(walk, view_of(bytes, len), resources, 0);
        content_replacements(walk, view_of(bytes, len));
    }
    free(bytes);
    qpdf_oh annotations = qpdf_oh_get_key(walk->pdf, page, "/Annots");
    int count = qpdf_oh_is_array(walk->pdf, annotations) ? qpdf_oh_get_array_n_items(walk->pdf, annotations) : 0;
    for (int i = 0; i < count; i++) {
        qpdf_oh annotation = qpdf_oh_get_array_item(walk->pdf, annotations, i);
        if (!qpdf_oh_is_dictionary(walk->pdf, annotation))
            continue;
        annotation_judge(walk, annotation);
        qpdf_oh looks = qpdf_oh_get_key(walk->pdf, annotation, "/AP");
        if (qpdf_oh_is_dictionary(walk->pdf, looks))
            appearance_draws(walk, qpdf_oh_get_key(walk->pdf, looks, "/N"), 0);
    }
}

bool judge_content_shows(struct view content) {
    struct pdf_lex lex = {.left = content};
    enum pdf_token token;
    bool shows = false, text = false;
    while (!shows && (token = pdf_lex_next(&lex)) != PDF_END) {
        text = text || (token == PDF_STRING && lex.text.len);
        const char *word = token == PDF_OPERATOR ? buf_text(&lex.text) : "";
        shows = (text && (strcmp(word, "Tj") == 0 || strcmp(word, "TJ") == 0 || strcmp(word, "'") == 0 || strcmp(word, "\"") == 0)) || strcmp(word, "Do") == 0;
    }
    pdf_lex_drop(&lex);
    return shows;
}

/* ---- every object */

static void search_string(const struct walk *walk, qpdf_oh value) {
    const char *bytes;
    size_t len = 0;
    struct prover *prover = &walk->file->prover;
    if (!needles_count(prover->needles) || !qpdf_oh_get_value_as_string(walk->pdf, value, &bytes, &len))
        return;
    prover_search_bytes(prover, view_of(bytes, len), " in a text that no page shows (8, 9, 10, 16)", SEARCH_SHORT);
    const char *text = qpdf_oh_get_utf8_value(walk->pdf, value);
    prover_search(prover, view_text(text), 0, "texts beside the pages (8, 9, 10, 16)", " in a text that no page shows", SEARCH_SHORT);
}

static void search_name(const struct walk *walk, const char *name) {
    struct prover *prover = &walk->file->prover;
    if (needles_count(prover->needles))
        prover_search(prover, view_text(name), 0, "names (9, 10)", " in the name of an object", SEARCH_SHORT);
}

static void value_walk(struct walk *walk, qpdf_oh value, const char *key, int depth) {
    qpdf_data pdf = walk->pdf;
    if (depth > DEPTH_MOST)
        return;
    if (qpdf_oh_is_string(pdf, value)) {
        search_string(walk, value);
        if (strcmp(key, "/ActualText") == 0 || strcmp(key, "/E") == 0) {
            char *text = mem_text(qpdf_oh_get_utf8_value(pdf, value));
            replacement_judge(walk, key, text);
            free(text);
        }
    } else if (qpdf_oh_is_name(pdf, value)) {
        search_name(walk, qpdf_oh_get_name(pdf, value));
    } else if (qpdf_oh_is_array(pdf, value)) {
        for (int i = 0; i < qpdf_oh_get_array_n_items(pdf, value); i++) {
            qpdf_oh item = qpdf_oh_get_array_item(pdf, value, i);
            if (!qpdf_oh_get_object_id(pdf, item))
                value_walk(walk, item, key, depth + 1);
        }
    } else if (qpdf_oh_is_dictionary(pdf, value)) {
        layer_judge(walk, value);
        if (qpdf_oh_has_key(pdf, value, "/PieceInfo"))
            found(walk, "forms (6)", "the file carries the private data of a program");
        struct keys keys = keys_of(pdf, value);
        for (size_t i = 0; i < keys.count; i++) {
            search_name(walk, keys.names[i]);
            qpdf_oh item = qpdf_oh_get_key(pdf, value, keys.names[i]);
            if (!qpdf_oh_get_object_id(pdf, item))
                value_walk(walk, item, keys.names[i], depth + 1);
            else if (strcmp(keys.names[i], "/ActualText") == 0 || strcmp(keys.names[i], "/E") == 0)
                value_walk(walk, item, keys.names[i], depth + 1);
        }
        keys_drop(&keys);
    }
}

static void stream_walk(struct walk *walk, qpdf_oh stream, int number) {
    qpdf_data pdf = walk->pdf;
    qpdf_oh keys = qpdf_oh_get_dict(pdf, stream);
    struct prover *prover = &walk->file->prover;
    unsigned char *bytes = NULL;
    size_t len = 0;
    value_walk(walk, keys, "", 0);
    if (is_name(walk, keys, "/Type", "/EmbeddedFile") && walk->reached[number])
        found(walk, "attachments (11)", "a file is attached");
    bool picture = is_name(walk, keys, "/Subtype", "/Image"), form = is_name(walk, keys, "/Subtype", "/Form");
    if (qpdf_oh_get_stream_data(pdf, stream, picture ? qpdf_dl_none : qpdf_dl_all, NULL, &bytes, &len) & QPDF_ERRORS) {
        free(bytes);
        return;
    }
    if (needles_count(prover->needles))
        prover_search_bytes(prover, view_of(bytes, len), " in a stream", picture || qpdf_oh_has_key(pdf, keys, "/Length1") ? SEARCH_BINARY : SEARCH_SHORT);
    if (form && !walk->drawn[number] && judge_content_shows(view_of(bytes, len)))
        found(walk, "forms (6)", "a form that no page draws holds text or pictures");
    if (qpdf_oh_get_int_value(pdf, qpdf_oh_get_key(pdf, keys, "/PatternType")) == 1 && judge_content_shows(view_of(bytes, len)))
        found(walk, "forms (6)", "a pattern holds text or pictures");
    if (form)
        content_replacements(walk, view_of(bytes, len));
    free(bytes);
}

/* What the trailer leads to; iterative, because chains may be long. */
static void reach(struct walk *walk) {
    int *stack = mem_new((size_t)(walk->size + 1) * sizeof *stack);
    size_t depth = 0;
    qpdf_oh values[1];
    values[0] = qpdf_get_trailer(walk->pdf);
    bool first = true;
    while (first || depth) {
        qpdf_oh from = first ? values[0] : qpdf_get_object_by_id(walk->pdf, stack[--depth], 0);
        first = false;
        qpdf_oh inner[4096];
        size_t n = 0;
        inner[n++] = qpdf_oh_is_stream(walk->pdf, from) ? qpdf_oh_get_dict(walk->pdf, from) : from;
        while (n) {
            qpdf_oh value = inner[--n];
            bool dictionary = qpdf_oh_is_dictionary(walk->pdf, value);
            struct keys keys = dictionary ? keys_of(walk->pdf, value) : (struct keys){0};
            size_t count = dictionary ? keys.count : qpdf_oh_is_array(walk->pdf, value) ? (size_t)qpdf_oh_get_array_n_items(walk->pdf, value) : 0;
            for (size_t i = 0; i < count; i++) {
                qpdf_oh item = dictionary ? qpdf_oh_get_key(walk->pdf, value, keys.names[i]) : qpdf_oh_get_array_item(walk->pdf, value, (int)i);
                int number = qpdf_oh_get_object_id(walk->pdf, item);
                if (number > 0 && number < walk->size && !walk->reached[number]) {
                    walk->reached[number] = 1;
                    stack[depth++] = number;
                } else if (number == 0 && n < 4096 && (qpdf_oh_is_dictionary(walk->pdf, item) || qpdf_oh_is_array(walk->pdf, item))) {
                    inner[n++] = item;
                }
            }
            keys_drop(&keys);
        }
    }
    free(stack);
}

/* Nothing refers to it, and it says something. */
static void unreached_judge(const struct walk *walk, qpdf_oh object) {
    qpdf_data pdf = walk->pdf;
    unsigned char *bytes = NULL;
    size_t len = 0;
    bool says = false;
    if (qpdf_oh_is_stream(pdf, object)) {
        qpdf_oh keys = qpdf_oh_get_dict(pdf, object);
        if (is_name(walk, keys, "/Type", "/XRef") || is_name(walk, keys, "/Type", "/ObjStm") || qpdf_oh_has_key(pdf, keys, "/S"))
            return; /* what holds the file together */
        says = is_name(walk, keys, "/Subtype", "/Image");
        if (!says && !(qpdf_oh_get_stream_data(pdf, object, qpdf_dl_generalized, NULL, &bytes, &len) & QPDF_ERRORS))
            says = judge_content_shows(view_of(bytes, len));
        free(bytes);
    } else if (qpdf_oh_is_string(pdf, object) || qpdf_oh_is_array(pdf, object) || (qpdf_oh_is_dictionary(pdf, object) && !qpdf_oh_has_key(pdf, object, "/Linearized"))) {
        char *text = mem_text(qpdf_oh_unparse_resolved(pdf, object));
        says = strchr(text, '(') && has_unseen_name(walk, strchr(text, '('));
        free(text);
    }
    if (says)
        found(walk, "earlier revisions (13)", "an object that nothing refers to holds text or a picture");
}

void judge_objects(struct judge_file *file) {
    struct walk walk = {.file = file, .pdf = file->prover.pdf};
    walk.size = qpdf_oh_get_int_value(walk.pdf, qpdf_oh_get_key(walk.pdf, qpdf_get_trailer(walk.pdf), "/Size"));
    if (walk.size <= 0 || walk.size > OBJECTS_MOST) {
        found(&walk, "cannot be judged", "the number of objects is not plausible");
        return;
    }
    walk.reached = mem_new((size_t)walk.size + 1);
    walk.drawn = mem_new((size_t)walk.size + 1);
    reach(&walk);
    for (uint32_t i = 0; i < file->prover.pages; i++)
        page_draws(&walk, qpdf_get_page_n(walk.pdf, i));
    if (qpdf_oh_is_dictionary(walk.pdf, qpdf_oh_get_key(walk.pdf, qpdf_get_root(walk.pdf), "/Collection")))
        found(&walk, "attachments (11)", "the file is a collection of files");
    for (long long i = 1; i < walk.size; i++) {
        qpdf_oh object = qpdf_get_object_by_id(walk.pdf, (int)i, 0);
        if (!walk.reached[i] && !qpdf_oh_is_null(walk.pdf, object))
            unreached_judge(&walk, object);
        if (qpdf_oh_is_stream(walk.pdf, object))
            stream_walk(&walk, object, (int)i);
        else
            value_walk(&walk, object, "", 0);
        if (i % 64 == 0)
            qpdf_oh_release_all(walk.pdf);
    }
    value_walk(&walk, qpdf_get_trailer(walk.pdf), "", 0);
    free(walk.reached);
    free(walk.drawn);
}
