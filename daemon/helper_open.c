/* helper_open.c: opens a part: what it is, its pages, its attachments. */
#include "daemon/helper_work.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/pix.h"
#include "ingest/mail.h"
#include "ingest/open_record.h"
#include "ingest/separator.h"
#include "ingest/sniff.h"
#include "ocr/laid_out.h"
#include "ocr/pdf_pages.h"
#include "ocr/picture_pages.h"
#include "ocr/recognise.h"

#include <leptonica/allheaders.h>
#include <stdlib.h>
#include <string.h>

static int give_record(const struct open_record *record) {
    struct buf out = {0};
    open_record_encode(record, &out);
    int err = helper_give(&out);
    buf_drop(&out);
    return err;
}

static int give_count(void *state, uint32_t pages) {
    (void)state;
    struct open_record record = {.type = OPEN_COUNT, .count = pages};
    return give_record(&record);
}

/* A page whose picture holds everything may be a separator sheet, or a blank back. */
static void page_look(struct opened_page *page, char payload[SEPARATOR_PAYLOAD_MOST]) {
    PIX *pix = NULL;
    if (page->source != WORDS_NONE || page->picture.format == PICTURE_NONE || page->trouble[0])
        return;
    int err = pix_decode(page->picture.bytes, page->picture.turn, &pix);
    if (err) {
        page->trouble = err_text(err);
        page->picture.format = PICTURE_NONE;
        page->picture.bytes = (struct view){0};
        return;
    }
    if (separator_find(pix, page->picture.dpi, payload)) {
        page->role = PAGE_SEPARATOR;
        page->payload = payload;
    } else if (ocr_page_is_blank(pix, page->picture.dpi)) {
        page->role = PAGE_BLANK;
    }
    pixDestroy(&pix);
}

static int give_page(void *state, const struct opened_page *page) {
    char payload[SEPARATOR_PAYLOAD_MOST] = "";
    (void)state;
    helper_sign("opening page %u", page->number);
    struct open_record record = {.type = OPEN_PAGE, .page = *page};
    page_look(&record.page, payload);
    return give_record(&record);
}

static const struct page_sink sink = {give_count, give_page, NULL};

struct mail_state {
    uint32_t ordinal;
};

static int give_body(void *state, const char *heading, const char *body) {
    (void)state;
    return laid_out_open(heading, body, &sink);
}

static int give_attachment(void *state, const char *name, const char *content_type, bool is_inline, struct view bytes) {
    struct mail_state *mail = state;
    (void)is_inline;
    helper_sign("opening attachment %u", ++mail->ordinal);
    struct open_record record = {.type = OPEN_PART, .ordinal = mail->ordinal, .bytes = bytes,
                                 .name = (char *)(uintptr_t)name, .kind = (char *)(uintptr_t)content_type};
    return give_record(&record);
}

static int open_text(struct view part) {
    char *text = mem_text_part((const char *)part.data, part.len);
    int err = laid_out_open("", text, &sink);
    free(text);
    return err;
}

static int open_kind(enum content_kind kind, struct view part) {
    struct mail_state mail = {0};
    struct mail_sink mail_sink = {give_body, give_attachment, &mail};
    switch (kind) {
    case CONTENT_PDF:
        return pdf_pages_open(part, &sink);
    case CONTENT_TIFF:
    case CONTENT_JPEG:
    case CONTENT_PNG:
        return picture_pages_open(part, &sink);
    case CONTENT_MAIL:
        return mail_open(part, &mail_sink);
    case CONTENT_TEXT:
        return open_text(part);
    case CONTENT_EMPTY:
        return ERR_EMPTY;
    case CONTENT_OTHER:
        break;
    }
    return ERR_UNKNOWN_KIND;
}

int helper_open_part(struct view part) {
    enum content_kind kind = sniff_kind(part);
    char *description = sniff_describe(part);
    struct open_record record = {.type = OPEN_KIND, .kind = (char *)(uintptr_t)content_kind_text(kind), .description = description};
    int err = give_record(&record);
    free(description);
    return err ? err : open_kind(kind, part);
}
