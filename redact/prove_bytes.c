#include "base/mem.h"
#include "redact/pdf_lex.h"
#include "redact/prover.h"

#include <stdlib.h>
#include <string.h>

#define OBJECTS_MOST 2000000

/* Our packs are exactly what qpdf writes of their objects. So writing the objects once more must give the
 * same bytes: what is not the same holds something else, such as an earlier revision, objects that nothing
 * refers to, or bytes between them. */
void prove_rewritten(struct prover *prover) {
    struct view pdf = prover->order->pdf;
    qpdf_data again = qpdf_init();
    qpdf_silence_errors(again);
    qpdf_set_suppress_warnings(again, 1);
    bool same = false;
    if (!(qpdf_read_memory(again, "pack", (const char *)pdf.data, pdf.len, NULL) & QPDF_ERRORS) &&
        !qpdf_init_write_memory(again)) {
        qpdf_set_object_stream_mode(again, qpdf_o_generate);
        qpdf_set_deterministic_ID(again, 1);
        qpdf_set_linearization(again, 1);
        if (!(qpdf_write(again) & QPDF_ERRORS))
            same = view_equal(pdf, view_of(qpdf_get_buffer(again), qpdf_get_buffer_length(again)));
    }
    prover_close(&again);
    if (!same)
        prover_add(
            prover, 0, PROVE_AREA_NONE, "structure",
            "the file holds more than its objects: earlier revisions, or bytes that do not belong to it");
}

/* A JPEG may carry comments, thumbnails and camera data, and bytes after its end: ours hold only what draws
 * the picture. */
static bool jpeg_is_plain(struct view jpeg) {
    static const uint8_t allowed[] = {0xC0, 0xC1, 0xC2, 0xC4, 0xDB, 0xDD, 0xE0, 0xEE};
    size_t at = 2;
    if (jpeg.len < 4 || memcmp(jpeg.data, "\xFF\xD8", 2) != 0 ||
        memcmp(jpeg.data + jpeg.len - 2, "\xFF\xD9", 2) != 0)
        return false;
    while (at + 4 <= jpeg.len && jpeg.data[at] == 0xFF && jpeg.data[at + 1] != 0xDA) {
        size_t len = (size_t)jpeg.data[at + 2] << 8 | jpeg.data[at + 3];
        uint8_t marker = jpeg.data[at + 1];
        bool long_head = (marker == 0xE0 && len != 16) || (marker == 0xEE && len != 14);
        if (!memchr(allowed, marker, sizeof allowed) || long_head)
            return false;
        at += 2 + len;
    }
    /* One scan (or several, of a progressive picture), then the end and nothing after it. */
    for (at += 2; at + 1 < jpeg.len; at++)
        if (jpeg.data[at] == 0xFF && jpeg.data[at + 1] == 0xD9)
            return at + 2 == jpeg.len;
    return false;
}

static void bytes_jpeg(struct prover *prover, qpdf_oh stream) {
    unsigned char *bytes = NULL;
    size_t len = 0;
    if (qpdf_oh_get_stream_data(prover->pdf, stream, qpdf_dl_none, NULL, &bytes, &len) & QPDF_ERRORS ||
        !jpeg_is_plain(view_of(bytes, len)))
        prover_add(prover, 0, PROVE_AREA_NONE, "structure",
                   "unknown construct: a picture carries more than the picture");
    free(bytes);
}

static bool stream_is(qpdf_data pdf, qpdf_oh stream, const char *key, const char *name) {
    return qpdf_oh_is_name_and_equals(pdf, qpdf_oh_get_key(pdf, qpdf_oh_get_dict(pdf, stream), key), name);
}

/* The coordinates of a drawing, written one after the other, sooner or later hold the digits of a date. Numbers that are operands are no
 * text, so they are blanked in what is scanned; digits in strings, names and anything else stay. */
static void blank_operands(unsigned char *bytes, size_t len) {
    struct pdf_lex lex = {.left = view_of(bytes, len)};
    for (;;) {
        size_t from = len - lex.left.len;
        enum pdf_token token = pdf_lex_next(&lex);
        if (token == PDF_END)
            break;
        if (token == PDF_NUMBER)
            memset(bytes + from, '\n', len - lex.left.len - from);
    }
    pdf_lex_drop(&lex);
}

/* Pictures are scanned as they are kept, with all the raw file; everything else decoded as well. */
static void bytes_stream(struct prover *prover, qpdf_oh stream) {
    unsigned char *bytes = NULL;
    size_t len = 0;
    if (stream_is(prover->pdf, stream, "/Filter", "/DCTDecode"))
        bytes_jpeg(prover, stream);
    if (stream_is(prover->pdf, stream, "/Subtype", "/Image"))
        return;
    bool font = qpdf_oh_has_key(prover->pdf, qpdf_oh_get_dict(prover->pdf, stream), "/Length1");
    if (qpdf_oh_get_stream_data(prover->pdf, stream, qpdf_dl_all, NULL, &bytes, &len) & QPDF_ERRORS) {
        prover_add(prover, 0, PROVE_AREA_NONE, "bytes", "a stream cannot be decoded");
    } else {
        if (!font)
            blank_operands(bytes, len);
        prover_search_bytes(prover, view_of(bytes, len), " in a stream", font ? SEARCH_BINARY : SEARCH_SHORT);
    }
    free(bytes);
}

void prove_bytes(struct prover *prover) {
    qpdf_data pdf = prover->pdf;
    long long size = qpdf_oh_get_int_value(pdf, qpdf_oh_get_key(pdf, qpdf_get_trailer(pdf), "/Size"));
    prover_search_bytes(prover, prover->order->pdf, " in the file's bytes", SEARCH_BINARY);
    for (long long i = 1; i < size && i < OBJECTS_MOST; i++) {
        qpdf_oh object = qpdf_get_object_by_id(pdf, (int)i, 0);
        if (qpdf_oh_is_stream(pdf, object))
            bytes_stream(prover, object);
        qpdf_oh_release_all(pdf);
    }
}
