// What the probes share: their option, the device, and times of things that are short.
//
// A probe answers one open question about a device, and prints a table in Markdown with what was predicted beside what was
// measured. It also checks that the work which it times is done. Its only option is
//
//   --smoke   everything once, with tiny sizes and without times: the only mode on the emulated device
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "device.h"
#include "events.h"
#include "median.h"
#include "slicedscore.h"
#include "stream.h"

namespace probes {

class Probe {
public:
    // Ends the program as skipped where there is no device.
    Probe(int count, char** arguments, const char* subject) : smoke(parse(count, arguments)), events(stream.get()) {
        if (ss_is_emulated() != 0 && !smoke) {
            std::fprintf(stderr, "%s: an emulated device is not timed; see with --smoke that this program works\n", arguments[0]);
            std::exit(2);
        }
        cudaDeviceProp properties{};
        CHECK_CUDA(cudaGetDeviceProperties(&properties, 0));
        multiprocessors = properties.multiProcessorCount;
        sharedBytes = static_cast<int>(properties.sharedMemPerBlockOptin);
        if (!smoke) {
            warm();
        }
        std::printf("\n#### %s: %s%s\n\n", subject, properties.name, smoke ? ", tiny and not timed" : "");
    }

    cudaStream_t queue() const { return stream.get(); }

    // Microseconds of one of the things of which the body queues as many as it is told: the median of repeats that take some
    // milliseconds each, after one that is not counted. NaN where nothing is timed.
    template <typename Body>
    double microseconds(const Body& body) const {
        constexpr double SHORT = 500;
        constexpr double LONG = 4000;
        constexpr int REPEATS = 7;
        if (smoke) {
            body(2);
            stream.synchronize();
            return NAN;
        }
        int things = 1;
        const auto time = [&] { return events.microseconds([&] { body(things); }); };
        time();
        double all = time();
        while (all < SHORT && things < 1 << 20) {
            things *= 4;
            all = time();
        }
        things = std::max(1, static_cast<int>(things * LONG / all));
        std::vector<double> times;
        for (int i = 0; i < REPEATS; ++i) {
            times.push_back(time() / things);
        }
        return timings::median(times);
    }

    const bool smoke;
    int multiprocessors = 0;
    int sharedBytes = 0;  // that a block may have

private:
    static bool parse(int count, char** arguments) {
        if (count > 2 || (count == 2 && std::strcmp(arguments[1], "--smoke") != 0)) {
            std::fprintf(stderr, "usage: %s [--smoke]\n", arguments[0]);
            std::exit(2);
        }
        requireDevice();
        return count == 2;
    }

    // Half a second of work: an idle device has turned its clocks down.
    void warm() const {
        constexpr double ENOUGH = 5e5;
        constexpr size_t FLOATS = size_t{1} << 24;
        const DeviceArray<float> memory(FLOATS);
        for (double all = 0; all < ENOUGH;) {
            all += events.microseconds([&] {
                for (int i = 0; i < 100; ++i) {
                    CHECK_CUDA(cudaMemsetAsync(memory.get(), 0, FLOATS * sizeof(float), stream.get()));
                }
            });
        }
    }

    CallerStream stream;
    timings::Events events;
};

// A measured figure for a table.
inline std::string cell(double value) {
    if (std::isnan(value)) {
        return "-";
    }
    char text[32];
    std::snprintf(text, sizeof text, value < 100 ? "%.3g" : "%.0f", value);
    return text;
}

// What launches blocks in clusters, or all at once.
inline cudaLaunchAttribute clustersOf(unsigned blocks) {
    cudaLaunchAttribute attribute{};
    attribute.id = cudaLaunchAttributeClusterDimension;
    attribute.val.clusterDim.x = blocks;
    attribute.val.clusterDim.y = 1;
    attribute.val.clusterDim.z = 1;
    return attribute;
}

inline cudaLaunchAttribute cooperative() {
    cudaLaunchAttribute attribute{};
    attribute.id = cudaLaunchAttributeCooperative;
    attribute.val.cooperative = 1;
    return attribute;
}

}  // namespace probes
