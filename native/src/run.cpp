// ss_run_*: training. Java twin: io.github.slicedscore.internal.cpu.CpuTrainingRun.

#include <algorithm>
#include <array>
#include <climits>
#include <cmath>
#include <memory>
#include <optional>
#include <vector>

#include "adam.h"
#include "graph.h"
#include "handle.h"
#include "host_rows.h"
#include "network.h"
#include "pass.h"
#include "prepare.h"
#include "slicedscore.h"
#include "staging.h"
#include "state.h"

namespace slicedscore {
namespace {

// Steps that are queued before the host waits for them.
constexpr int64_t STEPS_AT_ONCE = 64;

struct RunMemory {
    // count of the rows that are on the device
    RunMemory(const Network& net, const Objective& objective, const Execution& execution, int samples, size_t count)
        : network(net), batch(static_cast<size_t>(samples)), rowCount(count), pass(makePass(net, objective, execution, samples)) {
        int device = 0;
        check(cudaGetDevice(&device), SS_HERE, "cudaGetDevice");
        check(findUpdateBlocks(network.parameters(), device, &updateBlocks), SS_HERE,
              "cudaDeviceGetAttribute or cudaOccupancyMaxActiveBlocksPerMultiprocessor for the update");
    }

    void plan(SlabPlan& plan) {
        const size_t parameterCount = network.parameters();
        const auto width = static_cast<size_t>(network.inputs());
        pass->plan(plan);
        plan.take(rows, rowCount * width);
        for (float*& place : staged) {
            plan.take(place, batch * width);
        }
        plan.take(halfWidths, static_cast<size_t>(network.dimension));
        plan.take(parameters, parameterCount);
        plan.take(first, parameterCount);
        plan.take(second, parameterCount);
        plan.take(average, parameterCount);
        plan.take(gradient, parameterCount);
        plan.take(sums, static_cast<size_t>(updateBlocks) + 1);
        plan.take(lossSum, 1);
        plan.take(rates, STEPS_AT_ONCE);
        plan.take(results, STEPS_AT_ONCE);
        plan.take(state, 1);
    }

    const Network& network;
    size_t batch;
    size_t rowCount;
    std::unique_ptr<Pass> pass;
    int updateBlocks = 0;
    float* rows = nullptr;
    std::array<float*, 2> staged{};  // batches of rows that are not
    float* halfWidths = nullptr;
    float* parameters = nullptr;
    float* first = nullptr;
    float* second = nullptr;
    float* average = nullptr;
    float* gradient = nullptr;
    double* sums = nullptr;
    double* lossSum = nullptr;
    double* rates = nullptr;
    RunResult* results = nullptr;
    RunState* state = nullptr;
};

using RunWork = DeviceWork<RunMemory>;

// Of a device's memory, what rows that may also be kept on the host leave to others: scorers, kernels that are loaded when they
// are first used, other programs.
constexpr size_t LEFT_FREE = 20;  // one part of so many

bool leavesRoom(size_t bytes) {
    size_t free = 0;
    size_t total = 0;
    check(cudaMemGetInfo(&free, &total), SS_HERE, "cudaMemGetInfo");
    return bytes + total / LEFT_FREE <= free;
}

// With the rows on the device if they shall be and can.
std::unique_ptr<RunWork> allocate(const Network& network, const Objective& objective, const Execution& execution, int batch, int64_t count, int32_t residence) {
    require(count <= INT64_MAX / 8 / network.inputs(), SS_HERE,
            format("ss_run_open: %lld rows of %d columns", static_cast<long long>(count), network.inputs()));
    const auto memory = [&](int samples, size_t resident) {
        return std::make_unique<RunMemory>(network, objective, execution, samples, resident);
    };
    const auto with = [&](size_t resident) {
        return std::make_unique<RunWork>(batch, [&](int samples) { return memory(samples, resident); });
    };
    const auto residentLeavesRoom = [&] {
        const auto planned = memory(batch, static_cast<size_t>(count));
        SlabPlan plan;
        planned->plan(plan);
        return leavesRoom(plan.bytes());
    };
    if (residence == SS_RESIDENCE_DEVICE || (residence == SS_RESIDENCE_AUTO && residentLeavesRoom())) {
        try {
            return with(static_cast<size_t>(count));
        } catch (const Error& error) {
            if (residence == SS_RESIDENCE_DEVICE || error.status() != SS_OUT_OF_MEMORY) {
                throw;
            }
        }
    }
    return with(0);
}

bool isRate(double rate) {
    return rate >= 0 && std::isfinite(rate);
}

ss_step_result toCaller(const RunResult& result) {
    return {result.step, result.loss, result.gradientNorm};
}

}  // namespace
}  // namespace slicedscore

