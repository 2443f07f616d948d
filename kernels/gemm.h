// The matrix products of a dense layer over all streams. See gemm.cu.
#pragma once

#include <cuda_runtime.h>

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

// How the rows of a weight gradient are split among blocks of threads: parts of so many groups of samples.
struct RowSplit {
    int groups;
    int parts;
};

// Enough parts to fill a device, each with enough rows to be worth its start.
RowSplit splitRows(int samples, int streams, int inputs, int outputs);

// dW = dz^T a over all rows and db = sum of dz over value rows, as one partial [W, b] for each part; launchSumParts adds them.
cudaError_t launchWeightGradient(const LayerRows& layer, const JetMatrix& a, const JetMatrix& dz, int groupsPerPart,
                                 float* partials, cudaStream_t stream);

}  // namespace slicedscore
