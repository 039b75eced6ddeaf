#include "daemon/flag_marks.h"

/* Words of one line become one area. */
static bool goes_on(struct box a, struct box b) {
    float top = a.y0 > b.y0 ? a.y0 : b.y0, bottom = a.y1 < b.y1 ? a.y1 : b.y1, least = a.y1 - a.y0 < b.y1 - b.y0 ? a.y1 - a.y0 : b.y1 - b.y0;
    return bottom - top > least / 2 && b.x0 >= a.x0 && b.x0 - a.x1 < 2 * least;
}

void flag_marks_add(struct page_marks *marks, const struct flag *flag) {
    static const struct page_mark colours[] = {
        [ROLE_SUBJECT] = {.red = 0.80f, .green = 0.80f, .blue = 0.80f},     [ROLE_FAMILY] = {.red = 1.00f, .green = 0.80f, .blue = 0.40f},
        [ROLE_THIRD_PARTY] = {.red = 1.00f, .green = 0.62f, .blue = 0.58f}, [ROLE_PROFESSIONAL] = {.red = 0.80f, .green = 0.80f, .blue = 0.80f},
        [ROLE_OTHER_CHILD] = {.red = 0.78f, .green = 0.66f, .blue = 1.00f}, [ROLE_UNKNOWN] = {.red = 1.00f, .green = 0.94f, .blue = 0.35f}};
    struct page_mark mark = colours[flag->role];
    if (!flag->cover || flag->look || flag->type == FLAG_PASSAGE)
        mark.style = MARK_FRAMED;
    if (flag->look || flag->type == FLAG_PASSAGE)
        mark = (struct page_mark){.red = 0.85f, .green = 0.25f, .blue = 0.15f, .style = MARK_FRAMED};
    for (size_t i = 0; i < flag->box_count; i++) {
        struct page_mark *last = i ? &marks->list[marks->count - 1] : NULL;
        mark.box = flag->boxes[i];
        if (last && goes_on(last->box, mark.box))
            last->box = box_join(last->box, mark.box);
        else
            page_marks_add(marks, mark);
    }
}
