#include "jets.h"

#include <algorithm>

#include "activate.h"
#include "reduce.h"
#include "status.h"

namespace slicedscore {
namespace {

void checkLaunch(cudaError_t result, Place place, const char* kernel, const Layer& layer, JetShape shape, int samples) {
    check(result, place,
          format("launch of the %s, %d rows of %d streams, %d inputs, %d outputs", kernel, samples, shape.streams(),
                 layer.inputs, layer.outputs));
}

}  // namespace

Jets::Jets(const Network& net, JetShape jetShape, Arithmetic how, int samples, Reverse reverseGives)
    : shape(jetShape), network(net), arithmetic(how), fused(fusesActivation(how, jetShape.streams())), capacity(samples),
      wanted(reverseGives) {
    activations.resize(network.layers.size() - 1);
    derivatives.resize(network.layers.size() - 1);
    for (const Layer& layer : network.layers) {
        splits.push_back(splitRows(arithmetic, capacity, shape.streams(), layer.inputs, layer.outputs));
    }
}

void Jets::plan(SlabPlan& plan) {
    const int streams = shape.streams();
    const int outputs = network.layers.back().outputs;
    plan.take(input, capacity, streams, network.inputs());
    plan.take(output, capacity, streams, outputs);
    int widest = 1;
    for (size_t i = 0; i < activations.size(); ++i) {
        const int width = network.layers[i].outputs;
        widest = std::max(widest, width);
        plan.take(activations[i], capacity, streams, width);
        plan.take(derivatives[i], capacity, streams, width);
    }
    if (wanted == Reverse::None) {
        return;
    }
    plan.take(seeds, capacity, streams, outputs);
    if (!fused) {
        const size_t rows = static_cast<size_t>(groupsOf(capacity)) * GROUP * static_cast<size_t>(streams);
        plan.take(adjoint, rows * static_cast<size_t>(pitchOf(widest)));
    }
    if (wanted == Reverse::Input) {
        plan.take(inputGradient, capacity, streams, network.inputs());
        return;
    }
    size_t most = 0;
    for (size_t i = 0; i < splits.size(); ++i) {
        if (splits[i].parts > 1) {
            most = std::max(most, static_cast<size_t>(splits[i].parts) * network.layers[i].parameters());
        }
    }
    plan.take(partials, most);
}

LayerRows Jets::rowsOf(size_t index, const float* parameters, int samples) const {
    const Layer& layer = network.layers[index];
    const float* weights = parameters + layer.offset;
    return {arithmetic, samples, shape.streams(), layer.inputs, layer.outputs, weights, weights + layer.weights()};
}

void Jets::forward(const float* parameters, int samples, cudaStream_t stream) const {
    for (size_t i = 0; i < network.layers.size(); ++i) {
        const Layer& layer = network.layers[i];
        const LayerRows rows = rowsOf(i, parameters, samples);
        const bool last = i + 1 == network.layers.size();
        if (fused && !last) {
            checkLaunch(launchActivatedForward(rows, network.activation, shape, inputOf(i), derivatives[i], activations[i], stream),
                        SS_HERE, "product with its activation", layer, shape, samples);
            continue;
        }
        const JetMatrix& z = last ? output : derivatives[i];
        checkLaunch(launchForward(rows, inputOf(i), z, stream), SS_HERE, "product", layer, shape, samples);
        if (!last) {
            checkLaunch(launchActivate(network.activation, shape, samples, layer.outputs, z, activations[i], stream), SS_HERE,
                        "activation", layer, shape, samples);
        }
    }
}

void Jets::reverse(const float* parameters, int samples, cudaStream_t stream) const {
    for (size_t i = network.layers.size(); i-- > 0;) {
        const Layer& layer = network.layers[i];
        if (i == 0 && wanted != Reverse::Input) {
            return;
        }
        const LayerRows rows = rowsOf(i, parameters, samples);
        if (fused && i > 0) {
            checkLaunch(launchDeactivatedInputGradient(rows, shape, adjointOf(i), derivatives[i - 1], stream), SS_HERE,
                        "input gradient with its reverse activation", layer, shape, samples);
            continue;
        }
        const JetMatrix o = i == 0 ? inputGradient : JetMatrix{adjoint, pitchOf(layer.inputs), shape.streams()};
        checkLaunch(launchInputGradient(rows, adjointOf(i), o, stream), SS_HERE, "input gradient",
                    layer, shape, samples);
        if (i > 0) {
            checkLaunch(launchDeactivate(shape, samples, layer.inputs, o, derivatives[i - 1], stream), SS_HERE,
                        "reverse activation", layer, shape, samples);
        }
    }
}

void Jets::parameterGradient(int samples, float* gradient, cudaStream_t stream) const {
    for (size_t i = 0; i < network.layers.size(); ++i) {
        const Layer& layer = network.layers[i];
        const RowSplit& split = splits[i];
        float* const target = gradient + layer.offset;
        checkLaunch(launchWeightGradient(rowsOf(i, nullptr, samples), inputOf(i), adjointOf(i), split.groups,
                                         split.parts > 1 ? partials : target, stream),
                    SS_HERE, "weight gradient", layer, shape, samples);
        if (split.parts > 1) {
            const int parts = (groupsOf(samples) + split.groups - 1) / split.groups;
            checkLaunch(launchSumParts(partials, parts, layer.parameters(), layer.parameters(), target, stream), SS_HERE, "sum of parts", layer,
                        shape, samples);
        }
    }
}

}  // namespace slicedscore
