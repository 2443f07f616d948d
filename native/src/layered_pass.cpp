#include "layered_pass.h"

#include "infer.h"
#include "status.h"

namespace slicedscore {

LayeredPass::LayeredPass(const Network& net, const Objective& what, const Execution& how, int samples)
    : network(net), objective(what), terms(termsOf(net, what)), capacity(samples),
      jets(net, shapeOf(net, what), how.arithmetic, samples, Reverse::Parameters) {
    if (terms.residual) {
        plain = std::make_unique<Jets>(network, JetShape{0, 0}, how.arithmetic, capacity, Reverse::Input);
    }
}

void LayeredPass::plan(SlabPlan& plan) {
    jets.plan(plan);
    if (plain != nullptr) {
        plain->plan(plan);
    }
    const size_t padded = static_cast<size_t>(groupsOf(capacity)) * GROUP;
    plan.take(losses, padded);
    if (objective.kind == ObjectiveKind::Denoising) {
        plan.take(noise, padded * static_cast<size_t>(pitchOf(network.dimension)));
    }
}

void LayeredPass::initialize(cudaStream_t stream) const {
    if (plain != nullptr) {
        check(launchSeed(plain->seeds, 0, capacity, stream), SS_HERE, format("launch of the seeds, %d rows", capacity));
    }
}

InputRows LayeredPass::inputRows() const {
    return {jets.input,           plain != nullptr ? plain->input.data : nullptr,
            network.dimension,    network.conditions,
            objective.slices,     objective.directions,
            noise,                static_cast<float>(objective.sigma)};
}

void LayeredPass::evaluate(const BatchSource& source, const float* parameters, cudaStream_t stream) const {
    const int samples = source.samples;
    const LossRows rows{jets.input, jets.output, jets.seeds, noise};
    check(launchPrepare(source, inputRows(), stream), SS_HERE, format("launch of the preparation, %d rows", samples));
    if (plain != nullptr) {
        plain->forward(parameters, samples, stream);
        plain->reverse(parameters, samples, stream);
        check(launchResidual(terms, rows, plain->inputGradient, samples, stream), SS_HERE,
              format("launch of the residual, %d rows", samples));
    }
    jets.forward(parameters, samples, stream);
    check(launchLoss(terms, rows, losses, samples, stream), SS_HERE, format("launch of the loss, %d rows", samples));
}

GradientParts LayeredPass::differentiate(const BatchSource& source, const float* parameters, cudaStream_t stream) const {
    evaluate(source, parameters, stream);
    jets.reverse(parameters, source.samples, stream);
    return jets.parameterGradient(source.samples, stream);
}

}  // namespace slicedscore
