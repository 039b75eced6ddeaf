#include "ocr/pdf_stream.h"

#include "base/mem.h"
#include "ocr/pdf_lzw.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { STAGES_MOST = 6, CHUNK_BYTES = 65536 };

enum stage_kind { STAGE_FLATE, STAGE_ASCII85, STAGE_HEX, STAGE_LZW, STAGE_RUN };

/* Bytes that one byte can become. Deflate: 1,032 (zlib's technical details). LZW: a code of 9 bits or more is a string of
 * 4,096 at most. */
static const double stage_ratio[] = {1040, 4, 1, PDF_LZW_STEP_MOST, PDF_RUN_STEP_MOST};

struct stage {
    enum stage_kind kind;
    z_stream z;
    uint8_t *room; /* what it gives in one go */
    uint32_t group;
    int digits;
    int skip; /* bytes of zlib's header that are still to come */
    struct pdf_lzw *lzw;
    struct pdf_run run;
    bool ended;
};

struct chain {
    struct stage stages[STAGES_MOST];
    int count;
    size_t total, most;
    struct buf *out;
    bool broken;
};

static bool chain_give(struct chain *chain, int at, const uint8_t *data, size_t len);

/* ---- the stages; each is false when enough has come out ---- */

static bool flate_give(struct chain *chain, int at, const uint8_t *data, size_t len) {
    struct stage *s = &chain->stages[at];
    for (; s->skip && len; s->skip--, len--)
        data++;
    s->z.next_in = (Bytef *)(uintptr_t)data;
    s->z.avail_in = (uInt)len;
    while (!s->ended) {
        s->z.next_out = s->room;
        s->z.avail_out = CHUNK_BYTES;
        int rc = inflate(&s->z, Z_NO_FLUSH);
        size_t got = CHUNK_BYTES - s->z.avail_out;
        if (got && !chain_give(chain, at + 1, s->room, got))
            return false;
        if (rc == Z_STREAM_END)
            s->ended = true;
        else if (rc == Z_BUF_ERROR || (rc == Z_OK && s->z.avail_in == 0 && s->z.avail_out))
            break;
        else if (rc != Z_OK)
            s->ended = chain->broken = true;
    }
    return true;
}

static size_t ascii85_group(struct stage *s, int digits, uint8_t *out) {
    uint32_t group = s->group;
    for (int i = digits; i < 5; i++)
        group = group * 85 + 84;
    for (int i = 0; i < digits - 1; i++)
        out[i] = (uint8_t)(group >> (24 - 8 * i));
    s->group = 0;
    s->digits = 0;
    return digits > 1 ? (size_t)digits - 1 : 0;
}

static size_t ascii85_take(struct stage *s, uint8_t c, uint8_t *out) {
    if (c == 'z' && !s->digits) {
        memset(out, 0, 4);
        return 4;
    }
    if (c == '~') {
        s->ended = true;
        return ascii85_group(s, s->digits, out);
    }
    if (c < '!' || c > 'u')
        return 0;
    s->group = s->group * 85 + (uint32_t)(c - '!');
    return ++s->digits == 5 ? ascii85_group(s, 5, out) : 0;
}

static size_t hex_take(struct stage *s, uint8_t c, uint8_t *out) {
    if (c == '>')
        s->ended = true;
    if (!isxdigit(c))
        return 0;
    s->group = s->group << 4 | (uint32_t)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
    if (++s->digits < 2)
        return 0;
    out[0] = (uint8_t)s->group;
    s->group = 0;
    s->digits = 0;
    return 1;
}

static bool ascii_give(struct chain *chain, int at, const uint8_t *data, size_t len) {
    struct stage *s = &chain->stages[at];
    size_t got = 0;
    for (size_t i = 0; i < len && !s->ended; i++) {
        got += s->kind == STAGE_HEX ? hex_take(s, data[i], s->room + got)
                                    : ascii85_take(s, data[i], s->room + got);
        if (got > CHUNK_BYTES - 8) {
            if (!chain_give(chain, at + 1, s->room, got))
                return false;
            got = 0;
        }
    }
    return !got || chain_give(chain, at + 1, s->room, got);
}

