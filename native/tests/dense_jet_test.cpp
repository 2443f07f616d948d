// ss_dense_jet against a double-precision layer: every activation, sizes on both sides of the tile, zero to many tangents.

#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "check.h"
#include "reference.h"
#include "slicedscore.h"

namespace {

struct Case {
    int rows, inputs, outputs, tangents;
};

std::vector<float> normals(size_t count, std::mt19937& random, double scale = 1) {
    std::normal_distribution<float> normal(0, static_cast<float>(scale));
    std::vector<float> values(count);
    for (float& value : values) {
        value = normal(random);
    }
    return values;
}

double dot(const float* a, const float* b, int count) {
    double sum = 0;
    for (int i = 0; i < count; ++i) {
        sum += static_cast<double>(a[i]) * b[i];
    }
    return sum;
}

void checkCase(const Case& c, int activation, std::mt19937& random) {
    const auto size = [](int a, int b, int d = 1) { return static_cast<size_t>(a) * b * d; };
    const auto weights = normals(size(c.outputs, c.inputs), random, 1 / std::sqrt(c.inputs));  // z of order 1
    const auto bias = normals(size(c.outputs, 1), random);
    const auto x = normals(size(c.rows, c.inputs), random);
    const auto x1 = normals(size(c.tangents, c.rows, c.inputs), random);
    std::vector<float> a(size(c.rows, c.outputs));
    std::vector<float> a1(size(c.tangents, c.rows, c.outputs));
    const int32_t status = ss_dense_jet(0, activation, c.rows, c.inputs, c.outputs, c.tangents, weights.data(), bias.data(),
                                        x.data(), c.tangents == 0 ? nullptr : x1.data(), a.data(),
                                        c.tangents == 0 ? nullptr : a1.data());
    if (status != SS_OK) {
        std::fprintf(stderr, "status %d: %s\n", status, ss_last_error());
        std::exit(1);
    }
    for (int row = 0; row < c.rows; ++row) {
        for (int out = 0; out < c.outputs; ++out) {
            const float* w = weights.data() + size(out, c.inputs);
            const double z = bias[static_cast<size_t>(out)] + dot(w, x.data() + size(row, c.inputs), c.inputs);
            const auto expected = reference::activation(static_cast<slicedscore::Activation>(activation), z);
            CHECK_CLOSE(a[size(row, c.outputs) + static_cast<size_t>(out)], expected.value, 1e-5);
            // relu's slope jumps, and rounding may put z on the other side
            if (activation == SS_RELU && std::fabs(z) < 1e-5) {
                continue;
            }
            for (int m = 0; m < c.tangents; ++m) {
                const size_t stream = size(m, c.rows);
                const double z1 = dot(w, x1.data() + (stream + static_cast<size_t>(row)) * static_cast<size_t>(c.inputs), c.inputs);
                CHECK_CLOSE(a1[(stream + static_cast<size_t>(row)) * static_cast<size_t>(c.outputs) + static_cast<size_t>(out)],
                            expected.first * z1, 1e-5);
            }
        }
    }
}

void refuses(int32_t expected, int32_t status, const char* part) {
    if (status != expected || std::strstr(ss_last_error(), part) == nullptr) {
        std::fprintf(stderr, "status %d, expected %d with '%s': %s\n", status, expected, part, ss_last_error());
        std::exit(1);
    }
}

void checkBadArguments() {
    const float in[1] = {0};
    float out[1] = {0};
    refuses(SS_INVALID_ARGUMENT, ss_dense_jet(0, 8, 1, 1, 1, 0, in, in, in, nullptr, out, nullptr), "code 8");
    refuses(SS_INVALID_ARGUMENT, ss_dense_jet(0, -1, 1, 1, 1, 0, in, in, in, nullptr, out, nullptr), "code -1");
    refuses(SS_INVALID_ARGUMENT, ss_dense_jet(0, 0, 0, 1, 1, 0, in, in, in, nullptr, out, nullptr), "rows 0");
    refuses(SS_INVALID_ARGUMENT, ss_dense_jet(0, 0, 1, 1, 1, -1, in, in, in, nullptr, out, nullptr), "tangents -1");
    refuses(SS_INVALID_ARGUMENT, ss_dense_jet(0, 0, 1, 1, 1, 1, in, in, in, nullptr, out, nullptr), "x1");
    refuses(SS_INVALID_ARGUMENT, ss_dense_jet(0, 0, 1, 1, 1, 0, nullptr, in, in, nullptr, out, nullptr), "null");
    refuses(SS_INVALID_ARGUMENT, ss_dense_jet(0, 0, 1, 1, 1 << 30, 0, in, in, in, nullptr, out, nullptr), "beyond");
    refuses(SS_NO_DEVICE, ss_dense_jet(1000, 0, 1, 1, 1, 0, in, in, in, nullptr, out, nullptr), "cudaSetDevice(1000)");
    char name[1];
    refuses(SS_INVALID_ARGUMENT, ss_device_name(0, name, 0), "room");
    refuses(SS_INVALID_ARGUMENT, ss_device_name(0, nullptr, 1), "room");
    refuses(SS_INVALID_ARGUMENT, ss_device_count(nullptr), "null");
}

// 2^46 bytes: no device has them. The message names what was wanted, and the next call works.
void checkOutOfMemory() {
    const float in[1] = {0};
    float out[1] = {0};
    const int32_t status = ss_dense_jet(0, 0, int64_t{1} << 30, 1 << 14, 1, 0, in, in, in, nullptr, out, nullptr);
    refuses(SS_OUT_OF_MEMORY, status, "for x, with");
    CHECK(ss_dense_jet(0, 0, 1, 1, 1, 0, in, in, in, nullptr, out, nullptr) == SS_OK);
    CHECK_CLOSE(out[0], std::log(2.0), 1e-6);
}

}  // namespace

int main() {
    int32_t devices = 0;
    CHECK(ss_abi_version() == SS_ABI_VERSION);
    if (ss_device_count(&devices) != SS_OK) {
        std::printf("skipped: %s\n", ss_last_error());
        return 77;  // ctest's SKIP_RETURN_CODE
    }
    char name[256];
    CHECK(ss_device_name(0, name, sizeof name) == SS_OK);
    CHECK(ss_device_check(0) == SS_OK);
    CHECK((std::strncmp(name, "emulated", 8) == 0) == (ss_is_emulated() == 1));
    std::printf("device 0 of %d: %s\n", devices, name);

    std::mt19937 random(1);
    const Case cases[] = {{1, 1, 1, 1}, {1, 3, 2, 0}, {7, 17, 33, 2}, {16, 16, 16, 1}, {33, 33, 65, 1}, {17, 50, 1, 5}};
    for (const Case& c : cases) {
        for (int activation = SS_SOFTPLUS; activation <= SS_RELU; ++activation) {
            checkCase(c, activation, random);
        }
    }
    checkBadArguments();
    checkOutOfMemory();
    std::printf("dense jet: %zu sizes, 8 activations\n", sizeof cases / sizeof cases[0]);
    return 0;
}
