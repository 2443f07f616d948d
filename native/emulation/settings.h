// The switches of control.h, read from the environment at first use.
#pragma once

#include <cstddef>
#include <cstdint>

namespace emulation {

enum class Schedule { Greedy, Lockstep, Reversed, Random };
enum class Copies { Lazy, Eager };
enum class Streams { Early, Late, Random };
enum class Mma { Exact, Truncate };

// What a device of some architecture can do; launches beyond it fail as they do there.
struct Profile {
    const char* name;
    int major;
    int minor;
    size_t sharedPerBlockOptin;
    bool clusters;
    static constexpr size_t SHARED_PER_BLOCK = 48 * 1024;
    static constexpr unsigned THREADS_PER_BLOCK = 1024;
};

struct Settings {
    Schedule schedule = Schedule::Greedy;
    Copies copies = Copies::Lazy;
    Streams streams = Streams::Early;
    Mma mma = Mma::Exact;
    uint64_t seed = 1;
    const Profile* profile;
    int devices = 1;
    int multiprocessors = 4;
    size_t memory = size_t{4} << 30;
    int countError = 0;
    int driver = 13000;
    int64_t fail = 0;
    int failCode = 2;
    int64_t failAllocations = 0;
    bool checkLeaks = false;
    bool guard = true;
    bool trace = false;

    Settings();
};

Settings& settings();

// That can be alive at once on a multiprocessor: fewer where those are many, since each takes a stack of its own.
inline size_t threadsPerMultiprocessor() {
    return settings().multiprocessors <= 16 ? 1024 : 256;
}

// A random number below the limit, from the seed of the settings.
uint64_t randomBelow(uint64_t limit);

}  // namespace emulation
