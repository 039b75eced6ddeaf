#include "ocr/pdf_file.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/order.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { NODES_MOST = 100000 };

/* ---- reading dictionaries ---- */

bool pdf_key_is_there(qpdf_data q, qpdf_oh dict, const char *key) {
    return qpdf_oh_has_key(q, dict, key) && !qpdf_oh_is_null(q, qpdf_oh_get_key(q, dict, key));
}

static bool is_lost(qpdf_data q, qpdf_oh value) {
    return qpdf_oh_is_indirect(q, value) && qpdf_oh_is_null(q, value);
}

bool pdf_key_is_lost(qpdf_data q, qpdf_oh dict, const char *key) {
    return is_lost(q, qpdf_oh_get_key(q, dict, key));
}

long long pdf_key_number(qpdf_data q, qpdf_oh dict, const char *key, long long otherwise) {
    long long value;
    return qpdf_oh_get_value_as_longlong(q, qpdf_oh_get_key(q, dict, key), &value) ? value : otherwise;
}

bool pdf_key_bool(qpdf_data q, qpdf_oh dict, const char *key) {
    QPDF_BOOL value = QPDF_FALSE;
    return qpdf_oh_get_value_as_bool(q, qpdf_oh_get_key(q, dict, key), &value) && value;
}

bool pdf_array_numbers(qpdf_data q, qpdf_oh array, int count, double *ret) {
    if (!qpdf_oh_is_array(q, array) || qpdf_oh_get_array_n_items(q, array) != count)
        return false;
    for (int i = 0; i < count; i++)
        if (!qpdf_oh_get_value_as_number(q, qpdf_oh_get_array_item(q, array, i), &ret[i]))
            return false;
    return true;
}

qpdf_oh pdf_only_item(qpdf_data q, qpdf_oh value) {
    if (qpdf_oh_is_array(q, value) && qpdf_oh_get_array_n_items(q, value) == 1)
        return qpdf_oh_get_array_item(q, value, 0);
    return value;
}

bool pdf_file_forget_complaints(qpdf_data q) {
    bool any = qpdf_has_error(q);
    if (any)
        qpdf_get_error(q);
    while (qpdf_more_warnings(q)) {
        qpdf_next_warning(q);
        any = true;
    }
    return any;
}

/* ---- the page tree ---- */

/* One level of the tree on the way down. */
struct level {
    qpdf_oh kids;
    int next, count, object;
};

struct tree {
    struct pdf_file *file;
    struct level levels[PDF_TREE_DEPTH_MOST];
    unsigned depth;
    uint32_t nodes;
    bool cycle;
};

static int tree_go_down(struct tree *tree, qpdf_oh kids, int object) {
    qpdf_data q = tree->file->q;
    for (unsigned i = 0; object && i < tree->depth; i++)
        if (tree->levels[i].object == object) {
            tree->cycle = true; /* it holds itself: not entered again, and pages may be missing */
            return 0;
        }
    if (tree->depth == PDF_TREE_DEPTH_MOST)
        return ERR_TOO_DEEP;
    tree->levels[tree->depth++] =
        (struct level){.kids = kids, .count = qpdf_oh_get_array_n_items(q, kids), .object = object};
    return 0;
}

static int tree_visit(struct tree *tree, qpdf_oh node) {
    qpdf_data q = tree->file->q;
    if (++tree->nodes > NODES_MOST)
        return ERR_TOO_MANY;
    if (!qpdf_oh_is_dictionary(q, node)) {
        tree->file->gaps++;
        return tree->file->pages + tree->file->gaps > PDF_PAGES_MOST ? ERR_TOO_MANY : 0;
    }
    qpdf_oh kids = qpdf_oh_get_key(q, node, "/Kids");
    if (qpdf_oh_is_array(q, kids))
        return tree_go_down(tree, kids, qpdf_oh_get_object_id(q, node));
    tree->file->pages++;
    return tree->file->pages > PDF_PAGES_MOST ? ERR_TOO_MANY : 0;
}

/* qpdf and Poppler walk the tree by calling themselves: how deep it is has to be known before. */
static int tree_measure(struct pdf_file *file) {
    struct tree *tree = mem_new(sizeof *tree);
    qpdf_data q = file->q;
    tree->file = file;
    qpdf_oh root = qpdf_oh_get_key(q, qpdf_get_root(q), "/Pages");
    int err = tree_visit(tree, root);
    if (!qpdf_oh_is_array(q, qpdf_oh_get_key(q, root, "/Kids")) && qpdf_oh_is_dictionary(q, root))
        file->pages = 0; /* the root of a tree is no page; without kids it has none */
    while (!err && tree->depth) {
        struct level *top = &tree->levels[tree->depth - 1];
        if (top->next < top->count) {
            qpdf_oh kid = qpdf_oh_get_array_item(q, top->kids, top->next++);
            err = tree_visit(tree, kid);
        } else {
            tree->depth--;
        }
    }
    file->repaired |= tree->cycle;
    mem_free(&tree);
    qpdf_oh_release_all(q);
    return err;
}

/* ---- opening ---- */

/* qpdf takes the password's bytes as they are; before version 5 they are Latin-1. NULL where it cannot be
 * said in it. */
static char *password_latin1(const char *password) {
    char *out = mem_new(strlen(password) + 1), *at = out;
    for (const unsigned char *p = (const unsigned char *)password; *p; p++) {
        if (*p < 0x80)
            *at++ = (char)*p;
        else if ((*p == 0xC2 || *p == 0xC3) && (p[1] & 0xC0) == 0x80)
            *at++ = (char)((*p & 3) << 6 | (p[1] & 0x3F)), p++;
        else {
            mem_free(&out);
            return NULL;
        }
    }
    return out;
}

