#include "settings.h"

#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "emulation/control.h"

namespace emulation {
namespace {

constexpr Profile PROFILES[] = {
    {"sm_75", 7, 5, 64 * 1024, false},  {"sm_80", 8, 0, 163 * 1024, false}, {"sm_86", 8, 6, 99 * 1024, false},
    {"sm_90", 9, 0, 227 * 1024, true},  {"sm_120", 12, 0, 99 * 1024, true},
};

uint64_t randomState = 1;

struct Choice {
    const char* name;
    int value;
};

template <typename T>
bool choose(T& target, const char* text, std::initializer_list<Choice> choices) {
    for (const Choice& choice : choices) {
        if (std::strcmp(choice.name, text) == 0) {
            target = static_cast<T>(choice.value);
            return true;
        }
    }
    return false;
}

template <typename T>
bool parse(T& target, const char* text) {
    char* end = nullptr;
    const long long value = std::strtoll(text, &end, 10);
    if (end == text || *end != '\0' || value < 0) {
        return false;
    }
    target = static_cast<T>(value);
    return true;
}

bool chooseProfile(const Profile*& target, const char* text) {
    for (const Profile& profile : PROFILES) {
        if (std::strcmp(profile.name, text) == 0) {
            target = &profile;
            return true;
        }
    }
    return false;
}

constexpr const char* NAMES[] = {"schedule", "copies", "streams", "mma",         "seed",   "profile", "devices",
                                 "memory",   "driver", "fail",    "count-error", "fail-code", "guard", "multiprocessors",
                                 "trace",    "leaks",  "fail-allocations"};

bool assign(Settings& s, const std::string& name, const char* text) {
    if (name == "schedule") {
        return choose(s.schedule, text, {{"greedy", 0}, {"lockstep", 1}, {"reversed", 2}, {"random", 3}});
    }
    if (name == "copies") {
        return choose(s.copies, text, {{"lazy", 0}, {"eager", 1}});
    }
    if (name == "streams") {
        return choose(s.streams, text, {{"early", 0}, {"late", 1}, {"random", 2}});
    }
    if (name == "mma") {
        return choose(s.mma, text, {{"exact", 0}, {"truncate", 1}});
    }
    if (name == "guard") {
        return choose(s.guard, text, {{"off", 0}, {"on", 1}});
    }
    if (name == "trace") {
        return choose(s.trace, text, {{"off", 0}, {"on", 1}});
    }
    if (name == "leaks") {
        return choose(s.checkLeaks, text, {{"off", 0}, {"check", 1}});
    }
    if (name == "seed") {
        const bool good = parse(s.seed, text);
        randomState = s.seed;
        return good;
    }
    return (name == "profile" && chooseProfile(s.profile, text)) || (name == "devices" && parse(s.devices, text))
           || (name == "multiprocessors" && parse(s.multiprocessors, text) && s.multiprocessors > 0)
           || (name == "memory" && parse(s.memory, text)) || (name == "driver" && parse(s.driver, text))
           || (name == "fail" && parse(s.fail, text)) || (name == "count-error" && parse(s.countError, text))
           || (name == "fail-code" && parse(s.failCode, text))
           || (name == "fail-allocations" && parse(s.failAllocations, text));
}

}  // namespace

Settings::Settings() : profile(&PROFILES[3]) {
    for (const char* name : NAMES) {
        std::string variable = "SS_EMULATION_";
        for (const char* c = name; *c != '\0'; ++c) {
            variable += *c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(*c)));
        }
        const char* value = std::getenv(variable.c_str());
        if (value != nullptr && !assign(*this, name, value)) {
            std::fprintf(stderr, "emulation: %s=%s is not understood; see native/emulation/include/emulation/control.h\n",
                         variable.c_str(), value);
            std::abort();
        }
    }
}

Settings& settings() {
    static Settings instance;
    return instance;
}

uint64_t randomBelow(uint64_t limit) {
    randomState += 0x9e3779b97f4a7c15u;  // SplitMix64
    uint64_t z = randomState;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return (z ^ z >> 31) % limit;
}

}  // namespace emulation

int32_t ss_emulation_set(const char* name, const char* value) {
    if (!emulation::assign(emulation::settings(), name, value)) {
        std::fprintf(stderr, "emulation: no setting %s=%s\n", name, value);
        return -1;
    }
    return 0;
}
