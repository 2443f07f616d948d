// cp.async as portable.cuh describes it, byte by byte: which bytes arrive where, that those beyond the valid ones become zero,
// and that copies in flight are there after the wait for their group. The first difference is printed with its place.

#include "device.h"
#include "portable.cuh"

using namespace slicedscore;

namespace {

constexpr int LANES = 32;
constexpr int BYTES = 16;
constexpr unsigned char UNTOUCHED = 0xee;

// Every lane copies 16 bytes to a place of its own that is not the lane's number, beside one that nobody writes.
__global__ void scatter(const unsigned char* source, unsigned char* target, int valid) {
    DYNAMIC_SHARED(unsigned char, buffer);
    const int lane = static_cast<int>(threadIdx.x);
    for (int i = lane; i < 2 * LANES * BYTES; i += LANES) {
        buffer[i] = UNTOUCHED;
    }
    __syncwarp();
    copyAsync16(buffer + 2 * (11 * lane % LANES) * BYTES, source + lane * BYTES, valid);
    commitCopies();
    waitForCopies<0>();
    __syncwarp();
    for (int i = lane; i < 2 * LANES * BYTES; i += LANES) {
        target[i] = buffer[i];
    }
}

void probeScatter(int valid) {
    std::vector<unsigned char> source(LANES * BYTES);
    for (size_t i = 0; i < source.size(); ++i) {
        source[i] = static_cast<unsigned char>(i * 7 % 251 + 1);  // never 0
    }
    const DeviceArray<unsigned char> deviceSource(source);
    const DeviceArray<unsigned char> target(2 * source.size());
    const cudaLaunchConfig_t config = launchConfig(1, LANES, 2 * LANES * BYTES);
    CHECK_CUDA(cudaLaunchKernelEx(&config, scatter, static_cast<const unsigned char*>(deviceSource.get()), target.get(), valid));
    std::vector<unsigned char> expected(2 * source.size(), UNTOUCHED);
    for (int lane = 0; lane < LANES; ++lane) {
        for (int i = 0; i < BYTES; ++i) {
            expected[static_cast<size_t>(2 * (11 * lane % LANES) * BYTES + i)] =
                i < valid ? source[static_cast<size_t>(lane * BYTES + i)] : 0;
        }
    }
    const auto result = target.host();
    for (size_t i = 0; i < result.size(); ++i) {
        if (result[i] != expected[i]) {
            std::fprintf(stderr, "cp.async, %d of 16 bytes valid: byte %zu of place %zu is 0x%02x instead of 0x%02x\n", valid,
                         i % BYTES, i / BYTES, result[i], expected[i]);
            std::exit(1);
        }
    }
}

// Two stages of 32 x 4 floats, of which the last three are not there: copies in flight while the other stage is read.
__global__ void pipeline(const float* source, float* target, int stages) {
    DYNAMIC_SHARED(float, buffer);
    const int lane = static_cast<int>(threadIdx.x);
    const auto start = [&](int stage) {
        const bool last = stage == stages - 1 && lane == 31;
        copyAsync16(buffer + (stage % 2 * 32 + lane) * 4, source + (stage * 32 + lane) * 4, last ? 4 : 16);
        commitCopies();
    };
    start(0);
    for (int stage = 0; stage < stages; ++stage) {
        if (stage + 1 < stages) {
            start(stage + 1);
            waitForCopies<1>();
        } else {
            waitForCopies<0>();
        }
        __syncthreads();
        const int other = 31 - lane;  // another thread's copy
        for (int i = 0; i < 4; ++i) {
            target[(stage * 32 + other) * 4 + i] = buffer[(stage % 2 * 32 + other) * 4 + i];
        }
        __syncthreads();
    }
}

void checkPipeline() {
    constexpr int STAGES = 5;
    std::vector<float> source;
    for (int i = 0; i < STAGES * 128; ++i) {
        source.push_back(static_cast<float>(i + 1));
    }
    const DeviceArray<float> deviceSource(source);
    const DeviceArray<float> target(source.size());
    const cudaLaunchConfig_t config = launchConfig(1, LANES, 2 * 128 * sizeof(float));
    CHECK_CUDA(cudaLaunchKernelEx(&config, pipeline, static_cast<const float*>(deviceSource.get()), target.get(), STAGES));
    const auto result = target.host();
    for (size_t i = 0; i < source.size(); ++i) {
        CHECK(result[i] == (i + 3 < source.size() ? source[i] : 0.0f));
    }
}

}  // namespace

int main() {
    requireDevice();
    for (int valid = 0; valid <= BYTES; valid += 4) {  // kernels copy whole floats
        probeScatter(valid);
    }
    checkPipeline();
    std::printf("cp.async: as described, on sm_%d\n", computeCapability());
    return 0;
}