static bool packed_give(struct chain *chain, int at, const uint8_t *data, size_t len) {
    struct stage *s = &chain->stages[at];
    size_t got = 0;
    for (size_t i = 0; i < len && !s->ended; i++) {
        got += s->kind == STAGE_RUN ? pdf_run_take(&s->run, data[i], s->room + got, &s->ended)
                                    : pdf_lzw_take(s->lzw, data[i], s->room + got, &s->ended, &chain->broken);
        if (got > CHUNK_BYTES - PDF_LZW_STEP_MOST) {
            if (!chain_give(chain, at + 1, s->room, got))
                return false;
            got = 0;
        }
    }
    return !got || chain_give(chain, at + 1, s->room, got);
}

static bool chain_give(struct chain *chain, int at, const uint8_t *data, size_t len) {
    enum stage_kind kind = at < chain->count ? chain->stages[at].kind : STAGE_FLATE;
    if (at < chain->count)
        return kind == STAGE_FLATE                       ? flate_give(chain, at, data, len)
               : kind == STAGE_LZW || kind == STAGE_RUN ? packed_give(chain, at, data, len)
                                                         : ascii_give(chain, at, data, len);
    bool full = len > chain->most - chain->total;
    if (chain->out)
        buf_add(chain->out, data, full ? chain->most - chain->total : len);
    chain->total = full ? chain->most + 1 : chain->total + len;
    return !full;
}

/* ---- the filters ---- */

static bool chain_add(struct chain *chain, enum stage_kind kind, bool early) {
    struct stage *s = &chain->stages[chain->count];
    *s = (struct stage){.kind = kind, .skip = 2};
    if (kind == STAGE_FLATE &&
        inflateInit2(&s->z, -MAX_WBITS) != Z_OK) /* bare: many files lack the check sum at the end */
        return false;
    if (kind == STAGE_LZW)
        s->lzw = pdf_lzw_new(early);
    s->room = mem_new(CHUNK_BYTES);
    chain->count++;
    return true;
}

static void chain_drop(struct chain *chain) {
    for (int i = 0; i < chain->count; i++) {
        if (chain->stages[i].kind == STAGE_FLATE)
            inflateEnd(&chain->stages[i].z);
        pdf_lzw_drop(&chain->stages[i].lzw);
        mem_free(&chain->stages[i].room);
    }
}

static const struct {
    const char *name, *brief;
    int stage; /* or -1 */
    enum pdf_coding coding;
} filters[] = {
    {"/FlateDecode", "/Fl", STAGE_FLATE, PDF_CODING_PLAIN},
    {"/ASCII85Decode", "/A85", STAGE_ASCII85, PDF_CODING_PLAIN},
    {"/ASCIIHexDecode", "/AHx", STAGE_HEX, PDF_CODING_PLAIN},
    {"/DCTDecode", "/DCT", -1, PDF_CODING_JPEG},
    {"/JPXDecode", "/JPXDecode", -1, PDF_CODING_JPEG2000},
    {"/CCITTFaxDecode", "/CCF", -1, PDF_CODING_FAX},
    {"/JBIG2Decode", "/JBIG2Decode", -1, PDF_CODING_JBIG2},
    {"/LZWDecode", "/LZW", STAGE_LZW, PDF_CODING_PLAIN},
    {"/RunLengthDecode", "/RL", STAGE_RUN, PDF_CODING_PLAIN},
};

qpdf_oh pdf_stream_parameters(qpdf_data q, qpdf_oh stream, int filter) {
    qpdf_oh all = qpdf_oh_get_key(q, qpdf_oh_get_dict(q, stream), "/DecodeParms");
    if (qpdf_oh_is_array(q, all))
        return filter < qpdf_oh_get_array_n_items(q, all) ? qpdf_oh_get_array_item(q, all, filter) : qpdf_oh_new_null(q);
    return filter == 0 ? all : qpdf_oh_new_null(q);
}

int pdf_stream_filters(qpdf_data q, qpdf_oh stream) {
    qpdf_oh filter = qpdf_oh_get_key(q, qpdf_oh_get_dict(q, stream), "/Filter");
    return qpdf_oh_is_array(q, filter) ? qpdf_oh_get_array_n_items(q, filter) : qpdf_oh_is_name(q, filter);
}

