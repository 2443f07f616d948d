#include "fiber.h"

#include <sys/mman.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "sanitizer.h"
#include "settings.h"

#if !defined(__x86_64__)
#error "the switch of fibers is written for x86-64 only"
#endif

// ss_fiber_switch(save, load): stores the callee-saved registers on the stack and the stack pointer in *save, then takes up
// the stack `load` that was left in the same way. The control words of SSE and x87 would belong to the callee-saved state, but
// loading them takes longer than all the rest, and kernels have no means to change them: ControlWords sees to them.
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
    movq %rsp, (%rdi)
    movq %rsi, %rsp
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
[[maybe_unused]] bool fromHost = false;
[[maybe_unused]] void* hostTsanFiber = nullptr;

[[maybe_unused]] constexpr unsigned NO_ORDERING = 1;  // __tsan_switch_to_fiber_no_sync

// While kernels run: rounding to nearest, subnormal numbers kept and no traps, whatever the host has chosen for itself.
class ControlWords {
public:
    ControlWords() {
        asm volatile("stmxcsr %0\n\tfnstcw %1" : "=m"(sse), "=m"(x87));
        load(0x1f80, 0x037f);
    }
    ~ControlWords() { load(sse, x87); }
    ControlWords(const ControlWords&) = delete;
    ControlWords& operator=(const ControlWords&) = delete;

private:
    static void load(uint32_t newSse, uint16_t newX87) {
        asm volatile("ldmxcsr %0\n\tfldcw %1" : : "m"(newSse), "m"(newX87));
    }

    uint32_t sse = 0;
    uint16_t x87 = 0;
};

// Stacks begin at different offsets in their pages: those of a warp would otherwise compete for the same few lines of the
// processor's first cache.
size_t stagger() {
    static unsigned made = 0;
    return made++ % 32 * 7 % 64 * 64;
}

}  // namespace

Fiber::Fiber() {
    void* memory = mmap(nullptr, STACK + PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    // Without guard pages, stacks next to each other are one mapping, of which a process has only some ten thousand.
    if (memory == MAP_FAILED || (settings().guard && mprotect(memory, PAGE, PROT_NONE) != 0)) {
        std::perror("emulation: no memory for the stack of an emulated thread");
        std::abort();
    }
    mapping = static_cast<unsigned char*>(memory);
    // What ss_fiber_switch expects to find: six registers, the address to return to, and above them an end-of-stack mark
    // where main() would look for its own return address.
    auto* top = reinterpret_cast<uint64_t*>(mapping + PAGE + STACK - stagger());
    *--top = 0;
    *--top = reinterpret_cast<uint64_t>(&Fiber::main);
    for (int i = 0; i < 6; ++i) {
        *--top = 0;
    }
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

void Fiber::run() {
    const ControlWords fresh;
    running = this;
#if defined(SS_EMULATION_ASAN)
    fromHost = true;
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
}

void Fiber::goOnWith(Fiber* next) {
    Fiber* const self = running;
    if (next == self) {
        return;
    }
    running = next;
#if defined(SS_EMULATION_ASAN)
    __sanitizer_start_switch_fiber(&self->fakeStack, next == nullptr ? hostStackBottom : next->mapping + PAGE,
                                   next == nullptr ? hostStackSize : STACK);
#endif
#if defined(SS_EMULATION_TSAN)
    __tsan_switch_to_fiber(next == nullptr ? hostTsanFiber : next->tsanFiber, NO_ORDERING);
#endif
    ss_fiber_switch(&self->stackPointer, next == nullptr ? hostStackPointer : next->stackPointer);
    self->arrive();
}

// What AddressSanitizer must hear of a fiber that goes on. The host's stack is learnt each time we come from there: it may
// be another host thread's.
void Fiber::arrive() {
#if defined(SS_EMULATION_ASAN)
    __sanitizer_finish_switch_fiber(fakeStack, fromHost ? &hostStackBottom : nullptr, fromHost ? &hostStackSize : nullptr);
    fromHost = false;
#endif
}

void Fiber::main() {
    running->arrive();
    for (;;) {
        Fiber* const self = running;
        Fiber* const next = self->body(self->argument);
        self->body = nullptr;
        goOnWith(next);
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
