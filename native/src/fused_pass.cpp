#include "fused_pass.h"

#include "status.h"

namespace slicedscore {
namespace {

constexpr size_t PART_ALIGNMENT = 4;  // floats, so that a part's rows are as aligned as the parameters'

}  // namespace

FusedPass::FusedPass(const Network& net, const Objective& what, const Execution& how, const FusedPlan& plan, int samples)
    : network(net), objective(what), terms(termsOf(net, what)), shape(shapeOf(net, what)), arithmetic(how.arithmetic), jets(plan),
      capacity(samples), stride((net.parameters() + PART_ALIGNMENT - 1) / PART_ALIGNMENT * PART_ALIGNMENT) {
    if (terms.residual) {
        // It needs less of everything than the jets do.
        plain = planFused(network, {how.arithmetic, KernelChoice::Fused}, 1, capacity, FusedUse::InputGradients);
    }
}

void FusedPass::plan(SlabPlan& plan) {
    plan.take(losses, static_cast<size_t>(capacity));
    plan.take(partials, static_cast<size_t>(jets.blocks(capacity)) * stride);
    if (plain) {
        plan.take(residuals, static_cast<size_t>(capacity) * static_cast<size_t>(network.dimension));
    }
}

void FusedPass::initialize(cudaStream_t) const {
    allowSharedMemory(jets, [&](int bytes) { return prepareFusedTraining(arithmetic, shape.streams(), bytes); });
    if (plain) {
        allowSharedMemory(*plain, [&](int bytes) { return prepareFusedInference(arithmetic, 1, bytes); });
    }
}

void FusedPass::launch(const BatchSource& source, const float* parameters, float* into, cudaStream_t stream) const {
    const auto sigma = static_cast<float>(objective.sigma);
    if (plain) {
        FusedInference inference{};
        inference.network = plain->network;
        inference.memory = plain->memory;
        inference.terms = terms;
        inference.sigma = sigma;
        inference.groupsPerBlock = plain->groupsPerBlock;
        inference.parameters = parameters;
        inference.results.residuals = residuals;
        check(launchFusedInference(arithmetic, inference, source, stream), SS_HERE,
              format("launch of the residuals, %d rows", source.samples));
    }
    FusedTraining training{};
    training.network = jets.network;
    training.memory = jets.memory;
    training.shape = shape;
    training.terms = terms;
    training.directions = objective.directions;
    training.denoises = objective.kind == ObjectiveKind::Denoising;
    training.sigma = sigma;
    training.groupsPerBlock = jets.groupsPerBlock;
    training.parameters = parameters;
    training.residuals = residuals;
    training.losses = losses;
    training.partials = into;
    training.partStride = stride;
    check(launchFusedTraining(arithmetic, training, source, stream), SS_HERE, format("launch of the pass, %d rows", source.samples));
}

void FusedPass::evaluate(const BatchSource& source, const float* parameters, cudaStream_t stream) const {
    launch(source, parameters, nullptr, stream);
}

GradientParts FusedPass::differentiate(const BatchSource& source, const float* parameters, cudaStream_t stream) const {
    launch(source, parameters, partials, stream);
    return {partials, jets.blocks(source.samples), stride};
}

}  // namespace slicedscore
