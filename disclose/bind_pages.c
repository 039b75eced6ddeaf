#include "disclose/bind_pages.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

static void put_key(qpdf_data pack, qpdf_oh dictionary, const char *key, const char *value) {
    qpdf_oh_replace_key(pack, dictionary, key, qpdf_oh_parse(pack, value));
}

/* A new stream; dictionary: its keys as PDF text, or NULL. What has no /Filter is deflated when the pack is
 * written. */
qpdf_oh bind_stream(qpdf_data pack, struct view bytes, const char *dictionary) {
    qpdf_oh stream = qpdf_oh_new_stream(pack), filter = qpdf_oh_new_null(pack),
            parameters = qpdf_oh_new_null(pack);
    if (dictionary) {
        qpdf_oh keys = qpdf_oh_parse(pack, dictionary), own = qpdf_oh_get_dict(pack, stream);
        qpdf_oh_begin_dict_key_iter(pack, keys);
        while (qpdf_oh_dict_more_keys(pack)) {
            const char *key = qpdf_oh_dict_next_key(pack);
            qpdf_oh value = qpdf_oh_get_key(pack, keys, key);
            if (strcmp(key, "/Filter") == 0)
                filter = value;
            else if (strcmp(key, "/DecodeParms") == 0)
                parameters = value;
            else
                qpdf_oh_replace_key(pack, own, key, value);
        }
    }
    qpdf_oh_replace_stream_data(pack, stream, bytes.data, bytes.len, filter, parameters);
    return stream;
}

static qpdf_oh pages_picture(qpdf_data pack, const struct covered_page *page) {
    char *keys;
    if (page->format == COVERED_G4)
        keys = mem_print("<< /Type /XObject /Subtype /Image /Width %u /Height %u /ColorSpace /DeviceGray "
                         "/BitsPerComponent 1 "
                         "/Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns %u /Rows %u >> >>",
                         page->width_px, page->height_px, page->width_px, page->height_px);
    else
        keys = mem_print(
            "<< /Type /XObject /Subtype /Image /Width %u /Height %u /ColorSpace /%s /BitsPerComponent 8 "
            "/Filter /DCTDecode >>",
            page->width_px, page->height_px, page->format == COVERED_JPEG_GREY ? "DeviceGray" : "DeviceRGB");
    qpdf_oh picture = bind_stream(pack, buf_view(&page->bytes), keys);
    free(keys);
    return picture;
}

/* Fonts that this page was the first to need get their (still empty) dictionaries. */
static void pages_make_fonts(struct bind_pages *pages) {
    while (pages->fonts_made < pages->fonts.count) {
        qpdf_oh font = qpdf_oh_parse(pages->pack, "<< /Type /Font /Subtype /Type3 >>");
        pages->font_objects[pages->fonts_made++] = qpdf_make_indirect_object(pages->pack, font);
    }
}

static qpdf_oh pages_resources(struct bind_pages *pages, qpdf_oh leaf, uint32_t used) {
    qpdf_data pack = pages->pack;
    qpdf_oh resources = qpdf_oh_get_key(pack, leaf, "/Resources");
    qpdf_oh fonts = qpdf_oh_get_key(pack, resources, "/Font");
    pages_make_fonts(pages);
    for (size_t i = 0; i < pages->fonts_made; i++)
        if (used & 1u << i) {
            char name[24];
            snprintf(name, sizeof name, "/V%u", (unsigned)i);
            qpdf_oh_replace_key(pack, fonts, name, pages->font_objects[i]);
        }
    return resources;
}

/* The picture, the words, then the number's own content moved to the right. */
static void pages_content(struct bind_pages *pages, qpdf_oh leaf, struct view bytes) {
    qpdf_data pack = pages->pack;
    qpdf_oh contents = qpdf_oh_new_array(pack);
    qpdf_oh_append_item(pack, contents, bind_stream(pack, bytes, NULL));
    qpdf_oh_append_item(pack, contents, qpdf_oh_get_key(pack, leaf, "/Contents"));
    qpdf_oh_append_item(pack, contents, pages->tail);
    qpdf_oh_replace_key(pack, leaf, "/Contents", contents);
}

