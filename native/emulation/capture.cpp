#include "capture.h"

#include <algorithm>
#include <set>

#include "stream.h"

namespace emulation {
namespace {

std::set<Capture*>& captures() {
    static auto* all = new std::set<Capture*>();
    return *all;
}

}  // namespace

Capture::Capture(CUstream_st& stream, cudaStreamCaptureMode captureMode)
    : origin(&stream), mode(captureMode), thread(std::this_thread::get_id()) {}

void Capture::begin() {
    origin->capture = shared_from_this();
    origin->captureTail.clear();
    streams.push_back(origin);
    captures().insert(this);
}

cudaError_t Capture::record(CUstream_st& stream, Node node) {
    if (!active()) {
        return cudaErrorStreamCaptureInvalidated;
    }
    node.after = stream.captureTail;
    stream.captureTail = {nodes.size()};
    nodes.push_back(std::move(node));
    return cudaSuccess;
}

cudaError_t Capture::join(CUstream_st& stream, const std::vector<size_t>& after) {
    if (!active()) {
        return cudaErrorStreamCaptureInvalidated;
    }
    if (stream.capture != nullptr && stream.capture.get() != this) {
        invalidate();
        stream.capture->invalidate();
        return cudaErrorStreamCaptureUnsupported;
    }
    if (stream.capture == nullptr) {
        stream.capture = shared_from_this();
        stream.captureTail.clear();
        streams.push_back(&stream);
    }
    for (const size_t node : after) {
        if (std::find(stream.captureTail.begin(), stream.captureTail.end(), node) == stream.captureTail.end()) {
            stream.captureTail.push_back(node);
        }
    }
    return cudaSuccess;
}

// Whether the origin stream has waited for all that the stream recorded.
bool Capture::joined(const CUstream_st& stream) const {
    std::vector<size_t> open = origin->captureTail;
    std::set<size_t> seen(open.begin(), open.end());
    while (!open.empty()) {
        const size_t node = open.back();
        open.pop_back();
        for (const size_t before : nodes[node].after) {
            if (seen.insert(before).second) {
                open.push_back(before);
            }
        }
    }
    return std::all_of(stream.captureTail.begin(), stream.captureTail.end(), [&](size_t node) { return seen.count(node) != 0; });
}

cudaError_t Capture::end(CUstream_st& stream, std::vector<Node>& result) {
    if (&stream != origin) {
        return cudaErrorStreamCaptureUnmatched;
    }
    if (mode != cudaStreamCaptureModeRelaxed && thread != std::this_thread::get_id()) {
        return cudaErrorStreamCaptureWrongThread;
    }
    const bool good = valid;
    const bool all = std::all_of(streams.begin(), streams.end(), [&](const CUstream_st* other) { return joined(*other); });
    finish();
    if (!good) {
        return cudaErrorStreamCaptureInvalidated;
    }
    if (!all) {
        return cudaErrorStreamCaptureUnjoined;
    }
    result = std::move(nodes);
    return cudaSuccess;
}

void Capture::forget(CUstream_st* stream) {
    invalidate();
    streams.erase(std::remove(streams.begin(), streams.end(), stream), streams.end());
    if (stream == origin) {
        finish();
    }
}

// The streams drop their references, so nothing of this object may be used afterwards but by those who hold one.
void Capture::finish() {
    running = false;
    captures().erase(this);
    const std::shared_ptr<Capture> self = shared_from_this();
    for (CUstream_st* stream : streams) {
        stream->capture = nullptr;
        stream->captureTail.clear();
    }
    streams.clear();
}

bool Capture::forbidsUnsafeCalls() const {
    return mode == cudaStreamCaptureModeGlobal
           || (mode == cudaStreamCaptureModeThreadLocal && thread == std::this_thread::get_id());
}

bool captureForbidsUnsafeCalls() {
    return std::any_of(captures().begin(), captures().end(), [](const Capture* capture) { return capture->forbidsUnsafeCalls(); });
}

void invalidateCaptures() {
    for (Capture* capture : captures()) {
        if (capture->forbidsUnsafeCalls()) {
            capture->invalidate();
        }
    }
}

}  // namespace emulation
