#include "work.h"

#include <algorithm>
#include <cmath>
#include <random>

namespace timings {

void checkStatus(int32_t status, const char* call) {
    const std::string words = std::string(call) + ": status " + std::to_string(status) + ": " + ss_last_error();
    if (status == SS_INVALID_ARGUMENT || status == SS_OUT_OF_MEMORY) {
        throw Refused(words);
    }
    if (status != SS_OK) {
        throw std::runtime_error(words);
    }
}

namespace {

int32_t indexOf(const std::string& word, const std::vector<std::string>& words, const char* what) {
    const auto found = std::find(words.begin(), words.end(), word);
    if (found == words.end()) {
        throw std::invalid_argument("no " + std::string(what) + " called '" + word + "'");
    }
    return static_cast<int32_t>(found - words.begin());
}

// In the order of the interface's codes.
const std::vector<std::string> PRECISIONS = {"fp32", "tf32", "bf16"};
const std::vector<std::string> KERNELS = {"auto", "layered", "fused"};

}  // namespace

int32_t precisionOf(const std::string& word) {
    return indexOf(word, PRECISIONS, "precision is");
}

int32_t kernelsOf(const std::string& word) {
    return indexOf(word, KERNELS, "kernels are");
}

const char* wordOf(int32_t precision) {
    return PRECISIONS[static_cast<size_t>(precision)].c_str();
}

Queue::Queue(int32_t device) {
    checkCuda(cudaSetDevice(device), "cudaSetDevice");
    checkCuda(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking), "cudaStreamCreateWithFlags");
    events = std::make_unique<Events>(stream);
}

Queue::~Queue() {
    events.reset();
    static_cast<void>(cudaStreamDestroy(stream));
}

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

DeviceArray onDevice(const std::vector<float>& host) {
    void* pointer = nullptr;
    checkCuda(cudaMalloc(&pointer, host.size() * sizeof(float)), "cudaMalloc");
    DeviceArray array(static_cast<float*>(pointer));
    checkCuda(cudaMemcpy(pointer, host.data(), host.size() * sizeof(float), cudaMemcpyHostToDevice), "cudaMemcpy");
    // From pageable memory it is back when the last bytes are staged, not when they are there; other streams do not wait for it.
    checkCuda(cudaStreamSynchronize(nullptr), "cudaStreamSynchronize");
    return array;
}

void requireFinite(double loss, const Config& config, const char* what) {
    if (!std::isfinite(loss)) {
        throw std::runtime_error(std::string(config.name) + ": " + what + " diverged");
    }
}

}  // namespace

Training::Training(const Config& which, const Computing& how) : config(which), computing(how), queue(how.device) {
    const auto dimension = static_cast<size_t>(config.dimension);
    const auto batchRows = static_cast<size_t>(config.batch);
    const ss_network network = config.network();
    ss_training training = config.training();
    training.precision = computing.precision;
    training.kernels = computing.kernels;
    const std::vector<float> data = normals(4 * batchRows * dimension, 101);
    const std::vector<float> halfWidths(dimension, 0.0f);
    ss_run* opened = nullptr;
    checkStatus(
        ss_run_open(computing.device, &network, &training, data.data(), config.batch * int64_t{4}, halfWidths.data(), &opened),
        "ss_run_open");
    run.reset(opened);
    const std::vector<float> parameters = initialParameters(config);
    const std::vector<float> zeros(parameters.size(), 0.0f);
    checkStatus(ss_run_set_state(opened, 0, parameters.data(), zeros.data(), zeros.data(), nullptr), "ss_run_set_state");
    batch = onDevice(std::vector<float>(data.begin(), data.begin() + static_cast<std::ptrdiff_t>(batchRows * dimension)));
}

std::string Training::description() const {
    char arithmetic[16];
    int32_t kernels = 0;
    checkStatus(ss_device_arithmetic(computing.device, computing.precision, arithmetic, sizeof arithmetic),
                "ss_device_arithmetic");
    checkStatus(ss_run_kernels(run.get(), &kernels), "ss_run_kernels");
    return std::string(arithmetic) + ", " + KERNELS[static_cast<size_t>(kernels)];
}

