// An activation together with its derivatives, where they have work in common.
#pragma once

#include "activation.cuh"
#include "portable.cuh"

namespace slicedscore {

// act(z), act'(z), act''(z), act'''(z)
struct Derivatives {
    float value, first, second, third;
};

template <Activation ACT>
__device__ inline Derivatives derivativesOf(float z) {
    return {activation<ACT>(z), activationFirst<ACT>(z), activationSecond<ACT>(z), activationThird<ACT>(z)};
}

// Softplus is what networks have by default, and its four functions have everything in common: with e = exp(-|z|) and
// r = 1 / (1 + e), sigmoid is r or e r, its complement the other, and 1 - 2 sigmoid = -sign(z) (1 - e) r.
template <>
__device__ inline Derivatives derivativesOf<Activation::Softplus>(float z) {
    const float e = expf(-fabsf(z));
    const float r = reciprocal(1.0f + e);
    const float second = e * r * r;
    return {fmaxf(z, 0.0f) + log1pf(e), z >= 0.0f ? r : e * r, second, z >= 0.0f ? second * (e - 1.0f) * r : second * (1.0f - e) * r};
}

// Half the code of two separate functions, each of which would reduce its argument.
template <>
__device__ inline Derivatives derivativesOf<Activation::Sin>(float z) {
    float s;
    float c;
    sincosf(z, &s, &c);
    return {s, c, -s, -c};
}

// The same branch in all threads.
__device__ inline Derivatives derivativesOf(Activation activation, float z) {
    switch (activation) {
        case Activation::Softplus:
            return derivativesOf<Activation::Softplus>(z);
        case Activation::Tanh:
            return derivativesOf<Activation::Tanh>(z);
        case Activation::Silu:
            return derivativesOf<Activation::Silu>(z);
        case Activation::Gelu:
            return derivativesOf<Activation::Gelu>(z);
        case Activation::Sigmoid:
            return derivativesOf<Activation::Sigmoid>(z);
        case Activation::Sin:
            return derivativesOf<Activation::Sin>(z);
        case Activation::Elu:
            return derivativesOf<Activation::Elu>(z);
        case Activation::Relu:
            return derivativesOf<Activation::Relu>(z);
    }
    return {};
}

}  // namespace slicedscore
