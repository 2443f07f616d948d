// How the emulated tensor cores round, bit for bit, against sums written down plainly: with `mma=exact` a sum in double in
// ascending order of k, rounded once to float; with `mma=truncate` cut towards zero after each 4 products of TF32 or 8 of
// bfloat16. For operands of like size, of all sizes up to overflow and down to subnormal numbers, and not finite.

#include <cfenv>
#include <random>

#include "emulation/control.h"
#include "fragments.cuh"

using namespace fragments;

namespace {

// Operands as the instruction reads them, and C before it.
struct Tile {
    float a[ROWS][16];
    float b[16][COLUMNS];
    float c[ROWS][COLUMNS];
};

uint32_t bitsOf(float value) {
    uint32_t bits = 0;
    std::memcpy(&bits, &value, sizeof bits);
    return bits;
}

float upperBits(float value, uint32_t mask) {
    const uint32_t bits = bitsOf(value) & mask;
    std::memcpy(&value, &bits, sizeof value);
    return value;
}

// Rounded by the processor in its mode for cutting.
float towardsZero(double value) {
    volatile double exact = value;
    std::fesetround(FE_TOWARDZERO);
    const volatile float cut = static_cast<float>(exact);
    std::fesetround(FE_TONEAREST);
    return cut;
}

float expected(const Tile& tile, int row, int column, int depth, int cutEvery) {
    double sum = static_cast<double>(tile.c[row][column]);
    for (int k = 0; k < depth; ++k) {
        sum += static_cast<double>(tile.a[row][k]) * static_cast<double>(tile.b[k][column]);
        if (cutEvery != 0 && (k + 1) % cutEvery == 0) {
            sum = static_cast<double>(towardsZero(sum));
        }
    }
    return static_cast<float>(sum);
}

// A number of either sign, its exponent in [-spread, spread]; a few are zero, and of each thousand `infinite` are not finite.
class Numbers {
public:
    Numbers(int range, int infinite) : exponents(-range, range), infinities(infinite) {}

    float next() {
        const int kind = kinds(generator);
        if (kind < infinities) {
            return kind % 2 == 0 ? HUGE_VALF : -HUGE_VALF;
        }
        return kind > 950 ? 0.0f : std::ldexp(fractions(generator), exponents(generator));
    }

private:
    std::mt19937 generator{20};
    std::uniform_int_distribution<int> kinds{0, 999};
    std::uniform_int_distribution<int> exponents;
    std::uniform_real_distribution<float> fractions{-1.0f, 1.0f};
    int infinities;
};

template <bool WIDE>
void check(int range, int infinite) {
    constexpr size_t TILES = 100;
    const Instruction& instruction = WIDE ? TF32 : BF16;
    const uint32_t mask = WIDE ? ~0x1fffu : 0xffff0000u;
    Numbers numbers(range, infinite);
    std::vector<Tile> tiles(TILES);
    std::vector<Fragments> registers(TILES);
    for (size_t i = 0; i < TILES; ++i) {
        for (int lane = 0; lane < LANES; ++lane) {
            for (int slot = 0; slot < instruction.slotsOfA(); ++slot) {
                const Place place = instruction.a(lane, slot);
                const float value = numbers.next();
                tiles[i].a[place.row][place.column] = upperBits(value, mask);
                set(registers[i].a[lane][slot / instruction.elements], instruction, slot, value);
            }
            for (int slot = 0; slot < instruction.slotsOfB(); ++slot) {
                const Place place = instruction.b(lane, slot);
                const float value = numbers.next();
                tiles[i].b[place.row][place.column] = upperBits(value, mask);
                set(registers[i].b[lane][slot / instruction.elements], instruction, slot, value);
            }
            for (int slot = 0; slot < 4; ++slot) {
                const Place place = placeOfC(lane, slot);
                tiles[i].c[place.row][place.column] = registers[i].c[lane][slot] = numbers.next();
            }
        }
    }
    for (const bool truncate : {false, true}) {
        CHECK(ss_emulation_set("mma", truncate ? "truncate" : "exact") == 0);
        const DeviceArray<Fragments> device(registers);
        const cudaLaunchConfig_t config = launchConfig(TILES, LANES);
        CHECK_CUDA(cudaLaunchKernelEx(&config, multiply<WIDE>, device.get()));
        const auto found = device.host();
        for (size_t i = 0; i < TILES; ++i) {
            for (int lane = 0; lane < LANES; ++lane) {
                for (int slot = 0; slot < 4; ++slot) {
                    const Place place = placeOfC(lane, slot);
                    const float want = expected(tiles[i], place.row, place.column, instruction.depth,
                                                truncate ? instruction.depth / 2 : 0);
                    const float is = found[i].c[lane][slot];
                    if (bitsOf(is) != bitsOf(want) && !(std::isnan(is) && std::isnan(want))) {
                        std::fprintf(stderr, "%s, %s, exponents up to %d: (%d, %d) of tile %zu is %a instead of %a\n",
                                     instruction.name, truncate ? "truncate" : "exact", range, place.row, place.column, i,
                                     static_cast<double>(is), static_cast<double>(want));
                        std::exit(1);
                    }
                }
            }
        }
    }
}

}  // namespace

int main() {
    const struct {
        int range;
        int infinite;
    } kinds[] = {{1, 0}, {12, 0}, {74, 0}, {126, 0}, {2, 20}};
    for (const auto& kind : kinds) {
        check<true>(kind.range, kind.infinite);
        check<false>(kind.range, kind.infinite);
    }
    std::printf("mma: rounds as it says, exactly and truncating\n");
    return 0;
}
