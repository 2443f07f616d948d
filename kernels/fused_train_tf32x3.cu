#include "fused_train.cuh"

template slicedscore::fused::TrainingKernel slicedscore::fused::trainingKernel<slicedscore::Arithmetic::Tf32x3>(int streams);
