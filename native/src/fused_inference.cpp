#include "fused_inference.h"

#include <algorithm>
#include <cmath>

#include "handle.h"
#include "status.h"

namespace slicedscore {
namespace {

// Langevin steps of a launch: some milliseconds, so that others get at the device.
constexpr int64_t STEPS_AT_ONCE = 512;

LossTerms termsOf(const Network& network) {
    LossTerms terms{};
    terms.energy = network.energy;
    terms.dimension = network.dimension;
    terms.basePrecision = network.basePrecision;
    return terms;
}

}  // namespace

FusedInferencePass::FusedInferencePass(const Network& net, Arithmetic how, const FusedPlan& value, const FusedPlan& product)
    : network(net), arithmetic(how), plain(value), tangent(product) {}

void FusedInferencePass::plan(SlabPlan& plan) {
    plan.take(sizes, static_cast<size_t>(STEPS_AT_ONCE));
}

void FusedInferencePass::initialize(cudaStream_t) {
    allowSharedMemory(plain, [&](int bytes) { return prepareFusedInference(arithmetic, 1, bytes); });
    allowSharedMemory(tangent, [&](int bytes) { return prepareFusedInference(arithmetic, 2, bytes); });
}

void FusedInferencePass::evaluate(const Units& units, const float* parameters, float* inputs, int samples, float* values, float* scores,
                                  cudaStream_t stream) const {
    FusedInference inference = describe(plain, parameters);
    inference.units = units;
    inference.results = {values, scores, nullptr};
    launch(inference, inputs, samples, stream);
}

void FusedInferencePass::multiply(const Units& units, const float* parameters, float* inputs, float* directions, int samples,
                                  float* products, cudaStream_t stream) const {
    FusedInference inference = describe(tangent, parameters);
    inference.units = units;
    inference.directions = directions;
    inference.results = {nullptr, products, nullptr};
    launch(inference, inputs, samples, stream);
}

void FusedInferencePass::langevin(const float* parameters, const LangevinRun& run, cudaStream_t stream) {
    FusedInference inference = describe(plain, parameters);
    for (int64_t done = 0; done < run.steps; done += STEPS_AT_ONCE) {
        const int64_t steps = std::min(STEPS_AT_ONCE, run.steps - done);
        sizesOnHost.resize(static_cast<size_t>(steps));
        std::transform(run.sizes + done, run.sizes + done + steps, sizesOnHost.begin(), [](double h) {
            return make_float2(static_cast<float>(0.5 * h), static_cast<float>(std::sqrt(h)));
        });
        upload(sizes, sizesOnHost.data(), sizesOnHost.size(), stream);
        inference.langevin = {steps, sizes, run.seed, run.position, run.first + done, run.chains};
        launch(inference, run.chains, run.samples, stream);
        check(cudaStreamSynchronize(stream), SS_HERE, "cudaStreamSynchronize after Langevin steps");
    }
}

FusedInference FusedInferencePass::describe(const FusedPlan& plan, const float* parameters) const {
    FusedInference inference{};
    inference.network = plan.network;
    inference.memory = plan.memory;
    inference.terms = termsOf(network);
    inference.groupsPerBlock = plan.groupsPerBlock;
    inference.parameters = parameters;
    return inference;
}

void FusedInferencePass::launch(const FusedInference& inference, const float* inputs, int samples, cudaStream_t stream) const {
    check(launchFusedInference(arithmetic, inference, {{}, inputs, nullptr, 0, samples}, stream), SS_HERE,
          format("launch of an inference pass, %d rows", samples));
}

}  // namespace slicedscore
