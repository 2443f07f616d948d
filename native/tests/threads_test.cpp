// Eight threads inside the library at once: right results, and messages that belong to the thread that failed.

#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include "check.h"
#include "slicedscore.h"

namespace {

void work(int thread) {
    const int rows = 5 + thread;
    const std::vector<float> weights(static_cast<size_t>(7 * 3), 0.5f);
    const std::vector<float> bias(7, static_cast<float>(thread));
    const std::vector<float> x(static_cast<size_t>(rows * 3), 1.0f);
    std::vector<float> a(static_cast<size_t>(rows * 7));
    std::vector<float> a1(a.size());
    for (int round = 0; round < 10; ++round) {
        CHECK(ss_dense_jet(0, SS_RELU, rows, 3, 7, 1, weights.data(), bias.data(), x.data(), x.data(), a.data(), a1.data()) == SS_OK);
        for (size_t i = 0; i < a.size(); ++i) {
            CHECK(a[i] == 1.5f + static_cast<float>(thread) && a1[i] == 1.5f);
        }
        CHECK(ss_dense_jet(0, 100 + thread, rows, 3, 7, 0, weights.data(), bias.data(), x.data(), nullptr, a.data(), nullptr)
              == SS_INVALID_ARGUMENT);
        CHECK(std::strstr(ss_last_error(), std::to_string(100 + thread).c_str()) != nullptr);
    }
}

}  // namespace

int main() {
    int32_t devices = 0;
    if (ss_device_count(&devices) != SS_OK) {
        std::printf("skipped: %s\n", ss_last_error());
        return 77;
    }
    std::vector<std::thread> threads;
    for (int thread = 0; thread < 8; ++thread) {
        threads.emplace_back(work, thread);
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    std::printf("threads: 8, 10 calls each\n");
    return 0;
}
