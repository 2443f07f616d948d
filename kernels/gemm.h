// The matrix products of a dense layer over all streams. See gemm.cu.
#pragma once

#include <cuda_runtime.h>

#include "activation.h"
#include "arithmetic.h"
#include "layout.h"

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

// How the rows of a weight gradient are split among blocks of threads: parts of so many groups of samples.
struct RowSplit {
    int groups;
    int parts;
};

// Enough parts to fill a device, each with enough rows to be worth its start.
RowSplit splitRows(Arithmetic arithmetic, int samples, int streams, int inputs, int outputs);

// dW = dz^T a over all rows and db = sum of dz over value rows, as one partial [W, b] for each part; launchSumParts adds them.
cudaError_t launchWeightGradient(const LayerRows& layer, const JetMatrix& a, const JetMatrix& dz, int groupsPerPart,
                                 float* partials, cudaStream_t stream);

}  // namespace slicedscore
