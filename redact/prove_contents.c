#include "base/mem.h"
#include "redact/prover.h"

#include <stdlib.h>
#include <string.h>

/* Loaded fonts of the pack; most are used on every page. */
struct font_cache {
    struct pdf_font **list;
    size_t count;
};

struct page_scope {
    qpdf_data pdf;
    qpdf_oh fonts, pictures;
    struct font_cache *cache;
};

static const struct pdf_font *cache_font(struct font_cache *cache, qpdf_data pdf, qpdf_oh font) {
    int object = qpdf_oh_get_object_id(pdf, font);
    for (size_t i = 0; object && i < cache->count; i++)
        if (cache->list[i]->object == object)
            return cache->list[i];
    cache->list = mem_grow(cache->list, cache->count + 1, sizeof *cache->list);
    struct pdf_font *loaded = cache->list[cache->count++] = mem_new(sizeof *loaded);
    pdf_font_load(pdf, font, loaded);
    return loaded;
}

static void cache_drop(struct font_cache *cache) {
    for (size_t i = 0; i < cache->count; i++) {
        pdf_font_drop(cache->list[i]);
        free(cache->list[i]);
    }
    free(cache->list);
}

static qpdf_oh scope_lookup(struct page_scope *scope, qpdf_oh names, const char *name) {
    char *key = mem_print("/%s", name);
    qpdf_oh found = qpdf_oh_get_key_if_dict(scope->pdf, names, key);
    free(key);
    return found;
}

static const struct pdf_font *scope_font(void *state, const char *name) {
    struct page_scope *scope = state;
    qpdf_oh font = scope_lookup(scope, scope->fonts, name);
    return qpdf_oh_is_dictionary(scope->pdf, font) ? cache_font(scope->cache, scope->pdf, font) : NULL;
}

static bool scope_is_picture(void *state, const char *name) {
    struct page_scope *scope = state;
    qpdf_oh picture = scope_lookup(scope, scope->pictures, name);
    if (!qpdf_oh_is_stream(scope->pdf, picture))
        return false;
    qpdf_oh keys = qpdf_oh_get_dict(scope->pdf, picture);
    return qpdf_oh_is_name_and_equals(scope->pdf, qpdf_oh_get_key(scope->pdf, keys, "/Subtype"), "/Image");
}

static void contents_report(struct prover *prover, uint32_t page, const struct pdf_text *text) {
    for (unsigned i = 0; i < PDF_TROUBLES; i++)
        if (text->troubles & 1u << i)
            prover_add(prover, page, PROVE_AREA_NONE, "content streams",
                       pdf_trouble_text((enum pdf_trouble)(1u << i)));
    for (size_t i = 0; i < text->count; i++)
        if (text->text.data[text->chars[i].at] > ' ' && prover_in_area(prover, page, text->chars[i].box)) {
            prover_add(prover, page, text->chars[i].box, "content streams", "text lies in a covered area");
            break;
        }
    prover_search(prover, buf_view(&text->text), page, "content streams", "", prover_least(prover, page));
}

static void page_size(qpdf_data pdf, qpdf_oh leaf, double *ret_width, double *ret_height) {
    double sides[4] = {0, 0, 0, 0};
    qpdf_oh box = qpdf_oh_get_key(pdf, leaf, "/MediaBox");
    for (int i = 0; i < 4 && qpdf_oh_is_array(pdf, box) && i < qpdf_oh_get_array_n_items(pdf, box); i++)
        qpdf_oh_get_value_as_number(pdf, qpdf_oh_get_array_item(pdf, box, i), &sides[i]);
    *ret_width = sides[2];
    *ret_height = sides[3];
}

static void contents_page(struct prover *prover, struct font_cache *cache, uint32_t page) {
    qpdf_data pdf = prover->pdf;
    qpdf_oh leaf = qpdf_get_page_n(pdf, page - 1), resources = qpdf_oh_get_key(pdf, leaf, "/Resources");
    struct page_scope names = {pdf, qpdf_oh_get_key_if_dict(pdf, resources, "/Font"),
                               qpdf_oh_get_key_if_dict(pdf, resources, "/XObject"), cache};
    struct pdf_scope scope = {scope_font, scope_is_picture, &names};
    struct pdf_text text;
    unsigned char *bytes = NULL;
    size_t len = 0;
    double width, height;
    if (qpdf_oh_get_page_content_data(pdf, leaf, &bytes, &len) & QPDF_ERRORS) {
        prover_add(prover, page, PROVE_AREA_NONE, "content streams", pdf_trouble_text(PDF_TROUBLE_CONTENT));
        free(bytes);
        return;
    }
    page_size(pdf, leaf, &width, &height);
    pdf_text_read(view_of(bytes, len), &scope, width, height, &text);
    contents_report(prover, page, &text);
    pdf_text_drop(&text);
    free(bytes);
    qpdf_oh_release_all(pdf);
}

void prove_contents(struct prover *prover) {
    struct font_cache cache = {0};
    for (uint32_t page = 1; page <= prover->pages; page++)
        contents_page(prover, &cache, page);
    cache_drop(&cache);
}
