// ss_run_*: training. Java twin: io.github.slicedscore.internal.cpu.CpuTrainingRun.

#include <algorithm>
#include <climits>
#include <cmath>
#include <memory>
#include <vector>

#include "adam.h"
#include "graph.h"
#include "handle.h"
#include "network.h"
#include "pass.h"
#include "prepare.h"
#include "reduce.h"
#include "slicedscore.h"
#include "state.h"

namespace slicedscore {
namespace {

// Steps that are queued before the host waits for them.
constexpr int64_t STEPS_AT_ONCE = 256;

struct RunMemory {
    RunMemory(const Network& net, const Objective& objective, int batch, size_t count)
        : network(net), rowCount(count), pass(net, objective, batch) {}

    void plan(SlabPlan& plan) {
        const size_t parameterCount = network.parameters();
        pass.plan(plan);
        plan.take(rows, rowCount * static_cast<size_t>(network.inputs()));
        plan.take(halfWidths, static_cast<size_t>(network.dimension));
        plan.take(parameters, parameterCount);
        plan.take(first, parameterCount);
        plan.take(second, parameterCount);
        plan.take(average, parameterCount);
        plan.take(gradient, parameterCount);
        plan.take(squares, SQUARE_PARTS);
        plan.take(lossSum, 1);
        plan.take(rates, STEPS_AT_ONCE);
        plan.take(results, STEPS_AT_ONCE);
        plan.take(state, 1);
    }

    const Network& network;
    size_t rowCount;
    ObjectivePass pass;
    float* rows = nullptr;
    float* halfWidths = nullptr;
    float* parameters = nullptr;
    float* first = nullptr;
    float* second = nullptr;
    float* average = nullptr;
    float* gradient = nullptr;
    double* squares = nullptr;
    double* lossSum = nullptr;
    double* rates = nullptr;
    RunResult* results = nullptr;
    RunState* state = nullptr;
};

ss_step_result toCaller(const RunResult& result) {
    return {result.step, result.loss, result.gradientNorm};
}

}  // namespace
}  // namespace slicedscore

struct ss_run {
    ss_run(int32_t device, const ss_network* net, const ss_training* how, const float* rows, int64_t count,
           const float* half_widths)
        : network(net), objective(network, how), settings(slicedscore::adamSettings(*how)),
          batch(slicedscore::samplesOf(how->batch, slicedscore::ObjectivePass::shapeOf(network, objective).streams(), "batch")),
          work(device, batch, [this, count](int samples) {
              return std::make_unique<slicedscore::RunMemory>(network, objective, samples, static_cast<size_t>(count));
          }) {
        using namespace slicedscore;
        const RunMemory& memory = work.arrays();
        const cudaStream_t stream = work.queue();
        const size_t dimension = static_cast<size_t>(network.dimension);
        source.state = memory.state;
        source.rows = memory.rows;
        source.halfWidths = memory.halfWidths;
        source.count = count;
        source.batch = batch;
        source.seed = how->seed;
        source.smoothing = static_cast<float>(how->noise);
        source.dequantizes = std::any_of(half_widths, half_widths + dimension, [](float width) { return width > 0; });
        {
            const QueuedWork waiting(stream);
            upload(memory.rows, rows, memory.rowCount * static_cast<size_t>(network.inputs()), stream);
            upload(memory.halfWidths, half_widths, dimension, stream);
            memory.pass.initialize(stream);
            work.wait("opening a run");
        }
        graph = std::make_unique<Graph>(stream, [this] { queueStep(); });
    }

    void setState(int64_t step, const float* parameters, const float* first, const float* second, const float* average) {
        using namespace slicedscore;
        work.activate();
        const RunMemory& memory = work.arrays();
        const cudaStream_t stream = work.queue();
        const QueuedWork waiting(stream);
        upload(&memory.state->step, &step, 1, stream);
        upload(memory.parameters, parameters, network.parameters(), stream);
        upload(memory.first, first, network.parameters(), stream);
        upload(memory.second, second, network.parameters(), stream);
        if (averages()) {
            upload(memory.average, average, network.parameters(), stream);
        }
        work.wait("setting a run's state");
    }

