#include "disclose/letters.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "store/people_rows.h"

#include <stdlib.h>
#include <string.h>

/* Whether the line is there; *line moves behind its condition. */
static bool line_holds(const char **line, const struct letter_conditions *conditions) {
    static const char *const words[] = {"?own ", "?other ", "?covered ", "?open "};
    const bool holds[] = {conditions->own, !conditions->own, conditions->covered, !conditions->covered};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strncmp(*line, words[i], strlen(words[i])) == 0) {
            *line += strlen(words[i]);
            return holds[i];
        }
    return true;
}

static const char *value_of(const char *name, size_t len, const struct letter_value *values, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (strlen(values[i].name) == len && strncmp(values[i].name, name, len) == 0)
            return values[i].value ? values[i].value : "";
    return NULL;
}

static void line_fill(const char *line, size_t len, const struct letter_value *values, size_t count, struct buf *out) {
    for (size_t i = 0; i < len; i++) {
        const char *end = line[i] == '{' ? memchr(line + i, '}', len - i) : NULL;
        const char *value = end ? value_of(line + i + 1, (size_t)(end - line) - i - 1, values, count) : NULL;
        if (value) {
            buf_add_text(out, value);
            i = (size_t)(end - line);
        } else {
            buf_add_byte(out, (uint8_t)line[i]);
        }
    }
}

char *letter_fill(const char *text, const struct letter_conditions *conditions, const struct letter_value *values, size_t count) {
    struct buf out = {0};
    for (const char *line = text; *line;) {
        size_t len = strcspn(line, "\n");
        const char *next = line + len + (line[len] == '\n'), *at = line;
        if (line_holds(&at, conditions)) {
            line_fill(at, (size_t)(line + len - at), values, count, &out);
            buf_add_byte(&out, '\n');
        }
        line = next;
    }
    char *filled = mem_text(buf_text(&out));
    buf_wipe(&out);
    return filled;
}

int letter_make(struct store *store, const struct rules *rules, const struct letter_order *order, char **ret) {
    const char *text = rules_letter(rules, order->name);
    const struct request *request = order->request;
    char received[32], due[32], today[32];
    struct people *people;
    if (!text || strncmp(order->name, "release-", 8) == 0)
        return ERR_NOT_FOUND;
    int err = people_load(store, &people);
    if (err)
        return err;
    const struct child *child = people_child(people, request->child_id);
    char *subject = child ? mem_print("%s %s", child->forenames, child->surname) : mem_text("the child");
    date_text_long(request->clock.received, received);
    date_text_long(request->clock.due, due);
    date_text_long(date_today(), today);
    /* Whose consent or view is sought is not told who asks, nor about whom. */
    const struct letter_value values[] = {{"council", order->council}, {"reference", request->name}, {"requester", request->requester}, {"subject", subject},
                                          {"received", received}, {"due", request->clock.due == DATE_NONE ? "the day that we will tell you" : due}, {"today", today},
                                          {"what", order->what}};
    const struct letter_conditions conditions = {strcmp(request->requester_kind, "subject") == 0, false};
    *ret = letter_fill(text, &conditions, values, sizeof values / sizeof *values);
    free(subject);
    people_drop(&people);
    return 0;
}
