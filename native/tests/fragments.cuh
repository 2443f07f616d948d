// Where the elements of a tensor-core product lie in the registers of a warp, by the tables in portable.cuh, and a kernel that
// multiplies registers which the host has filled.
#pragma once

#include <cstring>

#include "device.h"
#include "portable.cuh"

namespace fragments {

constexpr int LANES = 32;
constexpr int ROWS = 16;
constexpr int COLUMNS = 8;

struct Place {
    int row, column;
};

// An instruction c += a b with tiles 16 x depth and depth x 8; elements of 32 bits, or two of 16 bits in a register.
struct Instruction {
    const char* name;
    int depth;
    int elements;  // in a register
    Place (*a)(int lane, int slot);
    Place (*b)(int lane, int slot);

    int slotsOfA() const { return 4 * elements; }
    int slotsOfB() const { return 2 * elements; }
};

inline Place placeOfC(int lane, int i) {
    return {lane / 4 + i / 2 * 8, lane % 4 * 2 + i % 2};
}

// A slot is a register, or for two to a register 2 * register + half.
inline const Instruction TF32{"mma.m16n8k8.tf32", 8, 1,
                              [](int lane, int slot) { return Place{lane / 4 + slot % 2 * 8, lane % 4 + slot / 2 * 4}; },
                              [](int lane, int slot) { return Place{lane % 4 + slot * 4, lane / 4}; }};
inline const Instruction BF16{"mma.m16n8k16.bf16", 16, 2,
                              [](int lane, int slot) {
                                  const int i = slot / 2;
                                  return Place{lane / 4 + i % 2 * 8, lane % 4 * 2 + i / 2 * 8 + slot % 2};
                              },
                              [](int lane, int slot) { return Place{lane % 4 * 2 + slot / 2 * 8 + slot % 2, lane / 4}; }};

// The registers of a warp before and after the instruction.
struct Fragments {
    unsigned a[LANES][4];
    unsigned b[LANES][2];
    float c[LANES][4];
};

// A block of one warp for each of the fragments.
template <bool WIDE>  // true for TF32
__global__ void multiply(Fragments* all) {
    Fragments& mine = all[blockIdx.x];
    const unsigned lane = threadIdx.x;
    float c[4];
    unsigned a[4];
    unsigned b[2];
    for (int i = 0; i < 4; ++i) {
        c[i] = mine.c[lane][i];
        a[i] = mine.a[lane][i];
    }
    for (int i = 0; i < 2; ++i) {
        b[i] = mine.b[lane][i];
    }
    if constexpr (WIDE) {
        slicedscore::mmaTf32(c, a, b);
    } else {
        slicedscore::mmaBf16(c, a, b);
    }
    for (int i = 0; i < 4; ++i) {
        mine.c[lane][i] = c[i];
    }
}

// The upper bits of a float are its TF32 and its bfloat16.
inline void set(unsigned& bits, const Instruction& instruction, int slot, float value) {
    uint32_t whole = 0;
    std::memcpy(&whole, &value, sizeof whole);
    bits |= instruction.elements == 1 ? whole : slot % 2 == 0 ? whole >> 16 : whole & 0xffff0000u;
}

}  // namespace fragments
