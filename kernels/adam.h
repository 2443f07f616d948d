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

// A gradient summed over rows, in parts that are still to be added up.
struct GradientParts {
    const float* parts;  // [count][stride]
    int count;
    size_t stride;
};

struct StepEnd {
    RunState* state;
    const double* losses;
    int lossCount;
    int64_t rows;         // that losses and gradient are sums over
    const double* rates;  // by cursor
    RunResult* results;   // by cursor
};

struct AdamArrays {
    float* gradient;  // gets the sum
    double* sums;     // [blocks + 1], of squares of the gradient, and of the losses
    float* parameters;
    float* first;
    float* second;
    float* average;
    size_t count;
};

// Blocks of the update on the current device, so many that all run at once.
cudaError_t findUpdateBlocks(size_t parameters, int device, int* blocks);

// Adds up, updates, and moves the state to the next step.
cudaError_t launchUpdate(const AdamSettings& settings, const GradientParts& gradient, const StepEnd& end, const AdamArrays& arrays,
                         int blocks, cudaStream_t stream);

// The sum of doubles by one block.
cudaError_t launchSum(const double* values, int count, double* sum, cudaStream_t stream);

}  // namespace slicedscore
