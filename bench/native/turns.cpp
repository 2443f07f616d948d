#include "turns.h"

#include <cuda_runtime.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>

#include "work.h"

namespace timings {
namespace {

class Turns {
public:
    Turns(int32_t onDevice, const std::vector<Config>& known) : device(onDevice), configs(known) {}

    std::string obey(const std::string& line) {
        std::istringstream words(line);
        std::string command;
        words >> command;
        if (command == "open") {
            return open(words);
        }
        if (command == "steps") {
            return steps(words);
        }
        if (command == "close") {
            opened.clear();
            return "closed";
        }
        throw std::invalid_argument("no command is called '" + command + "'");
    }

private:
    std::string open(std::istream& words) {
        std::string config;
        std::string kernels;
        std::string precision;
        words >> config >> kernels >> precision;
        const auto found = std::find_if(configs.begin(), configs.end(), [&](const Config& c) { return config == c.name; });
        if (found == configs.end()) {
            throw std::invalid_argument("no configuration is called '" + config + "'");
        }
        auto training = std::make_unique<Training>(*found, Computing{device, precisionOf(precision), kernelsOf(kernels)});
        training->steps(2);
        const std::string answer = "{\"computes\": \"" + training->description() + "\"}";
        opened[kernels] = std::move(training);
        return answer;
    }

    std::string steps(std::istream& words) {
        std::string kernels;
        int64_t count = 0;
        words >> kernels >> count;
        if (opened.count(kernels) == 0 || count < 1) {
            throw std::invalid_argument("nothing is open, or no count of steps was given");
        }
        return std::to_string(opened[kernels]->steps(count) / static_cast<double>(count));
    }

    const int32_t device;
    const std::vector<Config>& configs;
    std::map<std::string, std::unique_ptr<Training>> opened;
};

}  // namespace

void serve(int32_t device, const std::vector<Config>& configs) {
    char name[256];
    checkStatus(ss_device_name(device, name, sizeof name), "ss_device_name");
    std::cout << "= slicedscore on " << name << std::endl;
    Turns turns(device, configs);
    for (std::string line; std::getline(std::cin, line);) {
        try {
            const std::string answer = turns.obey(line);
            std::cout << "= " << answer << std::endl;
        } catch (const std::exception& e) {
            std::string words = e.what();
            std::replace(words.begin(), words.end(), '\n', ' ');
            std::cout << "! " << words << std::endl;
        }
    }
}

}  // namespace timings
