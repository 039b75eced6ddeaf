/* rtf_text.h: the words of an RTF text, and the packing that Outlook puts it in. */
#ifndef INGEST_RTF_TEXT_H
#define INGEST_RTF_TEXT_H

#include "base/buf.h"

#define RTF_BYTES_MOST (64u << 20) /* unpacked */

/* Unpacks LZFu or plain "MELA" ([MS-OXRTFCP] 2.1). ERR_DAMAGED, ERR_TOO_LARGE. */
int rtf_unpack(struct view packed, struct buf *out);
/* Appends the text, UTF-8, without commands, fonts, pictures and what is hidden beside HTML ([MS-OXRTFEX]).
 */
void rtf_text(struct view rtf, struct buf *out);

#endif
