// Inference by one kernel for all layers, and many Langevin steps a launch.
#pragma once

#include <vector>

#include "fused_plan.h"
#include "inference.h"

namespace slicedscore {

class FusedInferencePass final : public Inference {
public:
    FusedInferencePass(const Network& network, Arithmetic arithmetic, const FusedPlan& plain, const FusedPlan& tangent);

    void plan(SlabPlan& plan) override;
    void initialize(cudaStream_t stream) override;
    void evaluate(const Units& units, const float* parameters, float* inputs, int samples, float* values, float* scores,
                  cudaStream_t stream) const override;
    void multiply(const Units& units, const float* parameters, float* inputs, float* directions, int samples, float* products,
                  cudaStream_t stream) const override;
    void langevin(const float* parameters, const LangevinRun& run, cudaStream_t stream) override;

private:
    FusedInference describe(const FusedPlan& plan, const float* parameters) const;
    void launch(const FusedInference& inference, const float* inputs, int samples, cudaStream_t stream) const;

    const Network& network;
    const Arithmetic arithmetic;
    const FusedPlan plain;
    const FusedPlan tangent;
    float2* sizes = nullptr;            // of the steps of a launch
    std::vector<float2> sizesOnHost;    // until they are copied
};

}  // namespace slicedscore
