// Streams: queues whose work is done in order, each a chain of operations.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "capture.h"
#include "emulation/runtime.h"
#include "operation.h"

struct CUstream_st {
    unsigned number;
    int device;
    bool blocking;  // ordered with the legacy default stream
    emulation::OperationPointer tail;
    std::shared_ptr<emulation::Capture> capture;
    std::vector<size_t> captureTail;  // the nodes that the next one must follow
};

namespace emulation {

// The stream behind a handle, null standing for the legacy default stream; null if there is no such stream.
CUstream_st* resolve(cudaStream_t handle);

// Hands work over, or records it while the stream is captured.
cudaError_t submit(cudaStream_t handle, Operation::Executor executor, std::function<void()> action,
                   std::shared_ptr<const Grid> kernel = nullptr);

// A point in the stream that also follows the given operations.
OperationPointer mark(CUstream_st& stream, std::vector<OperationPointer> after);

cudaError_t synchronize(cudaStream_t handle);

bool isCapturing(cudaStream_t handle);

// What the next operation of the stream must follow.
std::vector<OperationPointer> predecessors(CUstream_st& stream);

}  // namespace emulation
