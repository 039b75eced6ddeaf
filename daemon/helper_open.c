/* helper_open.c: opens a part: what it is, its pages, its attachments. Rooms meet here, not in each other. */
#include "daemon/helper_work.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/pix.h"
#include "base/text.h"
#include "ingest/archive.h"
#include "ingest/calendar_text.h"
#include "ingest/html_text.h"
#include "ingest/logo.h"
#include "ingest/mail.h"
#include "ingest/mail_text.h"
#include "ingest/mailbox_file.h"
#include "ingest/open_order.h"
#include "ingest/open_record.h"
#include "ingest/outlook.h"
#include "ingest/separator.h"
#include "ingest/separator_likely.h"
#include "ingest/sniff.h"
#include "ocr/laid_out.h"
#include "ocr/page_check.h"
#include "ocr/pdf_contents.h"
#include "ocr/pdf_pages.h"
#include "ocr/picture_hash.h"
#include "ocr/picture_pages.h"
#include "ocr/recognise.h"

#include <leptonica/allheaders.h>
#include <stdlib.h>
#include <string.h>

/* What is being opened. */
struct opening {
    const struct open_order *order;
    uint32_t parts; /* found in it so far */
};

static int give_record(const struct open_record *record) {
    struct buf out = {0};
    open_record_encode(record, &out);
    int err = helper_give(&out);
    buf_drop(&out);
    return err;
}

static char *plain(const char *text) {
    return (char *)(uintptr_t)text;
}

static int give_note(void *state, const char *text) {
    (void)state;
    struct open_record record = {.type = OPEN_NOTE, .description = plain(text)};
    return give_record(&record);
}

/* ---- pages */

static int give_count(void *state, uint32_t pages) {
    (void)state;
    struct open_record record = {.type = OPEN_COUNT, .count = pages};
    return give_record(&record);
}

/* The sign tells the worker which page it is, should it never come. */
static int page_wanted(void *state, uint32_t number) {
    const struct opening *opening = state;
    if (number < opening->order->first)
        return 0;
    helper_sign("page %u", number);
    if (!open_order_skips(opening->order, number))
        return 1;
    struct open_record record = {.type = OPEN_PAGE,
                                 .page = {.number = number, .payload = "", .trouble = "this page made the reader end or hang; it was left out"}};
    give_record(&record);
    return 0;
}

/* A sheet of paper that parts documents. In a mail, or laid over a text that the file itself holds, a code would make a page vanish that
 * somebody else has sent: there it is told and not followed; sheets that casefile has printed itself may have a text layer. */
static bool page_is_sheet(const struct opening *opening, struct Pix *pix, struct opened_page *page, char payload[SEPARATOR_PAYLOAD_MOST]) {
    if (page->source == WORDS_LAYER && !separator_likely(pix, page->picture.dpi, &page->words))
        return false;
    if (!separator_find(pix, page->picture.dpi, payload))
        return false;
    if (opening->order->is_scan && (page->source == WORDS_NONE || strncmp(payload, "CF1-", 4) == 0))
        return true;
    give_note(NULL, "a page holds the code of a separator sheet; it was not followed");
    return false;
}

/* A page whose picture holds everything may be a separator sheet, or a blank back, or a sheet to scan again. */
static void page_look(const struct opening *opening, struct opened_page *page, char payload[SEPARATOR_PAYLOAD_MOST]) {
    if (page->source == WORDS_LAID_OUT || page->picture.format == PICTURE_NONE || page->trouble[0])
        return;
    PIX *pix = page->pix ? pixClone(page->pix) : NULL;
    int err = pix ? 0 : pix_decode(page->picture.bytes, page->picture.turn, &pix);
    if (err) {
        page->trouble = err_text(err);
        page->picture.format = PICTURE_NONE;
        page->picture.bytes = (struct view){0};
        return;
    }
    page->picture_hash = picture_hash(pix, page->picture.dpi);
    if (page_is_sheet(opening, pix, page, payload)) {
        page->role = PAGE_SEPARATOR;
        page->payload = payload;
    } else if (page->source == WORDS_NONE) {
        if (ocr_page_is_blank(pix, page->picture.dpi)) {
            page->role = PAGE_BLANK;
        } else {
            page->defect = page_defect(pix, page->picture.dpi);
        }
    }
    pixDestroy(&pix);
}

