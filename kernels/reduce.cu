// Sums in a fixed order, whatever the device: the parts of weight gradients, and the gradient's squared norm
//
//   sum_i = sum over parts of partial_i          |g|^2 = sum_i g_i^2, in squareParts parts; adam.cu adds these up
//
// and means from them.

#include "reduce.h"

#include "sums.cuh"

namespace slicedscore {
namespace {

constexpr int THREADS = 128;

__global__ void __launch_bounds__(THREADS) sumPartsKernel(const float* partials, int parts, size_t count, float* sum) {
    const size_t i = static_cast<size_t>(blockIdx.x) * THREADS + threadIdx.x;
    if (i < count) {
        float total = partials[i];
        for (int part = 1; part < parts; ++part) {
            total += partials[part * count + i];
        }
        sum[i] = total;
    }
}

__global__ void __launch_bounds__(THREADS) squaresKernel(const float* values, size_t count, double* partials) {
    double sum = 0.0;
    for (size_t i = static_cast<size_t>(blockIdx.x) * THREADS + threadIdx.x; i < count; i += gridDim.x * THREADS) {
        sum += static_cast<double>(values[i]) * values[i];
    }
    const double total = blockSum<THREADS>(sum);
    if (threadIdx.x == 0) {
        partials[blockIdx.x] = total;
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

cudaError_t launchSumParts(const float* partials, int parts, size_t count, float* sum, cudaStream_t stream) {
    const cudaLaunchConfig_t config = configOf(count, stream);
    return cudaLaunchKernelEx(&config, sumPartsKernel, partials, parts, count, sum);
}

int squareParts(size_t count) {
    const size_t blocks = (count + THREADS - 1) / THREADS;
    return blocks < MAX_SQUARE_PARTS ? static_cast<int>(blocks) : MAX_SQUARE_PARTS;
}

cudaError_t launchSquares(const float* values, size_t count, double* partials, cudaStream_t stream) {
    const cudaLaunchConfig_t config = configOf(static_cast<size_t>(squareParts(count)) * THREADS, stream);
    return cudaLaunchKernelEx(&config, squaresKernel, values, count, partials);
}

cudaError_t launchMeans(float* sums, size_t count, int rows, cudaStream_t stream) {
    const cudaLaunchConfig_t config = configOf(count, stream);
    return cudaLaunchKernelEx(&config, meansKernel, sums, count, static_cast<float>(rows));
}

const void* sumPartsFunction() {
    return reinterpret_cast<const void*>(sumPartsKernel);
}

}  // namespace slicedscore
