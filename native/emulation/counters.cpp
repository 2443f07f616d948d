#include "counters.h"

#include <cstdio>
#include <cstring>

#include "call.h"
#include "emulation/control.h"

namespace emulation {

Counters& counters() {
    static Counters instance;
    return instance;
}

}  // namespace emulation

int64_t ss_emulation_counter(const char* name) {
    const emulation::DeviceLock lock;
    const emulation::Counters& now = emulation::counters();
    const struct {
        const char* name;
        int64_t value;
    } all[] = {
        {"calls", now.calls},
        {"device-allocations", now.deviceAllocations.alive},
        {"device-bytes", now.deviceBytes},
        {"pinned-allocations", now.pinnedAllocations.alive},
        {"streams", now.streams.alive},
        {"events", now.events.alive},
        {"graphs", now.graphs.alive},
        {"graph-execs", now.graphExecs.alive},
        {"device-allocations-made", now.deviceAllocations.made},
        {"pinned-allocations-made", now.pinnedAllocations.made},
        {"streams-made", now.streams.made},
        {"events-made", now.events.made},
        {"graphs-made", now.graphs.made},
        {"graph-execs-made", now.graphExecs.made},
        {"pending", now.pending},
        {"launches", now.launches},
        {"cooperative-launches", now.cooperativeLaunches},
        {"cluster-launches", now.clusterLaunches},
        {"mma", now.mmaTf32 + now.mmaBf16},
        {"mma-tf32", now.mmaTf32},
        {"mma-bf16", now.mmaBf16},
        {"traffic-copied", now.trafficCopied},
#if defined(SS_EMULATION_TRAFFIC)
        {"requested-read", now.requestedRead},
        {"requested-written", now.requestedWritten},
        {"traffic-read", now.trafficRead},
        {"traffic-written", now.trafficWritten},
#endif
    };
    for (const auto& counter : all) {
        if (std::strcmp(counter.name, name) == 0) {
            return counter.value;
        }
    }
    std::fprintf(stderr, "emulation: no counter %s\n", name);
    return -1;
}
