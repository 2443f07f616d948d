// What is alive and what was made, what was called and what kernels did; tests ask for it by name through
// ss_emulation_counter.
#pragma once

#include <cstdint>

namespace emulation {

// What a program makes and must free.
struct Tally {
    int64_t alive = 0;
    int64_t made = 0;  // since the program's start

    void operator++() {
        ++alive;
        ++made;
    }
    void operator--() { --alive; }
};

struct Counters {
    int64_t calls = 0;
    Tally deviceAllocations;
    int64_t deviceBytes = 0;
    Tally pinnedAllocations;
    Tally streams;
    Tally events;
    Tally graphs;
    Tally graphExecs;
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
