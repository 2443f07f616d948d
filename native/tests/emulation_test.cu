// What only the emulated device has: poisoned memory, counters, limits by profile, numbers of devices.

#include <unistd.h>

#include <cstdio>
#include <string>

#include "device.h"
#include "emulation/control.h"
#include "growth.h"
#include "portable.cuh"
#include "slicedscore.h"
#include "stream.h"

namespace {

__global__ void sumShared(float* result) {
    SHARED_ARRAY(float, array, [8]);
    DYNAMIC_SHARED(float, dynamic);
    result[0] = array[7];
    result[1] = dynamic[0];
}

// Two mma for TF32 and one for bfloat16 in each warp.
__global__ void multiply(float* result) {
    float c[4] = {0, 0, 0, 0};
    const unsigned zero[4] = {0, 0, 0, 0};
    const unsigned zeros[2] = {0, 0};
    slicedscore::mmaTf32(c, zero, zeros);
    slicedscore::mmaTf32(c, zero, zeros);
    slicedscore::mmaBf16(c, zero, zeros);
    result[blockIdx.x * blockDim.x + threadIdx.x] = c[0];
}

int64_t alive() {
    return ss_emulation_counter("device-allocations") + ss_emulation_counter("device-bytes")
           + ss_emulation_counter("pinned-allocations") + ss_emulation_counter("streams") + ss_emulation_counter("events")
           + ss_emulation_counter("graphs") + ss_emulation_counter("graph-execs");
}

void set(const char* name, const char* value) {
    CHECK(ss_emulation_set(name, value) == 0);
}

// Memory that nobody wrote is NaN, whether shared or not.
void checkPoison() {
    const DeviceArray<float> fresh(3);
    for (const float value : fresh.host()) {
        CHECK(std::isnan(value));
    }
    const DeviceArray<float> result(2);
    const cudaLaunchConfig_t config = launchConfig(1, 1, 4);
    CHECK_CUDA(cudaLaunchKernelEx(&config, sumShared, result.get()));
    CHECK(std::isnan(result.host()[0]) && std::isnan(result.host()[1]));
}

void checkLimits() {
    const DeviceArray<float> result(2);
    const struct {
        const char* profile;
        size_t kibibytes;
    } most[] = {{"sm_75", 64}, {"sm_80", 163}, {"sm_86", 99}, {"sm_90", 227}, {"sm_120", 99}};
    for (const auto& limit : most) {
        set("profile", limit.profile);
        const int bytes = static_cast<int>(limit.kibibytes * 1024);
        CHECK(cudaFuncSetAttribute(sumShared, cudaFuncAttributeMaxDynamicSharedMemorySize, bytes + 1) == cudaErrorInvalidValue);
        // Above 48 KiB a kernel must have been allowed.
        CHECK_CUDA(cudaFuncSetAttribute(sumShared, cudaFuncAttributeMaxDynamicSharedMemorySize, 48 * 1024));
        cudaLaunchConfig_t config = launchConfig(1, 1, 49 * 1024);
        CHECK(cudaLaunchKernelEx(&config, sumShared, result.get()) == cudaErrorInvalidValue);
        CHECK_CUDA(cudaFuncSetAttribute(sumShared, cudaFuncAttributeMaxDynamicSharedMemorySize, bytes));
        config.dynamicSmemBytes = static_cast<size_t>(bytes) - 1024;
        CHECK_CUDA(cudaLaunchKernelEx(&config, sumShared, result.get()));
        CHECK_CUDA(cudaDeviceSynchronize());  // before the profile changes
    }
    set("profile", "sm_90");
}

void checkOutOfMemory() {
    set("memory", "1000000");
    void* memory = nullptr;
    CHECK(cudaMalloc(&memory, 1000001) == cudaErrorMemoryAllocation);
    CHECK_CUDA(cudaMalloc(&memory, 900000));
    void* more = nullptr;
    CHECK(cudaMalloc(&more, 100001) == cudaErrorMemoryAllocation);
    size_t free = 0;
    size_t total = 0;
    CHECK_CUDA(cudaMemGetInfo(&free, &total));
    CHECK(free == 100000 && total == 1000000);
    CHECK_CUDA(cudaFree(memory));
    set("memory", "4294967296");
    CHECK(cudaFree(memory) == cudaErrorInvalidValue);
}

void checkCopies() {
    DeviceArray<float> device(10);
    std::vector<float> host(11);
    CHECK(cudaMemcpy(device.get(), host.data(), 44, cudaMemcpyHostToDevice) == cudaErrorInvalidValue);
    CHECK(cudaMemcpy(host.data(), host.data(), 40, cudaMemcpyDeviceToHost) == cudaErrorInvalidValue);
    CHECK(cudaMemcpy(device.get(), host.data(), 40, cudaMemcpyDeviceToHost) == cudaErrorInvalidValue);
    CHECK(cudaMemset(host.data(), 0, 40) == cudaErrorInvalidValue);
}

void checkMissingDevices() {
    int32_t count = -1;
    set("count-error", "35");
    CHECK(ss_device_count(&count) == SS_DRIVER_TOO_OLD && count == 0);
    set("driver", "0");
    CHECK(ss_device_count(&count) == SS_NO_DRIVER);
    set("count-error", "100");
    CHECK(ss_device_count(&count) == SS_NO_DEVICE);
    set("count-error", "0");
    set("devices", "0");
    CHECK(ss_device_count(&count) == SS_NO_DEVICE);
    set("devices", "2");
    CHECK(ss_device_count(&count) == SS_OK && count == 2);
    CHECK(ss_device_check(1) == SS_OK);
    CHECK(ss_device_check(2) == SS_NO_DEVICE);

    // A stream belongs to the device that was current when it was made.
    cudaStream_t stream = nullptr;
    CHECK_CUDA(cudaSetDevice(1));
    CHECK_CUDA(cudaStreamCreate(&stream));
    CHECK_CUDA(cudaSetDevice(0));
    const cudaLaunchConfig_t config = launchConfig(1, 1, 0, stream);
    CHECK(cudaLaunchKernelEx(&config, sumShared, static_cast<float*>(nullptr)) == cudaErrorInvalidResourceHandle);
    CHECK_CUDA(cudaStreamDestroy(stream));
    set("devices", "1");
    set("driver", "13000");
}

cudaLaunchAttribute cooperative() {
    cudaLaunchAttribute attribute{};
    attribute.id = cudaLaunchAttributeCooperative;
    attribute.val.cooperative = 1;
    return attribute;
}

cudaLaunchAttribute cluster(unsigned blocks) {
    cudaLaunchAttribute attribute{};
    attribute.id = cudaLaunchAttributeClusterDimension;
    attribute.val.clusterDim.x = blocks;
    attribute.val.clusterDim.y = 1;
    attribute.val.clusterDim.z = 1;
    return attribute;
}

// Launches and tensor-core instructions are counted when they run, those of a replayed graph, too.
void checkCounters() {
    const DeviceArray<float> result(4 * 64);
    CallerStream stream;
    const auto launchMultiply = [&](unsigned blocks, cudaLaunchAttribute* attribute) {
        cudaLaunchConfig_t config = launchConfig(blocks, 64, 0, stream.get());
        config.attrs = attribute;
        config.numAttrs = attribute == nullptr ? 0 : 1;
        CHECK_CUDA(cudaLaunchKernelEx(&config, multiply, result.get()));
    };
    const Growth direct{"launches", "cooperative-launches", "cluster-launches", "mma", "mma-tf32", "mma-bf16"};
    cudaLaunchAttribute attributes[] = {cooperative(), cluster(4), cluster(1)};
    launchMultiply(3, nullptr);
    launchMultiply(2, &attributes[0]);
    launchMultiply(4, &attributes[1]);
    launchMultiply(1, &attributes[2]);  // of one block: an ordinary launch
    stream.synchronize();
    CHECK(direct.of("launches") == 4 && direct.of("cooperative-launches") == 1 && direct.of("cluster-launches") == 1);
    CHECK(direct.of("mma-tf32") == 2 * 2 * 10 && direct.of("mma-bf16") == 2 * 10 && direct.of("mma") == 3 * 2 * 10);

    const Growth recorded{"launches", "cooperative-launches", "mma"};
    cudaGraph_t graph = nullptr;
    cudaGraphExec_t exec = nullptr;
    CHECK_CUDA(cudaStreamBeginCapture(stream.get(), cudaStreamCaptureModeThreadLocal));
    launchMultiply(1, nullptr);
    launchMultiply(2, &attributes[0]);
    CHECK_CUDA(cudaStreamEndCapture(stream.get(), &graph));
    CHECK_CUDA(cudaGraphInstantiate(&exec, graph));
    stream.synchronize();
    CHECK(recorded.of("launches") == 0 && recorded.of("mma") == 0);
    for (int replay = 0; replay < 3; ++replay) {
        CHECK_CUDA(cudaGraphLaunch(exec, stream.get()));
    }
    stream.synchronize();
    CHECK(recorded.of("launches") == 3 * 2 && recorded.of("cooperative-launches") == 3 && recorded.of("mma") == 3 * 3 * 2 * 3);
    CHECK_CUDA(cudaGraphExecDestroy(exec));
    CHECK_CUDA(cudaGraphDestroy(graph));
}

// The line that the setting `trace` prints for a kernel.
void checkTrace() {
    const DeviceArray<float> result(4 * 64);
    std::FILE* const file = std::tmpfile();
    const int before = dup(STDERR_FILENO);
    CHECK(file != nullptr && before >= 0 && dup2(fileno(file), STDERR_FILENO) >= 0);
    set("trace", "on");
    cudaLaunchAttribute attribute = cluster(2);
    cudaLaunchConfig_t config = launchConfig(4, 64);
    config.attrs = &attribute;
    config.numAttrs = 1;
    const cudaError_t launched = cudaLaunchKernelEx(&config, multiply, result.get());
    const cudaError_t done = cudaDeviceSynchronize();
    set("trace", "off");
    std::fflush(stderr);
    dup2(before, STDERR_FILENO);
    close(before);
    CHECK_CUDA(launched);
    CHECK_CUDA(done);
    std::rewind(file);
    char line[1000] = {};
    CHECK(std::fgets(line, sizeof line, file) != nullptr);
    const std::string expected = "emulation: multiply (4, 1, 1) x (64, 1, 1), clusters of 2, mma 16 tf32 8 bf16";
    CHECK(std::string(line).substr(0, expected.size()) == expected);
    CHECK(std::fgets(line, sizeof line, file) == nullptr);
    std::fclose(file);
}

}  // namespace

int main() {
    checkPoison();
    checkLimits();
    checkOutOfMemory();
    checkCopies();
    checkMissingDevices();
    checkCounters();
    checkTrace();
    CHECK(ss_emulation_set("schedule", "fastest") == -1);
    CHECK(ss_emulation_counter("cows") == -1);
    CHECK(alive() == 0);
    std::printf("emulation: poison, limits, copies, devices, counters\n");
    return 0;
}
