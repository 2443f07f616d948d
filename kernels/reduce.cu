// Sums in a fixed order, whatever the device: the parts of gradients
//
//   sum_i = sum over parts of partial_i
//
// and means from them.

#include "reduce.h"

namespace slicedscore {
namespace {

constexpr int THREADS = 128;

__global__ void __launch_bounds__(THREADS) sumPartsKernel(const float* partials, int parts, size_t stride, size_t count, float* sum) {
    const size_t i = static_cast<size_t>(blockIdx.x) * THREADS + threadIdx.x;
    if (i < count) {
        float total = partials[i];
        for (int part = 1; part < parts; ++part) {
            total += partials[part * stride + i];
        }
        sum[i] = total;
    }
}

__global__ void __launch_bounds__(THREADS) meansKernel(float* sums, size_t count, float rows) {
    const size_t i = static_cast<size_t>(blockIdx.x) * THREADS + threadIdx.x;
    if (i < count) {
        sums[i] /= rows;
    }
}

cudaLaunchConfig_t configOf(size_t count, cudaStream_t stream) {
    cudaLaunchConfig_t config{};
    config.gridDim = dim3(static_cast<unsigned>((count + THREADS - 1) / THREADS));
    config.blockDim = dim3(THREADS);
    config.stream = stream;
    return config;
}

}  // namespace

cudaError_t launchSumParts(const float* partials, int parts, size_t stride, size_t count, float* sum, cudaStream_t stream) {
    const cudaLaunchConfig_t config = configOf(count, stream);
    return cudaLaunchKernelEx(&config, sumPartsKernel, partials, parts, stride, count, sum);
}

cudaError_t launchMeans(float* sums, size_t count, int rows, cudaStream_t stream) {
    const cudaLaunchConfig_t config = configOf(count, stream);
    return cudaLaunchKernelEx(&config, meansKernel, sums, count, static_cast<float>(rows));
}

const void* sumPartsFunction() {
    return reinterpret_cast<const void*>(sumPartsKernel);
}

}  // namespace slicedscore
