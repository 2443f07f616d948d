// Device and pinned memory.
//
// A device allocation has pages of its own with unmapped ones around, ends as near to its last page's end as its alignment
// of 256 allows, and is closed to the host except while the device works. Fresh memory is NaN. Freed memory stays unmapped
// for a long while, so that its use crashes, whoever uses it.
#pragma once

#include <cstddef>

namespace emulation {

struct Allocation {
    unsigned char* start;
    size_t bytes;
    unsigned char* pages;
    size_t pageBytes;
    int device;
};

// The device allocation that an address lies in, or null.
const Allocation* deviceAllocation(const void* address);
bool isPinned(const void* address);

// While one lives, device memory is open.
class DeviceAccess {
public:
    DeviceAccess();
    ~DeviceAccess();
    DeviceAccess(const DeviceAccess&) = delete;
    DeviceAccess& operator=(const DeviceAccess&) = delete;
};

}  // namespace emulation
