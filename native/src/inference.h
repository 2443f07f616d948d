// Values, scores, products with the score's Jacobian, and Langevin steps of a network on the device: by kernels for each layer, or by
// one for all. Arrays are on the device.
//
// Java twin: io.github.slicedscore.internal.cpu.CpuScorer.
#pragma once

#include <cstdint>
#include <memory>

#include "execution.h"
#include "infer.h"
#include "network.h"
#include "slab.h"

namespace slicedscore {

// Some steps of some chains.
struct LangevinRun {
    float* chains;        // [samples][dimension + conditions]
    int samples;
    const double* sizes;  // [steps], on the host until the work is done
    int64_t steps;
    uint64_t seed;
    uint32_t position;  // of the first chain
    int64_t first;      // steps done before
};

class Inference {
public:
    Inference() = default;
    virtual ~Inference() = default;
    Inference(const Inference&) = delete;
    Inference& operator=(const Inference&) = delete;

    virtual void plan(SlabPlan& plan) = 0;

    // Once, after the memory was cleared.
    virtual void initialize(cudaStream_t stream) = 0;

    // Of inputs [samples][D + C], which may be overwritten: values [samples] and scores [samples][D], each or null.
    virtual void evaluate(const Units& units, const float* parameters, float* inputs, int samples, float* values, float* scores,
                          cudaStream_t stream) const = 0;

    // J v of directions [samples][D], which may be overwritten, too.
    virtual void multiply(const Units& units, const float* parameters, float* inputs, float* directions, int samples, float* products,
                          cudaStream_t stream) const = 0;

    // In the network's own units. May wait for the stream.
    virtual void langevin(const float* parameters, const LangevinRun& run, cudaStream_t stream) = 0;
};

// For at most so many samples a call.
std::unique_ptr<Inference> makeInference(const Network& network, const Execution& execution, int capacity);

}  // namespace slicedscore
