#include "ingest/office.h"

#include "base/err.h"
#include "base/mem.h"
#include "ingest/office_package.h"

#include <stdlib.h>
#include <string.h>

#define MEMBER_MOST (4u << 20)
#define SECTOR 512
#define COMPOUND "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"
#define UTF16_MOST 64

/* All that a reader of the file could see: comments (as notes in the PDF), speaker's notes, hidden slides. */
#define OPTION(name) "\"" name "\":{\"type\":\"boolean\",\"value\":\"true\"}"
#define WRITER "pdf:writer_pdf_Export:{" OPTION("ExportNotes") "," OPTION("EmbedStandardFonts") "}"
#define CALC "pdf:calc_pdf_Export:{" OPTION("ExportNotes") "," OPTION("EmbedStandardFonts") "}"
#define SLIDES "pdf:impress_pdf_Export:{" OPTION("ExportNotes") "," OPTION("ExportHiddenSlides") "," OPTION("EmbedStandardFonts") "}"
/* Gives a second page for every slide: only for those that have notes, or may have. */
#define IMPRESS                                                                                                           \
    "pdf:impress_pdf_Export:{" OPTION("ExportNotes") "," OPTION("ExportNotesPages") "," OPTION("ExportHiddenSlides") ","   \
    OPTION("EmbedStandardFonts") "}"

enum family { PACKAGE, OPEN_DOCUMENT, COMPOUND_FILE, RICH_TEXT, COMMAS };

static const struct kind {
    struct office_way way;
    enum family family;
    const char *says; /* a package says somewhere what it is */
} kinds[] = {
    {{"docx", "MS Word 2007 XML", WRITER}, PACKAGE, "wordprocessingml"},
    {{"docm", "MS Word 2007 XML VBA", WRITER}, PACKAGE, "wordprocessingml"},
    {{"dotx", "MS Word 2007 XML Template", WRITER}, PACKAGE, "wordprocessingml"},
    {{"xlsx", "Calc MS Excel 2007 XML", CALC}, PACKAGE, "spreadsheetml"},
    {{"xlsm", "Calc MS Excel 2007 VBA XML", CALC}, PACKAGE, "spreadsheetml"},
    {{"xlsb", "Calc MS Excel 2007 Binary", CALC}, PACKAGE, "ms-excel.sheet.binary"},
    {{"pptx", "Impress MS PowerPoint 2007 XML", IMPRESS}, PACKAGE, "presentationml"},
    {{"pptm", "Impress MS PowerPoint 2007 XML VBA", IMPRESS}, PACKAGE, "presentationml"},
    {{"ppsx", "Impress MS PowerPoint 2007 XML AutoPlay", IMPRESS}, PACKAGE, "presentationml"},
    {{"odt", "writer8", WRITER}, OPEN_DOCUMENT, "opendocument.text"},
    {{"ott", "writer8_template", WRITER}, OPEN_DOCUMENT, "opendocument.text"},
    {{"ods", "calc8", CALC}, OPEN_DOCUMENT, "opendocument.spreadsheet"},
    {{"odp", "impress8", IMPRESS}, OPEN_DOCUMENT, "opendocument.presentation"},
    {{"odg", "draw8", "pdf:draw_pdf_Export"}, OPEN_DOCUMENT, "opendocument.graphics"},
    {{"doc", "MS Word 97", WRITER}, COMPOUND_FILE, NULL},
    {{"dot", "MS Word 97 Vorlage", WRITER}, COMPOUND_FILE, NULL},
    {{"xls", "MS Excel 97", CALC}, COMPOUND_FILE, NULL},
    {{"ppt", "MS PowerPoint 97", IMPRESS}, COMPOUND_FILE, NULL},
    {{"pps", "MS PowerPoint 97 AutoPlay", IMPRESS}, COMPOUND_FILE, NULL},
    {{"rtf", "Rich Text Format", WRITER}, RICH_TEXT, NULL},
    {{"csv", NULL, CALC}, COMMAS, NULL},
};

static int holds(struct view bytes, const void *what, size_t len) {
    return bytes.len && memmem(bytes.data, bytes.len, what, len) != NULL;
}

