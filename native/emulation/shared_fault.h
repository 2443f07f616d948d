// Says who touched the shared memory of a block of its cluster that had not begun or had ended, instead of a mere crash.
#pragma once

#include "block.h"

namespace emulation {

// While one lives, and only in the host thread that made it, faults in closed shared memory of these blocks are explained.
// All others go to whoever handled them before.
class SharedFaults {
public:
    explicit SharedFaults(const Cohort& cohort);
    ~SharedFaults();
    SharedFaults(const SharedFaults&) = delete;
    SharedFaults& operator=(const SharedFaults&) = delete;
};

}  // namespace emulation
