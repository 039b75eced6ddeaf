/* judge.h: judges a PDF that somebody else has redacted: what can still be got out of it. Confined helper only.
 *
 * Nothing is known of how the file was made, so each page is drawn several times: as it is, without its text, without its filled boxes, with all layers
 * shown. What makes no difference when it is taken away cannot be seen; what shows when a box is taken away lies under it. The file's objects and bytes
 * are walked for what no page shows at all. With withheld texts every string, name and stream is searched for them too, and pages whose pixels may say
 * more than their text are recognised. The 20 ways in which redactions fail: rules.md, section 7; each finding names its own ("check"). */
#ifndef REDACT_JUDGE_H
#define REDACT_JUDGE_H

#include "redact/prove.h"

#define JUDGE_FILES_MOST 16 /* that are judged together */

struct judge_order {
    struct view pdfs[JUDGE_FILES_MOST]; /* copies of one paper, or a pack with its letter, are judged together */
    char *names[JUDGE_FILES_MOST];      /* of the files, without folders */
    size_t file_count;
    char **withheld; /* texts that must not be found; or none */
    size_t withheld_count;
    bool recognise_all; /* every page, not only those with pictures, drawn letters or fonts that say nothing */
    int (*recognise)(void *state, struct Pix *pix, float width_pt, float height_pt, struct words *ret); /* as in prove.h; NULL: none */
    void *state;
};

/* findings: page from 1 within its file; each what begins with "NAME: " when there are several files. ret is zeroed first; you drop it. ERR_DAMAGED,
 * ERR_LOCKED: one of the files cannot be opened (then nothing is judged). */
int judge_pdfs(const struct judge_order *order, struct findings *ret, uint32_t *ret_pages);

#endif
