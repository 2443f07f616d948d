// Which devices there are, and why there are none.

#include <cuda_runtime.h>

#include <cstdio>

#include "handle.h"
#include "reduce.h"
#include "slicedscore.h"
#include "status.h"

using slicedscore::check;
using slicedscore::Error;
using slicedscore::format;
using slicedscore::guarded;
using slicedscore::require;

int32_t ss_device_count(int32_t* count) {
    return guarded([&] {
        require(count != nullptr, SS_HERE, "ss_device_count: count is null");
        *count = 0;
        int devices = 0;
        const cudaError_t result = cudaGetDeviceCount(&devices);
        if (result == cudaErrorInsufficientDriver) {
            // CUDA says the same for no driver at all; the driver's version tells them apart.
            static_cast<void>(cudaGetLastError());
            int driver = 0;
            int runtime = 0;
            static_cast<void>(cudaDriverGetVersion(&driver));
            static_cast<void>(cudaRuntimeGetVersion(&runtime));
            if (driver == 0) {
                throw Error(SS_NO_DRIVER, "no NVIDIA driver is loaded");
            }
            throw Error(SS_DRIVER_TOO_OLD, format("the NVIDIA driver supports CUDA up to %d.%d, this library needs %d.%d",
                                                  driver / 1000, driver % 1000 / 10, runtime / 1000, runtime % 1000 / 10));
        }
        check(result, SS_HERE, "cudaGetDeviceCount");
        if (devices == 0) {
            throw Error(SS_NO_DEVICE, "the NVIDIA driver shows no device");
        }
        *count = devices;
    });
}

int32_t ss_device_name(int32_t device, char* name, int64_t capacity) {
    return guarded([&] {
        require(name != nullptr && capacity > 0, SS_HERE, "ss_device_name: no room for the name");
        cudaDeviceProp properties{};
        check(cudaGetDeviceProperties(&properties, device), SS_HERE, format("cudaGetDeviceProperties of device %d", device));
        std::snprintf(name, static_cast<size_t>(capacity), "%s", properties.name);
    });
}

int32_t ss_device_check(int32_t device) {
    return guarded([&] {
        const slicedscore::DeviceScope scope(device);
        cudaFuncAttributes attributes{};
        check(cudaFuncGetAttributes(&attributes, slicedscore::sumPartsFunction()), SS_HERE,
              format("cudaFuncGetAttributes on device %d", device));
    });
}
