// Graphs: captured work, made ready once and replayed any number of times.

#include <set>

#include "call.h"
#include "counters.h"
#include "memory.h"
#include "stream.h"

struct CUgraph_st {
    std::vector<emulation::Node> nodes;
};

struct CUgraphExec_st {
    std::vector<emulation::Node> nodes;
    emulation::OperationPointer last;  // launches of one graph don't overlap
};

namespace emulation {
namespace {

std::set<CUgraph_st*>& graphs() {
    static auto* all = new std::set<CUgraph_st*>();
    return *all;
}

std::set<CUgraphExec_st*>& graphExecs() {
    static auto* all = new std::set<CUgraphExec_st*>();
    return *all;
}

cudaError_t beginCapture(cudaStream_t handle, cudaStreamCaptureMode mode) {
    CUstream_st* stream = resolve(handle);
    if (stream == nullptr) {
        return cudaErrorInvalidResourceHandle;
    }
    if (handle == nullptr || stream->capture != nullptr) {
        return handle == nullptr ? cudaErrorStreamCaptureUnsupported : cudaErrorIllegalState;
    }
    std::make_shared<Capture>(*stream, mode)->begin();
    return cudaSuccess;
}

cudaError_t endCapture(cudaStream_t handle, cudaGraph_t* graph) {
    *graph = nullptr;
    CUstream_st* stream = resolve(handle);
    if (stream == nullptr) {
        return cudaErrorInvalidResourceHandle;
    }
    if (stream->capture == nullptr) {
        return cudaErrorIllegalState;
    }
    std::vector<Node> nodes;
    const std::shared_ptr<Capture> capture = stream->capture;
    const cudaError_t result = capture->end(*stream, nodes);
    if (result == cudaSuccess) {
        *graph = new CUgraph_st{std::move(nodes)};
        graphs().insert(*graph);
        ++counters().graphs;
    }
    return result;
}

cudaError_t replay(CUgraphExec_st& exec, CUstream_st& stream) {
    auto before = predecessors(stream);
    if (exec.last != nullptr && !exec.last->done) {
        before.push_back(exec.last);
    }
    std::vector<OperationPointer> operations;
    std::vector<bool> followed(exec.nodes.size(), false);
    for (const Node& node : exec.nodes) {
        auto operation = std::make_shared<Operation>();
        operation->executor = node.executor;
        operation->action = node.action;
        operation->kernel = node.kernel;
        // Parallel branches of a graph are no more ordered than streams are.
        operation->queue = stream.number + static_cast<unsigned>(node.after.empty() ? 0 : node.after.size() - 1);
        for (const size_t earlier : node.after) {
            operation->after.push_back(operations[earlier]);
            followed[earlier] = true;
        }
        if (node.after.empty()) {
            operation->after = before;
        }
        operations.push_back(operation);
    }
    std::vector<OperationPointer> leaves;
    for (size_t i = 0; i < operations.size(); ++i) {
        if (!followed[i]) {
            leaves.push_back(operations[i]);
        }
    }
    {
        const DeviceAccess access;  // once for all of them
        for (const OperationPointer& operation : operations) {
            enqueue(operation);
        }
    }
    exec.last = mark(stream, leaves.empty() ? before : leaves);
    return cudaSuccess;
}

}  // namespace
}  // namespace emulation

using emulation::call;
using emulation::counters;
using emulation::graphExecs;
using emulation::graphs;
using emulation::Kind;

cudaError_t cudaStreamBeginCapture(cudaStream_t stream, cudaStreamCaptureMode mode) {
    return call("cudaStreamBeginCapture", Kind::Plain, [&] { return emulation::beginCapture(stream, mode); });
}

cudaError_t cudaStreamEndCapture(cudaStream_t stream, cudaGraph_t* graph) {
    return call("cudaStreamEndCapture", Kind::Plain, [&] { return emulation::endCapture(stream, graph); });
}

cudaError_t cudaStreamIsCapturing(cudaStream_t handle, cudaStreamCaptureStatus* status) {
    return call("cudaStreamIsCapturing", Kind::Plain, [&] {
        const CUstream_st* stream = emulation::resolve(handle);
        if (stream == nullptr) {
            return cudaErrorInvalidResourceHandle;
        }
        *status = stream->capture == nullptr        ? cudaStreamCaptureStatusNone
                  : stream->capture->active() ? cudaStreamCaptureStatusActive
                                              : cudaStreamCaptureStatusInvalidated;
        return cudaSuccess;
    });
}

cudaError_t cudaGraphInstantiate(cudaGraphExec_t* exec, cudaGraph_t graph, unsigned long long) {
    return call("cudaGraphInstantiate", Kind::Plain, [&] {
        *exec = nullptr;
        if (graphs().count(graph) == 0) {
            return cudaErrorInvalidValue;
        }
        *exec = new CUgraphExec_st{graph->nodes, nullptr};
        graphExecs().insert(*exec);
        ++counters().graphExecs;
        return cudaSuccess;
    });
}

cudaError_t cudaGraphDestroy(cudaGraph_t graph) {
    return call("cudaGraphDestroy", Kind::Release, [&] {
        if (graphs().erase(graph) == 0) {
            return cudaErrorInvalidValue;
        }
        delete graph;
        --counters().graphs;
        return cudaSuccess;
    });
}

cudaError_t cudaGraphExecDestroy(cudaGraphExec_t exec) {
    return call("cudaGraphExecDestroy", Kind::Release, [&] {
        if (graphExecs().erase(exec) == 0) {
            return cudaErrorInvalidValue;
        }
        delete exec;  // work under way holds what it needs
        --counters().graphExecs;
        return cudaSuccess;
    });
}

cudaError_t cudaGraphLaunch(cudaGraphExec_t exec, cudaStream_t handle) {
    return call("cudaGraphLaunch", Kind::Plain, [&] {
        CUstream_st* stream = emulation::resolve(handle);
        if (stream == nullptr) {
            return cudaErrorInvalidResourceHandle;
        }
        if (graphExecs().count(exec) == 0) {
            return cudaErrorInvalidValue;
        }
        if (stream->capture != nullptr) {
            stream->capture->invalidate();  // child graphs are not emulated
            return cudaErrorNotSupported;
        }
        return emulation::replay(*exec, *stream);
    });
}
