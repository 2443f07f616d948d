// Times of work on the device.
#pragma once

#include <cuda_runtime.h>

#include <stdexcept>
#include <string>

namespace timings {

inline void checkCuda(cudaError_t error, const char* call) {
    if (error != cudaSuccess) {
        throw std::runtime_error(std::string(call) + ": " + cudaGetErrorString(error));
    }
}

// Two events around work that is queued in a stream, or done by a call that waits for its own.
class Events {
public:
    explicit Events(cudaStream_t queue) : stream(queue) {
        checkCuda(cudaEventCreate(&start), "cudaEventCreate");
        checkCuda(cudaEventCreate(&end), "cudaEventCreate");
    }
    ~Events() {
        static_cast<void>(cudaEventDestroy(start));
        static_cast<void>(cudaEventDestroy(end));
    }
    Events(const Events&) = delete;
    Events& operator=(const Events&) = delete;

    template <typename Body>
    double microseconds(const Body& body) const {
        checkCuda(cudaStreamSynchronize(stream), "cudaStreamSynchronize");
        checkCuda(cudaEventRecord(start, stream), "cudaEventRecord");
        body();
        checkCuda(cudaEventRecord(end, stream), "cudaEventRecord");
        checkCuda(cudaEventSynchronize(end), "cudaEventSynchronize");
        float milliseconds = 0;
        checkCuda(cudaEventElapsedTime(&milliseconds, start, end), "cudaEventElapsedTime");
        return 1e3 * static_cast<double>(milliseconds);
    }

private:
    cudaStream_t stream;
    cudaEvent_t start = nullptr;
    cudaEvent_t end = nullptr;
};

}  // namespace timings
