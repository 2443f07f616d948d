// The kernels of fused_train.cuh for 1 to 4 streams. Each arithmetic is compiled in a file of its own, as each takes long.
#pragma once

#include "fused.h"

namespace slicedscore::fused {

using TrainingKernel = void (*)(FusedTraining, BatchSource);

template <Arithmetic ARITHMETIC>
TrainingKernel trainingKernel(int streams);

}  // namespace slicedscore::fused