static int give_page(void *state, const struct opened_page *page) {
    char payload[SEPARATOR_PAYLOAD_MOST] = "";
    struct open_record record = {.type = OPEN_PAGE, .page = *page};
    page_look(state, &record.page, payload);
    return give_record(&record);
}

static struct page_sink pages_of(struct opening *opening) {
    return (struct page_sink){.count = give_count, .page = give_page, .wanted = page_wanted, .note = give_note, .state = opening};
}

static int lay_out(struct opening *opening, const char *heading, const char *body) {
    struct page_sink sink = pages_of(opening);
    return laid_out_open(heading, body, &sink);
}

/* ---- parts and notes */

static char *name_cut(const char *text, size_t most) {
    return mem_text_part(text, text_cut(text, strlen(text), most));
}

static int give_part(void *state, const struct found_part *part) {
    struct opening *opening = state;
    if (opening->order->depth + 1 > OPEN_DEPTH_MOST)
        return ERR_TOO_DEEP;
    helper_sign("part %u", ++opening->parts);
    char *name = name_cut(part->name, OPEN_NAME_MOST), *type = name_cut(part->content_type, OPEN_TYPE_MOST);
    struct open_record record = {.type = OPEN_PART, .ordinal = opening->parts, .bytes = part->bytes, .name = name, .kind = type,
                                 .attached = plain(part->attached)};
    int err = give_record(&record);
    free(name);
    free(type);
    return err;
}

static struct part_sink parts_of(struct opening *opening) {
    return (struct part_sink){give_part, give_note, opening};
}

static int give_body(void *state, const char *heading, const char *body) {
    return lay_out(state, heading, body);
}

static int give_aside(const char *why) {
    struct open_record record = {.type = OPEN_ASIDE, .description = plain(why)};
    return give_record(&record);
}

/* ---- kinds */

static int open_mail(struct opening *opening, enum content_kind kind) {
    struct mail_sink sink = {give_body, parts_of(opening)};
    return kind == CONTENT_MAIL  ? mail_open(opening->order->bytes, &sink)
           : kind == CONTENT_MSG ? outlook_msg_open(opening->order->bytes, &sink)
                                 : tnef_open(opening->order->bytes, &sink);
}

static int give_file(void *state, const char *name, struct view bytes) {
    struct found_part part = {name, "", "embedded", bytes};
    return give_part(state, &part);
}

static int open_pdf(struct opening *opening) {
    const struct open_order *o = opening->order;
    struct pdf_order order = {o->bytes, o->password, o->as_picture};
    struct pdf_contents_sink contents = {give_file, give_note, opening};
    struct page_sink pages = pages_of(opening);
    int err = o->as_picture ? 0 : pdf_contents_open(&order, &contents);
    return err ? err : pdf_pages_open(&order, &pages);
}

static int open_picture(struct opening *opening) {
    const struct open_order *o = opening->order;
    struct picture_order order = {o->bytes, o->dpi};
    struct page_sink pages = pages_of(opening);
    struct logo_facts facts = {.attached = o->attached};
    if (!o->as_picture && logo_likely(o->bytes, &facts))
        return give_aside("a logo or icon of a mail's signature");
    return picture_pages_open(&order, &pages);
}

/* Text of any character set; HTML made plain. */
static int open_text(struct opening *opening, enum content_kind kind) {
    struct buf text = {0}, out = {0};
    struct view bytes = opening->order->bytes;
    int wide = bytes.len > 1 && (memcmp(bytes.data, "\xFF\xFE", 2) == 0 || memcmp(bytes.data, "\xFE\xFF", 2) == 0);
    mail_text(bytes, wide ? "utf-16" : NULL, &text);
    if (kind == CONTENT_HTML)
        html_text(buf_text(&text), &out);
    else if (kind == CONTENT_CALENDAR)
        calendar_text(buf_view(&text), &out);
    int err = lay_out(opening, "", buf_text(kind == CONTENT_TEXT ? &text : &out));
    buf_wipe(&text);
    buf_wipe(&out);
    return err;
}

/* The office program converts it; what comes is a part of this part. */
static int open_office(struct opening *opening) {
    const char *ending = sniff_office_ending(opening->order->bytes);
    if (!ending)
        return ERR_UNKNOWN_KIND;
    if (!opening->order->as_picture && sniff_office_is_active(opening->order->bytes))
        return ERR_ACTIVE;
    struct open_record record = {.type = OPEN_CONVERT, .kind = plain(ending)};
    return give_record(&record);
}

