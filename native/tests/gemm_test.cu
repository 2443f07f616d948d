// The three products of a layer, with and without the element-wise stage at their end, against double precision, in every
// arithmetic that the device has: sizes that are a multiple of nothing, sums split into parts, and sums of 12288 rows.
//
// Bounds are relative, in the Euclidean norm; factors are random, and their rounding errors independent:
//
//   tf32x3, FFMA  1e-5
//   TF32          1e-3   each factor's error is at most 2^-11, sqrt(2) 2^-11 / sqrt(3) = 4e-4 on average
//   BF16          8e-3   2^-8 at most, 3e-3 on average

#include <functional>

#include "activate.h"
#include "device.h"
#include "errors.h"
#include "execution.h"
#include "gemm.h"
#include "mlp.h"
#include "reduce.h"

using namespace slicedscore;
using reference::Vector;

namespace {

double boundOf(Arithmetic arithmetic) {
    return arithmetic == Arithmetic::Bf16 ? 8e-3 : arithmetic == Arithmetic::Tf32 ? 1e-3 : 1e-5;
}

// Rows of streams: on the device as kernels have them, here as [sample][stream][column]. What pads samples to whole groups is
// zero, as passes leave it; what pads columns is NaN, since nobody may use it.
class Streams {
public:
    Streams(int count, int streams, int columns) : samples(count), width(columns), device(sizeOf(count, streams, columns)) {
        matrix = {device.get(), pitchOf(columns), streams};
        padded.assign(sizeOf(count, streams, columns), 0.0f);
        for (size_t i = 0; i < padded.size(); ++i) {
            if (i % static_cast<size_t>(matrix.pitch) >= static_cast<size_t>(width)) {
                padded[i] = std::nanf("");
            }
        }
        send();
    }

    // Normal numbers.
    Streams(int count, int streams, int columns, std::mt19937& engine) : Streams(count, streams, columns) {
        std::normal_distribution<float> normal;
        each([&](float& value) { value = normal(engine); });
        send();
    }

    // Calls with every number of every sample, in a fixed order.
    template <typename Body>
    void each(const Body& body) {
        for (int n = 0; n < samples; ++n) {
            for (int s = 0; s < matrix.streams; ++s) {
                for (int j = 0; j < width; ++j) {
                    body(at(n, s, j));
                }
            }
        }
    }

    float& at(int sample, int stream, int column) {
        const JetMatrix here{padded.data(), matrix.pitch, matrix.streams};
        return here.row(sample, stream)[column];
    }

    Vector fetch() {
        CHECK_CUDA(cudaMemcpy(padded.data(), device.get(), padded.size() * sizeof(float), cudaMemcpyDeviceToHost));
        Vector values;
        each([&](float value) { values.push_back(value); });
        return values;
    }

    void send() { CHECK_CUDA(cudaMemcpy(device.get(), padded.data(), padded.size() * sizeof(float), cudaMemcpyHostToDevice)); }

    const int samples;
    const int width;
    JetMatrix matrix{};

private:
    static size_t sizeOf(int samples, int streams, int width) {
        return static_cast<size_t>(groupsOf(samples)) * GROUP * static_cast<size_t>(streams) * static_cast<size_t>(pitchOf(width));
    }

    DeviceArray<float> device;
    std::vector<float> padded;
};

struct Sizes {
    int samples, streams, inputs, outputs;
};

class Layer {
public:
    // `shift` floats move the weights off an aligned place.
    Layer(Arithmetic how, const Sizes& what, int shift)
        : arithmetic(how), sizes(what), engine(static_cast<unsigned>(what.samples + 31 * what.inputs)),
          parameters(reference::normals(static_cast<size_t>(shift + what.outputs * (what.inputs + 1)), engine)), device(parameters),
          a(what.samples, what.streams, what.inputs, engine), dz(what.samples, what.streams, what.outputs, engine), offset(shift) {
        const float* const weights = device.get() + shift;
        rows = {how,          what.samples, what.streams, what.inputs,
                what.outputs, weights,      weights + what.outputs * what.inputs};
        CHECK_CUDA(prepareProducts(how));
    }

