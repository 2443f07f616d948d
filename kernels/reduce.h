// Sums in a fixed order. See reduce.cu.
#pragma once

#include <cuda_runtime.h>

#include <cstddef>

namespace slicedscore {

// sum[i] = partials[0][i] + partials[1][i] + ..., in this order.
cudaError_t launchSumParts(const float* partials, int parts, size_t count, float* sum, cudaStream_t stream);

// Partial sums of squares, in double precision, and how many they are.
constexpr int MAX_SQUARE_PARTS = 64;
int squareParts(size_t count);
cudaError_t launchSquares(const float* values, size_t count, double* partials, cudaStream_t stream);

// Makes means of sums over so many rows.
cudaError_t launchMeans(float* sums, size_t count, int rows, cudaStream_t stream);

// A kernel of this library, to ask whether it holds code for a device.
const void* sumPartsFunction();

}  // namespace slicedscore
