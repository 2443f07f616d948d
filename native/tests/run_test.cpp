// ss_run_*: each step against a batch that the host draws by the rules, with the loss and gradient of ss_objective_* (which
// has tests of its own) and Adam's update in double precision.

#include <algorithm>
#include <limits>

#include "draws.h"
#include "permutation.h"
#include "training.h"

using reference::Drawer;
using slicedscore::RandomStream;

namespace {

struct Batch {
    std::vector<float> inputs, slices;
};

Batch batchOf(const Problem& problem, int64_t step) {
    const size_t dimension = problem.dimension();
    Batch batch;
    batch.inputs.resize(problem.batch() * problem.width());
    batch.slices.resize(problem.slices() * problem.batch() * dimension);
    for (size_t n = 0; n < problem.batch(); ++n) {
        const Drawer drawer{problem.training.seed, static_cast<uint32_t>(n), static_cast<uint32_t>(step)};
        const auto row = static_cast<size_t>(slicedscore::batchRow(problem.training.seed, static_cast<int64_t>(problem.count),
                                                                   problem.training.batch, step, static_cast<int64_t>(n)));
        float* const x = batch.inputs.data() + n * problem.width();
        std::copy_n(problem.rows.data() + row * problem.width(), problem.width(), x);
        for (size_t i = 0; i < dimension; ++i) {
            x[i] = static_cast<float>(x[i] + problem.halfWidths[i] * (2 * drawer.uniformAt(i, RandomStream::Dequantization) - 1) +
                                      problem.training.noise * drawer.normalAt(i, RandomStream::Smoothing, 0));
        }
        for (size_t m = 0; m < problem.slices(); ++m) {
            float* const v = batch.slices.data() + (m * problem.batch() + n) * dimension;
            double square = 0;
            for (size_t i = 0; i < dimension; ++i) {
                v[i] = static_cast<float>(problem.training.objective == SS_DSM           ? drawer.normalAt(i, RandomStream::Noise, 0)
                                          : problem.training.projection == SS_RADEMACHER ? drawer.signAt(i, m)
                                                                                         : drawer.normalAt(i, RandomStream::Slices, m));
                square += static_cast<double>(v[i]) * v[i];
            }
            for (size_t i = 0; i < dimension && problem.training.projection == SS_SPHERE && problem.training.objective != SS_DSM; ++i) {
                v[i] = static_cast<float>(v[i] * std::sqrt(static_cast<double>(dimension) / square));
            }
        }
    }
    return batch;
}

// A step of the rules in the state's own precision but for the sums.
ss_step_result expectedStep(const Problem& problem, State& state, double rate) {
    const Batch batch = batchOf(problem, state.step);
    ss_objective* objective = nullptr;
    succeeds(ss_objective_open(0, &problem.network, &problem.training, problem.training.batch, &objective));
    std::vector<double> losses(problem.batch());
    std::vector<float> gradient(state.parameters.size());
    succeeds(ss_objective_evaluate(objective, state.parameters.data(), batch.inputs.data(), batch.slices.data(),
                                   problem.training.batch, losses.data(), gradient.data()));
    succeeds(ss_objective_close(objective));
    double loss = 0;
    double square = 0;
    for (const double value : losses) {
        loss += value / static_cast<double>(problem.batch());
    }
    for (const float g : gradient) {
        square += static_cast<double>(g) * g;
    }
    const ss_training& how = problem.training;
    const double norm = std::sqrt(square);
    const double scale = how.clip_norm > 0 && norm > how.clip_norm ? how.clip_norm / norm : 1;
    ++state.step;
    // The decays of the moments are floats, as in Java: in 1 - 0.999f the rounding shows.
    const double beta1 = static_cast<float>(how.beta1);
    const double beta2 = static_cast<float>(how.beta2);
    const double correction1 = 1 - std::pow(how.beta1, static_cast<double>(state.step));
    const double correction2 = 1 - std::pow(how.beta2, static_cast<double>(state.step));
    for (size_t i = 0; i < gradient.size(); ++i) {
        const double g = scale * gradient[i];
        const double m = beta1 * state.first[i] + (1 - beta1) * g;
        const double v = beta2 * state.second[i] + (1 - beta2) * g * g;
        const double p = (1 - rate * how.weight_decay) * state.parameters[i] -
                         rate * (m / correction1) / (std::sqrt(v / correction2) + how.epsilon);
        state.first[i] = static_cast<float>(m);
        state.second[i] = static_cast<float>(v);
        state.parameters[i] = static_cast<float>(p);
        state.average[i] = how.average_decay > 0
                               ? static_cast<float>(how.average_decay * state.average[i] + (1 - how.average_decay) * p)
                               : state.parameters[i];
    }
    return {state.step, loss, norm};
}

void checkClose(const std::vector<float>& actual, const std::vector<float>& expected) {
    for (size_t i = 0; i < actual.size(); ++i) {
        CHECK_CLOSE(actual[i], expected[i], 3e-6);
    }
}

void checkSteps(const Problem& problem, int64_t firstStep) {
    constexpr size_t STEPS = 3;
    const double rates[STEPS] = {1e-2, 3e-3, 1e-3};
    ss_run* const run = openRun(problem);
    State expected = startOf(problem, firstStep);
    setState(run, expected);
    CHECK(stateOf(run, expected.parameters.size()).step == firstStep);
    ss_step_result results[STEPS];
    int64_t done = -1;
    succeeds(ss_run_step(run, STEPS, rates, results, &done));
    CHECK(done == STEPS);
    for (size_t i = 0; i < STEPS; ++i) {
        const ss_step_result result = expectedStep(problem, expected, rates[i]);
        CHECK(results[i].step == result.step);
        CHECK_CLOSE(results[i].loss, result.loss, 1e-5);
        CHECK_CLOSE(results[i].gradient_norm, result.gradient_norm, 2e-5);
    }
    const State actual = stateOf(run, expected.parameters.size());
    CHECK(actual.step == expected.step);
    checkClose(actual.parameters, expected.parameters);
    checkClose(actual.first, expected.first);
    checkClose(actual.second, expected.second);
    checkClose(actual.average, expected.average);
    succeeds(ss_run_close(run));
}

// Steps at once, one by one, after a resume, and from sums of parts of the batch.
void checkRoutes(const Problem& problem) {
    const std::vector<double> rates(5, 1e-2);
    const State begin = startOf(problem, 0);
    const size_t count = begin.parameters.size();
    ss_run* const run = openRun(problem);
    ss_run* const other = openRun(problem);
    int64_t done = 0;
    setState(run, begin);
    succeeds(ss_run_step(run, 5, rates.data(), nullptr, &done));
    CHECK(done == 5);
    const State atOnce = stateOf(run, count);
    CHECK(!(atOnce == begin));

    setState(other, begin);
    for (int i = 0; i < 3; ++i) {
        succeeds(ss_run_step(other, 1, rates.data(), nullptr, &done));
    }
    setState(run, stateOf(other, count));
    for (int i = 0; i < 2; ++i) {
        succeeds(ss_run_step(run, 1, rates.data(), nullptr, &done));
    }
    CHECK(stateOf(run, count) == atOnce);

    setState(run, begin);
    setState(other, begin);
    const auto rows = static_cast<int64_t>(problem.batch());
    std::vector<float> sum(count);
    double lossSum = 0;
    for (const auto& [from, to] : {std::pair<int64_t, int64_t>{0, rows / 3}, {rows / 3, rows}}) {
        std::vector<float> part(count);
        double loss = 0;
        succeeds(ss_run_gradient(run, from, to, part.data(), &loss));
        std::transform(sum.begin(), sum.end(), part.begin(), sum.begin(), std::plus<float>());
        lossSum += loss;
    }
    CHECK(stateOf(run, count) == begin);
    ss_step_result applied{};
    ss_step_result stepped{};
    succeeds(ss_run_apply(run, sum.data(), lossSum, rows, rates[0], &applied));
    succeeds(ss_run_step(other, 1, rates.data(), &stepped, &done));
    CHECK(applied.step == 1 && stepped.step == 1);
    CHECK_CLOSE(applied.loss, stepped.loss, 1e-5);
    CHECK_CLOSE(applied.gradient_norm, stepped.gradient_norm, 2e-5);
    checkClose(stateOf(run, count).parameters, stateOf(other, count).parameters);
    succeeds(ss_run_close(run));
    succeeds(ss_run_close(other));
}

// Data with a row that is not a number: the steps before it count, the one that meets it changes nothing.
void checkNotFinite(Problem problem) {
    constexpr int64_t STEPS = 6;
    const std::vector<double> rates(STEPS, 1e-3);
    const int64_t position = 3 * problem.training.batch + 1;  // met in step 3 for the first time
    const auto count = static_cast<int64_t>(problem.count);
    CHECK(position < count);
    const auto row = slicedscore::batchRow(problem.training.seed, count, problem.training.batch, 3, 1);
    problem.rows[static_cast<size_t>(row) * problem.width()] = std::numeric_limits<float>::quiet_NaN();
    const State begin = startOf(problem, 0);
    ss_run* const run = openRun(problem);
    setState(run, begin);
    int64_t done = -1;
    std::vector<ss_step_result> results(STEPS, ss_step_result{-1, 0, 0});
    succeeds(ss_run_step(run, STEPS, rates.data(), results.data(), &done));
    CHECK(done == 3);
    CHECK(results[2].step == 3 && std::isfinite(results[2].loss));
    CHECK(results[3].step == 3 && std::isnan(results[3].loss));
    CHECK(results[4].step == -1);
    const State stopped = stateOf(run, begin.parameters.size());
    CHECK(stopped.step == 3);
    for (const float parameter : stopped.parameters) {
        CHECK(std::isfinite(parameter));
    }
    // The same once more, and an update that is not finite.
    succeeds(ss_run_step(run, 1, rates.data(), results.data(), &done));
    CHECK(done == 0 && stateOf(run, begin.parameters.size()) == stopped);
    std::vector<float> sum(begin.parameters.size(), std::numeric_limits<float>::infinity());
    succeeds(ss_run_apply(run, sum.data(), 1, 1, 1e-3, results.data()));
    CHECK(results[0].step == 3 && std::isinf(results[0].gradient_norm) && stateOf(run, begin.parameters.size()) == stopped);
    // So long a gradient would make the second moments infinite.
    std::fill(sum.begin(), sum.end(), 1e19f);
    succeeds(ss_run_apply(run, sum.data(), 1, 1, 1e-3, results.data()));
    CHECK(results[0].step == 3 && std::isinf(results[0].gradient_norm) && stateOf(run, begin.parameters.size()) == stopped);
    // A good one goes through.
    std::fill(sum.begin(), sum.end(), 1.0f);
    succeeds(ss_run_apply(run, sum.data(), 1, 1, 1e-3, results.data()));
    CHECK(results[0].step == 4 && results[0].loss == 1);
    succeeds(ss_run_close(run));
}

void checkRefusals(Problem problem) {
    ss_run* run = nullptr;
    refuses(ss_run_open(0, &problem.network, &problem.training, nullptr, 1, problem.halfWidths.data(), &run), "null");
    refuses(ss_run_open(0, &problem.network, &problem.training, problem.rows.data(), 0, problem.halfWidths.data(), &run), "0 rows");
    run = openRun(problem);
    const double rate = 1;
    int64_t done = 0;
    std::vector<float> sum(1000);
    double loss = 0;
    refuses(ss_run_step(run, 0, &rate, nullptr, &done), "0 steps");
    const double rates[2] = {1, -1};
    refuses(ss_run_step(run, 2, rates, nullptr, &done), "rate 1 is not a rate");
    refuses(ss_run_step_batch(run, nullptr, problem.rows.data(), NAN, nullptr), "a rate of nan");
    ss_step_result result{};
    refuses(ss_run_apply(run, sum.data(), 0, 1, INFINITY, &result), "a rate of inf");
    refuses(ss_run_gradient(run, 2, 2, sum.data(), &loss), "rows 2 to 2");
    refuses(ss_run_gradient(run, 0, problem.training.batch + 1, sum.data(), &loss), "not a part");
    refuses(ss_run_apply(run, sum.data(), 0, 0, rate, nullptr), "null");
    refuses(ss_run_step_batch(run, nullptr, nullptr, rate, nullptr), "inputs is null");
    refuses(ss_run_resident(run, nullptr), "null");
    refuses(ss_run_set_state(run, -1, sum.data(), sum.data(), sum.data(), sum.data()), "step -1");
    succeeds(ss_run_close(run));
    succeeds(ss_run_close(nullptr));
    problem.halfWidths[1] = -0.5f;
    refuses(ss_run_open(0, &problem.network, &problem.training, problem.rows.data(), 1, problem.halfWidths.data(), &run), "half_widths");
    problem.halfWidths[1] = 0;
    refuses(ss_run_open(0, &problem.network, &problem.training, problem.rows.data(), INT64_MAX / 4, problem.halfWidths.data(), &run), "columns");
    problem.training.noise = -1;
    refuses(ss_run_open(0, &problem.network, &problem.training, problem.rows.data(), 1, problem.halfWidths.data(), &run), "noise");
    problem.training.noise = 0;
    problem.training.beta1 = 1;
    refuses(ss_run_open(0, &problem.network, &problem.training, problem.rows.data(), 1, problem.halfWidths.data(), &run), "decays");
    problem.training.beta1 = 0.9;
    problem.training.residence = 3;
    refuses(ss_run_open(0, &problem.network, &problem.training, problem.rows.data(), 1, problem.halfWidths.data(), &run), "residence");
    problem.training.residence = SS_RESIDENCE_AUTO;
    problem.training.batch = 0;
    refuses(ss_run_open(0, &problem.network, &problem.training, problem.rows.data(), 1, problem.halfWidths.data(), &run), "batch");
}

// Java's PermutationTest has the same.
void checkPermutation() {
    const int64_t sixteen[] = {7, 2, 9, 8, 14, 15, 6, 3, 10, 11, 0, 5, 4, 1, 12, 13};
    const int64_t seventeen[] = {0, 8, 7, 14, 15, 12, 6, 9, 3, 2, 1, 5, 13, 4, 10, 11, 16};
    for (int64_t i = 0; i < 16; ++i) {
        CHECK(slicedscore::Permutation(0, 0, 16)(i) == sixteen[i]);
    }
    for (int64_t i = 0; i < 17; ++i) {
        CHECK(slicedscore::Permutation(1, 1, 17)(i) == seventeen[i]);
    }
    const slicedscore::Permutation large(0x123456789ABCDEF0ull, (int64_t{1} << 33) + 5, 1000000000000);
    CHECK(large(0) == 106420615637 && large(1) == 735712081971 && large(999999999999) == 766655214868);
    CHECK(slicedscore::Permutation(3, 4, 1)(0) == 0);
}

}  // namespace

