#include "ocr/sheet_edges.h"

#include "base/mem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define RADIANS(deg) ((float)(deg)*0.017453293f)
#define STEEP_LEAST 2.0f /* grey levels a pixel: smaller is noise */
#define STEEP_MOST 8.0f  /* more does not make an edge truer */
#define SUPPORT_LEAST 0.35f
#define SUPPORT_SEEN 0.5f
#define SUPPORT_ZERO 0.4f  /* a side with so much support speaks neither for nor against */
#define BORDER_WORTH 0.02f /* of a side that lies at the picture's border */
#define AREA_LEAST 0.2f    /* of the picture */
enum {
    CLOSE_PX = 9,    /* letters and table lines are thinner */
    ANGLES = 180,    /* of normals, degrees from -45; below 45: the line goes down, else across */
    VOTE_DEG = 4,    /* how wrong the gradient's direction may be */
    NEAR_DEG = 12,   /* of an edge pixel that is counted for a line */
    LINES_MOST = 12, /* of a direction */
    SIDES_MOST = LINES_MOST + 2,
    SHORT_PX = 40,
};

/* An edge pixel. */
struct edge {
    float x, y;
    float steep;   /* grey levels a pixel, bounded */
    int16_t angle; /* 0 to 179: of its normal, degrees from -45 */
    bool away;     /* dark to bright against the normal, not along it */
};

struct line {
    struct sheet_line at;
    bool away, border;
    int *hits; /* hits[i]: edge pixels on the line before row (column) i */
};

struct search {
    int w, h;
    struct edge *edges;
    int count;
    int *map; /* w x h: 1 + place in edges, 0: none */
    struct line lines[2][SIDES_MOST];
    int lines_count[2]; /* [0]: lines that go down, [1]: across */
};

/* ---- edge pixels
 * ------------------------------------------------------------------------------------------------ */

struct slope {
    float x, y, steep;
};

static struct slope slope_at(const uint8_t *p, int w) {
    int gx = p[1 - w] + 2 * p[1] + p[1 + w] - p[-1 - w] - 2 * p[-1] - p[-1 + w];
    int gy = p[w - 1] + 2 * p[w] + p[w + 1] - p[-w - 1] - 2 * p[-w] - p[-w + 1];
    struct slope slope = {(float)gx / 8, (float)gy / 8, 0};
    slope.steep = sqrtf(slope.x * slope.x + slope.y * slope.y);
    return slope;
}

/* The steepest plane counts: paper and table may be equally bright and differ in colour. */
static struct slope *slopes_of(const struct thumb *thumb) {
    int w = thumb->width, h = thumb->height;
    size_t count = (size_t)w * (size_t)h;
    struct slope *slopes = mem_new(count * sizeof *slopes);
    uint8_t *plane = mem_new(count);
    for (int p = 0; p < thumb->planes; p++) {
        memcpy(plane, thumb->plane[p], count);
        thumb_spread_bright(plane, w, h, CLOSE_PX);
        thumb_spread_dark(plane, w, h, CLOSE_PX);
        for (int y = 1; y < h - 1; y++)
            for (int x = 1; x < w - 1; x++) {
                size_t i = (size_t)y * (size_t)w + (size_t)x;
                struct slope slope = slope_at(plane + i, w);
                if (slope.steep > slopes[i].steep)
                    slopes[i] = slope;
            }
    }
    mem_free(&plane);
    return slopes;
}

static bool slope_is_crest(const struct slope *s, int w) {
    int dx = fabsf(s->x) > 0.4f * s->steep ? (s->x > 0 ? 1 : -1) : 0;
    int dy = fabsf(s->y) > 0.4f * s->steep ? (s->y > 0 ? 1 : -1) : 0;
    return s->steep >= s[dy * w + dx].steep && s->steep > s[-dy * w - dx].steep;
}

static struct edge edge_of(const struct slope *slope, int x, int y) {
    float deg = atan2f(slope->y, slope->x) * 57.29578f;
    bool away = deg < -45 || deg >= 135;
    if (away)
        deg += deg < -45 ? 180 : -180;
    int angle = (int)floorf(deg + 45);
    return (struct edge){.x = (float)x,
                         .y = (float)y,
                         .steep = fminf(slope->steep, STEEP_MOST),
                         .angle = (int16_t)(angle < 0         ? 0
                                            : angle >= ANGLES ? ANGLES - 1
                                                              : angle),
                         .away = away};
}

