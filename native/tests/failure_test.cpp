// A program that makes every call of the interface once, and in which the n-th call of the CUDA runtime fails, for every n:
// the library says which, leaks nothing, and a run's state is one that whole steps have made, or the run is lost and says so.
// The command line says with which code.

#include <string>

#include "program.h"

namespace {

// The message has the failed call's name, or what was launched by it.
bool names(const std::string& message, const std::string& call) {
    return message.find(call) != std::string::npos
           || (call == "cudaLaunchKernelEx" && message.find("launch of ") != std::string::npos);
}

// Calls whose failure the library need not report, as they come from destructors or a second wait, or give a thread back its
// own device.
bool mayBeSilent(const std::string& call) {
    return call == "cudaGetDevice" || call == "cudaSetDevice" || call == "cudaFree" || call == "cudaFreeHost"
           || call == "cudaStreamSynchronize" || call == "cudaStreamDestroy"
           || call == "cudaEventDestroy" || call == "cudaGraphDestroy" || call == "cudaGraphExecDestroy";
}

void checkMessage(const Program& program, int64_t code) {
    const std::string failed = ss_emulation_failed_call();
    if (program.status() == SS_OK) {
        CHECK(mayBeSilent(failed));
        return;
    }
    if (code >= 700) {
        // The call after a silent one may be the first to report an error that sticks.
        CHECK(program.status() == SS_CUDA_FATAL && (names(program.message(), failed) || mayBeSilent(failed)));
        return;
    }
    CHECK(program.status() == SS_CUDA_ERROR || program.status() == SS_OUT_OF_MEMORY);
    CHECK(program.status() == SS_CUDA_ERROR || code == cudaErrorMemoryAllocation);
    if (!names(program.message(), failed)) {
        std::fprintf(stderr, "%s failed, the message is: %s\n", failed.c_str(), program.message().c_str());
        std::exit(1);
    }
}

bool hasFailed() {
    return ss_emulation_failed_call()[0] != '\0';
}

// Whether there was an n-th call to fail.
bool checkFailure(Surroundings& around, Part part, int64_t code, int64_t n) {
    const std::vector<int64_t> before = alive();
    ss_emulation_reset();
    set("fail-code", code);
    set("fail", n);
    {
        Program program(around);
        perform(program, part);
        State state;
        if (hasFailed()) {
            checkMessage(program, code);
            if (program.hasState() && program.read(state)) {
                CHECK(state == around.states.at(static_cast<size_t>(state.step)));
            }
        }
    }
    const bool failed = hasFailed();
    ss_emulation_reset();
    CHECK_CUDA(cudaStreamSynchronize(around.stream.get()));  // it may hold work that waits for a handle's
    CHECK(alive() == before);
    checkNothingLives();
    return failed;
}

// With rows that don't fit, a run that may choose keeps them on the host.
void checkFallback(const Surroundings& around) {
    Problem problem = around.problem;
    problem.training.residence = SS_RESIDENCE_AUTO;
    ss_run* run = nullptr;
    // The first call that allocates, after some that ask for the device and its limits.
    for (int64_t n = 1; std::strcmp(ss_emulation_failed_call(), "cudaMalloc") != 0; ++n) {
        CHECK(n < 100);
        succeeds(ss_run_close(run));  // where the call that failed may be silent
        ss_emulation_reset();
        set("fail-code", cudaErrorMemoryAllocation);
        set("fail", n);
        static_cast<void>(ss_run_open(0, &problem.network, &problem.training, problem.rows.data(),
                                      static_cast<int64_t>(problem.count), problem.halfWidths.data(), &run));
    }
    int32_t resident = -1;
    succeeds(ss_run_resident(run, &resident));
    CHECK(resident == 0);
    succeeds(ss_run_close(run));
    ss_emulation_reset();
}

}  // namespace

int main(int argumentCount, char** arguments) {
    if (argumentCount != 2) {
        std::fprintf(stderr, "usage: %s CODE, a CUDA error\n", arguments[0]);
        return 2;
    }
    const int64_t code = std::atoll(arguments[1]);
    int64_t calls = 0;
    for (const int32_t kernels : {SS_KERNELS_LAYERED, SS_KERNELS_FUSED}) {
        ss_training training = reference::training(SS_DSM, 1);
        training.batch = 2;
        training.average_decay = 0.5;
        training.kernels = kernels;
        Surroundings around(problemOf(reference::network(SS_ENERGY, SS_TANH, 1, 0, {1}), training, 2));
        around.states = wholeSteps(around);
        for (const Part part : PARTS) {
            int64_t n = 1;
            while (checkFailure(around, part, code, n)) {
                ++n;
            }
            CHECK(n > 20);
            calls += n - 1;
        }
        checkFallback(around);
    }
    std::printf("failures: %lld, one at a time\n", static_cast<long long>(calls));
    return 0;
}