/* Adds the filter's stage, or says what is left; false when the chain ends here. */
static bool chain_add_filter(struct chain *chain, const char *name, bool early, enum pdf_coding *ret_coding) {
    if (strcmp(name, "/Crypt") == 0) /* qpdf has undone it */
        return true;
    for (size_t i = 0; i < sizeof filters / sizeof *filters; i++)
        if (strcmp(name, filters[i].name) == 0 || strcmp(name, filters[i].brief) == 0) {
            *ret_coding = filters[i].coding;
            return filters[i].stage >= 0 && chain->count < STAGES_MOST &&
                   chain_add(chain, (enum stage_kind)filters[i].stage, early);
        }
    *ret_coding = PDF_CODING_UNKNOWN;
    return false;
}

static bool filter_is_early(qpdf_data q, qpdf_oh stream, int filter) {
    qpdf_oh parameters = pdf_stream_parameters(q, stream, filter);
    return !qpdf_oh_is_dictionary(q, parameters) || pdf_key_number(q, parameters, "/EarlyChange", 1) != 0;
}

static enum pdf_coding chain_begin(struct chain *chain, qpdf_data q, qpdf_oh stream) {
    enum pdf_coding coding = PDF_CODING_PLAIN;
    qpdf_oh filter = qpdf_oh_get_key(q, qpdf_oh_get_dict(q, stream), "/Filter");
    if (qpdf_oh_is_name(q, filter))
        chain_add_filter(chain, qpdf_oh_get_name(q, filter), filter_is_early(q, stream, 0), &coding);
    int count = qpdf_oh_is_array(q, filter) ? qpdf_oh_get_array_n_items(q, filter) : 0;
    for (int i = 0; i < count; i++) {
        qpdf_oh item = qpdf_oh_get_array_item(q, filter, i);
        if (!qpdf_oh_is_name(q, item) || i >= STAGES_MOST)
            return PDF_CODING_UNKNOWN;
        if (!chain_add_filter(chain, qpdf_oh_get_name(q, item), filter_is_early(q, stream, i), &coding))
            break;
    }
    return coding;
}

/* The stream as it lies in the file, decrypted; you free it. */
static struct view stream_raw(qpdf_data q, qpdf_oh stream) {
    unsigned char *data = NULL;
    size_t len = 0;
    QPDF_BOOL filtered;
    QPDF_ERROR_CODE code = qpdf_oh_get_stream_data(q, stream, qpdf_dl_none, &filtered, &data, &len);
    if ((code & QPDF_ERRORS) || !data) {
        free(data);
        return (struct view){0};
    }
    return view_of(data, len);
}

static bool chain_is_short(const struct chain *chain) {
    bool cut = chain->broken;
    for (int i = 0; i < chain->count; i++)
        cut |= chain->stages[i].kind == STAGE_FLATE && !chain->stages[i].ended;
    return cut;
}

size_t pdf_stream_unpack(qpdf_data q, qpdf_oh stream, size_t most, struct buf *out,
                         enum pdf_coding *ret_coding, bool *ret_broken) {
    struct chain *chain = mem_new(sizeof *chain);
    chain->most = most;
    chain->out = out;
    enum pdf_coding coding = chain_begin(chain, q, stream);
    struct view raw = coding == PDF_CODING_UNKNOWN ? (struct view){0} : stream_raw(q, stream);
    bool whole = true;
    for (size_t at = 0; at < raw.len && whole; at += CHUNK_BYTES)
        whole = chain_give(chain, 0, raw.data + at, raw.len - at < CHUNK_BYTES ? raw.len - at : CHUNK_BYTES);
    size_t total = chain->total;
    if (ret_coding)
        *ret_coding = coding;
    if (ret_broken)
        *ret_broken = whole && chain_is_short(chain);
    free((void *)(uintptr_t)raw.data);
    chain_drop(chain);
    mem_free(&chain);
    return total;
}

/* Most streams are known to be small without unpacking them. */
bool pdf_stream_is_bounded(qpdf_data q, qpdf_oh stream) {
    struct chain chain = {0};
    chain_begin(&chain, q, stream);
    double most = (double)pdf_key_number(q, qpdf_oh_get_dict(q, stream), "/Length", 0);
    bool known = most > 0 && chain.count < STAGES_MOST;
    for (int i = 0; i < chain.count; i++)
        most *= stage_ratio[chain.stages[i].kind];
    chain_drop(&chain);
    if (known && most <= PDF_UNPACKED_BYTES_MOST)
        return true;
    return pdf_stream_unpack(q, stream, PDF_UNPACKED_BYTES_MOST, NULL, NULL, NULL) <= PDF_UNPACKED_BYTES_MOST;
}