struct ss_run {
    ss_run(int32_t deviceNumber, const ss_network* net, const ss_training* how, const float* rows, int64_t count,
           const float* half_widths)
        : device(deviceNumber), network(net), objective(network, how),
          execution(device, how->precision, how->kernels), settings(slicedscore::adamSettings(*how)),
          batch(slicedscore::samplesOf(how->batch, slicedscore::shapeOf(network, objective).streams(), "batch")),
          work(slicedscore::allocate(network, objective, execution, batch, count, how->residence)),
          queuedRates(slicedscore::STEPS_AT_ONCE, "rates"), staging(work->arrays().staged) {
        using namespace slicedscore;
        const RunMemory& memory = work->arrays();
        const cudaStream_t stream = work->queue();
        const size_t dimension = static_cast<size_t>(network.dimension);
        source.state = memory.state;
        source.rows = memory.rows;
        source.halfWidths = memory.halfWidths;
        source.count = count;
        source.batch = batch;
        source.seed = how->seed;
        source.smoothing = static_cast<float>(how->noise);
        const auto isWidth = [](float width) { return width >= 0 && std::isfinite(width); };
        require(std::all_of(half_widths, half_widths + dimension, isWidth), SS_HERE,
                "ss_run_open: half_widths has one that is not a width");
        source.dequantizes = std::any_of(half_widths, half_widths + dimension, [](float width) { return width > 0; });
        if (!resident()) {
            hostRows = std::make_unique<HostRows>(rows, count, inputWidth(), batch, how->seed, stream);
        }
        {
            const QueuedWork waiting(stream);
            if (resident()) {
                upload(memory.rows, rows, memory.rowCount * inputWidth(), stream);
            }
            upload(memory.halfWidths, half_widths, dimension, stream);
            memory.pass->initialize(stream);
            work->wait("opening a run");
        }
        if (resident()) {
            graph = std::make_unique<Graph>(stream, [this] { queueStep(source); });
        }
        for (const int place : {0, 1}) {
            stagedGraphs[static_cast<size_t>(place)] =
                std::make_unique<Graph>(stream, [this, place] { queueStep(stagedSource(place)); });
        }
    }

    // Queued steps read the pinned rates and batches.
    ~ss_run() { const slicedscore::QueuedWork waiting(work->queue()); }
    ss_run(const ss_run&) = delete;
    ss_run& operator=(const ss_run&) = delete;

    bool isFused() const { return work->arrays().pass->isFused(); }
    bool resident() const { return work->arrays().rowCount > 0; }

    void setState(int64_t step, const float* parameters, const float* first, const float* second, const float* average) {
        using namespace slicedscore;
        const DeviceScope scope = begin();
        changing([&] {
            const RunMemory& memory = work->arrays();
            const cudaStream_t stream = work->queue();
            const QueuedWork waiting(stream);
            upload(&memory.state->step, &step, 1, stream);
            upload(memory.parameters, parameters, network.parameters(), stream);
            upload(memory.first, first, network.parameters(), stream);
            upload(memory.second, second, network.parameters(), stream);
            if (averages()) {
                upload(memory.average, average, network.parameters(), stream);
            }
            work->wait("setting a run's state");
            queued = 0;
            failure.reset();
        });
    }

    void getState(int64_t* step, float* parameters, float* first, float* second, float* average) {
        using namespace slicedscore;
        const DeviceScope scope = begin();
        const RunMemory& memory = work->arrays();
        const cudaStream_t stream = work->queue();
        const QueuedWork waiting(stream);
        const auto fetch = [&](float* target, const float* array) {
            if (target != nullptr) {
                download(target, array, network.parameters(), stream);
            }
        };
        if (step != nullptr) {
            download(step, &memory.state->step, 1, stream);
        }
        fetch(parameters, memory.parameters);
        fetch(first, memory.first);
        fetch(second, memory.second);
        fetch(average, averages() ? memory.average : memory.parameters);
        work->wait("reading a run's state");
    }

