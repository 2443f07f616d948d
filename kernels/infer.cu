// What inference reads from a pass, with the Gaussian base of an energy:
//
//   f = net - |x|^2 / (2 s0^2)       s = grad net - x / s0^2       H v = grad (v.grad net) - v / s0^2
//
// and in units in which the network's are y = (x - shift) / scale
//
//   f(y) - sum log scale             s(y) / scale                  J (v / scale) / scale
//
// Java twins: io.github.slicedscore.internal.cpu.CpuScorer and, for the units, io.github.slicedscore.ScoreModel.

#include "infer.h"

#include "sums.cuh"

namespace slicedscore {
namespace {

constexpr int WARPS = 4;

__global__ void __launch_bounds__(LANES* WARPS) collectKernel(const Collect collect, float* result, int samples) {
    const int sample = static_cast<int>(blockIdx.x * WARPS + threadIdx.y);
    if (sample >= samples) {
        return;
    }
    const float* const row = collect.rows.row(sample, collect.stream);
    const float* const base = collect.base.row(sample, collect.baseStream);
    for (int i = lane(); i < collect.dimension; i += LANES) {
        const double own = row[i] - collect.basePrecision * base[i];
        result[static_cast<size_t>(sample) * collect.dimension + i] =
            static_cast<float>(collect.scale == nullptr ? own : own / collect.scale[i]);
    }
}

__global__ void __launch_bounds__(LANES* WARPS) valuesKernel(const Values from, float* values, int samples) {
    const int sample = static_cast<int>(blockIdx.x * WARPS + threadIdx.y);
    if (sample >= samples) {
        return;
    }
    const float* const x = from.input.row(sample, 0);
    double square = 0.0;
    for (int i = lane(); i < from.dimension; i += LANES) {
        square += static_cast<double>(x[i]) * x[i];
    }
    square = warpSum(square);
    if (lane() == 0) {
        values[sample] = static_cast<float>(*from.output.row(sample, 0) - 0.5 * from.basePrecision * square - from.logScale);
    }
}

__global__ void __launch_bounds__(LANES* WARPS) standardizeKernel(const double* shift, const double* scale, float* rows, int width, int samples) {
    const int sample = static_cast<int>(blockIdx.x * WARPS + threadIdx.y);
    if (sample >= samples) {
        return;
    }
    float* const row = rows + static_cast<size_t>(sample) * width;
    for (int i = lane(); i < width; i += LANES) {
        row[i] = static_cast<float>((shift == nullptr ? row[i] : row[i] - shift[i]) / scale[i]);
    }
}

__global__ void __launch_bounds__(LANES* WARPS) seedKernel(const JetMatrix seeds, int stream, int samples) {
    const int sample = static_cast<int>(blockIdx.x * (LANES * WARPS) + threadIdx.y * LANES + threadIdx.x);
    if (sample < samples) {
        for (int s = 0; s < seeds.streams; ++s) {
            *seeds.row(sample, s) = s == stream ? 1.0f : 0.0f;
        }
    }
}

cudaLaunchConfig_t configOf(int count, int perBlock, cudaStream_t stream) {
    cudaLaunchConfig_t config{};
    config.gridDim = dim3((static_cast<unsigned>(count) + static_cast<unsigned>(perBlock) - 1) / static_cast<unsigned>(perBlock));
    config.blockDim = dim3(LANES, WARPS);
    config.stream = stream;
    return config;
}

}  // namespace

cudaError_t launchCollect(const Collect& collect, float* result, int samples, cudaStream_t stream) {
    const cudaLaunchConfig_t config = configOf(samples, WARPS, stream);
    return cudaLaunchKernelEx(&config, collectKernel, collect, result, samples);
}

cudaError_t launchValues(const Values& from, float* values, int samples, cudaStream_t stream) {
    const cudaLaunchConfig_t config = configOf(samples, WARPS, stream);
    return cudaLaunchKernelEx(&config, valuesKernel, from, values, samples);
}

cudaError_t launchStandardize(const double* shift, const double* scale, float* rows, int width, int samples, cudaStream_t stream) {
    const cudaLaunchConfig_t config = configOf(samples, WARPS, stream);
    return cudaLaunchKernelEx(&config, standardizeKernel, shift, scale, rows, width, samples);
}

cudaError_t launchSeed(const JetMatrix& seeds, int stream, int samples, cudaStream_t cudaStream) {
    const int padded = groupsOf(samples) * GROUP;
    const cudaLaunchConfig_t config = configOf(padded, LANES * WARPS, cudaStream);
    return cudaLaunchKernelEx(&config, seedKernel, seeds, stream, padded);
}

}  // namespace slicedscore