static int file_read(struct pdf_file *file, struct view bytes, const char *password) {
    file->q = qpdf_init();
    qpdf_silence_errors(file->q);
    qpdf_set_suppress_warnings(file->q, QPDF_TRUE);
    QPDF_ERROR_CODE code = qpdf_read_memory(file->q, "input", (const char *)bytes.data, bytes.len, password);
    if (!(code & QPDF_ERRORS))
        return 0;
    bool locked =
        qpdf_has_error(file->q) && qpdf_get_error_code(file->q, qpdf_get_error(file->q)) == qpdf_e_password;
    pdf_file_forget_complaints(file->q);
    qpdf_cleanup(&file->q);
    return locked ? ERR_LOCKED : ERR_DAMAGED;
}

static int file_read_locked(struct pdf_file *file, const struct pdf_order *order) {
    const char *password = order->password && order->password[0] ? order->password : NULL;
    int err = file_read(file, order->bytes, password);
    char *other = err == ERR_LOCKED && password ? password_latin1(password) : NULL;
    if (other && strcmp(other, password) != 0)
        err = file_read(file, order->bytes, other);
    mem_free(&other);
    return err;
}

int pdf_file_open(const struct pdf_order *order, struct pdf_file **ret) {
    struct pdf_file *file = mem_new(sizeof *file);
    int err = file_read_locked(file, order);
    if (err) {
        mem_free(&file);
        return err;
    }
    err = tree_measure(file);
    file->repaired |= pdf_file_forget_complaints(file->q);
    if (!err && !file->pages && !file->gaps)
        err = ERR_NO_PAGES;
    if (err) {
        pdf_file_drop(&file);
        return err;
    }
    file->usable = qpdf_get_num_pages(file->q) == (int)file->pages &&
                   !(qpdf_push_inherited_attributes_to_page(file->q) & QPDF_ERRORS);
    file->repaired |= pdf_file_forget_complaints(file->q) || !file->usable;
    *ret = file;
    return 0;
}

void pdf_file_drop(struct pdf_file **file) {
    if (!*file)
        return;
    pdf_file_forget_complaints((*file)->q);
    qpdf_cleanup(&(*file)->q);
    mem_free(file);
}

/* ---- pages that are in the bytes and in no tree ---- */

/* The number of the object that begins last before at: "12 0 obj"; 0 when none is near. */
static int object_before(struct view bytes, size_t at) {
    size_t least = at > 4096 ? at - 4096 : 0;
    for (size_t i = at; i >= least + 6; i--) {
        if (memcmp(bytes.data + i - 4, " obj", 4) != 0)
            continue;
        size_t n = i - 4;
        while (n > least && isdigit(bytes.data[n - 1]))
            n--;
        if (n == i - 4 || n == least || bytes.data[n - 1] != ' ')
            return 0;
        size_t digits = --n, start = digits;
        while (start > least && isdigit(bytes.data[start - 1]) && digits - start < 9)
            start--;
        int number = 0;
        for (size_t k = start; k < digits; k++)
            number = number * 10 + (bytes.data[k] - '0');
        return number;
    }
    return 0;
}

/* "/Type /Page" and no letter behind it. Returns where it is, or the end. */
static size_t page_type_from(struct view bytes, size_t at) {
    while (at + 10 < bytes.len) {
        const uint8_t *found = memmem(bytes.data + at, bytes.len - at, "/Type", 5);
        if (!found)
            break;
        size_t place = (size_t)(found - bytes.data), i = place + 5;
        while (i < bytes.len && isspace(bytes.data[i]))
            i++;
        if (i + 5 < bytes.len && memcmp(bytes.data + i, "/Page", 5) == 0 && !isalpha(bytes.data[i + 5]))
            return place;
        at = place + 5;
    }
    return bytes.len;
}

/* Objects of the pages that qpdf shows, in rising order; you free it. */
static int *pages_objects(struct pdf_file *file, uint32_t *ret_count) {
    uint32_t count = file && file->usable ? file->pages : 0;
    int *objects = mem_new(((size_t)count + 1) * sizeof *objects);
    for (uint32_t n = 0; n < count; n++)
        objects[n] = qpdf_oh_get_object_id(file->q, qpdf_get_page_n(file->q, n));
    qsort(objects, count, sizeof *objects, order_int);
    if (file)
        qpdf_oh_release_all(file->q);
    *ret_count = count;
    return objects;
}

/* Objects that say that they are a page, in the order of the file; you free it. */
static int *bytes_objects(struct view bytes, size_t *ret_count) {
    int *found = NULL;
    size_t count = 0, room = 0;
    for (size_t at = page_type_from(bytes, 0); at < bytes.len; at = page_type_from(bytes, at + 5)) {
        if (count == room) {
            room = room ? 2 * room : 64;
            found = mem_grow(found, room, sizeof *found);
        }
        found[count] = object_before(bytes, at);
        count += found[count] != 0;
    }
    *ret_count = count;
    return found;
}

bool pdf_file_lost_pages(struct pdf_file *file, struct view bytes, uint32_t pages) {
    uint32_t count;
    size_t found_count, other = 0, different = 0;
    int *objects = pages_objects(file, &count), *found = bytes_objects(bytes, &found_count);
    if (found_count)
        qsort(found, found_count, sizeof *found, order_int);
    for (size_t i = 0; i < found_count; i++) {
        other += !bsearch(&found[i], objects, count, sizeof *objects, order_int);
        different += i == 0 || found[i] != found[i - 1];
    }
    mem_free(&objects);
    mem_free(&found);
    return count ? other > 0 : different > pages;
}
