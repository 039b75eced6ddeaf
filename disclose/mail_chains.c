#include "disclose/mail_chains.h"

#include "base/mem.h"
#include "base/text.h"
#include "store/page_rows.h"

#include <stdlib.h>
#include <string.h>

#define RUN_WORDS 5
#define HEAD_RUNS 40   /* what the first lines may fill */
#define RUNS_LEAST 8   /* a shorter mail stands in too many others */
#define GROUP_MOST 200 /* mails that have one run: more is a signature */

struct run {
    uint64_t hash;
    uint32_t mail, at;
};

struct mail {
    int64_t document;
    uint32_t runs;
    uint32_t *shared; /* by mail: how many of this mail's runs behind its head stand there too */
};

struct chains {
    struct mail *mails;
    size_t count;
    struct run *runs;
    size_t run_count, run_room;
};

/* FNV-1a over the keys of the words. */
static uint64_t hash_add(uint64_t hash, const char *key) {
    for (; *key; key++)
        hash = (hash ^ (unsigned char)*key) * 0x100000001b3u;
    return (hash ^ 0x1F) * 0x100000001b3u;
}

static void mail_runs(struct chains *c, uint32_t mail, char *const *keys, size_t count) {
    for (size_t i = 0; i + RUN_WORDS <= count; i++) {
        uint64_t hash = 0xcbf29ce484222325u;
        for (size_t k = 0; k < RUN_WORDS; k++)
            hash = hash_add(hash, keys[i + k]);
        if (c->run_count == c->run_room)
            c->runs = mem_grow(c->runs, c->run_room = c->run_room ? c->run_room * 2 : 4096, sizeof *c->runs);
        c->runs[c->run_count++] = (struct run){hash, mail, c->mails[mail].runs++};
    }
}

static int mail_load(struct store *store, struct chains *c, int64_t document) {
    struct document_words words;
    int err = document_words_load(store, document, &words);
    if (err)
        return err;
    size_t room = 0, count = 0;
    for (size_t p = 0; p < words.page_count; p++)
        room += words.pages[p].words.count;
    char **keys = mem_new((room + 1) * sizeof *keys);
    for (size_t p = 0; p < words.page_count; p++)
        for (size_t i = 0; i < words.pages[p].words.count; i++) {
            char *key = text_key(words.pages[p].words.list[i].text);
            if (*key)
                keys[count++] = key; /* the signs of quoting have none */
            else
                free(key);
        }
    c->mails = mem_grow(c->mails, c->count + 1, sizeof *c->mails);
    c->mails[c->count++] = (struct mail){.document = document};
    mail_runs(c, (uint32_t)c->count - 1, keys, count);
    for (size_t i = 0; i < count; i++)
        free(keys[i]);
    free(keys);
    document_words_drop(&words);
    return 0;
}

static int run_compare(const void *a, const void *b) {
    const struct run *x = a, *y = b;
    return x->hash != y->hash ? (x->hash > y->hash) - (x->hash < y->hash) : x->mail != y->mail ? (x->mail > y->mail) - (x->mail < y->mail) : (x->at > y->at) - (x->at < y->at);
}

/* How many runs its first lines are given. */
static uint32_t mail_head(const struct mail *mail) {
    return mail->runs / 3 < HEAD_RUNS ? mail->runs / 3 : HEAD_RUNS;
}

/* All runs with one hash: each mail's count in each other one's. */
static void group_share(struct chains *c, const struct run *group, size_t count) {
    for (size_t i = 0; i < count && count <= GROUP_MOST; i++) {
        if (group[i].at < mail_head(&c->mails[group[i].mail]))
            continue;
        for (size_t k = 0; k < count; k++)
            if (group[k].mail != group[i].mail && (!k || group[k].mail != group[k - 1].mail))
                c->mails[group[i].mail].shared[group[k].mail]++;
    }
}

static void chains_list(const struct chains *c, struct mail_chains *ret) {
    for (size_t i = 0; i < c->count; i++) {
        const struct mail *mail = &c->mails[i];
        size_t best = c->count;
        if (mail->runs < RUNS_LEAST)
            continue;
        for (size_t k = 0; k < c->count; k++)
            if (mail->shared[k] >= mail->runs - mail_head(mail) && c->mails[k].runs > mail->runs && (best == c->count || c->mails[k].runs > c->mails[best].runs))
                best = k;
        if (best == c->count)
            continue;
        ret->list = mem_grow(ret->list, ret->count + 1, sizeof *ret->list);
        ret->list[ret->count++] = (struct mail_chain){mail->document, c->mails[best].document};
    }
}

int mail_chains_find(struct store *store, const struct request *request, struct mail_chains *ret) {
    struct chains c = {0};
    *ret = (struct mail_chains){0};
    struct rows *rows = db_query(store->db,
                                 "SELECT r.document_id FROM request_document r JOIN document d ON d.id = r.document_id JOIN part p ON p.id = d.part_id"
                                 " WHERE r.request_id = ? AND r.included = 1 AND p.kind = 'mail' ORDER BY r.ordinal", "i", request->id);
    int err = 0;
    while (!err && rows_next(rows) > 0)
        err = mail_load(store, &c, rows_int(rows, 0));
    int err2 = rows_end(&rows);
    err = err ? err : err2;
    for (size_t i = 0; i < c.count; i++)
        c.mails[i].shared = mem_new(c.count * sizeof *c.mails[i].shared);
    if (!err && c.run_count)
        qsort(c.runs, c.run_count, sizeof *c.runs, run_compare);
    for (size_t from = 0, to; !err && from < c.run_count; from = to) {
        for (to = from; to < c.run_count && c.runs[to].hash == c.runs[from].hash; to++)
            ;
        group_share(&c, &c.runs[from], to - from);
    }
    if (!err)
        chains_list(&c, ret);
    for (size_t i = 0; i < c.count; i++)
        free(c.mails[i].shared);
    free(c.mails);
    free(c.runs);
    return err;
}

void mail_chains_drop(struct mail_chains *chains) {
    free(chains->list);
    *chains = (struct mail_chains){0};
}
