// An objective by kernels for each layer, for networks and numbers of streams of every size.
#pragma once

#include <memory>

#include "jets.h"
#include "pass.h"

namespace slicedscore {

class LayeredPass final : public Pass {
public:
    LayeredPass(const Network& network, const Objective& objective, const Execution& execution, int capacity);

    void plan(SlabPlan& plan) override;
    void initialize(cudaStream_t stream) const override;
    void evaluate(const BatchSource& source, const float* parameters, cudaStream_t stream) const override;
    GradientParts differentiate(const BatchSource& source, const float* parameters, cudaStream_t stream) const override;
    bool isFused() const override { return false; }

private:
    InputRows inputRows() const;

    const Network& network;
    const Objective objective;
    const LossTerms terms;
    const int capacity;
    Jets jets;
    std::unique_ptr<Jets> plain;  // before the jets, where the loss needs s = grad f as a direction
    float* noise = nullptr;
};

}  // namespace slicedscore
