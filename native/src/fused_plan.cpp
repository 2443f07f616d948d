#include "fused_plan.h"

#include <cuda_runtime.h>

#include <algorithm>
#include <string>

#include "status.h"

namespace slicedscore {
namespace {

struct Limits {
    int multiprocessors = 0;
    int sharedBytes = 0;

    Limits() {
        int device = 0;
        check(cudaGetDevice(&device), SS_HERE, "cudaGetDevice");
        check(cudaDeviceGetAttribute(&multiprocessors, cudaDevAttrMultiProcessorCount, device), SS_HERE, "cudaDeviceGetAttribute");
        check(cudaDeviceGetAttribute(&sharedBytes, cudaDevAttrMaxSharedMemoryPerBlockOptin, device), SS_HERE, "cudaDeviceGetAttribute");
    }
};

// Why the kernels can't have the network, or nothing.
std::string obstacle(const Network& network, Arithmetic arithmetic, int streams) {
    const int layers = static_cast<int>(network.layers.size());
    if (layers > FUSED_LAYERS) {
        return format("%d hidden layers, they take up to %d", layers - 1, FUSED_LAYERS - 1);
    }
    if (streams > FUSED_STREAMS) {
        return format("%d streams, they take up to %d", streams, FUSED_STREAMS);
    }
    const int most = fusedWidth(arithmetic);
    for (const Layer& layer : network.layers) {
        const int wider = std::max(layer.inputs, layer.outputs);
        if (wider > most) {
            return format("a layer of width %d, they take up to %d in %s", wider, most, nameOf(arithmetic));
        }
    }
    return {};
}

FusedNetwork describe(const Network& network) {
    FusedNetwork result{};
    result.layers = static_cast<int>(network.layers.size());
    result.activation = network.activation;
    result.widths[0] = network.inputs();
    for (size_t i = 0; i < network.layers.size(); ++i) {
        result.widths[i + 1] = network.layers[i].outputs;
        result.offsets[i] = static_cast<int>(network.layers[i].offset);
    }
    return result;
}

}  // namespace

std::optional<FusedPlan> planFused(const Network& network, const Execution& execution, int streams, int samples, FusedUse use) {
    if (execution.kernels == KernelChoice::Layered) {
        return {};
    }
    std::string reason = obstacle(network, execution.arithmetic, streams);
    if (reason.empty()) {
        const Limits limits;
        const FusedNetwork shape = describe(network);
        // A block for each multiprocessor, and all its groups at once where they fit, with the weights if those fit, too. Where
        // they don't, more groups at once are worth more to a gradient, which is added up in global memory after each lot.
        const int groups = groupsOf(samples);
        const int perBlock = (groups + limits.multiprocessors - 1) / limits.multiprocessors;
        const auto memoryFor = [&](int atOnce, bool copiesWeights) {
            return fusedMemory(shape, execution.arithmetic, streams, atOnce, use, copiesWeights);
        };
        const auto fits = [&](const FusedMemory& memory) { return memory.bytes <= limits.sharedBytes; };
        const int least = use == FusedUse::Training ? perBlock : 1;
        FusedMemory memory = memoryFor(least, true);
        const bool copiesWeights = fits(memory);
        if (!copiesWeights) {
            memory = memoryFor(1, false);
        }
        while (memory.groups < perBlock && fits(memoryFor(memory.groups + 1, copiesWeights))) {
            memory = memoryFor(memory.groups + 1, copiesWeights);
        }
        if (fits(memory)) {
            return FusedPlan{shape, memory, perBlock, limits.sharedBytes};
        }
        reason = format("%lld bytes of shared memory a block, the device has %d", static_cast<long long>(memory.bytes), limits.sharedBytes);
    }
    if (execution.kernels == KernelChoice::Fused) {
        // Without a place in our source: people who ask for a kind of kernels read this. What they asked by is Java's option.
        throw Error(SS_INVALID_ARGUMENT,
                    "the fused kernels do not fit: " + reason + "; leave out -Dslicedscore.cuda.kernels=fused, or ask for layered");
    }
    return {};
}

}  // namespace slicedscore
