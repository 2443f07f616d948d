// Matrix products on tensor cores, compute capability 8.0 and newer. See tensor.cu.
#pragma once

#include <cuda_runtime.h>

#include "activation.h"
#include "arithmetic.h"
#include "layout.h"
#include "product.h"

namespace slicedscore {

constexpr int TENSOR_TILE = 128;  // rows and columns of a block

// The most streams that a product's end can take through the element-wise stage.
constexpr int MOST_FUSED_STREAMS = 4;

// z, or if fused b in its place and a.
struct ActivatedForward {
    bool fused;
    Activation activation;
    JetShape shape;
    float* a;  // as the result lies
};

// o, or if fused dz in place of b.
struct DeactivatedInputGradient {
    bool fused;
    JetShape shape;
};

// dW and db, one of each for every part.
struct SummedWeightGradient {
    size_t biasOffset;  // of db behind dW
};

cudaError_t launchTensor(Arithmetic arithmetic, const Product& product, const ActivatedForward& end, cudaStream_t stream);
cudaError_t launchTensor(Arithmetic arithmetic, const Product& product, const DeactivatedInputGradient& end, cudaStream_t stream);
cudaError_t launchTensor(Arithmetic arithmetic, const Product& product, const SummedWeightGradient& end, cudaStream_t stream);

}  // namespace slicedscore
