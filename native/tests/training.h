// Training runs of the C interface: data, settings, state.
#pragma once

#include "calls.h"
#include "mlp.h"

struct Problem {
    ss_network network;
    ss_training training;
    std::vector<float> rows;
    size_t count;
    std::vector<float> halfWidths;

    size_t dimension() const { return static_cast<size_t>(network.dimension); }
    size_t width() const { return static_cast<size_t>(network.widths[0]); }
    size_t batch() const { return static_cast<size_t>(training.batch); }
    size_t slices() const {
        return training.objective == SS_EXACT ? 0 : training.objective == SS_DSM ? 1 : static_cast<size_t>(training.slices);
    }
};

struct State {
    int64_t step = 0;
    std::vector<float> parameters, first, second, average;

    bool operator==(const State& other) const {
        return step == other.step && parameters == other.parameters && first == other.first && second == other.second &&
               average == other.average;
    }
};

inline State stateOf(ss_run* run, size_t parameters) {
    State state;
    for (auto* array : {&state.parameters, &state.first, &state.second, &state.average}) {
        array->resize(parameters);
    }
    succeeds(ss_run_get_state(run, &state.step, state.parameters.data(), state.first.data(), state.second.data(), state.average.data()));
    return state;
}

inline void setState(ss_run* run, const State& state) {
    succeeds(ss_run_set_state(run, state.step, state.parameters.data(), state.first.data(), state.second.data(), state.average.data()));
}

inline State startOf(const Problem& problem, int64_t step) {
    std::mt19937 random(11);
    State state;
    state.step = step;
    state.parameters = reference::parameters(problem.network, random);
    state.average = state.parameters;
    state.first = reference::normals(state.parameters.size(), random, 0.01);
    state.second.assign(state.parameters.size(), 1e-3f);
    return state;
}

inline ss_run* openRun(const Problem& problem) {
    ss_run* run = nullptr;
    succeeds(ss_run_open(0, &problem.network, &problem.training, problem.rows.data(), static_cast<int64_t>(problem.count),
                         problem.halfWidths.data(), &run));
    return run;
}

inline Problem problemOf(const ss_network& network, const ss_training& training, size_t count) {
    std::mt19937 random(5);
    Problem problem{network, training, {}, count, {}};
    problem.rows = reference::normals(count * problem.width(), random);
    problem.halfWidths.assign(problem.dimension(), 0.0f);
    return problem;
}
