/* read_page_tool: reads files as the helper does and prints what it read; for measuring, not shipped.
 *
 *   read_page_tool [-d FOLDER] [-p PAGE] [-l LANGUAGES] [-r] FILE...
 *
 * One line of JSON for each page: file, page, source, turn, skew, quality, trouble, blank, cpu (seconds of
 * recognising), words as [text, x0, y0, x1, y1, line, block, confidence]. -d: also writes each page's picture
 * to FOLDER. -r: recognises pages that have a text layer too. */
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/pix.h"
#include "ocr/pdf_pages.h"
#include "ocr/picture_pages.h"
#include "ocr/recognise.h"

#include <jansson.h>
#include <leptonica/allheaders.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct tool {
    struct ocr *ocr;
    const char *folder, *file;
    uint32_t only;
    bool again;
    double open_from; /* when the opener began on this page */
};

static double cpu_now(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static json_t *words_json(const struct words *words) {
    json_t *list = json_array();
    for (size_t i = 0; i < words->count; i++) {
        const struct word *w = &words->list[i];
        json_array_append_new(list, json_pack("[s,f,f,f,f,i,i,i]", w->text, (double)w->box.x0,
                                              (double)w->box.y0, (double)w->box.x1, (double)w->box.y1,
                                              (int)w->line, (int)w->block, (int)w->confidence));
    }
    return list;
}

static void write_picture(const struct tool *tool, const struct opened_page *page) {
    static const char *const ends[] = {"none", "jpg", "png", "tif"};
    const char *base = strrchr(tool->file, '/');
    char *path = mem_print("%s/%s-%u.%s", tool->folder, base ? base + 1 : tool->file, page->number,
                           ends[page->picture.format]);
    file_write_durable(path, page->picture.bytes, 0600);
    mem_free(&path);
}

static int show_page(void *state, const struct opened_page *page) {
    struct tool *tool = state;
    double opened = cpu_now() - tool->open_from;
    struct page_reading reading = {0};
    int err = 0;
    bool blank = false;
    double from = cpu_now();
    if (!tool->only || tool->only == page->number) {
        if (tool->folder && page->picture.format)
            write_picture(tool, page);
        PIX *pix = NULL;
        if (page->picture.format && pix_decode(page->picture.bytes, page->picture.turn, &pix) == 0)
            blank = ocr_page_is_blank(pix, page->picture.dpi);
        pixDestroy(&pix);
        from = cpu_now();
        if (page->picture.format && tool->ocr && (tool->again || page->source == WORDS_NONE))
            err = ocr_read_page(tool->ocr, &page->picture, page->width_pt, page->height_pt, &reading);
        const struct words *words = reading.words.count ? &reading.words : &page->words;
        json_t *line = json_pack(
            "{s:s,s:i,s:i,s:f,s:f,s:i,s:f,s:i,s:i,s:f,s:i,s:s,s:b,s:f,s:f,s:i,s:o}", "file", tool->file,
            "page", (int)page->number, "source", (int)page->source, "width", (double)page->width_pt, "height",
            (double)page->height_pt, "format", (int)page->picture.format, "dpi", (double)page->picture.dpi,
            "turned", (int)page->picture.turn, "turn", (int)reading.turn, "skew", (double)reading.skew_deg,
            "quality", (int)reading.quality, "trouble", reading.trouble ? reading.trouble : page->trouble,
            "blank", (int)blank, "cpu", cpu_now() - from, "open_cpu", opened, "err", err, "words",
            words_json(words));
        json_dumpf(line, stdout, JSON_COMPACT);
        putchar('\n');
        json_decref(line);
    }
    page_reading_drop(&reading);
    tool->open_from = cpu_now();
    return 0;
}

static int no_count(void *state, uint32_t pages) {
    (void)state, (void)pages;
    return 0;
}

static void show_file(struct tool *tool, const char *path) {
    struct buf file = {0};
    tool->file = path;
    struct page_sink sink = {no_count, show_page, tool};
    int err = file_read(path, (size_t)1 << 30, &file);
    tool->open_from = cpu_now();
    if (!err)
        err = file.len > 4 && memcmp(file.data, "%PDF", 4) == 0 ? pdf_pages_open(buf_view(&file), &sink)
                                                                : picture_pages_open(buf_view(&file), &sink);
    if (err)
        printf("{\"file\":\"%s\",\"error\":\"%s\"}\n", path, err_text(err));
    buf_drop(&file);
}

int main(int argc, char **argv) {
    struct tool tool = {0};
    const char *languages = "eng";
    int c;
    while ((c = getopt(argc, argv, "d:p:l:rn")) != -1) {
        if (c == 'd')
            tool.folder = optarg;
        else if (c == 'p')
            tool.only = (uint32_t)strtoul(optarg, NULL, 10);
        else if (c == 'l')
            languages = optarg;
        else if (c == 'r')
            tool.again = true;
        else if (c == 'n')
            languages = NULL; /* open only */
        else
            return 2;
    }
    if (languages && ocr_new(languages, "auto", &tool.ocr)) {
        fputs("the language data is missing\n", stderr);
        return 1;
    }
    for (; optind < argc; optind++)
        show_file(&tool, argv[optind]);
    ocr_drop(&tool.ocr);
    return 0;
}
