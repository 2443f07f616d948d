// The bytes that kernels move, as the build that counts them tells: exact numbers for kernels whose accesses can be counted by
// hand. What threads ask for is counted access by access; what moves, in sectors of 32 bytes, once a launch.

#include <cstring>

#include "growth.h"
#include "portable.cuh"
#include "stream.h"

using namespace slicedscore;

namespace {

constexpr int SECTOR = 32;

struct Expected {
    int64_t requestedRead, requestedWritten, read, written, copied;
};

// Runs something to its end and compares what it moved.
template <typename Work>
void check(const char* what, const Expected& expected, Work&& work) {
    const Growth growth{"requested-read", "requested-written", "traffic-read", "traffic-written", "traffic-copied"};
    work();
    CHECK_CUDA(cudaDeviceSynchronize());
    const struct {
        const char* counter;
        int64_t bytes;
    } all[] = {{"requested-read", expected.requestedRead},
               {"requested-written", expected.requestedWritten},
               {"traffic-read", expected.read},
               {"traffic-written", expected.written},
               {"traffic-copied", expected.copied}};
    for (const auto& each : all) {
        if (growth.of(each.counter) != each.bytes) {
            std::fprintf(stderr, "%s: %s grew by %lld instead of %lld\n", what, each.counter,
                         static_cast<long long>(growth.of(each.counter)), static_cast<long long>(each.bytes));
            std::exit(1);
        }
    }
}

template <typename... Parameters, typename... Arguments>
void launch(unsigned blocks, unsigned threads, void (*kernel)(Parameters...), Arguments... arguments) {
    const cudaLaunchConfig_t config = launchConfig(blocks, threads);
    CHECK_CUDA(cudaLaunchKernelEx(&config, kernel, arguments...));
}

__device__ int thread() {
    return static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
}

template <typename T>
__global__ void copy(const T* in, T* out, int count) {
    if (thread() < count) {
        out[thread()] = in[thread()];
    }
}

__global__ void gather(const float* in, float* out, int stride) {
    out[thread()] = in[thread() * stride];
}

// Every thread sums all numbers, and only the first stores.
__global__ void sumAll(const float* in, float* out, int count) {
    float sum = 0.0f;
    for (int i = 0; i < count; ++i) {
        sum += in[i];
    }
    if (thread() == 0) {
        out[0] = sum;
    }
}

__global__ void add(int* sum) {
    atomicAdd(sum, thread());
}

__global__ void copyBytes(const unsigned char* in, unsigned char* out, size_t bytes) {
    std::memcpy(out, in, bytes);
    std::memset(out + bytes, 0, 2 * bytes);
}

__global__ void copyConstantBytes(const unsigned char* in, unsigned char* out) {
    std::memcpy(out, in, 64);
}

// 16 bytes a thread, of which some are valid, through shared memory, which is not counted.
__global__ void fetch(const float* in, float* out, int valid) {
    SHARED_ARRAY(float4, buffer, [32]);
    copyAsync16(&buffer[threadIdx.x], in + 4 * threadIdx.x, valid);
    commitCopies();
    waitForCopies<0>();
    __syncthreads();
    unsigned matrices[4];
    loadMatrices<false>(matrices, &buffer[threadIdx.x]);
    out[threadIdx.x] = buffer[31 - threadIdx.x].x + __uint_as_float(matrices[0]);
}

struct Large {
    float values[256];
};

template <typename T>
void checkElements(const char* what) {
    constexpr int COUNT = 100;
    const DeviceArray<T> in(COUNT);
    const DeviceArray<T> out(COUNT);
    const int64_t bytes = COUNT * sizeof(T);
    const int64_t sectors = (bytes + SECTOR - 1) / SECTOR * SECTOR;
    check(what, {bytes, bytes, sectors, sectors, 0},
          [&] { launch(4, 32, copy<T>, static_cast<const T*>(in.get()), out.get(), COUNT); });
}

void checkKernels() {
    constexpr int COUNT = 1024;
    const DeviceArray<float> array(COUNT);
    const DeviceArray<float> out(COUNT);
    const float* const in = array.get();
    check("each thread copies one float", {4096, 4096, 4096, 4096, 0}, [&] { launch(8, 128, copy<float>, in, out.get(), COUNT); });
    check("every second float", {256, 256, 512, 256, 0}, [&] { launch(1, 64, gather, in, out.get(), 2); });
    check("one float of each sector", {256, 256, 64 * SECTOR, 256, 0}, [&] { launch(1, 64, gather, in, out.get(), 8); });
    check("all read the same float", {256, 256, SECTOR, 256, 0}, [&] { launch(1, 64, gather, in, out.get(), 0); });
    check("all read everything", {64 * 1024, 4, 1024, SECTOR, 0}, [&] { launch(2, 32, sumAll, in, out.get(), 256); });
    check("two launches have no common cache", {2 * 64 * 1024, 2 * 4, 2 * 1024, 2 * SECTOR, 0}, [&] {
        launch(2, 32, sumAll, in, out.get(), 256);
        launch(2, 32, sumAll, in, out.get(), 256);
    });
    const DeviceArray<int> sum(1);
    check("atomics read and write", {256, 256, SECTOR, SECTOR, 0}, [&] { launch(2, 32, add, sum.get()); });
    checkElements<unsigned char>("bytes");
    checkElements<uint16_t>("16 bits");
    checkElements<double>("doubles");
    checkElements<float4>("float4");
    checkElements<Large>("structs");
}

void checkMemoryFunctions() {
    const DeviceArray<unsigned char> in(1000);
    const DeviceArray<unsigned char> out(3000);
    const unsigned char* const from = in.get();
    check("memcpy and memset", {1000, 3000, 1024, 3008, 0}, [&] { launch(1, 1, copyBytes, from, out.get(), size_t{1000}); });
    check("memcpy of a constant size", {64, 64, 64, 64, 0}, [&] { launch(1, 1, copyConstantBytes, from, out.get()); });
}

void checkAsyncCopies() {
    const DeviceArray<float> array(128);
    const DeviceArray<float> out(32);
    const float* const in = array.get();
    check("cp.async", {512, 128, 512, 128, 0}, [&] { launch(1, 32, fetch, in, out.get(), 16); });
    check("cp.async of 8 bytes and zeros", {256, 128, 512, 128, 0}, [&] { launch(1, 32, fetch, in, out.get(), 8); });
    check("cp.async of zeros", {0, 128, 0, 128, 0}, [&] { launch(1, 32, fetch, in, out.get(), 0); });
}

void checkCopies() {
    const DeviceArray<float> a(256);
    const DeviceArray<float> b(256);
    const PinnedFloats pinned(std::vector<float>(256, 1.0f));
    std::vector<float> pageable(256);
    CallerStream stream;
    check("to the device", {0, 0, 0, 0, 1024}, [&] { queueCopy(a.get(), pinned.get(), 256, stream.get()); });
    check("from pageable memory", {0, 0, 0, 0, 1024}, [&] { queueCopy(a.get(), pageable.data(), 256, stream.get()); });
    check("on the device", {0, 0, 0, 0, 2048}, [&] { queueCopy(b.get(), a.get(), 256, stream.get()); });
    check("from the device", {0, 0, 0, 0, 1024}, [&] { queueCopy(pinned.get(), b.get(), 256, stream.get()); });
    check("fill", {0, 0, 0, 0, 1000}, [&] { CHECK_CUDA(cudaMemsetAsync(a.get(), 0, 1000, stream.get())); });
}

// What is captured moves nothing; each replay does.
void checkGraph() {
    const DeviceArray<float> in(64);
    const DeviceArray<float> out(64);
    CallerStream stream;
    cudaGraph_t graph = nullptr;
    cudaGraphExec_t exec = nullptr;
    check("capture", {0, 0, 0, 0, 0}, [&] {
        CHECK_CUDA(cudaStreamBeginCapture(stream.get(), cudaStreamCaptureModeThreadLocal));
        const cudaLaunchConfig_t config = launchConfig(2, 32, 0, stream.get());
        CHECK_CUDA(cudaLaunchKernelEx(&config, copy<float>, static_cast<const float*>(in.get()), out.get(), 64));
        queueCopy(in.get(), out.get(), 64, stream.get());
        CHECK_CUDA(cudaStreamEndCapture(stream.get(), &graph));
        CHECK_CUDA(cudaGraphInstantiate(&exec, graph));
    });
    check("replays", {3 * 256, 3 * 256, 3 * 256, 3 * 256, 3 * 512}, [&] {
        for (int i = 0; i < 3; ++i) {
            CHECK_CUDA(cudaGraphLaunch(exec, stream.get()));
        }
    });
    CHECK_CUDA(cudaGraphExecDestroy(exec));
    CHECK_CUDA(cudaGraphDestroy(graph));
}

// Memory that is given back and allocated anew, in another size.
void checkReallocation() {
    for (const size_t count : {size_t{64}, size_t{1 << 20}, size_t{64}}) {
        const DeviceArray<float> in(count);
        const DeviceArray<float> out(64);
        check("after a new allocation", {256, 256, 256, 256, 0},
              [&] { launch(2, 32, copy<float>, static_cast<const float*>(in.get() + count - 64), out.get(), 64); });
    }
}

}  // namespace

int main() {
    checkKernels();
    checkMemoryFunctions();
    checkAsyncCopies();
    checkCopies();
    checkGraph();
    checkReallocation();
    std::printf("traffic: counted as by hand\n");
    return 0;
}
