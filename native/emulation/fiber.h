// A fiber: a stack of its own with a function on it, that runs until it suspends itself.
#pragma once

#include <cstddef>

namespace emulation {

class Fiber {
public:
    using Body = void (*)(void* argument);

    // Reserves the stack, with a guard page below it. Fibers are reused: making one costs a system call or two.
    Fiber();
    ~Fiber();
    Fiber(const Fiber&) = delete;
    Fiber& operator=(const Fiber&) = delete;

    // Gives the fiber its next work. Only for one that has ended, or never started.
    void start(Body body, void* argument);

    // Runs the fiber until it suspends or its work ends. Not to be called from a fiber.
    void resume();

    bool ended() const { return body == nullptr; }

    // Called on a fiber: back to whoever resumed it.
    static void suspend();

private:
    [[noreturn]] static void main();

    unsigned char* mapping;
    void* stackPointer;
    Body body = nullptr;
    void* argument = nullptr;
    void* fakeStack = nullptr;  // AddressSanitizer's
    void* tsanFiber = nullptr;  // ThreadSanitizer's
};

// An identity for ThreadSanitizer without a stack: what is done inside counts as done by this engine, not by the caller.
class Engine {
public:
    Engine();
    ~Engine();
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    template <typename Work>
    void run(Work&& work) {
        enter();
        work();
        leave();
    }

private:
    void enter();
    void leave();

    void* tsanFiber = nullptr;
    void* caller = nullptr;
};

}  // namespace emulation
