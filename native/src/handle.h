// What objective, run and scorer handles have in common.
#pragma once

#include <cuda_runtime.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "resources.h"
#include "slab.h"
#include "status.h"

namespace slicedscore {

// Counts a handle for as long as it is open.
class LiveHandle {
public:
    LiveHandle();
    ~LiveHandle();
    LiveHandle(const LiveHandle&) = delete;
    LiveHandle& operator=(const LiveHandle&) = delete;

    static int64_t count();
};

// Makes a device the calling thread's, and at the end gives the thread back its own: programs with several choose for
// themselves.
class DeviceScope {
public:
    explicit DeviceScope(int32_t device);
    ~DeviceScope() { static_cast<void>(cudaSetDevice(before)); }
    DeviceScope(const DeviceScope&) = delete;
    DeviceScope& operator=(const DeviceScope&) = delete;

private:
    int before = 0;
};

// A device and the memory and stream on it. Whoever makes, uses or destroys it is in a DeviceScope. `Memory` has plan(SlabPlan&); `make` builds one for a number of samples.
template <typename Memory>
class DeviceWork {
public:
    template <typename Make>
    DeviceWork(int samples, const Make& make) {
        memory = make(samples);
        SlabPlan plan;
        memory->plan(plan);
        slab = std::make_unique<Slab>(plan, samples, [&make](int fewer) {
            const auto smaller = make(fewer);
            SlabPlan smallerPlan;
            smaller->plan(smallerPlan);
            return smallerPlan.bytes();
        });
        stream = std::make_unique<Stream>();
        slab->clear(stream->get());
    }

    Memory& arrays() const { return *memory; }
    cudaStream_t queue() const { return stream->get(); }
    void wait(const char* after) const { stream->synchronize(after); }

private:
    std::unique_ptr<Memory> memory;
    std::unique_ptr<Slab> slab;
    std::unique_ptr<Stream> stream;  // the last, so that its work has ended before the memory goes
    LiveHandle live;
};

// Waits at the end of a call, also after an exception: queued copies may still use the caller's arrays.
class QueuedWork {
public:
    explicit QueuedWork(cudaStream_t queue) : stream(queue) {}
    ~QueuedWork() {
        if (waits) {
            static_cast<void>(cudaStreamSynchronize(stream));
        }
    }
    QueuedWork(const QueuedWork&) = delete;
    QueuedWork& operator=(const QueuedWork&) = delete;

    // All went well, and somebody else waits.
    void leave() { waits = false; }

private:
    cudaStream_t stream;
    bool waits = true;
};

// Orders work with a stream of the caller's, by an event each way.
class Handover {
public:
    // What our stream gets from now on begins after what theirs holds so far. Refuses a stream with which that can't be.
    void begin(cudaStream_t theirs, cudaStream_t ours) const;
    // What theirs gets from now on begins after what ours holds so far.
    void end(cudaStream_t ours, cudaStream_t theirs) const {
        left.record(ours);
        left.holdBack(theirs);
    }

private:
    Event reached;
    Event left;
};

// Queued copies to an array on the device and from one. The other array is on the host or on a device: with unified
// addressing, its address says where.
template <typename T>
void upload(T* device, const T* source, size_t count, cudaStream_t stream) {
    check(cudaMemcpyAsync(device, source, count * sizeof(T), cudaMemcpyDefault, stream), SS_HERE,
          format("cudaMemcpyAsync of %zu bytes to the device", count * sizeof(T)));
}

template <typename T>
void download(T* target, const T* device, size_t count, cudaStream_t stream) {
    check(cudaMemcpyAsync(target, device, count * sizeof(T), cudaMemcpyDefault, stream), SS_HERE,
          format("cudaMemcpyAsync of %zu bytes from the device", count * sizeof(T)));
}

// Whether the device can read an array that the host need not wait for.
bool isOnDevice(const void* array);

// Frees a handle, on its device if CUDA still lets it be chosen.
template <typename Handle>
void close(Handle* handle) {
    if (handle == nullptr) {
        return;
    }
    std::optional<DeviceScope> scope;
    try {
        scope.emplace(handle->device);
    } catch (const std::exception&) {
        // What is freed now would report the same, had it anybody to report to. It may be memory for the message.
    }
    delete handle;
}

}  // namespace slicedscore
