// What is alive, what was called and what kernels did; tests ask for it by name through ss_emulation_counter.
#pragma once

#include <cstdint>

namespace emulation {

struct Counters {
    int64_t calls = 0;
    int64_t deviceAllocations = 0;
    int64_t deviceBytes = 0;
    int64_t pinnedAllocations = 0;
    int64_t streams = 0;
    int64_t events = 0;
    int64_t graphs = 0;
    int64_t graphExecs = 0;
    int64_t pending = 0;

    // Since the program's start, counted when the device does it.
    int64_t launches = 0;
    int64_t cooperativeLaunches = 0;
    int64_t clusterLaunches = 0;
    int64_t mmaTf32 = 0;
    int64_t mmaBf16 = 0;
    int64_t trafficCopied = 0;

    // Only where traffic is counted.
    int64_t requestedRead = 0;
    int64_t requestedWritten = 0;
    int64_t trafficRead = 0;
    int64_t trafficWritten = 0;
};

Counters& counters();

}  // namespace emulation
