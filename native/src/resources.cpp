#include "resources.h"

namespace slicedscore {

DeviceFloats::DeviceFloats(size_t floats, const char* what) : count(floats), purpose(what) {
    if (count == 0) {
        return;
    }
    void* memory = nullptr;
    const cudaError_t result = cudaMalloc(&memory, bytes());
    if (result == cudaErrorMemoryAllocation) {
        size_t free = 0;
        size_t total = 0;
        static_cast<void>(cudaGetLastError());
        static_cast<void>(cudaMemGetInfo(&free, &total));
        check(result, SS_HERE,
              format("cudaMalloc of %zu bytes for %s, with %zu bytes free of %zu", bytes(), purpose, free, total));
    }
    check(result, SS_HERE, format("cudaMalloc of %zu bytes for %s", bytes(), purpose));
    pointer = static_cast<float*>(memory);
}

DeviceFloats::~DeviceFloats() {
    if (pointer != nullptr) {
        static_cast<void>(cudaFree(pointer));  // a destructor can't report; the failure shows at the next call
    }
}

void DeviceFloats::copyFrom(const float* host, cudaStream_t stream) {
    if (count != 0) {
        check(cudaMemcpyAsync(pointer, host, bytes(), cudaMemcpyHostToDevice, stream), SS_HERE,
              format("cudaMemcpyAsync of %zu bytes of %s to the device", bytes(), purpose));
    }
}

void DeviceFloats::copyTo(float* host, cudaStream_t stream) const {
    if (count != 0) {
        check(cudaMemcpyAsync(host, pointer, bytes(), cudaMemcpyDeviceToHost, stream), SS_HERE,
              format("cudaMemcpyAsync of %zu bytes of %s to the host", bytes(), purpose));
    }
}

Stream::Stream() {
    check(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking), SS_HERE, "cudaStreamCreateWithFlags");
}

Stream::~Stream() {
    // Work that was queued before an exception may still use host arrays of the caller.
    static_cast<void>(cudaStreamSynchronize(stream));
    static_cast<void>(cudaStreamDestroy(stream));
}

void Stream::synchronize(const char* after) const {
    check(cudaStreamSynchronize(stream), SS_HERE, format("cudaStreamSynchronize after %s", after));
}

}  // namespace slicedscore
