// The tests' assertions: the first that fails says where and ends the program with status 1.
#pragma once

#include <cmath>
#include <cstdio>
#include <cstdlib>

#define CHECK(condition)                                                            \
    do {                                                                            \
        if (!(condition)) {                                                         \
            std::fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
            std::exit(1);                                                           \
        }                                                                           \
    } while (false)

// |actual - expected| <= tolerance (1 + |expected|); NaN is never close.
#define CHECK_CLOSE(actual, expected, tolerance)                                                             \
    do {                                                                                                     \
        const double a_ = static_cast<double>(actual);                                                       \
        const double e_ = static_cast<double>(expected);                                                     \
        if (!(std::fabs(a_ - e_) <= (tolerance) * (1.0 + std::fabs(e_)))) {                                  \
            std::fprintf(stderr, "%s:%d: %s is %.9g, expected %.9g\n", __FILE__, __LINE__, #actual, a_, e_); \
            std::exit(1);                                                                                    \
        }                                                                                                    \
    } while (false)
