// How much the emulation's counters grow while something is done.
#pragma once

#include <map>
#include <string>

#include "check.h"
#include "emulation/control.h"

class Growth {
public:
    Growth(std::initializer_list<const char*> names) {
        for (const char* name : names) {
            before[name] = ss_emulation_counter(name);
            CHECK(before[name] >= 0);
        }
    }

    int64_t of(const char* name) const { return ss_emulation_counter(name) - before.at(name); }

private:
    std::map<std::string, int64_t> before;
};