int main() {
    requireLibraryDevice();
    checkPermutation();
    const ss_network score = reference::network(SS_SCORE, SS_SOFTPLUS, 5, 1, {9, 6});
    const ss_network energy = reference::network(SS_ENERGY, SS_TANH, 5, 1, {9, 6}, 0.25);
    ss_training plain = reference::training(SS_SSM_VR, 2);
    plain.batch = 11;
    plain.seed = 0x123456789ABCDEF0ull;
    ss_training full = plain;
    full.noise = 0.1;
    full.weight_decay = 0.1;
    full.clip_norm = 0.05;
    full.average_decay = 0.9;

    for (int32_t projection = SS_RADEMACHER; projection <= SS_SPHERE; ++projection) {
        plain.projection = projection;
        checkSteps(problemOf(score, plain, 23), 0);  // steps straddle epochs
    }
    plain.projection = SS_RADEMACHER;
    for (int32_t objective = SS_SSM; objective <= SS_DSM; ++objective) {
        full.objective = objective;
        Problem noisy = problemOf(energy, full, 7);  // several epochs in a step
        noisy.halfWidths = {0.5f, 0, 0.25f, 0, 0.1f};
        checkSteps(noisy, 1000000);
    }
    plain.slices = 1;
    checkSteps(problemOf(reference::network(SS_SCORE, SS_SILU, 130, 0, {3}), plain, 4), 0);  // a second draw of signs
    checkRoutes(problemOf(energy, full, 40));
    checkRoutes(problemOf(score, plain, 40));
    checkNotFinite(problemOf(score, plain, 60));
    checkRefusals(problemOf(score, plain, 3));
    checkNothingLives();
    std::printf("runs: 4 objectives, 3 projections\n");
    return 0;
}
