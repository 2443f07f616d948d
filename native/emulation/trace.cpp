#include "trace.h"

#include <cxxabi.h>
#include <dlfcn.h>
#include <elf.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>

#include "settings.h"

namespace emulation {
namespace {

// Kernels are seldom exported, so that dladdr knows their file only; its table of all symbols knows the rest.
std::string symbolIn(const unsigned char* file, size_t bytes, size_t address) {
    const auto& header = *reinterpret_cast<const Elf64_Ehdr*>(file);
    const auto* sections = reinterpret_cast<const Elf64_Shdr*>(file + header.e_shoff);
    for (unsigned i = 0; i < header.e_shnum; ++i) {
        const Elf64_Shdr& section = sections[i];
        if (section.sh_type != SHT_SYMTAB || section.sh_offset + section.sh_size > bytes) {
            continue;
        }
        const auto* symbols = reinterpret_cast<const Elf64_Sym*>(file + section.sh_offset);
        for (size_t symbol = 0; symbol < section.sh_size / sizeof(Elf64_Sym); ++symbol) {
            if (ELF64_ST_TYPE(symbols[symbol].st_info) == STT_FUNC && symbols[symbol].st_value == address) {
                return reinterpret_cast<const char*>(file + sections[section.sh_link].sh_offset + symbols[symbol].st_name);
            }
        }
    }
    return {};
}

std::string symbolIn(const char* path, size_t address) {
    std::string symbol;
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    struct stat status {};
    if (file >= 0 && fstat(file, &status) == 0) {
        const auto bytes = static_cast<size_t>(status.st_size);
        void* contents = mmap(nullptr, bytes, PROT_READ, MAP_PRIVATE, file, 0);
        if (contents != MAP_FAILED) {
            symbol = symbolIn(static_cast<const unsigned char*>(contents), bytes, address);
            munmap(contents, bytes);
        }
    }
    if (file >= 0) {
        close(file);
    }
    return symbol;
}

// Without the arguments and the namespaces that all kernels share.
std::string readable(const std::string& symbol) {
    int failed = 0;
    char* demangled = abi::__cxa_demangle(symbol.c_str(), nullptr, nullptr, &failed);
    std::string name = failed == 0 ? demangled : symbol;
    std::free(demangled);
    for (const char* noise : {"void ", "slicedscore::", "(anonymous namespace)::"}) {
        for (size_t at = name.find(noise); at != std::string::npos; at = name.find(noise)) {
            name.erase(at, std::char_traits<char>::length(noise));
        }
    }
    int depth = 0;
    for (size_t i = 0; i < name.size(); ++i) {
        depth += name[i] == '<' ? 1 : name[i] == '>' ? -1 : 0;
        if (depth == 0 && name[i] == '(') {
            return name.substr(0, i);
        }
    }
    return name;
}

const std::string& nameOf(const void* function) {
    static auto* names = new std::map<const void*, std::string>();
    std::string& name = (*names)[function];
    Dl_info place{};
    if (name.empty() && dladdr(function, &place) != 0) {
        const auto offset = static_cast<size_t>(static_cast<const char*>(function) - static_cast<const char*>(place.dli_fbase));
        const std::string symbol = symbolIn(place.dli_fname, offset);
        name = symbol.empty() ? std::string(place.dli_fname) + "+" + std::to_string(offset) : readable(symbol);
    }
    return name;
}

}  // namespace

LaunchTrace::LaunchTrace(const Grid& traced) : grid(traced), before(counters()) {}

LaunchTrace::~LaunchTrace() {
    if (!settings().trace) {
        return;
    }
    const Counters& now = counters();
    std::fprintf(stderr, "emulation: %s (%u, %u, %u) x (%u, %u, %u)", nameOf(grid.function).c_str(), grid.blocks.x, grid.blocks.y,
                 grid.blocks.z, grid.threads.x, grid.threads.y, grid.threads.z);
    if (grid.cooperative) {
        std::fprintf(stderr, ", cooperative");
    }
    if (grid.clusterSize > 1) {
        std::fprintf(stderr, ", clusters of %u", grid.clusterSize);
    }
    if (now.mmaTf32 + now.mmaBf16 > before.mmaTf32 + before.mmaBf16) {
        std::fprintf(stderr, ", mma %" PRId64 " tf32 %" PRId64 " bf16", now.mmaTf32 - before.mmaTf32, now.mmaBf16 - before.mmaBf16);
    }
#if defined(SS_EMULATION_TRAFFIC)
    std::fprintf(stderr, ", reads %" PRId64 " of %" PRId64 " requested, writes %" PRId64 " of %" PRId64,
                 now.trafficRead - before.trafficRead, now.requestedRead - before.requestedRead,
                 now.trafficWritten - before.trafficWritten, now.requestedWritten - before.requestedWritten);
#endif
    std::fprintf(stderr, "\n");
}

}  // namespace emulation
