#include "pass.h"

#include "infer.h"
#include "loss.h"
#include "status.h"

namespace slicedscore {
namespace {

bool hasResidual(const Network& network, const Objective& objective) {
    return network.energy && (objective.kind == ObjectiveKind::VarianceReduced || objective.kind == ObjectiveKind::Denoising);
}

}  // namespace

JetShape ObjectivePass::shapeOf(const Network& network, const Objective& objective) {
    if (!network.energy) {
        return {objective.slices, 0};
    }
    return {objective.slices + (hasResidual(network, objective) ? 1 : 0), objective.slices};
}

ObjectivePass::ObjectivePass(const Network& net, const Objective& what, const Execution& how, int samples)
    : network(net), objective(what), capacity(samples),
      jets(net, shapeOf(net, what), how.arithmetic, samples, Reverse::Parameters) {
    if (hasResidual(network, objective)) {
        plain = std::make_unique<Jets>(network, JetShape{0, 0}, how.arithmetic, capacity, Reverse::Input);
    }
}

void ObjectivePass::plan(SlabPlan& plan) {
    jets.plan(plan);
    if (needsPlain()) {
        plain->plan(plan);
    }
    const size_t padded = static_cast<size_t>(groupsOf(capacity)) * GROUP;
    plan.take(losses, padded);
    if (objective.kind == ObjectiveKind::Denoising) {
        plan.take(noise, padded * static_cast<size_t>(pitchOf(network.dimension)));
    }
}

void ObjectivePass::initialize(cudaStream_t stream) const {
    if (needsPlain()) {
        check(launchSeed(plain->seeds, 0, capacity, stream), SS_HERE, format("launch of the seeds, %d rows", capacity));
    }
}

InputRows ObjectivePass::rows() const {
    return {jets.input,           needsPlain() ? plain->input.data : nullptr,
            network.dimension,    network.conditions,
            objective.slices,     objective.directions,
            noise,                static_cast<float>(objective.sigma)};
}

void ObjectivePass::forward(const float* parameters, int samples, cudaStream_t stream) const {
    if (needsPlain()) {
        plain->forward(parameters, samples, stream);
        plain->reverse(parameters, samples, stream);
        const Residual residual{plain->inputGradient,  jets.input, network.dimension, 1 + objective.slices,
                                network.basePrecision, noise,      inverseSigma()};
        check(launchResidual(residual, samples, stream), SS_HERE, format("launch of the residual, %d rows", samples));
    }
    jets.forward(parameters, samples, stream);
    const bool sliced = objective.kind == ObjectiveKind::Sliced || objective.kind == ObjectiveKind::VarianceReduced;
    const double weight = sliced ? 1.0 / objective.slices : 1.0;
    const cudaError_t result =
        network.energy
            ? launchEnergyLoss({jets.input, jets.output, jets.seeds, network.dimension, objective.slices, weight, needsPlain(),
                                network.basePrecision},
                               losses, samples, stream)
            : launchScoreLoss({jets.input, jets.output, jets.seeds, network.dimension, objective.slices, weight,
                               objective.kind == ObjectiveKind::Sliced, noise, inverseSigma()},
                              losses, samples, stream);
    check(result, SS_HERE, format("launch of the loss, %d rows", samples));
}

void ObjectivePass::gradient(const float* parameters, int samples, float* gradient, cudaStream_t stream) const {
    jets.reverse(parameters, samples, stream);
    jets.parameterGradient(samples, gradient, stream);
}

}  // namespace slicedscore
