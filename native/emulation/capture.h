// Stream capture: recording work into a graph instead of doing it.
#pragma once

#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "emulation/runtime.h"
#include "operation.h"

namespace emulation {

// One recorded operation; the arguments of a kernel are in its body, copied when it was recorded.
struct Node {
    Operation::Executor executor;
    std::function<void()> action;
    std::shared_ptr<const Grid> kernel;
    std::vector<size_t> after;  // numbers of earlier nodes
};

class Capture : public std::enable_shared_from_this<Capture> {
public:
    Capture(CUstream_st& origin, cudaStreamCaptureMode mode);

    // Begins; the stream records from now on.
    void begin();
    cudaError_t record(CUstream_st& stream, Node node);
    // The stream takes part from now on, after these nodes.
    cudaError_t join(CUstream_st& stream, const std::vector<size_t>& nodes);
    // Ends it, and gives the nodes if all went well.
    cudaError_t end(CUstream_st& stream, std::vector<Node>& result);
    // A destroyed stream.
    void forget(CUstream_st* stream);

    void invalidate() { valid = false; }
    bool active() const { return running && valid; }
    bool ended() const { return !running; }
    bool forbidsUnsafeCalls() const;

private:
    bool joined(const CUstream_st& stream) const;
    void finish();

    CUstream_st* origin;
    cudaStreamCaptureMode mode;
    std::thread::id thread;
    std::vector<CUstream_st*> streams;
    std::vector<Node> nodes;
    bool running = true;
    bool valid = true;
};

// Whether a capture is under way that forbids calls which might synchronise inside.
bool captureForbidsUnsafeCalls();
void invalidateCaptures();

}  // namespace emulation
