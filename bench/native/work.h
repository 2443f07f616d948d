// One configuration on the device: its run, its scorer, and the pieces of work that are timed.
#pragma once

#include <cuda_runtime.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "configs.h"

namespace timings {

// Ends the program with a status other than 0 and the library's message.
void checkStatus(int32_t status, const char* call);
void checkCuda(cudaError_t error, const char* call);

class Events;

// Microseconds of one step, one row, one step of a chain.
struct Times {
    double step;
    double givenBatchStep;
    double evaluatedRow;
    double jvpRow;
    double chainStep;
};

// How much is done between two events.
struct Amount {
    int64_t steps;
    int64_t rows;
    int64_t chains;
    int64_t chainSteps;
};

class Work {
public:
    Work(int32_t device, const Config& config, int64_t rows);
    ~Work();
    Work(const Work&) = delete;
    Work& operator=(const Work&) = delete;

    const Config& config() const { return which; }

    // Does everything once and times it.
    Times measure(const Amount& amount);

    // Steps that take about so long together, between 4 and 1024.
    int64_t stepsFor(double microseconds);

private:
    double steps(int64_t count);
    double givenBatchSteps(int64_t count);
    double evaluate(int64_t rows);
    double jvp(int64_t rows);
    double langevin(int64_t chains, int64_t count);

    Config which;
    cudaStream_t stream = nullptr;
    std::unique_ptr<Events> events;
    ss_run* run = nullptr;
    ss_scorer* scorer = nullptr;
    float* batch = nullptr;       // [batch][D]
    float* inputs = nullptr;      // [rows][D]
    float* directions = nullptr;  // [rows][D]
    float* results = nullptr;     // [rows][D]
    float* values = nullptr;      // [rows]
};

}  // namespace timings
