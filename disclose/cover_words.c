#include "disclose/cover_words.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "store/flag_rows.h"
#include "store/page_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The words of a search in their comparing form. */
struct needle {
    char *keys[64];
    size_t count;
};

static void needle_make(const char *text, struct needle *ret) {
    char *copy = mem_text(text), *rest = NULL;
    *ret = (struct needle){0};
    for (char *word = strtok_r(copy, " \t\n", &rest); word && ret->count < 64; word = strtok_r(NULL, " \t\n", &rest)) {
        char *key = text_key(word);
        if (*key)
            ret->keys[ret->count++] = key;
        else
            free(key);
    }
    free(copy);
}

static void needle_drop(struct needle *needle) {
    for (size_t i = 0; i < needle->count; i++)
        free(needle->keys[i]);
}

/* Where the needle stands from word i on: the index after its last word, or 0. Words of signs only are stepped over. */
static size_t needle_at(const struct needle *needle, char *const *keys, size_t count, size_t i) {
    size_t k = 0;
    for (; i < count && k < needle->count; i++) {
        if (!keys[i][0] && k)
            continue;
        if (strcmp(keys[i], needle->keys[k]))
            return 0;
        k++;
    }
    return k == needle->count ? i : 0;
}

struct cover_run {
    struct store *store;
    const struct request *request;
    struct act_under_way act;
    const struct cover_words *order;
    struct needle needle;
    int64_t places, before;
};

/* The officer's own flag, decided by the act. */
static int flag_of_officer(const struct act_under_way *act, int64_t document_id, const struct flag *flag) {
    int64_t id;
    int err = flag_insert(act->store, document_id, act->request->child_id, flag, &id);
    if (!err)
        err = flag_of_request(act->store, id, act->request->id);
    return err ? err : act_decide_flag(act, id, 1, flag->code);
}

static int place_cover(struct cover_run *run, int64_t document_id, uint32_t number, const struct words *words, size_t first, size_t end) {
    struct flag flag = {.page = number, .type = FLAG_PERSON, .role = ROLE_UNKNOWN, .cover = 1, .confidence = 100};
    struct word_run words_of = {(uint32_t)first, (uint32_t)end - 1};
    struct buf text = {0};
    flag.boxes = mem_new((end - first) * sizeof *flag.boxes);
    for (size_t i = first; i < end; i++) {
        flag.boxes[flag.box_count++] = words->list[i].box;
        buf_print(&text, "%s%s", i > first ? " " : "", words->list[i].text);
    }
    flag.runs = &words_of;
    flag.run_count = 1;
    flag.person_id = (char[]){""};
    flag.code = (char *)(uintptr_t)run->order->code;
    flag.finder = (char[]){"officer"};
    flag.why = (char[]){"covered by the officer"};
    flag.text = (char *)(uintptr_t)buf_text(&text);
    int err = flag_of_officer(&run->act, document_id, &flag);
    run->places++;
    free(flag.boxes);
    buf_wipe(&text);
    return err;
}

static void covered_mark(const struct flag *flag, const struct words *words, char *covered) {
    for (size_t i = 0; i < words->count; i++) {
        const struct box *w = &words->list[i].box;
        float x = (w->x0 + w->x1) / 2, y = (w->y0 + w->y1) / 2;
        for (size_t k = 0; k < flag->box_count && !covered[i]; k++)
            covered[i] = flag->boxes[k].x0 <= x && x <= flag->boxes[k].x1 && flag->boxes[k].y0 <= y && y <= flag->boxes[k].y1;
    }
}

/* Which words of a page a standing decision covers. */
static int covered_words(const struct cover_run *run, int64_t document_id, const struct document_page *page, char *covered) {
    struct rows *rows = db_query(run->store->db,
                                 "SELECT f.id FROM flag f JOIN page p ON p.id = f.page_id JOIN decision d ON d.flag_id = f.id"
                                 " AND d.request_id = ? AND d.superseded_by IS NULL AND d.cover = 1"
                                 " WHERE f.document_id = ? AND f.child_id = ? AND f.withdrawn = 0 AND p.number = ?",
                                 "iiii", run->request->id, document_id, run->request->child_id, (int64_t)page->number);
    int err = 0;
    while (!err && rows_next(rows) > 0) {
        struct flag flag;
        err = flag_load(run->store, rows_int(rows, 0), &flag);
        if (err)
            break;
        covered_mark(&flag, &page->words, covered);
        flag_drop(&flag);
    }
    int err2 = rows_end(&rows);
    return err2 ? err2 : err;
}

