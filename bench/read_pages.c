/* bench/read_pages: the words of files as the helper reads them, without daemon, store or confinement, and what it cost.
 *
 *   OMP_THREAD_LIMIT=1 read_pages [-l LANGUAGES] FILE...       PDF, TIFF, JPEG, PNG, ...
 *
 * One line of JSON for each page: file, page, width and height (points), source (layer: the file's own text), turn, skew, quality,
 * words, open_s (CPU seconds to get the page out of its file), cpu_s (from its picture's bytes to its words), recognise_s (inside
 * Tesseract's recognition alone) and how often that was called, trouble, text. The linker puts the stop-watch below before
 * TessBaseAPIRecognize: -Wl,--wrap=TessBaseAPIRecognize. */
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "ocr/pdf_pages.h"
#include "ocr/picture_pages.h"
#include "ocr/recognise.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tesseract/capi.h>
#include <time.h>
#include <unistd.h>

#define FILE_BYTES_MOST (1u << 30)

struct reader {
    struct ocr *ocr;
    const char *file;
    double opening_from_s; /* process CPU time when the last page was done */
    double recognise_s;
    unsigned recognise_calls;
};
static struct reader reader;

static double cpu_s(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int __real_TessBaseAPIRecognize(TessBaseAPI *api, ETEXT_DESC *monitor);
int __wrap_TessBaseAPIRecognize(TessBaseAPI *api, ETEXT_DESC *monitor);
int __wrap_TessBaseAPIRecognize(TessBaseAPI *api, ETEXT_DESC *monitor) {
    double start = cpu_s();
    int failed = __real_TessBaseAPIRecognize(api, monitor);
    reader.recognise_s += cpu_s() - start;
    reader.recognise_calls++;
    return failed;
}

static void print_text(const char *text, size_t length) {
    putchar('"');
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c == '"' || c == '\\')
            printf("\\%c", c);
        else if (c < 0x20)
            printf("\\u%04x", c);
        else
            putchar(c);
    }
    putchar('"');
}

static void print_member(const char *name, const char *text, size_t length) {
    printf(", \"%s\": ", name);
    print_text(text, length);
}

static void print_reading(const struct opened_page *page, const struct page_reading *reading, double open_s, double cpu) {
    struct buf text = {0};
    const char *trouble = reading->trouble ? reading->trouble : "";
    words_text(&reading->words, &text);
    printf("{\"page\": %u, \"width\": %.1f, \"height\": %.1f, \"turn\": %u, \"skew\": %.2f, \"quality\": %u, \"words\": %zu",
           page->number, (double)page->width_pt, (double)page->height_pt, reading->turn, (double)reading->skew_deg,
           reading->quality, reading->words.count);
    printf(", \"open_s\": %.4f, \"cpu_s\": %.4f, \"recognise_s\": %.4f, \"recognise_calls\": %u", open_s, cpu,
           reader.recognise_s, reader.recognise_calls);
    printf(", \"source\": \"%s\"", page->source == WORDS_NONE ? "recognised" : "layer");
    print_member("file", reader.file, strlen(reader.file));
    print_member("trouble", trouble, strlen(trouble));
    print_member("text", (const char *)text.data, text.len);
    puts("}");
    buf_drop(&text);
}

static int on_count(void *state, uint32_t pages) {
    (void)state;
    (void)pages;
    return 0;
}

static int on_page(void *state, const struct opened_page *page) {
    struct page_reading reading = {0};
    double start = cpu_s();
    (void)state;
    reader.recognise_s = 0;
    reader.recognise_calls = 0;
    if (page->picture.format == PICTURE_NONE || page->trouble[0])
        reading.trouble = mem_text(page->trouble);
    else if (page->source == WORDS_NONE) {
        int err = ocr_read_page(reader.ocr, &page->picture, page->width_pt, page->height_pt, &reading);
        if (err)
            reading.trouble = mem_text(err_text(err));
    } else
        for (size_t i = 0; i < page->words.count; i++) {
            const struct word *w = &page->words.list[i];
            words_add(&reading.words, w->box, w->line, w->block, w->confidence, w->text);
        }
    print_reading(page, &reading, start - reader.opening_from_s, cpu_s() - start);
    page_reading_drop(&reading);
    reader.opening_from_s = cpu_s();
    return 0;
}

static int read_file(const char *path) {
    struct buf bytes = {0};
    struct page_sink sink = {.count = on_count, .page = on_page};
    reader.file = path;
    reader.opening_from_s = cpu_s();
    int err = file_read(path, FILE_BYTES_MOST, &bytes);
    if (!err && view_begins(buf_view(&bytes), "%PDF", 4))
        err = pdf_pages_open(&(struct pdf_order){.bytes = buf_view(&bytes)}, &sink);
    else if (!err)
        err = picture_pages_open(&(struct picture_order){.bytes = buf_view(&bytes)}, &sink);
    if (err)
        fprintf(stderr, "read_pages: %s: %s\n", path, err_text(err));
    buf_drop(&bytes);
    return err;
}

int main(int argc, char **argv) {
    const char *languages = "eng";
    for (int option; (option = getopt(argc, argv, "l:")) != -1;) {
        if (option != 'l')
            return 2;
        languages = optarg;
    }
    if (ocr_new(languages, "auto", &reader.ocr)) {
        fprintf(stderr, "read_pages: no data for the language %s\n", languages);
        return 1;
    }
    int failed = 0;
    for (int i = optind; i < argc; i++)
        failed |= read_file(argv[i]) != 0;
    ocr_drop(&reader.ocr);
    return failed;
}
