// The element-wise stage of a layer at one feature of one sample, with all its S streams in registers. Forward
//
//   a    = act(z)        a1_m = act'(z) z1_m        a2 = sum_m act''(z) z1_m^2 + act'(z) z2
//
// and in reverse, with b0 = act'(z), b1_m = act''(z) z1_m and b2 = sum_m act'''(z) z1_m^2 + act''(z) z2, from adjoints o of a
//
//   dz   = o b0 + sum_m o1_m b1_m + o2 b2           dz1_m = o1_m b0 + 2 o2 b1_m           dz2 = o2 b0
//
// where sums with a2 and o2 run over the curved tangents only. Java twin: io.github.slicedscore.internal.cpu.PlainKernels.
#pragma once

#include "derivatives.cuh"
#include "layout.h"

namespace slicedscore {

// Whether stream m of S is that of second order, the last if any.
template <int S>
__device__ inline bool isSecond(JetShape shape, int m) {
    return m == S - 1 && shape.second();
}

template <int S>
__device__ inline void activateJet(const Derivatives& d, JetShape shape, const float (&z)[S], float (&a)[S]) {
    float a2 = 0.0f;
    a[0] = d.value;
#pragma unroll
    for (int m = 1; m < S; ++m) {
        if (isSecond<S>(shape, m)) {
            a[m] = fmaf(d.first, z[m], a2);
        } else {
            a[m] = d.first * z[m];
            a2 = m <= shape.curved ? fmaf(d.second * z[m], z[m], a2) : a2;
        }
    }
}

template <int S>
__device__ inline void deactivateJet(const Derivatives& d, JetShape shape, const float (&z)[S], const float (&o)[S], float (&dz)[S]) {
    const float o2 = shape.second() ? o[S - 1] : 0.0f;
    float b2 = 0.0f;
    dz[0] = o[0] * d.first;
#pragma unroll
    for (int m = 1; m < S; ++m) {
        if (isSecond<S>(shape, m)) {
            dz[0] = fmaf(o2, fmaf(d.second, z[m], b2), dz[0]);
            dz[m] = o2 * d.first;
        } else {
            const float b1 = d.second * z[m];
            dz[0] = fmaf(o[m], b1, dz[0]);
            dz[m] = m <= shape.curved ? fmaf(o[m], d.first, 2.0f * o2 * b1) : o[m] * d.first;
            b2 = m <= shape.curved ? fmaf(d.third * z[m], z[m], b2) : b2;
        }
    }
}

}  // namespace slicedscore
