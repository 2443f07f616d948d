// Inference by kernels for each layer.
#pragma once

#include "inference.h"
#include "jets.h"

namespace slicedscore {

class LayeredInference final : public Inference {
public:
    LayeredInference(const Network& network, Arithmetic arithmetic, int capacity);

    void plan(SlabPlan& plan) override;
    void initialize(cudaStream_t stream) override;
    void evaluate(const Units& units, const float* parameters, float* inputs, int samples, float* values, float* scores,
                  cudaStream_t stream) const override;
    void multiply(const Units& units, const float* parameters, float* inputs, float* directions, int samples, float* products,
                  cudaStream_t stream) const override;
    void langevin(const float* parameters, const LangevinRun& run, cudaStream_t stream) override;

private:
    void forward(const Jets& jets, const float* parameters, const float* inputs, const float* directions, int samples,
                 cudaStream_t stream) const;
    void collect(const Jets& jets, const float* parameters, int row, const double* scale, int samples, float* results,
                 cudaStream_t stream) const;

    const Network& network;
    const int capacity;
    Jets plain;
    Jets tangent;
    float* scores = nullptr;  // of chains
};

}  // namespace slicedscore