static void edges_collect(struct search *s, const struct slope *slopes) {
    for (int y = 2; y < s->h - 2; y++)
        for (int x = 2; x < s->w - 2; x++) {
            size_t i = (size_t)y * (size_t)s->w + (size_t)x;
            if (slopes[i].steep < STEEP_LEAST || !slope_is_crest(&slopes[i], s->w))
                continue;
            s->edges[s->count++] = edge_of(&slopes[i], x, y);
            s->map[i] = s->count;
        }
}

/* ---- lines
 * ------------------------------------------------------------------------------------------------------ */

static struct sheet_line line_at(int angle, float c) {
    float t = RADIANS((float)angle - 44.5f);
    return (struct sheet_line){cosf(t), sinf(t), c};
}

static float line_distance(const struct sheet_line *line, float x, float y) {
    return line->a * x + line->b * y - line->c;
}

static int line_angle(const struct sheet_line *line) {
    return (int)floorf(atan2f(line->b, line->a) * 57.29578f + 45);
}

/* The weighted total least squares line through the edge pixels near it. */
static bool line_fit(const struct search *s, struct line *line, float near_px) {
    double n = 0, sx = 0, sy = 0, sxx = 0, sxy = 0, syy = 0;
    int angle = line_angle(&line->at);
    for (int i = 0; i < s->count; i++) {
        const struct edge *e = &s->edges[i];
        if (e->away != line->away || abs(e->angle - angle) > NEAR_DEG ||
            fabsf(line_distance(&line->at, e->x, e->y)) > near_px)
            continue;
        double k = (double)e->steep, x = (double)e->x, y = (double)e->y;
        n += k;
        sx += k * x;
        sy += k * y;
        sxx += k * x * x;
        sxy += k * x * y;
        syy += k * y * y;
    }
    if (n <= 0)
        return false;
    double mx = sx / n, my = sy / n;
    double along = 0.5 * atan2(2 * (sxy / n - mx * my), sxx / n - mx * mx - syy / n + my * my);
    float a = (float)-sin(along), b = (float)cos(along);
    if (a * line->at.a + b * line->at.b < 0) {
        a = -a;
        b = -b;
    }
    line->at = (struct sheet_line){a, b, a * (float)mx + b * (float)my};
    return a * 0.7071f + b * 0.7071f >= 0; /* still a normal towards right or down */
}

static bool edge_speaks_for(const struct search *s, const struct line *line, int angle, int x, int y) {
    if (x < 0 || y < 0 || x >= s->w || y >= s->h)
        return false;
    int at = s->map[(size_t)y * (size_t)s->w + (size_t)x];
    const struct edge *e = at ? &s->edges[at - 1] : NULL;
    return e && e->away == line->away && abs(e->angle - angle) <= NEAR_DEG;
}

/* Counts, row by row for a line that goes down (column by column for one across), where an edge lies on it.
 */
static void line_count_hits(const struct search *s, struct line *line, bool across) {
    int length = across ? s->w : s->h, angle = line_angle(&line->at);
    line->hits = mem_new(((size_t)length + 1) * sizeof *line->hits);
    for (int i = 0; i < length; i++) {
        float at = across ? (line->at.c - line->at.a * (float)i) / line->at.b
                          : (line->at.c - line->at.b * (float)i) / line->at.a;
        bool hit = false;
        for (int d = -1; d <= 1 && !hit && !line->border && fabsf(at) < 30000; d++) {
            int other = (int)lroundf(at) + d;
            hit = edge_speaks_for(s, line, angle, across ? i : other, across ? other : i);
        }
        line->hits[i + 1] = line->hits[i] + hit;
    }
}

struct votes {
    float *sum; /* [angle][distance + reach] */
    int reach, distances;
};

