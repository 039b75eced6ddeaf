#include "ocr/plane.h"

#include <math.h>

struct ray ray_cross(struct ray a, struct ray b) {
    return (struct ray){a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}

double ray_dot(struct ray a, struct ray b) {
    return a.x * b.x + a.y * b.y + a.z * b.z;
}

struct ray ray_unit(struct ray a) {
    double length = sqrt(ray_dot(a, a));
    return length > 0 ? (struct ray){a.x / length, a.y / length, a.z / length} : a;
}

struct plane plane_of(struct ray across, struct ray down, struct ray at) {
    return (struct plane){{across.x, down.x, at.x, across.y, down.y, at.y, across.z, down.z, at.z}};
}

bool plane_map(const struct plane *plane, struct plane_point from, struct plane_point *ret) {
    const double *m = plane->m;
    double z = m[6] * from.x + m[7] * from.y + m[8];
    if (!(z > 1e-9))
        return false;
    *ret = (struct plane_point){(m[0] * from.x + m[1] * from.y + m[2]) / z,
                                (m[3] * from.x + m[4] * from.y + m[5]) / z};
    return true;
}

bool plane_inverse(const struct plane *plane, struct plane *ret) {
    const double *m = plane->m;
    struct ray a = {m[0], m[3], m[6]}, b = {m[1], m[4], m[7]}, c = {m[2], m[5], m[8]};
    struct ray bc = ray_cross(b, c), ca = ray_cross(c, a), ab = ray_cross(a, b);
    double det = ray_dot(a, bc);
    if (!(fabs(det) > 1e-12))
        return false;
    *ret = (struct plane){{bc.x / det, bc.y / det, bc.z / det, ca.x / det, ca.y / det, ca.z / det, ab.x / det,
                           ab.y / det, ab.z / det}};
    return true;
}

struct plane plane_times(const struct plane *second, const struct plane *first) {
    struct plane product = {{0}};
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            for (int k = 0; k < 3; k++)
                product.m[3 * i + j] += second->m[3 * i + k] * first->m[3 * k + j];
    return product;
}
