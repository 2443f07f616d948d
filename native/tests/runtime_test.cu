// What the host code expects of the CUDA runtime: the order of streams and events, capture and replay, refused calls.
// Runs on real devices, too, so that the emulation can't promise what they don't keep.

#include "device.h"

namespace {

__global__ void fill(float* values, float value, int count) {
    const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
    if (i < count) {
        values[i] = value;
    }
}

__global__ void addTo(float* values, const float* increment, int count) {
    const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
    if (i < count) {
        values[i] += increment[i];
    }
}

constexpr int COUNT = 1000;
constexpr size_t BYTES = COUNT * sizeof(float);

void launchFill(float* values, float value, cudaStream_t stream) {
    const cudaLaunchConfig_t config = launchConfig(8, 128, 0, stream);
    CHECK_CUDA(cudaLaunchKernelEx(&config, fill, values, value, COUNT));
}

void launchAdd(float* values, const float* increment, cudaStream_t stream) {
    const cudaLaunchConfig_t config = launchConfig(8, 128, 0, stream);
    CHECK_CUDA(cudaLaunchKernelEx(&config, addTo, values, increment, COUNT));
}

struct Streams {
    cudaStream_t first = nullptr;
    cudaStream_t second = nullptr;
    cudaEvent_t event = nullptr;
    cudaEvent_t back = nullptr;

