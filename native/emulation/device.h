// The devices, all of the same profile, and which one a host thread has chosen.
#pragma once

#include <cstddef>

namespace emulation {

int currentDevice();

// Bytes allocated on a device.
size_t usedBytes(int device);

// How many bytes of dynamic shared memory a kernel may be launched with: 48 KiB until it is allowed more.
size_t dynamicSharedLimit(const void* function);

}  // namespace emulation