    void stepAll(int64_t count, const double* rates, ss_step_result* results, int64_t* done) {
        const slicedscore::DeviceScope scope = begin();
        settle();
        if (failure) {
            report(results);
            failure.reset();  // without results, the number of steps done tells
            return;
        }
        while (*done < count) {
            const int64_t wanted = std::min(count - *done, slicedscore::STEPS_AT_ONCE);
            const int64_t finished = steps(wanted, rates + *done, results == nullptr ? nullptr : results + *done);
            *done += finished;
            if (finished < wanted) {
                return;
            }
        }
    }

    void stepBatch(cudaStream_t theirs, const float* inputs, double rate, ss_step_result* into) {
        using namespace slicedscore;
        const DeviceScope scope = begin();
        const bool returnsAtOnce = into == nullptr && isOnDevice(inputs);
        makeRoom();
        if (!failure) {
            const cudaStream_t stream = work->queue();
            QueuedWork copying(staging.queue());
            QueuedWork computing(stream);
            handover.begin(theirs, staging.queue());
            const int place = staging.next();
            staging.fill(place, 0, inputs, static_cast<size_t>(batch) * inputWidth());
            changing([&] {
                queueRate(rate);
                launchStaged(place);
                handover.end(stream, theirs);
            });
            copying.leave();
            computing.leave();
            if (returnsAtOnce) {
                return;
            }
            const RunResult last = settle();
            if (into != nullptr) {
                *into = toCaller(last);
            }
        }
        report(into);
    }

    void gradient(int from, int to, float* sum, double* loss) {
        using namespace slicedscore;
        const DeviceScope scope = begin();
        const RunMemory& memory = work->arrays();
        const cudaStream_t stream = work->queue();
        const QueuedWork waiting(stream);
        if (resident()) {
            addGradient(source, from, to - from);
        } else {
            const int place = staging.next();
            stage(place, currentStep(), from, to);
            staging.beginUse(place, stream);
            addGradient(stagedSource(place), from, to - from);
            staging.endUse(place, stream);
        }
        check(launchSum(memory.pass->losses, to - from, memory.lossSum, stream), SS_HERE, "launch of the loss's sum");
        download(sum, memory.gradient, network.parameters(), stream);
        download(loss, memory.lossSum, 1, stream);
        work->wait("a gradient");
    }

    void apply(const float* sum, double lossSum, int64_t rows, double rate, ss_step_result* into) {
        using namespace slicedscore;
        const DeviceScope scope = begin();
        makeRoom();
        if (!failure) {
            changing([&] {
                const RunMemory& memory = work->arrays();
                const cudaStream_t stream = work->queue();
                const QueuedWork waiting(stream);
                upload(memory.gradient, sum, network.parameters(), stream);
                upload(memory.lossSum, &lossSum, 1, stream);
                queueRate(rate);
                queueUpdate({memory.gradient, 1, network.parameters()}, memory.lossSum, 1, rows);
            });
            *into = toCaller(settle());
        }
        report(into);
    }

    const int32_t device;
    const slicedscore::Network network;
    const slicedscore::Objective objective;
    const slicedscore::Execution execution;
    const slicedscore::AdamSettings settings;
    const int batch;

private:
    bool averages() const { return settings.averageDecay > 0; }
    size_t inputWidth() const { return static_cast<size_t>(network.inputs()); }

    // What every call begins with.
    slicedscore::DeviceScope begin() const {
        using namespace slicedscore;
        if (lost) {
            throw Error(lost->status(), format("the run is lost: %s", lost->what()));
        }
        return DeviceScope(device);
    }

    // After a failure in the middle of a change nobody knows what the state is, so the run is lost.
    template <typename Body>
    void changing(const Body& body) {
        using namespace slicedscore;
        try {
            body();
        } catch (const Error& error) {
            lost.emplace(error.status() == SS_CUDA_FATAL ? SS_CUDA_FATAL : SS_CUDA_ERROR, error.what());
            throw *lost;
        } catch (const std::bad_alloc&) {
            lost.emplace(SS_CUDA_ERROR, "out of host memory");
            throw *lost;
        }
    }

