// Kernels that do a whole pass of a small network in one launch: a block owns some groups of 8 samples with all their streams,
// and everything of them stays in its shared memory. See fused_pass.cuh.
#pragma once

#include <cuda_runtime.h>

#include "activation.h"
#include "arithmetic.h"
#include "infer.h"
#include "layout.h"
#include "loss.h"
#include "prepare.h"

namespace slicedscore {

constexpr int FUSED_LAYERS = 9;   // affine ones: 8 hidden and the output
constexpr int FUSED_STREAMS = 4;
constexpr int FUSED_WARPS = 8;

// The widest layer, inputs and outputs included: a warp keeps its rows of a layer's weights in registers.
constexpr int fusedWidth(Arithmetic arithmetic) {
    return arithmetic == Arithmetic::Bf16 ? 256 : 128;
}

// A multilayer perceptron with flat parameters W0 [out][in], b0, W1, ...
struct FusedNetwork {
    int layers;
    Activation activation;
    int widths[FUSED_LAYERS + 1];
    int offsets[FUSED_LAYERS];

    __host__ __device__ int inputs() const { return widths[0]; }
    __host__ __device__ int outputs() const { return widths[layers]; }
};

// Where things lie in a block's shared memory, in bytes from its start; a row is a stream of a sample.
struct FusedMemory {
    int groups;      // of samples that are there at once
    int rows;        // of all their streams, padded to what a product takes at once
    int tilePitch;   // words of a row of activations or adjoints
    int inputPitch;  // words of a row of the input
    int resultPitch; // floats of a row of the output
    int input;
    int tiles[3];
    int saved;  // z of hidden layers; -1 where there is no way back
    int result;
    int seeds;
    int noise;
    int weights[FUSED_LAYERS];  // copies of the layers' weights; -1 where they stay in global memory
    int64_t bytes;
};

// What a pass is for: outputs, gradients in the input, or gradients of the parameters.
enum class FusedUse { Values, InputGradients, Training };

// For so many groups at once; with copies of the weights or without.
FusedMemory fusedMemory(const FusedNetwork& network, Arithmetic arithmetic, int streams, int groups, FusedUse use, bool copiesWeights);

// Words of a row of such a copy.
__host__ __device__ constexpr int fusedWeightPitch(int inputs) {
    return (inputs + 31) / 32 * 32;
}

struct FusedTraining {
    FusedNetwork network;
    FusedMemory memory;
    JetShape shape;
    LossTerms terms;
    Directions directions;
    bool denoises;
    float sigma;
    int groupsPerBlock;
    const float* parameters;
    const float* residuals;  // u [samples][dimension]; null where the loss has none
    double* losses;          // [samples]
    float* partials;         // [blocks][partStride], a gradient by each block; null where none is wanted
    size_t partStride;
};

// How many blocks a batch takes.
int fusedBlocks(const FusedTraining& training, int samples);

// Lets a kernel have so much shared memory on the current device.
cudaError_t prepareFusedTraining(Arithmetic arithmetic, int streams, int bytes);

cudaError_t launchFusedTraining(Arithmetic arithmetic, const FusedTraining& training, const BatchSource& source, cudaStream_t stream);

// What inference gives, each null where it isn't wanted.
struct FusedResults {
    float* values;    // [samples], of an energy
    float* scores;    // [samples][dimension], or with directions J v
    float* residuals; // [samples][dimension], u of an energy's loss
};

// Langevin dynamics on the inputs in place; steps 0 for none.
struct FusedLangevin {
    int64_t steps;
    const float2* sizes;  // [steps], drift h/2 and spread sqrt(h)
    uint64_t seed;
    uint32_t position;    // of the first chain
    int64_t first;        // steps done before
    float* chains;        // [samples][dimension + conditions]
};

struct FusedInference {
    FusedNetwork network;
    FusedMemory memory;
    LossTerms terms;      // of a residual; else energy, dimension and basePrecision
    float sigma;
    int groupsPerBlock;
    const float* parameters;
    Units units;
    const float* directions;  // [samples][dimension] for J v; null for values and scores
    FusedResults results;
    FusedLangevin langevin;
};

cudaError_t prepareFusedInference(Arithmetic arithmetic, int streams, int bytes);

cudaError_t launchFusedInference(Arithmetic arithmetic, const FusedInference& inference, const BatchSource& source, cudaStream_t stream);

}  // namespace slicedscore