static void votes_cast(const struct search *s, bool away, struct votes *votes) {
    memset(votes->sum, 0, (size_t)ANGLES * (size_t)votes->distances * sizeof *votes->sum);
    for (int i = 0; i < s->count; i++) {
        const struct edge *e = &s->edges[i];
        for (int t = e->angle - VOTE_DEG; e->away == away && t <= e->angle + VOTE_DEG; t++) {
            if (t < 0 || t >= ANGLES)
                continue;
            struct sheet_line line = line_at(t, 0);
            int d = (int)lroundf(line.a * e->x + line.b * e->y) + votes->reach;
            votes->sum[t * votes->distances + d] += e->steep;
        }
    }
}

/* The line with the most votes; its neighbours lose theirs. False when none is long enough to matter. */
static bool votes_take(struct votes *votes, bool across, struct line *ret) {
    int from = across ? ANGLES / 2 : 0, best_t = 0, best_d = 0;
    float best = 0;
    for (int t = from; t < from + ANGLES / 2; t++)
        for (int d = 1; d < votes->distances - 1; d++) {
            const float *v = &votes->sum[t * votes->distances + d];
            float sum = v[-1] + v[0] + v[1];
            if (sum > best) {
                best = sum;
                best_t = t;
                best_d = d;
            }
        }
    if (best < SHORT_PX * STEEP_LEAST)
        return false;
    ret->at = line_at(best_t, (float)(best_d - votes->reach));
    for (int t = best_t - 3 < 0 ? 0 : best_t - 3; t <= best_t + 3 && t < ANGLES; t++)
        for (int d = best_d - 5 < 0 ? 0 : best_d - 5; d <= best_d + 5 && d < votes->distances; d++)
            votes->sum[t * votes->distances + d] = 0;
    return true;
}

static void lines_find(struct search *s) {
    struct votes votes = {.reach = (int)hypotf((float)s->w, (float)s->h) + 2};
    votes.distances = 2 * votes.reach + 1;
    votes.sum = mem_new((size_t)ANGLES * (size_t)votes.distances * sizeof *votes.sum);
    for (int away = 0; away < 2; away++) {
        votes_cast(s, away, &votes);
        for (int across = 0; across < 2; across++)
            for (int i = 0; i < LINES_MOST / 2; i++) {
                struct line line = {.away = away};
                if (!votes_take(&votes, across, &line))
                    break;
                if (line_fit(s, &line, 3) && line_fit(s, &line, 2))
                    s->lines[across][s->lines_count[across]++] = line;
            }
    }
    mem_free(&votes.sum);
}

static void lines_add_borders(struct search *s) {
    float ends[2] = {(float)s->w - 1, (float)s->h - 1};
    for (int across = 0; across < 2; across++)
        for (int end = 0; end < 2; end++)
            s->lines[across][s->lines_count[across]++] =
                (struct line){.at = {across ? 0 : 1, across ? 1 : 0, end ? ends[across] : 0}, .border = true};
}

/* ---- choosing four
 * ---------------------------------------------------------------------------------------------- */

static bool lines_meet(const struct sheet_line *p, const struct sheet_line *q, float *x, float *y) {
    float det = p->a * q->b - q->a * p->b;
    if (fabsf(det) < 0.3f)
        return false;
    *x = (p->c * q->b - q->c * p->b) / det;
    *y = (p->a * q->c - q->a * p->c) / det;
    return true;
}

/* How much of the line between from and to (rows or columns) is an edge; length gets what lies in the
 * picture. */
static float line_support(const struct line *line, float from, float to, int side_px, float *length) {
    int a = (int)fmaxf(0, from), b = (int)fminf((float)side_px, to);
    *length = (float)(b - a);
    if (b - a < SHORT_PX)
        return 0;
    return (float)(line->hits[b] - line->hits[a]) / (float)(b - a);
}

