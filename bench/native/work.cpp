#include "work.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <random>

namespace timings {

void checkStatus(int32_t status, const char* call) {
    if (status != SS_OK) {
        std::fprintf(stderr, "slicedscore_timings: %s: status %d: %s\n", call, status, ss_last_error());
        std::exit(1);
    }
}

void checkCuda(cudaError_t error, const char* call) {
    if (error != cudaSuccess) {
        std::fprintf(stderr, "slicedscore_timings: %s: %s\n", call, cudaGetErrorString(error));
        std::exit(1);
    }
}

// Two events around work that is queued in a stream, or done by a call that waits for its own.
class Events {
public:
    explicit Events(cudaStream_t queue) : stream(queue) {
        checkCuda(cudaEventCreate(&start), "cudaEventCreate");
        checkCuda(cudaEventCreate(&end), "cudaEventCreate");
    }
    ~Events() {
        static_cast<void>(cudaEventDestroy(start));
        static_cast<void>(cudaEventDestroy(end));
    }
    Events(const Events&) = delete;
    Events& operator=(const Events&) = delete;

    template <typename Body>
    double microseconds(const Body& body) const {
        checkCuda(cudaStreamSynchronize(stream), "cudaStreamSynchronize");
        checkCuda(cudaEventRecord(start, stream), "cudaEventRecord");
        body();
        checkCuda(cudaEventRecord(end, stream), "cudaEventRecord");
        checkCuda(cudaEventSynchronize(end), "cudaEventSynchronize");
        float milliseconds = 0;
        checkCuda(cudaEventElapsedTime(&milliseconds, start, end), "cudaEventElapsedTime");
        return 1e3 * static_cast<double>(milliseconds);
    }

private:
    cudaStream_t stream;
    cudaEvent_t start = nullptr;
    cudaEvent_t end = nullptr;
};

namespace {

constexpr double RATE = 1e-3;

// Short: the network is untrained, and long steps would let chains run away. They cost what others cost.
constexpr double LANGEVIN_STEP = 1e-4;

std::vector<float> normals(size_t count, unsigned seed) {
    std::mt19937 random(seed);
    std::normal_distribution<float> normal;
    std::vector<float> values(count);
    std::generate(values.begin(), values.end(), [&] { return normal(random); });
    return values;
}

// Weights with deviation 1/sqrt(inputs), biases 0.
std::vector<float> initialParameters(const Config& config) {
    const ss_network shape = config.network();
    std::vector<float> values;
    for (int layer = 0; layer < shape.layers; ++layer) {
        const auto inputs = static_cast<size_t>(shape.widths[layer]);
        const auto outputs = static_cast<size_t>(shape.widths[layer + 1]);
        for (const float weight : normals(inputs * outputs, static_cast<unsigned>(layer + 1))) {
            values.push_back(weight / std::sqrt(static_cast<float>(inputs)));
        }
        values.resize(values.size() + outputs, 0.0f);
    }
    return values;
}

float* onDevice(const std::vector<float>& host) {
    void* pointer = nullptr;
    checkCuda(cudaMalloc(&pointer, host.size() * sizeof(float)), "cudaMalloc");
    checkCuda(cudaMemcpy(pointer, host.data(), host.size() * sizeof(float), cudaMemcpyHostToDevice), "cudaMemcpy");
    return static_cast<float*>(pointer);
}

}  // namespace

Work::Work(int32_t device, const Config& config, int64_t rows) : which(config) {
    checkCuda(cudaSetDevice(device), "cudaSetDevice");
    checkCuda(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking), "cudaStreamCreateWithFlags");
    events = std::make_unique<Events>(stream);

    const auto dimension = static_cast<size_t>(config.dimension);
    const auto batchRows = static_cast<size_t>(config.batch);
    const ss_network network = config.network();
    const ss_training training = config.training();
    const std::vector<float> data = normals(4 * batchRows * dimension, 101);
    const std::vector<float> halfWidths(dimension, 0.0f);
    checkStatus(ss_run_open(device, &network, &training, data.data(), config.batch * int64_t{4}, halfWidths.data(), &run),
                "ss_run_open");
    const std::vector<float> parameters = initialParameters(config);
    const std::vector<float> zeros(parameters.size(), 0.0f);
    checkStatus(ss_run_set_state(run, 0, parameters.data(), zeros.data(), zeros.data(), nullptr), "ss_run_set_state");
    checkStatus(ss_scorer_open(device, &network, SS_FP32, SS_KERNELS_AUTO, parameters.data(), rows, nullptr, nullptr, &scorer), "ss_scorer_open");