    void checkAll() {
        checkForward();
        checkInputGradient();
        checkWeightGradient(splitRows(sizes.samples, sizes.streams, weightTiles(arithmetic, sizes.inputs, sizes.outputs)));
        if (fusesActivation(arithmetic, sizes.streams)) {
            for (const JetShape shape : {JetShape{sizes.streams - 1, 0}, JetShape{sizes.streams - 2, sizes.streams - 2},
                                         JetShape{sizes.streams - 2, 1}}) {
                if (shape.tangents >= shape.curved && shape.streams() == sizes.streams) {
                    checkFused(shape);
                }
            }
        }
    }

    // In one sum over all rows, in which tensor cores' cutting would show.
    void checkLongSum() { checkWeightGradient({groupsOf(sizes.samples), 1}); }

    void checkWeightGradient(const RowSplit& split) {
        const size_t count = static_cast<size_t>(sizes.outputs) * static_cast<size_t>(sizes.inputs + 1);
        const DeviceArray<float> partials(count * static_cast<size_t>(split.parts));
        const DeviceArray<float> sum(count);
        const int rowsOfGroup = GROUP * sizes.streams;
        WeightGradients gradients{};
        gradients.layers[0] = {a.matrix.data, dz.matrix.data, a.matrix.pitch, dz.matrix.pitch, sizes.inputs, sizes.outputs, 0, 0};
        gradients.count = 1;
        gradients.streams = sizes.streams;
        gradients.rows = groupsOf(sizes.samples) * rowsOfGroup;
        gradients.rowsPerPart = split.groups * rowsOfGroup;
        gradients.parts = split.parts;
        gradients.partials = partials.get();
        gradients.stride = count;
        CHECK_CUDA(launchWeightGradients(arithmetic, gradients, nullptr));
        CHECK_CUDA(launchSumParts(partials.get(), split.parts, count, count, sum.get(), nullptr));
        Vector expected(count, 0.0);
        for (int n = 0; n < sizes.samples; ++n) {
            for (int s = 0; s < sizes.streams; ++s) {
                for (int j = 0; j < sizes.outputs; ++j) {
                    const double d = dz.at(n, s, j);
                    for (int i = 0; i < sizes.inputs; ++i) {
                        expected[static_cast<size_t>(j * sizes.inputs + i)] += d * a.at(n, s, i);
                    }
                    expected[static_cast<size_t>(sizes.outputs * sizes.inputs + j)] += s == 0 ? d : 0;
                }
            }
        }
        const std::vector<float> gradient = sum.host();
        const Vector actual(gradient.begin(), gradient.end());
        const auto weights = static_cast<std::ptrdiff_t>(sizes.outputs) * sizes.inputs;
        require(Vector(actual.begin(), actual.begin() + weights), Vector(expected.begin(), expected.begin() + weights),
                boundOf(arithmetic), "weight gradient");
        // The bias's is a sum in single precision in each.
        require(Vector(actual.begin() + weights, actual.end()), Vector(expected.begin() + weights, expected.end()), 1e-5,
                "bias gradient");
    }

private:
    float weight(int output, int input) const { return parameters[static_cast<size_t>(offset + output * sizes.inputs + input)]; }
    float bias(int output) const { return parameters[static_cast<size_t>(offset + sizes.outputs * sizes.inputs + output)]; }

    // Sums over `depth` of products of row (n, s), for so many columns.
    Vector products(int columns, int depth, const std::function<double(int, int, int, int)>& factors) const {
        Vector result;
        for (int n = 0; n < sizes.samples; ++n) {
            for (int s = 0; s < sizes.streams; ++s) {
                for (int j = 0; j < columns; ++j) {
                    double sum = 0;
                    for (int k = 0; k < depth; ++k) {
                        sum += factors(n, s, j, k);
                    }
                    result.push_back(sum);
                }
            }
        }
        return result;
    }

    void checkForward() {
        Streams z(sizes.samples, sizes.streams, sizes.outputs);
        CHECK_CUDA(launchForward(rows, a.matrix, z.matrix, nullptr));
        require(z.fetch(), products(sizes.outputs, sizes.inputs + 1, [&](int n, int s, int j, int k) {
                    return k == sizes.inputs ? (s == 0 ? bias(j) : 0.0) : static_cast<double>(weight(j, k)) * a.at(n, s, k);
                }),
                boundOf(arithmetic), "forward");
    }

