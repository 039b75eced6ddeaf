/* pdf_maker.h: small PDF files made by hand for the tests: objects in order, a right table of places, a
 * trailer. */
#ifndef TESTS_PDF_MAKER_H
#define TESTS_PDF_MAKER_H

#include "base/buf.h"

#include <string.h>

#define PDF_OBJECTS_MOST 64

struct pdf_maker {
    struct buf file;
    size_t places[PDF_OBJECTS_MOST];
    int objects;
};

static inline void pdf_begin(struct pdf_maker *pdf) {
    memset(pdf, 0, sizeof *pdf);
    buf_add_text(&pdf->file, "%PDF-1.4\n");
}

static inline int pdf_object(struct pdf_maker *pdf, const char *text) {
    pdf->places[++pdf->objects] = pdf->file.len;
    buf_print(&pdf->file, "%d 0 obj\n%s\nendobj\n", pdf->objects, text);
    return pdf->objects;
}

/* entries: what the stream's dictionary holds beside its length. */
static inline int pdf_stream(struct pdf_maker *pdf, const char *entries, struct view data) {
    pdf->places[++pdf->objects] = pdf->file.len;
    buf_print(&pdf->file, "%d 0 obj\n<< %s /Length %zu >>\nstream\n", pdf->objects, entries, data.len);
    buf_add(&pdf->file, data.data, data.len);
    buf_add_text(&pdf->file, "\nendstream\nendobj\n");
    return pdf->objects;
}

/* The catalogue must be object 1. */
static inline struct view pdf_end(struct pdf_maker *pdf) {
    size_t table = pdf->file.len;
    buf_print(&pdf->file, "xref\n0 %d\n0000000000 65535 f \n", pdf->objects + 1);
    for (int i = 1; i <= pdf->objects; i++)
        buf_print(&pdf->file, "%010zu 00000 n \n", pdf->places[i]);
    buf_print(&pdf->file, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%zu\n%%%%EOF\n", pdf->objects + 1,
              table);
    return buf_view(&pdf->file);
}

/* One page of 200 x 100 points; page_entries: /Rotate and the like; resources inside << >>. */
static inline struct view pdf_one_page(struct pdf_maker *pdf, const char *page_entries, const char *resources,
                                       const char *content, const char *picture_entries,
                                       struct view picture) {
    struct buf page = {0};
    pdf_begin(pdf);
    pdf_object(pdf, "<< /Type /Catalog /Pages 2 0 R >>");
    pdf_object(pdf, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>");
    buf_print(
        &page,
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] %s /Resources << %s >> /Contents 4 0 R >>",
        page_entries, resources);
    pdf_object(pdf, buf_text(&page));
    buf_drop(&page);
    pdf_stream(pdf, "", view_text(content));
    if (picture_entries)
        pdf_stream(pdf, picture_entries, picture);
    return pdf_end(pdf);
}

#endif
