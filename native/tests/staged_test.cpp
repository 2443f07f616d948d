// Runs whose rows stay on the host: bit for bit what a run does that has them on the device.

#include <cmath>
#include <limits>

#include "permutation.h"
#include "training.h"
#if defined(SS_EMULATED)
#include "emulation/control.h"
#endif

namespace {

bool isResident(ss_run* run) {
    int32_t resident = -1;
    succeeds(ss_run_resident(run, &resident));
    CHECK(resident == 0 || resident == 1);
    return resident == 1;
}

ss_run* openAt(Problem problem, int32_t residence) {
    problem.training.residence = residence;
    return openRun(problem);
}

bool same(double x, double y) {
    return x == y || (std::isnan(x) && std::isnan(y));
}

// The same calls on both.
class Pair {
public:
    explicit Pair(const Problem& what)
        : problem(what), resident(openAt(what, SS_RESIDENCE_DEVICE)), staged(openAt(what, SS_RESIDENCE_HOST)) {
        CHECK(isResident(resident) && !isResident(staged));
    }
    ~Pair() {
        succeeds(ss_run_close(resident));
        succeeds(ss_run_close(staged));
    }
    Pair(const Pair&) = delete;
    Pair& operator=(const Pair&) = delete;

    void set(const State& state) {
        setState(resident, state);
        setState(staged, state);
        count = state.parameters.size();
    }

    State state() const {
        const State one = stateOf(resident, count);
        CHECK(one == stateOf(staged, count));
        return one;
    }

    void step(int64_t steps, int64_t expected) const {
        const std::vector<double> rates(static_cast<size_t>(steps), 1e-3);
        std::vector<ss_step_result> results[2];
        for (const int which : {0, 1}) {
            int64_t done = -1;
            results[which].assign(rates.size(), ss_step_result{-1, 0, 0});
            succeeds(ss_run_step(which == 0 ? resident : staged, steps, rates.data(), results[which].data(), &done));
            CHECK(done == expected);
        }
        for (size_t i = 0; i < rates.size(); ++i) {
            compare(results[0][i], results[1][i]);
        }
    }

    void gradientAndApply() const {
        ss_step_result applied[2];
        for (const int which : {0, 1}) {
            ss_run* const run = which == 0 ? resident : staged;
            const int64_t rows = problem.training.batch;
            std::vector<float> sum(count);
            double lossSum = 0;
            for (const auto& [from, to] : {std::pair<int64_t, int64_t>{0, rows / 3}, {rows / 3, rows}}) {
                std::vector<float> part(count);
                double loss = 0;
                succeeds(ss_run_gradient(run, from, to, part.data(), &loss));
                for (size_t i = 0; i < count; ++i) {
                    sum[i] += part[i];
                }
                lossSum += loss;
            }
            succeeds(ss_run_apply(run, sum.data(), lossSum, rows, 1e-3, &applied[which]));
        }
        compare(applied[0], applied[1]);
    }

    void stepBatch(const std::vector<float>& inputs) const {
        ss_step_result one{};
        ss_step_result other{};
        succeeds(ss_run_step_batch(resident, nullptr, inputs.data(), 1e-3, &one));
        succeeds(ss_run_step_batch(staged, nullptr, inputs.data(), 1e-3, &other));
        compare(one, other);
    }

private:
    static void compare(const ss_step_result& one, const ss_step_result& other) {
        CHECK(one.step == other.step && same(one.loss, other.loss) && same(one.gradient_norm, other.gradient_norm));
    }