    void getState(int64_t* step, float* parameters, float* first, float* second, float* average) {
        using namespace slicedscore;
        work.activate();
        const RunMemory& memory = work.arrays();
        const cudaStream_t stream = work.queue();
        const QueuedWork waiting(stream);
        const auto fetch = [&](float* host, const float* array) {
            if (host != nullptr) {
                download(host, array, network.parameters(), stream);
            }
        };
        if (step != nullptr) {
            download(step, &memory.state->step, 1, stream);
        }
        fetch(parameters, memory.parameters);
        fetch(first, memory.first);
        fetch(second, memory.second);
        fetch(average, averages() ? memory.average : memory.parameters);
        work.wait("reading a run's state");
    }

    // Steps done of at most STEPS_AT_ONCE, with a result for each and one more if that one was not finite.
    int64_t steps(int64_t count, const double* rates, ss_step_result* into) {
        using namespace slicedscore;
        const RunMemory& memory = work.arrays();
        const cudaStream_t stream = work.queue();
        std::vector<RunResult> results(static_cast<size_t>(count));
        RunState state{};
        const QueuedWork waiting(stream);
        upload(memory.rates, rates, static_cast<size_t>(count), stream);
        rewind();
        for (int64_t i = 0; i < count; ++i) {
            graph->launch(stream);
        }
        download(results.data(), memory.results, results.size(), stream);
        download(&state, memory.state, 1, stream);
        work.wait("training steps");
        if (into != nullptr) {
            std::transform(results.begin(), results.begin() + state.cursor, into, toCaller);
        }
        return state.halted != 0 ? state.cursor - 1 : state.cursor;
    }

    void stepAll(int64_t count, const double* rates, ss_step_result* results, int64_t* done) {
        work.activate();
        while (*done < count) {
            const int64_t wanted = std::min(count - *done, slicedscore::STEPS_AT_ONCE);
            const int64_t finished = steps(wanted, rates + *done, results == nullptr ? nullptr : results + *done);
            *done += finished;
            if (finished < wanted) {
                return;
            }
        }
    }

    void gradient(int from, int to, float* sum, double* loss) {
        using namespace slicedscore;
        work.activate();
        const RunMemory& memory = work.arrays();
        const cudaStream_t stream = work.queue();
        const QueuedWork waiting(stream);
        queueGradient(from, to - from);
        check(launchSum(memory.pass.losses, to - from, memory.lossSum, stream), SS_HERE, "launch of the loss's sum");
        download(sum, memory.gradient, network.parameters(), stream);
        download(loss, memory.lossSum, 1, stream);
        work.wait("a gradient");
    }

    void apply(const float* sum, double lossSum, int64_t rows, double rate, ss_step_result* into) {
        using namespace slicedscore;
        work.activate();
        const RunMemory& memory = work.arrays();
        const cudaStream_t stream = work.queue();
        RunResult result{};
        const QueuedWork waiting(stream);
        upload(memory.gradient, sum, network.parameters(), stream);
        upload(memory.lossSum, &lossSum, 1, stream);
        upload(memory.rates, &rate, 1, stream);
        rewind();
        queueUpdate(memory.lossSum, 1, rows);
        download(&result, memory.results, 1, stream);
        work.wait("an update");
        *into = toCaller(result);
    }

    const slicedscore::Network network;
    const slicedscore::Objective objective;
    const slicedscore::AdamSettings settings;
    const int batch;

private:
    bool averages() const { return settings.averageDecay > 0; }

    // Results and rates from the start, and a run that was halted goes on.
    void rewind() const {
        using namespace slicedscore;
        RunState* const state = work.arrays().state;
        check(cudaMemsetAsync(&state->cursor, 0, sizeof state->cursor, work.queue()), SS_HERE, "cudaMemsetAsync of the cursor");
        check(cudaMemsetAsync(&state->halted, 0, sizeof state->halted, work.queue()), SS_HERE, "cudaMemsetAsync of a flag");
    }

    void queueGradient(int offset, int samples) const {
        using namespace slicedscore;
        const RunMemory& memory = work.arrays();
        const cudaStream_t stream = work.queue();
        check(launchPrepareRun(source, memory.pass.rows(), offset, samples, stream), SS_HERE,
              format("launch of the preparation, %d rows", samples));
        memory.pass.forward(memory.parameters, samples, stream);
        memory.pass.gradient(memory.parameters, samples, memory.gradient, stream);
    }

