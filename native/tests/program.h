// A program that makes every call of the interface once, for tests in which something fails on the way: it frees everything at
// its end, and a run's state is one that whole steps have made, or the run is lost and says so.
#pragma once

#include <cstring>
#include <string>
#include <vector>

#include "emulation/control.h"
#include "stream.h"
#include "training.h"

// Whether a call of the library is under way that is the program's.
inline thread_local bool inLibrary = false;

inline constexpr const char* COUNTERS[] = {"device-allocations", "device-bytes", "pinned-allocations", "streams",
                                    "events",             "graphs",       "graph-execs",        "pending"};

inline std::vector<int64_t> alive() {
    std::vector<int64_t> counts;
    for (const char* counter : COUNTERS) {
        counts.push_back(ss_emulation_counter(counter));
    }
    return counts;
}

// What the program needs besides the library; it outlives all failures.
struct Surroundings {
    Problem problem;
    State begin;
    CallerStream stream;
    DeviceArray<float> inputs;
    DeviceArray<float> outputs;
    std::vector<State> states;  // of the run, by the number of updates

    explicit Surroundings(const Problem& what)
        : problem(what), begin(startOf(what, 0)), inputs(what.rows), outputs(what.rows.size()) {}
};

// Makes calls until one fails; then what failed is known.
class Program {
public:
    explicit Program(Surroundings& around) : here(around) {}
    ~Program() {
        // Closing reports nothing that the calls before have not, and frees everything.
        inLibrary = true;
        succeeds(ss_run_close(run));
        succeeds(ss_scorer_close(scorer));
        succeeds(ss_objective_close(objective));
        inLibrary = false;
    }
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    int32_t status() const { return first; }
    const std::string& message() const { return text; }

    void evaluate() {
        const Problem& problem = here.problem;
        std::vector<double> losses(problem.batch());
        std::vector<float> gradient(parameters());
        call([&] { return ss_objective_open(0, &problem.network, &problem.training, problem.training.batch, &objective); });
        call([&] {
            return ss_objective_evaluate(objective, here.begin.parameters.data(), problem.rows.data(), problem.rows.data(),
                                         problem.training.batch, losses.data(), gradient.data());
        });
    }

    void infer() {
        const Problem& problem = here.problem;
        const int64_t rows = problem.training.batch;
        const double sizes[2] = {0.1, 0.1};
        std::vector<float> values(problem.batch());
        std::vector<float> results(problem.rows.size());
        call([&] { return ss_scorer_open(0, &problem.network, SS_FP32, problem.training.kernels, here.begin.parameters.data(), 1, nullptr, nullptr, &scorer); });
        call([&] { return ss_scorer_evaluate(scorer, problem.rows.data(), rows, values.data(), results.data()); });
        call([&] { return ss_scorer_jvp(scorer, problem.rows.data(), problem.rows.data(), rows, results.data()); });
        call([&] {
            return ss_scorer_evaluate_queued(scorer, here.stream.get(), here.inputs.get(), rows, nullptr, here.outputs.get());
        });
        call([&] {
            return ss_scorer_jvp_queued(scorer, here.stream.get(), here.inputs.get(), here.inputs.get(), rows, here.outputs.get());
        });
        call([&] { return ss_scorer_langevin(scorer, results.data(), rows, sizes, 2, 1, 0); });
    }

    void train(int32_t residence) {
        Problem& problem = here.problem;
        problem.training.residence = residence;
        const double rates[2] = {1e-2, 1e-2};
        const State& begin = here.begin;
        std::vector<float> sum(parameters());
        double lossSum = 0;
        int64_t done = 0;
        ss_step_result results[2];
        call([&] {
            return ss_run_open(0, &problem.network, &problem.training, problem.rows.data(), static_cast<int64_t>(problem.count),
                               problem.halfWidths.data(), &run);
        });
        call([&] {
            return ss_run_set_state(run, 0, begin.parameters.data(), begin.first.data(), begin.second.data(), begin.average.data());
        });
        stateIsSet = first == SS_OK;
        call([&] { return ss_run_step(run, 2, rates, results, &done); });
        call([&] { return ss_run_step_batch(run, here.stream.get(), here.inputs.get(), rates[0], nullptr); });
        call([&] { return ss_run_step_batch(run, here.stream.get(), problem.rows.data(), rates[0], results); });
        call([&] { return ss_run_gradient(run, 0, problem.training.batch, sum.data(), &lossSum); });
        call([&] { return ss_run_apply(run, sum.data(), lossSum, problem.training.batch, rates[0], results); });
    }

    // What a caller does who wants to save what there is: the state, or a refusal.
    bool read(State& state) const {
        for (auto* array : {&state.parameters, &state.first, &state.second, &state.average}) {
            array->resize(parameters());
        }
        const int32_t result = ss_run_get_state(run, &state.step, state.parameters.data(), state.first.data(), state.second.data(),
                                                state.average.data());
        CHECK(result == SS_OK || result == SS_CUDA_FATAL ||
              (result == SS_CUDA_ERROR && std::strstr(ss_last_error(), "the run is lost") != nullptr));
        return result == SS_OK;
    }
    bool hasState() const { return stateIsSet; }

private:
    size_t parameters() const { return here.begin.parameters.size(); }

    template <typename Call>
    void call(const Call& body) {
        if (first == SS_OK) {
            inLibrary = true;
            first = body();
            inLibrary = false;
            text = first == SS_OK ? "" : ss_last_error();
        }
    }

    Surroundings& here;
    ss_objective* objective = nullptr;
    ss_run* run = nullptr;
    ss_scorer* scorer = nullptr;
    int32_t first = SS_OK;
    std::string text;
    bool stateIsSet = false;
};

// The states that the calls of train() lead to, one after the other.
inline std::vector<State> wholeSteps(const Surroundings& around) {
    const Problem& problem = around.problem;
    const size_t parameters = around.begin.parameters.size();
    const double rate = 1e-2;
    std::vector<float> sum(parameters);
    double lossSum = 0;
    int64_t done = 0;
    ss_step_result result{};
    ss_run* const run = openRun(problem);
    setState(run, around.begin);
    std::vector<State> states = {stateOf(run, parameters)};
    for (int i = 0; i < 2; ++i) {
        succeeds(ss_run_step(run, 1, &rate, nullptr, &done));
        states.push_back(stateOf(run, parameters));
    }
    for (int i = 0; i < 2; ++i) {
        succeeds(ss_run_step_batch(run, nullptr, problem.rows.data(), rate, &result));
        states.push_back(stateOf(run, parameters));
    }
    succeeds(ss_run_gradient(run, 0, problem.training.batch, sum.data(), &lossSum));
    succeeds(ss_run_apply(run, sum.data(), lossSum, problem.training.batch, rate, &result));
    states.push_back(stateOf(run, parameters));
    succeeds(ss_run_close(run));
    return states;
}

enum class Part { Evaluate, Infer, TrainOnDevice, TrainOnHost };

inline constexpr Part PARTS[] = {Part::Evaluate, Part::Infer, Part::TrainOnDevice, Part::TrainOnHost};

inline void perform(Program& program, Part part) {
    switch (part) {
        case Part::Evaluate:
            return program.evaluate();
        case Part::Infer:
            return program.infer();
        case Part::TrainOnDevice:
            return program.train(SS_RESIDENCE_DEVICE);
        case Part::TrainOnHost:
            return program.train(SS_RESIDENCE_HOST);
    }
}

inline void set(const char* name, int64_t value) {
    CHECK(ss_emulation_set(name, std::to_string(value).c_str()) == 0);
}