/* Names of streams stand in a compound file as UTF-16, little-endian. */
static int holds_stream(struct view bytes, const char *name) {
    uint8_t wide[UTF16_MOST];
    size_t n = 0;
    for (; *name && n + 4 <= sizeof wide; name++) {
        wide[n++] = (uint8_t)*name;
        wide[n++] = 0;
    }
    wide[n++] = 0; /* its end: "Book" is not the beginning of "Bookmarks" */
    wide[n++] = 0;
    return holds(bytes, wide, n);
}

/* A stream begins at a sector: the first one that begins so, or empty. */
static struct view stream_with(struct view bytes, const char *start, size_t len) {
    for (size_t at = SECTOR; at + SECTOR <= bytes.len; at += SECTOR)
        if (memcmp(bytes.data + at, start, len) == 0)
            return view_of(bytes.data + at, bytes.len - at);
    return (struct view){0};
}

/* [MS-DOC] 2.5.1: the beginning of the stream WordDocument; bit 0x0100 at its byte 10 says encrypted. */
static int word_look(struct view bytes, struct office_way *way) {
    struct view main = stream_with(bytes, "\xEC\xA5", 2), old = stream_with(bytes, "\xDC\xA5", 2);
    if (!main.len && old.len) { /* Word 6 and 95 */
        main = old;
        way->import = main.data[2] < 0x68 ? "MS WinWord 6" : "MS Word 95";
    }
    return main.len && main.data[11] & 1 ? ERR_LOCKED : 0;
}

/* [MS-XLS] 2.4.117: FILEPASS (0x2F) comes right after BOF, but for WRITEPROTECT (0x86). */
static int excel_look(struct view bytes, struct office_way *way) {
    struct view book = stream_with(bytes, "\x09\x08", 2);
    if (!holds_stream(bytes, "Workbook") && holds_stream(bytes, "Book"))
        way->import = "MS Excel 5.0/95";
    for (int i = 0; i < 3 && book.len >= 4; i++) {
        unsigned type = book.data[0] | (unsigned)book.data[1] << 8;
        size_t len = 4u + (book.data[2] | (size_t)book.data[3] << 8);
        if (type == 0x2F)
            return ERR_LOCKED;
        if (len > book.len || (type != 0x0809 && type != 0x86))
            break;
        book = view_of(book.data + len, book.len - len);
    }
    return 0;
}

static int compound_look(struct view bytes, struct office_way *way) {
    if (!view_begins(bytes, COMPOUND, 8))
        return ERR_DAMAGED;
    if (holds_stream(bytes, "EncryptedPackage") || holds_stream(bytes, "EncryptedSummary"))
        return ERR_LOCKED;
    if (strncmp(way->ending, "do", 2) == 0)
        return word_look(bytes, way);
    return strcmp(way->ending, "xls") == 0 ? excel_look(bytes, way) : 0;
}

/* Whether a member of the package holds these words: ERR_NOT_FOUND when it does not. */
static int member_holds(struct view bytes, const char *member, const char *words) {
    struct buf text = {0};
    int err = office_package_is(bytes) ? office_package_read(bytes, member, MEMBER_MOST, &text) : ERR_DAMAGED;
    if (!err && !holds(buf_view(&text), words, strlen(words)))
        err = ERR_NOT_FOUND;
    buf_drop(&text);
    return err;
}

/* With a password the whole package lies encrypted in a compound file ([MS-OFFCRYPTO] 1.3.2). */
static int package_look(struct view bytes, const char *says) {
    if (view_begins(bytes, COMPOUND, 8))
        return holds_stream(bytes, "EncryptedPackage") ? ERR_LOCKED : ERR_DAMAGED;
    int err = member_holds(bytes, "[Content_Types].xml", says);
    return err == 0 || err == ERR_LOCKED ? err : ERR_DAMAGED;
}

/* OpenDocument 1.3 part 2, 3.3 (mimetype) and 4.3 (encryption). */
static int open_document_look(struct view bytes, const char *says) {
    int err = member_holds(bytes, "mimetype", says);
    if (!err && member_holds(bytes, "META-INF/manifest.xml", "encryption-data") == 0)
        err = ERR_LOCKED;
    return err == 0 || err == ERR_LOCKED ? err : ERR_DAMAGED;
}

