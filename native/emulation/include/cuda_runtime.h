// Stands in for NVIDIA's header of this name when kernels and host code are compiled by g++ for the emulated device.
#pragma once

#include "emulation/language.h"
#include "emulation/runtime.h"

#include "emulation/launch.h"