    void checkInputGradient() {
        Streams o(sizes.samples, sizes.streams, sizes.inputs);
        CHECK_CUDA(launchInputGradient(rows, dz.matrix, o.matrix, nullptr));
        require(o.fetch(), products(sizes.inputs, sizes.outputs, [&](int n, int s, int j, int k) {
                    return static_cast<double>(weight(k, j)) * dz.at(n, s, k);
                }),
                boundOf(arithmetic), "input gradient");
    }

    // Bit for bit what the products make with the element-wise stage behind them as a kernel of its own.
    void checkFused(JetShape shape) {
        for (const Activation activation : {Activation::Softplus, Activation::Tanh, Activation::Silu, Activation::Gelu,
                                            Activation::Sigmoid, Activation::Sin, Activation::Elu, Activation::Relu}) {
            Streams z(sizes.samples, sizes.streams, sizes.outputs);
            Streams next(sizes.samples, sizes.streams, sizes.outputs);
            CHECK_CUDA(launchForward(rows, a.matrix, z.matrix, nullptr));
            CHECK_CUDA(launchActivate(activation, shape, sizes.samples, sizes.outputs, z.matrix, next.matrix, nullptr));
            Streams fusedB(sizes.samples, sizes.streams, sizes.outputs);
            Streams fusedNext(sizes.samples, sizes.streams, sizes.outputs);
            CHECK_CUDA(launchActivatedForward(rows, activation, shape, a.matrix, fusedB.matrix, fusedNext.matrix, nullptr));
            CHECK(fusedB.fetch() == z.fetch() && fusedNext.fetch() == next.fetch());
        }
        Streams o(sizes.samples, sizes.streams, sizes.inputs);
        Streams b(sizes.samples, sizes.streams, sizes.inputs, engine);
        const Vector before = b.fetch();
        CHECK_CUDA(launchInputGradient(rows, dz.matrix, o.matrix, nullptr));
        CHECK_CUDA(launchDeactivate(shape, sizes.samples, sizes.inputs, o.matrix, b.matrix, nullptr));
        const Vector expected = b.fetch();
        size_t next = 0;
        b.each([&](float& value) { value = static_cast<float>(before[next++]); });
        b.send();
        CHECK_CUDA(launchDeactivatedInputGradient(rows, shape, dz.matrix, b.matrix, nullptr));
        CHECK(b.fetch() == expected);
    }

    void require(const Vector& actual, const Vector& expected, double bound, const char* product) const {
        const double error = errorOfNorm(actual, expected);
        if (!(error <= bound)) {
            std::fprintf(stderr, "%s, %s, %d samples of %d streams, %d inputs, %d outputs: error %.3g, at most %.3g expected\n",
                         product, nameOf(arithmetic), sizes.samples, sizes.streams, sizes.inputs, sizes.outputs, error, bound);
            std::exit(1);
        }
        std::printf("%-16s %-6s %5d x %d rows, %3d inputs, %3d outputs: error %.1e\n", product, nameOf(arithmetic), sizes.samples,
                    sizes.streams, sizes.inputs, sizes.outputs, error);
    }

    const Arithmetic arithmetic;
    const Sizes sizes;
    std::mt19937 engine;
    std::vector<float> parameters;
    DeviceArray<float> device;
    Streams a, dz;
    const int offset;
    LayerRows rows{};
};

}  // namespace

int main() {
    requireDevice();
    for (const Arithmetic arithmetic : {Arithmetic::Ffma, Arithmetic::Tf32x3, Arithmetic::Tf32, Arithmetic::Bf16}) {
        if (arithmetic != Arithmetic::Ffma && computeCapability() < 80) {
            continue;
        }
        Layer(arithmetic, {3, 1, 1, 1}, 0).checkAll();
        Layer(arithmetic, {5, 2, 3, 7}, 1).checkAll();
        Layer(arithmetic, {9, 3, 20, 36}, 0).checkAll();    // weights in whole vectors
        Layer(arithmetic, {9, 3, 20, 36}, 2).checkAll();    // the same off an aligned place
        Layer(arithmetic, {43, 3, 33, 130}, 3).checkAll();  // over a tile in each direction: 120 rows of 128, 128 columns
        Layer(arithmetic, {35, 4, 130, 18}, 0).checkAll();
        Layer(arithmetic, {17, 6, 40, 24}, 0).checkAll();   // more streams than a product's end takes
        Layer(arithmetic, {301, 1, 12, 8}, 0).checkAll();   // several parts
        Layer(arithmetic, {4096, 3, 8, 6}, 0).checkLongSum();
    }
    return 0;
}
