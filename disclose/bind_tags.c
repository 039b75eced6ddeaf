#include "disclose/bind_tags.h"

#include "base/mem.h"

#include <stdlib.h>

static qpdf_oh element_new(qpdf_data pack, const char *kind, qpdf_oh parent) {
    qpdf_oh element = qpdf_oh_new_dictionary(pack);
    qpdf_oh_replace_key(pack, element, "/Type", qpdf_oh_new_name(pack, "/StructElem"));
    qpdf_oh_replace_key(pack, element, "/S", qpdf_oh_new_name(pack, kind));
    if (parent)
        qpdf_oh_replace_key(pack, element, "/P", parent);
    return qpdf_make_indirect_object(pack, element);
}

void bind_structure_start(struct bind_structure *structure, qpdf_data pack) {
    *structure = (struct bind_structure){.pack = pack};
    structure->document = element_new(pack, "/Document", 0);
    structure->sections = qpdf_oh_new_array(pack);
    structure->parents = qpdf_oh_new_array(pack);
}

/* It says that, and by which code; the schedule says why, in plain words. */
static qpdf_oh alt_of(qpdf_data pack, const struct covered_label *label) {
    char *text = label && label->code[0] ? mem_print("withheld: %s, see the schedule", label->code) : mem_text("withheld, see the schedule");
    qpdf_oh alt = qpdf_oh_new_unicode_string(pack, text);
    free(text);
    return alt;
}

void bind_structure_page(struct bind_structure *structure, qpdf_oh leaf, const struct bind_tags *tags, const struct covered_label *labels) {
    qpdf_data pack = structure->pack;
    qpdf_oh section = element_new(pack, "/Sect", structure->document), kids = qpdf_oh_new_array(pack), of_page = qpdf_oh_new_array(pack);
    for (size_t i = 0; i < tags->count; i++) {
        const struct bind_tag *tag = &tags->list[i];
        qpdf_oh element = element_new(pack, tag->withheld ? "/Figure" : "/P", section), contents = qpdf_oh_new_array(pack);
        qpdf_oh_append_item(pack, contents, qpdf_oh_new_integer(pack, (long long)i));
        qpdf_oh_replace_key(pack, element, "/K", contents);
        qpdf_oh_replace_key(pack, element, "/Pg", leaf);
        if (tag->withheld)
            qpdf_oh_replace_key(pack, element, "/Alt", alt_of(pack, labels ? &labels[tag->area] : NULL));
        qpdf_oh_append_item(pack, kids, element);
        qpdf_oh_append_item(pack, of_page, element);
    }
    qpdf_oh_replace_key(pack, section, "/K", kids);
    qpdf_oh_append_item(pack, structure->sections, section);
    qpdf_oh_append_item(pack, structure->parents, qpdf_oh_new_integer(pack, structure->pages));
    qpdf_oh_append_item(pack, structure->parents, qpdf_make_indirect_object(pack, of_page));
    qpdf_oh_replace_key(pack, leaf, "/StructParents", qpdf_oh_new_integer(pack, structure->pages++));
    qpdf_oh_replace_key(pack, leaf, "/Tabs", qpdf_oh_new_name(pack, "/S"));
}

void bind_structure_end(struct bind_structure *structure) {
    qpdf_data pack = structure->pack;
    qpdf_oh root = qpdf_oh_new_dictionary(pack), tree = qpdf_oh_new_dictionary(pack), catalogue = qpdf_get_root(pack);
    qpdf_oh_replace_key(pack, tree, "/Nums", structure->parents);
    qpdf_oh_replace_key(pack, structure->document, "/K", structure->sections);
    qpdf_oh_replace_key(pack, root, "/Type", qpdf_oh_new_name(pack, "/StructTreeRoot"));
    qpdf_oh_replace_key(pack, root, "/K", structure->document);
    qpdf_oh_replace_key(pack, root, "/ParentTree", qpdf_make_indirect_object(pack, tree));
    qpdf_oh_replace_key(pack, root, "/ParentTreeNextKey", qpdf_oh_new_integer(pack, structure->pages));
    qpdf_oh held = qpdf_make_indirect_object(pack, root);
    qpdf_oh_replace_key(pack, structure->document, "/P", held);
    qpdf_oh_replace_key(pack, catalogue, "/StructTreeRoot", held);
    qpdf_oh_replace_key(pack, catalogue, "/MarkInfo", qpdf_oh_parse(pack, "<< /Marked true >>"));
}
