#include "filing/filing_record.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/wire.h"

#define PARTS_MOST 1000u
#define CANDIDATES_MOST 100u
#define TEXT_MOST 4096

static void candidate_encode(const struct filing_candidate *candidate, struct buf *out) {
    wire_put_u64(out, (uint64_t)candidate->child_id);
    wire_put_f32(out, candidate->probability);
    wire_put_f32(out, candidate->weight);
    wire_put_u8(out, candidate->chosen ? 1 : 0);
    wire_put_text(out, candidate->veto);
    wire_put_u32(out, (uint32_t)candidate->part_count);
    for (size_t i = 0; i < candidate->part_count; i++) {
        const struct filing_part *part = &candidate->parts[i];
        wire_put_text(out, part->name);
        wire_put_text(out, part->found);
        wire_put_f32(out, part->weight);
        wire_put_u32(out, part->page);
    }
}

void filing_record_encode(const struct filing_result *result, struct buf *out) {
    wire_put_u8(out, (uint8_t)result->outcome);
    wire_put_u32(out, (uint32_t)result->candidate_count);
    for (size_t i = 0; i < result->candidate_count; i++)
        candidate_encode(&result->candidates[i], out);
}

static size_t count_take(struct wire_reader *in, size_t most) {
    size_t n = wire_u32(in);
    if (n > most)
        in->err = ERR_DAMAGED;
    return in->err ? 0 : n;
}

static void candidate_decode(struct wire_reader *in, struct filing_candidate *ret) {
    ret->child_id = (int64_t)wire_u64(in);
    ret->probability = wire_f32(in);
    ret->weight = wire_f32(in);
    ret->chosen = wire_u8(in);
    ret->veto = wire_text(in, TEXT_MOST);
    ret->part_count = count_take(in, PARTS_MOST);
    ret->parts = mem_new((ret->part_count + 1) * sizeof *ret->parts);
    for (size_t i = 0; i < ret->part_count; i++) {
        ret->parts[i].name = wire_text(in, TEXT_MOST);
        ret->parts[i].found = wire_text(in, TEXT_MOST);
        ret->parts[i].weight = wire_f32(in);
        ret->parts[i].page = wire_u32(in);
    }
}

int filing_record_decode(struct view bytes, struct filing_result *ret) {
    struct wire_reader in = wire_reader(bytes);
    struct filing_result result = {.outcome = (enum filing_outcome)wire_u8(&in)};
    result.candidate_count = count_take(&in, CANDIDATES_MOST);
    result.candidates = mem_new((result.candidate_count + 1) * sizeof *result.candidates);
    for (size_t i = 0; i < result.candidate_count; i++)
        candidate_decode(&in, &result.candidates[i]);
    int err = wire_end(&in);
    if (!err && result.outcome > FILING_OUTSIDE)
        err = ERR_DAMAGED;
    if (err)
        filing_result_drop(&result);
    else
        *ret = result;
    return err;
}
