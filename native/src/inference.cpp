#include "inference.h"

#include "fused_inference.h"
#include "layered_inference.h"

namespace slicedscore {

std::unique_ptr<Inference> makeInference(const Network& network, const Execution& execution, int capacity) {
    const FusedUse use = network.energy ? FusedUse::InputGradients : FusedUse::Values;
    const auto plain = planFused(network, execution, 1, capacity, use);
    const auto tangent = planFused(network, execution, 2, capacity, use);
    if (plain && tangent) {
        return std::make_unique<FusedInferencePass>(network, execution.arithmetic, *plain, *tangent);
    }
    return std::make_unique<LayeredInference>(network, execution.arithmetic, capacity);
}

}  // namespace slicedscore
