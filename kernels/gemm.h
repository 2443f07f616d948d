// The matrix products of a dense layer over all streams. See gemm.cu.
#pragma once

#include <cuda_runtime.h>

#include "activation.h"
#include "arithmetic.h"
#include "layout.h"
#include "product.h"

namespace slicedscore {

// A layer with the rows of so many samples; all pointers are on the device.
struct LayerRows {
    Arithmetic arithmetic;
    int samples;
    int streams;
    int inputs;
    int outputs;
    const float* weights;  // [outputs][inputs]
    const float* bias;     // [outputs]
};

// Before launches on the current device, once for each arithmetic. The call that can fail is cudaFuncSetAttribute.
cudaError_t prepareProducts(Arithmetic arithmetic);

// z = a W^T, and the bias on value rows.
cudaError_t launchForward(const LayerRows& layer, const JetMatrix& a, const JetMatrix& z, cudaStream_t stream);

// o = dz W
cudaError_t launchInputGradient(const LayerRows& layer, const JetMatrix& dz, const JetMatrix& o, cudaStream_t stream);

// Whether the element-wise stage can follow at once, as the end of a product:
bool fusesActivation(Arithmetic arithmetic, int streams);

// z = a W^T with the bias on value rows, and from it `next`, the layer's a, and b.
cudaError_t launchActivatedForward(const LayerRows& layer, Activation activation, JetShape shape, const JetMatrix& a,
                                   const JetMatrix& b, const JetMatrix& next, cudaStream_t stream);

// o = dz W, and from it dz of the layer before, which takes the place of its b.
cudaError_t launchDeactivatedInputGradient(const LayerRows& layer, JetShape shape, const JetMatrix& dz, const JetMatrix& b,
                                           cudaStream_t stream);

// How the rows of weight gradients are split among blocks of threads: parts of so many groups of samples.
struct RowSplit {
    int groups;
    int parts;
};

// Enough parts to fill a device with tiles, each with enough rows to be worth its start.
RowSplit splitRows(int samples, int streams, int64_t tiles);

// The tiles of a layer's weights.
int64_t weightTiles(Arithmetic arithmetic, int inputs, int outputs);

// A part has place for all parameters; what adds them up does so in their order.
cudaError_t launchWeightGradients(Arithmetic arithmetic, const WeightGradients& gradients, cudaStream_t stream);

}  // namespace slicedscore