static size_t count_of(struct view bytes, char what) {
    size_t n = 0;
    for (size_t i = 0; i < bytes.len && bytes.data[i] != '\n'; i++)
        n += bytes.data[i] == (uint8_t)what;
    return n;
}

static int is_utf8(struct view bytes) {
    size_t more = 0;
    for (size_t i = 0; i < bytes.len; i++) {
        uint8_t c = bytes.data[i];
        if (more && (c & 0xC0) != 0x80)
            return 0;
        more = more ? more - 1 : c < 0x80 ? 0 : c < 0xC2 ? 99 : c < 0xE0 ? 1 : c < 0xF0 ? 2 : c < 0xF5 ? 3 : 99;
        if (more == 99)
            return 0;
    }
    return more == 0;
}

/* Columns are text (2): as dates and numbers they would come out in another form than they stand there. */
#define TEXT_COLUMNS                                                                                                                   \
    "1/2/2/2/3/2/4/2/5/2/6/2/7/2/8/2/9/2/10/2/11/2/12/2/13/2/14/2/15/2/16/2/17/2/18/2/19/2/20/2/21/2/22/2/23/2/24/2/25/2/26/2/27/2/"   \
    "28/2/29/2/30/2/31/2/32/2/33/2/34/2/35/2/36/2/37/2/38/2/39/2/40/2"
#define CSV(mark, letters) "Text - txt - csv (StarCalc):" mark ",34," letters ",1," TEXT_COLUMNS

/* The filter wants to be told: what parts, what quotes, which letters (76: UTF-8, 1: Windows-1252). */
static int commas_look(struct view bytes, struct office_way *way) {
    static const char *const imports[3][2] = {
        {CSV("44", "1"), CSV("44", "76")}, {CSV("59", "1"), CSV("59", "76")}, {CSV("9", "1"), CSV("9", "76")}};
    if (!bytes.len || memchr(bytes.data, 0, bytes.len))
        return ERR_DAMAGED;
    size_t commas = count_of(bytes, ','), semicolons = count_of(bytes, ';'), tabs = count_of(bytes, '\t');
    int mark = tabs > commas && tabs > semicolons ? 2 : semicolons > commas ? 1 : 0;
    way->import = imports[mark][is_utf8(bytes)];
    return 0;
}

static void slides_look(struct view bytes, struct office_way *way) {
    int notes = office_package_has(bytes, "ppt/notesSlides/") || member_holds(bytes, "content.xml", "<presentation:notes") == 0;
    if (strcmp(way->export, IMPRESS) == 0 && !notes)
        way->export = SLIDES;
}

static int kind_look(const struct kind *kind, struct view bytes, struct office_way *way) {
    switch (kind->family) {
    case PACKAGE:
        return package_look(bytes, kind->says);
    case OPEN_DOCUMENT:
        return open_document_look(bytes, kind->says);
    case COMPOUND_FILE:
        return compound_look(bytes, way);
    case RICH_TEXT:
        return view_begins(bytes, "{\\rt", 4) ? 0 : ERR_DAMAGED;
    case COMMAS:
        return commas_look(bytes, way);
    }
    return ERR_UNKNOWN_KIND;
}

static const struct kind *kind_of(const char *ending) {
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcmp(kinds[i].way.ending, ending) == 0)
            return &kinds[i];
    return NULL;
}

int office_way_of(const char *ending, struct view bytes, struct office_way *ret) {
    const struct kind *kind = kind_of(ending);
    if (!kind)
        return ERR_UNKNOWN_KIND;
    struct office_way way = kind->way;
    int err = kind_look(kind, bytes, &way);
    if (!err && kind->says)
        slides_look(bytes, &way);
    if (!err)
        *ret = way;
    return err;
}

static unsigned count_texts(struct view bytes, const char *what) {
    unsigned n = 0;
    size_t len = strlen(what);
    if (!bytes.len)
        return 0;
    const uint8_t *end = bytes.data + bytes.len;
    for (const uint8_t *at = bytes.data; at && (at = memmem(at, (size_t)(end - at), what, len)); at += len)
        n++;
    return n;
}

static unsigned member_count(struct view bytes, const char *member, const char *what) {
    struct buf text = {0};
    unsigned n = office_package_read(bytes, member, MEMBER_MOST, &text) == 0 ? count_texts(buf_view(&text), what) : 0;
    buf_drop(&text);
    return n;
}

