// One configuration on the device: its run, its scorer, and the pieces of work that are timed.
#pragma once

#include <cuda_runtime.h>

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "configs.h"
#include "events.h"

namespace timings {

// What the device has no room or no instructions for.
class Refused : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

// Throws Refused or another std::runtime_error with the library's message.
void checkStatus(int32_t status, const char* call);

// Where and with what it is computed: SS_FP32 and the like, SS_KERNELS_AUTO and the like.
struct Computing {
    int32_t device;
    int32_t precision;
    int32_t kernels;
};

// "fp32", "tf32" or "bf16"; "auto", "layered" or "fused". Throw std::invalid_argument for other words.
int32_t precisionOf(const std::string& word);
int32_t kernelsOf(const std::string& word);
const char* wordOf(int32_t precision);

struct CloseRun {
    void operator()(ss_run* run) const { ss_run_close(run); }
};
struct CloseScorer {
    void operator()(ss_scorer* scorer) const { ss_scorer_close(scorer); }
};
struct FreeDevice {
    void operator()(float* array) const { static_cast<void>(cudaFree(array)); }
};
using DeviceArray = std::unique_ptr<float, FreeDevice>;

// A stream of its own, with what times the work in it.
class Queue {
public:
    explicit Queue(int32_t device);
    ~Queue();
    Queue(const Queue&) = delete;
    Queue& operator=(const Queue&) = delete;

    cudaStream_t stream = nullptr;
    std::unique_ptr<Events> events;
};

// A training from the beginning; its steps' times are in microseconds.
class Training {
public:
    Training(const Config& which, const Computing& how);

    double steps(int64_t count);
    double givenBatchSteps(int64_t count);

    // Steps that take about so long together, between 4 and 1024.
    int64_t stepsFor(double microseconds);

    // "tf32x3, layered", say.
    std::string description() const;

private:
    Config config;
    Computing computing;
    Queue queue;
    std::unique_ptr<ss_run, CloseRun> run;
    DeviceArray batch;  // [batch][D]
};

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
    Work(const Config& chosen, const Computing& how, int64_t rows);

    const Config& config() const { return which; }
    int32_t precision() const { return computed.precision; }
    std::string description() const { return training.description(); }

    // Does everything once and times it.
    Times measure(const Amount& amount);

    int64_t stepsFor(double microseconds) { return training.stepsFor(microseconds); }

private:
    double evaluate(int64_t rows);
    double jvp(int64_t rows);
    double langevin(int64_t chains, int64_t count);

    Config which;
    Computing computed;
    Training training;
    Queue queue;
    std::unique_ptr<ss_scorer, CloseScorer> scorer;
    DeviceArray inputs;      // [rows][D]
    DeviceArray directions;  // [rows][D]
    DeviceArray results;     // [rows][D]
    DeviceArray values;      // [rows]
};

}  // namespace timings
