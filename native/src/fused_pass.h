// An objective by one kernel for all layers, and one before it where the loss needs s = grad f as a direction.
#pragma once

#include "fused_plan.h"
#include "pass.h"

namespace slicedscore {

class FusedPass final : public Pass {
public:
    FusedPass(const Network& network, const Objective& objective, const Execution& execution, const FusedPlan& plan, int capacity);

    void plan(SlabPlan& plan) override;
    void initialize(cudaStream_t stream) const override;
    void evaluate(const BatchSource& source, const float* parameters, cudaStream_t stream) const override;
    GradientParts differentiate(const BatchSource& source, const float* parameters, cudaStream_t stream) const override;
    bool isFused() const override { return true; }

private:
    void launch(const BatchSource& source, const float* parameters, float* into, cudaStream_t stream) const;

    const Network& network;
    const Objective objective;
    const LossTerms terms;
    const JetShape shape;
    const Arithmetic arithmetic;
    const FusedPlan jets;
    std::optional<FusedPlan> plain;
    const int capacity;
    const size_t stride;  // of a part of the gradient
    float* partials = nullptr;
    float* residuals = nullptr;
};

}  // namespace slicedscore