static bool corners_of(const struct search *s, const struct line *const side[4], struct sheet_edges *ret) {
    static const uint8_t meet[4][2] = {{SHEET_LEFT, SHEET_TOP},
                                       {SHEET_RIGHT, SHEET_TOP},
                                       {SHEET_RIGHT, SHEET_BOTTOM},
                                       {SHEET_LEFT, SHEET_BOTTOM}};
    float far_x = 0.5f * (float)s->w, far_y = 0.5f * (float)s->h, area = 0;
    for (int i = 0; i < 4; i++) {
        if (!lines_meet(&side[meet[i][0]]->at, &side[meet[i][1]]->at, &ret->x[i], &ret->y[i]))
            return false;
        if (ret->x[i] < -far_x || ret->x[i] > 3 * far_x || ret->y[i] < -far_y || ret->y[i] > 3 * far_y)
            return false;
    }
    for (int i = 0; i < 4; i++) {
        int j = (i + 1) % 4, k = (i + 2) % 4;
        float turn = (ret->x[j] - ret->x[i]) * (ret->y[k] - ret->y[j]) -
                     (ret->y[j] - ret->y[i]) * (ret->x[k] - ret->x[j]);
        if (turn <= 0)
            return false; /* not convex */
        area += (ret->x[i] * ret->y[j] - ret->x[j] * ret->y[i]) / 2;
    }
    return area >= AREA_LEAST * (float)s->w * (float)s->h;
}

/* The worth of four sides: what is seen of them less what is not; below 0: impossible. */
static float sides_worth(const struct search *s, const struct line *const side[4], struct sheet_edges *ret) {
    if (!corners_of(s, side, ret))
        return -1;
    float worth = 0;
    for (int i = 0; i < 4; i++) {
        static const uint8_t ends[4][2] = {{0, 3}, {1, 2}, {0, 1}, {3, 2}};
        bool across = i >= SHEET_TOP, far = i == SHEET_RIGHT || i == SHEET_BOTTOM;
        const float *along = across ? ret->x : ret->y;
        float length = 0;
        float support =
            line_support(side[i], along[ends[i][0]], along[ends[i][1]], across ? s->w : s->h, &length);
        ret->support[i] = support;
        ret->seen[i] = support >= SUPPORT_SEEN;
        if (side[i]->border)
            worth += BORDER_WORTH * length;
        else if (support < SUPPORT_LEAST)
            return -1;
        else /* paper that is darker than its table is rarer */
            worth += (support - SUPPORT_ZERO) * length * (side[i]->away == far ? 1 : 0.6f);
    }
    return worth;
}

static void sides_try(const struct search *s, const struct line *const side[4], struct sheet_edges *best,
                      float *most) {
    struct sheet_edges this = {0};
    float worth = sides_worth(s, side, &this);
    if (worth <= *most)
        return;
    *most = worth;
    *best = this;
    for (int i = 0; i < 4; i++)
        best->side[i] = side[i]->at;
}

static float sides_choose(const struct search *s, struct sheet_edges *best) {
    float most = 0;
    for (int l = 0; l < s->lines_count[0]; l++)
        for (int r = 0; r < s->lines_count[0]; r++)
            for (int t = 0; l != r && t < s->lines_count[1]; t++)
                for (int b = 0; b < s->lines_count[1]; b++) {
                    const struct line *side[4] = {&s->lines[0][l], &s->lines[0][r], &s->lines[1][t],
                                                  &s->lines[1][b]};
                    if (t != b)
                        sides_try(s, side, best, &most);
                }
    return most;
}

bool sheet_edges_find(const struct thumb *thumb, struct sheet_edges *ret) {
    *ret = (struct sheet_edges){0};
    struct search s = {.w = thumb->width, .h = thumb->height};
    if (s.w < 3 * SHORT_PX || s.h < 3 * SHORT_PX)
        return false;
    size_t count = (size_t)s.w * (size_t)s.h;
    struct slope *slopes = slopes_of(thumb);
    s.edges = mem_new(count * sizeof *s.edges);
    s.map = mem_new(count * sizeof *s.map);
    edges_collect(&s, slopes);
    mem_free(&slopes);
    lines_find(&s);
    lines_add_borders(&s);
    for (int across = 0; across < 2; across++)
        for (int i = 0; i < s.lines_count[across]; i++)
            line_count_hits(&s, &s.lines[across][i], across);
    float worth = sides_choose(&s, ret);
    int seen = 0;
    for (int i = 0; i < 4; i++)
        seen += ret->seen[i];
    for (int across = 0; across < 2; across++)
        for (int i = 0; i < s.lines_count[across]; i++)
            mem_free(&s.lines[across][i].hits);
    mem_free(&s.edges);
    mem_free(&s.map);
    return worth > 0 && seen > 0;
}
