// Eight threads make all calls of the interface at once, each on handles of its own: results bit for bit those of a thread
// alone, and messages that belong to the thread that failed.

#include <cstring>
#include <string>
#include <thread>

#include "calls.h"
#include "mlp.h"

namespace {

constexpr int THREADS = 8;
constexpr int ROUNDS = 2;

struct Results {
    std::vector<double> losses;
    std::vector<float> gradient, parameters, sum, scores, products, chains;

    bool operator==(const Results& other) const {
        return losses == other.losses && gradient == other.gradient && parameters == other.parameters && sum == other.sum &&
               scores == other.scores && products == other.products && chains == other.chains;
    }
};

void evaluate(const ss_network& network, const ss_training& training, const std::vector<float>& parameters,
              const std::vector<float>& rows, const std::vector<float>& slices, Results& results) {
    ss_objective* objective = nullptr;
    succeeds(ss_objective_open(0, &network, &training, 8, &objective));
    results.losses.resize(5);
    results.gradient.resize(parameters.size());
    succeeds(ss_objective_evaluate(objective, parameters.data(), rows.data(), slices.data(), 5, results.losses.data(),
                                   results.gradient.data()));
    succeeds(ss_objective_close(objective));
}

void train(const ss_network& network, const ss_training& training, const std::vector<float>& parameters,
           const std::vector<float>& rows, Results& results) {
    const std::vector<float> zeros(parameters.size());
    const float halfWidths[3] = {0.1f, 0, 0};
    const double rates[2] = {1e-2, 1e-3};
    ss_step_result steps[2];
    int64_t done = 0;
    double lossSum = 0;
    ss_run* run = nullptr;
    succeeds(ss_run_open(0, &network, &training, rows.data(), static_cast<int64_t>(rows.size() / 3), halfWidths, &run));
    succeeds(ss_run_set_state(run, 0, parameters.data(), zeros.data(), zeros.data(), parameters.data()));
    succeeds(ss_run_step(run, 2, rates, steps, &done));
    CHECK(done == 2);
    succeeds(ss_run_step_batch(run, nullptr, rows.data(), 1e-3, steps));
    results.sum.resize(parameters.size());
    succeeds(ss_run_gradient(run, 0, training.batch, results.sum.data(), &lossSum));
    succeeds(ss_run_apply(run, results.sum.data(), lossSum, training.batch, 1e-3, steps));
    results.parameters.resize(parameters.size());
    int64_t step = 0;
    int32_t resident = -1;
    succeeds(ss_run_get_state(run, &step, results.parameters.data(), nullptr, nullptr, nullptr));
    succeeds(ss_run_resident(run, &resident));
    CHECK(step == 4 && resident == (training.residence == SS_RESIDENCE_HOST ? 0 : 1));
    succeeds(ss_run_close(run));
}

void infer(const ss_network& network, const std::vector<float>& parameters, const std::vector<float>& rows,
           const std::vector<float>& slices, Results& results) {
    ss_scorer* scorer = nullptr;
    succeeds(ss_scorer_open(0, &network, SS_FP32, SS_KERNELS_AUTO, parameters.data(), 4, nullptr, nullptr, &scorer));
    results.scores.resize(15);
    results.products.resize(15);
    results.chains.assign(rows.begin(), rows.begin() + 15);
    const double sizes[3] = {0.1, 0.05, 0.01};
    succeeds(ss_scorer_evaluate(scorer, rows.data(), 5, nullptr, results.scores.data()));
    succeeds(ss_scorer_jvp(scorer, rows.data(), slices.data(), 5, results.products.data()));
    succeeds(ss_scorer_langevin(scorer, results.chains.data(), 5, sizes, 3, 9, 0));
    succeeds(ss_scorer_close(scorer));
}

void failsWithOwnMessage(int thread) {
    ss_network network = reference::network(SS_ENERGY, SS_TANH, 3, 0, {5});
    network.kind = 100 + thread;
    ss_scorer* scorer = nullptr;
    const float parameter = 0;
    CHECK(ss_scorer_open(0, &network, SS_FP32, SS_KERNELS_AUTO, &parameter, 1, nullptr, nullptr, &scorer) == SS_INVALID_ARGUMENT);
    std::this_thread::yield();
    CHECK(std::strstr(ss_last_error(), std::to_string(100 + thread).c_str()) != nullptr);
}

Results work(int thread) {
    std::mt19937 random(static_cast<unsigned>(thread));
    const ss_network network = reference::network(thread % 2 == 0 ? SS_SCORE : SS_ENERGY, SS_TANH, 3, 0, {5});
    ss_training training = reference::training(SS_SSM, 1);
    training.batch = 5;
    training.seed = static_cast<uint64_t>(thread);
    training.residence = thread % 4 < 2 ? SS_RESIDENCE_DEVICE : SS_RESIDENCE_HOST;
    const auto parameters = reference::parameters(network, random);
    const auto rows = reference::normals(3 * 11, random);
    const auto slices = reference::normals(3 * 5, random);
    Results results;
    evaluate(network, training, parameters, rows, slices, results);
    train(network, training, parameters, rows, results);
    infer(network, parameters, rows, slices, results);
    return results;
}

}  // namespace

int main() {
    requireLibraryDevice();
    std::vector<Results> expected;
    for (int thread = 0; thread < THREADS; ++thread) {
        expected.push_back(work(thread));
    }
    std::vector<std::thread> threads;
    for (int thread = 0; thread < THREADS; ++thread) {
        threads.emplace_back([thread, &expected] {
            for (int round = 0; round < ROUNDS; ++round) {
                CHECK(work(thread) == expected[static_cast<size_t>(thread)]);
                failsWithOwnMessage(thread);
                int64_t count = 0;
                int64_t total = 0;
                char name[64];
                succeeds(ss_memory(0, &count, &total));
                succeeds(ss_device_name(0, name, sizeof name));
                succeeds(ss_device_check(0));
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    checkNothingLives();
    std::printf("threads: %d, %d rounds each\n", THREADS, ROUNDS);
    return 0;
}
