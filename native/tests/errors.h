// How far numbers are from others that are right.
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "check.h"

// |actual - expected| / |expected|, in the Euclidean norm.
template <typename T>
double errorOfNorm(const std::vector<T>& actual, const std::vector<double>& expected) {
    CHECK(actual.size() == expected.size());
    double error = 0;
    double norm = 0;
    for (size_t i = 0; i < expected.size(); ++i) {
        error += (actual[i] - expected[i]) * (actual[i] - expected[i]);
        norm += expected[i] * expected[i];
    }
    return error == 0 ? 0 : std::sqrt(error / norm);
}

// The same in the largest absolute value.
template <typename T>
double errorOfScale(const std::vector<T>& actual, const std::vector<double>& expected) {
    CHECK(actual.size() == expected.size());
    double error = 0;
    double scale = 0;
    for (size_t i = 0; i < expected.size(); ++i) {
        const double difference = std::fabs(static_cast<double>(actual[i]) - expected[i]);
        error = difference <= error ? error : difference;  // NaN stays
        scale = std::max(scale, std::fabs(expected[i]));
    }
    return error == 0 ? 0 : error / scale;
}
