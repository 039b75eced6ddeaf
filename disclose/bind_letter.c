#include "disclose/bind_matter.h"

#include "base/mem.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static void letter_print(struct flow *flow, enum flow_style style, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void letter_print(struct flow *flow, enum flow_style style, const char *format, ...) {
    char *text = NULL;
    va_list ap;
    va_start(ap, format);
    int n = vasprintf(&text, format, ap);
    va_end(ap);
    if (n >= 0)
        flow_text(flow, style, text);
    free(text);
}

static bool letter_is_own(const struct bind_order *order) {
    return strcmp(order->requester, order->subject_name) == 0;
}

static void letter_opening(struct flow *flow, const struct bind_order *order) {
    bool own = letter_is_own(order);
    flow_text(flow, FLOW_TITLE, order->council);
    letter_print(flow, FLOW_SMALL, "Our reference: %s", order->request_name);
    flow_gap(flow, 14);
    letter_print(flow, FLOW_BODY, "Dear %s,", order->requester);
    flow_text(flow, FLOW_HEADING, own ? "The records you asked for" : "The records that you asked for");
    letter_print(
        flow, FLOW_BODY,
        "You asked to see the information that we hold about %s. We received your request on %s, and "
        "the law asks us to answer it by %s.",
        own ? "you" : order->subject_name, order->received, order->due);
    letter_print(
        flow, FLOW_BODY,
        "This pack is our answer. It holds %u page%s from %zu document%s, in the order that the index "
        "shows.",
        order->page_count, order->page_count == 1 ? "" : "s", order->document_count,
        order->document_count == 1 ? "" : "s");
    if (own)
        flow_text(flow, FLOW_BODY,
                  "These records are about your life. Some of them may be hard to read. They were written by "
                  "people who "
                  "worked for the council or with it, in the words of that time, and they may not be how you "
                  "remember "
                  "things. You do not have to read them all at once, and you do not have to read them on "
                  "your own.");
}

static bool letter_reason_is_first(const struct bind_order *order, size_t at) {
    for (size_t i = 0; i < at; i++)
        if (strcmp(order->withheld[i].reason, order->withheld[at].reason) == 0)
            return false;
    return true;
}

static void letter_left_out(struct flow *flow, const struct bind_order *order) {
    flow_text(flow, FLOW_HEADING, "What we have left out, and why");
    if (!order->withheld_count) {
        flow_text(flow, FLOW_BODY, "Nothing in these pages is covered.");
        return;
    }
    flow_text(
        flow, FLOW_BODY,
        "Some words are covered with black boxes. We did this because the law also protects other people "
        "who are named in these records, or because it asks us to hold something back. The reasons in this "
        "pack are:");
    for (size_t i = 0; i < order->withheld_count; i++)
        if (letter_reason_is_first(order, i))
            flow_text(flow, FLOW_BULLET, order->withheld[i].reason);
    flow_gap(flow, 3);
    flow_text(flow, FLOW_BODY,
              "The schedule at the end of the pack tells you, page by page, what kind of thing is covered "
              "and which law we "
              "relied on. A person, not a machine, decided on each of them.");
}

static void letter_questions(struct flow *flow, const struct bind_order *order) {
    flow_text(flow, FLOW_HEADING, "If something is unclear, wrong or missing");
    letter_print(
        flow, FLOW_BODY,
        "Please ask us. Write to or ring %s and give the reference %s. We can explain words, people and "
        "decisions, and we can go through the pages with you. If something is wrong, you can ask us to "
        "correct "
        "it; if you think that records are missing, tell us where we should look.",
        order->council, order->request_name);
    flow_text(flow, FLOW_HEADING, "If you are not happy with our answer");
    flow_text(
        flow, FLOW_BODY,
        "You can ask us to look at our decisions again; somebody who did not make them will do so. You can "
        "also complain to the Information Commissioner's Office (ICO), which is independent of us, and it "
        "costs "
        "nothing: Wycliffe House, Water Lane, Wilmslow, Cheshire SK9 5AF; telephone 0303 123 1113; "
        "ico.org.uk/make-a-complaint. You can also ask a court to decide.");
}

static void letter_support(struct flow *flow, const struct bind_order *order) {
    flow_keep(flow, 240);
    flow_text(flow, FLOW_HEADING, "Somebody to talk to");
    flow_text(flow, FLOW_BODY, "Reading old records can bring back a great deal. These people can help:");
    flow_text(
        flow, FLOW_BULLET,
        "us: if you would like somebody to be with you when you read, we will try to arrange it; if you "
        "are under 25 and were in care, your personal adviser can be that person");
    flow_text(flow, FLOW_BULLET,
              "the Care Leavers' Association, for care leavers of any age: careleavers.com");
    flow_text(flow, FLOW_BULLET,
              "Become, for children in care and young care leavers: 0800 023 2033, becomecharity.org.uk");
    flow_text(flow, FLOW_BULLET, "your doctor; and Samaritans, at any hour, free of charge: 116 123");
    flow_gap(flow, 8);
    flow_keep(flow, 120); /* nobody's name alone on a page */
    flow_text(flow, FLOW_BODY, "Yours sincerely,");
    flow_gap(flow, 10);
    flow_text(flow, FLOW_BODY, order->council);
}

static void letter_foot(struct flow *flow, const struct bind_order *order) {
    if (!order->audit_head || !*order->audit_head)
        return;
    flow_gap(flow, 12);
    flow_text(
        flow, FLOW_SMALL,
        "What was done with your request is written in a log that cannot be changed unseen. This number "
        "stands for the log as it was when this pack was made; keep it if you want to have the log checked:");
    flow_text(flow, FLOW_SMALL, order->audit_head);
}

void bind_letter(struct flow *flow, const struct bind_order *order) {
    letter_opening(flow, order);
    letter_left_out(flow, order);
    letter_questions(flow, order);
    letter_support(flow, order);
    letter_foot(flow, order);
}

void bind_guide(struct flow *flow, const struct bind_order *order) {
    flow_text(flow, FLOW_TITLE, "How to read this pack");
    letter_print(flow, FLOW_BODY,
                 "Each page from the records has its own number at the foot, such as %s-000001. The index "
                 "gives the first "
                 "and last number of each document. Please use these numbers when you ask us about a page.",
                 order->request_name);
    flow_text(flow, FLOW_BODY,
              "A black box means that words were taken out there. Nothing is hidden beneath it. Boxes come "
              "in a few set "
              "widths, so the width of a box does not tell how long the words were.");
    flow_text(
        flow, FLOW_BODY,
        "The pages are pictures of the records. You can search them for words and have them read aloud, but "
        "the computer may have misread some words; what you see is what counts.");
    flow_text(flow, FLOW_BODY, "The schedule at the end lists what is covered on each page, and the reason.");
}
