// Training steps when another program asks for them, so that bench/gpu.py can measure several processes in turn.
#pragma once

#include <vector>

#include "configs.h"

namespace timings {

// Obeys until the standard input ends. The protocol is that of bench/peers/turns.py, the commands are:
//
//   open CONFIG KERNELS PRECISION    auto, layered or fused; fp32, tf32 or bf16. Answered with what computes, as JSON
//   steps KERNELS COUNT              microseconds of a step
//   close                            forgets all that is open
void serve(int32_t device, const std::vector<Config>& configs);

}  // namespace timings
