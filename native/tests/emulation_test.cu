// What only the emulated device has: poisoned memory, counters, limits by profile, injected failures.

#include "device.h"
#include "emulation/control.h"
#include "portable.cuh"
#include "slicedscore.h"

namespace {

__global__ void sumShared(float* result) {
    SHARED_ARRAY(float, array, [8]);
    DYNAMIC_SHARED(float, dynamic);
    result[0] = array[7];
    result[1] = dynamic[0];
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

int32_t denseJet() {
    const float weights[6] = {1, 2, 3, 4, 5, 6};
    const float bias[2] = {0, 0};
    const float x[3] = {1, 1, 1};
    float a[2];
    float a1[2];
    return ss_dense_jet(0, SS_RELU, 1, 3, 2, 1, weights, bias, x, x, a, a1);
}

// Whatever runtime call fails, the library says so, leaks nothing, and works the next time.
void checkInjectedFailures() {
    const int64_t before = ss_emulation_counter("calls");
    CHECK(denseJet() == SS_OK);
    const int64_t calls = ss_emulation_counter("calls") - before;
    CHECK(calls > 20);
    int seen = 0;
    for (int64_t n = 1; n <= calls; ++n) {
        char text[32];
        std::snprintf(text, sizeof text, "%lld", static_cast<long long>(n));
        set("fail", text);
        const int32_t status = denseJet();
        CHECK(status == SS_OK || (status == SS_OUT_OF_MEMORY && ss_last_error()[0] != '\0'));
        seen += status != SS_OK ? 1 : 0;
        set("fail", "0");
        static_cast<void>(cudaGetLastError());
        CHECK(alive() == 0);
        CHECK(denseJet() == SS_OK);
    }
    CHECK(seen > 12);  // all but those in destructors

    set("fail-code", "700");
    set("fail", "3");
    CHECK(denseJet() == SS_CUDA_FATAL);
    CHECK(denseJet() == SS_CUDA_FATAL);  // it sticks
    ss_emulation_reset();
    CHECK(denseJet() == SS_OK);
    CHECK(alive() == 0);
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

}  // namespace

int main() {
    checkPoison();
    checkLimits();
    checkOutOfMemory();
    checkCopies();
    checkInjectedFailures();
    checkMissingDevices();
    CHECK(ss_emulation_set("schedule", "fastest") == -1);
    CHECK(ss_emulation_counter("cows") == -1);
    CHECK(alive() == 0);
    std::printf("emulation: poison, limits, failures\n");
    return 0;
}
