// Reads a safetensors file of F64 tensors: eight bytes of header length, a JSON header, the data. Anything that such files of
// ours don't hold ends the test.
#pragma once

#include <cctype>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "check.h"

class SafeTensors {
public:
    explicit SafeTensors(const std::string& path) : name(path) {
        std::ifstream stream(path, std::ios::binary);
        const std::string file{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
        uint64_t length = 0;
        expect(file.size() >= sizeof length, "a length");
        std::memcpy(&length, file.data(), sizeof length);
        expect(length <= file.size() - sizeof length, "a header");
        header = file.substr(sizeof length, length);
        data = file.substr(sizeof length + length);
        readHeader();
    }

    const std::string& text(const std::string& key) const {
        const auto found = metadata.find(key);
        expect(found != metadata.end(), "metadata " + key);
        return found->second;
    }

    const std::vector<double>& tensor(const std::string& key) const {
        const auto found = tensors.find(key);
        expect(found != tensors.end(), "a tensor " + key);
        return found->second;
    }

private:
    void expect(bool condition, const std::string& what) const {
        if (!condition) {
            std::fprintf(stderr, "%s, at %zu of the header: expected %s\n", name.c_str(), at, what.c_str());
            std::exit(1);
        }
    }

    void take(char character) {
        expect(at < header.size() && header[at] == character, std::string(1, character));
        ++at;
    }

    bool takesComma() {
        const bool comma = at < header.size() && header[at] == ',';
        at += comma ? 1 : 0;
        return comma;
    }

    std::string string() {
        take('"');
        const size_t end = header.find_first_of("\"\\", at);
        expect(end != std::string::npos && header[end] == '"', "a string without escapes");
        const std::string result = header.substr(at, end - at);
        at = end + 1;
        return result;
    }

    size_t number() {
        size_t result = 0;
        expect(at < header.size() && std::isdigit(static_cast<unsigned char>(header[at])), "a digit");
        for (; at < header.size() && std::isdigit(static_cast<unsigned char>(header[at])); ++at) {
            result = 10 * result + static_cast<size_t>(header[at] - '0');
        }
        return result;
    }

    std::vector<size_t> numbers() {
        std::vector<size_t> result;
        take('[');
        do {
            result.push_back(number());
        } while (takesComma());
        take(']');
        return result;
    }

    void key(const char* expected) {
        expect(string() == expected, expected);
        take(':');
    }

    void readHeader() {
        take('{');
        do {
            const std::string entry = string();
            take(':');
            take('{');
            if (entry == "__metadata__") {
                do {
                    const std::string field = string();
                    take(':');
                    metadata[field] = string();
                } while (takesComma());
            } else {
                tensors[entry] = readTensor();
            }
            take('}');
        } while (takesComma());
        take('}');
        expect(header.find_first_not_of(' ', at) == std::string::npos, "the end");
    }

    std::vector<double> readTensor() {
        key("dtype");
        expect(string() == "F64", "F64");
        take(',');
        key("shape");
        size_t count = 1;
        for (const size_t length : numbers()) {
            count *= length;
        }
        take(',');
        key("data_offsets");
        const std::vector<size_t> range = numbers();
        expect(range.size() == 2 && range[0] <= range[1] && range[1] <= data.size() && range[1] - range[0] == count * sizeof(double),
               "the range of the data");
        std::vector<double> values(count);
        if (count > 0) {
            std::memcpy(values.data(), data.data() + range[0], count * sizeof(double));
        }
        return values;
    }

    std::string name;
    std::string header;
    std::string data;
    size_t at = 0;
    std::map<std::string, std::string> metadata;
    std::map<std::string, std::vector<double>> tensors;
};
