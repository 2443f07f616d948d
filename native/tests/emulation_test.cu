// What only the emulated device has: poisoned memory, counters, limits by profile, numbers of devices.

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
    checkMissingDevices();
    CHECK(ss_emulation_set("schedule", "fastest") == -1);
    CHECK(ss_emulation_counter("cows") == -1);
    CHECK(alive() == 0);
    std::printf("emulation: poison, limits, copies, devices\n");
    return 0;
}
