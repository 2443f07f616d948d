// The input rows of a batch. See prepare.cu.
#pragma once

#include <cuda_runtime.h>

#include "layout.h"
#include "state.h"

namespace slicedscore {

// Where a sample's slices come from.
enum class Directions { None, Rademacher, Gaussian, Sphere, Unit, Given };

// Where input rows go, and what is the same for every batch. Columns from the dimension on of all but value rows are zero and stay
// so, and second-order rows, too, but for u of an energy's loss, which comes after the preparation.
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

// The samples of a batch: rows of a run, or as given.
struct BatchSource {
    RunRows run;
    const float* inputs;  // [samples][dimension + conditions]; null for a run
    const float* slices;  // [slices][samples][dimension], or e [samples][dimension] of denoising
    int offset;           // of the first sample in a run's batch
    int samples;
};

cudaError_t launchPrepare(const BatchSource& source, const InputRows& target, cudaStream_t stream);

}  // namespace slicedscore
