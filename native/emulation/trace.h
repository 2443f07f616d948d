// With the setting `trace`, a line on stderr for every kernel that ran: its name, its grid and what it did.
#pragma once

#include "counters.h"
#include "scheduler.h"

namespace emulation {

class LaunchTrace {
public:
    explicit LaunchTrace(const Grid& grid);
    ~LaunchTrace();
    LaunchTrace(const LaunchTrace&) = delete;
    LaunchTrace& operator=(const LaunchTrace&) = delete;

private:
    const Grid& grid;
    const Counters before;
};

}  // namespace emulation
