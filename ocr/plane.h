/* plane.h: a flat sheet as a camera sees it (Hartley and Zisserman, Multiple View Geometry, chapters 2 and
 * 8).
 *
 * Points of a picture are counted from its middle, in units of the camera's focal length (view points), so
 * that the ray of a point is (x, y, 1). */
#ifndef OCR_PLANE_H
#define OCR_PLANE_H

#include <stdbool.h>

struct ray {
    double x, y, z;
};

struct plane_point {
    double x, y;
};

/* A homography, row by row. */
struct plane {
    double m[9];
};

struct ray ray_cross(struct ray a, struct ray b);
struct ray ray_unit(struct ray a); /* length 1; (0, 0, 0) stays */
double ray_dot(struct ray a, struct ray b);

/* The plane's points (u, v) are seen where across x u + down x v + at x 1 points to. */
struct plane plane_of(struct ray across, struct ray down, struct ray at);
/* False where the point lies on or behind the horizon. */
bool plane_map(const struct plane *plane, struct plane_point from, struct plane_point *ret);
bool plane_inverse(const struct plane *plane, struct plane *ret); /* false: there is none */
struct plane plane_times(const struct plane *second, const struct plane *first);

#endif
