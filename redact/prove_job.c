#include "base/err.h"
#include "base/mem.h"
#include "redact/redact_job.h"
#include "redact/redact_record.h"
#include "store/pack_rows.h"
#include "store/seal.h"
#include "store/vault.h"

#include <sodium.h>
#include <stdlib.h>

struct proof_row {
    int64_t pack_id;
    uint32_t first, last;
    struct pack_volume volume;
};

static int proof_load(struct store *store, int64_t proof_id, struct proof_row *ret) {
    struct pack_volume *volumes = NULL;
    size_t count = 0;
    int64_t number = 0;
    struct rows *rows = db_query(store->db, "SELECT pack_id, first_page, last_page, volume FROM proof WHERE id = ?", "i", proof_id);
    int n = rows_next(rows);
    if (n > 0) {
        *ret = (struct proof_row){.pack_id = rows_int(rows, 0), .first = (uint32_t)rows_int(rows, 1), .last = (uint32_t)rows_int(rows, 2)};
        number = rows_int(rows, 3);
    }
    int err = rows_end(&rows);
    if (!err && n <= 0)
        err = ERR_NOT_FOUND;
    if (!err)
        err = pack_volumes_load(store, ret->pack_id, &volumes, &count);
    if (!err && (number < 1 || (size_t)number > count))
        err = ERR_NOT_FOUND;
    if (!err)
        ret->volume = volumes[number - 1];
    free(volumes);
    return err;
}

/* Where the covered areas stand in the pack: pages of the order only, or all for the checks of the file. */
static int areas_load(struct store *store, const struct pack_row *pack, const struct pack_volume *volume, struct prove_order *order) {
    int err = 0;
    for (uint32_t i = volume->first_page; i <= volume->last_page && !err; i++) {
        struct covered_page page;
        uint32_t number = volume->front_pages + i - volume->first_page + 1;
        if (order->first_page && (number < order->first_page || number > order->last_page))
            continue;
        err = pack_covered_page(store, pack, i, &page);
        if (err)
            break;
        order->areas = mem_grow(order->areas, order->area_count + page.covered_count, sizeof *order->areas);
        for (size_t k = 0; k < page.covered_count; k++) {
            struct prove_area *area = &order->areas[order->area_count++];
            *area = (struct prove_area){.page = number, .box = page.covered[k]};
            if (page.labels)
                area->label = page.labels[k];
        }
        covered_page_drop(&page);
    }
    return err;
}

static int prove_order(struct store *store, int64_t proof_id, struct buf *out) {
    struct proof_row proof;
    struct pack_row pack;
    struct prove_order order = {0};
    struct pack_texts withheld = {0}, allowed = {0};
    struct buf pdf = {0};
    int err = proof_load(store, proof_id, &proof);
    if (!err)
        err = pack_row_load(store, proof.pack_id, &pack);
    if (!err)
        err = covered_open(store, proof.volume.object_id, &pdf);
    if (!err)
        err = pack_texts_load(store, &pack, &withheld, &allowed);
    order.first_page = proof.first;
    order.last_page = proof.last;
    if (!err)
        err = areas_load(store, &pack, &proof.volume, &order);
    if (!err) {
        order.pdf = buf_view(&pdf);
        order.withheld = withheld.list;
        order.withheld_count = withheld.count;
        order.allowed = allowed.list;
        order.allowed_count = allowed.count;
        prove_order_encode(&order, out);
    }
    free(order.areas);
    pack_texts_drop(&withheld);
    pack_texts_drop(&allowed);
    buf_drop(&pdf);
    return err;
}

static int findings_save(struct store *store, int64_t proof_id, const struct pack_row *pack, struct view bytes, size_t count) {
    uint8_t key[STORE_KEY_BYTES];
    int64_t key_id;
    struct buf sealed = {0};
    int err = seal_key_of(store, "request", pack->request_id, &key_id, key);
    if (!err) {
        seal_bytes(key, "proof.findings", bytes, &sealed);
        err = db_run(store->db, "UPDATE proof SET state = 'done', finding_count = ?, sealed_findings = ? WHERE id = ?", "ibi",
                     (int64_t)count, buf_view(&sealed), proof_id);
    }
    buf_drop(&sealed);
    sodium_memzero(key, sizeof key);
    return err;
}

/* The pack is proved when every part of the proof is done and found nothing. */
static int pack_judge(struct store *store, int64_t pack_id) {
    return db_run(store->db,
                  "UPDATE pack SET state = CASE WHEN (SELECT sum(finding_count) FROM proof WHERE pack_id = ?1) = 0"
                  " THEN 'proved' ELSE 'refused' END WHERE id = ?1 AND state = 'proving'"
                  " AND NOT EXISTS (SELECT 1 FROM proof WHERE pack_id = ?1 AND state != 'done')",
                  "i", pack_id);
}

static int prove_done(struct store *store, const struct job *job, struct view bytes) {
    struct proof_row proof;
    struct pack_row pack;
    struct findings findings;
    int err = findings_decode(bytes, &findings);
    if (err)
        return err;
    size_t count = findings.count;
    findings_drop(&findings);
    err = proof_load(store, job->subject, &proof);
    if (!err)
        err = pack_row_load(store, proof.pack_id, &pack);
    if (!err)
        err = findings_save(store, job->subject, &pack, bytes, count);
    return err ? err : pack_judge(store, proof.pack_id);
}

static int prove_given_up(struct store *store, const struct job *job, const char *reason) {
    return db_run(store->db, "UPDATE pack SET state = 'refused', reason = ? WHERE id = (SELECT pack_id FROM proof WHERE id = ?)"
                  " AND state = 'proving'", "ti", reason, job->subject);
}

const struct job_kind prove_job_kind = {.name = "prove", .subject = "proof", .order = prove_order, .done = prove_done, .given_up = prove_given_up};
