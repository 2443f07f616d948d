// ss_scorer_*: inference. Java twin: io.github.slicedscore.internal.cpu.CpuScorer.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <memory>

#include "execution.h"
#include "handle.h"
#include "inference.h"
#include "network.h"
#include "slicedscore.h"

namespace slicedscore {
namespace {

struct ScorerMemory {
    ScorerMemory(const Network& net, const Execution& how, int samples, bool units)
        : network(net), hasUnits(units), capacity(samples), inference(makeInference(net, how, samples)) {}

    void plan(SlabPlan& plan) {
        const size_t rows = static_cast<size_t>(capacity);
        inference->plan(plan);
        plan.take(parameters, network.parameters());
        plan.take(inputs, rows * static_cast<size_t>(network.inputs()));
        plan.take(directions, rows * static_cast<size_t>(network.dimension));
        plan.take(values, rows);
        plan.take(results, rows * static_cast<size_t>(network.dimension));
        if (hasUnits) {
            plan.take(shift, static_cast<size_t>(network.inputs()));
            plan.take(scale, static_cast<size_t>(network.inputs()));
        }
    }

    const Network& network;
    bool hasUnits;
    int capacity;
    std::unique_ptr<Inference> inference;
    float* parameters = nullptr;
    float* inputs = nullptr;
    float* directions = nullptr;
    float* values = nullptr;
    float* results = nullptr;
    double* shift = nullptr;  // of the caller's units; null for the network's own
    double* scale = nullptr;
};

double logScale(const double* scale, int dimension) {
    double sum = 0;
    for (int i = 0; scale != nullptr && i < dimension; ++i) {
        sum += std::log(scale[i]);
    }
    return sum;
}

}  // namespace
}  // namespace slicedscore

struct ss_scorer {
    ss_scorer(int32_t deviceNumber, const ss_network* net, const slicedscore::Execution& how, const float* parameters,
              int64_t max_rows, const double* shift, const double* scale)
        : device(deviceNumber), network(net), execution(how), hasUnits(scale != nullptr), capacity(slicedscore::samplesOf(max_rows, 2, "max_rows")),
          offset(slicedscore::logScale(scale, network.dimension)), work(capacity, [this](int samples) {
              return std::make_unique<slicedscore::ScorerMemory>(network, execution, samples, hasUnits);
          }) {
        using namespace slicedscore;
        const ScorerMemory& memory = work.arrays();
        const QueuedWork waiting(work.queue());
        upload(memory.parameters, parameters, network.parameters(), work.queue());
        if (hasUnits) {
            upload(memory.shift, shift, inputWidth(), work.queue());
            upload(memory.scale, scale, inputWidth(), work.queue());
        }
        memory.inference->initialize(work.queue());
        work.wait("opening a scorer");
    }

    void evaluate(const float* inputs, int64_t rows, float* values, float* scores) const {
        const slicedscore::DeviceScope scope(device);
        const slicedscore::QueuedWork waiting(work.queue());
        queueEvaluation(inputs, rows, values, scores);
        work.wait("a scorer's evaluation");
    }

    void jvp(const float* inputs, const float* directions, int64_t rows, float* products) const {
        const slicedscore::DeviceScope scope(device);
        const slicedscore::QueuedWork waiting(work.queue());
        queueProducts(inputs, directions, rows, products);
        work.wait("a scorer's products");
    }

    void evaluateIn(cudaStream_t theirs, const float* inputs, int64_t rows, float* values, float* scores) const {
        inOrderWith(theirs, [&] { queueEvaluation(inputs, rows, values, scores); });
    }

    void jvpIn(cudaStream_t theirs, const float* inputs, const float* directions, int64_t rows, float* products) const {
        inOrderWith(theirs, [&] { queueProducts(inputs, directions, rows, products); });
    }

    void langevin(float* chains, int64_t count, const double* sizes, int64_t steps, uint64_t seed, int64_t first) const {
        using namespace slicedscore;
        const DeviceScope scope(device);
        const ScorerMemory& memory = work.arrays();
        const cudaStream_t stream = work.queue();
        const QueuedWork waiting(stream);
        eachPart(count, [&](size_t from, int samples) {
            const size_t floats = static_cast<size_t>(samples) * inputWidth();
            upload(memory.inputs, chains + from * inputWidth(), floats, stream);
            memory.inference->langevin(memory.parameters,
                                       {memory.inputs, samples, sizes, steps, seed, static_cast<uint32_t>(from), first}, stream);
            download(chains + from * inputWidth(), memory.inputs, floats, stream);
        });
        work.wait("Langevin steps");
    }

