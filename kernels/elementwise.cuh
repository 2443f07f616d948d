// The element-wise stage of a layer, for one feature of one sample with all its streams; forward
//
//   a    = act(z)                                b0   = act'(z)
//   a1_m = b0 z1_m                               b1_m = act''(z) z1_m
//   a2   = sum_m b1_m z1_m + b0 z2               b2   = sum_m act'''(z) z1_m^2 + act''(z) z2
//
// and in reverse, from adjoints o of a
//
//   dz   = o b0 + sum_m o1_m b1_m + o2 b2
//   dz1_m = o1_m b0 + 2 o2 b1_m                  without o2 where m takes no part in a2
//   dz2  = o2 b0
//
// jet.cuh is the same for what keeps z instead of b, and knows its number of streams when it is compiled.
// Java twin: io.github.slicedscore.internal.cpu.PlainKernels.
#pragma once

#include "derivatives.cuh"
#include "layout.h"

namespace slicedscore {

// z(s) is stream s of the affine output, but the value's is in `act` already; put(s, a, b) takes both results, in the order of
// streams, after z(s) was read.
template <typename Z, typename Put>
__device__ inline void activateJet(const JetShape& shape, const Derivatives& act, const Z& z, const Put& put) {
    put(0, act.value, act.first);
    float a2 = 0.0f;
    float b2 = 0.0f;
    for (int m = 0; m < shape.tangents; ++m) {
        const float z1 = z(1 + m);
        const float b1 = act.second * z1;
        if (m < shape.curved) {
            a2 = fmaf(b1, z1, a2);
            b2 = fmaf(act.third * z1, z1, b2);
        }
        put(1 + m, act.first * z1, b1);
    }
    if (shape.second()) {
        const int last = shape.tangents + 1;
        const float z2 = z(last);
        put(last, fmaf(act.first, z2, a2), fmaf(act.second, z2, b2));
    }
}

// o(s) and b(s) are stream s of the adjoints and of b; put(s, dz) takes the result, after b(s) was read. `streams` is
// shape.streams(), as a constant where b is an array of registers.
template <typename O, typename B, typename Put>
__device__ inline void deactivateJet(const JetShape& shape, int streams, const O& o, const B& b, const Put& put) {
    const int last = streams - 1;
    const float b0 = b(0);
    const float o2 = shape.second() ? o(last) : 0.0f;
    float dz = o(0) * b0;
    for (int m = 0; m < last; ++m) {
        if (m < shape.tangents) {
            const float b1 = b(1 + m);
            const float o1 = o(1 + m);
            dz = fmaf(o1, b1, dz);
            put(1 + m, m < shape.curved ? fmaf(o1, b0, 2.0f * o2 * b1) : o1 * b0);
        }
    }
    if (shape.second()) {
        dz = fmaf(o2, b(last), dz);
        put(last, o2 * b0);
    }
    put(0, dz);
}

}  // namespace slicedscore