    Problem problem;
    ss_run* resident;
    ss_run* staged;
    size_t count = 0;
};

void checkRoutes(const Problem& problem) {
    std::mt19937 random(2);
    Pair pair(problem);
    const State begin = startOf(problem, 0);
    pair.set(begin);
    pair.step(5, 5);
    pair.step(1, 1);
    pair.gradientAndApply();
    CHECK(pair.state().step == 7);
    pair.stepBatch(reference::normals(problem.batch() * problem.width(), random));
    pair.step(2, 2);
    State later = startOf(problem, 1000003);
    pair.set(later);
    pair.gradientAndApply();
    pair.step(4, 4);
    CHECK(pair.state().step == 1000008);
    // From the start again, to where it was.
    pair.set(begin);
    pair.step(3, 3);
    const State third = pair.state();
    pair.set(begin);
    pair.step(1, 1);
    pair.step(2, 2);
    CHECK(pair.state() == third);
}

// A step that meets a row that is not a number, then steps that don't.
void checkHalted(Problem problem) {
    const auto count = static_cast<int64_t>(problem.count);
    CHECK(4 * problem.training.batch < count);
    const auto row = slicedscore::batchRow(problem.training.seed, count, problem.training.batch, 3, 1);
    problem.rows[static_cast<size_t>(row) * problem.width()] = std::numeric_limits<float>::quiet_NaN();
    Pair pair(problem);
    pair.set(startOf(problem, 0));
    pair.step(7, 3);
    const State stopped = pair.state();
    CHECK(stopped.step == 3);
    pair.step(2, 0);
    CHECK(pair.state() == stopped);
    State behind = stopped;
    behind.step = 4;
    pair.set(behind);
    pair.step(2, 2);
    CHECK(pair.state().step == 6);
}

// More steps than are queued before the host waits for them.
void checkManySteps() {
    ss_training training = reference::training(SS_SSM, 1);
    training.batch = 2;
    const Problem problem = problemOf(reference::network(SS_SCORE, SS_TANH, 1, 0, {}), training, 5);
    Pair pair(problem);
    pair.set(startOf(problem, 0));
    pair.step(70, 70);
    CHECK(pair.state().step == 70);
}

void checkAuto(const Problem& problem) {
    ss_run* const run = openAt(problem, SS_RESIDENCE_AUTO);
    CHECK(isResident(run));
    succeeds(ss_run_close(run));
}

#if defined(SS_EMULATED)
// Rows that would leave next to nothing of the device stay on the host, though they would fit.
void checkRoom(const ss_training& training) {
    const Problem problem = problemOf(reference::network(SS_SCORE, SS_TANH, 4, 0, {8}), training, 50000);
    ss_run* run = openAt(problem, SS_RESIDENCE_DEVICE);
    int64_t bytes = 0;
    succeeds(ss_live_bytes(&bytes));
    succeeds(ss_run_close(run));
    for (const bool enough : {false, true}) {
        CHECK(ss_emulation_set("memory", std::to_string(bytes + bytes / (enough ? 10 : 50)).c_str()) == 0);
        run = openAt(problem, SS_RESIDENCE_AUTO);
        CHECK(isResident(run) == enough);
        succeeds(ss_run_close(run));
    }
    CHECK(ss_emulation_set("memory", "4294967296") == 0);
}

// On a small device.
void checkTooManyRows(const ss_training& training) {
    const Problem problem = problemOf(reference::network(SS_SCORE, SS_TANH, 4, 0, {8}), training, 100000);
    CHECK(ss_emulation_set("memory", "1000000") == 0);
    ss_run* run = openAt(problem, SS_RESIDENCE_AUTO);
    CHECK(!isResident(run));
    const State begin = startOf(problem, 0);
    setState(run, begin);
    const std::vector<double> rates(3, 1e-3);
    int64_t done = 0;
    succeeds(ss_run_step(run, 3, rates.data(), nullptr, &done));
    const State state = stateOf(run, begin.parameters.size());
    succeeds(ss_run_close(run));

    Problem resident = problem;
    resident.training.residence = SS_RESIDENCE_DEVICE;
    fails(SS_OUT_OF_MEMORY, ss_run_open(0, &resident.network, &resident.training, problem.rows.data(), 100000,
                                        problem.halfWidths.data(), &run), "free of 1000000; not even one row fits");
    CHECK(run == nullptr);
    Problem large = problem;
    large.training.batch = 100000;
    fails(SS_OUT_OF_MEMORY, ss_run_open(0, &large.network, &large.training, problem.rows.data(), 100000,
                                        problem.halfWidths.data(), &run), "rows would fit");
    CHECK(ss_emulation_set("memory", "4294967296") == 0);
    run = openAt(problem, SS_RESIDENCE_AUTO);
    CHECK(isResident(run));
    setState(run, begin);
    succeeds(ss_run_step(run, 3, rates.data(), nullptr, &done));
    CHECK(stateOf(run, begin.parameters.size()) == state);
    succeeds(ss_run_close(run));
}
#endif

}  // namespace

int main() {
    requireLibraryDevice();
    ss_training training = reference::training(SS_SSM_VR, 2);
    training.batch = 11;
    training.seed = 0x123456789ABCDEF0ull;
    training.noise = 0.1;
    training.average_decay = 0.9;
    const ss_network energy = reference::network(SS_ENERGY, SS_TANH, 5, 1, {9, 6}, 0.25);
    Problem rounded = problemOf(energy, training, 23);  // steps straddle epochs
    rounded.halfWidths = {0.5f, 0, 0.25f, 0, 0.1f};
    checkRoutes(rounded);
    checkHalted(problemOf(energy, training, 60));
    training.objective = SS_DSM;
    training.batch = 12;
    checkRoutes(problemOf(reference::network(SS_SCORE, SS_SOFTPLUS, 5, 0, {9}), training, 5));  // several epochs in a step
    checkManySteps();
    checkAuto(rounded);
#if defined(SS_EMULATED)
    checkTooManyRows(training);
    checkRoom(training);
#endif
    checkNothingLives();
    std::printf("staged runs: as resident ones\n");
    return 0;
}
