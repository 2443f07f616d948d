// The input rows of a batch. See prepare.cu.
#pragma once

#include <cuda_runtime.h>

#include "layout.h"
#include "state.h"

namespace slicedscore {

// Where a sample's slices come from.
enum class Directions { None, Rademacher, Gaussian, Sphere, Unit, Given };

// Where input rows go, and what is the same for every batch. Columns from the dimension on of all but value rows, and
// second-order rows, are zero and stay so.
struct InputRows {
    JetMatrix input;
    float* plain;  // rows of x alone, for a plain pass before the jets; null for none
    int dimension;
    int conditions;
    int slices;
    Directions directions;
    // Denoising: x + sigma e takes the place of x, and e is kept; null for none.
    float* noise;  // [samples][pitchOf(dimension)]
    float sigma;
};

// What a training run draws its batches from; arrays are on the device.
struct RunRows {
    const RunState* state;
    const float* rows;        // [count][dimension + conditions], or a batch of them in its order
    const float* halfWidths;  // [dimension]
    int64_t count;
    int64_t batch;
    uint64_t seed;
    float smoothing;
    bool dequantizes;
    bool staged;  // rows are a batch
};

// Samples at positions offset .. offset + samples - 1 of the step's batch.
cudaError_t launchPrepareRun(const RunRows& source, const InputRows& target, int offset, int samples, cudaStream_t stream);

// Samples as given: inputs [samples][dimension + conditions] and, where directions are given, slices [slices][samples][dimension].
// Where there is noise, it is given as slice 0 instead.
cudaError_t launchPrepareGiven(const float* inputs, const float* slices, const InputRows& target, int samples,
                               cudaStream_t stream);

}  // namespace slicedscore
