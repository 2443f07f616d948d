// The matrix products of a dense layer:
//
//   forward          z  = a W^T + b         b on value rows only
//   input gradient   o  = dz W
//   weight gradient  dW = dz^T a            all rows, so that the sum over streams is part of the product
//                    db = sum of dz         value rows only
//
// ffma.cu and tensor.cu compute them; here is which factor is what.

#include "gemm.h"

#include "ffma.h"
#include "tensor.h"

namespace slicedscore {
namespace {

int rowsOf(const LayerRows& layer) {
    return groupsOf(layer.samples) * GROUP * layer.streams;
}

Product forwardProduct(const LayerRows& layer, const JetMatrix& a, const JetMatrix& z) {
    Product product{};
    product.rows = {a.data, static_cast<size_t>(a.pitch), rowsOf(layer)};
    product.columns = {layer.weights, static_cast<size_t>(layer.inputs), layer.outputs};
    product.depth = layer.inputs;
    product.part = layer.inputs;
    product.parts = 1;
    product.result = z.data;
    product.pitch = static_cast<size_t>(z.pitch);
    product.bias = layer.bias;
    product.streams = layer.streams;
    return product;
}

Product inputGradientProduct(const LayerRows& layer, const JetMatrix& dz, const JetMatrix& o) {
    Product product{};
    product.rows = {dz.data, static_cast<size_t>(dz.pitch), rowsOf(layer)};
    product.columns = {layer.weights, static_cast<size_t>(layer.inputs), layer.inputs};
    product.depth = layer.outputs;
    product.part = layer.outputs;
    product.parts = 1;
    product.result = o.data;
    product.pitch = static_cast<size_t>(o.pitch);
    product.streams = layer.streams;
    return product;
}

}  // namespace

cudaError_t launchForward(const LayerRows& layer, const JetMatrix& a, const JetMatrix& z, cudaStream_t stream) {
    const Product product = forwardProduct(layer, a, z);
    return layer.arithmetic == Arithmetic::Ffma ? launchFfma(Contiguous::Summed, Contiguous::Summed, product, stream)
                                                : launchTensor(layer.arithmetic, product, ActivatedForward{}, stream);
}

cudaError_t launchInputGradient(const LayerRows& layer, const JetMatrix& dz, const JetMatrix& o, cudaStream_t stream) {
    const Product product = inputGradientProduct(layer, dz, o);
    return layer.arithmetic == Arithmetic::Ffma ? launchFfma(Contiguous::Summed, Contiguous::Outer, product, stream)
                                                : launchTensor(layer.arithmetic, product, DeactivatedInputGradient{}, stream);
}

bool fusesActivation(Arithmetic arithmetic, int streams) {
    return arithmetic != Arithmetic::Ffma && streams <= MOST_FUSED_STREAMS;
}

cudaError_t launchActivatedForward(const LayerRows& layer, Activation activation, JetShape shape, const JetMatrix& a,
                                   const JetMatrix& b, const JetMatrix& next, cudaStream_t stream) {
    return launchTensor(layer.arithmetic, forwardProduct(layer, a, b), ActivatedForward{true, activation, shape, next.data}, stream);
}

cudaError_t launchDeactivatedInputGradient(const LayerRows& layer, JetShape shape, const JetMatrix& dz, const JetMatrix& b,
                                           cudaStream_t stream) {
    return launchTensor(layer.arithmetic, inputGradientProduct(layer, dz, b), DeactivatedInputGradient{true, shape}, stream);
}

RowSplit splitRows(Arithmetic arithmetic, int samples, int streams, int inputs, int outputs) {
    constexpr int WANTED_BLOCKS = 256;
    constexpr int LEAST_ROWS = 128;
    const int tile = arithmetic == Arithmetic::Ffma ? FFMA_TILE : TENSOR_TILE;
    const int groups = groupsOf(samples);
    const int64_t blocks = int64_t{tilesOf(inputs, tile)} * tilesOf(outputs, tile);
    const int leastGroups = (LEAST_ROWS + GROUP * streams - 1) / (GROUP * streams);
    const int wanted = static_cast<int>((WANTED_BLOCKS + blocks - 1) / blocks);
    const int perPart = (groups + wanted - 1) / wanted;
    const int groupsPerPart = perPart > leastGroups ? perPart : leastGroups;
    return {groupsPerPart, (groups + groupsPerPart - 1) / groupsPerPart};
}

cudaError_t launchWeightGradient(const LayerRows& layer, const JetMatrix& a, const JetMatrix& dz, int groupsPerPart,
                                 float* partials, cudaStream_t stream) {
    const int groups = groupsOf(layer.samples);
    const size_t weights = static_cast<size_t>(layer.outputs) * layer.inputs;
    Product product{};
    product.rows = {dz.data, static_cast<size_t>(dz.pitch), layer.outputs};
    product.columns = {a.data, static_cast<size_t>(a.pitch), layer.inputs};
    product.depth = rowsOf(layer);
    product.part = groupsPerPart * GROUP * layer.streams;
    product.parts = (groups + groupsPerPart - 1) / groupsPerPart;
    product.result = partials;
    product.pitch = static_cast<size_t>(layer.inputs);
    product.partStride = weights + layer.outputs;
    product.streams = layer.streams;
    if (layer.arithmetic != Arithmetic::Ffma) {
        return launchTensor(layer.arithmetic, product, SummedWeightGradient{weights}, stream);
    }
    const cudaError_t result = launchFfma(Contiguous::Outer, Contiguous::Outer, product, stream);
    if (result != cudaSuccess) {
        return result;
    }
    const BiasGradient bias{dz, groups, groupsPerPart, layer.outputs, partials + weights, product.partStride};
    return launchBiasGradient(bias, product.parts, stream);
}

}  // namespace slicedscore
