// ss_objective_*: losses of every objective and network against double precision, gradients against its central differences, in
// every precision that the device has. Rounded factors may cost losses and single numbers of a gradient, relative to 1 + their
// size, what WAYS says.

#include <limits>
#include "calls.h"
#include "device.h"
#include "given.h"
#if defined(SS_EMULATED)
#include "emulation/control.h"
#endif

using namespace given;
using reference::Vector;

namespace {

struct Way {
    int32_t precision, kernels;
    double loss, gradient;
};

constexpr Way WAYS[] = {
    {SS_FP32, SS_KERNELS_AUTO, 2e-5, 3e-5},
    {SS_FP32, SS_KERNELS_LAYERED, 2e-5, 3e-5},
    {SS_TF32, SS_KERNELS_LAYERED, 4e-3, 4e-3},
    {SS_BF16, SS_KERNELS_LAYERED, 7e-2, 4e-2},
};

// `other` has nine rows more than the batch.
void check(const ss_network& shape, ss_training training, const Way& way, const Batch& batch, const Batch& other,
           const std::vector<double>& expected, const std::vector<Slope>& gradientIsToBe) {
    training.precision = way.precision;
    training.kernels = way.kernels;
    const size_t rows = batch.rows;
    ss_objective* objective = nullptr;
    // More room than rows: what stands behind them must not matter.
    succeeds(ss_objective_open(0, &shape, &training, static_cast<int64_t>(rows) + 9, &objective));
    std::vector<double> actual(rows);
    std::vector<float> gradient(batch.parameters.size());
    const auto evaluate = [&](size_t count, float* into) {
        succeeds(ss_objective_evaluate(objective, batch.parameters.data(), batch.inputs.data(),
                                       batch.slices.empty() ? nullptr : batch.slices.data(), static_cast<int64_t>(count),
                                       actual.data(), into));
    };
    // More and other rows first: the second call meets their remains in its padding.
    std::vector<double> otherLosses(other.rows);
    succeeds(ss_objective_evaluate(objective, other.parameters.data(), other.inputs.data(), other.slices.data(),
                                   static_cast<int64_t>(other.rows), otherLosses.data(), gradient.data()));
    evaluate(rows, gradient.data());
    for (size_t n = 0; n < rows; ++n) {
        CHECK_CLOSE(actual[n], expected[n], way.loss);
    }
    for (const Slope& slope : gradientIsToBe) {
        CHECK_CLOSE(gradient[slope.parameter], slope.value, way.gradient);
    }

    // Bit for bit the same again, and the same losses without a gradient.
    const std::vector<double> before = actual;
    std::vector<float> again(gradient.size());
    evaluate(rows, again.data());
    CHECK(before == actual && gradient == again);
    evaluate(rows, nullptr);
    CHECK(before == actual);
    succeeds(ss_objective_close(objective));
}

void check(const ss_network& shape, const ss_training& training, size_t rows, int others) {
    std::mt19937 random(7);
    const std::vector<float> parameters = reference::parameters(shape, random);
    const Batch batch = draw(shape, training, rows, parameters, random);
    const Batch other = draw(shape, training, rows + 9, parameters, random);
    const reference::Mlp mlp{shape, Vector(parameters.begin(), parameters.end())};
    const std::vector<double> expected = losses(mlp, training, batch);
    const std::vector<Slope> gradient = slopes(mlp, training, batch, others, random);
    for (const Way& way : WAYS) {
        if (hasPrecision(way.precision)) {
            check(shape, training, way, batch, other, expected, gradient);
        }
    }
}

void checkObjectives(const ss_network& shape, size_t rows, int others) {
    for (int32_t objective = SS_SSM; objective <= SS_DSM; ++objective) {
        check(shape, reference::training(objective, 1), rows, others);
        if (objective == SS_SSM || objective == SS_SSM_VR) {
            check(shape, reference::training(objective, 3), rows, others);
        }
    }
}

void checkRefusals() {
    const ss_network good = reference::network(SS_ENERGY, SS_TANH, 2, 1, {4});
    const ss_training training = reference::training(SS_SSM, 1);
    ss_objective* objective = nullptr;
    const auto open = [&](const ss_network& shape, const ss_training& how, int64_t rows) {
        return ss_objective_open(0, &shape, &how, rows, &objective);
    };
    ss_network shape = good;
    shape.struct_size = 8;
    refuses(open(shape, training, 1), "8 bytes");
    shape = good;
    shape.widths[0] = 2;
    refuses(open(shape, training, 1), "first width is 2");
    shape = good;
    shape.widths[2] = 2;
    refuses(open(shape, training, 1), "last width is 2");
    shape = good;
    shape.layers = SS_MAX_LAYERS + 1;
    refuses(open(shape, training, 1), "not 17");
    ss_training how = training;
    how.slices = 0;
    refuses(open(good, how, 1), "0 slices");
    how = reference::training(SS_DSM, 1);
    how.sigma = 0;
    refuses(open(good, how, 1), "noise level");
    refuses(open(good, training, 0), "max_rows");
    fails(SS_NO_DEVICE, ss_objective_open(1000, &good, &training, 1, &objective), "1000");

    for (const int32_t precision : {SS_TF32, SS_BF16}) {
        how = training;
        how.precision = precision;
        if (computeCapability() < 80) {
            refuses(open(good, how, 1), "use fp32");
        } else {
            succeeds(open(good, how, 1));
            succeeds(ss_objective_close(objective));
        }
    }

    succeeds(open(good, training, 4));
    const float numbers[32] = {};
    double losses[8];
    refuses(ss_objective_evaluate(objective, numbers, numbers, numbers, 5, losses, nullptr), "5 rows");
    refuses(ss_objective_evaluate(objective, numbers, numbers, nullptr, 1, losses, nullptr), "slices");
    succeeds(ss_objective_close(objective));
    succeeds(ss_objective_close(nullptr));
}

// What a longer call has left behind where the next one's last group is padded does not get into its gradient.
void checkPadding(const Way& way, int32_t kind, int32_t objectiveCode) {
    const ss_network shape = reference::network(kind, SS_SOFTPLUS, 3, 1, {6, 5});
    ss_training training = reference::training(objectiveCode, 2);
    training.precision = way.precision;
    training.kernels = way.kernels;
    std::mt19937 random(12);
    const std::vector<float> parameters = reference::parameters(shape, random);
    std::vector<float> inputs = reference::normals(8 * 4, random);
    const std::vector<float> slices = reference::normals(2 * 8 * 3, random);
    std::vector<double> losses(8);
    std::vector<float> expected(parameters.size());
    std::vector<float> gradient(parameters.size());
    ss_objective* objective = nullptr;
    succeeds(ss_objective_open(0, &shape, &training, 8, &objective));
    succeeds(ss_objective_evaluate(objective, parameters.data(), inputs.data(), slices.data(), 3, losses.data(), expected.data()));
    inputs[7 * 4] = std::numeric_limits<float>::infinity();
    succeeds(ss_objective_evaluate(objective, parameters.data(), inputs.data(), slices.data(), 8, losses.data(), gradient.data()));
    CHECK(!std::isfinite(losses[7]));
    succeeds(ss_objective_evaluate(objective, parameters.data(), inputs.data(), slices.data(), 3, losses.data(), gradient.data()));
    CHECK(gradient == expected);
    succeeds(ss_objective_close(objective));
}

// The message names how many rows would fit.
int64_t rowsThatFit(const ss_network& shape, const ss_training& training, int64_t rows) {
    ss_objective* objective = nullptr;
    fails(SS_OUT_OF_MEMORY, ss_objective_open(0, &shape, &training, rows, &objective), " rows would fit");
    CHECK(objective == nullptr);
    const char* advice = std::strrchr(std::strstr(ss_last_error(), "free of"), ';');
    return std::atoll(advice + 1);
}

void checkOutOfMemory() {
    const ss_training training = reference::training(SS_SSM, 1);
    CHECK(rowsThatFit(reference::network(SS_SCORE, SS_SOFTPLUS, 2, 0, {1 << 20}), training, 1 << 24) >= 8);
#if defined(SS_EMULATED)
    // On a device that nothing else uses, exactly so many fit.
    CHECK(ss_emulation_set("memory", "4000000") == 0);
    const ss_network shape = reference::network(SS_SCORE, SS_SOFTPLUS, 2, 0, {64});
    const int64_t rows = rowsThatFit(shape, training, 1 << 20);
    ss_objective* objective = nullptr;
    succeeds(ss_objective_open(0, &shape, &training, rows, &objective));
    int64_t handles = 0;
    int64_t bytes = 0;
    succeeds(ss_live_handles(&handles));
    succeeds(ss_live_bytes(&bytes));
    CHECK(handles == 1 && bytes > 3500000 && bytes <= 4000000);
    succeeds(ss_objective_close(objective));
    CHECK(rowsThatFit(shape, training, rows + 1) == rows);
#endif
}

}  // namespace

