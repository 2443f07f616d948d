// A dense layer with its activation, for a value and any number of tangents. See dense_jet.cu.
#pragma once

#include <cuda_runtime.h>

#include "activation.h"

namespace slicedscore {

// Device pointers and sizes of one call. Arrays are dense and row-major.
struct DenseJet {
    int rows;
    int inputs;
    int outputs;
    int tangents;
    const float* weights;  // [outputs][inputs]
    const float* bias;     // [outputs]
    const float* x;        // [rows][inputs]
    const float* x1;       // [tangents][rows][inputs]
    float* a;              // [rows][outputs]
    float* a1;             // [tangents][rows][outputs]
};

// Queues the kernel. No size has to be a multiple of anything; zero tangents are fine.
cudaError_t launchDenseJet(Activation activation, const DenseJet& jet, cudaStream_t stream);

// The kernel's address, to ask the runtime whether it has code for a device.
const void* denseJetFunction();

}  // namespace slicedscore
