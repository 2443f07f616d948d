// The element-wise stage of a layer. See activate.cu.
#pragma once

#include <cuda_runtime.h>

#include "activation.h"
#include "layout.h"

namespace slicedscore {

// From z to a; b overwrites z.
cudaError_t launchActivate(Activation activation, JetShape shape, int samples, int width, const JetMatrix& z,
                           const JetMatrix& a, cudaStream_t stream);

// From the adjoints o of a to dz, which overwrites b.
cudaError_t launchDeactivate(JetShape shape, int samples, int width, const JetMatrix& o, const JetMatrix& b,
                             cudaStream_t stream);

}  // namespace slicedscore
