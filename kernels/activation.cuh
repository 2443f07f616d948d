// Activations and their derivatives in single precision.
//
// Java twin: io.github.slicedscore.model.Activation, the definition in double precision that these are tested against.
// The derivatives are written so that they keep their relative accuracy in the tails: 1 - tanh^2 and the like lose every
// digit there, products of exponentials don't.
#pragma once

#include <cuda_runtime.h>

#include "activation.h"

namespace slicedscore {

namespace detail {

constexpr float SQRT_HALF = 0.70710678118654752f;
constexpr float INVERSE_SQRT_TWO_PI = 0.39894228040143268f;

// 1 / (1 + e^-z), from the exponential that can't overflow.
__device__ inline float sigmoid(float z) {
    const float e = expf(-fabsf(z));
    return (z >= 0.0f ? 1.0f : e) / (1.0f + e);
}

// The standard normal distribution function; erfc keeps the digits of the lower tail.
__device__ inline float normalDistribution(float z) {
    return 0.5f * erfcf(-z * SQRT_HALF);
}

__device__ inline float normalDensity(float z) {
    return INVERSE_SQRT_TWO_PI * expf(-0.5f * z * z);
}

// 1 - tanh(z)^2 as 4 e / (1 + e)^2 with e = exp(-2|z|).
__device__ inline float tanhSlope(float z) {
    const float e = expf(-2.0f * fabsf(z));
    const float denominator = 1.0f + e;
    return 4.0f * e / (denominator * denominator);
}

}  // namespace detail

// act(z)
template <Activation ACT>
__device__ inline float activation(float z) {
    if constexpr (ACT == Activation::Softplus) {
        return fmaxf(z, 0.0f) + log1pf(expf(-fabsf(z)));
    } else if constexpr (ACT == Activation::Tanh) {
        return tanhf(z);
    } else if constexpr (ACT == Activation::Silu) {
        return z * detail::sigmoid(z);
    } else if constexpr (ACT == Activation::Gelu) {
        return z * detail::normalDistribution(z);
    } else if constexpr (ACT == Activation::Sigmoid) {
        return detail::sigmoid(z);
    } else if constexpr (ACT == Activation::Sin) {
        return sinf(z);
    } else if constexpr (ACT == Activation::Elu) {
        return z > 0.0f ? z : expm1f(z);
    } else {
        return fmaxf(z, 0.0f);
    }
}

// act'(z)
template <Activation ACT>
__device__ inline float activationFirst(float z) {
    if constexpr (ACT == Activation::Softplus) {
        return detail::sigmoid(z);
    } else if constexpr (ACT == Activation::Tanh) {
        return detail::tanhSlope(z);
    } else if constexpr (ACT == Activation::Silu) {
        const float s = detail::sigmoid(z);
        return fmaf(z * s, detail::sigmoid(-z), s);
    } else if constexpr (ACT == Activation::Gelu) {
        return fmaf(z, detail::normalDensity(z), detail::normalDistribution(z));
    } else if constexpr (ACT == Activation::Sigmoid) {
        return detail::sigmoid(z) * detail::sigmoid(-z);
    } else if constexpr (ACT == Activation::Sin) {
        return cosf(z);
    } else if constexpr (ACT == Activation::Elu) {
        return z > 0.0f ? 1.0f : expf(z);
    } else {
        return z > 0.0f ? 1.0f : 0.0f;
    }
}

// act''(z); at a kink, the value to its left
template <Activation ACT>
__device__ inline float activationSecond(float z) {
    if constexpr (ACT == Activation::Softplus) {
        return detail::sigmoid(z) * detail::sigmoid(-z);
    } else if constexpr (ACT == Activation::Tanh) {
        return -2.0f * tanhf(z) * detail::tanhSlope(z);
    } else if constexpr (ACT == Activation::Silu) {
        const float d = detail::sigmoid(z) * detail::sigmoid(-z);
        return d * fmaf(-z, tanhf(0.5f * z), 2.0f);  // 1 - 2 sigmoid(z) = -tanh(z/2)
    } else if constexpr (ACT == Activation::Gelu) {
        return detail::normalDensity(z) * fmaf(-z, z, 2.0f);
    } else if constexpr (ACT == Activation::Sigmoid) {
        return -detail::sigmoid(z) * detail::sigmoid(-z) * tanhf(0.5f * z);
    } else if constexpr (ACT == Activation::Sin) {
        return -sinf(z);
    } else if constexpr (ACT == Activation::Elu) {
        return z > 0.0f ? 0.0f : expf(z);
    } else {
        return 0.0f;
    }
}

// act'''(z); at a kink, the value to its left
template <Activation ACT>
__device__ inline float activationThird(float z) {
    if constexpr (ACT == Activation::Softplus) {
        return -detail::sigmoid(z) * detail::sigmoid(-z) * tanhf(0.5f * z);
    } else if constexpr (ACT == Activation::Tanh) {
        const float t = tanhf(z);
        return detail::tanhSlope(z) * fmaf(6.0f * t, t, -2.0f);
    } else if constexpr (ACT == Activation::Silu) {
        const float d = detail::sigmoid(z) * detail::sigmoid(-z);
        return d * fmaf(z, fmaf(-6.0f, d, 1.0f), -3.0f * tanhf(0.5f * z));
    } else if constexpr (ACT == Activation::Gelu) {
        return detail::normalDensity(z) * z * fmaf(z, z, -4.0f);
    } else if constexpr (ACT == Activation::Sigmoid) {
        const float d = detail::sigmoid(z) * detail::sigmoid(-z);
        return d * fmaf(-6.0f, d, 1.0f);
    } else if constexpr (ACT == Activation::Sin) {
        return -cosf(z);
    } else if constexpr (ACT == Activation::Elu) {
        return z > 0.0f ? 0.0f : expf(z);
    } else {
        return 0.0f;
    }
}

}  // namespace slicedscore
