#include "ocr/word_lines.h"

#include "base/mem.h"

size_t word_lines_make(const struct words *words, struct word_line **ret) {
    struct word_line *lines = mem_new((words->count + 1) * sizeof *lines);
    size_t count = 0;
    for (size_t i = 0; i < words->count; i++) {
        const struct word *w = &words->list[i];
        struct word_line *last = count ? &lines[count - 1] : NULL;
        if (last && words->list[last->first].line == w->line) {
            last->count++;
            last->box = box_join(last->box, w->box);
        } else {
            lines[count++] = (struct word_line){i, 1, w->box};
        }
    }
    *ret = lines;
    return count;
}
