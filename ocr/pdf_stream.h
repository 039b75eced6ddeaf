/* pdf_stream.h: what a PDF stream unpacks to, found out within a limit: qpdf and Poppler unpack whatever they
 * are given. */
#ifndef OCR_PDF_STREAM_H
#define OCR_PDF_STREAM_H

#include "ocr/pdf_file.h"

enum pdf_coding {
    PDF_CODING_PLAIN, /* every filter was undone */
    PDF_CODING_JPEG,  /* DCTDecode is left */
    PDF_CODING_JPEG2000,
    PDF_CODING_FAX, /* CCITTFaxDecode */
    PDF_CODING_JBIG2,
    PDF_CODING_UNKNOWN, /* a filter that no reader knows */
};

/* Counts what the stream unpacks to, but at most most + 1 bytes; FlateDecode, LZWDecode,
 * RunLengthDecode, ASCII85Decode and ASCIIHexDecode are undone (no predictor). out, when not NULL, gets the bytes (no more than most).
 * *ret_broken: the packed data are damaged or end too early. */
size_t pdf_stream_unpack(qpdf_data q, qpdf_oh stream, size_t most, struct buf *out,
                         enum pdf_coding *ret_coding, bool *ret_broken);

/* Whether it may be handed to a library that unpacks without a limit. */
bool pdf_stream_is_bounded(qpdf_data q, qpdf_oh stream);

/* How many filters the stream has, and the parameters of one of them (from 0); null when it has none. */
int pdf_stream_filters(qpdf_data q, qpdf_oh stream);
qpdf_oh pdf_stream_parameters(qpdf_data q, qpdf_oh stream, int filter);

#endif