void bind_pages_put(struct bind_pages *pages, qpdf_oh leaf, const struct covered_page *page) {
    qpdf_data pack = pages->pack;
    struct buf content = {0};
    double width = (double)page->width_pt, height = (double)page->height_pt;
    struct bind_tags tags = {0};
    buf_print(&content, "/Artifact BMC q %.2f 0 0 %.2f 0 %.2f cm /Page Do Q EMC q\n", width, height, BIND_FOOT_PT);
    uint32_t used = bind_text(&pages->fonts, page, (float)BIND_FOOT_PT, &content, &tags);
    tags.list = mem_grow(tags.list, tags.count + 1, sizeof *tags.list); /* the number */
    tags.list[tags.count] = (struct bind_tag){false, 0};
    buf_print(&content, "Q /P <</MCID %zu>> BDC q 1 0 0 1 %.2f 0 cm\n", tags.count++, width > FLOW_STAMP_WIDTH ? width - FLOW_STAMP_WIDTH : 0.0);
    bind_structure_page(&pages->structure, leaf, &tags, page->labels);
    free(tags.list);
    qpdf_oh resources = pages_resources(pages, leaf, used);
    qpdf_oh pictures = qpdf_oh_new_dictionary(pack);
    qpdf_oh_replace_key(pack, pictures, "/Page", pages_picture(pack, page));
    qpdf_oh_replace_key(pack, resources, "/XObject", pictures);
    pages_content(pages, leaf, buf_view(&content));
    char *size = mem_print("[0 0 %.2f %.2f]", width, height + BIND_FOOT_PT);
    put_key(pack, leaf, "/MediaBox", size);
    free(size);
    buf_drop(&content);
}

void bind_pages_start(struct bind_pages *pages, qpdf_data pack) {
    memset(pages, 0, sizeof *pages);
    pages->pack = pack;
    words_pdf_start(&pages->fonts);
    pages->tail = bind_stream(pack, view_text("\nQ EMC"), NULL);
    pages->begin = bind_stream(pack, view_text("/P <</MCID 0>> BDC\n"), NULL);
    pages->end = bind_stream(pack, view_text("\nEMC"), NULL);
    bind_structure_start(&pages->structure, pack);
}

void bind_pages_plain(struct bind_pages *pages, qpdf_oh leaf) {
    qpdf_data pack = pages->pack;
    struct bind_tag text = {false, 0};
    const struct bind_tags tags = {&text, 1};
    qpdf_oh contents = qpdf_oh_new_array(pack);
    qpdf_oh_append_item(pack, contents, pages->begin);
    qpdf_oh_append_item(pack, contents, qpdf_oh_get_key(pack, leaf, "/Contents"));
    qpdf_oh_append_item(pack, contents, pages->end);
    qpdf_oh_replace_key(pack, leaf, "/Contents", contents);
    bind_structure_page(&pages->structure, leaf, &tags, NULL);
}

static void font_encoding(struct bind_pages *pages, size_t font) {
    struct buf encoding = {0}, widths = {0};
    words_pdf_encoding(&pages->fonts, font, &encoding);
    words_pdf_widths(&widths);
    put_key(pages->pack, pages->font_objects[font], "/Encoding", buf_text(&encoding));
    put_key(pages->pack, pages->font_objects[font], "/Widths", buf_text(&widths));
    buf_drop(&encoding);
    buf_drop(&widths);
}

void bind_pages_end(struct bind_pages *pages) {
    qpdf_data pack = pages->pack;
    bind_structure_end(&pages->structure);
    qpdf_oh shapes = qpdf_oh_new_dictionary(pack);
    qpdf_oh_replace_key(pack, shapes, "/g", bind_stream(pack, view_text(WORDS_PDF_GLYPH), NULL));
    for (size_t i = 0; i < pages->fonts_made; i++) {
        qpdf_oh font = pages->font_objects[i];
        struct buf map = {0};
        put_key(pack, font, "/FontBBox", WORDS_PDF_FONT_BOX);
        put_key(pack, font, "/FontMatrix", WORDS_PDF_FONT_MATRIX);
        put_key(pack, font, "/FirstChar", "0");
        put_key(pack, font, "/LastChar", "255");
        put_key(pack, font, "/Resources", "<< >>");
        font_encoding(pages, i);
        qpdf_oh_replace_key(pack, font, "/CharProcs", shapes);
        words_pdf_map(&pages->fonts, i, &map);
        qpdf_oh_replace_key(pack, font, "/ToUnicode", bind_stream(pack, buf_view(&map), NULL));
        buf_drop(&map);
    }
}