int64_t Training::stepsFor(double microseconds) {
    constexpr int64_t TRIAL = 4;
    steps(TRIAL);  // the first are slower
    const double one = steps(TRIAL) / TRIAL;
    return std::clamp<int64_t>(static_cast<int64_t>(microseconds / one), TRIAL, 1024);
}

double Training::steps(int64_t count) {
    const std::vector<double> rates(static_cast<size_t>(count), RATE);
    std::vector<ss_step_result> found(static_cast<size_t>(count) + 1);
    int64_t done = 0;
    const double time = queue.events->microseconds(
        [&] { checkStatus(ss_run_step(run.get(), count, rates.data(), found.data(), &done), "ss_run_step"); });
    requireFinite(done == count ? found[static_cast<size_t>(count) - 1].loss : NAN, config, "training");
    return time;
}

double Training::givenBatchSteps(int64_t count) {
    const double time = queue.events->microseconds([&] {
        for (int64_t i = 0; i < count; ++i) {
            checkStatus(ss_run_step_batch(run.get(), queue.stream, batch.get(), RATE, nullptr), "ss_run_step_batch");
        }
    });
    // This call waits, so it reports what the queued steps found.
    ss_step_result last{};
    checkStatus(ss_run_step_batch(run.get(), queue.stream, batch.get(), RATE, &last), "ss_run_step_batch");
    requireFinite(last.loss, config, "training on a batch of the caller's");
    return time;
}

Work::Work(const Config& chosen, const Computing& how, int64_t rows)
    : which(chosen), computed(how), training(chosen, how), queue(how.device) {
    const ss_network network = which.network();
    const std::vector<float> parameters = initialParameters(which);
    ss_scorer* opened = nullptr;
    checkStatus(ss_scorer_open(how.device, &network, how.precision, how.kernels, parameters.data(), rows, nullptr,
                               nullptr, &opened),
                "ss_scorer_open");
    scorer.reset(opened);
    const auto rowCount = static_cast<size_t>(rows);
    const auto dimension = static_cast<size_t>(which.dimension);
    inputs = onDevice(normals(rowCount * dimension, 102));
    directions = onDevice(normals(rowCount * dimension, 103));
    results = onDevice(std::vector<float>(rowCount * dimension));
    values = onDevice(std::vector<float>(rowCount));
}

Times Work::measure(const Amount& amount) {
    Times times{};
    times.step = training.steps(amount.steps) / static_cast<double>(amount.steps);
    times.givenBatchStep = training.givenBatchSteps(amount.steps) / static_cast<double>(amount.steps);
    times.evaluatedRow = evaluate(amount.rows) / static_cast<double>(amount.rows);
    times.jvpRow = jvp(amount.rows) / static_cast<double>(amount.rows);
    times.chainStep = langevin(amount.chains, amount.chainSteps) / static_cast<double>(amount.chains * amount.chainSteps);
    return times;
}

double Work::evaluate(int64_t rows) {
    return queue.events->microseconds([&] {
        checkStatus(ss_scorer_evaluate_queued(scorer.get(), queue.stream, inputs.get(), rows, which.isEnergy() ? values.get() : nullptr,
                                              results.get()),
                    "ss_scorer_evaluate_queued");
    });
}

double Work::jvp(int64_t rows) {
    return queue.events->microseconds([&] {
        checkStatus(ss_scorer_jvp_queued(scorer.get(), queue.stream, inputs.get(), directions.get(), rows, results.get()),
                    "ss_scorer_jvp_queued");
    });
}

// On the scorer's own stream: the call waits.
double Work::langevin(int64_t chains, int64_t count) {
    checkCuda(cudaMemcpyAsync(results.get(), inputs.get(),
                              static_cast<size_t>(chains) * static_cast<size_t>(which.dimension) * sizeof(float),
                              cudaMemcpyDeviceToDevice, queue.stream),
              "cudaMemcpyAsync");
    const std::vector<double> sizes(static_cast<size_t>(count), LANGEVIN_STEP);
    return queue.events->microseconds([&] {
        checkStatus(ss_scorer_langevin(scorer.get(), results.get(), chains, sizes.data(), count, 1, 0), "ss_scorer_langevin");
    });
}

}  // namespace timings
