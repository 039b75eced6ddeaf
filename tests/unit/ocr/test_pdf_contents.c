/* What a PDF holds besides its pages: files in it, things that would run, notes. */
#include "base/err.h"
#include "base/mem.h"
#include "ocr/pdf_contents.h"
#include "ocr/pdf_drawn.h"
#include "ocr/pdf_fonts.h"
#include "tests/unit/ocr/pdf_maker.h"

#include <leptonica/allheaders.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

struct told {
    struct buf names, notes, bytes; /* one to a line */
    int files, stop_at;
};

static int on_file(void *state, const char *name, struct view bytes) {
    struct told *told = state;
    buf_print(&told->names, "%s\n", name);
    buf_add(&told->bytes, bytes.data, bytes.len);
    buf_add_text(&told->bytes, "\n");
    return ++told->files == told->stop_at ? ERR_TIME : 0;
}

static int on_note(void *state, const char *text) {
    struct told *told = state;
    buf_print(&told->notes, "%s\n", text);
    return 0;
}

static struct told told;

static int tell(struct pdf_maker *pdf, struct view bytes) {
    struct pdf_contents_sink sink = {on_file, on_note, &told};
    struct pdf_order order = {.bytes = bytes};
    int err = pdf_contents_open(&order, &sink);
    buf_drop(&pdf->file);
    return err;
}

static void told_drop(void) {
    buf_drop(&told.names);
    buf_drop(&told.notes);
    buf_drop(&told.bytes);
    told = (struct told){0};
}

