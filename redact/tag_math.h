/* tag_math.h: e^x that gives the same bits on every machine, which the C library's does not. For training and tagging. */
#ifndef REDACT_TAG_MATH_H
#define REDACT_TAG_MATH_H

#include <stdint.h>
#include <string.h>

/* Relative error below 2e-7; 0 below -87, the largest value above 88. */
static inline float tag_exp(float x) {
    x = x > 88.0f ? 88.0f : x;
    if (x < -87.0f)
        return 0;
    float n = x * 1.44269504f;
    n = (float)(int)(n < 0 ? n - 0.5f : n + 0.5f);
    float r = (x - n * 0.693359375f) + n * 2.12194440e-4f;
    float p = 1.0f + r * (1.0f + r * (0.5f + r * (0.166666667f + r * (0.0416666667f + r * (0.00833333333f + r * 0.00138888889f)))));
    uint32_t bits = (uint32_t)((int32_t)n + 127) << 23;
    float power;
    memcpy(&power, &bits, sizeof power);
    return p * power;
}

#endif
