// A program that makes every call of the interface once, and in which the n-th call of the CUDA runtime fails, for every n:
// the library says which, leaks nothing, and a run's state is one that whole steps have made, or the run is lost and says so.
// The command line says with which code.

#include <string>

#include "emulation/control.h"
#include "stream.h"
#include "training.h"

namespace {

void set(const char* name, int64_t value) {
    CHECK(ss_emulation_set(name, std::to_string(value).c_str()) == 0);
}

constexpr const char* COUNTERS[] = {"device-allocations", "device-bytes", "pinned-allocations", "streams",
                                    "events",             "graphs",       "graph-execs",        "pending"};

std::vector<int64_t> alive() {
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
        succeeds(ss_run_close(run));
        succeeds(ss_scorer_close(scorer));
        succeeds(ss_objective_close(objective));
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
            first = body();
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
std::vector<State> wholeSteps(const Surroundings& around) {
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

constexpr Part PARTS[] = {Part::Evaluate, Part::Infer, Part::TrainOnDevice, Part::TrainOnHost};

void perform(Program& program, Part part) {
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

// The message has the failed call's name, or what was launched by it.
bool names(const std::string& message, const std::string& call) {
    return message.find(call) != std::string::npos
           || (call == "cudaLaunchKernelEx" && message.find("launch of ") != std::string::npos);
}

// Calls whose failure the library need not report, as they come from destructors or a second wait, or give a thread back its
// own device.
bool mayBeSilent(const std::string& call) {
    return call == "cudaGetDevice" || call == "cudaSetDevice" || call == "cudaFree" || call == "cudaFreeHost"
           || call == "cudaStreamSynchronize" || call == "cudaStreamDestroy"
           || call == "cudaEventDestroy" || call == "cudaGraphDestroy" || call == "cudaGraphExecDestroy";
}

void checkMessage(const Program& program, int64_t code) {
    const std::string failed = ss_emulation_failed_call();
    if (program.status() == SS_OK) {
        CHECK(mayBeSilent(failed));
        return;
    }
    if (code >= 700) {
        // The call after a silent one may be the first to report an error that sticks.
        CHECK(program.status() == SS_CUDA_FATAL && (names(program.message(), failed) || mayBeSilent(failed)));
        return;
    }
    CHECK(program.status() == SS_CUDA_ERROR || program.status() == SS_OUT_OF_MEMORY);
    CHECK(program.status() == SS_CUDA_ERROR || code == cudaErrorMemoryAllocation);
    if (!names(program.message(), failed)) {
        std::fprintf(stderr, "%s failed, the message is: %s\n", failed.c_str(), program.message().c_str());
        std::exit(1);
    }
}

bool hasFailed() {
    return ss_emulation_failed_call()[0] != '\0';
}

// Whether there was an n-th call to fail.
bool checkFailure(Surroundings& around, Part part, int64_t code, int64_t n) {
    const std::vector<int64_t> before = alive();
    ss_emulation_reset();
    set("fail-code", code);
    set("fail", n);
    {
        Program program(around);
        perform(program, part);
        State state;
        if (hasFailed()) {
            checkMessage(program, code);
            if (program.hasState() && program.read(state)) {
                CHECK(state == around.states.at(static_cast<size_t>(state.step)));
            }
        }
    }
    const bool failed = hasFailed();
    ss_emulation_reset();
    CHECK_CUDA(cudaStreamSynchronize(around.stream.get()));  // it may hold work that waits for a handle's
    CHECK(alive() == before);
    checkNothingLives();
    return failed;
}

// With rows that don't fit, a run that may choose keeps them on the host.
void checkFallback(const Surroundings& around) {
    Problem problem = around.problem;
    problem.training.residence = SS_RESIDENCE_AUTO;
    ss_run* run = nullptr;
    // The first call that allocates, after some that ask for the device and its limits.
    for (int64_t n = 1; std::strcmp(ss_emulation_failed_call(), "cudaMalloc") != 0; ++n) {
        CHECK(n < 100);
        succeeds(ss_run_close(run));  // where the call that failed may be silent
        ss_emulation_reset();
        set("fail-code", cudaErrorMemoryAllocation);
        set("fail", n);
        static_cast<void>(ss_run_open(0, &problem.network, &problem.training, problem.rows.data(),
                                      static_cast<int64_t>(problem.count), problem.halfWidths.data(), &run));
    }
    int32_t resident = -1;
    succeeds(ss_run_resident(run, &resident));
    CHECK(resident == 0);
    succeeds(ss_run_close(run));
    ss_emulation_reset();
}

}  // namespace

int main(int argumentCount, char** arguments) {
    if (argumentCount != 2) {
        std::fprintf(stderr, "usage: %s CODE, a CUDA error\n", arguments[0]);
        return 2;
    }
    const int64_t code = std::atoll(arguments[1]);
    int64_t calls = 0;
    for (const int32_t kernels : {SS_KERNELS_LAYERED, SS_KERNELS_FUSED}) {
        ss_training training = reference::training(SS_DSM, 1);
        training.batch = 2;
        training.average_decay = 0.5;
        training.kernels = kernels;
        Surroundings around(problemOf(reference::network(SS_ENERGY, SS_TANH, 1, 0, {1}), training, 2));
        around.states = wholeSteps(around);
        for (const Part part : PARTS) {
            int64_t n = 1;
            while (checkFailure(around, part, code, n)) {
                ++n;
            }
            CHECK(n > 20);
            calls += n - 1;
        }
        checkFallback(around);
    }
    std::printf("failures: %lld, one at a time\n", static_cast<long long>(calls));
    return 0;
}