    Streams() {
        CHECK_CUDA(cudaStreamCreateWithFlags(&first, cudaStreamNonBlocking));
        CHECK_CUDA(cudaStreamCreateWithFlags(&second, cudaStreamNonBlocking));
        CHECK_CUDA(cudaEventCreateWithFlags(&event, cudaEventDisableTiming));
        CHECK_CUDA(cudaEventCreateWithFlags(&back, cudaEventDisableTiming));
    }
    ~Streams() {
        CHECK_CUDA(cudaEventDestroy(event));
        CHECK_CUDA(cudaEventDestroy(back));
        CHECK_CUDA(cudaStreamDestroy(first));
        CHECK_CUDA(cudaStreamDestroy(second));
    }
};

bool allEqual(const std::vector<float>& values, float expected) {
    for (const float value : values) {
        if (value != expected) {
            return false;
        }
    }
    return true;
}

// Copies each way and kernels on two streams, ordered by events alone.
void checkStreams() {
    Streams streams;
    DeviceArray<float> sum(COUNT);
    DeviceArray<float> increment(COUNT);
    float* pinned = nullptr;
    CHECK_CUDA(cudaMallocHost(&pinned, BYTES));
    for (int round = 1; round <= 5; ++round) {
        for (int i = 0; i < COUNT; ++i) {
            pinned[i] = static_cast<float>(round);
        }
        CHECK_CUDA(cudaMemcpyAsync(increment.get(), pinned, BYTES, cudaMemcpyHostToDevice, streams.first));
        CHECK_CUDA(cudaEventRecord(streams.event, streams.first));
        launchFill(sum.get(), 10.0f, streams.second);
        CHECK_CUDA(cudaStreamWaitEvent(streams.second, streams.event));
        launchAdd(sum.get(), increment.get(), streams.second);
        CHECK_CUDA(cudaMemcpyAsync(pinned, sum.get(), BYTES, cudaMemcpyDeviceToHost, streams.second));
        CHECK_CUDA(cudaEventRecord(streams.back, streams.second));
        CHECK_CUDA(cudaEventSynchronize(streams.back));
        CHECK(pinned[0] == 10.0f + static_cast<float>(round) && pinned[COUNT - 1] == pinned[0]);
    }
    CHECK_CUDA(cudaFreeHost(pinned));
}

// Pageable memory may be reused as soon as the call is back.
void checkPageable() {
    Streams streams;
    DeviceArray<float> device(COUNT);
    std::vector<float> host(COUNT, 3.0f);
    CHECK_CUDA(cudaMemcpyAsync(device.get(), host.data(), BYTES, cudaMemcpyHostToDevice, streams.first));
    host.assign(COUNT, 4.0f);
    CHECK_CUDA(cudaMemcpyAsync(host.data(), device.get(), BYTES, cudaMemcpyDeviceToHost, streams.first));
    CHECK(allEqual(host, 3.0f));
    CHECK_CUDA(cudaStreamSynchronize(streams.first));
}

// The legacy default stream waits for blocking streams, and they for it.
void checkLegacyStream() {
    cudaStream_t blocking = nullptr;
    CHECK_CUDA(cudaStreamCreate(&blocking));
    DeviceArray<float> sum(COUNT);
    DeviceArray<float> increment(COUNT);
    launchFill(increment.get(), 2.0f, blocking);
    launchFill(sum.get(), 1.0f, nullptr);
    launchAdd(sum.get(), increment.get(), blocking);
    CHECK(allEqual(sum.host(), 3.0f));
    CHECK_CUDA(cudaStreamDestroy(blocking));
}

// A graph of two branches; its arguments are those of the capture, its memory's contents those of the replay.
void checkGraph() {
    Streams streams;
    DeviceArray<float> sum(COUNT);
    DeviceArray<float> increment(COUNT);
    float value = 5.0f;
    CHECK_CUDA(cudaStreamBeginCapture(streams.first, cudaStreamCaptureModeThreadLocal));
    CHECK_CUDA(cudaEventRecord(streams.event, streams.first));
    CHECK_CUDA(cudaStreamWaitEvent(streams.second, streams.event));
    launchFill(increment.get(), value, streams.second);
    CHECK_CUDA(cudaEventRecord(streams.back, streams.second));
    CHECK_CUDA(cudaMemsetAsync(sum.get(), 0, BYTES / 2, streams.first));
    CHECK_CUDA(cudaStreamWaitEvent(streams.first, streams.back));
    launchAdd(sum.get(), increment.get(), streams.first);
    launchAdd(sum.get(), increment.get(), streams.first);
    cudaGraph_t graph = nullptr;
    CHECK_CUDA(cudaStreamEndCapture(streams.first, &graph));
    value = 100.0f;
    cudaGraphExec_t exec = nullptr;
    CHECK_CUDA(cudaGraphInstantiate(&exec, graph, 0));
    CHECK_CUDA(cudaGraphDestroy(graph));
    launchFill(sum.get(), 1.0f, streams.first);
    for (int replay = 0; replay < 3; ++replay) {
        CHECK_CUDA(cudaGraphLaunch(exec, streams.first));
    }
    CHECK_CUDA(cudaStreamSynchronize(streams.first));
    const auto result = sum.host();
    CHECK(result[0] == 10.0f && result[COUNT - 1] == 31.0f);
    CHECK_CUDA(cudaGraphExecDestroy(exec));
}

// Ends a capture that something has spoilt.
void endSpoiltCapture(cudaStream_t stream) {
    cudaGraph_t graph = nullptr;
    CHECK(cudaStreamEndCapture(stream, &graph) != cudaSuccess);
    CHECK(graph == nullptr);
    static_cast<void>(cudaGetLastError());
}

void checkCaptureRefusals() {
    Streams streams;
    DeviceArray<float> device(COUNT);
    cudaGraph_t graph = nullptr;

    CHECK_CUDA(cudaStreamBeginCapture(streams.first, cudaStreamCaptureModeGlobal));
    CHECK(cudaStreamSynchronize(streams.first) == cudaErrorStreamCaptureUnsupported);
    endSpoiltCapture(streams.first);

    CHECK_CUDA(cudaStreamBeginCapture(streams.first, cudaStreamCaptureModeGlobal));
    void* memory = nullptr;
    CHECK(cudaMalloc(&memory, 16) == cudaErrorStreamCaptureUnsupported);
    endSpoiltCapture(streams.first);

    CHECK_CUDA(cudaStreamBeginCapture(streams.first, cudaStreamCaptureModeThreadLocal));
    CHECK_CUDA(cudaEventRecord(streams.event, streams.first));
    CHECK_CUDA(cudaStreamWaitEvent(streams.second, streams.event));
    launchFill(device.get(), 1.0f, streams.second);
    CHECK(cudaStreamEndCapture(streams.first, &graph) == cudaErrorStreamCaptureUnjoined);
    static_cast<void>(cudaGetLastError());

    // Both streams work again.
    launchFill(device.get(), 7.0f, streams.first);
    CHECK_CUDA(cudaStreamSynchronize(streams.first));
    CHECK(allEqual(device.host(), 7.0f));
}

void checkRefusals() {
    DeviceArray<float> device(COUNT);
    std::vector<float> host(COUNT);
    cudaLaunchConfig_t config = launchConfig(1, 2048);
    CHECK(cudaLaunchKernelEx(&config, fill, device.get(), 1.0f, COUNT) != cudaSuccess);
    config = launchConfig(1, 32, 1 << 20);
    CHECK(cudaLaunchKernelEx(&config, fill, device.get(), 1.0f, COUNT) != cudaSuccess);
    config = launchConfig(1, 32);
    config.gridDim.y = 65536;
    CHECK(cudaLaunchKernelEx(&config, fill, device.get(), 1.0f, COUNT) != cudaSuccess);
    CHECK(cudaSetDevice(1000) == cudaErrorInvalidDevice);
    CHECK(cudaGetLastError() == cudaErrorInvalidDevice);
    CHECK(cudaGetLastError() == cudaSuccess);
    CHECK(cudaFree(nullptr) == cudaSuccess);
}

}  // namespace

int main() {
    requireDevice();
    checkStreams();
    checkPageable();
    checkLegacyStream();
    checkGraph();
    checkCaptureRefusals();
    checkRefusals();
    std::printf("runtime: streams, events, graphs, refusals\n");
    return 0;
}
