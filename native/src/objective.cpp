// ss_objective_*: losses and gradient of given samples and slices, for tests, validation and optimisers of one's own.

#include <memory>

#include "handle.h"
#include "network.h"
#include "pass.h"
#include "reduce.h"
#include "slicedscore.h"

namespace slicedscore {
namespace {

// Slices that the caller gives: none for exact, the noise for denoising.
int givenSlices(const Objective& objective) {
    switch (objective.kind) {
        case ObjectiveKind::Exact:
            return 0;
        case ObjectiveKind::Denoising:
            return 1;
        default:
            return objective.slices;
    }
}

struct ObjectiveMemory {
    ObjectiveMemory(const Network& net, const Objective& what, const Execution& how, int samples)
        : network(net), capacity(static_cast<size_t>(samples)), given(static_cast<size_t>(givenSlices(what))),
          pass(makePass(net, what, how, samples)) {}

    void plan(SlabPlan& plan) {
        pass->plan(plan);
        plan.take(parameters, network.parameters());
        plan.take(gradient, network.parameters());
        plan.take(inputs, capacity * static_cast<size_t>(network.inputs()));
        plan.take(slices, given * capacity * static_cast<size_t>(network.dimension));
    }

    const Network& network;
    size_t capacity;
    size_t given;
    std::unique_ptr<Pass> pass;
    float* parameters = nullptr;
    float* gradient = nullptr;
    float* inputs = nullptr;
    float* slices = nullptr;
};

}  // namespace
}  // namespace slicedscore

struct ss_objective {
    ss_objective(int32_t deviceNumber, const ss_network* net, const ss_training* training, int64_t max_rows)
        : device(deviceNumber), network(net), objective(network, training), execution(device, training->precision, training->kernels),
          capacity(slicedscore::samplesOf(max_rows, slicedscore::shapeOf(network, objective).streams(), "max_rows")),
          work(capacity, [this](int samples) {
              return std::make_unique<slicedscore::ObjectiveMemory>(network, objective, execution, samples);
          }) {
        work.arrays().pass->initialize(work.queue());
        work.wait("opening an objective");
    }

    void evaluate(const float* parameters, const float* inputs, const float* slices, int samples, double* losses, float* gradient) {
        using namespace slicedscore;
        const DeviceScope scope(device);
        const ObjectiveMemory& memory = work.arrays();
        const cudaStream_t stream = work.queue();
        const size_t rows = static_cast<size_t>(samples);
        const QueuedWork waiting(stream);
        upload(memory.parameters, parameters, network.parameters(), stream);
        upload(memory.inputs, inputs, rows * static_cast<size_t>(network.inputs()), stream);
        if (memory.given > 0) {
            upload(memory.slices, slices, memory.given * rows * static_cast<size_t>(network.dimension), stream);
        }
        const BatchSource source{{}, memory.inputs, memory.slices, 0, samples};
        if (gradient == nullptr) {
            memory.pass->evaluate(source, memory.parameters, stream);
        } else {
            addParts(memory.pass->differentiate(source, memory.parameters, stream), network.parameters(), memory.gradient, stream);
            check(launchMeans(memory.gradient, network.parameters(), samples, stream), SS_HERE, "launch of the gradient's mean");
            download(gradient, memory.gradient, network.parameters(), stream);
        }
        download(losses, memory.pass->losses, rows, stream);
        work.wait("an objective");
    }

    const int32_t device;
    const slicedscore::Network network;
    const slicedscore::Objective objective;
    const slicedscore::Execution execution;
    const int capacity;
    const slicedscore::DeviceWork<slicedscore::ObjectiveMemory> work;
};

int32_t ss_objective_open(int32_t device, const ss_network* network, const ss_training* training, int64_t max_rows,
                          ss_objective** objective) {
    using namespace slicedscore;
    return guarded([&] {
        require(objective != nullptr, SS_HERE, "ss_objective_open: objective is null");
        *objective = nullptr;
        const DeviceScope scope(device);
        *objective = new ss_objective(device, network, training, max_rows);
    });
}

int32_t ss_objective_evaluate(ss_objective* objective, const float* parameters, const float* inputs, const float* slices,
                              int64_t rows, double* losses, float* gradient) {
    using namespace slicedscore;
    return guarded([&] {
        require(objective != nullptr && parameters != nullptr && inputs != nullptr && losses != nullptr, SS_HERE,
                "ss_objective_evaluate: objective, parameters, inputs or losses is null");
        require(slices != nullptr || givenSlices(objective->objective) == 0, SS_HERE, "ss_objective_evaluate: slices is null");
        require(rows >= 1 && rows <= objective->capacity, SS_HERE,
                format("ss_objective_evaluate: %lld rows, opened for 1 to %d", static_cast<long long>(rows), objective->capacity));
        objective->evaluate(parameters, inputs, slices, static_cast<int>(rows), losses, gradient);
    });
}

int32_t ss_objective_close(ss_objective* objective) {
    return slicedscore::guarded([&] { slicedscore::close(objective); });
}
