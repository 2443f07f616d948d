// A step of unadjusted Langevin dynamics, one warp a chain:
//
//   x <- x + drift s(x) + spread xi         drift = h / 2, spread = sqrt(h)
//
// Java twin: io.github.slicedscore.sample.Langevin. The formula has no fused multiply-adds because Java's has none, and the
// noise is a function of (seed, step, position), so it does not matter which thread draws it.

#include "langevin.h"

#include "philox.cuh"
#include "warp.cuh"

namespace slicedscore {
namespace {

constexpr int WARPS = 4;

__global__ void __launch_bounds__(LANES* WARPS) langevinKernel(const LangevinStep step, int samples) {
    const int sample = static_cast<int>(blockIdx.x * WARPS + threadIdx.y);
    if (sample >= samples) {
        return;
    }
    float* const x = step.chains + static_cast<size_t>(sample) * (step.dimension + step.conditions);
    const float* const score = step.scores + static_cast<size_t>(sample) * step.dimension;
    const uint32_t position = step.position + static_cast<uint32_t>(sample);
    for (int block = lane(); 4 * block < step.dimension; block += LANES) {
        const float4 four =
            normals(philox(step.seed, position, static_cast<uint32_t>(block), RandomStream::Sampler, 0, step.step));
        const float noise[4] = {four.x, four.y, four.z, four.w};
        for (int i = 0; i < 4 && 4 * block + i < step.dimension; ++i) {
            const int feature = 4 * block + i;
            x[feature] += step.drift * score[feature] + step.spread * noise[i];
        }
    }
}

}  // namespace

cudaError_t launchLangevin(const LangevinStep& step, int samples, cudaStream_t stream) {
    cudaLaunchConfig_t config{};
    config.gridDim = dim3((static_cast<unsigned>(samples) + WARPS - 1) / WARPS);
    config.blockDim = dim3(LANES, WARPS);
    config.stream = stream;
    return cudaLaunchKernelEx(&config, langevinKernel, step, samples);
}

}  // namespace slicedscore
