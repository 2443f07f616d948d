// Helpers of the tests that run kernels of their own.
#pragma once

#include <cuda_runtime.h>

#include <vector>

#include "check.h"

#define CHECK_CUDA(call)                                                                                     \
    do {                                                                                                     \
        const cudaError_t error_ = (call);                                                                   \
        if (error_ != cudaSuccess) {                                                                         \
            std::fprintf(stderr, "%s:%d: %s: %s\n", __FILE__, __LINE__, #call, cudaGetErrorString(error_)); \
            std::exit(1);                                                                                    \
        }                                                                                                    \
    } while (false)

// Ends the test as skipped where there is no device.
inline void requireDevice() {
    int devices = 0;
    if (cudaGetDeviceCount(&devices) != cudaSuccess || devices == 0) {
        std::printf("skipped: no device\n");
        std::exit(77);
    }
}

// 80 for sm_80, and so on.
inline int computeCapability() {
    int major = 0;
    int minor = 0;
    CHECK_CUDA(cudaDeviceGetAttribute(&major, cudaDevAttrComputeCapabilityMajor, 0));
    CHECK_CUDA(cudaDeviceGetAttribute(&minor, cudaDevAttrComputeCapabilityMinor, 0));
    return 10 * major + minor;
}

// An array on the device.
template <typename T>
class DeviceArray {
public:
    explicit DeviceArray(size_t elements) : count(elements) { CHECK_CUDA(cudaMalloc(&pointer, count * sizeof(T))); }
    explicit DeviceArray(const std::vector<T>& host) : DeviceArray(host.size()) {
        // From pageable memory it is back when the last bytes are staged, not when they are there; other streams do not wait for it.
        CHECK_CUDA(cudaMemcpy(pointer, host.data(), count * sizeof(T), cudaMemcpyHostToDevice));
        CHECK_CUDA(cudaStreamSynchronize(nullptr));
    }
    ~DeviceArray() { CHECK_CUDA(cudaFree(pointer)); }
    DeviceArray(const DeviceArray&) = delete;
    DeviceArray& operator=(const DeviceArray&) = delete;

    T* get() const { return pointer; }
    std::vector<T> host() const {
        std::vector<T> values(count);
        CHECK_CUDA(cudaMemcpy(values.data(), pointer, count * sizeof(T), cudaMemcpyDeviceToHost));
        return values;
    }

private:
    T* pointer = nullptr;
    size_t count;
};

inline cudaLaunchConfig_t launchConfig(unsigned blocks, unsigned threads, size_t dynamicBytes = 0,
                                       cudaStream_t stream = nullptr) {
    cudaLaunchConfig_t config{};
    config.gridDim = dim3(blocks);
    config.blockDim = dim3(threads);
    config.dynamicSmemBytes = dynamicBytes;
    config.stream = stream;
    return config;
}