int main() {
    requireLibraryDevice();
    // Every activation, at odd sizes; relu and elu have kinks that differences stumble over only by chance.
    for (int32_t activation = SS_SOFTPLUS; activation < SS_ELU; ++activation) {
        checkObjectives(reference::network(SS_SCORE, activation, 3, 1, {7, 5}), 5, 6);
        checkObjectives(reference::network(SS_ENERGY, activation, 3, 1, {7, 5}, 0.25), 5, 6);
    }
    for (const int32_t kind : {SS_SCORE, SS_ENERGY}) {
        checkObjectives(reference::network(kind, SS_TANH, 2, 0, {}), 3, 2);           // one affine layer
        checkObjectives(reference::network(kind, SS_SILU, 1, 0, {1, 1, 4, 2}), 8, 8);  // deep and narrow
        check(reference::network(kind, SS_SOFTPLUS, 33, 2, {130}), reference::training(SS_SSM_VR, 2), 9, 4);  // over a tile
        check(reference::network(kind, SS_SIN, 2, 0, {17}), reference::training(SS_SSM, 1), 65, 6);           // several parts
    }
    for (const Way& way : WAYS) {
        for (int32_t objective = SS_SSM; hasPrecision(way.precision) && objective <= SS_DSM; ++objective) {
            checkPadding(way, SS_SCORE, objective);
            checkPadding(way, SS_ENERGY, objective);
        }
    }
    checkRefusals();
    checkOutOfMemory();
    checkNothingLives();
    std::printf("objectives: 4 on score and energy networks\n");
    return 0;
}
