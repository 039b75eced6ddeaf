/* Any bytes as what an IMAP server says: in one piece or byte by byte it is the same, and the views stay inside. */
#include "ingest/imap_answer.h"

#include "base/err.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MOST_ANSWERS 64

struct heard {
    int count, end; /* end: 0 or the error */
    struct {
        enum imap_kind kind;
        enum imap_status status;
        uint32_t tag;
        size_t code, rest, body;
        uint64_t sum;
    } answers[MOST_ANSWERS];
};

static void check(bool holds) {
    if (!holds)
        abort();
}

static uint64_t sum_of(struct view view) {
    uint64_t sum = 0;
    for (size_t i = 0; i < view.len; i++)
        sum = sum * 31 + view.data[i];
    return sum;
}

static void take_uid(void *state, uint32_t uid) {
    uint64_t *sum = state;
    check(uid > 0);
    *sum = *sum * 31 + uid;
}

static void hear(struct heard *heard, const struct imap_answer *answer) {
    struct imap_fetch fetch = {0};
    uint32_t n = 0;
    if (heard->count == MOST_ANSWERS)
        return;
    uint64_t sum = sum_of(answer->rest) + sum_of(answer->code);
    imap_answer_search(answer, take_uid, &sum);
    if (imap_answer_fetch(answer, &fetch)) {
        check(memchr(fetch.date, 0, sizeof fetch.date) != NULL);
        sum += sum_of(fetch.body) + fetch.uid + fetch.size;
    }
    sum += imap_answer_code_number(answer, "UIDVALIDITY", &n) ? n : 0;
    sum += imap_answer_exists(answer, &n) ? n : 0;
    sum += imap_answer_has_word(answer, "MOVE");
    heard->answers[heard->count].kind = answer->kind;
    heard->answers[heard->count].status = answer->status;
    heard->answers[heard->count].tag = answer->tag;
    heard->answers[heard->count].code = answer->code.len;
    heard->answers[heard->count].rest = answer->rest.len;
    heard->answers[heard->count].body = fetch.body.len;
    heard->answers[heard->count++].sum = sum;
}

static void hear_in_pieces(const uint8_t *data, size_t size, size_t piece, struct heard *heard) {
    struct imap_reader reader = {.most_literal = 4096};
    struct imap_answer answer;
    memset(heard, 0, sizeof *heard);
    for (size_t at = 0; at < size && !heard->end; at += piece) {
        buf_add(&reader.in, data + at, size - at < piece ? size - at : piece);
        while ((heard->end = imap_reader_next(&reader, &answer)) > 0) {
            hear(heard, &answer);
            if (heard->count % 3 == 0) {
                struct buf kept = {0};
                imap_reader_take(&reader, &kept);
                sum_of(answer.rest);
                buf_drop(&kept);
            }
        }
    }
    imap_reader_drop(&reader);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct heard whole, pieces;
    hear_in_pieces(data, size, size + 1, &whole);
    hear_in_pieces(data, size, 1 + size / 7, &pieces);
    check(memcmp(&whole, &pieces, sizeof whole) == 0);
    char *name = malloc(size + 1);
    if (size)
        memcpy(name, data, size);
    name[size] = 0;
    char *argument = imap_folder_argument(name);
    check(!argument || (!strpbrk(argument, "\r\n") && strlen(argument) >= 2));
    free(argument);
    free(name);
    return 0;
}
