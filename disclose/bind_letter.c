/* bind_letter.c: texts with the marks of letters.conf, laid out. */
#include "base/mem.h"
#include "disclose/bind_matter.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    const char *mark;
    enum flow_style style;
} marks[] = {{"## ", FLOW_HEADING}, {"# ", FLOW_TITLE}, {"- ", FLOW_BULLET}, {"~ ", FLOW_SMALL}};

static void line_flow(struct flow *flow, const char *line) {
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (strncmp(line, marks[i].mark, strlen(marks[i].mark)) == 0) {
            flow_text(flow, marks[i].style, line + strlen(marks[i].mark));
            return;
        }
    flow_text(flow, FLOW_BODY, line);
}

void bind_letter(struct flow *flow, const char *text) {
    for (const char *at = text; *at;) {
        size_t len = strcspn(at, "\n");
        char *line = mem_text_part(at, len);
        if (*line)
            line_flow(flow, line);
        else
            flow_gap(flow, 2);
        free(line);
        at += len + (at[len] == '\n');
    }
}
