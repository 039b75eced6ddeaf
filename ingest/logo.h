/* logo.h: whether a picture shown in the text of a mail is its signature's logo, an icon or a tracking pixel, and no document of its own.
 * Decodes hostile bytes: in the confined helper only. */
#ifndef INGEST_LOGO_H
#define INGEST_LOGO_H

#include "base/buf.h"

/* What the mail says of it. Zeroed: nothing. */
struct logo_facts {
    const char *attached;     /* "inline", "attachment": see part_sink.h; NULL: not known */
    int has_content_id;       /* the mail's HTML can show it */
    int width_px, height_px;  /* as the HTML shows it; 0: not said */
};

/* 1: kept, but no document of its own. 0: a document, and always when in doubt: a photograph, a page or a screenshot must never be
 * dropped. What is attached and not shown in the text is always a document. */
int logo_likely(struct view bytes, const struct logo_facts *facts);

#endif
