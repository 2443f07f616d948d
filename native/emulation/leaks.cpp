// At the end of a program whose setting leaks is check: what it made, and that it has freed all of it.

#include <unistd.h>

#include <cstdio>
#include <string>

#include "call.h"
#include "counters.h"
#include "settings.h"

namespace emulation {
namespace {

// After the destructors of all static objects; a library's own come last.
__attribute__((destructor)) void check() {
    const DeviceLock lock;
    if (!settings().checkLeaks) {
        return;
    }
    const Counters& now = counters();
    const struct {
        const char* name;
        Tally tally;
    } all[] = {
        {"device allocations", now.deviceAllocations}, {"pinned allocations", now.pinnedAllocations},
        {"streams", now.streams},                      {"events", now.events},
        {"graphs", now.graphs},                        {"executable graphs", now.graphExecs},
    };
    std::string made;
    std::string left;
    for (const auto& each : all) {
        if (each.tally.made != 0) {
            made += (made.empty() ? "" : ", ") + std::to_string(each.tally.made) + " " + each.name;
        }
        if (each.tally.alive != 0) {
            left += (left.empty() ? "" : ", ") + std::to_string(each.tally.alive) + " " + each.name;
        }
    }
    if (!left.empty()) {
        std::fflush(nullptr);
        std::fprintf(stderr, "emulation: leaked %s; made were %s\n", left.c_str(), made.c_str());
        _exit(1);
    }
    if (!made.empty()) {
        std::fprintf(stderr, "emulation: made and freed %s\n", made.c_str());
    }
}

}  // namespace
}  // namespace emulation
