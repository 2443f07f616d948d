#include "fused_train.cuh"

template slicedscore::fused::TrainingKernel slicedscore::fused::trainingKernel<slicedscore::Arithmetic::Ffma>(int streams);