static void unseen_add(struct buf *out, const char *what) {
    if (out->len)
        buf_add_text(out, "; ");
    buf_add_text(out, what);
}

static void unseen_sheets(struct view bytes, struct buf *out) {
    unsigned hidden = member_count(bytes, "xl/workbook.xml", "state=\"hidden\"") +
                      member_count(bytes, "xl/workbook.xml", "state=\"veryHidden\"");
    char *text = hidden == 1 ? mem_text("1 sheet of it is hidden and not shown")
                             : mem_print("%u sheets of it are hidden and not shown", hidden);
    if (hidden)
        unseen_add(out, text);
    free(text);
}

/* Fields that are filled in anew whenever the file is shown, whatever stood there when it was sent. */
static int holds_today(struct view bytes, const char *ending) {
    if (strcmp(ending, "odt") == 0)
        return member_count(bytes, "content.xml", "<text:date") > member_count(bytes, "content.xml", "text:fixed=\"true\"");
    return strcmp(ending, "docx") == 0 && (member_count(bytes, "word/document.xml", "> DATE ") ||
                                           member_count(bytes, "word/document.xml", ">DATE ") ||
                                           member_count(bytes, "word/document.xml", "w:instr=\" DATE"));
}

static int holds_comments(struct view bytes) {
    return member_count(bytes, "word/comments.xml", "<w:comment ") || member_count(bytes, "content.xml", "<office:annotation ") ||
           office_package_has(bytes, "xl/comments") || office_package_has(bytes, "xl/threadedComments") ||
           office_package_has(bytes, "ppt/comments");
}

char *office_unseen(const char *ending, struct view bytes) {
    struct buf out = {0};
    if (office_package_is(bytes)) {
        unseen_sheets(bytes, &out);
        if (holds_comments(bytes))
            unseen_add(&out, "its comments are not on the pages");
        if (holds_today(bytes, ending))
            unseen_add(&out, "a date in it is filled in by itself: the page shows today's, not the one it was sent with");
    }
    char *text = mem_text(buf_text(&out));
    buf_drop(&out);
    return text;
}

#define ITEM(path, name, value)                                                                                             \
    "<item oor:path=\"/org.openoffice." path "\"><prop oor:name=\"" name "\" oor:op=\"fuse\"><value>" value "</value></prop></item>\n"

const char office_profile[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<oor:items xmlns:oor=\"http://openoffice.org/2001/registry\" xmlns:xs=\"http://www.w3.org/2001/XMLSchema\""
    " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\n"
    ITEM("Office.Common/Security/Scripting", "MacroSecurityLevel", "3")
    ITEM("Office.Common/Security/Scripting", "DisableMacrosExecution", "true")
    ITEM("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true")
    ITEM("Office.Common/Security/Scripting", "SecureURL", "")
    /* Never; each program counts its answers in its own way. */
    ITEM("Office.Calc/Content/Update", "Link", "1")
    ITEM("Office.Writer/Content/Update", "Link", "0")
    ITEM("Office.Writer/Content/Update", "Field", "false")
    /* Figures as they were saved, not as they would come out today. */
    ITEM("Office.Calc/Formula/Load", "OOXMLRecalcMode", "1")
    ITEM("Office.Calc/Formula/Load", "ODFRecalcMode", "1")
    /* Dates and paper of this country. */
    ITEM("Setup/L10N", "ooSetupSystemLocale", "en-GB")
    ITEM("Office.Common/Misc", "FirstRun", "false")
    ITEM("Office.Common/Misc", "CrashReport", "false")
    ITEM("Office.Common/Misc", "UseOpenCL", "false")
    ITEM("Office.Common/History", "PickListSize", "0")
    ITEM("Office.Common/Save/Document", "CreateBackup", "false")
    ITEM("Office.Recovery/AutoSave", "Enabled", "false")
    ITEM("Office.Recovery/RecoveryInfo", "Enabled", "false")
    "</oor:items>\n";

const char office_java[] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                           "<java xmlns=\"http://openoffice.org/2004/java/framework/1.0\""
                           " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\n"
                           "<enabled xsi:nil=\"false\">false</enabled>\n</java>\n";
