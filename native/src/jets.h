// A multilayer perceptron on the device: jets in, jets out; seeds in, parameter gradients and, if asked, input gradients out.
//
// Java twin: io.github.slicedscore.internal.cpu.MlpBlock with its JetBuffers.
#pragma once

#include <vector>

#include "gemm.h"
#include "layout.h"
#include "network.h"
#include "slab.h"

namespace slicedscore {

// What a reverse pass is to give.
enum class Reverse { None, Input, Parameters };

class Jets {
public:
    Jets(const Network& network, JetShape shape, Arithmetic arithmetic, int capacity, Reverse reverse);
    Jets(const Jets&) = delete;
    Jets& operator=(const Jets&) = delete;

    void plan(SlabPlan& plan);

    // From the input rows of samples 0 .. samples-1 to their output rows.
    void forward(const float* parameters, int samples, cudaStream_t stream) const;

    // From the seeds to the adjoints of every layer's affine output, and of the input if asked. Once after each forward.
    void reverse(const float* parameters, int samples, cudaStream_t stream) const;

    // After reverse: the gradient of all parameters, summed over the samples.
    void parameterGradient(int samples, float* gradient, cudaStream_t stream) const;

    const JetShape shape;
    JetMatrix input{};
    JetMatrix output{};
    JetMatrix seeds{};          // adjoints of the output
    JetMatrix inputGradient{};  // adjoints of the input

private:
    LayerRows rowsOf(size_t layer, const float* parameters, int samples) const;
    const JetMatrix& inputOf(size_t layer) const { return layer == 0 ? input : activations[layer - 1]; }
    const JetMatrix& adjointOf(size_t layer) const { return layer + 1 == network.layers.size() ? seeds : derivatives[layer]; }

    const Network& network;
    const Arithmetic arithmetic;
    const bool fused;  // the element-wise stage with the products
    const int capacity;
    const Reverse wanted;
    std::vector<JetMatrix> activations;  // a of every hidden layer
    std::vector<JetMatrix> derivatives;  // z, then b, then dz of every hidden layer
    std::vector<RowSplit> splits;
    float* adjoint = nullptr;  // o of the hidden layer at hand, unless fused
    float* partials = nullptr;
};

}  // namespace slicedscore
