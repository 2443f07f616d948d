// ss_dense_jet: host arrays in, host arrays out.

#include "dense_jet.h"

#include <climits>

#include "resources.h"
#include "slicedscore.h"
#include "status.h"

namespace slicedscore {
namespace {

constexpr int64_t MAX_OUTPUTS = 65535LL * 16;  // a grid's second dimension, in tiles of 16

// rows * columns as a count of floats, refused where bytes would overflow.
size_t floats(int64_t count, int64_t rows, int64_t columns) {
    constexpr int64_t MOST = INT64_MAX / static_cast<int64_t>(sizeof(float));
    require(count == 0 || rows <= MOST / count / columns, SS_HERE,
            format("ss_dense_jet: an array of %lld x %lld x %lld floats", static_cast<long long>(count),
                   static_cast<long long>(rows), static_cast<long long>(columns)));
    return static_cast<size_t>(count * rows * columns);
}

void denseJet(int32_t device, Activation activation, DenseJet jet, const float* weights, const float* bias, const float* x,
              const float* x1, float* a, float* a1) {
    check(cudaSetDevice(device), SS_HERE, format("cudaSetDevice(%d)", device));
    DeviceFloats deviceWeights(floats(1, jet.outputs, jet.inputs), "weights");
    DeviceFloats deviceBias(floats(1, 1, jet.outputs), "bias");
    DeviceFloats deviceX(floats(1, jet.rows, jet.inputs), "x");
    DeviceFloats deviceX1(floats(jet.tangents, jet.rows, jet.inputs), "x1");
    DeviceFloats deviceA(floats(1, jet.rows, jet.outputs), "a");
    DeviceFloats deviceA1(floats(jet.tangents, jet.rows, jet.outputs), "a1");
    // After the buffers, so that it is destroyed, and with it waited for, before them.
    Stream stream;

    deviceWeights.copyFrom(weights, stream.get());
    deviceBias.copyFrom(bias, stream.get());
    deviceX.copyFrom(x, stream.get());
    deviceX1.copyFrom(x1, stream.get());
    jet.weights = deviceWeights.get();
    jet.bias = deviceBias.get();
    jet.x = deviceX.get();
    jet.x1 = deviceX1.get();
    jet.a = deviceA.get();
    jet.a1 = deviceA1.get();
    check(launchDenseJet(activation, jet, stream.get()), SS_HERE,
          format("launch of the dense layer, %d rows, %d inputs, %d outputs, %d tangents", jet.rows, jet.inputs, jet.outputs,
                 jet.tangents));
    deviceA.copyTo(a, stream.get());
    deviceA1.copyTo(a1, stream.get());
    stream.synchronize("the dense layer");
}

}  // namespace
}  // namespace slicedscore

int32_t ss_dense_jet(int32_t device, int32_t activation, int64_t rows, int64_t inputs, int64_t outputs, int64_t tangents,
                     const float* weights, const float* bias, const float* x, const float* x1, float* a, float* a1) {
    using namespace slicedscore;
    return guarded([&] {
        require(activation >= 0 && activation < ACTIVATION_COUNT, SS_HERE,
                format("ss_dense_jet: no activation has the code %d", activation));
        require(rows > 0 && inputs > 0 && outputs > 0 && tangents >= 0, SS_HERE,
                format("ss_dense_jet: rows %lld, inputs %lld, outputs %lld must be positive and tangents %lld not negative",
                       static_cast<long long>(rows), static_cast<long long>(inputs), static_cast<long long>(outputs),
                       static_cast<long long>(tangents)));
        require(rows <= INT_MAX - 16 && inputs <= INT_MAX - 16 && outputs <= MAX_OUTPUTS && tangents <= INT_MAX, SS_HERE,
                format("ss_dense_jet: rows %lld, inputs %lld, outputs %lld or tangents %lld beyond what a launch can hold",
                       static_cast<long long>(rows), static_cast<long long>(inputs), static_cast<long long>(outputs),
                       static_cast<long long>(tangents)));
        require(weights != nullptr && bias != nullptr && x != nullptr && a != nullptr, SS_HERE,
                "ss_dense_jet: weights, bias, x or a is null");
        require(tangents == 0 || (x1 != nullptr && a1 != nullptr), SS_HERE,
                "ss_dense_jet: x1 or a1 is null though there are tangents");
        DenseJet jet{};
        jet.rows = static_cast<int>(rows);
        jet.inputs = static_cast<int>(inputs);
        jet.outputs = static_cast<int>(outputs);
        jet.tangents = static_cast<int>(tangents);
        denseJet(device, static_cast<Activation>(activation), jet, weights, bias, x, x1, a, a1);
    });
}
