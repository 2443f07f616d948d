#include "fiber.h"

#include <sys/mman.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "sanitizer.h"

#if !defined(__x86_64__)
#error "the switch of fibers is written for x86-64 only"
#endif

// ss_fiber_switch(save, load): stores the callee-saved registers on the stack and the stack pointer in *save, then takes up
// the stack `load` that was left in the same way. The control words of SSE and x87 belong to the callee-saved state.
asm(R"(
    .text
    .hidden ss_fiber_switch
    .globl ss_fiber_switch
    .type ss_fiber_switch, @function
ss_fiber_switch:
    pushq %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    subq $8, %rsp
    stmxcsr (%rsp)
    fnstcw 4(%rsp)
    movq %rsp, (%rdi)
    movq %rsi, %rsp
    ldmxcsr (%rsp)
    fldcw 4(%rsp)
    addq $8, %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    ret
    .size ss_fiber_switch, . - ss_fiber_switch
)");
extern "C" void ss_fiber_switch(void** save, void* load);

namespace emulation {
namespace {

constexpr size_t PAGE = 4096;
#if defined(SS_EMULATION_ASAN) || defined(SS_EMULATION_TSAN)
constexpr size_t STACK = 256 * 1024;  // instrumented frames are several times larger
#else
constexpr size_t STACK = 64 * 1024;
#endif

// One host thread at a time drives the device, so these need no lock of their own. Some only the sanitizers ask for.
Fiber* running = nullptr;
void* hostStackPointer = nullptr;
[[maybe_unused]] void* hostFakeStack = nullptr;
[[maybe_unused]] const void* hostStackBottom = nullptr;
[[maybe_unused]] size_t hostStackSize = 0;
[[maybe_unused]] void* hostTsanFiber = nullptr;

[[maybe_unused]] constexpr unsigned NO_ORDERING = 1;  // __tsan_switch_to_fiber_no_sync

}  // namespace

Fiber::Fiber() {
    void* memory = mmap(nullptr, STACK + PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED || mprotect(memory, PAGE, PROT_NONE) != 0) {
        std::perror("emulation: no memory for the stack of an emulated thread");
        std::abort();
    }
    mapping = static_cast<unsigned char*>(memory);
    // What ss_fiber_switch expects to find: control words, six registers, the address to return to, and above them an
    // end-of-stack mark where main() would look for its own return address.
    auto* top = reinterpret_cast<uint64_t*>(mapping + PAGE + STACK);
    *--top = 0;
    *--top = reinterpret_cast<uint64_t>(&Fiber::main);
    for (int i = 0; i < 6; ++i) {
        *--top = 0;
    }
    uint32_t control[2] = {0, 0};
    asm volatile("stmxcsr %0\n\tfnstcw %1" : "=m"(control[0]), "=m"(control[1]));
    *--top = static_cast<uint64_t>(control[1]) << 32 | control[0];
    stackPointer = top;
#if defined(SS_EMULATION_TSAN)
    tsanFiber = __tsan_create_fiber(0);
#endif
}

Fiber::~Fiber() {
#if defined(SS_EMULATION_TSAN)
    __tsan_destroy_fiber(tsanFiber);
#endif
    munmap(mapping, STACK + PAGE);
}

void Fiber::start(Body work, void* workArgument) {
    body = work;
    argument = workArgument;
}

void Fiber::resume() {
    running = this;
#if defined(SS_EMULATION_ASAN)
    __sanitizer_start_switch_fiber(&hostFakeStack, mapping + PAGE, STACK);
#endif
#if defined(SS_EMULATION_TSAN)
    hostTsanFiber = __tsan_get_current_fiber();
    __tsan_switch_to_fiber(tsanFiber, NO_ORDERING);
#endif
    ss_fiber_switch(&hostStackPointer, stackPointer);
#if defined(SS_EMULATION_ASAN)
    __sanitizer_finish_switch_fiber(hostFakeStack, nullptr, nullptr);
#endif
    running = nullptr;
}

void Fiber::suspend() {
    Fiber* self = running;
#if defined(SS_EMULATION_ASAN)
    __sanitizer_start_switch_fiber(&self->fakeStack, hostStackBottom, hostStackSize);
#endif
#if defined(SS_EMULATION_TSAN)
    __tsan_switch_to_fiber(hostTsanFiber, NO_ORDERING);
#endif
    ss_fiber_switch(&self->stackPointer, hostStackPointer);
#if defined(SS_EMULATION_ASAN)
    // The host's stack is learnt anew each time: another host thread may have resumed us.
    __sanitizer_finish_switch_fiber(self->fakeStack, &hostStackBottom, &hostStackSize);
#endif
}

void Fiber::main() {
#if defined(SS_EMULATION_ASAN)
    __sanitizer_finish_switch_fiber(nullptr, &hostStackBottom, &hostStackSize);
#endif
    for (;;) {
        Fiber* self = running;
        self->body(self->argument);
        self->body = nullptr;
        suspend();
    }
}

Engine::Engine() {
#if defined(SS_EMULATION_TSAN)
    tsanFiber = __tsan_create_fiber(0);
#endif
}

Engine::~Engine() {
#if defined(SS_EMULATION_TSAN)
    __tsan_destroy_fiber(tsanFiber);
#endif
}

void Engine::enter() {
#if defined(SS_EMULATION_TSAN)
    caller = __tsan_get_current_fiber();
    __tsan_switch_to_fiber(tsanFiber, NO_ORDERING);
#endif
}

void Engine::leave() {
#if defined(SS_EMULATION_TSAN)
    __tsan_switch_to_fiber(caller, NO_ORDERING);
#endif
}

}  // namespace emulation
