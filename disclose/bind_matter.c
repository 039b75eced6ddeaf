#include "disclose/bind_matter.h"

#include "base/err.h"
#include "base/mem.h"

#include <stdlib.h>

char *bind_bates(const struct bind_order *order, uint32_t page) {
    return mem_print("%s-%06u", order->request_name, order->pages_before + page + 1);
}

static char *matter_range(const struct bind_order *order, const struct bind_document *document) {
    char *from = bind_bates(order, document->first_page), *to = bind_bates(order, document->first_page + document->page_count - 1);
    char *range = document->page_count == 1 ? mem_text(from) : mem_print("%s\nto %s", from, to);
    free(from);
    free(to);
    return range;
}

static void matter_contents_row(struct flow *flow, const struct flow_table *table, const struct bind_order *order, size_t i) {
    const struct bind_document *document = &order->documents[i];
    char *number = mem_print("%zu", i + 1), *range = matter_range(order, document), *pages = mem_print("%u", document->page_count);
    char *title = *document->note ? mem_print("%s\n%s", document->title, document->note) : mem_text(document->title);
    flow_table_row(flow, table, (const char *[]){number, title, document->event, document->received, range, pages});
    free(number);
    free(range);
    free(pages);
    free(title);
}

/* Nobody has to wonder whether something was forgotten. */
static void matter_left_out(struct flow *flow, const struct bind_order *order) {
    if (!order->left_out_count)
        return;
    flow_text(flow, FLOW_HEADING, "What is not among these pages");
    for (size_t i = 0; i < order->left_out_count; i++) {
        char *text = mem_print("%s: %s", order->left_out[i].what, order->left_out[i].reason);
        flow_text(flow, FLOW_BULLET, text);
        free(text);
    }
}

static void matter_contents(struct flow *flow, const struct bind_order *order) {
    static const struct flow_column columns[] = {{"No.", 24}, {"Document", 98}, {"Tells of", 92}, {"Received", 92}, {"Page numbers", 116}, {"Pages", 37}};
    static const struct flow_table table = {columns, sizeof columns / sizeof *columns};
    flow_text(flow, FLOW_TITLE, "Contents");
    flow_table_head(flow, &table);
    for (size_t i = 0; i < order->document_count; i++)
        matter_contents_row(flow, &table, order, i);
    matter_left_out(flow, order);
}

/* What happened when, by the documents that tell of a day; they stand in that order. */
static void matter_chronology(struct flow *flow, const struct bind_order *order) {
    static const struct flow_column columns[] = {{"Day", 110}, {"What the records hold of it", 219}, {"Page", 130}};
    static const struct flow_table table = {columns, sizeof columns / sizeof *columns};
    flow_text(flow, FLOW_TITLE, "Chronology");
    flow_text(flow, FLOW_BODY, "The days that the documents tell of, in their order. Documents that tell of no day are in the list of contents only.");
    flow_table_head(flow, &table);
    for (size_t i = 0; i < order->document_count; i++)
        if (*order->documents[i].event) {
            char *page = bind_bates(order, order->documents[i].first_page);
            char *what = *order->documents[i].note ? mem_print("%s (%s)", order->documents[i].title, order->documents[i].note) : mem_text(order->documents[i].title);
            flow_table_row(flow, &table, (const char *[]){order->documents[i].event, what, page});
            free(page);
            free(what);
        }
}

static void matter_glossary(struct flow *flow, const struct bind_order *order) {
    static const struct flow_column columns[] = {{"Short", 80}, {"What it means", 379}};
    static const struct flow_table table = {columns, sizeof columns / sizeof *columns};
    flow_text(flow, FLOW_TITLE, "Abbreviations in these pages");
    if (!order->glossary_count) {
        flow_text(flow, FLOW_BODY, "None that we know of.");
        return;
    }
    flow_table_head(flow, &table);
    for (size_t i = 0; i < order->glossary_count; i++)
        flow_table_row(flow, &table, (const char *[]){order->glossary[i].shorthand, order->glossary[i].means});
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

static void matter_begin(struct flow *flow, struct matter *matter, bool back, const char *title) {
    if (matter->part_count && matter->parts[matter->part_count - 1].back == back)
        flow_next_page(flow);
    matter->parts[matter->part_count++] = (struct matter_part){title, flow->page - 1, back};
}

static void matter_front(struct flow *flow, const struct bind_order *order, struct matter *ret) {
    flow_part(flow, order->request_name, "", 1);
    matter_begin(flow, ret, false, "Letter");
    bind_letter(flow, order->letter ? order->letter : "");
    if (order->guide) {
        matter_begin(flow, ret, false, "How to read this pack");
        bind_letter(flow, order->guide);
    }
    if (order->parts & PACK_CONTENTS) {
        matter_begin(flow, ret, false, "Contents");
        matter_contents(flow, order);
    }
    if (order->parts & PACK_CHRONOLOGY) {
        matter_begin(flow, ret, false, "Chronology");
        matter_chronology(flow, order);
    }
    ret->front_pages = flow->page;
    flow_end_part(flow);
}

static void matter_back(struct flow *flow, const struct bind_order *order, struct matter *ret) {
    flow_part(flow, order->request_name, "Schedule ", 0);
    matter_begin(flow, ret, true, "Schedule of what is covered");
    matter_schedule(flow, order);
    if (order->parts & PACK_GLOSSARY) {
        matter_begin(flow, ret, true, "Abbreviations");
        matter_glossary(flow, order);
    }
    if (order->privacy) {
        matter_begin(flow, ret, true, "How we use information about you");
        bind_letter(flow, order->privacy);
    }
    ret->back_pages = flow->page;
    flow_end_part(flow);
}

int bind_matter(const struct bind_order *order, struct matter *ret) {
    struct flow flow;
    *ret = (struct matter){0};
    int err = flow_open(&flow, &ret->pdf);
    if (!err) {
        matter_front(&flow, order, ret);
        matter_stamps(&flow, order);
        matter_back(&flow, order, ret);
    }
    int closed = flow_close(&flow);
    err = err ? err : closed;
    if (err)
        buf_drop(&ret->pdf);
    return err;
}
