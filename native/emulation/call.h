// What every runtime call has in common: the device's lock, the count, injected failures, sticky errors, the rules of
// stream capture, and the calling thread's last error.
#pragma once

#include "emulation/runtime.h"
#include "sanitizer.h"

namespace emulation {

// One host thread at a time is inside the runtime. ThreadSanitizer doesn't see this lock: that CUDA locks inside is nothing
// that callers may build on.
class DeviceLock {
public:
    DeviceLock();
    ~DeviceLock();
    DeviceLock(const DeviceLock&) = delete;
    DeviceLock& operator=(const DeviceLock&) = delete;
};

enum class Kind {
    Plain,
    Allocation,       // as the next, and counted by the setting fail-allocations
    UnsafeInCapture,  // may synchronise inside, so it is refused while a global capture runs
    Release,          // frees what it is given even when it reports an earlier failure
    Query,            // works without a device; not counted, never made to fail
};

// Says for as long as it lives that the calling thread is inside the runtime.
class Inside {
public:
    Inside();
    ~Inside();
    Inside(const Inside&) = delete;
    Inside& operator=(const Inside&) = delete;
};

// Begins a call: what is wrong already, before it does anything.
cudaError_t beginCall(const char* name, Kind kind);
// Ends it: keeps the error for cudaGetLastError.
cudaError_t endCall(cudaError_t result);

template <typename Body>
cudaError_t call(const char* name, Kind kind, Body&& body) {
    const sanitizer::Unseen unseen;
    const Inside inside;
    const DeviceLock lock;
    const cudaError_t wrong = beginCall(name, kind);
    if (wrong != cudaSuccess && kind != Kind::Release) {
        return endCall(wrong);
    }
    const cudaError_t result = body();
    return endCall(wrong != cudaSuccess ? wrong : result);
}

// The error from which on nothing works any more, as an illegal address in a kernel makes it.
void makeSticky(cudaError_t error);

}  // namespace emulation
