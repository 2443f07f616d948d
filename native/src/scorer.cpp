// ss_scorer_*: inference. Java twin: io.github.slicedscore.internal.cpu.CpuScorer.

#include <algorithm>
#include <memory>

#include "handle.h"
#include "infer.h"
#include "jets.h"
#include "network.h"
#include "prepare.h"
#include "slicedscore.h"

namespace slicedscore {
namespace {

struct ScorerMemory {
    ScorerMemory(const Network& net, int samples)
        : network(net), capacity(samples), plain(net, {0, 0}, samples, net.energy ? Reverse::Input : Reverse::None),
          tangent(net, {1, 0}, samples, net.energy ? Reverse::Input : Reverse::None) {}

    void plan(SlabPlan& plan) {
        const size_t rows = static_cast<size_t>(capacity);
        plain.plan(plan);
        tangent.plan(plan);
        plan.take(parameters, network.parameters());
        plan.take(inputs, rows * static_cast<size_t>(network.inputs()));
        plan.take(directions, rows * static_cast<size_t>(network.dimension));
        plan.take(values, rows);
        plan.take(results, rows * static_cast<size_t>(network.dimension));
    }

    const Network& network;
    int capacity;
    Jets plain;
    Jets tangent;
    float* parameters = nullptr;
    float* inputs = nullptr;
    float* directions = nullptr;
    float* values = nullptr;
    float* results = nullptr;
};

}  // namespace
}  // namespace slicedscore

struct ss_scorer {
    ss_scorer(int32_t device, const ss_network* net, const float* parameters, int64_t max_rows)
        : network(net), capacity(slicedscore::samplesOf(max_rows, 2, "max_rows")),
          work(device, capacity, [this](int samples) { return std::make_unique<slicedscore::ScorerMemory>(network, samples); }) {
        using namespace slicedscore;
        const ScorerMemory& memory = work.arrays();
        const QueuedWork waiting(work.queue());
        upload(memory.parameters, parameters, network.parameters(), work.queue());
        if (network.energy) {
            // f gives the score, and v.grad f gives H v.
            check(launchSeed(memory.plain.seeds, 0, capacity, work.queue()), SS_HERE, "launch of the seeds");
            check(launchSeed(memory.tangent.seeds, 1, capacity, work.queue()), SS_HERE, "launch of the seeds");
        }
        work.wait("opening a scorer");
    }

    void evaluate(const float* inputs, int64_t rows, float* values, float* scores) {
        using namespace slicedscore;
        work.activate();
        const ScorerMemory& memory = work.arrays();
        const Jets& jets = memory.plain;
        const cudaStream_t stream = work.queue();
        const QueuedWork waiting(stream);
        eachPart(rows, [&](size_t from, int samples) {
            start(jets, inputs + from * inputWidth(), nullptr, samples);
            if (values != nullptr) {
                check(launchValues(jets.output, jets.input, network.basePrecision, network.dimension, memory.values, samples, stream),
                      SS_HERE, format("launch of the values, %d rows", samples));
                download(values + from, memory.values, static_cast<size_t>(samples), stream);
            }
            if (scores != nullptr) {
                finish(jets, 0, scores + from * dimension(), samples);
            }
        });
        work.wait("a scorer's evaluation");
    }

    void jvp(const float* inputs, const float* directions, int64_t rows, float* products) {
        work.activate();
        const slicedscore::Jets& jets = work.arrays().tangent;
        const slicedscore::QueuedWork waiting(work.queue());
        eachPart(rows, [&](size_t from, int samples) {
            start(jets, inputs + from * inputWidth(), directions + from * dimension(), samples);
            finish(jets, 1, products + from * dimension(), samples);
        });
        work.wait("a scorer's products");
    }

    const slicedscore::Network network;
    const int capacity;

private:
    size_t inputWidth() const { return static_cast<size_t>(network.inputs()); }
    size_t dimension() const { return static_cast<size_t>(network.dimension); }

