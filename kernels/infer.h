// What inference reads from a pass. See infer.cu.
#pragma once

#include <cuda_runtime.h>

#include "layout.h"

namespace slicedscore {

// result[n][i] = rows(n, stream)[i] - basePrecision base(n, baseStream)[i], dense.
struct Collect {
    JetMatrix rows;
    int stream;
    JetMatrix base;
    int baseStream;
    double basePrecision;
    int dimension;
};

cudaError_t launchCollect(const Collect& collect, float* result, int samples, cudaStream_t stream);

// values[n] = output(n)[0] - basePrecision |x(n)|^2 / 2
cudaError_t launchValues(const JetMatrix& output, const JetMatrix& input, double basePrecision, int dimension, float* values,
                         int samples, cudaStream_t stream);

// Column 0 of all rows: 1 in this stream and 0 in the others.
cudaError_t launchSeed(const JetMatrix& seeds, int stream, int samples, cudaStream_t cudaStream);

}  // namespace slicedscore