/* catalog, page: entries of them; objects 5 and on are the caller's. */
static void document(struct pdf_maker *pdf, const char *catalog, const char *page) {
    struct buf text = {0};
    pdf_begin(pdf);
    buf_print(&text, "<< /Type /Catalog /Pages 2 0 R %s >>", catalog);
    pdf_object(pdf, buf_text(&text));
    pdf_object(pdf, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>");
    buf_reset(&text);
    buf_print(&text, "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] /Contents 4 0 R %s >>", page);
    pdf_object(pdf, buf_text(&text));
    pdf_stream(pdf, "", view_text("0 0 m"));
    buf_drop(&text);
}

static void an_ordinary_file_holds_nothing(void **state) {
    (void)state;
    struct pdf_maker pdf;
    document(&pdf, "/Names << /Dests 5 0 R >>",
             "/Annots [<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << /S /URI /URI (http://x.example) "
             ">> >>]");
    assert_int_equal(tell(&pdf, pdf_end(&pdf)), 0);
    assert_string_equal(buf_text(&told.notes), "");
    assert_int_equal(told.files, 0);
    told_drop();
    pdf = (struct pdf_maker){0};
    assert_int_equal(tell(&pdf, view_text("")), 0);
    assert_int_equal(tell(&pdf, view_text("%PDF-1.4 and no more")), 0);
    told_drop();
}

static void files_come_with_their_names(void **state) {
    (void)state;
    struct pdf_maker pdf;
    static const char text[] = "Third-party note: a note that is long enough to be packed, packed, packed.";
    size_t len = 0;
    l_uint8 *packed = zlibCompress((const l_uint8 *)text, sizeof text - 1, &len);
    document(&pdf, "/Names << /EmbeddedFiles << /Kids [5 0 R 5 0 R] >> >> /AF [8 0 R]",
             "/Annots [<< /Type /Annot /Subtype /FileAttachment /Rect [0 0 9 9] /FS << /UF "
             "<FEFF005A006F00EB> /EF << /F 9 0 R >> >> >>]");
    pdf_object(&pdf, "<< /Names [(a) 6 0 R (b) 8 0 R (c) << /F (c.txt) /EF << /F 77 0 R >> >> (d) << /F "
                     "(elsewhere.txt) >>] >>");
    pdf_object(&pdf, "<< /Type /Filespec /F (../../tool.exe) /EF << /F 7 0 R >> >>");
    pdf_stream(&pdf, "/Filter /FlateDecode", view_of(packed, len));
    pdf_object(&pdf, "<< /Type /Filespec /F (old) /UF (new.txt) /EF << /F 9 0 R >> >>");
    pdf_stream(&pdf, "", view_text("plain"));
    lept_free(packed);
    assert_int_equal(tell(&pdf, pdf_end(&pdf)), 0);
    assert_string_equal(buf_text(&told.names),
                        "../../tool.exe\nnew.txt\n"); /* each once, though named five times */
    assert_non_null(strstr(buf_text(&told.bytes), text));
    assert_non_null(strstr(buf_text(&told.bytes), "plain\n"));
    assert_non_null(strstr(buf_text(&told.notes), "missing or damaged")); /* c.txt */
    told_drop();
}

static void a_files_name_may_be_utf16(void **state) {
    (void)state;
    struct pdf_maker pdf;
    document(&pdf, "",
             "/Annots [<< /Type /Annot /Subtype /FileAttachment /Rect [0 0 9 9] /FS << /UF "
             "<FEFF005A006F00EB> /EF << /F 5 0 R >> >> >>]");
    pdf_stream(&pdf, "", view_text("plain"));
    told.stop_at = 1;
    assert_int_equal(tell(&pdf, pdf_end(&pdf)), ERR_TIME); /* and the sink can stop */
    assert_string_equal(buf_text(&told.names), "Zo\xc3\xab\n");
    told_drop();
}

static void a_damaged_file_is_told_and_not_given(void **state) {
    (void)state;
    struct pdf_maker pdf;
    document(&pdf, "/Names << /EmbeddedFiles << /Names [(a) << /F (a.txt) /EF << /F 5 0 R >> >>] >> >>", "");
    pdf_stream(&pdf, "/Filter /FlateDecode", view_text("this was never packed"));
    assert_int_equal(tell(&pdf, pdf_end(&pdf)), 0);
    assert_int_equal(told.files, 0);
    assert_string_equal(buf_text(&told.notes),
                        "a file in it is missing or damaged and could not be taken out\n");
    told_drop();
}

static void names_in_a_circle_end(void **state) {
    (void)state;
    struct pdf_maker pdf;
    document(&pdf, "/Names << /EmbeddedFiles 5 0 R >>", "");
    pdf_object(&pdf, "<< /Kids [5 0 R 5 0 R 5 0 R] >>");
    assert_int_equal(tell(&pdf, pdf_end(&pdf)), 0);
    assert_int_equal(told.files, 0);
    told_drop();
}

static void what_would_run_is_told(void **state) {
    (void)state;
    static const struct {
        const char *catalog, *page, *note;
    } kinds[] = {
        {"/OpenAction << /S /JavaScript /JS (x) >>", "", "JavaScript"},
        {"/Names << /JavaScript << /Names [(a) << /S /JavaScript /JS (x) >>] >> >>", "", "JavaScript"},
        {"/OpenAction << /S /GoTo /D [3 0 R] /Next [<< /S /Launch /F (x) >>] >>", "", "starts a program"},
        {"", "/AA << /O << /S /SubmitForm /F (http://x.example) >> >>", "sends or fetches"},
        {"", "/Annots [<< /Subtype /Widget /AA << /K << /S /JavaScript /JS (x) >> >> >>]", "JavaScript"},
        {"", "/Annots [<< /Subtype /Screen /A << /S /Rendition >> >>]", "sound or film"},
        {"/AcroForm << /XFA (x) /Fields [] >>", "", "an XFA form"},
        {"/AcroForm << /SigFlags 3 /Fields [] >>", "", "a digital signature (not checked)"},
        {"/OCProperties << /OCGs [5 0 R] /D << /OFF [5 0 R] >> >>", "", "layers that are switched off"},
        {"", "/Annots [<< /Subtype /Text /Contents (Do not tell) >>]", "a note on page 1 (sticky note)"},
        {"", "/Annots [<< /Subtype /Highlight /Contents (see here) >>]",
         "a note on page 1 (comment on marked text)"},
        {"/Collection << >>", "", "portfolio"},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct pdf_maker pdf;
        document(&pdf, kinds[i].catalog, kinds[i].page);
        pdf_object(&pdf, "<< /Type /OCG /Name (draft) >>");
        assert_int_equal(tell(&pdf, pdf_end(&pdf)), 0);
        if (!strstr(buf_text(&told.notes), kinds[i].note))
            fail_msg("no '%s' in '%s'", kinds[i].note, buf_text(&told.notes));
        assert_null(strstr(buf_text(&told.notes), "Do not tell"));
        assert_ptr_equal(strchr(buf_text(&told.notes), '\n'),
                         strrchr(buf_text(&told.notes), '\n')); /* nothing else */
        told_drop();
    }
}

static void an_older_revision_is_told(void **state) {
    (void)state;
    struct pdf_maker pdf;
    document(&pdf, "", "");
    size_t first = pdf_end(&pdf).len, table;
    char *start = strstr(buf_text(&pdf.file), "startxref\n");
    long place = strtol(start + 10, NULL, 10);
    buf_add_text(&pdf.file, "4 0 obj\n<< /Length 5 >>\nstream\n1 1 m\nendstream\nendobj\n");
    table = pdf.file.len;
    buf_print(
        &pdf.file,
        "xref\n4 1\n%010zu 00000 n \ntrailer\n<< /Size 5 /Root 1 0 R /Prev %ld >>\nstartxref\n%zu\n%%%%EOF\n",
        first, place, table);
    assert_int_equal(tell(&pdf, buf_view(&pdf.file)), 0);
    assert_string_equal(buf_text(&told.notes), "older revisions in the file\n");
    told_drop();
}

/* ---- the readers of our own ---- */

static int on_drawn(void *state, const char *name) {
    buf_print(state, "%s ", name);
    return 0;
}

static void names_that_are_drawn(void **state) {
    (void)state;
    static const char content[] = "q /A Do Q (/B Do) Tj <2F> /C#201 Do % /D Do\n/E /F Do\nBI /W 1 /H 1 ID "
                                  "\xff/G Do\xff\nEI Q /H Do Do [/I] /J Dog /K(x\\) )Do";
    struct buf names = {0};
    assert_int_equal(pdf_drawn_names(view_of(content, sizeof content - 1), on_drawn, &names), 0);
    assert_string_equal(buf_text(&names), "/A /C 1 /F /H /H /K ");
    buf_drop(&names);
}

static void tables_of_characters(void **state) {
    (void)state;
    struct pdf_characters c;
    pdf_characters_read(view_text("/CIDInit /ProcSet findresource << /Registry (x) >> def 2 beginbfchar <42> "
                                  "<0041> <43> <00660069> endbfchar "
                                  "2 beginbfrange <50> <52> <0061> <60> <61> [<0078> <0079>] endbfrange 1 "
                                  "beginbfchar <0141> <0042> endbfchar"),
                        &c);
    assert_int_equal(c.of[0x42], 'A');
    assert_int_equal(c.of[0x43], 0); /* two characters */
    assert_int_equal(c.of[0x50], 'a');
    assert_int_equal(c.of[0x52], 'c');
    assert_int_equal(c.of[0x53], 0);
    assert_int_equal(c.of[0x60], 'x');
    assert_int_equal(c.of[0x61], 'y');
    assert_int_equal(c.of[0x41], 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_ordinary_file_holds_nothing),
        cmocka_unit_test(files_come_with_their_names),
        cmocka_unit_test(a_files_name_may_be_utf16),
        cmocka_unit_test(a_damaged_file_is_told_and_not_given),
        cmocka_unit_test(names_in_a_circle_end),
        cmocka_unit_test(what_would_run_is_told),
        cmocka_unit_test(an_older_revision_is_told),
        cmocka_unit_test(names_that_are_drawn),
        cmocka_unit_test(tables_of_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
