// How the products of a matrix product are computed. Sums are in single precision in each.
#pragma once

namespace slicedscore {

enum class Arithmetic {
    Ffma,    // fused multiply-adds in single precision, on every device
    Tf32x3,  // factors split in two TF32 numbers each, three products: single precision on tensor cores
    Tf32,
    Bf16,
};

}  // namespace slicedscore