    const int32_t device;
    const slicedscore::Network network;
    const slicedscore::Execution execution;
    const bool hasUnits;
    const int capacity;

private:
    size_t inputWidth() const { return static_cast<size_t>(network.inputs()); }
    size_t dimension() const { return static_cast<size_t>(network.dimension); }

    template <typename Body>
    void inOrderWith(cudaStream_t theirs, const Body& body) const {
        const slicedscore::DeviceScope scope(device);
        slicedscore::QueuedWork waiting(work.queue());
        handover.begin(theirs, work.queue());
        body();
        handover.end(work.queue(), theirs);
        waiting.leave();
    }

    template <typename Body>
    void eachPart(int64_t rows, const Body& body) const {
        for (int64_t from = 0; from < rows; from += capacity) {
            body(static_cast<size_t>(from), static_cast<int>(std::min<int64_t>(capacity, rows - from)));
        }
    }

    slicedscore::Units units() const {
        const slicedscore::ScorerMemory& memory = work.arrays();
        return {memory.shift, memory.scale, offset};
    }

    void queueEvaluation(const float* inputs, int64_t rows, float* values, float* scores) const {
        using namespace slicedscore;
        const ScorerMemory& memory = work.arrays();
        const cudaStream_t stream = work.queue();
        eachPart(rows, [&](size_t from, int samples) {
            const size_t count = static_cast<size_t>(samples);
            upload(memory.inputs, inputs + from * inputWidth(), count * inputWidth(), stream);
            memory.inference->evaluate(units(), memory.parameters, memory.inputs, samples, values == nullptr ? nullptr : memory.values,
                                       scores == nullptr ? nullptr : memory.results, stream);
            if (values != nullptr) {
                download(values + from, memory.values, count, stream);
            }
            if (scores != nullptr) {
                download(scores + from * dimension(), memory.results, count * dimension(), stream);
            }
        });
    }

    void queueProducts(const float* inputs, const float* directions, int64_t rows, float* products) const {
        using namespace slicedscore;
        const ScorerMemory& memory = work.arrays();
        const cudaStream_t stream = work.queue();
        eachPart(rows, [&](size_t from, int samples) {
            const size_t floats = static_cast<size_t>(samples) * dimension();
            upload(memory.inputs, inputs + from * inputWidth(), static_cast<size_t>(samples) * inputWidth(), stream);
            upload(memory.directions, directions + from * dimension(), floats, stream);
            memory.inference->multiply(units(), memory.parameters, memory.inputs, memory.directions, samples, memory.results, stream);
            download(products + from * dimension(), memory.results, floats, stream);
        });
    }

    const double offset;  // of values, for the units
    const slicedscore::DeviceWork<slicedscore::ScorerMemory> work;
    const slicedscore::Handover handover;
};

namespace slicedscore {
namespace {

void checkUnits(const Network& network, const double* shift, const double* scale) {
    require((shift == nullptr) == (scale == nullptr), SS_HERE, "ss_scorer_open: shift and scale come both or not at all");
    for (int i = 0; scale != nullptr && i < network.inputs(); ++i) {
        require(std::isfinite(shift[i]) && std::isfinite(scale[i]) && scale[i] > 0, SS_HERE,
                format("ss_scorer_open: column %d has the shift %g and the scale %g", i, shift[i], scale[i]));
    }
}

// The host can't wait for these, so it can't hand them over either.
void requireOnDevice(const char* function, std::initializer_list<const void*> arrays) {
    for (const void* array : arrays) {
        require(array == nullptr || isOnDevice(array), SS_HERE, format("%s: an array is not on a device", function));
    }
}

void checkEvaluation(const char* function, const ss_scorer* scorer, const float* inputs, int64_t rows, const float* values) {
    require(scorer != nullptr && inputs != nullptr, SS_HERE, format("%s: scorer or inputs is null", function));
    require(rows >= 1, SS_HERE, format("%s: %lld rows", function, static_cast<long long>(rows)));
    require(values == nullptr || scorer->network.energy, SS_HERE,
            format("%s: a score network has no density, so there are no values to compute", function));
}

void checkProducts(const char* function, const ss_scorer* scorer, const float* inputs, const float* directions, int64_t rows,
                   const float* products) {
    require(scorer != nullptr && inputs != nullptr && directions != nullptr && products != nullptr, SS_HERE,
            format("%s: scorer, inputs, directions or products is null", function));
    require(rows >= 1, SS_HERE, format("%s: %lld rows", function, static_cast<long long>(rows)));
}

}  // namespace
}  // namespace slicedscore

