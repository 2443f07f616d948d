#include "pass.h"

#include "fused_pass.h"
#include "layered_pass.h"
#include "reduce.h"
#include "status.h"

namespace slicedscore {
namespace {

// Whether the loss needs s = grad f as a direction.
bool hasResidual(const Network& network, const Objective& objective) {
    return network.energy && (objective.kind == ObjectiveKind::VarianceReduced || objective.kind == ObjectiveKind::Denoising);
}

}  // namespace

JetShape shapeOf(const Network& network, const Objective& objective) {
    if (!network.energy) {
        return {objective.slices, 0};
    }
    if (objective.kind == ObjectiveKind::Denoising) {
        return {1, 0};
    }
    return {objective.slices, objective.slices};
}

LossTerms termsOf(const Network& network, const Objective& objective) {
    const bool sliced = objective.kind == ObjectiveKind::Sliced || objective.kind == ObjectiveKind::VarianceReduced;
    LossTerms terms{};
    terms.energy = network.energy;
    terms.dimension = network.dimension;
    terms.slices = objective.slices;
    terms.weight = sliced ? 1.0 / objective.slices : 1.0;
    terms.projected = objective.kind == ObjectiveKind::Sliced;
    terms.residual = hasResidual(network, objective);
    terms.basePrecision = network.basePrecision;
    terms.inverseSigma = objective.kind == ObjectiveKind::Denoising ? 1.0 / objective.sigma : 0.0;
    return terms;
}

std::unique_ptr<Pass> makePass(const Network& network, const Objective& objective, const Execution& execution, int capacity) {
    const auto plan = planFused(network, execution, shapeOf(network, objective).streams(), capacity, FusedUse::Training);
    if (plan) {
        return std::make_unique<FusedPass>(network, objective, execution, *plan, capacity);
    }
    return std::make_unique<LayeredPass>(network, objective, execution, capacity);
}

void addParts(const GradientParts& gradient, size_t count, float* sum, cudaStream_t stream) {
    check(launchSumParts(gradient.parts, gradient.count, gradient.stride, count, sum, stream), SS_HERE,
          format("launch of the sum of %d parts", gradient.count));
}

}  // namespace slicedscore
