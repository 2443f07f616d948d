// Events: names for a point in a stream.

#include <set>

#include "call.h"
#include "counters.h"
#include "stream.h"

struct CUevent_st {
    bool timed;
    emulation::OperationPointer point;
    // While a capture runs, the nodes that the event stands for.
    std::shared_ptr<emulation::Capture> capture;
    std::vector<size_t> nodes;
};

namespace emulation {
namespace {

std::set<CUevent_st*>& events() {
    static auto* all = new std::set<CUevent_st*>();
    return *all;
}

bool inCapture(const CUevent_st& event) {
    return event.capture != nullptr && event.capture->active();
}

cudaError_t createEvent(cudaEvent_t* handle, unsigned flags) {
    *handle = new CUevent_st{(flags & cudaEventDisableTiming) == 0, nullptr, nullptr, {}};
    events().insert(*handle);
    ++counters().events;
    return cudaSuccess;
}

cudaError_t recordEvent(cudaEvent_t event, cudaStream_t handle) {
    CUstream_st* stream = resolve(handle);
    if (stream == nullptr || events().count(event) == 0) {
        return cudaErrorInvalidResourceHandle;
    }
    if (stream->capture != nullptr) {
        event->capture = stream->capture;
        event->nodes = stream->captureTail;
        event->point = nullptr;
        return stream->capture->active() ? cudaSuccess : cudaErrorStreamCaptureInvalidated;
    }
    event->capture = nullptr;
    event->point = mark(*stream, predecessors(*stream));
    return cudaSuccess;
}

cudaError_t waitEvent(cudaStream_t handle, cudaEvent_t event) {
    CUstream_st* stream = resolve(handle);
    if (stream == nullptr || events().count(event) == 0) {
        return cudaErrorInvalidResourceHandle;
    }
    if (inCapture(*event)) {
        return event->capture->join(*stream, event->nodes);
    }
    if (stream->capture != nullptr) {
        // A captured stream can't wait for work outside of the graph.
        stream->capture->invalidate();
        return cudaErrorStreamCaptureUnsupported;
    }
    if (event->point != nullptr) {
        auto after = predecessors(*stream);
        after.push_back(event->point);
        mark(*stream, std::move(after));
    }
    return cudaSuccess;
}

cudaError_t awaitEvent(cudaEvent_t event) {
    if (events().count(event) == 0) {
        return cudaErrorInvalidResourceHandle;
    }
    if (inCapture(*event)) {
        event->capture->invalidate();
        return cudaErrorStreamCaptureUnsupported;
    }
    if (event->point != nullptr) {
        complete(event->point);
    }
    return cudaSuccess;
}

}  // namespace
}  // namespace emulation

using emulation::call;
using emulation::events;
using emulation::Kind;

cudaError_t cudaEventCreate(cudaEvent_t* event) {
    return call("cudaEventCreate", Kind::Plain, [&] { return emulation::createEvent(event, cudaEventDefault); });
}

cudaError_t cudaEventCreateWithFlags(cudaEvent_t* event, unsigned flags) {
    return call("cudaEventCreateWithFlags", Kind::Plain, [&] { return emulation::createEvent(event, flags); });
}

cudaError_t cudaEventDestroy(cudaEvent_t event) {
    return call("cudaEventDestroy", Kind::Release, [&] {
        if (events().erase(event) == 0) {
            return cudaErrorInvalidResourceHandle;
        }
        delete event;
        --emulation::counters().events;
        return cudaSuccess;
    });
}

cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t stream) {
    return call("cudaEventRecord", Kind::Plain, [&] { return emulation::recordEvent(event, stream); });
}

cudaError_t cudaStreamWaitEvent(cudaStream_t stream, cudaEvent_t event, unsigned) {
    return call("cudaStreamWaitEvent", Kind::Plain, [&] { return emulation::waitEvent(stream, event); });
}

cudaError_t cudaEventSynchronize(cudaEvent_t event) {
    return call("cudaEventSynchronize", Kind::Plain, [&] { return emulation::awaitEvent(event); });
}

cudaError_t cudaEventQuery(cudaEvent_t event) {
    return call("cudaEventQuery", Kind::Plain, [&] {
        const bool done = events().count(event) != 0 && (event->point == nullptr || event->point->done);
        const cudaError_t result = emulation::awaitEvent(event);  // who asks again will find it done
        return result == cudaSuccess && !done ? cudaErrorNotReady : result;
    });
}

cudaError_t cudaEventElapsedTime(float* milliseconds, cudaEvent_t start, cudaEvent_t end) {
    return call("cudaEventElapsedTime", Kind::Plain, [&] {
        if (events().count(start) == 0 || events().count(end) == 0 || !start->timed || !end->timed || start->point == nullptr
            || end->point == nullptr) {
            return cudaErrorInvalidResourceHandle;
        }
        if (!start->point->done || !end->point->done) {
            return cudaErrorNotReady;
        }
        *milliseconds = static_cast<float>(1e3 * (end->point->finished - start->point->finished));
        return cudaSuccess;
    });
}
