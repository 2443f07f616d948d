#include "execution.h"

#include <cuda_runtime.h>

#include <cstdio>

#include "slicedscore.h"
#include "status.h"

namespace slicedscore {
namespace {

KernelChoice choiceOf(int32_t kernels) {
    require(kernels >= SS_KERNELS_AUTO && kernels <= SS_KERNELS_FUSED, SS_HERE, format("no kernels have the code %d", kernels));
    return static_cast<KernelChoice>(kernels);
}

int attribute(cudaDeviceAttr which, int32_t device) {
    int value = 0;
    check(cudaDeviceGetAttribute(&value, which, device), SS_HERE, format("cudaDeviceGetAttribute of device %d", device));
    return value;
}

}  // namespace

Execution::Execution(int32_t device, int32_t precision, int32_t choice)
    : arithmetic(arithmeticOf(device, precision)), kernels(choiceOf(choice)) {}

Arithmetic arithmeticOf(int32_t device, int32_t precision) {
    require(precision >= SS_FP32 && precision <= SS_BF16, SS_HERE, format("no precision has the code %d", precision));
    const int major = attribute(cudaDevAttrComputeCapabilityMajor, device);
    const int minor = attribute(cudaDevAttrComputeCapabilityMinor, device);
    if (precision == SS_FP32) {
        // Where tensor cores have many times the rate of the other units, three products are still faster than one. Devices
        // for desktops (8.6, 8.9, 12.0) have about the same rate in both.
        const bool large = (major == 8 && minor == 0) || major == 9 || major == 10;
        return large ? Arithmetic::Tf32x3 : Arithmetic::Ffma;
    }
    if (major < 8) {
        // Without a place in our source, unlike a mistake of the program: people who choose a precision read this.
        throw Error(SS_INVALID_ARGUMENT, format("%s needs a device of compute capability 8.0 or newer, device %d has %d.%d; use fp32",
                                                precision == SS_TF32 ? "tf32" : "bf16", device, major, minor));
    }
    return precision == SS_TF32 ? Arithmetic::Tf32 : Arithmetic::Bf16;
}

const char* nameOf(Arithmetic arithmetic) {
    switch (arithmetic) {
        case Arithmetic::Ffma:
            return "ffma";
        case Arithmetic::Tf32x3:
            return "tf32x3";
        case Arithmetic::Tf32:
            return "tf32";
        case Arithmetic::Bf16:
            return "bf16";
    }
    return "";
}

}  // namespace slicedscore

int32_t ss_device_arithmetic(int32_t device, int32_t precision, char* name, int64_t capacity) {
    using namespace slicedscore;
    return guarded([&] {
        require(name != nullptr && capacity > 0, SS_HERE, "ss_device_arithmetic: no room for the name");
        std::snprintf(name, static_cast<size_t>(capacity), "%s", nameOf(arithmeticOf(device, precision)));
    });
}
