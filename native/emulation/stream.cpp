#include "stream.h"

#include <set>

#include "call.h"
#include "counters.h"
#include "device.h"
#include "memory.h"

namespace emulation {
namespace {

std::set<CUstream_st*>& streams() {
    static auto* all = new std::set<CUstream_st*>();
    return *all;
}

CUstream_st& legacyStream(int device) {
    static auto* all = new std::vector<std::unique_ptr<CUstream_st>>();
    while (all->size() <= static_cast<size_t>(device)) {
        all->push_back(std::make_unique<CUstream_st>(CUstream_st{0, static_cast<int>(all->size()), true, nullptr, nullptr, {}}));
    }
    return *(*all)[static_cast<size_t>(device)];
}

bool isLegacy(const CUstream_st& stream) {
    return stream.number == 0;
}

cudaError_t create(cudaStream_t* handle, unsigned flags) {
    static unsigned created = 0;
    if (flags > cudaStreamNonBlocking) {
        return cudaErrorInvalidValue;
    }
    *handle = new CUstream_st{++created, currentDevice(), flags != cudaStreamNonBlocking, nullptr, nullptr, {}};
    streams().insert(*handle);
    ++counters().streams;
    return cudaSuccess;
}

// As CUDA does, lets the stream's work be finished later; here the operations outlive their stream anyway.
cudaError_t destroy(cudaStream_t handle) {
    if (streams().erase(handle) == 0) {
        return cudaErrorInvalidResourceHandle;
    }
    if (handle->capture != nullptr) {
        handle->capture->forget(handle);
    }
    delete handle;
    --counters().streams;
    return cudaSuccess;
}

}  // namespace

CUstream_st* resolve(cudaStream_t handle) {
    if (handle == nullptr) {
        return &legacyStream(currentDevice());
    }
    return streams().count(handle) != 0 ? handle : nullptr;
}

std::vector<OperationPointer> predecessors(CUstream_st& stream) {
    std::vector<OperationPointer> before;
    const auto add = [&](const CUstream_st& other) {
        if (other.tail != nullptr) {
            before.push_back(other.tail);
        }
    };
    add(stream);
    if (isLegacy(stream)) {
        for (const CUstream_st* other : streams()) {
            if (other->blocking && other->device == stream.device) {
                add(*other);
            }
        }
    } else if (stream.blocking) {
        add(legacyStream(stream.device));
    }
    return before;
}

OperationPointer mark(CUstream_st& stream, std::vector<OperationPointer> after) {
    auto point = std::make_shared<Operation>();
    point->after = std::move(after);
    point->queue = stream.number;
    stream.tail = point;
    enqueue(point);
    return point;
}

cudaError_t submit(cudaStream_t handle, Operation::Executor executor, std::function<void()> action,
                   std::shared_ptr<const Grid> kernel) {
    CUstream_st* stream = resolve(handle);
    if (stream == nullptr) {
        return cudaErrorInvalidResourceHandle;
    }
    if (stream->capture != nullptr) {
        return stream->capture->record(*stream, {executor, std::move(action), std::move(kernel), {}});
    }
    if (isLegacy(*stream)) {
        for (const CUstream_st* other : streams()) {
            if (other->blocking && other->capture != nullptr) {
                other->capture->invalidate();
                return cudaErrorStreamCaptureImplicit;
            }
        }
    }
    auto operation = std::make_shared<Operation>();
    operation->executor = executor;
    operation->action = std::move(action);
    operation->kernel = std::move(kernel);
    operation->after = predecessors(*stream);
    operation->queue = stream->number;
    stream->tail = operation;
    enqueue(operation);
    return cudaSuccess;
}

cudaError_t synchronize(cudaStream_t handle) {
    CUstream_st* stream = resolve(handle);
    if (stream == nullptr) {
        return cudaErrorInvalidResourceHandle;
    }
    if (stream->capture != nullptr) {
        stream->capture->invalidate();
        return cudaErrorStreamCaptureUnsupported;
    }
    for (const OperationPointer& last : predecessors(*stream)) {
        complete(last);
    }
    return cudaSuccess;
}

bool isCapturing(cudaStream_t handle) {
    const CUstream_st* stream = resolve(handle);
    return stream != nullptr && stream->capture != nullptr;
}

}  // namespace emulation

using emulation::call;
using emulation::Kind;

cudaError_t cudaStreamCreate(cudaStream_t* stream) {
    return call("cudaStreamCreate", Kind::Plain, [&] { return emulation::create(stream, cudaStreamDefault); });
}

cudaError_t cudaStreamCreateWithFlags(cudaStream_t* stream, unsigned flags) {
    return call("cudaStreamCreateWithFlags", Kind::Plain, [&] { return emulation::create(stream, flags); });
}

cudaError_t cudaStreamDestroy(cudaStream_t stream) {
    return call("cudaStreamDestroy", Kind::Release, [&] { return emulation::destroy(stream); });
}

cudaError_t cudaStreamSynchronize(cudaStream_t stream) {
    return call("cudaStreamSynchronize", Kind::Plain, [&] { return emulation::synchronize(stream); });
}

cudaError_t cudaStreamQuery(cudaStream_t handle) {
    return call("cudaStreamQuery", Kind::Plain, [&] {
        CUstream_st* stream = emulation::resolve(handle);
        if (stream == nullptr) {
            return cudaErrorInvalidResourceHandle;
        }
        if (stream->capture != nullptr) {
            stream->capture->invalidate();
            return cudaErrorStreamCaptureUnsupported;
        }
        if (stream->tail == nullptr || stream->tail->done) {
            return cudaSuccess;
        }
        // Not yet; but who asks again will find it done, so that loops end.
        emulation::complete(stream->tail);
        return cudaErrorNotReady;
    });
}

cudaError_t cudaLaunchHostFunc(cudaStream_t stream, cudaHostFn_t function, void* argument) {
    return call("cudaLaunchHostFunc", Kind::Plain, [&] {
        return emulation::submit(stream, emulation::Operation::HostCall, [function, argument] { function(argument); });
    });
}

cudaError_t cudaDeviceSynchronize() {
    return call("cudaDeviceSynchronize", Kind::UnsafeInCapture, [&] {
        emulation::completeAll();
        return cudaSuccess;
    });
}