    template <typename Body>
    void eachPart(int64_t rows, const Body& body) const {
        for (int64_t from = 0; from < rows; from += capacity) {
            body(static_cast<size_t>(from), static_cast<int>(std::min<int64_t>(capacity, rows - from)));
        }
    }

    // Inputs, directions if any, and the forward pass.
    void start(const slicedscore::Jets& jets, const float* inputs, const float* directions, int samples) const {
        using namespace slicedscore;
        const ScorerMemory& memory = work.arrays();
        const cudaStream_t stream = work.queue();
        upload(memory.inputs, inputs, static_cast<size_t>(samples) * inputWidth(), stream);
        InputRows rows{};
        rows.input = jets.input;
        rows.dimension = network.dimension;
        rows.conditions = network.conditions;
        rows.directions = Directions::None;
        if (directions != nullptr) {
            rows.slices = 1;
            rows.directions = Directions::Given;
            upload(memory.directions, directions, static_cast<size_t>(samples) * dimension(), stream);
        }
        check(launchPrepareGiven(memory.inputs, memory.directions, rows, samples, stream), SS_HERE,
              format("launch of the preparation, %d rows", samples));
        jets.forward(memory.parameters, samples, stream);
    }

    // The score (of stream 0) or its product with the direction (of stream 1).
    void finish(const slicedscore::Jets& jets, int stream, float* host, int samples) const {
        using namespace slicedscore;
        const ScorerMemory& memory = work.arrays();
        const cudaStream_t queue = work.queue();
        if (network.energy) {
            jets.reverse(memory.parameters, samples, queue);
        }
        const Collect collect{network.energy ? jets.inputGradient : jets.output,
                              network.energy ? 0 : stream,
                              jets.input,
                              stream,
                              network.basePrecision,
                              network.dimension};
        check(launchCollect(collect, memory.results, samples, queue), SS_HERE, format("launch of the results, %d rows", samples));
        download(host, memory.results, static_cast<size_t>(samples) * dimension(), queue);
    }

    const slicedscore::DeviceWork<slicedscore::ScorerMemory> work;
};

int32_t ss_scorer_open(int32_t device, const ss_network* network, const float* parameters, int64_t max_rows, ss_scorer** scorer) {
    using namespace slicedscore;
    return guarded([&] {
        require(scorer != nullptr, SS_HERE, "ss_scorer_open: scorer is null");
        *scorer = nullptr;
        require(parameters != nullptr, SS_HERE, "ss_scorer_open: parameters is null");
        *scorer = new ss_scorer(device, network, parameters, max_rows);
    });
}

int32_t ss_scorer_evaluate(ss_scorer* scorer, const float* inputs, int64_t rows, float* values, float* scores) {
    using namespace slicedscore;
    return guarded([&] {
        require(scorer != nullptr && inputs != nullptr, SS_HERE, "ss_scorer_evaluate: scorer or inputs is null");
        require(rows >= 1, SS_HERE, format("ss_scorer_evaluate: %lld rows", static_cast<long long>(rows)));
        require(values == nullptr || scorer->network.energy, SS_HERE,
                "ss_scorer_evaluate: a score network has no density, so there are no values to compute");
        scorer->evaluate(inputs, rows, values, scores);
    });
}

int32_t ss_scorer_jvp(ss_scorer* scorer, const float* inputs, const float* directions, int64_t rows, float* products) {
    using namespace slicedscore;
    return guarded([&] {
        require(scorer != nullptr && inputs != nullptr && directions != nullptr && products != nullptr, SS_HERE,
                "ss_scorer_jvp: scorer, inputs, directions or products is null");
        require(rows >= 1, SS_HERE, format("ss_scorer_jvp: %lld rows", static_cast<long long>(rows)));
        scorer->jvp(inputs, directions, rows, products);
    });
}

int32_t ss_scorer_close(ss_scorer* scorer) {
    return slicedscore::guarded([&] { delete scorer; });
}
