// What callers of other languages build on: the interface's number and the layout of its structs.

#include <cstddef>

#include "slicedscore.h"
#include "status.h"

// Java writes these structs byte by byte; its twin is io.github.slicedscore.internal.cuda.
static_assert(sizeof(ss_network) == 168 && alignof(ss_network) == 8, "ss_network");
static_assert(offsetof(ss_network, struct_size) == 0 && offsetof(ss_network, kind) == 4 && offsetof(ss_network, dimension) == 8 &&
                  offsetof(ss_network, conditions) == 12 && offsetof(ss_network, layers) == 16 &&
                  offsetof(ss_network, activation) == 20 && offsetof(ss_network, widths) == 24 &&
                  offsetof(ss_network, base_precision) == 160,
              "ss_network");
static_assert(sizeof(ss_training) == 112 && alignof(ss_training) == 8, "ss_training");
static_assert(offsetof(ss_training, struct_size) == 0 && offsetof(ss_training, objective) == 4 &&
                  offsetof(ss_training, slices) == 8 && offsetof(ss_training, projection) == 12 && offsetof(ss_training, batch) == 16 &&
                  offsetof(ss_training, seed) == 24 && offsetof(ss_training, beta1) == 32 && offsetof(ss_training, beta2) == 40 &&
                  offsetof(ss_training, epsilon) == 48 && offsetof(ss_training, weight_decay) == 56 &&
                  offsetof(ss_training, clip_norm) == 64 && offsetof(ss_training, average_decay) == 72 &&
                  offsetof(ss_training, noise) == 80 && offsetof(ss_training, sigma) == 88 &&
                  offsetof(ss_training, residence) == 96 && offsetof(ss_training, precision) == 100 &&
                  offsetof(ss_training, kernels) == 104 && offsetof(ss_training, reserved) == 108,
              "ss_training");
static_assert(sizeof(ss_step_result) == 24 && offsetof(ss_step_result, step) == 0 && offsetof(ss_step_result, loss) == 8 &&
                  offsetof(ss_step_result, gradient_norm) == 16,
              "ss_step_result");

int32_t ss_abi_version(void) {
    return SS_ABI_VERSION;
}

int32_t ss_is_emulated(void) {
#if defined(SS_EMULATED)
    return 1;
#else
    return 0;
#endif
}

const char* ss_last_error(void) {
    return slicedscore::lastError();
}
