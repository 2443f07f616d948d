// That what a program does not free is found at its end: a child process for each kind of thing that is made.

#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <iterator>
#include <string>

#include "device.h"
#include "emulation/control.h"

namespace {

void deviceMemory() {
    void* pointer = nullptr;
    CHECK_CUDA(cudaMalloc(&pointer, 1));
}

void pinnedMemory() {
    void* pointer = nullptr;
    CHECK_CUDA(cudaMallocHost(&pointer, 1));
}

void stream() {
    cudaStream_t made = nullptr;
    CHECK_CUDA(cudaStreamCreateWithFlags(&made, cudaStreamNonBlocking));
}

void event() {
    cudaEvent_t made = nullptr;
    CHECK_CUDA(cudaEventCreateWithFlags(&made, cudaEventDisableTiming));
}

cudaGraph_t capture() {
    cudaStream_t stream = nullptr;
    cudaGraph_t made = nullptr;
    CHECK_CUDA(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking));
    CHECK_CUDA(cudaStreamBeginCapture(stream, cudaStreamCaptureModeThreadLocal));
    CHECK_CUDA(cudaStreamEndCapture(stream, &made));
    CHECK_CUDA(cudaStreamDestroy(stream));
    return made;
}

void graph() {
    capture();
}

void executableGraph() {
    cudaGraph_t graph = capture();
    cudaGraphExec_t made = nullptr;
    CHECK_CUDA(cudaGraphInstantiate(&made, graph, 0));
    CHECK_CUDA(cudaGraphDestroy(graph));
}

void nothing() {
    const DeviceArray<float> array(3);
    CHECK_CUDA(cudaGraphDestroy(capture()));
}

// Host memory, which AddressSanitizer looks after.
void hostMemory() {
    void* volatile lost = std::malloc(1);
    CHECK(lost != nullptr);
    lost = nullptr;
}

struct Child {
    void (*body)();
    const char* says;
    int code;
};

// What a child process with the body prints until it ends, and its exit code.
std::string output(const Child& child, int& code) {
    int ends[2];
    CHECK(pipe(ends) == 0);
    const pid_t process = fork();
    CHECK(process >= 0);
    if (process == 0) {
        dup2(ends[1], STDERR_FILENO);
        close(ends[0]);
        close(ends[1]);
        CHECK(ss_emulation_set("leaks", "check") == 0);
        child.body();
        std::exit(0);
    }
    close(ends[1]);
    std::string text;
    char buffer[1024];
    for (ssize_t bytes = 0; (bytes = read(ends[0], buffer, sizeof buffer)) > 0;) {
        text.append(buffer, static_cast<size_t>(bytes));
    }
    close(ends[0]);
    int status = 0;
    CHECK(waitpid(process, &status, 0) == process);
    CHECK(WIFEXITED(status));
    code = WEXITSTATUS(status);
    return text;
}

void check(const Child& child) {
    int code = 0;
    const std::string text = output(child, code);
    if (text.find(child.says) == std::string::npos || (code == 0) != (child.code == 0)) {
        std::fprintf(stderr, "exit code %d, expected %d with '%s': %s\n", code, child.code, child.says, text.c_str());
        std::exit(1);
    }
}

}  // namespace

int main() {
    const Child children[] = {
        {deviceMemory, "leaked 1 device allocations", 1},
        {pinnedMemory, "leaked 1 pinned allocations", 1},
        {stream, "leaked 1 streams", 1},
        {event, "leaked 1 events", 1},
        {graph, "leaked 1 graphs", 1},
        {executableGraph, "leaked 1 executable graphs", 1},
    };
    for (const Child& child : children) {
        check(child);
    }
    check({nothing, "made and freed 1 device allocations, 1 streams, 1 graphs", 0});
    size_t leaks = std::size(children);
#if defined(SS_ADDRESS_SANITIZER)
    check({hostMemory, "LeakSanitizer: detected memory leaks", 1});
    ++leaks;
#else
    static_cast<void>(hostMemory);
#endif
    std::printf("leaks that were made and found: %zu\n", leaks);
    return 0;
}
