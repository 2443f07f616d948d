// Normal numbers from the words of philox.h. Java twin: io.github.slicedscore.math.Philox, to rounding.
#pragma once

#include <cuda_runtime.h>

#include "philox.h"

namespace slicedscore {

// sqrt(-2 log u), with all its digits also where u is next to 1.
__device__ inline float normalRadius(uint32_t word) {
    const Uniform u = uniform(word);
    return sqrtf(-2.0f * (u.isBelowHalf ? logf(u.value) : log1pf(u.value)));
}

// Four normal numbers by Box and Muller's transform, from the pairs (x, y) and (z, w). Sine and cosine of pi times a number
// need no reduction of large arguments, which costs sinf and cosf many registers.
__device__ inline float4 normals(const Words& words) {
    const float radius0 = normalRadius(words.x);
    const float radius1 = normalRadius(words.z);
    const float angle0 = 2.0f * uniform(words.y).value;  // in units of pi; a whole turn less changes nothing
    const float angle1 = 2.0f * uniform(words.w).value;
    return make_float4(radius0 * cospif(angle0), radius0 * sinpif(angle0), radius1 * cospif(angle1),
                       radius1 * sinpif(angle1));
}

}  // namespace slicedscore
