// What is alive and what was called; tests ask for it by name through ss_emulation_counter.
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
};

Counters& counters();

}  // namespace emulation
