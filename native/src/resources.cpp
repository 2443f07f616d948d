#include "resources.h"

namespace slicedscore {

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

Event::Event() {
    check(cudaEventCreateWithFlags(&event, cudaEventDisableTiming), SS_HERE, "cudaEventCreateWithFlags");
}

Event::~Event() {
    static_cast<void>(cudaEventDestroy(event));
}

void Event::record(cudaStream_t stream) const {
    check(cudaEventRecord(event, stream), SS_HERE, "cudaEventRecord");
}

void Event::holdBack(cudaStream_t stream) const {
    check(cudaStreamWaitEvent(stream, event), SS_HERE, "cudaStreamWaitEvent");
}

void Event::synchronize(const char* after) const {
    check(cudaEventSynchronize(event), SS_HERE, format("cudaEventSynchronize after %s", after));
}

}  // namespace slicedscore
