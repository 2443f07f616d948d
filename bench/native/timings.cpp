// Times training steps and inference through the C interface with CUDA events, and prints a table in Markdown.
//
//   slicedscore_timings [--commit TEXT] [--repeats N] [--device N] [--config A,G2] [--precision fp32,tf32,bf16]
//                       [--kernels auto|layered|fused] [--few] [--smoke] [--turns]
//
// Repeats of all configurations are interleaved, and medians taken, so that a clock that sinks meets all alike. What the device
// has no room for, or no instructions, is left out and said so on the standard error.
// --few: three steps of everything and no table, to be run under a profiler.
// --smoke: the same with tiny networks, to see that the program works; the only mode on the emulated device.
// --turns: training steps alone, as many as and when bench/gpu.py asks for them (turns.h).

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "median.h"
#include "turns.h"
#include "work.h"

using namespace timings;

namespace {

constexpr double CALL = 50e3;  // microseconds of steps in one call
constexpr int64_t ROWS = 8192;
constexpr int64_t CHAIN_STEPS = 100;

struct Options {
    std::string commit = "unknown";
    std::string configs;
    std::string precisions = "fp32";
    std::string kernels = "auto";
    int repeats = 7;
    int32_t device = 0;
    bool few = false;
    bool smoke = false;
    bool turns = false;
};

[[noreturn]] void usage(const char* problem) {
    std::fprintf(stderr,
                 "slicedscore_timings: %s\n"
                 "usage: slicedscore_timings [--commit TEXT] [--repeats N] [--device N] [--config A,G2] [--precision fp32,tf32,bf16]\n"
                 "                           [--kernels auto|layered|fused] [--few] [--smoke] [--turns]\n",
                 problem);
    std::exit(2);
}

int number(const char* text, int least) {
    char* end = nullptr;
    const long value = std::strtol(text, &end, 10);
    if (*text == '\0' || *end != '\0' || value < least || value > 1000) {
        usage((std::string("not a number from ") + std::to_string(least) + " to 1000: " + text).c_str());
    }
    return static_cast<int>(value);
}

Options parse(int count, char** arguments) {
    Options options;
    for (int i = 1; i < count; ++i) {
        const std::string name = arguments[i];
        if (name == "--few") {
            options.few = true;
        } else if (name == "--smoke") {
            options.smoke = true;
        } else if (name == "--turns") {
            options.turns = true;
        } else if (i + 1 == count) {
            usage(("unknown, or without its value: " + name).c_str());
        } else if (name == "--commit") {
            options.commit = arguments[++i];
        } else if (name == "--config") {
            options.configs = arguments[++i];
        } else if (name == "--precision") {
            options.precisions = arguments[++i];
        } else if (name == "--kernels") {
            options.kernels = arguments[++i];
        } else if (name == "--repeats") {
            options.repeats = number(arguments[++i], 1);
        } else if (name == "--device") {
            options.device = number(arguments[++i], 0);
        } else {
            usage(("unknown: " + name).c_str());
        }
    }
    return options;
}

std::vector<std::string> split(const std::string& text) {
    std::vector<std::string> words;
    for (size_t from = 0; from <= text.size();) {
        const size_t comma = std::min(text.find(',', from), text.size());
        words.push_back(text.substr(from, comma - from));
        from = comma + 1;
    }
    return words;
}

// The standard ones, or those of "A,G2".
std::vector<Config> chosen(const Options& options) {
    std::vector<Config> configs = options.smoke ? smokeConfigs() : standardConfigs();
    if (options.configs.empty()) {
        return configs;
    }
    std::vector<Config> result;
    for (const std::string& name : split(options.configs)) {
        const auto found = std::find_if(configs.begin(), configs.end(), [&](const Config& c) { return name == c.name; });
        if (found == configs.end()) {
            usage(("no configuration is called '" + name + "'").c_str());
        }
        result.push_back(*found);
    }
    return result;
}

// Every configuration in every precision that was asked for and works here.
std::vector<std::unique_ptr<Work>> openAll(const Options& options, const std::vector<Config>& configs, int64_t rows) {
    std::vector<std::unique_ptr<Work>> works;
    for (const Config& config : configs) {
        for (const std::string& precision : split(options.precisions)) {
            const Computing computing{options.device, precisionOf(precision), kernelsOf(options.kernels)};
            try {
                works.push_back(std::make_unique<Work>(config, computing, rows));
            } catch (const Refused& e) {
                std::fprintf(stderr, "slicedscore_timings: %s, %s is left out: %s\n", config.name, precision.c_str(), e.what());
            }
        }
    }
    return works;
}

std::string version(int number) {
    return std::to_string(number / 1000) + "." + std::to_string(number % 1000 / 10);
}

void printMachine(const Options& options) {
    cudaDeviceProp properties{};
    int driver = 0;
    int runtime = 0;
    int kilohertz = 0;
    checkCuda(cudaGetDeviceProperties(&properties, options.device), "cudaGetDeviceProperties");
    checkCuda(cudaDriverGetVersion(&driver), "cudaDriverGetVersion");
    checkCuda(cudaRuntimeGetVersion(&runtime), "cudaRuntimeGetVersion");
    checkCuda(cudaDeviceGetAttribute(&kilohertz, cudaDevAttrClockRate, options.device), "cudaDeviceGetAttribute");
    std::printf("%s, compute capability %d.%d, %d multiprocessors, at most %d MHz; driver for CUDA %s, runtime %s; commit %s.\n",
                properties.name, properties.major, properties.minor, properties.multiProcessorCount, kilohertz / 1000,
                version(driver).c_str(), version(runtime).c_str(), options.commit.c_str());
}

// One quantity of all repeats.
std::vector<double> column(const std::vector<Times>& times, double Times::*quantity) {
    std::vector<double> values;
    for (const Times& t : times) {
        values.push_back(t.*quantity);
    }
    return values;
}

void printRow(const Work& work, const std::vector<Times>& times) {
    const Config& config = work.config();
    const std::vector<double> steps = column(times, &Times::step);
    const double step = median(steps);
    const auto [least, most] = std::minmax_element(steps.begin(), steps.end());
    std::printf("| %s | %s | %d | %d | %s | %s | %.1f | %.0f %% | %.0f | %.1f | %.3f | %.3f | %.3f |\n", config.name,
                config.description().c_str(), config.dimension, config.batch, wordOf(work.precision()), work.description().c_str(),
                step, 100 * (*most - *least) / step, config.flops() / step / 1e3, median(column(times, &Times::givenBatchStep)),
                1 / median(column(times, &Times::evaluatedRow)), 1 / median(column(times, &Times::jvpRow)),
                1 / median(column(times, &Times::chainStep)));
}

void time(const std::vector<std::unique_ptr<Work>>& works, int repeats) {
    std::vector<Amount> amounts;
    for (const auto& work : works) {
        amounts.push_back({work->stepsFor(CALL), ROWS, ROWS, CHAIN_STEPS});
        work->measure(amounts.back());  // warms up
    }
    std::vector<std::vector<Times>> times(works.size());
    for (int repeat = 0; repeat < repeats; ++repeat) {
        for (size_t i = 0; i < works.size(); ++i) {
            times[i].push_back(works[i]->measure(amounts[i]));
        }
    }
    std::printf("\nMedians of %d interleaved repeats; spread is (max - min) / median. GFLOP/s count a step's matrix products, 12 N P\n"
                "for a score network, 18 N P for an energy by SSM and 22 N P by SSM-VR, with batch N and P weights. Inference on %lld rows on the device.\n\n"
                "| configuration | network | D | batch | precision | by | us/step | spread | GFLOP/s | us/step, batch of the caller's | Mrows/s, "
                "evaluate | Mrows/s, J v | M chain steps/s, Langevin |\n"
                "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n",
                repeats, static_cast<long long>(ROWS));
    for (size_t i = 0; i < works.size(); ++i) {
        printRow(*works[i], times[i]);
    }
}

int run(const Options& options) {
    const std::vector<Config> configs = chosen(options);
    int32_t devices = 0;
    if (ss_device_count(&devices) != SS_OK) {
        std::printf("skipped: %s\n", ss_last_error());
        return 77;
    }
    if (ss_is_emulated() != 0 && !options.smoke) {
        usage("an emulated device is not timed; see with --smoke that this program works");
    }
    if (options.turns) {
        serve(options.device, configs);
        return 0;
    }
    printMachine(options);
    const int64_t rows = options.smoke ? 17 : ROWS;
    const std::vector<std::unique_ptr<Work>> works = openAll(options, configs, rows);
    if (works.empty()) {
        throw std::runtime_error("nothing works here");
    }
    if (!options.few && !options.smoke) {
        time(works, options.repeats);
        return 0;
    }
    for (const auto& work : works) {
        work->measure({3, rows, rows, 3});
        std::printf("%s, %s by %s: works, not timed\n", work->config().name, wordOf(work->precision()),
                    work->description().c_str());
    }
    return 0;
}

}  // namespace

int main(int count, char** arguments) {
    const Options options = parse(count, arguments);
    try {
        return run(options);
    } catch (const std::invalid_argument& e) {
        usage(e.what());
    } catch (const std::runtime_error& e) {
        std::fprintf(stderr, "slicedscore_timings: %s\n", e.what());
        return 1;
    }
}