int32_t ss_scorer_open(int32_t device, const ss_network* network, int32_t precision, int32_t kernels, const float* parameters,
                       int64_t max_rows, const double* shift, const double* scale, ss_scorer** scorer) {
    using namespace slicedscore;
    return guarded([&] {
        require(scorer != nullptr, SS_HERE, "ss_scorer_open: scorer is null");
        *scorer = nullptr;
        require(parameters != nullptr, SS_HERE, "ss_scorer_open: parameters is null");
        checkUnits(Network(network), shift, scale);
        const DeviceScope scope(device);
        *scorer = new ss_scorer(device, network, Execution(device, precision, kernels), parameters, max_rows, shift, scale);
    });
}

int32_t ss_scorer_evaluate(ss_scorer* scorer, const float* inputs, int64_t rows, float* values, float* scores) {
    using namespace slicedscore;
    return guarded([&] {
        checkEvaluation("ss_scorer_evaluate", scorer, inputs, rows, values);
        scorer->evaluate(inputs, rows, values, scores);
    });
}

int32_t ss_scorer_jvp(ss_scorer* scorer, const float* inputs, const float* directions, int64_t rows, float* products) {
    using namespace slicedscore;
    return guarded([&] {
        checkProducts("ss_scorer_jvp", scorer, inputs, directions, rows, products);
        scorer->jvp(inputs, directions, rows, products);
    });
}

int32_t ss_scorer_evaluate_queued(ss_scorer* scorer, void* stream, const float* inputs, int64_t rows, float* values,
                                  float* scores) {
    using namespace slicedscore;
    return guarded([&] {
        checkEvaluation("ss_scorer_evaluate_queued", scorer, inputs, rows, values);
        requireOnDevice("ss_scorer_evaluate_queued", {inputs, values, scores});
        scorer->evaluateIn(static_cast<cudaStream_t>(stream), inputs, rows, values, scores);
    });
}

int32_t ss_scorer_jvp_queued(ss_scorer* scorer, void* stream, const float* inputs, const float* directions, int64_t rows,
                             float* products) {
    using namespace slicedscore;
    return guarded([&] {
        checkProducts("ss_scorer_jvp_queued", scorer, inputs, directions, rows, products);
        requireOnDevice("ss_scorer_jvp_queued", {inputs, directions, products});
        scorer->jvpIn(static_cast<cudaStream_t>(stream), inputs, directions, rows, products);
    });
}

int32_t ss_scorer_langevin(ss_scorer* scorer, float* chains, int64_t count, const double* sizes, int64_t steps, uint64_t seed,
                           int64_t first) {
    using namespace slicedscore;
    return guarded([&] {
        require(scorer != nullptr && chains != nullptr && sizes != nullptr, SS_HERE,
                "ss_scorer_langevin: scorer, chains or sizes is null");
        require(!scorer->hasUnits, SS_HERE, "ss_scorer_langevin: the scorer has units, chains are in the network's own");
        require(count >= 1 && count <= UINT32_MAX, SS_HERE,
                format("ss_scorer_langevin: %lld chains", static_cast<long long>(count)));
        require(steps >= 1 && first >= 0 && steps < INT64_MAX - first, SS_HERE,
                format("ss_scorer_langevin: %lld steps from %lld on", static_cast<long long>(steps), static_cast<long long>(first)));
        const double* const bad = std::find_if_not(sizes, sizes + steps, [](double h) { return h >= 0 && std::isfinite(h); });
        require(bad == sizes + steps, SS_HERE, format("ss_scorer_langevin: step %td has no size", bad - sizes));
        scorer->langevin(chains, count, sizes, steps, seed, first);
    });
}

int32_t ss_scorer_close(ss_scorer* scorer) {
    return slicedscore::guarded([&] { slicedscore::close(scorer); });
}
