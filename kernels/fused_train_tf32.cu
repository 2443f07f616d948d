#include "fused_train.cuh"

template slicedscore::fused::TrainingKernel slicedscore::fused::trainingKernel<slicedscore::Arithmetic::Tf32>(int streams);
