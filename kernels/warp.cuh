// The lanes of a warp.
#pragma once

#include <cuda_runtime.h>

namespace slicedscore {

constexpr int LANES = 32;
constexpr unsigned ALL_LANES = 0xffffffffu;

__device__ inline int lane() {
    return static_cast<int>(threadIdx.x % LANES);
}

}  // namespace slicedscore
