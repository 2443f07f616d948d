// An objective over a batch on the device: the streams it needs, the loss of each sample, the gradient summed over them.
//
// Java twin: io.github.slicedscore.internal.cpu.ObjectivePass.
#pragma once

#include <memory>

#include "execution.h"
#include "jets.h"
#include "network.h"
#include "prepare.h"
#include "slab.h"

namespace slicedscore {

class ObjectivePass {
public:
    ObjectivePass(const Network& network, const Objective& objective, const Execution& execution, int capacity);

    static JetShape shapeOf(const Network& network, const Objective& objective);

    void plan(SlabPlan& plan);

    // Once, after the memory was cleared.
    void initialize(cudaStream_t stream) const;

    // Where the batch goes, before losses().
    InputRows rows() const;

    // Losses and seeds of samples 0 .. samples-1.
    void forward(const float* parameters, int samples, cudaStream_t stream) const;

    // After forward.
    void gradient(const float* parameters, int samples, float* gradient, cudaStream_t stream) const;

    double* losses = nullptr;

private:
    // Whether the loss needs s = grad f as a direction, from a plain pass before the jets.
    bool needsPlain() const { return plain != nullptr; }
    double inverseSigma() const { return noise == nullptr ? 0.0 : 1.0 / objective.sigma; }

    const Network& network;
    const Objective objective;
    const int capacity;
    Jets jets;
    std::unique_ptr<Jets> plain;
    float* noise = nullptr;
};

}  // namespace slicedscore
