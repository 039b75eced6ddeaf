#include "ocr/page_mark.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

void page_marks_add(struct page_marks *marks, struct page_mark mark) {
    if (marks->count == marks->room) {
        marks->room = marks->room ? marks->room * 2 : 32;
        marks->list = mem_grow(marks->list, marks->room, sizeof *marks->list);
    }
    marks->list[marks->count++] = mark;
}

void page_marks_drop(struct page_marks *marks) {
    free(marks->list);
    memset(marks, 0, sizeof *marks);
}
