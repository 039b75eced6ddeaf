/* A small bound pack of invented pages, for tests. */
#ifndef TESTS_PACK_FIXTURE_H
#define TESTS_PACK_FIXTURE_H

#include "base/mem.h"
#include "base/pix.h"
#include "config/rules.h"
#include "disclose/bind.h"

#include <leptonica/allheaders.h>
#include <stdlib.h>
#include <string.h>

/* Fontconfig keeps what it found about fonts until the process ends. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void) {
    return "leak:libfontconfig.so\n";
}

#define FIXTURE_PAGES 3
#define FIXTURE_WIDTH 600.0f
#define FIXTURE_HEIGHT 800.0f
#define FIXTURE_SCALE 2 /* pixels for each point */

static const struct box fixture_area = {120, 100, 168, 113};
static const struct box fixture_area_2 = {300, 400, 336, 413};

struct fixture {
    int see_through;          /* of page 2 the first area is not painted, and ink is in it */
    int jpeg;                 /* page 3 is a JPEG */
    int fail_page;            /* loading this page fails, from 0; -1: none */
    const char *const *lines; /* text of each page, a line each; NULL-ended */
    int loads;
};

static const char *const fixture_lines[] = {"Theo was seen at home on Tuesday.",
                                            "His remarks about school were brief; he will",
                                            "go back when he feels ready.", NULL};

static void fixture_words(struct covered_page *page, const char *const *lines) {
    float y = 60;
    for (uint32_t line = 0; lines[line]; line++, y += 20) {
        char *copy = mem_text(lines[line]), *save = NULL;
        float x = 50;
        for (char *word = strtok_r(copy, " ", &save); word; word = strtok_r(NULL, " ", &save)) {
            float width = 5.5f * (float)strlen(word);
            int deep = strpbrk(word, "gpqyj,;") != NULL,
                high = strpbrk(word, "bdfhkltABCDEFGHIJKLMNOPQRSTUVWXYZ") != NULL;
            words_add(&page->words, (struct box){x, high ? y : y + 2.5f, x + width, deep ? y + 11 : y + 8.5f},
                      line, 0, 95, word);
            x += width + 3;
        }
        free(copy);
    }
}

static void fixture_paint(PIX *pix, struct box b, int how) {
    int s = FIXTURE_SCALE;
    pixRasterop(pix, (int)b.x0 * s, (int)b.y0 * s, (int)(b.x1 - b.x0) * s, (int)(b.y1 - b.y0) * s, how, NULL,
                0, 0);
}

static PIX *fixture_picture(const struct fixture *fixture, uint32_t i) {
    PIX *pix = pixCreate((int)FIXTURE_WIDTH * FIXTURE_SCALE, (int)FIXTURE_HEIGHT * FIXTURE_SCALE, 1);
    fixture_paint(pix, fixture_area_2, PIX_SET);
    if (fixture->see_through && i == 1)
        fixture_paint(pix, (struct box){130, 104, 150, 109}, PIX_SET);
    else
        fixture_paint(pix, fixture_area, PIX_SET);
    return pix;
}

static int fixture_load(void *state, uint32_t i, struct covered_page *ret) {
    struct fixture *fixture = state;
    fixture->loads++;
    if ((int)i == fixture->fail_page)
        return -1;
    PIX *pix = fixture_picture(fixture, i);
    *ret = (struct covered_page){.format = COVERED_G4,
                                 .width_pt = FIXTURE_WIDTH,
                                 .height_pt = FIXTURE_HEIGHT,
                                 .width_px = (uint32_t)pixGetWidth(pix),
                                 .height_px = (uint32_t)pixGetHeight(pix)};
    if (fixture->jpeg && i == 2) {
        PIX *grey = pixConvertTo8(pix, 0);
        ret->format = COVERED_JPEG_GREY;
        pix_encode_jpeg(grey, 60, &ret->bytes);
        pixDestroy(&grey);
    } else {
        pix_encode_g4_strip(pix, &ret->bytes);
    }
    pixDestroy(&pix);
    ret->covered = mem_grow(NULL, 2, sizeof *ret->covered);
    ret->covered[0] = fixture_area;
    ret->covered[1] = fixture_area_2;
    ret->covered_count = 2;
    fixture_words(ret, fixture->lines ? fixture->lines : fixture_lines);
    return 0;
}

static struct bind_document fixture_documents[] = {{"Letter, 12 March 2021", "14 March 2021", "12 March 2021", "Late Entry: 9 days", 0, 2},
                                                   {"Document 2", "", "", "", 2, 1}};
static struct bind_withheld fixture_withheld[] = {
    {0, "Name of another person", "It is about another person.", "DPA 2018 Sch 2 para 16", "3P-UNREASONABLE",
     2},
    {2, "Address", "It would tell where somebody lives.", "DPA 2018 Sch 2 para 16", "3P-WHEREABOUTS", 1},
};

static struct bind_entry fixture_glossary[] = {{"SW", "social worker"}};
static struct bind_left_out fixture_left_out[] = {{"2 documents", "This is a copy of a page that you already have in this pack."}};

static struct bind_order fixture_order(struct fixture *fixture) {
    return (struct bind_order){.council = "Ribbleshire Council, Children's Services",
                               .request_name = "SAR-2025-0001",
                               .title = "The records you asked for",
                               .letter = "# Ribbleshire Council\n\nDear Theo Kenyon,\n\n## What we have left out\nYou have to have it by 3 April 2025.\n"
                                         "- It is about another person.\n~ 12 9f8e7d\n",
                               .guide = "# How to read this pack\nEach page has a number.\n",
                               .privacy = "# How we use information about you\nWe keep it.\n",
                               .parts = PACK_GUIDE | PACK_CONTENTS | PACK_CHRONOLOGY | PACK_SCHEDULE | PACK_GLOSSARY | PACK_PRIVACY,
                               .glossary = fixture_glossary,
                               .glossary_count = 1,
                               .left_out = fixture_left_out,
                               .left_out_count = 1,
                               .documents = fixture_documents,
                               .document_count = 2,
                               .withheld = fixture_withheld,
                               .withheld_count = 2,
                               .page_count = FIXTURE_PAGES,
                               .load_page = fixture_load,
                               .state = fixture};
}

#endif
