#include "emulation/tensor_core.h"

#include <cstring>

#include "counters.h"
#include "sanitizer.h"
#include "settings.h"

namespace emulation {
namespace {

struct Fragments {
    float* c;
    const unsigned* a;
    const unsigned* b;
    const Site* site;
};

constexpr unsigned ALL = 0xffffffffu;

void needsWholeWarp(const char* instruction, unsigned lanes) {
    if (lanes != ALL) {
        defect("%s with the lanes %08x of a warp; the others have ended", instruction, lanes);
    }
}

void needsAmpere(const char* instruction, const Site& site) {
    if (settings().profile->major < 8) {
        defect("%s at %s:%d, which %s does not have", instruction, site.file, site.line, settings().profile->name);
    }
}

// Hardware reads the upper 19 bits of a TF32 operand.
double tf32(unsigned bits) {
    return static_cast<double>(__uint_as_float(bits & ~0x1fffu));
}

double bf16(unsigned pair, int half) {
    return static_cast<double>(__uint_as_float(half == 0 ? pair << 16 : pair & 0xffff0000u));
}

constexpr int ROWS = 16;
constexpr int COLUMNS = 8;

// A row of B or C, for the processor's vector instructions.
using Floats = float __attribute__((vector_size(COLUMNS * sizeof(float))));
using Doubles = double __attribute__((vector_size(COLUMNS * sizeof(double))));
using Ints = int32_t __attribute__((vector_size(COLUMNS * sizeof(int32_t))));
using Longs = int64_t __attribute__((vector_size(COLUMNS * sizeof(int64_t))));

// The operands of a whole warp.
template <int DEPTH>
struct Tiles {
    double a[ROWS][DEPTH];
    union {
        double b[DEPTH][COLUMNS];
        Doubles rowOfB[DEPTH];
    };
    union {
        float c[ROWS][COLUMNS];
        Floats rowOfC[ROWS];
    };
};

// Towards zero, as tensor cores cut a sum: what was rounded away from zero, to infinity even, goes back by one.
[[gnu::always_inline]] inline void truncate(Doubles& sums) {
    constexpr int64_t MAGNITUDE = INT64_MAX;
    const Floats nearest = __builtin_convertvector(sums, Floats);
    const auto rounded = reinterpret_cast<Doubles>(reinterpret_cast<Longs>(__builtin_convertvector(nearest, Doubles)) & MAGNITUDE);
    const auto whole = reinterpret_cast<Doubles>(reinterpret_cast<Longs>(sums) & MAGNITUDE);
    const Longs larger = rounded > whole;  // -1 where it is so
    const Ints bits = reinterpret_cast<Ints>(nearest) + __builtin_convertvector(larger, Ints);
    sums = __builtin_convertvector(reinterpret_cast<Floats>(bits), Doubles);
}

// c += a b. Each element is a sum in double, in ascending order of k, rounded once at the end or cut after each group of
// products. A product of two operands is exact in double.
template <int DEPTH, int GROUP, bool TRUNCATE>
[[gnu::always_inline]] inline void multiplyRows(Tiles<DEPTH>& tiles) {
    for (int row = 0; row < ROWS; ++row) {
        Doubles sums = __builtin_convertvector(tiles.rowOfC[row], Doubles);
        for (int k = 0; k < DEPTH; ++k) {
            sums += tiles.a[row][k] * tiles.rowOfB[k];
            if (TRUNCATE && (k + 1) % GROUP == 0) {
                truncate(sums);
            }
        }
        tiles.rowOfC[row] = __builtin_convertvector(sums, Floats);
    }
}

// Compiled for processors with and without AVX2; the results are the same bits.
#define FOR_EVERY_PROCESSOR [[gnu::target_clones("avx2", "default")]]
FOR_EVERY_PROCESSOR void multiplyExactly(Tiles<8>& tiles) { multiplyRows<8, 4, false>(tiles); }
FOR_EVERY_PROCESSOR void multiplyTruncating(Tiles<8>& tiles) { multiplyRows<8, 4, true>(tiles); }
FOR_EVERY_PROCESSOR void multiplyExactly(Tiles<16>& tiles) { multiplyRows<16, 8, false>(tiles); }
FOR_EVERY_PROCESSOR void multiplyTruncating(Tiles<16>& tiles) { multiplyRows<16, 8, true>(tiles); }

// Gathers the operands from the lanes, multiplies, and writes C back to them.
template <int DEPTH, typename Gather>
void multiply(const char* instruction, void* const lanes[32], unsigned mask, Gather gather) {
    needsWholeWarp(instruction, mask);
    needsAmpere(instruction, *static_cast<const Fragments*>(lanes[0])->site);
    Tiles<DEPTH> tiles;
    for (int lane = 0; lane < 32; ++lane) {
        const auto& from = *static_cast<const Fragments*>(lanes[lane]);
        const int g = lane / 4;
        const int t = lane % 4;
        gather(from, g, t, tiles);
        std::memcpy(&tiles.c[g][2 * t], from.c, 2 * sizeof(float));
        std::memcpy(&tiles.c[g + 8][2 * t], from.c + 2, 2 * sizeof(float));
    }
    if (settings().mma == Mma::Truncate) {
        multiplyTruncating(tiles);
    } else {
        multiplyExactly(tiles);
    }
    for (int lane = 0; lane < 32; ++lane) {
        float* const c = static_cast<const Fragments*>(lanes[lane])->c;
        const int g = lane / 4;
        const int t = lane % 4;
        std::memcpy(c, &tiles.c[g][2 * t], 2 * sizeof(float));
        std::memcpy(c + 2, &tiles.c[g + 8][2 * t], 2 * sizeof(float));
    }
}

struct MatrixLoad {
    const unsigned char* row;
    unsigned* result;
};

template <bool TRANSPOSED>
void distribute(void* const lanes[32], unsigned mask) {
    needsWholeWarp("ldmatrix", mask);
    unsigned* results[32];
    for (int lane = 0; lane < 32; ++lane) {
        results[lane] = static_cast<const MatrixLoad*>(lanes[lane])->result;
    }
    for (int matrix = 0; matrix < 4; ++matrix) {
        uint16_t elements[8][8];
        for (int row = 0; row < 8; ++row) {
            std::memcpy(elements[row], static_cast<const MatrixLoad*>(lanes[8 * matrix + row])->row, 16);
        }
        for (int g = 0; g < 8; ++g) {
            for (int t = 0; t < 4; ++t) {
                const unsigned low = TRANSPOSED ? elements[2 * t][g] : elements[g][2 * t];
                const unsigned high = TRANSPOSED ? elements[2 * t + 1][g] : elements[g][2 * t + 1];
                results[4 * g + t][matrix] = high << 16 | low;
            }
        }
    }
}

constexpr const char* TF32 = "mma.m16n8k8.tf32";
constexpr const char* BF16 = "mma.m16n8k16.bf16";

}  // namespace

void mmaTf32(float (&c)[4], const unsigned (&a)[4], const unsigned (&b)[2], Site site) {
    Fragments mine{c, a, b, &site};
    warpOperation(ALL, TF32, site, &mine, [](void* const lanes[32], unsigned mask) {
        ++counters().mmaTf32;
        multiply<8>(TF32, lanes, mask, [](const Fragments& from, int g, int t, Tiles<8>& tiles) {
            for (int i = 0; i < 4; ++i) {
                tiles.a[g + i % 2 * 8][t + i / 2 * 4] = tf32(from.a[i]);
            }
            for (int i = 0; i < 2; ++i) {
                tiles.b[t + i * 4][g] = tf32(from.b[i]);
            }
        });
    });
}

void mmaBf16(float (&c)[4], const unsigned (&a)[4], const unsigned (&b)[2], Site site) {
    Fragments mine{c, a, b, &site};
    warpOperation(ALL, BF16, site, &mine, [](void* const lanes[32], unsigned mask) {
        ++counters().mmaBf16;
        multiply<16>(BF16, lanes, mask, [](const Fragments& from, int g, int t, Tiles<16>& tiles) {
            for (int half = 0; half < 2; ++half) {
                for (int i = 0; i < 4; ++i) {
                    tiles.a[g + i % 2 * 8][2 * t + i / 2 * 8 + half] = bf16(from.a[i], half);
                }
                for (int i = 0; i < 2; ++i) {
                    tiles.b[2 * t + i * 8 + half][g] = bf16(from.b[i], half);
                }
            }
        });
    });
}

void loadMatrices(unsigned (&result)[4], const void* row, bool transposed, Site site) {
    if (reinterpret_cast<uintptr_t>(row) % 16 != 0) {
        defect("ldmatrix at %s:%d: row address %p is misaligned", site.file, site.line, row);
    }
    sanitizer::reads(row, 16);
    MatrixLoad mine{static_cast<const unsigned char*>(row), result};
    warpOperation(ALL, "ldmatrix", site, &mine, transposed ? distribute<true> : distribute<false>);
}

}  // namespace emulation
