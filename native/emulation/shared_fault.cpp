#include "shared_fault.h"

#include <csignal>
#include <ucontext.h>

namespace emulation {
namespace {

struct sigaction handlerBefore;
__attribute__((tls_model("initial-exec"))) thread_local const Cohort* watched = nullptr;

void explain(const Cohort& cohort, const void* address, bool writes) {
    for (const auto& block : cohort.blocks) {
        if (block->shared.contains(address)) {
            defect("%s shared memory of block (%u, %u, %u), which has %s; a clusterBarrier is missing", writes ? "writes to" : "reads",
                   block->blockIndex.x, block->blockIndex.y, block->blockIndex.z, block->live == 0 ? "ended" : "not begun");
        }
    }
}

void onFault(int signal, siginfo_t* information, void* context) {
    if (watched != nullptr) {
        constexpr long long WRITE = 2;  // in the processor's error code of a page fault
        const bool writes = (static_cast<const ucontext_t*>(context)->uc_mcontext.gregs[REG_ERR] & WRITE) != 0;
        explain(*watched, information->si_addr, writes);
    }
    if ((handlerBefore.sa_flags & SA_SIGINFO) != 0) {
        handlerBefore.sa_sigaction(signal, information, context);
    } else if (handlerBefore.sa_handler != SIG_DFL && handlerBefore.sa_handler != SIG_IGN) {
        handlerBefore.sa_handler(signal);
    } else {
        sigaction(signal, &handlerBefore, nullptr);  // and the instruction faults again
    }
}

}  // namespace

SharedFaults::SharedFaults(const Cohort& cohort) {
    watched = &cohort;
    struct sigaction ours {};
    ours.sa_sigaction = onFault;
    ours.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
    sigaction(SIGSEGV, &ours, &handlerBefore);
}

SharedFaults::~SharedFaults() {
    sigaction(SIGSEGV, &handlerBefore, nullptr);
    watched = nullptr;
}

}  // namespace emulation
