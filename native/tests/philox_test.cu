// Philox on the device: Random123's known answers, signs by their bits, normal numbers against double precision.

#include "device.h"
#include "philox.cuh"

using slicedscore::philox;
using slicedscore::RandomStream;
using slicedscore::Words;

namespace {

struct Known {
    uint64_t seed;
    Words counter;
    Words expected;
};

__global__ void draw(const Known* known, Words* words, float4* normal, int count) {
    const int i = static_cast<int>(threadIdx.x);
    if (i < count) {
        words[i] = philox(known[i].seed, known[i].counter);
        normal[i] = slicedscore::normals(words[i]);
    }
}

bool equal(const Words& a, const Words& b) {
    return a.x == b.x && a.y == b.y && a.z == b.z && a.w == b.w;
}

double uniform(uint32_t word) {
    return ((word >> 8) + 0.5) * 0x1p-24;
}

void checkNormals(const Words& words, const float4& actual) {
    const double radius0 = std::sqrt(-2 * std::log(uniform(words.x)));
    const double radius1 = std::sqrt(-2 * std::log(uniform(words.z)));
    CHECK_CLOSE(actual.x, radius0 * std::cos(2 * M_PI * uniform(words.y)), 1e-6);
    CHECK_CLOSE(actual.y, radius0 * std::sin(2 * M_PI * uniform(words.y)), 1e-6);
    CHECK_CLOSE(actual.z, radius1 * std::cos(2 * M_PI * uniform(words.w)), 1e-6);
    CHECK_CLOSE(actual.w, radius1 * std::sin(2 * M_PI * uniform(words.w)), 1e-6);
}

}  // namespace

int main() {
    requireDevice();
    // The first three are Random123's kat_vectors, philox4x32 with 10 rounds; the others only feed the normal numbers.
    std::vector<Known> known = {
        {0, {0, 0, 0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
        {~0ull, {~0u, ~0u, ~0u, ~0u}, {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
        {0x299f31d0a4093822ull, {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
    };
    const size_t published = known.size();
    for (uint32_t i = 0; i < 61; ++i) {
        known.push_back({i, {i, 2 * i, 3 * i, 4 * i}, {}});
    }
    const int count = static_cast<int>(known.size());
    const DeviceArray<Known> deviceKnown(known);
    const DeviceArray<Words> deviceWords(known.size());
    const DeviceArray<float4> deviceNormals(known.size());
    const cudaLaunchConfig_t config = launchConfig(1, 64);
    CHECK_CUDA(cudaLaunchKernelEx(&config, draw, static_cast<const Known*>(deviceKnown.get()), deviceWords.get(),
                                  deviceNormals.get(), count));
    const auto words = deviceWords.host();
    const auto normal = deviceNormals.host();
    for (size_t i = 0; i < known.size(); ++i) {
        CHECK(equal(words[i], philox(known[i].seed, known[i].counter)));
        CHECK(i >= published || equal(words[i], known[i].expected));
        checkNormals(words[i], normal[i]);
    }

    const Words bits{1, 2, 4, 0x80000000};
    for (int i = 0; i < 128; ++i) {
        CHECK(slicedscore::sign(bits, i) == (i == 0 || i == 33 || i == 66 || i == 127 ? 1.0f : -1.0f));
    }
    CHECK(equal(philox(5, 1, 2, RandomStream::Noise, 3, 4), philox(5, Words{1, 2, 2u << 24 | 3u, 4})));
    // Both ends of the uniform numbers, which a float can't hold.
    CHECK(slicedscore::uniform(0).value == 0x1p-25f);
    CHECK(slicedscore::uniform(~0u).value == -0x1p-25f && !slicedscore::uniform(~0u).isBelowHalf);
    CHECK(slicedscore::uniform(0x80000000).value == -0.5f + 0x1p-25f);
    std::printf("philox: %zu known answers, %d draws\n", published, count);
    return 0;
}
