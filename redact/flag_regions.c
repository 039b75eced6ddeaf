#include "redact/flag_regions.h"

#include "base/mem.h"

#include <stdio.h>

#define LOGO_DEPTH 0.25f
#define PICTURE_PT2 4800.0f /* 6 cm2: a passport's photograph has 15, a letterhead's logo less */

static void place_add(struct flags *flags, uint32_t page, struct box box, const char *why) {
    struct flag *flag = flags_add(flags);
    flag->page = page;
    flag->type = FLAG_PASSAGE;
    flag->role = ROLE_UNKNOWN;
    flag->person_id = mem_text("");
    flag->code = mem_text("3P-UNREASONABLE");
    flag->cover = flag->look = 1;
    flag->finder = mem_text("reading");
    flag->why = mem_text(why);
    flag->text = mem_text("");
    flag->boxes = mem_new(sizeof *flag->boxes);
    flag->boxes[0] = box;
    flag->box_count = 1;
}

/* How far down the upright page the middle of a box lies, 0 to 1. */
static float depth_on(const struct flag_sheet *sheet, const struct box *b) {
    float x = (b->x0 + b->x1) / 2 / sheet->width_pt, y = (b->y0 + b->y1) / 2 / sheet->height_pt;
    return sheet->turn == 0 ? y : sheet->turn == 90 ? x : sheet->turn == 180 ? 1 - y : 1 - x;
}

/* A logo or a sign, which shows nobody: at the head of a page. Elsewhere it may be a signature. */
static bool is_logo(const struct flag_sheet *sheet, const struct region *region) {
    const struct box *b = &region->box;
    return region->kind == REGION_PICTURE && (b->x1 - b->x0) * (b->y1 - b->y0) < PICTURE_PT2 && depth_on(sheet, b) < LOGO_DEPTH;
}

void flag_regions_add(struct flags *flags, const struct flag_sheet *sheet, const struct regions *regions) {
    for (size_t i = 0; i < regions->count; i++) {
        if (is_logo(sheet, &regions->list[i]))
            continue;
        char why[96];
        snprintf(why, sizeof why, "%s: a person must look at it", region_kind_text(regions->list[i].kind));
        place_add(flags, sheet->page, regions->list[i].box, why);
    }
}

void flag_regions_whole(struct flags *flags, const struct flag_sheet *sheet) {
    place_add(flags, sheet->page, (struct box){0, 0, sheet->width_pt, sheet->height_pt},
              "this page could not be read well enough; a person must look at it");
}