    void queueUpdate(const double* losses, int lossCount, int64_t rows) const {
        using namespace slicedscore;
        const RunMemory& memory = work.arrays();
        const cudaStream_t stream = work.queue();
        check(launchSquares(memory.gradient, network.parameters(), memory.squares, stream), SS_HERE, "launch of the norm");
        const StepEnd end{memory.state, losses, lossCount, rows, memory.squares, memory.rates, memory.results};
        check(launchStepEnd(settings, end, stream), SS_HERE, "launch of the step's end");
        const AdamArrays arrays{memory.gradient, memory.parameters, memory.first, memory.second, memory.average, network.parameters()};
        check(launchAdam(settings, memory.state, arrays, stream), SS_HERE, "launch of the update");
    }

    void queueStep() const {
        queueGradient(0, batch);
        queueUpdate(work.arrays().pass.losses, batch, batch);
    }

    const slicedscore::DeviceWork<slicedscore::RunMemory> work;
    slicedscore::RunRows source{};
    std::unique_ptr<slicedscore::Graph> graph;
};

int32_t ss_run_open(int32_t device, const ss_network* network, const ss_training* training, const float* rows, int64_t count,
                    const float* half_widths, ss_run** run) {
    using namespace slicedscore;
    return guarded([&] {
        require(run != nullptr, SS_HERE, "ss_run_open: run is null");
        *run = nullptr;
        require(rows != nullptr && half_widths != nullptr, SS_HERE, "ss_run_open: rows or half_widths is null");
        require(count >= 1, SS_HERE, format("ss_run_open: %lld rows", static_cast<long long>(count)));
        require(training != nullptr && training->noise >= 0 && std::isfinite(training->noise), SS_HERE,
                "ss_run_open: training is null or its noise is not a standard deviation");
        *run = new ss_run(device, network, training, rows, count, half_widths);
    });
}

int32_t ss_run_close(ss_run* run) {
    return slicedscore::guarded([&] { delete run; });
}

int32_t ss_run_set_state(ss_run* run, int64_t step, const float* parameters, const float* first, const float* second,
                         const float* average) {
    using namespace slicedscore;
    return guarded([&] {
        require(run != nullptr && parameters != nullptr && first != nullptr && second != nullptr, SS_HERE,
                "ss_run_set_state: run, parameters, first or second is null");
        require(average != nullptr || run->settings.averageDecay == 0, SS_HERE, "ss_run_set_state: average is null");
        require(step >= 0 && step <= INT64_MAX / run->batch - 1, SS_HERE,
                format("ss_run_set_state: step %lld", static_cast<long long>(step)));
        run->setState(step, parameters, first, second, average);
    });
}

int32_t ss_run_get_state(ss_run* run, int64_t* step, float* parameters, float* first, float* second, float* average) {
    using namespace slicedscore;
    return guarded([&] {
        require(run != nullptr, SS_HERE, "ss_run_get_state: run is null");
        run->getState(step, parameters, first, second, average);
    });
}

int32_t ss_run_step(ss_run* run, int64_t count, const double* rates, ss_step_result* results, int64_t* done) {
    using namespace slicedscore;
    return guarded([&] {
        require(run != nullptr && rates != nullptr && done != nullptr, SS_HERE, "ss_run_step: run, rates or done is null");
        require(count >= 1, SS_HERE, format("ss_run_step: %lld steps", static_cast<long long>(count)));
        *done = 0;
        run->stepAll(count, rates, results, done);
    });
}

int32_t ss_run_gradient(ss_run* run, int64_t from, int64_t to, float* sum, double* loss_sum) {
    using namespace slicedscore;
    return guarded([&] {
        require(run != nullptr && sum != nullptr && loss_sum != nullptr, SS_HERE, "ss_run_gradient: run, sum or loss_sum is null");
        require(from >= 0 && from < to && to <= run->batch, SS_HERE,
                format("ss_run_gradient: rows %lld to %lld are not a part of a batch of %d", static_cast<long long>(from),
                       static_cast<long long>(to), run->batch));
        run->gradient(static_cast<int>(from), static_cast<int>(to), sum, loss_sum);
    });
}

int32_t ss_run_apply(ss_run* run, const float* sum, double loss_sum, int64_t rows, double rate, ss_step_result* result) {
    using namespace slicedscore;
    return guarded([&] {
        require(run != nullptr && sum != nullptr && result != nullptr, SS_HERE, "ss_run_apply: run, sum or result is null");
        require(rows >= 1, SS_HERE, format("ss_run_apply: %lld rows", static_cast<long long>(rows)));
        run->apply(sum, loss_sum, rows, rate, result);
    });
}