static int page_cover_words(struct cover_run *run, int64_t document_id, const struct document_page *page) {
    const struct words *words = &page->words;
    char **keys = mem_new((words->count + 1) * sizeof *keys);
    char *covered = mem_new(words->count + 1);
    for (size_t i = 0; i < words->count; i++)
        keys[i] = text_key(words->list[i].text);
    int err = covered_words(run, document_id, page, covered);
    for (size_t i = 0; i < words->count && !err; i++) {
        size_t end = keys[i][0] ? needle_at(&run->needle, keys, words->count, i) : 0;
        if (end && memchr(covered + i, 0, end - i))
            err = place_cover(run, document_id, page->number, words, i, end);
        else
            run->before += end != 0;
    }
    for (size_t i = 0; i < words->count; i++)
        free(keys[i]);
    free(keys);
    free(covered);
    return err;
}

static int document_cover_words(struct cover_run *run, int64_t document_id) {
    struct document_words words;
    int err = document_words_load(run->store, document_id, &words);
    if (err)
        return err;
    for (size_t i = 0; i < words.page_count && !err; i++)
        if (!run->order->page || words.pages[i].number == run->order->page)
            err = page_cover_words(run, document_id, &words.pages[i]);
    document_words_drop(&words);
    return err;
}

static int documents_cover_words(struct cover_run *run) {
    struct rows *rows = db_query(run->store->db, "SELECT document_id FROM request_document WHERE request_id = ? AND included = 1", "i", run->request->id);
    int err = 0;
    while (!err && rows_next(rows) > 0)
        if (!run->order->document_id || rows_int(rows, 0) == run->order->document_id)
            err = document_cover_words(run, rows_int(rows, 0));
    int err2 = rows_end(&rows);
    return err ? err : err2;
}

int request_cover_words(struct store *store, const struct rules *rules, const struct request *request, const struct act *act,
                        const struct cover_words *order, int64_t *ret_count) {
    struct cover_run run = {.store = store, .request = request, .order = order};
    int64_t count;
    needle_make(order->text, &run.needle);
    int err = run.needle.count ? decision_check(rules, &(struct decision){1, order->code}) : ERR_INPUT;
    if (!err)
        err = db_begin(store->db);
    if (!err) {
        err = act_begin(store, request, "covered words", act, &run.act);
        if (!err)
            err = documents_cover_words(&run);
        if (!err)
            err = act_end(&run.act, &count);
        err = db_end(store->db, err);
    }
    needle_drop(&run.needle);
    if (!err)
        *ret_count = run.places;
    if (!err && order->ret_before)
        *order->ret_before = run.before;
    return err;
}

/* Each page of the document that the order is for. */
static int pages_cover_box(const struct act_under_way *act, const struct cover_box *order, int64_t *ret_count) {
    struct rows *rows = db_query(act->store->db,
                                 "SELECT p.number, p.width_pt, p.height_pt FROM request_document r JOIN page p ON p.document_id = r.document_id"
                                 " WHERE r.request_id = ?1 AND r.included = 1 AND r.document_id = ?2 AND (?3 = 0 OR p.number = ?3) ORDER BY p.place", "iii",
                                 act->request->id, order->document_id, (int64_t)order->page);
    int err = 0;
    for (*ret_count = 0; !err && rows_next(rows) > 0; ++*ret_count) {
        struct box box = order->whole ? (struct box){0, 0, (float)rows_real(rows, 1), (float)rows_real(rows, 2)} : order->box;
        struct flag flag = {.page = (uint32_t)rows_int(rows, 0), .type = FLAG_PASSAGE, .role = ROLE_UNKNOWN, .cover = 1, .confidence = 100, .boxes = &box, .box_count = 1};
        flag.person_id = flag.text = (char[]){""};
        flag.code = (char *)(uintptr_t)order->code;
        flag.finder = (char[]){"officer"};
        flag.why = (char[]){"covered by the officer"};
        err = flag_of_officer(act, order->document_id, &flag);
    }
    int err2 = rows_end(&rows);
    return err ? err : err2 ? err2 : *ret_count ? 0 : ERR_NOT_FOUND;
}

int request_cover_box(struct store *store, const struct rules *rules, const struct request *request, const struct act *act,
                      const struct cover_box *order, int64_t *ret_count) {
    struct act_under_way under_way;
    int64_t count = 0, pages = 0;
    if (!order->whole && !(order->page && order->box.x0 < order->box.x1 && order->box.y0 < order->box.y1))
        return ERR_INPUT;
    int err = decision_check(rules, &(struct decision){1, order->code});
    if (!err)
        err = db_begin(store->db);
    if (err)
        return err;
    err = act_begin(store, request, order->whole ? "covered whole pages" : "covered a rectangle", act, &under_way);
    if (!err)
        err = pages_cover_box(&under_way, order, &pages);
    if (!err)
        err = act_end(&under_way, &count);
    err = db_end(store->db, err);
    if (!err)
        *ret_count = pages;
    return err;
}
