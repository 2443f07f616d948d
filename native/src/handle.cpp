#include "handle.h"

#include <atomic>

#include "slicedscore.h"

namespace slicedscore {
namespace {

std::atomic<int64_t> open{0};

}  // namespace

LiveHandle::LiveHandle() {
    ++open;
}

LiveHandle::~LiveHandle() {
    --open;
}

int64_t LiveHandle::count() {
    return open;
}

DeviceScope::DeviceScope(int32_t device) {
    check(cudaGetDevice(&before), SS_HERE, "cudaGetDevice");
    check(cudaSetDevice(device), SS_HERE, format("cudaSetDevice(%d)", device));
}

void Handover::begin(cudaStream_t theirs, cudaStream_t ours) const {
    cudaStreamCaptureStatus capture = cudaStreamCaptureStatusNone;
    check(cudaStreamIsCapturing(theirs, &capture), SS_HERE, "cudaStreamIsCapturing of the caller's stream");
    // A graph of theirs would use our memory whenever it is replayed, in no order with our own work, and after its end.
    require(capture == cudaStreamCaptureStatusNone, SS_HERE, "the stream is being captured into a graph; queue this work outside of it");
    reached.record(theirs);
    reached.holdBack(ours);
}

bool isOnDevice(const void* array) {
    cudaPointerAttributes attributes{};
    check(cudaPointerGetAttributes(&attributes, array), SS_HERE, "cudaPointerGetAttributes");
    return attributes.type == cudaMemoryTypeDevice || attributes.type == cudaMemoryTypeManaged;
}

}  // namespace slicedscore

int32_t ss_live_handles(int64_t* handles) {
    using namespace slicedscore;
    return guarded([&] {
        require(handles != nullptr, SS_HERE, "ss_live_handles: handles is null");
        *handles = LiveHandle::count();
    });
}

int32_t ss_live_bytes(int64_t* bytes) {
    using namespace slicedscore;
    return guarded([&] {
        require(bytes != nullptr, SS_HERE, "ss_live_bytes: bytes is null");
        *bytes = static_cast<int64_t>(liveBytes());
    });
}

int32_t ss_memory(int32_t device, int64_t* free_bytes, int64_t* total_bytes) {
    using namespace slicedscore;
    return guarded([&] {
        require(free_bytes != nullptr && total_bytes != nullptr, SS_HERE, "ss_memory: a null pointer");
        const DeviceScope scope(device);
        size_t free = 0;
        size_t total = 0;
        check(cudaMemGetInfo(&free, &total), SS_HERE, "cudaMemGetInfo");
        *free_bytes = static_cast<int64_t>(free);
        *total_bytes = static_cast<int64_t>(total);
    });
}
