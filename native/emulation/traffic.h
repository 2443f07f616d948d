// How many bytes kernels move to and from device memory, in the build that counts it (SLICEDSCORE_TRAFFIC); elsewhere nothing
// is counted.
//
// The compiler is told to instrument every access as for ThreadSanitizer, and instrumentation.cpp takes the place of its
// library. What hardware does for a kernel, such as cp.async, the emulation reports itself.
#pragma once

#include <cstddef>

namespace emulation::traffic {

#if defined(SS_EMULATION_TRAFFIC)

// While one lives, this host thread runs a kernel and its accesses count.
class Launch {
public:
    Launch();
    ~Launch();
    Launch(const Launch&) = delete;
    Launch& operator=(const Launch&) = delete;
};

void read(const volatile void* start, size_t bytes);
void write(const volatile void* start, size_t bytes);

#else

class Launch {
public:
    Launch() {}
};

inline void read(const volatile void*, size_t) {}

#endif

}  // namespace emulation::traffic
