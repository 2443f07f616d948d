// What the compiler calls at every access to memory when it is told to instrument them for ThreadSanitizer, whose library this
// takes the place of: the accesses are counted. And memcpy and its like, as the linker's --wrap redirects them.
//
// The compiler's names for accesses have the number of bytes in them, those of atomic operations the number of bits.

#include <cstdint>
#include <cstring>

#include "traffic.h"

using emulation::traffic::read;
using emulation::traffic::write;

extern "C" {

void __tsan_init() {}
void __tsan_func_entry(void*) {}
void __tsan_func_exit() {}
void __tsan_vptr_read(void** start) { read(start, sizeof *start); }
void __tsan_vptr_update(void** start, void*) { write(start, sizeof *start); }
void __tsan_read_range(void* start, unsigned long bytes) { read(start, bytes); }
void __tsan_write_range(void* start, unsigned long bytes) { write(start, bytes); }

#define ACCESSES(bytes)                                                      \
    void __tsan_read##bytes(void* start) { read(start, bytes); }             \
    void __tsan_write##bytes(void* start) { write(start, bytes); }           \
    void __tsan_unaligned_read##bytes(void* start) { read(start, bytes); }   \
    void __tsan_unaligned_write##bytes(void* start) { write(start, bytes); } \
    void __tsan_volatile_read##bytes(void* start) { read(start, bytes); }    \
    void __tsan_volatile_write##bytes(void* start) { write(start, bytes); }

ACCESSES(1)
ACCESSES(2)
ACCESSES(4)
ACCESSES(8)
ACCESSES(16)

void __tsan_atomic_thread_fence(int) { __atomic_thread_fence(__ATOMIC_SEQ_CST); }
void __tsan_atomic_signal_fence(int) { __atomic_signal_fence(__ATOMIC_SEQ_CST); }

// The strongest order will do for all.
#define MODIFICATION(bits, operation)                                                                                     \
    uint##bits##_t __tsan_atomic##bits##_fetch_##operation(volatile uint##bits##_t* start, uint##bits##_t value, int) { \
        read(start, sizeof value);                                                                                        \
        write(start, sizeof value);                                                                                       \
        return __atomic_fetch_##operation(start, value, __ATOMIC_SEQ_CST);                                                \
    }

#define COMPARISON(bits, strength)                                                                             \
    int __tsan_atomic##bits##_compare_exchange_##strength(volatile uint##bits##_t* start, uint##bits##_t* expected, \
                                                          uint##bits##_t value, int, int) {                    \
        read(start, sizeof value);                                                                             \
        write(start, sizeof value);                                                                            \
        return __atomic_compare_exchange_n(start, expected, value, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST); \
    }

#define ATOMICS(bits)                                                                                           \
    uint##bits##_t __tsan_atomic##bits##_load(const volatile uint##bits##_t* start, int) {                      \
        read(start, sizeof *start);                                                                             \
        return __atomic_load_n(start, __ATOMIC_SEQ_CST);                                                        \
    }                                                                                                           \
    void __tsan_atomic##bits##_store(volatile uint##bits##_t* start, uint##bits##_t value, int) {               \
        write(start, sizeof value);                                                                             \
        __atomic_store_n(start, value, __ATOMIC_SEQ_CST);                                                       \
    }                                                                                                           \
    uint##bits##_t __tsan_atomic##bits##_exchange(volatile uint##bits##_t* start, uint##bits##_t value, int) {  \
        read(start, sizeof value);                                                                              \
        write(start, sizeof value);                                                                             \
        return __atomic_exchange_n(start, value, __ATOMIC_SEQ_CST);                                             \
    }                                                                                                           \
    MODIFICATION(bits, add)                                                                                     \
    MODIFICATION(bits, sub)                                                                                     \
    MODIFICATION(bits, and)                                                                                     \
    MODIFICATION(bits, or)                                                                                      \
    MODIFICATION(bits, xor)                                                                                     \
    MODIFICATION(bits, nand)                                                                                    \
    COMPARISON(bits, strong)                                                                                    \
    COMPARISON(bits, weak)

ATOMICS(8)
ATOMICS(16)
ATOMICS(32)
ATOMICS(64)

void* __wrap_memcpy(void* target, const void* source, size_t bytes) {
    read(source, bytes);
    write(target, bytes);
    return std::memcpy(target, source, bytes);
}

void* __wrap_memmove(void* target, const void* source, size_t bytes) {
    read(source, bytes);
    write(target, bytes);
    return std::memmove(target, source, bytes);
}

void* __wrap_memset(void* target, int value, size_t bytes) {
    write(target, bytes);
    return std::memset(target, value, bytes);
}

}  // extern "C"
