/* What a file is, by its content. */
#include "base/mem.h"
#include "ingest/sniff.h"

#include <gsf/gsf-outfile-msole.h>
#include <gsf/gsf-output-memory.h>
#include <gsf/gsf.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define KIND(bytes) sniff_kind(view_of(bytes, sizeof bytes - 1))

static void kinds_by_content(void **state) {
    (void)state;
    assert_int_equal(KIND(""), CONTENT_EMPTY);
    assert_int_equal(KIND(" \r\n\r\n\t"), CONTENT_EMPTY);
    assert_int_equal(KIND("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), CONTENT_PDF);
    assert_int_equal(KIND("\n\n some rubbish\n%PDF-1.4\n\x01\x02"), CONTENT_PDF);
    assert_int_equal(KIND("II*\0\x08\0\0\0"), CONTENT_TIFF);
    assert_int_equal(KIND("MM\0*\0\0\0\x08"), CONTENT_TIFF);
    assert_int_equal(KIND("\xFF\xD8\xFF\xE0\0\x10JFIF"), CONTENT_JPEG);
    assert_int_equal(KIND("\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), CONTENT_PNG);
    assert_int_equal(KIND("Visit to Jamie.\nAll well.\n"), CONTENT_TEXT);
    assert_int_equal(KIND("PK\x03\x04\x14\0\x06\0\x08\0"), CONTENT_OTHER);
    assert_int_equal(KIND("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), CONTENT_OTHER);
    assert_int_equal(KIND("PK\x03\x04 nothing like an archive at all, but a text"), CONTENT_OTHER);
}

static void mails(void **state) {
    (void)state;
    assert_int_equal(KIND("From: a@mail.example\r\nSubject: hello\r\n\r\nbody"), CONTENT_MAIL);
    assert_int_equal(KIND("Received: from x\r\n by y;\r\n\tMon\r\nFrom: a@mail.example\n\nx"), CONTENT_MAIL);
    assert_int_equal(KIND("From pat@mail.example Tue Mar 12 09:14:00 2019\nFrom: a@b\nTo: c@d\n\nx"),
                     CONTENT_MAIL);
    assert_int_equal(KIND("X-Test-Data: invented\nfrom: a@b\nsubject: y\n\nx %PDF-1.4 is mentioned"),
                     CONTENT_MAIL);
    assert_int_equal(KIND("\r\nJust a body about Jamie Example.\r\n"), CONTENT_TEXT);
    assert_int_equal(KIND("Note: call back\nTime: 3pm\nplain words follow\n"), CONTENT_TEXT);
    assert_int_equal(KIND("From: a\nthis line is no header\nTo: b\n"), CONTENT_TEXT);
}

static void words_for_people(void **state) {
    (void)state;
    char *text = sniff_describe(view_of("%PDF-1.7\n", 9));
    assert_non_null(strstr(text, "PDF document"));
    mem_free(&text);
    text = sniff_describe(view_of("", 0));
    assert_string_equal(text, "empty");
    mem_free(&text);
    text = sniff_describe(view_of("\x01\x02\x03\xff\xfe", 5));
    for (char *at = text; *at; at++)
        assert_true(*at >= 0x20 && *at < 0x7F);
    assert_true(strlen(text) <= 100);
    mem_free(&text);
    assert_string_equal(content_kind_text(CONTENT_MAIL), "mail");
    assert_string_equal(content_kind_text(CONTENT_OTHER), "other");
}

static void kinds_by_their_marks(void **state) {
    (void)state;
    assert_int_equal(KIND("\xFF\xFEV\0i\0s\0i\0t\0\r\0\n\0"), CONTENT_TEXT);
    assert_int_equal(KIND("\xFE\xFF\0V\0i\0s\0i\0t"), CONTENT_TEXT);
    assert_int_equal(KIND("\xFF\xFE\1\0\2\0\3\0"), CONTENT_OTHER);
    assert_int_equal(KIND("GIF89a\1\0\1\0"), CONTENT_GIF);
    assert_int_equal(KIND("RIFF\x24\0\0\0WEBPVP8 "), CONTENT_WEBP);
    assert_int_equal(KIND("RIFF\x24\0\0\0WAVEfmt \0\0"), CONTENT_SOUND);
    assert_int_equal(KIND("RIFF\x24\0\0\0AVI LIST\0\0"), CONTENT_FILM);
    assert_int_equal(KIND("BM\0\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\1\0\0\0\1\0\0\0\1\0\x18\0"), CONTENT_BMP);
    assert_int_equal(KIND("BMW is the make of the car that was seen outside the house"), CONTENT_TEXT);
    assert_int_equal(KIND("\0\0\0\x18"
                          "ftypheic\0\0\0\0mif1heic"),
                     CONTENT_HEIC);
    assert_int_equal(KIND("\0\0\0\x1c"
                          "ftypavif\0\0\0\0mif1miaf"),
                     CONTENT_HEIC);
    assert_int_equal(KIND("\0\0\0\x18"
                          "ftypmp42\0\0\0\0isommp42"),
                     CONTENT_FILM);
    assert_int_equal(KIND("\0\0\0\x18"
                          "ftypM4A \0\0\0\0isommp42"),
                     CONTENT_SOUND);
    assert_int_equal(KIND("#!AMR\n\x3c\x91\x17\x16"), CONTENT_SOUND);
    assert_int_equal(KIND("ID3\3\0\0\0\0\0\x0f"), CONTENT_SOUND);
    assert_int_equal(KIND("OggS\0\2\0\0\0\0\0\0\0\0\x2a\0\0\0\0\0\0\0\x3e\x4d\x61\x01\1\x13OpusHead\1\1"),
                     CONTENT_SOUND);
    assert_int_equal(KIND("!BDN\x11\x22\x33\x44SM\x17\0"), CONTENT_PST);
    assert_int_equal(KIND("\x78\x9f\x3e\x22\x01\0\1\x06\x90\x08\0"), CONTENT_TNEF);
    assert_int_equal(KIND("7z\xBC\xAF\x27\x1C\0\4"), CONTENT_ARCHIVE);
    assert_int_equal(KIND("\x1F\x8B\x08\0\0\0\0\0\0\3"), CONTENT_ARCHIVE);
    assert_int_equal(KIND("BZh91AY&SY\x12\x34"), CONTENT_ARCHIVE);
    assert_int_equal(KIND("\xFD"
                          "7zXZ\0\0\4"),
                     CONTENT_ARCHIVE);
    assert_int_equal(KIND("\x28\xB5\x2F\xFD\x04\0"), CONTENT_ARCHIVE);
    assert_int_equal(KIND("{\\rtf1\\ansi A note.}"), CONTENT_OFFICE);
}

static void programs(void **state) {
    (void)state;
    assert_int_equal(KIND("MZ\x90\0 only a stub"), CONTENT_PROGRAM);
    assert_int_equal(KIND("MZ this is somebody's shorthand for a name"), CONTENT_TEXT);
    assert_int_equal(KIND("\x7f"
                          "ELF\2\1\1\0"),
                     CONTENT_PROGRAM);
    assert_int_equal(KIND("\xCF\xFA\xED\xFE\x07\0\0\1"), CONTENT_PROGRAM);
    assert_int_equal(KIND("\xCA\xFE\xBA\xBE\0\0\0\x34"), CONTENT_PROGRAM);
    assert_int_equal(KIND("\x4C\0\0\0\x01\x14\x02\0\0\0"), CONTENT_PROGRAM);
    assert_int_equal(KIND("#!/bin/sh\necho no\n"), CONTENT_PROGRAM);
    assert_int_equal(KIND("#! /usr/bin/env python3\n"), CONTENT_PROGRAM);
    assert_int_equal(KIND("#!important: call back\n"), CONTENT_TEXT);
    assert_int_equal(KIND("@ECHO OFF\r\ndel *.*\r\n"), CONTENT_PROGRAM);
}

static void marked_up_texts(void **state) {
    (void)state;
    assert_int_equal(KIND("<html><body>hello</body></html>"), CONTENT_HTML);
    assert_int_equal(KIND("\xEF\xBB\xBF\r\n<!-- a -->\n<!DOCTYPE HTML PUBLIC \"x\">\n<title>Sign in</title>"),
                     CONTENT_HTML);
    assert_int_equal(KIND("<?xml version=\"1.0\"?><!DOCTYPE html><html xmlns=\"x\"></html>"), CONTENT_HTML);
    assert_int_equal(KIND("<html><script>x</script></html>\n%PDF-1.4\n1 0 obj"), CONTENT_HTML);
    assert_int_equal(KIND("<?xml version=\"1.0\"?><!DOCTYPE svg [<!ENTITY x SYSTEM "
                          "\"file:///x\">]><svg><text>&x;</text></svg>"),
                     CONTENT_OTHER);
    assert_int_equal(KIND("<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>"),
                     CONTENT_OTHER);
    assert_int_equal(KIND("<?xml version=\"1.0\"?><case><child>x</child></case>"), CONTENT_OTHER);
    assert_int_equal(KIND("<jane@mail.example> rang at three and will call again."), CONTENT_TEXT);
    assert_int_equal(KIND("From: a@b\nSubject: x\nContent-Type: text/html\n\n<html><body>x</body></html>"),
                     CONTENT_MAIL);
    assert_int_equal(
        KIND("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"),
        CONTENT_CALENDAR);
    assert_int_equal(KIND("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Pat Tester\r\nEND:VCARD\r\n"), CONTENT_TEXT);
    assert_int_equal(KIND("name,born\nJamie,2013\n"), CONTENT_TEXT);
    assert_int_equal(KIND("Zo\xc3\xab was seen. \xc2\xa3"
                          "20 was given.\n"),
                     CONTENT_TEXT);
    assert_int_equal(KIND("Dim x\nSet shell = CreateObject(\"WScript.Shell\")\n"), CONTENT_TEXT);
}

static void closed_things(void **state) {
    (void)state;
    assert_int_equal(KIND("-----BEGIN PGP MESSAGE-----\n\nhQEMA"), CONTENT_SEALED);
    assert_int_equal(KIND("-----BEGIN PKCS7-----\nMIIB"), CONTENT_SEALED);
    assert_int_equal(
        KIND("\x30\x80\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x03\xA0\x80\x30\x80\x02\x01\x00\x31\x82"),
        CONTENT_SEALED);
    assert_int_equal(
        KIND("\x30\x82\x01\xff\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x03\xA0\x82\x01\xf0\x30\x80\x02"),
        CONTENT_SEALED);
    assert_int_not_equal(
        KIND("\x30\x82\x01\xff\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x02\xA0\x82\x01\xf0\x30\x80\x02"),
        CONTENT_SEALED);
}

/* The public test string, put together here so that this file is not itself reported. */
static void the_test_string_is_malware(void **state) {
    (void)state;
    char text[200];
    snprintf(text, sizeof text, "%s%s", "X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-",
             "STANDARD-ANTIVIRUS-TEST-FILE!$H+H*");
    assert_int_equal(strlen(text), 68);
    assert_int_equal(sniff_kind(view_text(text)), CONTENT_MALWARE);
    assert_int_equal(sniff_kind(view_of(text, 67)), CONTENT_TEXT);
    strcat(text, "\r\n\t ");
    assert_int_equal(sniff_kind(view_text(text)), CONTENT_MALWARE);
    strcat(text, "is the test string");
    assert_int_equal(sniff_kind(view_text(text)), CONTENT_TEXT);
}

static void several_mails(void **state) {
    (void)state;
    static const char one[] = "From a@b Tue Mar 12 09:14:00 2019\nFrom: a@b\nSubject: c\n\nFrom here on it "
                              "is text.\n\nFrom there too.\n";
    struct buf two = {0};
    assert_int_equal(KIND(one), CONTENT_MAIL);
    buf_add_text(&two, one);
    buf_add_text(&two, "\nFrom b@c Tue Mar 12 09:15:00 2019\nFrom: b@c\nTo: a@b\n\nbody\n");
    assert_int_equal(sniff_kind(buf_view(&two)), CONTENT_MBOX);
    buf_drop(&two);
    assert_int_equal(
        KIND(
            "From a@b x\r\nFrom: a@b\r\nTo: c\r\n\r\nx\r\n\r\nFrom b@c y\r\nFrom: b@c\r\nTo: d\r\n\r\ny\r\n"),
        CONTENT_MBOX);
    assert_int_equal(KIND("From: a@b\nTo: c@d\n\nx\n\nFrom b@c y\nFrom: b@c\nTo: d\n\ny\n"), CONTENT_MAIL);
}

/* ---- containers ---- */

static void put_le(struct buf *out, uint32_t value, int bytes) {
    for (int i = 0; i < bytes; i++)
        buf_add_byte(out, (uint8_t)(value >> (8 * i)));
}

/* A zip of stored members: name, content, name, content, NULL. */
static struct buf zip_of(const char *const *members) {
    struct buf out = {0}, directory = {0};
    int count = 0;
    for (; *members; members += 2, count++) {
        uint32_t name = (uint32_t)strlen(members[0]), len = (uint32_t)strlen(members[1]),
                 place = (uint32_t)out.len;
        buf_add(&out, "PK\3\4\x14\0\0\0\0\0\0\0\0\0\0\0\0\0", 18);
        put_le(&out, len, 4);
        put_le(&out, len, 4);
        put_le(&out, name, 4);
        buf_add_text(&out, members[0]);
        buf_add_text(&out, members[1]);
        buf_add(&directory, "PK\1\2\x14\0\x14\0\0\0\0\0\0\0\0\0\0\0\0\0", 20);
        put_le(&directory, len, 4);
        put_le(&directory, len, 4);
        put_le(&directory, name, 4);
        buf_add(&directory, "\0\0\0\0\0\0\0\0\0\0", 10);
        put_le(&directory, place, 4);
        buf_add_text(&directory, members[0]);
    }
    uint32_t place = (uint32_t)out.len;
    buf_add(&out, directory.data, directory.len);
    buf_add(&out, "PK\5\6\0\0\0\0", 8);
    put_le(&out, (uint32_t)count, 2);
    put_le(&out, (uint32_t)count, 2);
    put_le(&out, (uint32_t)directory.len, 4);
    put_le(&out, place, 4);
    put_le(&out, 0, 2);
    buf_drop(&directory);
    return out;
}

#define TYPES "[Content_Types].xml", "<Types/>"
#define RELATIONS(type, mode)                                                                                \
    "<Relationships><Relationship Id=\"r\" Type=\"http://schemas.example/relationships/" type                \
    "\" Target=\"http://x.example/t\"" mode "/></Relationships>"
#define ELSEWHERE " TargetMode=\"External\""

static void zips(void **state) {
    (void)state;
    static const struct {
        const char *members[8];
        enum content_kind kind;
        const char *ending;
        int active;
    } zips[] = {
        {{"a.txt", "hello", "b.pdf", "%PDF-1.4 stored as it is"}, CONTENT_ARCHIVE, NULL, 0},
        {{"letter.pdf", "%PDF-1.4 stored as it is"}, CONTENT_ARCHIVE, NULL, 0},
        {{TYPES, "word/document.xml", "<x/>"}, CONTENT_OFFICE, "docx", 0},
        {{TYPES, "xl/workbook.xml", "<x/>"}, CONTENT_OFFICE, "xlsx", 0},
        {{TYPES, "ppt/presentation.xml", "<x/>"}, CONTENT_OFFICE, "pptx", 0},
        {{TYPES, "visio/document.xml", "<x/>"}, CONTENT_OFFICE, NULL, 0},
        {{"word/list.txt", "a folder that is called word"}, CONTENT_ARCHIVE, "docx", 0},
        {{"mimetype", "application/vnd.oasis.opendocument.text", "content.xml", "<x/>"},
         CONTENT_OFFICE,
         "odt",
         0},
        {{"mimetype", "application/vnd.oasis.opendocument.spreadsheet"}, CONTENT_OFFICE, "ods", 0},
        {{"mimetype", "application/vnd.oasis.opendocument.presentation", "Basic/Standard/Module1.xml", "x"},
         CONTENT_OFFICE,
         "odp",
         1},
        {{"mimetype", "application/vnd.oasis.opendocument.text", "META-INF/manifest.xml",
          "<manifest:encryption-data/>"},
         CONTENT_SEALED,
         "odt",
         0},
        {{"mimetype", "application/epub+zip", "OEBPS/content.opf", "<x/>"}, CONTENT_OTHER, NULL, 0},
        {{"META-INF/MANIFEST.MF", "Main-Class: x", "x.class", "x"}, CONTENT_PROGRAM, NULL, 0},
        {{TYPES, "word/document.xml", "<x/>", "word/vbaProject.bin", "x"}, CONTENT_OFFICE, "docx", 1},
        {{"[Content_Types].xml", "application/vnd.ms-word.document.macroEnabled.main+xml",
          "word/document.xml", "<x/>"},
         CONTENT_OFFICE,
         "docx",
         1},
        {{TYPES, "word/document.xml", "<x/>", "word/_rels/settings.xml.rels",
          RELATIONS("attachedTemplate", ELSEWHERE)},
         CONTENT_OFFICE,
         "docx",
         1},
        {{TYPES, "word/document.xml", "<x/>", "word/_rels/document.xml.rels",
          RELATIONS("oleObject", ELSEWHERE)},
         CONTENT_OFFICE,
         "docx",
         1},
        {{TYPES, "word/document.xml", "<x/>", "word/_rels/document.xml.rels",
          RELATIONS("hyperlink", ELSEWHERE)},
         CONTENT_OFFICE,
         "docx",
         0},
        {{TYPES, "word/document.xml", "<x/>", "word/_rels/document.xml.rels",
          RELATIONS("attachedTemplate", "")},
         CONTENT_OFFICE,
         "docx",
         0},
        {{TYPES, "word/document.xml", "<w:instrText>DDEAUTO c:\\x</w:instrText>"}, CONTENT_OFFICE, "docx", 1},
    };
    for (size_t i = 0; i < sizeof zips / sizeof *zips; i++) {
        struct buf zip = zip_of(zips[i].members);
        assert_int_equal(sniff_kind(buf_view(&zip)), zips[i].kind);
        assert_int_equal(sniff_office_is_active(buf_view(&zip)), zips[i].active);
        const char *ending = sniff_office_ending(buf_view(&zip));
        assert_string_equal(ending ? ending : "none", zips[i].ending ? zips[i].ending : "none");
        /* without its directory it is still what it is */
        const uint8_t *directory = memmem(zip.data, zip.len, "PK\1\2", 4);
        zip.len = (size_t)(directory - zip.data);
        assert_int_equal(sniff_kind(buf_view(&zip)), zips[i].kind);
        buf_drop(&zip);
    }
}

static void rtf_that_does_something(void **state) {
    (void)state;
    static const char *const active[] = {
        "{\\rtf1 {\\object\\objemb\\objupdate}}",         "{\\rtf1{\\object\\objdata 4f4c4532 \r\n4c696e6b}}",
        "{\\rt{\\object\\objdata 4F4C45\n324C696E6B00}}", "{\\rtf1{\\*\\template http://x.example/t}}",
        "{\\rtf1{\\object\\objclass Equation.3}}",        "  {\\rtf1 {\\obj\n update} \\objautlink}"};
    for (size_t i = 0; i < sizeof active / sizeof *active; i++) {
        assert_int_equal(sniff_kind(view_text(active[i])), CONTENT_OFFICE);
        assert_int_equal(sniff_office_is_active(view_text(active[i])), 1);
        assert_string_equal(sniff_office_ending(view_text(active[i])), "rtf");
    }
    assert_int_equal(sniff_office_is_active(
                         view_text("{\\rtf1\\ansi A visit; see http://x.example {\\pict\\pngblip 8950}}")),
                     0);
    assert_int_equal(sniff_office_is_active(view_text(
                         "{\\rtf1{\\object\\objemb{\\*\\objclass Excel.Sheet.8}{\\*\\objdata 0105}}}")),
                     0);
}

/* An OLE file with streams: name, content in hexadecimal digits; a name "x/y" lies in the folder x. */
static struct buf ole_of(const char *const *streams, const uint8_t *class_id) {
    GsfOutput *memory = gsf_output_memory_new();
    GsfOutfile *ole = gsf_outfile_msole_new(memory);
    if (class_id)
        gsf_outfile_msole_set_class_id(GSF_OUTFILE_MSOLE(ole), class_id);
    for (; *streams; streams += 2) {
        const char *slash = strchr(streams[0], '/');
        char *folder = slash ? mem_text_part(streams[0], (size_t)(slash - streams[0])) : NULL;
        GsfOutfile *in = folder ? GSF_OUTFILE(gsf_outfile_new_child(ole, folder, TRUE)) : ole;
        GsfOutput *stream = gsf_outfile_new_child(in, slash ? slash + 1 : streams[0], FALSE);
        for (const char *at = streams[1]; *at; at += 2) {
            unsigned byte = 0;
            sscanf(at, "%2x", &byte);
            guint8 one = (guint8)byte;
            gsf_output_write(stream, 1, &one);
        }
        gsf_output_close(stream);
        g_object_unref(stream);
        if (folder) {
            gsf_output_close(GSF_OUTPUT(in));
            g_object_unref(in);
        }
        mem_free(&folder);
    }
    gsf_output_close(GSF_OUTPUT(ole));
    struct buf out = {0};
    buf_add(&out, gsf_output_memory_get_bytes(GSF_OUTPUT_MEMORY(memory)), (size_t)gsf_output_size(memory));
    g_object_unref(ole);
    g_object_unref(memory);
    return out;
}

static void ole_files(void **state) {
    (void)state;
    static const uint8_t installer[16] = {0x84, 0x10, 0x0C, 0, 0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0x46};
    static const struct {
        const char *streams[6];
        const uint8_t *class_id;
        enum content_kind kind;
        const char *ending;
        int active;
    } files[] = {
        {{"WordDocument", "ECA5C1000000000000000000000000000000"}, NULL, CONTENT_OFFICE, "doc", 0},
        {{"WordDocument", "ECA5C1000000000000000001000000000000"}, NULL, CONTENT_SEALED, "doc", 0},
        {{"WordDocument", "ECA5C1000000000000000000000000000000", "Macros/dir", "01"},
         NULL,
         CONTENT_OFFICE,
         "doc",
         1},
        {{"Workbook", "090804000006050085000800000000000000414185"}, NULL, CONTENT_OFFICE, "xls", 0},
        {{"Workbook", "0908040000060500850008000000000000014141"}, NULL, CONTENT_OFFICE, "xls", 1},
        {{"Workbook", "09080400000605002F00020000000A000000"}, NULL, CONTENT_SEALED, "xls", 0},
        {{"Book", "0908040000060500", "_VBA_PROJECT_CUR/PROJECT", "01"}, NULL, CONTENT_OFFICE, "xls", 1},
        {{"PowerPoint Document", "00001F00FF03140000000200000"
                                 "40C000000"
                                 "010000000100000002000000"},
         NULL,
         CONTENT_OFFICE,
         "ppt",
         1},
        {{"PowerPoint Document", "0F00E8030000000000"}, NULL, CONTENT_OFFICE, "ppt", 0},
        {{"__properties_version1.0", "00000000"}, NULL, CONTENT_MSG, NULL, 0},
        {{"EncryptionInfo", "0400", "EncryptedPackage", "00"}, NULL, CONTENT_SEALED, NULL, 0},
        {{"Table", "00"}, installer, CONTENT_PROGRAM, NULL, 0},
        {{"Catalog", "00"}, NULL, CONTENT_OTHER, NULL, 0},
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct buf ole = ole_of(files[i].streams, files[i].class_id);
        assert_int_equal(sniff_kind(buf_view(&ole)), files[i].kind);
        const char *ending = sniff_office_ending(buf_view(&ole));
        assert_string_equal(ending ? ending : "none", files[i].ending ? files[i].ending : "none");
        assert_int_equal(sniff_office_is_active(buf_view(&ole)), files[i].active);
        for (size_t len = 0; len < ole.len; len += 211)
            sniff_office_is_active(view_of(ole.data, len));
        buf_drop(&ole);
    }
    uint8_t nothing[1024] = {0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1};
    assert_int_equal(sniff_kind(view_of(nothing, sizeof nothing)), CONTENT_OTHER);
}

static void a_tar_is_told_by_its_sum(void **state) {
    (void)state;
    uint8_t tar[1024] = {0};
    unsigned sum = 8 * ' ';
    memcpy(tar, "letter.pdf", 10);
    memcpy(tar + 100, "0000644", 7);
    memcpy(tar + 512, "%PDF-1.4", 8);
    for (int i = 0; i < 512; i++)
        sum += i >= 148 && i < 156 ? 0 : tar[i];
    snprintf((char *)tar + 148, 8, "%06o", sum);
    assert_int_equal(sniff_kind(view_of(tar, sizeof tar)), CONTENT_ARCHIVE);
    tar[0]++;
    assert_int_equal(sniff_kind(view_of(tar, sizeof tar)), CONTENT_PDF);
}

static void names_that_lie(void **state) {
    (void)state;
    static const struct {
        const char *name;
        enum content_kind kind;
        int lies;
    } names[] = {
        {"letter.pdf", CONTENT_PDF, 0},
        {"letter.pdf", CONTENT_JPEG, 0},
        {"letter.jpg", CONTENT_PDF, 0},
        {"letter.pdf", CONTENT_HTML, 1},
        {"LETTER.PDF ", CONTENT_HTML, 1},
        {"letter.pdf...", CONTENT_PROGRAM, 1},
        {"scan.tif", CONTENT_ARCHIVE, 1},
        {"mail.eml", CONTENT_ARCHIVE, 1},
        {"mail.eml", CONTENT_TEXT, 0},
        {"letter.pdf", CONTENT_TEXT, 1},
        {"note.txt", CONTENT_TEXT, 0},
        {"scans.zip", CONTENT_ARCHIVE, 0},
        {"scans.pdf.zip", CONTENT_ARCHIVE, 0},
        {"letter.pdf.html", CONTENT_HTML, 1},
        {"letter.pdf      .exe", CONTENT_PROGRAM, 1},
        {"page.html", CONTENT_HTML, 0},
        {"tool.exe", CONTENT_PROGRAM, 0},
        {"", CONTENT_HTML, 0},
        {"no_ending", CONTENT_ARCHIVE, 0},
        {"visit\u202efdp.exe", CONTENT_PROGRAM, 1},
        {"visit\u202efdp.html", CONTENT_HTML, 1},
        {"letter.docx", CONTENT_PDF, 0},
        {"letter.pdf", CONTENT_OFFICE, 0},
        {".", CONTENT_HTML, 0},
        {"letter.eml", CONTENT_OTHER, 1},
        {"letter.msg", CONTENT_OTHER, 0},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (sniff_name_lies(names[i].name, names[i].kind) != names[i].lies)
            fail_msg("'%s' as %s", names[i].name, content_kind_text(names[i].kind));
}

int main(void) {
    sniff_load();
    gsf_init();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kinds_by_content),
        cmocka_unit_test(mails),
        cmocka_unit_test(kinds_by_their_marks),
        cmocka_unit_test(programs),
        cmocka_unit_test(marked_up_texts),
        cmocka_unit_test(closed_things),
        cmocka_unit_test(the_test_string_is_malware),
        cmocka_unit_test(several_mails),
        cmocka_unit_test(zips),
        cmocka_unit_test(rtf_that_does_something),
        cmocka_unit_test(ole_files),
        cmocka_unit_test(a_tar_is_told_by_its_sum),
        cmocka_unit_test(names_that_lie),
        cmocka_unit_test(words_for_people),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
