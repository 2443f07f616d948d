// Matrix products in single precision with fused multiply-adds. See ffma.cu.
#pragma once

#include <cuda_runtime.h>

#include "layout.h"
#include "product.h"

namespace slicedscore {

constexpr int FFMA_TILE = 64;  // rows and columns of a block

// How rows and columns lie in memory; all but (Outer, Summed).
cudaError_t launchFfma(Contiguous rows, Contiguous columns, const Product& product, cudaStream_t stream);

// db = sum of dz over value rows, a result for each part.
struct BiasGradient {
    JetMatrix dz;
    int groups;
    int groupsPerPart;
    int outputs;
    float* result;
    size_t partStride;
};

cudaError_t launchBiasGradient(const BiasGradient& bias, int parts, cudaStream_t stream);

}  // namespace slicedscore
