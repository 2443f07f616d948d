// The fused kernels, by explicit choice, against the layered ones in the same precision and against double precision: every number
// of streams, widths around those of their tiles, batches that take several blocks and several lots a block. What does not fit is
// refused by name, or left to the layered kernels where the choice is free.

#include <algorithm>
#include <cstdlib>
#include <limits>

#include "device.h"
#include "given.h"
#include "layout.h"
#include "training.h"
#if defined(SS_EMULATED)
#include "emulation/control.h"
#endif

using namespace given;

namespace {

// What rounded factors may cost, relative to 1 + the size of what is compared.
struct Precision {
    int32_t code;
    double loss, gradient;
};

constexpr Precision PRECISIONS[] = {{SS_FP32, 3e-5, 5e-5}, {SS_TF32, 6e-3, 8e-3}, {SS_BF16, 1e-1, 8e-2}};
constexpr int32_t CHOICES[] = {SS_KERNELS_FUSED, SS_KERNELS_LAYERED};

// So few multiprocessors that a block has all the groups, where the device can be told.
class OneMultiprocessor {
public:
    OneMultiprocessor() { set("1"); }
    ~OneMultiprocessor() { set("4"); }
    OneMultiprocessor(const OneMultiprocessor&) = delete;
    OneMultiprocessor& operator=(const OneMultiprocessor&) = delete;

private:
    static void set(const char* number) {
#if defined(SS_EMULATED)
        CHECK(ss_emulation_set("multiprocessors", number) == 0);
#else
        static_cast<void>(number);
#endif
    }
};

// So many samples that each block of this device has so many groups, and the last one is not whole.
size_t rowsFor(int groups) {
    int multiprocessors = 0;
    CHECK_CUDA(cudaDeviceGetAttribute(&multiprocessors, cudaDevAttrMultiProcessorCount, 0));
    return static_cast<size_t>(groups * multiprocessors * slicedscore::GROUP - 3);
}

// Losses and gradient of a batch.
struct Answer {
    std::vector<double> losses;
    std::vector<float> gradient;
};

// Whether a device has room for a network of wide layers: some have a quarter of what others have.
bool hasRoom(const ss_network& shape, ss_training training, int32_t precision) {
    training.precision = precision;
    training.kernels = SS_KERNELS_FUSED;
    ss_objective* objective = nullptr;
    const int32_t status = ss_objective_open(0, &shape, &training, 8, &objective);
    succeeds(ss_objective_close(objective));
    const bool isWide = *std::max_element(shape.widths, shape.widths + shape.layers + 1) > 64;
    return status == SS_OK || !isWide || std::strstr(ss_last_error(), "bytes of shared memory") == nullptr;
}

ss_objective* openObjective(const ss_network& shape, ss_training training, int32_t precision, int32_t kernels, size_t capacity) {
    training.precision = precision;
    training.kernels = kernels;
    ss_objective* objective = nullptr;
    succeeds(ss_objective_open(0, &shape, &training, static_cast<int64_t>(capacity), &objective));
    return objective;
}

Answer evaluate(ss_objective* objective, const Batch& batch, bool differentiates = true) {
    Answer answer{std::vector<double>(batch.rows), std::vector<float>(batch.parameters.size())};
    succeeds(ss_objective_evaluate(objective, batch.parameters.data(), batch.inputs.data(),
                                   batch.slices.empty() ? nullptr : batch.slices.data(), static_cast<int64_t>(batch.rows),
                                   answer.losses.data(), differentiates ? answer.gradient.data() : nullptr));
    return answer;
}

// `others` numbers of the gradient by differences; with none, the layered kernels' gradient alone is compared with.
void check(const ss_network& shape, const ss_training& training, size_t rows, int others, bool inBf16Only = false) {
    std::mt19937 random(21);
    const std::vector<float> parameters = reference::parameters(shape, random);
    const Batch batch = draw(shape, training, rows, parameters, random);
    Batch longer = draw(shape, training, rows + 9, parameters, random);
    longer.inputs[(rows + 3) * static_cast<size_t>(shape.widths[0])] = std::numeric_limits<float>::infinity();
    const reference::Mlp mlp{shape, Vector(parameters.begin(), parameters.end())};
    std::vector<double> expected;
    std::vector<Slope> gradient;
    if (others > 0) {
        expected = losses(mlp, training, batch);
        gradient = slopes(mlp, training, batch, others, random);
    }
    for (const Precision& precision : PRECISIONS) {
        if (!hasPrecision(precision.code) || (inBf16Only && precision.code != SS_BF16) || !hasRoom(shape, training, precision.code)) {
            continue;
        }
        ss_objective* const fused = openObjective(shape, training, precision.code, SS_KERNELS_FUSED, rows + 9);
        ss_objective* const layered = openObjective(shape, training, precision.code, SS_KERNELS_LAYERED, rows);
        evaluate(fused, longer);
        const Answer actual = evaluate(fused, batch);
        const Answer other = evaluate(layered, batch);
        for (size_t n = 0; n < rows; ++n) {
            CHECK_CLOSE(actual.losses[n], other.losses[n], precision.loss);
            if (others > 0) {
                CHECK_CLOSE(actual.losses[n], expected[n], precision.loss);
            }
        }
        for (size_t i = 0; i < parameters.size(); ++i) {
            CHECK_CLOSE(actual.gradient[i], other.gradient[i], precision.gradient);
        }
        for (const Slope& slope : gradient) {
            CHECK_CLOSE(actual.gradient[slope.parameter], slope.value, precision.gradient);
        }
        CHECK(evaluate(fused, batch, false).losses == actual.losses);
        succeeds(ss_objective_close(fused));
        succeeds(ss_objective_close(layered));
    }
}

void checkStreams() {
    using reference::network;
    using reference::training;
    const auto each = [](const ss_network& shape, int32_t objective, std::initializer_list<int> slices) {
        for (const int m : slices) {
            check(shape, training(objective, m), 9, 2);
        }
    };
    const ss_network score = network(SS_SCORE, SS_SOFTPLUS, 3, 2, {17, 9});
    each(score, SS_SSM, {1, 2, 3});
    each(score, SS_SSM_VR, {1, 3});
    each(score, SS_DSM, {1});
    each(score, SS_EXACT, {1});
    const ss_network energy = network(SS_ENERGY, SS_SILU, 2, 1, {9, 17}, 0.5);
    each(energy, SS_SSM, {1, 2});
    each(energy, SS_SSM_VR, {1, 2});
    each(energy, SS_DSM, {1});
    each(energy, SS_EXACT, {1});
    each(network(SS_ENERGY, SS_TANH, 1, 0, {5}), SS_EXACT, {1});
}

void checkSizes() {
    using reference::network;
    using reference::training;
    for (const int width : {1, 15, 16, 33}) {
        check(network(SS_SCORE, SS_TANH, 2, 1, {width, width}), training(SS_SSM, 1), 8, 2);
        check(network(SS_ENERGY, SS_TANH, 2, 0, {width}), training(SS_SSM_VR, 1), 7, 1);
    }
    for (const int32_t kind : {SS_SCORE, SS_ENERGY}) {
        check(network(kind, SS_TANH, 3, 1, {}), training(SS_SSM, 1), 1, 2);                             // one affine layer
        check(network(kind, SS_SILU, 3, 0, {5, 7, 3, 9, 2, 6, 4, 8}), training(SS_SSM, 2), 9, 1);       // all layers there may be
    }
    check(network(SS_SCORE, SS_SOFTPLUS, 127, 0, {128}), training(SS_SSM, 1), 9, 0);
    check(network(SS_ENERGY, SS_SOFTPLUS, 128, 0, {127}), training(SS_DSM, 1), 3, 0);
    check(network(SS_SCORE, SS_SOFTPLUS, 250, 6, {255, 130}), training(SS_SSM, 1), 9, 0, true);
    for (int32_t activation = SS_SOFTPLUS; activation <= SS_RELU; ++activation) {
        // Kinks are for differences to stumble over.
        check(network(SS_ENERGY, activation, 2, 0, {6}), training(SS_SSM, 1), 4, activation < SS_ELU ? 2 : 0);
    }
    check(network(SS_SCORE, SS_SIN, 2, 0, {17}), training(SS_SSM, 1), 65, 2);  // several blocks
    // The same on as many multiprocessors as there are: several groups at once, and several lots.
    check(network(SS_SCORE, SS_SIN, 2, 0, {17}), training(SS_SSM, 3), rowsFor(3), 0);
    check(network(SS_ENERGY, SS_SOFTPLUS, 5, 0, {128, 100}), training(SS_SSM, 2), rowsFor(5), 0);
    const OneMultiprocessor one;
    check(network(SS_SCORE, SS_SIN, 2, 0, {17}), training(SS_SSM, 3), 203, 2);         // several lots a block
    check(network(SS_SCORE, SS_SOFTPLUS, 5, 0, {128, 100}), training(SS_SSM, 3), 20, 0);  // with the weights in global memory
}

// A row that is not finite spoils no other, in another lot of its block either.
void checkSpoiling() {
    const OneMultiprocessor one;
    const size_t ROWS = rowsFor(18);
    const ss_network shape = reference::network(SS_ENERGY, SS_SOFTPLUS, 2, 0, {40, 64, 64});
    const ss_training training = reference::training(SS_SSM, 1);
    std::mt19937 random(4);
    const std::vector<float> parameters = reference::parameters(shape, random);
    const Batch batch = draw(shape, training, ROWS, parameters, random);
    Batch spoiled = batch;
    spoiled.inputs[0] = std::numeric_limits<float>::infinity();
    for (const Precision& precision : PRECISIONS) {
        if (!hasPrecision(precision.code)) {
            continue;
        }
        ss_objective* const objective = openObjective(shape, training, precision.code, SS_KERNELS_FUSED, ROWS);
        const std::vector<double> expected = evaluate(objective, batch, false).losses;
        const std::vector<double> actual = evaluate(objective, spoiled, false).losses;
        CHECK(!std::isfinite(actual[0]));
        CHECK(std::equal(expected.begin() + 1, expected.end(), actual.begin() + 1));
        succeeds(ss_objective_close(objective));

        ss_scorer* scorer = nullptr;
        succeeds(ss_scorer_open(0, &shape, precision.code, SS_KERNELS_FUSED, parameters.data(), ROWS, nullptr, nullptr, &scorer));
        const auto products = [&](const Batch& of) {
            std::vector<float> result(ROWS * 2);
            succeeds(ss_scorer_jvp(scorer, of.inputs.data(), of.slices.data(), ROWS, result.data()));
            return result;
        };
        const std::vector<float> fine = products(batch);
        const std::vector<float> some = products(spoiled);
        CHECK(!std::isfinite(some[0]));
        CHECK(std::equal(fine.begin() + 2, fine.end(), some.begin() + 2));
        succeeds(ss_scorer_close(scorer));
    }
}

Problem problem(int32_t kind, int32_t objective, int32_t precision, int32_t kernels) {
    ss_training training = reference::training(objective, 1);
    training.batch = 37;
    training.seed = 99;
    training.average_decay = 0.5;
    training.precision = precision;
    training.kernels = kernels;
    return problemOf(reference::network(kind, SS_SOFTPLUS, 3, 1, {19, 8}), training, 50);
}

// Parts of a batch, which begin and end anywhere.
void checkParts() {
    for (const Precision& precision : PRECISIONS) {
        for (const int32_t objective : {SS_SSM, SS_DSM}) {
            if (!hasPrecision(precision.code)) {
                continue;
            }
            std::vector<std::vector<float>> sums;
            std::vector<double> losses;
            for (const int32_t kernels : CHOICES) {
                const Problem what = problem(SS_ENERGY, objective, precision.code, kernels);
                ss_run* const run = openRun(what);
                int32_t actual = -1;
                succeeds(ss_run_kernels(run, &actual));
                CHECK(actual == kernels);
                setState(run, startOf(what, 3));
                for (const auto& [from, to] : {std::pair<int, int>{0, 37}, {5, 6}, {7, 24}, {24, 37}}) {
                    sums.emplace_back(stateOf(run, startOf(what, 0).parameters.size()).parameters.size());
                    losses.push_back(0);
                    succeeds(ss_run_gradient(run, from, to, sums.back().data(), &losses.back()));
                }
                succeeds(ss_run_close(run));
            }
            for (size_t part = 0; part < 4; ++part) {
                const double rows = part == 0 ? 37 : 17;
                CHECK_CLOSE(losses[part] / rows, losses[4 + part] / rows, precision.loss);
                for (size_t i = 0; i < sums[0].size(); ++i) {
                    CHECK_CLOSE(sums[part][i] / rows, sums[4 + part][i] / rows, precision.gradient);
                }
            }
        }
    }
}

std::vector<double> sizesOf(size_t steps) {
    std::vector<double> sizes(steps);
    for (size_t t = 0; t < steps; ++t) {
        sizes[t] = 0.01 + 0.0001 * static_cast<double>(t % 50);
    }
    return sizes;
}

struct Inferred {
    std::vector<float> values, scores, products, chains;
};

Inferred infer(const ss_network& shape, int32_t precision, int32_t kernels, size_t rows, bool hasUnits, int64_t atOnce, size_t steps) {
    std::mt19937 random(8);
    const auto dimension = static_cast<size_t>(shape.dimension);
    const auto width = static_cast<size_t>(shape.widths[0]);
    std::vector<float> parameters = reference::parameters(shape, random);
    const auto inputs = reference::normals(rows * width, random);
    const auto directions = reference::normals(rows * dimension, random);
    const std::vector<double> shift(width, 0.25);
    const std::vector<double> scale(width, 2.0);
    const auto count = static_cast<int64_t>(rows);
    const auto open = [&](bool units) {
        ss_scorer* scorer = nullptr;
        succeeds(ss_scorer_open(0, &shape, precision, kernels, parameters.data(), atOnce, units ? shift.data() : nullptr,
                                units ? scale.data() : nullptr, &scorer));
        return scorer;
    };
    Inferred result{std::vector<float>(rows), std::vector<float>(rows * dimension), std::vector<float>(rows * dimension), inputs};
    ss_scorer* scorer = open(hasUnits);
    succeeds(ss_scorer_evaluate(scorer, inputs.data(), count, shape.kind == SS_ENERGY ? result.values.data() : nullptr,
                                result.scores.data()));
    succeeds(ss_scorer_jvp(scorer, inputs.data(), directions.data(), count, result.products.data()));
    succeeds(ss_scorer_close(scorer));
    // Weights so small that chains forget what rounding did to them.
    for (float& parameter : parameters) {
        parameter *= 0.25f;
    }
    scorer = open(false);
    const std::vector<double> sizes = sizesOf(steps);
    succeeds(ss_scorer_langevin(scorer, result.chains.data(), count, sizes.data(), static_cast<int64_t>(steps), 77, 5));
    succeeds(ss_scorer_close(scorer));
    return result;
}

void checkClose(const std::vector<float>& actual, const std::vector<float>& expected, double tolerance) {
    for (size_t i = 0; i < actual.size(); ++i) {
        CHECK_CLOSE(actual[i], expected[i], tolerance);
    }
}

void checkInference() {
    for (const Precision& precision : PRECISIONS) {
        for (const int32_t kind : {SS_SCORE, SS_ENERGY}) {
            if (!hasPrecision(precision.code)) {
                continue;
            }
            const auto both = [&](const ss_network& shape, size_t rows, int64_t atOnce, size_t steps) {
                const Inferred fused = infer(shape, precision.code, SS_KERNELS_FUSED, rows, true, atOnce, steps);
                const Inferred layered = infer(shape, precision.code, SS_KERNELS_LAYERED, rows, true, atOnce, steps);
                checkClose(fused.values, layered.values, precision.loss);
                checkClose(fused.scores, layered.scores, precision.loss);
                checkClose(fused.products, layered.products, precision.gradient);
                checkClose(fused.chains, layered.chains, precision.loss);
            };
            const double base = kind == SS_ENERGY ? 0.5 : 0;
            both(reference::network(kind, SS_TANH, 3, 2, {17}, base), 35, 20, 3);
            const ss_network wide = reference::network(kind, SS_SILU, 100, 3, {128, 31}, base);
            if (hasRoom(wide, reference::training(SS_SSM, 1), precision.code)) {
                both(wide, 9, 9, 1);
            }
            if (precision.code == SS_FP32) {
                both(reference::network(kind, SS_SILU, 2, 0, {}, base), 3, 9, 520);  // of more than one launch
            }
        }
    }
}

void checkChoice(const ss_network& shape, ss_training training, const char* obstacle) {
    training.kernels = SS_KERNELS_FUSED;
    ss_objective* objective = nullptr;
    refuses(ss_objective_open(0, &shape, &training, 8, &objective), obstacle);
    Problem free = problemOf(shape, training, 8);
    ss_run* run = nullptr;
    refuses(ss_run_open(0, &shape, &training, free.rows.data(), 8, free.halfWidths.data(), &run), obstacle);
    CHECK(objective == nullptr && run == nullptr);
    free.training.kernels = SS_KERNELS_AUTO;
    run = openRun(free);
    int32_t kernels = -1;
    succeeds(ss_run_kernels(run, &kernels));
    CHECK(kernels == SS_KERNELS_LAYERED);
    setState(run, startOf(free, 0));
    const double rate = 1e-3;
    int64_t done = 0;
    succeeds(ss_run_step(run, 1, &rate, nullptr, &done));
    CHECK(done == 1);
    succeeds(ss_run_close(run));
}

void checkObstacles() {
    using reference::network;
    using reference::training;
    checkChoice(network(SS_SCORE, SS_TANH, 2, 0, {129}), training(SS_SSM, 1), "a layer of width 129");
    checkChoice(network(SS_SCORE, SS_TANH, 2, 0, {3, 3, 3, 3, 3, 3, 3, 3, 3}), training(SS_SSM, 1), "9 hidden layers");
    checkChoice(network(SS_SCORE, SS_TANH, 2, 0, {3}), training(SS_SSM, 4), "5 streams");
    checkChoice(network(SS_ENERGY, SS_TANH, 2, 0, {3}), training(SS_SSM_VR, 3), "5 streams");
    const std::vector<int> deep(8, 128);
    checkChoice(network(SS_SCORE, SS_TANH, 128, 0, deep), training(SS_SSM, 3), "bytes of shared memory");
}

#if defined(SS_EMULATED)
// A lot of so many rows would take more bytes than an int counts.
void checkManyRows() {
    const OneMultiprocessor one;
    const ss_network shape = reference::network(SS_SCORE, SS_TANH, 2, 0, {3});
    std::mt19937 random(1);
    const std::vector<float> parameters = reference::parameters(shape, random);
    const std::vector<float> input = {0.5f, -1};
    std::vector<float> expected(2);
    for (const int64_t rows : {int64_t{1}, int64_t{1} << 22}) {
        ss_scorer* scorer = nullptr;
        std::vector<float> scores(2);
        succeeds(ss_scorer_open(0, &shape, SS_FP32, SS_KERNELS_FUSED, parameters.data(), rows, nullptr, nullptr, &scorer));
        succeeds(ss_scorer_evaluate(scorer, input.data(), 1, nullptr, scores.data()));
        succeeds(ss_scorer_close(scorer));
        expected = rows == 1 ? scores : expected;
        CHECK(scores == expected);
    }
    const ss_training training = reference::training(SS_SSM, 1);
    const Batch batch = draw(shape, training, 1, parameters, random);
    ss_objective* const objective = openObjective(shape, training, SS_FP32, SS_KERNELS_FUSED, size_t{1} << 21);
    CHECK(std::isfinite(evaluate(objective, batch).losses[0]));
    succeeds(ss_objective_close(objective));
}
#endif

// However its steps are asked for, on whichever handle and in whatever order threads go on, a run has the same bits.
void checkBits() {
    for (const Precision& precision : PRECISIONS) {
        if (!hasPrecision(precision.code)) {
            continue;
        }
        const int32_t objective = precision.code == SS_TF32 ? SS_SSM : SS_SSM_VR;
        const Problem what = problem(SS_ENERGY, objective, precision.code, SS_KERNELS_FUSED);
        const State start = startOf(what, 0);
        const double rates[3] = {1e-2, 2e-2, 3e-2};
        const auto after = [&](bool atOnce) {
            ss_run* const run = openRun(what);
            setState(run, start);
            for (int step = 0; step < 3; step += atOnce ? 3 : 1) {
                int64_t done = 0;
                succeeds(ss_run_step(run, atOnce ? 3 : 1, rates + step, nullptr, &done));
                CHECK(done == (atOnce ? 3 : 1));
            }
            const State state = stateOf(run, start.parameters.size());
            succeeds(ss_run_close(run));
            return state;
        };
        const State expected = after(true);
        CHECK(!(expected == start));
        CHECK(after(true) == expected);
        CHECK(after(false) == expected);
#if defined(SS_EMULATED)
        const char* const configured = std::getenv("SS_EMULATION_SCHEDULE");
        for (const char* schedule : {"greedy", "lockstep", "reversed", "random"}) {
            CHECK(ss_emulation_set("schedule", schedule) == 0);
            CHECK(after(false) == expected);
        }
        CHECK(ss_emulation_set("schedule", configured == nullptr ? "greedy" : configured) == 0);
#endif
    }
}

}  // namespace

int main() {
    requireLibraryDevice();
    checkStreams();
    checkSizes();
    checkSpoiling();
    checkParts();
    checkInference();
    checkObstacles();
#if defined(SS_EMULATED)
    checkManyRows();
#endif
    checkBits();
    checkNothingLives();
    std::printf("fused kernels: streams, sizes, lots, refusals, bits\n");
    return 0;
}
