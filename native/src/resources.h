// Owners of what the CUDA runtime hands out: each frees what it holds when it goes out of scope.
#pragma once

#include <cuda_runtime.h>

#include <cstddef>

#include "status.h"

namespace slicedscore {

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

// A point in a stream. Before it is recorded, nobody waits for it.
class Event {
public:
    Event();
    ~Event();
    Event(const Event&) = delete;
    Event& operator=(const Event&) = delete;

    // After what the stream holds so far.
    void record(cudaStream_t stream) const;
    // What the stream gets from now on begins after it.
    void holdBack(cudaStream_t stream) const;
    // Waits on the host.
    void synchronize(const char* after) const;

private:
    cudaEvent_t event = nullptr;
};

// Host memory that copies of streams read while the host goes on.
template <typename T>
class Pinned {
public:
    // The purpose is for the message of a failed allocation. A count of 0 allocates nothing.
    Pinned(size_t count, const char* purpose) {
        if (count != 0) {
            const cudaError_t result = cudaMallocHost(&pointer, count * sizeof(T));
            if (result != cudaSuccess) {
                check(result, SS_HERE, format("cudaMallocHost of %zu bytes for %s", count * sizeof(T), purpose));
            }
        }
    }
    ~Pinned() {
        if (pointer != nullptr) {
            static_cast<void>(cudaFreeHost(pointer));  // a destructor can't report; the failure shows at the next call
        }
    }
    Pinned(const Pinned&) = delete;
    Pinned& operator=(const Pinned&) = delete;

    T* get() const { return pointer; }

private:
    T* pointer = nullptr;
};

}  // namespace slicedscore
