/* bind_flow.h: text and tables flowing over A4 pages, by Pango and Cairo. Private to disclose/. */
#ifndef DISCLOSE_BIND_FLOW_H
#define DISCLOSE_BIND_FLOW_H

#include "base/buf.h"

#include <pango/pangocairo.h>

enum flow_style { FLOW_TITLE, FLOW_HEADING, FLOW_BODY, FLOW_BULLET, FLOW_SMALL, FLOW_STYLES };

struct flow {
    cairo_surface_t *surface;
    cairo_t *cairo;
    PangoLayout *layout;
    const char *foot_left;  /* on each page; borrowed */
    const char *foot_right; /* before the page number: "", "Schedule " */
    int roman;              /* page numbers i, ii, iii */
    double y;               /* points from the top, where the next line may begin */
    uint32_t page;          /* pages begun since flow_part; 0: none open */
    struct buf *out;
};

struct flow_column {
    const char *head;
    double width; /* points */
};
struct flow_table {
    const struct flow_column *columns;
    size_t count;
};

int flow_open(struct flow *flow, struct buf *out);
int flow_close(struct flow *flow); /* finishes the PDF; 0 or ERR_ */
void flow_part(struct flow *flow, const char *foot_left, const char *foot_right,
               int roman); /* begins a new page */
void flow_next_page(struct flow *flow);
void flow_end_part(struct flow *flow); /* ends its last page */
void flow_text(struct flow *flow, enum flow_style style, const char *text);
void flow_keep(struct flow *flow, double points); /* a new page when so much does not fit any more */
void flow_gap(struct flow *flow, double points);
void flow_table_head(struct flow *flow, const struct flow_table *table);
void flow_table_row(struct flow *flow, const struct flow_table *table, const char *const *cells);
/* A page that holds one small text, 12 points from the left and 6 from the bottom of 20. */
void flow_stamp(struct flow *flow, const char *text);

#define FLOW_STAMP_WIDTH 160.0
#define FLOW_STAMP_HEIGHT 20.0

#endif
