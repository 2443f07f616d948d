// The update of a training step. See adam.cu.
#pragma once

#include <cuda_runtime.h>

#include <cstddef>

#include "state.h"

namespace slicedscore {

struct AdamSettings {
    double beta1;
    double beta2;
    double epsilon;
    double weightDecay;
    double clipNorm;      // 0 for none
    double averageDecay;  // 0 for none
};

// Ends a step's sums: its result, whether it updates and with which numbers; moves the state to the next step.
struct StepEnd {
    RunState* state;
    const double* losses;
    int lossCount;
    int64_t rows;           // that losses and gradient are sums over
    const double* squares;  // of the gradient, partial sums
    int squareCount;
    const double* rates;    // by cursor
    RunResult* results;     // by cursor
};

struct AdamArrays {
    const float* gradient;  // summed over the rows
    float* parameters;
    float* first;
    float* second;
    float* average;
    size_t count;
};

cudaError_t launchStepEnd(const AdamSettings& settings, const StepEnd& end, cudaStream_t stream);
cudaError_t launchAdam(const AdamSettings& settings, const RunState* state, const AdamArrays& arrays, cudaStream_t stream);

// The sum of doubles by one block.
cudaError_t launchSum(const double* values, int count, double* sum, cudaStream_t stream);

}  // namespace slicedscore