    // Steps done of at most STEPS_AT_ONCE, with a result for each and one more if that one was not finite.
    int64_t steps(int64_t count, const double* rates, ss_step_result* into) {
        using namespace slicedscore;
        std::vector<RunResult> results(static_cast<size_t>(count));
        RunState state{};
        const int64_t first = resident() ? 0 : currentStep();
        changing([&] {
            const RunMemory& memory = work->arrays();
            const cudaStream_t stream = work->queue();
            const QueuedWork waiting(stream);
            upload(memory.rates, rates, static_cast<size_t>(count), stream);
            rewind();
            for (int64_t i = 0; i < count; ++i) {
                if (resident()) {
                    graph->launch(stream);
                } else {
                    const int place = staging.next();
                    stage(place, first + i, 0, batch);
                    launchStaged(place);
                }
            }
            download(results.data(), memory.results, results.size(), stream);
            download(&state, memory.state, 1, stream);
            work->wait("training steps");
        });
        if (into != nullptr) {
            std::transform(results.begin(), results.begin() + state.cursor, into, toCaller);
        }
        return state.halted != 0 ? state.cursor - 1 : state.cursor;
    }

    // Results and rates from the start, and a run that was halted goes on.
    void rewind() const {
        using namespace slicedscore;
        RunState* const state = work->arrays().state;
        check(cudaMemsetAsync(&state->cursor, 0, sizeof state->cursor, work->queue()), SS_HERE, "cudaMemsetAsync of the cursor");
        check(cudaMemsetAsync(&state->halted, 0, sizeof state->halted, work->queue()), SS_HERE, "cudaMemsetAsync of a flag");
    }

    // The rate of a step that is queued next.
    void queueRate(double rate) {
        using namespace slicedscore;
        if (queued == 0) {
            rewind();
        }
        double* const pinned = queuedRates.get() + queued;
        *pinned = rate;
        upload(work->arrays().rates + queued, pinned, 1, work->queue());
        ++queued;
    }

    void makeRoom() {
        if (queued == slicedscore::STEPS_AT_ONCE) {
            settle();
        }
    }

    // Waits for the queued steps. The result is the last one's, or of the one that was not finite, which is then kept for a
    // call that can report it.
    slicedscore::RunResult settle() {
        using namespace slicedscore;
        RunResult last{};
        if (queued == 0) {
            return last;
        }
        std::vector<RunResult> results(static_cast<size_t>(queued));
        RunState state{};
        changing([&] {
            const RunMemory& memory = work->arrays();
            const cudaStream_t stream = work->queue();
            const QueuedWork waiting(stream);
            download(results.data(), memory.results, results.size(), stream);
            download(&state, memory.state, 1, stream);
            work->wait("queued steps");
        });
        queued = 0;
        last = results[static_cast<size_t>(state.cursor - 1)];
        if (state.halted != 0) {
            failure = last;
        }
        return last;
    }

    // A queued step that was not finite, in the place of the call's own.
    void report(ss_step_result* into) {
        if (failure && into != nullptr) {
            *into = slicedscore::toCaller(*failure);
            failure.reset();
        }
    }

    // Updates done; waits for all that is queued.
    int64_t currentStep() const {
        using namespace slicedscore;
        const QueuedWork waiting(work->queue());
        int64_t step = 0;
        download(&step, &work->arrays().state->step, 1, work->queue());
        work->wait("reading a run's step");
        return step;
    }

    // Rows of a step's batch, from the host to their positions in a place on the device.
    void stage(int place, int64_t step, int from, int to) {
        staging.awaitFilled(place);
        const float* const rows = hostRows->gather(step, from, to, place);
        staging.fill(place, static_cast<size_t>(from) * inputWidth(), rows, static_cast<size_t>(to - from) * inputWidth());
    }

    void launchStaged(int place) const {
        staging.beginUse(place, work->queue());
        stagedGraphs[static_cast<size_t>(place)]->launch(work->queue());
        staging.endUse(place, work->queue());
    }

    slicedscore::RunRows stagedSource(int place) const {
        slicedscore::RunRows staged = source;
        staged.rows = work->arrays().staged[static_cast<size_t>(place)];
        staged.staged = true;
        return staged;
    }

    slicedscore::GradientParts queueGradient(const slicedscore::RunRows& from, int offset, int samples) const {
        using namespace slicedscore;
        const RunMemory& memory = work->arrays();
        return memory.pass->differentiate({from, nullptr, nullptr, offset, samples}, memory.parameters, work->queue());
    }

