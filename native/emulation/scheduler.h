// Runs the threads of a grid, in the order of the schedule.
#pragma once

#include <functional>
#include <vector>

#include "emulation/language.h"

namespace emulation {

struct Grid {
    const void* function = nullptr;
    dim3 blocks;
    dim3 threads;
    size_t dynamicBytes = 0;
    unsigned clusterSize = 1;
    bool cooperative = false;
    std::function<void()> body;
};

// Emulated threads are used again and again, and ThreadSanitizer knows that what one does is in order. So that it sees the
// works of different streams as unordered, they get different threads.
constexpr unsigned QUEUES = 4;

// What ThreadSanitizer is to believe: every thread of the grid comes after the tags `after`, and before the tags `done`.
struct Ordering {
    std::vector<const void*> after;
    std::vector<const void*> done;
    unsigned queue = 0;
};

void run(const Grid& grid, const Ordering& ordering);

}  // namespace emulation
