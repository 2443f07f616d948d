// A step of Langevin dynamics. See langevin.cu.
#pragma once

#include <cuda_runtime.h>

#include <cstddef>
#include <cstdint>

namespace slicedscore {

struct LangevinStep {
    const float* scores;  // [samples][dimension]
    float* chains;        // [samples][dimension + conditions]
    int dimension;
    int conditions;
    float drift;
    float spread;
    uint64_t seed;
    uint32_t position;  // of the first sample
    uint32_t step;      // that the noise has
};

cudaError_t launchLangevin(const LangevinStep& step, int samples, cudaStream_t stream);

}  // namespace slicedscore
