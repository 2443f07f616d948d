#include "jets.h"

#include <algorithm>

#include "activate.h"
#include "execution.h"
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
    check(prepareProducts(arithmetic), SS_HERE, format("cudaFuncSetAttribute for products in %s", nameOf(arithmetic)));
    activations.resize(network.layers.size() - 1);
    derivatives.resize(network.layers.size() - 1);
    int64_t tiles = 0;
    for (const Layer& layer : network.layers) {
        tiles += weightTiles(arithmetic, layer.inputs, layer.outputs);
    }
    split = splitRows(capacity, shape.streams(), tiles);
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
    plan.take(partials, static_cast<size_t>(split.parts) * network.parameters());
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

GradientParts Jets::parameterGradient(int samples, cudaStream_t stream) const {
    static_assert(MOST_LAYERS == SS_MAX_LAYERS, "one launch takes all layers");
    const int rowsOfGroup = GROUP * shape.streams();
    WeightGradients gradients{};
    for (size_t i = 0; i < network.layers.size(); ++i) {
        const Layer& layer = network.layers[i];
        const JetMatrix& a = inputOf(i);
        const JetMatrix& dz = adjointOf(i);
        gradients.layers[gradients.count++] = {a.data, dz.data, a.pitch, dz.pitch, layer.inputs, layer.outputs, layer.offset, 0};
    }
    gradients.streams = shape.streams();
    gradients.rows = groupsOf(samples) * rowsOfGroup;
    gradients.rowsPerPart = split.groups * rowsOfGroup;
    gradients.parts = (groupsOf(samples) + split.groups - 1) / split.groups;
    gradients.partials = partials;
    gradients.stride = network.parameters();
    check(launchWeightGradients(arithmetic, gradients, stream), SS_HERE,
          format("launch of the weight gradients of %d layers, %d rows of %d streams in %d parts", gradients.count, samples,
                 gradients.streams, gradients.parts));
    return {partials, gradients.parts, gradients.stride};
}

}  // namespace slicedscore
