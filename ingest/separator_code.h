/* separator_code.h: the bar codes of separator sheets; ingest's own. */
#ifndef INGEST_SEPARATOR_CODE_H
#define INGEST_SEPARATOR_CODE_H

#include "ingest/separator.h"

enum code_look {
    LOOK_ALL,     /* QR and bars, both ways */
    LOOK_ACROSS,  /* bars that a line from left to right crosses */
    LOOK_DOWN,    /* ... from top to bottom */
};

/* Whether a code of a separator sheet stands in the picture (8 bits grey, black on white). */
bool separator_code_find(struct Pix *grey, enum code_look look, char payload[SEPARATOR_PAYLOAD_MOST]);
/* Whether a code's text is one that separator sheets carry: "CF1-...", "SEP*...", or a plain word for it. */
bool separator_payload_is_one(const char *text);

#endif