    const auto rowCount = static_cast<size_t>(rows);
    batch = onDevice(std::vector<float>(data.begin(), data.begin() + static_cast<std::ptrdiff_t>(batchRows * dimension)));
    inputs = onDevice(normals(rowCount * dimension, 102));
    directions = onDevice(normals(rowCount * dimension, 103));
    results = onDevice(std::vector<float>(rowCount * dimension));
    values = onDevice(std::vector<float>(rowCount));
}

Work::~Work() {
    ss_scorer_close(scorer);
    ss_run_close(run);
    for (float* const array : {batch, inputs, directions, results, values}) {
        static_cast<void>(cudaFree(array));
    }
    events.reset();
    static_cast<void>(cudaStreamDestroy(stream));
}

Times Work::measure(const Amount& amount) {
    Times times{};
    times.step = steps(amount.steps) / static_cast<double>(amount.steps);
    times.givenBatchStep = givenBatchSteps(amount.steps) / static_cast<double>(amount.steps);
    times.evaluatedRow = evaluate(amount.rows) / static_cast<double>(amount.rows);
    times.jvpRow = jvp(amount.rows) / static_cast<double>(amount.rows);
    times.chainStep = langevin(amount.chains, amount.chainSteps) / static_cast<double>(amount.chains * amount.chainSteps);
    return times;
}

int64_t Work::stepsFor(double microseconds) {
    constexpr int64_t TRIAL = 4;
    steps(TRIAL);  // the first are slower
    const double one = steps(TRIAL) / TRIAL;
    return std::clamp<int64_t>(static_cast<int64_t>(microseconds / one), TRIAL, 1024);
}

double Work::steps(int64_t count) {
    const std::vector<double> rates(static_cast<size_t>(count), RATE);
    std::vector<ss_step_result> found(static_cast<size_t>(count) + 1);
    int64_t done = 0;
    const double time = events->microseconds(
        [&] { checkStatus(ss_run_step(run, count, rates.data(), found.data(), &done), "ss_run_step"); });
    if (done != count || !std::isfinite(found[static_cast<size_t>(count) - 1].loss)) {
        std::fprintf(stderr, "slicedscore_timings: %s: training diverged after %lld of %lld steps\n", which.name,
                     static_cast<long long>(done), static_cast<long long>(count));
        std::exit(1);
    }
    return time;
}

double Work::givenBatchSteps(int64_t count) {
    const double time = events->microseconds([&] {
        for (int64_t i = 0; i < count; ++i) {
            checkStatus(ss_run_step_batch(run, stream, batch, RATE, nullptr), "ss_run_step_batch");
        }
    });
    // This call waits, so it reports what the queued steps found.
    ss_step_result last{};
    checkStatus(ss_run_step_batch(run, stream, batch, RATE, &last), "ss_run_step_batch");
    if (!std::isfinite(last.loss)) {
        std::fprintf(stderr, "slicedscore_timings: %s: training on a batch of the caller's diverged\n", which.name);
        std::exit(1);
    }
    return time;
}

double Work::evaluate(int64_t rows) {
    return events->microseconds([&] {
        checkStatus(ss_scorer_evaluate_queued(scorer, stream, inputs, rows, which.energy ? values : nullptr, results),
                    "ss_scorer_evaluate_queued");
    });
}

double Work::jvp(int64_t rows) {
    return events->microseconds([&] {
        checkStatus(ss_scorer_jvp_queued(scorer, stream, inputs, directions, rows, results), "ss_scorer_jvp_queued");
    });
}

// On the scorer's own stream: the call waits.
double Work::langevin(int64_t chains, int64_t count) {
    checkCuda(cudaMemcpyAsync(results, inputs, static_cast<size_t>(chains) * static_cast<size_t>(which.dimension) * sizeof(float),
                              cudaMemcpyDeviceToDevice, stream),
              "cudaMemcpyAsync");
    const std::vector<double> sizes(static_cast<size_t>(count), LANGEVIN_STEP);
    return events->microseconds([&] {
        checkStatus(ss_scorer_langevin(scorer, results, chains, sizes.data(), count, 1, 0), "ss_scorer_langevin");
    });
}

}  // namespace timings
