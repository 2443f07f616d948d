// How many digits second-order streams lose in deep networks, by arithmetic: f2 of an energy and the tangent J v of a score
// network, by the jets of the layered kernels, against the same in double precision. No times, so that it runs on the emulated
// device, too, which rounds factors as tensor cores do, and with SS_EMULATION_MMA=truncate cuts sums as they do, in other groups.
//
//   probe_accuracy [--smoke]      the latter: small and few

#include <algorithm>
#include <cstring>

#include "device.h"
#include "errors.h"
#include "execution.h"
#include "jets.h"
#include "mlp.h"

using namespace slicedscore;
using reference::Vector;

namespace {

constexpr int DIMENSION = 16;

struct Kind {
    int32_t code;
    const char* name;
    JetShape shape;
    int stream;  // that is looked at
};

constexpr Kind KINDS[] = {{SS_ENERGY, "f2 of an energy", {1, 1}, 2}, {SS_SCORE, "J v of a score network", {1, 0}, 1}};

struct Choice {
    Arithmetic arithmetic;
    double bound;  // beyond it, something else than rounding is wrong
};

constexpr Choice CHOICES[] = {{Arithmetic::Ffma, 1e-5}, {Arithmetic::Tf32x3, 1e-4}, {Arithmetic::Tf32, 5e-3}, {Arithmetic::Bf16, 5e-2}};

// A network with samples and directions, and what is to come of them.
class Problem {
public:
    Problem(const Kind& which, int width, int depth, int count) : kind(which), samples(count) {
        std::mt19937 random(static_cast<unsigned>(width + depth));
        mlp.shape = reference::network(kind.code, SS_SOFTPLUS, DIMENSION, 0, std::vector<int>(static_cast<size_t>(depth), width));
        parameters = reference::parameters(mlp.shape, random);
        mlp.parameters.assign(parameters.begin(), parameters.end());
        inputs = reference::normals(static_cast<size_t>(samples) * DIMENSION, random);
        directions.resize(inputs.size());
        std::generate(directions.begin(), directions.end(), [&] { return (random() & 1) == 0 ? 1.0f : -1.0f; });
        for (size_t n = 0; n < static_cast<size_t>(samples); ++n) {
            const auto streams = mlp.along(reference::rowOf(inputs, n, DIMENSION), reference::rowOf(directions, n, DIMENSION));
            const Vector& wanted = mlp.energy() ? streams.second : streams.first;
            expected.insert(expected.end(), wanted.begin(), wanted.end());
        }
    }

    // What the device makes of it.
    std::vector<float> compute(Arithmetic arithmetic) const {
        const Network network(&mlp.shape);
        Jets jets(network, kind.shape, arithmetic, samples, Reverse::None);
        SlabPlan plan;
        jets.plan(plan);
        const DeviceArray<char> memory(plan.bytes());
        plan.place(memory.get());
        std::vector<float> rows = rowsLike(jets.input);
        const JetMatrix input{rows.data(), jets.input.pitch, jets.input.streams};
        for (int n = 0; n < samples; ++n) {
            std::copy_n(&inputs[static_cast<size_t>(n) * DIMENSION], DIMENSION, input.row(n, 0));
            std::copy_n(&directions[static_cast<size_t>(n) * DIMENSION], DIMENSION, input.row(n, 1));
        }
        CHECK_CUDA(cudaMemcpy(jets.input.data, rows.data(), rows.size() * sizeof(float), cudaMemcpyHostToDevice));
        const DeviceArray<float> weights(parameters);
        jets.forward(weights.get(), samples, nullptr);
        rows = rowsLike(jets.output);
        CHECK_CUDA(cudaMemcpy(rows.data(), jets.output.data, rows.size() * sizeof(float), cudaMemcpyDeviceToHost));
        const JetMatrix output{rows.data(), jets.output.pitch, jets.output.streams};
        const size_t width = expected.size() / static_cast<size_t>(samples);
        std::vector<float> found;
        for (int n = 0; n < samples; ++n) {
            found.insert(found.end(), output.row(n, kind.stream), output.row(n, kind.stream) + width);
        }
        return found;
    }

    // Of all numbers: the root mean square of the errors and the largest, both relative to the root mean square of what is right.
    // Whether the former is within its bound.
    bool print(const Choice& choice) const {
        const std::vector<float> found = compute(choice.arithmetic);
        const double error = errorOfNorm(found, expected);
        double largest = 0;
        double squares = 0;
        for (size_t i = 0; i < expected.size(); ++i) {
            largest = std::max(largest, std::fabs(found[i] - expected[i]));
            squares += expected[i] * expected[i];
        }
        std::printf(" %.1e | %.1e |", error, largest / std::sqrt(squares / static_cast<double>(expected.size())));
        return error < choice.bound;
    }

private:
    std::vector<float> rowsLike(const JetMatrix& matrix) const {
        return std::vector<float>(static_cast<size_t>(groupsOf(samples)) * GROUP * static_cast<size_t>(matrix.streams)
                                  * static_cast<size_t>(matrix.pitch));
    }

    const Kind& kind;
    const int samples;
    reference::Mlp mlp{};
    std::vector<float> parameters, inputs, directions;
    Vector expected;
};

// Whether all is within its bounds.
bool printRow(const Kind& kind, int width, int depth, int samples) {
    const Problem problem(kind, width, depth, samples);
    bool good = true;
    std::printf("| %s | %d | %d |", kind.name, width, depth);
    for (const Choice& choice : CHOICES) {
        if (choice.arithmetic != Arithmetic::Ffma && computeCapability() < 80) {
            std::printf(" - | - |");
        } else {
            good = problem.print(choice) && good;
        }
    }
    std::printf("\n");
    return good;
}

}  // namespace

int main(int count, char** arguments) {
    const bool smoke = count == 2 && std::strcmp(arguments[1], "--smoke") == 0;
    if (count > 1 && !smoke) {
        std::fprintf(stderr, "usage: %s [--smoke]\n", arguments[0]);
        return 2;
    }
    requireDevice();
    cudaDeviceProp properties{};
    CHECK_CUDA(cudaGetDeviceProperties(&properties, 0));
    std::printf("\n#### Relative errors by depth: %s\n\n| stream | width | hidden layers |", properties.name);
    for (const Choice& choice : CHOICES) {
        std::printf(" %s, rms | largest |", nameOf(choice.arithmetic));
    }
    std::printf("\n| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n");
    const std::vector<int> widths = smoke ? std::vector<int>{20} : std::vector<int>{64, 256};
    const std::vector<int> depths = smoke ? std::vector<int>{1, 3} : std::vector<int>{1, 2, 4, 8};
    const int samples = smoke ? 13 : 256;
    bool good = true;
    for (const Kind& kind : KINDS) {
        for (const int width : widths) {
            for (const int depth : depths) {
                good = printRow(kind, width, depth, samples) && good;
            }
        }
    }
    std::printf("\nD = %d, softplus, weights of deviation 1/sqrt(inputs), %d samples with a Rademacher slice each. Errors and the largest of\n"
                "them are relative to the root mean square of what is right. Predicted: bench/RESULTS.md, by the emulated device.\n",
                DIMENSION, samples);
    CHECK(good);
    return 0;
}
