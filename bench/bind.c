/* bench/bind: how fast packs are bound, and how much memory that takes: volumes of 100 and 500 pages of about 45 kB each, as scans of letters have.
 *
 *   bind [PAGES...]     each in a process of its own, so that the memory told is its own */
#include "base/err.h"
#include "base/mem.h"
#include "base/pix.h"
#include "config/rules.h"
#include "disclose/bind.h"

#include <leptonica/allheaders.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static struct buf picture;

/* Strokes at random, until the page has its bytes. */
static void picture_make(void) {
    PIX *pix = pixCreate(1654, 2339, 1);
    srand(7);
    for (int n = 0; n < 9000; n++)
        pixRasterop(pix, rand() % 1600, rand() % 2300, 2 + rand() % 12, 2 + rand() % 4, PIX_SET, NULL, 0, 0);
    pix_encode_g4_strip(pix, &picture);
    pixDestroy(&pix);
}

static int page_load(void *state, uint32_t i, struct covered_page *ret) {
    (void)state;
    *ret = (struct covered_page){.format = COVERED_G4, .width_px = 1654, .height_px = 2339, .width_pt = 595, .height_pt = 842};
    buf_add(&ret->bytes, picture.data, picture.len);
    for (int w = 0; w < 350; w++) {
        char word[16];
        snprintf(word, sizeof word, "word%u", (i * 350 + (uint32_t)w) % 4000);
        float x = 50 + (float)(w % 10) * 50, y = 60 + (float)(w / 10) * 20;
        words_add(&ret->words, (struct box){x, y, x + 40, y + 11}, (uint32_t)w / 10, 0, 90, word);
    }
    return 0;
}

static void bind_measure(uint32_t pages) {
    struct bind_document *documents = mem_new((pages / 5 + 1) * sizeof *documents);
    struct bind_order order = {.title = (char[]){"Records"}, .letter = (char[]){"# Letter\n"}, .council = (char[]){"Council"}, .request_name = (char[]){"SAR-2026-0001"},
                               .page_count = pages, .documents = documents, .document_count = pages / 5, .load_page = page_load, .parts = PACK_CONTENTS | PACK_SCHEDULE};
    struct bound bound;
    struct timespec from, to;
    struct rusage usage;
    for (uint32_t i = 0; i < pages / 5; i++)
        documents[i] = (struct bind_document){(char[]){"Letter"}, (char[]){"1 May 2024"}, (char[]){"1 May 2024"}, (char[]){""}, i * 5, 5};
    clock_gettime(CLOCK_MONOTONIC, &from);
    int err = bind_pack(&order, &bound);
    clock_gettime(CLOCK_MONOTONIC, &to);
    if (err) {
        printf("%u pages: %s\n", pages, err_text(err));
        _exit(1);
    }
    double seconds = (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9;
    getrusage(RUSAGE_SELF, &usage);
    printf("%5u pages: %6.1f pages/s, %5.1f kB a page, %4ld MB of memory at most\n", pages, pages / seconds, (double)bound.pdf.len / 1000 / pages, usage.ru_maxrss / 1024);
    fflush(stdout);
    bound_drop(&bound);
    free(documents);
}

int main(int argc, char **argv) {
    static const char *const usual[] = {"100", "500"};
    pix_silence();
    picture_make();
    printf("a page's picture: %zu kB\n", picture.len / 1000);
    fflush(stdout);
    for (int i = 0; i < (argc > 1 ? argc - 1 : 2); i++) {
        pid_t pid = fork();
        if (pid == 0) {
            bind_measure((uint32_t)atoi(argc > 1 ? argv[i + 1] : usual[i]));
            _exit(0);
        }
        waitpid(pid, NULL, 0);
    }
    return 0;
}
