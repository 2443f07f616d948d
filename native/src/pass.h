// An objective over a batch on the device: the loss of each sample, the gradient summed over them. By kernels for each layer, or
// by one for all.
//
// Java twin: io.github.slicedscore.internal.cpu.ObjectivePass.
#pragma once

#include <memory>

#include "adam.h"
#include "execution.h"
#include "loss.h"
#include "network.h"
#include "prepare.h"
#include "slab.h"

namespace slicedscore {

// The streams that an objective needs.
JetShape shapeOf(const Network& network, const Objective& objective);

// What it adds up from them.
LossTerms termsOf(const Network& network, const Objective& objective);

class Pass {
public:
    Pass() = default;
    virtual ~Pass() = default;
    Pass(const Pass&) = delete;
    Pass& operator=(const Pass&) = delete;

    virtual void plan(SlabPlan& plan) = 0;

    // Once, after the memory was cleared.
    virtual void initialize(cudaStream_t stream) const = 0;

    // Losses of a batch.
    virtual void evaluate(const BatchSource& source, const float* parameters, cudaStream_t stream) const = 0;

    // Losses, and the gradient in parts.
    virtual GradientParts differentiate(const BatchSource& source, const float* parameters, cudaStream_t stream) const = 0;

    virtual bool isFused() const = 0;

    double* losses = nullptr;  // [samples]
};

// For batches of at most so many samples.
std::unique_ptr<Pass> makePass(const Network& network, const Objective& objective, const Execution& execution, int capacity);

// The sum of a gradient's parts.
void addParts(const GradientParts& gradient, size_t count, float* sum, cudaStream_t stream);

}  // namespace slicedscore
