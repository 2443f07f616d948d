// What inference reads from a pass. See infer.cu.
#pragma once

#include <cuda_runtime.h>

#include "layout.h"

namespace slicedscore {

// Units of the caller's, in which the network's are y = (x - shift) / scale; null pointers for the network's own.
struct Units {
    const double* shift;  // [dimension + conditions]
    const double* scale;
    double logScale;  // sum of the logarithms over the dimension
};

// rows[n][i] becomes (rows[n][i] - shift[i]) / scale[i]; without shift, rows[n][i] / scale[i].
cudaError_t launchStandardize(const double* shift, const double* scale, float* rows, int width, int samples, cudaStream_t stream);

// result[n][i] = (rows(n, stream)[i] - basePrecision base(n, baseStream)[i]) / scale[i], dense.
struct Collect {
    JetMatrix rows;
    int stream;
    JetMatrix base;
    int baseStream;
    double basePrecision;
    int dimension;
    const double* scale;  // null for 1
};

cudaError_t launchCollect(const Collect& collect, float* result, int samples, cudaStream_t stream);

// values[n] = output(n)[0] - basePrecision |x(n)|^2 / 2 - logScale
struct Values {
    JetMatrix output;
    JetMatrix input;
    double basePrecision;
    int dimension;
    double logScale;
};

cudaError_t launchValues(const Values& from, float* values, int samples, cudaStream_t stream);

// Column 0 of all rows: 1 in this stream and 0 in the others.
cudaError_t launchSeed(const JetMatrix& seeds, int stream, int samples, cudaStream_t cudaStream);

}  // namespace slicedscore
