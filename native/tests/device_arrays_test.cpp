// Every array of the interface that may lie on a device, there: bit for bit the results of host arrays.

#include <memory>

#include "device.h"
#include "training.h"

namespace {

// An array for results, on the host or on the device.
template <typename T>
class Results {
public:
    Results(bool onDevice, size_t count) : host(count) {
        if (onDevice) {
            device = std::make_unique<DeviceArray<T>>(count);
        }
    }
    T* get() { return device == nullptr ? host.data() : device->get(); }
    std::vector<T> values() const { return device == nullptr ? host : device->host(); }

private:
    std::vector<T> host;
    std::unique_ptr<DeviceArray<T>> device;
};

// An array that is given.
class Given {
public:
    Given(bool onDevice, const std::vector<float>& values) : host(values) {
        if (onDevice) {
            device = std::make_unique<DeviceArray<float>>(host);
        }
    }
    const float* get() const { return device == nullptr ? host.data() : device->get(); }

private:
    std::vector<float> host;
    std::unique_ptr<DeviceArray<float>> device;
};

struct Everything {
    std::vector<double> losses;
    std::vector<std::vector<float>> arrays;

    bool operator==(const Everything& other) const { return losses == other.losses && arrays == other.arrays; }
};

void evaluate(bool onDevice, const Problem& problem, const State& state, Everything& all) {
    std::mt19937 random(1);
    const size_t rows = problem.batch();
    const Given parameters(onDevice, state.parameters);
    const Given inputs(onDevice, reference::normals(rows * problem.width(), random));
    const Given slices(onDevice, reference::normals(rows * problem.slices() * problem.dimension(), random));
    Results<double> losses(onDevice, rows);
    Results<float> gradient(onDevice, state.parameters.size());
    ss_objective* objective = nullptr;
    succeeds(ss_objective_open(0, &problem.network, &problem.training, problem.training.batch, &objective));
    succeeds(ss_objective_evaluate(objective, parameters.get(), inputs.get(), slices.get(), problem.training.batch, losses.get(),
                                   gradient.get()));
    succeeds(ss_objective_close(objective));
    all.losses = losses.values();
    all.arrays.push_back(gradient.values());
}

void train(bool onDevice, const Problem& problem, const State& state, Everything& all) {
    const size_t count = state.parameters.size();
    const Given rows(onDevice, problem.rows);
    const Given parameters(onDevice, state.parameters);
    const Given first(onDevice, state.first);
    const Given second(onDevice, state.second);
    const Given average(onDevice, state.average);
    ss_run* run = nullptr;
    succeeds(ss_run_open(0, &problem.network, &problem.training, rows.get(), static_cast<int64_t>(problem.count),
                         problem.halfWidths.data(), &run));
    succeeds(ss_run_set_state(run, 3, parameters.get(), first.get(), second.get(), average.get()));
    const double rate = 1e-2;
    int64_t done = 0;
    ss_step_result result{};
    succeeds(ss_run_step(run, 1, &rate, nullptr, &done));
    succeeds(ss_run_step_batch(run, nullptr, rows.get(), rate, &result));
    Results<float> sum(onDevice, count);
    double lossSum = 0;
    succeeds(ss_run_gradient(run, 0, problem.training.batch, sum.get(), &lossSum));
    succeeds(ss_run_apply(run, sum.get(), lossSum, problem.training.batch, rate, &result));
    Results<float> state4[4] = {{onDevice, count}, {onDevice, count}, {onDevice, count}, {onDevice, count}};
    int64_t step = 0;
    succeeds(ss_run_get_state(run, &step, state4[0].get(), state4[1].get(), state4[2].get(), state4[3].get()));
    CHECK(step == 6);
    succeeds(ss_run_close(run));
    all.arrays.push_back(sum.values());
    for (const Results<float>& array : state4) {
        all.arrays.push_back(array.values());
    }
}

void infer(bool onDevice, const Problem& problem, const State& state, bool units, Everything& all) {
    std::mt19937 random(2);
    const size_t rows = 5;
    const std::vector<double> shift(problem.width(), 0.5);
    const std::vector<double> scale(problem.width(), 2);
    const Given parameters(onDevice, state.parameters);
    const std::vector<float> inputRows = reference::normals(rows * problem.width(), random);
    const Given inputs(onDevice, inputRows);
    const Given directions(onDevice, reference::normals(rows * problem.dimension(), random));
    Results<float> values(onDevice, rows);
    Results<float> scores(onDevice, rows * problem.dimension());
    Results<float> products(onDevice, rows * problem.dimension());
    ss_scorer* scorer = nullptr;
    succeeds(ss_scorer_open(0, &problem.network, SS_FP32, SS_KERNELS_AUTO, parameters.get(), 2, units ? shift.data() : nullptr,
                            units ? scale.data() : nullptr, &scorer));
    succeeds(ss_scorer_evaluate(scorer, inputs.get(), rows, values.get(), scores.get()));
    succeeds(ss_scorer_jvp(scorer, inputs.get(), directions.get(), rows, products.get()));
    for (const Results<float>* array : {&values, &scores, &products}) {
        all.arrays.push_back(array->values());
    }
    if (!units) {
        const double sizes[2] = {0.1, 0.01};
        if (onDevice) {
            const DeviceArray<float> chains(inputRows);
            succeeds(ss_scorer_langevin(scorer, chains.get(), rows, sizes, 2, 3, 0));
            all.arrays.push_back(chains.host());
        } else {
            std::vector<float> chains = inputRows;
            succeeds(ss_scorer_langevin(scorer, chains.data(), rows, sizes, 2, 3, 0));
            all.arrays.push_back(chains);
        }
    }
    succeeds(ss_scorer_close(scorer));
}

Everything everything(bool onDevice, const Problem& problem) {
    const State state = startOf(problem, 3);
    Everything all;
    evaluate(onDevice, problem, state, all);
    train(onDevice, problem, state, all);
    infer(onDevice, problem, state, false, all);
    infer(onDevice, problem, state, true, all);
    return all;
}

}  // namespace

int main() {
    requireLibraryDevice();
    ss_training training = reference::training(SS_SSM, 2);
    training.batch = 5;
    training.average_decay = 0.9;
    for (const int32_t residence : {SS_RESIDENCE_DEVICE, SS_RESIDENCE_HOST}) {
        training.residence = residence;
        const Problem problem = problemOf(reference::network(SS_ENERGY, SS_TANH, 3, 1, {6}), training, 8);
        CHECK(everything(true, problem) == everything(false, problem));
    }
    checkNothingLives();
    std::printf("arrays on the device: as on the host\n");
    return 0;
}