static int open_parts(struct opening *opening, enum content_kind kind) {
    struct part_sink sink = parts_of(opening);
    if (kind == CONTENT_ARCHIVE && opening->order->archives >= OPEN_ARCHIVES_MOST)
        return ERR_TOO_DEEP;
    return kind == CONTENT_MBOX  ? mbox_open(opening->order->bytes, &sink)
           : kind == CONTENT_PST ? pst_mails_open(opening->order->bytes, &sink)
                                 : archive_open_with(opening->order->bytes, opening->order->password, &sink);
}

/* Kept as it is; a sheet stands for it in the record, so that it is filed and a person comes upon it. */
static int open_recording(struct opening *opening, enum content_kind kind) {
    const char *what = kind == CONTENT_SOUND ? "sound recording" : "film";
    char *heading = mem_print("File: %s\nKind: %s\n", opening->order->name, what);
    char *body = mem_print("This sheet stands for a %s. It is kept as it was received. It has not been heard or seen by the machine:\n"
                           "a person has to listen to it or watch it before anything is decided about it.\n", what);
    char *note = mem_print("a %s: a person has to listen to it or watch it", what);
    int err = give_note(opening, note);
    if (!err)
        err = lay_out(opening, heading, body);
    free(heading);
    free(body);
    free(note);
    return err;
}

static int open_kind(struct opening *opening, enum content_kind kind) {
    switch (kind) {
    case CONTENT_PDF:
        return open_pdf(opening);
    case CONTENT_TIFF:
    case CONTENT_JPEG:
    case CONTENT_PNG:
    case CONTENT_WEBP:
    case CONTENT_GIF:
    case CONTENT_BMP:
    case CONTENT_HEIC:
        return open_picture(opening);
    case CONTENT_MAIL:
    case CONTENT_MSG:
    case CONTENT_TNEF:
        return open_mail(opening, kind);
    case CONTENT_MBOX:
    case CONTENT_PST:
    case CONTENT_ARCHIVE:
        return open_parts(opening, kind);
    case CONTENT_OFFICE:
        return open_office(opening);
    case CONTENT_HTML:
    case CONTENT_CALENDAR:
    case CONTENT_TEXT:
        return open_text(opening, kind);
    case CONTENT_EMPTY:
        return ERR_EMPTY;
    case CONTENT_SEALED:
        return ERR_LOCKED;
    case CONTENT_PROGRAM:
        return ERR_PROGRAM;
    case CONTENT_MALWARE:
        return ERR_MALWARE;
    case CONTENT_SOUND:
    case CONTENT_FILM:
        return open_recording(opening, kind);
    case CONTENT_OTHER:
        break;
    }
    return ERR_UNKNOWN_KIND;
}

static int give_kind(struct view bytes, enum content_kind kind) {
    char *description = sniff_describe(bytes);
    struct open_record record = {.type = OPEN_KIND, .kind = plain(content_kind_text(kind)), .description = description};
    int err = give_record(&record);
    free(description);
    return err;
}

/* PGP's armour, or CMS in DER; what else is called a signature is opened like anything. */
static bool is_signature(struct view bytes) {
    static const char armour[] = "-----BEGIN PGP SIGNATURE";
    return bytes.len < 1 << 16 && ((bytes.len > 4 && bytes.data[0] == 0x30 && bytes.data[1] & 0x80) ||
                                   (bytes.len > sizeof armour && memcmp(bytes.data, armour, sizeof armour - 1) == 0));
}

/* A program is a program, whatever it is called. */
static int name_counts(const struct open_order *order, enum content_kind kind) {
    return !order->as_picture && kind != CONTENT_PROGRAM && kind != CONTENT_MALWARE;
}

int helper_open_part(struct view bytes) {
    struct open_order order;
    int err = open_order_decode(bytes, &order);
    if (err)
        return err;
    struct opening opening = {.order = &order};
    enum content_kind kind = sniff_kind(order.bytes);
    err = give_kind(order.bytes, kind);
    if (!err && strcmp(order.attached, "envelope") == 0)
        err = give_aside("the envelope of a signed mail; what lay in it stands beside it");
    else if (!err && strcmp(order.attached, "signature") == 0 && is_signature(order.bytes))
        err = give_aside("the signature of a signed mail");
    else if (!err)
        err = name_counts(&order, kind) && sniff_name_lies(order.name, kind) ? ERR_NAME_LIES : open_kind(&opening, kind);
    open_order_drop(&order);
    return err;
}
