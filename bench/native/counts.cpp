// What a training step costs by count, on the emulated device with as many multiprocessors as an H100: launches, tensor-core
// instructions beside those that the layers' products need, bytes between kernels and device memory beside the least possible.
// A table in Markdown.
//
//   slicedscore_counts [CONFIGURATION:PRECISION ...]       default: G1 in all three
//
// Bytes are counted in builds of the preset emulated-traffic only: distinct sectors of 32 bytes for each launch, as if a cache held
// everything within a launch and nothing from one to the next. Half of a step's bytes are thus traffic of the L2 cache where the
// data fits there.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "configs.h"
#include "emulation/control.h"

namespace {

constexpr const char* MULTIPROCESSORS = "132";
constexpr const char* PRECISIONS[] = {"fp32", "tf32", "bf16"};

[[noreturn]] void fail(const std::string& why) {
    std::fprintf(stderr, "slicedscore_counts: %s\n", why.c_str());
    std::exit(2);
}

void succeed(int32_t status) {
    if (status != SS_OK) {
        fail(ss_last_error());
    }
}

double count(const char* name) {
    return static_cast<double>(ss_emulation_counter(name));
}

#if defined(SS_EMULATION_TRAFFIC)
constexpr bool COUNTS_TRAFFIC = true;
#else
constexpr bool COUNTS_TRAFFIC = false;
#endif

double traffic(const char* name) {
    return COUNTS_TRAFFIC ? count(name) : 0;
}

// Of a step: forward and weight gradient of all layers, input gradient of all but the first, over all streams; and of a plain pass,
// forward and input gradient of all layers.
double products(const timings::Config& config) {
    const double first = static_cast<double>(config.dimension) * config.width;
    const double plain = config.kind == timings::Kind::EnergyVarianceReduced ? 2 * config.weights() : 0;
    return config.batch * (config.streams() * (3 * config.weights() - first) + plain);
}

// Instructions that so many products take without any padding.
double instructions(double products, int32_t precision) {
    return precision == SS_FP32 ? 3 * products / 1024 : products / (precision == SS_TF32 ? 1024 : 2048);
}

// Parameters and moments there and back, and the rows of the batch.
double leastBytes(const timings::Config& config) {
    return 24.0 * static_cast<double>(config.parameters()) + 4.0 * config.batch * config.dimension;
}

void printRow(const timings::Config& config, int32_t precision) {
    const ss_network network = config.network();
    ss_training training = config.training();
    training.precision = precision;
    std::vector<float> rows(static_cast<size_t>(config.batch) * static_cast<size_t>(config.dimension));
    for (size_t i = 0; i < rows.size(); ++i) {
        rows[i] = static_cast<float>(i % 17) / 8 - 1;
    }
    const std::vector<float> halfWidths(static_cast<size_t>(config.dimension));
    std::vector<float> parameters(config.parameters());
    for (size_t i = 0; i < parameters.size(); ++i) {
        parameters[i] = static_cast<float>(i % 13) / 64 - 0.09375f;
    }
    const std::vector<float> zeros(parameters.size());
    ss_run* run = nullptr;
    succeed(ss_run_open(0, &network, &training, rows.data(), config.batch, halfWidths.data(), &run));
    succeed(ss_run_set_state(run, 0, parameters.data(), zeros.data(), zeros.data(), nullptr));
    int32_t kernels = 0;
    succeed(ss_run_kernels(run, &kernels));
    const double before[] = {count("launches"), count("mma"), traffic("traffic-read"), traffic("traffic-written")};
    const double rate = 1e-3;
    int64_t done = 0;
    succeed(ss_run_step(run, 1, &rate, nullptr, &done));
    const double mma = count("mma") - before[1];
    const double least = instructions(products(config), precision);
    std::printf("| %s | %s, %s | %.0f | %.0f | %.2f |", config.name, PRECISIONS[precision],
                kernels == SS_KERNELS_FUSED ? "fused" : "layered", count("launches") - before[0], mma, mma / least);
    if (COUNTS_TRAFFIC) {
        const double read = traffic("traffic-read") - before[2];
        const double written = traffic("traffic-written") - before[3];
        std::printf(" %.2f | %.2f | %.1f |\n", read / 1e6, written / 1e6, (read + written) / leastBytes(config));
    } else {
        std::printf(" - | - | - |\n");
    }
    std::fflush(stdout);
    succeed(ss_run_close(run));
}

void parse(const std::string& text) {
    const size_t colon = text.find(':');
    const auto configs = timings::standardConfigs();
    const auto config = std::find_if(configs.begin(), configs.end(), [&](const auto& c) { return text.substr(0, colon) == c.name; });
    const auto precision = std::find(std::begin(PRECISIONS), std::end(PRECISIONS), colon == std::string::npos ? "" : text.substr(colon + 1));
    if (config == configs.end() || precision == std::end(PRECISIONS)) {
        fail("a configuration of configs.h and a precision are wanted, as in G1:tf32, not " + text);
    }
    printRow(*config, static_cast<int32_t>(precision - std::begin(PRECISIONS)));
}

}  // namespace

int main(int argumentCount, char** arguments) {
    if (ss_emulation_set("guard", "off") != 0 || ss_emulation_set("multiprocessors", MULTIPROCESSORS) != 0) {
        return 2;
    }
    std::printf("| configuration | by | launches | mma instructions | of the products' own | MB read | MB written | of the least |\n"
                "| --- | --- | --- | --- | --- | --- | --- | --- |\n");
    std::vector<std::string> wanted(arguments + 1, arguments + argumentCount);
    if (wanted.empty()) {
        wanted = {"G1:fp32", "G1:tf32", "G1:bf16"};
    }
    for (const std::string& text : wanted) {
        parse(text);
    }
    return 0;
}
