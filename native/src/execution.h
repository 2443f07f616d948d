// How the caller wants a handle's work to be computed, on the device that it is opened on.
#pragma once

#include <cstdint>

#include "arithmetic.h"

namespace slicedscore {

enum class KernelChoice { Automatic, Layered, Fused };

struct Execution {
    Arithmetic arithmetic;
    KernelChoice kernels;

    Execution(Arithmetic how, KernelChoice which) : arithmetic(how), kernels(which) {}

    // As the caller says. Refuses what the device lacks.
    Execution(int32_t device, int32_t precision, int32_t choice);
};

// What a device computes a precision with.
Arithmetic arithmeticOf(int32_t device, int32_t precision);
const char* nameOf(Arithmetic arithmetic);

}  // namespace slicedscore
