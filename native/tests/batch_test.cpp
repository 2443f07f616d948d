// ss_run_step_batch: given the rows that a run would have drawn, it does the run's own step bit for bit, from host and device
// memory, at once or queued behind a stream of the caller's; queued steps that are not finite are reported later.

#include <algorithm>
#include <cmath>
#include <limits>

#include "permutation.h"
#include "stream.h"
#include "training.h"

namespace {

constexpr double RATE = 1e-3;

// The rows that the run would draw.
std::vector<float> drawn(const Problem& problem, int64_t step) {
    std::vector<float> inputs;
    for (int64_t n = 0; n < problem.training.batch; ++n) {
        const auto row = static_cast<size_t>(slicedscore::batchRow(
            problem.training.seed, static_cast<int64_t>(problem.count), problem.training.batch, step, n));
        const float* const from = problem.rows.data() + row * problem.width();
        inputs.insert(inputs.end(), from, from + problem.width());
    }
    return inputs;
}

// What the run does by itself.
State expected(const Problem& problem, const State& begin, int64_t steps, std::vector<ss_step_result>* results = nullptr) {
    ss_run* const run = openRun(problem);
    setState(run, begin);
    const std::vector<double> rates(static_cast<size_t>(steps), RATE);
    int64_t done = 0;
    if (results != nullptr) {
        results->resize(rates.size());
    }
    succeeds(ss_run_step(run, steps, rates.data(), results == nullptr ? nullptr : results->data(), &done));
    CHECK(done == steps);
    const State state = stateOf(run, begin.parameters.size());
    succeeds(ss_run_close(run));
    return state;
}

void checkWithResults(const Problem& problem) {
    const State begin = startOf(problem, 5);
    std::vector<ss_step_result> results;
    const State end = expected(problem, begin, 3, &results);
    ss_run* const run = openRun(problem);
    setState(run, begin);
    CallerStream stream;
    for (size_t i = 0; i < 3; ++i) {
        const std::vector<float> inputs = drawn(problem, begin.step + static_cast<int64_t>(i));
        const DeviceArray<float> device(inputs);
        ss_step_result result{};
        succeeds(ss_run_step_batch(run, i == 0 ? nullptr : stream.get(), i == 1 ? device.get() : inputs.data(), RATE, &result));
        CHECK(result.step == results[i].step && result.loss == results[i].loss && result.gradient_norm == results[i].gradient_norm);
    }
    CHECK(stateOf(run, begin.parameters.size()) == end);
    succeeds(ss_run_close(run));
}

// Each batch is written by the caller's stream just before the step and overwritten right after it.
void checkQueued(const Problem& problem, int64_t steps) {
    const State begin = startOf(problem, 0);
    const State end = expected(problem, begin, steps);
    const size_t floats = problem.batch() * problem.width();
    std::vector<float> all;
    for (int64_t i = 0; i < steps; ++i) {
        const std::vector<float> inputs = drawn(problem, i);
        all.insert(all.end(), inputs.begin(), inputs.end());
    }
    const PinnedFloats pinned(all);
    const DeviceArray<float> device(floats);
    CallerStream stream;
    ss_run* const run = openRun(problem);
    setState(run, begin);
    for (int64_t i = 0; i < steps; ++i) {
        queueCopy(device.get(), pinned.get() + static_cast<size_t>(i) * floats, floats, stream.get());
        succeeds(ss_run_step_batch(run, stream.get(), device.get(), RATE, nullptr));
        queueSpoiling(device.get(), floats, stream.get());
    }
    CHECK(stateOf(run, begin.parameters.size()) == end);

    // Host memory may be reused at once.
    setState(run, begin);
    for (int64_t i = 0; i < 2; ++i) {
        std::vector<float> inputs = drawn(problem, i);
        succeeds(ss_run_step_batch(run, stream.get(), inputs.data(), RATE, nullptr));
        std::fill(inputs.begin(), inputs.end(), std::numeric_limits<float>::quiet_NaN());
    }
    CHECK(stateOf(run, begin.parameters.size()) == expected(problem, begin, 2));
    succeeds(ss_run_close(run));
    stream.synchronize();
}

// A stream that is being captured is refused; its capture goes on, and so does the run.
void checkCapture(const Problem& problem) {
    const State begin = startOf(problem, 0);
    const DeviceArray<float> device(drawn(problem, 0));
    CallerStream stream;
    cudaGraph_t graph = nullptr;
    ss_run* const run = openRun(problem);
    setState(run, begin);
    CHECK_CUDA(cudaStreamBeginCapture(stream.get(), cudaStreamCaptureModeThreadLocal));
    refuses(ss_run_step_batch(run, stream.get(), device.get(), RATE, nullptr), "being captured");
    CHECK_CUDA(cudaStreamEndCapture(stream.get(), &graph));
    CHECK_CUDA(cudaGraphDestroy(graph));
    succeeds(ss_run_step_batch(run, stream.get(), device.get(), RATE, nullptr));
    CHECK(stateOf(run, begin.parameters.size()) == expected(problem, begin, 1));
    succeeds(ss_run_close(run));
}

// A queued step that is not finite; what follows it changes nothing, until somebody has been told.
void checkNotFinite(const Problem& problem) {
    const State begin = startOf(problem, 0);
    const size_t count = begin.parameters.size();
    const State first = expected(problem, begin, 1);
    const DeviceArray<float> good(drawn(problem, 0));
    const DeviceArray<float> bad(std::vector<float>(problem.batch() * problem.width(), std::numeric_limits<float>::quiet_NaN()));
    CallerStream stream;
    ss_run* const run = openRun(problem);
    const auto queueBadOne = [&] {
        setState(run, begin);
        for (const float* inputs : {good.get(), bad.get(), good.get(), good.get()}) {
            succeeds(ss_run_step_batch(run, stream.get(), inputs, RATE, nullptr));
        }
        CHECK(stateOf(run, count) == first);
    };
    const auto isReport = [](const ss_step_result& result) { return result.step == 1 && std::isnan(result.loss); };
    ss_step_result result{};
    int64_t done = -1;

    queueBadOne();
    succeeds(ss_run_step(run, 1, &RATE, &result, &done));
    CHECK(done == 0 && isReport(result) && stateOf(run, count) == first);
    succeeds(ss_run_step(run, 1, &RATE, &result, &done));
    CHECK(done == 1 && result.step == 2);

    queueBadOne();
    succeeds(ss_run_step(run, 1, &RATE, nullptr, &done));
    CHECK(done == 0);
    succeeds(ss_run_step(run, 1, &RATE, nullptr, &done));
    CHECK(done == 1 && stateOf(run, count).step == 2);

    queueBadOne();
    succeeds(ss_run_step_batch(run, stream.get(), good.get(), RATE, &result));
    CHECK(isReport(result) && stateOf(run, count) == first);
    succeeds(ss_run_step_batch(run, stream.get(), good.get(), RATE, &result));
    CHECK(result.step == 2 && std::isfinite(result.loss));

    queueBadOne();
    const std::vector<float> ones(count, 1.0f);
    succeeds(ss_run_apply(run, ones.data(), 1, 1, RATE, &result));
    CHECK(isReport(result) && stateOf(run, count) == first);
    succeeds(ss_run_apply(run, ones.data(), 1, 1, RATE, &result));
    CHECK(result.step == 2 && result.loss == 1);

    // A call that waits but has no result leaves the report to one that has.
    queueBadOne();
    const std::vector<float> onHost = good.host();
    succeeds(ss_run_step_batch(run, stream.get(), onHost.data(), RATE, nullptr));
    succeeds(ss_run_step_batch(run, stream.get(), good.get(), RATE, nullptr));
    succeeds(ss_run_step(run, 1, &RATE, &result, &done));
    CHECK(done == 0 && isReport(result) && stateOf(run, count) == first);

    queueBadOne();
    setState(run, begin);
    succeeds(ss_run_step(run, 1, &RATE, &result, &done));
    CHECK(done == 1 && stateOf(run, count) == first);
    succeeds(ss_run_close(run));
}

// More steps than there is room for queued results; one in the second lot is not finite.
void checkMany() {
    ss_training training = reference::training(SS_SSM, 1);
    training.batch = 2;
    const Problem problem = problemOf(reference::network(SS_SCORE, SS_TANH, 1, 0, {}), training, 2);
    const State begin = startOf(problem, 0);
    const DeviceArray<float> good(problem.rows);
    const DeviceArray<float> bad(std::vector<float>(2, std::numeric_limits<float>::quiet_NaN()));
    ss_run* const run = openRun(problem);
    setState(run, begin);
    for (int i = 0; i < 80; ++i) {
        succeeds(ss_run_step_batch(run, nullptr, i == 70 ? bad.get() : good.get(), RATE, nullptr));
    }
    ss_step_result result{};
    int64_t done = -1;
    succeeds(ss_run_step(run, 1, &RATE, &result, &done));
    CHECK(done == 0 && result.step == 70 && std::isnan(result.loss));
    CHECK(stateOf(run, begin.parameters.size()).step == 70);
    succeeds(ss_run_close(run));
}

}  // namespace

int main() {
    requireLibraryDevice();
    ss_training training = reference::training(SS_SSM, 2);
    training.batch = 11;
    training.seed = 77;
    training.noise = 0.1;
    training.average_decay = 0.9;
    for (const int32_t residence : {SS_RESIDENCE_DEVICE, SS_RESIDENCE_HOST}) {
        training.residence = residence;
        const Problem problem = problemOf(reference::network(SS_ENERGY, SS_TANH, 5, 1, {9, 6}, 0.25), training, 23);
        checkWithResults(problem);
        checkQueued(problem, 5);
        checkNotFinite(problem);
        checkCapture(problem);
    }
    checkMany();
    checkNothingLives();
    std::printf("batches of the caller's: at once and queued\n");
    return 0;
}
