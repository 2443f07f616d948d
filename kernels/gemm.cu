// The matrix products of a dense layer:
//
//   forward          z  = a W^T + b         b on value rows only
//   input gradient   o  = dz W
//   weight gradient  dW = dz^T a            of all layers at once
//                    db = sum of dz         value rows only
//
// ffma.cu and tensor.cu compute them; here is which factor is what.

#include "gemm.h"

#include "ffma.h"
#include "tensor.h"

namespace slicedscore {
namespace {

cudaError_t launchFfmaGradient(const WeightGradients& gradients, const GradientLayer& layer, cudaStream_t stream) {
    Product product{};
    product.rows = {layer.dz, static_cast<size_t>(layer.dzPitch), layer.outputs};
    product.columns = {layer.a, static_cast<size_t>(layer.aPitch), layer.inputs};
    product.depth = gradients.rows;
    product.part = gradients.rowsPerPart;
    product.parts = gradients.parts;
    product.result = gradients.partials + layer.offset;
    product.pitch = static_cast<size_t>(layer.inputs);
    product.partStride = gradients.stride;
    product.streams = gradients.streams;
    const cudaError_t result = launchFfma(Contiguous::Outer, Contiguous::Outer, product, stream);
    if (result != cudaSuccess) {
        return result;
    }
    const int rowsOfGroup = GROUP * gradients.streams;
    const BiasGradient bias{{const_cast<float*>(layer.dz), layer.dzPitch, gradients.streams},
                            gradients.rows / rowsOfGroup,
                            gradients.rowsPerPart / rowsOfGroup,
                            layer.outputs,
                            product.result + static_cast<size_t>(layer.outputs) * layer.inputs,
                            gradients.stride};
    return launchBiasGradient(bias, gradients.parts, stream);
}

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

cudaError_t prepareProducts(Arithmetic arithmetic) {
    return arithmetic == Arithmetic::Ffma ? cudaSuccess : prepareTensor(arithmetic);
}

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

RowSplit splitRows(int samples, int streams, int64_t tiles) {
    constexpr int WANTED_BLOCKS = 256;
    constexpr int LEAST_ROWS = 128;
    const int groups = groupsOf(samples);
    const int leastGroups = (LEAST_ROWS + GROUP * streams - 1) / (GROUP * streams);
    const int wanted = static_cast<int>((WANTED_BLOCKS + tiles - 1) / tiles);
    const int perPart = (groups + wanted - 1) / wanted;
    const int groupsPerPart = perPart > leastGroups ? perPart : leastGroups;
    return {groupsPerPart, (groups + groupsPerPart - 1) / groupsPerPart};
}

int64_t weightTiles(Arithmetic arithmetic, int inputs, int outputs) {
    const int tile = arithmetic == Arithmetic::Ffma ? FFMA_TILE : TENSOR_TILE;
    return int64_t{tilesOf(inputs, tile)} * tilesOf(outputs, tile);
}

cudaError_t launchWeightGradients(Arithmetic arithmetic, const WeightGradients& gradients, cudaStream_t stream) {
    if (arithmetic != Arithmetic::Ffma) {
        return launchTensorGradients(arithmetic, gradients, stream);
    }
    for (int i = 0; i < gradients.count; ++i) {
        const cudaError_t result = launchFfmaGradient(gradients, gradients.layers[i], stream);
        if (result != cudaSuccess) {
            return result;
        }
    }
    return cudaSuccess;
}

}  // namespace slicedscore