    void addGradient(const slicedscore::RunRows& from, int offset, int samples) const {
        slicedscore::addParts(queueGradient(from, offset, samples), network.parameters(), work->arrays().gradient, work->queue());
    }

    void queueUpdate(const slicedscore::GradientParts& gradient, const double* losses, int lossCount, int64_t rows) const {
        using namespace slicedscore;
        const RunMemory& memory = work->arrays();
        const StepEnd end{memory.state, losses, lossCount, rows, memory.rates, memory.results};
        const AdamArrays arrays{memory.gradient, memory.sums,    memory.parameters,    memory.first,
                                memory.second,   memory.average, network.parameters()};
        check(launchUpdate(settings, gradient, end, arrays, memory.updateBlocks, work->queue()), SS_HERE,
              format("launch of the update by %d blocks", memory.updateBlocks));
    }

    void queueStep(const slicedscore::RunRows& from) const {
        queueUpdate(queueGradient(from, 0, batch), work->arrays().pass->losses, batch, batch);
    }

    const std::unique_ptr<slicedscore::RunWork> work;
    slicedscore::RunRows source{};
    std::optional<slicedscore::Error> lost;  // why
    slicedscore::Pinned<double> queuedRates;
    int64_t queued = 0;  // steps since the last that was waited for
    std::optional<slicedscore::RunResult> failure;
    std::unique_ptr<slicedscore::HostRows> hostRows;  // if they aren't on the device
    std::unique_ptr<slicedscore::Graph> graph;        // a step on rows of the device; if they are there
    std::array<std::unique_ptr<slicedscore::Graph>, 2> stagedGraphs;
    slicedscore::Handover handover;
    slicedscore::Staging staging;
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
        require(training->residence >= SS_RESIDENCE_AUTO && training->residence <= SS_RESIDENCE_HOST, SS_HERE,
                format("ss_run_open: no residence has the code %d", training->residence));
        const DeviceScope scope(device);
        *run = new ss_run(device, network, training, rows, count, half_widths);
    });
}

int32_t ss_run_close(ss_run* run) {
    return slicedscore::guarded([&] { slicedscore::close(run); });
}

int32_t ss_run_kernels(ss_run* run, int32_t* kernels) {
    using namespace slicedscore;
    return guarded([&] {
        require(run != nullptr && kernels != nullptr, SS_HERE, "ss_run_kernels: run or kernels is null");
        *kernels = run->isFused() ? SS_KERNELS_FUSED : SS_KERNELS_LAYERED;
    });
}

int32_t ss_run_resident(ss_run* run, int32_t* resident) {
    using namespace slicedscore;
    return guarded([&] {
        require(run != nullptr && resident != nullptr, SS_HERE, "ss_run_resident: run or resident is null");
        *resident = run->resident() ? 1 : 0;
    });
}

int32_t ss_run_set_state(ss_run* run, int64_t step, const float* parameters, const float* first, const float* second,
                         const float* average) {
    using namespace slicedscore;
    return guarded([&] {
        require(run != nullptr && parameters != nullptr && first != nullptr && second != nullptr, SS_HERE,
                "ss_run_set_state: run, parameters, first or second is null");
        require(average != nullptr || run->settings.averageDecay == 0, SS_HERE, "ss_run_set_state: average is null");
        // Half of what positions can count, so that no run gets to their end.
        require(step >= 0 && step <= INT64_MAX / 2 / run->batch, SS_HERE,
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
        const double* const bad = std::find_if_not(rates, rates + count, isRate);
        require(bad == rates + count, SS_HERE, format("ss_run_step: rate %td is not a rate", bad - rates));
        run->stepAll(count, rates, results, done);
    });
}

int32_t ss_run_step_batch(ss_run* run, void* stream, const float* inputs, double rate, ss_step_result* result) {
    using namespace slicedscore;
    return guarded([&] {
        require(run != nullptr && inputs != nullptr, SS_HERE, "ss_run_step_batch: run or inputs is null");
        require(isRate(rate), SS_HERE, format("ss_run_step_batch: a rate of %g", rate));
        run->stepBatch(static_cast<cudaStream_t>(stream), inputs, rate, result);
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
        require(isRate(rate), SS_HERE, format("ss_run_apply: a rate of %g", rate));
        run->apply(sum, loss_sum, rows, rate, result);
    });
}
