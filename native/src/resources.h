// Owners of what the CUDA runtime hands out: each frees what it holds when it goes out of scope.
#pragma once

#include <cuda_runtime.h>

#include <cstddef>

#include "status.h"

namespace slicedscore {

// Floats on the device that is current when it is made.
class DeviceFloats {
public:
    // The purpose is for the message of a failed allocation. A count of 0 allocates nothing.
    DeviceFloats(size_t count, const char* purpose);
    ~DeviceFloats();
    DeviceFloats(const DeviceFloats&) = delete;
    DeviceFloats& operator=(const DeviceFloats&) = delete;

    float* get() const { return pointer; }
    size_t bytes() const { return count * sizeof(float); }

    // Queued in the stream; the host array must live until the stream has been waited for.
    void copyFrom(const float* host, cudaStream_t stream);
    void copyTo(float* host, cudaStream_t stream) const;

private:
    float* pointer = nullptr;
    size_t count;
    const char* purpose;
};

// A stream that doesn't wait for the legacy default stream.
class Stream {
public:
    Stream();
    ~Stream();
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;

    cudaStream_t get() const { return stream; }
    void synchronize(const char* after) const;

private:
    cudaStream_t stream = nullptr;
};

}  // namespace slicedscore
