// The loss of one sample and the seeds of the reverse pass, by one warp. With a slice's weight c, 1/M or 1 for e_1 .. e_D:
//
// score   SSM                L = c sum_m (v_m.J v_m + (v_m.s)^2 / 2)      dL/dt_m = c v_m     dL/ds = c sum_m (v_m.s) v_m
//         SSM-VR, exact      L = c sum_m v_m.J v_m + |s|^2 / 2            dL/dt_m = c v_m     dL/ds = s
//         DSM                L = |s + e/sigma|^2 / 2                                         dL/ds = s + e/sigma
//
// energy, f2 = sum_m v_m.H v_m, p_m = f1_m - v_m.x / s0^2
//         SSM, exact         L = c (f2 - sum_m |v_m|^2 / s0^2 + sum_m p_m^2 / 2)   dL/df1_m = c p_m    dL/df2 = c
//         SSM-VR             L = c (f2 - sum_m |v_m|^2 / s0^2 - u.x / s0^2) - |u / M|^2 / 2                dL/df2 = c
//         DSM                L = |u|^2 / 2                                         dL/df1_u = 1
//
// where u, held fixed, is M s for SSM-VR and s + e/sigma for DSM. The gradient of |s|^2 / 2 in the parameters is that of s.grad f
// with s held fixed, and of DSM's loss likewise. For DSM that is the first-order stream along u. For SSM-VR the second-order stream
// brings it along: it begins as u, so that it is the second derivative along curves x + t v + t^2 u / 2, f2 = sum_m v_m.H v_m + M s.grad f.
//
// Java twins: io.github.slicedscore.internal.cpu.ScoreSliced, EnergySliced, EnergyBent and EnergyPoint. Sums are in double
// precision, as there. `Rows` are called with a stream and give its row, a float* or what is indexed like one.
#pragma once

#include "loss.h"
#include "sums.cuh"

namespace slicedscore::losses {

// This lane's part of the sum of products.
template <typename X, typename Y>
__device__ double laneDot(X x, Y y, int dimension) {
    double sum = 0.0;
    for (int i = lane(); i < dimension; i += LANES) {
        sum += static_cast<double>(x[i]) * y[i];
    }
    return sum;
}

// Every lane gets the loss. `noise` is e of denoising or null.
template <typename Input, typename Output, typename Seeds>
__device__ double score(const LossTerms& terms, const Input& input, const Output& output, const Seeds& seeds, const float* noise) {
    const auto s = output(0);
    const auto seed = seeds(0);
    double quadratic = 0.0;
    double square = 0.0;
    for (int i = lane(); i < terms.dimension; i += LANES) {
        float residual = terms.projected ? 0.0f : s[i];
        if (noise != nullptr) {
            residual = static_cast<float>(residual + noise[i] * terms.inverseSigma);
        }
        seed[i] = residual;
        square += static_cast<double>(residual) * residual;
    }
    for (int m = 0; m < terms.slices; ++m) {
        const auto v = input(1 + m);
        const auto tangentSeed = seeds(1 + m);
        quadratic += laneDot(v, output(1 + m), terms.dimension);
        const double projection = terms.projected ? warpSum(laneDot(v, s, terms.dimension)) : 0.0;
        for (int i = lane(); i < terms.dimension; i += LANES) {
            tangentSeed[i] = static_cast<float>(v[i] * terms.weight);
        }
        if (terms.projected) {
            for (int i = lane(); i < terms.dimension; i += LANES) {
                seed[i] += static_cast<float>(projection * v[i] * terms.weight);
            }
        }
        square += lane() == 0 ? projection * projection * terms.weight : 0.0;
    }
    return warpSum(terms.weight * quadratic + 0.5 * square);
}

// Every lane gets the loss. Outputs and seeds are numbers, element 0 of their rows.
template <typename Input, typename Output, typename Seeds>
__device__ double energy(const LossTerms& terms, const Input& input, const Output& output, const Seeds& seeds) {
    const auto x = input(0);
    const int last = 1 + terms.slices;  // f2, and f1_u of DSM
    double sum = terms.slices > 0 ? static_cast<double>(output(last)[0]) : 0.0;
    for (int m = 0; m < terms.slices; ++m) {
        const auto v = input(1 + m);
        sum -= terms.basePrecision * warpSum(laneDot(v, v, terms.dimension));
        double seed = 0.0;
        if (!terms.residual) {
            const double base = terms.basePrecision * warpSum(laneDot(v, x, terms.dimension));
            const double projection = output(1 + m)[0] - base;
            sum += 0.5 * projection * projection;
            seed = projection * terms.weight;
        }
        if (lane() == 0) {
            seeds(1 + m)[0] = static_cast<float>(seed);
        }
    }
    if (terms.residual) {
        const auto u = input(last);
        const double square = 0.5 * warpSum(laneDot(u, u, terms.dimension));
        if (terms.slices > 0) {
            sum -= terms.basePrecision * warpSum(laneDot(u, x, terms.dimension)) + square * terms.weight;
        } else {
            sum += square;
        }
    }
    if (lane() == 0) {
        seeds(0)[0] = 0.0f;
        seeds(last)[0] = static_cast<float>(terms.weight);
    }
    return sum * terms.weight;
}

// u = grad net - x / s0^2 + e / sigma, of SSM-VR M times as much, into the input row behind the slices.
template <typename Gradient, typename Input, typename Target>
__device__ void residual(const LossTerms& terms, Gradient gradient, Input x, const float* noise, Target u) {
    for (int i = lane(); i < terms.dimension; i += LANES) {
        double value = gradient[i] - terms.basePrecision * x[i];
        if (noise != nullptr) {
            value += noise[i] * terms.inverseSigma;
        }
        u[i] = static_cast<float>(terms.slices > 0 ? terms.slices * value : value);
    }
}

}  // namespace slicedscore::losses
