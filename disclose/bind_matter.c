#include "disclose/bind_matter.h"

#include "base/err.h"
#include "base/mem.h"

#include <stdlib.h>

char *bind_bates(const struct bind_order *order, uint32_t page) {
    return mem_print("%s-%06u", order->request_name, page + 1);
}

static void matter_index_row(struct flow *flow, const struct flow_table *table,
                             const struct bind_order *order, size_t i) {
    const struct bind_document *document = &order->documents[i];
    char *number = mem_print("%zu", i + 1);
    char *from = bind_bates(order, document->first_page);
    char *to = bind_bates(order, document->first_page + document->page_count - 1);
    char *range = document->page_count == 1 ? mem_text(from) : mem_print("%s\nto %s", from, to);
    char *pages = mem_print("%u", document->page_count);
    flow_table_row(flow, table, (const char *[]){number, document->title, document->received, range, pages});
    free(number);
    free(from);
    free(to);
    free(range);
    free(pages);
}

static void matter_index(struct flow *flow, const struct bind_order *order) {
    static const struct flow_column columns[] = {
        {"No.", 30}, {"Document", 170}, {"Received", 92}, {"Page numbers", 125}, {"Pages", 42}};
    static const struct flow_table table = {columns, sizeof columns / sizeof *columns};
    flow_gap(flow, 16);
    flow_text(flow, FLOW_TITLE, "Index");
    flow_table_head(flow, &table);
    for (size_t i = 0; i < order->document_count; i++)
        matter_index_row(flow, &table, order, i);
}

static void matter_schedule_row(struct flow *flow, const struct flow_table *table,
                                const struct bind_order *order, const struct bind_withheld *withheld) {
    char *page = bind_bates(order, withheld->page), *count = mem_print("%u", withheld->count);
    char *law = mem_print("%s\n%s", withheld->law, withheld->code);
    flow_table_row(flow, table, (const char *[]){page, withheld->kind, count, withheld->reason, law});
    free(page);
    free(count);
    free(law);
}

static void matter_schedule(struct flow *flow, const struct bind_order *order) {
    static const struct flow_column columns[] = {
        {"Page", 112}, {"What is covered", 92}, {"Count", 40}, {"Why", 117}, {"Law and code", 98}};
    static const struct flow_table table = {columns, sizeof columns / sizeof *columns};
    flow_text(flow, FLOW_TITLE, "Schedule of what is covered");
    if (!order->withheld_count) {
        flow_text(flow, FLOW_BODY, "Nothing in these pages is covered.");
        return;
    }
    flow_table_head(flow, &table);
    for (size_t i = 0; i < order->withheld_count; i++)
        matter_schedule_row(flow, &table, order, &order->withheld[i]);
}

static void matter_stamps(struct flow *flow, const struct bind_order *order) {
    for (uint32_t i = 0; i < order->page_count; i++) {
        char *bates = bind_bates(order, i);
        flow_stamp(flow, bates);
        free(bates);
    }
}

int bind_matter(const struct bind_order *order, struct matter *ret) {
    struct flow flow;
    *ret = (struct matter){0};
    int err = flow_open(&flow, &ret->pdf);
    if (!err) {
        flow_part(&flow, order->request_name, "", 1);
        bind_letter(&flow, order);
        ret->letter_pages = flow.page;
        flow_next_page(&flow);
        bind_guide(&flow, order);
        matter_index(&flow, order);
        ret->front_pages = flow.page;
        flow_end_part(&flow);
        matter_stamps(&flow, order);
        flow_part(&flow, order->request_name, "Schedule ", 0);
        matter_schedule(&flow, order);
        ret->back_pages = flow.page;
        flow_end_part(&flow);
    }
    int closed = flow_close(&flow);
    err = err ? err : closed;
    if (err)
        buf_drop(&ret->pdf);
    return err;
}
