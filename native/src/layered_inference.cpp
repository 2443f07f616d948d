#include "layered_inference.h"

#include <cmath>

#include "langevin.h"
#include "prepare.h"
#include "status.h"

namespace slicedscore {
namespace {

// Langevin steps that are queued before the host waits for them: some hundred launches.
constexpr int64_t STEPS_AT_ONCE = 32;

Reverse reverseOf(const Network& network) {
    return network.energy ? Reverse::Input : Reverse::None;
}

void standardize(const double* shift, const double* scale, float* rows, int width, int samples, cudaStream_t stream) {
    if (scale != nullptr) {
        check(launchStandardize(shift, scale, rows, width, samples, stream), SS_HERE,
              format("launch of the standardization, %d rows", samples));
    }
}

}  // namespace

LayeredInference::LayeredInference(const Network& net, Arithmetic arithmetic, int samples)
    : network(net), capacity(samples), plain(net, {0, 0}, arithmetic, samples, reverseOf(net)),
      tangent(net, {1, 0}, arithmetic, samples, reverseOf(net)) {}

void LayeredInference::plan(SlabPlan& plan) {
    plain.plan(plan);
    tangent.plan(plan);
    plan.take(scores, static_cast<size_t>(capacity) * static_cast<size_t>(network.dimension));
}

void LayeredInference::initialize(cudaStream_t stream) {
    if (network.energy) {
        // f gives the score, and v.grad f gives H v.
        check(launchSeed(plain.seeds, 0, capacity, stream), SS_HERE, "launch of the seeds");
        check(launchSeed(tangent.seeds, 1, capacity, stream), SS_HERE, "launch of the seeds");
    }
}

void LayeredInference::evaluate(const Units& units, const float* parameters, float* inputs, int samples, float* values, float* results,
                                cudaStream_t stream) const {
    standardize(units.shift, units.scale, inputs, network.inputs(), samples, stream);
    forward(plain, parameters, inputs, nullptr, samples, stream);
    if (values != nullptr) {
        const Values what{plain.output, plain.input, network.basePrecision, network.dimension, units.logScale};
        check(launchValues(what, values, samples, stream), SS_HERE, format("launch of the values, %d rows", samples));
    }
    if (results != nullptr) {
        collect(plain, parameters, 0, units.scale, samples, results, stream);
    }
}

void LayeredInference::multiply(const Units& units, const float* parameters, float* inputs, float* directions, int samples,
                                float* products, cudaStream_t stream) const {
    standardize(units.shift, units.scale, inputs, network.inputs(), samples, stream);
    standardize(nullptr, units.scale, directions, network.dimension, samples, stream);
    forward(tangent, parameters, inputs, directions, samples, stream);
    collect(tangent, parameters, 1, units.scale, samples, products, stream);
}

void LayeredInference::langevin(const float* parameters, const LangevinRun& run, cudaStream_t stream) {
    for (int64_t t = 0; t < run.steps; ++t) {
        forward(plain, parameters, run.chains, nullptr, run.samples, stream);
        collect(plain, parameters, 0, nullptr, run.samples, scores, stream);
        const LangevinStep step{scores,
                                run.chains,
                                network.dimension,
                                network.conditions,
                                static_cast<float>(0.5 * run.sizes[t]),
                                static_cast<float>(std::sqrt(run.sizes[t])),
                                run.seed,
                                run.position,
                                static_cast<uint32_t>(run.first + t + 1)};
        check(launchLangevin(step, run.samples, stream), SS_HERE, format("launch of a Langevin step, %d chains", run.samples));
        if ((t + 1) % STEPS_AT_ONCE == 0) {
            check(cudaStreamSynchronize(stream), SS_HERE, "cudaStreamSynchronize after Langevin steps");
        }
    }
}

// From the inputs, and directions if any, through the forward pass.
void LayeredInference::forward(const Jets& jets, const float* parameters, const float* inputs, const float* directions, int samples,
                               cudaStream_t stream) const {
    InputRows rows{};
    rows.input = jets.input;
    rows.dimension = network.dimension;
    rows.conditions = network.conditions;
    rows.slices = directions == nullptr ? 0 : 1;
    rows.directions = directions == nullptr ? Directions::None : Directions::Given;
    check(launchPrepare({{}, inputs, directions, 0, samples}, rows, stream), SS_HERE,
          format("launch of the preparation, %d rows", samples));
    jets.forward(parameters, samples, stream);
}

// The score (of stream 0) or its product with the direction (of stream 1).
void LayeredInference::collect(const Jets& jets, const float* parameters, int row, const double* scale, int samples, float* results,
                               cudaStream_t stream) const {
    if (network.energy) {
        jets.reverse(parameters, samples, stream);
    }
    const Collect what{network.energy ? jets.inputGradient : jets.output,
                       network.energy ? 0 : row,
                       jets.input,
                       row,
                       network.basePrecision,
                       network.dimension,
                       scale};
    check(launchCollect(what, results, samples, stream), SS_HERE, format("launch of the results, %d rows", samples));
}

}  // namespace slicedscore
