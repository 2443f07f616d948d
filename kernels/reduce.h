// Sums in a fixed order. See reduce.cu.
#pragma once

#include <cuda_runtime.h>

#include <cstddef>

namespace slicedscore {

// sum[i] = partials[0][i] + partials[1][i] + ..., in this order, of partials [parts][stride].
cudaError_t launchSumParts(const float* partials, int parts, size_t stride, size_t count, float* sum, cudaStream_t stream);

// Makes means of sums over so many rows.
cudaError_t launchMeans(float* sums, size_t count, int rows, cudaStream_t stream);

// A kernel of this library, to ask whether it holds code for a device.
const void* sumPartsFunction();

}  // namespace slicedscore
