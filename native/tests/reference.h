// Activations in double precision, each derivative from its textbook formula. Java's twin is model.Activation.
#pragma once

#include <cmath>

#include "activation.h"

namespace reference {

struct Jet {
    double value, first, second, third;
};

inline Jet activation(slicedscore::Activation which, double z) {
    using slicedscore::Activation;
    const double s = 1 / (1 + std::exp(-z));
    const double d = s * (1 / (1 + std::exp(z)));
    switch (which) {
        case Activation::Softplus:
            return {std::fmax(z, 0.0) + std::log1p(std::exp(-std::fabs(z))), s, d, d * (1 - 2 * s)};
        case Activation::Tanh: {
            const double t = std::tanh(z);
            const double slope = 1 / (std::cosh(z) * std::cosh(z));
            return {t, slope, -2 * t * slope, slope * (6 * t * t - 2)};
        }
        case Activation::Silu:
            return {z * s, s + z * d, d * (2 + z * (1 - 2 * s)), d * (3 * (1 - 2 * s) + z * (1 - 6 * d))};
        case Activation::Gelu: {
            const double cdf = 0.5 * std::erfc(-z * std::sqrt(0.5));
            const double density = std::exp(-0.5 * z * z) / std::sqrt(2 * M_PI);
            return {z * cdf, cdf + z * density, density * (2 - z * z), density * z * (z * z - 4)};
        }
        case Activation::Sigmoid:
            return {s, d, d * (1 - 2 * s), d * (1 - 6 * d)};
        case Activation::Sin:
            return {std::sin(z), std::cos(z), -std::sin(z), -std::cos(z)};
        case Activation::Elu:
            return z > 0 ? Jet{z, 1, 0, 0} : Jet{std::expm1(z), std::exp(z), std::exp(z), std::exp(z)};
        case Activation::Relu:
            return z > 0 ? Jet{z, 1, 0, 0} : Jet{0, 0, 0, 0};
    }
    return {NAN, NAN, NAN, NAN};
}

}  // namespace reference
