#include "device.h"

#include <cstdio>
#include <map>

#include "call.h"
#include "operation.h"
#include "settings.h"

namespace emulation {
namespace {

thread_local int chosenDevice = 0;

// cudaFuncAttributeMaxDynamicSharedMemorySize, where a kernel has been given one.
std::map<const void*, int>& dynamicSharedLimits() {
    static auto* limits = new std::map<const void*, int>();
    return *limits;
}

bool exists(int device) {
    return device >= 0 && device < settings().devices;
}

}  // namespace

int currentDevice() {
    return chosenDevice;
}

size_t dynamicSharedLimit(const void* function) {
    const auto found = dynamicSharedLimits().find(function);
    return found == dynamicSharedLimits().end() ? Profile::SHARED_PER_BLOCK : static_cast<size_t>(found->second);
}

}  // namespace emulation

using emulation::call;
using emulation::Kind;
using emulation::Profile;
using emulation::settings;

cudaError_t cudaDriverGetVersion(int* version) {
    *version = settings().driver;
    return cudaSuccess;
}

cudaError_t cudaRuntimeGetVersion(int* version) {
    *version = 13000;
    return cudaSuccess;
}

cudaError_t cudaGetDeviceCount(int* count) {
    *count = 0;
    return call("cudaGetDeviceCount", Kind::Plain, [&] {
        *count = settings().devices;
        return cudaSuccess;
    });
}

cudaError_t cudaGetDevice(int* device) {
    return call("cudaGetDevice", Kind::Plain, [&] {
        *device = emulation::chosenDevice;
        return cudaSuccess;
    });
}

cudaError_t cudaSetDevice(int device) {
    return call("cudaSetDevice", Kind::Plain, [&] {
        if (!emulation::exists(device)) {
            return cudaErrorInvalidDevice;
        }
        emulation::chosenDevice = device;
        return cudaSuccess;
    });
}

cudaError_t cudaGetDeviceProperties(cudaDeviceProp* properties, int device) {
    return call("cudaGetDeviceProperties", Kind::Plain, [&] {
        if (!emulation::exists(device)) {
            return cudaErrorInvalidDevice;
        }
        const Profile& profile = *settings().profile;
        *properties = {};
        std::snprintf(properties->name, sizeof properties->name, "emulated (%s)", profile.name);
        properties->totalGlobalMem = settings().memory;
        properties->sharedMemPerBlock = Profile::SHARED_PER_BLOCK;
        properties->sharedMemPerBlockOptin = profile.sharedPerBlockOptin;
        properties->major = profile.major;
        properties->minor = profile.minor;
        properties->multiProcessorCount = settings().multiprocessors;
        properties->maxThreadsPerBlock = static_cast<int>(Profile::THREADS_PER_BLOCK);
        return cudaSuccess;
    });
}

cudaError_t cudaDeviceGetAttribute(int* value, cudaDeviceAttr attribute, int device) {
    return call("cudaDeviceGetAttribute", Kind::Plain, [&] {
        if (!emulation::exists(device)) {
            return cudaErrorInvalidDevice;
        }
        const Profile& profile = *settings().profile;
        switch (attribute) {
            case cudaDevAttrMaxThreadsPerBlock:
                *value = static_cast<int>(Profile::THREADS_PER_BLOCK);
                return cudaSuccess;
            case cudaDevAttrClockRate:
                *value = 0;  // it has none
                return cudaSuccess;
            case cudaDevAttrMultiProcessorCount:
                *value = settings().multiprocessors;
                return cudaSuccess;
            case cudaDevAttrComputeCapabilityMajor:
                *value = profile.major;
                return cudaSuccess;
            case cudaDevAttrComputeCapabilityMinor:
                *value = profile.minor;
                return cudaSuccess;
            case cudaDevAttrCooperativeLaunch:
                *value = 1;
                return cudaSuccess;
            case cudaDevAttrMaxSharedMemoryPerBlockOptin:
                *value = static_cast<int>(profile.sharedPerBlockOptin);
                return cudaSuccess;
            case cudaDevAttrClusterLaunch:
                *value = profile.clusters ? 1 : 0;
                return cudaSuccess;
        }
        return cudaErrorInvalidValue;
    });
}

cudaError_t emulatedFuncGetAttributes(cudaFuncAttributes* attributes, const void* function) {
    return call("cudaFuncGetAttributes", Kind::Plain, [&] {
        *attributes = {};
        attributes->maxThreadsPerBlock = static_cast<int>(Profile::THREADS_PER_BLOCK);
        attributes->maxDynamicSharedSizeBytes = static_cast<int>(emulation::dynamicSharedLimit(function));
        return cudaSuccess;
    });
}

cudaError_t emulatedFuncSetAttribute(const void* function, cudaFuncAttribute attribute, int value) {
    return call("cudaFuncSetAttribute", Kind::Plain, [&] {
        if (attribute == cudaFuncAttributeMaxDynamicSharedMemorySize) {
            if (value < 0 || static_cast<size_t>(value) > settings().profile->sharedPerBlockOptin) {
                return cudaErrorInvalidValue;
            }
            emulation::dynamicSharedLimits()[function] = value;
        }
        return cudaSuccess;
    });
}

cudaError_t emulatedOccupancy(int* blocks, const void*, int threads, size_t dynamicBytes) {
    return call("cudaOccupancyMaxActiveBlocksPerMultiprocessor", Kind::Plain, [&] {
        const size_t byThreads = threads > 0 ? emulation::threadsPerMultiprocessor() / static_cast<unsigned>(threads) : 0;
        const size_t byShared = dynamicBytes == 0 ? byThreads : settings().profile->sharedPerBlockOptin / dynamicBytes;
        *blocks = static_cast<int>(byThreads < byShared ? byThreads : byShared);
        return cudaSuccess;
    });
}
