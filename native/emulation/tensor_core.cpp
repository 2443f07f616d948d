#include "emulation/tensor_core.h"

#include <cmath>

#include "counters.h"
#include "sanitizer.h"
#include "settings.h"

namespace emulation {
namespace {

struct Fragments {
    float* c;
    const unsigned* a;
    const unsigned* b;
};

void needsAmpere(const char* instruction, Site site) {
    if (settings().profile->major < 8) {
        defect("%s at %s:%d, which %s does not have", instruction, site.file, site.line, settings().profile->name);
    }
}

// Hardware reads the upper 19 bits of a TF32 operand.
float tf32(unsigned bits) {
    return __uint_as_float(bits & ~0x1fffu);
}

float bf16(unsigned pair, int half) {
    return __uint_as_float(half == 0 ? pair << 16 : pair & 0xffff0000u);
}

// Towards zero, as tensor cores cut a sum.
float truncated(double value) {
    const float nearest = static_cast<float>(value);
    return std::fabs(static_cast<double>(nearest)) > std::fabs(value) ? std::nextafterf(nearest, 0.0f) : nearest;
}

// One element of C. Exactly summed and rounded once, or cut after each group of products.
float multiplyAdd(float c, const float* a, const float* b, int depth, int group) {
    double sum = static_cast<double>(c);
    for (int k = 0; k < depth; ++k) {
        sum += static_cast<double>(a[k]) * static_cast<double>(b[k]);
        if (settings().mma == Mma::Truncate && (k + 1) % group == 0) {
            sum = static_cast<double>(truncated(sum));
        }
    }
    return static_cast<float>(sum);
}

// A as rows and B as columns of `depth` elements, gathered from the lanes; then C, written back to them.
template <int DEPTH, typename Gather>
void multiply(void* const lanes[32], int group, Gather gather) {
    float a[16][DEPTH];
    float b[8][DEPTH];
    for (int lane = 0; lane < 32; ++lane) {
        gather(*static_cast<const Fragments*>(lanes[lane]), lane / 4, lane % 4, a, b);
    }
    for (int lane = 0; lane < 32; ++lane) {
        float* c = static_cast<const Fragments*>(lanes[lane])->c;
        for (int i = 0; i < 4; ++i) {
            const int row = lane / 4 + i / 2 * 8;
            const int column = lane % 4 * 2 + i % 2;
            c[i] = multiplyAdd(c[i], a[row], b[column], DEPTH, group);
        }
    }
}

struct MatrixLoad {
    const unsigned char* row;
    unsigned* result;
};

template <bool TRANSPOSED>
void distribute(void* const lanes[32], unsigned) {
    for (int matrix = 0; matrix < 4; ++matrix) {
        uint16_t elements[8][8];
        for (int row = 0; row < 8; ++row) {
            std::memcpy(elements[row], static_cast<const MatrixLoad*>(lanes[8 * matrix + row])->row, 16);
        }
        for (int lane = 0; lane < 32; ++lane) {
            const int g = lane / 4;
            const int t = lane % 4;
            const unsigned low = TRANSPOSED ? elements[2 * t][g] : elements[g][2 * t];
            const unsigned high = TRANSPOSED ? elements[2 * t + 1][g] : elements[g][2 * t + 1];
            static_cast<const MatrixLoad*>(lanes[lane])->result[matrix] = high << 16 | low;
        }
    }
}

constexpr unsigned ALL = 0xffffffffu;

}  // namespace

void mmaTf32(float (&c)[4], const unsigned (&a)[4], const unsigned (&b)[2], Site site) {
    needsAmpere("mma.m16n8k8.tf32", site);
    Fragments mine{c, a, b};
    warpOperation(ALL, "mma.m16n8k8.tf32", site, &mine, [](void* const lanes[32], unsigned) {
        ++counters().mmaTf32;
        multiply<8>(lanes, 4, [](const Fragments& from, int g, int t, float (&left)[16][8], float (&right)[8][8]) {
            for (int i = 0; i < 4; ++i) {
                left[g + i % 2 * 8][t + i / 2 * 4] = tf32(from.a[i]);
            }
            for (int i = 0; i < 2; ++i) {
                right[g][t + i * 4] = tf32(from.b[i]);
            }
        });
    });
}

void mmaBf16(float (&c)[4], const unsigned (&a)[4], const unsigned (&b)[2], Site site) {
    needsAmpere("mma.m16n8k16.bf16", site);
    Fragments mine{c, a, b};
    warpOperation(ALL, "mma.m16n8k16.bf16", site, &mine, [](void* const lanes[32], unsigned) {
        ++counters().mmaBf16;
        multiply<16>(lanes, 8, [](const Fragments& from, int g, int t, float (&left)[16][16], float (&right)[8][16]) {
            for (int half = 0; half < 2; ++half) {
                for (int i = 0; i < 4; ++i) {
                    left[g + i % 2 * 8][2 * t + i / 2 * 8 + half] = bf16(from.a[i], half);
                }
                for (int i = 0; i < 2; ++i) {
                    right[g][2 * t + i * 8 + half] = bf16(from.b[i], half);
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
