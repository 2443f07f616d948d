// A caller's streams and events, and what streams are given to do.
#pragma once

#include "device.h"

class CallerStream {
public:
    CallerStream() { CHECK_CUDA(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking)); }
    ~CallerStream() { CHECK_CUDA(cudaStreamDestroy(stream)); }
    CallerStream(const CallerStream&) = delete;
    CallerStream& operator=(const CallerStream&) = delete;

    cudaStream_t get() const { return stream; }
    void synchronize() const { CHECK_CUDA(cudaStreamSynchronize(stream)); }

private:
    cudaStream_t stream = nullptr;
};

class CallerEvent {
public:
    CallerEvent() { CHECK_CUDA(cudaEventCreateWithFlags(&event, cudaEventDisableTiming)); }
    ~CallerEvent() { CHECK_CUDA(cudaEventDestroy(event)); }
    CallerEvent(const CallerEvent&) = delete;
    CallerEvent& operator=(const CallerEvent&) = delete;

    void record(cudaStream_t stream) const { CHECK_CUDA(cudaEventRecord(event, stream)); }
    void holdBack(cudaStream_t stream) const { CHECK_CUDA(cudaStreamWaitEvent(stream, event)); }
    void synchronize() const { CHECK_CUDA(cudaEventSynchronize(event)); }

private:
    cudaEvent_t event = nullptr;
};

// Host memory that streams read and write while the host goes on.
class PinnedFloats {
public:
    explicit PinnedFloats(size_t floats) : count(floats) { CHECK_CUDA(cudaMallocHost(&pointer, count * sizeof(float))); }
    explicit PinnedFloats(const std::vector<float>& values) : PinnedFloats(values.size()) {
        for (size_t i = 0; i < count; ++i) {
            pointer[i] = values[i];
        }
    }
    ~PinnedFloats() { CHECK_CUDA(cudaFreeHost(pointer)); }
    PinnedFloats(const PinnedFloats&) = delete;
    PinnedFloats& operator=(const PinnedFloats&) = delete;

    float* get() const { return pointer; }
    float operator[](size_t index) const { return pointer[index]; }

private:
    float* pointer = nullptr;
    size_t count;
};

inline void queueCopy(float* target, const float* source, size_t count, cudaStream_t stream) {
    CHECK_CUDA(cudaMemcpyAsync(target, source, count * sizeof(float), cudaMemcpyDefault, stream));
}

// Makes the floats NaN.
inline void queueSpoiling(float* target, size_t count, cudaStream_t stream) {
    CHECK_CUDA(cudaMemsetAsync(target, 0xff, count * sizeof(float), stream));
}
