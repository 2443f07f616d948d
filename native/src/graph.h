// Work of a stream, captured once and replayed.
#pragma once

#include <cuda_runtime.h>

#include "status.h"

namespace slicedscore {

class Graph {
public:
    // Captures what the body queues in the stream.
    template <typename Body>
    Graph(cudaStream_t stream, const Body& body) {
        check(cudaStreamBeginCapture(stream, cudaStreamCaptureModeThreadLocal), SS_HERE, "cudaStreamBeginCapture");
        try {
            body();
        } catch (...) {
            cudaGraph_t broken = nullptr;
            static_cast<void>(cudaStreamEndCapture(stream, &broken));
            if (broken != nullptr) {
                static_cast<void>(cudaGraphDestroy(broken));
            }
            throw;
        }
        cudaGraph_t graph = nullptr;
        check(cudaStreamEndCapture(stream, &graph), SS_HERE, "cudaStreamEndCapture");
        const cudaError_t result = cudaGraphInstantiate(&executable, graph, 0);
        static_cast<void>(cudaGraphDestroy(graph));
        check(result, SS_HERE, "cudaGraphInstantiate");
    }
    ~Graph() { static_cast<void>(cudaGraphExecDestroy(executable)); }
    Graph(const Graph&) = delete;
    Graph& operator=(const Graph&) = delete;

    void launch(cudaStream_t stream) const { check(cudaGraphLaunch(executable, stream), SS_HERE, "cudaGraphLaunch"); }

private:
    cudaGraphExec_t executable = nullptr;
};

}  // namespace slicedscore
