#include "daemon/flag_print.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

void flag_page_drop(struct flag_page *page) {
    buf_wipe(&page->text);
    free(page->begins);
    free(page->word_bytes);
    memset(page, 0, sizeof *page);
}

static uint32_t points_of(const char *text, size_t bytes) {
    uint32_t points = 0;
    for (size_t i = 0; i < bytes; i++)
        points += ((unsigned char)text[i] & 0xC0) != 0x80;
    return points;
}

void flag_page_of_words(const struct words *words, struct flag_page *ret) {
    *ret = (struct flag_page){.begins = mem_new((words->count + 1) * sizeof *ret->begins),
                              .word_bytes = mem_new((words->count + 1) * sizeof *ret->word_bytes)};
    uint32_t points = 0;
    for (size_t w = 0; w < words->count; w++) {
        const struct word *now = &words->list[w];
        const char *between = w ? word_gap(now - 1, now) : "";
        buf_add_text(&ret->text, between);
        points += (uint32_t)strlen(between);
        ret->begins[w] = points;
        ret->word_bytes[w] = (uint32_t)ret->text.len;
        buf_add_text(&ret->text, now->text);
        points += points_of(now->text, strlen(now->text));
    }
    ret->begins[words->count] = points;
    ret->word_bytes[words->count] = (uint32_t)ret->text.len;
    buf_text(&ret->text);
}

/* ---- where a flag begins and ends */

struct place {
    uint32_t begin, end;             /* code points */
    uint32_t begin_bytes, end_bytes; /* of the page's text */
};

/* Signs before the first and behind the last letter or digit of its words are not the flag's. */
static struct place place_of(const struct flag_page *page, const struct words *words, struct word_run run) {
    const char *first = words->list[run.first].text, *last = words->list[run.last].text, *at = first;
    size_t skip = 0, keep = 0;
    for (const char *next = at; *next; at = next) {
        uint32_t c = text_next(&next);
        if (text_is_letter(c) || text_is_digit(c))
            break;
        skip = (size_t)(next - first);
    }
    for (at = last; *at;) {
        uint32_t c = text_next(&at);
        if (text_is_letter(c) || text_is_digit(c))
            keep = (size_t)(at - last);
    }
    if (!first[skip])
        skip = 0;
    if (!keep || (run.first == run.last && keep <= skip))
        keep = strlen(last);
    return (struct place){page->begins[run.first] + points_of(first, skip), page->begins[run.last] + points_of(last, keep),
                          page->word_bytes[run.first] + (uint32_t)skip, page->word_bytes[run.last] + (uint32_t)keep};
}

/* ---- JSON */

static json_t *boxes_json(const struct flag *flag) {
    json_t *list = json_array();
    for (size_t i = 0; i < flag->box_count; i++) {
        struct box b = flag->boxes[i];
        json_array_append_new(list, json_pack("[f,f,f,f]", (double)b.x0, (double)b.y0, (double)b.x1, (double)b.y1));
    }
    return list;
}

static json_t *flag_json(const struct flag_print *print, size_t index, const struct flag *flag, size_t run) {
    const struct flag_page *page = &print->pages[index];
    json_t *json = json_object();
    json_object_set_new(json, "file", json_string(print->file));
    json_object_set_new(json, "page", json_integer(flag->page));
    if (run < flag->run_count) {
        struct place place = place_of(page, &print->document->pages[index].words, flag->runs[run]);
        json_object_set_new(json, "start", json_integer(place.begin));
        json_object_set_new(json, "end", json_integer(place.end));
        json_object_set_new(json, "text", json_stringn((const char *)page->text.data + place.begin_bytes, place.end_bytes - place.begin_bytes));
    }
    json_object_set_new(json, "type", json_string(flag_type_text(flag->type)));
    json_object_set_new(json, "role", json_string(role_text(flag->role)));
    json_object_set_new(json, "person", json_string(flag->person_id));
    json_object_set_new(json, "code", json_string(flag->code));
    json_object_set_new(json, "cover", json_boolean(flag->cover && !flag->look));
    json_object_set_new(json, "look", json_boolean(flag->look));
    json_object_set_new(json, "confidence", json_integer(flag->confidence));
    json_object_set_new(json, "finder", json_string(flag->finder));
    json_object_set_new(json, "why", json_string(flag->why));
    json_object_set_new(json, "boxes", print->whole_text ? json_array() : boxes_json(flag));
    return json;
}

static size_t page_index(const struct document_words *document, uint32_t number) {
    for (size_t i = 0; i < document->page_count; i++)
        if (document->pages[i].number == number)
            return i;
    return SIZE_MAX;
}

int flags_print(const struct flag_print *print, const struct flags *flags, struct buf *out) {
    for (size_t i = 0; i < flags->count; i++) {
        const struct flag *flag = &flags->list[i];
        size_t index = page_index(print->document, flag->page), run = 0;
        if (index == SIZE_MAX)
            continue;
        do { /* a passage may have holes: a line for each run */
            json_t *json = flag_json(print, index, flag, run);
            char *line = json_dumps(json, JSON_COMPACT | JSON_REAL_PRECISION(7));
            json_decref(json);
            if (!line)
                return ERR_SYSTEM;
            buf_add_text(out, line);
            buf_add_byte(out, '\n');
            free(line);
        } while (++run < flag->run_count);
    }
    return 0;
}
